//! CUIT and CUIL: eleven digits, the last of which vouches for the others. A number that fails its check never becomes a
//! [`TaxId`].

use std::fmt;

/// Digits of a tax number.
const DIGITS: usize = 11;
/// Longest text looked at: eleven digits with whatever separates them.
const TEXT_BYTES_MAX: usize = 32;
/// What each of the first ten digits counts.
const WEIGHTS: [u64; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
/// Persons, companies, and the country codes of foreigners.
const PREFIXES: [u64; 12] = [20, 23, 24, 25, 26, 27, 30, 33, 34, 50, 51, 55];

/// A CUIT or CUIL whose check digit is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxId(u64);

/// Why a text is no tax number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxIdError {
    /// Not eleven digits, with or without dashes.
    NotElevenDigits,
    /// It begins as no tax number does.
    UnknownPrefix,
    /// The first ten digits have no valid last one (remainder 1): such a number is issued under prefix 23 or 33.
    NoValidDigit,
    /// The last digit does not follow from the others.
    WrongDigit {
        /// The digit that would be right.
        right: u8,
    },
}

impl TaxId {
    /// Reads `33-66641681-9` or `33666416819`; dots and spaces count as dashes.
    ///
    /// # Errors
    /// When there are not eleven digits or they do not belong together.
    pub fn parse(text: &str) -> Result<Self, TaxIdError> {
        if text.len() > TEXT_BYTES_MAX || !text.chars().all(|letter| letter.is_ascii_digit() || is_separator(letter)) {
            return Err(TaxIdError::NotElevenDigits);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() != DIGITS {
            return Err(TaxIdError::NotElevenDigits);
        }
        Self::new(digits.parse().map_err(|_| TaxIdError::NotElevenDigits)?)
    }

    /// The number as stored, or as a QR has it.
    ///
    /// # Errors
    /// When it has not eleven digits or they do not belong together.
    pub fn new(number: u64) -> Result<Self, TaxIdError> {
        if !(10_000_000_000..100_000_000_000).contains(&number) {
            return Err(TaxIdError::NotElevenDigits);
        }
        if !PREFIXES.contains(&(number / 1_000_000_000)) {
            return Err(TaxIdError::UnknownPrefix);
        }
        let right = check_digit(number / 10).ok_or(TaxIdError::NoValidDigit)?;
        if number % 10 == u64::from(right) { Ok(Self(number)) } else { Err(TaxIdError::WrongDigit { right }) }
    }

    /// The eleven digits, as stored.
    pub const fn raw(self) -> u64 {
        self.0
    }

    /// Does it belong to a company, not to a person?
    pub const fn is_company(self) -> bool {
        matches!(self.0 / 1_000_000_000, 30 | 33 | 34)
    }
}

impl fmt::Display for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:08}-{}", self.0 / 1_000_000_000, self.0 / 10 % 100_000_000, self.0 % 10)
    }
}

const fn is_separator(letter: char) -> bool {
    matches!(letter, '-' | '.' | ' ' | '\u{2010}'..='\u{2015}')
}

/// The last digit that ten digits ask for; none for the numbers that are never issued.
fn check_digit(ten: u64) -> Option<u8> {
    let (mut rest, mut sum) = (ten, 0);
    for weight in WEIGHTS.iter().rev() {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    match sum % 11 {
        0 => Some(0),
        1 => None,
        remainder => u8::try_from(11 - remainder).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the domain (M24).
    #[test]
    fn the_numbers_of_real_suppliers_are_accepted_and_shown_with_dashes() {
        for text in
            ["33-66641681-9", "30-71533519-7", "30-70804363-6", "30-50001091-2", "20-12345678-6", "23-12345600-9"]
        {
            let read = TaxId::parse(text).unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(TaxId::parse(&text.replace('-', "")), Ok(read));
            assert_eq!(TaxId::new(read.raw()), Ok(read));
        }
    }

    /// M24: the invalid numbers of the domain.
    #[test]
    fn a_wrong_digit_is_refused_with_the_right_one() {
        assert_eq!(TaxId::parse("30-71136826-4"), Err(TaxIdError::WrongDigit { right: 0 }));
        assert_eq!(TaxId::parse("20-12345678-9"), Err(TaxIdError::WrongDigit { right: 6 }));
    }

    /// M24: such a number is issued again with another prefix.
    #[test]
    fn remainder_one_has_no_valid_digit() {
        for digit in 0..10 {
            assert_eq!(TaxId::parse(&format!("20-12345600-{digit}")), Err(TaxIdError::NoValidDigit));
        }
    }

    /// M24.
    #[test]
    fn what_is_no_tax_number_is_refused() {
        for text in
            ["", "3366641681", "336664168199", "33-6664168l-9", "٣٣٦٦٦٤١٦٨١٩", "33\u{0}666416819", "-----------"]
        {
            assert_eq!(TaxId::parse(text), Err(TaxIdError::NotElevenDigits), "{text}");
        }
        assert_eq!(TaxId::parse("99-12345678-0"), Err(TaxIdError::UnknownPrefix));
        assert_eq!(TaxId::parse(&"3".repeat(100_000)), Err(TaxIdError::NotElevenDigits));
        assert_eq!(TaxId::new(u64::MAX), Err(TaxIdError::NotElevenDigits));
    }

    /// M24.
    #[test]
    fn companies_and_persons_are_told_apart() {
        assert!(TaxId::parse("33-66641681-9").unwrap().is_company());
        assert!(!TaxId::parse("20-12345678-6").unwrap().is_company());
    }
}
