//! A round of the worker, on both engines: keys are forgotten after 30 days and not before, promises
//! end, levels follow the calendar, and a second round changes nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use gondola_server::worker::round;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn with_milk(shop: &TestShop) {
    gondola_shop::catalogue::found_shop(shop.db()).await.unwrap();
    let milk = json!({"sku": "LECHE", "name": "Leche", "category": "LAC", "unit": "un", "perishable": false});
    shop.api(shop.admin()).post("/api/v1/products", milk).await.expect_status(201);
}

fn receipt() -> Value {
    json!({"kind": "receipt", "product": "sku:LECHE", "quantity": "10", "to": "deposito", "reason": "compra"})
}

async fn milk(shop: &TestShop) -> (Value, Value) {
    let item = shop.api(shop.admin()).get("/api/v1/inventory/LECHE").await.expect_status(200).json();
    (item["on_hand"].clone(), item["level"].clone())
}

both_engines! {
    /// Contract section 4: idempotency keys last 30 days.
    fn a_key_is_remembered_for_thirty_days(shop: TestShop) {
        with_milk(&shop).await;
        let api = shop.api(shop.key("read,write")).key("compra-1");
        let first = api.post("/api/v1/movements", receipt()).await.expect_status(201);
        shop.clock().advance(29 * DAY + 23 * HOUR);
        round(shop.db()).await;
        let again = api.post("/api/v1/movements", receipt()).await.expect_status(201);
        assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
        assert_eq!(milk(&shop).await.0, "10");
        shop.clock().advance(HOUR + Duration::from_secs(1));
        round(shop.db()).await;
        let anew = api.post("/api/v1/movements", receipt()).await.expect_status(201);
        assert_eq!(anew.header("idempotency-replayed"), "");
        assert_eq!(milk(&shop).await.0, "20", "the request stands alone");
        round(shop.db()).await;
        api.post("/api/v1/movements", receipt()).await.expect_status(201);
        assert_eq!(milk(&shop).await.0, "20", "and is remembered again");
    }
}

both_engines! {
    fn a_round_ends_promises_and_refreshes_levels_and_a_second_one_changes_nothing(shop: TestShop) {
        with_milk(&shop).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt()).await.expect_status(201);
        let promise = json!({"product": "sku:LECHE", "location": "deposito", "quantity": "4", "expires_at": "2026-11-24T20:00:00-03:00"});
        let promise = api.post("/api/v1/reservations", promise).await.expect_status(201).json();
        let path = format!("/api/v1/reservations/{}", promise["id"].as_str().unwrap());
        round(shop.db()).await;
        assert_eq!(api.get(&path).await.json()["state"], "pending", "its time is not over");
        assert_eq!(milk(&shop).await, (json!("10"), json!("normal")));
        shop.clock().advance(30 * DAY);
        assert_eq!(milk(&shop).await.1, "normal", "nobody looked at the calendar yet");
        for _ in 0..2 {
            round(shop.db()).await;
            assert_eq!(api.get(&path).await.json()["state"], "expired");
            assert_eq!(milk(&shop).await, (json!("10"), json!("no_movement")));
        }
    }
}
