//! Every worked example of `catalogue-and-stock.md`, in its order and under the name of its section, and the regression cases
//! that need more than one module.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod world;

use gondola_ledger::count::{Adjustment, adjustment, balance_at, difference, needs_recount};
use gondola_ledger::level::{category_is_critical, cover_days_tenths};
use gondola_ledger::reverse::{EntryState, Undo, undo};
use gondola_ledger::shelf_life::offer_price;
use gondola_ledger::transfer::{arrival, restock};
use gondola_ledger::valuation::{self, replacement_value};
use gondola_ledger::*;
use world::*;

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn cost(text: &str) -> UnitCost {
    UnitCost::parse(text).unwrap()
}

fn event(qty: i64, unit_cost: Option<&str>) -> ValuationEvent {
    ValuationEvent::new(units(qty), unit_cost.map(cost))
}

/// Receives 10 @ $100 and 10 @ $130, sells 12, receives 8 @ $150; answers what the sale cost too.
fn worked_table() -> (valuation::ValueMove, Valuation) {
    let mut valuation = valuation::fold([event(10, Some("100")), event(10, Some("130"))]).unwrap();
    let sold = valuation.apply(event(-12, None)).unwrap();
    valuation.apply(event(8, Some("150"))).unwrap();
    (sold, valuation)
}

fn undo_lines(book: &mut ProductBook, posting: &Posting) -> Result<Posting, Refusal> {
    let original: Vec<OriginalLine> = posting
        .lines
        .iter()
        .map(|line| OriginalLine { location: line.location, lot: line.lot, delta: line.delta })
        .collect();
    let sides: Vec<SideState> = book.sides.values().cloned().collect();
    let undone = reverse(&original, &sides)?;
    book.keep(&undone);
    Ok(undone)
}

#[test]
fn base_types_one_box_of_nine_is_a_ninth_and_never_point_111() {
    let boxes = Factor::parse("1/9").unwrap();
    assert_eq!(boxes.apply(units(9)), Ok(units(1)));
    assert_eq!(boxes.apply(units(900_000)), Ok(units(100_000)));
    assert_eq!(Factor::parse("0.111").unwrap().apply(units(900_000)), Ok(units(99_900)));
}

#[test]
fn base_types_limits_are_999_999_units_and_9_999_999_99_pesos() {
    assert_eq!(Qty::parse("999999", Unit::Un), Ok(units(999_999)));
    assert_eq!(Qty::parse("1000000", Unit::Un).unwrap_err().code(), "too_large");
    assert_eq!(Money::parse_price("0.00").unwrap_err().code(), "too_small");
    assert_eq!(Money::parse_price("9999999.99"), Ok(Money::new(999_999_999)));
    assert_eq!(Qty::parse("1.5", Unit::Un).unwrap_err().code(), "not_whole");
}

#[test]
fn product_without_a_policy_wants_5_to_15() {
    let policy = StockPolicy::with_defaults(None, None, None);
    assert_eq!((policy.min, policy.max), (units(5), units(15)));
}

/// The third and fourth columns of the table of movements.
#[test]
fn the_ledger_every_kind_moves_between_its_places_with_its_sign() {
    use MovementKind::*;
    let one = units(1);
    let rows = [
        (line(Receipt, one, DEPOSITO), SUPPLIER, DEPOSITO, 1),
        (line(CustomerReturn, one, LOCAL), CUSTOMER, LOCAL, 1),
        (line(CustomerReturn, one, QUARANTINE), CUSTOMER, QUARANTINE, 1),
        (line(Opening, one, LOCAL), DIFFERENCE, LOCAL, 1),
        (line(Adjustment, one, LOCAL), DIFFERENCE, LOCAL, 1),
        (line(Sale, one, LOCAL), LOCAL, CUSTOMER, -1),
        (line(Issue, one, LOCAL), LOCAL, CUSTOMER, -1),
        (line(Waste, one, LOCAL), LOCAL, WASTE, -1),
        (line(OwnUse, one, LOCAL), LOCAL, OWN_USE, -1),
        (line(SupplierReturn, one, DEPOSITO), DEPOSITO, SUPPLIER, -1),
        (out_of(line(Adjustment, one, LOCAL)), LOCAL, DIFFERENCE, -1),
        (transfer(one, DEPOSITO, LOCAL), DEPOSITO, LOCAL, 0),
        (transfer(one, DEPOSITO, TRANSIT), DEPOSITO, TRANSIT, 0),
        (line(Count, one, LOCAL), DIFFERENCE, LOCAL, 1),
        (out_of(line(Count, one, LOCAL)), LOCAL, DIFFERENCE, -1),
    ];
    for (line, from, to, sign) in rows {
        let mut shop = new_shop(Overdraw::Allow);
        let posting = shop.post(&line).unwrap();
        let deltas: Vec<_> = posting.lines.iter().map(|line| (line.location, line.delta)).collect();
        assert_eq!(deltas, [(from, units(-1)), (to, units(1))], "{:?}", line.kind);
        assert_eq!(total(&shop), units(sign), "{:?}", line.kind);
    }
}

#[test]
fn the_ledger_after_is_before_plus_quantity_in_the_sale_of_the_contract() {
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(24), DEPOSITO)).unwrap();
    let posting = shop.post(&transfer(units(10), DEPOSITO, LOCAL)).unwrap();
    let effects: Vec<_> = posting.effects.iter().map(|effect| (effect.location, effect.before, effect.after)).collect();
    assert_eq!(effects, [(DEPOSITO, units(24), units(14)), (LOCAL, units(0), units(10))]);
}

/// 15, sell 3, void, delete: 15. In any order, as often as one likes.
#[test]
fn the_ledger_voiding_deleting_and_retrying_ends_where_it_started() {
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(15), LOCAL)).unwrap();
    let before = shop.clone();
    let sale = shop.post(&line(MovementKind::Sale, units(3), LOCAL)).unwrap();
    let mut state = EntryState::Confirmed;
    for _void_delete_retry in 0..3 {
        if undo(state) == Undo::Reverse {
            undo_lines(&mut shop, &sale).unwrap();
        }
        state = EntryState::Voided;
    }
    assert_eq!(on_hand(&shop, LOCAL), units(15));
    assert_eq!(shop, before);
}

/// 2 on hand; sell, sell, refund, sell, close: it closes with 0.
#[test]
fn the_ledger_selling_the_refunded_unit_again_leaves_nothing() {
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(2), LOCAL)).unwrap();
    for kind in [MovementKind::Sale, MovementKind::Sale, MovementKind::CustomerReturn, MovementKind::Sale] {
        shop.post(&line(kind, units(1), LOCAL)).unwrap();
    }
    assert_eq!(on_hand(&shop, LOCAL), Qty::ZERO);
    assert_eq!(shop.post(&line(MovementKind::Sale, units(1), LOCAL)).unwrap_err().code(), "insufficient_stock");
}

#[test]
fn the_ledger_the_till_sells_what_the_record_does_not_have_and_flags_it() {
    let till = resolve(&[], PRODUCT, LOCAL, Channel::Till);
    let posting = new_shop(till).post(&line(MovementKind::Sale, units(1), LOCAL)).unwrap();
    assert_eq!(posting.flags, [Flag::NegativeStock]);
    for channel in [Channel::Counter, Channel::Api, Channel::Import, Channel::Job] {
        let refuse = resolve(&[], PRODUCT, LOCAL, channel);
        let refused = new_shop(refuse).post(&line(MovementKind::Sale, units(1), LOCAL)).unwrap_err();
        assert_eq!(refused.code(), "insufficient_stock");
    }
}

/// R-13, and the example of the section: 1,000 on file, 100 sold while counting, 900 counted after it: adjustment 0.
#[test]
fn counts_a_sale_while_counting_needs_no_adjustment() {
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(1_000), LOCAL)).unwrap();
    shop.post(&line(MovementKind::Sale, units(100), LOCAL)).unwrap();
    let changes = [(1, units(1_000)), (2, units(-100))];
    let found = difference(units(900), balance_at(2, changes).unwrap()).unwrap();
    assert_eq!(adjustment(found), Adjustment::None);
    assert_eq!(on_hand(&shop, LOCAL), units(900));
}

#[test]
fn counts_a_missing_unit_is_taken_from_what_is_there_now() {
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(1_000), LOCAL)).unwrap();
    let found = difference(units(995), balance_at(1, [(1, units(1_000))]).unwrap()).unwrap();
    shop.post(&line(MovementKind::Sale, units(100), LOCAL)).unwrap();
    let Adjustment::Missing(missing) = adjustment(found) else { panic!("five are missing") };
    shop.post(&out_of(line(MovementKind::Count, missing, LOCAL))).unwrap();
    assert_eq!(on_hand(&shop, LOCAL), units(895));
    assert!(!needs_recount(found, units(1_000)));
}

#[test]
fn transfers_the_shelf_is_filled_to_its_target_and_the_branch_claims_what_is_missing() {
    assert_eq!(restock(units(24), units(6), units(10)), units(10));
    let mut shop = new_shop(Overdraw::Refuse);
    shop.post(&line(MovementKind::Opening, units(10), DEPOSITO)).unwrap();
    shop.post(&transfer(units(10), DEPOSITO, TRANSIT)).unwrap();
    assert_eq!(total(&shop), units(10));
    let counted = arrival(units(10), units(8)).unwrap();
    shop.post(&transfer(counted.arrives, TRANSIT, LOCAL)).unwrap();
    shop.post(&out_of(line(MovementKind::Adjustment, counted.missing, TRANSIT))).unwrap();
    assert_eq!((on_hand(&shop, TRANSIT), on_hand(&shop, LOCAL)), (Qty::ZERO, units(8)));
    assert_eq!(TransferState::Sent.receive().unwrap().receive().unwrap_err().code(), "not_on_the_road");
}

#[test]
fn valuation_fifo_the_12_sold_cost_1260_and_16_are_worth_2240() {
    let (sold, valuation) = worked_table();
    assert_eq!(sold.fifo.value, money("-1260.00"));
    assert_eq!((valuation.fifo.qty(), valuation.fifo.value()), (units(16), money("2240.00")));
}

#[test]
fn valuation_avco_the_12_sold_cost_1380_and_16_are_worth_2120() {
    let (sold, valuation) = worked_table();
    assert_eq!(sold.avco.value, money("-1380.00"));
    assert_eq!((valuation.avco.qty(), valuation.avco.value()), (units(16), money("2120.00")));
    assert_eq!(valuation.avco.average(), cost("132.50"));
}

#[test]
fn valuation_replacement_the_12_sold_cost_1800_and_16_are_worth_2400() {
    assert_eq!(replacement_value(units(12), cost("150")), Some(money("1800.00")));
    assert_eq!(replacement_value(units(16), cost("150")), Some(money("2400.00")));
}

#[test]
fn valuation_three_units_worth_100_leave_as_33_33_33_34_and_33_33() {
    let mut avco = Avco::from_parts(units(3), money("100.00"), Some(cost("33.3333"))).unwrap();
    let mut fifo = Fifo::from_parts(&[(3_000, 333_333)], Some(cost("33.3333"))).unwrap();
    for expected in ["33.33", "33.34", "33.33"] {
        assert_eq!(avco.issue(units(1)), Ok(money(expected)));
        assert_eq!(fifo.issue(units(1)), Ok(money(expected)));
    }
    assert_eq!((avco.value(), fifo.value()), (Money::ZERO, Money::ZERO));
}

/// everything sold, value exactly 0.00, by both methods.
#[test]
fn valuation_is_zero_when_the_quantity_is() {
    let (_, mut valuation) = worked_table();
    valuation.apply(event(-16, None)).unwrap();
    assert_eq!((valuation.avco.value(), valuation.fifo.value()), (Money::ZERO, Money::ZERO));
    assert_eq!((valuation.avco.qty(), valuation.fifo.qty()), (Qty::ZERO, Qty::ZERO));
}

#[test]
fn stock_levels_a_minimum_of_7_in_summer_is_9_1() {
    let policy = StockPolicy::with_defaults(Some(units(7)), None, None);
    let season = Season::of_month(Day(20_819).month()).unwrap().factor();
    let situation =
        Situation { on_hand: units(9), policy, season, demand: Demand::default(), days_since_last_movement: Some(0) };
    assert_eq!(Day(20_819).to_string(), "2027-01-01");
    assert_eq!(classify(&situation), Level::Low);
    assert_eq!(policy.scaled_min(season).format(Unit::Un), "9.1");
    assert_eq!(policy.shortfall(units(9), season).format(Unit::Un), "0.1");
}

#[test]
fn stock_levels_cover_counts_days_in_stock_and_a_fifth_low_is_not_yet_critical() {
    assert_eq!(cover_days_tenths(units(30), Demand { total: units(20), days: 10 }), Some(150));
    assert!(!category_is_critical(20, 100));
    assert!(category_is_critical(21, 100));
}

#[test]
fn shelf_life_thirty_per_cent_off_at_seven_days_or_less() {
    let left = |days| ShelfLife::of(Some(Day(days)), Day(0));
    assert_eq!(offer_price(money("1850.00"), Money::ZERO, left(7)), Some(money("1295.00")));
    assert_eq!(offer_price(money("1850.00"), Money::ZERO, left(8)), None);
    assert_eq!(offer_price(money("1850.00"), Money::ZERO, left(-1)), None);
    assert_eq!(offer_price(money("1850.00"), money("1500.00"), left(3)), Some(money("1500.00")));
}
