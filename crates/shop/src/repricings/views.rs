//! What the API answers about repricings.

use gondola_ledger::{Money, UnitCost};
use gondola_pricing::markup::Percentages;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{Repricing, RepricingRow, StoredRow};
use crate::kernel::time::format_instant;
use crate::prices::seller_of;

/// A repricing without its rows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepricingSummary)]
pub struct RepricingView {
    /// Its id.
    pub id: Uuid,
    /// `draft`, `scheduled`, `applied`, `rolled_back`, `cancelled` or `failed`.
    #[schema(example = "draft")]
    pub state: String,
    /// What it was built by.
    #[schema(example = "percentage")]
    pub rule: &'static str,
    /// The percentage of the rule.
    #[schema(required, example = "8.50")]
    pub percent: Option<String>,
    /// The first month of an index.
    #[schema(required, example = "2026-01")]
    pub from: Option<String>,
    /// The last month of an index.
    #[schema(required, example = "2026-10")]
    pub to: Option<String>,
    /// The category it is for.
    #[schema(required)]
    pub category: Option<String>,
    /// The brand it is for.
    #[schema(required)]
    pub brand: Option<String>,
    /// The supplier it is for.
    #[schema(required)]
    pub supplier: Option<String>,
    /// The invoice whose goods it is for.
    #[schema(required)]
    pub invoice: Option<Uuid>,
    /// The supplier's price list whose products it is for.
    #[schema(required)]
    pub price_list: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// Why the owner takes the rows that break a guard.
    #[schema(required)]
    pub guarded_reason: Option<String>,
    /// Who takes them.
    #[schema(required)]
    pub guarded_by: Option<String>,
    /// Why it could not be applied at its hour.
    #[schema(required)]
    pub note: Option<String>,
    /// Who built it.
    pub built_by: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub built_at: String,
    /// At which hour it is applied, UTC.
    #[schema(required, format = DateTime)]
    pub apply_at: Option<String>,
    /// Who applied it.
    #[schema(required)]
    pub applied_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub applied_at: Option<String>,
    /// Who took it back.
    #[schema(required)]
    pub rolled_back_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub rolled_back_at: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl RepricingView {
    /// A repricing as it is stored.
    ///
    /// # Errors
    /// [`StoreError`] when its rule cannot be read.
    pub(super) fn of(row: RepricingRow) -> Result<Self, StoreError> {
        let wanted = row.wanted()?;
        Ok(Self {
            id: row.id,
            state: row.state,
            rule: wanted.rule.code(),
            percent: wanted.rule.rate().map(|rate| rate.to_string()),
            from: wanted.rule.months().map(|(from, _)| from.to_string()),
            to: wanted.rule.months().map(|(_, to)| to.to_string()),
            category: wanted.category,
            brand: wanted.brand,
            supplier: wanted.supplier,
            invoice: wanted.invoice,
            price_list: wanted.price_list,
            reason: row.reason,
            guarded_reason: row.guarded_reason,
            guarded_by: row.guarded_by,
            note: row.note,
            built_by: row.built_by,
            built_at: format_instant(row.built_at),
            apply_at: row.apply_at.map(format_instant),
            applied_by: row.applied_by,
            applied_at: row.applied_at.map(format_instant),
            rolled_back_by: row.rolled_back_by,
            rolled_back_at: row.rolled_back_at.map(format_instant),
            version: row.version,
        })
    }
}

/// A repricing with what its rows come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Repricing)]
pub struct RepricingDetail {
    /// The repricing.
    #[serde(flatten)]
    pub repricing: RepricingView,
    /// How many rows it has.
    pub rows: i64,
    /// How many of them break a guard and wait for the owner.
    pub guarded: i64,
    /// How many somebody left out.
    pub excluded: i64,
    /// How many hold.
    pub applied: i64,
    /// How many have the price of before again.
    pub restored: i64,
    /// How many a rollback left alone, because their price was changed since.
    pub skipped: i64,
    /// What those that are not left out put at stake in a month.
    #[schema(example = "125000.00")]
    pub at_stake: String,
}

impl RepricingDetail {
    /// A repricing with its counts.
    ///
    /// # Errors
    /// [`StoreError`] when its rule cannot be read.
    pub(super) fn of(repricing: Repricing) -> Result<Self, StoreError> {
        let counts = repricing.counts;
        Ok(Self {
            repricing: RepricingView::of(repricing.row)?,
            rows: counts.rows_total,
            guarded: counts.guarded,
            excluded: counts.excluded,
            applied: counts.applied,
            restored: counts.restored,
            skipped: counts.skipped,
            at_stake: Money::new(counts.at_stake).to_string(),
        })
    }
}

/// What a repricing does to one product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepricingRow)]
pub struct RowView {
    /// The product.
    pub product: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The cost that its price is built on.
    #[schema(required, example = "750.0000")]
    pub old_cost: Option<String>,
    /// What it costs to buy again.
    #[schema(required, example = "907.5000")]
    pub new_cost: Option<String>,
    /// Its price.
    #[schema(required, example = "1000.00")]
    pub old_price: Option<String>,
    /// The price it would have.
    #[schema(example = "1200.00")]
    pub new_price: String,
    /// Recargo of the price it would have, in percent of the cost.
    #[schema(required, example = "32.23")]
    pub markup: Option<String>,
    /// Margen of the price it would have, in percent of the price.
    #[schema(required, example = "24.38")]
    pub margin: Option<String>,
    /// How much the cost moved: `medium`, `high` or `critical`.
    #[schema(required)]
    pub severity: Option<String>,
    /// The difference in price, by what sells in a month.
    #[schema(example = "8000.00")]
    pub at_stake: String,
    /// `clear`, `below_minimum` or `loss`.
    #[schema(example = "clear")]
    pub guard: String,
    /// Whether somebody left it out.
    pub excluded: bool,
    /// Whether somebody corrected it.
    pub edited: bool,
    /// `applied`, `restored` or `skipped`.
    #[schema(required)]
    pub outcome: Option<String>,
}

/// Both percentages of the price a row would give.
pub(super) fn percentages(row: &StoredRow, status: TaxStatus) -> Option<Percentages> {
    seller_of(status, row.vat_bp).percentages(UnitCost::new(row.new_cost?), Money::new(row.new_price))
}

impl RowView {
    /// A row by what the shop is to the tax office.
    pub(super) fn of(row: StoredRow, status: TaxStatus) -> Self {
        let both = percentages(&row, status);
        let cost = |cost: Option<i64>| cost.map(|cost| UnitCost::new(cost).to_string());
        Self {
            product: row.product_id,
            old_cost: cost(row.old_cost),
            new_cost: cost(row.new_cost),
            old_price: row.old_price.map(|price| Money::new(price).to_string()),
            new_price: Money::new(row.new_price).to_string(),
            markup: both.map(|both| both.markup.to_string()),
            margin: both.map(|both| both.margin.to_string()),
            at_stake: Money::new(row.at_stake).to_string(),
            sku: row.sku,
            name: row.name,
            severity: row.severity,
            guard: row.guard,
            excluded: row.excluded,
            edited: row.edited,
            outcome: row.outcome,
        }
    }
}
