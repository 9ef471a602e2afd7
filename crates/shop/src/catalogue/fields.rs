//! Reading the single values that only products, categories and places have. Which
//! values may stand together is decided in `rules.rs`.

use gondola_ledger::{Factor, Money, NumberError, Qty, Unit};

use super::aliases::CONFIDENCE_FULL;
use super::barcode::Barcode;
pub(super) use crate::kernel::body::given;
pub(super) use crate::kernel::fields::{
    Read, bounded, each, line, must, named, parse_cost, parse_percent, parse_price, parse_vat, prose, read,
    read_or_null, wrong,
};
use crate::kernel::numbers::number_text;
use crate::kernel::text::Sku;
use crate::kernel::{Errors, Text};

/// A rounding step at most: $ 10.000.
const STEP_MAX: Money = Money::new(1_000_000);
/// A season factor, in thousandths.
const SEASON_FACTOR_MIN: i64 = 100;
/// A season factor at most, in thousandths.
const SEASON_FACTOR_MAX: i64 = 10_000;

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

pub(super) fn parse_factor(text: &str) -> Read<Factor> {
    Factor::parse(text).map_err(wrong)
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

pub(super) fn parse_sku(text: &str) -> Read<Sku> {
    Ok(Sku::parse(text)?)
}
