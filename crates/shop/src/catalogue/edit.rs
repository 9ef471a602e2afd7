//! Applying an edit to a product. Everything that is wrong is noted at once; the product is then
//! thrown away by the caller. Names of other things (category, location, supplier) are resolved from
//! [`References`], so nothing here asks the database.

use gondola_ledger::Qty;
use gondola_pricing::unit_cost::TaxStatus;
use uuid::Uuid;

use super::barcode::Barcode;
use super::categories::Category;
use super::locations::Location;
use super::product::{
    Presentation, PresentationEdit, Product, ProductBarcode, ProductEdit, ProductSupplier, ShelfTarget,
    ShelfTargetEdit, SupplierEdit,
};
use super::rows::SupplierRow;
use super::rules;
use crate::kernel::Errors;

/// What is asked of a sale price that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceGuard {
    /// Nothing: no edit names a price, or what it names stood before and comes back.
    #[default]
    StoodBefore,
    /// What the category asks for, by what the shop is to the tax office.
    By(TaxStatus),
}

/// What an edit may refer to by code.
#[derive(Debug, Default)]
pub struct References {
    /// All categories, when one is named.
    pub categories: Vec<Category>,
    /// All locations, when one is named.
    pub locations: Vec<Location>,
    /// All suppliers, when one is named.
    pub(super) suppliers: Vec<SupplierRow>,
    /// What is asked of sale prices.
    pub(super) guard: PriceGuard,
}

/// Applies `edit` to `product` and checks the result; what is wrong is noted in `errors`.
pub fn apply(
    edit: &ProductEdit,
    product: &mut Product,
    references: &References,
    new_id: impl FnMut() -> Uuid,
    errors: &mut Errors,
) {
    let sold_at = product.sale_price;
    identity(edit, product, references, errors);
    measure(edit, product, errors);
    policy(edit, product);
    money_and_flags(edit, product);
    parts(edit, product, references, new_id, errors);
    rules::check(product, edit, errors);
    if let PriceGuard::By(status) = references.guard
        && product.sale_price != sold_at
    {
        rules::check_margin(product, status, errors);
    }
}

fn identity(edit: &ProductEdit, product: &mut Product, references: &References, errors: &mut Errors) {
    if let Some(code) = &edit.category {
        match references.categories.iter().find(|category| category.code == *code) {
            Some(category) if category.active => product.category = category.reference(),
            _ => errors.add(
                "category",
                "unknown_category",
                "No hay un rubro con ese código.",
                "There is no category with that code.",
            ),
        }
    }
    set(&mut product.sku, &edit.sku);
    set(&mut product.name, &edit.name);
    set(&mut product.short_name, &edit.short_name);
    set(&mut product.description, &edit.description);
    set(&mut product.brand, &edit.brand);
    set(&mut product.variant, &edit.variant);
    set(&mut product.image, &edit.image);
    set(&mut product.notes, &edit.notes);
    set(&mut product.internal_code, &edit.internal_code);
    set(&mut product.scale_plu, &edit.scale_plu);
}

fn measure(edit: &ProductEdit, product: &mut Product, errors: &mut Errors) {
    if let Some(unit) = edit.unit.filter(|unit| *unit != product.unit) {
        if product.moved {
            errors.add(
                "unit",
                "unit_in_use",
                "Ya tiene movimientos en otra unidad. Creá un producto nuevo con esta unidad.",
                "It already has movements in another unit. Create a new product with this unit.",
            );
        }
        product.unit = unit;
    }
    set(&mut product.content, &edit.content);
    set(&mut product.sold_by_weight, &edit.sold_by_weight);
    set(&mut product.weight_g, &edit.weight_g);
    set(&mut product.dimensions, &edit.dimensions);
}

fn policy(edit: &ProductEdit, product: &mut Product) {
    set(&mut product.stock.min, &edit.min_stock);
    set(&mut product.stock.max, &edit.max_stock);
    set(&mut product.stock.reorder_point, &edit.reorder_point);
    set(&mut product.target_days, &edit.target_days);
    set(&mut product.perishable, &edit.perishable);
    set(&mut product.shelf_life_days, &edit.shelf_life_days);
    set(&mut product.alert_days, &edit.alert_days);
}

fn money_and_flags(edit: &ProductEdit, product: &mut Product) {
    set(&mut product.vat_bp, &edit.vat_bp);
    set(&mut product.internal_taxes, &edit.internal_taxes);
    set(&mut product.acquisition_cost, &edit.acquisition_cost);
    set(&mut product.replacement_cost, &edit.replacement_cost);
    set(&mut product.sale_price, &edit.sale_price);
    set(&mut product.wholesale_price, &edit.wholesale_price);
    set(&mut product.alcohol, &edit.alcohol);
    set(&mut product.tobacco, &edit.tobacco);
    set(&mut product.returnable, &edit.returnable);
}

fn parts(
    edit: &ProductEdit,
    product: &mut Product,
    references: &References,
    mut new_id: impl FnMut() -> Uuid,
    errors: &mut Errors,
) {
    if let Some(codes) = &edit.barcodes {
        product.barcodes.retain(|barcode| barcode.presentation.is_some());
        let own = codes.iter().map(|code| ProductBarcode { code: code.to_string(), presentation: None });
        product.barcodes.extend(own);
    }
    if let Some(wanted) = &edit.presentations {
        product.barcodes.retain(|barcode| barcode.presentation.is_none());
        let before = std::mem::take(&mut product.presentations);
        for presentation in wanted {
            let kept = before.iter().find(|old| old.name == presentation.name);
            let id = kept.map_or_else(&mut new_id, |old| old.id);
            add_presentation(product, presentation, id);
        }
    }
    // In the order in which the database gives them back.
    product.barcodes.sort_by(|one, other| one.code.cmp(&other.code));
    if let Some(wanted) = &edit.shelf_targets {
        product.shelf_targets = shelf_targets(wanted, &references.locations, errors);
    }
    if let Some(wanted) = &edit.suppliers {
        product.suppliers = suppliers(wanted, &product.suppliers, &references.suppliers, errors);
    }
}

fn add_presentation(product: &mut Product, wanted: &PresentationEdit, id: Uuid) {
    let on_it = |code: &Barcode| ProductBarcode { code: code.to_string(), presentation: Some(id) };
    product.barcodes.extend(wanted.barcodes.iter().map(on_it));
    let PresentationEdit { name, factor, price, .. } = wanted.clone();
    product.presentations.push(Presentation { id, name, factor, price });
}

fn shelf_targets(wanted: &[ShelfTargetEdit], locations: &[Location], errors: &mut Errors) -> Vec<ShelfTarget> {
    let mut targets: Vec<ShelfTarget> = Vec::new();
    for (index, target) in wanted.iter().enumerate() {
        let field = format!("shelf_targets[{index}].location");
        let found = locations.iter().find(|location| location.code == target.location && location.holds_goods());
        let Some(location) = found else {
            errors.add(
                &field,
                "unknown_location",
                "No hay un lugar con ese código.",
                "There is no location with that code.",
            );
            continue;
        };
        if targets.iter().any(|other| other.location == location.id) {
            repeated(errors, &field);
        }
        let location_code = location.code.clone();
        targets.push(ShelfTarget { location: location.id, location_code, quantity: target.quantity });
    }
    targets.retain(|target| target.quantity > Qty::ZERO);
    let place = |target: &ShelfTarget| locations.iter().position(|location| location.id == target.location);
    targets.sort_by_key(place);
    targets
}

fn suppliers(
    wanted: &[SupplierEdit],
    before: &[ProductSupplier],
    known: &[SupplierRow],
    errors: &mut Errors,
) -> Vec<ProductSupplier> {
    let mut suppliers: Vec<ProductSupplier> = Vec::new();
    for (index, supplier) in wanted.iter().enumerate() {
        let field = format!("suppliers[{index}].supplier");
        let Some(row) = known.iter().find(|row| row.code == supplier.supplier) else {
            errors.add(
                &field,
                "unknown_supplier",
                "No hay un proveedor con ese código.",
                "There is no supplier with that code.",
            );
            continue;
        };
        if suppliers.iter().any(|other| other.supplier == row.id) {
            repeated(errors, &field);
        }
        // Who may not see the cost sends none; that does not make it unknown.
        let kept = before.iter().find(|other| other.supplier == row.id).and_then(|other| other.last_cost);
        suppliers.push(ProductSupplier {
            supplier: row.id,
            supplier_code: row.code.clone(),
            supplier_name: row.name.clone(),
            supplier_sku: supplier.supplier_sku.clone(),
            pack: supplier.pack,
            last_cost: supplier.last_cost.or(kept),
            lead_days: supplier.lead_days,
            main: supplier.main,
        });
    }
    suppliers.sort_by(|one, other| (!one.main, &one.supplier_code).cmp(&(!other.main, &other.supplier_code)));
    suppliers
}

fn set<T: Clone>(field: &mut T, change: &Option<T>) {
    if let Some(value) = change {
        field.clone_from(value);
    }
}

pub(super) fn repeated(errors: &mut Errors, field: &str) {
    errors.add(field, "repeated", "Está repetido.", "It is repeated.");
}
