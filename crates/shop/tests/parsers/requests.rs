//! Whole requests through every layer of a shop: damaged addresses of every route that reads, damaged headers beside
//! them, damaged forms of pages and damaged uploads. Whatever comes, the answer is one that the product means to give.

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST};
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use axum::response::Response;
use gondola_shop::FEATURES;
use gondola_shop::kernel::Face;
use gondola_testkit::TestShop;
use serde_json::Value;
use tower::ServiceExt;

use crate::common::{adds_up, receipt, stocked};
use crate::fuzz::Fuzz;

/// Requests sent in CI.
const REQUESTS: u64 = 1_500;
/// Forms sent in CI.
const FORMS: u64 = 600;
/// Files sent in CI.
const UPLOADS: u64 = 200;

/// Queries that one route or the other understands.
const QUERIES: [&str; 10] = [
    "",
    "?q=queso&limit=50&after=5b2231222c325d",
    "?format=csv",
    "?format=xlsx&q=a",
    "?level=low&category=GEN&location=deposito",
    "?from=2026-11-01&until=2026-11-23T10:00:00-03:00",
    "?kind=waste&product=sku:QUE-CREMOSO&next=/stock/movements/new%3Fkind%3Dwaste",
    "?back=aa.bb&after=5b2231222c325d",
    "?sku=QUE-CREMOSO&at=2026-11-23",
    "?code=7790742034007&q=%C3%B1",
];
const WORDS: [&str; 24] = [
    "/",
    "//",
    "..",
    "?",
    "&",
    "=",
    "%00",
    "%FF",
    "%2F",
    "{id}",
    "sku:",
    "after=",
    "limit=",
    "format=",
    "from=",
    "q=",
    "null",
    "2026-02-30",
    "-1",
    "500",
    "9999-12-31",
    "00000000-0000-0000-0000-000000000000",
    "*",
    "'",
];
/// Headers that some layer reads, with values that it understands.
const HEADERS: [(&str, &str); 14] = [
    ("accept-encoding", "identity;q=0, gzip;q=0.5, *;q=0"),
    ("accept-language", "en-US,en;q=0.9,es;q=0.8"),
    ("x-request-id", "abc-DEF_1.2"),
    ("cookie", "gondola_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; gondola_message=7b7d.00"),
    ("x-api-key", concat!("gnd_", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA000000")),
    ("authorization", "Bearer gnd_AAAA"),
    ("x-forwarded-for", "1.2.3.4, ::ffff:198.51.100.1"),
    ("if-none-match", "W/\"abc\", \"def\""),
    ("range", "bytes=0-10"),
    ("accept", "text/html,application/json;q=0.9"),
    ("origin", "https://shop.example"),
    ("sec-fetch-site", "cross-site"),
    ("last-event-id", "12"),
    ("content-type", "application/json; charset=utf-8"),
];

/// Every address that reads, with something that exists in its parts, and a query.
fn addresses() -> Vec<String> {
    let endpoints = FEATURES.iter().flat_map(|feature| (feature.endpoints)());
    let reading = endpoints.filter(|endpoint| endpoint.method == Method::GET);
    let part = |template: &str| match template {
        "{id}" => "00000000-0000-0000-0000-00000000002a".to_owned(),
        part if part.starts_with('{') => "QUE-CREMOSO".to_owned(),
        part => part.to_owned(),
    };
    let path = |template: &str| template.split('/').map(part).collect::<Vec<_>>().join("/");
    reading.enumerate().map(|(at, endpoint)| path(&endpoint.path) + QUERIES[at % QUERIES.len()]).collect()
}

/// 8 to 64 of `A-Z a-z 0-9 . _ -` (INP-4).
fn is_request_id(text: &[u8]) -> bool {
    (8..=64).contains(&text.len()) && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// Whether an answer is a good one; a refusal must be a whole problem document or a page.
async fn told(response: Response, about: &str) -> bool {
    let status = response.status().as_u16();
    assert!(status < 500, "{about}: {status}");
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    // A stream of events has no end to wait for.
    if kind.starts_with("text/event-stream") {
        return true;
    }
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    if kind == "application/problem+json" {
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["status"], status, "{about}: {problem}");
        let text = |name: &str| problem[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(text("code") && text("detail") && text("title") && problem["errors"].is_array(), "{about}: {problem}");
    } else {
        assert!(status < 400 || kind.starts_with("text/html"), "{about}: {status} as {kind:?}");
    }
    status == 200
}

#[tokio::test]
async fn a_damaged_request_is_answered_or_refused_and_never_fails() {
    let shop = TestShop::sqlite().await;
    stocked(&shop, &[("QUE-CREMOSO", "kg")]).await;
    shop.api(shop.admin()).post("/api/v1/movements", receipt("QUE-CREMOSO", "5", "100")).await.expect_status(201);
    let mut values = Fuzz::new("headers of requests", REQUESTS, HEADERS.map(|(_, value)| value), &WORDS);
    let mut fuzz = Fuzz::new("requests", REQUESTS, addresses(), &WORDS);
    let faces = Face::ALL.map(|face| shop.face(face));
    while fuzz.goes_on() {
        let address = fuzz.damaged();
        let (name, _) = HEADERS[fuzz.below(HEADERS.len())];
        let (face, known) = (fuzz.below(4).saturating_sub(1), fuzz.below(4) > 0);
        // What HTTP itself does not let through reaches nobody.
        let (Ok(uri), Ok(value)) = (Uri::try_from(address.as_slice()), HeaderValue::from_bytes(&values.damaged()))
        else {
            continue;
        };
        let judge = async |_: &[u8]| {
            let mut request = Request::get(uri.clone()).header(HOST, "localhost").header(ACCEPT, "application/json");
            request.headers_mut().unwrap().insert(HeaderName::from_static(name), value.clone());
            let mut request = request.body(Body::empty()).unwrap();
            if known {
                request.extensions_mut().insert(shop.admin());
            }
            let response = faces[face].clone().oneshot(request).await.unwrap();
            let id = response.headers()["x-request-id"].as_bytes();
            assert!(is_request_id(id), "{uri}: {id:?}");
            let given = name == "x-request-id" && is_request_id(value.as_bytes());
            assert!(!given || id == value.as_bytes(), "{uri}: {value:?}");
            told(response, &format!("{uri} with {name}: {value:?}")).await
        };
        fuzz.judge_request(&address, judge).await;
    }
    fuzz.end();
}

/// Forms of pages, as a browser writes them.
const TYPED: [&str; 4] = [
    "kind=receipt&product=QUE-CREMOSO&quantity=2%2C5&unit=kg&to=deposito&unit_cost=1.234%2C56&reason_choice=Compra&lot.code=L1&lot.expires_on=31%2F12%2F2026&confirmed=yes",
    "kind=waste&product=QUE-CREMOSO&quantity=0%2C100&from=deposito&reason=Se+cay%C3%B3&lot=L1%7C2026-12-31",
    "product=QUE-CREMOSO&location=deposito&quantity=1&until=today&reason=Para+Marta",
    "name=Pan&category=GEN&unit=un&barcodes=7790742034007&sale_price=%24+1.850%2C00&opening.quantity=2&opening.unit_cost=900",
];
const FIELDS: [&str; 20] = [
    "&",
    "=",
    "&kind=",
    "&quantity=",
    "&unit_cost=",
    "&lot=",
    "%7C",
    "&lot.expires_on=",
    "&to=",
    "&from=",
    "&until=",
    "%00",
    "%2C",
    "&presentations.0.name=",
    "&barcodes=",
    "&confirmed=yes",
    "&idempotency_key=x",
    "&opening.quantity=",
    "kg",
    "local",
];

/// A page's form, however it was bent on its way, is taken or shown again, and the book adds up.
#[tokio::test]
async fn a_damaged_page_form_is_taken_or_shown_again_and_the_book_adds_up() {
    let shop = TestShop::sqlite().await;
    stocked(&shop, &[("QUE-CREMOSO", "kg")]).await;
    shop.api(shop.admin()).post("/api/v1/movements", receipt("QUE-CREMOSO", "5000", "100")).await.expect_status(201);
    let browser = shop.page(shop.admin());
    let mut fuzz = Fuzz::new("forms of pages", FORMS, TYPED, &FIELDS);
    let mut sent = 0;
    while fuzz.goes_on() {
        sent += 1;
        let path = ["/stock/movements", "/stock/movements", "/reservations", "/products"][fuzz.below(4)];
        let body = [&fuzz.damaged(), format!("&idempotency_key=k{sent}").as_bytes()].concat();
        let judge = async |body: &[u8]| {
            let answer =
                browser.send(Method::POST, path, Some(("application/x-www-form-urlencoded", body.to_vec()))).await;
            assert!(matches!(answer.status, 200 | 303 | 400 | 404 | 409 | 422), "{path}: {}", answer.text());
            answer.status == 303
        };
        fuzz.judge_request(&body, judge).await;
    }
    fuzz.end();
    adds_up(&shop).await;
}

const FORM: &str = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\nContent-Type: text/csv\r\n\r\n\
    sku;nombre;categoría;unidad;costo\r\nA-1;\"Dulce \"\"La Ñata\"\"\";GEN;un;1.850,50\r\nA-2;Pan;GEN;kg;900\r\n\
    \r\n--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhola\r\n--XyZ--\r\n";
const PARTS: [&str; 16] = [
    "--XyZ",
    "--XyZ--",
    "\r\n",
    "\r\n\r\n",
    "Content-Disposition: form-data; ",
    "name=",
    "name=\"file\"",
    "filename=",
    "filename*=UTF-8''%00",
    "\"",
    ";",
    ":",
    "Content-Type: ",
    "Content-Transfer-Encoding: base64\r\n",
    "../../x.csv",
    "=HYPERLINK(1)",
];

/// A list on trial: what is damaged is looked at or refused, and puts nothing in.
#[tokio::test]
async fn a_damaged_upload_is_looked_at_or_refused_and_changes_nothing() {
    let shop = TestShop::sqlite().await;
    gondola_shop::catalogue::found_shop(shop.db()).await.unwrap();
    let api = shop.api(shop.admin());
    let mut fuzz = Fuzz::new("uploads", UPLOADS, [FORM], &PARTS);
    while fuzz.goes_on() {
        let body = fuzz.damaged();
        let judge = async |body: &[u8]| {
            let kind = "multipart/form-data; boundary=XyZ";
            let sent =
                api.send(Method::POST, "/api/v1/imports/products?dry_run=true", Some((kind, body.to_vec()))).await;
            assert!(matches!(sent.status, 200 | 400 | 413 | 422), "{}", sent.text());
            assert!(sent.status == 200 || sent.json()["detail"].as_str().is_some_and(|text| !text.is_empty()));
            sent.status == 200
        };
        fuzz.judge_request(&body, judge).await;
    }
    fuzz.end();
    let kept = api.get("/api/v1/products").await.expect_status(200).json();
    assert_eq!(kept["items"].as_array().map(Vec::len), Some(0), "a dry run of them all put nothing in");
}
