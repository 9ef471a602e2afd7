//! Writes every refusal and failure out as a problem document, in the caller's language (API-10),
//! or as a page for a person with a browser. Errors that nobody gave a problem to (an unknown path,
//! another method, a rejection of the framework) become one too, so that no internal text leaves.

use std::any::Any;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gondola_shop::kernel::problem_page::problem_page;
use gondola_shop::kernel::{Chrome, Lang, Problem, RequestId};
use tower_http::catch_panic::ResponseForPanic;

use super::Outer;
use crate::metrics::FaceMetrics;

/// Headers that an error keeps from the answer it came as.
const KEPT: [axum::http::HeaderName; 2] = [ALLOW, WWW_AUTHENTICATE];

/// The layer.
pub async fn write_out(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = problem_of(&response) else { return response };
    let mut written = if wants_page(&asked) {
        problem_page(&Chrome::of(&outer.app, &asked), &problem)
    } else {
        document(&problem, &asked)
    };
    for name in KEPT {
        if let Some(value) = response.headers().get(&name) {
            written.headers_mut().insert(name, value.clone());
        }
    }
    if let Some(seconds) = problem.retry_after {
        written.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    // Who called and which route it was stay known to the layers outside.
    let (parts, _) = response.into_parts();
    *written.extensions_mut() = parts.extensions;
    written.extensions_mut().insert(problem);
    written
}

fn document(problem: &Problem, asked: &Parts) -> Response {
    let body = problem.body(Lang::from_headers(&asked.headers), &RequestId::of(asked));
    let mut response = (problem.status, Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The problem a response carries, or the one its bare status means.
fn problem_of(response: &Response) -> Option<Problem> {
    let status = response.status();
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let failed = status.is_client_error() || status.is_server_error();
    (failed && !is_made_for_the_caller(response.headers())).then(|| meaning(status))
}

/// A form shown again with its errors, or a health report: content that was written on purpose.
fn is_made_for_the_caller(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/json")
}

fn meaning(status: StatusCode) -> Problem {
    let (code, es, en) = match status {
        StatusCode::NOT_FOUND => return Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "Esa dirección existe, pero no con ese método. Los que acepta están en el encabezado Allow.",
            "That address exists, but not with that method. The header Allow lists what it takes.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "El pedido es demasiado grande.", "The request is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "unsupported_media_type",
            "El contenido no viene en un formato que se acepte acá.",
            "The content is not in a format that is accepted here.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => return Problem::invalid(Vec::new()),
        StatusCode::REQUEST_TIMEOUT => {
            ("request_timeout", "El pedido tardó demasiado en llegar.", "The request took too long to arrive.")
        }
        StatusCode::SERVICE_UNAVAILABLE => return Problem::unavailable(),
        status if status.is_server_error() => return Problem { status, ..Problem::internal() },
        _ => ("malformed", "No se entiende el pedido.", "The request cannot be understood."),
    };
    Problem::new(status, code, es, en)
}

/// A person looking at a page, as opposed to a program.
fn wants_page(asked: &Parts) -> bool {
    let path = asked.uri.path();
    let program = ["/api/", "/metrics", "/health", "/openapi.json"].iter().any(|prefix| path.starts_with(prefix));
    let accepts = asked.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let asks = matches!(asked.method, Method::GET | Method::POST | Method::HEAD);
    !program && asks && accepts.contains("text/html")
}

/// Turns a panic into a counted 500; the hook has logged where it happened.
#[derive(Clone)]
pub struct Panics(pub Arc<FaceMetrics>);

impl ResponseForPanic for Panics {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, _: Box<dyn Any + Send + 'static>) -> Response {
        self.0.panicked();
        Problem::internal().into_response()
    }
}
