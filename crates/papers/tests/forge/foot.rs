//! The foot of a paper on A4: its sums, one under another or side by side, and the CAE with the fiscal QR. The amounts are
//! those of the truth; nothing is added up here.

use gondola_ledger::Money;

use super::columns;
use super::face::Pen;
use super::pdf::Page;
use super::plan::{Plan, SumsPlace};
use super::qr;
use super::sheet::{MARGIN, WIDTH, pen};
use super::truth::{Letter, Totals, Truth};
use super::words;

/// Where the sums begin.
const SUMS_TOP: i32 = 6_350;
/// Where the square of the QR begins.
const QR_TOP: i32 = 7_150;
/// The side of a module of the QR, in tenths of a point.
const MODULE: i32 = 12;
/// What a running account was before this paper: an amount at the foot that is no part of its sums.
const OLD_BALANCE: Money = Money::new(87_543_210);
/// Sums side by side, at most.
const BAND: usize = 5;

/// Everything below the table.
pub fn draw(page: &mut Page, plan: &Plan, truth: &Truth) {
    if let (Some(totals), Some(letter)) = (&truth.totals, truth.letter) {
        let rows = rows(totals, letter, plan);
        match plan.style.sums {
            SumsPlace::Stack => stack(page, plan, &rows),
            SumsPlace::Band => band(page, plan, &rows),
        }
        if letter == Letter::B {
            transparency(page, pen(plan), totals);
        }
    }
    if truth.supplier_code == "ACE" {
        let balance = words::pesos(OLD_BALANCE);
        page.text(pen(plan), (MARGIN + 20, SUMS_TOP - 70), &format!("Saldo anterior en cuenta corriente: $ {balance}"));
    }
    if let Some(url) = &truth.qr {
        draw_qr(page, url);
    }
    authorisation(page, plan, truth);
}

/// Each sum with its name, the total last.
pub fn rows(totals: &Totals, letter: Letter, plan: &Plan) -> Vec<(String, Money)> {
    let labels = plan.style.labels;
    let mut rows = Vec::new();
    if matches!(letter, Letter::A | Letter::M) {
        for group in &totals.taxed {
            rows.push((format!("{} {}%", labels.net, columns::rate(group.rate)), group.net));
        }
        for group in &totals.taxed {
            rows.push((format!("{} {}%", labels.vat, columns::rate(group.rate)), group.vat));
        }
        let others = [
            ("Exento", totals.exempt),
            ("No Gravado", totals.not_taxed),
            ("Imp. Internos", totals.excise),
            (labels.vat_perception, totals.vat_perception),
        ];
        rows.extend(others.into_iter().filter(|row| !row.1.is_zero()).map(|(name, amount)| (name.to_owned(), amount)));
        let gross_income = totals.gross_income.filter(|row| !row.1.is_zero());
        rows.extend(gross_income.map(|(province, amount)| (format!("Perc. IIBB {province}"), amount)));
    }
    rows.push((labels.total.to_owned(), totals.total));
    rows
}

fn stack(page: &mut Page, plan: &Plan, rows: &[(String, Money)]) {
    let plain = pen(plan);
    let mut foot = SUMS_TOP;
    for (at, (name, amount)) in rows.iter().enumerate() {
        let pen = if at + 1 == rows.len() { plain.bold().sized(plain.size + 20) } else { plain };
        page.text(pen, (WIDTH - MARGIN - 2_000, foot), name);
        page.text_to(pen, (WIDTH - MARGIN - 40, foot), &format!("{}{}", plan.style.currency, words::pesos(*amount)));
        foot += plain.size + 55;
    }
}

fn band(page: &mut Page, plan: &Plan, rows: &[(String, Money)]) {
    let pen = pen(plan);
    let width = (WIDTH - 2 * MARGIN) / BAND as i32;
    for (row, group) in (0_i32..).zip(rows.chunks(BAND)) {
        let top = SUMS_TOP + row * 330;
        page.frame((MARGIN, top - 110), (WIDTH - MARGIN, top + 190));
        for (column, (name, amount)) in (0_i32..).zip(group) {
            let right = MARGIN + (column + 1) * width - 40;
            page.text_to(pen.sized(68), (right, top), name);
            let amount = format!("{}{}", plan.style.currency, words::pesos(*amount));
            page.text_to(pen.bold(), (right, top + 140), &amount);
        }
    }
}

/// What consumers are told of the taxes inside (Ley 27.743).
fn transparency(page: &mut Page, pen: Pen, totals: &Totals) {
    let left = MARGIN + 1_500;
    let title = "Régimen de Transparencia Fiscal al Consumidor (Ley 27.743)";
    page.text(pen.sized(70), (left, QR_TOP), title);
    page.text(pen.sized(70), (left, QR_TOP + 120), &format!("IVA Contenido: $ {}", words::pesos(contained(totals))));
    page.text(pen.sized(70), (left, QR_TOP + 240), "Otros Impuestos Nacionales Indirectos: $ 0,00");
}

/// The VAT inside a total.
pub fn contained(totals: &Totals) -> Money {
    Money::checked_sum(totals.taxed.iter().map(|group| group.vat)).expect("the parts of a paper are small")
}

fn draw_qr(page: &mut Page, url: &str) {
    for (column, row, length) in qr::runs(url) {
        let (left, top) = (MARGIN + 40 + column * MODULE, QR_TOP + row * MODULE);
        page.fill((left, top), (left + length * MODULE, top + MODULE));
    }
}

fn authorisation(page: &mut Page, plan: &Plan, truth: &Truth) {
    let (Some(cae), Some(due)) = (truth.cae, truth.cae_due) else { return };
    let (pen, right) = (pen(plan).bold(), WIDTH - MARGIN - 40);
    page.text_to(pen, (right, QR_TOP + 750), &format!("{} {cae}", plan.style.labels.cae));
    let due = words::date(due, plan.style.dates);
    page.text_to(pen, (right, QR_TOP + 900), &format!("Fecha de Vto. de CAE: {due}"));
}
