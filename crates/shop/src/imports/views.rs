//! What imports answer over the API and the command line: counts, columns, remarks, and the first
//! errors with the way to the rest.

use gondola_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::columns::letters;
use super::file::ColumnView;
use super::outcome::{RemarkSum, RowError};
use super::queries::{self, ErrorKey, ImportRow};
use super::refusal::ERRORS_IN_ANSWER_MAX;
use crate::kernel::Lang;
use crate::kernel::paging::token;
use crate::kernel::time::format_instant;

/// An import.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportView {
    /// Its id.
    pub id: Uuid,
    /// `products`, `suppliers`, `stock` or `prices`.
    pub kind: String,
    /// `running`, `previewed` (a dry run), `applied`, `refused` (atomic, with bad rows), `interrupted` (its
    /// process went away; what it did can be undone), `undoing` or `undone`.
    pub state: String,
    /// The file's name; empty when it came without one.
    pub file_name: String,
    /// Whether it only said what would happen.
    pub dry_run: bool,
    /// Whether it was all or nothing.
    pub atomic: bool,
    /// Rows of the file.
    pub rows_total: i64,
    /// Rows that went in, or would.
    pub rows_good: i64,
    /// Rows that need correcting.
    pub rows_bad: i64,
    /// Good rows that made something new, or would.
    pub rows_created: i64,
    /// Good rows that changed something, or would; the other good rows said nothing new.
    pub rows_changed: i64,
    /// The file's columns and what each feeds.
    pub columns: Vec<ColumnView>,
    /// What deserves a look though the rows went in.
    pub remarks: Vec<RemarkView>,
    /// What is wrong, by line; the first 1,000.
    pub errors: Vec<RowErrorView>,
    /// Give it as `after` to the import's `errors` for more; null when these are all.
    #[schema(required)]
    pub errors_next: Option<String>,
    /// Who did it.
    pub user: String,
    /// When it began, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it ended, UTC; null while it runs.
    #[schema(required, format = DateTime)]
    pub finished_at: Option<String>,
    /// When it was undone, UTC.
    #[schema(required, format = DateTime)]
    pub undone_at: Option<String>,
}

/// Something that deserves a look.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportRemark)]
pub struct RemarkView {
    /// Stable code.
    #[schema(example = "unknown_category")]
    pub code: String,
    /// What was done about it.
    pub detail: String,
    /// What the rows say.
    pub value: String,
    /// How many rows.
    pub lines: u32,
    /// The first of them.
    pub first_line: u32,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportError)]
pub struct RowErrorView {
    /// Line of the file, from 1, as spreadsheets show it.
    pub line: u32,
    /// The field; empty for the row as a whole.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What would be accepted.
    pub detail: String,
    /// What the cell says.
    pub value: String,
}

impl RowErrorView {
    /// The error in one language.
    pub fn of(error: RowError, lang: Lang) -> Self {
        let detail = error.detail().in_lang(lang).to_owned();
        Self { line: error.line, field: error.field, code: error.code, detail, value: error.value }
    }
}

impl RemarkView {
    fn of(sum: RemarkSum, lang: Lang) -> Self {
        let detail = lang.pick(&sum.es, &sum.en).to_owned();
        Self { code: sum.code, detail, value: sum.value, lines: sum.lines, first_line: sum.first_line }
    }
}

impl ImportView {
    /// An import with its first errors.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn whole(tx: &mut Tx<'_>, row: ImportRow, lang: Lang) -> Result<Self, StoreError> {
        let limit = i64::try_from(ERRORS_IN_ANSWER_MAX).expect("it is small");
        let errors =
            if row.rows_bad == 0 { Vec::new() } else { queries::errors_of(tx, row.id, (0, -1), limit + 1).await? };
        Self::new(row, errors, lang)
    }

    /// An import with every error there is.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn complete(tx: &mut Tx<'_>, row: ImportRow, lang: Lang) -> Result<Self, StoreError> {
        let errors = queries::all_errors_of(tx, row.id).await?;
        let errors = errors.into_iter().map(|error| RowErrorView::of(error, lang)).collect();
        Ok(Self { errors, ..Self::new(row, Vec::new(), lang)? })
    }

    /// An import without its errors, for a list.
    pub(super) fn brief(row: ImportRow, lang: Lang) -> Result<Self, StoreError> {
        let next = (row.rows_bad > 0).then(|| token(&(0_i64, -1_i64)));
        let view = Self::new(row, Vec::new(), lang)?;
        Ok(Self { errors_next: next, ..view })
    }

    fn new(row: ImportRow, mut errors: Vec<(ErrorKey, RowError)>, lang: Lang) -> Result<Self, StoreError> {
        let more = errors.len() > ERRORS_IN_ANSWER_MAX;
        errors.truncate(ERRORS_IN_ANSWER_MAX);
        let errors_next = errors.last().filter(|_| more).map(|(key, _)| token(key));
        Ok(Self {
            columns: columns(&row)?,
            remarks: row.remarks()?.into_iter().map(|sum| RemarkView::of(sum, lang)).collect(),
            id: row.id,
            kind: row.kind,
            state: row.state,
            file_name: row.file_name,
            dry_run: row.dry_run,
            atomic: row.atomic,
            rows_total: row.rows_total,
            rows_good: row.rows_good,
            rows_bad: row.rows_bad,
            rows_created: row.rows_created,
            rows_changed: row.rows_changed,
            errors: errors.into_iter().map(|(_, error)| RowErrorView::of(error, lang)).collect(),
            errors_next,
            user: row.actor_name,
            created_at: format_instant(row.created_at),
            finished_at: row.finished_at.map(format_instant),
            undone_at: row.undone_at.map(format_instant),
        })
    }
}

fn columns(row: &ImportRow) -> Result<Vec<ColumnView>, StoreError> {
    let columns = row.header()?.into_iter().zip(row.fields()?).enumerate();
    Ok(columns.map(|(at, (title, field))| ColumnView { column: letters(at), title, field }).collect())
}
