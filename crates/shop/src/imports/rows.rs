//! Rows on their way in, as the JSON lists that the bulk statements take apart.

use gondola_store::protect::{Column, ColumnName, Protected, conceal};
use gondola_store::{Context, Sql, StoreError, Tx, both, expect_rows};
use gondola_vault::hex;
use serde::Serialize;
use uuid::Uuid;

use super::file::ListFile;
use super::outcome::{Change, Outcome};
use super::sql;
use crate::kernel::bulk::json;

/// Rows per statement: enough to be quick, few enough to stay small in memory.
const ROWS_PER_STATEMENT: usize = 2_000;

/// A row that was refused. It goes back to whoever sent it, so opening one is no access of its own.
pub const BAD_ROW: ColumnName = ColumnName { table: "import_rows", column: "cells", sealed_for: "cells" };

/// What a target was before an import, in fields of its view; costs are among them.
pub const BEFORE: Column<String> = Column::new(
    "import_changes",
    "before",
    |fields| fields.as_bytes().to_vec(),
    |bytes| String::from_utf8(bytes.to_vec()).ok(),
);

#[derive(Serialize)]
struct BadRow {
    line: u32,
    id: Uuid,
    /// The list of texts it was, sealed: what it says may be protected where it should have gone.
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

#[derive(Serialize)]
struct ChangeOut<'a> {
    line: u32,
    target_kind: &'static str,
    target_id: Uuid,
    label: &'a str,
    id: Uuid,
    /// Sealed.
    before: Option<String>,
    version_after: i64,
}

/// Keeps what became of some rows: errors with the rows as they stood, and what changed.
pub(super) async fn record(
    tx: &mut Tx<'_>,
    cx: &Context,
    import: Uuid,
    file: &ListFile,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    record_errors(tx, cx, import, file, outcome).await?;
    record_changes(tx, cx, import, &outcome.changes).await
}

async fn record_errors(
    tx: &mut Tx<'_>,
    cx: &Context,
    import: Uuid,
    file: &ListFile,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let bad = outcome.bad_lines();
    let cells =
        |line: &u32| file.table.rows.binary_search_by_key(line, |row| row.line).ok().map(|at| &file.row(at).cells);
    let row = |line: &u32| {
        let id = cx.new_id();
        let cells = cx.vault().seal(BAD_ROW.place(&id), json(cells(line)?).as_bytes());
        Some(BadRow { line: *line, id, cells: hex(&cells) })
    };
    let rows: Vec<BadRow> = bad.iter().filter_map(row).collect();
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

async fn record_changes(tx: &mut Tx<'_>, cx: &Context, import: Uuid, changes: &[Change]) -> Result<(), StoreError> {
    let before = |change: &Change| (cx.new_id(), change.before.clone().map(Protected::new));
    let before: Vec<(Uuid, Option<Protected<String>>)> = changes.iter().map(before).collect();
    let sealed = conceal(tx, cx, &BEFORE, before.iter().map(|(id, before)| (*id, before.as_ref()))).await?;
    let rows = changes.iter().zip(&before).zip(&sealed).map(|((change, (id, _)), sealed)| ChangeOut {
        line: change.line,
        target_kind: change.target_kind,
        target_id: change.target_id,
        label: &change.label,
        id: *id,
        before: sealed.as_deref().map(hex),
        version_after: change.version_after,
    });
    let rows: Vec<ChangeOut<'_>> = rows.collect();
    insert(tx, sql::INSERT_CHANGES, import, &rows).await
}

async fn insert<T: Serialize>(tx: &mut Tx<'_>, statement: Sql, import: Uuid, rows: &[T]) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let written = both!(tx, c, text => sqlx::query(text(statement))
            .bind(import).bind(json(chunk)).execute(c).await?.rows_affected());
        expect_rows(statement, chunk.len() as u64, written)?;
    }
    Ok(())
}
