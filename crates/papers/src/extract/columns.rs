//! What the columns of a table mean, told by the words above them, and which of them a run of words belongs to.

use serde::{Deserialize, Serialize};

use super::plain::plain;
use super::rows::{Row, Run};
use super::{alike, number};
use crate::fiscal::{VatRate, VatTreatment};
use crate::page::Word;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The supplier's code.
    Code,
    /// EAN, UPC or ITF.
    Barcode,
    /// The description.
    Description,
    /// How many.
    Quantity,
    /// What is counted.
    Unit,
    /// UxB.
    UnitsPerCase,
    /// The price of what is counted.
    Price,
    /// The price of a case, beside that of a unit.
    CasePrice,
    /// The price of a unit.
    UnitPrice,
    /// Per cent off.
    Discount,
    /// The VAT rate.
    Rate,
    /// The amount of the line.
    Subtotal,
}

/// Headings as papers print them, made comparable.
const HEADINGS: [(Column, &[&str]); 12] = [
    (Column::Code, &["codigo", "cod", "articulo", "art", "cod art", "cod articulo", "codigo articulo", "cod prod"]),
    (
        Column::Barcode,
        &["cod barras", "codigo barras", "cod de barras", "codigo de barras", "ean", "codigo ean", "cod ean"],
    ),
    (
        Column::Description,
        &["descripcion", "detalle", "producto", "producto servicio", "denominacion", "mercaderia", "concepto"],
    ),
    (Column::Quantity, &["cantidad", "cant", "bultos", "cant bultos"]),
    (Column::Unit, &["um", "u m", "unidad", "un", "u medida", "u med", "unidad medida", "unidad de medida"]),
    (Column::UnitsPerCase, &["uxb", "ux b", "u xb", "u x b", "unid x bulto", "unidades por bulto"]),
    (Column::Price, &["precio", "p unit", "p unitario", "precio unit", "precio unitario", "pr unit", "precio uni"]),
    (Column::CasePrice, &["p bulto", "precio bulto", "bulto", "precio por bulto"]),
    (Column::UnitPrice, &["p unidad", "precio un", "precio unidad", "precio por unidad"]),
    (
        Column::Discount,
        &[
            "% bonif",
            "bonif %",
            "bonif",
            "% dto",
            "dto %",
            "dto",
            "desc %",
            "% desc",
            "desc",
            "descuento",
            "bonificacion",
        ],
    ),
    (Column::Rate, &["iva", "% iva", "iva %", "alic", "alicuota", "alic iva", "alicuota iva"]),
    (Column::Subtotal, &["importe", "subtotal", "total", "importe neto", "neto", "imp neto"]),
];
/// Longest heading in words.
const HEADING_WORDS_MAX: usize = 4;
/// Words of a row of headings: every column of four words, and as many that mean nothing.
const WORDS_MAX: usize = 60;
/// Columns that make a row of words a row of headings.
const COLUMNS_MIN: usize = 3;
/// A value this far from its heading, in tenths of a point, belongs to another.
const FAR: i32 = 700;
/// How far left of its heading a description may begin.
const SLACK: i32 = 60;

/// A column with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub column: Column,
    /// The words above it.
    pub words: String,
    pub left: i32,
    pub right: i32,
}

/// The headings in a row; `None` when it is no row of headings.
pub(super) fn headings(row: &Row) -> Option<Vec<Placed>> {
    let all: Vec<&Word> = row.words().collect();
    if all.len() > WORDS_MAX {
        return None;
    }
    let mut words = all.as_slice();
    let mut found: Vec<Placed> = Vec::new();
    let mut unknown = 0;
    while !words.is_empty() {
        match longest(words).filter(|(placed, _)| found.iter().all(|other| other.column != placed.column)) {
            Some((placed, count)) => {
                found.push(placed);
                words = &words[count..];
            }
            None => {
                unknown += 1;
                words = &words[1..];
            }
        }
    }
    let is_table = found.iter().any(|placed| placed.column == Column::Description);
    (is_table && found.len() >= COLUMNS_MIN && unknown <= found.len()).then(|| settled(found))
}

/// The longest heading that words begin with, as printed or misread, and how many words it takes.
fn longest(words: &[&Word]) -> Option<(Placed, usize)> {
    let together = 1 + words.windows(2).take_while(|pair| is_one_heading(pair[0], pair[1])).count();
    (1..=HEADING_WORDS_MAX.min(together)).rev().find_map(|count| {
        let taken = &words[..count];
        let text = plain(&taken.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
        let column = printed(&text).or_else(|| misread(&text))?;
        Some((Placed { column, words: text, left: taken[0].left, right: taken[count - 1].right }, count))
    })
}

/// Are two words so close that they may be one heading? Recognised words stand a little farther apart than written ones.
fn is_one_heading(word: &Word, next: &Word) -> bool {
    next.left - word.right <= 2 * (word.bottom - word.top).min(next.bottom - next.top)
}

/// What a heading says, whether there are spaces in it or not: `P.Unit.` is `P. Unit.`.
fn printed(text: &str) -> Option<Column> {
    let own = || text.chars().filter(|letter| *letter != ' ');
    let is_it = |known: &str| known.chars().filter(|letter| *letter != ' ').eq(own());
    HEADINGS.iter().find(|(_, known)| known.iter().any(|known| is_it(known))).map(|(column, _)| *column)
}

/// What a heading says of which a letter was misread, or two of a long one; short ones are too much alike.
fn misread(text: &str) -> Option<Column> {
    let length = text.chars().count();
    let off_max = match length {
        0..=4 => return None,
        5..=6 => 1,
        _ => 2,
    };
    let known = HEADINGS.iter().flat_map(|(column, known)| known.iter().map(|known| (*column, *known)));
    let near = known.filter(|(_, known)| known.len() > 4 && known.len().abs_diff(length) <= off_max);
    let nearest = near.map(|(column, known)| (alike::letters_off(text, known), column)).min_by_key(|(off, _)| *off)?;
    (nearest.0 <= off_max).then_some(nearest.1)
}

/// A price that stands alone is that of what is counted, whatever its heading calls it.
fn settled(mut found: Vec<Placed>) -> Vec<Placed> {
    let has = |column| found.iter().any(|placed: &Placed| placed.column == column);
    let (price, case, unit) = (has(Column::Price), has(Column::CasePrice), has(Column::UnitPrice));
    for placed in &mut found {
        placed.column = match placed.column {
            Column::CasePrice if !price => Column::Price,
            Column::UnitPrice if !price && !case => Column::Price,
            Column::Price if case && !unit => Column::UnitPrice,
            Column::CasePrice if price && !unit => Column::Price,
            other => other,
        };
    }
    found
}

/// For each run of a row the column it belongs to. A column holds one run; a description takes every text in its range.
pub(super) fn assign(row: &Row, columns: &[Placed]) -> Vec<Option<Column>> {
    let mut pairs: Vec<(i32, usize, usize)> = Vec::new();
    for (at, run) in row.runs.iter().enumerate() {
        for (to, placed) in columns.iter().enumerate().filter(|(_, placed)| takes(placed.column, &run.text)) {
            pairs.push((distance(run, placed), at, to));
        }
    }
    pairs.sort_unstable();
    let mut assigned = vec![None; row.runs.len()];
    let mut taken = vec![false; columns.len()];
    for (distance, at, to) in pairs {
        if distance <= FAR && assigned[at].is_none() && !taken[to] {
            assigned[at] = Some(columns[to].column);
            taken[to] = true;
        }
    }
    for (column, run) in assigned.iter_mut().zip(&row.runs).filter(|(column, _)| column.is_none()) {
        *column = is_description(run, columns).then_some(Column::Description);
    }
    assigned
}

fn distance(run: &Run, placed: &Placed) -> i32 {
    let middle = (placed.left + placed.right) / 2;
    let edges = [run.place.left - placed.left, run.middle() - middle, run.place.right - placed.right];
    edges.into_iter().map(i32::abs).min().unwrap_or(i32::MAX)
}

/// Does the run begin between the description's heading and the next?
fn is_description(run: &Run, columns: &[Placed]) -> bool {
    let Some(own) = columns.iter().find(|placed| placed.column == Column::Description) else { return false };
    let next = columns.iter().map(|placed| placed.left).filter(|left| *left > own.left).min().unwrap_or(i32::MAX);
    run.place.left >= own.left - SLACK && run.place.left < next && run.text.chars().any(char::is_alphabetic)
}

/// May such a text stand in the column?
fn takes(column: Column, text: &str) -> bool {
    match column {
        Column::Code => text.len() <= 20 && !text.contains(' ') && text.chars().any(|letter| letter.is_ascii_digit()),
        Column::Barcode => barcode(text).is_some(),
        Column::Description => text.chars().any(char::is_alphabetic),
        Column::Quantity => number::quantity(text).is_some(),
        Column::Unit => text.chars().count() <= 10 && text.chars().any(char::is_alphabetic),
        Column::UnitsPerCase => units(text).is_some(),
        Column::Price | Column::CasePrice | Column::UnitPrice => number::cost(text).is_some(),
        Column::Discount => number::percent(text).is_some(),
        Column::Rate => treatment(text).is_some(),
        Column::Subtotal => number::money(text).is_some(),
    }
}

/// The digits of a barcode: 8 to 14 of them.
pub(super) fn barcode(text: &str) -> Option<String> {
    ((8..=14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

/// Units in a case: whole, and more than none.
pub(super) fn units(text: &str) -> Option<u32> {
    let count = number::quantity(text).filter(|count| count.is_whole() && count.is_positive())?;
    u32::try_from(count.raw() / gondola_ledger::qty::SCALE).ok()
}

/// The VAT of a line as a column says it.
pub(super) fn treatment(text: &str) -> Option<VatTreatment> {
    match plain(text).as_str() {
        "exento" | "ex" | "exenta" => return Some(VatTreatment::Exempt),
        "no gravado" | "ng" => return Some(VatTreatment::NotTaxed),
        _ => {}
    }
    let hundredths = number::percent(text.trim_matches(['(', ')']))?;
    (hundredths % 10 == 0).then(|| VatRate::from_permille(hundredths / 10).map(VatTreatment::Rate))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::rows::rows;
    use crate::extract::sketch::Sketch;

    fn meanings(words: &[&str]) -> Option<Vec<Column>> {
        let mut sketch = Sketch::default();
        let cells: Vec<(i32, &str)> = (0..).map(|at| at * 700).zip(words.iter().copied()).collect();
        sketch.row(100, &cells);
        headings(&rows(&[sketch.page()])[0]).map(|found| found.iter().map(|placed| placed.column).collect())
    }

    #[test]
    fn headings_are_told_by_their_words() {
        use Column::{
            Barcode, CasePrice, Code, Description, Discount, Price, Quantity, Rate, Subtotal, Unit, UnitPrice,
            UnitsPerCase,
        };
        let all = meanings(&[
            "COD. ART.",
            "DESCRIPCIÓN",
            "U.x B.",
            "Cant.",
            "U.M.",
            "P. Unit.",
            "% Bonif.",
            "Alíc.",
            "Importe",
        ]);
        assert_eq!(all, Some(vec![Code, Description, UnitsPerCase, Quantity, Unit, Price, Discount, Rate, Subtotal]));
        let two = meanings(&["Código EAN", "Detalle", "UxB", "P. Bulto", "P. Unidad", "Bultos", "Total"]);
        assert_eq!(two, Some(vec![Barcode, Description, UnitsPerCase, Price, UnitPrice, Quantity, Subtotal]));
        assert!(!two.unwrap().contains(&CasePrice), "the price of what is counted");
    }

    #[test]
    fn headings_of_two_words_stay_one_when_the_recogniser_splits_or_joins_them() {
        use Column::{Description, Discount, Price, Quantity, Rate, Subtotal};
        // White between the words of a heading, wider than any space of running text.
        let mut sketch = Sketch::recognised(80);
        sketch.row(100, &[(0, "Detalle"), (1_000, "Cant."), (1_600, "Precio"), (1_960, "Unit.")]);
        sketch.row(100, &[(2_600, "%"), (2_760, "IVA"), (3_300, "Desc."), (3_620, "%"), (4_200, "Total")]);
        let found = headings(&rows(&[sketch.page()])[0]).unwrap();
        let columns: Vec<Column> = found.iter().map(|placed| placed.column).collect();
        assert_eq!(columns, [Description, Quantity, Price, Rate, Discount, Subtotal]);
        assert_eq!((found[2].left, found[2].right), (1_600, 2_185));
        let joined = meanings(&["Detalle", "Cant.", "P.Unit.", "%IVA", "Importe"]);
        assert_eq!(joined, Some(vec![Description, Quantity, Price, Rate, Subtotal]));
    }

    #[test]
    fn a_misread_letter_or_two_leave_a_heading_what_it_is_and_short_ones_must_be_right() {
        use Column::{Code, Description, Price, Quantity, Subtotal};
        let misread = meanings(&["Códlgo", "Desc ipción", "Cantklad", "Preclo", "lmporte"]);
        assert_eq!(misread, Some(vec![Code, Description, Quantity, Price, Subtotal]));
        assert_eq!(meanings(&["Detalle", "Cont.", "Precio", "Tota"]), None);
    }

    #[test]
    fn a_sentence_is_no_row_of_headings() {
        assert_eq!(meanings(&["Condición", "de", "venta", "total"]), None);
        assert_eq!(meanings(&["Cant.", "Precio", "Importe"]), None, "nothing says what is sold");
    }

    #[test]
    fn rates_and_units_are_known_ones() {
        assert_eq!(treatment("21,00"), Some(VatTreatment::Rate(VatRate::TwentyOne)));
        assert_eq!(treatment("(10,50%)"), Some(VatTreatment::Rate(VatRate::TenAndAHalf)));
        assert_eq!((treatment("Exento"), treatment("13")), (Some(VatTreatment::Exempt), None));
        assert_eq!((units("24"), units("0"), units("2,5"), units("-3")), (Some(24), None, None, None));
    }
}
