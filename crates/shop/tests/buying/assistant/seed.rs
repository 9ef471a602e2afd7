//! Shops to speak to: the whole catalogue of the forty sentences, or a handful of it.

use axum::http::Method;
use gondola_store::Actor;
use gondola_testkit::{Answer, TestShop};
use serde_json::{Value, json};

use crate::common::{movement, shop_with};

const CATALOGUE: &str = include_str!("../../../../language/tests/parse/shop.txt");

/// Packs of the products that sentences name in packs.
const PACKS: [(&str, &str, &str); 6] = [
    ("CBO-QUIL-1000", "Cajón x12", "12"),
    ("GAS-PEPS-2250", "Pack x6", "6"),
    ("GAS-SPRI-2250", "Pack x6", "6"),
    ("GAS-FANT-2250", "Pack x6", "6"),
    ("VIN-ALMAMORA", "Caja x6", "6"),
    ("GAS-COCA-2250", "Pack x6", "6"),
];

/// What there is where sentences take it from.
const THERE: [(&str, &str, &str); 7] = [
    ("GAS-COCA-2250", "24", "deposito"),
    ("CLA-HEIN-473", "48", "deposito"),
    ("VIN-ALMAMORA", "24", "deposito"),
    ("CON-MILP", "10", "local"),
    ("ACE-NATU-900", "6", "local"),
    ("QUE-FONTINA", "5", "local"),
    ("CBO-QUIL-1000", "12", "local"),
];

/// A line of the catalogue: SKU, name, brand, category and unit.
fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = CATALOGUE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect())
}

/// A shop with these products of the catalogue, or all of it, the suppliers that come with the product, packs and stock.
pub async fn shop_of(shop: &TestShop, skus: &[&str]) {
    shop_with(shop, &[]).await;
    let api = shop.api(shop.admin());
    api.post("/api/v1/suppliers/shipped", Value::Null).await;
    let is_wanted = |sku: &str| skus.is_empty() || skus.contains(&sku);
    let wanted: Vec<Vec<&str>> = lines().filter(|line| is_wanted(line[0])).collect();
    let mut categories: Vec<&str> = wanted.iter().map(|line| line[3]).collect();
    categories.sort_unstable();
    categories.dedup();
    for (at, name) in categories.iter().enumerate() {
        api.post("/api/v1/categories", json!({"code": format!("T{at:02}"), "name": name})).await;
    }
    let mut list = "sku;name;brand;category;unit\n".to_owned();
    wanted.iter().for_each(|line| list.push_str(&format!("{}\n", line[..5].join(";"))));
    let sent = Some(("text/csv", list.into_bytes()));
    api.send(Method::POST, "/api/v1/imports/products", sent).await.expect_status(201);
    for (sku, name, factor) in PACKS.into_iter().filter(|(sku, ..)| is_wanted(sku)) {
        let packs = json!({"presentations": [{"name": name, "factor": factor}]});
        api.clone().if_match(1).patch(&format!("/api/v1/products/sku:{sku}"), packs).await.expect_status(200);
    }
    for (sku, quantity, place) in THERE.into_iter().filter(|(sku, ..)| is_wanted(sku)) {
        let opening = movement("receipt", sku, quantity, None, Some(place));
        api.post("/api/v1/movements", opening).await.expect_status(201);
    }
}

/// What somebody writes in the notebook.
pub async fn say_as(shop: &TestShop, actor: Actor, text: &str) -> Answer {
    shop.api(actor).post("/api/v1/assistant/messages", json!({"text": text})).await
}

/// What became of it, written by the owner.
pub async fn said(shop: &TestShop, text: &str) -> Value {
    say_as(shop, shop.admin(), text).await.expect_status(200).json()
}

/// What a token confirms.
pub async fn confirm_as(shop: &TestShop, actor: Actor, token: &Value) -> Answer {
    shop.api(actor).post("/api/v1/assistant/confirm", json!({"token": token})).await
}

/// How many movements and lines of the notebook there are.
pub async fn written(shop: &TestShop) -> (usize, usize) {
    let api = shop.api(shop.admin());
    let count =
        async |path: &str| api.get(path).await.expect_status(200).json()["items"].as_array().expect("items").len();
    (count("/api/v1/movements?limit=500").await, count("/api/v1/notebook?state=pending&limit=500").await)
}

/// What there is of a product at a place.
pub async fn at(shop: &TestShop, sku: &str, place: &str) -> String {
    let item = shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json();
    let places = item["locations"].as_array().expect("locations");
    let found = places.iter().find(|one| one["location"] == place);
    found.map_or_else(|| "0".to_owned(), |one| one["on_hand"].as_str().expect("a decimal").to_owned())
}
