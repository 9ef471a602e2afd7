//! Reservations on both engines, through the API: goods are promised once, and a promise ends once.

use std::time::Duration;

use crate::common::shelves::{held, of_place, sell, standing, stock_up, stock_up_lot, with_rice};
use crate::common::{adds_up, stocked};
use gondola_shop::reservations::ExpireReservations;
use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

fn wanted(quantity: &str) -> Value {
    json!({"product": "sku:ARROZ", "location": "deposito", "quantity": quantity,
        "expires_at": "2026-11-23T20:00:00-03:00", "reason": "Pedido de Marta"})
}

async fn reserve(shop: &TestShop, quantity: &str) -> Answer {
    shop.api(shop.admin()).post("/api/v1/reservations", wanted(quantity)).await
}

async fn reserved(shop: &TestShop, quantity: &str) -> String {
    let made = reserve(shop, quantity).await.expect_status(201).json();
    assert_eq!(made["state"], "pending");
    made["id"].as_str().expect("an id").to_owned()
}

/// So many clients ask for one unit each at once; answers how many got it. The rest must be told why.
async fn ask_at_once(shop: &TestShop, clients: usize) -> usize {
    let asks = (0..clients).map(|_| reserve(shop, "1"));
    let answers = futures_util::future::join_all(asks).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    for answer in lost {
        answer.expect_problem(409, "insufficient_stock");
    }
    won.len()
}

both_engines! {
    fn a_reservation_holds_goods_without_moving_them(shop: TestShop) {
        with_rice(&shop, "10").await;
        let made = reserve(&shop, "4").await.expect_status(201).json();
        assert_eq!((&made["quantity"], &made["location"]), (&json!("4"), &json!("deposito")));
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("10".into(), "4".into(), "6".into()));
        let issue = json!({"kind": "issue", "product": "sku:ARROZ", "quantity": "7", "from": "deposito", "reason": "Donación"});
        shop.api(shop.admin()).post("/api/v1/movements", issue).await.expect_problem(409, "insufficient_stock");
    }
}

both_engines! {
    /// 10 concurrent allocations, 5 in stock, exactly 5 succeed.
    fn ten_ask_at_once_for_five_and_five_get_one(shop: TestShop) {
        with_rice(&shop, "5").await;
        assert_eq!(ask_at_once(&shop, 10).await, 5);
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("5".into(), "5".into(), "0".into()));
    }
}

both_engines! {
    /// two tills reserve the last unit of a lot: one wins, the other gets a typed error.
    fn the_last_unit_of_a_lot_is_promised_once(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "1", "L1", "2026-12-31").await;
        assert_eq!(ask_at_once(&shop, 2).await, 1);
    }
}

both_engines! {
    fn what_was_reserved_is_handed_over_once_and_leaves_by_its_own_movement(shop: TestShop) {
        with_rice(&shop, "10").await;
        let id = reserved(&shop, "10").await;
        let api = shop.api(shop.admin());
        let done = api.post(&format!("/api/v1/reservations/{id}/post"), json!({})).await.expect_status(200).json();
        assert_eq!((&done["state"], &done["movement"]["kind"]), (&json!("posted"), &json!("issue")));
        assert_eq!(done["movement_id"], done["movement"]["id"]);
        assert_eq!(done["movement"]["balances"][0]["after"], "0");
        assert_eq!(standing(&shop, "ARROZ", "deposito").await.1, "0");
        api.post(&format!("/api/v1/reservations/{id}/post"), json!({})).await.expect_problem(409, "not_pending");
        api.post(&format!("/api/v1/reservations/{id}/void"), json!({})).await.expect_problem(409, "not_pending");
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "0");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_cashier_sells_what_was_reserved_and_may_not_issue_it(shop: TestShop) {
        with_rice(&shop, "2").await;
        let id = reserved(&shop, "2").await;
        let cashier = shop.api(shop.user(Role::Cashier));
        let path = format!("/api/v1/reservations/{id}/post");
        cashier.post(&path, json!({})).await.expect_problem(403, "forbidden");
        let done = cashier.post(&path, json!({"kind": "sale"})).await.expect_status(200).json();
        assert_eq!(done["movement"]["kind"], "sale");
        assert_eq!(done["movement"]["flags"], json!([]));
    }
}

both_engines! {
    fn other_promises_still_hold_when_one_is_handed_over(shop: TestShop) {
        with_rice(&shop, "5").await;
        let mine = reserved(&shop, "3").await;
        reserved(&shop, "2").await;
        let api = shop.api(shop.admin());
        api.post(&format!("/api/v1/reservations/{mine}/post"), json!({"kind": "issue"})).await.expect_status(200);
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("2".into(), "2".into(), "0".into()));
    }
}

both_engines! {
    fn voiding_gives_the_goods_back(shop: TestShop) {
        with_rice(&shop, "5").await;
        let id = reserved(&shop, "5").await;
        reserve(&shop, "1").await.expect_problem(409, "insufficient_stock");
        let void = json!({"reason": "No vino"});
        let done = shop.api(shop.admin()).post(&format!("/api/v1/reservations/{id}/void"), void).await.expect_status(200).json();
        assert_eq!((&done["state"], &done["closing_reason"]), (&json!("voided"), &json!("No vino")));
        reserve(&shop, "5").await.expect_status(201);
    }
}

both_engines! {
    fn voiding_takes_no_body(shop: TestShop) {
        with_rice(&shop, "5").await;
        let id = reserved(&shop, "5").await;
        let path = format!("/api/v1/reservations/{id}/void");
        let api = shop.api(shop.admin());
        api.send(axum::http::Method::POST, &path, Some(("text/plain", b"no".to_vec()))).await.expect_status(415);
        api.post(&path, json!({"reason": null})).await.expect_problem(422, "invalid");
        api.send(axum::http::Method::POST, &path, None).await.expect_status(200);
        let id = reserved(&shop, "5").await;
        api.post(&format!("/api/v1/reservations/{id}/void"), Value::Null).await.expect_status(200);
    }
}

both_engines! {
    fn an_expired_promise_neither_holds_stock_nor_can_be_posted(shop: TestShop) {
        with_rice(&shop, "5").await;
        let id = reserved(&shop, "5").await;
        shop.clock().advance(Duration::from_secs(12 * 3600));
        let api = shop.api(shop.admin());
        let path = format!("/api/v1/reservations/{id}");
        assert_eq!(api.get(&path).await.expect_status(200).json()["state"], "expired");
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("5".into(), "0".into(), "5".into()));
        api.post(&format!("{path}/post"), json!({})).await.expect_problem(409, "reservation_expired");
        sell(&shop, "ARROZ", "deposito", "5").await;
        let swept = shop.db().execute(&Actor::system("worker"), None, ExpireReservations).await.expect("sweep");
        assert_eq!(swept.out, 1);
        let swept = shop.db().execute(&Actor::system("worker"), None, ExpireReservations).await.expect("sweep");
        assert_eq!(swept.out, 0);
        api.post(&format!("{path}/post"), json!({})).await.expect_problem(409, "not_pending");
        api.post(&format!("{path}/void"), json!({})).await.expect_problem(409, "not_pending");
        assert_eq!(api.get(&path).await.json()["version"], 2);
    }
}

both_engines! {
    fn handing_over_and_voiding_at_once_does_one_of_them(shop: TestShop) {
        with_rice(&shop, "5").await;
        let id = reserved(&shop, "5").await;
        let (post, void) = (format!("/api/v1/reservations/{id}/post"), format!("/api/v1/reservations/{id}/void"));
        let api = shop.api(shop.admin());
        let (posted, voided) = tokio::join!(api.post(&post, json!({})), api.post(&void, json!({})));
        let mut statuses = [posted.status, voided.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let left = if posted.status == 200 { "0" } else { "5" };
        assert_eq!(held(&shop, "ARROZ", "deposito").await, left);
    }
}

both_engines! {
    fn the_same_key_reserves_once(shop: TestShop) {
        with_rice(&shop, "5").await;
        let api = shop.api(shop.admin()).key("pedido-1");
        let first = api.post("/api/v1/reservations", wanted("3")).await.expect_status(201);
        let again = api.post("/api/v1/reservations", wanted("3")).await.expect_status(201);
        assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), "true"));
        api.post("/api/v1/reservations", wanted("2")).await.expect_problem(409, "idempotency_mismatch");
        assert_eq!(standing(&shop, "ARROZ", "deposito").await.1, "3");
    }
}

both_engines! {
    fn every_bad_field_is_told_at_once_and_nothing_is_reserved(shop: TestShop) {
        with_rice(&shop, "5").await;
        let api = shop.api(shop.admin());
        let bad = json!({"product": "arroz", "quantity": "0", "expires_at": "mañana", "reason": "x"});
        let told = api.post("/api/v1/reservations", bad).await.expect_problem(422, "invalid").json();
        let fields: Vec<_> = told["errors"].as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
        assert_eq!(fields, ["product", "location", "quantity", "expires_at", "reason"]);
        for (field, value, code) in [
            ("location", "in_transit", "unknown_location"),
            ("location", "customer", "unknown_location"),
            ("product", "sku:NADA", "unknown_product"),
            ("unit", "cajón", "unknown_unit"),
            ("quantity", "1.5", "not_whole"),
        ] {
            let mut body = wanted("1");
            body[field] = json!(value);
            let told = api.post("/api/v1/reservations", body).await.expect_problem(422, code).json();
            assert_eq!(told["errors"][0]["field"], field);
        }
        for (at, code) in [("2026-11-23T08:59:00-03:00", "expiry_not_in_future"), ("2050-01-01T00:00:00Z", "expiry_too_late")] {
            let mut body = wanted("1");
            body["expires_at"] = json!(at);
            let told = api.post("/api/v1/reservations", body).await.expect_problem(422, "invalid").json();
            assert_eq!(told["errors"][0]["code"], code);
        }
        assert_eq!(api.get("/api/v1/reservations").await.json()["items"], json!([]));
    }
}

both_engines! {
    fn the_list_is_filtered_and_paged_newest_first(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        for sku in ["ARROZ", "YERBA"] {
            stock_up(&shop, sku, "9").await;
        }
        let mut ids = Vec::new();
        for sku in ["ARROZ", "YERBA", "ARROZ"] {
            let mut body = wanted("1");
            body["product"] = json!(format!("sku:{sku}"));
            shop.clock().advance(Duration::from_secs(60));
            ids.push(shop.api(shop.admin()).post("/api/v1/reservations", body).await.expect_status(201).json()["id"].clone());
        }
        let api = shop.api(shop.user(Role::Auditor));
        let first = api.get("/api/v1/reservations?limit=2").await.expect_status(200).json();
        let listed = |page: &Value| page["items"].as_array().expect("items").iter().map(|i| i["id"].clone()).collect::<Vec<_>>();
        assert_eq!(listed(&first), [ids[2].clone(), ids[1].clone()]);
        let next = first["next"].as_str().expect("a next page");
        let second = api.get(&format!("/api/v1/reservations?limit=2&after={next}")).await.expect_status(200).json();
        assert_eq!((listed(&second), &second["next"]), (vec![ids[0].clone()], &Value::Null));
        let yerba = api.get("/api/v1/reservations?product=sku:YERBA&location=deposito&state=pending").await.json();
        assert_eq!(listed(&yerba), [ids[1].clone()]);
        for empty in ["state=expired", "location=local", "product=00000000-0000-0000-0000-000000000000"] {
            assert_eq!(api.get(&format!("/api/v1/reservations?{empty}")).await.json()["items"], json!([]), "{empty}");
        }
        api.get("/api/v1/reservations?state=lost").await.expect_problem(422, "invalid");
    }
}

both_engines! {
    fn an_actor_of_one_place_sees_and_touches_only_its_own(shop: TestShop) {
        with_rice(&shop, "5").await;
        let id = reserved(&shop, "5").await;
        let of_the_shop_floor = of_place(&shop, shop.user(Role::Cashier), "local").await;
        let api = shop.api(of_the_shop_floor);
        assert_eq!(api.get("/api/v1/reservations").await.json()["items"], json!([]));
        api.get(&format!("/api/v1/reservations/{id}")).await.expect_problem(404, "not_found");
        api.post(&format!("/api/v1/reservations/{id}/void"), json!({})).await.expect_problem(404, "not_found");
        api.post("/api/v1/reservations", wanted("1")).await.expect_problem(422, "unknown_location");
    }
}

/// What the API document calls required is what a call cannot do without.
#[test]
fn the_document_says_which_fields_may_be_left_out() {
    let document = gondola_shop::openapi(gondola_shop::kernel::Face::Deposito);
    let document = serde_json::to_value(&document).expect("a document");
    for (schema, required) in [
        ("MovementBody", json!(["kind", "product", "quantity", "reason"])),
        ("ReservationBody", json!(["product", "location", "quantity", "expires_at"])),
        ("HandOverBody", Value::Null),
        ("TransferBody", json!(["from", "to", "lines", "reason"])),
        ("TransferLineBody", json!(["product", "quantity"])),
        ("ReceivedLineBody", json!(["product", "quantity"])),
        ("CountBody", json!(["location", "reason"])),
        ("CountedLineBody", json!(["product", "counted"])),
        ("CountPostBody", json!(["reason"])),
    ] {
        assert_eq!(document["components"]["schemas"][schema]["required"], required, "{schema}");
    }
}
