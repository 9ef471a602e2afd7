//! The examples of prices, and what rounding and the guard must keep.

use proptest::prelude::*;

use super::*;

fn percent(text: &str) -> Rate {
    Rate::parse_percent(text).unwrap()
}

fn pesos(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn cost(text: &str) -> UnitCost {
    UnitCost::parse(text).unwrap()
}

fn rules(minimum: &str) -> PriceRules {
    PriceRules { rounding: Rounding::default(), minimum: percent(minimum) }
}

const MONOTRIBUTO: Seller = Seller { status: TaxStatus::Monotributo, vat: Rate::basis_points(2_100) };
const REGISTERED: Seller = Seller { status: TaxStatus::RegisteredVat, vat: Rate::basis_points(2_100) };

/// M11: the example of `pricing.md`.
#[test]
fn biscuits_are_1200_with_a_real_margin_of_24_38_for_either_seller() {
    for (seller, unit_cost) in [(MONOTRIBUTO, "907.50"), (REGISTERED, "750")] {
        let shelf = shelf_price(seller, cost(unit_cost), percent("30"), &rules("20")).unwrap();
        assert_eq!(shelf.price, pesos("1200"));
        assert_eq!(shelf.percentages.margin.to_string(), "24.38");
    }
}

/// M11: the roundings of `pricing.md`.
#[test]
fn a_price_goes_to_the_nearest_fifty_half_up() {
    for row in "2345 2350; 8627 8650; 12384 12400; 2325 2350; 2324.99 2300; 10 50; 0.01 50".split("; ") {
        let (exact, rounded) = row.split_once(' ').unwrap();
        assert_eq!(Rounding::default().nearest(pesos(exact)), Some(pesos(rounded)), "{row}");
    }
}

/// M11.
#[test]
fn the_step_follows_the_price_band() {
    let band = |below, step| StepBand { below: pesos(below), step: pesos(step) };
    let rounding = Rounding::new(vec![band("500", "10"), band("5000", "50")], pesos("100")).unwrap();
    for row in "123 120; 499.99 500; 500 500; 1234 1250; 5049 5000; 5050 5100".split("; ") {
        let (exact, rounded) = row.split_once(' ').unwrap();
        assert_eq!(rounding.nearest(pesos(exact)), Some(pesos(rounded)), "{row}");
    }
    assert_eq!(Rounding::new(vec![band("500", "10"), band("500", "50")], pesos("100")), None);
    assert_eq!(Rounding::new(vec![band("500", "0")], pesos("100")), None);
    assert_eq!(Rounding::new(vec![], Money::ZERO), None);
}

/// M11: 1,000 at 22 % is 1,220: the nearest 1,200 leaves 16.67 %, the next 1,250 leaves 20 %.
#[test]
fn a_rounding_under_the_minimum_goes_up_instead() {
    let shelf = shelf_price(MONOTRIBUTO, cost("1000"), percent("22"), &rules("18")).unwrap();
    assert_eq!(shelf.price, pesos("1250"));
    assert_eq!(shelf.percentages.margin, percent("20"));
}

/// M11: never under the minimum without the owner.
#[test]
fn a_price_that_stays_under_the_minimum_is_the_owners() {
    let refusal = shelf_price(MONOTRIBUTO, cost("1000"), percent("22"), &rules("20.0001")).unwrap_err();
    let PriceRefusal::BelowMinimum { offered, minimum } = refusal else { panic!("{refusal:?}") };
    assert_eq!((offered.price, minimum), (pesos("1250"), percent("20.0001")));
}

#[test]
fn nothing_to_start_from_and_too_much_are_refused() {
    let price = |raw| shelf_price(REGISTERED, UnitCost::new(raw), Rate::WHOLE, &rules("0"));
    assert_eq!(price(0), Err(PriceRefusal::NoCost));
    assert_eq!(price(-1), Err(PriceRefusal::NoCost));
    assert_eq!(price(i64::MAX).map(|shelf| shelf.price.is_positive()), Ok(true));
    let hundredfold = shelf_price(REGISTERED, UnitCost::new(i64::MAX), percent("200000"), &rules("0"));
    assert_eq!(hundredfold, Err(PriceRefusal::TooLarge));
}

/// M11: the guard.
#[test]
fn a_registered_seller_loses_below_the_net_price() {
    assert!(!REGISTERED.loses(cost("1000"), pesos("1210")));
    assert!(REGISTERED.loses(cost("1000.0001"), pesos("1210")));
    assert!(!MONOTRIBUTO.loses(cost("1210"), pesos("1210")));
    assert!(!MONOTRIBUTO.reaches(cost("1"), Money::ZERO, Rate::ZERO));
}

proptest! {
    #[test]
    fn a_shelf_price_is_whole_steps_and_keeps_the_minimum(
        raw in 1..100_000_000_000_i64, markup in 0..2_000_000_i32, minimum in 0..500_000_i32
    ) {
        let rules = PriceRules { rounding: Rounding::default(), minimum: Rate::new(minimum) };
        let unit_cost = UnitCost::new(raw);
        let price = match shelf_price(REGISTERED, unit_cost, Rate::new(markup), &rules) {
            Ok(shelf) => {
                prop_assert!(REGISTERED.reaches(unit_cost, shelf.price, rules.minimum));
                shelf.price
            }
            Err(PriceRefusal::BelowMinimum { offered, .. }) => {
                prop_assert!(!REGISTERED.reaches(unit_cost, offered.price, rules.minimum));
                offered.price
            }
            Err(PriceRefusal::TooLarge) => return Ok(()),
            Err(other) => panic!("{other:?}"),
        };
        prop_assert!(price >= DEFAULT_STEP);
        prop_assert_eq!(price.raw() % DEFAULT_STEP.raw(), 0);
    }

    #[test]
    fn no_figures_panic(raw in any::<i64>(), markup in any::<i32>(), vat in any::<i32>(), price in any::<i64>()) {
        let seller = Seller { status: TaxStatus::RegisteredVat, vat: Rate::new(vat) };
        let _ = shelf_price(seller, UnitCost::new(raw), Rate::new(markup), &rules("20"));
        let _ = seller.percentages(UnitCost::new(raw), Money::new(price));
        let _ = seller.loses(UnitCost::new(raw), Money::new(price));
    }
}
