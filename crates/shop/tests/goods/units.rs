//! Packs and units through the API on both engines: what is entered in boxes or grams is kept in the
//! product's own unit, by the product's own factor, exactly.

use crate::common::shelves::{held, standing};
use crate::common::{adds_up, movement, on_hand, receipt, shop_with, value};
use gondola_testkit::both_engines;
use serde_json::{Value, json};

fn sausages() -> Value {
    json!({"sku": "SALCHICHA", "name": "Salchicha por unidad", "category": "SAL", "unit": "un",
        "presentations": [{"name": "caja", "factor": "9"}, {"name": "pack x12", "factor": "12"}, {"name": "media docena y media", "factor": "13/2"}]})
}

fn cheese() -> Value {
    json!({"sku": "QUESO", "name": "Queso cremoso", "category": "QUE", "unit": "kg",
        "presentations": [{"name": "novena", "factor": "1/9"}, {"name": "horma", "factor": "4.5"}]})
}

fn by(unit: &str, mut body: Value) -> Value {
    body["unit"] = unit.into();
    body
}

both_engines! {
    /// two packs of 12 at 13.99 are worth 27.98, never a rounded unit price times 24.
    fn two_packs_are_worth_what_they_cost(shop: TestShop) {
        shop_with(&shop, &[sausages()]).await;
        let api = shop.api(shop.admin());
        let posted = api.post("/api/v1/movements", by("pack x12", receipt("SALCHICHA", "2", "13.99"))).await.expect_status(201).json();
        assert_eq!((&posted["quantity"], &posted["balances"][0]["after"]), (&json!("24"), &json!("24")));
        assert_eq!((on_hand(&shop, "SALCHICHA").await, value(&shop, "SALCHICHA").await), ("24".into(), "27.98".into()));
        let fifo = api.get("/api/v1/stock/as-of?sku=SALCHICHA&method=fifo").await.expect_status(200).json();
        assert_eq!(fifo["items"][0]["value"], "27.98");
        api.post("/api/v1/movements", movement("sale", "SALCHICHA", "24", Some("deposito"), None)).await.expect_status(201);
        assert_eq!(value(&shop, "SALCHICHA").await, "0.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// receive 1 box of 9, sell 9 units: nothing is left. The factor stays a fraction: nine ninths are one.
    fn a_box_sold_by_the_unit_leaves_nothing(shop: TestShop) {
        shop_with(&shop, &[sausages(), cheese()]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", by("caja", receipt("SALCHICHA", "1", "900"))).await.expect_status(201);
        for _ in 0..9 {
            api.post("/api/v1/movements", movement("sale", "SALCHICHA", "1", Some("deposito"), None)).await.expect_status(201);
        }
        api.post("/api/v1/movements", receipt("QUESO", "1", "900")).await.expect_status(201);
        api.post("/api/v1/movements", by("novena", movement("sale", "QUESO", "9", Some("deposito"), None))).await.expect_status(201);
        for (sku, nothing) in [("SALCHICHA", "0"), ("QUESO", "0.000")] {
            assert_eq!((on_hand(&shop, sku).await.as_str(), value(&shop, sku).await.as_str()), (nothing, "0.00"), "{sku}");
        }
        adds_up(&shop).await;
    }
}

both_engines! {
    fn grams_and_packs_of_a_product_by_weight_are_kept_in_kilos(shop: TestShop) {
        shop_with(&shop, &[cheese()]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", by("horma", receipt("QUESO", "2", "9000"))).await.expect_status(201);
        assert_eq!((on_hand(&shop, "QUESO").await, value(&shop, "QUESO").await), ("9.000".into(), "18000.00".into()));
        api.post("/api/v1/movements", by("g", movement("sale", "QUESO", "500", Some("deposito"), None))).await.expect_status(201);
        assert_eq!(on_hand(&shop, "QUESO").await, "8.500");
        // The cost is of what was entered: a gram.
        api.post("/api/v1/movements", by("g", receipt("QUESO", "250", "2"))).await.expect_status(201);
        assert_eq!((on_hand(&shop, "QUESO").await, value(&shop, "QUESO").await), ("8.750".into(), "17500.00".into()));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_unit_that_does_not_fit_the_product_moves_nothing(shop: TestShop) {
        shop_with(&shop, &[sausages(), cheese()]).await;
        let api = shop.api(shop.admin());
        for (sku, unit, quantity, field, code) in [
            ("SALCHICHA", "bolsa", "1", "unit", "unknown_unit"),
            ("SALCHICHA", "kg", "1", "unit", "unknown_unit"),
            ("QUESO", "caja", "1", "unit", "unknown_unit"),
            ("QUESO", "l", "1", "unit", "unknown_unit"),
            ("SALCHICHA", "media docena y media", "1", "quantity", "not_whole"),
            ("SALCHICHA", "caja", "0.5", "quantity", "not_whole"),
            ("SALCHICHA", "pack x12", "83334", "quantity", "too_large"),
        ] {
            let body = by(unit, receipt(sku, quantity, "1"));
            let problem = api.post("/api/v1/movements", body).await.expect_status(422).json();
            let told = (&problem["errors"][0]["field"], &problem["errors"][0]["code"]);
            assert_eq!(told, (&json!(field), &json!(code)), "{quantity} {unit} of {sku}: {problem}");
        }
        // Two of them are thirteen whole units.
        let whole = by("media docena y media", receipt("SALCHICHA", "2", "1"));
        api.post("/api/v1/movements", whole).await.expect_status(201);
        assert_eq!((on_hand(&shop, "SALCHICHA").await, on_hand(&shop, "QUESO").await), ("13".into(), "0.000".into()));
        adds_up(&shop).await;
    }
}

both_engines! {
    /// What can be named can be moved: a pack's name and a movement's unit end at the same length.
    fn the_longest_name_of_a_pack_moves_it(shop: TestShop) {
        let longest = "x".repeat(80);
        let mut product = sausages();
        product["presentations"] = json!([{"name": longest, "factor": "2"}]);
        shop_with(&shop, &[product]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", by(&longest, receipt("SALCHICHA", "3", "1"))).await.expect_status(201);
        assert_eq!(on_hand(&shop, "SALCHICHA").await, "6");
        let longer = by(&"x".repeat(81), receipt("SALCHICHA", "3", "1"));
        api.post("/api/v1/movements", longer).await.expect_problem(422, "invalid");
        let pack = json!({"presentations": [{"name": "x".repeat(81), "factor": "2"}]});
        api.if_match(1).patch("/api/v1/products/sku:SALCHICHA", pack).await.expect_problem(422, "invalid");
        assert_eq!(on_hand(&shop, "SALCHICHA").await, "6");
    }
}

both_engines! {
    fn documents_take_packs_as_movements_do(shop: TestShop) {
        shop_with(&shop, &[sausages()]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", by("caja", receipt("SALCHICHA", "4", "900"))).await.expect_status(201);
        let pack = |quantity: &str, field: &str| json!({"lines": [{"product": "sku:SALCHICHA", field: quantity, "unit": "caja"}]});
        let mut transfer = pack("2", "quantity");
        for (field, text) in [("from", "deposito"), ("to", "local"), ("reason", "Reposición")] {
            transfer[field] = text.into();
        }
        let sent = api.post("/api/v1/transfers", transfer).await.expect_status(201).json();
        let receive = format!("/api/v1/transfers/{}/receive", sent["id"].as_str().unwrap());
        let received = api.post(&receive, pack("2", "quantity")).await.expect_status(200).json();
        assert_eq!(received["differences"], 0);
        assert_eq!(held(&shop, "SALCHICHA", "local").await, "18");
        let promise = json!({"product": "sku:SALCHICHA", "location": "local", "quantity": "1", "unit": "caja",
            "expires_at": "2026-11-23T20:00:00-03:00", "reason": "Pedido de Marta"});
        api.post("/api/v1/reservations", promise).await.expect_status(201);
        assert_eq!(standing(&shop, "SALCHICHA", "local").await, ("18".into(), "9".into(), "9".into()));
        let opened = json!({"location": "deposito", "reason": "Conteo semanal"});
        let count = api.post("/api/v1/counts", opened).await.expect_status(201).json();
        let count = format!("/api/v1/counts/{}", count["id"].as_str().unwrap());
        api.post(&format!("{count}/lines"), pack("2", "counted")).await.expect_status(200);
        let lines = api.get(&format!("{count}/lines")).await.expect_status(200).json();
        assert_eq!((&lines["items"][0]["counted"], &lines["items"][0]["difference"]), (&json!("18"), &json!("0")));
        adds_up(&shop).await;
    }
}
