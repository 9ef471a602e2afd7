//! A shop with suppliers and goods, and lists that come in.

use axum::http::Method;
use gondola_testkit::{Answer, TestShop};
use serde_json::{Value, json};

use crate::common::purchases::{text, with_suppliers};
use crate::common::shop_with;

pub const LISTS: &str = "/api/v1/supplier-price-lists";

/// The suppliers of the other tests, and three wines that nobody mainly brings.
pub async fn founded(shop: &TestShop) {
    with_suppliers(shop).await;
    wines(shop).await;
}

/// A shop with nothing but what a test puts in.
pub async fn bare(shop: &TestShop) {
    shop_with(shop, &[]).await;
    let list = b"code,name\nBC,Bodega Cedeira\nMAX,Maxiconsumo\n".to_vec();
    let sent = Some(("text/csv", list));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/suppliers", sent).await.expect_status(201);
}

async fn wines(shop: &TestShop) {
    for (sku, name, barcode) in [
        ("MALBEC", "Vino Elementos Malbec 750 ml", "7790742034007"),
        ("CHENIN", "Vino Santa Julia Chenin 750 ml", ""),
        ("ROSADO", "Vino Santa Julia Rosado 750 ml", ""),
    ] {
        let brand = if sku == "MALBEC" { "Elementos" } else { "Santa Julia" };
        let mut body = json!({"sku": sku, "name": name, "brand": brand, "category": "GEN", "unit": "un",
            "content": {"quantity": "750", "unit": "ml"}, "replacement_cost": "8000"});
        if !barcode.is_empty() {
            body["barcodes"] = json!([barcode]);
        }
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

/// Sends a list of a supplier as the body.
pub async fn send(shop: &TestShop, supplier: &str, file: &str) -> Answer {
    send_bytes(shop, supplier, ("text/csv", file.as_bytes())).await
}

/// Sends bytes as a supplier's list.
pub async fn send_bytes(shop: &TestShop, supplier: &str, (kind, bytes): (&str, &[u8])) -> Answer {
    let path = format!("/api/v1/suppliers/{supplier}/price-lists");
    shop.api(shop.admin()).send(Method::POST, &path, Some((kind, bytes.to_vec()))).await
}

/// Sends a list in a form, with what the form says besides.
pub async fn send_form(shop: &TestShop, supplier: &str, file: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--grieta\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--grieta\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\n");
    body.push_str(&format!("Content-Type: text/csv\r\n\r\n{file}\r\n--grieta--\r\n"));
    send_bytes(shop, supplier, ("multipart/form-data; boundary=grieta", body.as_bytes())).await
}

/// A list that came in.
pub async fn brought(shop: &TestShop, supplier: &str, file: &str) -> Value {
    send(shop, supplier, file).await.expect_status(201).json()
}

/// A list as it is now.
pub async fn seen(shop: &TestShop, list: &Value) -> Value {
    let path = format!("{LISTS}/{}", text(list, "id"));
    shop.api(shop.admin()).get(&path).await.expect_status(200).json()
}

/// Its lines, of at most one page.
pub async fn lines(shop: &TestShop, list: &Value, query: &str) -> Vec<Value> {
    let path = format!("{LISTS}/{}/lines{query}", text(list, "id"));
    items(shop.api(shop.admin()).get(&path).await.expect_status(200).json())
}

pub fn items(page: Value) -> Vec<Value> {
    page["items"].as_array().unwrap().clone()
}

/// Each line as some of its fields, an empty one for what is null.
pub fn told(lines: &[Value], fields: &[&str]) -> Vec<String> {
    let part = |value: &Value| {
        value.as_str().map_or_else(|| if value.is_null() { "-".to_owned() } else { value.to_string() }, str::to_owned)
    };
    lines.iter().map(|line| fields.iter().map(|field| part(&line[*field])).collect::<Vec<_>>().join(" ")).collect()
}

/// Corrects a list at the version it has.
pub async fn change(shop: &TestShop, list: &Value, body: Value) -> Answer {
    let version = seen(shop, list).await["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&format!("{LISTS}/{}", text(list, "id")), body).await
}

/// Applies a list at the version it has.
pub async fn apply(shop: &TestShop, list: &Value) -> Answer {
    let version = seen(shop, list).await["version"].as_i64().unwrap();
    apply_as_read(shop, list, version).await
}

/// Applies a list at a version.
pub async fn apply_as_read(shop: &TestShop, list: &Value, version: i64) -> Answer {
    let path = format!("{LISTS}/{}/apply", text(list, "id"));
    shop.api(shop.admin()).if_match(version).send(Method::POST, &path, None).await
}

pub async fn step(shop: &TestShop, list: &Value, step: &str, body: Value) -> Answer {
    shop.api(shop.admin()).post(&format!("{LISTS}/{}/{step}", text(list, "id")), body).await
}

/// What it takes to buy a product again.
pub async fn cost(shop: &TestShop, sku: &str) -> String {
    let product = shop.api(shop.admin()).get(&format!("/api/v1/products/sku:{sku}")).await.expect_status(200).json();
    product["replacement_cost"].as_str().unwrap_or("-").to_owned()
}

/// What it takes to buy the three wines again.
pub async fn costs(shop: &TestShop) -> [String; 3] {
    [cost(shop, "MALBEC").await, cost(shop, "CHENIN").await, cost(shop, "ROSADO").await]
}
