//! What answers of commands have in common: the version they are at, and whether they were given before.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An answer, marked when it is a stored one.
pub fn replayable<T: Serialize>(status: StatusCode, replayed: bool, body: &T) -> Response {
    replay((status, Json(body)).into_response(), replayed)
}

/// A PDF to look at, to print or to keep under a name of plain letters.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("inline; filename=\"{name}.pdf\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).expect("the name is of plain letters")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, bytes).into_response()
}

/// Adds the entity tag of a versioned thing, and says whether the answer is a replay.
pub fn marked(mut response: Response, version: i64, replayed: bool) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{version}\"")).expect("a number in quotes is a header's value");
    response.headers_mut().insert(header::ETAG, tag);
    replay(response, replayed)
}

/// Says so when the answer is that of an earlier, equal request.
pub fn replay(mut response: Response, replayed: bool) -> Response {
    if replayed {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}
