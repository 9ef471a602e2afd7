//! What a product's stock is worth, by average cost and by layers, carried along with every
//! movement. The `valuations` table holds the worth after each movement in the order things
//! happened, so that any past instant is one look-up. A movement that comes with an earlier date
//! makes the rows after it be written again here, within its own transaction: there is no repost.

use std::collections::BTreeMap;

use gondola_ledger::valuation::{Valuation, ValuationEvent};
use gondola_ledger::{Avco, Fifo, Money, Qty, UnitCost};
use gondola_store::{StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows::{HeadRow, ValuationRow, hex, id_list, json};
use super::shelf::Shelf;
use super::sql;
use super::write::insert_all;

/// What is known about the value of what moves.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Paid {
    /// Per base unit.
    pub unit_cost: Option<UnitCost>,
    /// Exactly, for the whole quantity; wins over the unit cost.
    pub fixed: Option<Money>,
    /// The same by layers, for what a reversal gives back.
    pub fixed_fifo: Option<Money>,
}

/// The value that moved, by average and by layers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MovedValue {
    pub avco: Money,
    pub fifo: Money,
}

/// Both views of what a product's stock is worth.
#[derive(Debug, Clone, Default)]
pub(super) struct Worth(Valuation);

/// The layers as stored in `stock_heads.fifo_layers`.
#[derive(Serialize, Deserialize)]
struct StoredLayers {
    layers: Vec<(i64, i64)>,
    last_cost: Option<i64>,
}

impl Worth {
    pub fn from_row(row: &HeadRow) -> Result<Self, StoreError> {
        let corrupt = |column, detail: &str| StoreError::corrupt("stock_heads", column, row.id, detail);
        let stored: StoredLayers =
            serde_json::from_str(&row.fifo_layers).map_err(|_| corrupt("fifo_layers", "not a list of layers"))?;
        let cost = row.average_cost.map(UnitCost::new);
        let avco = Avco::from_parts(Qty::new(row.on_hand), Money::new(row.avco_value), cost);
        let fifo = Fifo::from_parts(&stored.layers, stored.last_cost.map(UnitCost::new));
        Ok(Self(Valuation {
            avco: avco.ok_or_else(|| corrupt("avco_value", "the value does not fit the quantity"))?,
            fifo: fifo.ok_or_else(|| corrupt("fifo_layers", "impossible layers"))?,
        }))
    }

    pub fn quantity(&self) -> Qty {
        self.0.avco.qty()
    }

    pub fn value(&self) -> Money {
        self.0.avco.value()
    }

    pub fn average_cost(&self) -> Option<UnitCost> {
        self.0.avco.known_average()
    }

    pub fn fifo(&self) -> &Fifo {
        &self.0.fifo
    }

    /// Takes a stored valuation over.
    pub fn step(&mut self, row: &ValuationRow) -> Result<MovedValue, StoreError> {
        self.apply(Qty::new(row.delta), paid_of(row)).ok_or_else(|| {
            StoreError::corrupt("valuations", "value_after", row.sequence, "the value does not fit 64 bits")
        })
    }

    /// The layers as they are stored.
    pub fn stored_layers(&self) -> String {
        let last_cost = self.0.fifo.last_cost().map(UnitCost::raw);
        serde_json::to_string(&StoredLayers { layers: self.0.fifo.to_parts(), last_cost })
            .expect("layers are plain numbers")
    }

    /// Takes a change of real stock over; nothing when the value would not fit.
    pub fn apply(&mut self, delta: Qty, paid: Paid) -> Option<MovedValue> {
        if delta.is_zero() {
            return Some(MovedValue::default());
        }
        let moved = self.0.apply(event(delta, paid)).ok()?;
        Some(MovedValue { avco: moved.avco.value, fifo: moved.fifo.value })
    }
}

fn event(delta: Qty, paid: Paid) -> ValuationEvent {
    ValuationEvent {
        fixed_value: paid.fixed,
        fixed_fifo_value: paid.fixed_fifo,
        ..ValuationEvent::new(delta, paid.unit_cost)
    }
}

fn paid_of(row: &ValuationRow) -> Paid {
    Paid {
        unit_cost: row.unit_cost.map(UnitCost::new),
        fixed: row.fixed_value.map(Money::new),
        fixed_fifo: row.fixed_fifo_value.map(Money::new),
    }
}

/// Writes the valuations of shelves again, each from its earliest late arrival on, and their worth now.
pub(super) async fn rebuild(tx: &mut Tx<'_>, shelves: &mut BTreeMap<Uuid, Shelf>) -> Result<(), StoreError> {
    let mut stale = BTreeMap::new();
    for shelf in shelves.values_mut() {
        if let Some(from) = shelf.stale_from.take() {
            stale.insert(shelf.id, from);
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    // Layers have no stored history: they are folded from the first movement on.
    let rows: Vec<ValuationRow> = both!(tx, c, text => sqlx::query_as(text(sql::EVENTS_UNTIL))
        .bind(id_list(stale.keys())).bind(i64::MAX).fetch_all(c).await?);
    let mut worth: BTreeMap<Uuid, Worth> = BTreeMap::new();
    let mut tail = Vec::new();
    for mut row in rows {
        let running = worth.entry(row.product_id).or_default();
        let moved = running.step(&row)?;
        if row.occurred_at >= stale[&row.product_id] {
            row.moved_value = moved.avco.raw();
            row.moved_fifo_value = moved.fifo.raw();
            row.quantity_after = running.quantity().raw();
            row.value_after = running.value().raw();
            row.cost_after = running.average_cost().map(UnitCost::raw);
            tail.push(row);
        }
    }
    let begins: Vec<_> = stale.into_iter().map(|(product_id, since)| StaleFrom { product_id, since }).collect();
    let deleted = both!(tx, c, text => sqlx::query(text(sql::DELETE_VALUATIONS))
        .bind(json(&begins)).execute(c).await?.rows_affected());
    expect_rows(sql::DELETE_VALUATIONS, tail.len() as u64, deleted)?;
    insert_all(tx, sql::INSERT_VALUATIONS, &tail).await?;
    for (product, worth) in worth {
        if let Some(shelf) = shelves.get_mut(&product) {
            shelf.worth = worth;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct StaleFrom {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    since: i64,
}
