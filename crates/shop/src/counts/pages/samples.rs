//! Every page of the feature rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::list::CountsPage;
use super::new::NewCountPage;
use super::one::{Current, OnePage};
use super::review::CountPage;
use super::rows::{CountRow, CountedRow, ProgressRow, Sees};
use super::sheet::{SheetPage, SheetRow};
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Pages, Problem};
use crate::stock::{Choice, ProductRow, QuantityField};

const LANGS: [Lang; 2] = [Lang::Es, Lang::En];

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>".to_owned()
}

fn choices() -> Vec<Choice> {
    ["kg", "g"].map(|code| (code.to_owned(), code.to_owned())).into()
}

fn pages() -> Pages {
    Pages { before: Some("/counts".to_owned()), after: Some("/counts?after=1".to_owned()), number: Some(2) }
}

fn row(is_open: bool) -> CountRow {
    let said = || (!is_open).then(text);
    CountRow {
        href: format!("/counts/{}", Uuid::nil()),
        what: text(),
        state: text(),
        kind: "info",
        is_open,
        counted: text(),
        recount: is_open.then(text),
        reason: text(),
        opened_at: text(),
        opened_by: text(),
        closed_at: said(),
        closed_by: said(),
        closing_reason: said(),
        may_count: is_open,
    }
}

fn progress() -> ProgressRow {
    ProgressRow { total: 9, counted: 3, text: text(), left: Some(text()) }
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("lines[0].counted", "<dos>").with("scope", "list").with("reason", "<b>");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

fn quantity(form: &Form, lang: Lang) -> QuantityField {
    QuantityField::of(form, lang, "lines[0].counted", "lines[0].unit", choices()).focused(true)
}

#[test]
fn the_list_and_the_beginning_are_sound() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/counts");
        for full in [true, false] {
            let some = |is_open| if full { vec![row(is_open)] } else { Vec::new() };
            let chips = vec![("/counts".to_owned(), text(), full)];
            let (open, rows, pages) = (some(true), some(false), pages());
            look("counts", &CountsPage { chrome: &chrome, chips, open, rows, pages, may_count: full });
            let form = if full { refused(&["location", "category", "products", "reason"]) } else { Form::new() };
            let (places, categories, reasons) = (choices(), choices(), vec![text()]);
            look("new count", &NewCountPage { chrome: &chrome, form, places, categories, reasons });
        }
    }
}

#[test]
fn the_screens_of_who_counts_are_sound() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/counts");
        let wrong = ["lines[0].counted", "lines[0].product", ""];
        for (form, full) in [(Form::new(), false), (refused(&wrong), true)] {
            let current = Current {
                sku: text(),
                name: text(),
                quantity: quantity(&form, lang),
                before: Some(text()),
                recount: full,
                expected: full.then(text),
                skip: format!("/counts/{}/count?after=A", Uuid::nil()),
            };
            for (q, found) in [(text(), Vec::new()), (text(), vec![(row(true).href, ProductRow::sample())])] {
                let page = OnePage {
                    chrome: &chrome,
                    form: refused(if full { &wrong } else { &[] }),
                    row: row(true),
                    progress: progress(),
                    q: if full { q } else { String::new() },
                    found,
                    current: full.then(|| current.clone()),
                };
                look("one", &page);
            }
            let line = SheetRow {
                anchor: "lines[0]".to_owned(),
                product_field: "lines[0].product".to_owned(),
                sku: text(),
                name: text(),
                quantity: quantity(&form, lang),
                problem: Some(text()),
                status: "count.is_recount",
                kind: "warn",
                expected: Some(text()),
            };
            let page = SheetPage {
                chrome: &chrome,
                form,
                row: row(true),
                progress: progress(),
                chips: vec![(row(true).href, text(), true)],
                lines: if full { vec![line] } else { Vec::new() },
                pages: pages(),
                action: format!("/counts/{}/sheet?after=1", Uuid::nil()),
            };
            look("sheet", &page);
        }
    }
}

#[test]
fn the_review_is_sound_for_who_sees_all_and_for_who_sees_little() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/counts");
        for (is_open, sees) in [(true, true), (false, true), (true, false)] {
            let line = |movement: Option<Uuid>| CountedRow {
                href: crate::stock::product_href("A & B"),
                again: format!("/counts/{}/count?product=A", Uuid::nil()),
                name: text(),
                sku: text(),
                lot: if is_open { text() } else { String::new() },
                unit: "kg",
                counted: text(),
                expected: sees.then(text),
                difference: movement.map(|_| text()),
                sign: "out",
                value: movement.map(|_| text()),
                recount: is_open,
                by: text(),
                at: text(),
                movement,
            };
            let page = CountPage {
                chrome: &chrome,
                form: if is_open { refused(&["reason", "sku:ARROZ", ""]) } else { Form::new() },
                row: row(is_open),
                progress: is_open.then(progress),
                chips: vec![("/counts".to_owned(), text(), true)],
                lines: if sees { vec![line(None), line(Some(Uuid::nil()))] } else { Vec::new() },
                pages: pages(),
                sees: Sees { expected: sees, cost: sees },
                worth: sees.then(|| (text(), text())),
                cancel_reasons: vec![text(), text()],
                may_accept: sees,
            };
            look("count", &page);
        }
    }
}
