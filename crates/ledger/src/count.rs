//! Law: **a count is compared with the ledger at the moment of counting, not at the moment of typing.** The difference is then
//! applied to whatever is there now: 1,000 on file, 100 sold while counting, 900 counted after the sale, no adjustment.
//!
//! Blindness, who approves and above which amount are the shop's; here is the arithmetic.

use crate::money::Money;
use crate::number::mul_div;
use crate::qty::{Qty, SCALE};

/// A difference up to so many units is not counted again.
pub const RECOUNT_UNITS: Qty = Qty::new(2 * SCALE);
/// Nor one up to so many per cent of what was expected.
pub const RECOUNT_PERCENT: i128 = 10;

/// What a difference makes of the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Nothing to post.
    None,
    /// More was found: inventory difference → location.
    Found(Qty),
    /// Less was found: location → inventory difference.
    Missing(Qty),
}

/// The balance at a position of the ledger: the sum of the changes up to it, whatever came after.
pub fn balance_at(position: i64, changes: impl IntoIterator<Item = (i64, Qty)>) -> Option<Qty> {
    Qty::checked_sum(changes.into_iter().filter(|(sequence, _)| *sequence <= position).map(|(_, delta)| delta))
}

/// What was counted minus what the ledger held at that position; `None` beyond 64 bits.
pub const fn difference(counted: Qty, expected_at_position: Qty) -> Option<Qty> {
    counted.checked_sub(expected_at_position)
}

/// Must somebody count again? When the difference passes both 2 units and 10 % of what was expected.
pub fn needs_recount(difference: Qty, expected: Qty) -> bool {
    let passes_percent = i128::from(difference.raw()).abs() * 100 > i128::from(expected.raw()).abs() * RECOUNT_PERCENT;
    difference.abs() > RECOUNT_UNITS && passes_percent
}

/// The movement a difference asks for; the quantity is always positive.
pub fn adjustment(difference: Qty) -> Adjustment {
    match difference.raw().signum() {
        0 => Adjustment::None,
        1 => Adjustment::Found(difference),
        _ => Adjustment::Missing(difference.abs()),
    }
}

/// Shrinkage in hundredths of a per cent: what counts and waste took, at cost, over sales; `None` without sales.
pub fn shrinkage_bp(negative_adjustments: Money, waste: Money, sales: Money) -> Option<i64> {
    let lost = negative_adjustments.abs().checked_add(waste.abs())?;
    if sales.is_positive() { mul_div(lost.raw(), 10_000, sales.raw()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(count: i64) -> Qty {
        Qty::whole(count).unwrap()
    }

    /// 100 of 1,000 sold during a count of 900; stock 900, ledger 900.
    #[test]
    fn a_sale_during_the_count_is_not_counted_twice() {
        let ledger = [(1, units(1_000)), (2, units(-100))];
        let counted_after_the_sale = difference(units(900), balance_at(2, ledger).unwrap()).unwrap();
        assert_eq!(adjustment(counted_after_the_sale), Adjustment::None);

        let counted_before_the_sale = difference(units(1_000), balance_at(1, ledger).unwrap()).unwrap();
        assert_eq!(adjustment(counted_before_the_sale), Adjustment::None);
        assert_eq!(Qty::checked_sum(ledger.map(|(_, delta)| delta)), Some(units(900)));
    }

    #[test]
    fn a_difference_counts_again_only_above_two_units_and_ten_per_cent() {
        let again = |difference, expected| needs_recount(units(difference), units(expected));
        assert!(!again(2, 0));
        assert!(again(3, 0));
        assert!(again(-3, 29));
        assert!(!again(-3, 30));
        assert!(!again(100, 1_000));
        assert!(again(-101, 1_000));
        assert!(!needs_recount(Qty::new(2_000), Qty::new(100)));
        assert!(needs_recount(Qty::new(2_001), Qty::new(100)));
        assert!(needs_recount(Qty::new(i64::MIN), Qty::new(i64::MAX)));
    }

    #[test]
    fn what_is_found_goes_in_and_what_is_missing_goes_out() {
        assert_eq!(adjustment(units(3)), Adjustment::Found(units(3)));
        assert_eq!(adjustment(units(-3)), Adjustment::Missing(units(3)));
    }

    #[test]
    fn shrinkage_is_losses_at_cost_over_sales() {
        let bp = |lost, waste, sales| shrinkage_bp(Money::new(lost), Money::new(waste), Money::new(sales));
        assert_eq!(bp(-5_000, 10_000, 1_000_000), Some(150));
        assert_eq!(bp(1, 1, 0), None);
    }
}
