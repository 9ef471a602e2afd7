//! Law: **what a unit costs is ten-thousandths of a peso, and it is never charged.** Becoming an amount takes a quantity (or
//! [`UnitCost::to_money`]), so the rounding is always somebody's decision.

use std::fmt;

use crate::money::Money;
use crate::number::{Bounds, NumberError, mul_div, parse_minor, write_minor};

/// Largest unit cost read from outside: 9,999,999.9999.
pub const UNIT_COST_MAX: UnitCost = UnitCost(99_999_999_999);

/// The cost of one unit in ten-thousandths of a peso.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnitCost(i64);

impl UnitCost {
    /// Free, or not known.
    pub const ZERO: Self = Self(0);

    /// From ten-thousandths of a peso, as stored.
    pub const fn new(ten_thousandths: i64) -> Self {
        Self(ten_thousandths)
    }

    /// The ten-thousandths of a peso, as stored.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// Reads an API decimal cost: zero or more, up to 4 places, up to [`UNIT_COST_MAX`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let cost = Self(parse_minor(text, Bounds { places: 4, max: UNIT_COST_MAX.0, max_text: "9999999.9999" })?);
        if cost.is_negative() { Err(NumberError::Negative) } else { Ok(cost) }
    }

    /// An amount as the cost of exactly one unit, or `None` beyond 64 bits.
    pub const fn from_money(amount: Money) -> Option<Self> {
        match amount.raw().checked_mul(100) {
            Some(cost) => Some(Self(cost)),
            None => None,
        }
    }

    /// The nearest centavo, halves away from zero.
    pub fn to_money(self) -> Money {
        mul_div(self.0, 1, 100).map(Money::new).expect("a hundredth of an i64 fits an i64")
    }

    /// Sum, or `None` beyond 64 bits.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// Difference, or `None` beyond 64 bits.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// The opposite, or `None` for the one value that has none.
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(opposite) => Some(Self(opposite)),
            None => None,
        }
    }

    /// Magnitude; the smallest value, whose magnitude does not fit, gives the largest.
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Is it nothing?
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Is it above zero?
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Is it below zero?
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for UnitCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_minor(f, self.0, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qty::Qty;

    #[test]
    fn a_unit_cost_has_four_places_and_no_sign() {
        assert_eq!(UnitCost::parse("1234.5678"), Ok(UnitCost::new(12_345_678)));
        assert_eq!(UnitCost::parse("-0.0001"), Err(NumberError::Negative));
        assert_eq!(UnitCost::parse("1.23456"), Err(NumberError::TooManyPlaces { max: 4 }));
    }

    #[test]
    fn centavos_become_costs_exactly_and_come_back_rounded() {
        assert_eq!(UnitCost::from_money(Money::new(1_050)), Some(UnitCost::new(105_000)));
        assert_eq!(UnitCost::from_money(Money::new(i64::MAX)), None);
        assert_eq!(UnitCost::new(105_050).to_money(), Money::new(1_051));
        assert_eq!(Money::new(10_000).per(Qty::new(3_000)), Some(UnitCost::new(333_333)));
    }
}
