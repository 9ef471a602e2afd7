//! What every answer of every face has, whoever asks and whatever goes wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "routes of a test declare nothing")]

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::routing::get;
use gondola_server::http::{Outer, TimeLimits, stack};
use gondola_shop::kernel::{Access, App, Face, Problem};
use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop};
use serde_json::Value;
use tower::ServiceExt;

/// API-3, API-4, API-5, API-6, API-13, API-14, API-15 as the table of the security acceptance has them.
const TABLE: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "geolocation=(), microphone=(), camera=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
const STATUSES: [u16; 17] = [200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 504];

/// Routes that answer as a test wants.
fn routes() -> Router<App> {
    let bare = async |Path(status): Path<u16>| StatusCode::from_u16(status).unwrap();
    let told =
        async |Path(status): Path<u16>| Problem::new(StatusCode::from_u16(status).unwrap(), "told", "Sí.", "Yes.");
    let slow = async || {
        std::future::pending::<()>().await;
    };
    Router::new()
        .route("/bare/{status}", get(bare))
        .route("/told/{status}", get(told))
        .route("/api/v1/told/{status}", get(told).post(told))
        .route("/panics", get(async || -> StatusCode { panic!("a bug that a test wants") }))
        .route("/slow", get(slow))
        .route("/long", get(async || "góndola ".repeat(1000)))
        .route("/login", get(async || "góndola ".repeat(1000)).post(async || "in"))
}

fn outer(shop: &TestShop, face: Face) -> Outer {
    Outer { limits: TimeLimits { handler: Duration::from_millis(50), ..TimeLimits::default() }, ..shop.outer(face) }
}

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).header("host", "localhost").body(Body::empty()).unwrap()
}

fn by(actor: Actor, mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(actor);
    request
}

async fn ask(stack: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = stack.clone().oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

fn assert_table(headers: &HeaderMap, context: &str) {
    for (name, value) in TABLE {
        let found: Vec<_> = headers.get_all(name).iter().collect();
        assert_eq!(found, [value], "{name} of {context}");
    }
    assert!(!headers.contains_key("strict-transport-security"), "{context} is plain http");
    assert_eq!(headers.get_all("cache-control").iter().count(), 1, "{context}");
    assert_eq!(headers.get_all("x-request-id").iter().count(), 1, "{context}");
    assert!(headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{context} (API-7)");
}

/// API-3, API-4, API-5, API-13, API-14, API-15, API-16.
#[tokio::test]
async fn every_status_of_every_face_carries_each_header_once() {
    let shop = TestShop::sqlite().await;
    for face in Face::ALL {
        let stack = stack(outer(&shop, face), routes());
        for status in STATUSES {
            for path in [format!("/bare/{status}"), format!("/told/{status}"), format!("/api/v1/told/{status}")] {
                let answer = ask(&stack, by(shop.admin(), request(Method::GET, &path))).await;
                assert_eq!(answer.status, status, "{path}");
                assert_table(&answer.headers, &path);
                assert_eq!(answer.header("cache-control"), "no-store", "{path} (API-16)");
            }
        }
        let real = [
            (401, request(Method::GET, "/api/v1/nothing")),
            (404, request(Method::GET, "/nothing")),
            (405, request(Method::DELETE, "/told/200")),
            (500, request(Method::GET, "/panics")),
            (504, request(Method::GET, "/slow")),
        ];
        for (status, request) in real {
            let context = request.uri().to_string();
            let answer = ask(&stack, request).await.expect_status(status);
            assert_table(&answer.headers, &context);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{context}");
        }
    }
}

/// API-10: an error nobody wrote a document for becomes one, and says nothing internal.
#[tokio::test]
async fn an_error_without_a_problem_becomes_a_problem_document() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    for status in STATUSES.into_iter().filter(|status| *status >= 400) {
        let answer = ask(&stack, request(Method::GET, &format!("/bare/{status}"))).await;
        let answer = answer.expect_status(status);
        let body = answer.json();
        assert_eq!(body["status"], status);
        assert_eq!(body["request_id"], answer.header("x-request-id"));
        for name in ["type", "title", "code", "detail"] {
            assert!(!body[name].as_str().unwrap().is_empty(), "{name} of {status}");
        }
        assert_eq!(body["errors"], Value::Array(Vec::new()));
    }
    let extractor = ask(&stack, request(Method::GET, "/told/no-number")).await.expect_problem(400, "malformed");
    assert!(!extractor.text().contains("u16"), "{}", extractor.text());
}

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_there_are() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    let answer = ask(&stack, request(Method::DELETE, "/told/200")).await.expect_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

/// API-10: a panic is a 500, is counted, and the process lives.
#[tokio::test]
async fn a_panic_is_answered_and_counted() {
    let shop = TestShop::sqlite().await;
    let outer = outer(&shop, Face::Dashboard);
    let metrics = std::sync::Arc::clone(&outer.metrics);
    let stack = stack(outer, routes());
    for _ in 0..2 {
        let asked = by(shop.admin(), request(Method::GET, "/panics"));
        let answer = ask(&stack, asked).await.expect_problem(500, "internal");
        assert!(!answer.text().contains("bug"), "{}", answer.text());
    }
    ask(&stack, request(Method::GET, "/told/200")).await.expect_status(200);
    let report = shop.outer(Face::Dashboard).health.report().await;
    let exposition = metrics.exposition(&report);
    assert!(exposition.contains("gondola_http_panics_total{face=\"dashboard\"} 2\n"), "{exposition}");
    // AUD-5: it is told of whoever asked.
    shop.refusals().write(shop.db()).await.unwrap();
    let trail = shop.api(shop.admin()).get("/api/v1/audit").await.expect_status(200).json();
    let told = &trail["items"][0];
    assert_eq!((&told["status"], &told["records"]), (&500.into(), &2.into()), "{told}");
    assert_eq!(told["actor"], shop.admin().reference(), "{told}");
}

/// INP-1: 504 after the handler's time; 414 and 431 over 8 KB and 16 KB.
#[tokio::test]
async fn slow_handlers_long_addresses_and_long_headers_are_cut() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    ask(&stack, request(Method::GET, "/slow")).await.expect_problem(504, "timeout");
    let fits = format!("/told/200?{}", "a".repeat(8 * 1024 - 10));
    ask(&stack, request(Method::GET, &fits)).await.expect_status(200);
    ask(&stack, request(Method::GET, &(fits + "a"))).await.expect_problem(414, "url_too_long");
    let mut long = request(Method::GET, "/told/200");
    long.headers_mut().insert("x-long", "a".repeat(16 * 1024).parse().unwrap());
    ask(&stack, long).await.expect_problem(431, "headers_too_long");
}

/// API-7: a name this shop does not answer to.
#[tokio::test]
async fn a_foreign_or_missing_host_is_misdirected() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    for host in ["evil.example", "localhost.evil.example", ""] {
        let mut request = request(Method::GET, "/told/200");
        request.headers_mut().insert("host", host.parse().unwrap());
        ask(&stack, request).await.expect_problem(421, "unknown_host");
    }
    let mut without = request(Method::GET, "/told/200");
    without.headers_mut().remove("host");
    ask(&stack, without).await.expect_problem(421, "unknown_host");
}

/// INP-4.
#[tokio::test]
async fn a_good_request_id_is_echoed_and_a_bad_one_replaced() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    for (given, kept) in
        [("till-7.2026_11_23", true), ("short", false), ("with space 123", false), ("\"quoted\"-1", false)]
    {
        let mut request = request(Method::GET, "/told/404");
        request.headers_mut().insert("x-request-id", given.parse().unwrap());
        let answer = ask(&stack, request).await;
        assert_eq!(answer.header("x-request-id") == given, kept, "{given}");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
        assert!(answer.header("x-request-id").len() >= 8);
    }
}

/// KEY-4: a stranger cannot tell which paths exist, and the body is not read.
#[tokio::test]
async fn a_stranger_gets_the_same_401_on_every_path() {
    let shop = TestShop::sqlite().await;
    for face in Face::ALL {
        let stack = stack(outer(&shop, face), routes());
        let mut bodies = Vec::new();
        for (method, path) in [
            (Method::GET, "/api/v1/told/200"),
            (Method::DELETE, "/api/v1/told/200"),
            (Method::GET, "/api/v1/nothing"),
            (Method::POST, "/api/"),
            (Method::GET, "/api"),
            (Method::GET, "/metrics"),
        ] {
            let mut request = request(method, path);
            *request.body_mut() = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let answer = ask(&stack, request).await.expect_problem(401, "unauthorized");
            assert!(!answer.headers.contains_key("allow"), "{path}");
            let mut body = answer.json();
            body["request_id"] = Value::Null;
            bodies.push(body);
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    }
}

#[tokio::test]
async fn a_problem_speaks_the_callers_language_and_a_browser_gets_a_page() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    let asked = async |path: &str, accept: &str, language: &str| {
        let mut request = by(shop.admin(), request(Method::GET, path));
        request.headers_mut().insert("accept", accept.parse().unwrap());
        request.headers_mut().insert("accept-language", language.parse().unwrap());
        ask(&stack, request).await.expect_status(409)
    };
    assert_eq!(asked("/told/409", "application/json", "en").await.json()["detail"], "Yes.");
    assert_eq!(asked("/told/409", "application/json", "pt").await.json()["detail"], "Sí.");
    let page = asked("/told/409", "text/html,application/xhtml+xml", "es-AR").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("Sí.") && page.text().contains(page.header("x-request-id")), "{}", page.text());
    let program = asked("/api/v1/told/409", "text/html", "es").await;
    assert_eq!(program.header("content-type"), "application/problem+json");
}

/// API-9.
#[tokio::test]
async fn a_write_from_another_site_is_refused_with_a_session_and_not_with_a_key() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    let sent = async |actor: &Actor, path: &str, headers: &[(&'static str, &str)]| {
        let mut request = by(actor.clone(), request(Method::POST, path));
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        ask(&stack, request).await.status
    };
    let (person, program) = (shop.user(Role::Cashier), shop.key("write"));
    let path = "/api/v1/told/201";
    assert_eq!(sent(&person, path, &[]).await, 403);
    assert_eq!(sent(&person, path, &[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(sent(&person, path, &[("origin", "http://evil.example")]).await, 403);
    assert_eq!(sent(&person, path, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await, 201);
    assert_eq!(sent(&person, path, &[("origin", "http://localhost")]).await, 201);
    assert_eq!(sent(&program, path, &[]).await, 201);
    assert_eq!(sent(&shop.nobody(), "/login", &[]).await, 200);
    assert_eq!(sent(&shop.nobody(), "/login", &[("sec-fetch-site", "cross-site")]).await, 403);
}

#[tokio::test]
async fn long_answers_are_compressed_and_the_login_page_is_not() {
    let shop = TestShop::sqlite().await;
    let stack = stack(outer(&shop, Face::Dashboard), routes());
    let encoding = async |path: &str| {
        let mut request = request(Method::GET, path);
        request.headers_mut().insert("accept-encoding", "gzip, br".parse().unwrap());
        ask(&stack, request).await.expect_status(200).header("content-encoding").to_owned()
    };
    assert_eq!(encoding("/long").await, "gzip");
    assert_eq!(encoding("/login").await, "");
    assert_eq!(encoding("/told/200").await, "");
}

/// The files of the pages: kept for ever under their hash, asked about again without it.
#[tokio::test]
async fn an_asset_has_its_hash_and_may_be_kept() {
    let shop = TestShop::sqlite().await;
    let client = shop.api(shop.admin());
    let file = client.get("/assets/app.css").await.expect_status(200);
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(file.header("cache-control"), "no-cache");
    let tag = file.header("etag").to_owned();
    let hashed = client.get(&format!("/assets/app.css?v={}", tag.trim_matches('"'))).await.expect_status(200);
    assert_eq!(hashed.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(hashed.body, file.body);
    let again = client.clone().header("if-none-match", &tag).get("/assets/app.css").await.expect_status(304);
    assert!(again.body.is_empty());
    assert_table(&again.headers, "304");
    for missing in ["/assets/nothing.css", "/assets/README.md", "/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml"] {
        client.get(missing).await.expect_status(404);
    }
}

/// The API document and its page, each face its own.
#[tokio::test]
async fn the_api_document_is_shown_to_who_may_read() {
    let shop = TestShop::sqlite().await;
    for face in Face::ALL {
        let document = shop.api(shop.key("read")).on(face).get("/openapi.json").await.expect_status(200).json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    }
    let page = shop.page(shop.manager()).get("/docs").await.expect_status(200);
    assert!(page.text().contains("/openapi.json"), "{}", page.text());
    assert_eq!(
        shop.page(shop.nobody()).get("/docs").await.expect_status(303).header("location"),
        "/login?next=%2Fdocs"
    );
    shop.page(shop.key("read")).get("/docs").await.expect_status(403);
}

/// OPS-5: an event stream ends with the process.
#[tokio::test]
async fn an_event_stream_ends_when_the_process_stops() {
    let shop = TestShop::sqlite().await;
    let endless = async || {
        let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        ([("content-type", "text/event-stream")], body)
    };
    let stack = stack(outer(&shop, Face::Dashboard), Router::new().route("/events", get(endless)));
    let mut asked = Box::pin(ask(&stack, request(Method::GET, "/events")));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut asked).await.is_err(), "it has no end of its own");
    shop.stop();
    asked.await.expect_status(200);
}

/// API-7: another site's pages read nothing, unless the settings list the site; never with a cookie.
#[tokio::test]
async fn only_listed_sites_may_read_answers_in_a_browser() {
    let shop = TestShop::sqlite().await;
    let (listed, other) = ("https://tienda.example", "https://evil.example");
    let preflight = |origin: &str| {
        let mut asked = request(Method::OPTIONS, "/api/v1/products");
        asked.headers_mut().insert("origin", origin.parse().unwrap());
        asked.headers_mut().insert("access-control-request-method", "POST".parse().unwrap());
        asked.headers_mut().insert("access-control-request-headers", "x-api-key,content-type".parse().unwrap());
        asked
    };
    let read = |origin: &str| {
        let mut asked = by(shop.user(Role::Manager), request(Method::GET, "/api/v1/products"));
        asked.headers_mut().insert("origin", origin.parse().unwrap());
        asked
    };
    let says_nothing = |answer: &Answer| !answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
    for face in Face::ALL {
        let closed = stack(shop.outer(face), gondola_shop::router(face));
        for origin in [listed, other, "null"] {
            assert!(says_nothing(&ask(&closed, read(origin)).await), "{face:?} {origin}");
            assert!(says_nothing(&ask(&closed, preflight(origin)).await), "{face:?} {origin}");
        }
        let outer = Outer { origins: vec![listed.parse().unwrap()], ..shop.outer(face) };
        let open = stack(outer, gondola_shop::router(face));
        let answer = ask(&open, read(listed)).await;
        assert_eq!(answer.header("access-control-allow-origin"), listed, "{face:?}");
        for (name, value) in TABLE {
            assert_eq!(answer.header(name), value, "{name}");
        }
        let asked = ask(&open, preflight(listed)).await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, listed), "{face:?}");
        assert!(asked.header("access-control-allow-methods").contains("POST"));
        for answer in [&answer, &asked] {
            assert!(answer.headers.get("access-control-allow-credentials").is_none(), "never with a cookie");
            assert!(answer.header("vary").to_ascii_lowercase().contains("origin"));
        }
        for origin in [other, "null", "https://tienda.example.evil.example"] {
            for answer in [ask(&open, read(origin)).await, ask(&open, preflight(origin)).await] {
                assert!(says_nothing(&answer), "{face:?} {origin}");
            }
        }
        let mut unknown = read(listed);
        *unknown.uri_mut() = "/api/v1/products/NADA".parse().unwrap();
        let told = ask(&open, unknown).await;
        assert_eq!(
            (told.status >= 400, told.header("access-control-allow-origin")),
            (true, listed),
            "errors are read too"
        );
        let mut misdirected = preflight(listed);
        misdirected.headers_mut().insert("host", "evil.example".parse().unwrap());
        assert_eq!(ask(&open, misdirected).await.status, 421);
        assert_ne!(
            ask(&open, request(Method::OPTIONS, "/api/v1/products")).await.status,
            204,
            "nobody asked beforehand"
        );
    }
}

/// RTE-2: of the routes that belong to no feature, the probes and the files are open to everybody, and no other.
#[test]
fn of_the_process_only_the_probes_and_the_files_are_open() {
    let own = gondola_server::http::own_routes().into_iter();
    let open: Vec<String> = own.filter(|route| route.access == Access::Anonymous).map(|route| route.path).collect();
    assert_eq!(open, ["/health", "/health/ready", "/health/live", "/assets/{*path}"]);
}
