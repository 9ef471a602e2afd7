//! Law: **a percentage is a whole number of millionths**, so 10.5 % is 105,000 and nothing about it is approximate.
//!
//! What a rate means (on cost, on price, per month) is said by the type or the field that holds it.

use std::fmt;

use gondola_ledger::number::div_half_up;

use crate::exact::Fraction;

/// Millionths in the whole: 100 %.
pub const WHOLE: i32 = 1_000_000;
/// Longest text read as a percentage.
pub const TEXT_BYTES_MAX: usize = 16;
/// Decimal places a percentage may be written with.
pub const PLACES_MAX: usize = 4;

/// A percentage in millionths, signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i32);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole: 100 %.
    pub const WHOLE: Self = Self(WHOLE);

    /// From millionths, as stored.
    pub const fn new(millionths: i32) -> Self {
        Self(millionths)
    }

    /// From hundredths of a percent: 2,100 is 21 %.
    pub const fn basis_points(points: i16) -> Self {
        Self(points as i32 * 100)
    }

    /// The millionths, as stored.
    pub const fn raw(self) -> i32 {
        self.0
    }

    /// Reads a percentage in plain decimals, `10.5` for 10.5 %; `None` for anything else, or beyond four places.
    pub fn parse_percent(text: &str) -> Option<Self> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > PLACES_MAX {
            return None;
        }
        let magnitude: i64 = format!("{whole}{fraction:0<4}").parse().ok()?;
        i32::try_from(if text.starts_with('-') { -magnitude } else { magnitude }).ok().map(Self)
    }

    /// Is it from nothing to the whole?
    pub const fn is_share(self) -> bool {
        0 <= self.0 && self.0 <= WHOLE
    }

    pub(crate) fn fraction(self) -> Fraction {
        Fraction::new(i128::from(self.0), i128::from(WHOLE)).expect("the whole is positive")
    }

    /// One plus the rate: what a price is multiplied by to grow so much.
    pub(crate) fn grown(self) -> Fraction {
        let millionths = i128::from(self.0) + i128::from(WHOLE);
        Fraction::new(millionths, i128::from(WHOLE)).expect("the whole is positive")
    }

    /// The nearest millionth; `None` beyond what a rate can hold.
    pub(crate) fn nearest(value: Fraction) -> Option<Self> {
        let millionths = value.times(Fraction::whole(i128::from(WHOLE)))?.round();
        i32::try_from(millionths).ok().map(Self)
    }
}

impl fmt::Display for Rate {
    /// The percentage with two decimals, halves away from zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = div_half_up(i128::from(self.0), 100);
        let sign = if points < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", points.unsigned_abs() / 100, points.unsigned_abs() % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_and_written() {
        for (text, millionths, shown) in
            [("21", 210_000, "21.00"), ("10.5", 105_000, "10.50"), ("-2.0049", -20_049, "-2.00"), ("0", 0, "0.00")]
        {
            assert_eq!(Rate::parse_percent(text), Some(Rate::new(millionths)), "{text}");
            assert_eq!(Rate::new(millionths).to_string(), shown);
        }
        assert_eq!(Rate::basis_points(2_100), Rate::new(210_000));
    }

    #[test]
    fn what_is_no_percentage_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1.23456", "1,5", "1e3", "٣", "\0", "999999", "12345678901234567", "--1"]
        {
            assert_eq!(Rate::parse_percent(text), None, "{text:?}");
        }
    }
}
