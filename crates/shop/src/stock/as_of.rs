//! Stock and value as of any instant. By average they are one look-up per product; by layers, which have no stored
//! history, every movement up to the instant is folded.

use std::collections::HashMap;

use futures_util::{Stream, TryStreamExt};
use gondola_ledger::{Money, Qty, Unit, UnitCost};
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::places::Places;
use super::queries::{NameKey, by_product_and_place};
use super::rows::{ReservedRow, ValuationRow, id_list, unit};
use super::sql;
use super::worth::Worth;
use crate::kernel::{Problem, Reader};

/// A product's stock and value at an instant.
#[derive(Debug, Clone)]
pub struct Past {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The product's unit.
    pub unit: Unit,
    /// Over all places.
    pub on_hand: Qty,
    /// By weighted average.
    pub avco: Money,
    /// By layers; only when asked.
    pub fifo: Option<Money>,
    /// At the replacement cost of that moment; only when it is known that it was this one.
    pub replacement: Option<Money>,
    /// Per place: code and quantity.
    pub locations: Vec<(String, Qty)>,
    pub(super) name_folded: String,
}

#[derive(FromRow)]
struct PastRow {
    id: Uuid,
    sku: String,
    name: String,
    name_folded: String,
    unit: String,
    replacement_cost: Option<i64>,
    quantity: Option<i64>,
    value: Option<i64>,
}

/// Stock and value at an instant, by name; one more than `limit` when there are more.
///
/// # Errors
/// 503 or 500.
pub async fn as_of(
    reader: &mut Reader,
    at: i64,
    sku: Option<&str>,
    fifo: bool,
    after: Option<NameKey>,
    limit: i64,
) -> Result<Vec<Past>, Problem> {
    let NameKey(name, id) = after.unwrap_or(NameKey(String::new(), Uuid::nil()));
    let own = reader.location();
    let mut tx = reader.tx();
    let rows: Vec<PastRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::AS_OF))
        .bind(at).bind(sku).bind(name).bind(id).bind(limit + 1).fetch_all(c).await?);
    let ids = id_list(rows.iter().map(|row| &row.id));
    let places = Places::load(&mut tx).await?;
    let held: Vec<ReservedRow> =
        both!(&mut tx, c, text => sqlx::query_as(text(sql::HELD_AT)).bind(&ids).bind(at).fetch_all(c).await?);
    let held = by_product_and_place(held);
    let layers = if fifo { fifo_values(&mut tx, &ids, at).await? } else { HashMap::new() };
    let mut past = Vec::with_capacity(rows.len());
    for row in rows {
        let locations: Vec<_> = places
            .all()
            .iter()
            .filter(|place| own.is_none_or(|own| own == place.id))
            .filter_map(|place| Some((place.code.clone(), *held.get(&(row.id, place.id))?)))
            .filter(|(_, quantity)| !quantity.is_zero())
            .collect();
        let on_hand = match own {
            None => Qty::new(row.quantity.unwrap_or(0)),
            Some(_) => Qty::checked_sum(locations.iter().map(|(_, quantity)| *quantity)).unwrap_or(Qty::ZERO),
        };
        past.push(Past {
            unit: unit(&row.unit, row.id)?,
            avco: Money::new(row.value.unwrap_or(0)),
            fifo: fifo.then(|| layers.get(&row.id).copied().unwrap_or(Money::ZERO)),
            replacement: row.replacement_cost.and_then(|cost| on_hand.times_cost(UnitCost::new(cost))),
            id: row.id,
            sku: row.sku,
            name: row.name,
            on_hand,
            locations,
            name_folded: row.name_folded,
        });
    }
    Ok(past)
}

/// The value of everything at an instant, and how many products had stock.
///
/// # Errors
/// 503 or 500.
pub async fn total(reader: &mut Reader, at: i64) -> Result<(Money, i64), Problem> {
    let (value, products): (i64, i64) =
        both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::AS_OF_TOTAL)).bind(at).fetch_one(c).await?);
    Ok((Money::new(value), products))
}

/// The value of everything at an instant by layers. Layers have no stored history: every movement up to
/// the instant is folded.
///
/// # Errors
/// 503 or 500.
pub async fn fifo_total(reader: &mut Reader, at: i64) -> Result<Money, Problem> {
    let values = both!(&mut reader.tx(), c, text => fold_layers(
        sqlx::query_as(text(sql::ALL_EVENTS_UNTIL)).bind(at).fetch(c)).await?);
    let too_large = || StoreError::corrupt("valuations", "value_after", "", "the total does not fit 64 bits");
    let total = values.into_values().try_fold(Money::ZERO, Money::checked_add);
    Ok(total.ok_or_else(too_large)?)
}

async fn fifo_values(tx: &mut Tx<'_>, products: &str, at: i64) -> Result<HashMap<Uuid, Money>, StoreError> {
    both!(tx, c, text => fold_layers(
        sqlx::query_as(text(sql::EVENTS_UNTIL)).bind(products).bind(at).fetch(c)).await)
}

/// The value by layers of each product after all its movements, which come product by product.
async fn fold_layers(
    mut events: impl Stream<Item = sqlx::Result<ValuationRow>> + Unpin,
) -> Result<HashMap<Uuid, Money>, StoreError> {
    let mut values = HashMap::new();
    let mut current: Option<(Uuid, Worth)> = None;
    while let Some(event) = events.try_next().await? {
        if current.as_ref().is_none_or(|(product, _)| *product != event.product_id) {
            let before = current.replace((event.product_id, Worth::default()));
            values.extend(before.map(|(product, worth)| (product, worth.fifo().value())));
        }
        if let Some((_, worth)) = &mut current {
            worth.step(&event)?;
        }
    }
    values.extend(current.map(|(product, worth)| (product, worth.fifo().value())));
    Ok(values)
}
