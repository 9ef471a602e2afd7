//! The letter forms of forged papers: four of the fourteen that every reader of PDF has, with the widths that setting
//! figures against a right edge needs.

/// A family of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Helvetica.
    Sans,
    /// Times.
    Serif,
    /// Courier.
    Mono,
    /// Times, slanted: as near to handwriting as the fourteen come.
    Script,
}

/// How dark letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Headings and totals.
    Bold,
}

/// Letters of a face in a size, in tenths of a point.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// The family.
    pub face: Face,
    /// How dark.
    pub weight: Weight,
    /// Tenths of a point.
    pub size: i32,
}

/// The names of the fonts in PDF, in the order of [`Pen::font`].
pub const FONTS: [&str; 8] = [
    "Helvetica",
    "Helvetica-Bold",
    "Times-Roman",
    "Times-Bold",
    "Courier",
    "Courier-Bold",
    "Times-Italic",
    "Times-BoldItalic",
];

/// Thousandths of the size, from the space to the tilde.
const SANS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
const SERIF: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];
const MONO: u16 = 600;
/// What a letter outside the table takes: about an n with its tilde.
const OTHER: u16 = 556;

impl Pen {
    /// Its place in [`FONTS`].
    pub const fn font(self) -> usize {
        let family = match self.face {
            Face::Sans => 0,
            Face::Serif => 2,
            Face::Mono => 4,
            Face::Script => 6,
        };
        match self.weight {
            Weight::Regular => family,
            Weight::Bold => family + 1,
        }
    }

    /// The same letters, bold.
    pub const fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    /// The same letters in another size.
    pub const fn sized(self, size: i32) -> Self {
        Self { size, ..self }
    }

    /// How wide a text is, in tenths of a point; exact for figures, near for words in bold or slanted letters.
    pub fn width(self, text: &str) -> i32 {
        let thousandths: i32 = text.chars().map(|letter| i32::from(self.letter(letter))).sum();
        thousandths * self.size / 1_000
    }

    /// Cuts a text into pieces of at most so wide, between words.
    pub fn wrap(self, text: &str, width: i32) -> Vec<String> {
        let mut rows: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match rows.last_mut() {
                Some(row) if self.width(row) + self.width(" ") + self.width(word) <= width => {
                    row.push(' ');
                    row.push_str(word);
                }
                _ => rows.push(word.to_owned()),
            }
        }
        rows
    }

    fn letter(self, letter: char) -> u16 {
        let table = match self.face {
            Face::Mono => return MONO,
            Face::Sans => &SANS,
            Face::Serif | Face::Script => &SERIF,
        };
        let place = u32::from(letter).checked_sub(32).and_then(|place| table.get(place as usize));
        place.copied().unwrap_or(OTHER)
    }
}
