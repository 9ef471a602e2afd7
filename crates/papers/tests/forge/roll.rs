//! Sets a tique factura on the roll of a fiscal printer: 80 mm wide, as long as its lines, one fixed letter, two rows to a
//! line. There is no CAE: the printer's memory vouches for it.

use gondola_ledger::Money;

use super::columns;
use super::face::{Face, Pen, Weight};
use super::foot;
use super::pdf::Page;
use super::plan::Plan;
use super::truth::{Letter, Line, Truth};
use super::words::{self, DateStyle, TaxIdStyle};

/// 80 mm.
const WIDTH: i32 = 2_268;
const MARGIN: i32 = 90;
const LEADING: i32 = 115;
const PEN: Pen = Pen { face: Face::Mono, weight: Weight::Regular, size: 80 };

/// A row of the roll.
enum Row {
    Middle(String),
    Left(String),
    Ends(String, String),
    Rule,
}

/// The one page of a ticket.
pub fn page(plan: &Plan, truth: &Truth) -> Page {
    let mut rows = head(plan, truth);
    rows.extend(truth.lines.iter().flat_map(line));
    rows.push(Row::Rule);
    rows.extend(sums(plan, truth));
    let count = i32::try_from(rows.len()).expect("a ticket has few rows");
    let mut page = Page::new(WIDTH, 400 + count * LEADING);
    for (at, row) in (0_i32..).zip(&rows) {
        draw(&mut page, 220 + at * LEADING, row);
    }
    page
}

fn head(plan: &Plan, truth: &Truth) -> Vec<Row> {
    let mut rows = vec![Row::Middle(plan.supplier.legal.to_owned())];
    rows.extend(truth.supplier.tax_id.map(|id| Row::Middle(format!("C.U.I.T. Nro.: {}", tax_id(id)))));
    rows.push(Row::Middle("Av. Constitución 6800 - Mar del Plata".to_owned()));
    rows.push(Row::Middle(plan.supplier.condition.text().to_uppercase()));
    rows.push(Row::Rule);
    let letter = truth.letter.map_or("", Letter::text);
    let code = truth.code.unwrap_or_default();
    rows.push(Row::Middle(format!("TIQUE FACTURA \"{letter}\" (COD. {code:03})")));
    let (point, number) = truth.number.unwrap_or_default();
    rows.push(Row::Left(format!("P.V. Nro.: {point:05}")));
    rows.push(Row::Left(format!("Nro. T.: {number:08}")));
    rows.push(Row::Ends(format!("Fecha {}", words::date(truth.date, DateStyle::Slashes)), "Hora 10:42:17".to_owned()));
    rows.push(Row::Rule);
    if let Some(buyer) = &truth.buyer {
        rows.push(Row::Left(buyer.name.clone()));
        rows.extend(buyer.tax_id.map(|id| Row::Left(format!("C.U.I.T.: {}", tax_id(id)))));
        rows.push(Row::Left(buyer.condition.text().to_uppercase()));
        rows.push(Row::Rule);
    }
    rows
}

/// A fiscal printer writes the dashes.
fn tax_id(digits: u64) -> String {
    words::tax_id(digits, TaxIdStyle::Dashed)
}

fn line(line: &Line) -> Vec<Row> {
    let counted = line.quantity.map(words::quantity).unwrap_or_default();
    let price = line.price.map(|price| words::price(price, 2)).unwrap_or_default();
    let amount = line.subtotal.map(words::pesos).unwrap_or_default();
    let mut name = PEN.wrap(&line.description, WIDTH - 2 * MARGIN - PEN.width("0.000.000,00 "));
    let last = name.pop().unwrap_or_default();
    let mut rows = vec![Row::Left(format!("{counted} x {price} ({})", columns::rate(line.rate)))];
    rows.extend(name.into_iter().map(Row::Left));
    rows.push(Row::Ends(last, amount));
    rows
}

fn sums(plan: &Plan, truth: &Truth) -> Vec<Row> {
    let (Some(totals), Some(letter)) = (&truth.totals, truth.letter) else { return Vec::new() };
    let named = |(name, amount): (String, Money)| Row::Ends(name, words::pesos(amount));
    let mut rows: Vec<Row> = foot::rows(totals, letter, plan).into_iter().map(named).collect();
    if letter == Letter::B {
        rows.push(Row::Rule);
        rows.push(Row::Left("Régimen de Transparencia Fiscal".to_owned()));
        rows.push(Row::Left("al Consumidor (Ley 27.743)".to_owned()));
        rows.push(Row::Ends("IVA Contenido".to_owned(), words::pesos(foot::contained(totals))));
    }
    rows.push(Row::Rule);
    rows.push(Row::Middle("Registro Nro.: SHHAAA0000012345".to_owned()));
    rows
}

fn draw(page: &mut Page, foot: i32, row: &Row) {
    match row {
        Row::Middle(text) => page.text_about(PEN, (WIDTH / 2, foot), text),
        Row::Left(text) => page.text(PEN, (MARGIN, foot), text),
        Row::Ends(left, right) => {
            page.text(PEN, (MARGIN, foot), left);
            page.text_to(PEN, (WIDTH - MARGIN, foot), right);
        }
        Row::Rule => page.line((MARGIN, foot - 30), (WIDTH - MARGIN, foot - 30)),
    }
}
