//! The cells of a supplier's list as they are kept, and the file they come from: CSV, XLSX or a PDF with text. What a column
//! means is not known here. The cells stay, so that a list can be read again under other columns.

use gondola_papers::capture::{self, Kind, Limits as PaperLimits, sniff};
use gondola_papers::page::Page;
use gondola_papers::tools::Tools;
use gondola_sheets::{DecimalStyle, Limits, NumberError, Row, SheetError, Table, number};
use gondola_store::protect::Column;
use serde::{Deserialize, Serialize};

use super::fields::{Mapping, Remembered, mapping};
use super::paper;

/// Bytes of a list's file at most.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of a list at most.
pub const ROWS_MAX: usize = 20_000;
/// Columns of a list at most.
pub const COLUMNS_MAX: usize = 64;

/// What a list may ask of us.
const LIMITS: Limits = Limits {
    file_bytes_max: FILE_BYTES_MAX,
    unpacked_bytes_max: 64 * 1024 * 1024,
    parts_max: 2_000,
    rows_max: ROWS_MAX + 1,
    columns_max: COLUMNS_MAX,
    cell_bytes_max: 4 * 1024,
};

/// The cells of a list as they came.
pub const CELLS: Column<Grid> = Column::new(
    "supplier_list_files",
    "cells",
    |grid| serde_json::to_vec(grid).expect("cells are plain values"),
    |bytes| serde_json::from_slice(bytes).ok(),
);

/// How the numbers of a column write decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// With a comma; a lone point is one of thousands.
    Comma,
    /// With a point.
    Point,
    /// Either way: what can be read in two ways is refused.
    Mixed,
}

impl Mark {
    /// Where nothing tells, `1.234` is 1234: so Argentine papers write money.
    const fn of(style: DecimalStyle) -> Self {
        match style {
            DecimalStyle::Comma | DecimalStyle::Unknown => Self::Comma,
            DecimalStyle::Point => Self::Point,
            DecimalStyle::Mixed => Self::Mixed,
        }
    }

    const fn style(self) -> DecimalStyle {
        match self {
            Self::Comma => DecimalStyle::Comma,
            Self::Point => DecimalStyle::Point,
            Self::Mixed => DecimalStyle::Mixed,
        }
    }
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// Its line in the file.
    pub line: u32,
    /// Its cells as text.
    pub cells: Vec<String>,
    /// Columns that held a real number of a workbook.
    pub numbers: Vec<usize>,
}

/// The cells of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The titles of its columns.
    pub titles: Vec<String>,
    /// How the numbers of each column are written.
    pub marks: Vec<Mark>,
    /// Its rows.
    pub rows: Vec<GridRow>,
}

/// Why a file is no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no spreadsheet we read.
    Sheet(SheetError),
    /// It is a picture, or a PDF of pictures: there is no text in it to trust prices to.
    NoText,
    /// It is a PDF that cannot be read: the code of why.
    Paper(&'static str),
    /// It is a PDF without a table that has names and prices.
    NoTable,
    /// There is a heading and nothing below it.
    NoRows,
}

/// A file that was read: its cells, and what its columns seem to be.
#[derive(Debug, Clone)]
pub struct ReadList {
    /// The cells.
    pub grid: Grid,
    /// What the columns are, by what the titles say.
    table: Table,
}

impl ReadList {
    /// Reads a file; a PDF blocks for seconds.
    ///
    /// # Errors
    /// [`Unreadable`] says why it is no list.
    pub fn of(bytes: &[u8]) -> Result<Self, Unreadable> {
        let table = match sniff(bytes) {
            None => gondola_sheets::read(bytes, &LIMITS).map_err(Unreadable::Sheet)?,
            Some(Kind::Pdf) => table_of_paper(bytes)?,
            Some(_) => return Err(Unreadable::NoText),
        };
        if table.rows.is_empty() {
            return Err(Unreadable::NoRows);
        }
        Ok(Self { grid: Grid::of(&table), table })
    }

    /// What its columns are: as was said of a list of that supplier before, else as they seem.
    pub fn mapping(&self, remembered: &Remembered) -> Mapping {
        mapping(&self.table, remembered)
    }
}

fn table_of_paper(bytes: &[u8]) -> Result<Table, Unreadable> {
    let pages = capture::read_text(bytes, &Tools::default(), &PaperLimits::default()).map_err(|error| {
        tracing::warn!(%error, code = error.code(), "read a price list");
        Unreadable::Paper(error.code())
    })?;
    let pages: Option<Vec<Page>> = pages.into_iter().collect();
    let pages = pages.ok_or(Unreadable::NoText)?;
    let text = paper::as_text(&pages).ok_or(Unreadable::NoTable)?;
    gondola_sheets::read(text.as_bytes(), &LIMITS).map_err(Unreadable::Sheet)
}

impl Grid {
    fn of(table: &Table) -> Self {
        let columns = table.header.len();
        let row = |row: &Row| GridRow {
            line: row.line,
            cells: row.cells.iter().take(columns).cloned().collect(),
            numbers: (0..columns).filter(|column| row.is_number(*column)).collect(),
        };
        Self {
            titles: table.header.clone(),
            marks: (0..columns).map(|column| Mark::of(table.decimal_style(column))).collect(),
            rows: table.rows.iter().map(row).collect(),
        }
    }

    /// What a cell says, without the space around it; nothing when it is empty.
    pub fn cell<'r>(&self, row: &'r GridRow, column: usize) -> Option<&'r str> {
        row.cells.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// The number of a cell as a plain decimal.
    ///
    /// # Errors
    /// When it is none, or may be two.
    pub fn number(&self, row: &GridRow, column: usize) -> Result<String, NumberError> {
        let mark = self.marks.get(column).map_or(DecimalStyle::Mixed, |mark| mark.style());
        let style = if row.numbers.contains(&column) { DecimalStyle::Point } else { mark };
        number::canonical(self.cell(row, column).unwrap_or_default(), style)
    }
}
