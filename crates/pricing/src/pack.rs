//! Law: **units per case are read where that supplier writes them, or not at all.** A guess here is a wrong cost on
//! every unit, so two readings, a zero or a fraction are no reading.
//!
//! What the case then costs per unit is in `unit_cost.rs`.

/// Most units one case may hold.
pub const UNITS_PER_CASE_MAX: u32 = 10_000;
/// Longest name that is read.
pub const TEXT_BYTES_MAX: usize = 512;

/// Where a supplier's document says how many units a case holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackRule {
    /// In the name as `NxM`: N units of M each (Fargo).
    UnitsInName,
    /// In the name as `AxBxC`: A × B units of C each; `AxC`: A units (Terrabusi).
    BoxesInName,
    /// In a column of its own, UxB (La Galletera).
    Column,
    /// Nowhere: the document prices single units.
    SingleUnits,
}

/// What a document line offers for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineText<'a> {
    /// The article's name as printed.
    pub name: &'a str,
    /// The units-per-case column, when there is one.
    pub column: Option<&'a str>,
}

impl PackRule {
    /// Units per case of that line; `None` when it is not there or can be read in two ways.
    pub fn units_per_case(self, line: LineText<'_>) -> Option<u32> {
        let units = match self {
            Self::SingleUnits => 1,
            Self::Column => read_column(line.column?)?,
            Self::UnitsInName => match only_expression(line.name)?.as_slice() {
                [units, _] => whole(units)?,
                _ => return None,
            },
            Self::BoxesInName => match only_expression(line.name)?.as_slice() {
                [units, _] => whole(units)?,
                [boxes, each, _] => whole(boxes)?.checked_mul(whole(each)?)?,
                _ => return None,
            },
        };
        (1..=UNITS_PER_CASE_MAX).contains(&units).then_some(units)
    }
}

/// A column holds a whole number; spreadsheets like to add zero decimals.
fn read_column(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.split_once(['.', ',']) {
        Some((units, decimals))
            if !decimals.is_empty() && decimals.len() <= 2 && decimals.bytes().all(|d| d == b'0') =>
        {
            whole(units)
        }
        Some(_) => None,
        None => whole(text),
    }
}

fn whole(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// The numbers of the one pack expression of a name; `None` when there is none, more than one, or a broken one.
fn only_expression(name: &str) -> Option<Vec<&str>> {
    if name.len() > TEXT_BYTES_MAX {
        return None;
    }
    let tokens = tokens(name);
    let mut expressions = tokens.split(|token| matches!(token, Token::Other)).filter(|run| numbers(run).count() > 1);
    let only = expressions.next()?;
    if expressions.next().is_some() {
        return None;
    }
    let alternating = only.iter().enumerate().all(|(at, token)| matches!(token, Token::Times) == (at % 2 == 1));
    (alternating && only.len() % 2 == 1).then(|| numbers(only).collect())
}

#[derive(Debug, Clone, Copy)]
enum Token<'a> {
    Number(&'a str),
    Times,
    Other,
}

fn numbers<'a>(run: &[Token<'a>]) -> impl Iterator<Item = &'a str> {
    run.iter().filter_map(|token| match token {
        Token::Number(digits) => Some(*digits),
        Token::Times | Token::Other => None,
    })
}

/// Numbers (with decimals), lone letters x, and anything else; blanks only separate.
fn tokens(name: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = name.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len())
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        found.push(match token {
            "x" | "X" | "×" => Token::Times,
            _ if first.is_ascii_digit() => Token::Number(token),
            _ => Token::Other,
        });
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(code: &str) -> PackRule {
        match code {
            "FA" => PackRule::UnitsInName,
            "TER" => PackRule::BoxesInName,
            "GA" => PackRule::Column,
            _ => PackRule::SingleUnits,
        }
    }

    #[test]
    fn every_supplier_is_read_where_it_writes() {
        let table = "\
            FA | FIDEO 20X500 | | 20
            FA | FIDEO 20 x 500 g | | 20
            FA | ACEITE 12×1,5L | | 12
            FA | SALCHICHA PALADINI X6 | | -
            FA | OREO 3X12X118 | | -
            FA | PAN 20X500 6X90 | | -
            FA | PAN 0X500 | | -
            FA | PAN X20X500 | | -
            FA | PAN 1.5X500 | | -
            FA | PAN 10001X1 | | -
            FA | EXTRA 7 UP | | -
            FA | | | -
            TER | OREO 3X12X118 | | 36
            TER | TANG 20X18 | | 20
            TER | TITA 2X3X4X5 | | -
            TER | TITA 99999X99999X1 | | -
            TER | OREO | 24 | -
            GA | BIZCOCHO | 24 | 24
            GA | BIZCOCHO 6X90 | 24,00 | 24
            GA | BIZCOCHO | 24.5 | -
            GA | BIZCOCHO | 0 | -
            GA | BIZCOCHO | -3 | -
            GA | BIZCOCHO 6X90 | | -
            ACE | NUEZ 12X100 | 24 | 1";
        for row in table.lines() {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let line = LineText { name: cells[1], column: Some(cells[2]).filter(|text| !text.is_empty()) };
            assert_eq!(rule(cells[0]).units_per_case(line), cells[3].parse().ok(), "{row}");
        }
    }

    #[test]
    fn a_name_beyond_the_limit_is_not_read() {
        let name = format!("{} 20X500", "a".repeat(TEXT_BYTES_MAX));
        assert_eq!(PackRule::UnitsInName.units_per_case(LineText { name: &name, column: None }), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(name in "\\PC*|[0-9xX×., \0]{0,60}", column in "\\PC{0,9}") {
            for rule in [PackRule::UnitsInName, PackRule::BoxesInName, PackRule::Column, PackRule::SingleUnits] {
                let units = rule.units_per_case(LineText { name: &name, column: Some(&column) });
                prop_assert!(units.is_none_or(|units| (1..=UNITS_PER_CASE_MAX).contains(&units)));
            }
        }
    }
}
