//! A file whose columns are understood: what a kind of list it is, its rows, and which of them repeat
//! an earlier one. Everything that can be known without asking the shop.

use std::collections::{BTreeMap, HashMap};

use gondola_sheets::{DecimalStyle, Limits, Row, Table, header_signature};
use serde::Serialize;

use super::columns::{self, Column, letters};
use super::fields::Field;
use super::kind::ImportKind;
use super::refusal::ImportRefusal;
use super::repeats::{self, Repeat};
use crate::kernel::Accepts;

/// Bytes of a file at most.
pub const FILE_BYTES_MAX: usize = Limits::IMPORT.file_bytes_max;

/// Which files an import takes.
pub(super) const ACCEPTS: Accepts = Accepts {
    bytes_max: FILE_BYTES_MAX,
    types: &[
        "text/csv",
        "text/plain",
        "application/octet-stream",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
    otherwise: [
        "El archivo se manda como formulario (campo file), como text/csv o como Excel (.xlsx).",
        "The file is sent as a form (field file), as text/csv or as Excel (.xlsx).",
    ],
};

/// Columns of a file at most.
pub(super) const COLUMNS_MAX: usize = Limits::IMPORT.columns_max;
/// Cells shown of a column, and characters of each.
const SAMPLES: usize = 3;
const SAMPLE_CHARS_MAX: usize = 40;

/// How the caller wants a file read.
#[derive(Debug, Clone, Default)]
pub struct ReadAs {
    /// What its columns are.
    pub columns: ColumnsAre,
    /// How its numbers write decimals, where the file does not tell.
    pub decimals: Option<DecimalStyle>,
    /// The place of rows that do not name one; for stock.
    pub location: Option<String>,
}

/// What the columns of a file are, as far as the caller says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ColumnsAre {
    /// As somebody said of the same titles before, else as titles and cells suggest.
    #[default]
    Guessed,
    /// By title or letter: a field, or nothing. Columns that are not mentioned are guessed.
    Titled(BTreeMap<String, Option<String>>),
    /// The field of each column, in order.
    InOrder(Vec<Option<String>>),
}

/// A file read as a list of one kind.
#[derive(Debug)]
pub struct ListFile {
    pub(super) kind: ImportKind,
    pub(super) table: Table,
    pub(super) columns: Vec<Column>,
    pub(super) location: Option<String>,
    decimals: Option<DecimalStyle>,
    /// Rows that name what an earlier row named, by their place.
    pub(super) repeats: HashMap<usize, Repeat>,
    /// Rows in the order they are applied: those about one product stand together.
    pub(super) order: Vec<usize>,
    signature: String,
    named: bool,
}

/// A column of the file, for people.
#[derive(Debug, Clone, Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ColumnView {
    /// Its letter.
    #[schema(example = "A")]
    pub column: String,
    /// Its title.
    pub title: String,
    /// The field it feeds; null when it is not used.
    #[schema(required)]
    pub field: Option<String>,
}

/// A column as it is shown to who says what it is.
#[derive(Debug)]
pub(super) struct SeenColumn {
    /// Its letter.
    pub letter: String,
    /// Its title.
    pub title: String,
    /// The field it seems to feed.
    pub field: Option<&'static str>,
    /// What its first cells say.
    pub samples: Vec<String>,
}

/// The columns of a table with what they seem to be: as somebody said, else as titles and cells suggest.
pub(super) fn seen(kind: ImportKind, table: &Table, said: Option<&[Option<String>]>) -> Vec<SeenColumn> {
    let fields = columns::seem(kind, table, said);
    let column = |(at, (title, field)): (usize, (&String, Option<&'static str>))| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim());
        let samples = cells.filter(|cell| !cell.is_empty()).take(SAMPLES);
        let samples = samples.map(|cell| cell.chars().take(SAMPLE_CHARS_MAX).collect()).collect();
        SeenColumn { letter: letters(at), title: title.clone(), field, samples }
    };
    table.header.iter().zip(fields).enumerate().map(column).collect()
}

/// Reads the bytes of a file nobody has checked.
///
/// # Errors
/// [`ImportRefusal::File`] when nothing of it can be used.
pub fn read_table(bytes: &[u8]) -> Result<Table, ImportRefusal> {
    gondola_sheets::read(bytes, &Limits::IMPORT).map_err(ImportRefusal::File)
}

/// What a shop remembers a file's titles by.
pub fn signature(table: &Table) -> String {
    header_signature(&table.header)
}

/// The name of a way to write decimals; none for one that is not known.
pub(super) fn decimals_code(style: DecimalStyle) -> Option<&'static str> {
    match style {
        DecimalStyle::Comma => Some("comma"),
        DecimalStyle::Point => Some("point"),
        _ => None,
    }
}

/// The way to write decimals of that name.
pub(super) fn decimals_named(code: &str) -> Option<DecimalStyle> {
    [DecimalStyle::Comma, DecimalStyle::Point].into_iter().find(|style| decimals_code(*style) == Some(code))
}

impl ListFile {
    /// Understands a table as a list. `remembered` is what the shop knows of its titles.
    ///
    /// # Errors
    /// [`ImportRefusal`] when the columns cannot be used or no row is there.
    pub fn new(
        kind: ImportKind,
        table: Table,
        read_as: ReadAs,
        remembered: Option<Vec<Option<String>>>,
    ) -> Result<Self, ImportRefusal> {
        if table.rows.is_empty() {
            return Err(ImportRefusal::NoRows);
        }
        let columns = columns::choose(kind, &table, &read_as, remembered.as_deref()).map_err(ImportRefusal::Columns)?;
        let signature = signature(&table);
        let named = read_as.columns != ColumnsAre::Guessed;
        let location = read_as.location.map(|code| code.trim().to_lowercase()).filter(|code| !code.is_empty());
        let (repeats, order) = (HashMap::new(), Vec::new());
        let decimals = read_as.decimals;
        let mut file = Self { kind, table, columns, location, decimals, repeats, order, signature, named };
        (file.repeats, file.order) = repeats::find(&file);
        Ok(file)
    }

    /// What kind of list it is.
    pub fn kind(&self) -> ImportKind {
        self.kind
    }

    /// Rows of data.
    pub fn rows(&self) -> usize {
        self.table.rows.len()
    }

    /// Its columns and what each feeds.
    pub fn columns(&self) -> Vec<ColumnView> {
        let fed = |at: usize| self.columns.iter().find(|column| column.at == at);
        let view = |(at, title): (usize, &String)| ColumnView {
            column: letters(at),
            title: title.clone(),
            field: fed(at).map(|column| column.field.name.to_owned()),
        };
        self.table.header.iter().enumerate().map(view).collect()
    }

    /// How the caller said that numbers write decimals, as it is kept.
    pub(super) fn decimals_code(&self) -> Option<&'static str> {
        self.decimals.and_then(decimals_code)
    }

    /// The titles' signature and fields, when the caller named them and so they are to be remembered.
    pub(super) fn to_remember(&self) -> Option<(&str, String)> {
        let fields: Vec<Option<String>> = self.columns().into_iter().map(|column| column.field).collect();
        let fields = serde_json::to_string(&fields).expect("a list of names can be written");
        self.named.then_some((self.signature.as_str(), fields))
    }

    /// Whether a column feeds this field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.column(field).is_some()
    }

    pub(super) fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.field.name == field)
    }

    pub(super) fn row(&self, at: usize) -> &Row {
        &self.table.rows[at]
    }

    /// What the cell of a field says, without the spaces around; nothing when it is empty.
    pub(super) fn cell<'a>(&self, row: &'a Row, field: &str) -> Option<&'a str> {
        let column = self.column(field)?;
        row.cells.get(column.at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&'static Field, &Column)> {
        self.columns.iter().map(|column| (column.field, column))
    }
}
