//! An invoice as a form that is filled in, and a form as what somebody writes of an invoice. The fields have the names of the
//! API, so that each problem finds its field.

use gondola_ledger::{Money, Qty, UnitCost};

use super::super::bodies::{AmountBody, InvoiceBody, InvoiceLineBody};
use super::super::queries::Invoice;
use super::super::sureness::amount_field;
use super::super::written::{
    AMOUNTS_MAX, Amount, Head, LINES_MAX, MatchedBy, WrittenLine, kind_code, rate_text, vat_code,
};
use crate::kernel::numbers::{typed, typed_money};
use crate::kernel::time::{format_day, typed_day};
use crate::kernel::{Form, Problem};
use crate::stock::{LotBody, line_field, renumbered};

/// Empty lines and sums at the end of a form, for what is still missing.
pub(super) const SPARE: usize = 3;

/// How a number stands in a field: with a comma.
fn shown(number: String) -> String {
    let trimmed = number.trim_end_matches('0').trim_end_matches('.');
    if number.contains('.') { trimmed.replace('.', ",") } else { number }
}

/// An amount in a field: always with its centavos.
fn money(amount: Money) -> String {
    amount.to_string().replace('.', ",")
}

/// The form of an invoice.
pub(super) fn form_of(invoice: &Invoice) -> Form {
    let row = &invoice.row;
    let form = Form::new()
        .with("version", row.version.to_string())
        .with("supplier", row.supplier.clone().unwrap_or_default())
        .with("order", row.order_id.map(|id| id.to_string()).unwrap_or_default());
    let form = with_head(form, &invoice.head());
    let lines = invoice.lines.iter().enumerate();
    lines.fold(form, |form, (at, line)| {
        let product = line.sku.clone().unwrap_or_default();
        with_line(form, at, &line.written(), product)
    })
}

fn with_head(form: Form, head: &Head) -> Form {
    let day = |day: Option<i32>| day.map(format_day).unwrap_or_default();
    let form = form
        .with("kind", head.kind.map(kind_code).unwrap_or_default())
        .with("letter", head.letter.map(|letter| letter.text()).unwrap_or_default())
        .with("number", head.number.map(|number| number.to_string()).unwrap_or_default())
        .with("cae", head.cae.map(|cae| format!("{:014}", cae.raw())).unwrap_or_default())
        .with("cae_due_on", day(head.cae_due_on))
        .with("issued_on", day(head.issued_on))
        .with("due_on", day(head.due_on))
        .with("total", head.total.map(money).unwrap_or_default());
    head.amounts.iter().enumerate().fold(form, with_amount)
}

fn with_amount(form: Form, (at, amount): (usize, &Amount)) -> Form {
    form.with(&amount_field(at, "kind"), amount.kind.code())
        .with(&amount_field(at, "rate"), amount.rate.map(rate_text).unwrap_or_default())
        .with(&amount_field(at, "province"), amount.province.clone())
        .with(&amount_field(at, "amount"), money(amount.amount))
}

fn with_line(form: Form, at: usize, line: &WrittenLine, sku: String) -> Form {
    let field = |name: &str| line_field(at, name);
    let is_guess = line.matched_by == Some(MatchedBy::Likeness);
    let form = form
        .with(&field("code"), line.code.clone())
        .with(&field("barcode"), line.barcode.clone())
        .with(&field("text"), line.about.clone())
        .with(&field("quantity"), line.quantity.map(quantity).unwrap_or_default())
        .with(&field("unit"), line.unit.clone())
        .with(&field("units_per_case"), line.units_per_case.map(|units| units.to_string()).unwrap_or_default())
        .with(&field("price"), line.price.map(|price: UnitCost| shown(price.to_string())).unwrap_or_default())
        .with(
            &field("discount"),
            if line.discount_bp == 0 { String::new() } else { shown(Money::new(line.discount_bp).to_string()) },
        )
        .with(&field("vat"), line.vat.map(vat_code).unwrap_or_default())
        .with(&field("subtotal"), line.subtotal.map(money).unwrap_or_default())
        .with(&field("product"), if is_guess { String::new() } else { sku })
        .with(&field("lot"), line.lot_code.clone())
        .with(&field("expires_on"), line.expires_on.map(format_day).unwrap_or_default());
    if line.is_goods { form } else { form.with(&field("other"), "true") }
}

/// A quantity in a field.
pub(super) fn quantity(quantity: Qty) -> String {
    shown(quantity.format(gondola_ledger::Unit::Kg))
}

/// How many lines and sums a form has room for, with that many empty ones below those that say something.
pub(super) fn room(form: &Form, spare: usize) -> (usize, usize) {
    let last =
        |max: usize, is_there: &dyn Fn(usize) -> bool| (0..max).rev().find(|at| is_there(*at)).map_or(0, |at| at + 1);
    let lines = last(LINES_MAX, &|at| !form.value(&line_field(at, "text")).is_empty());
    let amounts = last(AMOUNTS_MAX, &|at| !form.value(&amount_field(at, "amount")).is_empty());
    ((lines + spare).min(LINES_MAX), (amounts + spare).min(AMOUNTS_MAX))
}

/// Where the sums and lines of a body stand on the page: who left one empty in between did not mean to number them.
pub(super) struct Places {
    amounts: Vec<usize>,
    lines: Vec<usize>,
}

impl Places {
    /// The same problem with its fields named as on the page.
    pub fn told(&self, problem: Problem) -> Problem {
        let mut problem = renumbered(problem, &self.lines);
        for field in &mut problem.fields {
            let place = field.field.strip_prefix("amounts[").and_then(|rest| rest.split_once("]."));
            let place = place.and_then(|(at, name)| Some((self.amounts.get(at.parse::<usize>().ok()?)?, name)));
            if let Some((at, name)) = place {
                field.field = amount_field(*at, name);
            }
        }
        problem
    }
}

/// What somebody wrote into the form, as the body of the JSON call: everything, so that what is empty empties. With it the
/// places that the sums and lines have on the page.
pub(super) fn body_of(form: &Form) -> (InvoiceBody, Places) {
    let text = |name: &str| Some(form.given(name));
    let day = |name: &str| Some(form.given(name).map(|text| typed_day(&text).map_or(text, format_day)));
    let (lines, amounts) = room(form, SPARE);
    let (amount_places, amounts): (Vec<usize>, Vec<AmountBody>) =
        (0..amounts).filter_map(|at| amount(form, at)).unzip();
    let (line_places, lines): (Vec<usize>, Vec<InvoiceLineBody>) = (0..lines).filter_map(|at| line(form, at)).unzip();
    let body = InvoiceBody {
        supplier: text("supplier"),
        order: text("order"),
        kind: text("kind"),
        letter: text("letter"),
        number: text("number"),
        cae: text("cae"),
        cae_due_on: day("cae_due_on"),
        issued_on: day("issued_on"),
        due_on: day("due_on"),
        total: Some(form.given("total").map(|text| typed_money(&text))),
        amounts: Some(amounts),
        lines: Some(lines),
    };
    (body, Places { amounts: amount_places, lines: line_places })
}

fn amount(form: &Form, at: usize) -> Option<(usize, AmountBody)> {
    let given = |name: &str| form.given(&amount_field(at, name));
    let amount = Some(typed_money(&given("amount")?));
    Some((at, AmountBody { kind: given("kind"), rate: given("rate"), province: given("province"), amount }))
}

fn line(form: &Form, at: usize) -> Option<(usize, InvoiceLineBody)> {
    let given = |name: &str| form.given(&line_field(at, name));
    let number = |name: &str| given(name).map(|text| typed(&text));
    let money = |name: &str| given(name).map(|text| typed_money(&text));
    let text = given("text");
    let has_more = ["code", "quantity", "price", "subtotal", "product"].iter().any(|name| given(name).is_some());
    if text.is_none() && !has_more {
        return None;
    }
    let (code, expires_on) = (given("lot"), given("expires_on").map(|text| typed_day(&text).map_or(text, format_day)));
    let has_lot = code.is_some() || expires_on.is_some();
    let product = given("product").or_else(|| given("guess"));
    let body = InvoiceLineBody {
        code: given("code"),
        barcode: given("barcode"),
        text,
        quantity: number("quantity"),
        unit: given("unit"),
        // What is no number is refused as one out of range.
        units_per_case: given("units_per_case").map(|text| text.parse().unwrap_or_default()),
        price: money("price"),
        discount: number("discount"),
        vat: given("vat"),
        subtotal: money("subtotal"),
        goods: Some(!form.has(&line_field(at, "other"), "true")),
        product: product.map(|sku| format!("sku:{}", sku.trim().trim_start_matches("sku:"))),
        lot: has_lot.then_some(LotBody { code, expires_on }),
    };
    Some((at, body))
}
