//! Numbers as Argentine papers write them: points between thousands, a comma before decimals, and what a recogniser makes
//! of digits. `1.234` is one thousand two hundred thirty-four. What can be read in two ways is read in none.

use gondola_ledger::{Money, Qty, UnitCost};

/// Longest number looked at.
const CHARS_MAX: usize = 32;
/// Places of an amount.
const MONEY_PLACES: usize = 2;
/// Places of a price.
const COST_PLACES: usize = 4;
/// Places of a quantity.
const QTY_PLACES: usize = 3;
/// Places of a percentage.
const PERCENT_PLACES: usize = 2;

/// An amount of money.
pub fn money(text: &str) -> Option<Money> {
    minor(text, MONEY_PLACES).map(Money::new)
}

/// A price, with up to four decimals; never below zero.
pub fn cost(text: &str) -> Option<UnitCost> {
    minor(text, COST_PLACES).filter(|cost| *cost >= 0).map(UnitCost::new)
}

/// A quantity, with up to three decimals.
pub fn quantity(text: &str) -> Option<Qty> {
    minor(text, QTY_PLACES).map(Qty::new)
}

/// A percentage in hundredths of a per cent: `10,50 %` is 1050.
pub fn percent(text: &str) -> Option<i64> {
    minor(text.trim().trim_start_matches('%').trim_end_matches('%'), PERCENT_PLACES)
        .filter(|part| (0..=10_000).contains(part))
}

/// Is it written as sums are, with two decimals or more?
pub(super) fn has_decimals(text: &str) -> bool {
    let Some(written) = Written::read(text) else { return false };
    written.decimals.len() >= MONEY_PLACES
}

/// The number in units of so many decimal places; `None` when it has more, or is too large.
fn minor(text: &str, places: usize) -> Option<i64> {
    let written = Written::read(text)?;
    let (kept, cut) = written.decimals.split_at(written.decimals.len().min(places));
    if cut.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let digits: String = written.whole.chars().chain(kept.chars()).chain((kept.len()..places).map(|_| '0')).collect();
    let magnitude: i64 = digits.parse().ok()?;
    Some(if written.is_negative { -magnitude } else { magnitude })
}

/// A number taken apart.
struct Written {
    whole: String,
    decimals: String,
    is_negative: bool,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        if text.len() > 2 * CHARS_MAX {
            return None;
        }
        let (body, is_negative) = unsigned(text)?;
        let body = with_comma(repaired(&body)?);
        let at = decimal_mark(&body)?;
        let (whole, decimals) = at.map_or((body.as_str(), ""), |at| (&body[..at], &body[at + 1..]));
        let whole = grouped(whole)?;
        (whole.len() + decimals.len() <= CHARS_MAX).then(|| Self { whole, decimals: decimals.to_owned(), is_negative })
    }
}

/// Without currency and sign. A minus stands before or after, or the number between parentheses.
fn unsigned(text: &str) -> Option<(String, bool)> {
    let bare = dashed(&text.split(|letter: char| letter.is_whitespace() || letter == '$').fold(String::new(), joined));
    let (body, is_negative) = match (bare.strip_prefix('('), bare.strip_suffix(')')) {
        (Some(inner), Some(_)) => (inner.trim_end_matches(')').to_owned(), true),
        (None, None) => match (bare.strip_prefix('-'), bare.strip_suffix('-')) {
            (Some(_), Some(_)) => return None,
            (Some(rest), None) | (None, Some(rest)) => (rest.to_owned(), true),
            (None, None) => (bare, false),
        },
        _ => return None,
    };
    (!body.is_empty()).then_some((body, is_negative))
}

/// White between digits is a mark that the recogniser lost: `27 464 32` is `27.464.32`.
fn joined(mut before: String, part: &str) -> String {
    let is_open = before.ends_with(|last: char| last.is_ascii_digit());
    if is_open && part.starts_with(|first: char| first.is_ascii_digit()) {
        before.push('.');
    }
    before + part
}

/// A minus as it is printed, or as a recogniser sees it: `=5`, `-=5` and `—5` are `-5`.
fn dashed(bare: &str) -> String {
    let mended: String = bare
        .chars()
        .map(|letter| if matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}' | '~') { '-' } else { letter })
        .collect();
    match mended.trim_start_matches(['-', '=']) {
        rest if mended.starts_with(['-', '=']) && mended[..mended.len() - rest.len()].contains('=') => {
            format!("-{rest}")
        }
        _ => mended,
    }
}

/// Letters that a recogniser takes digits for, mended only beside true digits.
fn repaired(body: &str) -> Option<String> {
    let mended = |letter| match letter {
        'O' | 'o' => '0',
        'l' | 'I' | '|' => '1',
        other => other,
    };
    let has_digit = body.bytes().any(|byte| byte.is_ascii_digit());
    let text: String = body.chars().map(mended).collect();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    let has_ends =
        text.starts_with(|first: char| first.is_ascii_digit()) && text.ends_with(|last: char| last.is_ascii_digit());
    (has_digit && is_number && has_ends).then_some(text)
}

/// A recogniser loses the comma behind thousands: three digits and two or four decimals stand together, `1.721.87147`.
fn with_comma(mut body: String) -> String {
    let tail = body.rfind('.').map_or(0, |at| body.len() - at - 1);
    if matches!(tail, 5 | 7) && !body.contains(',') {
        body.insert(body.len() - (tail - 3), ',');
    }
    body
}

/// Where the decimals begin; `Some(None)` when there are none, `None` when the marks make no sense.
fn decimal_mark(body: &str) -> Option<Option<usize>> {
    let (points, commas) = (body.matches('.').count(), body.matches(',').count());
    let last = body.rfind(['.', ',']);
    let tail = last.map_or(0, |at| body.len() - at - 1);
    match (points, commas) {
        (0, 0) => Some(None),
        // Each mark stands for one thing: the last is the decimals', and there is one of it.
        (_, 1) if last == body.rfind(',') => Some(last),
        (1, _) if commas > 0 && last == body.rfind('.') => Some(last),
        (0, _) | (_, 0) if tail == 3 => Some(None),
        (1, 0) => Some(last),
        // A recogniser takes a comma for a point: 1.234.56 and 1.234.5678.
        (_, 0) if tail == 2 || tail == 4 => Some(last),
        _ => None,
    }
}

/// The digits of whole units, when they stand in threes behind their marks.
fn grouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(['.', ',']);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text | centavos, or - when it is refused.
    const AMOUNTS: &str = "1.234|123400
1.234,56|123456
$ 1.234,56|123456
$1.234.567,89|123456789
1234,5|123450
1234|123400
12.50|1250
1,234.56|123456
1.234.56|123456
0,01|1
-$ 123,00|-12300
$ -123,00|-12300
123,00-|-12300
(123,00)|-12300
\u{2212}5|-500
27 464 32|2746432
353 861.67|35386167
1.721.87147|172187147
2 18.000,00|-
=5|-500
-=5|-500
—5|-500
1.O00,5o|100050
l.2l0,00|121000
1,234|-
1.234,567|-
1.234,500|123450
1.23.4|-
12.34.567|-
,50|-
5,|-
OOO|-
--5|-
-5-|-
(5|-
1e5|-
|-
99999999999999999999|-";

    #[test]
    fn amounts_are_read_as_papers_write_them() {
        for (text, wanted) in AMOUNTS.lines().map(|row| row.split_once('|').unwrap()) {
            assert_eq!(money(text).map(Money::raw), wanted.parse().ok(), "{text}");
        }
    }

    #[test]
    fn prices_have_four_decimals_and_quantities_three() {
        assert_eq!(cost("$ 1.234,5678"), UnitCost::parse("1234.5678").ok());
        for text in ["8.765,4321", "8.765.4321", "8.765 4321", "8. 765.4321"] {
            assert_eq!(cost(text), UnitCost::parse("8765.4321").ok(), "{text}");
        }
        assert_eq!((cost("-5,00"), cost("1,23456")), (None, None));
        assert_eq!(
            (quantity("-2"), quantity("12,5"), quantity("1,250")),
            (Some(Qty::new(-2_000)), Some(Qty::new(12_500)), Some(Qty::new(1_250)))
        );
        assert_eq!(
            (percent("10,50 %"), percent("% 5"), percent("101"), percent("-1")),
            (Some(1_050), Some(500), None, None)
        );
    }

    #[test]
    fn hostile_text_is_no_number() {
        for text in ["\u{0}", "١٢٣", "1\u{0}2", "🦀1", "..", ".,", &"1".repeat(1_000_000), &"1.".repeat(1_000)] {
            assert_eq!(money(text), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(centavos in -99_999_999_999_i64..99_999_999_999) {
            let plain = format!("{:03}", centavos.abs());
            let (whole, part) = plain.split_at(plain.len() - 2);
            let mut text = String::new();
            for (at, digit) in whole.chars().enumerate() {
                if at > 0 && (whole.len() - at).is_multiple_of(3) {
                    text.push('.');
                }
                text.push(digit);
            }
            let sign = if centavos < 0 { "-" } else { "" };
            prop_assert_eq!(money(&format!("{sign}$ {text},{part}")), Some(Money::new(centavos)));
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = (money(&text), cost(&text), quantity(&text), percent(&text));
        }
    }
}
