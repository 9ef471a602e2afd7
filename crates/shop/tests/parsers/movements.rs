//! Damaged movements, sent to a whole shop.

use axum::http::Method;
use gondola_testkit::{Soak, TestShop};
use serde_json::Value;

use crate::amounts::worth;
use crate::common::{adds_up, movement, on_hand, receipt, stocked};
use crate::json::SPICE;

/// Movements sent in CI.
const BODIES: u64 = 4_000;

/// One damaged movement after another: posted as it reads, or refused, and the book adds up.
#[tokio::test]
async fn a_damaged_movement_is_posted_as_it_reads_or_refused() {
    let shop = TestShop::sqlite().await;
    stocked(&shop, &[("QUE-CREMOSO", "kg"), ("LECHE", "un")]).await;
    let api = shop.api(shop.admin());
    api.post("/api/v1/movements", receipt("QUE-CREMOSO", "5000", "100")).await.expect_status(201);
    let mut dated = receipt("LECHE", "12", "1420.5000");
    dated["lot"] = serde_json::json!({"code": "L1", "expires_on": "2027-12-31"});
    dated["occurred_at"] = "2026-01-01T10:00:00-03:00".into();
    let bodies = [
        receipt("QUE-CREMOSO", "2.500", "1234.5678").to_string(),
        movement("waste", "QUE-CREMOSO", "0.350", Some("deposito"), None).to_string(),
        movement("transfer", "QUE-CREMOSO", "1", Some("deposito"), Some("local")).to_string(),
        dated.to_string(),
    ];
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let mut soak = Soak::new("movements", BODIES);
    let (mut posted, mut thousandths) = (0_u64, 5_000_000_i64);
    while soak.goes_on() {
        let good = soak.pick(&bodies);
        let body = soak.damage(good, &SPICE);
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answer = api.send(Method::POST, "/api/v1/movements", Some(("application/json", body))).await;
        match answer.status {
            201 => {
                posted += 1;
                thousandths += gained(&answer.json());
            }
            400 | 409 | 422 => assert!(!answer.json()["detail"].as_str().unwrap_or_default().is_empty(), "{shown}"),
            status => panic!("{shown}: {status} {}", answer.text()),
        }
    }
    assert!(posted > 0);
    let expected = worth(&on_hand(&shop, "QUE-CREMOSO").await, 3);
    assert_eq!(expected, Some(i128::from(thousandths)), "what the receipts say is what there is");
    adds_up(&shop).await;
}

/// Thousandths of cheese that a receipt says came or went, over all its places.
fn gained(receipt: &Value) -> i64 {
    if receipt["product"] != "sku:QUE-CREMOSO" {
        return 0;
    }
    let read =
        |text: &Value| i64::try_from(worth(text.as_str().expect("a decimal"), 3).expect("a decimal")).expect("64 bits");
    let balances = receipt["balances"].as_array().expect("balances").iter();
    balances.map(|balance| read(&balance["after"]) - read(&balance["before"])).sum()
}
