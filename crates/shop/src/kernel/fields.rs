//! Reading single values of a body: each gives the value, or notes what would be accepted. What only one feature
//! reads stands in its own files; which values may stand together is each feature's to say.

use gondola_ledger::{Money, NumberError, UnitCost};
use gondola_pricing::rate::Rate;
use serde::{Deserialize, Deserializer};

use super::lang::Text;
use super::numbers::number_text;
use super::text::{clean_line, clean_text};
use super::time::{Day, parse_day};
use super::validate::Errors;

/// VAT rates that exist, in basis points.
const VAT_RATES: [i64; 6] = [0, 250, 500, 1_050, 2_100, 2_700];
/// Days that anybody may name: the years 2000 to 2099.
const DAYS: std::ops::RangeInclusive<Day> = 10_957..=47_481;
/// Characters of a description or of notes at most.
pub const PROSE_MAX: usize = 2_000;
/// A field that may be left out, or be null to empty it.
///
/// # Errors
/// The input's.
pub fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

/// Why a value is not taken: a stable code and what would be accepted.
pub type FieldError = (&'static str, Text);

/// What reading a value gives.
pub type Read<T> = Result<T, FieldError>;

/// Reads a field that may be absent.
pub fn read<T>(errors: &mut Errors, field: &str, text: Option<String>, parse: impl Fn(&str) -> Read<T>) -> Option<T> {
    errors.take(field, parse(&text?))
}

/// Reads a field that must be there.
pub fn must<T>(errors: &mut Errors, field: &str, text: Option<String>, parse: impl Fn(&str) -> Read<T>) -> Option<T> {
    let text = errors.required(field, text);
    read(errors, field, text, parse)
}

/// Reads a field that may be absent, or null to empty it.
pub fn read_or_null<T>(
    errors: &mut Errors,
    field: &str,
    text: Option<Option<String>>,
    parse: impl Fn(&str) -> Read<T>,
) -> Option<Option<T>> {
    match text? {
        None => Some(None),
        Some(text) => errors.take(field, parse(&text)).map(Some),
    }
}

/// A whole number from 1 to `max`, or null.
pub fn bounded(errors: &mut Errors, field: &str, value: Option<Option<i64>>, max: i64) -> Option<Option<i64>> {
    if let Some(Some(value)) = value
        && !(1..=max).contains(&value)
    {
        errors.add(field, "out_of_range", format!("Va de 1 a {max}."), format!("It goes from 1 to {max}."));
    }
    value
}

/// Reads every item of a list; what is wrong with one does not keep the others from being read.
pub fn each<B, T>(list: Vec<B>, errors: &mut Errors, parse: impl Fn(B, usize, &mut Errors) -> Option<T>) -> Vec<T> {
    list.into_iter().enumerate().filter_map(|(index, body)| parse(body, index, errors)).collect()
}

/// A price.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn parse_price(text: &str) -> Read<Money> {
    Money::parse_price(text).map_err(wrong)
}

/// A unit cost.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn parse_cost(text: &str) -> Read<UnitCost> {
    UnitCost::parse(text).map_err(wrong)
}

/// A percentage of up to two places, in basis points: it has the shape of an amount.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn parse_percent(text: &str) -> Read<i64> {
    match Money::parse(text) {
        Ok(percent) if percent.is_negative() => Err(wrong(NumberError::Negative)),
        Ok(percent) if percent.raw() > 10_000 => Err(wrong(NumberError::TooLarge { max: "100" })),
        Ok(percent) => Ok(percent.raw()),
        Err(error) => Err(wrong(error)),
    }
}

/// A rate of VAT in percent, as hundredths of a per cent.
///
/// # Errors
/// The rates that there are.
pub fn parse_vat(text: &str) -> Read<i64> {
    match parse_percent(text) {
        Ok(bp) if VAT_RATES.contains(&bp) => Ok(bp),
        _ => {
            let text =
                Text::new("Las alícuotas son 0, 2.5, 5, 10.5, 21 y 27.", "The rates are 0, 2.5, 5, 10.5, 21 and 27.");
            Err(("unknown_vat_rate", text))
        }
    }
}

/// A percentage between two whole ones, with up to two places.
pub fn parse_rate(text: &str, from: i32, to: i32) -> Read<Rate> {
    let told = || {
        Text::new(
            format!("Va de {from} a {to}, con hasta 2 decimales."),
            format!("It goes from {from} to {to}, with up to 2 places."),
        )
    };
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    let rate = Rate::parse_percent(text).filter(|_| places <= 2);
    let within = rate.filter(|rate| (from * 10_000..=to * 10_000).contains(&rate.raw()));
    within.ok_or_else(|| ("bad_percent", told()))
}

/// A day of the years 2000 to 2099: beyond them somebody mistyped.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn parse_date(text: &str) -> Read<Day> {
    let written = Text::new("La fecha va como 2026-11-23.", "The date is written as 2026-11-23.");
    let day = parse_day(text).ok_or(("bad_date", written))?;
    let beyond = Text::new("Una fecha va del 2000 al 2099.", "A date is of the years 2000 to 2099.");
    if DAYS.contains(&day) { Ok(day) } else { Err(("out_of_range", beyond)) }
}

/// One line of text, from `min` to `max` characters.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn line(text: &str, min: usize, max: usize) -> Read<String> {
    let line = clean_line(text, max)?;
    if line.chars().count() < min {
        let es = format!("Lleva de {min} a {max} caracteres.");
        return Err(("text_too_short", Text::new(es, format!("It has {min} to {max} characters."))));
    }
    Ok(line)
}

/// Several lines of text, [`PROSE_MAX`] characters at most.
///
/// # Errors
/// What is wrong with it and what would be accepted.
pub fn prose(text: &str) -> Read<String> {
    Ok(clean_text(text, PROSE_MAX)?)
}

/// What is wrong with a number, as a field's error.
pub fn wrong(error: NumberError) -> FieldError {
    (error.code(), number_text(error, None))
}
