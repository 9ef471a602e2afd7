//! Decimals as people in Argentina write them, to one plain form (`1234.56`) that the caller parses strictly.
//!
//! Works on text from end to end: no float ever holds a price. Where a text can be read in two ways that differ a
//! thousandfold (`1.850`: 1850 or 1.85) the style of its column decides, and without one it is refused.
//! Not here: limits and places of money and quantities, which belong to the ledger's types.

use thiserror::Error;

/// The most digits one number may have; anything longer is a code or an accident.
pub const DIGITS_MAX: usize = 30;

/// Which character is the decimal mark in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalStyle {
    /// `1.234,56`, as Argentina writes.
    Comma,
    /// `1,234.56`, as programs and English spreadsheets write.
    Point,
    /// No value tells.
    Unknown,
    /// Some values say comma and some say point; the ambiguous ones are refused.
    Mixed,
}

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing there.
    #[error("empty")]
    Empty,
    /// Not a number in any style we accept.
    #[error("not a number")]
    NotANumber,
    /// More than [`DIGITS_MAX`] digits.
    #[error("more than {DIGITS_MAX} digits")]
    TooLong,
    /// The mark may separate thousands or decimals, and nothing tells which.
    #[error("ambiguous: {thousands} or {decimals}")]
    Ambiguous {
        /// The value if the mark separates thousands.
        thousands: String,
        /// The value if it separates decimals.
        decimals: String,
    },
}

impl NumberError {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "number_empty",
            Self::NotANumber => "number_not_a_number",
            Self::TooLong => "number_too_long",
            Self::Ambiguous { .. } => "number_ambiguous",
        }
    }

    /// What is wrong and what would be accepted, in Spanish.
    pub fn message_es(&self) -> String {
        match self {
            Self::Empty => "Falta el número.".into(),
            Self::NotANumber => "No es un número. Escribilo así: 1234,56".into(),
            Self::TooLong => {
                format!("El número tiene más de {DIGITS_MAX} cifras. Revisá que no sea un código.")
            }
            Self::Ambiguous { thousands, decimals } => format!(
                "Puede ser {thousands} o {}. Escribilo sin puntos de miles, o elegí cómo se escriben los decimales del archivo.",
                decimals.replace('.', ",")
            ),
        }
    }

    /// What is wrong and what would be accepted, in English.
    pub fn message_en(&self) -> String {
        match self {
            Self::Empty => "The number is missing.".into(),
            Self::NotANumber => "Not a number. Write it like this: 1234.56".into(),
            Self::TooLong => format!("The number has more than {DIGITS_MAX} digits. Check that it is not a code."),
            Self::Ambiguous { thousands, decimals } => format!(
                "It may be {thousands} or {decimals}. Write it without thousands marks, or choose how the file writes decimals."
            ),
        }
    }
}

impl DecimalStyle {
    /// How a column writes decimals, from the values that can be read in one way only.
    pub fn guess<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        values.into_iter().filter_map(evidence).fold(Self::Unknown, |so_far, found| match so_far {
            Self::Unknown => found,
            style if style == found => style,
            _ => Self::Mixed,
        })
    }
}

/// Turns `1.234,56`, `$ 1.850,00`, `1,234.56`, `-3,5`, `(12,00)` or `1850` into a plain decimal: an optional `-`,
/// digits, and a point with digits if there were decimals, all of which are kept.
///
/// A mark that appears once, followed by exactly three digits and preceded by one to three that do not begin with
/// 0, is ambiguous: in style `Comma` a point separates thousands, in style `Point` a comma does; without a style it
/// is refused. Everything else can be read in one way only and is, whatever the style.
pub fn canonical(text: &str, style: DecimalStyle) -> Result<String, NumberError> {
    let (sign, body) = bare(text)?;
    let (whole, decimals) = match reading(body)? {
        Reading::Only { mark } => split(body, mark)?,
        Reading::Either { mark } => match (mark, style) {
            ('.', DecimalStyle::Point) | (',', DecimalStyle::Comma) => split(body, Some(mark))?,
            ('.', DecimalStyle::Comma) | (',', DecimalStyle::Point) => split(body, None)?,
            _ => {
                return Err(NumberError::Ambiguous {
                    thousands: plain(sign, split(body, None)?)?,
                    decimals: plain(sign, split(body, Some(mark))?)?,
                });
            }
        },
    };
    plain(sign, (whole, decimals))
}

#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

/// How the marks of a number may be read.
enum Reading {
    /// In one way: this is the decimal mark, if there is one.
    Only { mark: Option<char> },
    /// The single mark separates thousands or decimals.
    Either { mark: char },
}

/// Takes off sign, currency and accounting brackets.
fn bare(text: &str) -> Result<(Sign, &str), NumberError> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(NumberError::Empty);
    }
    let mut sign = None;
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        sign = Some(Sign::Minus);
        rest = inner.trim();
    }
    let mut currency = false;
    loop {
        if let (None, Some(after)) = (sign, rest.strip_prefix(['-', '\u{2212}'])) {
            sign = Some(Sign::Minus);
            rest = after.trim_start();
        } else if let (None, Some(after)) = (sign, rest.strip_prefix('+')) {
            sign = Some(Sign::Plus);
            rest = after.trim_start();
        } else if let (false, Some(after)) = (currency, without_currency(rest, str::strip_prefix)) {
            currency = true;
            rest = after.trim_start();
        } else {
            break;
        }
    }
    if let (false, Some(before)) = (currency, without_currency(rest, str::strip_suffix)) {
        rest = before.trim_end();
    }
    let readable = rest.starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == '.')
        && rest.chars().all(|c| c.is_ascii_digit() || is_mark(c));
    if !readable {
        return Err(NumberError::NotANumber);
    }
    Ok((sign.unwrap_or(Sign::Plus), rest))
}

fn without_currency<'a>(text: &'a str, strip: fn(&'a str, &'static str) -> Option<&'a str>) -> Option<&'a str> {
    ["AR$", "$", "ARS"].into_iter().find_map(|currency| strip(text, currency))
}

fn is_mark(character: char) -> bool {
    matches!(character, '.' | ',') || character.is_whitespace()
}

fn reading(body: &str) -> Result<Reading, NumberError> {
    let mut marks = body.char_indices().filter(|&(_, c)| is_mark(c));
    let Some(first) = marks.next() else {
        return Ok(Reading::Only { mark: None });
    };
    let last = marks.next_back().unwrap_or(first);
    if last.1.is_whitespace() {
        return Ok(Reading::Only { mark: None });
    }
    if first.0 != last.0 {
        let once = body.matches(last.1).count() == 1;
        return Ok(Reading::Only { mark: once.then_some(last.1) });
    }
    let (before, after) = (&body[..last.0], &body[last.0 + 1..]);
    let looks_grouped = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
    Ok(if looks_grouped { Reading::Either { mark: last.1 } } else { Reading::Only { mark: Some(last.1) } })
}

/// Digits before and after the decimal mark, thousands marks checked and removed.
fn split(body: &str, decimal_mark: Option<char>) -> Result<(String, &str), NumberError> {
    let (whole, decimals) = match decimal_mark {
        Some(mark) => body.rsplit_once(mark).ok_or(NumberError::NotANumber)?,
        None => (body, ""),
    };
    let decimals_are_digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !decimals_are_digits || (decimal_mark.is_some() && decimals.is_empty()) {
        return Err(NumberError::NotANumber);
    }
    Ok((ungrouped(whole)?, decimals))
}

fn ungrouped(whole: &str) -> Result<String, NumberError> {
    let Some(mark) = whole.chars().find(|&c| is_mark(c)) else {
        return Ok(whole.to_owned());
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let mut digits = String::with_capacity(whole.len());
    digits.push_str(first);
    for group in groups {
        if group.len() != 3 {
            return Err(NumberError::NotANumber);
        }
        digits.push_str(group);
    }
    let sound = (1..=3).contains(&first.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then_some(digits).ok_or(NumberError::NotANumber)
}

fn plain(sign: Sign, (whole, decimals): (String, &str)) -> Result<String, NumberError> {
    if whole.is_empty() && decimals.is_empty() {
        return Err(NumberError::NotANumber);
    }
    let significant = whole.trim_start_matches('0');
    if significant.len() + decimals.len() > DIGITS_MAX {
        return Err(NumberError::TooLong);
    }
    let is_zero = significant.is_empty() && decimals.bytes().all(|byte| byte == b'0');
    let minus = if matches!(sign, Sign::Minus) && !is_zero { "-" } else { "" };
    let whole = if significant.is_empty() { "0" } else { significant };
    let point = if decimals.is_empty() { "" } else { "." };
    Ok(format!("{minus}{whole}{point}{decimals}"))
}

/// What one value tells about its column, if it can be read in one way only.
fn evidence(text: &str) -> Option<DecimalStyle> {
    let (_, body) = bare(text).ok()?;
    canonical(text, DecimalStyle::Unknown).ok()?;
    match reading(body).ok()? {
        Reading::Either { .. } => None,
        Reading::Only { mark: Some(',') } => Some(DecimalStyle::Comma),
        Reading::Only { mark: Some(_) } => Some(DecimalStyle::Point),
        Reading::Only { mark: None } if body.contains('.') => Some(DecimalStyle::Comma),
        Reading::Only { mark: None } if body.contains(',') => Some(DecimalStyle::Point),
        Reading::Only { mark: None } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalStyle::{Comma, Mixed, Point, Unknown};

    fn read(text: &str, style: DecimalStyle) -> Result<String, &'static str> {
        canonical(text, style).map_err(|error| error.code())
    }

    #[test]
    fn numbers_that_can_be_read_in_one_way_are_read_whatever_the_style() {
        for (text, plain) in [
            ("1.234,56", "1234.56"),
            ("1234,5", "1234.5"),
            ("1,234.56", "1234.56"),
            ("$ 1.850,00", "1850.00"),
            ("$1850", "1850"),
            ("1850", "1850"),
            ("-3,5", "-3.5"),
            ("-$ 123,00", "-123.00"),
            ("$ -123,00", "-123.00"),
            ("(123,00)", "-123.00"),
            ("\u{2212}7", "-7"),
            ("ARS 12,5", "12.5"),
            ("12,5 $", "12.5"),
            ("1.234.567", "1234567"),
            ("1.234.567,89", "1234567.89"),
            ("1\u{a0}234,50", "1234.50"),
            ("0,500", "0.500"),
            ("0.500", "0.500"),
            (",5", "0.5"),
            ("1850.500", "1850.500"),
            ("007", "7"),
            ("-0,00", "0.00"),
            (" 12,3 ", "12.3"),
        ] {
            for style in [Comma, Point, Unknown, Mixed] {
                assert_eq!(read(text, style).as_deref(), Ok(plain), "{text} {style:?}");
            }
        }
    }

    #[test]
    fn three_digits_after_a_single_mark_are_read_by_the_style_and_refused_without_one() {
        assert_eq!(read("1.850", Comma).as_deref(), Ok("1850"));
        assert_eq!(read("1.850", Point).as_deref(), Ok("1.850"));
        assert_eq!(read("1,850", Comma).as_deref(), Ok("1.850"));
        assert_eq!(read("1,850", Point).as_deref(), Ok("1850"));
        for style in [Unknown, Mixed] {
            let refused = canonical("-1.850", style).unwrap_err();
            assert_eq!(refused, NumberError::Ambiguous { thousands: "-1850".into(), decimals: "-1.850".into() });
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "abc",
            "1.2.3",
            "1,23,4",
            "1.234,567,8",
            "12-",
            "--5",
            "$$5",
            "1e5",
            "7,79E+12",
            "5,",
            "5.",
            ".",
            ",",
            "12 34",
            "1.23,456",
            "US$ 5",
            "21 %",
            "(-5)",
            "1 . 5",
            "１２",
            "$",
            "-",
            "=1+1",
        ] {
            for style in [Comma, Point, Unknown] {
                assert_eq!(read(text, style), Err("number_not_a_number"), "{text} {style:?}");
            }
        }
        assert_eq!(read("  ", Comma), Err("number_empty"));
        assert_eq!(read(&"9".repeat(40), Comma), Err("number_too_long"));
        assert_eq!(read(&format!("0,{}", "1".repeat(40)), Comma), Err("number_too_long"));
    }

    #[test]
    fn a_column_is_guessed_from_the_values_that_tell() {
        assert_eq!(DecimalStyle::guess(["1.850", "2.300,50", "950"]), Comma);
        assert_eq!(DecimalStyle::guess(["1.850", "12.5"]), Point);
        assert_eq!(DecimalStyle::guess(["1.850", "1.234.567"]), Comma);
        assert_eq!(DecimalStyle::guess(["1.850", "0.250"]), Point);
        assert_eq!(DecimalStyle::guess(["1.850", "2.300", "950", "", "n/a"]), Unknown);
        assert_eq!(DecimalStyle::guess(["12,5", "12.5"]), Mixed);
    }
}
