//! The one door in: any bytes to a [`Table`], or a reason a shopkeeper can act on.
//!
//! The kind of file is recognised from its content and never from its name (INP-3).

use crate::error::{FileKind, SheetError};
use crate::limits::Limits;
use crate::table::Table;
use crate::text::read_text;
use crate::workbook::read_workbook;

/// Reads a CSV or XLSX file. An error means that nothing of the file can be used.
///
/// ```
/// let table = gondola_sheets::read(b"codigo;precio\n7790742034007;1.850,50\n", &Default::default()).unwrap();
/// assert_eq!(table.header, ["codigo", "precio"]);
/// assert_eq!(table.rows[0].line, 2);
/// assert_eq!(table.rows[0].decimal(1, table.decimal_style(1)).unwrap(), "1850.50");
/// ```
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    if bytes.len() > limits.file_bytes_max {
        return Err(SheetError::FileTooLarge { bytes_max: limits.file_bytes_max as u64 });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return read_workbook(bytes, limits);
    }
    match foreign_kind(bytes) {
        Some(kind) => Err(SheetError::NotATable { kind }),
        None => read_text(bytes, limits),
    }
}

/// What the first bytes of a file show it to be, if that is neither text nor a workbook.
fn foreign_kind(bytes: &[u8]) -> Option<FileKind> {
    const MARKS: [(&[u8], FileKind); 9] = [
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::OldOrLockedExcel),
        (b"%PDF-", FileKind::Pdf),
        (b"\x89PNG\r\n", FileKind::Picture),
        (b"\xFF\xD8\xFF", FileKind::Picture),
        (b"GIF8", FileKind::Picture),
        (b"RIFF", FileKind::Picture),
        (b"Rar!", FileKind::OtherArchive),
        (b"7z\xBC\xAF", FileKind::OtherArchive),
        (b"\x1F\x8B", FileKind::OtherArchive),
    ];
    let by_mark = MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, kind)| kind);
    by_mark.or_else(|| looks_like_markup(bytes).then_some(FileKind::WebPage))
}

/// Whether the file is HTML or XML, as some systems export under the name of `.xls`.
fn looks_like_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begin = bytes[..bytes.len().min(16)].to_ascii_lowercase();
    [&b"<!doctype"[..], b"<html", b"<table", b"<?xml", b"<meta", b"<head"].iter().any(|tag| begin.starts_with(tag))
}
