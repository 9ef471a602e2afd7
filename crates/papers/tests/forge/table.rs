//! The table of a paper: how wide its columns are, which rows fall on which page, and the drawing of them. A description too
//! long for its column goes on in the row below.

use super::columns::{Column, Content};
use super::face::Pen;
use super::pdf::Page;
use super::plan::{Plan, Rules, Style};
use super::sheet::{MARGIN, WIDTH};
use super::truth::Line;

/// A column with its place.
#[derive(Debug, Clone, Copy)]
struct Placed {
    column: Column,
    left: i32,
    right: i32,
}

/// The table of one paper.
#[derive(Debug, Clone)]
pub struct Table {
    placed: Vec<Placed>,
    pen: Pen,
    style: Style,
    places: u32,
}

/// One line as cells: each cell is one row of text, or several.
type Cells = Vec<Vec<String>>;

impl Table {
    /// Gives every column its width; the description takes what is left.
    pub fn new(plan: &Plan, pen: Pen) -> Self {
        let width_of = |column: &Column| match column.content {
            Content::Text => 0,
            content => pen.width(content.widest()).max(pen.bold().width(column.heading)) + plan.style.gap,
        };
        let taken: i32 = plan.columns.iter().map(width_of).sum();
        let mut left = MARGIN;
        let place = |column: &Column| {
            let width = match column.content {
                Content::Text => WIDTH - 2 * MARGIN - taken,
                _ => width_of(column),
            };
            let placed = Placed { column: *column, left, right: left + width };
            left += width;
            placed
        };
        let placed = plan.columns.iter().map(place).collect();
        Self { placed, pen, style: plan.style, places: plan.profile.places }
    }

    /// The lines as cells, page by page; at least one page.
    pub fn pages(&self, lines: &[Line]) -> Vec<Vec<Cells>> {
        let mut pages = vec![Vec::new()];
        let mut used = 0;
        for cells in lines.iter().map(|line| self.cells(line)) {
            let rows = height(&cells);
            if used + rows > self.style.rows_max {
                pages.push(Vec::new());
                used = 0;
            }
            used += rows;
            pages.last_mut().expect("there is a first page").push(cells);
        }
        pages
    }

    fn cells(&self, line: &Line) -> Cells {
        let cell = |placed: &Placed| {
            let text = placed.column.content.cell(line, self.places);
            match placed.column.content {
                Content::Text => self.pen.wrap(&text, placed.right - placed.left - self.style.gap),
                _ => vec![text],
            }
        };
        self.placed.iter().map(cell).collect()
    }

    /// Headings and rows from `top` down.
    pub fn draw(&self, page: &mut Page, top: i32, lines: &[Cells]) {
        let rule = top + self.pen.size + 35;
        for placed in &self.placed {
            self.write(page, *placed, self.pen.bold(), (top + self.pen.size, placed.column.heading));
        }
        page.line((MARGIN, rule), (WIDTH - MARGIN, rule));
        let mut foot = rule + self.pen.size + 45;
        for cells in lines {
            for (placed, rows) in self.placed.iter().zip(cells) {
                for (at, text) in (0_i32..).zip(rows) {
                    self.write(page, *placed, self.pen, (foot + at * self.style.leading, text));
                }
            }
            foot += self.style.leading * i32::try_from(height(cells)).expect("a line has few rows");
            if self.style.rules == Rules::Rows {
                let rule = foot - self.style.leading + 40;
                page.line((MARGIN, rule), (WIDTH - MARGIN, rule));
            }
        }
        if self.style.rules == Rules::Columns {
            self.rule_columns(page, (top - 40, foot));
        }
    }

    fn rule_columns(&self, page: &mut Page, (top, bottom): (i32, i32)) {
        page.frame((MARGIN, top), (WIDTH - MARGIN, bottom));
        for placed in &self.placed[1..] {
            page.line((placed.left, top), (placed.left, bottom));
        }
    }

    fn write(&self, page: &mut Page, placed: Placed, pen: Pen, (foot, text): (i32, &str)) {
        if placed.column.content.is_number() {
            page.text_to(pen, (placed.right - self.style.gap / 2, foot), text);
        } else {
            page.text(pen, (placed.left + self.style.gap / 2, foot), text);
        }
    }
}

/// Rows of text that a line takes.
fn height(cells: &Cells) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or(1)
}
