//! Barcodes of goods, labels of the shop's scale, and the codes the shop gives itself: read strictly, kept in one
//! form, so that the same article is the same code wherever it comes from.
//!
//! Rules and examples: the GS1 check digit and `argentina.md`, Barcodes. Not here: which product a code belongs to,
//! and pictures of bars.

use std::fmt;

use crate::kernel::Text;

/// A code whose check digit is right, in its canonical form.
///
/// One article has one form here: a UPC-A is its EAN-13, which begins with 0; a code padded with zeros to a longer
/// length is the shorter one. So `012345678905`, `0012345678905` and the 11 digits left when a spreadsheet drops
/// the zero are all `0012345678905`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Barcode(String);

/// The kinds of code we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    /// 13 digits; Argentine goods begin with 778 or 779.
    Ean13,
    /// 8 digits, for small packages.
    Ean8,
    /// 12 digits, from the United States and Canada; kept as an EAN-13 that begins with 0.
    UpcA,
    /// 14 digits, for cases; the first is the packaging level.
    Itf14,
}

/// Why a text is not a barcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BarcodeError {
    /// Nothing there, or only zeros, as files write "none".
    Empty,
    /// Something other than digits, spaces and dashes.
    NotDigits,
    /// A spreadsheet shortened it (`7,79074E+12`): the last digits are lost.
    Shortened,
    /// A number of digits no code has.
    BadLength {
        /// How many there are.
        found: usize,
    },
    /// The last digit does not follow from the others.
    BadCheckDigit {
        /// The digit that would.
        expected: u8,
    },
}

impl BarcodeError {
    /// The stable name of this refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "barcode_empty",
            Self::NotDigits => "barcode_not_digits",
            Self::Shortened => "barcode_shortened",
            Self::BadLength { .. } => "barcode_length",
            Self::BadCheckDigit { .. } => "barcode_check_digit",
        }
    }

    /// What is wrong and what would be accepted.
    pub fn message(&self) -> Text {
        match self {
            Self::Empty => Text::new("Falta el código de barras.", "The barcode is missing."),
            Self::NotDigits => Text::new(
                "El código de barras lleva solo números, por ejemplo 7790742034007.",
                "A barcode holds only digits, for example 7790742034007.",
            ),
            Self::Shortened => Text::new(
                "La planilla acortó el código y se perdieron sus últimos números. \
                 Dale a esa columna formato de texto y escribí el código completo.",
                "The spreadsheet shortened the code and its last digits are lost. \
                 Format that column as text and write the whole code.",
            ),
            Self::BadLength { found } => Text::new(
                format!("El código tiene {found} números. Tienen que ser 8, 12, 13 o 14: contalos en el envase."),
                format!("The code has {found} digits. It must have 8, 12, 13 or 14: count them on the package."),
            ),
            Self::BadCheckDigit { expected } => Text::new(
                format!(
                    "Hay un número mal: con los demás así, el último tendría que ser {expected}. Comparalo con el envase."
                ),
                format!(
                    "One digit is wrong: with the others as they are, the last would be {expected}. Check the package."
                ),
            ),
        }
    }
}

impl From<BarcodeError> for (&'static str, Text) {
    fn from(error: BarcodeError) -> Self {
        (error.code(), error.message())
    }
}

impl Barcode {
    /// Reads a code as people and files write it: spaces and dashes are ignored, 8, 12, 13 or 14 digits are
    /// accepted, and 11 as a UPC-A that lost its leading zero. The check digit has to be right.
    pub fn parse(text: &str) -> Result<Self, BarcodeError> {
        let digits: String = text.chars().filter(|&character| !is_ignored(character)).collect();
        if digits.bytes().all(|byte| byte == b'0') {
            return Err(BarcodeError::Empty);
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(if is_shortened(text) { BarcodeError::Shortened } else { BarcodeError::NotDigits });
        }
        if !matches!(digits.len(), 8 | 11..=14) {
            return Err(BarcodeError::BadLength { found: digits.len() });
        }
        let (body, last) = digits.split_at(digits.len() - 1);
        let expected = check_digit(body);
        if last.as_bytes() != [b'0' + expected] {
            return Err(BarcodeError::BadCheckDigit { expected });
        }
        Ok(Self(canonical(&digits)))
    }

    /// A code of the shop's own: two digits from 20 to 29, which no maker may use, ten of `number`, and the check
    /// digit. Nothing if either does not fit. The prefix must not be one of the scale's.
    pub fn internal(prefix: u8, number: u64) -> Option<Self> {
        let fits = (20..=29).contains(&prefix) && number <= 9_999_999_999;
        fits.then(|| {
            let body = format!("{prefix}{number:010}");
            Self(format!("{body}{}", check_digit(&body)))
        })
    }

    /// The digits of the canonical form: 8, 13 or 14.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of code it is.
    pub fn symbology(&self) -> Symbology {
        match self.0.len() {
            8 => Symbology::Ean8,
            14 => Symbology::Itf14,
            _ if self.0.starts_with('0') => Symbology::UpcA,
            _ => Symbology::Ean13,
        }
    }
}

impl fmt::Display for Barcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What the five digits after the PLU say on labels with a given prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleMeaning {
    /// Grams.
    Weight,
    /// Whole pesos, so at most $ 99.999: prefer weight.
    Amount,
}

/// How the shop's scale uses one prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleRule {
    /// The first two digits, from 20 to 29.
    pub prefix: u8,
    /// What the label states.
    pub meaning: ScaleMeaning,
}

/// The usual setting of scales here: 20 weight, 21 amount.
pub const SCALE_RULES: [ScaleRule; 2] =
    [ScaleRule { prefix: 20, meaning: ScaleMeaning::Weight }, ScaleRule { prefix: 21, meaning: ScaleMeaning::Amount }];

/// What a label of the scale states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleLabel {
    /// The product's number in the scale.
    pub plu: u32,
    /// How much of it.
    pub measure: ScaleMeasure,
}

/// How much a label of the scale states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleMeasure {
    /// So many grams.
    Grams(u32),
    /// For so many pesos.
    Pesos(u32),
}

impl ScaleLabel {
    /// Reads an EAN-13 as a label, if one of the rules has its prefix: 2 digits of prefix, 5 of PLU, 5 of measure
    /// and the check digit.
    pub fn parse(code: &Barcode, rules: &[ScaleRule]) -> Option<Self> {
        if code.symbology() != Symbology::Ean13 {
            return None;
        }
        let digits = code.as_str();
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let prefix = part(0, 2)?;
        let rule = rules.iter().find(|rule| u32::from(rule.prefix) == prefix && (20..=29).contains(&prefix))?;
        let amount = part(7, 12)?;
        let measure = match rule.meaning {
            ScaleMeaning::Weight => ScaleMeasure::Grams(amount),
            ScaleMeaning::Amount => ScaleMeasure::Pesos(amount),
        };
        Some(Self { plu: part(2, 7)?, measure })
    }
}

fn is_ignored(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}')
}

/// `7,79074E+12`: digits, a mark, digits and an exponent.
fn is_shortened(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    let Some((number, exponent)) = text.split_once('E') else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    number.split([',', '.']).all(all_digits) && all_digits(exponent)
}

/// GS1: from the right, digits weigh 3, 1, 3, 1…; the check digit fills the sum up to a multiple of ten.
fn check_digit(body: &str) -> u8 {
    let weights = [3, 1].into_iter().cycle();
    let sum: u32 = body.bytes().rev().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    u8::try_from((10 - sum % 10) % 10).expect("a remainder of ten is one digit")
}

/// The same article in its shortest standard length. Five zeros before a GTIN-8 are padding, since GS1 gives no
/// maker a UPC-A that begins so; a GTIN-8 that itself begins with 0 is left alone.
fn canonical(digits: &str) -> String {
    if digits.len() == 8 {
        return digits.to_owned();
    }
    let padded = format!("{digits:0>14}");
    let (padding, short) = padded.split_at(6);
    match padded.strip_prefix('0') {
        None => padded,
        Some(_) if padding == "000000" && !short.starts_with('0') => short.to_owned(),
        Some(ean13) => ean13.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(String, Symbology), &'static str> {
        Barcode::parse(text).map(|code| (code.as_str().to_owned(), code.symbology())).map_err(|error| error.code())
    }

    fn accepted(text: &str, canonical: &str, symbology: Symbology) {
        assert_eq!(parsed(text), Ok((canonical.to_owned(), symbology)), "{text}");
    }

    /// M24: `argentina.md`, Barcodes.
    #[test]
    fn the_valid_codes_of_the_domain_are_read() {
        accepted("7790795368005", "7790795368005", Symbology::Ean13);
        accepted("7791234567898", "7791234567898", Symbology::Ean13);
        accepted("7790895000805", "7790895000805", Symbology::Ean13);
        accepted("77901231", "77901231", Symbology::Ean8);
        accepted("012345678905", "0012345678905", Symbology::UpcA);
        accepted("17790795368002", "17790795368002", Symbology::Itf14);
    }

    /// M24.
    #[test]
    fn the_same_article_has_one_form_however_it_is_written() {
        for text in ["012345678905", "0012345678905", "00012345678905", "12345678905", "0-12345-67890-5"] {
            accepted(text, "0012345678905", Symbology::UpcA);
        }
        accepted("07790795368005", "7790795368005", Symbology::Ean13);
        accepted(" 779 0795\u{a0}36800–5 ", "7790795368005", Symbology::Ean13);
        accepted("0000077901231", "77901231", Symbology::Ean8);
    }

    /// M24.
    #[test]
    fn what_is_no_code_is_refused_by_its_reason() {
        for (text, code) in [
            ("", "barcode_empty"),
            (" - ", "barcode_empty"),
            ("0", "barcode_empty"),
            ("0000000000000", "barcode_empty"),
            ("779079536800A", "barcode_not_digits"),
            ("７７９０１２３１", "barcode_not_digits"),
            ("7790795368005.0", "barcode_not_digits"),
            ("7,79074E+12", "barcode_shortened"),
            ("7.79E12", "barcode_shortened"),
            ("1234567", "barcode_length"),
            ("123456789", "barcode_length"),
            ("779079536800500", "barcode_length"),
            ("7790795368006", "barcode_check_digit"),
            ("77901232", "barcode_check_digit"),
            ("17790795368005", "barcode_check_digit"),
        ] {
            assert_eq!(parsed(text), Err(code), "{text}");
        }
        let error = Barcode::parse("7790795368006").unwrap_err();
        assert_eq!(error, BarcodeError::BadCheckDigit { expected: 5 });
        assert!(error.message().es.contains("tendría que ser 5"));
    }

    /// M24.
    #[test]
    fn every_wrong_digit_is_noticed() {
        for code in ["7790795368005", "77901231", "012345678905", "17790795368002"] {
            for position in 0..code.len() {
                for digit in b'0'..=b'9' {
                    let mut wrong = code.as_bytes().to_vec();
                    wrong[position] = digit;
                    let wrong = String::from_utf8(wrong).unwrap();
                    assert_eq!(Barcode::parse(&wrong).is_ok(), wrong == code, "{wrong}");
                }
            }
        }
    }

    /// Whatever is typed or scanned, a code that is read reads again as itself. The sequence is fixed.
    #[test]
    fn no_text_brings_the_reader_down() {
        let alphabet: Vec<char> = "0123456789012345678901234567890123456789 --–\u{a0}\0Eñ🧉.,+".chars().collect();
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut below = |end: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % end
        };
        let mut read = 0;
        for _ in 0..50_000 {
            let text: String = (0..below(20)).map(|_| alphabet[below(alphabet.len())]).collect();
            if let Ok(code) = Barcode::parse(&text) {
                assert_eq!(Barcode::parse(code.as_str()).as_ref(), Ok(&code), "{text:?}");
                ScaleLabel::parse(&code, &SCALE_RULES);
                read += 1;
            }
        }
        assert!(read > 100, "{read}");
    }

    /// M24: `argentina.md`, Barcodes: layout 2-5-5-1.
    #[test]
    fn labels_of_the_scale_say_product_and_measure() {
        let label = |text: &str| ScaleLabel::parse(&Barcode::parse(text).unwrap(), &SCALE_RULES);
        assert_eq!(label("2000123012506"), Some(ScaleLabel { plu: 123, measure: ScaleMeasure::Grams(1250) }));
        assert_eq!(label("2100042019959"), Some(ScaleLabel { plu: 42, measure: ScaleMeasure::Pesos(1995) }));
        assert_eq!(label("7790795368005"), None);
        assert_eq!(label("77901231"), None);
        let other = ScaleRule { prefix: 77, meaning: ScaleMeaning::Weight };
        assert_eq!(ScaleLabel::parse(&Barcode::parse("7790795368005").unwrap(), &[other]), None);
    }

    #[test]
    fn codes_of_the_shop_read_back_as_themselves() {
        let code = Barcode::internal(29, 42).unwrap();
        assert_eq!(code.as_str(), "2900000000421");
        assert_eq!(Barcode::parse(code.as_str()), Ok(code.clone()));
        assert_eq!(ScaleLabel::parse(&code, &SCALE_RULES), None);
        assert_eq!(Barcode::internal(29, 9_999_999_999).map(|code| code.as_str().len()), Some(13));
        assert_eq!((Barcode::internal(30, 1), Barcode::internal(19, 1)), (None, None));
        assert_eq!(Barcode::internal(29, 10_000_000_000), None);
    }

    /// Every code of the price list of 2020; see the README beside it.
    #[test]
    fn the_codes_of_a_real_price_list_are_told_apart() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/precios-maximos-buenos-aires-2020.csv");
        let Ok(bytes) = std::fs::read(path) else {
            println!("SKIPPED: the folder shared/data is not beside the project");
            return;
        };
        let table = gondola_sheets::read(&bytes, &gondola_sheets::Limits::IMPORT).unwrap();
        let column = table.header.iter().position(|title| title == "id_producto").unwrap();
        let texts: Vec<&str> = table.rows.iter().map(|row| row.cells[column].as_str()).collect();
        let without_zero = texts.iter().filter(|text| text.len() == 11).count();
        let mut codes: Vec<Barcode> = texts.iter().filter_map(|text| Barcode::parse(text).ok()).collect();
        let refused = texts.len() - codes.len();
        assert_eq!((texts.len(), refused + without_zero, without_zero), (2017, 42, 7));
        let upc =
            |text: &&&str| text.len() == 11 && Barcode::parse(text).map(|code| code.symbology()) == Ok(Symbology::UpcA);
        assert_eq!(texts.iter().filter(upc).count(), 7);
        codes.sort();
        let twice: Vec<&Barcode> = codes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
        assert_eq!(twice, [&Barcode::parse("7793940448003").unwrap()]);
    }
}
