//! Which other sites may read our answers in a browser (API-7): those of the settings, with an API key and
//! never with a cookie. To all others we say nothing, and the browser keeps the answer from them. What a
//! browser asks beforehand carries no key, so it is answered here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Outer, bounds};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const MAY_SEND: HeaderValue = HeaderValue::from_static("x-api-key, content-type, idempotency-key, if-match");
const MAY_READ: HeaderValue = HeaderValue::from_static("x-request-id, idempotency-replayed, etag, retry-after");
/// Seconds for which a browser remembers what it may send.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The layer.
pub async fn share(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).filter(|origin| outer.origins.contains(origin)).cloned();
    let asked_beforehand =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let Some(origin) = origin else {
        let mut response = next.run(request).await;
        if !outer.origins.is_empty() {
            response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
        }
        return response;
    };
    let mut response = if asked_beforehand && bounds::names_us(&outer, &request) {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, MAY_SEND);
        headers.insert(ACCESS_CONTROL_MAX_AGE, REMEMBERED);
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, MAY_READ);
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}
