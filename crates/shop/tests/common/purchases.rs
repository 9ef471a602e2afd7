//! Orders to suppliers and deliveries, for the tests about both.

use axum::http::Method;
use gondola_testkit::{Answer, TestShop};
use serde_json::{Value, json};

use super::shop_with;

pub const ORDERS: &str = "/api/v1/purchase-orders";
pub const RECEIPTS: &str = "/api/v1/goods-receipts";

/// A shop with four suppliers and some of what they sell.
pub async fn with_suppliers(shop: &TestShop) {
    shop_with(shop, &[]).await;
    let list = "code,name\nQ,Quilmes\nLS,La Serenísima\nFR,Verdulería\nMAX,Maxiconsumo\n".as_bytes().to_vec();
    let sent = Some(("text/csv", list));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/suppliers", sent).await.expect_status(201);
    for (sku, name, unit, supplier, more) in [
        ("BRAHMA", "Brahma botella 1 L", "un", "Q", json!({"presentations": [{"name": "cajón", "factor": "12"}]})),
        ("PEPSI", "Pepsi 2,25 L", "un", "Q", json!({"presentations": [{"name": "pack", "factor": "6"}]})),
        ("ANDES", "Andes lata 473 ml", "un", "Q", json!({})),
        ("LECHE", "Leche sachet", "un", "LS", json!({"perishable": true})),
        ("QUESO", "Queso en horma", "kg", "LS", json!({"presentations": [{"name": "horma", "factor": "21"}]})),
        ("CREMA", "Crema", "un", "LS", json!({"perishable": true, "shelf_life_days": 30})),
        ("BANANA", "Banana", "kg", "FR", json!({})),
        ("ARROZ", "Arroz", "un", "MAX", json!({})),
    ] {
        let mut body = json!({"sku": sku, "name": name, "category": "GEN", "unit": unit,
            "suppliers": [{"supplier": supplier, "supplier_sku": "", "main": true}]});
        for (field, value) in more.as_object().unwrap() {
            body[field] = value.clone();
        }
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

pub fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

pub async fn order_lines(shop: &TestShop, supplier: &str, lines: Value) -> Answer {
    shop.api(shop.admin()).post(ORDERS, json!({"supplier": supplier, "lines": lines})).await
}

/// The one order that lines went onto.
pub async fn ordered(shop: &TestShop, supplier: &str, lines: Value) -> Value {
    let done = order_lines(shop, supplier, lines).await.expect_status(201).json();
    assert_eq!(done["orders"].as_array().unwrap().len(), 1, "{done}");
    done["orders"][0].clone()
}

pub async fn step(shop: &TestShop, order: &Value, step: &str, body: Value) -> Answer {
    shop.api(shop.admin()).post(&format!("{ORDERS}/{}/{step}", text(order, "id")), body).await
}

pub async fn sent(shop: &TestShop, supplier: &str, lines: Value) -> Value {
    let order = ordered(shop, supplier, lines).await;
    step(shop, &order, "send", json!({})).await.expect_status(200).json()
}

/// Receives lines into `deposito`.
pub async fn receive(shop: &TestShop, order: &Value, lines: Value) -> Answer {
    step(shop, order, "receive", json!({"location": "deposito", "document": "R 1-2", "lines": lines})).await
}

pub async fn seen(shop: &TestShop, order: &Value) -> Value {
    shop.api(shop.admin()).get(&format!("{ORDERS}/{}", text(order, "id"))).await.expect_status(200).json()
}

/// Notes something; answers the id of its line.
pub async fn note(shop: &TestShop, body: Value) -> String {
    let noted = shop.api(shop.admin()).post("/api/v1/notebook", body).await.expect_status(201).json();
    text(&noted, "id").to_owned()
}

pub async fn note_state(shop: &TestShop, id: &str) -> String {
    let found = shop.api(shop.admin()).get(&format!("/api/v1/notebook/{id}")).await.expect_status(200).json();
    text(&found, "state").to_owned()
}

/// Each line of an order as `product quantity unit received`.
pub fn told(order: &Value) -> Vec<String> {
    let part = |line: &Value, field: &str| line[field].as_str().unwrap_or("-").to_owned();
    let lines = order["lines"].as_array().unwrap().iter();
    lines.map(|line| ["text", "quantity", "unit", "received"].map(|field| part(line, field)).join(" ")).collect()
}

/// The fields that a refusal names.
pub fn fields(answer: Answer, status: u16, code: &str) -> Vec<String> {
    let problem = answer.expect_problem(status, code).json();
    problem["errors"].as_array().unwrap().iter().map(|one| text(one, "field").to_owned()).collect()
}

/// What a product cost last from its first supplier.
pub async fn last_cost(shop: &TestShop, sku: &str) -> Value {
    let product = shop.api(shop.admin()).get(&format!("/api/v1/products/sku:{sku}")).await.expect_status(200).json();
    product["suppliers"][0]["last_cost"].clone()
}
