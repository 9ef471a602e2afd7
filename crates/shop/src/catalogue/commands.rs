//! Creating and changing products. Each command reads what it needs, applies the edit, lets the
//! rules look at the result and writes it whole.

use gondola_ledger::Unit;
use gondola_ledger::level::StockPolicy;
use gondola_ledger::qty::QUANTITY_MAX;
use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::categories::{self, Category};
use super::edit::{self, References};
use super::finding::LAST_LETTER;
use super::product::{Product, ProductEdit};
use super::queries;
use super::refusals::{CatalogueRefusal, CodeKind};
use super::rows::SupplierRow;
use super::views::ProductView;
use super::write::{self, Parts};
use super::{locations, rules, sql};
use crate::kernel::Errors;
use crate::kernel::text::{fold, generated_sku};
use crate::stock::{self, Opening, ProductRef};

/// Generated codes tried when people typed the next ones already.
const GENERATED_TRIES_MAX: usize = 1_000;
/// Possible duplicates that are told at most.
const SIMILAR_MAX: usize = 5;
/// Letters of a name within which a product without a brand is compared.
const SIMILAR_PREFIX_LETTERS: usize = 3;

/// Creates a product, with its opening stock if it has one.
pub struct CreateProduct {
    /// Its fields; name, category and unit are there.
    pub edit: ProductEdit,
    /// Stock that is already there.
    pub opening: Option<Opening>,
}

/// A product just created.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatedProduct {
    /// The product, costs included.
    pub product: ProductView,
    /// Products that may be the same.
    pub similar: Vec<SimilarProduct>,
}

/// A product that may be the same as a new one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SimilarProduct {
    /// Its id.
    pub id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
}

impl Command for CreateProduct {
    const NAME: &'static str = "catalogue.create_product";
    type Out = CreatedProduct;
    type Refusal = CatalogueRefusal;

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    fn also_needs(&self) -> Vec<Permission> {
        let prices = self.edit.touches_prices().then_some(Permission::EditPrices);
        let opening = self.opening.is_some().then_some(Permission::Receive);
        prices.into_iter().chain(opening).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CreatedProduct, Fail<CatalogueRefusal>> {
        let references = references(tx, std::slice::from_ref(&self.edit)).await?;
        let mut errors = Errors::new();
        let mut product = blank(cx.new_id(), cx.now, &references.categories, &self.edit).map_err(Fail::Refused)?;
        edit::apply(&self.edit, &mut product, &references, || cx.new_id(), &mut errors);
        if !errors.is_empty() {
            return Err(Fail::Refused(CatalogueRefusal::Invalid(errors.into_inner())));
        }
        let similar = similar(tx, &product).await?;
        if self.edit.sku.is_some() {
            write::insert(tx, cx, std::slice::from_ref(&product)).await?;
        } else {
            insert_with_generated_code(tx, cx, &mut product).await?;
        }
        if let Some(opening) = &self.opening {
            stock::post_opening(tx, cx, product.id, opening)
                .await
                .map_err(|fail| fail.map(CatalogueRefusal::Opening))?;
        }
        product.price_changed_at = product.sale_price.map(|_| cx.now);
        Ok(CreatedProduct { product: ProductView::of(&product), similar })
    }
}

/// Changes what an edit names; the rest stays as it is.
pub struct ChangeProduct {
    /// Which product.
    pub product: ProductRef,
    /// The version it was read at.
    pub version: i64,
    /// What changes.
    pub edit: ProductEdit,
}

impl Command for ChangeProduct {
    const NAME: &'static str = "catalogue.change_product";
    type Out = ProductView;
    type Refusal = CatalogueRefusal;

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights_for(&self.edit)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<ProductView, Fail<CatalogueRefusal>> {
        let stored = read(tx, &self.product).await?;
        if stored.version != self.version {
            return Err(Fail::Refused(CatalogueRefusal::Stale));
        }
        let references = references(tx, std::slice::from_ref(&self.edit)).await?;
        let (mut product, mut errors) = (stored.clone(), Errors::new());
        edit::apply(&self.edit, &mut product, &references, || cx.new_id(), &mut errors);
        if !errors.is_empty() {
            return Err(Fail::Refused(CatalogueRefusal::Invalid(errors.into_inner())));
        }
        count_up(&mut product, &stored, cx);
        let written = write::update(tx, cx, std::slice::from_ref(&product), Parts::named_by(&self.edit)).await?;
        if written != 1 {
            return Err(Fail::Refused(CatalogueRefusal::Stale));
        }
        Ok(ProductView::of(&product))
    }
}

/// The further rights that an edit of an existing product takes.
pub(super) fn rights_for(edit: &ProductEdit) -> Vec<Permission> {
    let prices = edit.touches_prices().then_some(Permission::EditPrices);
    let cost = edit.touches_cost().then_some(Permission::ReadCost);
    prices.into_iter().chain(cost).collect()
}

/// Marks a changed product as changed now.
pub(super) fn count_up(product: &mut Product, stored: &Product, cx: &Context) {
    product.version = stored.version + 1;
    product.updated_at = cx.now;
    if product.sale_price != stored.sale_price {
        product.price_changed_at = product.sale_price.map(|_| cx.now);
    }
}

/// The product, or the refusal that there is none.
pub(super) async fn read(tx: &mut Tx<'_>, reference: &ProductRef) -> Result<Product, Fail<CatalogueRefusal>> {
    let id = queries::ids_of(tx, std::slice::from_ref(reference)).await?.into_iter().next().flatten();
    let ids: Vec<Uuid> = id.into_iter().collect();
    queries::products_to_change(tx, &ids).await?.pop().ok_or(Fail::Refused(CatalogueRefusal::NotFound))
}

/// Loads what the edits refer to by code.
pub(super) async fn references(tx: &mut Tx<'_>, edits: &[ProductEdit]) -> Result<References, StoreError> {
    let mut references = References::default();
    if edits.iter().any(|edit| edit.category.is_some()) {
        references.categories = categories::all(tx).await?;
    }
    if edits.iter().any(|edit| edit.shelf_targets.is_some()) {
        references.locations = locations::all(tx).await?;
    }
    if edits.iter().any(|edit| edit.suppliers.is_some()) {
        references.suppliers = all_suppliers(tx).await?;
    }
    Ok(references)
}

async fn all_suppliers(tx: &mut Tx<'_>) -> Result<Vec<SupplierRow>, StoreError> {
    let rows = both!(tx, c, text => sqlx::query_as(text(sql::ALL_SUPPLIERS)).fetch_all(c).await?);
    Ok(rows)
}

/// A product of which nothing is known yet but what its category and the shop's defaults say.
pub(super) fn blank(
    id: Uuid,
    now: At,
    categories: &[Category],
    edit: &ProductEdit,
) -> Result<Product, CatalogueRefusal> {
    let wanted = edit.category.as_deref().unwrap_or(categories::GENERAL);
    let Some(category) = categories.iter().find(|category| category.code == wanted) else {
        return Err(CatalogueRefusal::field(
            "category",
            "unknown_reference",
            "No hay un rubro con ese código.",
            "There is no category with that code.",
        ));
    };
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
    let min = edit.min_stock.or(edit.max_stock.map(|max| max.min(gondola_ledger::level::MIN_DEFAULT)));
    let policy = StockPolicy::with_defaults(min, edit.max_stock, edit.reorder_point);
    StockPolicy { max: policy.max.min(QUANTITY_MAX), ..policy }
}

/// Adds a product under the next free code of its category.
async fn insert_with_generated_code(
    tx: &mut Tx<'_>,
    cx: &Context,
    product: &mut Product,
) -> Result<(), Fail<CatalogueRefusal>> {
    for _ in 0..GENERATED_TRIES_MAX {
        let category = product.category.id;
        let (issued,): (i64,) =
            both!(tx, c, text => sqlx::query_as(text(sql::ISSUE_CODE)).bind(category).fetch_one(c).await?);
        let number =
            u32::try_from(issued).map_err(|_| StoreError::corrupt("categories", "codes_issued", category, issued))?;
        product.sku = generated_sku(Some(&product.category.code), number);
        match write::insert(tx, cx, std::slice::from_ref(product)).await {
            Err(Fail::Refused(CatalogueRefusal::Taken(taken)))
                if taken.iter().all(|taken| taken.kind == CodeKind::Sku) => {}
            other => return other,
        }
    }
    Err(Fail::Refused(CatalogueRefusal::TooMany { max: GENERATED_TRIES_MAX }))
}

/// Products of the same brand and size whose name is as good as the same.
async fn similar(tx: &mut Tx<'_>, product: &Product) -> Result<Vec<SimilarProduct>, StoreError> {
    let (name, brand) = (fold(&product.name), fold(&product.brand));
    let begins: String =
        if brand.is_empty() { name.chars().take(SIMILAR_PREFIX_LETTERS).collect() } else { String::new() };
    let quantity = product.content.map_or(0, |content| content.quantity.raw());
    let unit = product.content.map_or("", |content| content.unit.code());
    let rows: Vec<SimilarRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_SIMILAR))
        .bind(&brand).bind(&begins).bind(quantity).bind(unit).bind(LAST_LETTER).fetch_all(c).await?);
    let alike = rows.into_iter().filter(|row| rules::names_are_alike(&product.name, &row.name));
    Ok(alike.take(SIMILAR_MAX).map(|row| SimilarProduct { id: row.id, sku: row.sku, name: row.name }).collect())
}

#[derive(sqlx::FromRow)]
struct SimilarRow {
    id: Uuid,
    sku: String,
    name: String,
}
