//! The correction file: the rows that were refused, as they stood, with one more column that says what
//! is wrong with each. Corrected and loaded again, it completes the import.

use std::collections::HashMap;

use gondola_sheets::{Column, CsvStyle, CsvWriter, Kind, WriteError};
use gondola_store::{Db, StoreError, Tx};
use uuid::Uuid;

use super::queries::{self, ImportRow};
use super::words::field_name;
use crate::kernel::Lang;

/// Rows read at a time.
const AT_A_TIME: i64 = 5_000;

/// The correction file of an import, as CSV that Argentine spreadsheets open.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn correction(tx: &mut Tx<'_>, db: &Db, import: &ImportRow, lang: Lang) -> Result<Vec<u8>, StoreError> {
    let told = errors_by_line(tx, import.id, lang).await?;
    let mut titles = import.header()?;
    let width = titles.len();
    titles.push(lang.pick("Línea", "Line").to_owned());
    titles.push(lang.pick("Qué corregir", "What to correct").to_owned());
    let columns = titles.into_iter().map(|title| Column { title, kind: Kind::Text }).collect();
    let mut out = CsvWriter::new(Vec::new(), columns, CsvStyle::EXCEL_AR).map_err(failed)?;
    let mut after = -1;
    loop {
        let rows = queries::bad_rows(tx, db, import.id, after, AT_A_TIME).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (line, mut cells) in rows {
            cells.resize(width, String::new());
            cells.push(line.to_string());
            cells.push(told.get(&line).cloned().unwrap_or_default());
            out.row(&cells).map_err(failed)?;
        }
    }
    out.finish().map_err(failed)
}

/// What is wrong with each line, in one cell.
async fn errors_by_line(tx: &mut Tx<'_>, import: Uuid, lang: Lang) -> Result<HashMap<i64, String>, StoreError> {
    let mut told: HashMap<i64, String> = HashMap::new();
    for error in queries::all_errors_of(tx, import).await? {
        let text = told.entry(error.line.into()).or_default();
        if !text.is_empty() {
            text.push(' ');
        }
        if !error.field.is_empty() {
            text.push_str(&format!("{}: ", field_name(lang, &error.field)));
        }
        text.push_str(error.detail().in_lang(lang));
    }
    Ok(told)
}

fn failed(error: WriteError) -> StoreError {
    StoreError::corrupt("import_rows", "cells", "", error)
}
