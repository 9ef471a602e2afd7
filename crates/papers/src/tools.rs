//! Programs of the system that read what strangers send: poppler for PDF, Tesseract for pictures of text. Each runs in
//! its own process group, in a private folder that is gone afterwards, with a bound for its time, its memory and what it
//! writes. Whether a document is worth reading is decided in `capture.rs`, not here.

use std::fmt;
use std::path::{Path, PathBuf};

mod bench;
mod run;

pub use bench::{Bounds, Task, Workbench};
pub use run::{Ran, ToolError};

/// A program we know how to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// Counts the pages of a PDF and measures them.
    PdfInfo,
    /// Takes the words and their places out of a PDF.
    PdfToText,
    /// Draws a page of a PDF.
    PdfToPpm,
    /// Reads the text of a picture.
    Tesseract,
    /// Sets the limits under which the others run.
    Prlimit,
    /// Lets the shop's own work go first.
    Nice,
}

impl Program {
    /// All of them; each is needed.
    pub const ALL: [Self; 6] =
        [Self::PdfInfo, Self::PdfToText, Self::PdfToPpm, Self::Tesseract, Self::Prlimit, Self::Nice];

    /// The name it is called by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PdfInfo => "pdfinfo",
            Self::PdfToText => "pdftotext",
            Self::PdfToPpm => "pdftoppm",
            Self::Tesseract => "tesseract",
            Self::Prlimit => "prlimit",
            Self::Nice => "nice",
        }
    }

    /// The packages of Debian and Ubuntu that bring it.
    pub const fn packages(self) -> &'static str {
        match self {
            Self::PdfInfo | Self::PdfToText | Self::PdfToPpm => "poppler-utils",
            Self::Tesseract => "tesseract-ocr tesseract-ocr-spa",
            Self::Prlimit => "util-linux",
            Self::Nice => "coreutils",
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the programs are. A bare name is looked for in the folders of [`SEARCH_PATH`]; a path is taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    /// Where `pdfinfo` is.
    pub pdfinfo: PathBuf,
    /// Where `pdftotext` is.
    pub pdftotext: PathBuf,
    /// Where `pdftoppm` is.
    pub pdftoppm: PathBuf,
    /// Where `tesseract` is.
    pub tesseract: PathBuf,
    /// Where `prlimit` is.
    pub prlimit: PathBuf,
    /// Where `nice` is.
    pub nice: PathBuf,
}

/// Where bare names are looked for: the programs get no other setting of ours, so that a secret that came to the shop
/// through its environment never reaches them.
pub const SEARCH_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

impl Default for Tools {
    fn default() -> Self {
        let bare = |program: Program| PathBuf::from(program.name());
        Self {
            pdfinfo: bare(Program::PdfInfo),
            pdftotext: bare(Program::PdfToText),
            pdftoppm: bare(Program::PdfToPpm),
            tesseract: bare(Program::Tesseract),
            prlimit: bare(Program::Prlimit),
            nice: bare(Program::Nice),
        }
    }
}

impl Tools {
    /// Where a program is.
    pub fn place(&self, program: Program) -> &Path {
        match program {
            Program::PdfInfo => &self.pdfinfo,
            Program::PdfToText => &self.pdftotext,
            Program::PdfToPpm => &self.pdftoppm,
            Program::Tesseract => &self.tesseract,
            Program::Prlimit => &self.prlimit,
            Program::Nice => &self.nice,
        }
    }

    /// The programs that are not there, for whoever inspects an installation.
    pub fn missing(&self) -> Vec<Program> {
        Program::ALL.into_iter().filter(|program| !is_there(self.place(*program))).collect()
    }
}

fn is_there(place: &Path) -> bool {
    if place.components().count() > 1 {
        return place.is_file();
    }
    SEARCH_PATH.split(':').any(|folder| Path::new(folder).join(place).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_told_by_name() {
        let tools = Tools { tesseract: PathBuf::from("no-such-reader"), ..Tools::default() };
        assert!(tools.missing().contains(&Program::Tesseract));
        let tools = Tools { pdfinfo: PathBuf::from("/no/such/pdfinfo"), ..Tools::default() };
        assert!(tools.missing().contains(&Program::PdfInfo));
    }

    #[test]
    fn every_program_has_its_own_place_and_a_package() {
        let tools = Tools::default();
        for program in Program::ALL {
            assert_eq!(tools.place(program), Path::new(program.name()));
            assert!(!program.packages().is_empty(), "{program}");
        }
    }
}
