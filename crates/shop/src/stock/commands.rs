//! The commands that move stock: one movement, a batch, and the only undo.

use gondola_ledger::{LocationId, LocationKind, LotId, MovementKind, OriginalLine, Qty, UnitCost};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::{Book, Posted};
use super::movement::{Movement, ProductRef, channel_of, permission_for};
use super::receipt::Receipt;
use super::refusal::StockRefusal;
use super::rows::{LineRow, MovementRow, movement_kind};
use super::sql;
use super::worth::Paid;
use super::write::MovementOut;
use crate::kernel::problem::FieldProblem;

/// Lines of a batch at most (INP-2).
pub const BATCH_LINES_MAX: usize = 10_000;

/// Moves stock once. Refuses what the policy refuses; never edits history.
pub struct PostMovement(pub Movement);

impl Command for PostMovement {
    const NAME: &'static str = "stock.post_movement";
    type Out = Receipt;
    type Refusal = StockRefusal;

    fn permission(&self) -> Permission {
        permission_for(self.0.kind)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Receipt, Fail<StockRefusal>> {
        let mut book = Book::open(tx, cx, channel_of(cx), [&self.0.product]).await?;
        book.post(tx, &self.0, None).await?;
        let receipts = book.close_with_receipts(tx).await?;
        receipts.into_iter().next().ok_or_else(|| nothing_posted().into())
    }
}

/// A line of a batch: a movement, or what was wrong with it already when it was read.
pub type BatchLine = Result<Movement, Vec<FieldProblem>>;

/// Moves stock many times in one transaction.
pub struct PostBatch {
    /// What to post, in order.
    pub lines: Vec<BatchLine>,
    /// All or nothing, instead of each for itself.
    pub atomic: bool,
}

/// What became of one line of a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum LineOutcome {
    /// Posted, with the movement's id.
    Posted(Uuid),
    /// Refused: field, code, Spanish and English message.
    Refused {
        /// The field.
        field: String,
        /// Stable code.
        code: String,
        /// In Spanish.
        es: String,
        /// In English.
        en: String,
    },
}

/// An atomic batch with bad lines; every one is listed.
#[derive(Debug)]
pub struct BatchRefused(pub Vec<(usize, LineRefusal)>);

/// Why a line of a batch is bad.
#[derive(Debug)]
pub enum LineRefusal {
    /// It could not be read.
    Unreadable(Vec<FieldProblem>),
    /// The shop refuses it.
    Stock(StockRefusal),
}

impl Command for PostBatch {
    const NAME: &'static str = "stock.post_batch";
    type Out = Vec<LineOutcome>;
    type Refusal = BatchRefused;

    fn permission(&self) -> Permission {
        self.kinds().next().map_or(Permission::ReadStock, permission_for)
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.kinds().map(permission_for).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<LineOutcome>, Fail<BatchRefused>> {
        let products = self.lines.iter().filter_map(|line| line.as_ref().ok()).map(|movement| &movement.product);
        let mut book = Book::open(tx, cx, channel_of(cx), products).await?;
        let mut results: Vec<Result<Uuid, LineRefusal>> = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            results.push(match line {
                Err(problems) => Err(LineRefusal::Unreadable(problems.clone())),
                Ok(movement) => match book.post(tx, movement, None).await {
                    Ok(posted) => Ok(posted.id),
                    Err(Fail::Refused(refusal)) => Err(LineRefusal::Stock(refusal)),
                    Err(fail) => return Err(fail.map(|_| BatchRefused(Vec::new()))),
                },
            });
        }
        if self.atomic && results.iter().any(Result::is_err) {
            let bad = results.into_iter().enumerate().filter_map(|(at, result)| Some((at, result.err()?)));
            return Err(Fail::Refused(BatchRefused(bad.collect())));
        }
        book.close(tx).await?;
        Ok(results.into_iter().map(outcome).collect())
    }
}

impl PostBatch {
    fn kinds(&self) -> impl Iterator<Item = MovementKind> {
        self.lines.iter().filter_map(|line| line.as_ref().ok()).map(|movement| movement.kind)
    }
}

fn outcome(result: Result<Uuid, LineRefusal>) -> LineOutcome {
    let refused = |field: &str, code: &str, text: crate::kernel::Text| LineOutcome::Refused {
        field: field.to_owned(),
        code: code.to_owned(),
        es: text.es,
        en: text.en,
    };
    match result {
        Ok(id) => LineOutcome::Posted(id),
        Err(LineRefusal::Stock(refusal)) => refused(refusal.field().unwrap_or(""), refusal.code(), refusal.text()),
        Err(LineRefusal::Unreadable(problems)) => match problems.into_iter().next() {
            Some(problem) => refused(&problem.field, problem.code, problem.detail),
            None => refused("", "invalid", crate::kernel::Text::new("Renglón inválido.", "Invalid line.")),
        },
    }
}

/// Undoes a movement by posting its mirror: same places, same lots, same value.
pub struct ReverseMovement {
    /// The movement.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for ReverseMovement {
    const NAME: &'static str = "stock.reverse_movement";
    type Out = Receipt;
    type Refusal = StockRefusal;

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Receipt, Fail<StockRefusal>> {
        let found = find_movement(tx, self.id).await?.ok_or(Fail::Refused(StockRefusal::UnknownMovement))?;
        let mut book = Book::open(tx, cx, channel_of(cx), [&ProductRef::Id(found.product_id)]).await?;
        // Half a transfer undone would leave goods on the road that nobody expects.
        let on_the_road = |id| book.places().by_id(id).is_some_and(|place| place.kind == LocationKind::Transit);
        if on_the_road(found.from_location_id) || on_the_road(found.to_location_id) {
            return Err(Fail::Refused(StockRefusal::OwnedBySource("transfer".to_owned())));
        }
        reverse(tx, cx, &mut book, self.id, &self.reason).await?;
        let receipts = book.close_with_receipts(tx).await?;
        receipts.into_iter().next().ok_or_else(|| nothing_posted().into())
    }
}

/// Posts the mirror of a movement in a book that holds its product. For this feature and for the
/// undo of imports, counts and transfers.
///
/// # Errors
/// [`StockRefusal`] when it was undone before, is itself an undo, or its goods are gone.
pub async fn reverse(
    tx: &mut Tx<'_>,
    cx: &Context,
    book: &mut Book<'_>,
    id: Uuid,
    reason: &str,
) -> Result<Posted, Fail<StockRefusal>> {
    // Read again: the product is locked now, so nobody else is undoing it.
    let row = find_movement(tx, id).await?.ok_or(Fail::Refused(StockRefusal::UnknownMovement))?;
    let refusal = match (&row, cx.actor.location) {
        (row, Some(own)) if row.from_location_id != own && row.to_location_id != own => {
            Some(StockRefusal::UnknownMovement)
        }
        (row, _) if row.reversed_by.is_some() => Some(StockRefusal::AlreadyReversed),
        (row, _) if row.reverses_id.is_some() => Some(StockRefusal::IsReversal),
        _ => None,
    };
    if let Some(refusal) = refusal {
        return Err(Fail::Refused(refusal));
    }
    let lines: Vec<LineRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_LINES))
        .bind(row.sequence).fetch_all(c).await?);
    let moved: (i64, i64) = both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVED_VALUE))
        .bind(row.product_id).bind(row.occurred_at).bind(row.sequence).fetch_one(c).await?);
    let original: Vec<_> = lines
        .iter()
        .map(|line| OriginalLine {
            location: LocationId(line.location_id.as_u128()),
            lot: LotId(line.lot_id.as_u128()),
            delta: Qty::new(line.delta),
        })
        .collect();
    let out = MovementOut {
        kind: movement_kind(&row.kind, row.id)?,
        quantity: Qty::new(row.quantity),
        entered_quantity: Qty::new(row.entered_quantity),
        entered_unit: row.entered_unit.clone(),
        from: row.to_location_id,
        to: row.from_location_id,
        unit_cost: row.unit_cost.map(UnitCost::new),
        paid: Paid {
            unit_cost: row.unit_cost.map(UnitCost::new),
            fixed: Some(gondola_ledger::Money::new(-moved.0)),
            fixed_fifo: Some(gondola_ledger::Money::new(-moved.1)),
        },
        reason: reason.to_owned(),
        document: row.document.clone(),
        source: None,
        reverses: Some(row.id),
        occurred_at: cx.now,
    };
    book.know_lots(row.product_id, lines);
    book.post_mirror(row.product_id, &original, out).map_err(Fail::Refused)
}

/// A movement as stored.
pub(super) async fn find_movement(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<MovementRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVEMENT)).bind(id).fetch_optional(c).await?))
}

fn nothing_posted() -> StoreError {
    StoreError::corrupt("movements", "id", "", "a posted movement was not written")
}
