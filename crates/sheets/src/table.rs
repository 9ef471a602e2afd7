//! What a file holds once read: a header and rows of text cells, each row with the line a person sees.
//! Nothing here interprets a cell; `number` and the importer do.

use crate::number::{self, DecimalStyle, NumberError};

/// A file as rows of text. Rows that are blank are left out; every other line of the file is in exactly one of
/// `preamble`, the header, or `rows`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Column titles, trimmed, without the empty ones at the end.
    pub header: Vec<String>,
    /// Line of the header, from 1.
    pub header_line: u32,
    /// Titles and notes above the header ("LISTA DE PRECIOS NOVIEMBRE").
    pub preamble: Vec<Row>,
    /// The data. Every row has at least as many cells as the header; extra cells are kept and listed in `ragged`.
    pub rows: Vec<Row>,
    /// Rows whose number of cells is not the header's: nothing was dropped, and nobody has to find out by chance.
    pub ragged: Vec<Ragged>,
    /// How the file was written.
    pub source: Source,
}

/// One line of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line number in the file as a person sees it, from 1; where a cell spans lines, the first.
    pub line: u32,
    /// The cells as text. Text is as written, but for the apostrophe of an exported formula (CSV-2).
    pub cells: Vec<String>,
    /// Columns that held a real number in a workbook, in order: written `1234.5` whatever the country.
    pub(crate) numbers: Vec<u16>,
}

/// A row with more or fewer cells than the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ragged {
    /// Line of the row, from 1.
    pub line: u32,
    /// Cells the row has in the file.
    pub found: usize,
    /// Cells the header has.
    pub expected: usize,
}

/// How a file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Separated text.
    Text {
        /// How its bytes became letters.
        encoding: Encoding,
        /// What stands between two cells.
        delimiter: Delimiter,
    },
    /// A workbook.
    Workbook {
        /// Name of the sheet that was read: the first visible one that is not empty.
        sheet: String,
    },
}

/// How bytes became letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, low byte first ("Texto Unicode" in Excel).
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The Windows code page of Western Europe and the Americas ("CSV" in Argentine Excel).
    Windows1252,
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `;`, as Excel writes where the comma is the decimal mark.
    Semicolon,
    /// `,`, as everybody else writes.
    Comma,
    /// A tab.
    Tab,
    /// `|`, as the SEPA price files use.
    Pipe,
}

impl Delimiter {
    /// Every delimiter we know, the likeliest in Argentina first.
    pub const ALL: [Self; 4] = [Self::Semicolon, Self::Tab, Self::Pipe, Self::Comma];

    /// The character itself.
    pub fn as_char(self) -> char {
        char::from(self.as_byte())
    }

    pub(crate) fn as_byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

impl Row {
    /// Whether this cell held a real number in a workbook.
    pub fn is_number(&self, column: usize) -> bool {
        u16::try_from(column).is_ok_and(|column| self.numbers.binary_search(&column).is_ok())
    }

    /// The cell as a plain decimal (`1234.56`). A real number of a workbook is taken as it is; text is read in
    /// `style`, usually [`Table::decimal_style`] of its column.
    pub fn decimal(&self, column: usize, style: DecimalStyle) -> Result<String, NumberError> {
        let style = if self.is_number(column) { DecimalStyle::Point } else { style };
        number::canonical(self.cells.get(column).map_or("", String::as_str), style)
    }
}

impl Table {
    /// How the text of a column writes decimals: by its own values where one of them tells, else by the file.
    /// Where `;` stands between cells the comma is the decimal mark, because it was not free to separate; where
    /// `,` separates it is the other way round. Other files tell nothing, and what is ambiguous is refused.
    pub fn decimal_style(&self, column: usize) -> DecimalStyle {
        let texts = self.rows.iter().filter(|row| !row.is_number(column)).filter_map(|row| row.cells.get(column));
        match (DecimalStyle::guess(texts.map(String::as_str)), &self.source) {
            (DecimalStyle::Unknown, Source::Text { delimiter: Delimiter::Semicolon, .. }) => DecimalStyle::Comma,
            (DecimalStyle::Unknown, Source::Text { delimiter: Delimiter::Comma, .. }) => DecimalStyle::Point,
            (style, _) => style,
        }
    }
}
