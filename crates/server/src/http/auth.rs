//! Finds out who calls, before the body is read and before the path is looked at. How keys and
//! sessions are checked belongs to the shop's people; what a caller may do belongs to the routes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_server::tls::TlsInfo;
use futures_util::future::BoxFuture;
use gondola_shop::kernel::{App, Client, LimitGroup, Problem, RequestId};
use gondola_shop::people::{Known, RefusedKey, refuse_key_in_address};
use gondola_store::{Actor, ActorKind, Origin, Scope, Scopes};
use gondola_vault::certificates::names_of;

use super::Outer;

/// Tells who sent a request. The server passes the shop's check of keys and sessions.
pub type Authenticate = Arc<dyn for<'a> Fn(&'a App, &'a Parts) -> BoxFuture<'a, Result<Known, Problem>> + Send + Sync>;

/// Where the numbers are read.
const METRICS_PATH: &str = "/metrics";

/// The layer.
pub async fn identify(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (public, programs_only) = (is_public(path), needs_credentials(path));
    let (parts, body) = request.into_parts();
    if let Err(problem) = refuse_key_in_address(&parts.uri) {
        return refuse(&outer, &parts, problem).await;
    }
    if public {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let mut known = match (outer.authenticate)(&outer.app, &parts).await {
        Ok(known) => known,
        Err(problem) => return refuse(&outer, &parts, problem).await,
    };
    if known.actor.kind == ActorKind::Anonymous
        && let Some(scraper) = scraper(&outer, &parts)
    {
        known = scraper.into();
    }
    let origin = Arc::new(origin(&outer, &parts));
    let refused_key = known.refused_key.take().map(|mut key| {
        key.actor.origin = Arc::clone(&origin);
        key
    });
    if programs_only && known.actor.kind == ActorKind::Anonymous {
        return telling(refuse(&outer, &parts, Problem::unauthorized()).await, refused_key);
    }
    known.actor.origin = origin;
    let actor = known.actor.clone();
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(actor.clone());
    request.extensions_mut().insert(known);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(actor);
    telling(response, refused_key)
}

/// The response, which tells the layers outside of a key that opened nothing.
fn telling(mut response: Response, refused_key: Option<RefusedKey>) -> Response {
    if let Some(key) = refused_key {
        response.extensions_mut().insert(key);
    }
    response
}

/// Where a request came from, for the audit trail.
fn origin(outer: &Outer, parts: &Parts) -> Origin {
    let client = Client::of(parts);
    Origin {
        face: outer.face.name(),
        client_ip: client.ip.to_string(),
        agent: client.agent,
        request_id: RequestId::of(parts),
    }
}

/// Who reads `/metrics` by the certificate it came with; the listener has verified that it is one of ours.
fn scraper(outer: &Outer, parts: &Parts) -> Option<Actor> {
    if parts.uri.path() != METRICS_PATH {
        return None;
    }
    let certificate = parts.extensions.get::<Arc<TlsInfo>>()?.peer_certificates.first()?;
    let name = names_of(certificate).into_iter().find(|name| outer.metrics_clients.contains(name))?;
    Some(Actor { name, ..Actor::of(ActorKind::Key(Scopes::only(Scope::Metrics))) })
}

/// Nobody's credentials are looked at here: probes must not depend on the database, and a file that
/// everybody may keep must not become somebody's.
fn is_public(path: &str) -> bool {
    path == "/health" || path.starts_with("/health/") || path.starts_with("/assets/")
}

/// Where a stranger learns nothing, not even which paths exist (KEY-4).
fn needs_credentials(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == METRICS_PATH
}

/// Turned away at the door, which counts: whoever tries keys has the budget of a stranger.
async fn refuse(outer: &Outer, parts: &Parts, problem: Problem) -> Response {
    let (stranger, network) = (Actor::anonymous().into(), Client::of(parts).network());
    if let Err(spent) = outer.budgets.admit(&outer.app.db, &stranger, network, LimitGroup::General).await {
        return spent.into_response();
    }
    let unauthorized = problem.status == StatusCode::UNAUTHORIZED;
    let mut response = problem.into_response();
    if unauthorized {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey realm=\"gondola\""));
    }
    response
}
