//! An invoice that is typed: the same fields as beside a picture, empty.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::change::TypeInvoice;
use super::super::sureness::amount_field;
use super::filled::{SPARE, body_of, room};
use super::marks::Marks;
use super::review::{Choices, Entry, messages};
use super::steps;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};

#[derive(Template)]
#[template(path = "invoice_new.html")]
pub(super) struct TypingPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub choices: Choices,
    pub entries: Vec<Entry>,
    pub amounts: usize,
    /// Nothing was read.
    pub marks: Marks,
}

impl TypingPage<'_> {
    fn typed(&self, entry: &Entry, name: &str) -> &str {
        self.form.value(&entry.field(name))
    }

    fn wrong(&self, entry: &Entry, name: &str) -> Option<&str> {
        self.form.problem(&entry.field(name), &self.chrome.lang)
    }

    fn sum(&self, at: &usize, name: &str) -> String {
        amount_field(*at, name)
    }

    fn summed(&self, at: &usize, name: &str) -> &str {
        self.form.value(&amount_field(*at, name))
    }

    fn unsound(&self, at: &usize, name: &str) -> Option<&str> {
        self.form.problem(&amount_field(*at, name), &self.chrome.lang)
    }

    /// Whether what is rarely needed of a line is filled in or wrong.
    fn has_more(&self, entry: &Entry) -> bool {
        entry.has_more(&self.form, self.chrome.lang)
    }

    fn is_other(&self, entry: &Entry) -> bool {
        self.form.has(&entry.field("other"), "true")
    }

    fn messages(&self) -> Vec<(String, String)> {
        messages(self.chrome, &self.form)
    }
}

/// `GET /invoices/new`.
pub async fn form(State(app): State<App>, chrome: Chrome, Caller(actor): Caller) -> Result<Response, Problem> {
    let form = Form::new().with("kind", "invoice").with("letter", "A");
    page(&app, chrome, &actor, (form, StatusCode::OK)).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (form, status): (Form, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("invoice.new");
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let (lines, amounts) = room(&form, SPARE);
    let page = TypingPage {
        choices: Choices::load(&mut reader, &chrome).await?,
        entries: (0..lines).map(Entry::empty).collect(),
        amounts,
        marks: Marks::default(),
        form,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// `POST /invoices/new`.
pub async fn save(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /invoices/new (page)")?;
    let (body, places) = body_of(&form);
    let done = match body.parse() {
        Ok(edit) => app.db.execute(&actor, key, TypeInvoice { edit }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) if form.has("then", "confirm") => {
            steps::confirmed(&app, chrome, &actor, (done.out.row.id, false)).await
        }
        Ok(done) => {
            let path = format!("/invoices/{}", done.out.row.id);
            Ok(go_saying(&app, &path, &Flash::says("invoice.saved", "")))
        }
        Err(problem) => {
            let form = form.refused(places.told(problem))?;
            page(&app, chrome, &actor, (form, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}
