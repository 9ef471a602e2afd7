//! The lines of a paper: from the row of headings down to the sums, page by page. A line has its description and a figure;
//! a row that has only a description goes on with the line above.

use super::columns::{self, Column, Placed};
use super::layout::Layout;
use super::paper::{Line, Source};
use super::rows::{Row, Run};
use super::{field, figures, number, totals};
use crate::page::Page;

/// Lines of a document.
const LINES_MAX: usize = 2_000;
/// Longest description kept.
const DESCRIPTION_CHARS_MAX: usize = 300;
/// Left edges this near, in tenths of a point, are one edge.
const ALIGNED: i32 = 20;

/// The rows of a document, told apart.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Above the lines.
    pub head: Vec<Row>,
    /// Below them.
    pub foot: Vec<Row>,
    pub lines: Vec<Line>,
}

/// Where on a page the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Head,
    Body,
    Foot,
}

/// Reads the table; without one, every row is head and foot.
pub(super) fn read(rows: &[Row], pages: &[Page], layout: Option<&Layout>) -> Table {
    let mut reader = Reader { layout, columns: Vec::new(), table: Table::default(), below: None };
    for (at, page) in pages.iter().enumerate() {
        let own: Vec<&Row> = rows.iter().filter(|row| row.place.page == at).collect();
        reader.page(&own, page.width);
    }
    if reader.table.lines.is_empty() {
        return Table { head: rows.to_vec(), foot: rows.to_vec(), lines: Vec::new() };
    }
    reader.table
}

struct Reader<'a> {
    layout: Option<&'a Layout>,
    columns: Vec<Placed>,
    table: Table,
    /// Lower edge of the row that belongs to the last line, on this page.
    below: Option<i32>,
}

impl Reader<'_> {
    fn page(&mut self, rows: &[&Row], width: i32) {
        let start = rows.iter().position(|row| self.headings(row, width).is_some());
        let goes_on = start.is_none() && !self.columns.is_empty() && self.table.foot.is_empty();
        let mut zone = if goes_on { Zone::Body } else { Zone::Head };
        if let (None, Some(layout), true) = (start, self.layout, self.columns.is_empty()) {
            self.columns = layout.placed(width);
            zone = Zone::Body;
        }
        self.below = None;
        for (at, row) in rows.iter().enumerate() {
            if Some(at) == start {
                self.columns = self.headings(row, width).unwrap_or_default();
                zone = Zone::Body;
                continue;
            }
            zone = self.row(row, zone);
        }
    }

    fn headings(&self, row: &Row, width: i32) -> Option<Vec<Placed>> {
        let learned = self.layout.and_then(|layout| layout.headings(row, width));
        learned.or_else(|| columns::headings(row))
    }

    fn row(&mut self, row: &Row, zone: Zone) -> Zone {
        match zone {
            Zone::Head => self.table.head.push(row.clone()),
            Zone::Foot => self.table.foot.push(row.clone()),
            Zone::Body => return self.body(row),
        }
        zone
    }

    fn body(&mut self, row: &Row) -> Zone {
        let assigned = columns::assign(row, &self.columns);
        let has = |column| assigned.contains(&Some(column));
        if is_foot(row, &assigned) {
            self.table.foot.push(row.clone());
            return Zone::Foot;
        }
        let figures = [Column::Quantity, Column::Price, Column::UnitPrice, Column::Subtotal];
        if has(Column::Description) && figures.into_iter().any(has) && self.table.lines.len() < LINES_MAX {
            self.table.lines.push(self.line(row, &assigned));
            self.below = Some(row.place.bottom);
        } else if self.is_next(row) && (is_text(&assigned) || self.is_tail(row)) {
            self.go_on(row);
        } else if self.table.lines.is_empty() {
            self.table.head.push(row.clone());
        }
        Zone::Body
    }

    /// Does the row stand right below the last line?
    fn is_next(&self, row: &Row) -> bool {
        let height = row.place.bottom - row.place.top;
        self.below.is_some_and(|below| row.place.top - below <= 2 * height)
    }

    /// Is it a number alone below a description, as the 100 of `x 100`?
    fn is_tail(&self, row: &Row) -> bool {
        let above = self.table.lines.last().and_then(|line| line.description.as_ref()?.place);
        row.runs.len() == 1 && above.is_some_and(|above| (above.left - row.place.left).abs() <= ALIGNED)
    }

    fn go_on(&mut self, row: &Row) {
        self.below = Some(row.place.bottom);
        let Some(line) = self.table.lines.last_mut() else { return };
        let more = row.text();
        if let Some(description) = &mut line.description
            && description.value.len() + more.len() < DESCRIPTION_CHARS_MAX
        {
            description.value = format!("{} {more}", description.value);
            description.place = description.place.map(|place| place.around(row.place));
            line.raw = format!("{} {more}", line.raw);
        }
    }

    fn line(&self, row: &Row, assigned: &[Option<Column>]) -> Line {
        let mut line = Line { raw: row.text(), ..Line::default() };
        for (column, run) in assigned.iter().zip(&row.runs) {
            if let Some(column) = column {
                put(&mut line, *column, run);
            }
        }
        let priced = assigned.iter().zip(&row.runs).filter(|(column, _)| column.is_none_or(is_figure));
        let runs: Vec<&Run> = priced.map(|(_, run)| run).collect();
        line = figures::settled(line, &runs);
        if self.layout.is_some() {
            by_layout(&mut line);
        }
        line
    }
}

fn is_text(assigned: &[Option<Column>]) -> bool {
    assigned.iter().all(|column| *column == Some(Column::Description))
}

/// A name of the sums, in a row that counts nothing.
fn is_foot(row: &Row, assigned: &[Option<Column>]) -> bool {
    let is_name =
        |(column, run): (&Option<Column>, &Run)| *column != Some(Column::Rate) && totals::label(&run.plain).is_some();
    !assigned.contains(&Some(Column::Quantity)) && assigned.iter().zip(&row.runs).any(is_name)
        || row.runs.iter().any(|run| run.plain.starts_with("cae ") || run.plain.starts_with("son pesos"))
}

fn put(line: &mut Line, column: Column, run: &Run) {
    let text = run.text.as_str();
    match column {
        Column::Code => line.code = Some(field(text.to_owned(), run)),
        Column::Barcode => line.barcode = columns::barcode(text).map(|digits| field(digits, run)),
        Column::Description => describe(line, run),
        Column::Quantity => line.quantity = number::quantity(text).map(|quantity| field(quantity, run)),
        Column::Unit => line.unit = Some(field(text.to_owned(), run)),
        Column::UnitsPerCase => line.units_per_case = columns::units(text).map(|units| field(units, run)),
        Column::Price => line.price = number::cost(text).map(|cost| field(cost, run)),
        // Beside a price of a case and one of a unit, a third says nothing new.
        Column::CasePrice => {}
        Column::UnitPrice => line.unit_price = number::cost(text).map(|cost| field(cost, run)),
        Column::Discount => line.discount = number::percent(text).map(|part| field(part, run)),
        Column::Rate => line.vat = columns::treatment(text).map(|vat| field(vat, run)),
        Column::Subtotal => line.subtotal = number::money(text).map(|amount| field(amount, run)),
    }
}

/// Is it a column that arithmetic vouches for?
const fn is_figure(column: Column) -> bool {
    use Column::{CasePrice, Price, Quantity, Subtotal, UnitPrice};
    matches!(column, Quantity | Price | CasePrice | UnitPrice | Subtotal)
}

fn describe(line: &mut Line, run: &Run) {
    let text: String = run.text.chars().take(DESCRIPTION_CHARS_MAX).collect();
    match &mut line.description {
        Some(description) if description.value.len() + text.len() < DESCRIPTION_CHARS_MAX => {
            description.value = format!("{} {text}", description.value);
            description.place = description.place.map(|place| place.around(run.place));
        }
        Some(_) => {}
        None => line.description = Some(field(text, run)),
    }
}

/// The places were learned, not told by words on this paper.
fn by_layout(line: &mut Line) {
    let source = |source: &mut Source| *source = Source::Layout;
    line.code.iter_mut().for_each(|field| source(&mut field.source));
    line.quantity.iter_mut().for_each(|field| source(&mut field.source));
    line.price.iter_mut().for_each(|field| source(&mut field.source));
    line.subtotal.iter_mut().for_each(|field| source(&mut field.source));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::rows::rows;
    use crate::extract::sketch::Sketch;

    fn sketch() -> Sketch {
        let mut sketch = Sketch::default();
        sketch.row(2_000, &[(300, "Código"), (1_000, "Descripción")]);
        sketch.row_to(2_000, &[(3_600, "Cant."), (4_500, "Precio"), (5_600, "Importe")]);
        sketch.row(2_150, &[(300, "0012"), (1_000, "FIDEO MOÑO 20X500")]);
        sketch.row_to(2_150, &[(3_600, "2"), (4_500, "30.000,00"), (5_600, "60.000,00")]);
        sketch.row(2_250, &[(1_000, "con semillas x")]);
        sketch.row(2_345, &[(1_000, "100")]);
        sketch.row(2_500, &[(300, "0013"), (1_000, "TOTAL LIMPIADOR 5 L")]);
        sketch.row_to(2_500, &[(3_600, "1"), (4_500, "1.234,50"), (5_600, "1.234,50")]);
        sketch.row(6_000, &[(3_600, "TOTAL")]).row_to(6_000, &[(5_600, "61.234,50")]);
        sketch
    }

    #[test]
    fn lines_end_where_the_sums_begin_and_descriptions_go_on() {
        let pages = [sketch().page()];
        let table = read(&rows(&pages), &pages, None);
        let texts: Vec<&str> =
            table.lines.iter().map(|line| line.description.as_ref().unwrap().value.as_str()).collect();
        assert_eq!(texts, ["FIDEO MOÑO 20X500 con semillas x 100", "TOTAL LIMPIADOR 5 L"]);
        let first = &table.lines[0];
        assert_eq!(first.code.as_ref().unwrap().value, "0012");
        assert_eq!(first.quantity.unwrap().value.raw(), 2_000);
        assert_eq!((first.price.unwrap().value.raw(), first.subtotal.unwrap().value.raw()), (300_000_000, 6_000_000));
        assert_eq!((table.head.len(), table.foot.len()), (0, 1));
    }

    #[test]
    fn a_price_below_a_misread_heading_is_found_when_the_figures_agree() {
        for (price, wanted) in [("30.000,00", Some(300_000_000)), ("31.000,00", None)] {
            let mut sketch = Sketch::default();
            sketch
                .row(2_000, &[(300, "Descripción")])
                .row_to(2_000, &[(3_600, "Cant."), (4_500, "Pzzzo"), (5_600, "Importe")]);
            sketch.row(2_150, &[(300, "FIDEO MOÑO")]);
            sketch.row_to(2_150, &[(3_600, "2"), (4_500, price), (5_600, "60.000,00")]);
            let pages = [sketch.page()];
            let table = read(&rows(&pages), &pages, None);
            assert_eq!(table.lines[0].price.map(|field| field.value.raw()), wanted);
        }
    }

    /// One line as it was recognised below clear headings.
    fn recognised(cells: &[(i32, &str)]) -> Line {
        let mut sketch = Sketch::recognised(90);
        sketch.row(2_000, &[(300, "Descripción")]);
        sketch.row_to(2_000, &[(3_600, "Cant."), (4_500, "Precio"), (5_600, "Importe")]);
        sketch.row(2_150, &[(300, "CLIGHT POMELO 20X8")]).row_to(2_150, cells);
        let pages = [sketch.page()];
        let mut paper = super::super::extract(&pages, None, None);
        paper.lines.remove(0)
    }

    #[test]
    fn a_price_below_the_wrong_heading_is_no_quantity_when_the_amount_says_otherwise() {
        let slid = recognised(&[(2_900, "5"), (3_640, "10.261,80"), (5_600, "51.309,00")]);
        assert_eq!(slid.quantity.unwrap().value.raw(), 5_000);
        assert_eq!(slid.price.unwrap().value.raw(), 102_618_000);
        assert!(slid.confidence_permille >= 900);
    }

    #[test]
    fn a_figure_that_nothing_vouches_for_is_not_believed() {
        let alone = recognised(&[(3_640, "10.261,80"), (5_600, "51.309,00")]);
        let believed =
            [alone.quantity.map(|field| field.confidence_permille), alone.price.map(|field| field.confidence_permille)];
        assert!(believed.into_iter().flatten().all(|sure| sure <= 400), "{believed:?}");
        assert!(alone.confidence_permille <= 700);
        let small = recognised(&[(2_900, "24"), (3_640, "1"), (4_500, "24"), (5_600, "267.176,60")]);
        assert!(small.confidence_permille <= 400, "24 × 1 = 24 says nothing");
    }

    #[test]
    fn a_comma_that_was_lost_is_found_when_the_figures_agree_and_only_then() {
        let lost = recognised(&[(3_600, "10"), (4_500, "4247053"), (5_600, "4 247,05")]);
        assert_eq!(lost.price.unwrap().value.raw(), 4_247_053);
        assert_eq!(lost.subtotal.unwrap().value.raw(), 424_705);
        let guessed = recognised(&[(3_600, "s3"), (4_500, "388.2018"), (5_600, "20.574,70")]);
        assert_eq!(guessed.quantity.unwrap().value.raw(), 53_000);
        let unsure = recognised(&[(3_600, "s3"), (4_500, "388.2018"), (5_600, "20.774,70")]);
        assert!(unsure.quantity.is_none());
    }

    #[test]
    fn a_second_page_repeats_its_headings() {
        let pages = [sketch().page(), sketch().page()];
        assert_eq!(read(&rows(&pages), &pages, None).lines.len(), 4);
    }
}
