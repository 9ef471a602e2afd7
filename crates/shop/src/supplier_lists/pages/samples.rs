//! Every page of price lists rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::list::{ListLine, ListsPage};
use super::offers::{GonePage, OfferLine, OffersPage};
use super::show::{ColumnRow, LineRow, ListPage};
use crate::kernel::html::assert_sound;
use crate::kernel::{Asked, Chrome, Form, Lang, Link, Pages, Problem};
use crate::supplier_lists::queries::{Counts, ListRow, PriceList, StoredLine};

fn look(name: &str, page: &impl Template) {
    let html = page.render().expect("the page renders");
    assert!(!html.contains("price_list."), "{name}: a word is missing: {html}");
    assert_sound(name, &html);
}

fn text() -> String {
    "<algo>\"'&".to_owned()
}

fn pages() -> Pages {
    Asked(Form::new()).pager().pages(&Link::to("/price-lists"), None)
}

fn refused(field: &str) -> Form {
    Form::new().refused(Problem::invalid_field(field, "x", text(), text())).unwrap()
}

fn price_list(state: &str, full: bool) -> PriceList {
    let row = ListRow {
        id: Uuid::nil(),
        number: 3,
        supplier: "BC".to_owned(),
        supplier_name: text(),
        supplier_id: Uuid::nil(),
        name: text(),
        state: state.to_owned(),
        valid_from: 20_000,
        valid_to: full.then_some(20_100),
        file_name: text(),
        columns: r#"{"titles":["<a>",""],"fields":["price",null]}"#.to_owned(),
        previous_id: full.then(Uuid::nil),
        previous_number: full.then_some(2),
        actor_name: text(),
        created_at: 0,
        applied_by: None,
        applied_at: None,
        reversed_by: None,
        reversed_at: None,
        reversing_reason: None,
        version: 1,
    };
    let many = if full { 5 } else { 0 };
    let counts = Counts {
        lines_total: many,
        known: many,
        to_a_person: many,
        unmatched: many,
        fresh: many,
        dearer: many,
        cheaper: many,
        unchanged: many,
        chosen: many,
        applied: many,
        reversed: many,
        skipped: many,
    };
    PriceList { row, counts }
}

fn line(number: i64, full: bool) -> LineRow {
    let certainty = if full { "person" } else { "none" };
    LineRow::of(StoredLine {
        line: number,
        row_key: text(),
        code: text(),
        barcode: String::new(),
        about: text(),
        brand: String::new(),
        category: String::new(),
        unit: String::new(),
        units_per_case: full.then_some(12),
        price: full.then_some(87_654_321),
        discount_bp: 0,
        vat: None,
        product_id: full.then(Uuid::nil),
        sku: full.then(|| "VINO".to_owned()),
        product_name: full.then(text),
        replacement_cost: full.then_some(80_000_000),
        matched_by: full.then(|| "likeness".to_owned()),
        certainty: certainty.to_owned(),
        score_permille: full.then_some(850),
        case_price: None,
        case_unit_cost: None,
        unit_cost: full.then_some(87_654_321),
        problem: if full { String::new() } else { "no_price".to_owned() },
        change: if full { "dearer" } else { "new" }.to_owned(),
        price_before: full.then_some(80_000_000),
        unit_cost_before: full.then_some(80_000_000),
        chosen: full,
        outcome: full.then(|| "skipped".to_owned()),
        replacement_cost_before: None,
    })
}

fn page_of<'a>(chrome: &'a Chrome, list: PriceList, full: bool) -> ListPage<'a> {
    let here = Link::to("/price-lists/x");
    ListPage {
        chrome,
        state: format!("price_list.state_{}", list.row.state),
        kind: "ok",
        is_expired: full,
        from: text(),
        to: full.then(text),
        from_field: "2026-11-01".to_owned(),
        to_field: String::new(),
        form: match list.row.state.as_str() {
            "draft" if full => refused("name"),
            "applied" if full => refused("reason"),
            _ => Form::new(),
        },
        columns: (0..2).map(|at| ColumnRow { name: format!("column.{at}"), title: text(), chosen: "price" }).collect(),
        fields: vec![("price".to_owned(), text())],
        changes: here.chips("change", "new", "x", [("new".to_owned(), text())]),
        certainties: here.chips("certainty", "", "x", [("none".to_owned(), text())]),
        rows: if full { vec![line(1, true), line(2, false)] } else { Vec::new() },
        pages: pages(),
        file: Link::to("/api/v1/supplier-price-lists/x/lines"),
        here: String::new(),
        may_edit: true,
        may_apply: full,
        list,
    }
}

#[test]
fn every_page_is_sound() {
    for lang in [Lang::Es, Lang::En] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/price-lists").titled("price_list.title");
        for full in [false, true] {
            for state in ["draft", "applied", "reversed"] {
                look("price_list", &page_of(&chrome, price_list(state, full), full));
            }
            let here = Link::to("/price-lists");
            let rows = || ListLine {
                id: Uuid::nil(),
                number: 1,
                name: text(),
                supplier: text(),
                state: "price_list.state_draft".to_owned(),
                kind: "warn",
                is_expired: full,
                from: text(),
                to: full.then(text),
                when: text(),
                who: text(),
            };
            look(
                "price_lists",
                &ListsPage {
                    chrome: &chrome,
                    form: refused("name"),
                    suppliers: vec![("BC".to_owned(), text())],
                    chips: here.chips("state", "", "x", [("draft".to_owned(), text())]),
                    rows: if full { vec![rows()] } else { Vec::new() },
                    pages: pages(),
                    files: Link::to("/api/v1/supplier-price-lists"),
                    may_load: full,
                },
            );
            look(
                "price_list_gone",
                &GonePage {
                    chrome: &chrome,
                    path: "/price-lists/x".to_owned(),
                    name: text(),
                    rows: if full { vec![line(1, true), line(2, false)] } else { Vec::new() },
                    pages: pages(),
                    file: Link::to("/api/v1/supplier-price-lists/x/gone"),
                },
            );
            let offer = OfferLine {
                supplier: text(),
                cost: "$ 1".to_owned(),
                case: full.then(|| ("$ 0,80".to_owned(), text())),
                per_measure: String::new(),
                above: "0 %".to_owned(),
                saving: full.then(|| ("$ 1".to_owned(), "63".to_owned())),
                list: Uuid::nil(),
                list_name: text(),
                to: full.then(text),
                text: text(),
            };
            look(
                "supplier_costs",
                &OffersPage {
                    chrome: &chrome,
                    sku: "VINO".to_owned(),
                    name: text(),
                    rows: if full { vec![offer] } else { Vec::new() },
                    file: Link::to("/api/v1/products/x/supplier-costs"),
                },
            );
        }
    }
}
