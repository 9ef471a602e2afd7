//! Which other sites may read our answers in a browser (API-7): those of the settings, with an API key and
//! never with a cookie. To all others we say nothing, and the browser keeps the answer from them.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::CorsLayer;

/// How long a browser remembers what it may send.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The layer for these origins; none where there are none.
pub fn layer(origins: &[HeaderValue]) -> Option<CorsLayer> {
    let own = HeaderName::from_static;
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(origins.to_vec())
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([own("x-api-key"), own("idempotency-key"), CONTENT_TYPE, IF_MATCH])
            .expose_headers([own("x-request-id"), own("idempotency-replayed"), ETAG, RETRY_AFTER])
            .max_age(REMEMBERED)
    })
}
