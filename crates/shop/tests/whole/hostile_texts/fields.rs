//! What the API document says of every field: those that hold a text, those that hold none and refuse one,
//! and those that hold a number and may or may not be zero.

use std::collections::BTreeSet;

use axum::http::Method;
use gondola_store::{TableDigest, digest_of_all};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

use crate::common::{adds_up, nothing, receipt, shop_with};
use crate::document::{Document, Wrong};

/// The kinds of value that are kept as they were written.
const TEXTS: [&str; 31] = [
    "AliasText",
    "BrandText",
    "DocumentName",
    "ImageAddress",
    "InvoiceLineText",
    "InvoiceWord",
    "KeyName",
    "Label",
    "LegalName",
    "LotCode",
    "Name",
    "NewPassword",
    "NotedText",
    "PaperHeading",
    "PersonName",
    "PlainSentence",
    "PostalAddress",
    "PriceListName",
    "Prose",
    "RateSource",
    "Reason",
    "SeenNote",
    "Sentence",
    "ShortLine",
    "ShortName",
    "SupplierName",
    "SupplierNote",
    "SupplierText",
    "SupplierWord",
    "UnitName",
    "Words",
];

/// Kinds of number that are never zero.
const NEVER_ZERO: [&str; 5] = ["MovedQuantity", "Price", "RoundingStep", "FactorText", "SeasonFactor"];

/// Kinds of number that may be zero somewhere.
const MAYBE_ZERO: [&str; 5] = ["Quantity", "Cost", "Percent", "Confidence", "MonthlyRateText"];

/// Where they may, by the last names of the field, and what it means there.
const ZERO: [(&str, &str); 24] = [
    ("acquisition_cost", "it came for nothing"),
    ("replacement_cost", "it comes for nothing"),
    ("unit_cost", "it came for nothing"),
    ("last_cost", "the supplier gave it away"),
    ("min_stock", "no least is kept"),
    ("max_stock", "none is kept"),
    ("reorder_point", "nothing is ordered before it is gone"),
    ("shelf_targets[0].quantity", "none stands there"),
    ("counted", "none was found"),
    ("receive lines[0].quantity", "none arrived"),
    ("goods-receipts lines[0].quantity", "none came"),
    ("damaged", "none was broken"),
    ("expected_cost", "it is promised for nothing"),
    ("cost_alert", "every change of cost is told"),
    ("margin_min", "no margin is asked for"),
    ("margin_max", "it is sold at cost, where no margin is asked for"),
    ("confidence", "nobody is sure"),
    ("discount", "it takes nothing off"),
    ("inflation rates rate", "prices stood still"),
    ("vat_perception", "it adds none"),
    ("gross_income_perception", "it adds none"),
    ("invoices lines[0].price", "the supplier gave it away"),
    ("invoices {id} lines[0].price", "the supplier gave it away"),
    ("apply lines[0].received", "none came"),
];

/// Every field of every body that holds a text, as `POST /api/v1/counts reason`.
pub fn text_fields() -> BTreeSet<String> {
    let document = Document::read();
    let texts = |kind: &str| TEXTS.contains(&kind).then(|| json!("texto"));
    let of = |operation: &crate::document::Operation| {
        let call = format!("{} {}", operation.method, operation.path);
        let found = document.spoiled(&operation.body, &|_, kind| texts(kind)).into_iter();
        found.map(move |Wrong { field, .. }| format!("{call} {field}")).collect::<Vec<_>>()
    };
    document.with_body().iter().flat_map(of).collect()
}

/// The paths of the document, about things that are there.
struct Things {
    count: String,
    transfer: String,
    reservation: String,
    note: String,
    order: String,
    invoice: String,
    confirmed: String,
    price_list: String,
    user: String,
}

impl Things {
    async fn found(shop: &TestShop) -> Self {
        let product = |sku: &str, unit: &str| json!({"sku": sku, "name": sku, "category": "GEN", "unit": unit});
        shop_with(shop, &[product("QUE-CREMOSO", "kg"), product("LAC-LS-SACH", "un")]).await;
        let api = shop.api(shop.admin());
        let made = async |path: &str, body: Value| {
            let made = api.post(path, body).await.expect_status(201).json();
            made["id"].as_str().expect("an id").to_owned()
        };
        made("/api/v1/suppliers", json!({"code": "Q", "name": "Quilmes"})).await;
        made("/api/v1/movements", receipt("QUE-CREMOSO", "10", "100")).await;
        let list = Some(("text/csv", b"code,name\nLS,La Serena\n".to_vec()));
        api.send(Method::POST, "/api/v1/imports/suppliers", list).await.expect_status(201);
        let wanted = json!({"supplier": "LS", "lines": [{"product": "sku:QUE-CREMOSO", "quantity": "1"}]});
        let ordered = api.post("/api/v1/purchase-orders", wanted).await.expect_status(201).json();
        let line = json!({"product": "sku:QUE-CREMOSO", "quantity": "1"});
        let sent = json!({"from": "deposito", "to": "local", "lines": [line], "reason": "Reposición"});
        let bill = json!({"supplier": "Q", "kind": "informal", "issued_on": "2026-11-20", "total": "300", "lines": [{"text": "Queso",
            "quantity": "30", "price": "10", "subtotal": "300", "product": "sku:QUE-CREMOSO"}]});
        let confirmed = made("/api/v1/invoices", bill.clone()).await;
        api.post(&format!("/api/v1/invoices/{confirmed}/confirm"), json!({})).await.expect_status(200);
        let prices = Some(("text/csv", b"Codigo;Descripcion;Precio\n1;QUE-CREMOSO;10\n".to_vec()));
        let listed = api.send(Method::POST, "/api/v1/suppliers/Q/price-lists", prices).await.expect_status(201).json();
        let until = gondola_shop::kernel::time::format_instant(shop.db().now() + 3_600_000_000);
        let promise =
            json!({"product": "sku:QUE-CREMOSO", "location": "deposito", "quantity": "1", "expires_at": until});
        Self {
            count: made("/api/v1/counts", json!({"location": "deposito", "reason": "Conteo"})).await,
            transfer: made("/api/v1/transfers", sent).await,
            reservation: made("/api/v1/reservations", promise).await,
            note: made("/api/v1/notebook", json!({"action": "purchase", "text": "pilas"})).await,
            order: ordered["orders"][0]["id"].as_str().expect("an id").to_owned(),
            invoice: made("/api/v1/invoices", bill).await,
            confirmed,
            price_list: listed["id"].as_str().expect("an id").to_owned(),
            user: crate::common::people::user(shop, "marta", "cashier").await.id.to_string(),
        }
    }

    fn path(&self, template: &str) -> String {
        let id = match template {
            path if path.contains("/counts/") => self.count.clone(),
            path if path.contains("/transfers/") => self.transfer.clone(),
            path if path.contains("/reservations/") => self.reservation.clone(),
            path if path.contains("/notebook/") => self.note.clone(),
            path if path.contains("/purchase-orders/") => self.order.clone(),
            path if path.ends_with("/invoices/{id}/apply") => self.confirmed.clone(),
            path if path.contains("/invoices/") => self.invoice.clone(),
            path if path.contains("/supplier-price-lists/") => self.price_list.clone(),
            path if path.contains("/users/") => self.user.clone(),
            path if path.contains("/products/") => "sku:QUE-CREMOSO".to_owned(),
            _ => nothing().to_string(),
        };
        let code = match template {
            path if path.contains("/locations/") => "deposito",
            path if path.contains("/suppliers/") => "Q",
            _ => "GEN",
        };
        template.replace("{id}", &id).replace("{code}", code).replace("{line}", "1")
    }
}

/// The content of all tables; that somebody tried is told in the trail.
pub async fn digest(shop: &TestShop) -> String {
    let tables = shop.db().digest().await.expect("the shop's digest").into_iter();
    let is_told =
        |table: &TableDigest| table.table == "audit_trail" || table.table.starts_with("encrypted_data_access");
    digest_of_all(&tables.filter(|table| !is_told(table)).collect::<Vec<_>>())
}

/// Sends a body as whoever may do everything; a change is based on whichever version there is.
async fn send(shop: &TestShop, method: &str, path: &str, body: &Value) -> Answer {
    let method: Method = method.parse().expect("a method");
    let mut version = 1;
    loop {
        let content = Some(("application/json", body.to_string().into_bytes()));
        let answer = shop.api(shop.admin()).if_match(version).send(method.clone(), path, content).await;
        if answer.status != 412 {
            return answer;
        }
        version += 1;
        assert!(version < 1_000, "{path} has a version");
    }
}

/// The fields that an answer finds wrong. Lines of a call that goes line by line have theirs with the line.
fn told(answer: &Answer) -> Vec<String> {
    if answer.body.is_empty() {
        return Vec::new();
    }
    let body = answer.json();
    let (prefix, errors) = match &body["results"][0]["error"] {
        Value::Null => ("", &body["errors"]),
        line => ("lines[0].", &line["errors"]),
    };
    let field = |error: &Value| format!("{prefix}{}", error["field"].as_str().unwrap_or_default());
    errors.as_array().into_iter().flatten().map(field).collect()
}

/// Whether an answer names a field, or the list that it is in.
fn names(answer: &Answer, field: &str) -> bool {
    let of = |told: String| field == told || field.strip_prefix(&told).is_some_and(|rest| rest.starts_with('['));
    told(answer).into_iter().any(of)
}

/// What is wrong with an answer that had to refuse this field and name it.
fn taken(answer: &Answer, field: &str) -> Option<String> {
    let refused = matches!(answer.status, 422 | 200) && names(answer, field);
    (!refused).then(|| format!("{field} is not refused: {} {}", answer.status, answer.text()))
}

both_engines! {
    /// PEN-1: what is a code, a number, a date or a choice holds no text at all.
    fn what_holds_no_text_refuses_one_by_name(shop: TestShop) {
        let things = Things::found(&shop).await;
        let (document, before) = (Document::read(), digest(&shop).await);
        let (mut asked, mut wrong) = (0, Vec::new());
        for operation in document.with_body() {
            let path = things.path(&operation.path);
            for text in ["<script>alert(1)</script>", "' or '1'='1", "'; drop table products; --"] {
                let is_other = |schema: &Value, kind: &str| schema["type"] == "string" && !TEXTS.contains(&kind);
                let other = |schema: &Value, kind: &str| is_other(schema, kind).then(|| json!(text));
                let spoiled = document.spoiled(&operation.body, &other);
                for Wrong { field, body } in spoiled {
                    let answer = send(&shop, &operation.method, &path, &body).await;
                    wrong.extend(taken(&answer, &field).map(|told| format!("{path} {body}: {told}")));
                    asked += 1;
                }
            }
        }
        let key = json!({"name": "balanza", "scopes": ["read"], "networks": ["<script>alert(1)</script>"]});
        let refused = told(&send(&shop, "POST", "/api/v1/keys", &key).await.expect_status(422));
        assert!(refused.iter().any(|field| field.starts_with("networks")), "{refused:?}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(asked > 200, "{asked}");
        assert_eq!(digest(&shop).await, before, "something was changed");
    }
}

/// A zero for a number that is never one: by its kind, or by the least that the document states.
fn never_zero(schema: &Value, kind: &str, zero: &str) -> Option<Value> {
    let counted = schema["minimum"].as_i64().is_some_and(|least| least > 0);
    NEVER_ZERO.contains(&kind).then(|| json!(zero)).or(counted.then(|| json!(0)))
}

/// What zero means in a field; nothing when it means nothing.
fn meaning(path: &str, field: &str) -> Option<&'static str> {
    let place = format!("{path} {field}").replace('/', " ");
    ZERO.iter().find(|(name, _)| place.ends_with(name)).map(|(name, _)| *name)
}

both_engines! {
    /// Zero is refused by its field wherever it would mean nothing; where it is taken, it means something.
    fn zero_is_refused_by_name_wherever_it_means_nothing(shop: TestShop) {
        let things = Things::found(&shop).await;
        let (document, before) = (Document::read(), digest(&shop).await);
        let (mut refused, mut allowed, mut wrong) = (0, Vec::new(), Vec::new());
        for zero in ["0", "0.00", "000"] {
            for operation in document.with_body() {
                let path = things.path(&operation.path);
                let maybe = |_: &Value, kind: &str| MAYBE_ZERO.contains(&kind).then(|| json!(zero));
                let never = |schema: &Value, kind: &str| never_zero(schema, kind, zero);
                let mut bodies = document.spoiled(&operation.body, &never);
                for one in document.spoiled(&operation.body, &maybe) {
                    match meaning(&operation.path, &one.field) {
                        Some(meaning) => allowed.push((operation.method.clone(), path.clone(), meaning, one)),
                        None => bodies.push(one),
                    }
                }
                for Wrong { field, body } in bodies {
                    let answer = send(&shop, &operation.method, &path, &body).await;
                    wrong.extend(taken(&answer, &field).map(|told| format!("{path} {body}: {told}")));
                    refused += 1;
                }
            }
        }
        assert_eq!(digest(&shop).await, before, "something was changed by {wrong:?}");
        let mut meant = BTreeSet::new();
        for (method, path, meaning, Wrong { field, mut body }) in allowed {
            if field == "margin_max" {
                // It cannot be less than the least.
                body["margin_min"] = body["margin_max"].clone();
            }
            if field.ends_with("max_stock") {
                let of = if body["lines"].is_array() { &mut body["lines"][0]["changes"] } else { &mut body };
                of["min_stock"] = json!("0");
            }
            if let Some(invoice) = path.strip_suffix("/apply").filter(|path| path.contains("/invoices/")) {
                // It is in the books once: what was sent before is taken back.
                send(&shop, "POST", &format!("{invoice}/reverse"), &json!({"reason": "Otra vez"})).await;
                send(&shop, "POST", &format!("{invoice}/confirm"), &json!({})).await;
            }
            let answer = send(&shop, &method, &path, &body).await;
            if names(&answer, &field) || answer.status >= 500 {
                wrong.push(format!("{method} {path} {body}: {} {}", answer.status, answer.text()));
            }
            if matches!(answer.status, 200 | 201) {
                meant.insert(meaning);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(refused > 100, "{refused}");
        assert_eq!(meant, ZERO.into_iter().map(|(name, _)| name).collect(), "every field of the list takes zero");
        adds_up(&shop).await;
    }
}
