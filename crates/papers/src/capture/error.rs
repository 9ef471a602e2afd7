//! Why a document cannot be read, in words that say what to do next.

use std::io;

use thiserror::Error;

use super::ToolError;
use crate::picture::PictureError;

/// Why a document cannot be read.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// Neither a PDF nor a picture.
    #[error("not a document we can read: send a PDF or a photo in JPEG, PNG or WebP")]
    UnknownKind,
    /// The file is larger than allowed.
    #[error("the file is larger than {bytes_max} bytes")]
    FileTooLarge {
        /// The limit in force.
        bytes_max: usize,
    },
    /// The PDF has more pages than allowed.
    #[error("the document has {pages} pages and at most {pages_max} are read")]
    TooManyPages {
        /// As many as it has.
        pages: usize,
        /// The limit in force.
        pages_max: usize,
    },
    /// A page has more words than any invoice.
    #[error("a page has more than {words_max} words")]
    TooManyWords {
        /// The limit in force.
        words_max: usize,
    },
    /// The PDF opens with a password only.
    #[error("the document is locked with a password")]
    Locked,
    /// The PDF is damaged, or cut short.
    #[error("the document is damaged")]
    Damaged,
    /// The picture is too large or damaged.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A program is missing or met a limit.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// A program failed without saying anything that we understand.
    #[error("{program} failed: {complaint}")]
    ToolFailed {
        /// Its name.
        program: &'static str,
        /// The first line of what it complained of.
        complaint: String,
    },
    /// The private folder failed.
    #[error("the working folder failed")]
    Folder(#[source] io::Error),
    /// The picture for the review screen could not be made.
    #[error("the picture for the review could not be made")]
    Preview(#[source] image::ImageError),
}

impl CaptureError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKind => "paper_unknown_kind",
            Self::FileTooLarge { .. } => "paper_too_large",
            Self::TooManyPages { .. } => "paper_too_many_pages",
            Self::TooManyWords { .. } => "paper_too_many_words",
            Self::Locked => "paper_locked",
            Self::Damaged => "paper_damaged",
            Self::Picture(PictureError::TooLarge { .. }) => "paper_picture_too_large",
            Self::Picture(PictureError::Damaged(_)) => "paper_picture_damaged",
            Self::Tool(ToolError::Missing(_)) => "paper_tool_missing",
            Self::Tool(ToolError::TooSlow(_) | ToolError::TooMuch(_)) => "paper_too_costly",
            Self::Tool(ToolError::Io(..)) | Self::ToolFailed { .. } | Self::Folder(_) | Self::Preview(_) => {
                "paper_reading_failed"
            }
        }
    }

    /// What is wrong and what to do, in Spanish.
    pub fn message_es(&self) -> String {
        match self {
            Self::UnknownKind => {
                "No es un comprobante que se pueda leer. Mandá el PDF o una foto en JPEG, PNG o WebP.".into()
            }
            Self::FileTooLarge { bytes_max } => {
                format!("El archivo pesa más de {} MB. Mandá una copia más liviana.", bytes_max / (1024 * 1024))
            }
            Self::TooManyPages { pages, pages_max } => format!(
                "El documento tiene {pages} páginas y se leen hasta {pages_max}. Mandá solo las páginas de la factura."
            ),
            Self::TooManyWords { words_max } => {
                format!("Una página tiene más de {words_max} palabras. Revisá que sea una factura.")
            }
            Self::Locked => "El PDF tiene contraseña. Pedile al proveedor una copia sin contraseña.".into(),
            Self::Damaged => "El PDF está dañado o incompleto. Volvé a descargarlo y mandalo otra vez.".into(),
            Self::Picture(PictureError::TooLarge { pixels_max }) => {
                format!("La foto tiene más de {} megapíxeles. Sacala con menos resolución.", pixels_max / 1_000_000)
            }
            Self::Picture(PictureError::Damaged(_)) => {
                "La imagen está dañada o incompleta. Sacá la foto otra vez.".into()
            }
            Self::Tool(ToolError::Missing(program)) => format!(
                "Falta el programa {program}. Quien administra el equipo tiene que instalar {}.",
                program.packages()
            ),
            Self::Tool(ToolError::TooSlow(_) | ToolError::TooMuch(_)) => {
                "Leer el documento lleva demasiado. Mandá una foto más simple o cargá la factura a mano.".into()
            }
            Self::Tool(ToolError::Io(..)) | Self::ToolFailed { .. } | Self::Folder(_) | Self::Preview(_) => {
                "No se pudo leer el documento. Probá otra vez o cargá la factura a mano.".into()
            }
        }
    }
}
