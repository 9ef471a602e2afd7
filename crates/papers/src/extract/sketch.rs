//! Pages made for tests: words written at places, as a reader of PDF would give them.

use crate::page::{Page, Word};

/// A4 in tenths of a point.
const WIDTH: i32 = 5_952;
const HEIGHT: i32 = 8_419;
/// Width of a letter, and height of a row.
const LETTER: i32 = 45;
const TALL: i32 = 90;

/// A page under way.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    page: Page,
    confidence: u8,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { page: Page { width: WIDTH, height: HEIGHT, words: Vec::new() }, confidence: 100 }
    }
}

impl Sketch {
    /// A page that was recognised in a picture, so sure.
    pub fn recognised(confidence: u8) -> Self {
        Self { confidence, ..Self::default() }
    }

    /// Texts whose left edges are given.
    pub fn row(&mut self, top: i32, cells: &[(i32, &str)]) -> &mut Self {
        for (left, text) in cells {
            self.text(*left, top, text);
        }
        self
    }

    /// Texts whose right edges are given.
    pub fn row_to(&mut self, top: i32, cells: &[(i32, &str)]) -> &mut Self {
        for (right, text) in cells {
            self.text(right - width(text), top, text);
        }
        self
    }

    fn text(&mut self, left: i32, top: i32, text: &str) {
        let mut left = left;
        for word in text.split(' ') {
            let right = left + width(word);
            let confidence = self.confidence;
            self.page.words.push(Word { text: word.to_owned(), left, top, right, bottom: top + TALL, confidence });
            left = right + LETTER / 2;
        }
    }

    /// The page.
    pub fn page(&self) -> Page {
        self.page.clone()
    }
}

fn width(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(1) * LETTER
}
