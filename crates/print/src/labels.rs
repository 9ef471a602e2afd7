//! Shelf labels: the price large enough to be read from the aisle, what the law asks beneath it, bars for the till.
//! On A4 in a grid that may begin where the last sheet was left, or one under another on the 58 mm roll.

mod face;

use self::face::draw;
use crate::barcode::Barcode;
use crate::length::Length;
use crate::sheet::{Area, Document, Foot, Head, Paper, Place, Sheet, SheetRefusal, Stroke};

/// Labels of one document.
pub const LABELS_MAX: usize = 5_000;
/// Columns or rows of a grid.
pub const GRID_MAX: u8 = 20;
/// Labels on one strip: PDF readers take a page of at most 5.08 m.
pub const STRIP_LABELS_MAX: usize = 100;
/// The height of a label on the roll.
pub const ROLL_LABEL: Length = Length::mm(47);

/// White at the sides of a label: what printers cannot reach.
const SIDE: Length = Length::mm(5);
/// White above and below.
const TOP: Length = Length::mm(4);
/// The narrowest label of a grid.
const LABEL_WIDTH_MIN: Length = Length::mm(45);

/// Narrower labels set bars under the texts, wider ones beside them.
const WIDE: Length = Length::mm(56);

/// Why labels are not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelRefusal {
    /// More than [`LABELS_MAX`].
    #[error("at most {LABELS_MAX} labels at a time")]
    TooMany,
    /// A grid without labels, with more than [`GRID_MAX`] in a line, or wider or higher than the sheet.
    #[error(
        "the grid must have 1 to {GRID_MAX} columns and rows that fit the sheet, of at least 66 x 37 or 45 x 47 mm"
    )]
    Grid,
    /// The first place is not on the sheet.
    #[error("the first label must be at 1 to {places}")]
    Start {
        /// Places of the sheet.
        places: usize,
    },
    /// A price is too long for the label even in small type; it is never cut.
    #[error("label {label}: the price does not fit")]
    Price {
        /// Which label, from 1.
        label: usize,
    },
    /// The document refuses another page.
    #[error(transparent)]
    Sheet(#[from] SheetRefusal),
}

/// What an offer adds to a label; the base price stays on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// "OFERTA", "2x1".
    pub title: &'a str,
    /// The price without the offer, with its words: "Antes $ 1.500".
    pub base_price: &'a str,
    /// Until when, with its words; empty for none.
    pub until: &'a str,
}

/// The texts of a label, all as they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    /// The short name.
    pub name: &'a str,
    /// "$ 1.200".
    pub price: &'a str,
    /// "$ 2.400 por kg"; empty where the price already is one.
    pub unit_price: &'a str,
    /// "Precio sin impuestos nacionales: $ 991,74"; empty unless the shop is registered for VAT.
    pub net_price: &'a str,
    /// Since when the price holds.
    pub date: &'a str,
    /// The bars.
    pub barcode: Option<&'a Barcode>,
    /// The offer, while there is one.
    pub offer: Option<Offer<'a>>,
}

/// A sheet of labels that touch each other, centred on A4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Labels side by side.
    pub columns: u8,
    /// Labels one under another.
    pub rows: u8,
    /// Width of a label.
    pub width: Length,
    /// Height of a label.
    pub height: Length,
    /// The first free place, from 1, line by line.
    pub first: usize,
}

impl Default for Grid {
    fn default() -> Self {
        Self { columns: 3, rows: 8, width: Length::mm(70), height: Length::mm(37), first: 1 }
    }
}

impl Grid {
    fn places(self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }

    fn check(self) -> Result<(), LabelRefusal> {
        let counts = [self.columns, self.rows].iter().all(|count| (1..=GRID_MAX).contains(count));
        let least = if self.width >= WIDE + SIDE * 2 { Length::mm(37) } else { ROLL_LABEL };
        let large_enough = self.width >= LABEL_WIDTH_MIN && self.height >= least;
        if !(counts && large_enough && self.fits(Paper::A4)) {
            return Err(LabelRefusal::Grid);
        }
        if !(1..=self.places()).contains(&self.first) {
            return Err(LabelRefusal::Start { places: self.places() });
        }
        Ok(())
    }

    fn fits(self, paper: Paper) -> bool {
        // Each label first: the sums below cannot run over then.
        let one = self.width <= paper.width && self.height <= paper.height;
        one && self.size().width <= paper.width && self.size().height <= paper.height
    }

    fn size(self) -> Paper {
        Paper { width: self.width * i32::from(self.columns), height: self.height * i32::from(self.rows) }
    }

    fn area(self, place: usize) -> Area {
        let place = i32::try_from(place).expect("a place is below GRID_MAX squared");
        let columns = i32::from(self.columns);
        Area {
            x: (Paper::A4.width - self.size().width) / 2 + self.width * (place % columns),
            y: (Paper::A4.height - self.size().height) / 2 + self.height * (place / columns),
            width: self.width,
            height: self.height,
        }
    }
}

/// Labels on A4.
///
/// # Errors
/// Refused when the grid is not one, a price does not fit, or a limit is reached.
pub fn on_sheets(head: Head<'_>, grid: Grid, labels: &[Label<'_>]) -> Result<Vec<u8>, LabelRefusal> {
    grid.check()?;
    check_count(labels)?;
    let mut document = Document::new(head);
    let mut sheet = Sheet::new(Paper::A4);
    let mut place = grid.first - 1;
    for (index, label) in labels.iter().enumerate() {
        if place == grid.places() {
            document.add(std::mem::replace(&mut sheet, Sheet::new(Paper::A4)))?;
            place = 0;
        }
        draw(&mut sheet, inset(grid.area(place)), label).ok_or(LabelRefusal::Price { label: index + 1 })?;
        place += 1;
    }
    document.add(sheet)?;
    Ok(document.finish(Foot::Bare))
}

/// Labels one under another on the 58 mm roll, with a line to cut along between them.
///
/// # Errors
/// Refused when a price does not fit, or a limit is reached.
pub fn on_roll(head: Head<'_>, labels: &[Label<'_>]) -> Result<Vec<u8>, LabelRefusal> {
    check_count(labels)?;
    let mut document = Document::new(head);
    for (strip, labels) in labels.chunks(STRIP_LABELS_MAX).enumerate() {
        let count = i32::try_from(labels.len()).expect("STRIP_LABELS_MAX fits an i32");
        let paper = Paper::roll(ROLL_LABEL * count);
        let mut sheet = Sheet::new(paper);
        let mut area = Area { x: Length::ZERO, y: Length::ZERO, width: paper.width, height: ROLL_LABEL };
        for (index, label) in labels.iter().enumerate() {
            draw(&mut sheet, inset(area), label)
                .ok_or(LabelRefusal::Price { label: strip * STRIP_LABELS_MAX + index + 1 })?;
            area.y = area.y + ROLL_LABEL;
            if index + 1 < labels.len() {
                let (from, to) = (Place { x: Length::ZERO, y: area.y }, Place { x: paper.width, y: area.y });
                sheet.line(from, to, Stroke::Cut);
            }
        }
        document.add(sheet)?;
    }
    Ok(document.finish(Foot::Bare))
}

fn check_count(labels: &[Label<'_>]) -> Result<(), LabelRefusal> {
    if labels.len() > LABELS_MAX { Err(LabelRefusal::TooMany) } else { Ok(()) }
}

fn inset(area: Area) -> Area {
    Area { x: area.x + SIDE, y: area.y + TOP, width: area.width - SIDE * 2, height: area.height - TOP * 2 }
}
