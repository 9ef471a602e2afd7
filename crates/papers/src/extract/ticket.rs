//! The lines of a fiscal printer's roll, which has no columns: `2 x 1.234,00 (21,00)`, then the name in one row or more, the
//! last of which ends with the amount.

use super::columns;
use super::paper::Line;
use super::rows::{Row, Run};
use super::table::Table;
use super::{field, number};
use crate::page::Word;

/// Rows that the name of one line takes at most.
const NAME_ROWS_MAX: usize = 4;
/// Longest row that counts and prices.
const COUNTED_CHARS_MAX: usize = 50;

/// Reads a roll; `None` when it is none.
pub(super) fn read(rows: &[Row]) -> Option<Table> {
    let start = rows.iter().position(|row| counted(row).is_some())?;
    let mut table = Table { head: rows[..start].to_vec(), ..Table::default() };
    let mut at = start;
    while let Some((line, taken)) = line(&rows[at..]) {
        table.lines.push(line);
        at += taken;
        // A line that was misread is left out, and not all that come after it.
        at += rows[at..].iter().position(|row| counted(row).is_some()).unwrap_or_default();
    }
    table.foot = rows[at..].to_vec();
    (!table.lines.is_empty()).then_some(table)
}

/// A line and the rows it takes.
fn line(rows: &[Row]) -> Option<(Line, usize)> {
    let mut line = counted(rows.first()?)?;
    let mut name: Vec<&str> = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(1).take(NAME_ROWS_MAX) {
        let words: Vec<&Word> = row.words().collect();
        line.raw = format!("{} {}", line.raw, row.text());
        let (last, before) = words.split_last()?;
        let amount = number::money(&last.text).filter(|_| number::has_decimals(&last.text));
        let run = row.runs.last()?;
        let Some(amount) = amount else {
            name.extend(words.iter().map(|word| word.text.as_str()));
            continue;
        };
        name.extend(before.iter().map(|word| word.text.as_str()));
        line.subtotal = Some(field(amount, run));
        line.description = Some(field(name.join(" "), row.runs.first()?));
        return (!name.is_empty()).then_some((line, at + 1));
    }
    None
}

/// `2 x 1.234,00 (21,00)`, whatever spaces the recogniser saw.
fn counted(row: &Row) -> Option<Line> {
    let text: String = row.words().map(|word| word.text.as_str()).collect();
    let (quantity, rest) = text.split_once(['x', 'X', '×', '*'])?;
    let (price, treatment) = rest.split_once(['(', '{', '[']).unwrap_or((rest, ""));
    if text.len() > COUNTED_CHARS_MAX || !number::has_decimals(price) {
        return None;
    }
    let run: &Run = row.runs.first()?;
    let treatment = columns::treatment(treatment.trim_end_matches([')', '}', ']']));
    Some(Line {
        quantity: Some(field(number::quantity(quantity)?, run)),
        price: Some(field(number::cost(price)?, run)),
        vat: treatment.map(|vat| field(vat, run)),
        raw: row.text(),
        ..Line::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::rows::rows;
    use crate::extract::sketch::Sketch;

    #[test]
    fn a_roll_has_two_rows_or_more_to_a_line() {
        let mut sketch = Sketch::default();
        sketch.row(100, &[(90, "TIQUE FACTURA \"A\"")]);
        sketch.row(215, &[(90, "2 x 1.234,00 (21,00)")]);
        sketch.row(330, &[(90, "ARROZ LARGO FINO 1 KG")]).row_to(330, &[(2_178, "2.468,00")]);
        sketch.row(445, &[(90, "1 x 500,00 (10,50)")]);
        sketch.row(560, &[(90, "HARINA DE TRIGO")]);
        sketch.row(675, &[(90, "000 BOLSA")]).row_to(675, &[(2_178, "500,00")]);
        sketch.row(790, &[(90, "TOTAL")]).row_to(790, &[(2_178, "2.968,00")]);
        let table = read(&rows(&[sketch.page()])).unwrap();
        let texts: Vec<&str> =
            table.lines.iter().map(|line| line.description.as_ref().unwrap().value.as_str()).collect();
        assert_eq!(texts, ["ARROZ LARGO FINO 1 KG", "HARINA DE TRIGO 000 BOLSA"]);
        assert_eq!(table.lines[1].subtotal.unwrap().value.raw(), 50_000);
        assert_eq!((table.head.len(), table.foot.len()), (1, 1));
    }

    #[test]
    fn a_count_without_its_space_counts_and_a_line_that_cannot_be_read_is_left_out_alone() {
        let mut sketch = Sketch::recognised(80);
        sketch.row(100, &[(90, "7x 20.424,72 (21,00)")]);
        sketch.row(215, &[(90, "SERVILLETAS")]).row_to(215, &[(2_178, "142.973,04")]);
        sketch.row(330, &[(90, "B x 29,418 {21")]);
        sketch.row(445, &[(90, "PAPEL")]).row_to(445, &[(2_178, "235.344,80")]);
        sketch.row(560, &[(90, "2 x500,00(10,50)")]);
        sketch.row(675, &[(90, "HARINA 20X500")]).row_to(675, &[(2_178, "1.000,00")]);
        sketch.row(790, &[(90, "TOTAL")]).row_to(790, &[(2_178, "379.317,84")]);
        let table = read(&rows(&[sketch.page()])).unwrap();
        let counts: Vec<i64> = table.lines.iter().map(|line| line.quantity.unwrap().value.raw()).collect();
        assert_eq!((counts, table.foot.len()), (vec![7_000, 2_000], 1));
    }

    #[test]
    fn a_letter_is_no_roll() {
        let mut sketch = Sketch::default();
        sketch.row(100, &[(90, "3 x cosas que no son precios")]);
        assert!(read(&rows(&[sketch.page()])).is_none());
    }
}
