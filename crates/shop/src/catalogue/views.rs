//! What the catalogue answers over the API: plain values, decimals as strings. Costs are in a view
//! only for who may see them: [`ProductView::for_actor`] takes them out.

use gondola_ledger::{Money, UnitCost};
use gondola_store::{Actor, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::product::{Content, Dimensions, Product, ProductBarcode};
use crate::kernel::time::format_instant;

/// A product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    /// Its id.
    pub id: Uuid,
    /// The code people use.
    #[schema(example = "LAC-LS-SACH")]
    pub sku: String,
    /// Its name.
    pub name: String,
    /// For labels and tickets.
    #[schema(required)]
    pub short_name: Option<String>,
    /// Free text.
    pub description: String,
    /// The code of its category.
    #[schema(example = "LAC")]
    pub category: String,
    /// Its brand; empty when nobody said.
    pub brand: String,
    /// Clásica, zero, light, a flavour.
    pub variant: String,
    /// Where its picture is.
    #[schema(required)]
    pub image: Option<String>,
    /// Notes for the people of the shop.
    pub notes: String,
    /// Whether it is sold and bought.
    pub active: bool,
    /// The unit its stock is kept in.
    #[schema(value_type = UnitCode)]
    pub unit: String,
    /// What one unit holds.
    #[schema(required)]
    pub content: Option<ContentView>,
    /// Sold by weight.
    pub sold_by_weight: bool,
    /// Weight of one unit in grams.
    #[schema(required)]
    pub weight_g: Option<i64>,
    /// Outer size of one unit.
    #[schema(required)]
    pub dimensions: Option<DimensionsView>,
    /// Barcodes of the unit itself.
    pub barcodes: Vec<String>,
    /// The shop's own number.
    #[schema(required)]
    pub internal_code: Option<String>,
    /// The scale's number, five digits.
    #[schema(required)]
    pub scale_plu: Option<String>,
    /// Packs it comes in, besides the unit.
    pub presentations: Vec<PresentationView>,
    /// VAT in percent.
    #[schema(example = "21.00")]
    pub vat_rate: String,
    /// Whether internal taxes are in its cost.
    pub internal_taxes: bool,
    /// Minimum stock.
    pub min_stock: String,
    /// Maximum stock.
    pub max_stock: String,
    /// Order when stock falls here.
    pub reorder_point: String,
    /// For how many days to buy.
    #[schema(required)]
    pub target_days: Option<i64>,
    /// What the shelf should hold, by location.
    pub shelf_targets: Vec<ShelfTargetView>,
    /// Whether it goes off.
    pub perishable: bool,
    /// Days it lasts when the lot does not say.
    #[schema(required)]
    pub shelf_life_days: Option<i64>,
    /// Days before expiry to warn.
    #[schema(required)]
    pub alert_days: Option<i64>,
    /// Who sells it to us, the main one first.
    pub suppliers: Vec<ProductSupplierView>,
    /// Price on the GENERAL list.
    #[schema(required, example = "1850.00")]
    pub sale_price: Option<String>,
    /// Price on the MAYORISTA list.
    #[schema(required)]
    pub wholesale_price: Option<String>,
    /// When the sale price changed.
    #[schema(required)]
    pub price_changed_at: Option<String>,
    /// What it costs to buy, as somebody wrote it down; null for who may not see cost.
    #[schema(required, example = "1420.5000")]
    pub acquisition_cost: Option<String>,
    /// What it costs to buy again; null for who may not see cost.
    #[schema(required)]
    pub replacement_cost: Option<String>,
    /// Holds alcohol.
    pub alcohol: bool,
    /// Is tobacco.
    pub tobacco: bool,
    /// Comes in a returnable container.
    pub returnable: bool,
    /// When it was created.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
    /// Counts its changes; goes into `If-Match`.
    pub version: i64,
}

/// What one unit holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Content)]
pub struct ContentView {
    /// How much.
    #[schema(example = "473.000")]
    pub quantity: String,
    /// Of what.
    #[schema(value_type = UnitCode)]
    pub unit: String,
}

/// Outer size of one unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Dimensions)]
pub struct DimensionsView {
    /// Width.
    pub width_mm: i64,
    /// Height.
    pub height_mm: i64,
    /// Depth.
    pub depth_mm: i64,
}

/// A pack of a product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Presentation)]
pub struct PresentationView {
    /// Its id.
    pub id: Uuid,
    /// Its name; a movement may give it as `unit`.
    #[schema(example = "pack x6")]
    pub name: String,
    /// How many base units it holds: `6` or `1/9`.
    #[schema(example = "6")]
    pub factor: String,
    /// Its own price.
    #[schema(required)]
    pub price: Option<String>,
    /// Its barcodes.
    pub barcodes: Vec<String>,
}

/// What the shelf of a location should hold.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ShelfTarget)]
pub struct ShelfTargetView {
    /// The code of the location.
    #[schema(example = "local")]
    pub location: String,
    /// How much.
    pub quantity: String,
}

/// How one supplier sells a product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ProductSupplier)]
pub struct ProductSupplierView {
    /// The code of the supplier.
    #[schema(example = "LS")]
    pub supplier: String,
    /// Its name.
    pub name: String,
    /// What the supplier calls the product.
    pub supplier_sku: String,
    /// Base units in the pack it is bought in.
    #[schema(example = "12")]
    pub pack: String,
    /// What it cost there last; null for who may not see cost.
    #[schema(required)]
    pub last_cost: Option<String>,
    /// Days from order to delivery.
    #[schema(required)]
    pub lead_days: Option<i64>,
    /// Whether it is bought here first.
    pub main: bool,
}

/// The units stock is kept in.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
pub enum UnitCode {
    /// Whole units.
    Un,
    /// Kilograms.
    Kg,
    /// Grams.
    G,
    /// Litres.
    L,
    /// Millilitres.
    Ml,
    /// Metres.
    M,
}

impl ProductView {
    /// Everything about a product, costs included.
    pub fn of(product: &Product) -> Self {
        let quantity = |quantity: gondola_ledger::Qty| quantity.format(product.unit);
        Self {
            id: product.id,
            sku: product.sku.to_string(),
            name: product.name.clone(),
            short_name: product.short_name.clone(),
            description: product.description.clone(),
            category: product.category.code.clone(),
            brand: product.brand.clone(),
            variant: product.variant.clone(),
            image: product.image.clone(),
            notes: product.notes.clone(),
            active: product.active,
            unit: product.unit.code().to_owned(),
            content: product.content.map(ContentView::from),
            sold_by_weight: product.sold_by_weight,
            weight_g: product.weight_g,
            dimensions: product.dimensions.map(DimensionsView::from),
            barcodes: codes(&product.barcodes, None),
            internal_code: product.internal_code.clone(),
            scale_plu: product.scale_plu.clone(),
            presentations: presentations(product),
            vat_rate: percent(product.vat_bp),
            internal_taxes: product.internal_taxes,
            min_stock: quantity(product.stock.min),
            max_stock: quantity(product.stock.max),
            reorder_point: quantity(product.stock.reorder_point),
            target_days: product.target_days,
            shelf_targets: shelf_targets(product),
            perishable: product.perishable,
            shelf_life_days: product.shelf_life_days,
            alert_days: product.alert_days,
            suppliers: suppliers(product),
            sale_price: product.sale_price.map(money),
            wholesale_price: product.wholesale_price.map(money),
            price_changed_at: product.price_changed_at.map(format_instant),
            acquisition_cost: product.known_acquisition_cost().map(cost),
            replacement_cost: product.replacement_cost.map(cost),
            alcohol: product.alcohol,
            tobacco: product.tobacco,
            returnable: product.returnable,
            created_at: format_instant(product.created_at),
            updated_at: format_instant(product.updated_at),
            version: product.version,
        }
    }

    /// The same without what `actor` may not see.
    pub fn for_actor(mut self, actor: &Actor) -> Self {
        if !actor.may(Permission::ReadCost) {
            self.acquisition_cost = None;
            self.replacement_cost = None;
            for supplier in &mut self.suppliers {
                supplier.last_cost = None;
            }
        }
        self
    }
}

fn codes(barcodes: &[ProductBarcode], presentation: Option<Uuid>) -> Vec<String> {
    let of_it = barcodes.iter().filter(|barcode| barcode.presentation == presentation);
    of_it.map(|barcode| barcode.code.clone()).collect()
}

pub(super) fn presentations(product: &Product) -> Vec<PresentationView> {
    let view = |presentation: &super::product::Presentation| PresentationView {
        id: presentation.id,
        name: presentation.name.clone(),
        factor: presentation.factor.to_string(),
        price: presentation.price.map(money),
        barcodes: codes(&product.barcodes, Some(presentation.id)),
    };
    product.presentations.iter().map(view).collect()
}

fn shelf_targets(product: &Product) -> Vec<ShelfTargetView> {
    let view = |target: &super::product::ShelfTarget| ShelfTargetView {
        location: target.location_code.clone(),
        quantity: target.quantity.format(product.unit),
    };
    product.shelf_targets.iter().map(view).collect()
}

fn suppliers(product: &Product) -> Vec<ProductSupplierView> {
    let view = |supplier: &super::product::ProductSupplier| ProductSupplierView {
        supplier: supplier.supplier_code.clone(),
        name: supplier.supplier_name.clone(),
        supplier_sku: supplier.supplier_sku.clone(),
        pack: supplier.pack.to_string(),
        last_cost: supplier.last_cost.map(cost),
        lead_days: supplier.lead_days,
        main: supplier.main,
    };
    product.suppliers.iter().map(view).collect()
}

impl ContentView {
    /// `473 ml`.
    pub(super) fn told(&self) -> String {
        let quantity = self.quantity.trim_end_matches('0').trim_end_matches('.');
        format!("{quantity} {}", self.unit)
    }
}

impl From<Content> for ContentView {
    fn from(content: Content) -> Self {
        Self { quantity: content.quantity.format(content.unit), unit: content.unit.code().to_owned() }
    }
}

impl From<Dimensions> for DimensionsView {
    fn from(size: Dimensions) -> Self {
        let Dimensions { width_mm, height_mm, depth_mm } = size;
        Self { width_mm, height_mm, depth_mm }
    }
}

/// A percentage kept in basis points, with two places like an amount.
pub(super) fn percent(bp: i64) -> String {
    Money::new(bp).to_string()
}

pub(super) fn money(amount: Money) -> String {
    amount.to_string()
}

fn cost(cost: UnitCost) -> String {
    cost.to_string()
}
