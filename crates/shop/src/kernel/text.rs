//! Text as it enters, is searched and is compared: one normal form, one folding, one rule for codes of the house.
//!
//! Not here: messages for people, which are `lang::Text`, and barcodes.

use std::collections::BTreeSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::lang::Text;

/// The longest SKU.
pub const SKU_CHARS_MAX: usize = 40;
/// What the code of a product without a category begins with.
pub const SKU_WITHOUT_CATEGORY: &str = "GEN";

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// A NUL or another character that cannot be seen and is no text (INP-2).
    ControlCharacter,
    /// More characters than its field takes.
    TooLong {
        /// What it takes.
        max: usize,
    },
}

impl TextError {
    /// The stable name of this refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ControlCharacter => "text_control_character",
            Self::TooLong { .. } => "text_too_long",
        }
    }

    /// What is wrong and what would be accepted.
    pub fn message(&self) -> Text {
        match self {
            Self::ControlCharacter => Text::new(
                "Hay un carácter invisible que no es texto. Borrá todo y escribilo de nuevo.",
                "There is an invisible character that is not text. Clear it all and type it again.",
            ),
            Self::TooLong { max } => {
                Text::new(format!("Admite hasta {max} caracteres."), format!("It takes at most {max} characters."))
            }
        }
    }
}

impl From<TextError> for (&'static str, Text) {
    fn from(error: TextError) -> Self {
        (error.code(), error.message())
    }
}

/// The text in Unicode's composed form, in which equal letters are equal bytes.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A line of text as it is stored: composed, trimmed, without control characters, of at most `max` characters.
/// It may come out empty; whether it may be is the field's to say.
///
/// # Errors
/// The first rule that it breaks.
pub fn clean_line(text: &str, max: usize) -> Result<String, TextError> {
    clean(nfc(text.trim()), max, |_| false)
}

/// Text of several lines as it is stored: as [`clean_line`], with line breaks as `\n` and tabs kept.
///
/// # Errors
/// The first rule that it breaks.
pub fn clean_text(text: &str, max: usize) -> Result<String, TextError> {
    let text = nfc(text.trim()).replace("\r\n", "\n").replace('\r', "\n");
    clean(text, max, |character| matches!(character, '\n' | '\t'))
}

fn clean(text: String, max: usize, is_kept: fn(char) -> bool) -> Result<String, TextError> {
    if text.chars().any(|character| is_refused(character) && !is_kept(character)) {
        return Err(TextError::ControlCharacter);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(text)
}

/// Text that is looked for and not kept: as it was given, unless it is too long or has something unseen in it.
///
/// # Errors
/// The first rule that it breaks.
pub fn plain_letters(text: &str, max: usize) -> Result<(), TextError> {
    clean(text.to_owned(), max, |_| false).map(drop)
}

/// Control characters, and those that break lines or turn the direction of writing unseen: a name with one of them
/// reads differently on screen, label and ticket.
fn is_refused(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text as search compares it: no accents (`ñ` is `n`), no case, no punctuation, single spaces.
pub fn fold(text: &str) -> String {
    let letters = text.nfkd().flat_map(char::to_lowercase).nfkd().filter(|&letter| !is_combining_mark(letter));
    let spaced: String = letters.map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    spaced.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text as part of a file's name or an address: its folded words in ASCII, joined by dashes.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Every run of three characters of the folded text, once each. Whatever contains a text has all of its runs.
pub fn trigrams(text: &str) -> BTreeSet<String> {
    let folded: Vec<char> = fold(text).chars().collect();
    folded.windows(3).map(|run| run.iter().collect()).collect()
}

/// How alike two texts are once folded, by Jaro-Winkler, in thousandths: 1000 is the same, 880 (0.88) is where a
/// possible duplicate is worth a warning.
pub fn similarity_per_mille(one: &str, other: &str) -> u16 {
    let similarity = strsim::jaro_winkler(&fold(one), &fold(other));
    #[expect(clippy::float_arithmetic, reason = "the library measures in floats; no money or quantity is near")]
    let millionths = (similarity * 1_000_000.0).round();
    // Cut, not rounded, to thousandths: 0.8799 does not pass for 0.88.
    u16::try_from(millionths as u32 / 1000).unwrap_or(0)
}

/// A product's code of the house: 1 to 40 of `A-Z`, `0-9`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sku(String);

/// Why a text is not a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkuError {
    /// Nothing there.
    Empty,
    /// More than [`SKU_CHARS_MAX`] characters.
    TooLong,
    /// A character that a SKU cannot have.
    BadCharacter {
        /// The first one.
        found: char,
    },
}

impl Sku {
    /// Reads a SKU: trimmed and upper-cased.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, SkuError> {
        let sku = text.trim().to_ascii_uppercase();
        let is_accepted = |letter: char| matches!(letter, 'A'..='Z' | '0'..='9' | '_' | '-');
        match sku.chars().find(|&letter| !is_accepted(letter)) {
            Some(found) => Err(SkuError::BadCharacter { found }),
            None if sku.is_empty() => Err(SkuError::Empty),
            None if sku.len() > SKU_CHARS_MAX => Err(SkuError::TooLong),
            None => Ok(Self(sku)),
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl SkuError {
    /// The stable name of this refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sku_empty",
            Self::TooLong => "sku_too_long",
            Self::BadCharacter { .. } => "sku_bad_character",
        }
    }

    /// What is wrong and what would be accepted.
    pub fn message(&self) -> Text {
        match self {
            Self::Empty => Text::new(
                "Falta el código del producto, por ejemplo LAC-LS-SACH.",
                "The product's code is missing, for example LAC-LS-SACH.",
            ),
            Self::TooLong => Text::new(
                format!("El código admite hasta {SKU_CHARS_MAX} caracteres."),
                format!("The code takes at most {SKU_CHARS_MAX} characters."),
            ),
            Self::BadCharacter { found } if found.is_control() => Text::new(
                "El código tiene un carácter invisible. Borralo y escribilo de nuevo.",
                "The code has an invisible character. Clear it and type it again.",
            ),
            Self::BadCharacter { found } => Text::new(
                format!("El código no puede llevar «{found}»: solo letras sin acento, números, guión y guión bajo."),
                format!("The code cannot have \"{found}\": only plain letters, digits, dash and underscore."),
            ),
        }
    }
}

impl From<SkuError> for (&'static str, Text) {
    fn from(error: SkuError) -> Self {
        (error.code(), error.message())
    }
}

/// The code a product gets when nobody gives it one: its category's code without accents, and six digits.
pub fn generated_sku(category_code: Option<&str>, number: u32) -> Sku {
    let category: String = slug(category_code.unwrap_or_default()).chars().filter(|&letter| letter != '-').collect();
    let category = if category.is_empty() { SKU_WITHOUT_CATEGORY } else { &category };
    let digits = format!("{number:06}");
    let kept = category.len().min(SKU_CHARS_MAX - digits.len());
    Sku(format!("{}{digits}", category[..kept].to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_ignores_accents_case_and_punctuation() {
        assert_eq!(fold("  Ñandú, «PEÑA»  Café-Crème 2,25 L "), "nandu pena cafe creme 2 25 l");
        assert_eq!(fold("n\u{303}"), fold("Ñ"));
        assert_eq!(fold("½ kg ﬁno ①"), "1 2 kg fino 1");
        assert_eq!(fold("İstanbul STRAẞE"), fold(&fold("İstanbul STRAẞE")));
        assert_eq!(fold("¡¿?!"), "");
    }

    /// INP-2: text is composed, control characters are refused.
    #[test]
    fn a_line_is_stored_composed_trimmed_and_without_what_cannot_be_seen() {
        assert_eq!(clean_line("  n\u{303}oquis  ", 6).as_deref(), Ok("ñoquis"));
        assert_eq!(clean_line("mate 🧉👨‍👩‍👧", 20).as_deref(), Ok("mate 🧉👨‍👩‍👧"));
        assert_eq!(clean_line("   ", 5).as_deref(), Ok(""));
        for text in ["a\0b", "a\nb", "a\tb", "a\u{85}b", "a\u{7F}", "a\u{202E}b", "a\u{2028}b", "a\u{FEFF}b"] {
            assert_eq!(clean_line(text, 20), Err(TextError::ControlCharacter), "{text:?}");
        }
        assert_eq!(clean_line("ñandú", 4), Err(TextError::TooLong { max: 4 }));
        assert_eq!(clean_line("ñandú", 5).as_deref(), Ok("ñandú"));
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(clean_text(" uno\r\ndos\rtres\tcuatro\n", 50).as_deref(), Ok("uno\ndos\ntres\tcuatro"));
        assert_eq!(clean_text("a\0", 50), Err(TextError::ControlCharacter));
    }

    #[test]
    fn a_sku_is_trimmed_and_upper_cased_and_nothing_else() {
        assert_eq!(Sku::parse(" lac-ls_sach1 ").map(|sku| sku.to_string()), Ok("LAC-LS_SACH1".to_owned()));
        assert_eq!(Sku::parse("  "), Err(SkuError::Empty));
        assert_eq!(Sku::parse("ÑOQUI"), Err(SkuError::BadCharacter { found: 'Ñ' }));
        assert_eq!(Sku::parse("A B"), Err(SkuError::BadCharacter { found: ' ' }));
        assert!(Sku::parse(&"A".repeat(40)).is_ok());
        assert_eq!(Sku::parse(&"A".repeat(41)), Err(SkuError::TooLong));
    }

    #[test]
    fn a_generated_code_is_the_category_and_six_digits() {
        let generated = |category, number| generated_sku(category, number).to_string();
        assert_eq!(generated(Some("LAC"), 7), "LAC000007");
        assert_eq!(generated(Some("lác-teos"), 123_456), "LACTEOS123456");
        assert_eq!(generated(None, 1), "GEN000001");
        assert_eq!(generated(Some(" ¿? "), 1), "GEN000001");
        let longest = generated(Some(&"Ñ".repeat(60)), u32::MAX);
        assert_eq!(Sku::parse(&longest).map(|sku| sku.to_string()), Ok(longest));
    }

    #[test]
    fn a_part_of_a_text_has_only_runs_of_the_whole() {
        let whole = trigrams("Coca-Cola 2,25 L");
        assert!(trigrams("cola 2").is_subset(&whole) && trigrams("OCA").is_subset(&whole));
        assert!(!trigrams("pepsi").is_subset(&whole));
        assert!(trigrams("ñu").is_empty());
        assert_eq!(trigrams("aaaa").len(), 1);
    }

    /// `catalogue-and-stock.md`: a warning at 0.88 or more.
    #[test]
    fn names_of_the_same_thing_are_alike_and_others_are_not() {
        assert_eq!(similarity_per_mille("Leche La Serenísima 1 L", "LECHE LA SERENISIMA 1L"), 991);
        assert_eq!(similarity_per_mille("MARTHA", "MARHTA"), 961);
        assert_eq!(similarity_per_mille("Mate", "mate"), 1000);
        assert_eq!(similarity_per_mille("", "mate"), 0);
        assert!(similarity_per_mille("Coca-Cola 2,25 L", "Lavandina Ayudín 2 L") < 880);
    }
}
