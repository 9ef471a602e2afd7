//! The catalogue through its API, on both engines. Pure rules are tested beside them.

mod changing;
mod every_field;
mod finding;
mod founding;
mod plans;
mod products;
mod reference;

use gondola_testkit::{Client, TestShop};
use serde_json::{Value, json};

/// Founds the shop and answers the owner's client.
async fn open(shop: &TestShop) -> Client<'_> {
    crate::catalogue::found_shop(shop.db()).await.expect("found the shop");
    shop.api(shop.admin())
}

/// A body that is accepted, with some fields changed.
fn product(changes: Value) -> Value {
    let mut body = json!({"name": "Leche sachet La Serenísima 1 L", "category": "LAC", "unit": "un"});
    let fields = body.as_object_mut().expect("an object");
    fields.extend(changes.as_object().expect("an object").clone());
    body
}

/// Creates a product and answers it.
async fn create(client: &Client<'_>, changes: Value) -> Value {
    client.post("/api/v1/products", product(changes)).await.expect_status(201).json()
}

/// The fields that a problem document complains about, in its order.
fn fields(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().expect("errors");
    errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
}
