//! A small shop for the tests: the places of a new shop, and one product in all of them.

#![allow(dead_code, reason = "each test file uses its part of the shop")]

use std::collections::BTreeMap;

use gondola_ledger::*;

pub const PRODUCT: ProductId = ProductId(1);
pub const PLAIN: LotId = LotId(0);

pub const DEPOSITO: LocationId = LocationId(1);
pub const LOCAL: LocationId = LocationId(2);
pub const QUARANTINE: LocationId = LocationId(3);
pub const TRANSIT: LocationId = LocationId(4);
pub const SUPPLIER: LocationId = LocationId(5);
pub const CUSTOMER: LocationId = LocationId(6);
pub const WASTE: LocationId = LocationId(7);
pub const OWN_USE: LocationId = LocationId(8);
pub const DIFFERENCE: LocationId = LocationId(9);

pub const REAL: [LocationId; 4] = [DEPOSITO, LOCAL, QUARANTINE, TRANSIT];

/// Every place with the word the tables use for it.
pub const PLACES: [(LocationId, &str, LocationKind); 9] = [
    (DEPOSITO, "deposito", LocationKind::Stock),
    (LOCAL, "local", LocationKind::Stock),
    (QUARANTINE, "quarantine", LocationKind::Quarantine),
    (TRANSIT, "transit", LocationKind::Transit),
    (SUPPLIER, "supplier", LocationKind::Supplier),
    (CUSTOMER, "customer", LocationKind::Customer),
    (WASTE, "waste", LocationKind::Waste),
    (OWN_USE, "own_use", LocationKind::OwnUse),
    (DIFFERENCE, "difference", LocationKind::InventoryDifference),
];

/// One thing that happens, by places instead of their states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    pub kind: MovementKind,
    pub quantity: Qty,
    pub from: LocationId,
    pub to: LocationId,
    pub lot: Option<LotId>,
}

/// One product in memory: the smallest thing that can keep what postings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductBook {
    pub sides: BTreeMap<LocationId, SideState>,
}

impl ProductBook {
    /// Posts and keeps; on a refusal nothing has changed.
    pub fn post(&mut self, movement: &Movement) -> Result<Posting, Refusal> {
        let Movement { kind, quantity, from, to, lot } = *movement;
        let (from, to) = (self.sides[&from].clone(), self.sides[&to].clone());
        let posting = post(&Entry { kind, quantity, from, to, lot, plain_lot: PLAIN })?;
        self.keep(&posting);
        Ok(posting)
    }

    pub fn keep(&mut self, posting: &Posting) {
        for line in &posting.lines {
            let Some(after) = line.after else { continue };
            let side = self.sides.get_mut(&line.location).unwrap();
            match side.lots.iter_mut().find(|held| held.lot == line.lot) {
                Some(held) => held.qty = after,
                None => side.lots.push(lot(line.lot, after)),
            }
        }
    }
}

pub fn units(count: i64) -> Qty {
    Qty::whole(count).unwrap()
}

pub fn place(location: LocationId) -> (LocationId, &'static str, LocationKind) {
    PLACES.into_iter().find(|(id, ..)| *id == location).unwrap()
}

/// A place that holds nothing yet.
pub fn side(location: LocationId, overdraw: Overdraw) -> SideState {
    let (location, _, kind) = place(location);
    SideState { overdraw, ..SideState::outside(location, kind) }
}

pub fn lot(lot: LotId, qty: Qty) -> LotBalance {
    LotBalance { lot, expires_on: None, received_order: 0, qty }
}

/// A new shop: every place, nothing in it.
pub fn new_shop(overdraw: Overdraw) -> ProductBook {
    let sides: BTreeMap<_, _> = PLACES.iter().map(|(location, ..)| (*location, side(*location, overdraw))).collect();
    ProductBook { sides }
}

pub fn on_hand(book: &ProductBook, location: LocationId) -> Qty {
    book.sides[&location].on_hand().unwrap()
}

pub fn total(book: &ProductBook) -> Qty {
    Qty::checked_sum(REAL.map(|location| on_hand(book, location))).unwrap()
}

/// A line with the virtual side of its kind filled in: `at` is the real side; for a transfer, an adjustment or a count,
/// `other` says where from or to.
pub fn line(kind: MovementKind, quantity: Qty, at: LocationId) -> Movement {
    let counterpart = kind.counterpart().expect("a transfer names both its sides");
    let outside = PLACES.iter().find(|(.., place)| *place == counterpart).unwrap().0;
    let (from, to) = if kind.sides() == Sides::From { (at, outside) } else { (outside, at) };
    Movement { kind, quantity, from, to, lot: None }
}

/// The same movement the other way: what an adjustment or a count takes.
pub fn out_of(line: Movement) -> Movement {
    Movement { from: line.to, to: line.from, ..line }
}

pub fn transfer(quantity: Qty, from: LocationId, to: LocationId) -> Movement {
    Movement { kind: MovementKind::Transfer, quantity, from, to, lot: None }
}
