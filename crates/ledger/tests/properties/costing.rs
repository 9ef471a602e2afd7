//! Costing: what came in minus what left is what is there, to the centavo; nothing is worth something when nothing is there.

use std::collections::VecDeque;

use gondola_ledger::valuation::{ValueMove, fold};
use gondola_ledger::*;
use proptest::prelude::*;

use crate::cases;

/// Units with a cost between 0.0001 and 200, as (thousandths, ten-thousandths).
fn any_receipt() -> impl Strategy<Value = ValuationEvent> {
    (1_i64..20_000, 1_i64..2_000_000)
        .prop_map(|(qty, cost)| ValuationEvent::new(Qty::new(qty), Some(UnitCost::new(cost))))
}

fn any_issue() -> impl Strategy<Value = ValuationEvent> {
    (1_i64..20_000).prop_map(|qty| ValuationEvent::new(Qty::new(-qty), None))
}

fn any_uncosted() -> impl Strategy<Value = ValuationEvent> {
    (1_i64..5_000).prop_map(|qty| ValuationEvent::new(Qty::new(qty), None))
}

fn any_events() -> impl Strategy<Value = Vec<ValuationEvent>> {
    prop::collection::vec(prop_oneof![4 => any_receipt(), 5 => any_issue(), 1 => any_uncosted()], 0..50)
}

/// The same without ever selling what is not there.
fn sensible(events: Vec<ValuationEvent>) -> Vec<ValuationEvent> {
    let mut on_hand = 0;
    let fits = |event: &ValuationEvent| {
        let after = on_hand + event.qty.raw();
        if after >= 0 {
            on_hand = after;
        }
        after >= 0
    };
    events.into_iter().filter(fits).collect()
}

fn add(a: Money, b: Money) -> Money {
    a.checked_add(b).unwrap()
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn the_value_is_what_came_in_minus_what_left_plus_what_was_corrected(events in any_events()) {
        let mut valuation = Valuation::default();
        let (mut avco, mut fifo) = (Money::ZERO, Money::ZERO);
        for event in events {
            let moved = valuation.apply(event).unwrap();
            avco = add(avco, add(moved.avco.value, moved.avco.correction));
            fifo = add(fifo, add(moved.fifo.value, moved.fifo.correction));
            prop_assert_eq!((valuation.avco.value(), valuation.fifo.value()), (avco, fifo));
        }
    }

    /// R-05 for every history.
    #[test]
    fn no_goods_no_value_and_goods_are_never_worth_less_than_nothing(events in any_events()) {
        let mut valuation = Valuation::default();
        for event in events {
            valuation.apply(event).unwrap();
            for (qty, value) in [(valuation.avco.qty(), valuation.avco.value()), (valuation.fifo.qty(), valuation.fifo.value())] {
                prop_assert!(!qty.is_zero() || value.is_zero());
                prop_assert!(!qty.is_positive() || !value.is_negative());
                prop_assert!(!qty.is_negative() || !value.is_positive());
            }
        }
    }

    #[test]
    fn both_methods_count_the_same_goods_and_correct_nothing_while_there_are_some(events in any_events()) {
        let mut valuation = Valuation::default();
        let mut on_hand = 0_i64;
        let first = ValuationEvent::new(Qty::new(1), Some(UnitCost::new(1)));
        for event in std::iter::once(first).chain(sensible(events)) {
            let moved = valuation.apply(event).unwrap();
            on_hand += event.qty.raw();
            prop_assert_eq!((valuation.avco.qty().raw(), valuation.fifo.qty().raw()), (on_hand, on_hand));
            prop_assert_eq!((moved.avco.correction, moved.fifo.correction), (Money::ZERO, Money::ZERO));
        }
    }

    #[test]
    fn fifo_is_a_queue_of_single_thousandths(events in prop::collection::vec(prop_oneof![
        (1_i64..40, 1_i64..2_000_000).prop_map(|(qty, cost)| ValuationEvent::new(Qty::new(qty), Some(UnitCost::new(cost)))),
        (1_i64..40).prop_map(|qty| ValuationEvent::new(Qty::new(-qty), None)),
    ], 0..30)) {
        let mut fifo = Fifo::default();
        let mut queue: VecDeque<i64> = VecDeque::new();
        for event in sensible(events) {
            fifo.apply(event).unwrap();
            for _ in 0..event.qty.raw().abs() {
                match event.unit_cost {
                    Some(cost) => queue.push_back(cost.raw()),
                    None => drop(queue.pop_front()),
                }
            }
            let kept: Vec<i64> = fifo.layers().flat_map(|layer| (0..layer.qty.raw()).map(move |_| layer.cost.raw())).collect();
            prop_assert_eq!(kept, Vec::from(queue.clone()));
        }
    }

    #[test]
    fn the_average_stays_between_the_cheapest_and_the_dearest(
        events in prop::collection::vec(prop_oneof![any_receipt(), any_issue()], 0..50),
    ) {
        let mut avco = Avco::EMPTY;
        let (mut low, mut high, mut movements) = (i128::MAX, i128::MIN, 0_i128);
        for event in sensible(events) {
            if avco.qty().is_zero() {
                (low, high, movements) = (i128::MAX, i128::MIN, 0);
            }
            avco.apply(event).unwrap();
            movements += 1;
            if let Some(cost) = event.unit_cost {
                (low, high) = (low.min(cost.raw().into()), high.max(cost.raw().into()));
            }
            // Each movement rounds the value once, by half a centavo at most, and a part carries only its part of that on.
            let (qty, slack) = (i128::from(avco.qty().raw()), movements * 50_000);
            let value = i128::from(avco.value().raw()) * 100_000;
            prop_assert!(value >= qty * low - slack && value <= qty * high + slack);
        }
    }

    #[test]
    fn neither_a_sale_nor_a_return_moves_the_average(
        events in any_events(), qty in prop_oneof![-20_000_i64..0, 1_i64..20_000],
    ) {
        let mut avco = Avco::EMPTY;
        for event in events {
            avco.apply(event).unwrap();
        }
        let before = avco.average();
        avco.apply(ValuationEvent::new(Qty::new(qty), None)).unwrap();
        prop_assert_eq!(avco.average(), before);
    }

    #[test]
    fn selling_a_stock_in_any_parts_costs_the_whole_stock(
        receipts in prop::collection::vec(any_receipt(), 1..8),
        cuts in prop::collection::vec(1_i64..4_000, 0..30),
    ) {
        let mut valuation = fold(receipts).unwrap();
        let worth = (valuation.avco.value(), valuation.fifo.value());
        let mut cost = (Money::ZERO, Money::ZERO);
        let mut left = valuation.avco.qty().raw();
        for cut in cuts.into_iter().chain([i64::MAX]) {
            let part = cut.min(left);
            if part > 0 {
                let moved = valuation.apply(ValuationEvent::new(Qty::new(-part), None)).unwrap();
                cost = (add(cost.0, moved.avco.value), add(cost.1, moved.fifo.value));
                left -= part;
            }
        }
        prop_assert_eq!((cost.0.checked_neg(), cost.1.checked_neg()), (Some(worth.0), Some(worth.1)));
    }

    #[test]
    fn undoing_the_last_movement_gives_its_value_back(events in any_events(), last in prop_oneof![any_receipt(), any_issue()]) {
        let first = ValuationEvent::new(Qty::new(20_000), Some(UnitCost::new(10_000)));
        let mut valuation = fold(std::iter::once(first).chain(sensible(events))).unwrap();
        prop_assume!(valuation.avco.qty().raw() + last.qty.raw() >= 0);
        let before = valuation.clone();
        let moved = valuation.apply(last).unwrap();
        valuation.apply(last.undone(moved).unwrap()).unwrap();
        prop_assert_eq!(valuation.avco.qty(), before.avco.qty());
        prop_assert_eq!((valuation.avco.value(), valuation.fifo.value()), (before.avco.value(), before.fifo.value()));
    }

    #[test]
    fn what_is_stored_is_read_back(events in any_events()) {
        let valuation = fold(events).unwrap();
        let Valuation { avco, fifo } = valuation;
        prop_assert_eq!(Avco::from_parts(avco.qty(), avco.value(), avco.known_average()), Some(avco));
        prop_assert_eq!(Fifo::from_parts(&fifo.to_parts(), fifo.last_cost()), Some(fifo));
    }

    /// R-04 for every quantity and cost: what is left after a debt is worth its own receipt's cost.
    #[test]
    fn after_a_debt_the_average_is_the_incoming_cost(owed in 1_i64..20_000, extra in 1_i64..20_000, cost in 1_i64..2_000_000) {
        let cost = UnitCost::new(cost);
        let events = [ValuationEvent::new(Qty::new(-owed), None), ValuationEvent::new(Qty::new(owed + extra), Some(cost))];
        let valuation = fold(events).unwrap();
        let exact = Qty::new(extra).times_cost(cost).unwrap();
        prop_assert!(valuation.avco.value().checked_sub(exact).unwrap().abs() <= Money::new(1));
        prop_assert_eq!(valuation.avco.known_average(), Some(cost));
        prop_assert_eq!(valuation.fifo.value(), exact);
    }

    #[test]
    fn any_numbers_at_all_are_valued_or_refused_and_a_refusal_changes_nothing(
        events in prop::collection::vec((any::<i64>(), prop::option::of(any::<i64>()), prop::option::of(any::<i64>())), 0..12),
    ) {
        let mut valuation = Valuation::default();
        for (qty, cost, fixed) in events {
            let event = ValuationEvent {
                fixed_value: fixed.map(Money::new),
                ..ValuationEvent::new(Qty::new(qty), cost.map(UnitCost::new))
            };
            let before = valuation.clone();
            if valuation.apply(event).is_err() {
                prop_assert_eq!(&valuation, &before);
            }
            prop_assert_eq!(valuation.avco.qty(), valuation.fifo.qty());
        }
        prop_assert_eq!(ValueMove::default().avco.value, Money::ZERO);
    }
}
