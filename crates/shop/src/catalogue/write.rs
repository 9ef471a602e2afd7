//! Writing products with their parts, one or ten thousand by the same statements. Which products may
//! be written is decided before; who else has a code is found out here, because only the database
//! knows.

use std::collections::BTreeSet;

use gondola_ledger::Money;
use gondola_store::{Context, Fail, StoreError, Tx, both};
use serde::Serialize;
use uuid::Uuid;

use super::product::{Product, ProductEdit};
use super::refusals::{CatalogueRefusal, CodeKind, TakenCode};
use super::rows::ProductColumns;
use super::sql;
use crate::kernel::bulk::{id_list, insert_all, json};
use crate::stock;

/// The list of shelf and till.
pub const LIST_GENERAL: &str = "GENERAL";
/// The list by customer or quantity.
pub const LIST_WHOLESALE: &str = "MAYORISTA";

/// What is written besides the product's own row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub prices: bool,
    pub codes: bool,
    pub shelf_targets: bool,
    pub suppliers: bool,
}

impl Parts {
    /// The parts that an edit names.
    pub fn named_by(edit: &ProductEdit) -> Self {
        Self {
            prices: edit.sale_price.is_some() || edit.wholesale_price.is_some(),
            codes: edit.barcodes.is_some() || edit.presentations.is_some(),
            shelf_targets: edit.shelf_targets.is_some(),
            suppliers: edit.suppliers.is_some(),
        }
    }

    /// The parts of either.
    pub fn and(self, other: Self) -> Self {
        Self {
            prices: self.prices || other.prices,
            codes: self.codes || other.codes,
            shelf_targets: self.shelf_targets || other.shelf_targets,
            suppliers: self.suppliers || other.suppliers,
        }
    }
}

/// Adds products with all their parts. Refused as a whole when another product has one of their
/// codes.
pub(super) async fn insert(tx: &mut Tx<'_>, cx: &Context, products: &[Product]) -> Result<(), Fail<CatalogueRefusal>> {
    let columns = json(&columns(products));
    let added: Vec<(Uuid,)> =
        both!(tx, c, text => sqlx::query_as(text(sql::INSERT_PRODUCTS)).bind(&columns).fetch_all(c).await?);
    if added.len() != products.len() {
        return Err(Fail::Refused(CatalogueRefusal::Taken(taken_codes(tx, products, &columns).await?)));
    }
    stock::open_products(tx, &ids(products), cx.now).await?;
    put_prices(tx, cx, products).await?;
    put_presentations(tx, products).await?;
    insert_barcodes(tx, cx, products).await?;
    insert_shelf_targets(tx, products).await?;
    insert_suppliers(tx, products).await
}

/// Stores changed products, each with its version already counted up, and the parts that changed.
/// Answers how many still had the version they were read at.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    cx: &Context,
    products: &[Product],
    parts: Parts,
) -> Result<u64, Fail<CatalogueRefusal>> {
    let columns = json(&columns(products));
    let taken = taken_codes(tx, products, &columns).await?;
    if !taken.is_empty() {
        return Err(Fail::Refused(CatalogueRefusal::Taken(taken)));
    }
    let updated = both!(tx, c, text => sqlx::query(text(sql::UPDATE_PRODUCTS)).bind(&columns).execute(c).await.map_err(race)?
        .rows_affected());
    let ids = id_list(products.iter().map(|product| &product.id));
    if parts.prices {
        delete_prices(tx, products).await?;
        put_prices(tx, cx, products).await?;
    }
    if parts.codes {
        both!(tx, c, text => sqlx::query(text(sql::DELETE_BARCODES)).bind(&ids).execute(c).await.map(drop)?);
        let kept: Vec<Uuid> = products.iter().flat_map(|p| &p.presentations).map(|kept| kept.id).collect();
        let kept = json(&kept);
        both!(tx, c, text => sqlx::query(text(sql::DELETE_PRESENTATIONS)).bind(&ids).bind(&kept).execute(c).await.map(drop)?);
        put_presentations(tx, products).await?;
        insert_barcodes(tx, cx, products).await?;
    }
    if parts.shelf_targets {
        both!(tx, c, text => sqlx::query(text(sql::DELETE_SHELF_TARGETS)).bind(&ids).execute(c).await.map(drop)?);
        insert_shelf_targets(tx, products).await?;
    }
    if parts.suppliers {
        both!(tx, c, text => sqlx::query(text(sql::DELETE_PRODUCT_SUPPLIERS)).bind(&ids).execute(c).await.map(drop)?);
        insert_suppliers(tx, products).await?;
    }
    Ok(updated)
}

/// Two changes took the same free code at once: trying again finds it taken and says so.
fn race(error: sqlx::Error) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => StoreError::Busy(error),
        _ => error.into(),
    }
}

/// Which codes of these products other products have, barcodes apart.
pub(super) async fn taken(tx: &mut Tx<'_>, products: &[Product]) -> Result<Vec<TakenCode>, StoreError> {
    taken_codes(tx, products, &json(&columns(products))).await
}

async fn taken_codes(tx: &mut Tx<'_>, products: &[Product], columns: &str) -> Result<Vec<TakenCode>, StoreError> {
    let rows: Vec<(String, String)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_TAKEN_CODES)).bind(columns).fetch_all(c).await?);
    let mut taken = Vec::new();
    for (id, field) in rows {
        let Some(product) = products.iter().find(|p| p.id.to_string() == id) else { continue };
        let (kind, code) = match field.as_str() {
            "internal_code" => (CodeKind::InternalCode, product.internal_code.clone().unwrap_or_default()),
            "scale_plu" => (CodeKind::ScalePlu, product.scale_plu.clone().unwrap_or_default()),
            _ => (CodeKind::Sku, product.sku.to_string()),
        };
        taken.push(TakenCode { kind, code });
    }
    Ok(taken)
}

async fn put_prices(tx: &mut Tx<'_>, cx: &Context, products: &[Product]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Price {
        product_id: Uuid,
        list: &'static str,
        amount: i64,
    }
    let prices: Vec<Price> = prices_of(products)
        .filter_map(|(product_id, list, price)| Some(Price { product_id, list, amount: price?.raw() }))
        .collect();
    if prices.is_empty() {
        return Ok(());
    }
    let (prices, by) = (json(&prices), cx.actor.reference());
    both!(tx, c, text => sqlx::query(text(sql::PUT_PRICES)).bind(&prices).bind(cx.now).bind(&by).execute(c).await.map(drop)?);
    Ok(())
}

async fn delete_prices(tx: &mut Tx<'_>, products: &[Product]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Gone {
        product_id: Uuid,
        list: &'static str,
    }
    let gone: Vec<Gone> = prices_of(products)
        .filter(|(_, _, price)| price.is_none())
        .map(|(product_id, list, _)| Gone { product_id, list })
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let gone = json(&gone);
    both!(tx, c, text => sqlx::query(text(sql::DELETE_PRICES)).bind(&gone).execute(c).await.map(drop)?);
    Ok(())
}

fn prices_of(products: &[Product]) -> impl Iterator<Item = (Uuid, &'static str, Option<Money>)> + '_ {
    products.iter().flat_map(|product| {
        let id = product.id;
        [(id, LIST_GENERAL, product.sale_price), (id, LIST_WHOLESALE, product.wholesale_price)]
    })
}

async fn put_presentations(tx: &mut Tx<'_>, products: &[Product]) -> Result<(), StoreError> {
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

/// Adds the barcodes; refused when another product has one.
async fn insert_barcodes(tx: &mut Tx<'_>, cx: &Context, products: &[Product]) -> Result<(), Fail<CatalogueRefusal>> {
    #[derive(Serialize)]
    struct Columns<'a> {
        code: &'a str,
        product_id: Uuid,
        presentation_id: Option<Uuid>,
    }
    let mut rows = Vec::new();
    for product in products {
        let product_id = product.id;
        rows.extend(product.barcodes.iter().map(|barcode| Columns {
            code: &barcode.code,
            product_id,
            presentation_id: barcode.presentation,
        }));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let columns = json(&rows);
    let added: Vec<(String,)> = both!(tx, c, text => sqlx::query_as(text(sql::INSERT_BARCODES))
        .bind(&columns).bind(cx.now).fetch_all(c).await?);
    if added.len() == rows.len() {
        return Ok(());
    }
    let added: BTreeSet<&str> = added.iter().map(|(code,)| code.as_str()).collect();
    let taken = rows.iter().filter(|row| !added.contains(row.code));
    let taken = taken.map(|row| TakenCode { kind: CodeKind::Barcode, code: row.code.to_owned() }).collect();
    Err(Fail::Refused(CatalogueRefusal::Taken(taken)))
}

async fn insert_shelf_targets(tx: &mut Tx<'_>, products: &[Product]) -> Result<(), StoreError> {
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

async fn insert_suppliers(tx: &mut Tx<'_>, products: &[Product]) -> Result<(), Fail<CatalogueRefusal>> {
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
    Ok(insert_all(tx, sql::INSERT_PRODUCT_SUPPLIERS, &rows).await?)
}

fn columns(products: &[Product]) -> Vec<ProductColumns> {
    products.iter().map(ProductColumns::of).collect()
}

fn ids(products: &[Product]) -> Vec<Uuid> {
    products.iter().map(|product| product.id).collect()
}
