//! A scorecard as programs read it.

use gondola_pricing::scorecard::{Band, Criterion, Profile, compliance_band, lead_time_band};
use serde::Serialize;
use utoipa::ToSchema;

use super::card::Card;
use crate::suppliers::ScoreProfile;

/// What is known of a supplier over a period. A percentage that was never measured is null.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SupplierScorecard)]
pub struct CardView {
    /// The supplier's code.
    #[schema(example = "Q")]
    pub supplier: String,
    /// Its name.
    pub name: String,
    /// What it mainly brings, which decides what weighs how much.
    pub score_profile: ScoreProfile,
    /// The weighted mean of what was measured, in percent.
    #[schema(example = "91.22")]
    pub points: Option<String>,
    /// Percent of the weights that were measured.
    pub measured: u8,
    /// Orders that came complete and in time, in percent of those that were due.
    #[schema(example = "93.00")]
    pub otif: Option<String>,
    /// What is expected of it there, in percent; null of one that brings anything.
    pub otif_target: Option<u8>,
    /// What came in good order, in percent of what came.
    pub unbroken: Option<String>,
    /// Lines billed at the expected cost, in percent.
    pub cost_as_expected: Option<String>,
    /// Deliveries by the day that was promised, in percent.
    pub in_time: Option<String>,
    /// What came, in percent of what was ordered, each line counting the same.
    pub compliance: Option<String>,
    /// `good`, `fair` or `bad`: over 95 %, between, under 80 %.
    #[schema(example = "good")]
    pub compliance_band: Option<&'static str>,
    /// Claims that were made good, in percent of those that were or that wait for more than 15 days.
    pub claims_answered: Option<String>,
    /// Deliveries of ordered goods.
    pub deliveries: u64,
    /// Days from the order to the goods, on average.
    #[schema(example = "2.5")]
    pub mean_lead_days: Option<String>,
    /// Days that are expected of it at most; null of one that brings anything.
    pub lead_days_target: Option<u8>,
    /// `good`, `fair` or `bad`: under 2 days, between, over 5.
    #[schema(example = "fair")]
    pub lead_time_band: Option<&'static str>,
    /// Deliveries more than three days late.
    pub very_late: u64,
    /// Percentage points that its costs rose beyond those of all goods bought in the period; below zero when they rose less.
    #[schema(example = "1.50")]
    pub price_drift: Option<String>,
}

/// The name of a band in the API.
pub(super) const fn band_code(band: Band) -> &'static str {
    match band {
        Band::Bad => "bad",
        Band::Fair => "fair",
        Band::Good => "good",
    }
}

/// Days from the order to the goods on average, to a tenth.
pub(super) fn mean_lead_days(card: &Card) -> Option<String> {
    let tenths = (card.lead_days * 20 + card.deliveries).checked_div(card.deliveries * 2)?;
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

impl From<&Card> for CardView {
    fn from(card: &Card) -> Self {
        let share = |criterion| card.receipts.tally(criterion).share().map(|share| share.to_string());
        let score = card.score();
        let targets = Profile::from(card.profile).targets();
        Self {
            supplier: card.code.clone(),
            name: card.name.clone(),
            score_profile: card.profile,
            otif_target: targets.map(|targets| targets.otif_percent),
            lead_days_target: targets.map(|targets| targets.lead_days.1),
            points: score.map(|score| score.points.to_string()),
            measured: score.map_or(0, |score| score.measured),
            otif: share(Criterion::Otif),
            unbroken: share(Criterion::Defects),
            cost_as_expected: share(Criterion::Cost),
            in_time: share(Criterion::LeadTime),
            compliance: share(Criterion::Compliance),
            compliance_band: compliance_band(card.receipts.compliance).map(band_code),
            claims_answered: share(Criterion::Response),
            deliveries: card.deliveries,
            mean_lead_days: mean_lead_days(card),
            lead_time_band: lead_time_band(card.lead_days, card.deliveries).map(band_code),
            very_late: card.very_late,
            price_drift: card.drift.map(|drift| drift.to_string()),
        }
    }
}
