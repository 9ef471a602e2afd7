//! Sending files: the one place of these tests that knows how.

use axum::http::Method;
use gondola_store::Actor;
use gondola_testkit::{Answer, TestShop};
use serde_json::Value;

/// A shop with its places and categories, and nothing else.
pub async fn founded(shop: &TestShop) {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
}

/// Sends a CSV as the body.
pub async fn send(shop: &TestShop, path: &str, text: &str) -> Answer {
    send_bytes(shop, path, "text/csv", text.as_bytes()).await
}

/// Sends bytes as the body.
pub async fn send_bytes(shop: &TestShop, path: &str, kind: &str, bytes: &[u8]) -> Answer {
    send_as(shop, shop.admin(), path, kind, bytes).await
}

/// Sends bytes as somebody.
pub async fn send_as(shop: &TestShop, actor: Actor, path: &str, kind: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/imports/{path}");
    shop.api(actor).send(Method::POST, &path, Some((kind, bytes.to_vec()))).await
}

/// Sends a file in a form, as a browser does.
pub async fn send_form(shop: &TestShop, path: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XyZ--\r\n");
    send_bytes(shop, path, "multipart/form-data; boundary=XyZ", &body).await
}

/// A workbook of texts.
pub fn workbook(titles: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    use gondola_sheets::{Column, Kind, Sheet};
    let columns = titles.iter().map(|title| Column { title: (*title).to_owned(), kind: Kind::Text }).collect();
    let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    Sheet { name: "Lista".to_owned(), columns, rows }.to_xlsx().expect("write a workbook")
}

/// A product by its SKU.
pub async fn product(shop: &TestShop, sku: &str) -> Value {
    shop.api(shop.admin()).get(&format!("/api/v1/products/sku:{sku}")).await.expect_status(200).json()
}

/// The errors of an import as `line field code`.
pub fn errors(import: &Value) -> Vec<String> {
    let errors = import["errors"].as_array().expect("errors");
    let text = |error: &Value, name: &str| error[name].as_str().expect("text").to_owned();
    errors.iter().map(|error| format!("{} {} {}", error["line"], text(error, "field"), text(error, "code"))).collect()
}

/// The counts of an import: total, good, bad, created, changed.
pub fn counts(import: &Value) -> [i64; 5] {
    ["rows_total", "rows_good", "rows_bad", "rows_created", "rows_changed"]
        .map(|name| import[name].as_i64().expect("a count"))
}

/// How many products the shop shows.
pub async fn products_shown(shop: &TestShop) -> usize {
    let (mut shown, mut after) = (0, String::new());
    loop {
        let path = format!("/api/v1/products?active=true&limit=500{after}");
        let page = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
        shown += page["items"].as_array().expect("items").len();
        match page["next"].as_str() {
            None => return shown,
            Some(next) => after = format!("&after={next}"),
        }
    }
}
