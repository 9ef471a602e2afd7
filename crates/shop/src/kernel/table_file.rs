//! A small table that arrives as a file, CSV or XLSX, and is taken whole or not at all: which column is which field, and
//! what is wrong with which line.

use gondola_sheets::{DecimalStyle, FieldSpec, Limits, Row, Table, guess_columns, number};

use super::fields::Read;
use super::{Accepts, Errors, Problem, Text, Upload};

/// The form field of the file; every problem is about it.
const FILE: &str = "file";
/// Lines of a file that are told to be wrong, at most.
const PROBLEMS_MAX: usize = 20;

/// A table with its columns known.
pub struct TableFile {
    table: Table,
    /// For each field, its column and how decimals are written in it.
    columns: Vec<Option<(usize, DecimalStyle)>>,
}

impl TableFile {
    /// The files that are taken, up to so many bytes.
    pub const fn accepts(bytes_max: usize) -> Accepts {
        Accepts {
            bytes_max,
            types: &[
                "text/csv",
                "text/plain",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/octet-stream",
            ],
            otherwise: [
                "El archivo se manda como formulario (campo file), como CSV o Excel (.xlsx).",
                "The file is sent as a form (field file), as CSV or Excel (.xlsx).",
            ],
        }
    }

    /// Reads a file of at most `rows_max` rows below its titles. Of each of the groups `needed` one field at least must have
    /// a column; `otherwise` says so.
    ///
    /// # Errors
    /// 422 on `file`.
    pub fn read(
        upload: &Upload,
        (bytes_max, rows_max): (usize, usize),
        (fields, needed): (&[FieldSpec<'_>], &[&[usize]]),
        otherwise: Text,
    ) -> Result<Self, Problem> {
        let limits = Limits { file_bytes_max: bytes_max, rows_max: rows_max + 1, ..Limits::IMPORT };
        let table = gondola_sheets::read(&upload.bytes, &limits)
            .map_err(|error| Problem::invalid_field(FILE, error.code(), error.message_es(), error.message_en()))?;
        let guesses = guess_columns(&table.header, &table.rows, fields);
        let column = |field: usize| {
            let column = guesses.iter().position(|guess| *guess == Some(field))?;
            Some((column, table.decimal_style(column)))
        };
        let columns: Vec<_> = (0..fields.len()).map(column).collect();
        let is_missing = |group: &&[usize]| group.iter().all(|field| columns[*field].is_none());
        if needed.iter().any(is_missing) {
            return Err(Problem::invalid_field(FILE, "columns_missing", otherwise.es, otherwise.en));
        }
        Ok(Self { table, columns })
    }

    /// What stands below the titles.
    pub fn rows(&self) -> &[Row] {
        &self.table.rows
    }

    /// What a row says of a field, trimmed; empty where it has no such column.
    pub fn cell<'r>(&self, row: &'r Row, field: usize) -> &'r str {
        let column = self.columns[field].map(|(column, _)| column);
        column.and_then(|column| row.cells.get(column)).map_or("", |cell| cell.trim())
    }

    /// The same as a plain decimal, `1234.56`; a percent sign behind it says nothing.
    ///
    /// # Errors
    /// What is no number.
    pub fn number(&self, row: &Row, field: usize) -> Read<String> {
        let (column, style) = self.columns[field].unwrap_or((usize::MAX, DecimalStyle::Unknown));
        let style = if row.is_number(column) { DecimalStyle::Point } else { style };
        number::canonical(self.cell(row, field).trim_end_matches('%').trim_end(), style)
            .map_err(|error| (error.code(), Text::new(error.message_es(), error.message_en())))
    }

    /// Reads every row; none of them means that there is nothing below the titles.
    ///
    /// # Errors
    /// 422 on `file` with what is wrong with each line, up to twenty of them.
    pub fn each<T>(&self, mut read: impl FnMut(&Row) -> Read<Option<T>>) -> Result<Vec<T>, Problem> {
        let (mut errors, mut told, mut taken) = (Errors::new(), 0, Vec::new());
        for row in &self.table.rows {
            match read(row) {
                Ok(one) => taken.extend(one),
                Err(_) if told == PROBLEMS_MAX => break,
                Err((code, Text { es, en })) => {
                    told += 1;
                    errors.add(FILE, code, format!("Renglón {}: {es}", row.line), format!("Line {}: {en}", row.line));
                }
            }
        }
        errors.finish()?;
        if taken.is_empty() {
            let es = "El archivo no tiene nada debajo de los títulos.";
            return Err(Problem::invalid_field(FILE, "no_rows", es, "The file has nothing below its titles."));
        }
        Ok(taken)
    }
}
