//! How far a count has come: what is left, what comes next where somebody left off, what was written
//! down of one product, and what the differences are worth.

use gondola_ledger::{Avco, Money, Qty, UnitCost};
use gondola_store::both;
use sqlx::FromRow;
use uuid::Uuid;

use super::queries::{Count, SheetFilter, SheetLine, SheetPart, sheet};
use super::sql;
use crate::kernel::{Problem, Reader};

/// How many products there are to count, and how many of them were counted.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Progress {
    /// On the sheet.
    pub total: i64,
    /// Counted at least once.
    pub counted: i64,
}

impl Progress {
    /// How many were not counted yet.
    pub fn left(&self) -> i64 {
        self.total - self.counted
    }
}

/// How far a count has come.
///
/// # Errors
/// The database's failure.
pub async fn progress(reader: &mut Reader, count: &Count) -> Result<Progress, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::SHEET_PROGRESS))
        .bind(count.id).bind(count.location_id).fetch_one(c).await?))
}

/// The next product to count: after `after`, or after what was counted last; when the end is reached,
/// from the beginning; when all is counted, what must be counted again.
///
/// # Errors
/// The database's failure.
pub async fn next_to_count(
    reader: &mut Reader,
    count: &Count,
    after: Option<(String, Uuid)>,
) -> Result<Option<SheetLine>, Problem> {
    let here = match after {
        Some(key) => Some(key),
        None => both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LAST_COUNTED))
            .bind(count.id).fetch_optional(c).await?),
    };
    for part in [SheetPart::Uncounted, SheetPart::Recount] {
        for after in [here.clone(), None] {
            let filter = SheetFilter { part: Some(part), after, ..SheetFilter::default() };
            if let Some(line) = sheet(reader, count, &filter, 0).await?.into_iter().next() {
                return Ok(Some(line));
            }
        }
    }
    Ok(None)
}

/// What was written down of a product counted whole.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Entered {
    /// How much, in thousandths of the product's unit.
    pub counted: i64,
    /// Whether it must be counted again.
    pub recount: bool,
}

/// What was written down of a product counted whole, if it was.
///
/// # Errors
/// The database's failure.
pub async fn entered(reader: &mut Reader, count: Uuid, product: Uuid) -> Result<Option<Entered>, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::ENTERED))
        .bind(count).bind(product).fetch_optional(c).await?))
}

/// A product's value by weighted average, as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Worth {
    /// What the shop has of it.
    pub on_hand: i64,
    /// What that is worth.
    pub avco_value: i64,
    /// What one of it cost, as of the last receipt.
    pub average_cost: Option<i64>,
}

impl Worth {
    /// What a difference of so many is worth at the average of today.
    pub fn of(&self, difference: Qty) -> Option<Money> {
        let average_cost = self.average_cost.map(UnitCost::new);
        let average = Avco::from_parts(Qty::new(self.on_hand), Money::new(self.avco_value), average_cost)?.average();
        difference.times_cost(average)
    }
}

/// What the differences of a count are worth at the average of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferencesWorth {
    /// What is missing, as a negative amount.
    pub missing: Money,
    /// What is over.
    pub found: Money,
}

#[derive(FromRow)]
struct DifferenceRow {
    difference: i64,
    #[sqlx(flatten)]
    worth: Worth,
}

/// What the differences of a count are worth at the average of today, over all of its lines.
///
/// # Errors
/// The database's failure.
pub async fn differences_worth(reader: &mut Reader, count: Uuid) -> Result<DifferencesWorth, Problem> {
    let rows: Vec<DifferenceRow> = both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::DIFFERENCES_WORTH))
        .bind(count).fetch_all(c).await?);
    let worth = |row: &DifferenceRow| row.worth.of(Qty::new(row.difference)).unwrap_or(Money::ZERO);
    let sum = |wanted: fn(Money) -> bool| {
        Money::checked_sum(rows.iter().map(worth).filter(|money| wanted(*money))).unwrap_or(Money::ZERO)
    };
    Ok(DifferencesWorth { missing: sum(Money::is_negative), found: sum(Money::is_positive) })
}
