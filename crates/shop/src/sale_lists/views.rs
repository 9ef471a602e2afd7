//! Rules of sale lists as the API answers them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::KeptRule;
use crate::kernel::time::{format_day, format_instant};

/// What a list asks for over GENERAL, from a day on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListRule)]
pub struct ListRuleView {
    /// Its id.
    pub id: Uuid,
    /// `MAYORISTA` or `ESPECIAL`.
    #[schema(example = "MAYORISTA")]
    pub list: String,
    /// How much more or less than GENERAL, in percent.
    #[schema(example = "-10.00")]
    pub adjustment: String,
    /// What its prices are rounded to; null: as each product's category says.
    #[schema(required, example = "10.00")]
    pub rounding_step: Option<String>,
    /// The margin it leaves at least, in percent; null: as each product's category says.
    #[schema(required, example = "8.00")]
    pub minimum_margin: Option<String>,
    /// The first day.
    #[schema(format = Date, example = "2026-12-01")]
    pub valid_from: String,
    /// The last day; null: until another rule begins.
    #[schema(required, format = Date, example = "2026-12-31")]
    pub valid_to: Option<String>,
    /// Who set it.
    pub set_by: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub set_at: String,
    /// Who removed it.
    #[schema(required)]
    pub removed_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub removed_at: Option<String>,
}

impl ListRuleView {
    /// The view of one.
    pub(super) fn of(rule: KeptRule) -> Self {
        Self {
            id: rule.id,
            adjustment: rule.asks.adjustment().to_string(),
            rounding_step: rule.asks.step().map(|step| step.to_string()),
            minimum_margin: rule.asks.minimum().map(|minimum| minimum.to_string()),
            valid_from: format_day(rule.valid_from),
            valid_to: rule.valid_to.map(format_day),
            list: rule.list,
            set_by: rule.actor_name,
            set_at: format_instant(rule.set_at),
            removed_by: rule.removed_by,
            removed_at: rule.removed_at.map(format_instant),
        }
    }
}
