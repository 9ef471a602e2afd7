//! A new product before anybody said anything about it: what its category and the shop's defaults say.

use gondola_ledger::Unit;
use gondola_ledger::level::{MIN_DEFAULT, StockPolicy};
use gondola_ledger::qty::QUANTITY_MAX;
use gondola_store::{At, StoreError};
use uuid::Uuid;

use super::categories::{Category, GENERAL};
use super::product::{Product, ProductEdit};
use crate::kernel::text::generated_sku;

/// The product that `edit` is then applied to. An unknown category is replaced by any other here,
/// and refused when the edit is applied.
pub(super) fn draft(id: Uuid, now: At, categories: &[Category], edit: &ProductEdit) -> Result<Product, StoreError> {
    let wanted = edit.category.as_deref().unwrap_or(GENERAL);
    let category = categories.iter().find(|category| category.code == wanted).or(categories.first());
    let category = category.ok_or_else(|| StoreError::corrupt("categories", "code", GENERAL, "no category at all"))?;
    Ok(Product {
        id,
        sku: generated_sku(Some(&category.code), 0),
        name: String::new(),
        short_name: None,
        description: String::new(),
        category: category.reference(),
        brand: String::new(),
        variant: String::new(),
        image: None,
        notes: String::new(),
        active: true,
        unit: edit.unit.unwrap_or(Unit::Un),
        content: None,
        sold_by_weight: false,
        weight_g: None,
        dimensions: None,
        internal_code: None,
        scale_plu: None,
        vat_bp: category.vat_bp,
        internal_taxes: false,
        stock: default_stock(edit),
        target_days: None,
        perishable: category.expires,
        shelf_life_days: None,
        alert_days: None,
        acquisition_cost: None,
        replacement_cost: None,
        alcohol: false,
        tobacco: false,
        returnable: false,
        sale_price: None,
        wholesale_price: None,
        price_changed_at: None,
        barcodes: Vec::new(),
        presentations: Vec::new(),
        shelf_targets: Vec::new(),
        suppliers: Vec::new(),
        aliases: Vec::new(),
        moved: false,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// The ledger's defaults within the limits of a quantity; a maximum below the default minimum is
/// its own minimum.
fn default_stock(edit: &ProductEdit) -> StockPolicy {
    let min = edit.min_stock.or(edit.max_stock.map(|max| max.min(MIN_DEFAULT)));
    let policy = StockPolicy::with_defaults(min, edit.max_stock, edit.reorder_point);
    StockPolicy { max: policy.max.min(QUANTITY_MAX), ..policy }
}
