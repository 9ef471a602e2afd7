//! The rules a product must keep, as pure decisions: what may stand, which two products may be the
//! same. Reading single values is not here (`api`), nor is the stock level, which is the ledger's.

use gondola_ledger::{NumberError, Qty, Unit, UnitCost};
use gondola_pricing::unit_cost::TaxStatus;

use super::edit::repeated;
use super::product::{Product, ProductEdit};
use crate::kernel::Errors;
use crate::kernel::numbers::number_text;
use crate::kernel::text::{fold, similarity_per_mille};
use crate::prices;

/// Barcodes of one product at most, those of its presentations included.
pub const BARCODES_MAX: usize = 50;
/// Presentations of one product at most.
pub const PRESENTATIONS_MAX: usize = 20;
/// Shelf targets of one product at most.
pub const SHELF_TARGETS_MAX: usize = 50;
/// Suppliers of one product at most.
pub const SUPPLIERS_MAX: usize = 20;
/// Aliases of one product at most.
pub const ALIASES_MAX: usize = 200;

/// Names at least this alike, by Jaro-Winkler in thousandths, may be the same product.
pub const SIMILARITY_MIN_PER_MILLE: u16 = 880;

/// Checks what an edit made of a product.
pub fn check(product: &Product, edit: &ProductEdit, errors: &mut Errors) {
    check_quantities(product, edit, errors);
    check_prices(product, edit, errors);
    check_parts(product, errors);
    if product.sold_by_weight && !matches!(product.unit, Unit::Kg | Unit::G) {
        errors.add(
            "sold_by_weight",
            "not_a_weight",
            "Para venderlo por peso, la unidad tiene que ser kg o g.",
            "To sell it by weight, its unit must be kg or g.",
        );
    }
}

fn check_quantities(product: &Product, edit: &ProductEdit, errors: &mut Errors) {
    let stock = product.stock;
    let bounds = [
        ("min_stock", stock.min, edit.min_stock.is_some()),
        ("max_stock", stock.max, edit.max_stock.is_some()),
        ("reorder_point", stock.reorder_point, edit.reorder_point.is_some()),
    ];
    // A bound that follows from another is not to blame for it; when none is named, the unit changed.
    let none_named = bounds.iter().all(|(_, _, named)| !named);
    for (field, quantity, named) in bounds {
        if named || none_named {
            check_whole(field, quantity, product.unit, errors);
        }
    }
    for (index, target) in product.shelf_targets.iter().enumerate() {
        check_whole(&format!("shelf_targets[{index}].quantity"), target.quantity, product.unit, errors);
    }
    if let Some(content) = product.content {
        check_whole("content.quantity", content.quantity, content.unit, errors);
    }
    if stock.max < stock.min {
        let min = stock.min.format(product.unit);
        errors.add(
            "max_stock",
            "max_below_min",
            format!("El máximo no puede ser menor que el mínimo ({min})."),
            format!("The maximum cannot be below the minimum ({min})."),
        );
    }
}

fn check_whole(field: &str, quantity: Qty, unit: Unit, errors: &mut Errors) {
    if unit.places() == 0 && !quantity.is_whole() {
        let text = number_text(NumberError::NotWhole, Some(unit));
        errors.add(field, NumberError::NotWhole.code(), text.es, text.en);
    }
}

/// The wholesale price stands between cost and retail price. Looked at only when one of the three
/// changes: a name can be mended while a cost has overtaken a price.
fn check_prices(product: &Product, edit: &ProductEdit, errors: &mut Errors) {
    let touched = edit.sale_price.is_some() || edit.wholesale_price.is_some() || edit.touches_cost();
    let Some(wholesale) = product.wholesale_price.filter(|_| touched) else { return };
    if cost_basis(product).is_some_and(|cost| UnitCost::from_money(wholesale).is_none_or(|price| price <= cost)) {
        errors.add(
            "wholesale_price",
            "not_above_cost",
            "El precio mayorista tiene que ser mayor que el costo.",
            "The wholesale price must be above the cost.",
        );
    }
    if product.sale_price.is_some_and(|retail| wholesale > retail) {
        errors.add(
            "wholesale_price",
            "above_retail",
            "El precio mayorista no puede superar al precio de venta.",
            "The wholesale price cannot be above the retail price.",
        );
    }
}

/// A new sale price leaves what its category asks for. Only the replacement cost counts: it is what goods cost now.
pub fn check_margin(product: &Product, status: TaxStatus, errors: &mut Errors) {
    let Some(price) = product.sale_price else { return };
    let minimum = prices::minimum_of(product.category.margin_min_bp);
    let seller = prices::seller_of(status, product.vat_bp);
    let guard = prices::judge(seller, product.replacement_cost, price, minimum);
    if let Some((code, text)) = prices::below_minimum(guard, minimum) {
        errors.add("sale_price", code, text.es, text.en);
    }
}

fn check_parts(product: &Product, errors: &mut Errors) {
    let lengths = [
        ("barcodes", product.barcodes.len(), BARCODES_MAX),
        ("presentations", product.presentations.len(), PRESENTATIONS_MAX),
        ("shelf_targets", product.shelf_targets.len(), SHELF_TARGETS_MAX),
        ("suppliers", product.suppliers.len(), SUPPLIERS_MAX),
    ];
    for (field, length, max) in lengths {
        if length > max {
            errors.add(field, "too_many", format!("Admite hasta {max}."), format!("It takes at most {max}."));
        }
    }
    for (index, barcode) in product.barcodes.iter().enumerate() {
        if product.barcodes[..index].iter().any(|other| other.code == barcode.code) {
            repeated(errors, "barcodes");
        }
    }
    for (index, presentation) in product.presentations.iter().enumerate() {
        let name = fold(&presentation.name);
        let taken = product.presentations[..index].iter().any(|other| fold(&other.name) == name);
        if taken || Unit::from_code(&name).is_some() {
            repeated(errors, &format!("presentations[{index}].name"));
        }
    }
    if product.suppliers.iter().filter(|supplier| supplier.main).count() > 1 {
        repeated(errors, "suppliers");
    }
}

/// Whether two names of the same brand and size may be one product.
pub fn names_are_alike(name: &str, other: &str) -> bool {
    similarity_per_mille(name, other) >= SIMILARITY_MIN_PER_MILLE
}

/// What a price is built on: replacement cost, else the purchase cost.
pub fn cost_basis(product: &Product) -> Option<UnitCost> {
    product.replacement_cost.or_else(|| product.known_acquisition_cost()).filter(|cost| cost.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_a_letter_are_alike() {
        assert!(names_are_alike("Leche sachet La Serenísima", "leche sachet la serenisma"));
        assert!(!names_are_alike("leche sachet la serenisima", "manteca la serenisima 200"));
    }
}
