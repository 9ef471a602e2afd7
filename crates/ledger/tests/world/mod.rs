//! A small shop for the tests: the places of a new shop, and one product in all of them.

#![allow(dead_code, reason = "each test file uses its part of the shop")]

use std::collections::BTreeMap;

use gondola_ledger::batch::{BatchLine, ProductBook};
use gondola_ledger::{
    LocationId, LocationKind, LotBalance, LotId, MovementKind, Overdraw, ProductId, Qty, SideState, Sides,
};

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
    ProductBook { sides, plain_lot: PLAIN }
}

pub fn on_hand(book: &ProductBook, location: LocationId) -> Qty {
    book.sides[&location].on_hand().unwrap()
}

pub fn total(book: &ProductBook) -> Qty {
    Qty::checked_sum(REAL.map(|location| on_hand(book, location))).unwrap()
}

/// A line with the virtual side of its kind filled in: `at` is the real side; for a transfer, an adjustment or a count,
/// `other` says where from or to.
pub fn line(kind: MovementKind, quantity: Qty, at: LocationId) -> BatchLine {
    let counterpart = kind.counterpart().expect("a transfer names both its sides");
    let outside = PLACES.iter().find(|(.., place)| *place == counterpart).unwrap().0;
    let (from, to) = if kind.sides() == Sides::From { (at, outside) } else { (outside, at) };
    BatchLine { product: PRODUCT, kind, quantity, from, to, lot: None }
}

/// The same movement the other way: what an adjustment or a count takes.
pub fn out_of(line: BatchLine) -> BatchLine {
    BatchLine { from: line.to, to: line.from, ..line }
}

pub fn transfer(quantity: Qty, from: LocationId, to: LocationId) -> BatchLine {
    BatchLine { product: PRODUCT, kind: MovementKind::Transfer, quantity, from, to, lot: None }
}
