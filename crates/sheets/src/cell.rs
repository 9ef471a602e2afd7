//! One cell of a workbook as text: numbers without float noise, dates as ISO.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime};

/// Integers below this are exact in the float a spreadsheet keeps.
const EXACT_INTEGERS_END: f64 = 9_007_199_254_740_992.0;
/// Significant digits a spreadsheet keeps, less the one before the point.
const DECIMALS_KEPT: usize = 14;

/// What a cell holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(String),
}

pub(crate) fn value<'a>(data: &'a DataRef<'_>) -> Value<'a> {
    match data {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(number.to_string()),
        DataRef::Float(number) => number_text(*number).map_or(Value::Text("#NUM!".into()), Value::Number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Value::Text(text.as_str().into())
        }
        DataRef::SharedString(text) => Value::Text((*text).into()),
        // The words the CSV of the same spreadsheet would hold.
        DataRef::Bool(true) => Value::Text("VERDADERO".into()),
        DataRef::Bool(false) => Value::Text("FALSO".into()),
        DataRef::DateTime(moment) => Value::Text(moment_text(moment).into()),
        DataRef::Error(error) => Value::Text(error.to_string().into()),
    }
}

/// A number in plain decimals with the 15 significant digits a spreadsheet keeps: 0.1 + 0.2 is `0.3`, a barcode is
/// `7790742034007`, and no exponent ever appears. Nothing for infinities and the like.
fn number_text(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    if number == 0.0 {
        return Some("0".to_owned());
    }
    if number.fract() == 0.0 && number.abs() < EXACT_INTEGERS_END {
        return Some(format!("{number:.0}"));
    }
    let scientific = format!("{:.DECIMALS_KEPT$e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e')?;
    let digits = mantissa.replace('.', "");
    let plain = place_point(digits.trim_end_matches('0'), exponent.parse().ok()?);
    let minus = if number.is_sign_negative() { "-" } else { "" };
    Some(format!("{minus}{plain}"))
}

/// `12345` with exponent 2 is `123.45`.
fn place_point(digits: &str, exponent: i32) -> String {
    let whole_digits = exponent + 1;
    let Ok(whole_length) = usize::try_from(whole_digits) else {
        return format!("0.{}{digits}", "0".repeat(whole_digits.unsigned_abs() as usize));
    };
    match digits.split_at_checked(whole_length) {
        Some(("", decimals)) => format!("0.{decimals}"),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, decimals)) => format!("{whole}.{decimals}"),
        None => format!("{digits}{}", "0".repeat(whole_length - digits.len())),
    }
}

/// A date, a time, or both; a duration as hours, minutes and seconds.
fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let days = moment.as_f64();
    if moment.is_duration() && days >= 1.0 {
        let hours = u64::from(hour) + (days.floor() as u64).saturating_mul(24);
        return format!("{hours:02}:{minute:02}:{second:02}");
    }
    if days < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{time}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers_come_out_as_people_typed_them() {
        for (number, text) in [
            (1234.5, "1234.5"),
            (7_790_742_034_007.0, "7790742034007"),
            (17_790_795_368_002.0, "17790795368002"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 1.1, "1.21"),
            (-0.05, "-0.05"),
            (-1850.0, "-1850"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "0.00000015"),
            (123_456.789, "123456.789"),
            (99_999.999_999_999_99, "100000"),
        ] {
            assert_eq!(number_text(number).as_deref(), Some(text));
        }
        assert_eq!(number_text(f64::NAN), None);
        assert_eq!(number_text(f64::NEG_INFINITY), None);
    }

    #[test]
    fn dates_come_out_as_iso() {
        let text = |days, kind| moment_text(&ExcelDateTime::new(days, kind, false));
        assert_eq!(text(46_349.0, DateTime), "2026-11-23");
        assert_eq!(text(46_349.5, DateTime), "2026-11-23T12:00:00");
        assert_eq!(text(0.25, DateTime), "06:00:00");
        assert_eq!(text(1.25, TimeDelta), "30:00:00");
        assert_eq!(text(f64::MAX, DateTime), "9999-12-31");
    }
}
