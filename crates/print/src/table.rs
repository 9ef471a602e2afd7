//! Any list as PDF: a title, columns, rows that come one by one, sections, totals. Each page repeats the heading; finished
//! pages are packed at once, so that memory follows the size of the file and not the number of rows.

mod cells;

use self::cells::{Cell, Track, tracks};
use crate::font::{Face, Line, Type};
use crate::length::Length;
use crate::sheet::{Align, Area, Document, Foot, Head, Ink, Paper, Place, Sheet, SheetRefusal, Stroke};

/// Columns of one list.
pub const COLUMNS_MAX: usize = 24;
/// Rows of one list.
pub const ROWS_MAX: usize = 100_000;
/// Lines that one cell is wrapped to.
pub const CELL_LINES_MAX: usize = 3;
/// Lines of a note.
pub const NOTE_LINES_MAX: usize = 20;
/// Letters that an upright sheet shows side by side; wider lists lie.
pub const UPRIGHT_LETTERS: u32 = 110;

pub(crate) const MARGIN: Length = Length::mm(15);
const FOOT_ROOM: Length = Length::mm(16);
const SECTION_GAP: Length = Length::um(2_500);
/// Keeps the rule of the heading visible over a band.
const BAND_GAP: Length = Length::um(300);
const TITLE: Type = Type::bold(170);
const SUBTITLE: Type = Type::regular(95);
const NOTE_TITLE: Type = Type::bold(90);
const NOTE: Type = Type::regular(85);

/// Why a list is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableRefusal {
    /// No column, or more than [`COLUMNS_MAX`].
    #[error("a list has 1 to {COLUMNS_MAX} columns")]
    Columns,
    /// More rows than [`ROWS_MAX`].
    #[error("a list on paper has at most {ROWS_MAX} rows; narrow it, or take it as CSV or XLSX")]
    TooManyRows,
    /// A row has more or fewer cells than there are columns.
    #[error("the row has {cells} cells and the list {columns} columns")]
    Cells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the list.
        columns: usize,
    },
    /// The document refuses another page.
    #[error(transparent)]
    Sheet(#[from] SheetRefusal),
}

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// What stands over it.
    pub title: &'a str,
    /// Left for words, right for numbers: a number is made smaller before it is cut.
    pub align: Align,
    /// Its share of the width: about how many letters it should show.
    pub letters: u16,
}

/// How large the rows are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// To be read at a desk.
    Desk,
    /// To be read on a wall, across a counter.
    Wall,
}

impl Density {
    const fn regular(self) -> Type {
        match self {
            Self::Desk => Type::regular(85),
            Self::Wall => Type::regular(130),
        }
    }

    const fn bold(self) -> Type {
        Type { face: Face::Bold, ..self.regular() }
    }

    const fn heading(self) -> Type {
        match self {
            Self::Desk => Type::bold(75),
            Self::Wall => Type::bold(105),
        }
    }

    const fn section(self) -> Type {
        match self {
            Self::Desk => Type::bold(90),
            Self::Wall => Type::bold(130),
        }
    }

    const fn padding(self) -> Length {
        match self {
            Self::Desk => Length::um(1_100),
            Self::Wall => Length::um(1_700),
        }
    }
}

/// What stands above a list and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening<'a> {
    /// Title and language.
    pub head: Head<'a>,
    /// Under the title: filters, date, shop.
    pub subtitle: &'a str,
    /// At the foot of every page, beside its number.
    pub foot: &'a str,
    /// For a desk or for a wall.
    pub density: Density,
}

/// Whether the heading of the columns already stands on this page.
#[derive(PartialEq, Eq)]
enum Heading {
    Due,
    Set,
}

/// A list being made, row by row.
pub struct Table {
    document: Document,
    pub(crate) sheet: Sheet,
    pub(crate) y: Length,
    tracks: Vec<Track>,
    heading: Heading,
    section: Option<String>,
    foot: String,
    density: Density,
    rows: usize,
}

impl Table {
    /// A list with its title; it lies when its columns ask for more than [`UPRIGHT_LETTERS`].
    ///
    /// # Errors
    /// Refused without columns or with more than [`COLUMNS_MAX`].
    pub fn new(opening: Opening<'_>, columns: &[Column<'_>]) -> Result<Self, TableRefusal> {
        let letters: u32 = columns.iter().map(|column| u32::from(column.letters)).sum();
        let paper = if letters > UPRIGHT_LETTERS { Paper::A4_LANDSCAPE } else { Paper::A4 };
        let mut sheet = Sheet::new(paper);
        let y = draw_title(&mut sheet, opening);
        Ok(Self {
            document: Document::new(opening.head),
            sheet,
            y,
            tracks: tracks(columns, paper)?,
            heading: Heading::Due,
            section: None,
            foot: opening.foot.to_owned(),
            density: opening.density,
            rows: 0,
        })
    }

    /// Goes on with other columns, under a heading of their own.
    ///
    /// # Errors
    /// Refused as in [`Table::new`].
    pub fn columns(&mut self, columns: &[Column<'_>]) -> Result<(), TableRefusal> {
        self.tracks = tracks(columns, self.sheet.paper())?;
        self.heading = Heading::Due;
        Ok(())
    }

    /// Begins a group of rows. Its title stays with its first row, and comes again on each page that the group reaches.
    ///
    /// # Errors
    /// Refused when the document has no page left.
    pub fn section(&mut self, title: &str) -> Result<(), TableRefusal> {
        self.section = None;
        self.make_room(SECTION_GAP + self.heading_height() + self.band_height() + self.row_height(2))?;
        if self.rows > 0 {
            self.y = self.y + SECTION_GAP;
        }
        self.set_heading();
        self.draw_band(title);
        self.section = Some(title.to_owned());
        Ok(())
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Refused when the cells are not as many as the columns, or when a limit is reached.
    pub fn row(&mut self, cells: &[&str]) -> Result<(), TableRefusal> {
        if self.rows == ROWS_MAX {
            return Err(TableRefusal::TooManyRows);
        }
        self.set_row(cells, self.density.regular(), Stroke::Hair)?;
        self.rows += 1;
        Ok(())
    }

    /// Adds the row of totals, bold under a rule.
    ///
    /// # Errors
    /// Refused as in [`Table::row`].
    pub fn totals(&mut self, cells: &[&str]) -> Result<(), TableRefusal> {
        self.set_row(cells, self.density.bold(), Stroke::Rule)
    }

    /// Sets a note over the whole width, at most [`NOTE_LINES_MAX`] lines.
    ///
    /// # Errors
    /// Refused when the document has no page left.
    pub fn note(&mut self, title: &str, text: &str) -> Result<(), TableRefusal> {
        let width = self.sheet.paper().width - MARGIN * 2;
        let lines: Vec<Line> = text
            .lines()
            .flat_map(|part| Line::new(part).wrapped(NOTE, width, NOTE_LINES_MAX))
            .take(NOTE_LINES_MAX)
            .collect();
        let count = i32::try_from(lines.len()).expect("NOTE_LINES_MAX fits an i32");
        self.section = None;
        self.make_room(Length::mm(8) + NOTE.size.leading() * (count + 1))?;
        self.y = self.y + Length::mm(8);
        self.sheet.text(&Line::new(title).fitted(NOTE_TITLE, width), NOTE_TITLE, Align::Left, self.margin());
        for line in lines {
            self.y = self.y + NOTE.size.leading();
            self.sheet.text(&line, NOTE, Align::Left, self.margin());
        }
        Ok(())
    }

    /// The bytes of the PDF. A list without rows keeps its heading.
    ///
    /// # Errors
    /// Refused when the document has no page left.
    pub fn finish(mut self) -> Result<Vec<u8>, TableRefusal> {
        if self.rows == 0 {
            self.set_heading();
        }
        self.document.add(self.sheet)?;
        Ok(self.document.finish(Foot::Numbered(&self.foot)))
    }

    fn margin(&self) -> Place {
        Place { x: MARGIN, y: self.y }
    }

    fn set_row(&mut self, cells: &[&str], style: Type, over: Stroke) -> Result<(), TableRefusal> {
        if cells.len() != self.tracks.len() {
            return Err(TableRefusal::Cells { cells: cells.len(), columns: self.tracks.len() });
        }
        let cells: Vec<Cell> =
            cells.iter().zip(&self.tracks).map(|(text, track)| Cell::new(text, style, track)).collect();
        let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
        let height = self.row_height(i32::try_from(lines).expect("CELL_LINES_MAX fits an i32"));
        self.make_room(height + self.heading_height())?;
        self.set_heading();
        if over == Stroke::Rule {
            self.draw_line(over);
        }
        let first = self.y + self.density.padding() + style.size.cap_height();
        for (cell, track) in cells.iter().zip(&self.tracks) {
            cell.draw(&mut self.sheet, track, first);
        }
        self.y = self.y + height;
        if over == Stroke::Hair {
            self.draw_line(over);
        }
        Ok(())
    }

    fn row_height(&self, lines: i32) -> Length {
        let style = self.density.regular();
        style.size.cap_height() + style.size.leading() * (lines - 1) + self.density.padding() * 2
    }

    fn heading_height(&self) -> Length {
        match self.heading {
            Heading::Due => Length::mm(8),
            Heading::Set => Length::ZERO,
        }
    }

    /// Goes to the next page when less than `height` is left on this one.
    fn make_room(&mut self, height: Length) -> Result<(), TableRefusal> {
        let paper = self.sheet.paper();
        if self.y + height <= paper.height - FOOT_ROOM {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.sheet, Sheet::new(paper));
        self.document.add(full)?;
        self.y = MARGIN;
        self.heading = Heading::Due;
        if let Some(title) = self.section.take() {
            self.set_heading();
            self.draw_band(&title);
            self.section = Some(title);
        }
        Ok(())
    }

    fn set_heading(&mut self) {
        if self.heading == Heading::Set {
            return;
        }
        self.heading = Heading::Set;
        self.y = self.y + Length::um(5_800);
        let style = self.density.heading();
        for track in &self.tracks {
            let at = Place { x: track.anchor(), y: self.y };
            let title = Line::new(&track.title).fitted(style, track.width);
            self.sheet.grey_text(&title, style, track.align, at);
        }
        self.y = self.y + Length::um(1_700);
        self.draw_line(Stroke::Rule);
    }

    fn draw_band(&mut self, title: &str) {
        let width = self.sheet.paper().width - MARGIN * 2;
        let style = self.density.section();
        self.y = self.y + BAND_GAP;
        let height = self.band_height() - BAND_GAP;
        self.sheet.fill(Area { x: MARGIN, y: self.y, width, height }, Ink::Tint);
        let y = self.y + (height + style.size.cap_height()) / 2;
        let title = Line::new(title).fitted(style, width - Length::mm(4));
        self.sheet.text(&title, style, Align::Left, Place { x: MARGIN + Length::mm(2), y });
        self.y = self.y + height;
    }

    fn band_height(&self) -> Length {
        self.density.section().size.leading() + Length::um(2_400)
    }

    fn draw_line(&mut self, stroke: Stroke) {
        let to = Place { x: self.sheet.paper().width - MARGIN, y: self.y };
        self.sheet.line(self.margin(), to, stroke);
    }
}

fn draw_title(sheet: &mut Sheet, opening: Opening<'_>) -> Length {
    let width = sheet.paper().width - MARGIN * 2;
    let mut y = MARGIN + TITLE.size.cap_height();
    for line in Line::new(opening.head.title).wrapped(TITLE, width, 2) {
        sheet.text(&line, TITLE, Align::Left, Place { x: MARGIN, y });
        y = y + TITLE.size.leading();
    }
    y = y - Length::um(1_500);
    for line in Line::new(opening.subtitle).wrapped(SUBTITLE, width, CELL_LINES_MAX) {
        sheet.grey_text(&line, SUBTITLE, Align::Left, Place { x: MARGIN, y });
        y = y + SUBTITLE.size.leading();
    }
    y
}
