//! The code under which a document was authorised. Its digits carry no check of their own.

use std::fmt;

/// An authorisation code: CAE or CAEA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cae(u64);

/// Why a text is no authorisation code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaeError {
    /// It has not fourteen digits, and nothing else.
    NotFourteenDigits,
}

impl Cae {
    /// Reads fourteen digits.
    ///
    /// # Errors
    /// When there is anything else.
    pub fn parse(text: &str) -> Result<Self, CaeError> {
        if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CaeError::NotFourteenDigits);
        }
        text.parse().map(Self).map_err(|_| CaeError::NotFourteenDigits)
    }

    /// The number as stored, or as a QR has it; leading zeros count as digits.
    ///
    /// # Errors
    /// When it does not fit in fourteen digits, or is zero.
    pub const fn new(number: u64) -> Result<Self, CaeError> {
        if number == 0 || number >= 100_000_000_000_000 { Err(CaeError::NotFourteenDigits) } else { Ok(Self(number)) }
    }

    /// The number, as stored.
    pub const fn raw(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Cae {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M24.
    #[test]
    fn fourteen_digits_are_a_code_and_thirteen_are_not() {
        assert_eq!(Cae::parse("70417054367476").unwrap().to_string(), "70417054367476");
        for text in ["", "7041705436747", "704170543674761", "7041705436747O", "٧٠٤١٧٠٥"] {
            assert_eq!(Cae::parse(text), Err(CaeError::NotFourteenDigits), "{text}");
        }
        assert!(Cae::new(u64::MAX).is_err() && Cae::new(0).is_err());
    }
}
