//! The files of the pages, carried by the program itself. Each has its hash as entity tag; an address
//! that names the hash (`?v=`) may be kept for ever, any other is asked about again and costs a 304.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gondola_shop::kernel::{Access, Endpoint, LimitGroup, Problem};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../shop/assets"]
struct Assets;

/// What may be served, by the end of the name. Anything else that lies there is not for browsers.
const KINDS: [(&str, &str); 7] = [
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".woff2", "font/woff2"),
    (".webmanifest", "application/manifest+json"),
    (".txt", "text/plain; charset=utf-8"),
];

/// The route of the files.
pub fn endpoint() -> Endpoint {
    Endpoint::page(Method::GET, "/assets/{*path}", get(file), Access::Anonymous, LimitGroup::Uncounted)
}

async fn file(Path(path): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let kind = KINDS.iter().find(|(end, _)| path.ends_with(end));
    let (Some((_, kind)), Some(file)) = (kind, Assets::get(&path)) else {
        return Problem::not_found().into_response();
    };
    let hash = gondola_vault::hex(&file.metadata.sha256_hash()[..16]);
    let tag = format!("\"{hash}\"");
    let named = uri.query().and_then(|query| query.strip_prefix("v=")) == Some(hash.as_str());
    let keep = if named { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known =
        headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_owned().into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("a hash is plain"));
    response
}
