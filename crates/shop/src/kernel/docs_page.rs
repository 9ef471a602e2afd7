//! The page that shows the API document for reading and trying. What the document says is in `docs`;
//! drawing it is the browser's work, in `assets/docs`.

use askama::Template;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use gondola_store::Permission;

use super::chrome::Chrome;
use super::endpoint::{Access, Endpoint, LimitGroup};
use super::page::show;
use super::problem::Problem;
use super::words::Word;

/// The page's texts.
pub const WORDS: &[Word] = &[
    ("docs.title", "Documentación de la API", "API documentation"),
    ("docs.calls", "Llamadas", "Calls"),
    (
        "docs.no_script",
        "Esta página necesita JavaScript. El documento completo está en",
        "This page needs JavaScript. The whole document is at",
    ),
];

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage<'a> {
    chrome: &'a Chrome,
}

/// The route of the page.
pub fn endpoint() -> Endpoint {
    let access = Access::Needs(Permission::ReadCatalogue);
    Endpoint::page(Method::GET, "/docs", get(page), access, LimitGroup::General)
}

async fn page(chrome: Chrome) -> Result<Response, Problem> {
    show(&chrome, &DocsPage { chrome: &chrome })
}

#[cfg(test)]
mod tests {
    use gondola_store::Role;

    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn the_page_names_the_document_in_both_languages() {
        for (lang, title) in [(Lang::Es, "Documentación de la API"), (Lang::En, "API documentation")] {
            let chrome = Chrome::sample(lang, Some(Role::Manager), "/docs");
            let html = DocsPage { chrome: &chrome }.render().unwrap();
            assert!(html.contains(title) && html.contains("data-openapi=\"/openapi.json\""), "{html}");
        }
    }
}
