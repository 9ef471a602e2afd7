//! The forty sentences of the domain through the API: what is answered, and that exactly that is written.

use std::time::Duration;

use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::assistant::seed::{at, confirm_as, said, shop_of, written};

const SENTENCES: &str = include_str!("../../../../language/tests/parse/sentences.txt");

/// An entry as the tables of the language write it.
fn entry(entry: &Value) -> String {
    let text = |field: &str| entry[field].as_str().unwrap_or_default();
    let goods = entry["product"]["sku"].as_str().unwrap_or_else(|| text("text"));
    let quantity = entry["quantity"].as_str().map_or("-".to_owned(), |quantity| format!("{quantity} {}", text("unit")));
    let mut line = format!("{} {goods} {quantity}", text("action"));
    if !text("supplier").is_empty() {
        line.push_str(&format!(" >{}", text("supplier")));
    }
    if text("priority") != "normal" {
        line.push_str(&format!(" {}", text("priority")));
    }
    if !text("reason").is_empty() {
        line.push_str(&format!(" ({})", text("reason")));
    }
    if !text("from").is_empty() || !text("to").is_empty() {
        line.push_str(&format!(" {}>{}", text("from"), text("to")));
    }
    line
}

/// An answer as the tables write a reading.
fn line(answer: &Value) -> String {
    let list = |field: &str| answer[field].as_array().expect("a list").clone();
    let mut parts: Vec<String> = list("entries").iter().map(entry).collect();
    parts.extend(list("offers").iter().map(|offer| format!("+{}", entry(&offer["entry"]))));
    parts.extend(
        list("questions")
            .iter()
            .map(|question| format!("?{} {}", question["about"].as_str().expect("a code"), entry(&question["entry"]))),
    );
    match answer["status"].as_str().expect("a status") {
        "confirm" => format!("confirm {}", parts.join("; ")),
        "done" | "ask" => parts.join("; "),
        other => other.to_owned(),
    }
}

both_engines! {
    fn the_forty_sentences_write_what_the_domain_says(shop: TestShop) {
        shop_of(&shop, &[]).await;
        let mut wrong = Vec::new();
        let sentences = SENTENCES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut count = 0;
        for case in sentences {
            count += 1;
            let fields: Vec<&str> = case.split(" | ").collect();
            // No line is open: what is noted again after an hour is another one.
            shop.clock().advance(Duration::from_secs(61 * 60));
            // The API says which words are a brand by giving no product.
            let expected = fields[1].replace(['~', '\''], "");
            let before = written(&shop).await;
            let answer = said(&shop, fields[0]).await;
            let found = line(&answer);
            if found != expected {
                wrong.push(format!("{}\n  expected {expected}\n  found    {found}", fields[0]));
                continue;
            }
            let after = written(&shop).await;
            let status = answer["status"].as_str().expect("a status");
            let entries = answer["entries"].as_array().expect("entries");
            if status == "done" {
                assert!(entries.iter().all(|entry| entry["id"].is_string()), "{}: {answer}", fields[0]);
                assert_ne!(before, after, "{}", fields[0]);
            } else {
                assert_eq!(before, after, "{}: nothing is written", fields[0]);
                assert_eq!(answer["token"].is_string(), status == "confirm", "{}", fields[0]);
            }
            if status == "confirm" {
                let done = confirm_as(&shop, shop.admin(), &answer["token"]).await.expect_status(200).json();
                assert_eq!(done["status"], "done");
                assert_eq!(written(&shop).await, (before.0 + 1, before.1), "{}", fields[0]);
            }
        }
        assert_eq!(count, 40);
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        for (sku, place, quantity) in [
            ("CBO-QUIL-1000", "deposito", "36"), ("GAS-PEPS-2250", "deposito", "12"), ("QUE-CREMOSO", "deposito", "4.250"),
            ("GAS-SPRI-2250", "deposito", "24"), ("GAS-FANT-2250", "deposito", "36"), ("HIG-PLUS", "deposito", "12"),
            ("GAS-COCA-2250", "deposito", "18"), ("GAS-COCA-2250", "local", "6"), ("CLA-HEIN-473", "local", "12"),
            ("CLA-HEIN-473", "deposito", "1536"), ("VIN-ALMAMORA", "local", "12"), ("VIN-ALMAMORA", "deposito", "12"),
            ("CON-MILP", "local", "8.500"), ("ACE-NATU-900", "local", "4"), ("QUE-FONTINA", "local", "3.400"),
        ] {
            assert_eq!(at(&shop, sku, place).await, quantity, "{sku} at {place}");
        }
        crate::common::adds_up(&shop).await;
    }
}

both_engines! {
    /// What is written in the depósito leaves the depósito, and goods alone are asked about there.
    fn a_sentence_of_the_backstore_is_of_the_backstore(shop: TestShop) {
        shop_of(&shop, &["VIN-ALMAMORA", "PAN-FARGO"]).await;
        let api = shop.api(shop.admin());
        let there = |text: &str| json!({"text": text, "place": "backstore"});
        let asked = api.post("/api/v1/assistant/messages", there("pan Fargo")).await.expect_status(200).json();
        assert_eq!((&asked["status"], &asked["questions"][0]["about"]), (&json!("ask"), &json!("action")));
        let waste = there("/merma \"alma mora\" 2 \"roto\"");
        let plan = api.post("/api/v1/assistant/messages", waste).await.expect_status(200).json();
        assert_eq!((&plan["status"], &plan["entries"][0]["from"]), (&json!("confirm"), &json!("deposito")));
        confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_status(200);
        assert_eq!(at(&shop, "VIN-ALMAMORA", "deposito").await, "22");
    }
}
