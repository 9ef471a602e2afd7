//! The table of security headers (API-3 … API-6, API-13 … API-16): every answer carries
//! each of them exactly once, refusals and failures included.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use gondola_store::{Actor, ActorKind};

use super::Outer;

/// On every answer.
const TABLE: [(HeaderName, &str); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), camera=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// On every https answer.
const HSTS: &str = "max-age=63072000; includeSubDomains";
/// Where the settings ask for it.
const HSTS_PRELOAD: &str = "max-age=63072000; includeSubDomains; preload";

/// The layer.
pub async fn secure(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let keep_nowhere = must_not_be_stored(&response);
    let headers = response.headers_mut();
    for (name, value) in TABLE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if outer.app.https {
        let hsts = if outer.hsts_preload { HSTS_PRELOAD } else { HSTS };
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(hsts));
    }
    if keep_nowhere || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Errors and whatever was made for somebody in particular.
fn must_not_be_stored(response: &Response) -> bool {
    let known = response.extensions().get::<Actor>().is_some_and(|actor| actor.kind != ActorKind::Anonymous);
    known || response.status().is_client_error() || response.status().is_server_error()
}
