//! Who may not see what goods cost does not change it either, over the API, in bulk, by a list or by a page: it is the
//! old one after the refusal. What a new product or a receipt costs is told by whoever brings it in.

use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

use super::key_in_use;
use crate::common::pages::form;
use crate::common::shop_with;
use crate::forbidden::requests::digest;

/// What is known of the cost of `QUESO`.
async fn costs(shop: &TestShop) -> [Value; 3] {
    let product = shop.api(shop.admin()).get("/api/v1/products/sku:QUESO").await.expect_status(200).json();
    let supplier = product["suppliers"][0]["last_cost"].clone();
    [product["acquisition_cost"].clone(), product["replacement_cost"].clone(), supplier]
}

/// Every field of a product that tells a cost.
fn changes() -> [Value; 5] {
    [
        json!({"acquisition_cost": "1.0000"}),
        json!({"acquisition_cost": null}),
        json!({"replacement_cost": "1.0000"}),
        json!({"replacement_cost": null}),
        json!({"suppliers": [{"supplier": "LS", "last_cost": "1.0000"}]}),
    ]
}

async fn cannot_change_it(client: &Client<'_>) {
    for change in changes() {
        let client = client.clone().if_match(1);
        client.patch("/api/v1/products/sku:QUESO", change.clone()).await.expect_problem(403, "forbidden");
        let line = |sku: &str, changes: Value| json!({"product": format!("sku:{sku}"), "changes": changes});
        let lines = json!({"lines": [line("PAN", json!({"name": "Pan de molde"})), line("QUESO", change.clone())]});
        client.post("/api/v1/products/bulk", lines).await.expect_problem(403, "forbidden");
    }
    for list in ["sku,costo\nQUESO,1\n", "sku,nombre,costo de reposición\nQUESO,Otro,1\n"] {
        for path in ["products", "products?dry_run=true", "products?atomic=true"] {
            let content = Some(("text/csv", list.as_bytes().to_vec()));
            client
                .send(Method::POST, &format!("/api/v1/imports/{path}"), content)
                .await
                .expect_problem(403, "forbidden");
        }
    }
}

both_engines! {
    /// A program that changes products and sees no cost, and people who see none.
    fn a_cost_is_the_old_one_after_it_was_refused(shop: TestShop) {
        gondola_shop::catalogue::found_shop(shop.db()).await.unwrap();
        let content = Some(("text/csv", "code,name\nLS,La Serenísima\n".as_bytes().to_vec()));
        shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/suppliers", content).await.expect_status(201);
        let cheese = json!({"sku": "QUESO", "name": "Queso", "category": "GEN", "unit": "kg",
            "acquisition_cost": "100.0000", "replacement_cost": "110.0000",
            "suppliers": [{"supplier": "LS", "last_cost": "105.0000"}]});
        let bread = json!({"sku": "PAN", "name": "Pan", "category": "GEN", "unit": "un"});
        for product in [cheese, bread] {
            shop.api(shop.admin()).post("/api/v1/products", product).await.expect_status(201);
        }
        let old = costs(&shop).await;
        assert_eq!(old, ["100.0000", "110.0000", "105.0000"].map(|cost| json!(cost)));
        let writer = shop.program().header("x-api-key", &key_in_use(&shop, "write").await);
        let before = digest(&shop).await;
        cannot_change_it(&writer).await;
        for role in [Role::Deposito, Role::Cashier] {
            cannot_change_it(&shop.api(shop.user(role))).await;
            let fields = [("version", "1"), ("name", "Queso"), ("sku", "QUESO"), ("acquisition_cost", "1,00")];
            let page = shop.page(shop.user(role));
            page.form("/products/QUESO/edit", &form(&fields)).await.expect_status(403);
        }
        assert_eq!(costs(&shop).await, old);
        assert_eq!(digest(&shop).await, before, "and all the rest is as it was");
        // The same, by who may.
        let owner = shop.api(shop.admin());
        for (version, change) in (1..).zip(changes()) {
            let path = "/api/v1/products/sku:QUESO";
            owner.clone().if_match(version).patch(path, change).await.expect_status(200);
        }
        assert_eq!(costs(&shop).await, [Value::Null, Value::Null, json!("1.0000")]);
    }
}

both_engines! {
    /// Who sees no cost and changes something else leaves the cost as it is: the form of their page has none.
    fn a_cost_that_is_not_seen_stays_when_the_rest_is_changed(shop: TestShop) {
        let cheese = json!({"sku": "QUESO", "name": "Queso", "category": "GEN", "unit": "kg",
            "acquisition_cost": "100.0000", "replacement_cost": "110.0000"});
        shop_with(&shop, &[cheese]).await;
        let writer = shop.program().header("x-api-key", &key_in_use(&shop, "write").await).if_match(1);
        writer.patch("/api/v1/products/sku:QUESO", json!({"name": "Queso cremoso"})).await.expect_status(200);
        assert_eq!(costs(&shop).await, [json!("100.0000"), json!("110.0000"), Value::Null]);
    }
}
