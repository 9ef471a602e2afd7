//! XLSX row by row. Rows go to a nameless temporary file as they come, and from there packed to where the workbook
//! goes, so memory does not grow with the list.

use std::io::{Cursor, Seek, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Column, Kind, WriteError, holds_numbers, is_plain_decimal};
use crate::neutral::neutral;

/// Rows a workbook's sheet has, the header among them.
const SHEET_ROWS: usize = 1_048_576;
/// Digits that the float behind a workbook's number keeps; longer numbers are written as text.
const DIGITS_KEPT: usize = 15;
const SHEET_NAME_CHARS_MAX: usize = 31;
/// Length of `2026-11-23T10:00:00`.
const INSTANT_CHARS: usize = 19;

/// Writes a workbook of one sheet as its rows come.
pub struct XlsxWriter {
    workbook: Workbook,
    columns: Vec<Column>,
    formats: Vec<Format>,
    rows: usize,
}

impl XlsxWriter {
    /// Begins a workbook with its header: bold, and in view however far one scrolls.
    pub fn new(sheet_name: &str, columns: Vec<Column>) -> Result<Self, WriteError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&undated()?);
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(accepted_name(sheet_name)).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (position, column) in columns.iter().enumerate() {
            let place = place(position)?;
            sheet.set_column_width(place, width(column)).map_err(failed)?;
            sheet.write_string_with_format(0, place, neutral(&column.title), &bold).map_err(failed)?;
        }
        let formats = columns.iter().map(|column| format(column.kind)).collect();
        Ok(Self { workbook, columns, formats, rows: 0 })
    }

    /// Writes one row.
    pub fn row<S: AsRef<str>>(&mut self, values: &[S]) -> Result<(), WriteError> {
        if self.rows + 1 == SHEET_ROWS {
            return Err(WriteError::TooManyRows { rows_max: SHEET_ROWS - 1 });
        }
        self.rows += 1;
        if values.len() != self.columns.len() {
            return Err(WriteError::WrongWidth { row: self.rows, found: values.len(), expected: self.columns.len() });
        }
        let row = u32::try_from(self.rows).map_err(|_| WriteError::TooManyRows { rows_max: SHEET_ROWS - 1 })?;
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for (position, value) in values.iter().enumerate() {
            let cell = Cell { row, column: place(position)?, format: &self.formats[position] };
            cell.write(sheet, self.columns[position].kind, value.as_ref()).map_err(|error| match error {
                XlsxError::MaxStringLengthExceeded => WriteError::CellTooLong { row: self.rows, column: position + 1 },
                error => failed(error),
            })?;
        }
        Ok(())
    }

    /// Ends the workbook and gives its bytes.
    pub fn finish(self) -> Result<Vec<u8>, WriteError> {
        let mut bytes = Cursor::new(Vec::new());
        self.finish_into(&mut bytes)?;
        Ok(bytes.into_inner())
    }

    /// Ends the workbook and writes it out: packing it takes most of the time, and happens here.
    pub fn finish_into(mut self, out: impl Write + Seek + Send) -> Result<(), WriteError> {
        self.workbook.save_to_writer(out).map_err(failed)
    }
}

struct Cell<'a> {
    row: u32,
    column: u16,
    format: &'a Format,
}

impl Cell<'_> {
    fn write(&self, sheet: &mut Worksheet, kind: Kind, value: &str) -> Result<(), XlsxError> {
        let Self { row, column, format } = *self;
        match kind {
            _ if value.is_empty() => {}
            _ if holds_numbers(kind)
                && let Some(number) = exact_number(value) =>
            {
                sheet.write_number_with_format(row, column, number, format)?;
            }
            Kind::Date | Kind::Instant if let Some(moment) = moment(value) => {
                sheet.write_datetime_with_format(row, column, &moment, format)?;
            }
            _ => {
                sheet.write_string(row, column, neutral(value))?;
            }
        }
        Ok(())
    }
}

/// The float a workbook keeps for this number, if it keeps every digit. Workbooks have no other numbers; up to 15
/// digits come back exactly as they went in, and nothing is ever computed with it here.
fn exact_number(value: &str) -> Option<f64> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    (is_plain_decimal(value) && digits <= DIGITS_KEPT).then(|| value.parse().ok()).flatten()
}

fn moment(value: &str) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(value.get(..INSTANT_CHARS).unwrap_or(value)).ok()
}

fn format(kind: Kind) -> Format {
    let number_format = match kind {
        // The general format shows a number with the places it has.
        Kind::Text | Kind::Number => return Format::new(),
        Kind::Decimal { places: 0 } => "#,##0".to_owned(),
        Kind::Decimal { places } => format!("#,##0.{}", "0".repeat(places.into())),
        Kind::Integer => "0".to_owned(),
        Kind::Date => "dd/mm/yyyy".to_owned(),
        Kind::Instant => "dd/mm/yyyy hh:mm:ss".to_owned(),
    };
    Format::new().set_num_format(number_format)
}

fn width(column: &Column) -> u32 {
    let least = match column.kind {
        Kind::Text => 24,
        Kind::Instant => 20,
        Kind::Decimal { .. } | Kind::Number | Kind::Integer | Kind::Date => 14,
    };
    u32::try_from(column.title.chars().count()).unwrap_or(least).clamp(least, 60)
}

fn place(position: usize) -> Result<u16, WriteError> {
    u16::try_from(position).map_err(|_| WriteError::Workbook("more columns than a workbook has".to_owned()))
}

/// A sheet's name without what spreadsheets refuse in one.
fn accepted_name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c)).collect();
    let mut cut = String::new();
    for character in kept.trim().chars() {
        if cut.encode_utf16().count() + character.len_utf16() > SHEET_NAME_CHARS_MAX {
            break;
        }
        cut.push(character);
    }
    if cut.is_empty() { "Hoja1".to_owned() } else { cut }
}

/// A workbook states when it was made. This crate has no clock, and the same list gives the same bytes.
fn undated() -> Result<DocProperties, WriteError> {
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    Ok(DocProperties::new().set_creation_datetime(&epoch))
}

fn failed(error: XlsxError) -> WriteError {
    WriteError::Workbook(error.to_string())
}
