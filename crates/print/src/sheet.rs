//! A document made of sheets: text, lines and boxes at places measured from the top left corner. The page numbers are set
//! when the last page is known, as a second stream of each page, so that a finished page can be packed at once.

use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Filter, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::font::{Face, Line, Type};
use crate::length::Length;

/// Pages of one document.
pub const PAGES_MAX: usize = 5_000;
/// How hard streams are packed, of 10: beyond it the time doubles and the bytes stay.
const DEFLATE_LEVEL: u8 = 6;
const CATALOG: Ref = Ref::new(1);
const PAGE_TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const REGULAR: Ref = Ref::new(4);
const BOLD: Ref = Ref::new(5);
const FIRST_PAGE: i32 = 6;
/// Objects of a page: itself, what is on it, its foot.
const PAGE_OBJECTS: i32 = 3;
const FOOT: Type = Type::regular(75);

/// Why a document is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetRefusal {
    /// It would have more pages than [`PAGES_MAX`].
    #[error("a document has at most {PAGES_MAX} pages")]
    TooManyPages,
}

/// The language of the fixed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Spanish of Argentina.
    Spanish,
    /// English.
    English,
}

impl Language {
    fn code(self) -> &'static str {
        match self {
            Self::Spanish => "es-AR",
            Self::English => "en",
        }
    }

    fn page_of(self, page: usize, pages: usize) -> String {
        match self {
            Self::Spanish => format!("Página {page} de {pages}"),
            Self::English => format!("Page {page} of {pages}"),
        }
    }
}

/// What a document says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// The title in the viewer's window.
    pub title: &'a str,
    /// The language of its words.
    pub language: Language,
}

/// Width and height of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// From left to right.
    pub width: Length,
    /// From top to bottom.
    pub height: Length,
}

impl Paper {
    /// A4, upright.
    pub const A4: Self = Self { width: Length::mm(210), height: Length::mm(297) };
    /// A4, lying.
    pub const A4_LANDSCAPE: Self = Self { width: Length::mm(297), height: Length::mm(210) };

    /// A piece of the 58 mm roll.
    pub const fn roll(height: Length) -> Self {
        Self { width: Length::mm(58), height }
    }
}

/// A place on a sheet, from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// To the right.
    pub x: Length,
    /// Down.
    pub y: Length,
}

/// A rectangle on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its left edge.
    pub x: Length,
    /// Its upper edge.
    pub y: Length,
    /// Its width.
    pub width: Length,
    /// Its height.
    pub height: Length,
}

/// Where a text stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Begins there.
    Left,
    /// Has its middle there.
    Centre,
    /// Ends there.
    Right,
}

/// How dark something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Black.
    Black,
    /// Dark grey, for what is read second.
    Grey,
    /// Light grey, for hairlines.
    Light,
    /// The faintest tint, for bands behind text.
    Tint,
    /// Paper white, on black.
    White,
}

impl Ink {
    fn level(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::Grey => 0.38,
            Self::Light => 0.75,
            Self::Tint => 0.94,
            Self::White => 1.0,
        }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Thin and light: between rows.
    Hair,
    /// Thin and black: under headings and over totals.
    Rule,
    /// Dashes: where to cut.
    Cut,
}

/// A sheet being drawn.
pub struct Sheet {
    paper: Paper,
    content: Content,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(paper: Paper) -> Self {
        Self { paper, content: Content::new() }
    }

    /// Its size.
    pub fn paper(&self) -> Paper {
        self.paper
    }

    /// Sets a text with its base line at a place.
    pub fn text(&mut self, line: &Line, style: Type, align: Align, at: Place) {
        self.text_in(Ink::Black, line, style, (align, at));
    }

    /// Sets a text that is read second, in grey.
    pub fn grey_text(&mut self, line: &Line, style: Type, align: Align, at: Place) {
        self.text_in(Ink::Grey, line, style, (align, at));
    }

    /// Sets a text in white, on a dark box.
    pub fn white_text(&mut self, line: &Line, style: Type, align: Align, at: Place) {
        self.text_in(Ink::White, line, style, (align, at));
    }

    /// Fills a box.
    pub fn fill(&mut self, area: Area, ink: Ink) {
        let bottom = self.up(area.y + area.height);
        self.content.set_fill_gray(ink.level());
        self.content.rect(area.x.points(), bottom, area.width.points(), area.height.points());
        self.content.fill_nonzero();
    }

    /// Draws a line.
    pub fn line(&mut self, from: Place, to: Place, stroke: Stroke) {
        let (width, ink) = match stroke {
            Stroke::Hair => (Length::um(90), Ink::Light),
            Stroke::Rule => (Length::um(180), Ink::Black),
            Stroke::Cut => (Length::um(90), Ink::Grey),
        };
        let (start, end) = (self.up(from.y), self.up(to.y));
        self.content.save_state();
        self.content.set_line_cap(LineCapStyle::ButtCap).set_line_width(width.points()).set_stroke_gray(ink.level());
        if stroke == Stroke::Cut {
            self.content.set_dash_pattern([3.0, 3.0], 0.0);
        }
        self.content.move_to(from.x.points(), start).line_to(to.x.points(), end).stroke();
        self.content.restore_state();
    }

    fn text_in(&mut self, ink: Ink, line: &Line, style: Type, (align, at): (Align, Place)) {
        if line.is_empty() {
            return;
        }
        let x = match align {
            Align::Left => at.x,
            Align::Centre => at.x - line.width(style) / 2,
            Align::Right => at.x - line.width(style),
        };
        let name = match style.face {
            Face::Regular => Name(b"R"),
            Face::Bold => Name(b"B"),
        };
        let y = self.up(at.y);
        self.content.set_fill_gray(ink.level());
        self.content.begin_text().set_font(name, style.size.points()).next_line(x.points(), y);
        self.content.show(Str(line.bytes())).end_text();
    }

    /// PDF counts from the lower edge up.
    fn up(&self, y: Length) -> f32 {
        (self.paper.height - y).points()
    }
}

/// Whether pages carry their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foot<'a> {
    /// Nothing: labels.
    Bare,
    /// A text at the left and "page n of m" at the right.
    Numbered(&'a str),
}

/// A document being made: finished pages are kept packed.
pub struct Document {
    pdf: Pdf,
    language: Language,
    papers: Vec<Paper>,
}

impl Document {
    /// A document without pages.
    pub fn new(head: Head<'_>) -> Self {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(PAGE_TREE).lang(TextStr(head.language.code()));
        pdf.document_info(INFO).title(TextStr(head.title)).producer(TextStr("Góndola"));
        for (font, name) in [(REGULAR, &b"Helvetica"[..]), (BOLD, b"Helvetica-Bold")] {
            pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        Self { pdf, language: head.language, papers: Vec::new() }
    }

    /// Adds a drawn sheet as the next page.
    ///
    /// # Errors
    /// Refused when the document already has [`PAGES_MAX`] pages.
    pub fn add(&mut self, sheet: Sheet) -> Result<(), SheetRefusal> {
        if self.papers.len() == PAGES_MAX {
            return Err(SheetRefusal::TooManyPages);
        }
        let page = page_ref(self.papers.len());
        self.stream(next(page, 1), sheet.content);
        self.papers.push(sheet.paper);
        Ok(())
    }

    /// Sets the feet and gives the bytes. A document without pages gets an empty one, because readers refuse none.
    pub fn finish(mut self, foot: Foot<'_>) -> Vec<u8> {
        if self.papers.is_empty() {
            self.stream(next(page_ref(0), 1), Content::new());
            self.papers.push(Paper::A4);
        }
        let pages = self.papers.len();
        let count = i32::try_from(pages).expect("PAGES_MAX fits an i32");
        self.pdf.pages(PAGE_TREE).kids((0..pages).map(page_ref)).count(count);
        for (index, paper) in std::mem::take(&mut self.papers).into_iter().enumerate() {
            let id = page_ref(index);
            self.page(id, paper);
            let mut sheet = Sheet::new(paper);
            if let Foot::Numbered(text) = foot {
                draw_foot(&mut sheet, text, &self.language.page_of(index + 1, pages));
            }
            self.stream(next(id, 2), sheet.content);
        }
        self.pdf.finish()
    }

    fn page(&mut self, id: Ref, paper: Paper) {
        let mut page = self.pdf.page(id);
        page.media_box(Rect::new(0.0, 0.0, paper.width.points(), paper.height.points()));
        page.parent(PAGE_TREE).contents_array([next(id, 1), next(id, 2)]);
        page.resources().fonts().pair(Name(b"R"), REGULAR).pair(Name(b"B"), BOLD);
    }

    fn stream(&mut self, id: Ref, content: Content) {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(content.finish().as_slice(), DEFLATE_LEVEL);
        self.pdf.stream(id, &packed).filter(Filter::FlateDecode);
    }
}

fn draw_foot(sheet: &mut Sheet, text: &str, number: &str) {
    let margin = Length::mm(15);
    let y = sheet.paper.height - Length::mm(9);
    let number = Line::new(number);
    let right = sheet.paper.width - margin;
    let room = right - margin - number.width(FOOT) - Length::mm(5);
    sheet.grey_text(&Line::new(text).fitted(FOOT, room), FOOT, Align::Left, Place { x: margin, y });
    sheet.grey_text(&number, FOOT, Align::Right, Place { x: right, y });
}

fn page_ref(index: usize) -> Ref {
    let index = i32::try_from(index).expect("PAGES_MAX fits an i32");
    Ref::new(FIRST_PAGE + index * PAGE_OBJECTS)
}

fn next(page: Ref, offset: i32) -> Ref {
    Ref::new(page.get() + offset)
}
