//! Reading imports: one, a page of them, what is wrong in one, what is remembered of titles.

use gondola_store::{Actor, Db, StoreError, Tx, both};
use uuid::Uuid;

use super::kind::ImportKind;
use super::outcome::{RemarkSum, RowError};
use super::rows::BAD_ROW;
use super::sql;

/// An import as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ImportRow {
    /// Its id.
    pub id: Uuid,
    /// What it is of.
    pub kind: String,
    /// `running`, `previewed`, `applied`, `refused`, `interrupted`, `undoing` or `undone`.
    pub state: String,
    /// The file's name; empty when it came without one.
    pub file_name: String,
    pub(super) header: String,
    pub(super) mapping: String,
    /// Whether it only said what would happen.
    pub dry_run: bool,
    /// Whether it was all or nothing.
    pub atomic: bool,
    /// Rows of the file.
    pub rows_total: i64,
    /// Rows that went in, or would.
    pub rows_good: i64,
    /// Rows that did not.
    pub rows_bad: i64,
    /// Rows that made something new.
    pub rows_created: i64,
    /// Rows that changed something.
    pub rows_changed: i64,
    pub(super) remarks: String,
    /// Who did it.
    pub actor_name: String,
    /// When it began.
    pub created_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// When it was undone.
    pub undone_at: Option<i64>,
    /// The kept file it came from, when it came from a page.
    pub(super) file_id: Option<Uuid>,
    /// How its numbers wrote decimals, when somebody said so.
    pub(super) decimals: Option<String>,
    /// The place of its rows that named none.
    pub(super) location: Option<String>,
}

/// A file that waits for its import, its content sealed.
#[derive(sqlx::FromRow)]
pub(super) struct FileRow {
    pub id: Uuid,
    pub kind: String,
    pub file_name: String,
    pub location: Option<String>,
    pub content: Vec<u8>,
}

impl ImportRow {
    /// The titles of the file.
    pub fn header(&self) -> Result<Vec<String>, StoreError> {
        self.stored("header", &self.header)
    }

    /// The field that each column feeds.
    pub fn fields(&self) -> Result<Vec<Option<String>>, StoreError> {
        self.stored("mapping", &self.mapping)
    }

    /// What deserves a look.
    pub fn remarks(&self) -> Result<Vec<RemarkSum>, StoreError> {
        self.stored("remarks", &self.remarks)
    }

    /// Rows that were looked at.
    pub fn rows_done(&self) -> i64 {
        self.rows_good + self.rows_bad
    }

    /// Good rows that said nothing new.
    pub fn rows_same(&self) -> i64 {
        self.rows_good - self.rows_created - self.rows_changed
    }

    fn stored<T: serde::de::DeserializeOwned>(&self, column: &'static str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| StoreError::corrupt("imports", column, self.id, error))
    }
}

#[derive(sqlx::FromRow)]
struct ErrorRow {
    line: i64,
    entry: i64,
    field: String,
    code: String,
    detail_es: String,
    detail_en: String,
    value: String,
}

/// Where a page of errors begins: line and entry of the last one shown.
pub type ErrorKey = (i64, i64);

/// Whose imports somebody sees: of one place alone, their own; everybody else, all of them (RTE-3). A
/// file may hold rows of any place.
fn whose(actor: &Actor) -> Option<String> {
    actor.location.map(|_| actor.reference())
}

/// One import, when it is one that the actor sees.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn import(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<Option<ImportRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_IMPORT))
        .bind(id).bind(whose(actor)).fetch_optional(c).await?))
}

/// A kept file, when it is one that the actor sees.
pub(super) async fn file(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<Option<FileRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_FILE))
        .bind(id).bind(whose(actor)).fetch_optional(c).await?))
}

/// Whether a file is still kept.
pub(super) async fn file_is_kept(tx: &mut Tx<'_>, id: Uuid) -> Result<bool, StoreError> {
    let (files,): (i64,) = both!(tx, c, text => sqlx::query_as(text(sql::COUNT_FILE)).bind(id).fetch_one(c).await?);
    Ok(files > 0)
}

/// Imports that the actor sees, newest first, after the one given; dry runs alone, or all but them.
pub(super) async fn imports(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Option<ImportKind>,
    dry_run: Option<bool>,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<ImportRow>, StoreError> {
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_IMPORTS))
        .bind(kind.map(ImportKind::code)).bind(at).bind(id).bind(limit).bind(dry_run).bind(whose(actor)).fetch_all(c).await?))
}

/// What is wrong in an import, by line, each with its key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn errors_of(
    tx: &mut Tx<'_>,
    import: Uuid,
    after: ErrorKey,
    limit: i64,
) -> Result<Vec<(ErrorKey, RowError)>, StoreError> {
    let rows: Vec<ErrorRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_ERRORS))
        .bind(import).bind(after.0).bind(after.1).bind(limit).fetch_all(c).await?);
    let error = |row: ErrorRow| {
        let line = u32::try_from(row.line).unwrap_or(u32::MAX);
        let ErrorRow { field, code, detail_es: es, detail_en: en, value, .. } = row;
        ((row.line, row.entry), RowError { line, field, code, es, en, value })
    };
    Ok(rows.into_iter().map(error).collect())
}

/// Errors read at a time.
const ERRORS_AT_A_TIME: i64 = 5_000;

/// Everything that is wrong in an import, by line.
pub(super) async fn all_errors_of(tx: &mut Tx<'_>, import: Uuid) -> Result<Vec<RowError>, StoreError> {
    let (mut all, mut after) = (Vec::new(), (0, -1));
    loop {
        let page = errors_of(tx, import, after, ERRORS_AT_A_TIME).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = *last;
        all.extend(page.into_iter().map(|(_, error)| error));
    }
}

/// The rows of an import that were refused, as they stood, after a line.
pub(super) async fn bad_rows(
    tx: &mut Tx<'_>,
    db: &Db,
    import: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Vec<String>)>, StoreError> {
    let rows: Vec<(i64, Uuid, Vec<u8>)> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_ROWS))
        .bind(import).bind(after).bind(limit).fetch_all(c).await?);
    let mut read = Vec::with_capacity(rows.len());
    for (line, id, sealed) in rows {
        let plain = db.hand_back(tx, BAD_ROW, &id, &sealed).await?;
        let cells = serde_json::from_slice(&plain);
        read.push((line, cells.map_err(|error| StoreError::corrupt("import_rows", "cells", import, error))?));
    }
    Ok(read)
}

/// What somebody said the columns of files with these titles are.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remembered(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    signature: &str,
) -> Result<Option<Vec<Option<String>>>, StoreError> {
    let found: Option<(String,)> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_MAPPING))
        .bind(kind.code()).bind(signature).fetch_optional(c).await?);
    let Some((mapping,)) = found else { return Ok(None) };
    let fields = serde_json::from_str(&mapping);
    fields.map(Some).map_err(|error| StoreError::corrupt("import_mappings", "mapping", signature, error))
}
