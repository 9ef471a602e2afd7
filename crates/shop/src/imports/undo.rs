//! Taking an import back: fields go back where nobody changed the product since, what it created is
//! put away, stock it posted is reversed. Rows that cannot go back are kept and listed. Like the
//! import, it works through some rows at a time, and an undo that was interrupted goes on.

use std::collections::HashMap;

use gondola_ledger::Channel;
use gondola_store::protect::{Opener, Protected};
use gondola_store::{Actor, Command, Context, Db, Done, Fail, Key, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kind::ImportKind;
use super::refusal::ImportRefusal;
use super::rows::BEFORE;
use super::{queries, sql, suppliers};
use crate::catalogue::{Kept, Restore, take_back};
use crate::kernel::Text;
use crate::kernel::bulk::json;
use crate::stock::{Book, Originals, ProductRef, StockRefusal};

/// Changes taken back per transaction.
const CHANGES_AT_ONCE: i64 = 1_000;
/// Kept rows that an answer lists.
const KEPT_IN_ANSWER_MAX: i64 = 1_000;
/// Why a movement of an import is reversed.
const REASON: &str = "Se deshizo la importación";
/// How the undo of a line went.
const DONE: &str = "done";

/// A row that an undo left as it is.
#[derive(Debug, Clone)]
pub struct KeptRow {
    /// Line of the file.
    pub line: i64,
    /// How people know it: a SKU, a supplier's code.
    pub label: String,
    /// Stable code of the reason.
    pub code: String,
}

impl KeptRow {
    /// Why, in words.
    pub fn text(&self) -> Text {
        let (es, en) = match self.code.as_str() {
            "changed_since" => {
                ("Alguien lo cambió después; quedó como está.", "Somebody changed it since; it stays as it is.")
            }
            "has_stock" => (
                "La lista lo puso en uso y ahora tiene stock; quedó en uso.",
                "The list put it to use and it has stock now; it stays in use.",
            ),
            "has_moved" => {
                ("Ya tuvo movimientos; no se puede sacar.", "It has movements already; it cannot be put away.")
            }
            "already_reversed" => ("Ese movimiento ya estaba anulado.", "That movement was already reversed."),
            "insufficient_stock" | "lot_insufficient" => (
                "Esa mercadería ya salió; anularlo la dejaría en negativo.",
                "Those goods left already; reversing would go below zero.",
            ),
            _ => ("Lo que era antes ya no se puede volver a poner.", "What it was before cannot stand any more."),
        };
        Text::new(es, en)
    }
}

/// How an undo went.
#[derive(Debug, Clone)]
pub struct Undone {
    /// How many rows were taken back.
    pub taken_back: i64,
    /// Rows left as they are; the first 1,000.
    pub kept: Vec<KeptRow>,
}

/// Takes an import back, to its end.
///
/// # Errors
/// [`ImportRefusal`] when there is no such import, or nothing to undo.
pub async fn undo(db: &Db, actor: &Actor, key: Option<Key>, import: Uuid) -> Result<Done<Undone>, Fail<ImportRefusal>> {
    let begun = db.execute(actor, key, BeginUndo(import)).await?;
    if !begun.replayed {
        let mut after = Uuid::nil();
        while let Some(last) = db.execute(actor, None, TakeBack { import, after }).await?.out {
            after = last;
        }
    }
    let mut rx = db.read().await?;
    let out = outcome(&mut rx.as_tx(), import).await?;
    Ok(Done { out, replayed: begun.replayed })
}

/// How the undo of an import went so far.
pub(super) async fn outcome(tx: &mut Tx<'_>, import: Uuid) -> Result<Undone, StoreError> {
    let (taken_back,): (i64,) =
        both!(tx, c, text => sqlx::query_as(text(sql::COUNT_UNDONE)).bind(import).fetch_one(c).await?);
    let kept: Vec<(i64, String, String)> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_KEPT))
        .bind(import).bind(KEPT_IN_ANSWER_MAX).fetch_all(c).await?);
    Ok(Undone { taken_back, kept: kept.into_iter().map(|(line, label, code)| KeptRow { line, label, code }).collect() })
}

struct BeginUndo(Uuid);

impl Command for BeginUndo {
    const NAME: &'static str = "imports.begin_undo";
    type Out = ();
    type Refusal = ImportRefusal;

    fn subject(&self) -> String {
        self.0.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<ImportRefusal>> {
        let row = queries::import(tx, &cx.actor, self.0).await?.ok_or(Fail::Refused(ImportRefusal::NotFound))?;
        match row.state.as_str() {
            _ if row.dry_run => return Err(Fail::Refused(ImportRefusal::NothingToUndo)),
            "undone" => return Err(Fail::Refused(ImportRefusal::AlreadyUndone)),
            "previewed" | "refused" => return Err(Fail::Refused(ImportRefusal::NothingToUndo)),
            _ => {}
        }
        if let Some(missing) = rights(&row.kind).into_iter().find(|right| !cx.actor.may(*right)) {
            return Err(Fail::Forbidden(missing));
        }
        let begun = both!(tx, c, text => sqlx::query(text(sql::BEGIN_UNDO)).bind(self.0).bind(cx.now).execute(c).await?.rows_affected());
        Ok(expect_rows(sql::BEGIN_UNDO, 1, begun)?)
    }
}

/// Whoever undoes needs what it took to import; taking stock back also takes the right to reverse.
fn rights(kind: &str) -> Vec<Permission> {
    let kind = ImportKind::from_code(kind);
    let mut rights = kind.map(ImportKind::needs).unwrap_or_default();
    if kind == Some(ImportKind::Stock) {
        rights.push(Permission::Adjust);
    }
    rights
}

/// Takes some changes back, those of the targets after the given one; answers the last, and nothing
/// when there were no more.
struct TakeBack {
    import: Uuid,
    after: Uuid,
}

#[derive(Debug, Clone, sqlx::FromRow)]
struct ChangeRow {
    line: i64,
    target_kind: String,
    target_id: Uuid,
    id: Uuid,
    #[sqlx(rename = "before")]
    sealed: Option<Vec<u8>>,
    /// What the target was, once it was opened; nothing when the import made it.
    #[sqlx(skip)]
    before: Option<String>,
    version_after: i64,
}

#[derive(Serialize)]
struct Mark {
    target_id: Uuid,
    line: i64,
    undo: &'static str,
}

impl ChangeRow {
    fn mark(&self, undo: &'static str) -> Mark {
        Mark { target_id: self.target_id, line: self.line, undo }
    }
}

impl Command for TakeBack {
    const NAME: &'static str = "imports.take_back";
    type Out = Option<Uuid>;
    type Refusal = ImportRefusal;

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Option<Uuid>, Fail<ImportRefusal>> {
        let changes: Vec<ChangeRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_CHANGES))
            .bind(self.import).bind(self.after).bind(CHANGES_AT_ONCE).fetch_all(c).await?);
        if changes.is_empty() {
            let ended = both!(tx, c, text => sqlx::query(text(sql::END_UNDO))
                .bind(self.import).bind(cx.now).execute(c).await?.rows_affected());
            expect_rows(sql::END_UNDO, 1, ended)?;
            return Ok(None);
        }
        let mut changes = whole_targets(changes);
        open(tx, cx, &mut changes).await?;
        let marks = match changes[0].target_kind.as_str() {
            "product" => products(tx, cx, &changes).await?,
            "supplier" => of_suppliers(tx, cx, &changes).await?,
            _ => movements(tx, cx, &changes).await?,
        };
        let marked = both!(tx, c, text => sqlx::query(text(sql::MARK_CHANGES))
            .bind(self.import).bind(json(&marks)).execute(c).await?.rows_affected());
        expect_rows(sql::MARK_CHANGES, marks.len() as u64, marked)?;
        let touched = both!(tx, c, text => sqlx::query(text(sql::TOUCH_UNDO))
            .bind(self.import).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::TOUCH_UNDO, 1, touched)?;
        Ok(changes.last().map(|change| change.target_id))
    }
}

/// The changes without the last target, which may go on in the next page; an import is of one kind, so
/// all targets are.
fn whole_targets(mut changes: Vec<ChangeRow>) -> Vec<ChangeRow> {
    let full = i64::try_from(changes.len()).is_ok_and(|found| found == CHANGES_AT_ONCE);
    let last = changes.last().map(|change| change.target_id);
    if full && changes.first().map(|change| change.target_id) != last {
        changes.retain(|change| Some(change.target_id) != last);
    }
    changes
}

/// Opens what the targets were.
async fn open(tx: &mut Tx<'_>, cx: &Context, changes: &mut [ChangeRow]) -> Result<(), StoreError> {
    let sealed = changes.iter_mut().map(|change| (change.id, change.sealed.take().map(Protected::sealed)));
    let mut befores: Vec<(Uuid, Option<Protected<String>>)> = sealed.collect();
    let cells = befores.iter_mut().filter_map(|(id, before)| Some((*id, before.as_mut()?)));
    Opener::Command(cx).open(tx, &BEFORE, cells).await?;
    for (change, (_, before)) in changes.iter_mut().zip(befores) {
        change.before = before.and_then(Protected::into_value);
    }
    Ok(())
}

/// A product that two rows changed goes back to what it was before the first, if it is as the last
/// one left it.
async fn products(tx: &mut Tx<'_>, cx: &Context, changes: &[ChangeRow]) -> Result<Vec<Mark>, StoreError> {
    let mut wanted: Vec<Restore> = Vec::new();
    for change in changes {
        match wanted.last_mut().filter(|restore| restore.product == change.target_id) {
            Some(restore) => {
                restore.before = earlier(restore.before.take(), change)?;
                restore.version = change.version_after;
            }
            None => wanted.push(Restore {
                product: change.target_id,
                version: change.version_after,
                before: change.before.clone(),
            }),
        }
    }
    let verdicts = take_back(tx, cx, &wanted).await?;
    let went: HashMap<Uuid, &'static str> = wanted
        .iter()
        .zip(verdicts)
        .map(|(restore, verdict)| (restore.product, verdict.map_or_else(kept_code, |()| DONE)))
        .collect();
    Ok(changes.iter().map(|change| change.mark(went[&change.target_id])).collect())
}

/// The fields before both changes: what the first one says wins.
fn earlier(first: Option<String>, second: &ChangeRow) -> Result<Option<String>, StoreError> {
    type Fields = serde_json::Map<String, serde_json::Value>;
    let (Some(first), Some(second_before)) = (&first, &second.before) else { return Ok(None) };
    let read = |text: &str| {
        serde_json::from_str::<Fields>(text)
            .map_err(|error| StoreError::corrupt("import_changes", "before", second.target_id, error))
    };
    let mut fields = read(second_before)?;
    fields.extend(read(first)?);
    Ok(Some(serde_json::Value::Object(fields).to_string()))
}

fn kept_code(kept: Kept) -> &'static str {
    match kept {
        Kept::ChangedSince => "changed_since",
        Kept::HasMoved => "has_moved",
        Kept::HasStock => "has_stock",
        Kept::CannotStand => "cannot_stand",
    }
}

async fn of_suppliers(tx: &mut Tx<'_>, cx: &Context, changes: &[ChangeRow]) -> Result<Vec<Mark>, StoreError> {
    let mut marks = Vec::with_capacity(changes.len());
    for change in changes {
        let before = change.before.as_deref();
        let back = suppliers::restore(tx, cx, change.target_id, change.version_after, before).await?;
        marks.push(change.mark(if back { DONE } else { "changed_since" }));
    }
    Ok(marks)
}

async fn movements(tx: &mut Tx<'_>, cx: &Context, changes: &[ChangeRow]) -> Result<Vec<Mark>, Fail<ImportRefusal>> {
    let ids = json(&changes.iter().map(|change| change.target_id).collect::<Vec<_>>());
    let moved: Vec<(Uuid, Uuid)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVED)).bind(ids).fetch_all(c).await?);
    let products: Vec<ProductRef> = moved.into_iter().map(|(_, product)| ProductRef::Id(product)).collect();
    let mut book = Book::open(tx, cx, Channel::Import, &products).await?;
    let targets: Vec<_> = changes.iter().map(|change| change.target_id).collect();
    let mut originals = Originals::load(tx, &targets).await?;
    let mut marks = Vec::with_capacity(changes.len());
    for change in changes {
        let undo = match originals.reverse(cx, &mut book, change.target_id, REASON) {
            Ok(_) => DONE,
            Err(Fail::Refused(StockRefusal::AlreadyReversed)) => "already_reversed",
            Err(Fail::Refused(refusal)) => refusal.code(),
            Err(fail) => return Err(fail.map(|_| ImportRefusal::Stopped)),
        };
        marks.push(change.mark(undo));
    }
    book.close(tx).await?;
    Ok(marks)
}

/// A kept row, for people.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportKept)]
pub struct KeptView {
    /// Line of the file.
    pub line: i64,
    /// The SKU or code.
    pub label: String,
    /// Stable code.
    #[schema(example = "changed_since")]
    pub code: String,
    /// Why it stays.
    pub detail: String,
}
