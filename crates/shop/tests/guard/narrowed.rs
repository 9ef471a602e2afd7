//! Who sees one place learns nothing of the others: not from live changes, not from the restock list, not from the
//! kardex.

use std::time::Duration;

use crate::common::shelves::{of_place, put_shelf_target};
use crate::common::{movement, receipt, stocked};
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use axum::http::header::HOST;
use futures_util::StreamExt;
use gondola_shop::kernel::Face;
use gondola_shop::stock::events;
use gondola_store::{Actor, Role};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Somebody who listens to live changes.
struct Listener(BodyDataStream);

impl Listener {
    async fn open(shop: &TestShop, actor: Actor) -> Self {
        let mut request = Request::get("/api/v1/events").header(HOST, "localhost").body(Body::empty()).unwrap();
        request.extensions_mut().insert(actor);
        let response = shop.face(Face::Dashboard).oneshot(request).await.unwrap();
        Self(response.into_body().into_data_stream())
    }

    /// What the next event tells, if one comes in time.
    async fn hears(&mut self, patience: Duration) -> Option<Value> {
        let next = async {
            loop {
                let bytes = self.0.next().await.expect("the stream has no end").unwrap();
                let text = std::str::from_utf8(&bytes).unwrap();
                if let Some(data) = text.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return serde_json::from_str(data).unwrap();
                }
            }
        };
        tokio::time::timeout(patience, next).await.ok()
    }
}

both_engines! {
    fn live_changes_tell_of_ones_own_place_only(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let api = shop.api(shop.admin());
        let follower = tokio::spawn(events::follow(shop.db().clone(), shop.app().stock_events.clone()));
        let mut everywhere = Listener::open(&shop, shop.admin()).await;
        let mut there = Listener::open(&shop, of_place(&shop, shop.user(Role::Cashier), "local").await).await;
        // The follower tells what moves after its first look.
        loop {
            api.post("/api/v1/movements", receipt("PAN", "1", "10")).await.expect_status(201);
            if everywhere.hears(Duration::from_secs(1)).await.is_some() {
                break;
            }
        }
        api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        api.post("/api/v1/movements", movement("transfer", "LECHE", "4", Some("deposito"), Some("local"))).await.expect_status(201);
        let mut told = Vec::new();
        while told.len() < 2 {
            let event = everywhere.hears(Duration::from_secs(20)).await.expect("everything is told");
            if event["sku"] == "LECHE" {
                told.push((event["kind"].clone(), event["on_hand"].clone()));
            }
        }
        assert_eq!(told, [(json!("receipt"), json!("10")), (json!("transfer"), json!("10"))]);
        let heard = there.hears(Duration::from_secs(20)).await.expect("what touches the place is told");
        assert_eq!((&heard["sku"], &heard["kind"], &heard["on_hand"]), (&json!("LECHE"), &json!("transfer"), &json!("4")));
        follower.abort();
    }
}

both_engines! {
    fn the_restock_list_shows_ones_own_end(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("LECHE", "7", "100")).await.expect_status(201);
        put_shelf_target(&shop, "LECHE", "local", 12).await;
        let list_of = async |who: Actor, place: &str| {
            let api = shop.api(of_place(&shop, who, place).await);
            let page = api.get("/api/v1/transfers/restock").await.expect_status(200).json();
            let item = page["items"][0].clone();
            ["quantity", "target", "on_shelf", "on_the_way", "available"].map(|field| item[field].clone())
        };
        let list = async |place: &str| list_of(shop.user(Role::Deposito), place).await;
        // Who receives counts blind, and is not told what is on the road either.
        assert_eq!(list("local").await, [json!("7"), json!("12"), json!("0"), json!(null), json!(null)]);
        assert_eq!(list_of(shop.manager(), "local").await[3], "0");
        assert_eq!(list("deposito").await, [json!("7"), json!(null), json!(null), json!(null), json!("7")]);
        let elsewhere = shop.api(of_place(&shop, shop.user(Role::Deposito), "cuarentena").await);
        elsewhere.get("/api/v1/transfers/restock").await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// Goods leave one's own place only, by an undo too.
    fn an_undo_takes_nothing_out_of_another_place(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "7", "100")).await.expect_status(201);
        api.post("/api/v1/movements", movement("transfer", "LECHE", "4", Some("deposito"), Some("local"))).await.expect_status(201);
        let sent = movement("transfer", "LECHE", "3", Some("local"), Some("deposito"));
        let sent = api.post("/api/v1/movements", sent).await.expect_status(201).json();
        let undo = format!("/api/v1/movements/{}/reverse", sent["id"].as_str().unwrap());
        let why = || json!({"reason": "No era"});
        let there = shop.api(of_place(&shop, shop.manager(), "local").await);
        there.post(&undo, why()).await.expect_problem(403, "other_place");
        let here = shop.api(of_place(&shop, shop.manager(), "deposito").await);
        here.post(&undo, why()).await.expect_status(201);
    }
}

both_engines! {
    fn the_kardex_leaves_out_what_the_whole_shop_had(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        let moved = api.post("/api/v1/movements", movement("transfer", "LECHE", "4", Some("deposito"), Some("local"))).await.expect_status(201).json();
        let path = format!("/api/v1/movements/{}", moved["id"].as_str().unwrap());
        assert_eq!(api.get(&path).await.json()["balance_after"], "10");
        let cashier = of_place(&shop, shop.user(Role::Cashier), "local").await;
        let there = shop.api(cashier.clone());
        assert_eq!(there.get(&path).await.expect_status(200).json()["balance_after"], json!(null));
        assert_eq!(there.get("/api/v1/movements").await.json()["items"][0]["balance_after"], json!(null));
        let page = shop.page(cashier).get("/stock/movements").await.expect_status(200).text();
        assert!(page.contains("LECHE") && !page.contains("class=\"after\""), "{page}");
    }
}
