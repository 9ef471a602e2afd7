//! The regression cases of layers, one sentence each.

use super::*;

fn units(count: i64) -> Qty {
    Qty::whole(count).unwrap()
}

fn at(pesos: i64) -> UnitCost {
    UnitCost::new(pesos * 10_000)
}

fn fifo(receipts: &[(i64, i64)]) -> Fifo {
    let mut fifo = Fifo::default();
    for (qty, pesos) in receipts {
        fifo.receive(units(*qty), at(*pesos)).unwrap();
    }
    fifo
}

fn layers(fifo: &Fifo) -> Vec<(i64, i64)> {
    fifo.layers().map(|layer| (layer.qty.raw() / 1_000, layer.cost.raw() / 10_000)).collect()
}

/// add 1@10, 2@20, 1@20, 5@20, remove 4; 5@20 are left.
#[test]
fn the_oldest_layers_leave_first() {
    let mut fifo = fifo(&[(1, 10), (2, 20), (1, 20), (5, 20)]);
    assert_eq!(fifo.issue(units(4)), Ok(Money::new(7_000)));
    assert_eq!(layers(&fifo), [(5, 20)]);
}

/// a layer of -5@100, then +6@10; 1@10 is left.
#[test]
fn a_debt_is_paid_by_the_next_receipt() {
    let mut fifo = fifo(&[(1, 100)]);
    fifo.issue(units(6)).unwrap();
    assert_eq!((layers(&fifo), fifo.value()), (vec![(-5, 100)], Money::new(-50_000)));
    let moved = fifo.receive(units(6), at(10)).unwrap();
    assert_eq!((layers(&fifo), fifo.value()), (vec![(1, 10)], Money::new(1_000)));
    assert_eq!(moved, Moved { value: Money::new(6_000), correction: Money::new(45_000) });
}

/// a queue of 10@10, 10@20, remove 15; removed 10@10 and 5@20, 5@20 are left.
#[test]
fn an_issue_may_span_layers() {
    let mut fifo = fifo(&[(10, 10), (10, 20)]);
    assert_eq!(fifo.issue(units(15)), Ok(Money::new(20_000)));
    assert_eq!(layers(&fifo), [(5, 20)]);
}

#[test]
fn a_debt_paid_in_part_keeps_its_estimate() {
    let mut fifo = fifo(&[(1, 100)]);
    fifo.issue(units(6)).unwrap();
    fifo.receive(units(2), at(10)).unwrap();
    assert_eq!(layers(&fifo), [(-3, 100)]);
    fifo.receive(units(3), at(10)).unwrap();
    assert_eq!((layers(&fifo), fifo.value()), (vec![], Money::ZERO));
}

#[test]
fn a_receipt_taken_back_leaves_from_its_own_layer() {
    let mut fifo = fifo(&[(10, 100), (5, 500), (10, 130)]);
    fifo.apply(ValuationEvent::new(units(-5), Some(at(500)))).unwrap();
    assert_eq!(layers(&fifo), [(10, 100), (10, 130)]);
}

#[test]
fn of_two_receipts_at_one_cost_the_newest_is_taken_back() {
    let mut fifo = fifo(&[(5, 10), (5, 20), (5, 10)]);
    fifo.apply(ValuationEvent::new(units(-3), Some(at(10)))).unwrap();
    assert_eq!(layers(&fifo), [(5, 10), (5, 20), (2, 10)]);
}

#[test]
fn the_first_known_cost_values_what_was_there_without_one() {
    let mut fifo = Fifo::default();
    fifo.apply(ValuationEvent::new(units(10), None)).unwrap();
    let moved = fifo.receive(units(10), at(50)).unwrap();
    assert_eq!((fifo.value(), moved.correction), (Money::new(100_000), Money::new(50_000)));
}

#[test]
fn what_was_sold_by_mistake_is_the_oldest_again() {
    let mut fifo = fifo(&[(1, 10), (5, 20)]);
    let sold = fifo.apply(ValuationEvent::new(units(-1), None)).unwrap();
    let back = ValuationEvent { fixed_fifo_value: sold.value.checked_neg(), ..ValuationEvent::new(units(1), None) };
    fifo.apply(back).unwrap();
    assert_eq!(layers(&fifo), [(1, 10), (5, 20)]);
}

#[test]
fn a_value_that_no_single_cost_gives_comes_back_in_two_layers() {
    let mut fifo = Fifo::default();
    let back = ValuationEvent { fixed_value: Some(Money::new(10_000)), ..ValuationEvent::new(units(3), None) };
    fifo.apply(back).unwrap();
    assert_eq!((fifo.value(), fifo.to_parts().len()), (Money::new(10_000), 2));
}

#[test]
fn stored_layers_are_read_back_and_impossible_ones_refused() {
    let kept = fifo(&[(10, 100), (5, 500)]);
    assert_eq!(Fifo::from_parts(&kept.to_parts(), kept.last_cost()), Some(kept));
    let impossible: [&[(i64, i64)]; 4] =
        [&[(0, 1)], &[(-1, 1), (1, 1)], &[(1, -1)], &[(i64::MAX, i64::MAX), (i64::MAX, i64::MAX)]];
    for parts in impossible {
        assert_eq!(Fifo::from_parts(parts, None), None, "{parts:?}");
    }
}
