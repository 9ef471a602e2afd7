//! The command that records rates. A month that has one gets a newer row; one that says the same again is left out.

use std::convert::Infallible;

use gondola_pricing::inflation::MonthlyRate;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};

use super::month::Month;
use super::queries::{self, RecordedRate};
use super::sql;

/// A rate that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRate {
    /// Of which month.
    pub month: Month,
    /// How much prices rose in it.
    pub rate: MonthlyRate,
    /// Where it comes from.
    pub source: String,
}

/// Records rates, all or none.
#[derive(Debug, Clone)]
pub struct RecordRates(pub Vec<NewRate>);

/// What became of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded {
    /// The shop goes by these now, in the order they came.
    pub rates: Vec<RecordedRate>,
    /// How many of them it went by before.
    pub unchanged: usize,
}

impl Command for RecordRates {
    const NAME: &'static str = "inflation.record";
    type Out = Recorded;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn subject(&self) -> String {
        match self.0.as_slice() {
            [] => String::new(),
            [one] => one.month.to_string(),
            [first, .., last] => format!("{} … {}", first.month, last.month),
        }
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Recorded, Fail<Infallible>> {
        let (mut rates, mut before, mut unchanged) = (Vec::new(), Vec::new(), 0);
        for new in &self.0 {
            let current = queries::current(tx, new.month).await?;
            match current {
                Some(current) if current.rate()? == new.rate && current.source == new.source => {
                    unchanged += 1;
                    rates.push(current);
                    continue;
                }
                Some(current) => before.push(current),
                None => {}
            }
            rates.push(record(tx, cx, new).await?);
        }
        if !before.is_empty() {
            cx.changes(&before);
        }
        Ok(Recorded { rates, unchanged })
    }
}

async fn record(tx: &mut Tx<'_>, cx: &Context, new: &NewRate) -> Result<RecordedRate, StoreError> {
    let id = cx.new_id();
    // A monthly rate is at most 500,000 millionths, in whole hundredths of a percent.
    let rate_bp = i64::from(new.rate.rate().raw() / 100);
    let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_RATE)).bind(id).bind(new.month.first_day())
        .bind(rate_bp).bind(&new.source).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
        .execute(c).await?.rows_affected());
    expect_rows(sql::INSERT_RATE, 1, inserted)?;
    let found = queries::rate(tx, id).await?;
    found.ok_or_else(|| StoreError::corrupt("inflation_rates", "id", id, "it was just written"))
}
