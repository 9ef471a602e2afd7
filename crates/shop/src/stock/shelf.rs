//! One product's stock while it is locked: what every place holds of each lot, what is promised,
//! what it is worth, and what changed since it was loaded. Purely in memory; `book.rs` loads and
//! stores it.

use std::collections::{BTreeMap, HashMap, HashSet};

use gondola_ledger::level::Demand;
use gondola_ledger::{
    Level, Line, LocationId, LocationKind, LotBalance, LotId, Overdraw, Qty, SideState, StockPolicy, Unit,
};
use gondola_store::{At, StoreError};
use uuid::Uuid;

use super::level::Outlook;
use super::lookup::Packs;
use super::movement::LotRef;
use super::places::Place;
use super::rows::{BalanceRow, HeadRow, unit};
use super::timeline::{TimedLine, Timeline};
use super::worth::Worth;
use crate::kernel::time::Day;

/// A lot of the product.
#[derive(Debug, Clone)]
pub(super) struct Lot {
    pub code: String,
    pub expires_on: Option<Day>,
    pub received_at: At,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Balance {
    pub quantity: Qty,
    pub version: i64,
    pub changed: bool,
}

/// A product under lock.
pub(super) struct Shelf {
    pub id: Uuid,
    pub sku: String,
    pub unit: Unit,
    pub active: bool,
    pub shelf_life_days: Option<Day>,
    pub policy: StockPolicy,
    pub factor_permille: Option<i64>,
    pub demand: Demand,
    pub on_hand: Qty,
    pub worth: Worth,
    pub last_sequence: i64,
    pub last_occurred_at: Option<At>,
    pub version: i64,
    pub changed: bool,
    /// The earliest moment from which the valuations must be written again.
    pub stale_from: Option<At>,
    pub lots: HashMap<Uuid, Lot>,
    /// Lot codes that were looked up: what `lots` does not hold of them does not exist.
    pub known_codes: HashSet<String>,
    /// Its packs, once they were looked up.
    pub packs: Option<Packs>,
    /// What happened after the earliest late line, once that was looked up.
    pub timeline: Option<Timeline>,
    /// What was posted and not yet written.
    pub posted: Vec<TimedLine>,
    pub balances: BTreeMap<(Uuid, Uuid), Balance>,
    pub reserved: HashMap<Uuid, Qty>,
}

impl Shelf {
    pub fn from_row(row: HeadRow) -> Result<Self, StoreError> {
        let unit = unit(&row.unit, row.id)?;
        let shelf_life = row.shelf_life_days.filter(|_| row.perishable);
        Ok(Self {
            id: row.id,
            unit,
            worth: Worth::from_row(&row)?,
            sku: row.sku,
            active: row.active,
            shelf_life_days: shelf_life.and_then(|days| Day::try_from(days).ok()),
            policy: policy(row.min_stock, row.max_stock, row.reorder_point),
            factor_permille: row.factor_permille,
            demand: demand(row.demand_quantity, row.demand_days),
            on_hand: Qty::new(row.on_hand),
            last_sequence: row.last_sequence,
            last_occurred_at: row.last_occurred_at,
            version: row.version,
            changed: false,
            stale_from: None,
            lots: HashMap::new(),
            known_codes: HashSet::new(),
            packs: None,
            timeline: None,
            posted: Vec::new(),
            balances: BTreeMap::new(),
            reserved: HashMap::new(),
        })
    }

    pub fn add_balance(&mut self, row: BalanceRow) {
        let lot = Lot { code: row.code, expires_on: row.expires_on, received_at: row.received_at };
        self.lots.insert(row.lot_id, lot);
        let balance = Balance { quantity: Qty::new(row.quantity), version: row.version, changed: false };
        self.balances.insert((row.location_id, row.lot_id), balance);
    }

    /// What a place holds over all lots.
    pub fn on_hand_at(&self, place: Uuid) -> Qty {
        let held = self.balances.iter().filter(|((at, _), _)| *at == place).map(|(_, balance)| balance.quantity);
        Qty::checked_sum(held).expect("every sum was checked when it was posted")
    }

    /// What a place holds of one lot; of all lots of that code when no day is named.
    pub fn lot_at(&self, place: Uuid, wanted: &LotRef) -> Qty {
        let is_wanted = |id: &Uuid| {
            let lot = self.lots.get(id);
            lot.is_some_and(|lot| {
                lot.code == wanted.code && wanted.expires_on.is_none_or(|day| lot.expires_on == Some(day))
            })
        };
        let held = self.balances.iter().filter(|((at, lot), _)| *at == place && is_wanted(lot));
        Qty::checked_sum(held.map(|(_, balance)| balance.quantity)).expect("every sum was checked when it was posted")
    }

    /// The level and the cover in a month, at a moment.
    pub fn standing(&self, month: i8, now: At) -> Result<(Level, Option<i64>), StoreError> {
        let outlook = Outlook {
            product: self.id,
            on_hand: self.on_hand,
            policy: self.policy,
            demand: self.demand,
            last_occurred_at: self.last_occurred_at,
        };
        Ok((outlook.level(self.factor_permille, month, now)?, outlook.cover_tenths()))
    }

    /// What is promised at a place.
    pub fn reserved_at(&self, place: Uuid) -> Qty {
        self.reserved.get(&place).copied().unwrap_or(Qty::ZERO)
    }

    /// The state of one side of an entry.
    pub fn side(&self, place: &Place, overdraw: Overdraw, lowest_later: Option<Qty>) -> SideState {
        let location = LocationId(place.id.as_u128());
        if !place.kind.is_real() {
            return SideState::outside(location, place.kind);
        }
        let lots = self.balances.iter().filter(|((at, _), _)| *at == place.id).map(|((_, lot), balance)| {
            let known = self.lots.get(lot);
            LotBalance {
                lot: LotId(lot.as_u128()),
                expires_on: known.and_then(|lot| lot.expires_on).map(gondola_ledger::Day),
                received_order: known.map_or(0, |lot| lot.received_at),
                qty: balance.quantity,
            }
        });
        SideState {
            location,
            kind: place.kind,
            lots: lots.collect(),
            reserved: self.reserved_at(place.id),
            overdraw,
            lowest_later,
        }
    }

    /// Takes a line over that was posted as of `occurred_at`. Answers what changed in real stock.
    pub fn apply(&mut self, line: &Line, kind: LocationKind, occurred_at: At) -> Qty {
        if !kind.is_real() {
            return Qty::ZERO;
        }
        let place = Uuid::from_u128(line.location.0);
        let timed = TimedLine { place, occurred_at, delta: line.delta.raw() };
        self.posted.push(timed);
        if let Some(timeline) = &mut self.timeline {
            timeline.add(timed);
        }
        let key = (place, Uuid::from_u128(line.lot.0));
        let balance = self.balances.entry(key).or_insert(Balance { quantity: Qty::ZERO, version: 0, changed: false });
        balance.quantity = line.after.expect("the ledger says what a real place holds afterwards");
        if !balance.changed {
            balance.changed = true;
            balance.version += 1;
        }
        self.changed = true;
        self.on_hand = self.on_hand.checked_add(line.delta).expect("the ledger checked the sum of the lots");
        line.delta
    }
}

/// What the shop wants to have, as stored.
pub(super) fn policy(min: i64, max: i64, reorder_point: i64) -> StockPolicy {
    StockPolicy { min: Qty::new(min), max: Qty::new(max), reorder_point: Qty::new(reorder_point) }
}

/// What was sold over how many days, as stored.
pub(super) fn demand(quantity: i64, days: i64) -> Demand {
    Demand { total: Qty::new(quantity), days: u32::try_from(days).unwrap_or(0) }
}
