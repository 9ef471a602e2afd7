//! The worked examples of unit cost, exact to four decimals, and laws of discounts.

use proptest::prelude::*;

use super::*;
use crate::pack::{LineText, PackRule};

fn percent(text: &str) -> Rate {
    Rate::parse_percent(text).unwrap()
}

fn net_price(price: &str, per: PricedPer) -> DocumentPrice {
    DocumentPrice {
        price: UnitCost::parse(price).unwrap(),
        per,
        discounts: Vec::new(),
        vat: percent("21"),
        vat_shown: VatShown::Apart,
        charges: Charges::NONE,
    }
}

fn monotributo(document: &DocumentPrice) -> String {
    document.unit_cost(TaxStatus::Monotributo).unwrap().to_string()
}

/// M9.
#[test]
fn example_1_a_case_of_twelve_costs_a_twelfth() {
    assert_eq!(monotributo(&net_price("24000", PricedPer::Case(12))), "2420.0000");
}

/// M9.
#[test]
fn example_2_the_column_gives_24_units() {
    let units = PackRule::Column.units_per_case(LineText { name: "BIZCOCHO", column: Some("24") }).unwrap();
    assert_eq!(monotributo(&net_price("18000", PricedPer::Case(units))), "907.5000");
}

/// M9.
#[test]
fn example_3_the_name_gives_20_units_and_the_discount_goes_first() {
    let units = PackRule::UnitsInName.units_per_case(LineText { name: "FIDEO 20X500", column: None }).unwrap();
    let mut document = net_price("30000", PricedPer::Case(units));
    document.discounts = vec![percent("10")];
    assert_eq!(monotributo(&document), "1633.5000");
}

/// M9.
#[test]
fn example_4_minus_two_cases_of_3x12_are_72_units_received() {
    let units = PackRule::BoxesInName.units_per_case(LineText { name: "OREO 3X12X118", column: None }).unwrap();
    assert_eq!(units, 36);
    assert_eq!(monotributo(&net_price("64800", PricedPer::Case(units))), "2178.0000");
    assert_eq!(received_units(Qty::whole(-2).unwrap(), units), Qty::whole(72));
}

/// M9.
#[test]
fn example_5_tang_20x18_is_20_units() {
    assert_eq!(PackRule::BoxesInName.units_per_case(LineText { name: "TANG 20X18", column: None }), Some(20));
}

/// M9.
#[test]
fn example_6_a_unit_price_keeps_its_four_decimals() {
    assert_eq!(monotributo(&net_price("4321.9876", PricedPer::Unit)), "5229.6050");
}

/// M9.
#[test]
fn example_7_a_list_valid_to_31_03_is_not_applied_after_it() {
    // 2026-03-31 is day 20,543.
    let last = Day(20_543);
    assert_eq!(last.to_string(), "2026-03-31");
    assert_eq!(check_validity(Some(last), last), Ok(()));
    assert_eq!(check_validity(Some(last), Day(20_544)), Err(CostRefusal::Expired { valid_to: last }));
    assert_eq!(check_validity(None, Day(i32::MAX)), Ok(()));
}

/// M9.
#[test]
fn examples_8_and_9_vat_and_its_perception_are_cost_only_for_monotributo() {
    let mut document = net_price("18000", PricedPer::Case(24));
    document.charges.vat_perception = Charge::OfNet(percent("3"));
    assert_eq!(document.unit_cost(TaxStatus::RegisteredVat).unwrap().to_string(), "750.0000");
    assert_eq!(monotributo(&document), "930.0000");
}

#[test]
fn chained_discounts_apply_one_upon_the_other() {
    let mut document = net_price("1000", PricedPer::Unit);
    document.discounts = vec![percent("10"), percent("5")];
    assert_eq!(document.unit_cost(TaxStatus::RegisteredVat).unwrap().to_string(), "855.0000");
}

#[test]
fn a_final_price_is_kept_by_monotributo_and_netted_for_registered() {
    let mut document = net_price("1210", PricedPer::Unit);
    document.vat_shown = VatShown::Included;
    assert_eq!(monotributo(&document), "1210.0000");
    assert_eq!(document.unit_cost(TaxStatus::RegisteredVat).unwrap().to_string(), "1000.0000");
}

#[test]
fn internal_taxes_and_freight_are_cost_for_everybody() {
    let mut document = net_price("1000", PricedPer::Unit);
    document.charges.internal_taxes = Charge::OfNet(percent("8"));
    document.charges.freight = Charge::PerUnit(UnitCost::parse("12.5").unwrap());
    assert_eq!(document.unit_cost(TaxStatus::RegisteredVat).unwrap().to_string(), "1092.5000");
    assert_eq!(monotributo(&document), "1302.5000");
}

#[test]
fn what_the_paper_cannot_mean_is_refused() {
    let refused = |document: &DocumentPrice| document.unit_cost(TaxStatus::Monotributo).unwrap_err();
    assert_eq!(refused(&net_price("1", PricedPer::Case(0))), CostRefusal::EmptyCase);
    let mut document = net_price("1", PricedPer::Unit);
    document.price = UnitCost::new(-1);
    assert_eq!(refused(&document), CostRefusal::Negative);
    document = net_price("1", PricedPer::Unit);
    document.discounts = vec![percent("100.0001")];
    assert_eq!(refused(&document), CostRefusal::NotAShare { rate: percent("100.0001") });
    document.discounts = vec![percent("1"); DISCOUNTS_MAX + 1];
    assert_eq!(refused(&document), CostRefusal::TooManyDiscounts);
    document = net_price("1", PricedPer::Unit);
    document.price = UnitCost::new(i64::MAX);
    assert_eq!(refused(&document), CostRefusal::TooLarge);
    assert_eq!(received_units(Qty::new(i64::MIN), u32::MAX), None);
}

proptest! {
    #[test]
    fn no_figures_panic(
        price in any::<i64>(), units in any::<u32>(), rates in proptest::collection::vec(0..=1_000_000_i32, 0..8)
    ) {
        let mut document = net_price("0", PricedPer::Case(units));
        document.price = UnitCost::new(price);
        document.discounts = rates.into_iter().map(Rate::new).collect();
        document.vat_shown = VatShown::Included;
        let _ = document.unit_cost(TaxStatus::Monotributo);
    }

    #[test]
    fn every_plausible_paper_has_a_cost(
        price in 0..=99_999_999_999_i64, units in 1..=10_000_u32,
        points in proptest::collection::vec(0..=10_000_i16, 4), vat in 0..=2_700_i16
    ) {
        let mut document = net_price("0", PricedPer::Case(units));
        document.price = UnitCost::new(price);
        document.discounts = points.into_iter().map(Rate::basis_points).collect();
        document.vat = Rate::basis_points(vat);
        document.vat_shown = VatShown::Included;
        document.charges.vat_perception = Charge::OfNet(Rate::basis_points(150));
        document.charges.internal_taxes = Charge::OfNet(Rate::basis_points(869));
        document.charges.freight = Charge::PerUnit(UnitCost::new(1));
        prop_assert!(document.unit_cost(TaxStatus::Monotributo).is_ok());
    }

    #[test]
    fn a_registered_buyer_never_pays_more(
        price in 0..10_000_000_000_i64, units in 1..1_000_u32, vat in 0..=270_000_i32
    ) {
        let mut document = net_price("0", PricedPer::Case(units));
        document.price = UnitCost::new(price);
        document.vat = Rate::new(vat);
        let cost = |buyer| document.unit_cost(buyer).unwrap();
        prop_assert!(cost(TaxStatus::RegisteredVat) <= cost(TaxStatus::Monotributo));
    }
}
