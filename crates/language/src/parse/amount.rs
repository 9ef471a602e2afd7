//! How much: the number and the unit that an item begins with.

use gondola_ledger::{Qty, Unit};

use super::numbers::{Point, figures, word as number_word};
use super::tokens::{Kind, Token};
use super::units::{SaidUnit, kilograms, measure};

const HALF: Qty = Qty::new(500);
const QUARTER: Qty = Qty::new(250);
const THREE_QUARTERS: Qty = Qty::new(750);
const DOZEN: i64 = 12;

/// A quantity that was read, and how many tokens it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    /// How much.
    pub value: Qty,
    /// Of which unit, when it was said.
    pub unit: Option<SaidUnit>,
    /// Tokens that it took.
    pub length: usize,
}

/// The amount at the beginning of these tokens.
pub(super) fn amount(tokens: &[&Token]) -> Option<Amount> {
    let first = tokens.first()?;
    if first.is("medio") || first.is("media") {
        return half(tokens);
    }
    if let Some(found) = quarters(tokens) {
        return Some(found);
    }
    if is_dozen(first) {
        return dozens(tokens, 1, 0);
    }
    if let Some(unit) = measure(&first.text).filter(|_| first.text.len() > 2) {
        return Some(measured(tokens, Qty::new(1_000), unit, 1)).filter(|found| found.length < tokens.len());
    }
    if first.is("par") || first.is("un") && tokens.get(1).is_some_and(|token| token.is("par")) {
        let length = if first.is("par") { 1 } else { 2 };
        return Some(counted(tokens, Qty::new(2_000), length));
    }
    numbered(tokens)
}

fn numbered(tokens: &[&Token]) -> Option<Amount> {
    let first = tokens[0];
    let next = tokens.get(1);
    let unit = next.and_then(|next| measure(&next.text)).filter(|_| next.is_some_and(|next| next.kind == Kind::Word));
    let point = if unit.is_some() { Point::Decimals } else { Point::Thousands };
    let value = match first.kind {
        Kind::Number => figures(&first.text, point)?,
        Kind::Word => Qty::whole(number_word(&first.text)?)?,
        _ => return None,
    };
    if next.is_some_and(|next| is_dozen(next)) {
        return dozens(tokens, value.raw() / 1_000, 1);
    }
    if let Some(unit) = unit {
        return Some(measured(tokens, value, unit, 2));
    }
    if is_and_a_half(&tokens[1..]) {
        let value = value.checked_add(HALF)?;
        return Some(match tokens.get(3).and_then(|token| measure(&token.text)) {
            Some(unit) => measured(tokens, value, unit, 4),
            None => counted(tokens, value, 3),
        });
    }
    Some(counted(tokens, value, 1))
}

fn half(tokens: &[&Token]) -> Option<Amount> {
    let next = tokens.get(1)?;
    if is_dozen(next) {
        return Some(counted(tokens, Qty::new(DOZEN * 500), 2));
    }
    if let Some(unit) = measure(&next.text) {
        return Some(measured(tokens, HALF, unit, 2));
    }
    SaidUnit::of(&next.text).map(|unit| Amount { value: HALF, unit: Some(unit), length: 2 })
}

fn quarters(tokens: &[&Token]) -> Option<Amount> {
    let is_quarter = |at: usize| tokens.get(at).is_some_and(|token| token.is("cuarto") || token.is("cuartos"));
    let (value, length) = if is_quarter(0) {
        (QUARTER, 1)
    } else if tokens[0].is("un") && is_quarter(1) {
        (QUARTER, 2)
    } else if tokens[0].is("tres") && is_quarter(1) {
        (THREE_QUARTERS, 2)
    } else {
        return None;
    };
    let of = usize::from(tokens.get(length).is_some_and(|token| token.is("de")));
    match tokens.get(length + of).and_then(|token| measure(&token.text)) {
        Some(unit) => Some(measured(tokens, value, unit, length + of + 1)),
        // A quarter of anything is a quarter of a kilo.
        None => (of == 1).then_some(Amount { value, unit: Some(SaidUnit::Kg), length }),
    }
}

fn dozens(tokens: &[&Token], dozens: i64, at: usize) -> Option<Amount> {
    let half = is_and_a_half(&tokens[at + 1..]);
    let value = Qty::whole(dozens.checked_mul(DOZEN)?.checked_add(if half { DOZEN / 2 } else { 0 })?)?;
    let length = at + if half { 3 } else { 1 };
    let of = usize::from(tokens.get(length).is_some_and(|token| token.is("de")));
    let is_counted = tokens.get(length + of).is_some_and(|token| SaidUnit::of(&token.text).is_some());
    Some(counted(tokens, value, if is_counted { length + of } else { length }))
}

/// A number with what it counts, if that follows.
fn counted(tokens: &[&Token], value: Qty, length: usize) -> Amount {
    let next = tokens.get(length).filter(|token| token.kind == Kind::Word);
    match next.and_then(|token| SaidUnit::of(&token.text)) {
        Some(unit) => Amount { value, unit: Some(unit), length: length + 1 },
        None => Amount { value, unit: None, length },
    }
}

/// A measure, its half behind it if that follows, in kilos or litres.
fn measured(tokens: &[&Token], value: Qty, unit: Unit, length: usize) -> Amount {
    let (extra, taken) = match (tokens.get(length), tokens.get(length + 1)) {
        (Some(and), Some(part)) if and.is("y") && (part.is("medio") || part.is("media")) => (HALF, 2),
        (Some(and), Some(part)) if and.is("y") && part.is("cuarto") => (QUARTER, 2),
        _ => (Qty::ZERO, 0),
    };
    let value = value.checked_add(extra).unwrap_or(value);
    let length = length + taken;
    let litres = || gondola_ledger::Factor::between(unit, Unit::L).and_then(|factor| factor.apply(value).ok());
    match (kilograms(value, unit), litres()) {
        (Some(value), _) => Amount { value, unit: Some(SaidUnit::Kg), length },
        (None, Some(value)) => Amount { value, unit: Some(SaidUnit::L), length },
        (None, None) => Amount { value, unit: None, length },
    }
}

/// Do these begin with "y medio" or "y media"?
pub(super) fn is_and_a_half(tokens: &[&Token]) -> bool {
    matches!(tokens, [and, half, ..] if and.is("y") && (half.is("medio") || half.is("media")))
}

fn is_dozen(token: &Token) -> bool {
    token.is("docena") || token.is("docenas")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::tokens::tokens;

    /// M6: "Quantities, units, sizes".
    #[test]
    fn numbers_and_fractions_are_read_in_words_and_in_figures() {
        for line in [
            "uno de pan | 1000 -",
            "veinte panes | 20000 -",
            "cien panes | 100000 -",
            "par de panes | 2000 -",
            "un par de panes | 2000 -",
            "docena de panes | 12000 -",
            "media docena de panes | 6000 -",
            "docena y media de panes | 18000 -",
            "dos docenas de sobres de Tang | 24000 sachet",
            "dos docenas y media de panes | 30000 -",
            "medio kilo de queso | 500 kg",
            "cuarto kilo de queso | 250 kg",
            "un cuarto de queso | 250 kg",
            "tres cuartos de kilo de queso | 750 kg",
            "kilo y medio de queso | 1500 kg",
            "2 kilos y medio de queso | 2500 kg",
            "2 y medio kilos de queso | 2500 kg",
            "litro y medio de leche | 1500 l",
            "4,5 kg de banana | 4500 kg",
            "4.5 kg de banana | 4500 kg",
            "1.250 kg de banana | 1250 kg",
            "500 g de queso | 500 kg",
            "1.000 panes | 1000000 -",
            "6 latas | 6000 can",
            "3 cajones de tomate | 3000 crate",
            "pan | none",
        ] {
            let (text, expected) = line.split_once(" | ").expect("two fields");
            let read = tokens(text);
            let found = amount(&read.iter().collect::<Vec<_>>());
            let written = found.map_or("none".to_owned(), |found| {
                format!("{} {}", found.value.raw(), found.unit.map_or("-", SaidUnit::code))
            });
            assert_eq!(written, expected, "{text}");
        }
    }
}
