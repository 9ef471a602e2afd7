//! One reservation: until when it holds, and the two ways it ends.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::HandOverBody;
use super::super::commands::VoidReservation;
use super::super::queries;
use super::rows::ReservationRow;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::{Places, ReasonBody};

/// Why people take a reservation back, keys of the words.
const VOID_REASONS: [&str; 3] = ["reservation.void_1", "reservation.void_2", "reservation.void_3"];

#[derive(Template)]
#[template(path = "reservation.html")]
pub(super) struct ReservationPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: ReservationRow,
}

impl ReservationPage<'_> {
    fn void_reasons(&self) -> [&str; 3] {
        VOID_REASONS.map(|key| self.chrome.t(key))
    }

    /// Every problem; both forms stand below.
    fn messages(&self) -> Vec<(String, String)> {
        self.form.named_messages(&self.chrome.lang, &[("reason", self.chrome.t("reservation.why_void"))])
    }
}

/// `GET /reservations/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, reservation_id(&id)?, Form::new(), StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let found = queries::reservation(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = ReservationRow::of(&chrome, &found, &places, reader.now());
    let mut chrome = chrome;
    chrome.title.clone_from(&row.name);
    show_as(status, &chrome, &ReservationPage { chrome: &chrome, form, row })
}

/// `POST /reservations/{id}/post`.
pub async fn hand_over(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = reservation_id(&id)?;
    let key = form.key(&format!("POST /reservations/{id}/post"))?;
    let done = match (HandOverBody { kind: form.given("kind"), reason: None }).parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    ended(&app, chrome, &actor, id, form, done.map(|_| "reservation.handed_over")).await
}

/// `POST /reservations/{id}/void`.
pub async fn void(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = reservation_id(&id)?;
    let key = form.key(&format!("POST /reservations/{id}/void"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => {
            let command = VoidReservation { id, reason: Some(reason) };
            app.db.execute(&actor, key, command).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    ended(&app, chrome, &actor, id, form, done.map(|_| "reservation.voided")).await
}

/// Back to the reservation, which says how it ended or why it did not.
async fn ended(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    form: Form,
    done: Result<&str, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(key) => Ok(go_saying(app, &format!("/reservations/{id}"), &Flash::says(key, ""))),
        Err(problem) => page(app, chrome, actor, id, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

fn reservation_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
