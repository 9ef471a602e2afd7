//! Numbers: read exactly, written as read, rounded once, never beyond their bounds, never a panic.

use gondola_ledger::number::{div_ceil, div_floor, div_half_up};
use gondola_ledger::qty::QUANTITY_MAX;
use gondola_ledger::*;
use proptest::prelude::*;

use crate::cases;

fn any_unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL.to_vec())
}

fn any_factor() -> impl Strategy<Value = Factor> {
    (1_u64..=1_000_000, 1_u64..=1_000_000).prop_map(|(num, den)| Factor::new(num, den).unwrap())
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn any_text_is_a_number_or_a_named_refusal(text in any::<String>(), unit in any_unit()) {
        for code in [
            Qty::parse(&text, unit).map_err(NumberError::code).err(),
            Money::parse(&text).map_err(NumberError::code).err(),
            Money::parse_price(&text).map_err(NumberError::code).err(),
            UnitCost::parse(&text).map_err(NumberError::code).err(),
            Factor::parse(&text).map_err(NumberError::code).err(),
        ].into_iter().flatten() {
            prop_assert!(!code.is_empty());
        }
        let _ = WasteReason::recognise(&text);
    }

    #[test]
    fn text_that_looks_like_a_number_is_read_digit_by_digit(text in "-?[0-9]{1,20}(\\.[0-9]{1,6})?") {
        if let Ok(money) = Money::parse(&text) {
            let (whole, fraction) = text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
            let centavos: i64 = format!("{whole}{fraction:0<2}").parse().unwrap();
            prop_assert_eq!(money.raw().abs(), centavos);
        }
    }

    #[test]
    fn what_is_written_is_read_back(raw in -QUANTITY_MAX.raw()..=QUANTITY_MAX.raw(), unit in any_unit()) {
        let quantity = if unit.places() == 0 { Qty::new(raw - raw % 1_000) } else { Qty::new(raw) };
        prop_assert_eq!(Qty::parse(&quantity.format(unit), unit), Ok(quantity));
        let money = Money::new(raw);
        prop_assert_eq!(Money::parse(&money.to_string()), Ok(money));
        let cost = UnitCost::new(raw.abs());
        prop_assert_eq!(UnitCost::parse(&cost.to_string()), Ok(cost));
    }

    #[test]
    fn any_stored_number_can_be_written(raw in any::<i64>(), unit in any_unit()) {
        prop_assert!(!Qty::new(raw).format(unit).is_empty());
        prop_assert!(Money::new(raw).to_string().contains('.'));
        prop_assert!(UnitCost::new(raw).to_string().contains('.'));
        prop_assert!(!Day(raw as i32).to_string().is_empty());
    }

    #[test]
    fn a_rounding_is_at_most_half_a_step_and_halves_go_away_from_zero(n in any::<i64>(), d in any::<i64>()) {
        prop_assume!(d != 0);
        let (n, d) = (i128::from(n), i128::from(d));
        let rounded = div_half_up(n, d);
        let error = (n - rounded * d).abs() * 2;
        prop_assert!(error <= d.abs());
        if error == d.abs() {
            prop_assert!((rounded * d).abs() > n.abs());
        }
        prop_assert_eq!(div_half_up(-n, d), -rounded);
        prop_assert!(div_floor(n, d.abs()) <= div_ceil(n, d.abs()));
        prop_assert!(div_ceil(n, d.abs()) - div_floor(n, d.abs()) <= 1);
    }

    #[test]
    fn checked_arithmetic_is_exact_or_says_no(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (Qty::new(a), Qty::new(b));
        prop_assert_eq!(x.checked_add(y).map(Qty::raw), a.checked_add(b));
        prop_assert_eq!(x.checked_sub(y).map(Qty::raw), a.checked_sub(b));
        prop_assert_eq!(x.checked_neg().map(Qty::raw), a.checked_neg());
        prop_assert_eq!(Qty::checked_sum([x, y]), x.checked_add(y));
        let (m, n) = (Money::new(a), Money::new(b));
        prop_assert_eq!(m.checked_sub(n).and_then(|left| left.checked_add(n)), m.checked_sub(n).map(|_| m));
    }

    #[test]
    fn pricing_never_panics_and_is_symmetric(qty in any::<i64>(), price in any::<i64>()) {
        prop_assume!(qty != i64::MIN);
        let there = Qty::new(qty).times_cost(UnitCost::new(price));
        let back = Qty::new(-qty).times_cost(UnitCost::new(price));
        if let (Some(there), Some(back)) = (there, back) {
            prop_assert_eq!(there.checked_neg(), Some(back));
        }
        let _ = Money::new(price).per(Qty::new(qty));
        let _ = Qty::new(qty).times_price(Money::new(price));
    }

    /// R-07 for every quantity and factor: going to a finer unit and back changes nothing.
    #[test]
    fn entering_in_a_finer_unit_keeps_the_stock_unit_exact(raw in 1_i64..=999_999, factor in any_factor()) {
        let to_stock = if factor.num() <= factor.den() { factor } else { factor.inverse() };
        if let Ok(entered) = to_stock.inverse().apply(Qty::new(raw)) {
            prop_assert_eq!(to_stock.apply(entered), Ok(Qty::new(raw)));
        }
    }

    /// R-06 for every pack: so many packs are so many units, and back.
    #[test]
    fn packs_open_into_units_and_close_again(packs in 1_i64..=999, per_pack in 1_u64..=999) {
        let factor = Factor::new(per_pack, 1).unwrap();
        let opened = factor.apply(Qty::whole(packs).unwrap()).unwrap();
        prop_assert_eq!(opened, Qty::whole(packs * i64::try_from(per_pack).unwrap()).unwrap());
        prop_assert_eq!(factor.inverse().apply(opened), Ok(Qty::whole(packs).unwrap()));
    }

    #[test]
    fn factors_are_read_back_and_cancel_out(factor in any_factor()) {
        prop_assert_eq!(Factor::parse(&factor.to_string()), Ok(factor));
        prop_assert_eq!(factor.then(factor.inverse()), Some(Factor::ONE));
    }

    #[test]
    fn the_parts_of_an_amount_add_up_to_it(amount in -10_i64.pow(12)..10_i64.pow(12), parts in prop::collection::vec(1_i64..1_000, 1..20)) {
        let mut left = (Money::new(amount), Qty::new(parts.iter().sum()));
        let mut handed_out = Money::ZERO;
        for part in parts {
            let share = left.0.portion(Qty::new(part), left.1).unwrap();
            handed_out = handed_out.checked_add(share).unwrap();
            left = (left.0.checked_sub(share).unwrap(), left.1.checked_sub(Qty::new(part)).unwrap());
        }
        prop_assert_eq!(handed_out, Money::new(amount));
        prop_assert_eq!(left, (Money::ZERO, Qty::ZERO));
    }

    #[test]
    fn days_follow_one_another(day in any::<i32>()) {
        if let Some(next) = Day(day).checked_add(1) {
            prop_assert_eq!(Day(day).days_until(next), 1);
            prop_assert!(Season::of_month(next.month()).is_some());
            prop_assert_ne!(Day(day).to_string(), next.to_string());
        }
    }
}
