//! The rules of posting, one sentence each; tables and properties are in `tests/`.

use super::*;

const STORE: LocationId = LocationId(1);
const SHOP: LocationId = LocationId(2);
const OUTSIDE: LocationId = LocationId(3);
const PLAIN: LotId = LotId(0);
const JUNE: LotId = LotId(6);
const MAY: LotId = LotId(5);

fn lot(lot: LotId, expires_on: Option<i32>, qty: i64) -> LotBalance {
    LotBalance { lot, expires_on: expires_on.map(Day), received_order: 0, qty: Qty::new(qty) }
}

fn real(location: LocationId, lots: Vec<LotBalance>) -> SideState {
    SideState {
        location,
        kind: LocationKind::Stock,
        lots,
        reserved: Qty::ZERO,
        overdraw: Overdraw::Refuse,
        lowest_later: None,
    }
}

fn sale(quantity: i64, from: SideState) -> Entry {
    let to = SideState::outside(OUTSIDE, LocationKind::Customer);
    let quantity = Qty::new(quantity);
    Entry { kind: MovementKind::Sale, quantity, from, to, lot: None, plain_lot: PLAIN }
}

fn transfer(quantity: i64, from: SideState, to: SideState) -> Entry {
    let quantity = Qty::new(quantity);
    Entry { kind: MovementKind::Transfer, quantity, from, to, lot: None, plain_lot: PLAIN }
}

#[test]
fn a_transfer_moves_the_same_lots_first_expiring_first() {
    let from = real(STORE, vec![lot(JUNE, Some(60), 5), lot(MAY, Some(30), 5)]);
    let to = real(SHOP, vec![lot(MAY, Some(30), 1)]);
    let posting = post(&transfer(7, from, to)).unwrap();
    let line =
        |location, lot, delta, after| Line { location, lot, delta: Qty::new(delta), after: Some(Qty::new(after)) };
    let expected = [line(STORE, MAY, -5, 0), line(SHOP, MAY, 5, 6), line(STORE, JUNE, -2, 3), line(SHOP, JUNE, 2, 2)];
    assert_eq!(posting.lines, expected);
    let effects: Vec<_> = posting.effects.iter().map(|e| (e.before.raw(), e.after.raw())).collect();
    assert_eq!(effects, [(10, 3), (1, 8)]);
}

#[test]
fn selling_the_last_unit_twice_refuses_the_second() {
    let posting = post(&sale(1, real(SHOP, vec![lot(PLAIN, None, 1)]))).unwrap();
    assert_eq!(posting.lines[1].after, None);
    let refused = post(&sale(1, real(SHOP, vec![lot(PLAIN, None, 0)]))).unwrap_err();
    let expected =
        Refusal::InsufficientStock { location: SHOP, on_hand: Qty::ZERO, available: Qty::ZERO, requested: Qty::new(1) };
    assert_eq!(refused, expected);
}

#[test]
fn what_is_reserved_may_be_lost_but_not_sold() {
    let mut shelf = real(SHOP, vec![lot(PLAIN, None, 10)]);
    shelf.reserved = Qty::new(4);
    assert!(matches!(post(&sale(7, shelf.clone())), Err(Refusal::InsufficientStock { .. })));
    assert!(post(&sale(6, shelf.clone())).is_ok());
    let to = SideState::outside(OUTSIDE, LocationKind::Waste);
    let waste = Entry { kind: MovementKind::Waste, to, ..sale(10, shelf.clone()) };
    assert!(post(&waste).is_ok());
    let till = SideState { overdraw: Overdraw::AllowAndFlag, ..shelf };
    assert_eq!(post(&sale(7, till)).unwrap().flags, [Flag::ReservedTaken]);
}

#[test]
fn the_till_may_overdraw_and_says_so() {
    let till = SideState { overdraw: Overdraw::AllowAndFlag, ..real(SHOP, vec![lot(MAY, Some(30), 2)]) };
    let posting = post(&sale(3, till.clone())).unwrap();
    assert_eq!(posting.flags, [Flag::NegativeStock]);
    assert_eq!(posting.effects[0].after, Qty::new(-1));
    let plain = posting.lines.iter().find(|l| l.location == SHOP && l.lot == PLAIN).unwrap();
    assert_eq!(plain.after, Some(Qty::new(-1)));
    let quiet = SideState { overdraw: Overdraw::Allow, ..till };
    assert_eq!(post(&sale(3, quiet)).unwrap().flags, []);
}

#[test]
fn a_named_lot_is_the_only_one_touched() {
    let shelf = real(SHOP, vec![lot(MAY, Some(30), 2), lot(JUNE, Some(60), 5)]);
    let named = Entry { lot: Some(JUNE), ..sale(3, shelf.clone()) };
    let posting = post(&named).unwrap();
    assert!(posting.lines.iter().all(|line| line.lot == JUNE));
    let refused = post(&Entry { lot: Some(MAY), ..named }).unwrap_err();
    let expected = Refusal::LotInsufficient { location: SHOP, lot: MAY, on_hand: Qty::new(2), requested: Qty::new(3) };
    assert_eq!(refused, expected);
    let till = SideState { overdraw: Overdraw::AllowAndFlag, ..shelf };
    let posting = post(&Entry { lot: Some(MAY), ..sale(3, till) }).unwrap();
    assert_eq!(posting.flags, [Flag::NegativeLot]);
}

#[test]
fn a_backdated_exit_answers_for_every_later_moment() {
    let mut shelf = real(SHOP, vec![lot(PLAIN, None, 10)]);
    shelf.lowest_later = Some(Qty::new(2));
    assert!(post(&sale(2, shelf.clone())).is_ok());
    let refused = post(&sale(3, shelf.clone())).unwrap_err();
    let (lowest, requested) = (Qty::new(2), Qty::new(3));
    assert_eq!(refused, Refusal::BackdatedWouldGoNegative { location: SHOP, lowest, requested });
    shelf.overdraw = Overdraw::AllowAndFlag;
    assert_eq!(post(&sale(3, shelf)).unwrap().flags, [Flag::NegativeHistory]);
}

#[test]
fn nonsense_is_refused_by_name() {
    let shelf = || real(SHOP, vec![lot(PLAIN, None, 10)]);
    assert_eq!(post(&sale(0, shelf())).unwrap_err().code(), "quantity_not_positive");
    assert_eq!(post(&sale(-1, shelf())).unwrap_err().code(), "quantity_not_positive");
    let same = post(&transfer(1, shelf(), shelf())).unwrap_err();
    assert_eq!(same, Refusal::SameLocation { location: SHOP });
    let to = SideState::outside(OUTSIDE, LocationKind::Supplier);
    let wrong = post(&Entry { to, ..sale(1, shelf()) }).unwrap_err();
    assert_eq!(wrong.code(), "sides_do_not_fit");
    let full = real(STORE, vec![lot(PLAIN, None, i64::MAX)]);
    assert_eq!(post(&transfer(1, shelf(), full)).unwrap_err(), Refusal::Overflow);
}
