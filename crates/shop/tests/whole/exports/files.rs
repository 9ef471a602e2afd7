//! Asking for files and opening them again: the one place of these tests that knows how.

use gondola_sheets::{Limits, Table, read};
use gondola_store::Actor;
use gondola_testkit::{Answer, TestShop};
use serde_json::{Value, json};

/// The ways a file is asked for.
pub const FORMATS: [&str; 3] = ["format=csv", "format=csv&dialect=plain", "format=xlsx"];

/// Asks for a list with this query.
pub async fn ask(shop: &TestShop, actor: Actor, path: &str, query: &str) -> Answer {
    shop.api(actor).get(&format!("/api/v1/{path}?{query}")).await
}

/// The file of a list, as bytes.
pub async fn bytes(shop: &TestShop, actor: Actor, path: &str, query: &str) -> Vec<u8> {
    ask(shop, actor, path, query).await.expect_status(200).body
}

/// The file of a list, opened.
pub async fn table(shop: &TestShop, actor: Actor, path: &str, query: &str) -> Table {
    let bytes = bytes(shop, actor, path, query).await;
    read(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{path}?{query}: {error}"))
}

/// The cells of the column with this title, from the top.
pub fn column(table: &Table, title: &str) -> Vec<String> {
    let at = table.header.iter().position(|known| known == title);
    let at = at.unwrap_or_else(|| panic!("no column {title} in {:?}", table.header));
    table.rows.iter().map(|row| row.cells.get(at).cloned().unwrap_or_default()).collect()
}

/// A field of every row of the JSON list, all pages of it.
pub async fn json_column(shop: &TestShop, actor: Actor, path: &str, query: &str, field: &str) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = ask(shop, actor.clone(), path, &format!("{query}&limit=7{after}")).await.expect_status(200).json();
        let items = page["items"].as_array().expect("items");
        found.extend(items.iter().map(|item| item[field].as_str().expect("a text").to_owned()));
        match page["next"].as_str() {
            None => return found,
            Some(next) => after = format!("&after={next}"),
        }
    }
}

/// A shop with its places and categories, and nothing else.
pub async fn founded(shop: &TestShop) {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
}

/// Makes a product; `fields` are put over the least that one needs.
pub async fn make(shop: &TestShop, name: &str, fields: Value) {
    let mut body = json!({"name": name, "category": "GEN", "unit": "un"});
    for (field, value) in fields.as_object().expect("fields") {
        body[field] = value.clone();
    }
    shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
}
