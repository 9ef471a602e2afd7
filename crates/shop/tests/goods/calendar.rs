//! What the shop's own calendar decides, on both engines: on which day something counts (CFG-5), and
//! until when goods without a date are good.

use std::time::Duration;

use crate::common::pages::page;
use crate::common::{adds_up, movement, receipt, shop_with};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// From nine in the morning, where every test begins, to 23:30 of that 23 November.
const TO_LATE_EVENING: Duration = Duration::from_secs(14 * 3600 + 30 * 60);

fn yoghurt(changes: Value) -> Value {
    let mut body = json!({"sku": "YOGUR", "name": "Yogur", "category": "LAC", "unit": "un", "perishable": true, "shelf_life_days": 30});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// The lots of a product as `code expires_on days_left`.
async fn lots(shop: &TestShop, sku: &str) -> Vec<String> {
    let found = shop.api(shop.admin()).get(&format!("/api/v1/stock/lots?sku={sku}")).await.expect_status(200).json();
    let lot = |lot: &Value| format!("{} {} {}", lot["code"], lot["expires_on"], lot["days_left"]).replace('"', "");
    found["items"].as_array().unwrap().iter().map(lot).collect()
}

both_engines! {
    /// CFG-5: at 23:30 it is already tomorrow in Greenwich, and still today in the shop.
    fn what_moves_at_half_past_eleven_at_night_counts_today(shop: TestShop) {
        shop_with(&shop, &[yoghurt(json!({}))]).await;
        shop.clock().advance(TO_LATE_EVENING);
        let api = shop.api(shop.admin());
        let posted = api.post("/api/v1/movements", receipt("YOGUR", "10", "100")).await.expect_status(201).json();
        assert_eq!(posted["recorded_at"], "2026-11-24T02:30:00Z", "stored in UTC");
        let on = async |query: &str| {
            let list = api.get(&format!("/api/v1/movements?{query}")).await.expect_status(200).json();
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(on("from=2026-11-23&to=2026-11-23").await, 1, "a day includes its last evening");
        assert_eq!(on("from=2026-11-24").await + on("to=2026-11-22").await, 0);
        let browser = shop.page(shop.admin());
        let home = page(&browser, "/").await;
        assert!(home.contains("Yogur") && home.contains("23:30"), "among today's movements, in the shop's time: {home}");
        shop.clock().advance(Duration::from_secs(30 * 60));
        assert!(!page(&browser, "/").await.contains("Yogur"), "at midnight it was yesterday");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// CFG-5. Perishable without a date: the day it was received, in the shop, and its shelf life.
    fn goods_that_spoil_and_come_without_a_date_get_one(shop: TestShop) {
        shop_with(&shop, &[yoghurt(json!({})), yoghurt(json!({"sku": "LATA", "name": "Lata", "perishable": false}))]).await;
        shop.clock().advance(TO_LATE_EVENING);
        let api = shop.api(shop.admin());
        for sku in ["YOGUR", "LATA"] {
            api.post("/api/v1/movements", receipt(sku, "10", "100")).await.expect_status(201);
        }
        assert_eq!(lots(&shop, "YOGUR").await, [" 2026-12-23 30"]);
        assert_eq!(lots(&shop, "LATA").await, [" null null"], "what does not spoil has no date");
        // The same day is the same lot, another day another one; a date that is given wins.
        api.post("/api/v1/movements", receipt("YOGUR", "1", "100")).await.expect_status(201);
        let mut earlier = receipt("YOGUR", "1", "100");
        earlier["occurred_at"] = "2026-11-20T10:00:00-03:00".into();
        api.post("/api/v1/movements", earlier).await.expect_status(201);
        let mut labelled = receipt("YOGUR", "1", "100");
        labelled["lot"] = json!({"code": "L7", "expires_on": "2026-12-01"});
        api.post("/api/v1/movements", labelled).await.expect_status(201);
        assert_eq!(lots(&shop, "YOGUR").await, ["L7 2026-12-01 8", " 2026-12-20 27", " 2026-12-23 30"]);
        // What comes back from a customer spoils too, and what goes out goes first expiring first.
        api.post("/api/v1/movements", movement("customer_return", "YOGUR", "1", None, Some("local"))).await.expect_status(201);
        api.post("/api/v1/movements", movement("sale", "YOGUR", "2", Some("deposito"), None)).await.expect_status(201);
        assert_eq!(lots(&shop, "YOGUR").await, [" 2026-12-23 30"; 2]);
        adds_up(&shop).await;
    }
}

both_engines! {
    fn days_left_go_down_at_the_shops_midnight(shop: TestShop) {
        shop_with(&shop, &[yoghurt(json!({"shelf_life_days": 1}))]).await;
        shop.clock().advance(TO_LATE_EVENING);
        shop.api(shop.admin()).post("/api/v1/movements", receipt("YOGUR", "1", "100")).await.expect_status(201);
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.extend(lots(&shop, "YOGUR").await);
            shop.clock().advance(Duration::from_secs(24 * 3600));
        }
        assert_eq!(seen, [" 2026-11-24 1", " 2026-11-24 0", " 2026-11-24 -1"]);
    }
}
