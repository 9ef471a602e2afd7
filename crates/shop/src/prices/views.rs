//! What the API answers about prices: amounts as decimal texts, both percentages always together.

use gondola_ledger::{Money, UnitCost};
use gondola_pricing::light::{Light, Severity};
use gondola_pricing::markup::{MarkupSource, Percentages};
use gondola_pricing::unit_cost::TaxStatus;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::judging::seller_of;
use super::priced::{Priced, Today};
use super::queries::{PastPrice, PriceChange};
use super::rule::basis_code;
use super::tax::DatedStatus;
use crate::kernel::time::{format_day, format_instant};

/// The lights by their codes, the gravest first.
pub(super) const LIGHTS: [(&str, Light); 4] = [
    ("loss_risk", Light::LossRisk),
    ("low_margin", Light::LowMargin),
    ("stale", Light::Stale),
    ("buy_now", Light::BuyNow),
];

/// The code of a light.
pub fn light_code(light: Light) -> &'static str {
    LIGHTS.into_iter().find(|(_, known)| *known == light).map_or("", |(code, _)| code)
}

/// The code of a severity.
pub fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// A product's price on a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceView {
    /// The product.
    pub product: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The list.
    pub list: String,
    /// How much it is.
    #[schema(required, example = "1850.00")]
    pub price: Option<String>,
    /// Where nobody set it, why it is that much: `rule`, what the list's rule makes of GENERAL's; `minimum`, the first price that
    /// leaves the smallest margin; `general`, the same as GENERAL's, because less would leave too little.
    #[schema(required, example = "rule")]
    pub basis: Option<&'static str>,
    /// What the product costs to buy again; in the past, what it did when the price was made.
    #[schema(required, example = "1420.5000")]
    pub cost: Option<String>,
    /// Recargo: what is gained, in percent of the cost.
    #[schema(required, example = "30.23")]
    pub markup: Option<String>,
    /// Margen: what is gained, in percent of the price.
    #[schema(required, example = "23.21")]
    pub margin: Option<String>,
    /// When it changed, UTC.
    #[schema(required, format = DateTime)]
    pub changed_at: Option<String>,
    /// `loss_risk`, `low_margin`, `stale`, `buy_now`: the lights that are on; none in the past.
    #[schema(max_items = 4)]
    pub lights: Vec<&'static str>,
    /// How the cost moved since the price was built on it.
    #[schema(required)]
    pub cost_change: Option<Change>,
    /// The markup that holds for the product, in percent of the cost, and what it makes; none in the past.
    #[schema(required)]
    pub usual: Option<Usual>,
}

/// The markup that holds for a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsualMarkup)]
pub struct Usual {
    /// In percent of the cost.
    #[schema(example = "35.00")]
    pub markup: String,
    /// Where it is set: `product`, `brand`, `category`, or `margins`: nowhere, and it is the middle of the category's margins.
    #[schema(example = "brand")]
    pub set_on: &'static str,
    /// The price that it makes; null without a cost.
    #[schema(required, example = "1950.00")]
    pub price: Option<String>,
}

/// The code of where a markup is set.
pub(super) const fn source_code(source: MarkupSource) -> &'static str {
    match source {
        MarkupSource::Product => "product",
        MarkupSource::Brand => "brand",
        MarkupSource::Category => "category",
        MarkupSource::BandMiddle => "margins",
    }
}

/// How a cost moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostChange)]
pub struct Change {
    /// What the price was built on.
    #[schema(example = "1420.5000")]
    pub from: String,
    /// In percent of that.
    #[schema(required, example = "8.00")]
    pub percent: Option<String>,
    /// `medium` from 5 %, `high` from 15 %, `critical` from 25 %.
    #[schema(required, example = "medium")]
    pub severity: Option<&'static str>,
    /// Whether it is enough to propose another price.
    pub proposed: bool,
}

/// Both percentages as texts.
fn told(both: Option<Percentages>) -> (Option<String>, Option<String>) {
    (both.map(|both| both.markup.to_string()), both.map(|both| both.margin.to_string()))
}

impl PriceView {
    /// A price as it is.
    pub(super) fn of(product: &Priced, list: &str, today: &Today) -> Self {
        let (markup, margin) = told(product.percentages(today.status));
        let change = product.cost_change().filter(|change| change.old != change.new);
        Self {
            product: product.id,
            sku: product.sku.clone(),
            name: product.name.clone(),
            list: list.to_owned(),
            price: product.price().map(|price| price.to_string()),
            basis: product.basis.map(basis_code),
            cost: product.cost().map(|cost| cost.to_string()),
            markup,
            margin,
            changed_at: product.changed_at.map(format_instant),
            lights: product.lights(today).into_iter().map(light_code).collect(),
            cost_change: change.map(|change| Change {
                from: change.old.to_string(),
                percent: change.rate().map(|rate| rate.to_string()),
                severity: change.severity().map(severity_code),
                proposed: change.is_proposed(),
            }),
            usual: product.markup().map(|(markup, source)| Usual {
                markup: markup.to_string(),
                set_on: source_code(source),
                price: product.price_at(markup, today.status).map(|price| price.to_string()),
            }),
        }
    }

    /// A price as it was.
    pub(super) fn past(price: PastPrice, list: &str, status: TaxStatus) -> Self {
        let (amount, cost) = (price.amount.map(Money::new), price.cost.map(UnitCost::new));
        let seller = seller_of(status, price.vat_bp);
        let both = cost.zip(amount).and_then(|(cost, amount)| seller.percentages(cost, amount));
        let (markup, margin) = told(both);
        Self {
            product: price.id,
            sku: price.sku,
            name: price.name,
            list: list.to_owned(),
            price: amount.map(|amount| amount.to_string()),
            basis: price.basis.map(basis_code),
            cost: cost.map(|cost| cost.to_string()),
            markup,
            margin,
            changed_at: price.changed_at.map(format_instant),
            lights: Vec::new(),
            cost_change: None,
            usual: None,
        }
    }
}

/// One change of a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceChange)]
pub struct ChangeView {
    /// Counts all changes of prices.
    pub number: i64,
    /// The product.
    pub product: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The list.
    pub list: String,
    /// What it was; null for a first price.
    #[schema(required, example = "1700.00")]
    pub before: Option<String>,
    /// What it is from then on; null where it was taken off the list.
    #[schema(required, example = "1850.00")]
    pub price: Option<String>,
    /// What the product cost to buy again at that moment.
    #[schema(required, example = "1420.5000")]
    pub cost: Option<String>,
    /// `hand`, `import`, `rule`, `list`, `invoice` or `undo`.
    #[schema(example = "hand")]
    pub source: String,
    /// Why; empty where the product was written whole.
    pub reason: String,
    /// The repricing that did it.
    #[schema(required)]
    pub repricing: Option<Uuid>,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// Who.
    pub changed_by: String,
}

impl From<PriceChange> for ChangeView {
    fn from(change: PriceChange) -> Self {
        let money = |amount: Option<i64>| amount.map(|amount| Money::new(amount).to_string());
        Self {
            number: change.number,
            product: change.product_id,
            sku: change.sku,
            name: change.name,
            list: change.list,
            before: money(change.before),
            price: money(change.amount),
            cost: change.cost.map(|cost| UnitCost::new(cost).to_string()),
            source: change.source,
            reason: change.reason,
            repricing: change.repricing_id,
            changed_at: format_instant(change.changed_at),
            changed_by: change.actor_name,
        }
    }
}

/// What the shop is to the tax office from a day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxStatusView {
    /// The first day.
    #[schema(format = Date, example = "2026-11-01")]
    pub valid_from: String,
    /// `monotributo` or `registered_vat`.
    #[schema(example = "monotributo")]
    pub status: String,
    /// Who said so.
    pub set_by: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub set_at: String,
    /// Whether the costs that are known then are told anew, without their VAT or with it.
    pub costs_follow: bool,
    /// When that was done, UTC.
    #[schema(format = DateTime)]
    pub costs_followed_at: Option<String>,
}

impl From<DatedStatus> for TaxStatusView {
    fn from(status: DatedStatus) -> Self {
        Self {
            valid_from: format_day(status.valid_from),
            status: status.status,
            set_by: status.set_by,
            set_at: format_instant(status.set_at),
            costs_follow: status.costs_follow,
            costs_followed_at: status.costs_followed_at.map(format_instant),
        }
    }
}
