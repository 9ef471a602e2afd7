//! How a product enters the ledger: its plain lot, its empty head and, if there was some already,
//! one opening movement.

use gondola_ledger::{Level, MovementKind, Qty, UnitCost};
use gondola_store::{At, Context, Fail, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::book::{Book, Posted};
use super::movement::{Movement, ProductRef, Source, channel_of};
use super::refusal::StockRefusal;
use super::rows::id_list;
use super::sql;
use super::worth::Worth;

/// What was there when the product was created.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Code of the place.
    pub location: String,
    /// How much, in the product's unit.
    pub quantity: Qty,
    /// What one unit cost.
    pub unit_cost: Option<UnitCost>,
}

/// Gives new products their place in the ledger. Called once, where the products are inserted.
///
/// # Errors
/// [`StoreError`].
pub async fn open_products(tx: &mut Tx<'_>, products: &[Uuid], now: At) -> Result<(), StoreError> {
    debug_assert_eq!(Level::OutOfStock.severity(), 1, "OPEN_HEADS writes the level of an empty product");
    let ids = id_list(products);
    let lots = both!(tx, c, text => sqlx::query(text(sql::OPEN_PLAIN_LOTS))
        .bind(&ids).bind(now).execute(c).await?.rows_affected());
    expect_rows(sql::OPEN_PLAIN_LOTS, products.len() as u64, lots)?;
    let heads = both!(tx, c, text => sqlx::query(text(sql::OPEN_HEADS))
        .bind(&ids).bind(Worth::default().stored_layers()).execute(c).await?.rows_affected());
    expect_rows(sql::OPEN_HEADS, products.len() as u64, heads)
}

/// Posts what was there when the product was created.
///
/// # Errors
/// [`StockRefusal`] when the place or the quantity does not fit.
pub async fn post_opening(
    tx: &mut Tx<'_>,
    cx: &Context,
    product: Uuid,
    opening: &Opening,
) -> Result<Posted, Fail<StockRefusal>> {
    let reference = ProductRef::Id(product);
    let movement = Movement {
        kind: MovementKind::Opening,
        product: reference.clone(),
        quantity: opening.quantity,
        unit: None,
        from: None,
        to: Some(opening.location.clone()),
        lot: None,
        unit_cost: opening.unit_cost,
        reason: "Stock inicial".to_owned(),
        document: None,
        occurred_at: None,
    };
    let mut book = Book::open(tx, cx, channel_of(cx), [&reference]).await?;
    let posted = book.post(tx, &movement, Some(Source { kind: "product", id: product })).await?;
    book.close(tx).await?;
    Ok(posted)
}
