//! What the shop tells the language about itself: products with what people call them, suppliers and places. Learned once
//! and kept until one of them changes, whoever changes it.

use std::collections::HashMap;
use std::sync::Arc;

use gondola_language::parse::{Known, Location, Parser, Product};
use gondola_ledger::{Qty, Unit};
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::{App, Problem, Reader};
use crate::suppliers::directory;

#[derive(FromRow)]
struct ProductRow {
    id: Uuid,
    sku: String,
    name: String,
    brand: String,
    category: String,
    unit: String,
    content_quantity: Option<i64>,
    content_unit: Option<String>,
    supplier: Option<String>,
}

/// The parser of the shop as it is now.
///
/// # Errors
/// The database's failure.
pub async fn parser(app: &App, reader: &mut Reader) -> Result<Arc<Parser>, Problem> {
    let mut tx = reader.tx();
    let mark: (i64, i64, i64, i64, i64, i64, i64, i64, i64) =
        both!(&mut tx, c, text => sqlx::query_as(text(sql::KNOWN_MARK)).fetch_one(c).await?);
    let mark = format!("{mark:?}");
    if let Some(kept) = app.kept.get::<Parser>(&mark) {
        return Ok(kept);
    }
    let directory = directory(app, &mut tx).await?;
    let known = Known { products: products(&mut tx).await?, directory, locations: locations(&mut tx).await? };
    // Learning a large shop takes its time; others go on meanwhile.
    let learned = tokio::task::spawn_blocking(move || Parser::new(known)).await.map_err(|_| Problem::internal())?;
    Ok(app.kept.put(mark, learned))
}

async fn products(tx: &mut Tx<'_>) -> Result<Vec<Product>, StoreError> {
    let rows: Vec<ProductRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::KNOWN_PRODUCTS)).fetch_all(c).await?);
    let called: Vec<(Uuid, String)> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::KNOWN_ALIASES)).fetch_all(c).await?);
    let mut aliases: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (product, alias) in called {
        aliases.entry(product).or_default().push(alias);
    }
    rows.into_iter().map(|row| product(row, &mut aliases)).collect()
}

fn product(row: ProductRow, aliases: &mut HashMap<Uuid, Vec<String>>) -> Result<Product, StoreError> {
    let unit = Unit::from_code(&row.unit).ok_or_else(|| StoreError::corrupt("products", "unit", row.id, &row.unit))?;
    let content_unit = row.content_unit.as_deref().and_then(Unit::from_code);
    Ok(Product {
        content: row.content_quantity.map(Qty::new).zip(content_unit),
        aliases: aliases.remove(&row.id).unwrap_or_default(),
        sku: row.sku,
        name: row.name,
        brand: row.brand,
        category: row.category,
        unit,
        supplier: row.supplier,
    })
}

async fn locations(tx: &mut Tx<'_>) -> Result<Vec<Location>, StoreError> {
    let rows: Vec<(String, String)> =
        both!(tx, c, text => sqlx::query_as(text(sql::KNOWN_LOCATIONS)).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(code, name)| Location { code, names: vec![name] }).collect())
}
