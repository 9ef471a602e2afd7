//! Many at once, on both engines: oversell, same-key storms, opposing transfers, double undo. Every
//! scenario ends with a book that adds up. `cargo xtask soak` runs all of them round after round.

mod common;

use std::sync::Arc;

use common::{adds_up, movement, on_hand, receipt, stocked};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// Posts all bodies at once and answers the statuses.
async fn all_at_once(shop: &Arc<TestShop>, calls: Vec<(String, Option<String>, Value)>) -> Vec<u16> {
    let mut racers = tokio::task::JoinSet::new();
    for (path, key, body) in calls {
        let shop = Arc::clone(shop);
        racers.spawn(async move {
            let api = shop.api(shop.admin());
            let api = match key {
                Some(key) => api.key(&key),
                None => api,
            };
            api.post(&path, body).await.status
        });
    }
    racers.join_all().await
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|answered| **answered == status).count()
}

both_engines! {
    /// SC-6 and R-15: 1,000 clients race for 10 units, exactly 10 are sold. Once here; `cargo xtask soak` makes it
    /// as many rounds as its minutes hold.
    fn a_thousand_clients_race_for_ten_units(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let shop = Arc::new(shop);
        shop.api(shop.admin()).post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        let sale = || ("/api/v1/movements".to_owned(), None, movement("sale", "LECHE", "1", Some("deposito"), None));
        let statuses = all_at_once(&shop, (0..1000).map(|_| sale()).collect()).await;
        assert_eq!((count(&statuses, 201), count(&statuses, 409)), (10, 990), "{statuses:?}");
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn the_same_key_from_everywhere_moves_stock_once(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let shop = Arc::new(shop);
        let call = || ("/api/v1/movements".to_owned(), Some("storm".to_owned()), receipt("LECHE", "7", "100"));
        let statuses = all_at_once(&shop, (0..200).map(|_| call()).collect()).await;
        assert_eq!(count(&statuses, 201), 200, "{statuses:?}");
        assert_eq!(on_hand(&shop, "LECHE").await, "7");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Two products, two places, batches that name them in opposite orders: nobody waits in a circle.
    fn opposing_transfers_all_arrive(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let shop = Arc::new(shop);
        let api = shop.api(shop.admin());
        for sku in ["LECHE", "PAN"] {
            api.post("/api/v1/movements", receipt(sku, "1000", "100")).await.expect_status(201);
            api.post("/api/v1/movements", movement("transfer", sku, "500", Some("deposito"), Some("local"))).await.expect_status(201);
        }
        let batch = |one: &str, two: &str, from: &str, to: &str| {
            let lines = [one, two].map(|sku| movement("transfer", sku, "1", Some(from), Some(to)));
            ("/api/v1/movements/batch".to_owned(), None, json!({"mode": "atomic", "lines": lines}))
        };
        let calls = (0..100).map(|at| match at % 2 {
            0 => batch("LECHE", "PAN", "deposito", "local"),
            _ => batch("PAN", "LECHE", "local", "deposito"),
        });
        let statuses = all_at_once(&shop, calls.collect()).await;
        assert_eq!(count(&statuses, 201), 100, "{statuses:?}");
        assert_eq!(on_hand(&shop, "LECHE").await, "1000");
        assert_eq!(on_hand(&shop, "PAN").await, "1000");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_movement_is_undone_once_however_many_ask(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let shop = Arc::new(shop);
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "15", "100")).await.expect_status(201);
        let sale = api.post("/api/v1/movements", movement("sale", "LECHE", "3", Some("deposito"), None)).await.expect_status(201).json();
        let path = format!("/api/v1/movements/{}/reverse", sale["id"].as_str().unwrap());
        let statuses = all_at_once(&shop, (0..50).map(|_| (path.clone(), None, json!({"reason": "error de carga"}))).collect()).await;
        assert_eq!((count(&statuses, 201), count(&statuses, 409)), (1, 49), "{statuses:?}");
        assert_eq!(on_hand(&shop, "LECHE").await, "15");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Positions are drawn while others draw too: batches of many lines side by side never share one.
    fn batches_side_by_side_draw_their_own_positions(shop: TestShop) {
        let skus: Vec<String> = (0..20).map(|at| format!("P{at}")).collect();
        stocked(&shop, &skus.iter().map(|sku| (sku.as_str(), "un")).collect::<Vec<_>>()).await;
        let shop = Arc::new(shop);
        let calls = skus.iter().map(|sku| {
            let lines: Vec<_> = (0..50).map(|_| receipt(sku, "1", "100")).collect();
            ("/api/v1/movements/batch".to_owned(), None, json!({"mode": "atomic", "lines": lines}))
        });
        let statuses = all_at_once(&shop, calls.collect()).await;
        assert_eq!(count(&statuses, 201), 20, "{statuses:?}");
        adds_up(&shop).await;
    }
}
