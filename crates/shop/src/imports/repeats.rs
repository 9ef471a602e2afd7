//! Rows that name what an earlier row of the same file named: the second is told, and names the line
//! of the first. Nobody can know which of the two was meant.

use std::collections::HashMap;

use gondola_sheets::Row;

use super::file::ListFile;
use super::kind::ImportKind;
use crate::catalogue::Barcode;
use crate::kernel::text::fold;

/// That a row names what an earlier one did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The field that says the same.
    pub field: &'static str,
    /// The line that said it first.
    pub first_line: u32,
}

/// The rows that repeat an earlier one, and the order in which rows are applied: as they stand in the
/// file, but for stock, where rows about one product are brought together so that one transaction
/// sees them all.
pub fn find(file: &ListFile) -> (HashMap<usize, Repeat>, Vec<usize>) {
    let mut first: HashMap<String, u32> = HashMap::new();
    let mut repeats = HashMap::new();
    for (at, row) in file.table.rows.iter().enumerate() {
        for (field, key) in keys(file, row) {
            match first.get(&key) {
                Some(first_line) => {
                    repeats.entry(at).or_insert(Repeat { field, first_line: *first_line });
                }
                None => drop(first.insert(key, row.line)),
            }
        }
    }
    let mut order: Vec<usize> = (0..file.table.rows.len()).collect();
    if file.kind == ImportKind::Stock {
        let product = |at: &usize| {
            let row = &file.table.rows[*at];
            file.cell(row, "sku").or_else(|| file.cell(row, "barcode")).map(str::to_uppercase)
        };
        order.sort_by_cached_key(product);
    }
    (repeats, order)
}

/// Everything that no other row may also name.
fn keys(file: &ListFile, row: &Row) -> Vec<(&'static str, String)> {
    match file.kind {
        ImportKind::Products => product_keys(file, row),
        ImportKind::Suppliers => code_key(file, row, "code", "").into_iter().collect(),
        ImportKind::Prices => {
            let list = fold(file.cell(row, "list").unwrap_or_default());
            code_keys(file, row, &list)
        }
        ImportKind::Stock => {
            let part = |field: &str| fold(file.cell(row, field).unwrap_or_default());
            let place = format!("{}|{}|{}", part("location"), part("lot"), part("expires_on"));
            code_keys(file, row, &place)
        }
    }
}

fn product_keys(file: &ListFile, row: &Row) -> Vec<(&'static str, String)> {
    let mut keys = code_keys(file, row, "");
    keys.extend(code_key(file, row, "internal_code", ""));
    keys.extend(code_key(file, row, "scale_plu", ""));
    if keys.is_empty()
        && let Some(name) = file.cell(row, "name")
    {
        let brand = file.cell(row, "brand").unwrap_or_default();
        keys.push(("name", format!("name|{}|{}", fold(name), fold(brand))));
    }
    keys
}

/// The row's SKU, else its barcodes; a product's row is told by either.
fn code_keys(file: &ListFile, row: &Row, more: &str) -> Vec<(&'static str, String)> {
    let mut keys: Vec<_> = code_key(file, row, "sku", more).into_iter().collect();
    let cell = file.cell(row, "barcode").unwrap_or_default();
    let codes = barcode_texts(cell).filter_map(|text| Barcode::parse(text).ok());
    keys.extend(codes.map(|code| ("barcode", format!("barcode|{code}|{more}"))));
    keys
}

fn code_key(file: &ListFile, row: &Row, field: &'static str, more: &str) -> Option<(&'static str, String)> {
    let code = file.cell(row, field)?.to_uppercase();
    Some((field, format!("{field}|{code}|{more}")))
}

/// The codes of a cell that may hold several.
pub fn barcode_texts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', ';', '/', '|']).map(str::trim).filter(|text| !text.is_empty())
}
