//! The writes of an import, each a transaction of its own: open, apply some rows (or all), close.
//! Whoever undoes an import that still runs stops it: rows are applied only while it runs.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use gondola_store::{At, Audited, Command, Context, Fail, Permission, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::apply::{self, Sofar};
use super::file::ListFile;
use super::outcome::{Outcome, RemarkSum, Remarks};
use super::run::Mode;
use super::{rows, sql};
use crate::kernel::bulk::json;

/// Opens an import.
pub(super) struct OpenImport {
    pub file: Arc<ListFile>,
    pub file_name: String,
    pub file_hash: [u8; 32],
    pub mode: Mode,
    pub kept_as: Option<Uuid>,
}

impl Command for OpenImport {
    const NAME: &'static str = "imports.open";
    type Out = Uuid;
    type Refusal = std::convert::Infallible;

    fn subject(&self) -> String {
        self.file_name.clone()
    }

    fn permission(&self) -> Permission {
        Permission::Import
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights(&self.file)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Uuid, Fail<Self::Refusal>> {
        let (id, file) = (cx.new_id(), &self.file);
        let columns = file.columns();
        let header = json(&columns.iter().map(|column| &column.title).collect::<Vec<_>>());
        let mapping = json(&columns.iter().map(|column| &column.field).collect::<Vec<_>>());
        let total = i64::try_from(file.rows()).expect("rows of a file are bounded");
        let opened = both!(tx, c, text => sqlx::query(text(sql::OPEN_IMPORT))
            .bind(id).bind(file.kind().code()).bind(&self.file_name).bind(self.file_hash.as_slice())
            .bind(header).bind(mapping).bind(self.mode == Mode::DryRun).bind(self.mode == Mode::Atomic)
            .bind(total).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
            .bind(self.kept_as).bind(file.decimals_code()).bind(&file.location)
            .execute(c).await?.rows_affected());
        expect_rows(sql::OPEN_IMPORT, 1, opened)?;
        if let Some((signature, mapping)) = file.to_remember() {
            both!(tx, c, text => sqlx::query(text(sql::PUT_MAPPING))
                .bind(file.kind().code()).bind(signature).bind(mapping).bind(cx.now).execute(c).await.map(drop)?);
        }
        Ok(id)
    }
}

/// The rights that a file takes besides importing: its kind's, and those of the columns it has.
fn rights(file: &ListFile) -> Vec<Permission> {
    let mut rights = file.kind().needs();
    if file.has("sale_price") || file.has("wholesale_price") {
        rights.push(Permission::EditPrices);
    }
    if file.has("acquisition_cost") || file.has("replacement_cost") {
        rights.push(Permission::ReadCost);
    }
    rights
}

/// Begins a refused import again, when the same request is repeated.
pub(super) struct ReopenImport(pub Uuid);

impl Command for ReopenImport {
    const NAME: &'static str = "imports.reopen";
    type Out = ();
    type Refusal = Stop;

    fn subject(&self) -> String {
        self.0.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Stop>> {
        let reopened = both!(tx, c, text => sqlx::query(text(sql::REOPEN_IMPORT))
            .bind(self.0).bind(cx.now).execute(c).await?.rows_affected());
        if reopened != 1 {
            return Err(Fail::Refused(Stop::NotRunning));
        }
        for statement in [sql::DELETE_ERRORS, sql::DELETE_ROWS] {
            both!(tx, c, text => sqlx::query(text(statement)).bind(self.0).execute(c).await.map(drop)?);
        }
        Ok(())
    }
}

/// Why rows were not applied.
#[derive(Debug)]
pub(super) enum Stop {
    /// The import does not run any more.
    NotRunning,
    /// It was only a rehearsal, and this is how it went.
    Rehearsed(Box<Outcome>),
    /// Some rows are bad and all or nothing was asked for.
    Bad(Box<Outcome>),
}

/// How rows are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The good ones go in.
    Each,
    /// All of them or none.
    Atomic,
    /// None goes in, whatever happens.
    Rehearsal,
}

/// Applies rows of an import.
pub(super) struct ApplyRows {
    pub import: Uuid,
    pub file: Arc<ListFile>,
    pub rows: Range<usize>,
    pub sofar: Arc<Sofar>,
    pub manner: Manner,
}

/// What applied rows leave for those that follow.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Applied {
    pub touched: Vec<(Uuid, u32)>,
    pub sequences: Vec<(Uuid, i64)>,
    pub remarks: Remarks,
}

/// Rows applied before what they said is kept: few enough to stay small in memory.
pub(super) const ROWS_AT_ONCE: usize = 1_000;

impl Command for ApplyRows {
    const NAME: &'static str = "imports.apply";
    type Out = Applied;
    type Refusal = Stop;

    fn permission(&self) -> Permission {
        Permission::Import
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights(&self.file)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Applied, Fail<Stop>> {
        let mut sofar = Cow::Borrowed(&*self.sofar);
        let (mut applied, mut bad) = (Applied::default(), Outcome::default());
        let mut from = self.rows.start;
        while from < self.rows.end {
            let until = self.rows.end.min(from + ROWS_AT_ONCE);
            let outcome = apply::apply(tx, cx, self.import, &self.file, from..until, &sofar).await?;
            from = until;
            if self.manner == Manner::Each || outcome.errors.is_empty() && bad.errors.is_empty() {
                keep(tx, cx, self.import, &self.file, &outcome).await?;
            }
            if from < self.rows.end {
                sofar.to_mut().add(&outcome.touched, &outcome.sequences);
            }
            applied.touched.extend_from_slice(&outcome.touched);
            applied.sequences.extend_from_slice(&outcome.sequences);
            if self.manner == Manner::Each {
                applied.remarks.merge(outcome.remarks);
            } else {
                bad.merge(outcome.without_changes());
            }
        }
        match self.manner {
            Manner::Rehearsal => Err(Fail::Refused(Stop::Rehearsed(Box::new(bad)))),
            Manner::Atomic if !bad.errors.is_empty() => Err(Fail::Refused(Stop::Bad(Box::new(bad)))),
            Manner::Each | Manner::Atomic => {
                applied.remarks.merge(bad.remarks);
                Ok(applied)
            }
        }
    }
}

/// Keeps what became of rows, while the import runs.
async fn keep(
    tx: &mut Tx<'_>,
    cx: &Context,
    import: Uuid,
    file: &ListFile,
    outcome: &Outcome,
) -> Result<(), Fail<Stop>> {
    let bad = i64::try_from(outcome.bad_lines().len()).expect("rows of a file are bounded");
    let counted = both!(tx, c, text => sqlx::query(text(sql::ADD_PROGRESS))
        .bind(import).bind(i64::from(outcome.good)).bind(bad)
        .bind(i64::from(outcome.created)).bind(i64::from(outcome.changed)).bind(cx.now)
        .execute(c).await?.rows_affected());
    if counted != 1 {
        return Err(Fail::Refused(Stop::NotRunning));
    }
    Ok(rows::record(tx, cx, import, file, outcome).await?)
}

/// How an import ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Applied,
    Previewed,
    Refused,
}

impl End {
    const fn state(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Previewed => "previewed",
            Self::Refused => "refused",
        }
    }
}

/// Ends an import. What became of rows that were not applied is kept here.
pub(super) struct CloseImport {
    pub import: Uuid,
    pub file: Arc<ListFile>,
    pub end: End,
    /// What a dry run or a refused import would have done.
    pub outcome: Outcome,
    pub remarks: Vec<RemarkSum>,
}

impl Command for CloseImport {
    const NAME: &'static str = "imports.close";
    type Out = ();
    type Refusal = Stop;

    fn subject(&self) -> String {
        self.import.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Stop>> {
        if self.end != End::Applied {
            keep(tx, cx, self.import, &self.file, &self.outcome).await?;
        }
        let closed = both!(tx, c, text => sqlx::query(text(sql::CLOSE_IMPORT))
            .bind(self.import).bind(self.end.state()).bind(json(&self.remarks)).bind(cx.now)
            .execute(c).await?.rows_affected());
        if closed != 1 {
            return Err(Fail::Refused(Stop::NotRunning));
        }
        Ok(())
    }
}

/// Ends imports and undos that nobody has worked at since a moment: their process went away. What they did
/// stays, is told, and can be undone.
pub struct EndInterrupted {
    /// The moment.
    pub silent_since: At,
}

impl Command for EndInterrupted {
    const NAME: &'static str = "imports.end_interrupted";
    const AUDITED: Option<Audited> = None;
    type Out = u64;
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<u64, Fail<Self::Refusal>> {
        let ended = both!(tx, c, text => sqlx::query(text(sql::INTERRUPT_IMPORTS))
            .bind(self.silent_since).bind(cx.now).execute(c).await?.rows_affected());
        Ok(ended)
    }
}
