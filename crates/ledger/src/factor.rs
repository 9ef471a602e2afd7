//! Law: **a conversion factor is an exact fraction, applied once, at the edge.** 1 box = 9 un is 9/1 one way and 1/9 the
//! other; it is never cut to the places a screen shows.

use std::fmt;

use crate::number::{NumberError, div_half_up};
use crate::qty::{QUANTITY_MAX, Qty};
use crate::unit::Unit;

/// Largest numerator or denominator read from text.
pub const TERM_MAX: u64 = 1_000_000_000_000;
/// Decimal places a factor may be written with.
pub const PLACES_MAX: usize = 12;

/// An exact positive fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Factor {
    num: u64,
    den: u64,
}

impl Factor {
    /// Changes nothing.
    pub const ONE: Self = Self { num: 1, den: 1 };
    /// Kilo to unit.
    pub const THOUSAND: Self = Self { num: 1_000, den: 1 };

    /// The fraction `num / den` in lowest terms; `None` when either is zero or beyond [`TERM_MAX`].
    pub const fn new(num: u64, den: u64) -> Option<Self> {
        if num == 0 || den == 0 || num > TERM_MAX || den > TERM_MAX {
            return None;
        }
        let divisor = greatest_common_divisor(num, den);
        Some(Self { num: num / divisor, den: den / divisor })
    }

    /// Numerator in lowest terms.
    pub const fn num(self) -> u64 {
        self.num
    }

    /// Denominator in lowest terms.
    pub const fn den(self) -> u64 {
        self.den
    }

    /// Reads `12`, `0.453592292` or `1/9`.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match text.split_once('/') {
            Some((num, den)) => build(digits(num)?, digits(den)?),
            None => parse_decimal(text),
        }
    }

    /// The quantity times the factor, rounded once. A result beyond the limit of a quantity is refused.
    pub fn apply(self, quantity: Qty) -> Result<Qty, NumberError> {
        let scaled = i64::try_from(self.scale(i128::from(quantity.raw()))).map(Qty::new);
        match scaled {
            Ok(scaled) if scaled.abs() <= QUANTITY_MAX => Ok(scaled),
            _ => Err(NumberError::TooLarge { max: "999999" }),
        }
    }

    /// The opposite conversion, as exact as this one.
    pub const fn inverse(self) -> Self {
        Self { num: self.den, den: self.num }
    }

    /// What a quantity in `from` is multiplied by to be in `to`; `None` when nature does not say.
    pub fn between(from: Unit, to: Unit) -> Option<Self> {
        match (from, to) {
            (same, other) if same == other => Some(Self::ONE),
            (Unit::Kg, Unit::G) | (Unit::L, Unit::Ml) => Some(Self::THOUSAND),
            (Unit::G, Unit::Kg) | (Unit::Ml, Unit::L) => Some(Self::THOUSAND.inverse()),
            _ => None,
        }
    }

    /// Two conversions in a row; `None` when the terms no longer fit.
    pub fn then(self, next: Self) -> Option<Self> {
        // Crossing out before multiplying keeps chains such as box → un → kg small.
        let left = Self::new(self.num, next.den)?;
        let right = Self::new(next.num, self.den)?;
        Self::new(left.num.checked_mul(right.num)?, left.den.checked_mul(right.den)?)
    }

    fn scale(self, minor: i128) -> i128 {
        // |minor| < 2⁶³ and terms ≤ 10¹²: the product stays below 2¹⁰³.
        div_half_up(minor * i128::from(self.num), i128::from(self.den))
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

fn parse_decimal(text: &str) -> Result<Factor, NumberError> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return Err(NumberError::NotANumber),
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let whole = digits(whole)?;
    if fraction.len() > PLACES_MAX {
        return Err(NumberError::TooManyPlaces { max: PLACES_MAX as u32 });
    }
    let part = if fraction.is_empty() { 0 } else { digits(fraction)? };
    let den = 10_u64.pow(fraction.len() as u32);
    let divisor = greatest_common_divisor(part, den);
    let (part, den) = (part / divisor, den / divisor);
    let num = whole.checked_mul(den).and_then(|scaled| scaled.checked_add(part));
    build(num.ok_or(TOO_LARGE)?, den)
}

const TOO_LARGE: NumberError = NumberError::TooLarge { max: "1000000000000" };

fn build(num: u64, den: u64) -> Result<Factor, NumberError> {
    if num == 0 || den == 0 {
        return Err(NumberError::TooSmall { min: "0.000000000001" });
    }
    Factor::new(num, den).ok_or(TOO_LARGE)
}

fn digits(text: &str) -> Result<u64, NumberError> {
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(if text.starts_with('-') { NumberError::Negative } else { NumberError::NotANumber });
    }
    text.parse().ok().filter(|value| *value <= TERM_MAX).ok_or(TOO_LARGE)
}

const fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(text: &str) -> Factor {
        Factor::parse(text).unwrap()
    }

    fn kg(text: &str) -> Qty {
        Qty::parse(text, Unit::Kg).unwrap()
    }

    #[test]
    fn the_three_ways_to_write_a_factor_are_exact() {
        assert_eq!(factor("12"), Factor::new(12, 1).unwrap());
        assert_eq!(factor("3/27"), Factor::new(1, 9).unwrap());
        assert_eq!(factor("0.453592292"), Factor::new(113_398_073, 250_000_000).unwrap());
        assert_eq!(factor("0.50").to_string(), "1/2");
    }

    #[test]
    fn what_is_no_factor_is_refused() {
        for text in ["0", "0.000", "1/0", "0/9"] {
            assert!(matches!(Factor::parse(text), Err(NumberError::TooSmall { .. })), "{text}");
        }
        for text in ["", "/", "1/", ".5", "/9"] {
            assert_eq!(Factor::parse(text), Err(NumberError::Empty), "{text}");
        }
        for text in ["1.", "1e3", "1/2/3", " 1", "1 /9", "1.5/2"] {
            assert_eq!(Factor::parse(text), Err(NumberError::NotANumber), "{text}");
        }
        assert_eq!(Factor::parse("-1"), Err(NumberError::Negative));
        assert!(matches!(Factor::parse("9999999999999"), Err(NumberError::TooLarge { .. })));
        assert!(matches!(Factor::parse("0.1234567890123"), Err(NumberError::TooManyPlaces { max: 12 })));
    }

    /// 1 box = 9; receive 1 box, sell 9 units, 0 boxes are left.
    #[test]
    fn a_box_of_nine_sold_by_unit_leaves_no_box() {
        let received = factor("9").apply(kg("1")).unwrap();
        let left = received.checked_sub(kg("9")).unwrap();
        assert_eq!(factor("1/9").apply(left), Ok(Qty::ZERO));
        assert_eq!(factor("1/9").apply(kg("9")), Ok(kg("1")));
    }

    /// exactly 2,000 stock units, entered in lb, are 2000 and never 1999.999999131832.
    #[test]
    fn two_thousand_units_entered_in_pounds_are_two_thousand() {
        let kg_per_lb = factor("0.453592292");
        let pounds = kg_per_lb.inverse().apply(kg("2000")).unwrap();
        assert_eq!(pounds.format(Unit::Kg), "4409.246");
        assert_eq!(kg_per_lb.apply(pounds), Ok(kg("2000")));
    }

    /// 2138.484 lb x 0.453592292 is 970.000 kg; the factor is not cut to 0.454.
    #[test]
    fn the_factor_is_not_cut_to_display_places() {
        assert_eq!(factor("0.453592292").apply(kg("2138.484")), Ok(kg("970")));
        assert_eq!(factor("0.454").apply(kg("2138.484")), Ok(kg("970.872")));
    }

    #[test]
    fn a_converted_quantity_keeps_the_limit() {
        assert_eq!(factor("2").apply(kg("499999.5")), Ok(QUANTITY_MAX));
        assert_eq!(factor("2").apply(kg("500000")), Err(NumberError::TooLarge { max: "999999" }));
        assert_eq!(factor("1000000000000").apply(Qty::new(i64::MAX)), Err(NumberError::TooLarge { max: "999999" }));
    }

    #[test]
    fn conversions_chain_without_rounding_in_between() {
        let box_to_kg = factor("9").then(factor("1/9")).unwrap();
        assert_eq!(box_to_kg, Factor::ONE);
        assert_eq!(factor("1000000000000").then(factor("1000000000000")), None);
    }
}
