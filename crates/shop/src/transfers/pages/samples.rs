//! Every page of the feature rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::list::TransfersPage;
use super::receive::{ExpectedRow, ReceivePage};
use super::restock::{RestockPage, RestockRow};
use super::rows::{LineRow, TransferRow};
use super::send::SendPage;
use super::show::TransferPage;
use crate::catalogue::{GoodsDraft, GoodsLine};
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Pages, Problem};
use crate::stock::{Choice, ProductRow, QuantityField, TypedLine};

const LANGS: [Lang; 2] = [Lang::Es, Lang::En];

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>".to_owned()
}

fn choices() -> Vec<Choice> {
    ["deposito", "local", "cuarentena"].map(|code| (code.to_owned(), code.to_owned())).into()
}

fn row(is_open: bool) -> TransferRow {
    let said = || (!is_open).then(text);
    TransferRow {
        href: format!("/transfers/{}", Uuid::nil()),
        from: text(),
        to: text(),
        state: text(),
        kind: "warn",
        products: text(),
        claim: said(),
        reason: text(),
        document: said(),
        sent_at: text(),
        sent_by: text(),
        closed_at: said(),
        closed_by: said(),
        closing_reason: said(),
        may_receive: is_open,
        may_cancel: is_open,
    }
}

fn line(sent: Option<String>, lots: Vec<String>) -> LineRow {
    LineRow {
        sku: "A & B".to_owned(),
        href: crate::stock::product_href("A & B"),
        name: text(),
        unit: "kg",
        received: sent.clone(),
        difference: sent.clone(),
        sent,
        sign: "out",
        lots,
        movement: Uuid::nil(),
    }
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let line = TypedLine { sku: "A".to_owned(), quantity: "<dos>".to_owned(), unit: "kg".to_owned() };
    let form = line.write(Form::new().with("how", "road"), 0);
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

fn quantity(form: &Form, lang: Lang) -> QuantityField {
    QuantityField::of(form, lang, "lines[0].quantity", "lines[0].unit", choices()).focused(true)
}

#[test]
fn the_list_and_a_transfer_are_sound() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/transfers");
        for full in [true, false] {
            let some = |is_open| if full { vec![row(is_open)] } else { Vec::new() };
            let chips = vec![("/transfers".to_owned(), text(), full)];
            let pages = Pages { before: full.then(|| "/transfers".to_owned()), after: None, number: Some(2) };
            let page = TransfersPage {
                chrome: &chrome,
                chips,
                on_the_road: some(true),
                rows: some(false),
                pages,
                may_move: full,
            };
            look("transfers", &page);
            let lines = vec![line(full.then(text), if full { vec![text(), text()] } else { Vec::new() })];
            let form = if full { refused(&["reason", ""]) } else { Form::new() };
            let page = TransferPage {
                chrome: &chrome,
                row: row(full),
                lines,
                form,
                reasons: vec![text(), text()],
                is_received: !full,
            };
            look("transfer", &page);
        }
    }
}

#[test]
fn receiving_is_sound_and_names_no_quantity() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/transfers");
        for form in [Form::new(), refused(&["lines[0].quantity", "lines[0].product", "reason"])] {
            let lines = vec![ExpectedRow {
                anchor: "lines[0]".to_owned(),
                product_field: "lines[0].product".to_owned(),
                sku: text(),
                name: text(),
                lots: vec![text()],
                quantity: quantity(&form, lang),
                problem: Some(text()),
            }];
            look("receive", &ReceivePage { chrome: &chrome, row: row(true), lines, form });
        }
    }
}

#[test]
fn putting_a_move_together_is_sound() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/transfers/new");
        let wrong = ["lines[0].quantity", "lines[0].unit", "lines[0]", "from", "to", "reason", "document", "q"];
        for (form, full) in [(Form::new(), false), (refused(&wrong), true)] {
            let line = GoodsLine {
                anchor: "lines[0]".to_owned(),
                product_field: "lines[0].product".to_owned(),
                product: ProductRow::sample(),
                quantity: quantity(&form, lang),
                problem: Some(text()),
            };
            let found = if full { vec![ProductRow::sample()] } else { Vec::new() };
            let page = SendPage {
                chrome: &chrome,
                draft: GoodsDraft { form, found, focus: None },
                lines: if full { vec![line] } else { Vec::new() },
                places: choices(),
                all_places: choices(),
                reasons: vec![text(), text()],
            };
            look("move", &page);
        }
    }
}

#[test]
fn the_restock_list_is_sound() {
    for lang in LANGS {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/transfers/restock");
        for full in [true, false] {
            let row = RestockRow {
                product_field: "lines[0].product".to_owned(),
                sku: text(),
                href: crate::stock::product_href("A"),
                name: text(),
                unit: "un",
                target: Some(text()),
                on_shelf: Some(text()),
                on_the_way: text(),
                free: full.then(text),
                bring: text(),
                quantity: QuantityField::filled("lines[0].quantity", "lines[0].unit", text(), "un"),
                lots: if full { vec![text()] } else { Vec::new() },
            };
            for may_move in [true, false] {
                let page = RestockPage {
                    chrome: &chrome,
                    from: ("deposito".to_owned(), text()),
                    to: ("local".to_owned(), text()),
                    places: choices(),
                    rows: if full { vec![row.clone()] } else { Vec::new() },
                    pages: Pages::default(),
                    may_move,
                };
                look("restock", &page);
            }
        }
    }
}
