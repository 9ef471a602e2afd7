//! What the catalogue answers about categories and places over the API; products are in `views.rs`.

use gondola_pricing::price::StepBand;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::categories::Category;
use super::locations::Location;
use super::views::{money, percent};
use crate::stock::CategoryStanding;

/// A category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryView {
    /// Its code.
    #[schema(example = "LAC")]
    pub code: String,
    /// Its name.
    #[schema(example = "Lácteos")]
    pub name: String,
    /// The code of the category above.
    #[schema(required)]
    pub parent: Option<String>,
    /// Least margin on price, in percent.
    #[schema(example = "10.00")]
    pub margin_min: String,
    /// Most margin on price, in percent.
    #[schema(example = "25.00")]
    pub margin_max: String,
    /// VAT of its new products, in percent.
    #[schema(example = "21.00")]
    pub vat_rate: String,
    /// A cost that moves this much is told at once, in percent.
    #[schema(example = "10.00")]
    pub cost_alert: String,
    /// Prices are rounded to this.
    #[schema(example = "50.00")]
    pub rounding_step: String,
    /// And to these steps below limits, the lowest limit first.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub rounding_bands: Vec<RoundingBandView>,
    /// Whether its new products go off.
    pub perishable: bool,
    /// Whether it takes products.
    pub active: bool,
    /// What each month makes of the minimum stock, January first.
    #[schema(min_items = 12, max_items = 12)]
    pub seasons: Vec<String>,
    /// How many active products it has, those of the categories below it included.
    pub products: i64,
    /// How many of them are low or worse.
    pub short: i64,
    /// Whether that is too many: more than a fifth.
    pub critical: bool,
    /// Counts its changes; goes into `If-Match`.
    pub version: i64,
}

/// Another step for prices below a limit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundingBand)]
pub struct RoundingBandView {
    /// The first price that is rounded otherwise.
    #[schema(example = "500.00")]
    pub below: String,
    /// What prices below it are rounded to.
    #[schema(example = "10.00")]
    pub step: String,
}

impl RoundingBandView {
    fn of(band: &StepBand) -> Self {
        Self { below: money(band.below), step: money(band.step) }
    }
}

impl CategoryView {
    /// A category as it stands among all that have products.
    pub(super) fn of(category: Category, standings: &[CategoryStanding]) -> Self {
        let standing = standings.iter().find(|standing| standing.code == category.code);
        Self {
            products: standing.map_or(0, |standing| standing.products),
            short: standing.map_or(0, |standing| standing.short),
            critical: standing.is_some_and(CategoryStanding::is_critical),
            code: category.code,
            name: category.name,
            parent: category.parent,
            margin_min: percent(category.margin_min_bp),
            margin_max: percent(category.margin_max_bp),
            vat_rate: percent(category.vat_bp),
            cost_alert: percent(category.cost_alert_bp),
            rounding_step: money(category.rounding_step),
            rounding_bands: category.rounding_bands.bands().iter().map(RoundingBandView::of).collect(),
            perishable: category.expires,
            active: category.active,
            seasons: category.seasons.map(thousandths).to_vec(),
            version: category.version,
        }
    }
}

/// A place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Location)]
pub struct LocationView {
    /// Its id.
    pub id: Uuid,
    /// The code that people and programs use.
    #[schema(example = "deposito")]
    pub code: String,
    /// Its name.
    #[schema(example = "Depósito")]
    pub name: String,
    /// What kind of place it is.
    #[schema(value_type = LocationKindCode)]
    pub kind: String,
    /// Whether goods there are stock of the shop; the others close the books.
    pub holds_stock: bool,
    /// Whether it is in use.
    pub active: bool,
    /// Counts its changes; goes into `If-Match`.
    pub version: i64,
}

/// The kinds of places.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
pub enum LocationKindCode {
    /// Shelves, storerooms, freezers.
    Stock,
    /// Goods that may not be sold.
    Quarantine,
    /// On the road between two places.
    Transit,
    /// Where goods are bought.
    Supplier,
    /// Where goods are sold.
    Customer,
    /// Where goods are lost.
    Waste,
    /// What the house consumes.
    OwnUse,
    /// Where counts and corrections come from.
    InventoryDifference,
}

impl From<Location> for LocationView {
    fn from(location: Location) -> Self {
        Self {
            id: location.id,
            holds_stock: location.holds_goods(),
            kind: location.kind.code().to_owned(),
            code: location.code,
            name: location.name,
            active: location.active,
            version: location.version,
        }
    }
}

/// A factor kept in thousandths.
fn thousandths(permille: i64) -> String {
    gondola_ledger::Qty::new(permille).format(gondola_ledger::Unit::Kg)
}
