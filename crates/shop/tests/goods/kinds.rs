//! Every kind of movement through the API on both engines: between which places it goes, what each
//! place gains or loses, and that undoing ends where it began.

use crate::common::pages::page;
use crate::common::shelves::{held, standing};
use crate::common::{adds_up, movement, on_hand, receipt, shop_with, value};
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

const PLACES: [&str; 3] = ["deposito", "local", "quarantine"];

/// Ten of one product at each place that keeps goods.
async fn ten_everywhere(shop: &TestShop) {
    shop_with(shop, &[json!({"sku": "LECHE", "name": "Leche", "category": "LAC", "unit": "un"})]).await;
    let api = shop.api(shop.admin());
    for place in PLACES {
        let mut body = receipt("LECHE", "10", "100");
        body["to"] = place.into();
        api.post("/api/v1/movements", body).await.expect_status(201);
    }
}

async fn shelves(shop: &TestShop) -> Vec<String> {
    let mut held_at = Vec::new();
    for place in PLACES {
        held_at.push(held(shop, "LECHE", place).await);
    }
    held_at
}

/// The domain's table of kinds: what people say, and the whole way with the world's account.
type Kind = (&'static str, Option<&'static str>, Option<&'static str>, (&'static str, &'static str));

const KINDS: [Kind; 14] = [
    ("receipt", None, Some("deposito"), ("supplier", "deposito")),
    ("customer_return", None, Some("local"), ("customer", "local")),
    ("customer_return", None, Some("quarantine"), ("customer", "quarantine")),
    ("opening", None, Some("deposito"), ("inventory_difference", "deposito")),
    ("adjustment", None, Some("local"), ("inventory_difference", "local")),
    ("sale", Some("local"), None, ("local", "customer")),
    ("issue", Some("deposito"), None, ("deposito", "customer")),
    ("waste", Some("local"), None, ("local", "waste")),
    ("waste", Some("quarantine"), None, ("quarantine", "waste")),
    ("own_use", Some("local"), None, ("local", "own_use")),
    ("supplier_return", Some("deposito"), None, ("deposito", "supplier")),
    ("adjustment", Some("deposito"), None, ("deposito", "inventory_difference")),
    ("transfer", Some("deposito"), Some("local"), ("deposito", "local")),
    ("transfer", Some("local"), Some("quarantine"), ("local", "quarantine")),
];

both_engines! {
    /// The ledger, third column: kind, from -> to and the sign in the shop.
    fn every_kind_goes_its_way_and_back(shop: TestShop) {
        ten_everywhere(&shop).await;
        let api = shop.api(shop.admin());
        for (kind, from, to, (left, reached)) in KINDS {
            let body = movement(kind, "LECHE", "3", from, to);
            let posted = api.post("/api/v1/movements", body).await.expect_status(201).json();
            let path = format!("/api/v1/movements/{}", posted["id"].as_str().unwrap());
            let stored = api.get(&path).await.expect_status(200).json();
            let told = [&stored["kind"], &stored["from"], &stored["to"], &stored["quantity"]];
            assert_eq!(told, [kind, left, reached, "3"], "{stored}");
            let expected = PLACES.map(|place| match place {
                _ if place == left => "7",
                _ if place == reached => "13",
                _ => "10",
            });
            assert_eq!(shelves(&shop).await, expected, "{kind} from {left} to {reached}");
            let back = api.post(&format!("{path}/reverse"), json!({"reason": "prueba de vuelta"})).await.expect_status(201).json();
            let mirror = api.get(&format!("/api/v1/movements/{}", back["id"].as_str().unwrap())).await.expect_status(200).json();
            assert_eq!([&mirror["kind"], &mirror["from"], &mirror["to"]], [kind, reached, left], "{mirror}");
            assert_eq!(shelves(&shop).await, ["10"; 3], "{kind} undone");
        }
        assert_eq!(value(&shop, "LECHE").await, "3000.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_kind_takes_its_own_sides_and_no_other(shop: TestShop) {
        ten_everywhere(&shop).await;
        let api = shop.api(shop.admin());
        let refuse = async |kind, from, to, code: &str, field: &str| {
            let answer = api.post("/api/v1/movements", movement(kind, "LECHE", "3", from, to)).await;
            let problem = answer.expect_status(422).json();
            assert_eq!([&problem["errors"][0]["code"], &problem["errors"][0]["field"]], [code, field], "{kind}: {problem}");
        };
        for (kind, from, to, _) in KINDS.into_iter().filter(|(kind, ..)| *kind != "transfer") {
            refuse(kind, Some("deposito"), Some("local"), "location_not_taken", if from.is_some() || kind == "adjustment" { "to" } else { "from" }).await;
            refuse(kind, None, None, "location_required", if from.is_some() && kind != "adjustment" { "from" } else { "to" }).await;
            let (from, to) = (from.map(|_| "customer"), to.map(|_| "customer"));
            refuse(kind, from, to, "unknown_location", if from.is_some() { "from" } else { "to" }).await;
        }
        refuse("transfer", Some("deposito"), None, "location_required", "to").await;
        refuse("transfer", None, Some("local"), "location_required", "from").await;
        refuse("transfer", Some("local"), Some("local"), "same_location", "to").await;
        refuse("transfer", Some("in_transit"), Some("local"), "unknown_location", "from").await;
        refuse("count", Some("local"), None, "unknown_kind", "kind").await;
        assert_eq!(shelves(&shop).await, ["10"; 3]);
        adds_up(&shop).await;
    }
}

both_engines! {
    /// A listed waste reason is recognised in what the person wrote; free text stays as it is.
    fn a_waste_reason_is_recognised_and_kept_as_written(shop: TestShop) {
        ten_everywhere(&shop).await;
        let api = shop.api(shop.admin());
        for (written, recognised) in [
            ("VENCIDOS en la heladera", Some("expired")),
            ("se rompió la botella", Some("broken")),
            ("robo", Some("theft")),
            ("Error de carga", Some("entry_error")),
            ("degustación", Some("tasting")),
            ("devolución", Some("return")),
            ("limpieza", None),
        ] {
            let mut body = movement("waste", "LECHE", "1", Some("local"), None);
            body["reason"] = written.into();
            let posted = api.post("/api/v1/movements", body).await.expect_status(201).json();
            let stored = api.get(&format!("/api/v1/movements/{}", posted["id"].as_str().unwrap())).await.expect_status(200).json();
            assert_eq!((&stored["reason"], &stored["waste_reason"]), (&json!(written), &json!(recognised)));
        }
        // Only waste has a waste reason.
        let mut returned = movement("customer_return", "LECHE", "1", None, Some("local"));
        returned["reason"] = "devolución".into();
        api.post("/api/v1/movements", returned).await.expect_status(201);
        let newest = api.get("/api/v1/movements?limit=1").await.expect_status(200).json();
        assert_eq!((&newest["items"][0]["kind"], &newest["items"][0]["waste_reason"]), (&json!("customer_return"), &json!(null)));
        let form = page(&shop.page(shop.admin()), "/stock/movements/new?kind=waste&product=sku%3ALECHE").await.to_lowercase();
        for offered in ["vencido", "roto", "robo", "error de carga", "degustación", "devolución"] {
            assert!(form.contains(offered), "{offered} is not offered: {form}");
        }
        adds_up(&shop).await;
    }
}

/// What people do to a document when they are not sure that it worked.
#[derive(Debug, Clone, Copy)]
enum Again {
    Undo,
    UndoOnceMore,
    Retry,
}

const ORDERS: [[Again; 3]; 6] = {
    use Again::{Retry, Undo, UndoOnceMore};
    [
        [Undo, UndoOnceMore, Retry],
        [Undo, Retry, UndoOnceMore],
        [UndoOnceMore, Undo, Retry],
        [UndoOnceMore, Retry, Undo],
        [Retry, Undo, UndoOnceMore],
        [Retry, UndoOnceMore, Undo],
    ]
};

/// Makes a document, then undoes it twice and sends it once more, in this order.
async fn make_and_undo(api: &Client<'_>, number: usize, path: &str, body: &Value, undo: &str, order: [Again; 3]) {
    let sender = api.clone().key(&format!("{path}-{number}"));
    let made = sender.post(path, body.clone()).await.expect_status(201).json();
    let undo = format!("{path}/{}/{undo}", made["id"].as_str().unwrap());
    let mut undone = 0;
    for again in order {
        match again {
            Again::Retry => {
                let replayed = sender.post(path, body.clone()).await.expect_status(201);
                assert_eq!((replayed.header("idempotency-replayed"), &replayed.json()["id"]), ("true", &made["id"]));
            }
            Again::Undo | Again::UndoOnceMore => {
                let answer = api.post(&undo, json!({"reason": "me equivoqué"})).await;
                let expected = if undone > 0 { [409, 409] } else { [200, 201] };
                assert!(expected.contains(&answer.status), "{order:?} of {path}: {}", answer.text());
                undone += 1;
            }
        }
    }
}

both_engines! {
    /// Voiding, deleting and retrying a document in any order ends where it started.
    fn undoing_and_retrying_in_any_order_ends_where_it_began(shop: TestShop) {
        ten_everywhere(&shop).await;
        let api = shop.api(shop.admin());
        let sale = movement("sale", "LECHE", "3", Some("deposito"), None);
        let transfer = json!({"from": "deposito", "to": "local", "lines": [{"product": "sku:LECHE", "quantity": "3"}], "reason": "Reposición"});
        let promise = json!({"product": "sku:LECHE", "location": "deposito", "quantity": "3", "expires_at": "2026-11-23T20:00:00-03:00"});
        for (number, order) in ORDERS.into_iter().enumerate() {
            make_and_undo(&api, number, "/api/v1/movements", &sale, "reverse", order).await;
            make_and_undo(&api, number, "/api/v1/transfers", &transfer, "cancel", order).await;
            make_and_undo(&api, number, "/api/v1/reservations", &promise, "void", order).await;
            assert_eq!(shelves(&shop).await, ["10"; 3], "{order:?}");
            assert_eq!(standing(&shop, "LECHE", "deposito").await.2, "10", "{order:?}");
        }
        assert_eq!((on_hand(&shop, "LECHE").await, value(&shop, "LECHE").await), ("30".into(), "3000.00".into()));
        adds_up(&shop).await;
    }
}
