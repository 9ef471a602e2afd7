//! A page of another site must not act with a person's session (API-9). The browser says where a
//! request comes from: `Sec-Fetch-Site` decides; browsers that do not send it must send an `Origin`
//! equal to the host. Programs with a key are not concerned.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gondola_shop::kernel::Problem;
use gondola_store::{Actor, ActorKind};

use super::Outer;

/// Where the browser says that a request comes from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    Own,
    Foreign,
    Unsaid,
}

/// The layer.
pub async fn refuse_foreign_writes(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let kind = request.extensions().get::<Actor>().map(|actor| &actor.kind);
    let refused = !reads
        && match (kind, origin(request.headers())) {
            (Some(ActorKind::User(_) | ActorKind::Arriving(_)), origin) => origin != Origin::Own,
            // Logging a person in from another site is an attack too; a program may log in.
            (Some(ActorKind::Anonymous), origin) => origin == Origin::Foreign,
            _ => false,
        };
    if refused {
        outer.metrics.csrf_failure();
        return foreign().into_response();
    }
    next.run(request).await
}

fn origin(headers: &HeaderMap) -> Origin {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some("same-origin"), _, _) => Origin::Own,
        (Some(_), _, _) => Origin::Foreign,
        (None, Some(origin), Some(host)) => match origin.split_once("://") {
            Some(("http" | "https", authority)) if authority.eq_ignore_ascii_case(host) => Origin::Own,
            _ => Origin::Foreign,
        },
        (None, Some(_), None) => Origin::Foreign,
        (None, None, _) => Origin::Unsaid,
    }
}

fn foreign() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "El pedido no salió de una página de Góndola y no se hizo. Abrí Góndola y repetilo desde ahí.",
        "The request did not come from a page of Góndola and was not done. Open Góndola and repeat it there.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fetch_metadata_decides_and_the_origin_stands_in() {
        let told = |pairs: &[(&'static str, &'static str)]| {
            origin(&pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
        };
        let host = ("host", "shop.example:8080");
        assert_eq!(told(&[host]), Origin::Unsaid);
        assert_eq!(told(&[host, ("sec-fetch-site", "same-origin"), ("origin", "null")]), Origin::Own);
        for site in ["same-site", "cross-site", "none", "SAME-ORIGIN"] {
            assert_eq!(
                told(&[host, ("sec-fetch-site", site), ("origin", "http://shop.example:8080")]),
                Origin::Foreign
            );
        }
        assert_eq!(told(&[host, ("origin", "http://shop.example:8080")]), Origin::Own);
        assert_eq!(told(&[host, ("origin", "http://shop.example")]), Origin::Foreign);
        assert_eq!(told(&[host, ("origin", "null")]), Origin::Foreign);
        assert_eq!(told(&[("origin", "http://shop.example:8080")]), Origin::Foreign);
    }
}
