//! Rows as the database gives and takes them. A product's row is also what is sent to the database:
//! as JSON, so that one statement writes one product or ten thousand.

use gondola_ledger::level::StockPolicy;
use gondola_ledger::{Factor, Money, Qty, Unit, UnitCost};
use gondola_store::StoreError;
use gondola_store::protect::Protected;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::product::{
    CategoryRef, Content, Dimensions, Presentation, Product, ProductBarcode, ProductSupplier, ShelfTarget,
};
use crate::kernel::text::{Sku, fold};

/// A row of `products`, as written.
#[derive(Debug, Serialize)]
pub(super) struct ProductColumns {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    pub short_name: String,
    pub description: String,
    pub category_id: Uuid,
    pub brand: String,
    pub variant: String,
    pub unit: &'static str,
    pub content_quantity: Option<i64>,
    pub content_unit: Option<&'static str>,
    pub sold_by_weight: bool,
    pub weight_g: Option<i64>,
    pub width_mm: Option<i64>,
    pub height_mm: Option<i64>,
    pub depth_mm: Option<i64>,
    pub internal_code: Option<String>,
    pub scale_plu: Option<String>,
    pub vat_bp: i64,
    pub internal_taxes: bool,
    pub min_stock: i64,
    pub max_stock: i64,
    pub reorder_point: i64,
    pub target_days: Option<i64>,
    pub perishable: bool,
    pub shelf_life_days: Option<i64>,
    pub alert_days: Option<i64>,
    pub acquisition_cost: Option<String>,
    pub replacement_cost: Option<i64>,
    pub alcohol: bool,
    pub tobacco: bool,
    pub returnable: bool,
    pub image: Option<String>,
    pub notes: String,
    pub active: bool,
    pub name_folded: String,
    pub brand_folded: String,
    pub search_text: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

impl ProductColumns {
    /// The row of `product`, with what is derived from it and its sealed cost.
    pub fn of(product: &Product, acquisition_cost: Option<&[u8]>) -> Self {
        let content = product.content;
        let size = product.dimensions;
        Self {
            id: product.id,
            sku: product.sku.to_string(),
            name: product.name.clone(),
            short_name: product.short_name.clone().unwrap_or_default(),
            description: product.description.clone(),
            category_id: product.category.id,
            brand: product.brand.clone(),
            variant: product.variant.clone(),
            unit: product.unit.code(),
            content_quantity: content.map(|content| content.quantity.raw()),
            content_unit: content.map(|content| content.unit.code()),
            sold_by_weight: product.sold_by_weight,
            weight_g: product.weight_g,
            width_mm: size.map(|size| size.width_mm),
            height_mm: size.map(|size| size.height_mm),
            depth_mm: size.map(|size| size.depth_mm),
            internal_code: product.internal_code.clone(),
            scale_plu: product.scale_plu.clone(),
            vat_bp: product.vat_bp,
            internal_taxes: product.internal_taxes,
            min_stock: product.stock.min.raw(),
            max_stock: product.stock.max.raw(),
            reorder_point: product.stock.reorder_point.raw(),
            target_days: product.target_days,
            perishable: product.perishable,
            shelf_life_days: product.shelf_life_days,
            alert_days: product.alert_days,
            acquisition_cost: acquisition_cost.map(gondola_vault::hex),
            replacement_cost: product.replacement_cost.map(UnitCost::raw),
            alcohol: product.alcohol,
            tobacco: product.tobacco,
            returnable: product.returnable,
            image: product.image.clone(),
            notes: product.notes.clone(),
            active: product.active,
            name_folded: fold(&product.name),
            brand_folded: fold(&product.brand),
            search_text: search_text(product),
            created_at: product.created_at,
            updated_at: product.updated_at,
            version: product.version,
        }
    }
}

/// Everything a product may be looked for by, folded.
fn search_text(product: &Product) -> String {
    let mut words = vec![product.name.as_str(), &product.brand, &product.variant, product.sku.as_str()];
    words.extend(product.short_name.as_deref());
    words.extend(product.internal_code.as_deref());
    words.extend(product.scale_plu.as_deref());
    words.extend(product.barcodes.iter().map(|barcode| barcode.code.as_str()));
    words.extend(product.suppliers.iter().map(|supplier| supplier.supplier_sku.as_str()));
    words.extend(product.aliases.iter().map(String::as_str));
    fold(&words.join(" "))
}

/// A product as read, without its parts.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ProductRow {
    pub id: Uuid,
    sku: String,
    name: String,
    short_name: String,
    description: String,
    category_id: Uuid,
    category_code: String,
    margin_min_bp: i64,
    brand: String,
    variant: String,
    unit: String,
    content_quantity: Option<i64>,
    content_unit: Option<String>,
    sold_by_weight: bool,
    weight_g: Option<i64>,
    width_mm: Option<i64>,
    height_mm: Option<i64>,
    depth_mm: Option<i64>,
    internal_code: Option<String>,
    scale_plu: Option<String>,
    vat_bp: i64,
    internal_taxes: bool,
    min_stock: i64,
    max_stock: i64,
    reorder_point: i64,
    target_days: Option<i64>,
    perishable: bool,
    shelf_life_days: Option<i64>,
    alert_days: Option<i64>,
    acquisition_cost: Option<Vec<u8>>,
    replacement_cost: Option<i64>,
    alcohol: bool,
    tobacco: bool,
    returnable: bool,
    image: Option<String>,
    notes: String,
    active: bool,
    created_at: i64,
    updated_at: i64,
    version: i64,
    sale_price: Option<i64>,
    price_changed_at: Option<i64>,
    wholesale_price: Option<i64>,
    last_sequence: i64,
}

impl ProductRow {
    /// The product, still without its parts.
    pub fn into_product(self) -> Result<Product, StoreError> {
        let content = match (self.content_quantity, self.content_unit.as_deref()) {
            (Some(quantity), Some(unit)) => {
                Some(Content { quantity: Qty::new(quantity), unit: unit_of(unit, "content_unit", self.id)? })
            }
            _ => None,
        };
        let dimensions = match (self.width_mm, self.height_mm, self.depth_mm) {
            (Some(width_mm), Some(height_mm), Some(depth_mm)) => Some(Dimensions { width_mm, height_mm, depth_mm }),
            _ => None,
        };
        Ok(Product {
            id: self.id,
            sku: Sku::parse(&self.sku).map_err(|_| StoreError::corrupt("products", "sku", self.id, &self.sku))?,
            name: self.name,
            short_name: Some(self.short_name).filter(|name| !name.is_empty()),
            description: self.description,
            category: CategoryRef { id: self.category_id, code: self.category_code, margin_min_bp: self.margin_min_bp },
            brand: self.brand,
            variant: self.variant,
            image: self.image,
            notes: self.notes,
            active: self.active,
            unit: unit_of(&self.unit, "unit", self.id)?,
            content,
            sold_by_weight: self.sold_by_weight,
            weight_g: self.weight_g,
            dimensions,
            internal_code: self.internal_code,
            scale_plu: self.scale_plu,
            vat_bp: self.vat_bp,
            internal_taxes: self.internal_taxes,
            stock: StockPolicy {
                min: Qty::new(self.min_stock),
                max: Qty::new(self.max_stock),
                reorder_point: Qty::new(self.reorder_point),
            },
            target_days: self.target_days,
            perishable: self.perishable,
            shelf_life_days: self.shelf_life_days,
            alert_days: self.alert_days,
            acquisition_cost: self.acquisition_cost.map(Protected::sealed),
            replacement_cost: self.replacement_cost.map(UnitCost::new),
            alcohol: self.alcohol,
            tobacco: self.tobacco,
            returnable: self.returnable,
            sale_price: self.sale_price.map(Money::new),
            wholesale_price: self.wholesale_price.map(Money::new),
            price_changed_at: self.price_changed_at,
            barcodes: Vec::new(),
            presentations: Vec::new(),
            shelf_targets: Vec::new(),
            suppliers: Vec::new(),
            aliases: Vec::new(),
            moved: self.last_sequence > 0,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

/// A part of a product: which kind, and its fields as a JSON list.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PartRow {
    pub product_id: Uuid,
    part: String,
    fields: String,
}

impl PartRow {
    /// Adds the part to its product.
    pub fn add_to(self, product: &mut Product) -> Result<(), StoreError> {
        match self.part.as_str() {
            "barcode" => {
                let (code, presentation) = self.fields()?;
                product.barcodes.push(ProductBarcode { code, presentation });
            }
            "presentation" => {
                let (id, name, num, den, price): (Uuid, String, i64, i64, Option<i64>) = self.fields()?;
                let factor = factor_of(num, den, "presentations", id)?;
                product.presentations.push(Presentation { id, name, factor, price: price.map(Money::new) });
            }
            "shelf_target" => {
                let (location, location_code, quantity) = self.fields()?;
                product.shelf_targets.push(ShelfTarget { location, location_code, quantity: Qty::new(quantity) });
            }
            "supplier" => product.suppliers.push(self.supplier()?),
            "alias" => {
                let (folded,): (String,) = self.fields()?;
                product.aliases.push(folded);
            }
            other => return Err(StoreError::corrupt("products", "part", self.product_id, other)),
        }
        Ok(())
    }

    fn supplier(&self) -> Result<ProductSupplier, StoreError> {
        type Fields = (Uuid, String, String, String, i64, i64, Option<i64>, Option<i64>, i64);
        let (supplier, supplier_code, supplier_name, supplier_sku, num, den, last_cost, lead_days, main): Fields =
            self.fields()?;
        Ok(ProductSupplier {
            supplier,
            supplier_code,
            supplier_name,
            supplier_sku,
            pack: factor_of(num, den, "product_suppliers", self.product_id)?,
            last_cost: last_cost.map(UnitCost::new),
            lead_days,
            main: main == 1,
        })
    }

    fn fields<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(&self.fields)
            .map_err(|error| StoreError::corrupt("products", "parts", self.product_id, error))
    }
}

/// A supplier, as far as the catalogue knows suppliers.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct SupplierRow {
    pub id: Uuid,
    pub code: String,
    pub name: String,
}

/// A product as search shows it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct SummaryRow {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    pub short_name: String,
    pub brand: String,
    pub category_code: String,
    pub unit: String,
    pub active: bool,
    pub sale_price: Option<i64>,
}

fn unit_of(code: &str, column: &'static str, id: Uuid) -> Result<Unit, StoreError> {
    Unit::from_code(code).ok_or_else(|| StoreError::corrupt("products", column, id, code))
}

fn factor_of(num: i64, den: i64, table: &'static str, id: Uuid) -> Result<Factor, StoreError> {
    let term = |value: i64| u64::try_from(value).unwrap_or(0);
    Factor::new(term(num), term(den)).ok_or_else(|| StoreError::corrupt(table, "factor", id, format!("{num}/{den}")))
}
