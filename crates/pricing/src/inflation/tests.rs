//! The check values of inflation, and laws that growth keeps.

use proptest::prelude::*;

use super::*;

fn monthly(text: &str) -> MonthlyRate {
    MonthlyRate::new(Rate::parse_percent(text).unwrap()).unwrap()
}

fn pesos(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn grown(growth: Option<Growth>) -> String {
    growth.unwrap().project_money(pesos("100")).unwrap().to_string()
}

/// M11: m = 2.8 % / 4.5 % -> d 0.0908 % / 0.1447 %: in millionths.
#[test]
fn the_daily_rate_of_a_month() {
    assert_eq!(monthly("2.8").daily().rate(), Some(Rate::new(908)));
    assert_eq!(monthly("4.5").daily().rate(), Some(Rate::new(1_447)));
}

/// M11: check values of `pricing.md`.
#[test]
fn a_hundred_pesos_over_days() {
    assert_eq!(grown(monthly("4.5").over_days(30)), "104.43");
    assert_eq!(grown(monthly("4.5").over_days(365)), "169.52");
    assert_eq!(grown(monthly("2.8").over_days(30)), "102.76");
    for days in [0, -1, i64::MIN] {
        assert_eq!(monthly("4.5").over_days(days), Some(Growth::NONE));
    }
}

/// M11: check values of `pricing.md`.
#[test]
fn a_year_of_months_accumulates() {
    let year = |rate| monthly(rate).over_months(12).unwrap().rate().unwrap().to_string();
    assert_eq!((year("4.5"), year("2.8")), ("69.59".to_owned(), "39.29".to_owned()));
    let quarter = monthly("5").over_months(3).unwrap();
    assert_eq!(grown(Some(quarter)), "115.76");
    assert_eq!(quarter.project(UnitCost::parse("100").unwrap()), UnitCost::parse("115.7625").ok());
}

/// M11.
#[test]
fn a_series_is_the_product_of_its_months() {
    let series = accumulated(&[monthly("10"), monthly("20"), monthly("0")]).unwrap();
    assert_eq!(series.rate(), Rate::parse_percent("32"));
    assert_eq!(accumulated(&[]), Some(Growth::NONE));
    assert_eq!(accumulated(&vec![monthly("1"); MONTHS_MAX + 1]), None);
    assert_eq!(monthly("1").over_months(usize::MAX), None);
}

/// M11: $10,000,000 of stock at 2.8 %, per day: $9,076.
#[test]
fn idle_stock_loses_by_the_day() {
    let loss = monthly("2.8").daily().added_to_money(pesos("10000000")).unwrap();
    assert_eq!(div_half_up(loss.raw().into(), 100), 9_076);
}

/// M11: check values of `pricing.md`.
#[test]
fn buying_a_week_early_saves() {
    let saving = |rate| monthly(rate).over_days(7).unwrap().added_to_money(pesos("100")).unwrap();
    assert_eq!((saving("2.8"), saving("4.5")), (pesos("0.64"), pesos("1.02")));
}

/// M11.
#[test]
fn a_rate_is_monthly_and_up_to_fifty() {
    assert_eq!(MonthlyRate::new(Rate::new(-1)), None);
    assert_eq!(MonthlyRate::new(Rate::new(500_001)), None);
    assert!(monthly("30.0001").is_suspect() && !monthly("30").is_suspect());
}

#[test]
fn beyond_the_limits_there_is_no_projection() {
    assert_eq!(monthly("50").over_days(DAYS_MAX + 1), None);
    let five_years = monthly("50").over_days(DAYS_MAX).unwrap();
    assert_eq!(five_years.project(UnitCost::new(i64::MAX)), None);
    assert_eq!(five_years.rate(), None);
}

/// M11.
#[test]
fn real_value_follows_the_index() {
    let index = |points| IndexPoint::new(points).unwrap();
    assert_eq!(real_value(pesos("1000"), index(90_005_000), index(45_002_500)), Some(pesos("2000")));
    assert_eq!(real_value(Money::new(i64::MAX), index(2), index(1)), None);
    assert_eq!(IndexPoint::new(0), None);
}

/// M11: 10 at 100 that cost 110 and 1 at 1,000 that costs 1,000 weigh the same: 5 %.
#[test]
fn own_inflation_weighs_by_what_was_spent() {
    let again = |before, now, quantity| BoughtAgain {
        before: UnitCost::parse(before).unwrap(),
        now: UnitCost::parse(now).unwrap(),
        quantity: Qty::whole(quantity).unwrap(),
    };
    let purchases = [again("100", "110", 10), again("1000", "1000", 1)];
    assert_eq!(own_inflation(&purchases), Some(Rate::basis_points(500)));
    assert_eq!(own_inflation(&[]), None);
    assert_eq!(own_inflation(&[again("0", "10", 1)]), None);
    let huge =
        BoughtAgain { before: UnitCost::new(i64::MIN), now: UnitCost::new(i64::MAX), quantity: Qty::new(i64::MAX) };
    assert_eq!(own_inflation(&[huge; 3]), None);
}

#[test]
fn buying_ahead_pays_only_above_all_its_costs() {
    let mut ahead = BuyAhead {
        rise: UnitCost::parse("50").unwrap(),
        quantity: Qty::whole(24).unwrap(),
        cost_of_money: pesos("700"),
        spoilage: pesos("300"),
        space: pesos("100"),
    };
    assert_eq!(ahead.gain(), Some(pesos("100")));
    ahead.space = pesos("250.50");
    assert_eq!(ahead.gain(), Some(pesos("-50.50")));
}

/// The stated bound: one part in 10¹⁴.
fn close(a: i128, b: i128) -> bool {
    (a - b).abs() <= a / 100_000_000_000_000
}

proptest! {
    /// 761 days are exactly 25 months of 30.44 days, and whole months need no logarithm.
    #[test]
    fn days_and_months_agree_within_the_bound(rate in 0..=500_000_i32, turns in 1..=2_i64) {
        let rate = MonthlyRate::new(Rate::new(rate)).unwrap();
        let by_days = rate.over_days(761 * turns).unwrap();
        let by_months = rate.over_months(25 * turns as usize).unwrap();
        prop_assert!(close(by_days.0, by_months.0), "{:?} {:?}", by_days, by_months);
    }

    #[test]
    fn growths_multiply_where_days_add(rate in 0..=500_000_i32, a in 0..900_i64, b in 0..900_i64) {
        let rate = MonthlyRate::new(Rate::new(rate)).unwrap();
        let product = fixed::times(rate.over_days(a).unwrap().0, rate.over_days(b).unwrap().0).unwrap();
        prop_assert!(close(product, rate.over_days(a + b).unwrap().0));
    }

    #[test]
    fn more_days_never_cost_less(rate in 0..=500_000_i32, days in 0..DAYS_MAX, cost in 0..100_000_000_000_i64) {
        let rate = MonthlyRate::new(Rate::new(rate)).unwrap();
        let (today, tomorrow) = (rate.over_days(days).unwrap(), rate.over_days(days + 1).unwrap());
        prop_assert!(today <= tomorrow && Growth::NONE <= today);
        let _ = (tomorrow.project(UnitCost::new(cost)), tomorrow.rate());
    }
}
