//! The page with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::{LabelLine, LabelsPage};
use crate::kernel::ask::Link;
use crate::kernel::html::assert_sound;
use crate::kernel::{Asked, Chrome, Form, Lang};
use crate::labels::queries::Print;

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn render(lang: Lang, rows: Vec<LabelLine>) -> String {
    let chrome = Chrome::sample(lang, Some(Role::Admin), "/labels").titled("label.title");
    let here = Link::to("/labels");
    let print = Print { id: Uuid::from_u128(1), printed_at: 0, printed_by: HOSTILE.to_owned(), labels: 2, waiting: 1 };
    let page = LabelsPage {
        chips: here.chips("due", "", chrome.t("label.to_print"), []),
        rows,
        pages: Asked(Form::new()).pager().pages(&here, None),
        list: Link::to("/api/v1/labels"),
        prints: vec![print],
        late: 3,
        to_print: true,
        may_print: true,
        chrome: chrome.clone(),
    };
    page.render().expect("it renders")
}

#[test]
fn the_page_escapes_what_people_wrote_and_knows_all_its_words() {
    for lang in [Lang::Es, Lang::En] {
        let line = LabelLine {
            sku: "LAC-1".to_owned(),
            name: HOSTILE.to_owned(),
            category: "LAC".to_owned(),
            price: "$ 1.850,00".to_owned(),
            says: String::new(),
            since: 0,
            is_late: true,
        };
        for html in [render(lang, vec![line]), render(lang, Vec::new())] {
            assert!(!html.contains("<script>alert") && !html.contains("label."), "{html}");
            assert_sound("labels", &html);
        }
    }
}
