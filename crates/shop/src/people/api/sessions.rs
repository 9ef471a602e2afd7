//! `/sessions`: where the caller is signed in, which a key is nowhere (403); `/users/{id}/sessions`: where somebody is.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use gondola_store::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::authenticate::session_digest;
use super::super::commands::{EndSession, EndSessionsOf};
use super::super::queries;
use super::super::refusal::PeopleRefusal;
use super::super::rows::SessionRecord;
use super::id;
use crate::kernel::body::NoBody;
use crate::kernel::{App, Caller, Page, Problem, Reader, RequestKey, time};

/// A browser in which somebody is signed in.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// Names the session and opens nothing.
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "date-time")]
    created_at: String,
    /// Give or take a minute.
    #[schema(format = "date-time")]
    seen_at: String,
    #[schema(format = "date-time")]
    expires_at: String,
    client_ip: String,
    /// What the browser calls itself.
    agent: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<SessionRecord> for Session {
    fn from(session: SessionRecord) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: time::format_instant(session.created_at),
            seen_at: time::format_instant(session.seen_at),
            expires_at: time::format_instant(session.expires_at),
            client_ip: session.client_ip,
            agent: session.agent,
            current: session.current,
        }
    }
}

/// The caller's own sessions, the newest first; 20 at most, so always one page.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "people", responses((status = 200, body = Page<Session>)))]
pub async fn list_sessions(
    State(app): State<App>,
    Caller(actor): Caller,
    headers: HeaderMap,
) -> Result<Json<Page<Session>>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::OwnSession).await?;
    let sessions = queries::own_sessions(&mut reader, app.db.now(), session_digest(&app, &headers)).await?;
    Ok(Json(Page { items: sessions.into_iter().map(Session::from).collect(), next: None }))
}

/// Ends one of the caller's own sessions.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/revoke", tag = "people",
    params(("id" = Uuid, Path, description = "The session's id.")), responses((status = 204)))]
pub async fn revoke_session(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let id = id(&path)?;
    let request_key = key.bind(&format!("POST /sessions/{id}/revoke"), &[]);
    app.db.execute(&actor, request_key, EndSession { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A user's sessions, the newest first; 20 at most, so always one page.
#[utoipa::path(get, path = "/api/v1/users/{id}/sessions", tag = "people",
    params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 200, body = Page<Session>)))]
pub async fn list_sessions_of(
    State(app): State<App>,
    Caller(actor): Caller,
    headers: HeaderMap,
    Path(path): Path<String>,
) -> Result<Json<Page<Session>>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ManagePeople).await?;
    let mut tx = reader.tx();
    let user = queries::find_user(&mut tx, id(&path)?).await?.ok_or(PeopleRefusal::UnknownUser)?;
    let sessions = queries::sessions_of(&mut tx, user.id, app.db.now(), session_digest(&app, &headers)).await?;
    Ok(Json(Page { items: sessions.into_iter().map(Session::from).collect(), next: None }))
}

/// Ends all sessions of a user.
#[utoipa::path(post, path = "/api/v1/users/{id}/sessions/revoke", tag = "people",
    params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 204)))]
pub async fn revoke_sessions_of(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let user = id(&path)?;
    let request_key = key.bind(&format!("POST /users/{user}/sessions/revoke"), &[]);
    app.db.execute(&actor, request_key, EndSessionsOf { user, session: None }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of a user.
#[utoipa::path(post, path = "/api/v1/users/{id}/sessions/{session}/revoke", tag = "people",
    params(("id" = Uuid, Path, description = "The user's id."), ("session" = Uuid, Path, description = "The session's id.")),
    responses((status = 204)))]
pub async fn revoke_session_of(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, session)): Path<(String, String)>,
    key: RequestKey,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let (user, session) = (id(&user)?, id(&session)?);
    let request_key = key.bind(&format!("POST /users/{user}/sessions/{session}/revoke"), &[]);
    app.db.execute(&actor, request_key, EndSessionsOf { user, session: Some(session) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
