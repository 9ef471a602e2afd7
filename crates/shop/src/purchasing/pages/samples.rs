//! Every page of purchasing rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::deliveries::{DeliveryPage, ReceiptsPage};
use super::list::OrdersPage;
use super::receipt::ReceiptPage;
use super::receive::{ExpectedRow, ReceivePage};
use super::rows::{ArrivedRow, LineRow, OrderRow, ReceiptRow, SuggestedRow};
use super::show::OrderPage;
use crate::catalogue::{GoodsDraft, GoodsLine};
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Link, Pages, Problem};
use crate::stock::{Choice, ProductRow, QuantityField};

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>".to_owned()
}

fn choices() -> Vec<Choice> {
    ["un", "cajón"].map(|code| (code.to_owned(), code.to_owned())).into()
}

fn order(full: bool) -> OrderRow {
    OrderRow {
        href: format!("/purchase-orders/{}", Uuid::nil()),
        number: text(),
        supplier: text(),
        supplier_code: "Q".to_owned(),
        state: text(),
        kind: "info",
        lines: text(),
        missing: full.then(text),
        notes: text(),
        created_at: text(),
        made_by: text(),
        sent_at: full.then(text),
        promised_on: full.then(text),
        received_at: full.then(text),
        closed_at: full.then(text),
        closed_by: full.then(text),
        closing_reason: full.then(text),
        version: 1,
        may_write: full,
        may_receive: full,
        may_close: full,
        may_cancel: true,
    }
}

fn line(full: bool, line: i64) -> LineRow {
    LineRow {
        line,
        name: text(),
        about: full.then(text),
        sku: full.then(text),
        href: full.then(|| crate::stock::product_href("A & B")),
        ordered: full.then(text),
        received: text(),
        difference: full.then(text),
        is_complete: !full,
        is_urgent: full,
        cost: full.then(text),
        suggested: (!full).then(text),
        quantity: text(),
        unit: text(),
    }
}

fn receipt(full: bool) -> ReceiptRow {
    ReceiptRow {
        href: format!("/goods-receipts/{}", Uuid::nil()),
        number: text(),
        received_at: text(),
        received_by: text(),
        place: text(),
        supplier: full.then(text),
        order: full.then(|| (format!("/purchase-orders/{}", Uuid::nil()), text())),
        document: full.then(text),
        reason: text(),
        lines: text(),
        reversed_at: full.then(text),
        reversed_by: full.then(text),
        reversing_reason: full.then(text),
        may_reverse: full,
    }
}

fn arrived(full: bool) -> ArrivedRow {
    ArrivedRow {
        name: text(),
        sku: "A & B".to_owned(),
        href: crate::stock::product_href("A & B"),
        came: text(),
        damaged: full.then(text),
        weighed: full.then(|| (text(), text())),
        lot: if full { text() } else { String::new() },
        cost: full.then(text),
        movement: full.then(Uuid::nil),
    }
}

fn suggested() -> SuggestedRow {
    SuggestedRow {
        sku: "A & B".to_owned(),
        name: text(),
        href: crate::stock::product_href("A & B"),
        level: "low".to_owned(),
        on_hand: None,
        quantity: text(),
        unit: "un",
    }
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("quantity", "<dos>").with("urgent", "yes");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

#[test]
fn the_pages_of_orders_are_sound() {
    for (lang, full) in [(Lang::Es, true), (Lang::Es, false), (Lang::En, true), (Lang::En, false)] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/purchase-orders");
        let wrong = |fields: &[&str]| if full { refused(fields) } else { Form::new() };
        look(
            "orders",
            &OrdersPage {
                chrome: &chrome,
                form: wrong(&["supplier", "q", "quantity", "unit", ""]),
                found: if full { vec![ProductRow::sample()] } else { Vec::new() },
                suppliers: choices(),
                chips: vec![("/purchase-orders".to_owned(), text(), full)],
                rows: if full { vec![order(true)] } else { Vec::new() },
                pages: Pages { before: full.then(|| "/purchase-orders".to_owned()), after: None, number: Some(2) },
                files: Link::to("/api/v1/purchase-orders"),
                may_write: full,
            },
        );
        look(
            "order",
            &OrderPage {
                chrome: &chrome,
                form: wrong(&["promised_on", "notes", "reason", "q", ""]),
                row: order(full),
                lines: if full { vec![line(true, 1), line(false, 2)] } else { vec![line(false, 1)] },
                text: text(),
                whatsapp: None,
                suggested: vec![suggested()],
                receipts: vec![receipt(full)],
                estimate: full.then(|| (text(), 2)),
                minimum: full.then(|| (text(), Some(text()))),
                delivery: full.then(|| (text(), text())),
                visit: full.then(text),
                promise: "2026-11-26".to_owned(),
            },
        );
    }
}

#[test]
fn the_pages_of_deliveries_are_sound() {
    for (lang, full) in [(Lang::Es, true), (Lang::En, false)] {
        let chrome = Chrome::sample(lang, Some(Role::Deposito), "/purchase-orders");
        let form =
            if full { refused(&["lines[0].quantity", "lines[0].lot.expires_on", "location"]) } else { Form::new() };
        let quantity = QuantityField::of(&form, lang, "lines[0].quantity", "lines[0].unit", choices());
        let expected = ExpectedRow {
            anchor: "lines[0]".to_owned(),
            at: 0,
            line: 1,
            name: text(),
            ordered: full.then(text),
            received: full.then(text),
            asks_product: full,
            asks_weight: full,
            problem: full.then(text),
            quantity,
        };
        let places = choices();
        look("receive", &ReceivePage { chrome: &chrome, row: order(full), lines: vec![expected], places, form });
        let form = if full {
            refused(&["lines[0].quantity", "lines[0].lot.expires_on", "location", "q"])
        } else {
            Form::new()
        };
        let goods = GoodsLine {
            anchor: "lines[0]".to_owned(),
            product_field: "lines[0].product".to_owned(),
            product: ProductRow::sample(),
            quantity: QuantityField::of(&form, lang, "lines[0].quantity", "lines[0].unit", choices()),
            problem: full.then(text),
        };
        let found = if full { vec![ProductRow::sample()] } else { Vec::new() };
        look(
            "delivery",
            &DeliveryPage {
                chrome: &chrome,
                draft: GoodsDraft { form, found, focus: None },
                lines: if full { vec![goods] } else { Vec::new() },
                suppliers: choices(),
                places: choices(),
            },
        );
        look(
            "deliveries",
            &ReceiptsPage {
                chrome: &chrome,
                rows: if full { vec![receipt(true), receipt(false)] } else { Vec::new() },
                pages: Pages { before: full.then(|| "/goods-receipts".to_owned()), after: None, number: Some(2) },
                files: Link::to("/api/v1/goods-receipts"),
                may_receive: full,
            },
        );
        let form = if full { refused(&["reason"]) } else { Form::new() };
        look("receipt", &ReceiptPage { chrome: &chrome, form, row: receipt(full), lines: vec![arrived(full)] });
    }
}
