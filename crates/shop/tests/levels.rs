//! How products stand, through the API: the level follows what it depends on at once.

mod common;

use common::adds_up;
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

/// A founded shop with these products, all of category `LAC`: SKU, minimum and what there is.
async fn shop_with<'s>(shop: &'s TestShop, products: &[(&str, &str, &str)]) -> Client<'s> {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
    let api = shop.api(shop.admin());
    for (sku, min, there) in products {
        let mut body = json!({"sku": sku, "name": sku, "category": "LAC", "unit": "un", "min_stock": min});
        if *there != "0" {
            body["opening"] = json!({"location": "deposito", "quantity": there, "unit_cost": "100"});
        }
        api.post("/api/v1/products", body).await.expect_status(201);
    }
    api
}

async fn level(api: &Client<'_>, sku: &str) -> Value {
    api.get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json()["level"].clone()
}

both_engines! {
    /// Minimum, reorder point and maximum decide about the level as soon as they are changed.
    fn the_level_follows_the_policy_at_once(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "10")]).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        let change = async |version: i64, body: Value| {
            api.clone().if_match(version).patch("/api/v1/products/sku:LECHE", body).await.expect_status(200);
            level(&api, "LECHE").await
        };
        // In spring a minimum of 50 is 55: ten are less than half of it.
        assert_eq!(change(1, json!({"min_stock": "50", "max_stock": "100"})).await, "critical");
        assert_eq!(change(2, json!({"min_stock": "5"})).await, "normal");
        assert_eq!(change(3, json!({"reorder_point": "3"})).await, "overstock");
        assert_eq!(change(4, json!({"reorder_point": "5", "max_stock": "9"})).await, "overstock");
        assert_eq!(change(5, json!({"max_stock": "15", "name": "Leche entera"})).await, "normal");
        // Many at once, the same.
        let lines = json!({"lines": [{"product": "sku:LECHE", "changes": {"min_stock": "10"}}]});
        api.post("/api/v1/products/bulk", lines).await.expect_status(200);
        assert_eq!(level(&api, "LECHE").await, "low");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// The season of a category scales the minimum of its products at once, and so does another category.
    fn the_level_follows_the_season_of_its_category_at_once(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "10")]).await;
        let season = async |code: &str, version: i64, factor: Value| {
            let body = json!({"seasons": [{"month": 11, "factor": factor}]});
            api.clone().if_match(version).patch(&format!("/api/v1/categories/{code}"), body).await.expect_status(200);
        };
        season("LAC", 1, json!("2.000")).await;
        assert_eq!(level(&api, "LECHE").await, "low");
        season("LAC", 2, json!(null)).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        season("QUE", 1, json!("4.000")).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        api.clone().if_match(1).patch("/api/v1/products/sku:LECHE", json!({"category": "QUE"})).await.expect_status(200);
        assert_eq!(level(&api, "LECHE").await, "critical");
        adds_up(&shop).await;
    }
}
