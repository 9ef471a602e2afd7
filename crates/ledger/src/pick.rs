//! Law: **first to expire, first to leave.** Lots with a date go before lots without, ties by arrival; what no lot covers falls
//! on the plain lot, which may go below zero when the policy allows it.

use crate::ids::LotId;
use crate::post::LotBalance;
use crate::qty::Qty;

/// So much of one lot; always more than zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// The lot.
    pub lot: LotId,
    /// How much of it.
    pub quantity: Qty,
}

/// Splits `quantity` over the lots that have something, in FEFO order; the rest is the plain lot's. One pick per lot.
pub fn first_expiring(lots: &[LotBalance], plain_lot: LotId, quantity: Qty) -> Vec<Pick> {
    let mut on_hand: Vec<&LotBalance> = lots.iter().filter(|lot| lot.qty.is_positive()).collect();
    on_hand.sort_by_key(|lot| (lot.expires_on.is_none(), lot.expires_on, lot.received_order, lot.lot));
    let mut picks: Vec<Pick> = Vec::new();
    let mut rest = quantity;
    for lot in on_hand {
        if !rest.is_positive() {
            break;
        }
        let taken = lot.qty.min(rest);
        add(&mut picks, lot.lot, taken);
        rest = rest.checked_sub(taken).expect("no more than the rest is taken");
    }
    if rest.is_positive() {
        add(&mut picks, plain_lot, rest);
    }
    picks
}

fn add(picks: &mut Vec<Pick>, lot: LotId, quantity: Qty) {
    match picks.iter_mut().find(|pick| pick.lot == lot) {
        Some(pick) => {
            let sum = pick.quantity.checked_add(quantity);
            pick.quantity = sum.expect("the parts of one quantity add up to no more than it");
        }
        None => picks.push(Pick { lot, quantity }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    const PLAIN: LotId = LotId(9);

    fn lot(id: u128, expires_on: Option<i32>, received_order: i64, qty: i64) -> LotBalance {
        LotBalance { lot: LotId(id), expires_on: expires_on.map(Day), received_order, qty: Qty::new(qty) }
    }

    fn picked(lots: &[LotBalance], quantity: i64) -> Vec<(u128, i64)> {
        let picks = first_expiring(lots, PLAIN, Qty::new(quantity));
        picks.into_iter().map(|pick| (pick.lot.0, pick.quantity.raw())).collect()
    }

    #[test]
    fn the_earliest_date_leaves_first_and_undated_goods_last() {
        let lots = [lot(1, None, 1, 5), lot(2, Some(30), 2, 5), lot(3, Some(10), 3, 5)];
        assert_eq!(picked(&lots, 12), [(3, 5), (2, 5), (1, 2)]);
    }

    #[test]
    fn the_same_date_leaves_in_order_of_arrival() {
        let lots = [lot(1, Some(10), 8, 5), lot(2, Some(10), 7, 5)];
        assert_eq!(picked(&lots, 6), [(2, 5), (1, 1)]);
    }

    #[test]
    fn what_no_lot_covers_falls_on_the_plain_lot() {
        assert_eq!(picked(&[lot(1, None, 1, 5)], 7), [(1, 5), (9, 2)]);
        assert_eq!(picked(&[lot(9, None, 1, 5)], 7), [(9, 7)]);
        assert_eq!(picked(&[], 7), [(9, 7)]);
    }

    #[test]
    fn empty_and_overdrawn_lots_are_passed_over() {
        let lots = [lot(1, Some(1), 1, 0), lot(9, None, 0, -3), lot(2, Some(5), 2, 4)];
        assert_eq!(picked(&lots, 4), [(2, 4)]);
    }
}
