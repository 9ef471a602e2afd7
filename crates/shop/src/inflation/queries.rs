//! Reading the series: the rates as they were recorded, and those the shop goes by. What they add up to is in `summary.rs`.

use gondola_pricing::Rate;
use gondola_pricing::inflation::MonthlyRate;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::month::Month;
use super::sql;
use crate::kernel::time::Day;

/// A rate as it was recorded.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct RecordedRate {
    /// Counts all of them.
    pub number: i64,
    /// Its id.
    pub id: Uuid,
    /// The first day of the month.
    pub month: Day,
    /// The rate in hundredths of a percent.
    pub rate_bp: i64,
    /// Where it comes from.
    pub source: String,
    /// Who recorded it.
    pub actor_name: String,
    /// When.
    pub recorded_at: At,
    /// Whether the shop goes by it.
    pub is_current: bool,
}

impl RecordedRate {
    /// The rate.
    ///
    /// # Errors
    /// [`StoreError`] when the column holds none.
    pub fn rate(&self) -> Result<MonthlyRate, StoreError> {
        monthly(self.month, self.rate_bp)
    }
}

/// The rate of those hundredths of a percent.
fn monthly(month: Day, rate_bp: i64) -> Result<MonthlyRate, StoreError> {
    let rate = i16::try_from(rate_bp).ok().and_then(|points| MonthlyRate::new(Rate::basis_points(points)));
    rate.ok_or_else(|| StoreError::corrupt("inflation_rates", "rate_bp", month, rate_bp))
}

/// Which rates.
#[derive(Debug, Clone, Copy)]
pub struct RateFilter {
    /// From this first day of a month on.
    pub from: Day,
    /// Until this one.
    pub to: Day,
    /// Only what the shop goes by.
    pub current: bool,
}

/// Where a page begins: month and number.
pub(super) type RateKey = (Day, i64);

/// A page of rates, newest month first, with one more than `limit`.
pub(super) async fn rates(
    tx: &mut Tx<'_>,
    filter: &RateFilter,
    after: Option<RateKey>,
    limit: i64,
) -> Result<Vec<RecordedRate>, StoreError> {
    let (month, number) = after.unwrap_or((Day::MAX, i64::MAX));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_RATES)).bind(month).bind(number).bind(filter.from)
        .bind(filter.to).bind(filter.current).bind(limit + 1).fetch_all(c).await?))
}

/// One rate.
pub(super) async fn rate(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<RecordedRate>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_RATE)).bind(id).fetch_optional(c).await?))
}

/// What the shop goes by in a month.
pub(super) async fn current(tx: &mut Tx<'_>, month: Month) -> Result<Option<RecordedRate>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_CURRENT)).bind(month.first_day()).fetch_optional(c).await?))
}

/// What the shop goes by from one month to another, oldest first; months without a rate are not in it.
pub(super) async fn series(tx: &mut Tx<'_>, from: Month, to: Month) -> Result<Vec<(Month, MonthlyRate)>, StoreError> {
    let rows: Vec<(Day, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::SERIES)).bind(from.first_day())
        .bind(to.first_day()).fetch_all(c).await?);
    rows.into_iter().map(|(month, rate_bp)| Ok((Month::of(month), monthly(month, rate_bp)?))).collect()
}

/// The first and the last month that have a rate.
pub(super) async fn span(tx: &mut Tx<'_>) -> Result<Option<(Month, Month)>, StoreError> {
    let (first, last): (Option<Day>, Option<Day>) =
        both!(tx, c, text => sqlx::query_as(text(sql::SPAN)).fetch_one(c).await?);
    Ok(first.zip(last).map(|(first, last)| (Month::of(first), Month::of(last))))
}
