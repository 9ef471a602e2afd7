//! Rows on their way in, as the JSON lists that the bulk statements take apart.

use gondola_store::{Sql, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::file::ListFile;
use super::outcome::{Change, Outcome};
use super::sql;
use crate::kernel::bulk::json;

/// Rows per statement: enough to be quick, few enough to stay small in memory.
const ROWS_PER_STATEMENT: usize = 2_000;

#[derive(Serialize)]
struct BadRow {
    line: u32,
    /// As the list of texts it was.
    cells: String,
}

#[derive(Serialize)]
struct ErrorOut<'a> {
    line: u32,
    entry: usize,
    field: &'a str,
    code: &'a str,
    detail_es: &'a str,
    detail_en: &'a str,
    value: &'a str,
}

/// Keeps what became of some rows: errors with the rows as they stood, and what changed.
pub(super) async fn record(
    tx: &mut Tx<'_>,
    import: Uuid,
    file: &ListFile,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    record_errors(tx, import, file, outcome).await?;
    record_changes(tx, import, &outcome.changes).await
}

async fn record_errors(tx: &mut Tx<'_>, import: Uuid, file: &ListFile, outcome: &Outcome) -> Result<(), StoreError> {
    let bad = outcome.bad_lines();
    let cells =
        |line: &u32| file.table.rows.binary_search_by_key(line, |row| row.line).ok().map(|at| &file.row(at).cells);
    let rows: Vec<BadRow> =
        bad.iter().filter_map(|line| Some(BadRow { line: *line, cells: json(cells(line)?) })).collect();
    insert(tx, sql::INSERT_ROWS, import, &rows).await?;
    let errors: Vec<ErrorOut<'_>> = outcome
        .errors
        .iter()
        .enumerate()
        .map(|(entry, error)| ErrorOut {
            line: error.line,
            entry,
            field: &error.field,
            code: &error.code,
            detail_es: &error.es,
            detail_en: &error.en,
            value: &error.value,
        })
        .collect();
    insert(tx, sql::INSERT_ERRORS, import, &errors).await
}

async fn record_changes(tx: &mut Tx<'_>, import: Uuid, changes: &[Change]) -> Result<(), StoreError> {
    insert(tx, sql::INSERT_CHANGES, import, changes).await
}

async fn insert<T: Serialize>(tx: &mut Tx<'_>, statement: Sql, import: Uuid, rows: &[T]) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let written = both!(tx, c, text => sqlx::query(text(statement))
            .bind(import).bind(json(chunk)).execute(c).await?.rows_affected());
        expect_rows(statement, chunk.len() as u64, written)?;
    }
    Ok(())
}
