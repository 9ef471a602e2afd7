//! Rows on their way to the database: what the book gathers while it posts, one list per table,
//! and the statements that write each list at once.

use std::collections::{BTreeMap, HashMap};

use gondola_ledger::{Channel, MovementKind, Posting, Qty, UnitCost};
use gondola_store::{Actor, At, Context, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::book::Posted;
use super::movement::Source;
use super::places::Places;
use super::rows::{ValuationRow, hex, hex_option};
use super::shelf::Shelf;
use super::sql;
use super::worth::{MovedValue, Paid};
pub(super) use crate::kernel::bulk::insert_all;
use crate::kernel::bulk::{ROWS_PER_STATEMENT, json};
use crate::kernel::time::Day;

/// A movement with everything but its id and sequence.
pub(super) struct MovementOut {
    pub kind: MovementKind,
    pub quantity: Qty,
    pub entered_quantity: Qty,
    pub entered_unit: String,
    pub from: Uuid,
    pub to: Uuid,
    pub unit_cost: Option<UnitCost>,
    pub paid: Paid,
    pub reason: String,
    /// The listed reason that it was thrown away for; an undo keeps that of what it undoes.
    pub waste_reason: Option<String>,
    pub document: Option<String>,
    pub source: Option<Source>,
    pub reverses: Option<Uuid>,
    pub occurred_at: At,
}

/// A posting, what it did to its shelf, and who did it when.
pub(super) struct Change<'a> {
    pub actor: &'a Actor,
    pub channel: Channel,
    pub recorded_at: At,
    pub places: &'a Places,
    pub shelf: &'a Shelf,
    pub posting: &'a Posting,
    pub posted: &'a Posted,
    pub delta: i64,
    pub moved: MovedValue,
}

#[derive(Serialize)]
pub(super) struct LotOut {
    #[serde(serialize_with = "hex")]
    pub id: Uuid,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    pub code: String,
    pub expires_on: Option<Day>,
    pub unit_cost: Option<i64>,
    pub received_at: At,
}

#[derive(Serialize)]
struct MovementInsert {
    #[serde(serialize_with = "hex")]
    id: Uuid,
    kind: &'static str,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    quantity: i64,
    entered_quantity: i64,
    entered_unit: String,
    #[serde(serialize_with = "hex")]
    from_location_id: Uuid,
    #[serde(serialize_with = "hex")]
    to_location_id: Uuid,
    unit_cost: Option<i64>,
    reason: String,
    waste_reason: Option<String>,
    document: Option<String>,
    flags: String,
    channel: &'static str,
    source_kind: Option<&'static str>,
    #[serde(serialize_with = "hex_option")]
    source_id: Option<Uuid>,
    #[serde(serialize_with = "hex_option")]
    reverses_id: Option<Uuid>,
    actor: String,
    actor_name: String,
    occurred_at: At,
    recorded_at: At,
}

#[derive(Serialize)]
struct LineInsert {
    sequence: i64,
    line: usize,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    #[serde(serialize_with = "hex")]
    location_id: Uuid,
    #[serde(serialize_with = "hex")]
    lot_id: Uuid,
    delta: i64,
    real_stock: bool,
    occurred_at: At,
}

#[derive(Serialize)]
struct BalanceOut {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    #[serde(serialize_with = "hex")]
    location_id: Uuid,
    #[serde(serialize_with = "hex")]
    lot_id: Uuid,
    quantity: i64,
    version: i64,
}

/// A head as `PUT_HEADS` takes it.
#[derive(Serialize)]
pub(super) struct HeadOut {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    on_hand: i64,
    avco_value: i64,
    average_cost: Option<i64>,
    fifo_layers: String,
    last_sequence: i64,
    last_occurred_at: Option<At>,
    level: &'static str,
    severity: i64,
    cover_tenths: Option<i64>,
    version: i64,
}

/// Everything gathered and not yet written.
#[derive(Default)]
pub(super) struct Pending {
    pub lots: Vec<LotOut>,
    movements: Vec<MovementInsert>,
    lines: Vec<(usize, LineInsert)>,
    valuations: Vec<ValuationRow>,
}

impl Pending {
    /// Keeps the rows of one posted movement.
    pub fn add(&mut self, out: MovementOut, change: &Change<'_>) {
        let shelf = change.shelf;
        let at = self.movements.len();
        for (line, posted) in change.posting.lines.iter().enumerate() {
            let location_id = Uuid::from_u128(posted.location.0);
            let insert = LineInsert {
                sequence: 0,
                line: line + 1,
                product_id: shelf.id,
                location_id,
                lot_id: Uuid::from_u128(posted.lot.0),
                delta: posted.delta.raw(),
                real_stock: change.places.by_id(location_id).is_some_and(|place| place.kind.is_real()),
                occurred_at: out.occurred_at,
            };
            self.lines.push((at, insert));
        }
        self.valuations.push(ValuationRow {
            product_id: shelf.id,
            occurred_at: out.occurred_at,
            sequence: 0,
            delta: change.delta,
            unit_cost: out.paid.unit_cost.map(UnitCost::raw),
            fixed_value: out.paid.fixed.map(gondola_ledger::Money::raw),
            fixed_fifo_value: out.paid.fixed_fifo.map(gondola_ledger::Money::raw),
            moved_value: change.moved.avco.raw(),
            moved_fifo_value: change.moved.fifo.raw(),
            quantity_after: shelf.worth.quantity().raw(),
            value_after: shelf.worth.value().raw(),
            cost_after: shelf.worth.average_cost().map(UnitCost::raw),
        });
        self.movements.push(MovementInsert {
            id: change.posted.id,
            kind: out.kind.code(),
            product_id: shelf.id,
            quantity: out.quantity.raw(),
            entered_quantity: out.entered_quantity.raw(),
            entered_unit: out.entered_unit,
            from_location_id: out.from,
            to_location_id: out.to,
            unit_cost: out.unit_cost.map(UnitCost::raw),
            waste_reason: out.waste_reason,
            reason: out.reason,
            document: out.document,
            flags: change.posted.flags.join(","),
            channel: change.channel.code(),
            source_kind: out.source.map(|source| source.kind),
            source_id: out.source.map(|source| source.id),
            reverses_id: out.reverses,
            actor: change.actor.reference(),
            actor_name: change.actor.name.clone(),
            occurred_at: out.occurred_at,
            recorded_at: change.recorded_at,
        });
    }

    /// Writes it all; answers the sequences given out, in the order of the movements.
    pub async fn write(
        &mut self,
        tx: &mut Tx<'_>,
        shelves: &mut BTreeMap<Uuid, Shelf>,
    ) -> Result<Vec<i64>, StoreError> {
        let Self { lots, movements, lines, mut valuations } = std::mem::take(self);
        // A counted lot may exist before anything of it moves.
        insert_all(tx, sql::INSERT_LOTS, &lots).await?;
        if movements.is_empty() {
            return Ok(Vec::new());
        }
        let sequences = insert_movements(tx, &movements).await?;
        for ((sequence, movement), valuation) in sequences.iter().zip(&movements).zip(&mut valuations) {
            valuation.sequence = *sequence;
            if let Some(shelf) = shelves.get_mut(&movement.product_id) {
                shelf.last_sequence = *sequence;
            }
        }
        let lines: Vec<_> =
            lines.into_iter().map(|(at, line)| LineInsert { sequence: sequences[at], ..line }).collect();
        insert_all(tx, sql::INSERT_LINES, &lines).await?;
        insert_all(tx, sql::INSERT_VALUATIONS, &valuations).await?;
        put_balances(tx, shelves).await?;
        Ok(sequences)
    }
}

/// Writes movements; answers the sequences they were given, in their order.
async fn insert_movements(tx: &mut Tx<'_>, movements: &[MovementInsert]) -> Result<Vec<i64>, StoreError> {
    let mut given = HashMap::with_capacity(movements.len());
    for rows in movements.chunks(ROWS_PER_STATEMENT) {
        let inserted: Vec<(Uuid, i64)> =
            both!(tx, c, text => sqlx::query_as(text(sql::INSERT_MOVEMENTS)).bind(json(rows)).fetch_all(c).await?);
        expect_rows(sql::INSERT_MOVEMENTS, rows.len() as u64, inserted.len() as u64)?;
        given.extend(inserted);
    }
    let sequences: Vec<i64> = movements.iter().filter_map(|movement| given.get(&movement.id).copied()).collect();
    // The order of the ledger is the order things were posted in; a database that gave another may not keep it.
    if sequences.len() != movements.len() || !sequences.is_sorted() {
        return Err(StoreError::corrupt("movements", "sequence", "", "movements were numbered out of order"));
    }
    Ok(sequences)
}

/// Writes the balances that changed since they were read or last written.
async fn put_balances(tx: &mut Tx<'_>, shelves: &mut BTreeMap<Uuid, Shelf>) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for shelf in shelves.values_mut() {
        for ((location_id, lot_id), balance) in &mut shelf.balances {
            if std::mem::take(&mut balance.changed) {
                rows.push(BalanceOut {
                    product_id: shelf.id,
                    location_id: *location_id,
                    lot_id: *lot_id,
                    quantity: balance.quantity.raw(),
                    version: balance.version,
                });
            }
        }
    }
    insert_all(tx, sql::PUT_BALANCES, &rows).await
}

/// The head of a shelf as it stands, with its level of today.
pub(super) fn head_row(cx: &Context, shelf: &Shelf, month: i8) -> Result<HeadOut, StoreError> {
    let (level, cover_tenths) = shelf.standing(month, cx.now)?;
    Ok(HeadOut {
        product_id: shelf.id,
        on_hand: shelf.on_hand.raw(),
        avco_value: shelf.worth.value().raw(),
        average_cost: shelf.worth.average_cost().map(UnitCost::raw),
        fifo_layers: shelf.worth.stored_layers(),
        last_sequence: shelf.last_sequence,
        last_occurred_at: shelf.last_occurred_at,
        level: level.code(),
        severity: i64::from(level.severity()),
        cover_tenths,
        version: shelf.version,
    })
}
