//! Decimals, barcodes and amounts as people type them.

use gondola_ledger::{Factor, Money, Qty, Unit, UnitCost};
use gondola_shop::catalogue::{Barcode, SCALE_RULES, ScaleLabel, ScaleMeasure};
use gondola_shop::kernel::numbers::{field_amount, show_money, typed, typed_money};

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TEXTS: u64 = 200_000;

const NUMBERS: [&str; 9] =
    ["2.500", "0.001", "999999", "-1.5", "9999999.9999", "1850.00", "0", "000.10", "123456789012345678901234567890.1"];
const DIGITS: [&str; 20] = [
    "0",
    "9",
    ".",
    "-",
    "+",
    ",",
    "e",
    "E5",
    " ",
    "\u{0}",
    "\n",
    "٣",
    "½",
    "/",
    "00000000000000",
    "99999999999999",
    "..",
    "\u{FEFF}",
    "_",
    "NaN",
];

/// What a decimal text is worth in units of its last kept place, if it is one of at most that many places.
pub fn worth(text: &str, places: usize) -> Option<i128> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let plain = |part: &str| !part.is_empty() && part.chars().all(|letter| "0123456789".contains(letter));
    if !plain(whole) || !fraction.is_none_or(plain) || fraction.is_some_and(|part| part.len() > places) {
        return None;
    }
    let padded = format!("{whole}{:0<places$}", fraction.unwrap_or_default());
    let value: i128 = padded.trim_start_matches('0').parse().or(padded.contains('0').then_some(0).ok_or(())).ok()?;
    Some(if minus { -value } else { value })
}

/// The worth that a text must be read as: none if it is to be refused.
fn judged(text: &str, places: usize, max: i128) -> Option<i128> {
    worth(text, places).filter(|value| value.abs() <= max && text.len() <= 32)
}

#[test]
fn a_damaged_decimal_is_exact_or_refused() {
    Fuzz::new("decimals", TEXTS, NUMBERS, &DIGITS).each_text(|text| {
        let value = judged(text, 3, 999_999_000);
        let read = Qty::parse(text, Unit::Kg).ok().map(|quantity| i128::from(quantity.raw()));
        assert_eq!(read, value, "{text:?} as kilos");
        let whole = value.filter(|value| value % 1000 == 0);
        let read = Qty::parse(text, Unit::Un).ok().map(|quantity| i128::from(quantity.raw()));
        assert!(read == whole || (read.is_none() && text.contains('.')), "{text:?} as units: {read:?}");
        let value = judged(text, 2, 999_999_999_999_999);
        assert_eq!(Money::parse(text).ok().map(|money| i128::from(money.raw())), value, "{text:?} as money");
        let price = value.filter(|value| (1..=999_999_999).contains(value));
        assert_eq!(Money::parse_price(text).ok().map(|price| i128::from(price.raw())), price, "{text:?} as a price");
        let value = judged(text, 4, 99_999_999_999);
        let cost = UnitCost::parse(text).ok().map(|cost| i128::from(cost.raw()));
        assert_eq!(cost, value.filter(|value| *value >= 0), "{text:?} as a cost");
        if let Ok(factor) = Factor::parse(text) {
            assert_eq!(Factor::parse(&factor.to_string()), Ok(factor), "{text:?} as a factor");
        }
        value.is_some()
    });
}

/// The digits of a code as the shop keeps it, by the rule of GS1: from the right, weights 1 and 3.
fn article(text: &str) -> Option<String> {
    let ignored = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}');
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !ignored(letter))
        .map(|letter| "0123456789".find(letter).map(|at| at as u32))
        .collect::<Option<_>>()?;
    let weights = [1, 3].into_iter().cycle();
    let sum: usize = digits.iter().rev().zip(weights).map(|(digit, weight)| *digit as usize * weight).sum();
    let fits = matches!(digits.len(), 8 | 11..=14) && digits.iter().any(|digit| *digit > 0);
    let padded = digits.iter().map(u32::to_string).collect::<String>();
    (fits && sum.is_multiple_of(10)).then(|| padded.trim_start_matches('0').to_owned())
}

const CODES: [&str; 10] = [
    "7790742034007",
    "779 0742-034007",
    "40170725",
    "012345678905",
    "12345678905",
    "17790742034004",
    "2000123012506",
    "2100042015008",
    "2999999999994",
    "7,79074E+12",
];

#[test]
fn a_damaged_barcode_is_the_same_article_or_refused() {
    Fuzz::new("barcodes", TEXTS, CODES, &DIGITS).each_text(|text| {
        let read = Barcode::parse(text).ok();
        let kept = read.as_ref().map(|code| code.as_str().trim_start_matches('0').to_owned());
        assert_eq!(kept, article(text), "{text:?}");
        let Some(code) = read else { return false };
        assert_eq!(Barcode::parse(code.as_str()).as_ref(), Ok(&code), "{text:?}: what is kept is read as itself");
        let label = ScaleLabel::parse(&code, &SCALE_RULES).map(|label| {
            let (prefix, measure) = match label.measure {
                ScaleMeasure::Grams(grams) => (20, grams),
                ScaleMeasure::Pesos(pesos) => (21, pesos),
            };
            format!("{prefix}{:05}{measure:05}", label.plu)
        });
        let of_a_scale =
            code.as_str().len() == 13 && (code.as_str().starts_with("20") || code.as_str().starts_with("21"));
        assert_eq!(
            label.as_deref(),
            of_a_scale.then(|| &code.as_str()[..12]),
            "{code}: a label says what its digits say"
        );
        true
    });
}

const TYPED: [&str; 13] = [
    "2,5",
    "2.5",
    "1.234,50",
    "12",
    " 8.000 ",
    "$ 1.234.567",
    "$ 1.850,50",
    "8,125",
    "0.500",
    "0,001",
    "999999",
    "1.234.567,89",
    "100.000.000",
];
const MARKS: [&str; 14] =
    [".", ",", "$", " ", "$ ", ".000", ",00", "..", ",,", "0", "'", "\u{A0}", "000.000.000.000", "9"];

/// The plain decimal that somebody here means by a text without a sign, by the shop's rules: a comma stands before
/// decimals; points stand between thousands when three digits follow each, and alone only in money, where no thousands
/// begin with a zero. None where nobody could say.
fn meant(text: &str, money: bool) -> Option<String> {
    let points = text.matches('.').count();
    let (whole, decimals) = match text.matches(',').count() {
        0 => (text, None),
        1 => text.split_once(',').map(|(whole, decimals)| (whole, Some(decimals)))?,
        _ => return None,
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = points > 0 && (1..4).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let thousands = grouped && (decimals.is_some() || (money && !text.starts_with('0')));
    let plain = if thousands { groups.concat() } else { whole.to_owned() };
    (decimals.is_none() || !plain.contains('.'))
        .then(|| decimals.map_or(plain.clone(), |decimals| format!("{plain}.{decimals}")))
}

/// What people type is read as they mean it, or refused: never another number.
#[test]
fn a_damaged_typed_amount_is_what_was_meant_or_refused() {
    Fuzz::new("typed amounts", TEXTS / 4, TYPED, &MARKS).each_text(|text| {
        let bare = text.trim();
        // Nobody types a negative amount: fields refuse it, whatever is behind the sign.
        if bare.trim_start_matches('$').trim_start().starts_with('-') {
            assert!(Money::parse_price(&typed_money(text)).is_err(), "{text:?}");
            assert!(UnitCost::parse(&typed_money(text)).map_or(true, |cost| cost.raw() == 0), "{text:?}");
            return false;
        }
        let expected = meant(bare, false).and_then(|plain| judged(&plain, 3, 999_999_000));
        let read = Qty::parse(&typed(text), Unit::Kg).ok().map(|quantity| i128::from(quantity.raw()));
        assert_eq!(read, expected, "{text:?} as kilos");
        let amount = bare.trim_start_matches('$').trim_start();
        let expected = meant(amount, true).and_then(|plain| judged(&plain, 2, 999_999_999_999_999));
        let money = Money::parse(&typed_money(text)).ok();
        assert_eq!(money.map(|money| i128::from(money.raw())), expected, "{text:?} as money");
        let expected = meant(amount, true).and_then(|plain| judged(&plain, 4, 99_999_999_999));
        let cost = UnitCost::parse(&typed_money(text)).ok().map(|cost| i128::from(cost.raw()));
        assert_eq!(cost, expected, "{text:?} as a cost");
        if let Some(money) = money {
            assert_eq!(
                Money::parse(&typed_money(&show_money(money))),
                Ok(money),
                "{text:?}: what is shown is read as itself"
            );
        }
        if let Ok(quantity) = Qty::parse(&typed(text), Unit::Kg) {
            let shown = field_amount(quantity, Unit::Kg);
            assert_eq!(
                Qty::parse(&typed(&shown), Unit::Kg),
                Ok(quantity),
                "{text:?}: what a field shows is read as itself"
            );
        }
        money.is_some()
    });
}
