//! Files that leave the shop: CSV by RFC 4180 and XLSX, from the same columns and by the same rules.
//!
//! Values come as plain text (`1234.50`, `2026-11-23`), already in the reader's time zone and already allowed for
//! the reader's eyes. A value that is not of its column's kind is written as text, never dropped, and no text can
//! run as a formula (CSV-2). Not here: which rows a list has and who may see them.

mod csv;
mod xlsx;

use std::io;

use thiserror::Error;

pub use self::csv::{CsvStyle, CsvWriter};
pub use self::xlsx::XlsxWriter;

/// A column of a file that leaves the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title, in the reader's language.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A decimal with a point, shown with so many places in a workbook.
    Decimal {
        /// Places shown.
        places: u8,
    },
    /// A decimal with a point, shown with the places it has.
    Number,
    /// A whole number, without thousands marks.
    Integer,
    /// A date as `2026-11-23`.
    Date,
    /// A date and time as `2026-11-23T10:00:00`; an offset or fraction after it is not shown in a workbook.
    Instant,
}

/// A small file, whole in memory; [`CsvWriter`] and [`XlsxWriter`] write the large ones row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet in a workbook.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows; each has a value per column.
    pub rows: Vec<Vec<String>>,
}

/// Why a file could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The file or connection it goes to failed.
    #[error("writing failed")]
    Io(#[from] io::Error),
    /// A row with more or fewer values than there are columns: a mistake of the caller.
    #[error("row {row} has {found} values for {expected} columns")]
    WrongWidth {
        /// The row, from 1.
        row: usize,
        /// Values it has.
        found: usize,
        /// Columns there are.
        expected: usize,
    },
    /// A workbook holds no more rows; the same list fits in a CSV.
    #[error("a workbook holds {rows_max} rows at most")]
    TooManyRows {
        /// The limit of the format, without the header.
        rows_max: usize,
    },
    /// A workbook holds no longer text in one cell; a CSV does.
    #[error("row {row}, column {column}: the text is longer than a workbook's cell")]
    CellTooLong {
        /// The row, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The workbook could not be put together.
    #[error("the workbook could not be written: {0}")]
    Workbook(String),
}

impl Sheet {
    /// The sheet as CSV.
    pub fn to_csv(&self, style: CsvStyle) -> Result<Vec<u8>, WriteError> {
        let mut writer = CsvWriter::new(Vec::new(), self.columns.clone(), style)?;
        for row in &self.rows {
            writer.row(row)?;
        }
        writer.finish()
    }

    /// The sheet as a workbook.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, WriteError> {
        let mut writer = XlsxWriter::new(&self.name, self.columns.clone())?;
        for row in &self.rows {
            writer.row(row)?;
        }
        writer.finish()
    }
}

/// Whether the values of a column are numbers.
fn holds_numbers(kind: Kind) -> bool {
    matches!(kind, Kind::Decimal { .. } | Kind::Number | Kind::Integer)
}

/// Whether a value can stand as a number: an optional `-`, digits, and a point with digits.
fn is_plain_decimal(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(decimals)
}
