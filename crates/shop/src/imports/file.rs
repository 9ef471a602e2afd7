//! A file whose columns are understood: what a kind of list it is, its rows, and which of them repeat
//! an earlier one. Everything that can be known without asking the shop.

use std::collections::HashMap;

use gondola_sheets::{DecimalStyle, Limits, Row, Table, header_signature};
use serde::Serialize;

use super::columns::{self, Column, Hints, letters};
use super::fields::Field;
use super::kind::ImportKind;
use super::refusal::ImportRefusal;
use super::repeats::{self, Repeat};

/// How the caller wants a file read.
#[derive(Debug, Clone, Default)]
pub struct ReadAs {
    /// Column titles to fields, as JSON: `{"Precio": "sale_price", "Nota": null}`.
    pub mapping: Option<String>,
    /// How its numbers write decimals, where the file does not tell.
    pub decimals: Option<DecimalStyle>,
    /// The place of rows that do not name one; for stock.
    pub location: Option<String>,
}

/// A file read as a list of one kind.
#[derive(Debug)]
pub struct ListFile {
    pub(super) kind: ImportKind,
    pub(super) table: Table,
    pub(super) columns: Vec<Column>,
    pub(super) location: Option<String>,
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
        let named = match &read_as.mapping {
            None => None,
            Some(text) => Some(serde_json::from_str(text).map_err(|_| ImportRefusal::BadMapping)?),
        };
        let hints = Hints { named, remembered, decimals: read_as.decimals };
        let columns = columns::choose(kind, &table, &hints).map_err(ImportRefusal::Columns)?;
        let signature = signature(&table);
        let location = read_as.location.map(|code| code.trim().to_lowercase()).filter(|code| !code.is_empty());
        let (repeats, order) = (HashMap::new(), Vec::new());
        let named = hints.named.is_some();
        let mut file = Self { kind, table, columns, location, repeats, order, signature, named };
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
