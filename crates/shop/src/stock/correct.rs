//! A movement that was written wrong: undone, and written again as it should have been, at the same moment, of the same lot
//! and at the same cost. Both in one transaction; nothing is edited.

use gondola_ledger::{MovementKind, NumberError, Qty, UnitCost};
use gondola_store::{Context, Fail, StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::book::{Book, Posted};
use super::movement::{Movement, ProductRef, channel_of};
use super::refusal::StockRefusal;
use super::rows::{MovementRow, movement_kind};
use super::sql;
use super::undo::{Originals, find_movement, stands_alone};

/// A movement as somebody names it, to be corrected.
#[derive(Debug, Clone, FromRow)]
pub struct ToCorrect {
    /// Its id.
    pub id: Uuid,
    /// The code of what happened.
    pub kind: String,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// What it was entered in.
    pub entered_unit: String,
}

impl ToCorrect {
    /// What happened.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn kind(&self) -> Result<MovementKind, StoreError> {
        movement_kind(&self.kind, self.id)
    }
}

/// The movement with an id or a number that who acts may see.
///
/// # Errors
/// [`StoreError`].
pub async fn movement_called(tx: &mut Tx<'_>, cx: &Context, named: &str) -> Result<Option<ToCorrect>, StoreError> {
    let (id, sequence) = (Uuid::try_parse(named).ok(), named.parse::<i64>().ok());
    let own = cx.actor.location;
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVEMENT_CALLED))
        .bind(id).bind(sequence).bind(own).fetch_optional(c).await?))
}

/// Undoes a movement and writes it again with another quantity, in what it was entered in; with none at all it stays undone.
/// Answers what was written last.
///
/// # Errors
/// [`StockRefusal`], or the database's failure.
pub async fn correct_movement(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    quantity: Qty,
    reason: &str,
) -> Result<Posted, Fail<StockRefusal>> {
    let found = find_movement(tx, id).await?.ok_or(Fail::Refused(StockRefusal::UnknownMovement))?;
    let product = ProductRef::Id(found.product_id);
    let mut book = Book::open(tx, cx, channel_of(cx), [&product]).await?;
    stands_alone(tx, &book, &found).await?;
    let mut originals = Originals::load(tx, &[id]).await?;
    let lot = originals.lot_of(id);
    let mut written = originals.reverse(cx, &mut book, id, reason)?;
    if !quantity.is_zero() {
        let again = again(&book, &found, quantity, reason)?;
        written = book.post_lot(tx, &again, lot, None).await?;
    }
    book.close(tx).await?;
    Ok(written)
}

/// The movement as it should have been, in the product's own unit.
fn again(book: &Book<'_>, row: &MovementRow, quantity: Qty, reason: &str) -> Result<Movement, Fail<StockRefusal>> {
    let product = ProductRef::Id(row.product_id);
    let base = book.unit_of(&product).map_err(Fail::Refused)?;
    let refused = |error| Fail::Refused(StockRefusal::Quantity { error, unit: base });
    // So many of the same pack: packs may have changed since, what was entered has not.
    let scaled = i128::from(quantity.raw()) * i128::from(row.quantity);
    let entered = i128::from(row.entered_quantity);
    if entered == 0 || scaled % entered != 0 {
        return Err(refused(NumberError::NotWhole));
    }
    let quantity = i64::try_from(scaled / entered).map_err(|_| refused(NumberError::TooLarge { max: "999999" }))?;
    let real = |id| book.places().by_id(id).filter(|place| place.kind.is_real()).map(|place| place.code.clone());
    Ok(Movement {
        kind: movement_kind(&row.kind, row.id)?,
        product,
        quantity: Qty::new(quantity),
        unit: None,
        from: real(row.from_location_id),
        to: real(row.to_location_id),
        lot: None,
        unit_cost: row.unit_cost.map(UnitCost::new),
        reason: reason.to_owned(),
        document: row.document.clone(),
        occurred_at: Some(row.occurred_at),
    })
}
