//! How products stand, on both engines: each level, the season's part in it, how long stock lasts,
//! what the daily refresh changes and in which order people are told. The comparisons themselves are
//! tested in the ledger.

use std::time::Duration;

use crate::common::{adds_up, movement, put_row, receipt, shop_with};
use gondola_shop::kernel::Reader;
use gondola_shop::stock::{refresh_all, urgent};
use gondola_store::Permission;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Noon UTC of 15 January 2027, in microseconds.
const MID_JANUARY: i64 = 1_800_014_400_000_000;

/// A product of which ten should be there; in November, spring, that is eleven.
fn wanted(sku: &str) -> Value {
    json!({"sku": sku, "name": sku, "category": "LAC", "unit": "un", "perishable": false, "min_stock": "10", "max_stock": "30", "reorder_point": "20"})
}

/// So many days before the test's first morning, at nine.
fn days_ago(days: u32, mut body: Value) -> Value {
    let day = jiff::civil::date(2026, 11, 23).saturating_sub(jiff::Span::new().days(days));
    body["occurred_at"] = format!("{day}T09:00:00-03:00").into();
    body
}

async fn post(shop: &TestShop, body: Value) {
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

async fn stood(shop: &TestShop, sku: &str) -> (Value, Value) {
    let item = shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json();
    (item["level"].clone(), item["cover_days"].clone())
}

async fn skus(shop: &TestShop, query: &str) -> Vec<String> {
    let list = shop.api(shop.admin()).get(&format!("/api/v1/inventory?{query}")).await.expect_status(200).json();
    let mut skus: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect();
    skus.sort();
    skus
}

/// What has to be looked at, in the order people are told.
async fn told(shop: &TestShop) -> Vec<String> {
    let mut reader = Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.unwrap();
    urgent(&mut reader, 100).await.unwrap().into_iter().map(|standing| standing.sku).collect()
}

/// Programs may sell what is not there.
const OVERDRAW: &str = "insert into negative_policies (id, channel, overdraw) values ($1, 'api', 'allow_and_flag')";

both_engines! {
    /// Stock levels, the table: each level once, and a list of each.
    fn every_level_is_told_and_listed(shop: TestShop) {
        let levels = ["NEGATIVE", "OUT_OF_STOCK", "CRITICAL", "LOW", "NORMAL", "OVERSTOCK", "NO_MOVEMENT"];
        shop_with(&shop, &levels.map(wanted)).await;
        put_row(&shop, OVERDRAW).await;
        for (sku, quantity) in [("CRITICAL", "5"), ("LOW", "11"), ("NORMAL", "12"), ("OVERSTOCK", "31")] {
            post(&shop, receipt(sku, quantity, "100")).await;
        }
        post(&shop, days_ago(30, receipt("NO_MOVEMENT", "12", "100"))).await;
        let sale = movement("sale", "NEGATIVE", "1", Some("local"), None);
        let sold = shop.api(shop.key("read,write")).post("/api/v1/movements", sale).await.expect_status(201).json();
        assert_eq!(sold["flags"], json!(["negative_stock"]));
        for sku in levels {
            let level = sku.to_lowercase();
            assert_eq!(stood(&shop, sku).await.0, json!(level));
            assert_eq!(skus(&shop, &format!("level={level}")).await, [sku]);
        }
        assert_eq!(skus(&shop, "low_stock=true").await, ["CRITICAL", "LOW", "NEGATIVE", "OUT_OF_STOCK"]);
        assert_eq!(told(&shop).await, ["NEGATIVE", "OUT_OF_STOCK", "CRITICAL", "LOW"], "worst first");
        for narrowed in ["location=deposito", "status=available"] {
            assert_eq!(skus(&shop, &format!("low_stock=true&{narrowed}")).await, ["CRITICAL", "LOW"], "{narrowed}");
        }
        assert_eq!(skus(&shop, "status=available").await, ["CRITICAL", "LOW", "NORMAL", "NO_MOVEMENT", "OVERSTOCK"]);
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Exact decimals: a minimum of 7 in summer is 9.1, so a stock of 9 is low; in spring it is 7.7.
    fn the_season_scales_the_minimum(shop: TestShop) {
        let seven = json!({"sku": "LECHE", "name": "Leche", "category": "LAC", "unit": "un", "min_stock": "7", "max_stock": "70", "reorder_point": "7"});
        shop_with(&shop, &[seven]).await;
        post(&shop, receipt("LECHE", "9", "100")).await;
        assert_eq!(stood(&shop, "LECHE").await.0, "normal");
        shop.clock().set(MID_JANUARY);
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LECHE").await.0, "low");
        // Editable by category and month; nothing else of the product changes.
        let change = json!({"seasons": [{"month": 1, "factor": "1.2"}]});
        shop.api(shop.admin()).if_match(1).patch("/api/v1/categories/LAC", change).await.expect_status(200);
        post(&shop, receipt("LECHE", "1", "100")).await;
        post(&shop, movement("sale", "LECHE", "1", Some("deposito"), None)).await;
        assert_eq!(stood(&shop, "LECHE").await.0, "normal");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Cover days: stock / average daily demand over days in stock, not per movement.
    fn cover_counts_the_days_there_was_something_to_sell(shop: TestShop) {
        let mut few = wanted("LECHE");
        few["min_stock"] = "1".into();
        shop_with(&shop, &[few]).await;
        let sale = |quantity: &str| movement("sale", "LECHE", quantity, Some("deposito"), None);
        // Two days with four pieces, a gap of eleven days, then eight days with many: 20 sold on 10 days of 30.
        post(&shop, days_ago(20, receipt("LECHE", "4", "100"))).await;
        post(&shop, days_ago(19, sale("4"))).await;
        post(&shop, days_ago(7, receipt("LECHE", "46", "100"))).await;
        for days in [6, 5, 4, 3, 2, 1, 0, 0] {
            post(&shop, days_ago(days, sale("2"))).await;
        }
        // Only sales are demand.
        post(&shop, days_ago(1, movement("customer_return", "LECHE", "1", None, Some("deposito")))).await;
        post(&shop, days_ago(1, movement("waste", "LECHE", "1", Some("deposito"), None))).await;
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LECHE").await, (json!("normal"), json!("15.0")));
        post(&shop, sale("25")).await;
        assert_eq!(stood(&shop, "LECHE").await, (json!("critical"), json!("2.5")), "less than 3 days is critical at once");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Stock that has not moved for 30 days says so, and demand is of the last 30 days: the calendar
    /// changes both, with the daily refresh.
    fn a_month_without_a_movement_is_noticed_by_the_daily_refresh(shop: TestShop) {
        shop_with(&shop, &[wanted("LECHE"), wanted("NADA")]).await;
        post(&shop, receipt("LECHE", "24", "100")).await;
        post(&shop, movement("sale", "LECHE", "4", Some("deposito"), None)).await;
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LECHE").await, (json!("normal"), json!("5.0")));
        shop.clock().advance(29 * DAY);
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LECHE").await, (json!("overstock"), json!("150.0")), "4 sold on 30 days");
        shop.clock().advance(DAY);
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LECHE").await.0, json!("no_movement"));
        shop.clock().advance(DAY);
        assert_eq!(refresh_all(shop.db()).await.unwrap(), 2, "every product, whether it moved or not");
        assert_eq!(stood(&shop, "LECHE").await, (json!("no_movement"), json!(null)));
        assert_eq!(stood(&shop, "NADA").await, (json!("out_of_stock"), json!(null)));
        post(&shop, movement("waste", "LECHE", "1", Some("deposito"), None)).await;
        assert_eq!(stood(&shop, "LECHE").await.0, json!("normal"), "a movement is told at once");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Worst level first, then lowest cover; what does not sell comes last.
    fn of_one_level_what_lasts_least_comes_first(shop: TestShop) {
        shop_with(&shop, &["LENTA", "QUIETA", "RAPIDA", "CRITICA"].map(wanted)).await;
        for (sku, came, sold) in [("LENTA", "21", "10"), ("RAPIDA", "31", "20")] {
            post(&shop, days_ago(9, receipt(sku, came, "100"))).await;
            post(&shop, days_ago(1, movement("sale", sku, sold, Some("deposito"), None))).await;
        }
        post(&shop, receipt("QUIETA", "11", "100")).await;
        post(&shop, receipt("CRITICA", "5", "100")).await;
        refresh_all(shop.db()).await.unwrap();
        assert_eq!(stood(&shop, "LENTA").await, (json!("low"), json!("11.0")));
        assert_eq!(stood(&shop, "RAPIDA").await, (json!("low"), json!("5.5")));
        assert_eq!(told(&shop).await, ["CRITICA", "RAPIDA", "LENTA", "QUIETA"]);
        adds_up(&shop).await;
    }
}
