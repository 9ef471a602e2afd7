//! Why a file does not go in at all, or an import cannot be done or undone. What is wrong with single
//! rows is a `RowError`, never one of these.

use axum::http::StatusCode;
use gondola_sheets::SheetError;

use super::outcome::RowError;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};

/// Why an import did not happen.
#[derive(Debug)]
pub enum ImportRefusal {
    /// The file cannot be read.
    File(SheetError),
    /// It has titles and nothing below them.
    NoRows,
    /// The mapping is not a JSON object of titles and fields.
    BadMapping,
    /// Its columns cannot be used.
    Columns(Vec<FieldProblem>),
    /// Rows are bad and all or nothing was asked for.
    Rows {
        /// What is wrong, row by row.
        errors: Vec<RowError>,
        /// The import that remembers them, for the correction file.
        import: uuid::Uuid,
    },
    /// The file that was to be imported is not kept any more.
    FileGone,
    /// There is no such import.
    NotFound,
    /// The import was stopped or undone while it ran.
    Stopped,
    /// The import changed nothing, so there is nothing to undo.
    NothingToUndo,
    /// It was undone before.
    AlreadyUndone,
}

/// The code of a file whose columns cannot be used.
pub(super) const BAD_COLUMNS: &str = "bad_columns";
/// Errors that one answer lists at most; the rest are in the import's own list.
pub(super) const ERRORS_IN_ANSWER_MAX: usize = 1_000;

impl ImportRefusal {
    /// The message.
    pub fn text(&self) -> Text {
        match self {
            Self::File(error) => Text::new(error.message_es(), error.message_en()),
            Self::NoRows => Text::new(
                "El archivo tiene títulos y ninguna fila debajo.",
                "The file has titles and no row below them.",
            ),
            Self::BadMapping => Text::new(
                "Las columnas van como {\"Título\": \"dato\"}; con null la columna no se usa.",
                "Columns are given as {\"Title\": \"field\"}; null leaves a column out.",
            ),
            Self::Columns(_) => Text::new(
                "No se entiende qué es cada columna. No se cargó nada.",
                "It is not clear what each column is. Nothing was imported.",
            ),
            Self::Rows { errors, import } => rows_text(errors, *import),
            Self::FileGone => Text::new(
                "Ese archivo ya no está: se guarda un día. Cargalo de nuevo.",
                "That file is not kept any more: it is kept for a day. Send it again.",
            ),
            Self::NotFound => Text::new("No existe esa importación.", "There is no such import."),
            Self::Stopped => Text::new(
                "La importación se detuvo: alguien la deshizo mientras corría.",
                "The import was stopped: somebody undid it while it ran.",
            ),
            Self::NothingToUndo => Text::new(
                "Esa importación no cambió nada: no hay qué deshacer.",
                "That import changed nothing: there is nothing to undo.",
            ),
            Self::AlreadyUndone => Text::new("Esa importación ya se deshizo.", "That import was already undone."),
        }
    }
}

fn rows_text(errors: &[RowError], import: uuid::Uuid) -> Text {
    let mut lines: Vec<u32> = errors.iter().map(|error| error.line).collect();
    lines.dedup();
    let rows = lines.len();
    let errors_path = format!("/api/v1/imports/{import}/errors?format=csv");
    Text::new(
        format!(
            "Hay {rows} fila(s) para corregir y no se cargó ninguna. El archivo de correcciones está en {errors_path}."
        ),
        format!("{rows} row(s) need correcting and none was imported. The correction file is at {errors_path}."),
    )
}

impl From<ImportRefusal> for Problem {
    fn from(refusal: ImportRefusal) -> Self {
        let text = refusal.text();
        let problem =
            |status, code, fields| Self { fields, ..Self::new(status, code, text.es.clone(), text.en.clone()) };
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let about = |field: &str, code| FieldProblem { field: field.to_owned(), code, detail: text.clone() };
        match refusal {
            ImportRefusal::File(error) => {
                let too_large = matches!(error, SheetError::FileTooLarge { .. });
                let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { unprocessable };
                problem(status, error.code(), vec![about("file", error.code())])
            }
            ImportRefusal::NoRows => problem(unprocessable, "sheet_no_rows", vec![about("file", "sheet_no_rows")]),
            ImportRefusal::BadMapping => problem(unprocessable, "bad_mapping", vec![about("mapping", "bad_mapping")]),
            ImportRefusal::Columns(fields) => problem(unprocessable, BAD_COLUMNS, fields),
            ImportRefusal::Rows { errors, .. } => problem(unprocessable, "import_refused", row_problems(&errors)),
            ImportRefusal::FileGone => problem(StatusCode::CONFLICT, "file_gone", Vec::new()),
            ImportRefusal::NotFound => Self::not_found(),
            ImportRefusal::Stopped => problem(StatusCode::CONFLICT, "import_stopped", Vec::new()),
            ImportRefusal::NothingToUndo => problem(StatusCode::CONFLICT, "nothing_to_undo", Vec::new()),
            ImportRefusal::AlreadyUndone => problem(StatusCode::CONFLICT, "already_undone", Vec::new()),
        }
    }
}

/// Bad rows as fields of the request: `lines[38].barcode`. The code of a row's error is the feature's,
/// so all of them go under one here and by name in the import's own list.
fn row_problems(errors: &[RowError]) -> Vec<FieldProblem> {
    let shown = errors.iter().take(ERRORS_IN_ANSWER_MAX);
    shown
        .map(|error| {
            let field = if error.field.is_empty() { String::new() } else { format!(".{}", error.field) };
            FieldProblem { field: format!("lines[{}]{field}", error.line), code: "bad_row", detail: error.detail() }
        })
        .collect()
}
