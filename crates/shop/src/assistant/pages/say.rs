//! Writing to the shop from the page, confirming what it shows, undoing what was written last.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Actor;
use uuid::Uuid;

use super::super::api::{self, SPEAKS};
use super::super::place::PLACES;
use super::super::queries::{self, Message};
use super::super::say::Said;
use super::rows::{AnswerView, IsLast, LastRow};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};

/// What one wrote last, shown at once.
const LAST_MAX: i64 = 20;

#[derive(Template)]
#[template(path = "say.html")]
pub(super) struct SayPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub answer: Option<AnswerView>,
    pub last: Vec<LastRow>,
}

impl SayPage<'_> {
    /// Whether something shown is to be confirmed.
    fn waits(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.token.is_some())
    }

    /// Where it may be written: code, name, whether it is chosen.
    fn places(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = self.form.given("place").unwrap_or_else(|| PLACES[0].1.to_owned());
        let named = |(_, code): (_, &'static str)| {
            (code, self.chrome.t(&format!("assistant.place_{code}")).to_owned(), code == chosen)
        };
        PLACES.map(named).into()
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = [("text", self.chrome.t("assistant.sentence")), ("place", self.chrome.t("assistant.place"))];
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

/// `GET /decir`.
pub async fn show_last(State(app): State<App>, chrome: Chrome, Caller(actor): Caller) -> Result<Response, Problem> {
    page(&app, chrome, &actor, (Form::new(), None, StatusCode::OK)).await
}

/// `POST /decir`.
pub async fn say(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /decir")?;
    let done = match api::parse(form.given("text"), form.given("place")) {
        Ok(said) => api::speak(&app, &actor, key, said).await,
        Err(problem) => Err(problem),
    };
    answer(&app, chrome, &actor, (form, done.map(|done| done.out))).await
}

/// `POST /decir/confirm`.
pub async fn confirm(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /decir/confirm")?;
    let done = api::confirm(&app, &actor, key, form.value("token")).await;
    answer(&app, chrome, &actor, (form, done.map(|done| done.out))).await
}

/// `POST /decir/{id}/undo`.
pub async fn undo(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = form.key(&format!("POST /decir/{id}/undo"))?;
    match api::undo(&app, &actor, key, id).await {
        Ok(done) => Ok(go_saying(&app, "/decir", &Flash::says("assistant.undone", &done.out.message.sentence))),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(problem),
        Err(problem) => page(&app, chrome, &actor, (form.refused(problem)?, None, StatusCode::CONFLICT)).await,
    }
}

/// What was written is told on the next page, with its undo; what is left to say or to ask is shown at once.
async fn answer(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (form, said): (Form, Result<Said, Problem>),
) -> Result<Response, Problem> {
    match said {
        Ok(said) if is_all_said(&said) => {
            let flash = Flash::says("assistant.done", &said.message.sentence);
            Ok(go_saying(app, "/decir", &flash.undone_at(format!("/decir/{}/undo", said.message.id))))
        }
        Ok(said) => {
            let answer = AnswerView::of(&chrome, &said);
            // What was not written stays in the box, to be written better.
            let form = if said.message.done_at.is_some() { Form::new() } else { form };
            page(app, chrome, actor, (form, Some(answer), StatusCode::OK)).await
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            page(app, chrome, actor, (form, None, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

fn is_all_said(Said { message, .. }: &Said) -> bool {
    message.done_at.is_some() && message.plan.questions.is_empty() && message.plan.offers.is_empty()
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (form, answer, status): (Form, Option<AnswerView>, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("assistant.title");
    let mut reader = Reader::open(app, actor, SPEAKS).await?;
    let messages = queries::latest(&mut reader.tx(), &actor.reference(), LAST_MAX).await?;
    // The one that wrote last, not the one said last: a plan may have waited.
    let last = messages.iter().filter(|one| one.done_at.is_some()).max_by_key(|one| (one.done_at, one.id));
    let last = last.map(|one| one.id);
    let row = |message: &Message| {
        let is_last = if Some(message.id) == last { IsLast::Yes } else { IsLast::No };
        LastRow::of(&chrome, message, is_last)
    };
    let rows = messages.iter().map(row).collect();
    show_as(status, &chrome, &SayPage { chrome: &chrome, form, answer, last: rows })
}
