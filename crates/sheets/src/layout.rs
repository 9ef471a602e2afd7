//! From loose rows to a [`Table`]: limits enforced while rows arrive, the header found, odd rows reported.

use crate::error::SheetError;
use crate::limits::Limits;
use crate::neutral::restored;
use crate::table::{Ragged, Row, Source, Table};

/// How many rows may stand above the header.
const PREAMBLE_ROWS_MAX: usize = 20;
/// How many rows tell how wide an ordinary one is.
const WIDTH_ROWS: usize = 60;

/// Rows as they arrive from a file.
pub(crate) struct Layout<'a> {
    limits: &'a Limits,
    rows: Vec<Row>,
    current: Row,
    bytes: u64,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, rows: Vec::new(), current: blank_row(0), bytes: 0 }
    }

    /// The line of the row being filled, 0 before the first, and the column after its last cell.
    pub(crate) fn position(&self) -> (u32, usize) {
        (self.current.line, self.current.cells.len())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Ends the row being filled and begins the one of `line`.
    pub(crate) fn begin_row(&mut self, line: u32) -> Result<(), SheetError> {
        let row = std::mem::replace(&mut self.current, blank_row(line));
        if row.cells.iter().all(|cell| is_blank(cell)) {
            return Ok(());
        }
        if self.rows.len() == self.limits.rows_max {
            return Err(SheetError::TooManyRows { rows_max: self.limits.rows_max });
        }
        self.rows.push(row);
        Ok(())
    }

    /// Puts a text in a column (from 0) of the row being filled, after those that have one; the columns in between
    /// are empty.
    pub(crate) fn put(&mut self, column: usize, text: &str) -> Result<(), SheetError> {
        self.check(column, text)?;
        let cells = &mut self.current.cells;
        assert!(column >= cells.len(), "cells of a row come in order");
        let added = column + 1 - cells.len();
        let bytes = text.len() + added * size_of::<String>();
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > self.limits.unpacked_bytes_max {
            return Err(SheetError::UnpacksTooLarge { bytes_max: self.limits.unpacked_bytes_max });
        }
        cells.resize(column, String::new());
        cells.push(restored(text).to_owned());
        Ok(())
    }

    /// Puts a real number, already written plainly.
    pub(crate) fn put_number(&mut self, column: usize, text: &str) -> Result<(), SheetError> {
        self.put(column, text)?;
        self.current.numbers.extend(u16::try_from(column));
        Ok(())
    }

    fn check(&self, column: usize, text: &str) -> Result<(), SheetError> {
        let (line, limits) = (self.current.line, self.limits);
        if column >= limits.columns_max {
            return Err(SheetError::TooManyColumns { line, columns_max: limits.columns_max });
        }
        let place = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1);
        if text.len() > limits.cell_bytes_max {
            return Err(SheetError::CellTooLong { line, column: place, bytes_max: limits.cell_bytes_max });
        }
        match text.chars().find(|&character| is_refused(character)) {
            Some(found) => Err(SheetError::ControlCharacter { line, column: place, character: u32::from(found) }),
            None => Ok(()),
        }
    }

    /// The table of all rows. Rows of a workbook simply end at their last filled cell, so only those that go
    /// beyond the header are odd there; in text, a short row is odd too.
    pub(crate) fn finish(mut self, source: Source) -> Result<Table, SheetError> {
        self.begin_row(0)?;
        let mut rows = self.rows;
        let header_position = header_position(&rows).ok_or(SheetError::Empty)?;
        let data = rows.split_off(header_position + 1);
        let header_row = rows.pop().ok_or(SheetError::Empty)?;
        let mut table = Table {
            header: titles(&header_row),
            header_line: header_row.line,
            preamble: rows,
            rows: data,
            ragged: Vec::new(),
            source,
        };
        let short_is_odd = matches!(table.source, Source::Text { .. });
        let expected = table.header.len();
        for row in &mut table.rows {
            let found = row.cells.len();
            let filled = row.cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
            row.cells.truncate(filled.max(expected));
            if filled > expected || (short_is_odd && found < expected) {
                table.ragged.push(Ragged { line: row.line, found: found.min(filled.max(expected)), expected });
            }
            row.cells.resize(filled.max(expected), String::new());
        }
        Ok(table)
    }
}

fn blank_row(line: u32) -> Row {
    Row { line, cells: Vec::new(), numbers: Vec::new() }
}

fn is_blank(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}

/// Control characters are refused (INP-2), but for those that shape text.
fn is_refused(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// The first row that fills more than half of what an ordinary row fills: titles above a table fill one cell.
fn header_position(rows: &[Row]) -> Option<usize> {
    let filled = |row: &Row| row.cells.iter().filter(|cell| !is_blank(cell)).count();
    let mut widths: Vec<usize> = rows.iter().take(WIDTH_ROWS).map(filled).collect();
    let candidates = widths.clone();
    widths.sort_unstable();
    let ordinary = *widths.get(widths.len().checked_sub(1)? / 2)?;
    let found = candidates.iter().take(PREAMBLE_ROWS_MAX + 1).position(|&width| width * 2 > ordinary);
    Some(found.unwrap_or(0))
}

fn titles(row: &Row) -> Vec<String> {
    let mut titles: Vec<String> = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while titles.last().is_some_and(String::is_empty) {
        titles.pop();
    }
    titles
}
