//! Whatever can be sent wrong, to every call that there is: unknown fields, wrong types, bodies of 10 MB,
//! NUL bytes, numbers of 40 digits, dates in 9999, codes with a wrong check digit. Each is a clear problem
//! in the caller's language, changes nothing and leaves the process alive. The calls and their fields come
//! from the API document, so a new one is walked too.

mod strings;

use crate::common::{adds_up, nothing, stocked};
use crate::document::{Document, Wrong};
use axum::http::Method;
use gondola_store::{TableDigest, digest_of_all};
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use serde_json::{Value, json};

/// The things that paths name.
struct Things {
    count: String,
    transfer: String,
    reservation: String,
    user: String,
}

impl Things {
    /// A shop with one of each.
    async fn found(shop: &TestShop) -> Self {
        stocked(shop, &[("QUE-CREMOSO", "kg"), ("LAC-LS-SACH", "un")]).await;
        let api = shop.api(shop.admin());
        let made = async |path: &str, body: Value| {
            let made = api.post(path, body).await.expect_status(201).json();
            made["id"].as_str().expect("an id").to_owned()
        };
        made("/api/v1/movements", crate::common::receipt("QUE-CREMOSO", "10", "100")).await;
        let line = json!({"product": "sku:QUE-CREMOSO", "quantity": "1"});
        let count = made("/api/v1/counts", json!({"location": "deposito", "reason": "Conteo"})).await;
        let sent = json!({"from": "deposito", "to": "local", "lines": [line], "reason": "Reposición"});
        let transfer = made("/api/v1/transfers", sent).await;
        let until = json!({"product": "sku:QUE-CREMOSO", "location": "deposito", "quantity": "1", "expires_at": in_an_hour(shop)});
        let reservation = made("/api/v1/reservations", until).await;
        let user = crate::common::people::user(shop, "marta", "cashier").await.id.to_string();
        Self { count, transfer, reservation, user }
    }

    fn path(&self, template: &str) -> String {
        let id = match template {
            path if path.contains("/counts/") => self.count.clone(),
            path if path.contains("/transfers/") => self.transfer.clone(),
            path if path.contains("/reservations/") => self.reservation.clone(),
            path if path.contains("/users/") => self.user.clone(),
            path if path.contains("/products/") => "sku:QUE-CREMOSO".to_owned(),
            _ => nothing().to_string(),
        };
        template.replace("{id}", &id).replace("{code}", "GEN").replace(['{', '}'], "")
    }
}

fn in_an_hour(shop: &TestShop) -> String {
    gondola_shop::kernel::time::format_instant(shop.db().now() + 3_600_000_000)
}

async fn digest(shop: &TestShop) -> String {
    // That somebody tried is told; a batch whose lines are all refused was still answered.
    let tables = shop.db().digest().await.expect("the shop's digest").into_iter();
    digest_of_all(
        &tables
            .filter(|table| table.table != "audit_trail" && !table.table.starts_with("encrypted_data_access"))
            .collect::<Vec<TableDigest>>(),
    )
}

/// Whoever may do everything, and bases every change on a version.
fn owner(shop: &TestShop) -> Client<'_> {
    shop.api(shop.admin()).if_match(1)
}

async fn send(client: &Client<'_>, method: &str, path: &str, body: &Value) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    client.send(method, path, Some(("application/json", body.to_string().into_bytes()))).await
}

/// What was told about fields: pairs of path and code. Lines of a call that goes line by line have
/// theirs with the line.
fn told(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let (prefix, errors) = match &body["results"][0]["error"] {
        Value::Null => ("", &body["errors"]),
        line => ("lines[0].", &line["errors"]),
    };
    let pair = |error: &Value| {
        let text = |name: &str| error[name].as_str().expect("text").to_owned();
        assert!(!text("detail").is_empty());
        (format!("{prefix}{}", text("field")), text("code"))
    };
    errors.as_array().into_iter().flatten().map(pair).collect()
}

/// Sends every spoiled body to every call; each must be refused for that value, with one of the codes.
async fn refuse_all(
    shop: &TestShop,
    things: &Things,
    codes: &[&str],
    spoil: impl Fn(&Value, &str) -> Option<Value>,
) -> usize {
    let before = digest(shop).await;
    let document = Document::read();
    let mut sent = 0;
    for operation in document.with_body() {
        let path = things.path(&operation.path);
        for Wrong { field, body } in document.spoiled(&operation.body, &spoil) {
            let context = format!("{} {path} with {field}: {body}", operation.method);
            let answer = send(&owner(shop), &operation.method, &path, &body).await;
            assert!(matches!(answer.status, 422 | 200), "{context}: {} {}", answer.status, answer.text());
            let told = told(&answer);
            let named = |(path, code): &(String, String)| *path == field && codes.contains(&code.as_str());
            assert!(told.iter().any(named), "{context}: {told:?}");
            sent += 1;
        }
    }
    assert_eq!(digest(shop).await, before, "something was changed");
    adds_up(shop).await;
    sent
}

both_engines! {
    fn a_nul_is_refused_in_every_text_of_every_body(shop: TestShop) {
        let sent = refuse_all(&shop, &Things::found(&shop).await, &["text_control_character"], |schema, _| {
            (schema["type"] == "string").then(|| json!("queso\0cremoso"))
        }).await;
        assert!(sent > 100, "{sent}");
    }
}

both_engines! {
    fn a_value_of_another_type_is_refused_wherever_it_stands(shop: TestShop) {
        let sent = refuse_all(&shop, &Things::found(&shop).await, &["wrong_type"], |schema, _| match schema["type"].as_str()? {
            "string" => Some(json!(12.5)),
            "integer" | "boolean" => Some(json!("1")),
            "array" | "object" => Some(json!("queso")),
            _ => None,
        }).await;
        assert!(sent > 100, "{sent}");
    }
}

both_engines! {
    fn an_unknown_field_is_refused_in_every_object(shop: TestShop) {
        let document = Document::read();
        let things = Things::found(&shop).await;
        let before = digest(&shop).await;
        for operation in document.with_body() {
            let objects = document.spoiled(&operation.body, &|schema, _| {
                (schema["type"] == "object").then(|| json!({"colour": "red"}))
            });
            assert!(!objects.is_empty(), "{}", operation.path);
            for Wrong { field, body } in objects {
                let answer = send(&owner(&shop), &operation.method, &things.path(&operation.path), &body).await;
                let context = format!("{} {} in {field}: {}", operation.method, operation.path, answer.text());
                assert_eq!(answer.status, 422, "{context}");
                assert!(told(&answer).iter().any(|(path, code)| path.ends_with("colour") && code == "unknown_field"), "{context}");
            }
        }
        assert_eq!(digest(&shop).await, before);
    }
}

/// Characters that no field takes.
const ENDLESS: usize = 100_000;

both_engines! {
    /// INP-2: every text of every body has a longest; beyond it the field is named, whatever it is for.
    fn a_text_without_an_end_is_refused_in_every_field(shop: TestShop) {
        let (document, things, endless) = (Document::read(), Things::found(&shop).await, json!("a".repeat(ENDLESS)));
        let before = digest(&shop).await;
        let is_text = |kind: &Value| kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
        let mut sent = 0;
        for operation in document.with_body() {
            let path = things.path(&operation.path);
            for Wrong { field, body } in document.spoiled(&operation.body, &|schema, _| is_text(&schema["type"]).then(|| endless.clone())) {
                let answer = send(&owner(&shop), &operation.method, &path, &body).await;
                let told: Vec<String> = told(&answer).into_iter().map(|(named, _)| named).collect();
                // A list of words is refused as a whole.
                // A place is looked up once the rest is right, which the category of a sample is not.
                let is_named = told.iter().any(|named| *named == field || *named == field.trim_end_matches("[0]")) || field == "opening.location";
                assert!(matches!(answer.status, 422 | 200) && is_named, "{} {path} with {field}: {} {told:?}", operation.method, answer.status);
                sent += 1;
            }
        }
        assert_eq!(digest(&shop).await, before, "something was changed");
        assert!(sent > 400, "{sent}");
    }
}

/// The kinds of text that hold a number.
const NUMBERS: [&str; 9] = [
    "Quantity",
    "MovedQuantity",
    "Cost",
    "Price",
    "RoundingStep",
    "Percent",
    "SeasonFactor",
    "Confidence",
    "FactorText",
];

both_engines! {
    fn a_number_of_forty_digits_is_too_large_everywhere(shop: TestShop) {
        let sent = refuse_all(&shop, &Things::found(&shop).await, &["too_large"], |_, kind| NUMBERS.contains(&kind).then(|| json!("9".repeat(40)))).await;
        assert!(sent > 20, "{sent}");
    }
}

both_engines! {
    /// Exponents, commas, signs, spaces, other alphabets' digits: only plain decimals are numbers.
    fn what_only_looks_like_a_number_is_none(shop: TestShop) {
        let codes = ["not_a_number", "negative", "quantity_not_positive", "too_many_places", "too_small", "too_large"];
        let things = Things::found(&shop).await;
        for text in ["1e3", "1,5", "+1", "-1", " 1", "0x10", "NaN", "١٢", "1.0000000000001"] {
            refuse_all(&shop, &things, &codes, |_, kind| NUMBERS.contains(&kind).then(|| json!(text))).await;
        }
    }
}

both_engines! {
    fn a_date_in_9999_or_one_that_is_none_is_refused(shop: TestShop) {
        let codes = ["out_of_range", "in_the_future", "expiry_too_late", "bad_instant"];
        let things = Things::found(&shop).await;
        let sent = refuse_all(&shop, &things, &codes, |schema, _| match schema["format"].as_str()? {
            "date" => Some(json!("9999-12-31")),
            "date-time" => Some(json!("9999-12-31T23:59:59Z")),
            _ => None,
        }).await;
        assert!(sent > 4, "{sent}");
    }
}

both_engines! {
    fn a_day_that_the_calendar_does_not_have_is_no_date(shop: TestShop) {
        refuse_all(&shop, &Things::found(&shop).await, &["bad_date", "bad_instant"], |schema, _| match schema["format"].as_str()? {
            "date" => Some(json!("2026-02-30")),
            "date-time" => Some(json!("2026-02-30T10:00:00-03:00")),
            _ => None,
        }).await;
    }
}

both_engines! {
    fn a_barcode_with_a_wrong_check_digit_says_which_would_be_right(shop: TestShop) {
        let sent = refuse_all(&shop, &Things::found(&shop).await, &["barcode_check_digit"], |_, kind| {
            (kind == "BarcodeText").then(|| json!("7790742034008"))
        }).await;
        assert!(sent >= 3, "{sent}");
        let api = owner(&shop).header("accept-language", "en");
        let refused = api.post("/api/v1/products/sku:QUE-CREMOSO/barcodes", json!({"code": "7790742034008"})).await;
        let told = refused.expect_problem(422, "invalid").json();
        assert!(told["errors"][0]["detail"].as_str().unwrap().contains("the last would be 7"), "{told}");
    }
}

both_engines! {
    /// INP-1: 10 MB, and nesting beyond what anything here needs.
    fn a_body_that_is_too_long_or_too_deep_is_not_read(shop: TestShop) {
        let things = Things::found(&shop).await;
        let before = digest(&shop).await;
        let long = json!({"reason": "a".repeat(10 * 1024 * 1024)}).to_string().into_bytes();
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
        let levels = format!("{{\"reason\":{}{}}}", "[".repeat(32), "]".repeat(32)).into_bytes();
        for operation in Document::read().with_body() {
            let path = things.path(&operation.path);
            let method: Method = operation.method.parse().unwrap();
            for (body, status, code) in [(&long, 413, "too_large"), (&deep, 400, "too_deep"), (&levels, 400, "too_deep")] {
                let answer = owner(&shop).send(method.clone(), &path, Some(("application/json", body.clone()))).await;
                answer.expect_problem(status, code);
            }
        }
        assert_eq!(digest(&shop).await, before);
        let form = form_of(10 * 1024 * 1024);
        shop.page(shop.admin()).form("/login", &form).await.expect_status(413);
    }
}

const MEGABYTE: usize = 1024 * 1024;

both_engines! {
    /// INP-1: a body has 2 MB, that of a batch 8, and neither a byte more; a batch of 3 MB is read.
    fn a_body_is_as_long_as_it_may_be_and_not_a_byte_longer(shop: TestShop) {
        let things = Things::found(&shop).await;
        let before = digest(&shop).await;
        let lines = things.path("/api/v1/counts/{id}/lines");
        for (path, megabytes) in [
            ("/api/v1/movements", [1, 2]), ("/api/v1/products", [1, 2]), ("/api/v1/movements/batch", [3, 8]),
            ("/api/v1/products/bulk", [3, 8]), (lines.as_str(), [3, 8]),
        ] {
            let sent = async |bytes: usize| {
                let padded = format!("{{}}{}", " ".repeat(bytes - 2)).into_bytes();
                owner(&shop).send(Method::POST, path, Some(("application/json", padded))).await
            };
            for fitting in megabytes {
                sent(fitting * MEGABYTE).await.expect_problem(422, "invalid");
            }
            sent(megabytes[1] * MEGABYTE + 1).await.expect_problem(413, "too_large");
        }
        assert_eq!(digest(&shop).await, before);
    }
}

fn form_of(bytes: usize) -> String {
    format!("username={}", "a".repeat(bytes))
}

both_engines! {
    fn what_is_no_json_is_malformed_and_named_by_its_place(shop: TestShop) {
        stocked(&shop, &[]).await;
        let before = digest(&shop).await;
        for body in [&b""[..], b"{", b"{\"kind\":}", b"\xFF\xFE{\0}\0", b"{\"kind\":\"sale\"} x", b"NaN", b"{'kind':'sale'}"] {
            let answer = owner(&shop).send(Method::POST, "/api/v1/movements", Some(("application/json", body.to_vec()))).await;
            let told = answer.expect_problem(400, "malformed").json();
            assert!(told["detail"].as_str().unwrap().contains("línea 1"), "{told}");
        }
        for kind in ["text/plain", "application/xml", "", "application/json5"] {
            let answer = owner(&shop).send(Method::POST, "/api/v1/movements", Some((kind, b"{}".to_vec()))).await;
            answer.expect_problem(415, "unsupported_media_type");
        }
        assert_eq!(digest(&shop).await, before);
    }
}

both_engines! {
    /// The same refusal in the caller's language, Spanish unless it prefers English.
    fn a_refusal_speaks_the_callers_language(shop: TestShop) {
        stocked(&shop, &[("QUE-CREMOSO", "kg")]).await;
        let body = json!({"kind": "receipt", "product": "sku:QUE-CREMOSO", "quantity": "9".repeat(40), "to": "deposito", "reason": "prueba"});
        for (accepts, sentence) in [("es-AR", "El máximo es 999999."), ("en-GB,es;q=0.5", "The largest accepted is 999999."), ("pt", "El máximo es 999999.")] {
            let answer = owner(&shop).header("accept-language", accepts).post("/api/v1/movements", body.clone()).await;
            let told = answer.expect_problem(422, "invalid").json();
            assert_eq!(told["errors"][0]["detail"], sentence, "{accepts}");
        }
    }
}
