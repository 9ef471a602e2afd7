//! Where columns lie on the sheet, and what a cell does when its text is wider than its column: words wrap, numbers shrink.

use super::{CELL_LINES_MAX, COLUMNS_MAX, Column, MARGIN, TableRefusal};
use crate::font::{Line, Size, Type};
use crate::length::Length;
use crate::sheet::{Align, Paper, Place, Sheet};

const GUTTER: Length = Length::mm(3);
/// Below this size a number is no longer read; it becomes `###`, never a shorter number.
const NUMBER_MIN: Size = Size::tenths(55);

/// A column with its place on the sheet.
pub(super) struct Track {
    pub(super) title: String,
    pub(super) align: Align,
    x: Length,
    pub(super) width: Length,
}

impl Track {
    pub(super) fn anchor(&self) -> Length {
        match self.align {
            Align::Left => self.x,
            Align::Centre => self.x + self.width / 2,
            Align::Right => self.x + self.width,
        }
    }
}

/// A cell in lines, in the size that it needs.
pub(super) struct Cell {
    pub(super) lines: Vec<Line>,
    style: Type,
}

impl Cell {
    pub(super) fn new(text: &str, style: Type, track: &Track) -> Self {
        let line = Line::new(text);
        match track.align {
            Align::Left | Align::Centre => Self { lines: line.wrapped(style, track.width, CELL_LINES_MAX), style },
            Align::Right => Self::number(line, style, track.width),
        }
    }

    fn number(line: Line, style: Type, width: Length) -> Self {
        match line.shrunk(style, NUMBER_MIN, width) {
            Some(style) => Self { lines: vec![line], style },
            None => Self { lines: vec![Line::new("###").fitted(style, width)], style },
        }
    }

    pub(super) fn draw(&self, sheet: &mut Sheet, track: &Track, first: Length) {
        let mut y = first;
        for line in &self.lines {
            sheet.text(line, self.style, track.align, Place { x: track.anchor(), y });
            y = y + self.style.size.leading();
        }
    }
}

/// Shares the width of the sheet by letters; gutters lie between the columns.
pub(super) fn tracks(columns: &[Column<'_>], paper: Paper) -> Result<Vec<Track>, TableRefusal> {
    if columns.is_empty() || columns.len() > COLUMNS_MAX {
        return Err(TableRefusal::Columns);
    }
    let gutters = i32::try_from(columns.len() - 1).expect("COLUMNS_MAX fits an i32");
    let room = i64::from((paper.width - MARGIN * 2 - GUTTER * gutters).as_um());
    let letters: i64 = columns.iter().map(|column| i64::from(column.letters.max(1))).sum();
    let mut x = MARGIN;
    let track = |column: &Column<'_>| {
        let share = room * i64::from(column.letters.max(1)) / letters;
        let width = Length::um(i32::try_from(share).expect("a share of the sheet's width fits an i32"));
        let track = Track { title: column.title.to_owned(), align: column.align, x, width };
        x = x + width + GUTTER;
        track
    };
    Ok(columns.iter().map(track).collect())
}
