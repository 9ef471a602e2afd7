//! Writing products with their parts, one or ten thousand by the same statements. Which products may
//! be written is decided before; who else has a code is found out here, because only the database
//! knows.

use std::collections::BTreeSet;

use gondola_ledger::Money;
use gondola_store::protect::conceal;
use gondola_store::{Context, Sql, StoreError, Tx, both};
use serde::Serialize;
use uuid::Uuid;

use super::product::{Product, ProductEdit};
use super::protected::ACQUISITION_COST;
use super::rows::ProductColumns;
use super::sql;
use super::taken::barcode_columns;
use crate::kernel::bulk::{id_list, insert_all, json};
use crate::prices::{self, LIST_GENERAL, LIST_WHOLESALE, NewPrice, Source, Why};
use crate::stock;

/// Products in one statement; ten thousand go in a handful of them.
const PRODUCTS_PER_STATEMENT: usize = 2_000;

/// What is written, or looked at once more, besides the product's own row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What may change only while nothing of the product has moved.
    Unmoved,
    /// How its stock stands.
    Level,
    Prices,
    Codes,
    ShelfTargets,
    Suppliers,
}

/// A changed product, its version already counted up, with the parts that changed.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub product: Product,
    pub parts: Vec<Part>,
}

impl Part {
    /// The parts that an edit names.
    pub fn named_by(edit: &ProductEdit) -> Vec<Self> {
        [
            (edit.sale_price.is_some() || edit.wholesale_price.is_some(), Self::Prices),
            (edit.barcodes.is_some() || edit.presentations.is_some(), Self::Codes),
            (edit.shelf_targets.is_some(), Self::ShelfTargets),
            (edit.suppliers.is_some(), Self::Suppliers),
            (edit.unit.is_some(), Self::Unmoved),
            (edit.touches_level(), Self::Level),
        ]
        .into_iter()
        .filter_map(|(named, part)| named.then_some(part))
        .collect()
    }
}

/// Adds products with all their parts and opens their books. Answers the ids of those that were
/// added: the others have a code that another product has. Their barcodes must be free.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    cx: &Context,
    source: Source,
    products: &[Product],
) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut added = BTreeSet::new();
    let columns = columns(tx, cx, products.iter()).await?;
    for chunk in columns.chunks(PRODUCTS_PER_STATEMENT) {
        let columns = json(chunk);
        let ids: Vec<(Uuid,)> =
            both!(tx, c, text => sqlx::query_as(text(sql::INSERT_PRODUCTS)).bind(&columns).fetch_all(c).await?);
        added.extend(ids.into_iter().map(|(id,)| id));
    }
    let products: Vec<&Product> = products.iter().filter(|product| added.contains(&product.id)).collect();
    stock::open_products(tx, &products.iter().map(|product| product.id).collect::<Vec<_>>(), cx.now).await?;
    let sold: Vec<&Product> = products.iter().copied().filter(|product| product.is_priced()).collect();
    put_prices(tx, cx, source, &sold).await?;
    put_presentations(tx, &products).await?;
    insert_barcodes(tx, cx, &products).await?;
    insert_shelf_targets(tx, &products).await?;
    insert_suppliers(tx, &products).await?;
    Ok(added)
}

/// Stores changed products. Their codes must be free.
///
/// # Errors
/// [`StoreError::Busy`] when one of them was changed by somebody else meanwhile.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    cx: &Context,
    source: Source,
    changed: &[Changed],
) -> Result<(), StoreError> {
    let ids = |part: Part| -> Vec<Uuid> {
        changed.iter().filter(|one| one.parts.contains(&part)).map(|one| one.product.id).collect()
    };
    stock::lock_heads(tx, &[ids(Part::Unmoved), ids(Part::Level)].concat()).await?;
    expect_unmoved(tx, changed).await?;
    let columns = columns(tx, cx, changed.iter().map(|changed| &changed.product)).await?;
    for chunk in columns.chunks(PRODUCTS_PER_STATEMENT) {
        let columns = json(chunk);
        let updated = both!(tx, c, text => sqlx::query(text(sql::UPDATE_PRODUCTS)).bind(&columns).execute(c).await
            .map_err(race)?.rows_affected());
        if updated != chunk.len() as u64 {
            return Err(overtaken());
        }
    }
    let with = |part: Part| -> Vec<&Product> {
        changed.iter().filter(|one| one.parts.contains(&part)).map(|one| &one.product).collect()
    };
    put_prices(tx, cx, source, &with(Part::Prices)).await?;
    update_codes(tx, cx, &with(Part::Codes)).await?;
    update_shelf_targets(tx, &with(Part::ShelfTargets)).await?;
    update_suppliers(tx, &with(Part::Suppliers)).await?;
    stock::restand(tx, cx, &ids(Part::Level)).await
}

/// What was judged before its stock stood still may have moved since: trying again sees it.
async fn expect_unmoved(tx: &mut Tx<'_>, changed: &[Changed]) -> Result<(), StoreError> {
    let unmoved = changed.iter().filter(|one| one.parts.contains(&Part::Unmoved) && !one.product.moved);
    let ids: Vec<Uuid> = unmoved.map(|one| one.product.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let moved: i64 = both!(tx, c, text => sqlx::query_scalar(text(sql::COUNT_MOVED))
        .bind(id_list(&ids)).fetch_one(c).await?);
    if moved == 0 { Ok(()) } else { Err(overtaken()) }
}

/// Two changes met: trying again sees the other one.
fn overtaken() -> StoreError {
    StoreError::meanwhile("another change came first")
}

/// Two changes took the same free code at once: trying again finds it taken and says so.
fn race(error: sqlx::Error) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => StoreError::Busy(error),
        _ => error.into(),
    }
}

async fn update_codes(tx: &mut Tx<'_>, cx: &Context, products: &[&Product]) -> Result<(), StoreError> {
    if products.is_empty() {
        return Ok(());
    }
    let ids = id_list(products.iter().map(|product| &product.id));
    let kept = id_list(products.iter().flat_map(|product| &product.presentations).map(|kept| &kept.id));
    both!(tx, c, text => sqlx::query(text(sql::DELETE_BARCODES)).bind(&ids).execute(c).await.map(drop)?);
    both!(tx, c, text => sqlx::query(text(sql::DELETE_PRESENTATIONS)).bind(&ids).bind(&kept).execute(c).await
        .map(drop)?);
    put_presentations(tx, products).await?;
    insert_barcodes(tx, cx, products).await
}

async fn update_shelf_targets(tx: &mut Tx<'_>, products: &[&Product]) -> Result<(), StoreError> {
    delete_all(tx, sql::DELETE_SHELF_TARGETS, products).await?;
    insert_shelf_targets(tx, products).await
}

async fn update_suppliers(tx: &mut Tx<'_>, products: &[&Product]) -> Result<(), StoreError> {
    delete_all(tx, sql::DELETE_PRODUCT_SUPPLIERS, products).await?;
    insert_suppliers(tx, products).await
}

async fn delete_all(tx: &mut Tx<'_>, statement: Sql, products: &[&Product]) -> Result<(), StoreError> {
    if products.is_empty() {
        return Ok(());
    }
    let ids = id_list(products.iter().map(|product| &product.id));
    both!(tx, c, text => sqlx::query(text(statement)).bind(&ids).execute(c).await.map(drop)?);
    Ok(())
}

/// The prices of products as they are from now on. Which of them are other than before, whoever writes them finds out.
async fn put_prices(tx: &mut Tx<'_>, cx: &Context, source: Source, products: &[&Product]) -> Result<(), StoreError> {
    let of = |product: &Product| {
        let price = |list, amount| NewPrice { product: product.id, list, amount, cost: product.replacement_cost };
        [price(LIST_GENERAL, product.sale_price), price(LIST_WHOLESALE, product.wholesale_price)]
    };
    let all: Vec<NewPrice> = products.iter().flat_map(|product| of(product)).collect();
    prices::place(tx, cx, Why::part_of_product(source), &all).await
}

async fn put_presentations(tx: &mut Tx<'_>, products: &[&Product]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Columns<'a> {
        id: Uuid,
        product_id: Uuid,
        name: &'a str,
        factor_num: u64,
        factor_den: u64,
        price: Option<i64>,
        position: usize,
    }
    let mut rows = Vec::new();
    for product in products {
        let product_id = product.id;
        rows.extend(product.presentations.iter().enumerate().map(|(position, presentation)| Columns {
            id: presentation.id,
            product_id,
            name: &presentation.name,
            factor_num: presentation.factor.num(),
            factor_den: presentation.factor.den(),
            price: presentation.price.map(Money::raw),
            position,
        }));
    }
    insert_all(tx, sql::PUT_PRESENTATIONS, &rows).await
}

async fn insert_barcodes(tx: &mut Tx<'_>, cx: &Context, products: &[&Product]) -> Result<(), StoreError> {
    let rows = barcode_columns(products);
    if rows.is_empty() {
        return Ok(());
    }
    let columns = json(&rows);
    let added = both!(tx, c, text => sqlx::query(text(sql::INSERT_BARCODES))
        .bind(&columns).bind(cx.now).execute(c).await?.rows_affected());
    if added == rows.len() as u64 { Ok(()) } else { Err(overtaken()) }
}

async fn insert_shelf_targets(tx: &mut Tx<'_>, products: &[&Product]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Columns {
        product_id: Uuid,
        location_id: Uuid,
        quantity: i64,
    }
    let mut rows = Vec::new();
    for product in products {
        let product_id = product.id;
        rows.extend(product.shelf_targets.iter().map(|target| Columns {
            product_id,
            location_id: target.location,
            quantity: target.quantity.raw(),
        }));
    }
    insert_all(tx, sql::INSERT_SHELF_TARGETS, &rows).await
}

async fn insert_suppliers(tx: &mut Tx<'_>, products: &[&Product]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Columns<'a> {
        product_id: Uuid,
        supplier_id: Uuid,
        supplier_sku: &'a str,
        pack_num: u64,
        pack_den: u64,
        last_cost: Option<i64>,
        lead_days: Option<i64>,
        main: bool,
    }
    let mut rows = Vec::new();
    for product in products {
        let product_id = product.id;
        rows.extend(product.suppliers.iter().map(|supplier| Columns {
            product_id,
            supplier_id: supplier.supplier,
            supplier_sku: &supplier.supplier_sku,
            pack_num: supplier.pack.num(),
            pack_den: supplier.pack.den(),
            last_cost: supplier.last_cost.map(|cost| cost.raw()),
            lead_days: supplier.lead_days,
            main: supplier.main,
        }));
    }
    insert_all(tx, sql::INSERT_PRODUCT_SUPPLIERS, &rows).await
}

/// Products as rows, what they cost to buy sealed.
async fn columns<'a>(
    tx: &mut Tx<'_>,
    cx: &Context,
    products: impl Iterator<Item = &'a Product> + Clone,
) -> Result<Vec<ProductColumns>, StoreError> {
    let costs = products.clone().map(|product| (product.id, product.acquisition_cost.as_ref()));
    let costs = conceal(tx, cx, &ACQUISITION_COST, costs).await?;
    Ok(products.zip(costs).map(|(product, cost)| ProductColumns::of(product, cost.as_deref())).collect())
}
