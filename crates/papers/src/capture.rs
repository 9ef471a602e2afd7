//! From the file that a shopkeeper sends to positioned words: a PDF by its text, or by a drawing of it when it is a
//! scan; a photo after it was made flat and straight; the QR codes of either. What the words mean is not asked here, so
//! a picture of a cat is a page without words and no error. Spreadsheets are read elsewhere, by the crate `sheets`.
//!
//! Everything is hostile until read: the kind is told by content, never by name, and every step has a limit. Scripts,
//! links and attachments inside a PDF are not looked at.

use std::time::Duration;

use crate::page::Page;
use crate::tools::{Bounds, ToolError, Tools, Workbench};

mod drawing;
mod error;
mod pdf;
mod photo;
mod recognise;
mod sniff;
mod text_layer;
mod tsv;

pub use error::CaptureError;
pub use sniff::{Kind, sniff};

/// What one document may cost (INP-1, SUP-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub bytes_max: usize,
    /// Pixels of a picture.
    pub pixels_max: u64,
    /// Pages of a PDF.
    pub pages_max: usize,
    /// Words of a page.
    pub words_max: usize,
    /// Time for the whole document.
    pub time_max: Duration,
    /// Time, memory and output of each run of a program.
    pub run: Bounds,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 10 * 1024 * 1024,
            pixels_max: 40_000_000,
            pages_max: 20,
            words_max: 5_000,
            time_max: Duration::from_secs(240),
            run: Bounds {
                time: Duration::from_secs(60),
                memory_bytes: 1024 * 1024 * 1024,
                output_bytes: 64 * 1024 * 1024,
            },
        }
    }
}

/// How the words of a page were had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// From the text of the PDF: they are what the supplier wrote.
    Text,
    /// Recognised in a picture: they may be wrong.
    Recognised,
    /// Not at all: the picture is no page of text, or recognising it took too long. The page has no words.
    GivenUp,
}

/// A document as words and pictures. `pages`, `readings` and `pictures` are of the same length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// What kind of file it was.
    pub kind: Kind,
    /// The words of each page and where they are.
    pub pages: Vec<Page>,
    /// How each page was read.
    pub readings: Vec<Reading>,
    /// The texts of the QR codes, without repetition.
    pub qr: Vec<String>,
    /// Each page as a PNG for the review screen, lying as its words do.
    pub pictures: Vec<Vec<u8>>,
}

impl Captured {
    fn empty(kind: Kind) -> Self {
        Self { kind, pages: Vec::new(), readings: Vec::new(), qr: Vec::new(), pictures: Vec::new() }
    }

    fn add(&mut self, page: Page, reading: Reading, picture: Vec<u8>) {
        self.pages.push(page);
        self.readings.push(reading);
        self.pictures.push(picture);
    }

    fn add_codes(&mut self, texts: Vec<String>) {
        for text in texts {
            if !self.qr.contains(&text) {
                self.qr.push(text);
            }
        }
    }

    /// Was nothing recognised: no word and no code?
    pub fn is_blank(&self) -> bool {
        self.qr.is_empty() && self.pages.iter().all(|page| page.words.is_empty())
    }
}

/// Reads a document. It blocks for seconds: call it where blocking is allowed.
///
/// # Errors
/// When the file is of no accepted kind, beyond a limit, damaged or locked, or when a program is missing or fails.
pub fn read(bytes: &[u8], tools: &Tools, limits: &Limits) -> Result<Captured, CaptureError> {
    if bytes.len() > limits.bytes_max {
        return Err(CaptureError::FileTooLarge { bytes_max: limits.bytes_max });
    }
    let kind = sniff(bytes).ok_or(CaptureError::UnknownKind)?;
    let bench = Workbench::open(tools, limits.run, limits.time_max).map_err(CaptureError::Folder)?;
    match kind.picture_format() {
        Some(format) => photo::read(bytes, kind, format, &Desk { bench: &bench, limits }),
        None => pdf::read(bytes, &Desk { bench: &bench, limits }),
    }
}

/// The words of a PDF by its text layer alone, page by page; `None` for a page that has none, or whose letters mean nothing:
/// it is a picture. It draws and recognises nothing, and takes a second where [`read`] takes many.
///
/// # Errors
/// When the file is no PDF, beyond a limit, damaged or locked, or when a program is missing or fails.
pub fn read_text(bytes: &[u8], tools: &Tools, limits: &Limits) -> Result<Vec<Option<Page>>, CaptureError> {
    if bytes.len() > limits.bytes_max {
        return Err(CaptureError::FileTooLarge { bytes_max: limits.bytes_max });
    }
    if sniff(bytes) != Some(Kind::Pdf) {
        return Err(CaptureError::UnknownKind);
    }
    let bench = Workbench::open(tools, limits.run, limits.time_max).map_err(CaptureError::Folder)?;
    pdf::read_text(bytes, &Desk { bench: &bench, limits })
}

/// What the reading of one document works with.
struct Desk<'a> {
    bench: &'a Workbench<'a>,
    limits: &'a Limits,
}
