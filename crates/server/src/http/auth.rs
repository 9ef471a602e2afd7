//! Finds out who calls, before the body is read and before the path is looked at. How keys and
//! sessions are checked belongs to the shop's people; what a caller may do belongs to the routes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use gondola_shop::kernel::{App, Problem};
use gondola_store::{Actor, ActorKind};

use super::Outer;

/// Tells who sent a request. The server passes the shop's check of keys and sessions.
pub type Authenticate = Arc<dyn for<'a> Fn(&'a App, &'a Parts) -> BoxFuture<'a, Result<Actor, Problem>> + Send + Sync>;

/// The layer.
pub async fn identify(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if is_public(path) {
        return next.run(request).await;
    }
    let programs_only = needs_credentials(path);
    let (parts, body) = request.into_parts();
    let actor = match (outer.authenticate)(&outer.app, &parts).await {
        Ok(actor) => actor,
        Err(problem) => return problem.into_response(),
    };
    if programs_only && actor.kind == ActorKind::Anonymous {
        return unauthorized();
    }
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(actor.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(actor);
    response
}

/// Nobody's credentials are looked at here: probes must not depend on the database, and a file that
/// everybody may keep must not become somebody's.
fn is_public(path: &str) -> bool {
    path == "/health" || path.starts_with("/health/") || path.starts_with("/assets/")
}

/// Where a stranger learns nothing, not even which paths exist (KEY-4).
fn needs_credentials(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == "/metrics"
}

fn unauthorized() -> Response {
    let mut response = Problem::unauthorized().into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey realm=\"gondola\""));
    response
}
