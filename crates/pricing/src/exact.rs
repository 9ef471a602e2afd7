//! Law: **a value in the middle of a sum is an exact fraction; whoever finishes the sum rounds it.** Terms are kept
//! lowest, and a sum beyond 128 bits is `None`, never a wrong number.

use std::cmp::Ordering;

use gondola_ledger::number::{div_ceil, div_half_up};

/// An exact fraction in lowest terms; the denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    num: i128,
    den: i128,
}

impl Fraction {
    pub const ONE: Self = Self { num: 1, den: 1 };

    pub const fn whole(value: i128) -> Self {
        Self { num: value, den: 1 }
    }

    /// `num / den`; `None` without a positive denominator.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den <= 0 || num == i128::MIN {
            return None;
        }
        let divisor = greatest_common_divisor(num.unsigned_abs(), den.unsigned_abs());
        let divisor = i128::try_from(divisor).expect("a divisor of an i128 is no larger than it");
        Some(Self { num: num / divisor, den: den / divisor })
    }

    pub fn times(self, other: Self) -> Option<Self> {
        // Crossing out before multiplying keeps long chains of percentages small.
        let left = Self::new(self.num, other.den)?;
        let right = Self::new(other.num, self.den)?;
        Some(Self { num: left.num.checked_mul(right.num)?, den: left.den.checked_mul(right.den)? })
    }

    pub fn over(self, other: Self) -> Option<Self> {
        if other.num <= 0 { None } else { self.times(Self { num: other.den, den: other.num }) }
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        // The common denominator, not the product: sums of percentages keep the size of one.
        let Self { num: right, den: left } = Self::new(self.den, other.den)?;
        let sum = self.num.checked_mul(left)?.checked_add(other.num.checked_mul(right)?)?;
        Self::new(sum, self.den.checked_mul(left)?)
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { num: other.num.checked_neg()?, den: other.den })
    }

    /// The nearest whole number, halves away from zero.
    pub fn round(self) -> i128 {
        div_half_up(self.num, self.den)
    }

    /// The smallest whole number that is not below it.
    pub fn ceil(self) -> i128 {
        div_ceil(self.num, self.den)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// Whole parts first; while they tie, the fractions turned upside down compare the other way round. Nothing is
    /// multiplied, so nothing overflows.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        loop {
            let order = a.num.div_euclid(a.den).cmp(&b.num.div_euclid(b.den));
            let (rest_a, rest_b) = (a.num.rem_euclid(a.den), b.num.rem_euclid(b.den));
            if order.is_ne() || rest_a == 0 || rest_b == 0 {
                return order.then(rest_a.min(1).cmp(&rest_b.min(1)));
            }
            (a, b) = (Self { num: b.den, den: rest_b }, Self { num: a.den, den: rest_a });
        }
    }
}

const fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fraction(num: i128, den: i128) -> Fraction {
        Fraction::new(num, den).unwrap()
    }

    #[test]
    fn a_chain_that_cancels_never_grows() {
        let third = fraction(1, 3);
        assert_eq!(third.times(Fraction::whole(3)), Some(Fraction::ONE));
        assert_eq!(third.plus(third).and_then(|two| two.plus(third)), Some(Fraction::ONE));
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(Fraction::whole(i128::MAX).times(Fraction::whole(2)), None);
    }

    proptest! {
        #[test]
        fn order_agrees_with_cross_multiplication(
            a in -9_999_i128..9_999, b in 1_i128..9_999, c in -9_999_i128..9_999, d in 1_i128..9_999
        ) {
            prop_assert_eq!(fraction(a, b).cmp(&fraction(c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn the_largest_terms_still_compare(a in any::<i128>(), b in 1..=i128::MAX) {
            prop_assume!(a != i128::MIN);
            let value = fraction(a, b);
            prop_assert_eq!(value.cmp(&value), Ordering::Equal);
        }
    }
}
