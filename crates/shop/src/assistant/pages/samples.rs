//! The page of the assistant rendered in each language and looked over, by made-up rows.

use askama::Template;
use gondola_store::Role;

use super::rows::{AnswerView, Choice, LastRow, QuestionRow, StepRow};
use super::say::SayPage;
use crate::kernel::html::assert_sound;
use crate::kernel::{Chrome, Form, Lang, Problem};

fn text() -> String {
    "<algo>".to_owned()
}

fn answer(full: bool) -> AnswerView {
    let step = StepRow {
        name: text(),
        href: full.then(|| crate::stock::product_href("A & B")),
        action: text(),
        amount: full.then(text),
        details: text(),
    };
    let choice = |key: &str| Choice { name: text(), sentence: "falta <todo>".to_owned(), key: key.to_owned() };
    let choices = if full { vec![choice("a"), choice("b")] } else { Vec::new() };
    AnswerView {
        sentence: text(),
        place: "notebook".to_owned(),
        kind: "warn",
        detail: text(),
        commands: if full { &["/ayuda"] } else { &[] },
        steps: vec![step],
        questions: vec![QuestionRow { text: text(), choices }],
        token: full.then(text),
        key: "confirm".to_owned(),
        see: (!full).then(|| "/products?q=a".to_owned()),
    }
}

#[test]
fn the_page_of_the_assistant_is_sound() {
    for (lang, full) in [(Lang::Es, true), (Lang::Es, false), (Lang::En, true), (Lang::En, false)] {
        let chrome = Chrome::sample(lang, Some(Role::Cashier), "/decir");
        let wrong = Problem::invalid_field("text", "bad", "Está mal.", "It is wrong.");
        let row = LastRow {
            sentence: text(),
            wrote: vec![text()],
            kind: "good",
            outcome: text(),
            when: text(),
            undo: full.then(|| "/decir/00000000-0000-0000-0000-000000000001/undo".to_owned()),
        };
        for answer in [Some(answer(full)), None] {
            let page = SayPage {
                chrome: &chrome,
                form: if full { Form::new().refused(wrong.clone()).expect("a refused form") } else { Form::new() },
                answer,
                last: if full { vec![row.clone()] } else { Vec::new() },
            };
            assert_sound("say", &page.render().expect("the page renders"));
        }
    }
}
