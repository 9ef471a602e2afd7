//! CSV row by row, to any writer: a list of a million rows takes no more memory than one of ten (CSV-1, CSV-2).

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::{Column, Kind, WriteError, holds_numbers, is_plain_decimal};
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
    /// Whether days are written `23/11/2026`, and instants `23/11/2026 10:00:00`.
    pub day_first: bool,
}

impl CsvStyle {
    /// What Argentine Excel opens with a double click: `;`, byte order mark, decimal comma, the day first.
    pub const EXCEL_AR: Self =
        Self { delimiter: Delimiter::Semicolon, bom: true, decimal_comma: true, day_first: true };
    /// What programs expect: `,`, no mark, decimal point, ISO dates.
    pub const PLAIN: Self = Self { delimiter: Delimiter::Comma, bom: false, decimal_comma: false, day_first: false };
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
        _ if holds_numbers(kind) && is_plain_decimal(value) => {
            if style.decimal_comma {
                Cow::Owned(value.replace('.', ","))
            } else {
                Cow::Borrowed(value)
            }
        }
        Kind::Date | Kind::Instant if style.day_first => day_first(value).map_or_else(|| neutral(value), Cow::Owned),
        _ => neutral(value),
    }
}

/// `2026-11-23T10:00:00` as `23/11/2026 10:00:00`; nothing for what is no date.
fn day_first(value: &str) -> Option<String> {
    let (date, time) = value.split_once('T').unwrap_or((value, ""));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = parts.next().is_none() && digits(year, 4) && digits(month, 2) && digits(day, 2);
    is_date.then(|| format!("{day}/{month}/{year} {time}").trim_end().to_owned())
}

fn failed(error: csv::Error) -> WriteError {
    WriteError::Io(error.into())
}
