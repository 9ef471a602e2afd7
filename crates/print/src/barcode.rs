//! Bars as widths: EAN-13, EAN-8, UPC-A and Code 128, with the digits people read beneath them. Codes arrive checked or
//! not; a wrong check digit is refused here too, because a label with a code that no till reads is worse than none.

use crate::font::{Line, Type};
use crate::length::Length;
use crate::sheet::{Align, Area, Ink, Place, Sheet};

/// Letters of a Code 128.
pub const CODE_128_MAX: usize = 40;
/// The narrowest bar that a till's reader and a 203 dpi printer still tell apart.
pub const MODULE_MIN: Length = Length::um(190);
/// The widest bar worth printing: the standard's nominal size.
pub const MODULE_MAX: Length = Length::um(330);
/// White at each side, in modules: what EAN-13 asks at its left, and Code 128 at both.
const QUIET: i32 = 11;
const DIGITS: Type = Type::regular(80);

/// Bar and space widths of the digits 0 to 9 where a space begins; where a bar begins they are the same, read as bars.
const DIGIT_WIDTHS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits of an EAN-13 are mirrored, by its first digit: one bit each, the leftmost first.
const MIRRORED: [u8; 10] =
    [0b000000, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010];

/// Bar and space widths of the values 0 to 105 of Code 128 in set order, as written in its standard.
const CODE_128: [u32; 106] = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212, 112232, 122132,
    122231, 113222, 123122, 123221, 223211, 221132, 221231, 213212, 223112, 312131, 311222, 321122, 321221, 312212,
    322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321, 112313, 132113, 132311, 211313, 231113, 231311,
    112133, 112331, 132131, 113123, 113321, 133121, 313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321,
    331121, 312113, 312311, 332111, 314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214,
    112412, 122114, 122411, 142112, 142211, 241211, 221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212,
    124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141, 114113, 114311, 411113,
    411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232,
];
const CODE_128_STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];
const START_B: u32 = 104;
const START_C: u32 = 105;

/// Which family of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 13 digits, on most goods.
    Ean13,
    /// 8 digits, on small goods.
    Ean8,
    /// 12 digits, on goods from North America.
    UpcA,
    /// Any printable ASCII: a SKU or an inner code.
    Code128,
}

/// Why a text has no bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeRefusal {
    /// Another number of digits is asked for, or something is no digit.
    #[error("the code must have exactly {digits} digits")]
    NotDigits {
        /// How many digits the family has.
        digits: usize,
    },
    /// The last digit does not follow from the others.
    #[error("the check digit should be {expected}")]
    CheckDigit {
        /// The digit that would be right.
        expected: u8,
    },
    /// Empty, too long, or not printable ASCII.
    #[error("the code must have 1 to {CODE_128_MAX} letters without accents")]
    NotPrintable,
}

/// A code as bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    kind: Kind,
    text: String,
    widths: Vec<u8>,
}

impl Barcode {
    /// The bars of a text in one family.
    ///
    /// # Errors
    /// Refused with what the family accepts.
    pub fn new(kind: Kind, text: &str) -> Result<Self, BarcodeRefusal> {
        let widths = match kind {
            Kind::Ean13 => ean_13(&digits(text, 13)?),
            Kind::Ean8 => ean_8(&digits(text, 8)?),
            Kind::UpcA => {
                let mut all = vec![0];
                all.extend(digits(text, 12)?);
                ean_13(&all)
            }
            Kind::Code128 => code_128(text)?,
        };
        Ok(Self { kind, text: text.to_owned(), widths })
    }

    /// The bars of the narrowest family that the text is valid in.
    ///
    /// # Errors
    /// Refused when not even Code 128 can say it.
    pub fn of(text: &str) -> Result<Self, BarcodeRefusal> {
        [Kind::Ean13, Kind::Ean8, Kind::UpcA]
            .into_iter()
            .find_map(|kind| Self::new(kind, text).ok())
            .map_or_else(|| Self::new(Kind::Code128, text), Ok)
    }

    /// Its family.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The digits or letters that it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Widths in modules, bar first, bars and spaces by turns.
    pub fn widths(&self) -> &[u8] {
        &self.widths
    }

    /// The width of its bars in modules, without the white beside them.
    pub fn modules(&self) -> i32 {
        self.widths.iter().map(|&width| i32::from(width)).sum()
    }

    /// The module width with which it fits, white included; `None` when bars would be narrower than [`MODULE_MIN`].
    pub fn module_in(&self, width: Length) -> Option<Length> {
        let module = (width / (self.modules() + 2 * QUIET)).min(MODULE_MAX);
        (module >= MODULE_MIN).then_some(module)
    }

    /// Draws bars and digits in the middle of an area. Without room for the bars, the text alone is set.
    pub fn draw(&self, sheet: &mut Sheet, area: Area) {
        let middle = Place { x: area.x + area.width / 2, y: area.y + area.height };
        let Some(module) = self.module_in(area.width) else {
            sheet.text(&Line::new(&self.text).fitted(DIGITS, area.width), DIGITS, Align::Centre, middle);
            return;
        };
        let left = middle.x - module * self.modules() / 2;
        let bars = area.height - DIGITS.size.cap_height() - Length::um(700);
        let mut x = left;
        for (index, &width) in self.widths.iter().enumerate() {
            let width = module * i32::from(width);
            if index % 2 == 0 {
                sheet.fill(Area { x, y: area.y, width, height: bars }, Ink::Black);
            }
            x = x + width;
        }
        sheet.text(&Line::new(&self.spaced()).fitted(DIGITS, area.width), DIGITS, Align::Centre, middle);
    }

    /// The text in the groups that people read it in.
    fn spaced(&self) -> String {
        let cuts: &[usize] = match self.kind {
            Kind::Ean13 => &[1, 7],
            Kind::Ean8 => &[4],
            Kind::UpcA => &[1, 6, 11],
            Kind::Code128 => &[],
        };
        let mut spaced = String::new();
        for (index, letter) in self.text.chars().enumerate() {
            if cuts.contains(&index) {
                spaced.push(' ');
            }
            spaced.push(letter);
        }
        spaced
    }
}

fn digits(text: &str, count: usize) -> Result<Vec<u8>, BarcodeRefusal> {
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BarcodeRefusal::NotDigits { digits: count });
    }
    let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
    let expected = check_digit(&digits[..count - 1]);
    if digits[count - 1] == expected { Ok(digits) } else { Err(BarcodeRefusal::CheckDigit { expected }) }
}

/// From the right, digits weigh 3 and 1 by turns; the check digit fills up to the next ten.
fn check_digit(digits: &[u8]) -> u8 {
    let weighed = digits.iter().rev().enumerate().map(|(index, digit)| digit * if index % 2 == 0 { 3 } else { 1 });
    let sum: u32 = weighed.map(u32::from).sum();
    u8::try_from((10 - sum % 10) % 10).expect("a remainder of ten is a digit")
}

fn ean_13(digits: &[u8]) -> Vec<u8> {
    let mirrored = MIRRORED[usize::from(digits[0])];
    let mut widths = vec![1, 1, 1];
    for (index, &digit) in digits[1..7].iter().enumerate() {
        let mut pattern = DIGIT_WIDTHS[usize::from(digit)];
        if mirrored >> (5 - index) & 1 == 1 {
            pattern.reverse();
        }
        widths.extend(pattern);
    }
    finish_ean(widths, &digits[7..])
}

fn ean_8(digits: &[u8]) -> Vec<u8> {
    let mut widths = vec![1, 1, 1];
    widths.extend(digits[..4].iter().flat_map(|&digit| DIGIT_WIDTHS[usize::from(digit)]));
    finish_ean(widths, &digits[4..])
}

fn finish_ean(mut widths: Vec<u8>, right: &[u8]) -> Vec<u8> {
    widths.extend([1; 5]);
    widths.extend(right.iter().flat_map(|&digit| DIGIT_WIDTHS[usize::from(digit)]));
    widths.extend([1; 3]);
    widths
}

fn code_128(text: &str) -> Result<Vec<u8>, BarcodeRefusal> {
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if text.is_empty() || text.len() > CODE_128_MAX || !printable {
        return Err(BarcodeRefusal::NotPrintable);
    }
    let values = code_128_values(text.as_bytes());
    let weighed = values.iter().zip(0_u32..).map(|(value, place)| value * place.max(1));
    let check = weighed.sum::<u32>() % 103;
    let mut widths: Vec<u8> = values.iter().chain([&check]).flat_map(|&value| code_128_pattern(value)).collect();
    widths.extend(CODE_128_STOP);
    Ok(widths)
}

/// Digits in pairs (set C) when there is nothing else, else one letter each (set B).
fn code_128_values(bytes: &[u8]) -> Vec<u32> {
    let pairs = bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_digit);
    let digit = |byte: u8| u32::from(byte - b'0');
    if pairs {
        let values = bytes.chunks_exact(2).map(|pair| digit(pair[0]) * 10 + digit(pair[1]));
        return std::iter::once(START_C).chain(values).collect();
    }
    std::iter::once(START_B).chain(bytes.iter().map(|&byte| u32::from(byte - b' '))).collect()
}

fn code_128_pattern(value: u32) -> [u8; 6] {
    let mut rest = CODE_128[value as usize];
    let mut pattern = [0; 6];
    for width in pattern.iter_mut().rev() {
        *width = (rest % 10) as u8;
        rest /= 10;
    }
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_family_follows_from_the_digits() {
        let cases = [
            ("4006381333930", Kind::Code128),
            ("4006381333931", Kind::Ean13),
            ("96385074", Kind::Ean8),
            ("036000291452", Kind::UpcA),
            ("LAC-LS-SACH", Kind::Code128),
        ];
        for (text, kind) in cases {
            assert_eq!(Barcode::of(text).map(|code| code.kind()), Ok(kind), "{text}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_refused_with_the_right_one() {
        let refusal = Barcode::new(Kind::Ean13, "4006381333930");
        assert_eq!(refusal, Err(BarcodeRefusal::CheckDigit { expected: 1 }));
    }

    #[test]
    fn hostile_texts_are_refused() {
        for text in ["", "ñandú", "a\0b", "１２３", &"9".repeat(CODE_128_MAX + 1)] {
            assert_eq!(Barcode::of(text), Err(BarcodeRefusal::NotPrintable), "{text:?}");
        }
    }

    #[test]
    fn families_have_their_widths() {
        let modules = |text| Barcode::of(text).map(|code| code.modules());
        assert_eq!(modules("4006381333931"), Ok(95));
        assert_eq!(modules("96385074"), Ok(67));
        assert_eq!(modules("036000291452"), Ok(95));
    }

    #[test]
    fn every_code_128_pattern_is_eleven_wide_and_its_own() {
        let mut patterns: Vec<[u8; 6]> = (0..106).map(code_128_pattern).collect();
        assert!(patterns.iter().all(|pattern| pattern.iter().sum::<u8>() == 11));
        patterns.sort_unstable();
        patterns.dedup();
        assert_eq!(patterns.len(), 106);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_encoder(text in "\\PC{0,60}") {
            if let Ok(code) = Barcode::of(&text) {
                prop_assert!(code.widths().len() % 2 == 1 && code.widths().iter().all(|width| (1..=4).contains(width)));
            }
        }
    }
}
