//! Words and where they stand on a page, whatever they were read from: the text of a PDF or a picture. Nothing here knows
//! what a word means.
//!
//! Places are in **tenths of a point** (720 to an inch) from the upper left corner; an A4 page is 5,952 by 8,419.

use serde::{Deserialize, Serialize};

/// A page of a document as positioned words, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Width in tenths of a point.
    pub width: i32,
    /// Height in tenths of a point.
    pub height: i32,
    /// The words.
    pub words: Vec<Word>,
}

/// A word and the box around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Left edge, in tenths of a point.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
    /// How sure the reader is, 0 to 100; the text of a PDF is 100.
    pub confidence: u8,
}

/// A place on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Page, counted from 0.
    pub page: usize,
    /// Left edge, in tenths of a point.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
}

impl Place {
    /// The box of a word.
    pub const fn of(page: usize, word: &Word) -> Self {
        Self { page, left: word.left, top: word.top, right: word.right, bottom: word.bottom }
    }

    /// The smallest box around both; the page is that of the first.
    pub fn around(self, other: Self) -> Self {
        Self {
            page: self.page,
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}
