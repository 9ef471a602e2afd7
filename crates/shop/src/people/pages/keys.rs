//! API keys: the list with the form for a new one. The page that answers the form is the only place
//! where a secret is ever shown; going back or reloading does not show it again.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, At, Fail, Permission};
use serde::Deserialize;

use super::super::commands::RevokeKey;
use super::super::input::{KeyInput, RotationInput};
use super::super::queries;
use super::super::refusal::PeopleRefusal;
use super::super::rows::{KeyRecord, KeyState};
use super::super::secrets::{Kind, Secret};
use super::{ROWS_MAX, id};
use crate::kernel::{App, Caller, Chrome, Errors, Flash, Form, Page, PageParams, Params, Problem, Reader, page, time};

/// The scopes a form offers, each with the key of its explanation.
pub(super) const SCOPES: [(&str, &str); 4] = [
    ("read", "api_key.scope_read"),
    ("write", "api_key.scope_write"),
    ("admin", "api_key.scope_admin"),
    ("metrics", "api_key.scope_metrics"),
];

/// A key as the list shows it.
pub(super) struct KeyLine {
    pub key: KeyRecord,
    pub state: KeyState,
    pub last_used: String,
    pub expires: String,
    /// Until when the secret before the last rotation is good too.
    pub overlap: Option<String>,
}

/// A key just made, with its secret.
pub(super) struct Shown {
    pub name: String,
    pub secret: String,
}

#[derive(Template)]
#[template(path = "keys.html")]
pub(super) struct KeysPage {
    pub chrome: Chrome,
    pub keys: Vec<KeyLine>,
    pub next: Option<String>,
    pub form: Form,
    pub scopes: [(&'static str, &'static str); 4],
    pub locations: Vec<(String, String)>,
    pub shown: Option<Shown>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParams {
    after: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    show_list(&app, chrome, params.after, Form::new().with("scopes", "read"), None, StatusCode::OK).await
}

pub async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match make(&app, &actor, &form).await {
        Ok(Some(shown)) => {
            let form = Form::new().with("scopes", "read");
            show_list(&app, chrome, None, form, Some(shown), StatusCode::CREATED).await
        }
        Ok(None) => Ok(page::go_saying(&app, "/keys", &Flash::warns("api_key.shown_once", ""))),
        Err(problem) => {
            let form = form.refused(problem)?;
            show_list(&app, chrome, None, form, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The new key with its secret; nothing when this form was answered before.
async fn make(app: &App, actor: &Actor, form: &Form) -> Result<Option<Shown>, Problem> {
    let mut errors = Errors::new();
    let quota = form.given("quota").map(|text| text.parse::<i64>());
    if matches!(quota, Some(Err(_))) {
        errors.add(
            "quota",
            "not_a_number",
            "Va un número entero, por ejemplo 600.",
            "It is a whole number, for example 600.",
        );
    }
    errors.finish()?;
    let input = KeyInput {
        name: form.given("name"),
        scopes: form.texts("scopes").map(str::to_owned).collect(),
        quota: quota.and_then(Result::ok),
        expires_on: form.given("expires_on"),
        networks: form
            .value("networks")
            .split([',', ' ', ';'])
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect(),
        location: form.given("location"),
    };
    let new = input.parse(app.db.now(), &app.zone)?;
    let secret = Secret::draw_key();
    let command = new.create(secret.digest(app.db.vault(), Kind::Key));
    let done = app.db.execute(actor, form.key("POST /keys (page)")?, command).await?;
    Ok((!done.replayed).then(|| Shown { name: done.out.name, secret: secret.reveal().to_owned() }))
}

/// Gives a key another secret; the one until now is good for a day more.
pub async fn rotate(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    let secret = Secret::draw_key();
    let digest = secret.digest(app.db.vault(), Kind::Key);
    let command = RotationInput::default().rotate(id(&path)?, digest, app.db.now(), &app.zone)?;
    let done = match app.db.execute(&actor, form.key("POST /keys/rotate (page)")?, command).await {
        Err(Fail::Refused(PeopleRefusal::RotatedAlready)) => {
            return Ok(page::go_saying(&app, "/keys", &Flash::warns("api_key.rotated_already", "")));
        }
        done => done?,
    };
    if done.replayed {
        return Ok(page::go_saying(&app, "/keys", &Flash::warns("api_key.shown_once", "")));
    }
    let shown = Some(Shown { name: done.out.name, secret: secret.reveal().to_owned() });
    show_list(&app, chrome, None, Form::new().with("scopes", "read"), shown, StatusCode::OK).await
}

pub async fn revoke(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let revoked = app.db.execute(&actor, None, RevokeKey { id: id(&path)? }).await?.out;
    Ok(page::go_saying(&app, "/keys", &Flash::says("api_key.revoked", &revoked.name)))
}

async fn show_list(
    app: &App,
    chrome: Chrome,
    after: Option<String>,
    form: Form,
    shown: Option<Shown>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let after: Option<String> = PageParams { after, limit: None }.after()?;
    let now = app.db.now();
    let mut reader = Reader::open(app, &chrome.actor, Permission::ManageKeys).await?;
    let mut tx = reader.tx();
    let rows = queries::list_keys(&mut tx, after.as_deref(), ROWS_MAX + 1).await?;
    let locations = queries::list_locations(&mut tx).await?;
    let page = Page::cut(rows, ROWS_MAX, |key| key.name.clone(), |key| line(&chrome, key, now));
    let next = page.next.map(|token| format!("/keys?after={token}"));
    let chrome = chrome.titled("api_key.title");
    let page = KeysPage { chrome: chrome.clone(), keys: page.items, next, form, scopes: SCOPES, locations, shown };
    page::show_as(status, &chrome, &page)
}

fn line(chrome: &Chrome, key: KeyRecord, now: At) -> KeyLine {
    let last_used = key.last_used_at.map(|at| chrome.instant(&at)).unwrap_or_default();
    // The last day it is good: it ends at the midnight after it.
    let expires = time::show_day(time::local_day(key.expires_at - 1, &chrome.zone));
    let overlap = key.overlap(now).map(|at| chrome.instant(&at));
    KeyLine { state: key.state(now), key, last_used, expires, overlap }
}
