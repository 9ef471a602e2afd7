//! Levels, promises, counts and goods on the road.

use gondola_ledger::count::{Adjustment, adjustment, balance_at, difference, needs_recount};
use gondola_ledger::level::{cover_days_tenths, urgency};
use gondola_ledger::reservation::check_expiry;
use gondola_ledger::transfer::{arrival, restock};
use gondola_ledger::*;
use proptest::prelude::*;

use crate::cases;

fn any_situation() -> impl Strategy<Value = Situation> {
    let policy = (0_i64..50_000, 0_i64..200_000, 0_i64..50_000);
    let demand = (0_i64..100_000, 0_u32..120);
    (-10_000_i64..300_000, policy, 1_u8..=12, demand, prop::option::of(0_u32..90)).prop_map(
        |(on_hand, (min, max, reorder_point), month, (total, days), days_since_last_movement)| Situation {
            on_hand: Qty::new(on_hand),
            policy: StockPolicy { min: Qty::new(min), max: Qty::new(max), reorder_point: Qty::new(reorder_point) },
            season: Season::of_month(month).unwrap().factor(),
            demand: Demand { total: Qty::new(total), days },
            days_since_last_movement,
        },
    )
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn more_stock_is_never_a_worse_shortage(situation in any_situation(), more in 0_i64..100_000) {
        let richer = Situation { on_hand: situation.on_hand.checked_add(Qty::new(more)).unwrap(), ..situation };
        let (poor, rich) = (classify(&situation), classify(&richer));
        if rich.is_short() {
            prop_assert!(poor <= rich, "{poor:?} became {rich:?}");
        }
        prop_assert!(situation.policy.shortfall(richer.on_hand, situation.season) <= situation.policy.shortfall(situation.on_hand, situation.season));
    }

    #[test]
    fn low_is_at_or_under_the_scaled_minimum_and_never_above_it(situation in any_situation()) {
        let scaled = i128::from(situation.policy.min.raw()) * i128::from(situation.season.num());
        let stock = i128::from(situation.on_hand.raw()) * i128::from(situation.season.den());
        match classify(&situation) {
            Level::Negative => prop_assert!(situation.on_hand.is_negative()),
            Level::OutOfStock => prop_assert!(situation.on_hand.is_zero()),
            Level::Critical => {
                let cover = cover_days_tenths(situation.on_hand, situation.demand);
                prop_assert!(stock * 2 <= scaled || cover.is_some_and(|tenths| tenths < 30));
            }
            Level::Low => prop_assert!(stock <= scaled && stock * 2 > scaled),
            Level::NoMovement => prop_assert!(situation.days_since_last_movement.is_none_or(|days| days >= 30)),
            Level::Normal | Level::Overstock => prop_assert!(stock > scaled && situation.on_hand.is_positive()),
        }
    }

    #[test]
    fn any_numbers_at_all_have_a_level(on_hand in any::<i64>(), min in any::<i64>(), total in any::<i64>(), days in any::<u32>()) {
        let extreme = Qty::new(min);
        let situation = Situation {
            on_hand: Qty::new(on_hand),
            policy: StockPolicy { min: extreme, max: extreme, reorder_point: extreme },
            season: Season::Summer.factor(),
            demand: Demand { total: Qty::new(total), days },
            days_since_last_movement: None,
        };
        let cover = cover_days_tenths(situation.on_hand, situation.demand);
        prop_assert!(cover.is_none_or(|tenths| tenths >= 0));
        prop_assert_eq!(urgency(classify(&situation), cover).0, classify(&situation));
        prop_assert!(!situation.policy.shortfall(situation.on_hand, situation.season).is_negative());
        let _ = StockPolicy::with_defaults(Some(extreme), None, None);
    }

    /// for any stock and any requests: promises never exceed what is there, and nobody is refused for nothing.
    #[test]
    fn promises_never_exceed_what_is_there(
        on_hand in 0_i64..50,
        requests in prop::collection::vec((1_i64..10, 0_i64..100, 0_u8..4), 0..40),
    ) {
        let on_hand = Qty::new(on_hand);
        let mut promises: Vec<(Qty, At, ReservationState)> = Vec::new();
        for (step, (quantity, lifetime, deed)) in requests.into_iter().enumerate() {
            let now = At(step as i64);
            let reserved = |promises: &[(Qty, At, ReservationState)]| {
                let held = promises.iter().filter(|(_, until, state)| state.holds(now, *until)).map(|(qty, ..)| *qty);
                Qty::checked_sum(held).unwrap()
            };
            let before = reserved(&promises);
            let until = At(now.0 + lifetime);
            let free = on_hand.checked_sub(before).unwrap() >= Qty::new(quantity);
            let granted = can_reserve(on_hand, before, Qty::new(quantity)).is_ok();
            prop_assert_eq!(granted, free);
            if granted && check_expiry(now, until).is_ok() {
                promises.push((Qty::new(quantity), until, ReservationState::Pending));
            }
            if let Some(promise) = promises.first_mut() {
                let next = match deed {
                    0 => promise.2.post(now, promise.1),
                    1 => promise.2.void(),
                    2 => promise.2.expire(now, promise.1),
                    _ => continue,
                };
                promise.2 = next.unwrap_or(promise.2);
            }
            prop_assert!(reserved(&promises) <= on_hand);
        }
    }

    /// R-13 for any sales before and after the count.
    #[test]
    fn a_count_corrects_the_past_and_leaves_the_later_sales(
        opening in 500_i64..1_000, counted in 0_i64..1_000, sales in prop::collection::vec(1_i64..10, 0..20), position in 0_usize..20,
    ) {
        let changes: Vec<(i64, Qty)> = std::iter::once(opening).chain(sales.iter().map(|sold| -sold)).enumerate()
            .map(|(sequence, delta)| (sequence as i64, Qty::new(delta))).collect();
        let position = position.min(sales.len());
        let expected = balance_at(position as i64, changes.clone()).unwrap();
        let found = difference(Qty::new(counted), expected).unwrap();
        let correction = match adjustment(found) {
            Adjustment::None => 0,
            Adjustment::Found(qty) => qty.raw(),
            Adjustment::Missing(qty) => -qty.raw(),
        };
        let now = Qty::checked_sum(changes.into_iter().map(|(_, delta)| delta)).unwrap().raw() + correction;
        prop_assert_eq!(now, counted - sales[position..].iter().sum::<i64>());
    }

    #[test]
    fn a_small_difference_is_never_counted_again(difference in -2_000_i64..=2_000, expected in any::<i64>()) {
        prop_assert!(!needs_recount(Qty::new(difference), Qty::new(expected)));
    }

    #[test]
    fn everything_sent_and_everything_found_is_accounted_for(sent in 1_i64.., received in 0_i64..) {
        let parts = arrival(Qty::new(sent), Qty::new(received)).unwrap();
        prop_assert_eq!(parts.arrives.checked_add(parts.missing), Some(Qty::new(sent)));
        prop_assert_eq!(parts.arrives.checked_add(parts.surplus), Some(Qty::new(received)));
        prop_assert!(parts.missing.is_zero() || parts.surplus.is_zero());
    }

    #[test]
    fn restocking_brings_no_more_than_is_missing_or_there(target in any::<i64>(), shelf in any::<i64>(), store in any::<i64>()) {
        let brought = restock(Qty::new(target), Qty::new(shelf), Qty::new(store)).raw();
        prop_assert!(brought >= 0 && brought <= store.max(0));
        prop_assert!(brought == 0 || i128::from(shelf) + i128::from(brought) <= i128::from(target));
    }

    #[test]
    fn fewer_days_left_are_never_a_better_state(days in any::<i32>(), today in any::<i32>()) {
        let sooner = ShelfLife::of(Some(Day(days)), Day(today));
        let later = ShelfLife::of(Day(days).checked_add(1), Day(today));
        prop_assert!(sooner <= later);
    }
}
