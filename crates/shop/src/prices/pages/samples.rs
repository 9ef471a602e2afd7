//! Every page of the feature with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;

use super::list::{PriceLine, PricesPage};
use super::show::{ChangeLine, OnList, PricePage};
use crate::kernel::ask::Link;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn line() -> PriceLine {
    PriceLine {
        sku: "LAC-1".to_owned(),
        name: HOSTILE.to_owned(),
        brand: HOSTILE.to_owned(),
        price: "$ 1.200,00".to_owned(),
        cost: "$ 907,50".to_owned(),
        markup: "32,23 %".to_owned(),
        margin: "24,38 %".to_owned(),
        basis: Some("price.basis_minimum".to_owned()),
        lights: vec![("bad", "price.light_loss_risk".to_owned()), ("", "price.light_stale".to_owned())],
        moved: Some(("8,00 %".to_owned(), "warn")),
    }
}

fn refused(form: Form, fields: &[&str]) -> Form {
    let problem = |field: &str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.");
    fields.iter().fold(form, |form, field| form.refused(problem(field)).expect("422 is about the form"))
}

fn list(lang: Lang, rows: Vec<PriceLine>) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/prices").titled("price.title");
    let here = Link::to("/prices");
    let asked = Asked(Form::new().with("only", "proposed").with("brand", HOSTILE));
    let page = PricesPage {
        chips: here.chips("only", "", chrome.t("price.only_all"), []),
        rows,
        pages: asked.pager().pages(&here, None),
        file: Link::to("/api/v1/prices"),
        staff_paper: Link::to("/api/v1/prices/pdf").with("readers", "staff"),
        wall_paper: Link::to("/api/v1/prices/pdf").with("readers", "customers"),
        categories: vec![("SAL".to_owned(), "<rubro>".to_owned())],
        status: "monotributo",
        form: refused(Form::new(), &["status", "valid_from"]),
        may_settle: true,
        may_reprice: true,
        asked,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

fn show(lang: Lang) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/prices");
    let change = ChangeLine {
        when: 0,
        list: "GENERAL".to_owned(),
        before: String::new(),
        price: "$ 1.200,00".to_owned(),
        source: "price.source_hand".to_owned(),
        reason: HOSTILE.to_owned(),
        who: HOSTILE.to_owned(),
    };
    let page = PricePage {
        line: line(),
        minimum: "15,00 %".to_owned(),
        usual: Some(("35,00 %".to_owned(), "price.usual_brand".to_owned(), "$ 1,00".to_owned())),
        others: vec![
            OnList {
                list: "MAYORISTA",
                price: "$ 1.100,00".to_owned(),
                markup: "21,21 %".to_owned(),
                margin: "17,50 %".to_owned(),
                basis: "price.basis_own".to_owned(),
                own: true,
            },
            OnList {
                list: "ESPECIAL",
                price: String::new(),
                markup: String::new(),
                margin: String::new(),
                basis: "price.basis_rule".to_owned(),
                own: false,
            },
        ],
        changes: vec![change],
        file: Link::to("/api/v1/prices/history"),
        form: refused(Form::new().with("price", HOSTILE).with("reason", HOSTILE), &["price", "reason"]),
        may_price: true,
        may_override: true,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

#[test]
fn pages_escape_what_people_wrote_and_know_all_their_words() {
    for lang in [Lang::Es, Lang::En] {
        for (name, html) in
            [("prices", list(lang, vec![line()])), ("none", list(lang, Vec::new())), ("price", show(lang))]
        {
            assert!(!html.contains("<script>alert"), "{name}: {html}");
            assert!(!html.contains("price."), "{name}: a word is missing: {html}");
            crate::kernel::html::assert_sound(name, &html);
        }
    }
}
