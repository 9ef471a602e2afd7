//! Law: **what is charged or paid is whole centavos.** A part of an amount is rounded once, and the parts add up when the
//! last one takes what is left.
//!
//! What one unit costs is another type, in `cost.rs`. Margins, taxes and price rounding are rules of the shop's pricing.

use std::fmt;

use crate::cost::UnitCost;
use crate::number::{Bounds, NumberError, div_half_up, mul_div, parse_minor, write_minor};
use crate::qty::Qty;

/// Smallest price: one centavo.
pub const PRICE_MIN: Money = Money(1);
/// Largest price: 9,999,999.99.
pub const PRICE_MAX: Money = Money(999_999_999);
/// Largest amount read from outside: 9,999,999,999,999.99, far above any document of a shop.
pub const AMOUNT_MAX: Money = Money(999_999_999_999_999);

/// An amount in centavos, signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// From centavos, as stored.
    pub const fn new(centavos: i64) -> Self {
        Self(centavos)
    }

    /// The centavos, as stored.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// Reads an API decimal amount, with its sign: up to 2 places, up to [`AMOUNT_MAX`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        parse_minor(text, Bounds { places: 2, max: AMOUNT_MAX.0, max_text: "9999999999999.99" }).map(Self)
    }

    /// Reads a price: [`PRICE_MIN`] to [`PRICE_MAX`].
    pub fn parse_price(text: &str) -> Result<Self, NumberError> {
        let price = Self(parse_minor(text, Bounds { places: 2, max: PRICE_MAX.0, max_text: "9999999.99" })?);
        if price.is_negative() {
            return Err(NumberError::Negative);
        }
        if price < PRICE_MIN { Err(NumberError::TooSmall { min: "0.01" }) } else { Ok(price) }
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

    /// Exact sum of many, or `None` beyond 64 bits.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(sum).ok().map(Self)
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

    /// The part of this amount that belongs to `part` of `whole`, rounded once; `None` when there is no whole.
    pub fn portion(self, part: Qty, whole: Qty) -> Option<Self> {
        if whole.is_zero() { None } else { mul_div(self.0, part.raw(), whole.raw()).map(Self) }
    }

    /// The cost of one unit when this amount buys `quantity`, rounded once; `None` for no quantity.
    pub fn per(self, quantity: Qty) -> Option<UnitCost> {
        if quantity.is_zero() {
            return None;
        }
        // Centavos over thousandths, to ten-thousandths of a peso: × 100 × 1000.
        let scaled = i128::from(self.0) * 100_000;
        i64::try_from(div_half_up(scaled, i128::from(quantity.raw()))).ok().map(UnitCost::new)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_minor(f, self.0, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_goes_from_one_centavo_to_9_999_999_99() {
        assert_eq!(Money::parse_price("0.01"), Ok(PRICE_MIN));
        assert_eq!(Money::parse_price("9999999.99"), Ok(PRICE_MAX));
        assert_eq!(Money::parse_price("0.00"), Err(NumberError::TooSmall { min: "0.01" }));
        assert_eq!(Money::parse_price("10000000.00"), Err(NumberError::TooLarge { max: "9999999.99" }));
        assert_eq!(Money::parse_price("-1"), Err(NumberError::Negative));
        assert_eq!(Money::parse_price("1.005"), Err(NumberError::TooManyPlaces { max: 2 }));
    }

    #[test]
    fn an_amount_is_written_with_both_its_places() {
        assert_eq!(Money::new(185_000).to_string(), "1850.00");
        assert_eq!(Money::new(-5).to_string(), "-0.05");
    }

    #[test]
    fn the_portions_of_a_hundred_pesos_add_up() {
        let portion = |amount, of| Money::new(amount).portion(Qty::new(1_000), Qty::new(of)).unwrap().raw();
        assert_eq!((portion(10_000, 3_000), portion(6_667, 2_000), portion(3_333, 1_000)), (3_333, 3_334, 3_333));
        assert_eq!(Money::new(1).portion(Qty::new(1), Qty::ZERO), None);
    }
}
