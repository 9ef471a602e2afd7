//! The table of levels, one row a test.

use super::*;
use crate::season::Season;

fn units(count: i64) -> Qty {
    Qty::whole(count).unwrap()
}

/// Minimum 10, maximum 30, reorder at 10; two sold a day; moved yesterday; autumn.
fn with(on_hand: i64) -> Situation {
    Situation {
        on_hand: units(on_hand),
        policy: StockPolicy::with_defaults(Some(units(10)), None, None),
        season: Factor::ONE,
        demand: Demand { total: units(10), days: 10 },
        days_since_last_movement: Some(1),
    }
}

#[test]
fn every_row_of_the_table_has_its_level() {
    let expected = [
        (-1, Level::Negative),
        (0, Level::OutOfStock),
        (5, Level::Critical),
        (6, Level::Low),
        (10, Level::Low),
        (11, Level::Normal),
        (30, Level::Normal),
        (31, Level::Overstock),
    ];
    for (on_hand, level) in expected {
        assert_eq!(classify(&with(on_hand)), level, "{on_hand}");
    }
}

#[test]
fn less_than_three_days_of_cover_is_critical_and_three_are_not() {
    let fast = |on_hand| Situation { demand: Demand { total: units(60), days: 10 }, ..with(on_hand) };
    assert_eq!(classify(&fast(17)), Level::Critical);
    assert_eq!(classify(&fast(18)), Level::Normal);
}

#[test]
fn more_than_45_days_of_cover_is_overstock_and_45_are_not() {
    let roomy = StockPolicy { min: units(10), max: units(1_000), reorder_point: units(400) };
    let slow = |on_hand| Situation { policy: roomy, ..with(on_hand) };
    assert_eq!(classify(&slow(45)), Level::Normal);
    assert_eq!(classify(&slow(46)), Level::Overstock);
    let unsold = Situation { demand: Demand::default(), ..slow(46) };
    assert_eq!(classify(&unsold), Level::Normal);
    let unwanted = Situation { demand: Demand { total: Qty::ZERO, days: 10 }, ..slow(46) };
    assert_eq!(classify(&unwanted), Level::Normal);
}

#[test]
fn more_than_three_reorder_points_is_overstock() {
    let policy = StockPolicy { min: units(1), max: Qty::ZERO, reorder_point: units(10) };
    assert_eq!(classify(&Situation { policy, ..with(30) }), Level::Normal);
    assert_eq!(classify(&Situation { policy, ..with(31) }), Level::Overstock);
}

#[test]
fn stock_that_did_not_move_for_thirty_days_is_said_so_before_being_too_much() {
    let still = |days, on_hand| Situation { days_since_last_movement: Some(days), ..with(on_hand) };
    assert_eq!(classify(&still(29, 20)), Level::Normal);
    assert_eq!(classify(&still(30, 20)), Level::NoMovement);
    assert_eq!(classify(&still(30, 31)), Level::NoMovement);
    assert_eq!(classify(&still(30, 10)), Level::Low);
    assert_eq!(classify(&still(30, 0)), Level::OutOfStock);
}

/// Minimum 7 in summer is 9.1: stock 9 is low, shortfall 0.1.
#[test]
fn the_summer_minimum_is_exact() {
    let policy = StockPolicy::with_defaults(Some(units(7)), Some(units(40)), None);
    let summer = Season::of_month(1).unwrap().factor();
    let situation = Situation { policy, season: summer, ..with(9) };
    assert_eq!(policy.scaled_min(summer), Qty::new(9_100));
    assert_eq!(classify(&situation), Level::Low);
    assert_eq!(policy.shortfall(units(9), summer), Qty::new(100));
    assert_eq!(policy.shortfall(units(10), summer), Qty::ZERO);
    assert_eq!(classify(&Situation { on_hand: units(10), ..situation }), Level::Normal);
}

#[test]
fn without_a_minimum_or_maximum_there_is_nothing_to_fall_short_of_or_exceed() {
    let policy = StockPolicy { min: Qty::ZERO, max: Qty::ZERO, reorder_point: Qty::ZERO };
    let situation = Situation { policy, demand: Demand::default(), ..with(1) };
    assert_eq!(classify(&situation), Level::Normal);
}

#[test]
fn unset_bounds_take_the_defaults() {
    let policy = StockPolicy::with_defaults(None, None, None);
    assert_eq!((policy.min, policy.max, policy.reorder_point), (units(5), units(15), units(5)));
}

#[test]
fn cover_is_floored_to_tenths_and_unknown_without_sales() {
    assert_eq!(cover_days_tenths(units(10), Demand { total: units(7), days: 7 }), Some(100));
    assert_eq!(cover_days_tenths(units(10), Demand { total: units(9), days: 3 }), Some(33));
    assert_eq!(cover_days_tenths(units(-4), Demand { total: units(9), days: 3 }), Some(0));
    assert_eq!(cover_days_tenths(units(10), Demand { total: Qty::ZERO, days: 3 }), None);
    assert_eq!(cover_days_tenths(units(10), Demand { total: units(3), days: 0 }), None);
}

#[test]
fn the_worst_level_comes_first_then_the_lowest_cover() {
    let mut list = [
        urgency(Level::Low, None),
        urgency(Level::Normal, Some(1)),
        urgency(Level::Low, Some(20)),
        urgency(Level::Critical, Some(50)),
        urgency(Level::Low, Some(10)),
    ];
    list.sort_unstable();
    let order: Vec<_> = list.iter().map(|(level, unsold, cover)| (level.code(), *unsold, *cover)).collect();
    let expected =
        [("critical", false, 50), ("low", false, 10), ("low", false, 20), ("low", true, 0), ("normal", false, 1)];
    assert_eq!(order, expected);
}

#[test]
fn a_category_is_critical_above_a_fifth_of_its_products() {
    assert!(!category_is_critical(2, 10));
    assert!(category_is_critical(3, 10));
    assert!(!category_is_critical(0, 0));
}

#[test]
fn severity_and_codes_follow_the_order_of_the_table() {
    for (place, level) in Level::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(level.severity()), place);
        assert_eq!(Level::from_code(level.code()), Some(level));
        assert_eq!(level.is_short(), place < 4);
    }
}
