//! Reading products whole. Lists, search and lookups by code are in their own files; all of them
//! find ids and read the products here.

use std::collections::{BTreeSet, HashMap};

use gondola_store::{StoreError, Tx, both};
use uuid::Uuid;

use super::listing::Family;
use super::product::Product;
use super::rows::{PartRow, ProductRow};
use super::sql;
use crate::kernel::bulk::{id_list, json};
use crate::kernel::text::Sku;
use crate::stock::{self, ProductRef};

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
    let parts: Vec<PartRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_PARTS)).bind(&list).fetch_all(c).await?);
    for part in parts {
        if let Some(product) = found.get_mut(&part.product_id) {
            part.add_to(product)?;
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Which of these products have stock somewhere. Their stock stands still from here on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(super) async fn stocked(tx: &mut Tx<'_>, products: &[Uuid]) -> Result<BTreeSet<Uuid>, StoreError> {
    if products.is_empty() {
        return Ok(BTreeSet::new());
    }
    stock::lock_heads(tx, products).await?;
    let stocked: Vec<Uuid> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_STOCKED))
        .bind(id_list(products)).fetch_all(c).await?);
    Ok(stocked.into_iter().collect())
}

/// The category of that code, as it was typed, and those below it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn family(tx: &mut Tx<'_>, code: &str) -> Result<Option<Family>, StoreError> {
    let Ok(code) = Sku::parse(code) else { return Ok(None) };
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_CATEGORY)).bind(code.as_str()).fetch_optional(c).await?))
}

/// The supplier of that code, as it was typed.
pub(super) async fn supplier_id(tx: &mut Tx<'_>, code: &str) -> Result<Option<Uuid>, StoreError> {
    let Ok(code) = Sku::parse(code) else { return Ok(None) };
    Ok(
        both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_SUPPLIER_ID)).bind(code.as_str()).fetch_optional(c).await?),
    )
}
