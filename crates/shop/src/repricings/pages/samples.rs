//! Every page of the feature with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::super::queries::{Counts, Repricing, RepricingRow};
use super::list::{RepricingLine, RepricingsPage};
use super::show::{RepricingPage, RowLine};
use crate::kernel::ask::Link;
use crate::kernel::html::assert_sound;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn refused(fields: &[&str]) -> Form {
    let problem = |field: &str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.");
    let form = fields.iter().fold(Form::new(), |form, field| form.with(field, HOSTILE));
    fields.iter().fold(form, |form, field| form.refused(problem(field)).expect("422 is about the form"))
}

fn stored(state: &str) -> Repricing {
    let text = || Some(HOSTILE.to_owned());
    let row = RepricingRow {
        id: Uuid::from_u128(1),
        rule: String::new(),
        reason: HOSTILE.to_owned(),
        state: state.to_owned(),
        apply_at: Some(0),
        guarded_reason: text(),
        guarded_by: text(),
        note: text(),
        built_by: HOSTILE.to_owned(),
        built_at: 0,
        applied_by: text(),
        applied_at: Some(0),
        rolled_back_by: text(),
        rolled_back_at: Some(0),
        version: 1,
    };
    let counts =
        Counts { rows_total: 2, guarded: 1, excluded: 1, applied: 1, restored: 1, skipped: 1, at_stake: 800_000 };
    Repricing { row, counts }
}

fn list(lang: Lang) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/repricings").titled("repricing.title");
    let line = RepricingLine {
        id: Uuid::from_u128(1),
        state: "repricing.state_draft".to_owned(),
        rule: HOSTILE.to_owned(),
        scope: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
        who: HOSTILE.to_owned(),
        when: 0,
    };
    let page = RepricingsPage {
        rows: vec![line],
        pages: Asked(Form::new()).pager().pages(&Link::to("/repricings"), None),
        list: Link::to("/api/v1/repricings"),
        form: refused(&["rule", "percent", "from", "to", "category", "brand", "supplier", "reason"]),
        rules: vec![("band", HOSTILE.to_owned())],
        categories: vec![("SAL".to_owned(), HOSTILE.to_owned())],
        suppliers: vec![("Q".to_owned(), HOSTILE.to_owned())],
        may_build: true,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

fn show(lang: Lang, state: &str) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/repricings").titled("repricing.one");
    let row = || RowLine {
        product: Uuid::from_u128(2),
        sku: "LAC-1".to_owned(),
        name: HOSTILE.to_owned(),
        old_cost: "$ 1,00".to_owned(),
        new_cost: "$ 2,00".to_owned(),
        old_price: String::new(),
        new_price: "$ 3,00".to_owned(),
        typed_price: "3,00".to_owned(),
        markup: "50,00 %".to_owned(),
        margin: "33,33 %".to_owned(),
        at_stake: "$ 0,00".to_owned(),
        severity: "price.severity_critical".to_owned(),
        guard: "repricing.guard_loss".to_owned(),
        excluded: state == "draft",
        outcome: "repricing.outcome_skipped".to_owned(),
    };
    let page = RepricingPage {
        repricing: stored(state),
        rule: HOSTILE.to_owned(),
        scope: HOSTILE.to_owned(),
        state: format!("repricing.state_{state}"),
        at_stake: "$ 8.000,00".to_owned(),
        guarded: vec![row()],
        rows: vec![row()],
        pages: Asked(Form::new()).pager().pages(&Link::to("/repricings"), None),
        file: Link::to("/api/v1/repricings"),
        form: if state == "draft" { refused(&["at", "guarded_reason"]) } else { Form::new() },
        may_price: true,
        may_override: true,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

#[test]
fn pages_escape_what_people_wrote_and_know_all_their_words() {
    for lang in [Lang::Es, Lang::En] {
        let pages = [("repricings", list(lang)), ("draft", show(lang, "draft")), ("applied", show(lang, "applied"))];
        for (name, html) in pages {
            assert!(!html.contains("<script>alert"), "{name}: {html}");
            assert!(!html.contains("repricing.") && !html.contains("price."), "{name}: a word is missing: {html}");
            assert_sound(name, &html);
        }
    }
}
