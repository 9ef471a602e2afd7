//! Compression, except where it would hurt: pictures are compressed already, event streams must not
//! wait for a full buffer, and the log-in page must not let its secrets be guessed by size.

use axum::extract::Request;
use axum::http::header::ACCEPT_ENCODING;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
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

/// Leaves of what the caller takes only what there is: gzip, or the answer as it is. The library would refuse whoever
/// takes neither with 406 after the handler has done its work; nobody is served better by that.
pub async fn offer(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    let takes = headers.get_all(ACCEPT_ENCODING).iter().any(|value| value.to_str().is_ok_and(takes_gzip));
    headers.remove(ACCEPT_ENCODING);
    if takes {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    next.run(request).await
}

/// Whether a list of codings has gzip, by its name or by the star, with more than no weight.
fn takes_gzip(list: &str) -> bool {
    let weighed = |wanted: &str| {
        list.split(',').find_map(|item| {
            let (coding, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start().trim_start_matches('=');
            let nothing = weight.trim().trim_matches(['0', '.']).is_empty();
            coding.trim().eq_ignore_ascii_case(wanted).then_some(!nothing)
        })
    };
    weighed("gzip").or_else(|| weighed("*")).unwrap_or(false)
}

/// Marks answers of the log-in page.
pub async fn mark_secrets(request: Request, next: Next) -> Response {
    let secret = request.uri().path().starts_with("/login");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_where_it_has_a_weight() {
        for list in ["gzip", "br, gzip;q=0.5", "deflate, GZIP", "*", "br;q=0, *;q=0.001", " gzip ; q=1.0"] {
            assert!(takes_gzip(list), "{list}");
        }
        for list in ["", "identity", "identity;q=0", "gzip;q=0", "gzip;q=0, *", "*;q=0", "*;q=0.000", "br", "gzip2"] {
            assert!(!takes_gzip(list), "{list}");
        }
    }
}
