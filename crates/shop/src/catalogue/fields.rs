//! Reading single values of a body: each gives the value, or notes what would be accepted. Which
//! values may stand together is decided in `rules.rs`.

use gondola_ledger::{Factor, Money, NumberError, Qty, Unit, UnitCost};
use serde::{Deserialize, Deserializer};

use super::aliases::CONFIDENCE_FULL;
use super::barcode::Barcode;
pub(super) use crate::kernel::body::given;
use crate::kernel::numbers::number_text;
use crate::kernel::text::{Sku, clean_line, clean_text};
use crate::kernel::{Errors, Text};

/// Characters of a description or of notes at most.
pub const PROSE_MAX: usize = 2_000;
/// A rounding step at most: $ 10.000.
const STEP_MAX: Money = Money::new(1_000_000);
/// A season factor, in thousandths.
const SEASON_FACTOR_MIN: i64 = 100;
/// A season factor at most, in thousandths.
const SEASON_FACTOR_MAX: i64 = 10_000;
/// VAT rates that exist, in basis points.
const VAT_RATES: [i64; 6] = [0, 250, 500, 1_050, 2_100, 2_700];

/// A field that may be left out, or be null to empty it.
pub(super) fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

/// Why a value is not taken: a stable code and what would be accepted.
pub(super) type FieldError = (&'static str, Text);

pub(super) type Read<T> = Result<T, FieldError>;

/// Reads a field that may be absent.
pub(super) fn read<T>(
    errors: &mut Errors,
    field: &str,
    text: Option<String>,
    parse: impl Fn(&str) -> Read<T>,
) -> Option<T> {
    errors.take(field, parse(&text?))
}

/// Reads a field that must be there.
pub(super) fn must<T>(
    errors: &mut Errors,
    field: &str,
    text: Option<String>,
    parse: impl Fn(&str) -> Read<T>,
) -> Option<T> {
    let text = errors.required(field, text);
    read(errors, field, text, parse)
}

pub(super) fn read_or_null<T>(
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

pub(super) fn bounded(errors: &mut Errors, field: &str, value: Option<Option<i64>>, max: i64) -> Option<Option<i64>> {
    if let Some(Some(value)) = value
        && !(1..=max).contains(&value)
    {
        errors.add(field, "out_of_range", format!("Va de 1 a {max}."), format!("It goes from 1 to {max}."));
    }
    value
}

pub(super) fn each<B, T>(
    list: Vec<B>,
    errors: &mut Errors,
    parse: impl Fn(B, usize, &mut Errors) -> Option<T>,
) -> Vec<T> {
    list.into_iter().enumerate().filter_map(|(index, body)| parse(body, index, errors)).collect()
}

pub(super) fn parse_unit(text: &str) -> Read<Unit> {
    Unit::from_code(text).ok_or_else(|| {
        let codes = Unit::ALL.map(Unit::code).join(", ");
        ("unknown_unit", Text::new(format!("Se acepta: {codes}."), format!("Accepted: {codes}.")))
    })
}

pub(super) fn parse_barcodes(errors: &mut Errors, field: &str, codes: &[String]) -> Vec<Barcode> {
    let mut parsed = Vec::with_capacity(codes.len());
    for (index, code) in codes.iter().enumerate() {
        parsed.extend(errors.take(&format!("{field}[{index}]"), Barcode::parse(code)));
    }
    parsed
}

/// A quantity; whether it must be whole depends on the unit, which the rules look at.
pub(super) fn parse_quantity(text: &str) -> Read<Qty> {
    match Qty::parse(text, Unit::Kg) {
        Ok(quantity) if quantity.is_negative() => Err(wrong(NumberError::Negative)),
        other => other.map_err(wrong),
    }
}

pub(super) fn parse_positive(text: &str) -> Read<Qty> {
    positive(Qty::parse(text, Unit::Kg), Unit::Kg)
}

pub(super) fn positive(quantity: Result<Qty, NumberError>, unit: Unit) -> Read<Qty> {
    match quantity {
        Ok(quantity) if quantity.is_positive() => Ok(quantity),
        Ok(_) => Err(wrong(NumberError::TooSmall { min: if unit.places() == 0 { "1" } else { "0.001" } })),
        Err(error) => Err((error.code(), number_text(error, Some(unit)))),
    }
}

pub(super) fn parse_price(text: &str) -> Read<Money> {
    Money::parse_price(text).map_err(wrong)
}

pub(super) fn parse_cost(text: &str) -> Read<UnitCost> {
    UnitCost::parse(text).map_err(wrong)
}

pub(super) fn parse_factor(text: &str) -> Read<Factor> {
    Factor::parse(text).map_err(wrong)
}

pub(super) fn parse_vat(text: &str) -> Read<i64> {
    match parse_percent(text) {
        Ok(bp) if VAT_RATES.contains(&bp) => Ok(bp),
        _ => {
            let text =
                Text::new("Las alícuotas son 0, 2.5, 5, 10.5, 21 y 27.", "The rates are 0, 2.5, 5, 10.5, 21 and 27.");
            Err(("unknown_vat_rate", text))
        }
    }
}

/// A percentage of up to two places, in basis points: it has the shape of an amount.
pub(super) fn parse_percent(text: &str) -> Read<i64> {
    match Money::parse(text) {
        Ok(percent) if percent.is_negative() => Err(wrong(NumberError::Negative)),
        Ok(percent) if percent.raw() > 10_000 => Err(wrong(NumberError::TooLarge { max: "100" })),
        Ok(percent) => Ok(percent.raw()),
        Err(error) => Err(wrong(error)),
    }
}

/// A step that prices are rounded to: a price, at most $ 10.000.
pub(super) fn parse_step(text: &str) -> Read<Money> {
    match parse_price(text)? {
        step if step <= STEP_MAX => Ok(step),
        _ => Err(wrong(NumberError::TooLarge { max: "10000" })),
    }
}

/// What a month makes of the minimum stock, in thousandths.
pub(super) fn parse_season(text: &str) -> Read<i64> {
    match parse_quantity(text)?.raw() {
        factor if factor < SEASON_FACTOR_MIN => Err(wrong(NumberError::TooSmall { min: "0.1" })),
        factor if factor > SEASON_FACTOR_MAX => Err(wrong(NumberError::TooLarge { max: "10" })),
        factor => Ok(factor),
    }
}

/// How sure an alias is: 0 to 1, in thousandths.
pub(super) fn parse_confidence(text: &str) -> Read<i64> {
    match parse_quantity(text)?.raw() {
        confidence if confidence > CONFIDENCE_FULL => Err(wrong(NumberError::TooLarge { max: "1" })),
        confidence => Ok(confidence),
    }
}

/// The code of a supplier, which is written as SKUs are.
pub(super) fn parse_supplier(text: &str) -> Read<String> {
    Ok(Sku::parse(text)?.to_string())
}

/// One line of text, from `min` to `max` characters.
pub(super) fn line(text: &str, min: usize, max: usize) -> Read<String> {
    let line = clean_line(text, max)?;
    if line.chars().count() < min {
        let es = format!("Lleva de {min} a {max} caracteres.");
        return Err(("text_too_short", Text::new(es, format!("It has {min} to {max} characters."))));
    }
    Ok(line)
}

/// Several lines of text.
pub(super) fn prose(text: &str) -> Read<String> {
    Ok(clean_text(text, PROSE_MAX)?)
}

pub(super) fn parse_sku(text: &str) -> Read<Sku> {
    Ok(Sku::parse(text)?)
}

pub(super) fn wrong(error: NumberError) -> FieldError {
    (error.code(), number_text(error, None))
}
