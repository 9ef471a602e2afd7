//! Fifty thousand products by one rule, seen, applied and taken back (SC-3). The full number runs in a release build or
//! where `GONDOLA_SOAK_MINUTES` is set; what it takes is printed there.

#![allow(clippy::print_stdout, reason = "it tells what it measured")]

use std::time::{Duration, Instant};

use crate::common::{put_row, shop_with};
use axum::http::Method;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// What SC-3 asks for, preview and undo included.
const WANTED: Duration = Duration::from_secs(10);

fn products() -> i64 {
    if cfg!(debug_assertions) && std::env::var_os("GONDOLA_SOAK_MINUTES").is_none() { 2_000 } else { 50_000 }
}

/// Products of one brand at $1,200 over 907.50, put in directly.
async fn stock_up(shop: &TestShop) {
    shop_with(shop, &[]).await;
    let numbers = format!("with recursive n (i) as (select 1 union all select i + 1 from n where i < {})", products());
    let id = match shop.db().engine() {
        gondola_store::Engine::Sqlite => "randomblob(16)",
        gondola_store::Engine::Postgres => "gen_random_uuid()",
    };
    let product = format!(
        "{numbers} insert into products (id, sku, name, short_name, category_id, brand, brand_folded, unit, vat_bp, min_stock,
            max_stock, reorder_point, replacement_cost, name_folded, search_text, created_at, updated_at)
        select {id}, 'V-' || i, 'Producto ' || i, '', (select id from categories where code = 'SAL'), 'Bagley', 'bagley', 'un', 2100,
            5000, 15000, 5000, 9075000, 'producto ' || i, 'producto ' || i, 1, 1 from n where $1 is not null"
    );
    let heads = "insert into stock_heads (product_id, on_hand, avco_value, fifo_layers, last_sequence, level, severity)
        select id, 0, 0, '[]', 0, 'out_of_stock', 1 from products where $1 is not null";
    let prices = "insert into prices (product_id, list, amount, cost, changed_at, changed_by)
        select id, 'GENERAL', 120000, 9075000, 1, 'test' from products where $1 is not null";
    for statement in [product.leak(), heads, prices] {
        put_row(shop, statement).await;
    }
}

both_engines! {
    fn every_price_of_a_large_shop_is_seen_applied_and_taken_back(shop: TestShop) {
        stock_up(&shop).await;
        let api = shop.api(shop.admin());
        let began = Instant::now();
        let rule = json!({"rule": "percentage", "percent": "10", "brand": "Bagley", "reason": "Inflación"});
        let built: Value = api.post("/api/v1/repricings", rule).await.expect_status(201).json();
        assert_eq!((&built["rows"], &built["guarded"]), (&json!(products()), &json!(0)));
        let seen = began.elapsed();
        let path = format!("/api/v1/repricings/{}", built["id"].as_str().unwrap());
        let applied = api.post(&format!("{path}/apply"), json!({})).await.expect_status(200).json();
        assert_eq!(applied["applied"], json!(products()));
        let held = began.elapsed();
        let back = api.send(Method::POST, &format!("{path}/rollback"), None).await.expect_status(200).json();
        assert_eq!((&back["restored"], &back["skipped"]), (&json!(products()), &json!(0)));
        let all = began.elapsed();
        println!("{} products on {}: seen {seen:?}, held {held:?}, back {all:?}", products(), shop.db().engine().name());
        assert!(cfg!(debug_assertions) || all < WANTED, "{all:?}");
        let price = api.get("/api/v1/products/sku:V-7").await.expect_status(200).json();
        assert_eq!(price["sale_price"], "1200.00");
    }
}
