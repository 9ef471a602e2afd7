//! How good suppliers were, on both engines, from orders, deliveries, invoices and claims that the API wrote.

use std::time::Duration;

use crate::common::pages::page;
use crate::common::purchases::{ORDERS, RECEIPTS, ordered, receive, sent, step, text, with_suppliers};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const SCORECARDS: &str = "/api/v1/supplier-scorecards";

async fn scorecards(shop: &TestShop, query: &str) -> Vec<Value> {
    let found = shop.api(shop.admin()).get(&format!("{SCORECARDS}{query}")).await.expect_status(200).json();
    found["items"].as_array().unwrap().clone()
}

/// An order for ten of each, promised for a day.
async fn promised(shop: &TestShop, products: &[&str], day: &str) -> Value {
    let lines: Vec<Value> =
        products.iter().map(|sku| json!({"product": format!("sku:{sku}"), "quantity": "10"})).collect();
    let order = ordered(shop, "Q", json!(lines)).await;
    step(shop, &order, "send", json!({"promised_on": day})).await.expect_status(200).json()
}

async fn came(shop: &TestShop, supplier: &str, sku: &str, cost: &str) {
    let line = json!({"product": format!("sku:{sku}"), "quantity": "10", "unit_cost": cost});
    let body = json!({"supplier": supplier, "location": "deposito", "lines": [line], "reason": "llegó sin pedido"});
    shop.api(shop.admin()).post(RECEIPTS, body).await.expect_status(201);
}

async fn days_pass(shop: &TestShop, days: u64) {
    shop.clock().advance(Duration::from_secs(days * 86_400));
}

fn parts(card: &Value, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| card[*name].as_str().map_or_else(|| card[*name].to_string(), str::to_owned)).collect()
}

both_engines! {
    fn a_score_is_what_orders_and_deliveries_say_and_what_was_never_measured_weighs_nothing(shop: TestShop) {
        with_suppliers(&shop).await;
        assert_eq!(scorecards(&shop, "").await, [] as [Value; 0], "nothing happened yet");
        let good = promised(&shop, &["BRAHMA", "ANDES"], "2026-11-25").await;
        days_pass(&shop, 1).await;
        let whole = json!([{"line": 1, "quantity": "10", "unit_cost": "100"}, {"line": 2, "quantity": "10"}]);
        receive(&shop, &good, whole).await.expect_status(201);
        let bad = promised(&shop, &["BRAHMA", "ANDES"], "2026-11-25").await;
        days_pass(&shop, 6).await;
        let broken = json!([{"line": 1, "quantity": "8", "damaged": "2", "unit_cost": "110"}]);
        receive(&shop, &bad, broken).await.expect_status(201);
        promised(&shop, &["PEPSI"], "2026-12-24").await;
        came(&shop, "MAX", "ARROZ", "100").await;
        came(&shop, "MAX", "ARROZ", "100").await;

        let found = scorecards(&shop, "").await;
        let names: Vec<&str> = found.iter().map(|card| text(card, "supplier")).collect();
        assert_eq!(names, ["MAX", "Q"], "by name, and only who was measured");
        let told = ["points", "measured", "otif", "unbroken", "cost_as_expected", "in_time", "compliance",
            "compliance_band", "claims_answered", "deliveries", "mean_lead_days", "lead_time_band", "very_late", "price_drift"];
        // Q: one order of two; lines of 1000, 1000 and 800; (25 × 50 + 20 × 93.33 + 15 × 50 + 10 × 70) / 70.
        let expected = ["65.24", "70", "50.00", "93.33", "null", "50.00", "70.00", "bad", "null", "2", "3.5", "fair", "1", "5.00"];
        assert_eq!(parts(&found[1], &told), expected);
        assert_eq!(parts(&found[0], &["points", "measured", "otif", "unbroken", "price_drift"]), ["100.00", "20", "null", "100.00", "-5.00"]);

        assert_eq!(scorecards(&shop, "?supplier=Q").await, [found[1].clone()]);
        assert_eq!(scorecards(&shop, "?supplier=NOBODY").await, [] as [Value; 0]);
        let before = scorecards(&shop, "?from=2026-01-01&to=2026-01-31").await;
        assert_eq!(before, [] as [Value; 0], "other days");
        let html = page(&shop.page(shop.admin()), "/suppliers/Q/scorecard").await;
        for shown in ["65,24", "con el 70 % medido", "1 / 2", "5 puntos", "1 más de tres días tarde"] {
            assert!(html.contains(shown), "{shown}: {html}");
        }
        assert!(page(&shop.page(shop.admin()), "/supplier-scorecards").await.contains("65,24"));

        // As one who brings drinks: (15 × 50 + 5 × 93.33 + 20 × 50 + 20 × 70) / 60.
        let path = "/api/v1/suppliers/Q";
        let version = shop.api(shop.admin()).get(path).await.expect_status(200).json()["version"].as_i64().unwrap();
        let drinks = json!({"score_profile": "drinks"});
        shop.api(shop.admin()).if_match(version).patch(path, drinks).await.expect_status(200);
        let found = scorecards(&shop, "?supplier=Q").await;
        let told = ["score_profile", "points", "measured", "otif_target", "lead_days_target"];
        assert_eq!(parts(&found[0], &told), ["drinks", "60.28", "60", "93", "3"]);
        let html = page(&shop.page(shop.admin()), "/suppliers/Q/scorecard").await;
        assert!(html.contains("se espera 93 % completo y a tiempo · en 2–3 días · cubriendo 3–5 días de venta"), "{html}");
    }
}

both_engines! {
    fn what_is_billed_at_another_cost_and_what_is_answered_count(shop: TestShop) {
        with_suppliers(&shop).await;
        let lines = json!([{"product": "sku:BRAHMA", "quantity": "24", "expected_cost": "1000"},
            {"product": "sku:ANDES", "quantity": "10", "expected_cost": "500"}]);
        let order = sent(&shop, "Q", lines).await;
        let api = shop.api(shop.admin());
        let body = json!({"supplier": "Q", "kind": "invoice", "letter": "A", "number": "0003-00001234", "issued_on": "2026-11-20",
            "total": "35090.00", "order": order["id"],
            "amounts": [{"kind": "net", "rate": "21", "amount": "29000.00"}, {"kind": "vat", "rate": "21", "amount": "6090.00"}],
            "lines": [
                {"text": "BRAHMA RET 1000 CC", "quantity": "24", "price": "1000", "vat": "21", "subtotal": "24000.00", "product": "sku:BRAHMA"},
                {"text": "ANDES LATA 473", "quantity": "10", "price": "500", "vat": "21", "subtotal": "5000.00", "product": "sku:ANDES"},
            ]});
        let invoice = api.post("/api/v1/invoices", body).await.expect_status(201).json();
        let path = format!("/api/v1/invoices/{}", text(&invoice, "id"));
        api.post(&format!("{path}/confirm"), json!({})).await.expect_status(200);
        api.post(&format!("{path}/apply"), json!({"location": "deposito"})).await.expect_status(200);
        let claims = api.get("/api/v1/supplier-claims").await.expect_status(200).json();
        let ids: Vec<&str> = claims["items"].as_array().unwrap().iter().map(|claim| text(claim, "id")).collect();
        assert_eq!(ids.len(), 2, "{claims}");
        let told = ["cost_as_expected", "claims_answered"];
        assert_eq!(parts(&scorecards(&shop, "").await[0], &told), ["0.00", "null"], "they may still be answered");
        days_pass(&shop, 20).await;
        assert_eq!(parts(&scorecards(&shop, "").await[0], &told), ["0.00", "0.00"], "nobody answered");
        api.post(&format!("/api/v1/supplier-claims/{}/settle", ids[0]), json!({"reason": "NC 0001-00000001"})).await.expect_status(200);
        assert_eq!(parts(&scorecards(&shop, "").await[0], &told), ["0.00", "50.00"]);
        api.post(&format!("/api/v1/supplier-claims/{}/drop", ids[1]), json!({"reason": "era el precio nuevo"})).await.expect_status(200);
        assert_eq!(parts(&scorecards(&shop, "").await[0], &told), ["50.00", "100.00"]);
    }
}

both_engines! {
    fn days_that_are_none_are_told_on_the_field_and_on_the_page(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        for (query, field) in [("?from=ayer", "from"), ("?to=31-01-2026", "to"), ("?from=2026-02-01&to=2026-01-01", "to"), ("?from=2020-01-01&to=2026-01-01", "to")] {
            let problem = api.get(&format!("{SCORECARDS}{query}")).await.expect_problem(422, "invalid").json();
            assert_eq!(problem["errors"][0]["field"], field, "{query}");
        }
        let html = page(&shop.page(shop.admin()), "/supplier-scorecards?from=2026-02-01&to=2026-01-01").await;
        assert!(html.contains("to-error"), "{html}");
        api.get("/suppliers/NOBODY/scorecard").await.expect_status(404);
        let missing = shop.api(shop.admin()).get(&format!("{ORDERS}?supplier=NOBODY")).await;
        missing.expect_status(200);
    }
}
