//! How long a price may stay as it is before its light goes on is the shop's to say (`prices.stale_days`), on both engines.

use std::time::Duration;

use gondola_testkit::{TestShop, both_engines};
use serde_json::json;

use crate::common::shop_with;

/// The products whose light is on.
async fn stale(shop: &TestShop) -> Vec<String> {
    let page = shop.api(shop.admin()).get("/api/v1/prices?light=stale").await.expect_status(200).json();
    page["items"].as_array().unwrap().iter().map(|row| row["sku"].as_str().unwrap().to_owned()).collect()
}

both_engines! {
    /// M11: 30 days unless the settings say otherwise; on the last of them a price is not old yet.
    fn the_days_of_the_settings_decide_when_a_price_is_old(shop: TestShop) {
        let mut shop = shop;
        let biscuits = |sku: &str| json!({"sku": sku, "name": format!("Galletitas {sku}"), "category": "SAL", "unit": "un",
            "replacement_cost": "907.50", "sale_price": "1200.00"});
        shop_with(&shop, &[biscuits("G-1"), biscuits("G-2")]).await;
        shop.call_prices_old_after(7);
        let days = |days: u64| Duration::from_secs(days * 24 * 3600);
        shop.clock().advance(days(7));
        assert!(stale(&shop).await.is_empty());
        let body = json!({"product": "sku:G-2", "price": "1250.00", "reason": "Subió la harina"});
        shop.api(shop.admin()).post("/api/v1/prices", body).await.expect_status(201);
        shop.clock().advance(days(1));
        assert_eq!(stale(&shop).await, ["G-1"], "what was changed since is not old");
        shop.call_prices_old_after(30);
        assert!(stale(&shop).await.is_empty(), "the same price in a shop that waits longer");
        shop.clock().advance(days(23));
        assert_eq!(stale(&shop).await, ["G-1"]);
    }
}
