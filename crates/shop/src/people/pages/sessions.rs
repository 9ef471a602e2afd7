//! Where somebody is signed in, as one's own account and the page of a user show it; and how the owner ends it.

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::commands::EndSessionsOf;
use super::super::rows::SessionRecord;
use super::id;
use crate::kernel::{App, Caller, Chrome, Flash, Problem, page};

/// A session as the pages show it.
pub(super) struct SessionLine {
    pub session: SessionRecord,
    pub browser: String,
    pub opened: String,
    pub seen: String,
    /// Where the form that ends it goes.
    pub end: String,
}

/// The lines of some sessions, whose forms go to addresses below `path`.
pub(super) fn lines(chrome: &Chrome, path: &str, sessions: Vec<SessionRecord>) -> Vec<SessionLine> {
    let line = |session: SessionRecord| SessionLine {
        opened: chrome.instant(&session.created_at),
        seen: chrome.instant(&session.seen_at),
        browser: browser_of(&session.agent),
        end: format!("{path}/{}/revoke", session.id),
        session,
    };
    sessions.into_iter().map(line).collect()
}

pub async fn end_one(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, session)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (user, session) = (id(&user)?, id(&session)?);
    app.db.execute(&actor, None, EndSessionsOf { user, session: Some(session) }).await?;
    Ok(page::go_saying(&app, &format!("/people/{user}"), &Flash::says("account.session_ended", "")))
}

pub async fn end_all(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    let user = id(&user)?;
    app.db.execute(&actor, None, EndSessionsOf { user, session: None }).await?;
    Ok(page::go_saying(&app, &format!("/people/{user}"), &Flash::says("people.sessions_ended", "")))
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
