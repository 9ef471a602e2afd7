//! What a shop does by itself, and what it remembers for its own use: levels that follow the calendar,
//! keys that are forgotten, news for listeners, the facts that `doctor` and the health check look at.

use std::time::Duration;

use crate::common::{adds_up, movement, on_hand, receipt, stocked};
use gondola_shop::people::{KeyInput, console};
use gondola_shop::stock::{events, refresh_all};
use gondola_store::settings::{self, ForgetKeys, PutSetting};
use gondola_store::{Actor, Engine};
use gondola_testkit::{TestShop, both_engines};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn standing(shop: &TestShop, sku: &str) -> Value {
    shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json()
}

both_engines! {
    /// 40 units, one sold a day for ten days: 30 left last 30 days. A month later nothing was sold, and it says so.
    fn how_a_product_stands_follows_the_calendar(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("FIDEOS", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("ARROZ", "40", "100")).await.expect_status(201);
        for _ in 0..10 {
            api.post("/api/v1/movements", movement("sale", "ARROZ", "1", Some("deposito"), None)).await.expect_status(201);
            shop.clock().advance(DAY);
        }
        assert_eq!(refresh_all(shop.db()).await.unwrap(), 2);
        let selling = standing(&shop, "ARROZ").await;
        assert_eq!((&selling["on_hand"], &selling["level"]), (&json!("30"), &json!("overstock")), "{selling}");
        let days: u32 = selling["cover_days"].as_str().unwrap().split('.').next().unwrap().parse().unwrap();
        assert!((28..=33).contains(&days), "{selling}");
        shop.clock().advance(DAY * 31);
        assert_eq!(standing(&shop, "ARROZ").await["level"], "overstock", "nobody looked yet");
        refresh_all(shop.db()).await.unwrap();
        let resting = standing(&shop, "ARROZ").await;
        assert_eq!((&resting["level"], &resting["cover_days"]), (&json!("no_movement"), &Value::Null), "{resting}");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Contract section 4: an idempotency key is remembered until it is too old, and then does it again.
    fn a_key_that_is_forgotten_does_it_again(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        let api = shop.api(shop.admin()).key("remito-1");
        api.post("/api/v1/movements", receipt("ARROZ", "5", "100")).await.expect_status(201);
        let worker = Actor::system("worker");
        let kept = shop.db().execute(&worker, None, ForgetKeys { before: shop.db().now() }).await.unwrap();
        assert_eq!(kept.out, 0, "it is not older than now");
        let again = api.post("/api/v1/movements", receipt("ARROZ", "5", "100")).await.expect_status(201);
        assert_eq!((again.header("idempotency-replayed"), on_hand(&shop, "ARROZ").await), ("true", "5".to_owned()));
        let gone = shop.db().execute(&worker, None, ForgetKeys { before: shop.db().now() + 1 }).await.unwrap();
        assert_eq!(gone.out, 1);
        let anew = api.post("/api/v1/movements", receipt("ARROZ", "5", "100")).await.expect_status(201);
        assert_eq!((anew.header("idempotency-replayed"), on_hand(&shop, "ARROZ").await), ("", "10".to_owned()));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_listener_hears_of_every_movement_once(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("ARROZ", "5", "100")).await.expect_status(201);
        let news = shop.app().stock_events.clone();
        let mut listener = news.subscribe();
        let follower = tokio::spawn(events::follow(shop.db().clone(), news.clone()));
        // What happened before somebody listened is not news; the follower's first look says up to where.
        let mut heard = Vec::new();
        for sold in 1..=40 {
            api.post("/api/v1/movements", movement("receipt", "ARROZ", "1", None, Some("deposito"))).await.expect_status(201);
            if let Ok(Ok(told)) = tokio::time::timeout(Duration::from_millis(700), listener.recv()).await {
                let told: Value = serde_json::from_str(&told.told).unwrap();
                assert_eq!((&told["sku"], &told["kind"]), (&json!("ARROZ"), &json!("receipt")));
                heard.push(told["sequence"].as_i64().unwrap());
            }
            if heard.len() >= 2 || sold == 40 {
                break;
            }
        }
        follower.abort();
        assert!(heard.len() >= 2 && heard.windows(2).all(|pair| pair[0] < pair[1]), "{heard:?}");
    }
}

both_engines! {
    fn the_kardex_of_a_document_is_what_its_paper_moved(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("FIDEOS", "un")]).await;
        let api = shop.api(shop.admin());
        for (sku, document) in [("ARROZ", "R 0001-1"), ("FIDEOS", "R 0001-1"), ("ARROZ", "R 0001-2")] {
            let mut body = receipt(sku, "5", "100");
            body["document"] = document.into();
            api.post("/api/v1/movements", body).await.expect_status(201);
        }
        let seen = async |query: &str| {
            let page = api.get(&format!("/api/v1/movements?{query}")).await.expect_status(200).json();
            let items = page["items"].as_array().unwrap().clone();
            items.iter().map(|item| format!("{} {}", item["product"].as_str().unwrap(), item["document"].as_str().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(seen("document=R+0001-1").await, ["sku:FIDEOS R 0001-1", "sku:ARROZ R 0001-1"]);
        assert_eq!(seen("document=R+0001-1&product=sku:ARROZ").await, ["sku:ARROZ R 0001-1"]);
        assert_eq!(seen("document=R+0001-3").await, Vec::<String>::new());
        let first = api.get("/api/v1/movements?document=R+0001-1&limit=1").await.expect_status(200).json();
        assert_eq!(seen(&format!("document=R+0001-1&after={}", first["next"].as_str().unwrap())).await, ["sku:ARROZ R 0001-1"]);
        assert_eq!(seen("document=R+0001-1&from=2026-11-24").await, Vec::<String>::new());
        assert_eq!(seen("to=9999-12-31").await.len(), 3, "a day beyond all instants ends nothing");
    }
}

both_engines! {
    /// What `doctor` compares: the engine, its clock, the last thing the shop remembers.
    fn a_shop_knows_its_engine_and_its_last_memory(shop: TestShop) {
        let db = shop.db();
        let version = db.engine_version().await.unwrap();
        let newest = if db.engine() == Engine::Sqlite { "3." } else { "1" };
        assert!(version.starts_with(newest), "{version}");
        // A real clock, whatever the shop's says.
        assert!(db.now_there().await.unwrap() > 1_735_689_600_000_000, "after 2025 began");
        assert_eq!(db.last_remembered().await.unwrap(), 0);
        for value in ["one", "two"] {
            shop.clock().advance(DAY);
            db.execute(&Actor::system("test"), None, PutSetting { key: "test.fact", value: value.to_owned() }).await.unwrap();
        }
        assert_eq!(db.last_remembered().await.unwrap(), db.now());
        let mut rx = db.read().await.unwrap();
        assert_eq!(settings::find(&mut rx.as_tx(), "test.fact").await.unwrap().as_deref(), Some("two"));
        assert_eq!(settings::find(&mut rx.as_tx(), "test.other").await.unwrap(), None);
    }
}

both_engines! {
    fn a_shop_that_can_be_read_and_written_is_ready(shop: TestShop) {
        let report = shop.program().get("/health/ready").await.expect_status(200).json();
        assert_eq!(report["status"], "healthy", "{report}");
        assert!(shop.db().damage().await.unwrap().is_empty());
    }
}

both_engines! {
    /// The console owns the shop: it makes a key, lists it and takes it back by its name.
    fn the_console_revokes_a_key_by_its_name(shop: TestShop) {
        let input = KeyInput { name: Some("balanza".to_owned()), scopes: vec!["read".to_owned()], ..KeyInput::default() };
        let made = console::create_key(shop.db(), &TimeZone::UTC, input).await.unwrap();
        let mine = shop.program().header("x-api-key", made.secret.reveal());
        mine.get("/api/v1/me").await.expect_status(200);
        let missing = console::revoke_key(shop.db(), "otra").await.unwrap_err();
        assert_eq!(missing.code, "not_found");
        assert!(console::revoke_key(shop.db(), "balanza").await.unwrap().revoked_at.is_some());
        mine.get("/api/v1/me").await.expect_status(401);
        assert_eq!(console::list_keys(shop.db()).await.unwrap().len(), 1);
    }
}

both_engines! {
    /// No demo is written into a shop that is in use.
    fn a_shop_with_a_product_is_in_use(shop: TestShop) {
        let used = async || {
            let mut rx = shop.db().read().await.unwrap();
            gondola_shop::demo::is_used(&mut rx.as_tx()).await.unwrap()
        };
        assert!(!used().await);
        stocked(&shop, &[("ARROZ", "un")]).await;
        assert!(used().await);
    }
}

both_engines! {
    /// The first page: how many products stand at which level, the worst of them, what everything is worth.
    fn the_home_page_shows_how_the_shop_stands(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("FIDEOS", "un")]).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("ARROZ", "40", "125.50")).await.expect_status(201);
        let home = shop.page(shop.admin()).get("/").await.expect_status(200).text();
        assert!(home.contains("$ 5.020,00"), "what it is worth: {home}");
        assert!(home.contains("FIDEOS"), "what is out of stock comes first: {home}");
        let cashier = shop.page(shop.user(gondola_store::Role::Cashier)).get("/").await.expect_status(200).text();
        assert!(!cashier.contains("5.020,00"), "cost is not for everybody");
    }
}
