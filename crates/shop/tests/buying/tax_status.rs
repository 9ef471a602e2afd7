//! A shop that becomes another to the tax office, on both engines: the costs it knows follow, on the day and not before.

use std::time::Duration;

use crate::common::purchases::{last_cost, sent, text, with_suppliers};
use crate::common::shop_with;
use gondola_shop::prices::follow_due;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// Biscuits of the worked example: 907.50 to a monotributista is 750 net of 21 %.
fn biscuits(sku: &str) -> Value {
    json!({"sku": sku, "name": format!("Galletitas {sku}"), "category": "SAL", "unit": "un",
        "replacement_cost": "907.50", "sale_price": "1200.00"})
}

async fn says(shop: &TestShop, body: Value) -> Value {
    shop.api(shop.admin()).post("/api/v1/tax-statuses", body).await.expect_status(201).json()
}

/// Cost, margin and how the cost moved since the price was built.
async fn judged(shop: &TestShop, sku: &str) -> (String, String, Value) {
    let page = shop.api(shop.admin()).get("/api/v1/prices").await.expect_status(200).json();
    let row = page["items"].as_array().unwrap().iter().find(|row| row["sku"] == sku).unwrap().clone();
    (text(&row, "cost").to_owned(), text(&row, "margin").to_owned(), row["cost_change"].clone())
}

async fn follow(shop: &TestShop) {
    follow_due(shop.db(), &Actor::system("worker"), shop.db().day_of(shop.db().now())).await.unwrap();
}

both_engines! {
    /// Registered from this month on: the VAT is taken off, the margin stays 24.38 %, and nothing seems to have moved.
    fn costs_follow_a_status_that_has_begun(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1")]).await;
        let said = says(&shop, json!({"status": "registered_vat", "valid_from": "2026-11-01", "costs_follow": true})).await;
        assert!(said["costs_follow"] == true && said["costs_followed_at"].is_string(), "{said}");
        assert_eq!(judged(&shop, "G-1").await, ("750.0000".into(), "24.38".into(), Value::Null));
        follow(&shop).await;
        assert_eq!(judged(&shop, "G-1").await.0, "750.0000", "once");
        says(&shop, json!({"status": "registered_vat", "valid_from": "2026-11-01", "costs_follow": true})).await;
        assert_eq!(judged(&shop, "G-1").await.0, "750.0000", "the same again changes nothing");
        says(&shop, json!({"status": "monotributo", "valid_from": "2026-11-01", "costs_follow": true})).await;
        assert_eq!(judged(&shop, "G-1").await, ("907.5000".into(), "24.38".into(), Value::Null), "and back");
    }
}

both_engines! {
    /// A day to come: everything stays until then, and follows when it has come; a day said anew is not followed twice.
    fn costs_follow_when_the_day_comes(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1")]).await;
        let day = gondola_shop::kernel::time::format_day(shop.db().day_of(shop.db().now()) + 1);
        let said = says(&shop, json!({"status": "registered_vat", "valid_from": day, "costs_follow": true})).await;
        assert_eq!(said["costs_followed_at"], Value::Null);
        follow(&shop).await;
        assert_eq!(judged(&shop, "G-1").await, ("907.5000".into(), "24.38".into(), Value::Null));
        shop.clock().advance(Duration::from_secs(24 * 3600));
        follow(&shop).await;
        follow(&shop).await;
        assert_eq!(judged(&shop, "G-1").await, ("750.0000".into(), "24.38".into(), Value::Null));
    }
}

both_engines! {
    /// What a monotributista sells has no VAT that could be taken off; and costs that are right already are left alone.
    fn costs_stay_where_no_vat_could_be_taken_off_or_nobody_asked(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        for (sku, cost) in [("BRAHMA", "1210.00"), ("ANDES", "605.00")] {
            let path = format!("/api/v1/products/sku:{sku}");
            let version = api.get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
            shop.api(shop.admin()).if_match(version).patch(&path, json!({"replacement_cost": cost})).await.expect_status(200);
        }
        let cost = |found: Value| found["replacement_cost"].as_str().unwrap_or_default().to_owned();
        says(&shop, json!({"status": "registered_vat", "valid_from": "2026-11-01"})).await;
        let brahma = api.get("/api/v1/products/sku:BRAHMA").await.expect_status(200).json();
        assert_eq!(cost(brahma), "1210.0000", "nobody asked");
        says(&shop, json!({"status": "monotributo", "valid_from": "2026-11-02"})).await;
        let supplier = api.get("/api/v1/suppliers/Q").await.expect_status(200).json();
        let version = supplier["version"].as_i64().unwrap();
        let simple = json!({"vat_condition": "monotributo"});
        shop.api(shop.admin()).if_match(version).patch("/api/v1/suppliers/Q", simple).await.expect_status(200);
        says(&shop, json!({"status": "registered_vat", "valid_from": "2026-11-03", "costs_follow": true})).await;
        let brahma = api.get("/api/v1/products/sku:BRAHMA").await.expect_status(200).json();
        assert_eq!(cost(brahma), "1210.0000", "Q mainly brings it and bills no VAT");
    }
}

both_engines! {
    /// The paper is of the day before and comes into the books after: the stock cost what was paid, the price is judged by what
    /// it costs from now on, and both are as they were when the invoice is taken back.
    fn an_invoice_of_before_says_what_buying_again_costs_now(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        let agreed = json!([{"product": "sku:BRAHMA", "quantity": "2", "unit": "cajón", "expected_cost": "14520"}]);
        let order = sent(&shop, "Q", agreed).await;
        let body = json!({"supplier": "Q", "kind": "invoice", "letter": "A", "number": "00003-00001234", "issued_on": "2026-11-20", "order": order["id"],
            "total": "29040.00", "amounts": [{"kind": "net", "rate": "21", "amount": "24000.00"},
                {"kind": "vat", "rate": "21", "amount": "5040.00"}],
            "lines": [{"code": "1001", "text": "BRAHMA RET 1000 CC", "quantity": "2", "unit": "bulto", "units_per_case": 12,
                "price": "12000", "vat": "21", "subtotal": "24000.00", "product": "sku:BRAHMA"}]});
        let invoice = api.post("/api/v1/invoices", body).await.expect_status(201).json();
        let step = |step: &str| format!("/api/v1/invoices/{}/{step}", text(&invoice, "id"));
        let confirmed = api.post(&step("confirm"), json!({})).await.expect_status(200).json();
        assert_eq!(confirmed["lines"][0]["unit_cost"], "1210.0000");
        says(&shop, json!({"status": "registered_vat", "valid_from": "2026-11-21", "costs_follow": true})).await;
        let cost = async || shop.api(shop.admin()).get("/api/v1/products/sku:BRAHMA").await.json()["replacement_cost"].clone();
        let before = cost().await;
        api.post(&step("apply"), json!({"location": "deposito"})).await.expect_status(200);
        assert_eq!((cost().await, last_cost(&shop, "BRAHMA").await), (json!("1000.0000"), json!("1210.0000")));
        let claims = api.get("/api/v1/supplier-claims").await.expect_status(200).json();
        assert_eq!(claims["items"], json!([]), "it costs what was agreed");
        api.post(&step("reverse"), json!({"reason": "Era de otro negocio"})).await.expect_status(200);
        assert_eq!(cost().await, before);
    }
}
