//! Law: **a quantity is a whole number of thousandths of its base unit.** Adding, splitting and comparing are exact; only
//! pricing rounds, once.
//!
//! A [`Qty`] does not carry its unit: a product has one base unit and everything kept for it is in that unit. Converting
//! from another unit happens once, at the edge, by `factor.rs`.

use std::fmt::Write;

use crate::cost::UnitCost;
use crate::money::Money;
use crate::number::{Bounds, NumberError, mul_div, parse_minor, write_minor};
use crate::unit::Unit;

/// Thousandths in one unit.
pub const SCALE: i64 = 1_000;
/// Decimal places of a quantity.
pub const PLACES: u32 = 3;
/// Largest quantity of one entry: 999,999 units. Sums of entries may pass it.
pub const QUANTITY_MAX: Qty = Qty(999_999 * SCALE);

/// A quantity in thousandths of the base unit, signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Qty(i64);

impl Qty {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From thousandths, as stored.
    pub const fn new(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// From whole units; `None` when it does not fit.
    pub const fn whole(units: i64) -> Option<Self> {
        match units.checked_mul(SCALE) {
            Some(thousandths) => Some(Self(thousandths)),
            None => None,
        }
    }

    /// The thousandths, as stored.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// Reads an API decimal, with its sign: up to 3 places, magnitude up to [`QUANTITY_MAX`], whole when sold by unit.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, NumberError> {
        let bounds = Bounds { places: PLACES, max: QUANTITY_MAX.0, max_text: "999999" };
        let quantity = Self(parse_minor(text, bounds)?);
        if unit.places() == 0 && !quantity.is_whole() { Err(NumberError::NotWhole) } else { Ok(quantity) }
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

    /// Exact sum of many, or `None` beyond 64 bits. The order never matters: only the total must fit.
    pub fn checked_sum(quantities: impl IntoIterator<Item = Self>) -> Option<Self> {
        let sum: i128 = quantities.into_iter().map(|quantity| i128::from(quantity.0)).sum();
        i64::try_from(sum).ok().map(Self)
    }

    /// Magnitude; the smallest value, whose magnitude does not fit, gives the largest.
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Is there nothing?
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Is there something?
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Is something owed?
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Is it a whole number of units?
    pub const fn is_whole(self) -> bool {
        self.0 % SCALE == 0
    }

    /// What so much costs, to the centavo, rounded once.
    pub fn times_cost(self, cost: UnitCost) -> Option<Money> {
        // Thousandths × ten-thousandths of a peso: 10⁻⁷ pesos, and a centavo is 10⁻².
        mul_div(self.0, cost.raw(), 100_000).map(Money::new)
    }

    /// What so much sells for at a price per unit, to the centavo, rounded once.
    pub fn times_price(self, price: Money) -> Option<Money> {
        mul_div(self.0, price.raw(), SCALE).map(Money::new)
    }

    /// Plain decimals: none for whole units, 3 places for measures. A fraction of `un` (a scaled minimum) keeps its digits.
    pub fn format(self, unit: Unit) -> String {
        let mut text = String::new();
        let places = if unit.places() == 0 && self.is_whole() { 0 } else { PLACES };
        let minor = if places == 0 { self.0 / SCALE } else { self.0 };
        write_minor(&mut text, minor, places).expect("writing to a String cannot fail");
        if unit.places() == 0 && places > 0 {
            text.truncate(text.trim_end_matches('0').len());
        }
        text
    }

    /// Appends [`Qty::format`] to a text that is being written.
    pub fn format_into(self, text: &mut String, unit: Unit) {
        write!(text, "{}", self.format(unit)).expect("writing to a String cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qty(text: &str) -> Qty {
        Qty::parse(text, Unit::Kg).unwrap()
    }

    #[test]
    fn units_are_whole_and_measures_have_three_places() {
        assert_eq!(Qty::parse("3", Unit::Un), Ok(Qty::new(3_000)));
        assert_eq!(Qty::parse("3.000", Unit::Un), Ok(Qty::new(3_000)));
        assert_eq!(Qty::parse("3.5", Unit::Un), Err(NumberError::NotWhole));
        assert_eq!(Qty::parse("3.5", Unit::Kg), Ok(Qty::new(3_500)));
        assert_eq!(Qty::parse("-0.001", Unit::Ml), Ok(Qty::new(-1)));
        assert_eq!(Qty::parse("0.0001", Unit::Kg), Err(NumberError::TooManyPlaces { max: 3 }));
    }

    #[test]
    fn a_quantity_ends_at_999_999() {
        assert_eq!(Qty::parse("999999", Unit::Un), Ok(QUANTITY_MAX));
        for text in ["1000000", "999999.001", "-1000000", "92233720368547758"] {
            assert_eq!(Qty::parse(text, Unit::Kg), Err(NumberError::TooLarge { max: "999999" }), "{text}");
        }
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        assert_eq!(qty("2.5").format(Unit::Kg), "2.500");
        assert_eq!(qty("-0.05").format(Unit::L), "-0.050");
        assert_eq!(qty("12").format(Unit::Un), "12");
        assert_eq!(qty("9.1").format(Unit::Un), "9.1");
        assert_eq!(Qty::new(i64::MIN).format(Unit::Kg), "-9223372036854775.808");
    }

    /// two packs of 12 at 13.99 each cost 27.98, never 28.04.
    #[test]
    fn two_packs_at_13_99_cost_27_98_by_pack_and_by_unit() {
        let pack = Money::parse("13.99").unwrap();
        assert_eq!(qty("2").times_price(pack), Money::parse("27.98").ok());
        let per_unit = pack.per(qty("12")).unwrap();
        assert_eq!(per_unit.to_string(), "1.1658");
        assert_eq!(qty("24").times_cost(per_unit), Money::parse("27.98").ok());
    }

    #[test]
    fn pricing_rounds_once_half_away_from_zero() {
        let cost = UnitCost::new(10_050);
        assert_eq!(Qty::new(1_000).times_cost(cost), Some(Money::new(101)));
        assert_eq!(Qty::new(-1_000).times_cost(cost), Some(Money::new(-101)));
        assert_eq!(Qty::new(i64::MAX).times_cost(UnitCost::new(i64::MAX)), None);
    }

    #[test]
    fn a_sum_only_has_to_fit_at_the_end() {
        let parts = [Qty::new(i64::MAX), Qty::new(1), Qty::new(-5)];
        assert_eq!(Qty::checked_sum(parts), Some(Qty::new(i64::MAX - 4)));
        assert_eq!(Qty::checked_sum([Qty::new(i64::MAX), Qty::new(1)]), None);
    }
}
