//! Why a file could not be read, as values with stable codes and as sentences for a shopkeeper, in Spanish and
//! in English. What is wrong *inside* a readable table (a price that is not one) is the importer's to say.

use thiserror::Error;

/// A file that could not be turned into a table. Nothing of it was used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// No cell has anything in it.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than allowed.
    #[error("the file is larger than {bytes_max} bytes")]
    FileTooLarge {
        /// The limit in force.
        bytes_max: u64,
    },
    /// The file is small but unpacks, or spreads, into more than allowed.
    #[error("the file unpacks to more than {bytes_max} bytes")]
    UnpacksTooLarge {
        /// The limit in force.
        bytes_max: u64,
    },
    /// More rows than allowed.
    #[error("the file has more than {rows_max} rows")]
    TooManyRows {
        /// The limit in force.
        rows_max: usize,
    },
    /// A row with more columns than allowed.
    #[error("line {line} has more than {columns_max} columns")]
    TooManyColumns {
        /// Line of the file, from 1.
        line: u32,
        /// The limit in force.
        columns_max: usize,
    },
    /// A cell larger than allowed.
    #[error("line {line}, column {column}: a cell is larger than {bytes_max} bytes")]
    CellTooLong {
        /// Line of the file, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// The limit in force.
        bytes_max: usize,
    },
    /// A NUL byte or another invisible control character.
    #[error("line {line}, column {column}: control character U+{character:04X}")]
    ControlCharacter {
        /// Line of the file, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// The character's code point.
        character: u32,
    },
    /// A quoted cell that never ends, so that the rest of the file would vanish into it.
    #[error("line {line}: a quoted cell never ends")]
    UnclosedQuote {
        /// Line where the row begins, from 1.
        line: u32,
    },
    /// Text in no encoding we can trust, or in two at once.
    #[error("line {line}: bytes that are not valid text")]
    BadEncoding {
        /// Line of the first bad bytes, from 1.
        line: u32,
    },
    /// A file of another kind.
    #[error("not a CSV or XLSX file: {kind:?}")]
    NotATable {
        /// What the content shows it to be.
        kind: FileKind,
    },
    /// A workbook cut short, as a broken download leaves it.
    #[error("the workbook is cut short")]
    Truncated,
    /// A workbook that is whole but not sound inside.
    #[error("the workbook is damaged: {reason}")]
    Damaged {
        /// The technical reason, for the log; never shown as the message.
        reason: String,
    },
}

/// What a file that is no table turned out to be, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// The old Excel format, or a workbook behind a password: both share one container.
    OldOrLockedExcel,
    /// An OpenDocument spreadsheet.
    OpenDocument,
    /// Another archive, a text document among them.
    OtherArchive,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A web page, which some systems save as `.xls`.
    WebPage,
}

impl FileKind {
    fn es(self) -> &'static str {
        match self {
            Self::OldOrLockedExcel => "un Excel viejo (.xls) o con contraseña",
            Self::OpenDocument => "una planilla de LibreOffice (.ods)",
            Self::OtherArchive => "un archivo comprimido o de otro programa",
            Self::Pdf => "un PDF",
            Self::Picture => "una imagen",
            Self::WebPage => "una página web, aunque el nombre diga otra cosa",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::OldOrLockedExcel => "an old Excel file (.xls) or one with a password",
            Self::OpenDocument => "a LibreOffice spreadsheet (.ods)",
            Self::OtherArchive => "an archive or a file of another program",
            Self::Pdf => "a PDF",
            Self::Picture => "a picture",
            Self::WebPage => "a web page, whatever its name says",
        }
    }
}

impl SheetError {
    /// The stable name of this error, for the API and the logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheet_empty",
            Self::FileTooLarge { .. } => "sheet_file_too_large",
            Self::UnpacksTooLarge { .. } => "sheet_unpacks_too_large",
            Self::TooManyRows { .. } => "sheet_too_many_rows",
            Self::TooManyColumns { .. } => "sheet_too_many_columns",
            Self::CellTooLong { .. } => "sheet_cell_too_long",
            Self::ControlCharacter { .. } => "sheet_control_character",
            Self::UnclosedQuote { .. } => "sheet_unclosed_quote",
            Self::BadEncoding { .. } => "sheet_bad_encoding",
            Self::NotATable { .. } => "sheet_not_a_table",
            Self::Truncated => "sheet_truncated",
            Self::Damaged { .. } => "sheet_damaged",
        }
    }

    /// The line of the file to look at, where there is one.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::TooManyColumns { line, .. }
            | Self::CellTooLong { line, .. }
            | Self::ControlCharacter { line, .. }
            | Self::UnclosedQuote { line }
            | Self::BadEncoding { line } => Some(*line),
            _ => None,
        }
    }

    /// What happened and what to do next, in Spanish.
    pub fn message_es(&self) -> String {
        match self {
            Self::Empty => "El archivo está vacío: no hay ninguna fila con datos.".into(),
            Self::FileTooLarge { bytes_max } => {
                format!("El archivo pesa más de {} MB. Partilo en dos y cargá cada parte.", megabytes(*bytes_max))
            }
            Self::UnpacksTooLarge { bytes_max } => format!(
                "El archivo ocupa más de {} MB al abrirlo. Dejá solo la hoja con los datos, o partilo en dos.",
                megabytes(*bytes_max)
            ),
            Self::TooManyRows { rows_max } => {
                format!("El archivo tiene más de {rows_max} filas. Partilo en dos y cargá cada parte.")
            }
            Self::TooManyColumns { line, columns_max } => {
                format!("La línea {line} tiene más de {columns_max} columnas. Dejá solo las que hacen falta.")
            }
            Self::CellTooLong { line, column, .. } => format!(
                "En la línea {line}, columna {}, hay un texto demasiado largo. Acortalo y volvé a cargar el archivo.",
                column_letters(*column)
            ),
            Self::ControlCharacter { line, column, .. } => format!(
                "En la línea {line}, columna {}, hay un carácter invisible que no es texto. \
                 Borrá esa celda, escribila de nuevo y volvé a cargar el archivo.",
                column_letters(*column)
            ),
            Self::UnclosedQuote { line } => format!(
                "En la línea {line} hay unas comillas (\") que se abren y no se cierran. \
                 Cerralas o borralas y volvé a cargar el archivo."
            ),
            Self::BadEncoding { line } => format!(
                "En la línea {line} hay letras que no se pueden leer. \
                 Guardá el archivo como «CSV UTF-8» o como Excel (.xlsx) y volvé a cargarlo."
            ),
            Self::NotATable { kind } => {
                format!("El archivo es {}. Guardalo como Excel (.xlsx) o CSV y volvé a cargarlo.", kind.es())
            }
            Self::Truncated => "El archivo de Excel está cortado: le falta el final. \
                Volvé a descargarlo o a guardarlo y cargalo otra vez."
                .into(),
            Self::Damaged { .. } => "El archivo de Excel está dañado por dentro. \
                Abrilo en tu planilla, guardalo de nuevo como .xlsx y cargalo otra vez."
                .into(),
        }
    }

    /// What happened and what to do next, in English.
    pub fn message_en(&self) -> String {
        match self {
            Self::Empty => "The file is empty: no row has any data.".into(),
            Self::FileTooLarge { bytes_max } => {
                format!("The file is larger than {} MB. Split it in two and load each part.", megabytes(*bytes_max))
            }
            Self::UnpacksTooLarge { bytes_max } => format!(
                "The file takes more than {} MB once opened. Keep only the sheet with the data, or split it in two.",
                megabytes(*bytes_max)
            ),
            Self::TooManyRows { rows_max } => {
                format!("The file has more than {rows_max} rows. Split it in two and load each part.")
            }
            Self::TooManyColumns { line, columns_max } => {
                format!("Line {line} has more than {columns_max} columns. Keep only the ones needed.")
            }
            Self::CellTooLong { line, column, .. } => format!(
                "Line {line}, column {}: the text is too long. Shorten it and load the file again.",
                column_letters(*column)
            ),
            Self::ControlCharacter { line, column, .. } => format!(
                "Line {line}, column {}: there is an invisible character that is not text. \
                 Clear that cell, type it again and load the file again.",
                column_letters(*column)
            ),
            Self::UnclosedQuote { line } => format!(
                "Line {line}: a quotation mark (\") opens and never closes. Close it or delete it and load the file again."
            ),
            Self::BadEncoding { line } => format!(
                "Line {line}: some letters cannot be read. Save the file as \"CSV UTF-8\" or as Excel (.xlsx) and load it again."
            ),
            Self::NotATable { kind } => {
                format!("The file is {}. Save it as Excel (.xlsx) or CSV and load it again.", kind.en())
            }
            Self::Truncated => "The Excel file is cut short: its end is missing. \
                Download or save it again and load it once more."
                .into(),
            Self::Damaged { .. } => "The Excel file is damaged inside. \
                Open it in your spreadsheet, save it again as .xlsx and load it once more."
                .into(),
        }
    }
}

/// The letters over a column, as spreadsheets show them: 1 is `A`, 28 is `AB`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

fn megabytes(bytes: u64) -> u64 {
    bytes / (1024 * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let names: Vec<String> = [1, 26, 27, 28, 702, 703, 16_384].map(column_letters).into();
        assert_eq!(names, ["A", "Z", "AA", "AB", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn a_message_says_where_and_what_to_do() {
        let error = SheetError::ControlCharacter { line: 7, column: 3, character: 0 };
        assert_eq!(error.code(), "sheet_control_character");
        assert_eq!(error.line(), Some(7));
        assert!(error.message_es().starts_with("En la línea 7, columna C, hay un carácter invisible"));
        assert!(error.message_en().starts_with("Line 7, column C: there is an invisible character"));
    }
}
