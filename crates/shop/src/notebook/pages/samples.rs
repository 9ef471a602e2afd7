//! Every page of the notebook rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;

use super::list::NotebookPage;
use super::rows::{EntryRow, Group};
use super::show::{EntryPage, NoteRow};
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Pages, Problem};
use crate::stock::ProductRow;

fn look(name: &str, page: &impl Template) {
    assert_sound(name, &page.render().expect("the page renders"));
}

fn text() -> String {
    "<algo>".to_owned()
}

fn row(full: bool, number: usize) -> EntryRow {
    EntryRow {
        href: format!("/notebook/00000000-0000-0000-0000-00000000000{number}"),
        name: text(),
        about: full.then(text),
        product_href: full.then(|| crate::stock::product_href("A & B")),
        action: text(),
        amount: full.then(text),
        priority: text(),
        priority_kind: "bad",
        is_urgent: full,
        state: text(),
        reason: full.then(text),
        closing_reason: full.then(text),
        who: text(),
        noted_at: text(),
        on_file: full.then(text),
        may_write: full,
        is_discarded: !full,
    }
}

/// A form with something wrong in each of these fields.
fn refused(fields: &[&str]) -> Form {
    let problem = |field: &&str| Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.").fields;
    let form = Form::new().with("quantity", "<dos>").with("priority", "low");
    form.refused(Problem::invalid(fields.iter().flat_map(problem).collect())).expect("a refused form")
}

#[test]
fn the_pages_of_the_notebook_are_sound() {
    for (lang, full) in [(Lang::Es, true), (Lang::Es, false), (Lang::En, true), (Lang::En, false)] {
        let chrome = Chrome::sample(lang, Some(Role::Cashier), "/notebook");
        let group = |supplier: Option<String>, number| Group { supplier, rows: vec![row(full, number)] };
        let page = NotebookPage {
            chrome: &chrome,
            form: if full { refused(&["q", "quantity", "unit", ""]) } else { Form::new() },
            found: if full { vec![ProductRow::sample()] } else { Vec::new() },
            chips: vec![("/notebook?state=pending".to_owned(), text(), full)],
            groups: if full { vec![group(Some(text()), 1), group(None, 2)] } else { Vec::new() },
            pages: Pages { before: full.then(|| "/notebook".to_owned()), after: None, number: Some(2) },
            may_write: full,
        };
        look("notebook", &page);
        let note = |sentence: &str| NoteRow {
            who: text(),
            when: text(),
            sentence: sentence.to_owned(),
            amount: full.then(text),
        };
        let page = EntryPage {
            chrome: &chrome,
            form: if full { refused(&["quantity", "unit", "supplier", "priority", "reason"]) } else { Form::new() },
            row: row(full, 1),
            supplier: full.then(text),
            notes: vec![note("falta <todo>"), note("")],
            suppliers: vec![("Q".to_owned(), text())],
        };
        look("notebook entry", &page);
    }
}
