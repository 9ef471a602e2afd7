//! The table of security headers over https: on every status that the faces give in earnest, each header
//! once, with the promise to come back by https only (API-3 … API-6, API-13 … API-16).

use serde_json::json;

use crate::production::https::{Answer, Caller};
use crate::production::shop::{Served, Shop};

/// API-3, API-4, API-5, API-6, API-13, API-14, API-15, API-16 as the table of the security acceptance has them.
const TABLE: [(&str, &str); 9] = [
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
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("cache-control", "no-store"),
];
/// One byte more than a JSON body may have (INP-1).
const TOO_LONG: usize = 2 * 1024 * 1024 + 1;

fn assert_table(answer: &Answer, context: &str) {
    for (name, value) in TABLE {
        assert_eq!(answer.all(name), [value], "{name} of {context}");
    }
    assert_eq!(answer.all("x-request-id").len(), 1, "{context}");
    assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{context} (API-7)");
}

/// The callers of one face.
struct Callers {
    stranger: Caller,
    program: Caller,
    /// A key that reads numbers and nothing else.
    meter: Caller,
    /// A key that may ask once a minute.
    rare: Caller,
}

impl Callers {
    fn of(served: &Served, face: &str, keys: [&str; 3]) -> Self {
        let stranger = served.at(face);
        let [program, meter, rare] = keys.map(|key| stranger.with("x-api-key", key));
        Self { stranger, program, meter, rare }
    }
}

/// What every face answers, as the shop's own requests make it.
fn answers(callers: &Callers) -> Vec<(u16, Answer)> {
    let Callers { stranger, program, meter, .. } = callers;
    let (products, json) = ("POST /api/v1/products", "application/json");
    vec![
        (200, stranger.get("/health/live")),
        (200, program.get("/api/v1/products")),
        (200, program.get("/openapi.json")),
        (400, program.send(products, json, b"{")),
        (401, stranger.get("/api/v1/products")),
        (401, stranger.with("x-api-key", "gnd_nobody").get("/metrics")),
        (403, meter.get("/api/v1/products")),
        (404, stranger.get("/nothing")),
        (404, program.get("/api/v1/nothing")),
        (404, program.get("/api/v1/products/sku:NADA")),
        (405, stranger.send("DELETE /health/live", "", b"")),
        (405, program.send("DELETE /api/v1/products", "", b"")),
        (413, program.send(products, json, &vec![b' '; TOO_LONG])),
        (414, stranger.get(&format!("/{}", "a".repeat(8 * 1024)))),
        (415, program.send(products, "text/plain", b"leche")),
        (421, stranger.with("host", "evil.example").get("/health/live")),
        (421, program.with("host", "evil.example").get("/api/v1/products")),
        (422, program.send(products, json, b"{}")),
        (431, stranger.with("x-long", &"a".repeat(16 * 1024)).get("/health/live")),
    ]
}

/// What every face answers who makes a product and takes a name away from it, who makes it again, and who asks too often.
fn answers_to_changes(callers: &Callers, face: &str) -> Vec<(u16, Answer)> {
    let Callers { program, rare, .. } = callers;
    let product = json!({"sku": face.to_uppercase(), "name": format!("Leche {face}"), "category": "GEN", "unit": "un"});
    let aliases = format!("/api/v1/products/sku:{}/aliases", face.to_uppercase());
    let made = program.post("/api/v1/products", &product);
    let alias = program.post(&aliases, &json!({"text": format!("la leche de {face}")})).expect(201).json();
    let removed = program.send(&format!("DELETE {aliases}/{}", alias["id"].as_str().unwrap()), "", b"");
    let [_, spent] = [(); 2].map(|()| rare.get("/api/v1/products"));
    assert!(!spent.header("retry-after").is_empty(), "RL-4: {spent:?}");
    vec![(201, made), (204, removed), (409, program.post("/api/v1/products", &product)), (429, spent)]
}

/// API-3, API-4, API-5, API-6, API-13, API-14, API-15, API-16. Pages, and so answers that lead elsewhere, are on the dashboard alone.
#[test]
fn every_status_of_every_face_carries_each_header_once_over_https() {
    let shop = Shop::on_sqlite(&["--ecdsa"]);
    let served = shop.serve();
    let [program, meter] = ["read,write", "metrics"].map(|scopes| shop.key(scopes));
    let rare = shop.told(&["key", "create", "--name", "rare", "--scope", "read", "--quota", "1"])["secret"].clone();
    for face in ["dashboard", "deposito", "negocio"] {
        let callers = Callers::of(&served, face, [&program, &meter, rare.as_str().unwrap()]);
        let mut answers = answers(&callers);
        answers.extend(answers_to_changes(&callers, face));
        if face == "dashboard" {
            let browser = callers.stranger.with("accept", "text/html");
            answers.extend([
                (200, browser.get("/setup")),
                (303, browser.get("/products")),
                (303, browser.get("/login")),
                (403, callers.program.with("accept", "text/html").get("/products")),
                (403, browser.with("sec-fetch-site", "cross-site").form("/login", &[])),
                (404, browser.get("/nothing")),
                (422, browser.form("/setup", &[])),
            ]);
        }
        for (status, answer) in answers {
            let context = format!("{status} of {face}");
            let answer = answer.expect(status);
            assert_table(&answer, &context);
        }
    }
    served.stop();
}

/// API-6: preload is asked for where the settings say so, on every face, and nowhere else.
#[test]
fn preload_is_opted_into() {
    let shop = Shop::on_sqlite(&["--ecdsa"]);
    for (settings, expected) in [
        (&[][..], "max-age=63072000; includeSubDomains"),
        (&["--set=http.hsts_preload=true"], "max-age=63072000; includeSubDomains; preload"),
    ] {
        let served = shop.serve_with(settings);
        for face in ["dashboard", "deposito", "negocio"] {
            let answer = served.at(face).get("/health/live");
            assert_eq!(answer.all("strict-transport-security"), [expected], "{face}");
        }
        served.stop();
    }
}
