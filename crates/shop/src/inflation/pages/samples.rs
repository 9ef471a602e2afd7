//! The feature's page with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;

use super::show::{InflationPage, Own, OwnLine, RateLine, Sums};
use crate::kernel::ask::Link;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn sums(is_known: bool) -> Sums {
    let text = |text: &str| is_known.then(|| text.to_owned());
    Sums {
        from: "11/2025".to_owned(),
        to: "10/2026".to_owned(),
        from_field: "2025-11".to_owned(),
        to_field: "2026-10".to_owned(),
        accumulated: text("39,29 %"),
        hundred: text("$ 139,29"),
        missing: if is_known { String::new() } else { "12/2025".to_owned() },
        latest: "10/2026".to_owned(),
        daily: text("0,0908 %"),
        stock: Some("$ 10.000.000,00".to_owned()),
        loss: text("$ 9.075,89"),
    }
}

fn own(is_known: bool) -> Own {
    let line = |name: &str| OwnLine {
        name: name.to_owned(),
        rate: "4,20 %".to_owned(),
        goods: 12,
        spent: "$ 1,00".to_owned(),
    };
    let lines = |name: &str| if is_known { vec![line(name)] } else { Vec::new() };
    Own { months: lines("10/2026"), newest: "10/2026".to_owned(), categories: lines(HOSTILE) }
}

fn page(lang: Lang, is_known: bool) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/inflation").titled("inflation.title");
    let line = |is_current: bool| RateLine {
        month: "10/2026".to_owned(),
        rate: "2,80 %".to_owned(),
        daily: "0,0908 %".to_owned(),
        source: HOSTILE.to_owned(),
        who: HOSTILE.to_owned(),
        when: "23/11/2026 10:00".to_owned(),
        is_current,
        is_suspect: !is_current,
    };
    let wrong = |form: Form, field: &str| {
        form.refused(Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.")).expect("422 is about the form")
    };
    let form = ["month", "rate", "source"].into_iter().fold(Form::new().with("source", HOSTILE), wrong);
    let page = InflationPage {
        sums: sums(is_known),
        own: own(is_known),
        own_list: Link::to("/api/v1/inflation/own"),
        rows: if is_known { vec![line(true), line(false)] } else { Vec::new() },
        pages: Asked(Form::new()).pager().pages(&Link::to("/inflation"), None),
        list: Link::to("/api/v1/inflation/rates"),
        range: wrong(Form::new().with("from", HOSTILE), "to"),
        form,
        may_record: true,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

#[test]
fn the_page_escapes_what_people_wrote_and_knows_all_its_words() {
    for lang in [Lang::Es, Lang::En] {
        for is_known in [true, false] {
            let html = page(lang, is_known);
            assert!(!html.contains("<script>alert"), "{html}");
            assert!(!html.contains("inflation."), "a word is missing: {html}");
            crate::kernel::html::assert_sound("inflation", &html);
        }
    }
}
