//! A product as the shop knows it, with everything kept about it, and an edit of it. An edit says
//! only what changes: what it does not name stays as it is, and a new product is an edit of an empty
//! one. Whether the result may stand is decided in `rules.rs`; how it is stored, in `rows.rs`.

use gondola_ledger::level::StockPolicy;
use gondola_ledger::{Factor, Money, Qty, Unit, UnitCost};
use gondola_store::At;
use gondola_store::protect::Protected;
use uuid::Uuid;

use super::barcode::Barcode;
use crate::kernel::text::Sku;

/// A product.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Its id.
    pub id: Uuid,
    /// The code people use.
    pub sku: Sku,
    /// Its name.
    pub name: String,
    /// For labels and tickets, when the name is too long.
    pub short_name: Option<String>,
    /// Free text.
    pub description: String,
    /// Its category.
    pub category: CategoryRef,
    /// Its brand; empty when nobody said.
    pub brand: String,
    /// Clásica, zero, light, a flavour.
    pub variant: String,
    /// Where its picture is.
    pub image: Option<String>,
    /// Notes for the people of the shop.
    pub notes: String,
    /// Whether it is sold and bought.
    pub active: bool,
    /// The unit its stock is kept in.
    pub unit: Unit,
    /// What one unit holds: 473 ml.
    pub content: Option<Content>,
    /// Sold by weight.
    pub sold_by_weight: bool,
    /// Weight of one unit in grams.
    pub weight_g: Option<i64>,
    /// Outer size of one unit.
    pub dimensions: Option<Dimensions>,
    /// The shop's own number.
    pub internal_code: Option<String>,
    /// The scale's number, five digits.
    pub scale_plu: Option<String>,
    /// VAT in basis points.
    pub vat_bp: i64,
    /// Whether internal taxes are in its cost.
    pub internal_taxes: bool,
    /// Minimum, maximum, reorder point.
    pub stock: StockPolicy,
    /// For how many days to buy.
    pub target_days: Option<i64>,
    /// Whether it goes off.
    pub perishable: bool,
    /// Days it lasts when the lot does not say.
    pub shelf_life_days: Option<i64>,
    /// Days before expiry to warn.
    pub alert_days: Option<i64>,
    /// What it costs to buy, as somebody wrote it down.
    pub acquisition_cost: Option<Protected<UnitCost>>,
    /// What it costs to buy again.
    pub replacement_cost: Option<UnitCost>,
    /// Holds alcohol.
    pub alcohol: bool,
    /// Is tobacco.
    pub tobacco: bool,
    /// Comes in a returnable container.
    pub returnable: bool,
    /// Price on the GENERAL list.
    pub sale_price: Option<Money>,
    /// Price on the MAYORISTA list.
    pub wholesale_price: Option<Money>,
    /// When the sale price changed.
    pub price_changed_at: Option<At>,
    /// Barcodes of the product and of its presentations.
    pub barcodes: Vec<ProductBarcode>,
    /// Packs it comes in, besides the unit.
    pub presentations: Vec<Presentation>,
    /// What the shelf should hold, by location.
    pub shelf_targets: Vec<ShelfTarget>,
    /// Who sells it to us.
    pub suppliers: Vec<ProductSupplier>,
    /// What people call it, folded.
    pub aliases: Vec<String>,
    /// Whether it ever had a movement; its unit is then fixed.
    pub moved: bool,
    /// When it was created.
    pub created_at: At,
    /// When it was changed.
    pub updated_at: At,
    /// Counts its changes.
    pub version: i64,
}

/// The category of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRef {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Margin band in basis points, lower end.
    pub margin_min_bp: i64,
}

/// What one unit of a product holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// How much.
    pub quantity: Qty,
    /// Of what.
    pub unit: Unit,
}

/// Outer size in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    /// Width.
    pub width_mm: i64,
    /// Height.
    pub height_mm: i64,
    /// Depth.
    pub depth_mm: i64,
}

/// A barcode and what it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductBarcode {
    /// In its canonical form.
    pub code: String,
    /// The presentation; none means the unit itself.
    pub presentation: Option<Uuid>,
}

/// A pack of a product: its own name, factor, price and barcodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// Its id.
    pub id: Uuid,
    /// Its name: `pack x6`, `cajón`.
    pub name: String,
    /// How many base units it holds.
    pub factor: Factor,
    /// Its own price.
    pub price: Option<Money>,
}

/// What the shelf of a location should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfTarget {
    /// The location.
    pub location: Uuid,
    /// Its code.
    pub location_code: String,
    /// How much, in base units.
    pub quantity: Qty,
}

/// How one supplier sells a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductSupplier {
    /// The supplier.
    pub supplier: Uuid,
    /// Its code.
    pub supplier_code: String,
    /// Its name.
    pub supplier_name: String,
    /// What the supplier calls the product.
    pub supplier_sku: String,
    /// Base units in the pack it is bought in.
    pub pack: Factor,
    /// What it cost there last.
    pub last_cost: Option<UnitCost>,
    /// Days from order to delivery.
    pub lead_days: Option<i64>,
    /// Whether it is bought here first.
    pub main: bool,
}

/// What changes. The outer `Option` says whether the field is named; an inner one, whether it then
/// has a value.
#[derive(Debug, Clone, Default)]
pub struct ProductEdit {
    /// The code people use.
    pub sku: Option<Sku>,
    /// Its name.
    pub name: Option<String>,
    /// For labels and tickets.
    pub short_name: Option<Option<String>>,
    /// Free text.
    pub description: Option<String>,
    /// The code of its category.
    pub category: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// Its variant.
    pub variant: Option<String>,
    /// Where its picture is.
    pub image: Option<Option<String>>,
    /// Notes.
    pub notes: Option<String>,
    /// The unit its stock is kept in.
    pub unit: Option<Unit>,
    /// What one unit holds.
    pub content: Option<Option<Content>>,
    /// Sold by weight.
    pub sold_by_weight: Option<bool>,
    /// Weight of one unit in grams.
    pub weight_g: Option<Option<i64>>,
    /// Outer size.
    pub dimensions: Option<Option<Dimensions>>,
    /// The shop's own number.
    pub internal_code: Option<Option<String>>,
    /// The scale's number.
    pub scale_plu: Option<Option<String>>,
    /// VAT in basis points.
    pub vat_bp: Option<i64>,
    /// Internal taxes.
    pub internal_taxes: Option<bool>,
    /// Minimum stock.
    pub min_stock: Option<Qty>,
    /// Maximum stock.
    pub max_stock: Option<Qty>,
    /// Reorder point.
    pub reorder_point: Option<Qty>,
    /// Target days.
    pub target_days: Option<Option<i64>>,
    /// Whether it goes off.
    pub perishable: Option<bool>,
    /// Days it lasts.
    pub shelf_life_days: Option<Option<i64>>,
    /// Days before expiry to warn.
    pub alert_days: Option<Option<i64>>,
    /// What it costs to buy, as somebody wrote it down.
    pub acquisition_cost: Option<Option<Protected<UnitCost>>>,
    /// What it costs to buy again.
    pub replacement_cost: Option<Option<UnitCost>>,
    /// Holds alcohol.
    pub alcohol: Option<bool>,
    /// Is tobacco.
    pub tobacco: Option<bool>,
    /// Returnable container.
    pub returnable: Option<bool>,
    /// Price on the GENERAL list.
    pub sale_price: Option<Option<Money>>,
    /// Price on the MAYORISTA list.
    pub wholesale_price: Option<Option<Money>>,
    /// All barcodes of the unit itself.
    pub barcodes: Option<Vec<Barcode>>,
    /// All presentations.
    pub presentations: Option<Vec<PresentationEdit>>,
    /// All shelf targets.
    pub shelf_targets: Option<Vec<ShelfTargetEdit>>,
    /// All suppliers.
    pub suppliers: Option<Vec<SupplierEdit>>,
}

/// A presentation as it shall be; one of the same name keeps its id.
#[derive(Debug, Clone)]
pub struct PresentationEdit {
    /// Its name.
    pub name: String,
    /// How many base units it holds.
    pub factor: Factor,
    /// Its own price.
    pub price: Option<Money>,
    /// Its barcodes.
    pub barcodes: Vec<Barcode>,
}

/// A shelf target as it shall be.
#[derive(Debug, Clone)]
pub struct ShelfTargetEdit {
    /// The code of the location.
    pub location: String,
    /// How much.
    pub quantity: Qty,
}

/// A supplier of the product as it shall be.
#[derive(Debug, Clone)]
pub struct SupplierEdit {
    /// The code of the supplier.
    pub supplier: String,
    /// What the supplier calls the product.
    pub supplier_sku: String,
    /// Base units in the pack.
    pub pack: Factor,
    /// What it cost there last.
    pub last_cost: Option<UnitCost>,
    /// Days from order to delivery.
    pub lead_days: Option<i64>,
    /// Whether it is bought here first.
    pub main: bool,
}

impl Product {
    /// Whether it stands on any price list.
    pub fn is_priced(&self) -> bool {
        self.sale_price.is_some() || self.wholesale_price.is_some()
    }

    /// What it costs to buy, where that was opened.
    pub fn known_acquisition_cost(&self) -> Option<UnitCost> {
        self.acquisition_cost.as_ref()?.get().copied()
    }
}

impl ProductEdit {
    /// Whether it names a price, which takes a right of its own.
    pub fn touches_prices(&self) -> bool {
        self.sale_price.is_some() || self.wholesale_price.is_some() || self.presentations.is_some()
    }

    /// Whether it names what the level of its stock depends on.
    pub fn touches_level(&self) -> bool {
        self.min_stock.is_some() || self.max_stock.is_some() || self.reorder_point.is_some() || self.category.is_some()
    }

    /// Whether it names a cost, which takes a right of its own.
    pub fn touches_cost(&self) -> bool {
        let suppliers = self.suppliers.iter().flatten();
        self.acquisition_cost.is_some()
            || self.replacement_cost.is_some()
            || suppliers.into_iter().any(|supplier| supplier.last_cost.is_some())
    }
}
