//! One's own account: where one is signed in, and one's password.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::authenticate::session_digest;
use super::super::commands::EndSession;
use super::super::passwords::Password;
use super::super::rows::SessionRecord;
use super::super::{entry, queries};
use super::doors::passwords_differ;
use super::id;
use crate::kernel::{App, Caller, Chrome, Errors, Flash, Form, Problem, Reader, page};

/// A session as the page shows it.
pub(super) struct SessionLine {
    pub session: SessionRecord,
    pub browser: String,
    pub opened: String,
    pub seen: String,
}

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
    let line = |session: SessionRecord| SessionLine {
        opened: chrome.instant(&session.created_at),
        seen: chrome.instant(&session.seen_at),
        browser: browser_of(&session.agent),
        session,
    };
    let sessions = sessions.into_iter().map(line).collect();
    let chrome = chrome.titled("account.title");
    page::show_as(status, &chrome.clone(), &AccountPage { chrome, sessions, form })
}

/// What people call a browser: `Chrome · Windows`. What is not recognised is shown as it came.
fn browser_of(agent: &str) -> String {
    // Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let known = |list: &[(&'static str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        _ => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_of;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
        assert_eq!(browser_of(chrome), "Chrome · Windows");
        assert_eq!(browser_of(&format!("{chrome} Edg/156.0")), "Edge · Windows");
        assert_eq!(
            browser_of("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"),
            "Firefox · Android"
        );
        assert_eq!(browser_of("curl/8"), "curl/8");
        assert_eq!(browser_of(""), "");
    }
}
