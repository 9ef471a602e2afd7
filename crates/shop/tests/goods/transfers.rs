//! Transfers on both engines, through the API: goods on the road are still the shop's, and what was
//! sent ends received, claimed or back.

use crate::common::shelves::{
    held, lots, of_place, put_shelf_target, sell, standing, stock_up, stock_up_lot, with_rice,
};
use crate::common::{adds_up, movement, on_hand, stocked, value};
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

fn of_rice(quantity: &str) -> Value {
    json!({"from": "deposito", "to": "local", "lines": [{"product": "sku:ARROZ", "quantity": quantity}],
        "reason": "Reposición", "document": "R 0001-00000007"})
}

async fn send(shop: &TestShop, body: Value) -> Value {
    let sent = shop.api(shop.admin()).post("/api/v1/transfers", body).await.expect_status(201).json();
    assert_eq!(sent["state"], "sent");
    sent
}

fn path(transfer: &Value, step: &str) -> String {
    format!("/api/v1/transfers/{}{step}", transfer["id"].as_str().expect("an id"))
}

fn found(sku: &str, quantity: &str) -> Value {
    json!({"lines": [{"product": format!("sku:{sku}"), "quantity": quantity}]})
}

both_engines! {
    fn goods_on_the_road_are_still_the_shops(shop: TestShop) {
        with_rice(&shop, "10").await;
        let sent = send(&shop, of_rice("4")).await;
        assert_eq!((held(&shop, "ARROZ", "deposito").await, held(&shop, "ARROZ", "local").await), ("6".into(), "0".into()));
        assert_eq!((on_hand(&shop, "ARROZ").await, value(&shop, "ARROZ").await), ("10".into(), "1000.00".into()));
        let api = shop.api(shop.admin());
        let received = api.post(&path(&sent, "/receive"), found("ARROZ", "4")).await.expect_status(200).json();
        assert_eq!((&received["state"], &received["differences"]), (&json!("received"), &json!(0)));
        assert_eq!((&received["closed_by"], &received["lines"][0]["difference"]), (&json!("admin"), &json!("0")));
        assert_eq!(held(&shop, "ARROZ", "local").await, "4");
        assert_eq!(value(&shop, "ARROZ").await, "1000.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn what_did_not_arrive_becomes_one_claim(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        stock_up(&shop, "ARROZ", "10").await;
        stock_up(&shop, "YERBA", "10").await;
        let mut body = of_rice("5");
        body["lines"] = json!([{"product": "sku:ARROZ", "quantity": "5"}, {"product": "sku:YERBA", "quantity": "3"}]);
        let sent = send(&shop, body).await;
        let api = shop.api(shop.admin());
        let mut seen = found("ARROZ", "6");
        seen["reason"] = json!("Vino una de más y faltó la yerba");
        let received = api.post(&path(&sent, "/receive"), seen).await.expect_status(200).json();
        assert_eq!(received["differences"], 2);
        assert_eq!((&received["lines"][0]["difference"], &received["lines"][1]["difference"]), (&json!("1"), &json!("-3")));
        assert_eq!((held(&shop, "ARROZ", "local").await, held(&shop, "YERBA", "local").await), ("6".into(), "0".into()));
        assert_eq!((on_hand(&shop, "ARROZ").await, on_hand(&shop, "YERBA").await), ("11".into(), "7".into()));
        let claim = api.get("/api/v1/movements?kind=adjustment").await.expect_status(200).json();
        let adjusted: Vec<_> = claim["items"].as_array().expect("items").iter().map(|m| (m["from"].clone(), m["to"].clone(), m["quantity"].clone(), m["document"].clone())).collect();
        assert_eq!(adjusted, [
            (json!("in_transit"), json!("inventory_difference"), json!("3"), json!("R 0001-00000007")),
            (json!("inventory_difference"), json!("local"), json!("1"), json!("R 0001-00000007")),
        ]);
        adds_up(&shop).await;
    }
}

both_engines! {
    /// The lots of two transfers on the road at once do not mix; when less arrives, what expires first is there.
    fn the_lots_that_were_sent_arrive(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "4", "TARDE", "2027-06-30").await;
        stock_up_lot(&shop, "ARROZ", "2", "PRONTO", "2026-12-31").await;
        let mut late = of_rice("1");
        late["lines"][0]["lot"] = json!({"code": "TARDE"});
        let late = send(&shop, late).await;
        let mixed = send(&shop, of_rice("4")).await;
        assert_eq!(mixed["lines"][0]["lots"], json!([
            {"code": "PRONTO", "expires_on": "2026-12-31", "quantity": "2"},
            {"code": "TARDE", "expires_on": "2027-06-30", "quantity": "2"},
        ]));
        let api = shop.api(shop.admin());
        api.post(&path(&late, "/receive"), found("ARROZ", "1")).await.expect_status(200);
        assert_eq!(lots(&shop, "ARROZ", "local").await, ["TARDE:1"]);
        api.post(&path(&mixed, "/receive"), found("ARROZ", "3")).await.expect_status(200);
        assert_eq!(lots(&shop, "ARROZ", "local").await, ["PRONTO:2", "TARDE:2"]);
        assert_eq!(lots(&shop, "ARROZ", "in_transit").await, [""; 0]);
        assert_eq!(lots(&shop, "ARROZ", "deposito").await, ["TARDE:1"]);
        adds_up(&shop).await;
    }
}

both_engines! {
    fn cancelling_brings_the_same_lots_back_at_the_same_value(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "4", "L1", "2026-12-31").await;
        stock_up_lot(&shop, "ARROZ", "4", "L2", "2027-01-31").await;
        let sent = send(&shop, of_rice("6")).await;
        let api = shop.api(shop.admin());
        let back = api.post(&path(&sent, "/cancel"), json!({"reason": "No salió el flete"})).await.expect_status(200).json();
        assert_eq!((&back["state"], &back["closing_reason"]), (&json!("cancelled"), &json!("No salió el flete")));
        assert_eq!(lots(&shop, "ARROZ", "deposito").await, ["L1:4", "L2:4"]);
        assert_eq!(value(&shop, "ARROZ").await, "800.00");
        api.post(&path(&sent, "/cancel"), json!({"reason": "otra vez"})).await.expect_problem(409, "not_on_the_road");
        api.post(&path(&sent, "/receive"), found("ARROZ", "6")).await.expect_problem(409, "not_on_the_road");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn one_bad_line_sends_nothing_and_every_bad_line_is_told(shop: TestShop) {
        with_rice(&shop, "10").await;
        let mut body = of_rice("4");
        body["lines"] = json!([
            {"product": "sku:ARROZ", "quantity": "4"},
            {"product": "sku:NADA", "quantity": "1"},
            {"product": "sku:ARROZ", "quantity": "7"},
            {"product": "sku:ARROZ", "quantity": "-1", "unit": ""},
        ]);
        let api = shop.api(shop.admin());
        let told = api.post("/api/v1/transfers", body).await.expect_problem(422, "batch_refused").json();
        let fields: Vec<_> = told["errors"].as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
        assert_eq!(fields, ["lines[1].product", "lines[2]", "lines[3].quantity", "lines[3].unit"]);
        api.post("/api/v1/transfers", of_rice("11")).await.expect_problem(409, "batch_refused");
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "10");
        assert_eq!(api.get("/api/v1/transfers").await.json()["items"], json!([]));
    }
}

both_engines! {
    fn a_transfer_goes_between_two_places_people_may_name(shop: TestShop) {
        with_rice(&shop, "10").await;
        let api = shop.api(shop.admin());
        for (from, to, code) in [
            ("deposito", "deposito", "invalid"),
            ("deposito", "in_transit", "unknown_location"),
            ("supplier", "local", "unknown_location"),
            ("deposito", "waste", "unknown_location"),
        ] {
            let mut body = of_rice("1");
            (body["from"], body["to"]) = (json!(from), json!(to));
            api.post("/api/v1/transfers", body).await.expect_problem(422, code);
        }
        let told = api.post("/api/v1/transfers", json!({"lines": []})).await.expect_problem(422, "invalid").json();
        let fields: Vec<_> = told["errors"].as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
        assert_eq!(fields, ["from", "to", "reason", "lines"]);
    }
}

both_engines! {
    fn nobody_touches_what_is_on_the_road_but_its_transfer(shop: TestShop) {
        with_rice(&shop, "10").await;
        let sent = send(&shop, of_rice("4")).await;
        let api = shop.api(shop.admin());
        for body in [
            movement("sale", "ARROZ", "1", Some("in_transit"), None),
            movement("transfer", "ARROZ", "1", Some("in_transit"), Some("local")),
            movement("transfer", "ARROZ", "1", Some("deposito"), Some("in_transit")),
            movement("adjustment", "ARROZ", "1", None, Some("in_transit")),
        ] {
            api.post("/api/v1/movements", body).await.expect_problem(422, "unknown_location");
        }
        let leg = sent["lines"][0]["movement_id"].as_str().expect("a movement");
        let undo = api.post(&format!("/api/v1/movements/{leg}/reverse"), json!({"reason": "por afuera"})).await;
        undo.expect_problem(409, "belongs_to_document");
        assert_eq!(held(&shop, "ARROZ", "in_transit").await, "4");
    }
}

both_engines! {
    fn receiving_and_cancelling_at_once_does_one_of_them(shop: TestShop) {
        with_rice(&shop, "10").await;
        let sent = send(&shop, of_rice("4")).await;
        let (receive, cancel) = (path(&sent, "/receive"), path(&sent, "/cancel"));
        let api = shop.api(shop.admin());
        let (received, cancelled) = tokio::join!(
            api.post(&receive, found("ARROZ", "4")),
            api.post(&cancel, json!({"reason": "me arrepentí"})),
        );
        let mut statuses = [received.status, cancelled.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let there = if received.status == 200 { "4" } else { "0" };
        assert_eq!(held(&shop, "ARROZ", "local").await, there);
        assert_eq!(on_hand(&shop, "ARROZ").await, "10");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn opposing_transfers_of_the_same_products_never_wait_in_a_circle(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        for sku in ["ARROZ", "YERBA"] {
            stock_up(&shop, sku, "40").await;
            let mut to_local = movement("transfer", sku, "20", Some("deposito"), Some("local"));
            to_local["reason"] = json!("mitad y mitad");
            shop.api(shop.admin()).post("/api/v1/movements", to_local).await.expect_status(201);
        }
        let body = |index: usize| {
            let (from, to) = if index.is_multiple_of(2) { ("deposito", "local") } else { ("local", "deposito") };
            let mut lines = vec![json!({"product": "sku:ARROZ", "quantity": "1"}), json!({"product": "sku:YERBA", "quantity": "1"})];
            if index.is_multiple_of(3) { lines.reverse(); }
            json!({"from": from, "to": to, "lines": lines, "reason": "ida y vuelta"})
        };
        let api = shop.api(shop.admin());
        let answers = futures_util::future::join_all((0..20).map(|index| api.post("/api/v1/transfers", body(index)))).await;
        assert!(answers.iter().all(|answer| answer.status == 201));
        assert_eq!((held(&shop, "ARROZ", "in_transit").await, on_hand(&shop, "YERBA").await), ("20".into(), "40".into()));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn the_receiver_counts_blind_and_only_at_the_right_end(shop: TestShop) {
        with_rice(&shop, "10").await;
        let sent = send(&shop, of_rice("4")).await;
        let at_the_shop = shop.api(of_place(&shop, shop.user(Role::Deposito), "local").await);
        let at_the_store = shop.api(of_place(&shop, shop.user(Role::Deposito), "deposito").await);
        let elsewhere = shop.api(of_place(&shop, shop.user(Role::Deposito), "cuarentena").await);
        let seen = at_the_shop.get(&path(&sent, "")).await.expect_status(200).json();
        assert_eq!((&seen["lines"][0]["sent"], &seen["lines"][0]["lots"][0]["quantity"]), (&Value::Null, &Value::Null));
        assert_eq!(at_the_store.get(&path(&sent, "")).await.json()["lines"][0]["sent"], "4");
        elsewhere.get(&path(&sent, "")).await.expect_problem(404, "not_found");
        assert_eq!(elsewhere.get("/api/v1/transfers").await.json()["items"], json!([]));
        elsewhere.post(&path(&sent, "/receive"), found("ARROZ", "4")).await.expect_problem(404, "not_found");
        at_the_store.post(&path(&sent, "/receive"), found("ARROZ", "4")).await.expect_problem(403, "other_end");
        at_the_shop.post(&path(&sent, "/cancel"), json!({"reason": "no lo quiero"})).await.expect_problem(403, "other_end");
        at_the_shop.post("/api/v1/transfers", of_rice("1")).await.expect_problem(422, "unknown_location");
        let received = at_the_shop.post(&path(&sent, "/receive"), found("ARROZ", "4")).await.expect_status(200).json();
        assert_eq!(received["lines"][0]["sent"], "4");
    }
}

both_engines! {
    fn what_was_not_sent_cannot_be_received(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        stock_up(&shop, "ARROZ", "10").await;
        let sent = send(&shop, of_rice("4")).await;
        let api = shop.api(shop.admin());
        let told = api.post(&path(&sent, "/receive"), json!({"lines": [
            {"product": "sku:YERBA", "quantity": "1"}, {"product": "sku:ARROZ", "quantity": "1.5"}, {"quantity": "x"},
        ]})).await.expect_problem(422, "batch_refused").json();
        let codes: Vec<_> = told["errors"].as_array().expect("errors").iter().map(|e| (e["field"].clone(), e["code"].clone())).collect();
        assert_eq!(codes, [
            (json!("lines[0].product"), json!("not_in_transfer")),
            (json!("lines[1].quantity"), json!("not_whole")),
            (json!("lines[2].product"), json!("required")),
            (json!("lines[2].quantity"), json!("not_a_number")),
        ]);
        assert_eq!(held(&shop, "ARROZ", "in_transit").await, "4");
        api.post(&path(&sent, "/receive"), found("ARROZ", "0")).await.expect_status(200);
        assert_eq!((held(&shop, "ARROZ", "in_transit").await, on_hand(&shop, "ARROZ").await), ("0".into(), "6".into()));
    }
}

both_engines! {
    fn the_same_key_sends_once(shop: TestShop) {
        with_rice(&shop, "10").await;
        let api = shop.api(shop.admin()).key("remito-7");
        let first = api.post("/api/v1/transfers", of_rice("4")).await.expect_status(201);
        let again = api.post("/api/v1/transfers", of_rice("4")).await.expect_status(201);
        assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), "true"));
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "6");
    }
}

both_engines! {
    /// `catalogue-and-stock.md`, Transfers: target − shelf, capped by the storeroom, FEFO lots.
    fn the_restock_list_fills_shelves_with_what_the_storeroom_can_give(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un"), ("VELAS", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "3", "VENCIDO", "2026-11-20").await;
        stock_up_lot(&shop, "ARROZ", "9", "TARDE", "2027-06-30").await;
        stock_up_lot(&shop, "ARROZ", "4", "PRONTO", "2026-12-31").await;
        stock_up(&shop, "YERBA", "5").await;
        for (sku, target) in [("ARROZ", 12), ("YERBA", 20), ("VELAS", 5)] {
            put_shelf_target(&shop, sku, "local", target).await;
        }
        let mut two = of_rice("2");
        two["lines"][0]["lot"] = json!({"code": "TARDE"});
        let sent = send(&shop, two.clone()).await;
        let api = shop.api(shop.admin());
        api.post(&path(&sent, "/receive"), found("ARROZ", "2")).await.expect_status(200);
        sell(&shop, "ARROZ", "local", "1").await;
        send(&shop, two).await;
        let reservation = json!({"product": "sku:YERBA", "location": "deposito", "quantity": "2", "expires_at": "2026-11-30T00:00:00Z"});
        api.post("/api/v1/reservations", reservation).await.expect_status(201);
        let list = api.get("/api/v1/transfers/restock?from=deposito&to=local").await.expect_status(200).json();
        assert_eq!(list["items"], json!([
            {"product": "sku:ARROZ", "name": "ARROZ", "unit": "un", "target": "12", "on_shelf": "1", "on_the_way": "2",
                "available": "9", "quantity": "9", "lots": [
                    {"code": "PRONTO", "expires_on": "2026-12-31", "quantity": "4"},
                    {"code": "TARDE", "expires_on": "2027-06-30", "quantity": "5"}]},
            {"product": "sku:YERBA", "name": "YERBA", "unit": "un", "target": "20", "on_shelf": "0", "on_the_way": "0",
                "available": "3", "quantity": "3", "lots": [{"code": "", "expires_on": null, "quantity": "3"}]},
        ]));
        let first = api.get("/api/v1/transfers/restock?limit=1").await.expect_status(200).json();
        let next = first["next"].as_str().expect("a next page");
        let second = api.get(&format!("/api/v1/transfers/restock?limit=1&after={next}")).await.expect_status(200).json();
        assert_eq!((&second["items"][0]["product"], &second["next"]), (&json!("sku:YERBA"), &Value::Null));
        api.get("/api/v1/transfers/restock?from=luna").await.expect_problem(422, "invalid");
        assert_eq!(standing(&shop, "YERBA", "deposito").await.2, "3");
    }
}

both_engines! {
    fn the_list_is_filtered_and_paged_newest_first(shop: TestShop) {
        with_rice(&shop, "10").await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            shop.clock().advance(std::time::Duration::from_secs(60));
            ids.push(send(&shop, of_rice("1")).await["id"].clone());
        }
        let api = shop.api(shop.user(Role::Auditor));
        let listed = |page: &Value| page["items"].as_array().expect("items").iter().map(|i| i["id"].clone()).collect::<Vec<_>>();
        let first = api.get("/api/v1/transfers?limit=2&from=deposito&to=local&state=sent").await.expect_status(200).json();
        assert_eq!(listed(&first), [ids[2].clone(), ids[1].clone()]);
        let next = first["next"].as_str().expect("a next page");
        let second = api.get(&format!("/api/v1/transfers?limit=2&after={next}")).await.expect_status(200).json();
        assert_eq!((listed(&second), &second["next"]), (vec![ids[0].clone()], &Value::Null));
        for empty in ["state=received", "from=local", "to=deposito"] {
            assert_eq!(api.get(&format!("/api/v1/transfers?{empty}")).await.json()["items"], json!([]), "{empty}");
        }
        api.get("/api/v1/transfers?state=lost").await.expect_problem(422, "invalid");
        shop.api(shop.user(Role::Auditor)).post("/api/v1/transfers", of_rice("1")).await.expect_problem(403, "forbidden");
    }
}
