//! Every page of invoices rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::super::sureness::{Mark, Spot};
use super::claims::ClaimsPage;
use super::list::InvoicesPage;
use super::marks::Marks;
use super::review::{Choices, Entry, ReviewPage};
use super::rows::{ClaimLine, DifferenceLine, InvoiceLine};
use super::typing::TypingPage;
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Link, Pages, Problem};
use crate::stock::Choice;

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>\"'&".to_owned()
}

fn options() -> Vec<Choice> {
    ["A", "B"].map(|code| (code.to_owned(), text())).into()
}

fn choices(full: bool) -> Choices {
    let some = || if full { options() } else { Vec::new() };
    Choices {
        suppliers: options(),
        kinds: options(),
        letters: options(),
        amount_kinds: options(),
        rates: options(),
        vats: options(),
        products: some(),
        orders: some(),
        receipts: some(),
        claims: some(),
        places: options(),
    }
}

fn row(full: bool) -> InvoiceLine {
    InvoiceLine {
        id: Uuid::nil(),
        href: format!("/invoices/{}", Uuid::nil()),
        number: text(),
        title: text(),
        supplier: full.then(text),
        state: text(),
        kind: "info",
        is_pending: full,
        note: full.then(text),
        issued_on: full.then(text),
        due_on: full.then(text),
        total: full.then(text),
        unmatched: full.then(text),
        confidence: full.then(text),
        created_at: text(),
        brought_by: text(),
        confirmed: full.then(text),
        applied: full.then(text),
        reversed: full.then(text),
        reversing_reason: full.then(text),
        receipt: full.then(|| "/goods-receipts/1".to_owned()),
        order: full.then(|| ("/purchase-orders/1".to_owned(), text())),
        file: full.then(|| "/invoices/1/file".to_owned()),
        version: 1,
        may_open: full,
        may_write: full,
        may_read_again: !full,
        may_confirm: !full,
        may_apply: full,
        may_reprice: full,
        may_reject: full,
        may_reverse: !full,
    }
}

fn claim(full: bool) -> ClaimLine {
    ClaimLine {
        href: format!("/supplier-claims/{}", Uuid::nil()),
        number: "7".to_owned(),
        supplier: text(),
        invoice: ("/invoices/1".to_owned(), text()),
        about: text(),
        product: full.then(|| crate::stock::product_href("A & B")),
        what: text(),
        difference: text(),
        amount: text(),
        state: text(),
        kind: "warn",
        ending: full.then(text),
        may_end: full,
    }
}

fn difference(full: bool) -> DifferenceLine {
    DifferenceLine {
        about: text(),
        product: full.then(|| crate::stock::product_href("A & B")),
        what: text(),
        kind: "warn",
        expected: text(),
        found: text(),
        amount: full.then(text),
    }
}

fn entries(full: bool) -> Vec<Entry> {
    let known = Entry {
        product: full.then(|| (crate::stock::product_href("A & B"), text())),
        guess: full.then(|| (text(), text())),
        matched: full.then(text),
        doubt: full.then(text),
        comes_to: full.then(text),
        ordered: full.then(|| (text(), "warn")),
        ..Entry::empty(0)
    };
    vec![known, Entry::empty(1)]
}

/// Marks of a value that was read badly, of one that was read well, and of one that stands nowhere.
fn marks(chrome: &Chrome, full: bool) -> Marks {
    let spot = Spot { page: 1, left: 10, top: 20, width: 300, height: 40 };
    let mark = |confidence_permille, spot| Mark { confidence_permille, spot };
    let read = [
        ("number", mark(610, Some(spot))),
        ("total", mark(980, Some(spot))),
        ("supplier", mark(700, None)),
        ("lines[0].price", mark(400, Some(spot))),
    ];
    let read = read.into_iter().filter(|_| full).map(|(name, mark)| (name.to_owned(), mark));
    Marks::of(chrome, read.collect())
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("total", "<dos>").with("lines[0].text", text()).with("lines[0].other", "true");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

const WRONG: [&str; 8] =
    ["supplier", "number", "total", "amounts", "amounts[0].rate", "lines[0].price", "lines[0].product", ""];

#[test]
fn the_pages_of_invoices_are_sound() {
    for (lang, full) in [(Lang::Es, true), (Lang::Es, false), (Lang::En, true), (Lang::En, false)] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/invoices");
        let form = |fields: &[&str]| if full { refused(fields) } else { Form::new() };
        look(
            "invoices",
            &InvoicesPage {
                chrome: &chrome,
                form: form(&["file", "supplier"]),
                suppliers: options(),
                chips: vec![("/invoices".to_owned(), text(), full)],
                rows: if full { vec![row(true), row(false)] } else { Vec::new() },
                pages: Pages { before: full.then(|| "/invoices".to_owned()), after: None, number: Some(2) },
                files: Link::to("/api/v1/invoices"),
                may_load: true,
                may_type: full,
                sees_cost: full,
            },
        );
        look(
            "invoice",
            &ReviewPage {
                chrome: &chrome,
                row: row(full),
                form: form(&WRONG),
                is_refused: lang == Lang::Es,
                choices: choices(full),
                entries: entries(full),
                amounts: 2,
                marks: marks(&chrome, full),
                pictures: if full { vec!["/invoices/1/pages/1".to_owned()] } else { Vec::new() },
                warnings: if full { Vec::new() } else { vec![text()] },
                claims: vec![claim(full)],
                differences: full.then(|| vec![difference(true), difference(false)]),
                brings_goods: full,
                is_editing: full,
                sums: vec![(text(), text())],
            },
        );
        look(
            "new invoice",
            &TypingPage {
                chrome: &chrome,
                form: form(&WRONG),
                choices: choices(full),
                entries: entries(full),
                amounts: 2,
                marks: marks(&chrome, full),
            },
        );
        look(
            "claims",
            &ClaimsPage {
                chrome: &chrome,
                form: form(&["reason"]),
                chips: vec![("/supplier-claims".to_owned(), text(), full)],
                rows: if full { vec![claim(true)] } else { Vec::new() },
                pages: Pages { before: None, after: None, number: None },
                files: Link::to("/api/v1/supplier-claims"),
            },
        );
    }
}
