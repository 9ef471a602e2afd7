//! Rates and what they add up to, as the API answers them.

use gondola_pricing::Rate;
use gondola_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::Recorded;
use super::month::Month;
use super::own::OwnRate;
use super::queries::RecordedRate;
use crate::kernel::time::format_instant;

/// What became of a file of rates.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InflationFile)]
pub struct RecordedView {
    /// Months that were recorded, or corrected.
    pub recorded: usize,
    /// Months that said so before.
    pub unchanged: usize,
    /// What the shop goes by now in the months of the file, the oldest first.
    pub rates: Vec<RateView>,
}

impl RecordedView {
    /// The view of what was recorded.
    ///
    /// # Errors
    /// [`StoreError`] when a column holds no rate.
    pub(super) fn of(recorded: Recorded) -> Result<Self, StoreError> {
        let Recorded { rates, unchanged } = recorded;
        let rates = rates.into_iter().map(RateView::of).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { recorded: rates.len() - unchanged, unchanged, rates })
    }
}

/// The rate of a month as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InflationRate)]
pub struct RateView {
    /// Its id.
    pub id: Uuid,
    /// The month.
    #[schema(example = "2026-10")]
    pub month: String,
    /// How much prices rose in it, in percent.
    #[schema(example = "2.80")]
    pub rate: String,
    /// The same by day, in percent: (1 + rate)^(1/30.44) - 1.
    #[schema(example = "0.0908")]
    pub daily_rate: String,
    /// Where it comes from.
    pub source: String,
    /// Whether the shop goes by it; another one of the same month was recorded later otherwise.
    pub current: bool,
    /// `annual_suspected` above 30 %: it may be a yearly rate.
    #[schema(example = json!([]))]
    pub warnings: Vec<&'static str>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

impl RateView {
    /// The view of a rate.
    ///
    /// # Errors
    /// [`StoreError`] when the column holds none.
    pub(super) fn of(recorded: RecordedRate) -> Result<Self, StoreError> {
        let rate = recorded.rate()?;
        Ok(Self {
            id: recorded.id,
            month: Month::of(recorded.month).to_string(),
            rate: rate.rate().to_string(),
            daily_rate: rate.daily().rate().map(four_places).unwrap_or_default(),
            source: recorded.source,
            current: recorded.is_current,
            warnings: if rate.is_suspect() { vec!["annual_suspected"] } else { Vec::new() },
            recorded_by: recorded.actor_name,
            recorded_at: format_instant(recorded.recorded_at),
        })
    }
}

/// A percentage with four decimals, as a daily rate is told.
pub(super) fn four_places(rate: Rate) -> String {
    let millionths = rate.raw();
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    format!("{sign}{}.{:04}", size / 10_000, size % 10_000)
}

/// What the rates of some months add up to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inflation)]
pub struct SummaryView {
    /// The first month; null while no rate is recorded.
    #[schema(required, example = "2025-11")]
    pub from: Option<String>,
    /// The last month.
    #[schema(required, example = "2026-10")]
    pub to: Option<String>,
    /// How many months that is.
    pub months: usize,
    /// Months of them without a rate: while there is one, nothing is added up.
    pub missing: Vec<String>,
    /// How much prices rose in all of them, in percent: the product of (1 + rate), less one.
    #[schema(required, example = "39.29")]
    pub accumulated: Option<String>,
    /// What cost 100 pesos before them costs this much after.
    #[schema(required, example = "139.29")]
    pub hundred_pesos: Option<String>,
    /// The month whose rate is the newest.
    #[schema(required, example = "2026-10")]
    pub latest_month: Option<String>,
    /// Its rate, in percent.
    #[schema(required, example = "2.80")]
    pub monthly_rate: Option<String>,
    /// The same by day, in percent.
    #[schema(required, example = "0.0908")]
    pub daily_rate: Option<String>,
    /// What the stock is worth at cost; null for whoever sees one place only.
    #[schema(required, example = "10000000.00")]
    pub stock_value: Option<String>,
    /// What it loses a day by standing still: its value by the daily rate.
    #[schema(required, example = "9075.89")]
    pub daily_loss: Option<String>,
}

/// How much the shop's own costs rose in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnInflation)]
pub struct OwnView {
    /// The month.
    #[schema(example = "2026-10")]
    pub month: String,
    /// The category's code; null for the whole shop.
    #[schema(required, example = "LAC")]
    pub category: Option<String>,
    /// Its name.
    #[schema(required)]
    pub name: Option<String>,
    /// How much costs rose, in percent: the sum of (cost now x quantity before) over the sum of (cost before x quantity
    /// before), less one. Null when nothing was bought in this month and in the one before.
    #[schema(required, example = "4.20")]
    pub rate: Option<String>,
    /// How many goods, each from one supplier, were bought in both months: what the rate rests on.
    pub goods: usize,
    /// What they cost in the month before.
    #[schema(required, example = "185000.00")]
    pub spent_before: Option<String>,
}

impl From<OwnRate> for OwnView {
    fn from(own: OwnRate) -> Self {
        let (category, name) = own.category.unzip();
        Self {
            month: own.month.to_string(),
            category,
            name,
            rate: own.rate.map(|rate| rate.to_string()),
            goods: own.goods,
            spent_before: own.spent.map(|spent| spent.to_string()),
        }
    }
}
