//! A supplier's document from the files that were sent of it to what it says, in one call: the pages captured, the fiscal QR
//! believed first, the words understood. Whether it may be applied is asked of `check`; who is asked for the learned layout
//! is the shop, once the paper has said whose it is.

use crate::capture::{self, CaptureError, Captured, Limits, Reading};
use crate::extract::{self, Layout, Paper};
use crate::fiscal::QrData;
use crate::page::Page;
use crate::tools::Tools;

/// A document that was read. `pages`, `readings` and `pictures` are of the same length; the places of the paper's fields
/// are on the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it says, every field with its confidence and place.
    pub paper: Paper,
    /// The fiscal QR, when one of its codes is that.
    pub qr: Option<QrData>,
    /// The words of each page and where they are: what a layout is learned from.
    pub pages: Vec<Page>,
    /// How each page was read.
    pub readings: Vec<Reading>,
    /// Each page as a PNG for the review screen, lying as its words do.
    pub pictures: Vec<Vec<u8>>,
}

/// Reads a document of one file, or of several: a photograph for each page. It blocks for seconds a page: call it where
/// blocking is allowed. A picture without words is no error but a document without lines.
///
/// # Errors
/// When a file is of no accepted kind, beyond a limit, damaged or locked, when all of them have more pages than one document
/// may, or when a program is missing or fails.
pub fn read(
    files: &[&[u8]],
    layout: Option<&Layout>,
    tools: &Tools,
    limits: &Limits,
) -> Result<Document, CaptureError> {
    let mut captured: Vec<Captured> = Vec::with_capacity(files.len());
    let mut left = limits.pages_max;
    for file in files {
        let one = capture::read(file, tools, limits)?;
        let pages = limits.pages_max - left + one.pages.len();
        left = left
            .checked_sub(one.pages.len())
            .ok_or(CaptureError::TooManyPages { pages, pages_max: limits.pages_max })?;
        captured.push(one);
    }
    let mut document =
        Document { paper: Paper::default(), qr: None, pages: vec![], readings: vec![], pictures: vec![] };
    for mut one in captured {
        document.qr = document.qr.or_else(|| one.qr.iter().find_map(|text| QrData::parse(text).ok()));
        document.pages.append(&mut one.pages);
        document.readings.append(&mut one.readings);
        document.pictures.append(&mut one.pictures);
    }
    document.understand(layout);
    Ok(document)
}

impl Document {
    /// Understands the words again with what was learned of the supplier, whom the paper has named in the meantime. No
    /// file is read for it.
    pub fn understand(&mut self, layout: Option<&Layout>) {
        self.paper = extract::extract(&self.pages, layout, self.qr.as_ref());
    }
}
