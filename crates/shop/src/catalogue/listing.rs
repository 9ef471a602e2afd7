//! Pages of the product list. The filter that leads decides which index is walked; the others are
//! tried on the way.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::finding::Search;
use super::sql;

/// What a list of products is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Letters of anything it is called.
    pub search: Option<Search>,
    /// Its category, or one above that.
    pub category: Option<Family>,
    /// Its brand, folded.
    pub brand: Option<String>,
    /// The id of one of its suppliers.
    pub supplier: Option<Uuid>,
    /// Whether it is sold and bought.
    pub active: Option<bool>,
    /// Changed at this instant or later; the list is then by change, oldest first.
    pub updated_since: Option<At>,
}

/// A category and those below it.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Family {
    /// The id of the one on top.
    pub id: Uuid,
    /// How many are right below it.
    pub below: i64,
}

/// Where a page begins: after this product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageKey {
    /// In a list by name.
    #[serde(rename = "n")]
    Name(String, Uuid),
    /// In a list by change.
    #[serde(rename = "u")]
    Update(At, Uuid),
}

impl PageKey {
    /// The product it stands after.
    pub fn product(&self) -> Uuid {
        match self {
            Self::Name(_, id) | Self::Update(_, id) => *id,
        }
    }
}

impl ProductFilter {
    /// Whether a page of this list can begin after `key`, which comes from outside.
    pub fn takes(&self, key: &PageKey) -> bool {
        match key {
            PageKey::Name(name, _) => self.updated_since.is_none() && !name.contains('\0'),
            PageKey::Update(..) => self.updated_since.is_some(),
        }
    }
}

/// The keys of up to `limit` products after `after`, in the order of the list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keys(
    tx: &mut Tx<'_>,
    filter: &ProductFilter,
    after: Option<&PageKey>,
    limit: i64,
) -> Result<Vec<PageKey>, StoreError> {
    if let Some(since) = filter.updated_since {
        let after = match after {
            Some(PageKey::Update(at, id)) => (*at, *id),
            _ => (since, Uuid::nil()),
        };
        return by_update(tx, filter, after, limit).await;
    }
    let after = match after {
        Some(PageKey::Name(name, id)) => (name.as_str(), *id),
        _ => ("", Uuid::nil()),
    };
    by_name(tx, filter, after, limit).await
}

async fn by_update(
    tx: &mut Tx<'_>,
    filter: &ProductFilter,
    (at, id): (At, Uuid),
    limit: i64,
) -> Result<Vec<PageKey>, StoreError> {
    let ProductFilter { brand, supplier, active, .. } = filter;
    let beginning: Option<&str> = None;
    let rows: Vec<(Uuid, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::PAGE_BY_UPDATE))
        .bind(at).bind(id).bind(limit).bind(active).bind(filter.category.map(|family| family.id)).bind(brand).bind(supplier).bind(beginning)
        .fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, at)| PageKey::Update(at, id)).collect())
}

async fn by_name(
    tx: &mut Tx<'_>,
    filter: &ProductFilter,
    (name, id): (&str, Uuid),
    limit: i64,
) -> Result<Vec<PageKey>, StoreError> {
    let ProductFilter { search, brand, supplier, active, .. } = filter;
    let letters = search.as_ref().and_then(|search| search.letters(tx.engine()));
    let rows: Vec<(Uuid, String)> = if let (Some(search), Some(letters)) = (search, &letters) {
        both!(tx, c, text => sqlx::query_as(text(sql::PAGE_BY_TEXT))
            .bind(name).bind(id).bind(limit).bind(active).bind(filter.category.map(|family| family.id)).bind(brand).bind(supplier)
            .bind(search.words()).bind(letters).fetch_all(c).await?)
    } else {
        // Words too short for the search index are the beginning of a name.
        let (leading, beginning) = (leading(filter), search.as_ref().map(Search::phrase));
        both!(tx, c, text => sqlx::query_as(text(leading))
            .bind(name).bind(id).bind(limit).bind(active).bind(filter.category.map(|family| family.id)).bind(brand).bind(supplier).bind(beginning)
            .fetch_all(c).await?)
    };
    Ok(rows.into_iter().map(|(id, name)| PageKey::Name(name, id)).collect())
}

/// The statement whose index finds the least.
fn leading(filter: &ProductFilter) -> gondola_store::Sql {
    match (&filter.brand, filter.supplier, filter.category) {
        (Some(_), _, _) => sql::PAGE_BY_BRAND,
        (None, Some(_), _) => sql::PAGE_BY_SUPPLIER,
        (None, None, Some(family)) if family.below == 0 => sql::PAGE_BY_CATEGORY,
        (None, None, _) => sql::PAGE_BY_NAME,
    }
}
