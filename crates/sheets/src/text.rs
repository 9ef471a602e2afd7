//! Separated text to a table. The `csv` crate cuts the cells; the line numbers of people, and quotes that never
//! close, are ours.

use csv::{ReaderBuilder, StringRecord};

use crate::decode::decode;
use crate::error::SheetError;
use crate::layout::Layout;
use crate::limits::Limits;
use crate::sniff;
use crate::table::{Source, Table};

pub(crate) fn read_text(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    let (text, encoding) = decode(bytes)?;
    let (delimiter, text) = sniff::delimiter(&text);
    // What `sniff` cut off is at most the `sep=` line itself, never its line break.
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter.as_byte())
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut layout = Layout::new(limits);
    let mut record = StringRecord::new();
    let mut last_begin = 0;
    while more(&mut reader, &mut record)? {
        let begin = record.position().map_or(0, |position| position.byte() as usize);
        last_begin = lines.skip_breaks(begin);
        layout.begin_row(lines.line)?;
        for (column, cell) in record.iter().enumerate() {
            layout.put(column, cell).map_err(|error| swallowed(error, cell))?;
        }
    }
    if ends_inside_quotes(&text.as_bytes()[last_begin..], delimiter.as_byte()) {
        return Err(SheetError::UnclosedQuote { line: lines.line });
    }
    layout.finish(Source::Text { encoding, delimiter })
}

fn more(reader: &mut csv::Reader<&[u8]>, record: &mut StringRecord) -> Result<bool, SheetError> {
    // The text is valid and rows may differ in length, so nothing is left that `csv` could refuse.
    reader.read_record(record).map_err(|error| SheetError::Damaged { reason: error.to_string() })
}

/// A cell that is too long and spans lines swallowed the rows after a quote that never closed.
fn swallowed(error: SheetError, cell: &str) -> SheetError {
    match error {
        SheetError::CellTooLong { line, .. } if cell.contains('\n') => SheetError::UnclosedQuote { line },
        error => error,
    }
}

/// Counts lines as a person does: `\n`, `\r\n` and, as old Macs wrote, a lone `\r`.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// Moves to the row that begins at `begin`, past the blank lines that `csv` counts into it.
    fn skip_breaks(&mut self, begin: usize) -> usize {
        let blank = self.text[begin..].iter().take_while(|&&byte| matches!(byte, b'\n' | b'\r')).count();
        let end = begin + blank;
        for at in self.at..end {
            let lone_cr = self.text[at] == b'\r' && self.text.get(at + 1) != Some(&b'\n');
            self.line += u32::from(self.text[at] == b'\n' || lone_cr);
        }
        self.at = end;
        end
    }
}

/// Whether the last row ends inside quotes, by the rules `csv` cuts cells with.
fn ends_inside_quotes(row: &[u8], delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        CellBegin,
        Bare,
        Quoted,
        QuoteInQuoted,
    }
    let mut at = At::CellBegin;
    for &byte in row {
        at = match (at, byte) {
            (At::CellBegin | At::QuoteInQuoted, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == delimiter || matches!(byte, b'\n' | b'\r') => At::CellBegin,
            _ => At::Bare,
        };
    }
    at == At::Quoted
}
