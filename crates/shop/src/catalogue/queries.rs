//! Reading products whole. Lists, search and lookups by code are in their own files; all of them
//! find ids and read the products here.

use std::collections::HashMap;

use gondola_store::{Sql, StoreError, Tx, both};
use uuid::Uuid;

use super::product::Product;
use super::rows::{AliasTextRow, BarcodeRow, PresentationRow, ProductRow, ProductSupplierRow, ShelfTargetRow};
use super::sql;
use crate::kernel::bulk::{id_list, json};
use crate::stock::ProductRef;

/// The product of that name, whole.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn product(tx: &mut Tx<'_>, reference: &ProductRef) -> Result<Option<Product>, StoreError> {
    let ids = ids_of(tx, std::slice::from_ref(reference)).await?;
    let Some(id) = ids.into_iter().next().flatten() else { return Ok(None) };
    Ok(products(tx, &[id]).await?.pop())
}

/// The id behind each reference; a SKU that nobody has gives none. An id is not looked up.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ids_of(tx: &mut Tx<'_>, references: &[ProductRef]) -> Result<Vec<Option<Uuid>>, StoreError> {
    let skus: Vec<&str> = references
        .iter()
        .filter_map(|reference| match reference {
            ProductRef::Sku(sku) => Some(sku.as_str()),
            ProductRef::Id(_) => None,
        })
        .collect();
    let mut found: HashMap<String, Uuid> = HashMap::new();
    if !skus.is_empty() {
        let skus = json(&skus);
        let rows: Vec<(Uuid, String)> =
            both!(tx, c, text => sqlx::query_as(text(sql::FIND_IDS_BY_SKU)).bind(&skus).fetch_all(c).await?);
        found.extend(rows.into_iter().map(|(id, sku)| (sku, id)));
    }
    let id_of = |reference: &ProductRef| match reference {
        ProductRef::Id(id) => Some(*id),
        ProductRef::Sku(sku) => found.get(sku.as_str()).copied(),
    };
    Ok(references.iter().map(id_of).collect())
}

/// The products with these ids, whole, in the order asked; an unknown id is left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn products(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Product>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = id_list(ids);
    let rows: Vec<ProductRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_PRODUCTS)).bind(&list).fetch_all(c).await?);
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        found.insert(row.id, row.into_product()?);
    }
    read_codes(tx, &list, &mut found).await?;
    read_places_and_suppliers(tx, &list, &mut found).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The products as [`products`], with their aliases, which a changed product is found by too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(super) async fn products_to_change(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Product>, StoreError> {
    let mut found = products(tx, ids).await?;
    let list = id_list(ids);
    let aliases: Vec<AliasTextRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_ALIAS_TEXTS)).bind(&list).fetch_all(c).await?);
    let mut by_product: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in aliases {
        by_product.entry(row.product_id).or_default().push(row.folded);
    }
    for product in &mut found {
        product.aliases = by_product.remove(&product.id).unwrap_or_default();
    }
    Ok(found)
}

/// The id of a category or supplier by its code.
pub(super) async fn id_by_code(tx: &mut Tx<'_>, statement: Sql, code: &str) -> Result<Option<Uuid>, StoreError> {
    let row: Option<(Uuid,)> =
        both!(tx, c, text => sqlx::query_as(text(statement)).bind(code).fetch_optional(c).await?);
    Ok(row.map(|(id,)| id))
}

type Found = HashMap<Uuid, Product>;

async fn read_codes(tx: &mut Tx<'_>, ids: &str, found: &mut Found) -> Result<(), StoreError> {
    let barcodes: Vec<BarcodeRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_BARCODES)).bind(ids).fetch_all(c).await?);
    for row in barcodes {
        if let Some(product) = found.get_mut(&row.product_id) {
            product.barcodes.push(row.into());
        }
    }
    let presentations: Vec<PresentationRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_PRESENTATIONS)).bind(ids).fetch_all(c).await?);
    for row in presentations {
        if let Some(product) = found.get_mut(&row.product_id) {
            product.presentations.push(row.try_into()?);
        }
    }
    Ok(())
}

async fn read_places_and_suppliers(tx: &mut Tx<'_>, ids: &str, found: &mut Found) -> Result<(), StoreError> {
    let targets: Vec<ShelfTargetRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SHELF_TARGETS)).bind(ids).fetch_all(c).await?);
    for row in targets {
        if let Some(product) = found.get_mut(&row.product_id) {
            product.shelf_targets.push(row.into());
        }
    }
    let suppliers: Vec<ProductSupplierRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_PRODUCT_SUPPLIERS)).bind(ids).fetch_all(c).await?);
    for row in suppliers {
        if let Some(product) = found.get_mut(&row.product_id) {
            product.suppliers.push(row.try_into()?);
        }
    }
    Ok(())
}
