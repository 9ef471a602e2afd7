//! The feature's page with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;

use super::show::{ListCard, PreviewCard, PreviewLine, RuleLine, SaleListsPage};
use crate::kernel::{Chrome, Form, Lang, Link, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn page(lang: Lang, full: bool) -> String {
    let rule = |holds: bool| RuleLine {
        href: "/sale-lists/1".to_owned(),
        adjustment: "-10,00 %".to_owned(),
        step: if holds { "$ 10,00".to_owned() } else { String::new() },
        minimum: if holds { "8,00 %".to_owned() } else { String::new() },
        from: "01/12/2026".to_owned(),
        to: if holds { String::new() } else { "31/12/2026".to_owned() },
        holds,
        who: HOSTILE.to_owned(),
    };
    let list = |code: &'static str, lead: &'static str| ListCard {
        code,
        lead,
        rules: if full { vec![rule(true), rule(false)] } else { Vec::new() },
        own: if full { "1".to_owned() } else { String::new() },
    };
    let row = PreviewLine {
        sku: "A-1".to_owned(),
        name: HOSTILE.to_owned(),
        general: "$ 1.200,00".to_owned(),
        price: "$ 1.100,00".to_owned(),
        markup: "21,21 %".to_owned(),
        margin: "17,50 %".to_owned(),
        basis: "price.basis_minimum".to_owned(),
    };
    let [by_rule, at_minimum, as_general, own, losing] = ["2.135", "1", "1", "2", "1"].map(str::to_owned);
    let preview = PreviewCard { by_rule, at_minimum, as_general, own, losing, most: vec![row] };
    let wrong = |form: Form, field: &str| {
        form.refused(Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.")).expect("422 is about the form")
    };
    let fields = ["list", "adjustment", "rounding_step", "minimum_margin", "valid_from", "valid_to"];
    let page = SaleListsPage {
        lists: vec![list("MAYORISTA", "sale_list.wholesale_lead"), list("ESPECIAL", "sale_list.special_lead")],
        preview: full.then_some(preview),
        rules: Link::to("/api/v1/sale-lists/rules"),
        form: if full { fields.into_iter().fold(Form::new().with("list", HOSTILE), wrong) } else { Form::new() },
        may_set: full,
        may_override: full,
        chrome: Chrome::sample(lang, Some(Role::Admin), "/sale-lists").titled("sale_list.title"),
    };
    page.render().expect("it renders")
}

#[test]
fn the_page_escapes_what_people_wrote_and_knows_all_its_words() {
    for lang in [Lang::Es, Lang::En] {
        for full in [true, false] {
            let html = page(lang, full);
            assert!(!html.contains("<script>alert"), "{html}");
            assert!(!html.contains("sale_list.") && !html.contains("price.basis"), "a word is missing: {html}");
            crate::kernel::html::assert_sound("sale_lists", &html);
        }
    }
}
