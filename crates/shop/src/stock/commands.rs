//! The commands that move stock: one movement, or a batch. The only undo is in `undo.rs`.

use gondola_ledger::MovementKind;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::Book;
use super::lookup::Mention;
use super::movement::{Movement, channel_of, permission_for};
use super::receipt::Receipt;
use super::refusal::StockRefusal;
use crate::kernel::problem::FieldProblem;

/// Lines of a batch at most (INP-2).
pub const BATCH_LINES_MAX: usize = 10_000;

/// Moves stock once. Refuses what the policy refuses; never edits history.
pub struct PostMovement(pub Movement);

impl Command for PostMovement {
    const NAME: &'static str = "stock.post_movement";
    type Out = Receipt;
    type Refusal = StockRefusal;

    fn subject(&self) -> String {
        self.0.product.to_string()
    }

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

    fn subject(&self) -> String {
        format!("{} lines", self.lines.len())
    }

    fn permission(&self) -> Permission {
        self.kinds().next().map_or(Permission::ReadStock, permission_for)
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.kinds().map(permission_for).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<LineOutcome>, Fail<BatchRefused>> {
        let products = self.lines.iter().filter_map(|line| line.as_ref().ok()).map(|movement| &movement.product);
        let mut book = Book::open(tx, cx, channel_of(cx), products).await?;
        let mentions: Vec<Mention<'_>> = self.lines.iter().flatten().map(Mention::from).collect();
        book.look_up(tx, &mentions).await?;
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

pub(super) fn nothing_posted() -> StoreError {
    StoreError::corrupt("movements", "id", "", "a posted movement was not written")
}
