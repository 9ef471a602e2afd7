//! Every field of a product: kept when it is made, changed alone, emptied where it may be empty. The
//! list of fields is the schema's, so that a field nobody put here fails the test.

use std::collections::BTreeSet;

use gondola_testkit::{Client, both_engines};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use super::products::Supplier;
use super::{fields, open};
use crate::catalogue::bodies::ProductBody;

/// Each field with the value it is made with and the one it is changed to, written as the API answers.
fn values() -> Vec<(&'static str, Value, Value)> {
    vec![
        ("sku", json!("QUE-SARDO"), json!("QUE-SARDO-2")),
        ("name", json!("Queso sardo"), json!("Queso sardo estacionado")),
        ("short_name", json!("Sardo"), json!("Sardo est.")),
        ("description", json!("De rallar"), json!("De rallar o picar")),
        ("category", json!("QUE"), json!("LAC")),
        ("brand", json!("La Paulina"), json!("Ilolay")),
        ("variant", json!("clásica"), json!("light")),
        ("image", json!("/uploads/sardo.jpg"), json!("/uploads/sardo-2.jpg")),
        ("notes", json!("Pedir los lunes"), json!("Pedir los martes")),
        ("unit", json!("kg"), json!("g")),
        ("content", json!({"quantity": "1.000", "unit": "kg"}), json!({"quantity": "500.000", "unit": "g"})),
        ("sold_by_weight", json!(true), json!(false)),
        ("weight_g", json!(4000), json!(4100)),
        (
            "dimensions",
            json!({"width_mm": 1, "height_mm": 2, "depth_mm": 3}),
            json!({"width_mm": 4, "height_mm": 5, "depth_mm": 6}),
        ),
        ("barcodes", json!(["7790742034007"]), json!(["77901231"])),
        ("internal_code", json!("Q-1"), json!("Q-2")),
        ("scale_plu", json!("00042"), json!("00043")),
        (
            "presentations",
            json!([{"name": "horma", "factor": "4", "price": "9.99", "barcodes": ["17790795368002"]}]),
            json!([{"name": "media", "factor": "1/2", "price": null, "barcodes": []}]),
        ),
        ("vat_rate", json!("10.50"), json!("21.00")),
        ("internal_taxes", json!(true), json!(false)),
        ("min_stock", json!("10.000"), json!("11.500")),
        ("max_stock", json!("30.000"), json!("31.500")),
        ("reorder_point", json!("12.000"), json!("13.500")),
        ("target_days", json!(7), json!(14)),
        (
            "shelf_targets",
            json!([{"location": "local", "quantity": "3.000"}]),
            json!([{"location": "deposito", "quantity": "4.000"}]),
        ),
        ("perishable", json!(true), json!(false)),
        ("shelf_life_days", json!(60), json!(90)),
        ("alert_days", json!(10), json!(20)),
        (
            "suppliers",
            json!([{"supplier": "LS", "supplier_sku": "S-1", "pack": "12", "last_cost": "100.0000", "lead_days": 2, "main": true}]),
            json!([{"supplier": "LS", "supplier_sku": "S-2", "pack": "1/12", "last_cost": "101.0000", "lead_days": 3, "main": false}]),
        ),
        ("sale_price", json!("200.00"), json!("210.00")),
        ("wholesale_price", json!("150.00"), json!("160.00")),
        ("acquisition_cost", json!("100.0000"), json!("110.5000")),
        ("replacement_cost", json!("120.0000"), json!("130.5000")),
        ("alcohol", json!(true), json!(false)),
        ("tobacco", json!(true), json!(false)),
        ("returnable", json!(true), json!(false)),
    ]
}

/// What the answer says without being told.
const DERIVED: [&str; 7] = ["id", "active", "created_at", "updated_at", "version", "price_changed_at", "warnings"];

fn properties() -> Map<String, Value> {
    let schema = serde_json::to_value(ProductBody::schema()).expect("a schema is JSON");
    schema["properties"].as_object().expect("an object has properties").clone()
}

/// Whether a field's schema takes null.
fn takes_null(schema: &Value) -> bool {
    let null = json!("null");
    let any_of = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    schema["type"].as_array().is_some_and(|types| types.contains(&null))
        || any_of.into_iter().any(|one| one["type"] == null)
}

/// The fields of an answer that somebody set, as they were sent.
fn sent(view: &Value) -> Map<String, Value> {
    let mut sent = view.as_object().expect("an object").clone();
    sent.retain(|field, _| !DERIVED.contains(&field.as_str()));
    for (list, added) in [("presentations", "id"), ("suppliers", "name")] {
        for item in sent[list].as_array_mut().expect("a list") {
            item.as_object_mut().expect("an object").remove(added).expect("what the answer adds");
        }
    }
    sent
}

struct Made<'c> {
    client: Client<'c>,
    path: String,
    version: i64,
    now: Map<String, Value>,
}

impl Made<'_> {
    /// Changes one field, and sees that it and nothing else is what is then stored.
    async fn change(&mut self, field: &str, value: Value) {
        let client = self.client.clone().if_match(self.version);
        let changed = client.patch(&self.path, json!({field: value})).await.expect_status(200).json();
        self.version += 1;
        self.now.insert(field.to_owned(), value.clone());
        assert_eq!(sent(&changed), self.now, "{field} = {value}");
        assert_eq!(self.client.get(&self.path).await.expect_status(200).json(), changed, "{field} is stored");
    }

    /// Tries to empty a field that is never empty.
    async fn keeps(&self, field: &str) {
        let client = self.client.clone().if_match(self.version);
        let refused = client.patch(&self.path, json!({field: null})).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&refused), [field]);
        assert_eq!(sent(&self.client.get(&self.path).await.json()), self.now, "{field} stays");
    }
}

#[test]
fn every_field_of_the_schema_stands_in_this_test() {
    let tested: BTreeSet<_> = values().into_iter().map(|(field, ..)| field.to_owned()).collect();
    assert_eq!(tested, properties().keys().cloned().collect());
}

both_engines! {
    fn every_field_is_kept_changed_alone_and_emptied(shop: TestShop) {
        let client = open(&shop).await;
        shop.db().execute(&gondola_store::Actor::system("test"), None, Supplier("LS")).await.unwrap();
        let made_with: Map<_, _> = values().into_iter().map(|(field, first, _)| (field.to_owned(), first)).collect();
        let created = client.post("/api/v1/products", json!(made_with)).await.expect_status(201).json();
        assert_eq!(sent(&created), made_with);
        let path = format!("/api/v1/products/{}", created["id"].as_str().unwrap());
        assert_eq!(sent(&client.get(&path).await.expect_status(200).json()), made_with);
        let mut product = Made { client, path, version: 1, now: made_with };
        let schema = properties();
        for (field, first, another) in values() {
            product.change(field, another).await;
            if takes_null(&schema[field]) {
                product.change(field, Value::Null).await;
            } else {
                product.keeps(field).await;
            }
            product.change(field, first).await;
        }
    }
}
