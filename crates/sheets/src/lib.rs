//! CSV and XLSX in and out, as Argentine spreadsheets write them.
//!
//! [`read`] takes the bytes of a file nobody has checked and gives back a [`Table`] of text cells with the line
//! numbers a person sees; [`number`] turns `1.234,56` into `1234.56` without a float; [`guess_columns`] proposes
//! which column is which; [`Sheet`], [`CsvWriter`] and [`XlsxWriter`] write files that spreadsheets open well and
//! that cannot run formulas.
//!
//! Not here: what a column means, money, products, and everything about HTTP or files on disk.

mod cell;
mod decode;
mod error;
mod guess;
mod layout;
mod limits;
mod neutral;
pub mod number;
mod package;
mod read;
mod sniff;
mod table;
mod text;
mod workbook;
mod write;

pub use error::{FileKind, SheetError, column_letters};
pub use guess::{Content, FieldSpec, guess_columns, header_signature};
pub use limits::Limits;
pub use number::{DecimalStyle, NumberError};
pub use read::read;
pub use table::{Delimiter, Encoding, Ragged, Row, Source, Table};
pub use write::{Column, CsvStyle, CsvWriter, Kind, Sheet, WriteError, XlsxWriter};
