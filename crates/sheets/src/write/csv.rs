//! CSV row by row, to any writer: a list of a million rows takes no more memory than one of ten (CSV-1, CSV-2).

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::{Column, Kind, WriteError, is_plain_decimal};
use crate::neutral::neutral;
use crate::table::Delimiter;

/// How a CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvStyle {
    /// What stands between two cells.
    pub delimiter: Delimiter,
    /// Whether a byte order mark tells Excel that the file is UTF-8.
    pub bom: bool,
    /// Whether decimals are written `1234,50`.
    pub decimal_comma: bool,
}

impl CsvStyle {
    /// What Argentine Excel opens with a double click: `;`, byte order mark, decimal comma.
    pub const EXCEL_AR: Self = Self { delimiter: Delimiter::Semicolon, bom: true, decimal_comma: true };
    /// What programs expect: `,`, no mark, decimal point.
    pub const PLAIN: Self = Self { delimiter: Delimiter::Comma, bom: false, decimal_comma: false };
}

/// Writes a CSV as its rows come.
pub struct CsvWriter<W: Write> {
    out: Writer<W>,
    columns: Vec<Column>,
    style: CsvStyle,
    rows: usize,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file with its header.
    pub fn new(mut out: W, columns: Vec<Column>, style: CsvStyle) -> Result<Self, WriteError> {
        if style.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = WriterBuilder::new()
            .delimiter(style.delimiter.as_byte())
            .terminator(Terminator::CRLF)
            .flexible(true)
            .from_writer(out);
        out.write_record(columns.iter().map(|column| neutral(&column.title).into_owned())).map_err(failed)?;
        Ok(Self { out, columns, style, rows: 0 })
    }

    /// Writes one row.
    pub fn row<S: AsRef<str>>(&mut self, values: &[S]) -> Result<(), WriteError> {
        self.rows += 1;
        if values.len() != self.columns.len() {
            return Err(WriteError::WrongWidth { row: self.rows, found: values.len(), expected: self.columns.len() });
        }
        for (column, value) in self.columns.iter().zip(values) {
            let text = cell(column.kind, value.as_ref(), self.style);
            self.out.write_field(text.as_bytes()).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Ends the file and gives the writer back.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out.flush()?;
        self.out.into_inner().map_err(|error| WriteError::Io(error.into_error()))
    }
}

fn cell(kind: Kind, value: &str, style: CsvStyle) -> Cow<'_, str> {
    match kind {
        Kind::Decimal { .. } | Kind::Integer if is_plain_decimal(value) => {
            if style.decimal_comma {
                Cow::Owned(value.replace('.', ","))
            } else {
                Cow::Borrowed(value)
            }
        }
        _ => neutral(value),
    }
}

fn failed(error: csv::Error) -> WriteError {
    WriteError::Io(error.into())
}
