//! Law: **a decimal is exact or it is refused.** Text becomes a count of minor units without ever passing through a float,
//! and a division rounds once, half away from zero.
//!
//! The strict reader of API decimals and the rounding of this crate live here. What the minor units mean does not: see
//! `qty.rs` and `money.rs`. Spanish input with decimal commas is read elsewhere, at the edge that knows the language.

use std::fmt;

/// Longest decimal text that is looked at; anything longer is out of range anyway.
pub const TEXT_BYTES_MAX: usize = 32;

/// Why a text is not a number this shop can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberError {
    /// There is no text.
    Empty,
    /// Something else than digits, one point and at most one leading minus.
    NotANumber,
    /// More decimal places than are kept; nothing is cut silently.
    TooManyPlaces {
        /// Places that are kept.
        max: u32,
    },
    /// Beyond the largest value accepted.
    TooLarge {
        /// The largest accepted value, in plain decimals.
        max: &'static str,
    },
    /// Below the smallest value accepted.
    TooSmall {
        /// The smallest accepted value, in plain decimals.
        min: &'static str,
    },
    /// A minus where only zero or more makes sense.
    Negative,
    /// A fraction of something that is sold whole.
    NotWhole,
}

impl NumberError {
    /// Stable name for APIs, logs and message catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotANumber => "not_a_number",
            Self::TooManyPlaces { .. } => "too_many_places",
            Self::TooLarge { .. } => "too_large",
            Self::TooSmall { .. } => "too_small",
            Self::Negative => "negative",
            Self::NotWhole => "not_whole",
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "a number is needed"),
            Self::NotANumber => write!(f, "not a plain decimal such as 12 or 12.5"),
            Self::TooManyPlaces { max } => write!(f, "at most {max} decimal places"),
            Self::TooLarge { max } => write!(f, "at most {max}"),
            Self::TooSmall { min } => write!(f, "at least {min}"),
            Self::Negative => write!(f, "may not be negative"),
            Self::NotWhole => write!(f, "only whole units"),
        }
    }
}

impl std::error::Error for NumberError {}

/// The bounds of one kind of number, in minor units and in the words of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub places: u32,
    pub max: i64,
    pub max_text: &'static str,
}

/// Reads `-?digits(.digits)?` as minor units; the magnitude may not pass `bounds.max`.
pub(crate) fn parse_minor(text: &str, bounds: Bounds) -> Result<i64, NumberError> {
    let too_large = NumberError::TooLarge { max: bounds.max_text };
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(NumberError::NotANumber),
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) {
        return Err(NumberError::NotANumber);
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(too_large);
    }
    let places = u32::try_from(fraction.len()).expect("a text of at most 32 bytes has at most 32 places");
    if places > bounds.places {
        return Err(NumberError::TooManyPlaces { max: bounds.places });
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let read = digits.fold(0_i128, |value, digit| value.saturating_mul(10).saturating_add(i128::from(digit - b'0')));
    let magnitude = read.saturating_mul(10_i128.pow(bounds.places - places));
    let magnitude = i64::try_from(magnitude).map_err(|_| too_large)?;
    if magnitude > bounds.max {
        return Err(too_large);
    }
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// Divides, rounding half away from zero. A zero denominator is a bug of the caller.
pub fn div_half_up(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator != 0, "a ratio needs a denominator");
    let quotient = numerator / denominator;
    let remainder = numerator % denominator;
    // Comparing with what is missing to a whole step avoids doubling the remainder, which could overflow.
    if remainder.unsigned_abs() >= denominator.unsigned_abs() - remainder.unsigned_abs() {
        quotient + if (numerator < 0) == (denominator < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

/// Divides, rounding towards the larger number: for packs that must cover a need.
pub fn div_ceil(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator > 0, "div_ceil divides by a positive number");
    -(-numerator).div_euclid(denominator)
}

/// Divides, rounding towards the smaller number: for a promise that must not be overstated.
pub fn div_floor(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator > 0, "div_floor divides by a positive number");
    numerator.div_euclid(denominator)
}

/// `value × num / den` with one rounding; `None` beyond 64 bits.
pub(crate) fn mul_div(value: i64, num: i64, den: i64) -> Option<i64> {
    i64::try_from(div_half_up(i128::from(value) * i128::from(num), i128::from(den))).ok()
}

/// Writes minor units as a plain decimal with exactly `places` places.
pub(crate) fn write_minor(f: &mut impl fmt::Write, minor: i64, places: u32) -> fmt::Result {
    let sign = if minor < 0 { "-" } else { "" };
    let step = 10_u64.pow(places);
    let magnitude = minor.unsigned_abs();
    match places {
        0 => write!(f, "{sign}{magnitude}"),
        _ => write!(f, "{sign}{}.{:0width$}", magnitude / step, magnitude % step, width = places as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_PLACES: Bounds = Bounds { places: 2, max: 99_999, max_text: "999.99" };

    #[test]
    fn plain_decimals_are_read_exactly() {
        let read = |text: &str| parse_minor(text, TWO_PLACES);
        assert_eq!(read("0"), Ok(0));
        assert_eq!(read("-0"), Ok(0));
        assert_eq!(read("12"), Ok(1_200));
        assert_eq!(read("12.5"), Ok(1_250));
        assert_eq!(read("-12.05"), Ok(-1_205));
        assert_eq!(read("999.99"), Ok(99_999));
        assert_eq!(read(&"0".repeat(TEXT_BYTES_MAX)), Ok(0));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let refused = |text: &str| parse_minor(text, TWO_PLACES).unwrap_err();
        assert_eq!(refused(""), NumberError::Empty);
        let strange = [
            "-", ".", ".5", "5.", "+5", "--5", "1e3", "1E3", " 1", "1 ", "1,5", "1_000", "0x10", "NaN", "inf", "1.2.3",
            "١",
        ];
        for text in strange {
            assert_eq!(refused(text), NumberError::NotANumber, "{text:?}");
        }
        assert_eq!(refused("1.234"), NumberError::TooManyPlaces { max: 2 });
        assert_eq!(refused("1.500"), NumberError::TooManyPlaces { max: 2 });
        assert_eq!(refused("1000"), NumberError::TooLarge { max: "999.99" });
        assert_eq!(refused(&"9".repeat(32)), NumberError::TooLarge { max: "999.99" });
        assert_eq!(refused(&"9".repeat(4_000)), NumberError::TooLarge { max: "999.99" });
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(div_half_up(5, 2), 3);
        assert_eq!(div_half_up(-5, 2), -3);
        assert_eq!(div_half_up(5, -2), -3);
        assert_eq!(div_half_up(-5, -2), 3);
        assert_eq!(div_half_up(4, 3), 1);
        assert_eq!(div_half_up(-4, 3), -1);
        assert_eq!(div_half_up(0, 7), 0);
        assert_eq!(div_half_up(i128::MAX, i128::MAX), 1);
        assert_eq!(div_half_up(i128::MAX - 1, i128::MAX), 1);
    }

    #[test]
    fn the_other_divisions_say_their_direction() {
        assert_eq!((div_ceil(7, 2), div_ceil(-7, 2), div_ceil(8, 2)), (4, -3, 4));
        assert_eq!((div_floor(7, 2), div_floor(-7, 2), div_floor(8, 2)), (3, -4, 4));
    }

    #[test]
    fn every_error_has_its_own_code_and_sentence() {
        let all = [
            NumberError::Empty,
            NumberError::NotANumber,
            NumberError::TooManyPlaces { max: 3 },
            NumberError::TooLarge { max: "9" },
            NumberError::TooSmall { min: "0.01" },
            NumberError::Negative,
            NumberError::NotWhole,
        ];
        let codes: std::collections::BTreeSet<_> = all.iter().map(|error| error.code()).collect();
        assert_eq!(codes.len(), all.len());
        assert!(all.iter().all(|error| !error.to_string().is_empty()));
    }
}
