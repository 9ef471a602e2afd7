//! Log in, log out, and the first start. Nobody is signed in yet, so nothing of the shop is shown.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use gondola_store::{Actor, ActorKind, Role};
use serde::Deserialize;

use super::super::authenticate::{SESSION_COOKIE, session_digest};
use super::super::commands::{LogOut, SetUp};
use super::super::entry::{self, Entered};
use super::super::input::UserInput;
use super::super::queries::{awaits_set_up, token_is_good};
use super::super::refusal::PeopleRefusal;
use super::super::secrets::{Kind, Secret};
use super::kept::{ResumePage, Work};
use crate::kernel::{App, Caller, Chrome, Client, Form, Problem, cookie, page};

/// The log-in form as it is shown.
pub(super) struct LoginForm {
    pub username: String,
    pub next: String,
    pub error: Option<String>,
    /// What was being sent when the session had ended.
    pub work: Option<Work>,
}

#[derive(Template)]
#[template(path = "login.html")]
pub(super) struct LoginPage {
    pub chrome: Chrome,
    pub form: LoginForm,
}

/// The form of the second step as it is shown.
pub(super) struct SecondStepForm {
    /// That the password was right, sealed.
    pub ticket: String,
    pub next: String,
    pub error: Option<String>,
    /// What was being sent when the session had ended.
    pub work: Option<Work>,
}

#[derive(Template)]
#[template(path = "second_step.html")]
pub(super) struct SecondStepPage {
    pub chrome: Chrome,
    pub form: SecondStepForm,
}

/// The set-up form as it is shown: never with a secret that was typed into it (SCR-2).
#[derive(Default)]
pub(super) struct SetUpForm {
    pub username: String,
    pub name: String,
    pub token_error: Option<String>,
    pub username_error: Option<String>,
    pub name_error: Option<String>,
    pub password_error: Option<String>,
}

#[derive(Template)]
#[template(path = "setup.html")]
pub(super) struct SetUpPage {
    pub chrome: Chrome,
    pub form: SetUpForm,
}

/// Where to go after the log-in.
#[derive(Deserialize)]
pub struct NextParams {
    #[serde(default)]
    next: String,
}

pub async fn login_page(
    State(app): State<App>,
    chrome: Chrome,
    Query(params): Query<NextParams>,
) -> Result<Response, Problem> {
    if matches!(chrome.actor.kind, ActorKind::User(_) | ActorKind::Arriving(_)) {
        return Ok(page::go("/"));
    }
    if awaits_set_up(&app.db).await? {
        return Ok(page::go("/setup"));
    }
    let form = LoginForm { username: String::new(), next: own_path(&params.next).to_owned(), error: None, work: None };
    let chrome = chrome.titled("login.title");
    page::show(&chrome.clone(), &LoginPage { chrome, form })
}

pub async fn log_in(
    State(app): State<App>,
    client: Client,
    chrome: Chrome,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let (next, work) = (own_path(form.value("next")), Work::carried_by(&form));
    let before = session_digest(&app, &headers);
    match entry::log_in(&app, &client, &chrome.actor.origin, form.value("username"), form.value("password"), before)
        .await
    {
        Ok(Entered::Session(session)) => go_on(&app, &chrome, &session, next, work.as_ref()),
        Ok(Entered::SecondStep(ticket)) => {
            let form = SecondStepForm { ticket, next: next.to_owned(), error: None, work };
            let chrome = chrome.titled("login.second_step");
            page::show(&chrome.clone(), &SecondStepPage { chrome, form })
        }
        Err(problem) if matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS) => {
            let form = LoginForm {
                username: form.value("username").chars().take(80).collect(),
                next: next.to_owned(),
                error: Some(problem.detail.in_lang(chrome.lang).to_owned()),
                work,
            };
            let chrome = chrome.titled("login.title");
            told_to_wait(page::show_as(problem.status, &chrome.clone(), &LoginPage { chrome, form })?, &problem)
        }
        Err(problem) => Err(problem),
    }
}

/// The code of the authenticator, or one that was written down.
pub async fn second_step(
    State(app): State<App>,
    client: Client,
    chrome: Chrome,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let (next, work) = (own_path(form.value("next")), Work::carried_by(&form));
    let before = session_digest(&app, &headers);
    let (ticket, code) = (form.value("ticket"), form.value("code"));
    match entry::second_step(&app, &client, &chrome.actor.origin, ticket, code, before).await {
        Ok(session) => go_on(&app, &chrome, &session, next, work.as_ref()),
        Err(problem) if problem.code == "log_in_again" => {
            let error = Some(problem.detail.in_lang(chrome.lang).to_owned());
            let form = LoginForm { username: String::new(), next: next.to_owned(), error, work };
            let chrome = chrome.titled("login.title");
            page::show_as(problem.status, &chrome.clone(), &LoginPage { chrome, form })
        }
        Err(problem) if matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS) => {
            let error = Some(problem.detail.in_lang(chrome.lang).to_owned());
            let form = SecondStepForm { ticket: ticket.to_owned(), next: next.to_owned(), error, work };
            let chrome = chrome.titled("login.second_step");
            told_to_wait(page::show_as(problem.status, &chrome.clone(), &SecondStepPage { chrome, form })?, &problem)
        }
        Err(problem) => Err(problem),
    }
}

/// To where somebody wanted to go, or to what they were sending.
fn go_on(app: &App, chrome: &Chrome, session: &Secret, next: &str, work: Option<&Work>) -> Result<Response, Problem> {
    let response = match work {
        Some(work) => page::show(chrome, &ResumePage::of(chrome, work))?,
        None => page::go(next),
    };
    Ok(with_cookie(response, session_cookie(app, session)))
}

fn told_to_wait(mut response: Response, problem: &Problem) -> Result<Response, Problem> {
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
    }
    Ok(response)
}

pub async fn log_out(State(app): State<App>, Caller(actor): Caller, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(id_hash) = session_digest(&app, &headers) {
        app.db.execute(&actor, None, LogOut { id_hash }).await?;
    }
    Ok(with_cookie(page::go("/login"), cookie::remove(SESSION_COOKIE, app.https)))
}

pub async fn setup_page(State(app): State<App>, chrome: Chrome) -> Result<Response, Problem> {
    if !awaits_set_up(&app.db).await? {
        return Ok(page::go("/login"));
    }
    let chrome = chrome.titled("setup.title");
    page::show(&chrome.clone(), &SetUpPage { chrome, form: SetUpForm::default() })
}

pub async fn set_up(State(app): State<App>, client: Client, chrome: Chrome, form: Form) -> Result<Response, Problem> {
    if !awaits_set_up(&app.db).await? {
        return Ok(page::go("/login"));
    }
    match make_first_user(&app, &form).await {
        Ok(username) => {
            let session = entry::open_first_session(&app, &client, &chrome.actor.origin, username).await?;
            Ok(with_cookie(page::go("/"), session_cookie(&app, &session)))
        }
        Err(problem) => {
            let chrome = chrome.titled("setup.title");
            let form = shown_again(&chrome, form, problem)?;
            page::show_as(StatusCode::UNPROCESSABLE_ENTITY, &chrome.clone(), &SetUpPage { chrome, form })
        }
    }
}

/// Checks everything that was typed, then the token, and only then spends work on the password.
async fn make_first_user(app: &App, form: &Form) -> Result<String, Problem> {
    let input = UserInput {
        username: form.given("username"),
        name: form.given("name"),
        role: Some(Role::Admin.code().to_owned()),
        location: None,
        password: Some(form.value("password").to_owned()),
    };
    let new = input.parse()?;
    if form.value("password") != form.value("password_again") {
        return Err(passwords_differ());
    }
    let token = Secret::presented(form.value("token").trim()).ok_or(PeopleRefusal::BadToken)?;
    let token_hash = token.digest(app.db.vault(), Kind::SetUp);
    if !token_is_good(&app.db, token_hash).await? {
        return Err(PeopleRefusal::BadToken.into());
    }
    let password_hash = new.password.hash(&app.doors).await?;
    let command = SetUp { token_hash, username: new.username, name: new.name, password_hash };
    let done = app.db.execute(&Actor::system("set-up"), None, command).await?;
    Ok(done.out.username)
}

fn shown_again(chrome: &Chrome, form: Form, problem: Problem) -> Result<SetUpForm, Problem> {
    let form = form.refused(problem)?;
    let error = |name: &str| form.problem(name, &chrome.lang).map(str::to_owned);
    Ok(SetUpForm {
        username: form.value("username").to_owned(),
        name: form.value("name").to_owned(),
        token_error: error("token"),
        username_error: error("username"),
        name_error: error("name"),
        password_error: error("password"),
    })
}

/// 422: the password was typed twice, and differently.
pub(super) fn passwords_differ() -> Problem {
    Problem::invalid_field(
        "password",
        "passwords_differ",
        "Las dos contraseñas no son iguales. Escribilas de nuevo.",
        "The two passwords are not the same. Type them again.",
    )
}

pub(super) fn session_cookie(app: &App, session: &Secret) -> HeaderValue {
    cookie::write(SESSION_COOKIE, session.reveal(), None, app.https)
}

pub(super) fn with_cookie(mut response: Response, value: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, value);
    response
}

/// A path of this shop, or its start page: a log-in never leads to another site.
pub(super) fn own_path(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let plain = next.len() <= 500 && next.bytes().all(|byte| byte.is_ascii_graphic());
    if local && plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn a_log_in_never_leads_to_another_site() {
        for foreign in ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a b", "/\n"]
        {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
        assert_eq!(own_path("/products?q=leche"), "/products?q=leche");
    }
}
