//! One's own account: where one is signed in, and one's password.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::authenticate::session_digest;
use super::super::commands::EndSession;
use super::super::passwords::Password;
use super::super::{entry, queries};
use super::doors::passwords_differ;
use super::id;
use super::sessions::{self, SessionLine};
use crate::kernel::{App, Caller, Chrome, Errors, Flash, Form, Problem, Reader, page};

#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct AccountPage {
    pub chrome: Chrome,
    pub sessions: Vec<SessionLine>,
    pub form: Form,
}

pub async fn show(State(app): State<App>, chrome: Chrome, headers: HeaderMap) -> Result<Response, Problem> {
    show_account(&app, chrome, &headers, Form::new(), StatusCode::OK).await
}

pub async fn change_password(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    match change(&app, &actor, &headers, &form).await {
        Ok(()) => Ok(page::go_saying(&app, "/account", &Flash::says("account.password_changed", ""))),
        Err(problem) => {
            let form = form.refused(problem)?;
            show_account(&app, chrome, &headers, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn change(app: &App, actor: &Actor, headers: &HeaderMap, form: &Form) -> Result<(), Problem> {
    let mut errors = Errors::new();
    let username = {
        let mut reader = Reader::open(app, actor, Permission::OwnSession).await?;
        queries::find_user(&mut reader.tx(), actor.id).await?.map(|user| user.username).unwrap_or_default()
    };
    let chosen = errors.take("new_password", Password::choose(form.value("new_password"), &username));
    errors.finish()?;
    if form.value("new_password") != form.value("password_again") {
        let problem = passwords_differ();
        let fields = problem
            .fields
            .into_iter()
            .map(|field| crate::kernel::problem::FieldProblem { field: "new_password".to_owned(), ..field });
        return Err(Problem::invalid(fields.collect()));
    }
    let chosen = chosen.ok_or_else(Problem::internal)?;
    entry::change_own_password(app, actor, form.value("password"), chosen, session_digest(app, headers)).await
}

pub async fn end_session(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    app.db.execute(&actor, None, EndSession { id: id(&path)? }).await?;
    Ok(page::go_saying(&app, "/account", &Flash::says("account.session_ended", "")))
}

async fn show_account(
    app: &App,
    chrome: Chrome,
    headers: &HeaderMap,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, &chrome.actor, Permission::OwnSession).await?;
    let sessions = queries::own_sessions(&mut reader, app.db.now(), session_digest(app, headers)).await?;
    let sessions = sessions::lines(&chrome, "/account/sessions", sessions);
    let chrome = chrome.titled("account.title");
    page::show_as(status, &chrome.clone(), &AccountPage { chrome, sessions, form })
}
