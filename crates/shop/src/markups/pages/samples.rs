//! The feature's page with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;

use super::show::{MarkupLine, MarkupsPage};
use crate::kernel::ask::Link;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn page(lang: Lang, full: bool) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/markups").titled("markup.title");
    let line = |of: &'static str, code: &str| MarkupLine {
        href: "/markups/1".to_owned(),
        of,
        name: HOSTILE.to_owned(),
        code: code.to_owned(),
        markup: "35,00 %".to_owned(),
        margin: "25,93 %".to_owned(),
        who: HOSTILE.to_owned(),
        when: 0,
    };
    let wrong = |form: Form, field: &str| {
        form.refused(Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.")).expect("422 is about the form")
    };
    let fields = ["category", "brand", "product", "markup"];
    let page = MarkupsPage {
        rows: if full { vec![line("markup.category", "GEN"), line("markup.brand", "")] } else { Vec::new() },
        pages: Asked(Form::new()).pager().pages(&Link::to("/markups"), None),
        list: Link::to("/api/v1/markups"),
        categories: vec![("GEN".to_owned(), HOSTILE.to_owned())],
        form: if full { fields.into_iter().fold(Form::new().with("brand", HOSTILE), wrong) } else { Form::new() },
        may_set: full,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

#[test]
fn the_page_escapes_what_people_wrote_and_knows_all_its_words() {
    for lang in [Lang::Es, Lang::En] {
        for full in [true, false] {
            let html = page(lang, full);
            assert!(!html.contains("<script>alert"), "{html}");
            assert!(!html.contains("markup."), "a word is missing: {html}");
            crate::kernel::html::assert_sound("markups", &html);
        }
    }
}
