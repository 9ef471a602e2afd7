//! A problem as a page, for people whose browser asked: what happened, in their language, the way
//! back, and the number to quote. Programs get the problem document instead; the outer layer decides.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::chrome::Chrome;
use super::page::show_as;
use super::problem::Problem;

/// A refusal or failure as a page.
#[derive(Template)]
#[template(path = "error.html")]
struct ProblemPage<'a> {
    chrome: &'a Chrome,
    status: u16,
    title: &'a str,
    detail: &'a str,
    advice: &'a str,
}

/// A refusal or failure as a page of its own, for the outer layer; anonymous so that nothing of the
/// product shows around it.
pub fn problem_page(chrome: &Chrome, problem: &Problem) -> Response {
    let title = chrome.t(problem_title(problem.status));
    let chrome = &Chrome { title: title.to_owned(), ..chrome.clone() };
    let page = ProblemPage {
        chrome,
        status: problem.status.as_u16(),
        title,
        detail: problem.detail.in_lang(chrome.lang),
        advice: "",
    };
    show_as(problem.status, chrome, &page).unwrap_or_else(|problem| problem.status.into_response())
}

fn problem_title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "error.forbidden",
        404 | 405 => "error.not_found",
        409 | 412 => "error.conflict",
        429 => "error.too_many",
        500 => "error.internal",
        503 | 504 => "error.unavailable",
        _ => "error.bad_request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[tokio::test]
    async fn a_problem_says_what_happened_in_the_readers_language() {
        for (lang, text) in [(Lang::Es, "No encontramos lo que buscás."), (Lang::En, "We did not find what")] {
            let response = problem_page(&Chrome::sample(lang, None, "/nowhere"), &Problem::not_found());
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
            let html = String::from_utf8(body.to_vec()).unwrap();
            assert!(html.contains(text) && html.contains("req-1"), "{html}");
        }
    }
}
