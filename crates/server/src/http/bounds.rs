//! What is refused before anybody looks inside: names this shop does not answer to and requests
//! with oversized addresses or headers (INP-1, API-7). Body limits belong to the routes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gondola_shop::kernel::Problem;

use super::Outer;

/// Bytes of path and query.
const URL_MAX: usize = 8 * 1024;
/// Bytes of all header names and values together.
const HEADERS_MAX: usize = 16 * 1024;

/// The names a shop answers to, without ports. Anything else is somebody else's name pointed here.
#[derive(Debug, Clone)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// A list of names or addresses.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// Whether `authority`, with or without a port, is one of them.
    pub fn allow(&self, authority: &str) -> bool {
        let name = without_port(authority).to_ascii_lowercase();
        self.0.contains(&name)
    }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

/// The layer.
pub async fn refuse_oversized_and_foreign(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let url = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if url > URL_MAX {
        return url_too_long().into_response();
    }
    if headers_length(request.headers()) > HEADERS_MAX {
        return headers_too_long().into_response();
    }
    if !names_us(&outer, &request) {
        return foreign_host().into_response();
    }
    next.run(request).await
}

/// Whether a request is for one of the names this shop answers to.
pub fn names_us(outer: &Outer, request: &Request) -> bool {
    let asked = request.uri().authority().map(|authority| authority.as_str());
    let asked = asked.or_else(|| request.headers().get(HOST).and_then(|host| host.to_str().ok()));
    asked.is_some_and(|authority| outer.hosts.allow(authority))
}

fn headers_length(headers: &HeaderMap) -> usize {
    // Name, value, ": " and the line's end.
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn url_too_long() -> Problem {
    Problem::new(
        StatusCode::URI_TOO_LONG,
        "url_too_long",
        "La dirección supera los 8 KB. Mandá los datos en el cuerpo del pedido.",
        "The address is longer than 8 KB. Send the data in the request's body.",
    )
}

fn headers_too_long() -> Problem {
    Problem::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers_too_long",
        "Los encabezados del pedido superan los 16 KB.",
        "The request's headers are longer than 16 KB.",
    )
}

fn foreign_host() -> Problem {
    Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "unknown_host",
        "Este servidor no atiende ese nombre. Si es tuyo, agregalo en la configuración: http.hosts.",
        "This server does not answer to that name. If it is yours, add it to the setting http.hosts.",
    )
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn a_host_is_compared_without_its_port_and_case() {
        let hosts = Hosts::new(["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()]);
        for good in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
            assert!(hosts.allow(good), "{good}");
        }
        for bad in ["", "localhost.evil.example", "evil.example:8080", "127.0.0.1.", "localhost:8080@evil", "[::2]:80"]
        {
            assert!(!hosts.allow(bad), "{bad}");
        }
    }
}
