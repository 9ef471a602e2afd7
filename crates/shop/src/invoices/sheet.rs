//! A spreadsheet as a page: each column is a strip of it and each row a line, so that an invoice in CSV or XLSX is read by
//! the same rules as one on paper. Numbers are written as papers write them.

use gondola_papers::page::{Page, Word};
use gondola_sheets::{Limits, Row, SheetError, Table};

/// What an invoice in a spreadsheet may ask of us: it is a sheet of paper, not a catalogue.
const LIMITS: Limits = Limits {
    file_bytes_max: 4 * 1024 * 1024,
    unpacked_bytes_max: 32 * 1024 * 1024,
    parts_max: 2_000,
    rows_max: 2_000,
    columns_max: 64,
    cell_bytes_max: 4 * 1024,
};

/// Sizes on the page, in tenths of a point: a letter, a row, and the white between columns.
const LETTER: i32 = 50;
const ROW: i32 = 200;
const GAP: i32 = 300;
/// Letters of a cell that widen its column.
const LETTERS_MAX: usize = 80;

/// The page that a spreadsheet makes.
///
/// # Errors
/// When it is none, or beyond a limit.
pub(super) fn page(bytes: &[u8]) -> Result<Page, SheetError> {
    let table = gondola_sheets::read(bytes, &LIMITS)?;
    let rows = written(&table);
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let edges = edges(&rows, columns);
    let words = rows.iter().enumerate().flat_map(|(at, row)| words(at, row, &edges)).collect();
    let height = i32::try_from(rows.len()).unwrap_or_default() * ROW;
    Ok(Page { width: edges.last().map_or(0, |(_, right)| right + GAP), height, words })
}

/// A row of cells as they are written on paper. Titles stand above one cell only, as a line of text.
struct Written {
    cells: Vec<String>,
    is_title: bool,
}

fn written(table: &Table) -> Vec<Written> {
    let plain = |row: &Row| {
        let filled = row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        Written { cells: cells(table, row), is_title: filled == 1 }
    };
    let mut rows: Vec<Written> = table.preamble.iter().map(plain).collect();
    rows.push(Written { cells: table.header.clone(), is_title: false });
    rows.extend(table.rows.iter().map(plain));
    rows
}

fn cells(table: &Table, row: &Row) -> Vec<String> {
    let cell = |(column, text): (usize, &String)| {
        // A workbook's number, and what a column with a decimal point says, read wrong with a point for thousands.
        let decimal = row.decimal(column, table.decimal_style(column)).ok();
        decimal
            .filter(|decimal| decimal.contains('.'))
            .map_or_else(|| text.clone(), |decimal| decimal.replace('.', ","))
    };
    row.cells.iter().enumerate().map(cell).collect()
}

/// Where each column begins and ends.
fn edges(rows: &[Written], columns: usize) -> Vec<(i32, i32)> {
    let mut left = GAP;
    let letters = |column: usize| {
        let cells = rows.iter().filter(|row| !row.is_title).filter_map(|row| row.cells.get(column));
        cells.map(|cell| cell.trim().chars().count().min(LETTERS_MAX)).max().unwrap_or_default().max(1)
    };
    (0..columns)
        .map(|column| {
            let right = left + i32::try_from(letters(column)).unwrap_or_default() * LETTER;
            let edges = (left, right);
            left = right + GAP;
            edges
        })
        .collect()
}

/// The words of a row. Those of a cell share its strip, so that a value and its heading stand above one another.
fn words(at: usize, row: &Written, edges: &[(i32, i32)]) -> Vec<Word> {
    let top = i32::try_from(at).unwrap_or_default() * ROW;
    let place = |text: &str, left: i32, right: i32| Word {
        text: text.to_owned(),
        left,
        top,
        right,
        bottom: top + ROW / 2,
        confidence: 100,
    };
    let of_cell = |(cell, (left, right)): (&String, &(i32, i32))| -> Vec<Word> {
        let parts: Vec<&str> = cell.split_whitespace().collect();
        let count = i32::try_from(parts.len()).unwrap_or(1).max(1);
        let right =
            if row.is_title { left + i32::try_from(cell.chars().count()).unwrap_or(1) * LETTER } else { *right };
        let part = |at: i32| left + (right - left) * at / count;
        let each = parts.into_iter().zip(0..);
        each.map(|(text, at)| place(text, part(at), part(at + 1))).collect()
    };
    row.cells.iter().zip(edges).flat_map(of_cell).collect()
}

#[cfg(test)]
mod tests {
    use gondola_ledger::{Money, Qty, UnitCost};
    use gondola_papers::extract::extract;

    use super::*;

    const INVOICE: &str = "\
FACTURA A;;;;;
Punto de venta: 00003 Comp. Nro: 00001234;;;;;
Fecha: 20/11/2026;;;;;
Código;Descripción;Cantidad;Precio Unitario;IVA;Importe
1001;ACEITE GIRASOL 900;12;1.234,56;21;14.814,72
1002;FIDEO 20X500;2;1250,5;21;2.501,00
";

    #[test]
    fn an_invoice_in_a_sheet_is_read_as_one_on_paper() {
        let paper = extract(&[page(INVOICE.as_bytes()).unwrap()], None, None);
        let lines: Vec<_> = paper
            .lines
            .iter()
            .map(|line| {
                let about = line.description.as_ref().map(|field| field.value.as_str()).unwrap_or_default();
                let numbers = (line.quantity.unwrap().value, line.price.unwrap().value, line.subtotal.unwrap().value);
                (line.code.as_ref().unwrap().value.as_str(), about, numbers)
            })
            .collect();
        let cost = |text| UnitCost::parse(text).unwrap();
        let money = |text| Money::parse(text).unwrap();
        assert_eq!(
            lines,
            [
                ("1001", "ACEITE GIRASOL 900", (Qty::new(12_000), cost("1234.56"), money("14814.72"))),
                ("1002", "FIDEO 20X500", (Qty::new(2_000), cost("1250.5"), money("2501"))),
            ]
        );
        assert_eq!(paper.header.number.unwrap().value.to_string(), "00003-00001234");
    }

    #[test]
    fn a_decimal_point_is_one_where_the_file_writes_it_so() {
        let file =
            "Codigo,Descripcion,Cantidad,Precio,Importe\n1,QUESO,1.250,1000.00,1250.00\n2,JAMON,2.500,800.50,2001.25\n";
        let paper = extract(&[page(file.as_bytes()).unwrap()], None, None);
        let quantities: Vec<Qty> = paper.lines.iter().map(|line| line.quantity.unwrap().value).collect();
        assert_eq!(quantities, [Qty::new(1_250), Qty::new(2_500)]);
    }

    #[test]
    fn what_is_no_sheet_is_refused_by_name() {
        assert_eq!(page(b"%PDF-1.7 x").unwrap_err().code(), "sheet_not_a_table");
        assert_eq!(page(b"").unwrap_err().code(), "sheet_empty");
    }
}
