//! Compression, except where it would hurt: pictures are compressed already, event streams must not
//! wait for a full buffer, and the log-in page must not let its secrets be guessed by size.

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, NotForContentType, Predicate, SizeAbove};

/// Below this many bytes the headers cost more than is won.
const BYTES_MIN: u64 = 860;

type Mark = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;
type Rule = And<And<And<SizeAbove, NotForContentType>, NotForContentType>, Mark>;

/// The layer.
pub fn layer() -> CompressionLayer<Rule> {
    let rule = SizeAbove::new(BYTES_MIN)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(holds_no_secret as Mark);
    CompressionLayer::new().gzip(true).compress_when(rule)
}

/// Marks answers of the log-in page.
pub async fn mark_secrets(request: Request, next: Next) -> Response {
    let secret = request.uri().path() == "/login";
    let mut response = next.run(request).await;
    if secret {
        response.extensions_mut().insert(Secret);
    }
    response
}

#[derive(Clone)]
struct Secret;

fn holds_no_secret(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<Secret>().is_none()
}
