//! Every page of the feature rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::columns::{ColumnRow, ColumnsPage};
use super::one::{Fed, ImportPage, Left, Sums, Wrong};
use super::start::{ImportsPage, PastRow};
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Pages, Problem};
use crate::stock::Choice;

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn choices() -> Vec<Choice> {
    vec![("products".to_owned(), "Productos".to_owned()), ("stock".to_owned(), "Stock".to_owned())]
}

fn refused(names: &[&str]) -> Form {
    let problem = |name: &&str| Problem::invalid_field(name, "bad", "Está mal <b>.", "It is wrong.").fields;
    Form::new().refused(Problem::invalid(names.iter().flat_map(problem).collect())).expect("a refused form")
}

#[test]
fn the_beginning_is_sound_empty_full_and_refused() {
    let past = |bad: Option<&str>| PastRow {
        href: "/imports/018f".to_owned(),
        name: "lista <1>.csv".to_owned(),
        kind: "Productos".to_owned(),
        when: "hoy".to_owned(),
        who: "Ana".to_owned(),
        good: "1.981".to_owned(),
        bad: bad.map(str::to_owned),
        badge: ("good", "Cargada".to_owned()),
    };
    for (lang, form, past) in [
        (Lang::Es, Form::new(), Vec::new()),
        (Lang::En, refused(&["file", "kind", "location"]), vec![past(Some("36")), past(None)]),
    ] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/imports");
        let pages = Pages { before: Some("/imports".into()), after: None, number: Some(2) };
        let page = ImportsPage { chrome: &chrome, form: &form, kinds: choices(), places: choices(), past, pages };
        look("imports", &page);
    }
}

#[test]
fn the_columns_are_sound_and_keep_what_was_chosen() {
    let column = |at: usize, title: &str, samples: &[&str]| ColumnRow {
        name: format!("column.{at}"),
        letter: "A".to_owned(),
        title: title.to_owned(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        chosen: "stock".to_owned(),
    };
    for (lang, form) in [(Lang::Es, Form::new()), (Lang::En, refused(&["mapping"]))] {
        let chrome = Chrome::sample(lang, Some(Role::Admin), "/imports/files/1");
        let page = ColumnsPage {
            action: "/imports/files/1".to_owned(),
            file_name: "lista.csv".to_owned(),
            kind: "Productos".to_owned(),
            columns: vec![column(0, "Código", &["A-1", "<b>"]), column(1, "", &[])],
            fields: choices(),
            decimals: ["comma", "point"].map(|code| (code.to_owned(), code.to_owned())),
            style: "comma".to_owned(),
            chrome: &chrome,
            form: &form,
        };
        look("columns", &page);
    }
}

#[test]
fn an_import_is_sound_in_every_state() {
    for state in ["previewed", "running", "applied", "refused", "interrupted", "undoing", "undone"] {
        for (lang, any_bad, any_good) in [(Lang::Es, true, true), (Lang::En, false, true), (Lang::Es, true, false)] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/imports/1");
            let page = page(&chrome, state, any_bad, any_good);
            look(state, &page);
        }
    }
}

fn page<'a>(chrome: &'a Chrome, state: &'a str, any_bad: bool, any_good: bool) -> ImportPage<'a> {
    let text = || "algo <b>".to_owned();
    let number = || "1.981".to_owned();
    let wrong = |value: &str| Wrong { line: 3, field: text(), value: value.to_owned(), why: text() };
    let fed = |title: &str, field: Option<String>| Fed { letter: "A".to_owned(), title: title.to_owned(), field };
    ImportPage {
        chrome,
        id: Uuid::nil(),
        state,
        file_name: "lista.csv",
        when: text(),
        who: "Ana",
        badge: ("warn", text()),
        sums: Sums {
            total: number(),
            good: number(),
            created: number(),
            changed: number(),
            same: number(),
            bad: number(),
            any_bad,
            any_good,
        },
        done: 5,
        total: 10,
        columns: vec![fed("Código", Some(text())), fed("", None)],
        correct: any_good.then(|| "/imports/files/1?import=2".to_owned()),
        remarks: vec![(text(), number())],
        wrong: if any_bad { vec![wrong("caro"), wrong("")] } else { Vec::new() },
        pages: Pages { before: None, after: any_bad.then(|| "/imports/1?after=x".to_owned()), number: Some(1) },
        taken_back: number(),
        left: if any_bad { vec![Left { line: 2, label: text(), why: text() }] } else { Vec::new() },
    }
}
