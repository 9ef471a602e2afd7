//! Sets a paper on A4: the head with seller, letter and number, the buyer, and then its table and foot, which have files of
//! their own. A document longer than a page repeats its head.

use super::face::{Pen, Weight};
use super::foot;
use super::pdf::Page;
use super::plan::{Numbering, Plan, Side};
use super::table::Table;
use super::truth::{Kind, Truth};
use super::words;

/// A4 in tenths of a point.
pub const WIDTH: i32 = 5_950;
const HEIGHT: i32 = 8_420;
/// What stays white at the sides.
pub const MARGIN: i32 = 300;
/// Where the table begins.
const TABLE_TOP: i32 = 2_250;
/// The letter and the first line of both sides of the head.
const HEAD_TOP: i32 = 320;

/// The pages of a paper.
pub fn pages(plan: &Plan, truth: &Truth) -> Vec<Page> {
    let pen = pen(plan);
    let table = Table::new(plan, pen);
    let chunks = table.pages(&truth.lines);
    let last = chunks.len();
    let mut pages = Vec::with_capacity(last);
    for (at, rows) in chunks.iter().enumerate() {
        let mut page = Page::new(WIDTH, HEIGHT);
        head(&mut page, plan, truth);
        table.draw(&mut page, TABLE_TOP, rows);
        if last > 1 {
            page.text(pen.sized(70), (MARGIN, HEIGHT - 150), &format!("Hoja {} de {last}", at + 1));
        }
        if at + 1 == last {
            foot::draw(&mut page, plan, truth);
        }
        pages.push(page);
    }
    pages
}

/// The letters of running text.
pub fn pen(plan: &Plan) -> Pen {
    Pen { face: plan.style.face, weight: Weight::Regular, size: plan.style.size }
}

fn head(page: &mut Page, plan: &Plan, truth: &Truth) {
    let pen = pen(plan);
    let (seller, document) = match plan.style.seller {
        Side::Left => (MARGIN + 50, WIDTH / 2 + 330),
        Side::Right => (WIDTH / 2 + 330, MARGIN + 50),
    };
    page.frame((MARGIN, HEAD_TOP - 20), (WIDTH - MARGIN, 1_430));
    if truth.letter.is_some() {
        letter(page, pen, truth);
    }
    let trade = pen.bold().sized(if plan.supplier.trade.len() > 14 { 125 } else { 165 });
    page.text(trade, (seller, HEAD_TOP + 170), plan.supplier.trade);
    column(page, pen, (seller, HEAD_TOP + 330), &seller_rows(plan));
    page.text(pen.bold().sized(150), (document, HEAD_TOP + 170), title(truth.kind));
    column(page, pen, (document, HEAD_TOP + 330), &document_rows(plan, truth));
    buyer(page, plan, truth);
}

/// Texts one under another.
fn column(page: &mut Page, pen: Pen, (left, top): (i32, i32), rows: &[String]) {
    let mut foot = top;
    for row in rows {
        page.text(pen, (left, foot), row);
        foot += pen.size + 55;
    }
}

fn letter(page: &mut Page, pen: Pen, truth: &Truth) {
    let Some(letter) = truth.letter else { return };
    let middle = WIDTH / 2;
    page.frame((middle - 210, HEAD_TOP - 20), (middle + 210, HEAD_TOP + 420));
    page.text_about(pen.bold().sized(280), (middle, HEAD_TOP + 240), letter.text());
    if let Some(code) = truth.code {
        page.text_about(pen.bold().sized(65), (middle, HEAD_TOP + 370), &format!("COD. {code:03}"));
    }
    if let Some(legend) = truth.legend {
        page.text_about(pen.sized(62), (middle, 1_490), legend);
    }
}

const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Invoice => "FACTURA",
        Kind::CreditNote => "NOTA DE CRÉDITO",
        Kind::Ticket => "TIQUE FACTURA",
        Kind::DeliveryNote => "REMITO",
        Kind::Informal => "PRESUPUESTO",
        Kind::PriceList => "LISTA DE PRECIOS",
    }
}

fn seller_rows(plan: &Plan) -> Vec<String> {
    let mut rows = vec![plan.supplier.legal.to_owned(), plan.supplier.address.to_owned()];
    if plan.supplier.tax_body > 0 {
        rows.push("Tel. (0223) 480-5500".to_owned());
        rows.push(plan.supplier.condition.text().to_owned());
    }
    rows
}

fn document_rows(plan: &Plan, truth: &Truth) -> Vec<String> {
    let (dates, tax_ids) = (plan.style.dates, plan.style.tax_ids);
    let mut rows = Vec::new();
    if let Some(number) = number(plan, truth) {
        rows.push(number);
    }
    rows.push(format!("{} {}", plan.style.labels.date, words::date(truth.date, dates)));
    if let Some(tax_id) = truth.supplier.tax_id {
        rows.push(format!("C.U.I.T.: {}", words::tax_id(tax_id, tax_ids)));
        rows.push(format!("Ingresos Brutos: {}", words::tax_id(tax_id, tax_ids)));
        rows.push("Inicio de Actividades: 01/03/2004".to_owned());
    }
    match (truth.kind, truth.due) {
        (Kind::Informal, _) => rows.push("Documento no válido como factura".to_owned()),
        (Kind::PriceList, Some(last)) => rows.push(format!("Precios válidos hasta el {}", words::date(last, dates))),
        _ => {}
    }
    rows
}

/// The number as the paper writes it.
pub fn number(plan: &Plan, truth: &Truth) -> Option<String> {
    let (point, number) = truth.number?;
    Some(match (plan.style.numbering, truth.letter) {
        (Numbering::Lettered, Some(letter)) => format!("Nº {}-{point:05}-{number:08}", letter.text()),
        (Numbering::Apart, _) => format!("Punto de Venta: {point:05}  Comp. Nro: {number:08}"),
        _ => format!("Nº {point:05}-{number:08}"),
    })
}

fn buyer(page: &mut Page, plan: &Plan, truth: &Truth) {
    let Some(buyer) = &truth.buyer else { return };
    let pen = pen(plan);
    page.frame((MARGIN, 1_520), (WIDTH - MARGIN, 2_090));
    let mut left = vec![format!("Señor(es): {}", buyer.name), "Domicilio: Calle 60 Nº 2930 - Necochea".to_owned()];
    let mut right = Vec::new();
    if plan.supplier.tax_body > 0 {
        left.push(format!("Condición frente al IVA: {}", buyer.condition.text()));
        let tax_id = buyer.tax_id.map(|tax_id| words::tax_id(tax_id, plan.style.tax_ids));
        right.extend(tax_id.map(|tax_id| format!("CUIT: {tax_id}")));
        right.push("Condición de venta: Cuenta Corriente".to_owned());
        right.extend(truth.due.map(|due| format!("Vencimiento: {}", words::date(due, plan.style.dates))));
    }
    column(page, pen, (MARGIN + 50, 1_670), &left);
    column(page, pen, (WIDTH / 2 + 330, 1_670), &right);
}
