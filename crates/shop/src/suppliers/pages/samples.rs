//! Every page of the feature with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::super::assigning::Assigned;
use super::super::contact::Contact;
use super::super::queries::{Lesson, Supplier};
use super::super::supplier::{SupplierRecord, SupplierWords, Weekdays};
use super::edit::SupplierPage;
use super::form;
use super::list::{SupplierLine, SuppliersPage};
use crate::kernel::ask::Link;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn supplier() -> Supplier {
    let text = || Some(HOSTILE.to_owned());
    let words = || vec![HOSTILE.to_owned(), "Brahma".to_owned()];
    let record = SupplierRecord {
        legal_name: HOSTILE.to_owned(),
        delivery_days: Weekdays::of([0, 3]),
        cut_off_minutes: Some(19 * 60),
        minimum_order: 15_000_000,
        notes: HOSTILE.to_owned(),
        is_default: true,
        words: SupplierWords {
            names: words(),
            own_brands: words(),
            distributed_brands: words(),
            specialities: words(),
            excluded: words(),
        },
        ..SupplierRecord::new(Uuid::from_u128(1), "Q".to_owned(), HOSTILE.to_owned(), 0)
    };
    let contact = Contact {
        tax_id: Some("30715335197".to_owned()),
        contact_name: text(),
        email: text(),
        phone: Some("+54 9 11 5555-0134".to_owned()),
        address: text(),
    };
    Supplier { record, contact }
}

fn refused(form: Form) -> Form {
    let problem = |field| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.");
    ["code", "name", "tax_id", "cut_off", "own_brands"]
        .into_iter()
        .fold(form, |form, field| form.refused(problem(field)).expect("422 is about the form"))
}

fn list(lang: Lang, rows: Vec<SupplierLine>, answer: Option<Assigned>) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/suppliers").titled("supplier.title");
    let here = Link::to("/suppliers");
    let lesson = Lesson {
        id: Uuid::from_u128(9),
        text: HOSTILE.to_owned(),
        folded: "script".to_owned(),
        supplier: "Q".to_owned(),
        taught_by: HOSTILE.to_owned(),
        taught_at: 0,
    };
    let page = SuppliersPage {
        chips: here.chips("state", "", chrome.t("supplier.states_active"), []),
        rows,
        pages: Asked(Form::new()).pager().pages(&here, None),
        list: Link::to("/api/v1/suppliers"),
        question: HOSTILE.to_owned(),
        answer,
        choices: vec![("Q".to_owned(), HOSTILE.to_owned())],
        lessons: vec![lesson],
        form: Form::new(),
        may_edit: true,
        sees_cost: true,
        chrome,
    };
    page.render().expect("the page renders")
}

fn all(lang: Lang) -> Vec<(&'static str, String)> {
    let chrome = || Chrome::sample(lang, Some(Role::Admin), "/suppliers");
    let answer = |supplier: Option<&str>| Assigned {
        supplier: supplier.map(str::to_owned),
        confidence: supplier.map(|_| "0.90".to_owned()),
        reason: HOSTILE.to_owned(),
        candidates: vec!["Q".to_owned()],
    };
    let page = |code: Option<&str>, form: Form| {
        let code = code.map(str::to_owned);
        let whatsapp = Some("5491155550134".to_owned());
        let page = SupplierPage { chrome: chrome(), code, form, whatsapp, may_edit: true, sees_cost: true };
        page.render().expect("the page renders")
    };
    let line = SupplierLine::of(&chrome(), supplier().record);
    vec![
        ("list", list(lang, vec![line], Some(answer(Some("Q"))))),
        ("nobody", list(lang, Vec::new(), Some(answer(None)))),
        ("new", page(None, refused(form::blank()))),
        ("one", page(Some("Q"), refused(form::filled(&supplier())))),
    ]
}

#[test]
fn every_page_shows_what_was_typed_and_never_runs_it() {
    for (name, html) in all(Lang::Es).into_iter().chain(all(Lang::En)) {
        assert!(!html.contains("<script>alert"), "{name}: {html}");
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "{name} has inline code");
    }
}

#[test]
fn every_field_has_a_label_and_every_page_one_heading() {
    for (name, html) in all(Lang::Es) {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        for (at, _) in html.match_indices("<input class=\"input") {
            let id = html[at..].split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(html.contains(&format!("for=\"{id}\"")), "{name}: {id} has no label");
        }
    }
}

#[test]
fn the_pages_speak_english_too() {
    for ((name, spanish), (_, english)) in all(Lang::Es).into_iter().zip(all(Lang::En)) {
        assert!(spanish.contains("lang=\"es-AR\"") && english.contains("lang=\"en\""), "{name}");
        assert_eq!(spanish.matches("<form").count(), english.matches("<form").count(), "{name}");
        assert!(!spanish.contains("supplier.") && !english.contains("supplier."), "{name}: a word is missing");
    }
}

/// What a form says of a supplier is what it makes of it.
#[test]
fn a_form_sent_back_as_it_came_changes_nothing() {
    let Supplier { record, contact } = supplier();
    let words = SupplierWords { own_brands: vec!["Quilmes".to_owned()], ..SupplierWords::default() };
    let (name, legal_name, notes) = ("Quilmes".to_owned(), String::new(), "Pasa tarde".to_owned());
    let record = SupplierRecord { name, legal_name, notes, words, ..record };
    let contact = Contact { contact_name: None, email: None, address: None, ..contact };
    let before = Supplier { record, contact };
    let change = form::body(&form::filled(&before)).unwrap().change("Q".to_owned(), 1).unwrap();
    assert_eq!(change.edit.apply(&before.record), before.record);
    assert_eq!(change.edit.contact.tax_id, Some(before.contact.tax_id));
}
