//! Every page of the feature with something on it, rendered in both languages.

use askama::Template;
use gondola_ledger::Money;
use gondola_store::Role;
use uuid::Uuid;

use super::super::ageing::Ageing;
use super::super::queries::{AccountEntry, Standing};
use super::account::{AccountPage, EntryLine, OpenLine};
use super::overview::{AccountLine, AccountsPage};
use crate::kernel::ask::Link;
use crate::kernel::{Asked, Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn entry(kind: &str, amount: i64) -> AccountEntry {
    AccountEntry {
        sequence: 1,
        id: Uuid::from_u128(1),
        kind: kind.to_owned(),
        amount,
        document: Some(HOSTILE.to_owned()),
        issued_on: 20_000,
        due_on: Some(20_015),
        method: (kind == "payment").then(|| "cash".to_owned()),
        reason: HOSTILE.to_owned(),
        reverses: None,
        reversed_by: (amount < 0).then(|| Uuid::from_u128(2)),
        source_kind: None,
        source_id: None,
        actor_name: HOSTILE.to_owned(),
        recorded_at: 0,
        balance_after: amount,
    }
}

fn account(lang: Lang, rows: &[(&str, i64)]) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/suppliers");
    let form = ["kind", "amount", "document"].into_iter().fold(Form::new(), |form, field| {
        let problem = Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.");
        form.refused(problem).expect("422 is about the form")
    });
    let here = Link::to("/suppliers/Q/account");
    let open = OpenLine {
        document: HOSTILE.to_owned(),
        due: "23/11/2026".to_owned(),
        left: "$ 1,00".to_owned(),
        is_late: true,
    };
    let page = AccountPage {
        code: "Q".to_owned(),
        name: HOSTILE.to_owned(),
        balance: "$ 1,00".to_owned(),
        owes_us: rows.is_empty(),
        open: vec![open],
        rows: rows.iter().map(|(kind, amount)| EntryLine::of(&chrome, entry(kind, *amount))).collect(),
        pages: Asked(Form::new()).pager().pages(&here, None),
        list: here,
        form,
        may_post: true,
        chrome,
    };
    page.render().expect("the page renders")
}

fn overview(lang: Lang, rows: Vec<AccountLine>) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/suppliers").titled("payable.title");
    let sum = || "$ 1,00".to_owned();
    let list = Link::to("/api/v1/supplier-accounts");
    let page = AccountsPage { chrome, rows, total: sum(), overdue: sum(), this_week: sum(), list };
    page.render().expect("the page renders")
}

fn all(lang: Lang) -> Vec<(&'static str, String)> {
    let ageing = Ageing { later: 1, this_week: 2, late: 3, ..Ageing::default() };
    let name = HOSTILE.to_owned();
    let standing = Standing { code: "Q".to_owned(), name, balance: Money::new(6), ageing };
    let kinds = [("opening", 5), ("invoice", 7), ("debit_note", 1), ("credit_note", -1), ("payment", -2)];
    vec![
        ("account", account(lang, &kinds)),
        ("empty account", account(lang, &[])),
        ("overview", overview(lang, vec![AccountLine::of(&standing)])),
        ("empty overview", overview(lang, Vec::new())),
    ]
}

#[test]
fn every_page_shows_what_was_typed_and_never_runs_it() {
    for (name, html) in all(Lang::Es).into_iter().chain(all(Lang::En)) {
        assert!(!html.contains("<script>alert"), "{name}: {html}");
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "{name} has inline code");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(!html.contains("payable.") && !html.contains("supplier."), "{name}: a word is missing");
    }
}

#[test]
fn the_pages_speak_english_too() {
    for ((name, spanish), (_, english)) in all(Lang::Es).into_iter().zip(all(Lang::En)) {
        assert!(spanish.contains("lang=\"es-AR\"") && english.contains("lang=\"en\""), "{name}");
        assert_eq!(spanish.matches("<form").count(), english.matches("<form").count(), "{name}");
    }
}
