//! Turning a page struct into a response, and a form that worked into a redirect. The struct is
//! filled by its handler; nothing is fetched while rendering.

use askama::Template;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, LOCATION, SET_COOKIE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::chrome::Chrome;
use super::flash::Flash;
use super::problem::Problem;

/// The page with 200.
///
/// # Errors
/// 500 when rendering fails; what failed is in the log.
pub fn show(chrome: &Chrome, page: &impl Template) -> Result<Response, Problem> {
    show_as(StatusCode::OK, chrome, page)
}

/// The page with another status: 422 for a form to correct.
///
/// # Errors
/// 500 when rendering fails; what failed is in the log.
pub fn show_as(status: StatusCode, chrome: &Chrome, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, code = "internal", "a page did not render");
        Problem::internal()
    })?;
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(chrome.lang.tag()));
    headers.insert(VARY, HeaderValue::from_static("HX-Request, Accept-Language, Cookie"));
    if chrome.flash.is_some() {
        headers.append(SET_COOKIE, Flash::spent(chrome.https));
    }
    Ok(response)
}

/// 303 to a page of ours after a form worked.
pub fn go(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// 303 to a page of ours, which will say that it worked.
pub fn go_saying(app: &App, path: &str, message: &Flash) -> Response {
    let mut response = go(path);
    response.headers_mut().append(SET_COOKIE, message.cookie(app.db.vault(), app.https));
    response
}
