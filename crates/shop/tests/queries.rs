//! OPT-4: what a request asks of the database does not grow with the rows it is about, and no request that reads asks
//! more than ten times. One test alone in its process, because the statements of a process are counted together.

mod common;

use common::{nothing, receipt};
use gondola_shop::FEATURES;
use gondola_store::{executions, record_statements};
use gondola_testkit::{Answer, TestShop};
use serde_json::{Value, json};

/// What a request that reads may ask at most.
const READ_MAX: u64 = 10;
/// Routes that may ask more, and why.
const MORE: [(&str, u64, &str); 2] = [
    (
        "/products/{sku}",
        16,
        "a product's card is four lists in one: the product with what its price earns, its stock, its lots and its kardex",
    ),
    (
        "/",
        18,
        "home looks at everything a day begins with: levels, what is urgent, today, and what waits in eight lists",
    ),
];
/// Products of the shop: more than a page of the smallest, fewer than one of the largest.
const PRODUCTS: usize = 40;

/// Runs a call and answers how many statements it took.
async fn asked(call: impl Future<Output = Answer>) -> (u64, Answer) {
    let before = executions();
    let answer = call.await;
    (executions() - before, answer)
}

fn sku(at: usize) -> String {
    format!("P-{at:02}")
}

/// A shop with packs, lots with dates, promises and a history.
async fn seed(shop: &TestShop) {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
    let api = shop.api(shop.admin());
    for at in 0..PRODUCTS {
        let body = json!({"sku": sku(at), "name": format!("Producto {at}"), "category": "LAC", "unit": "un",
            "perishable": true, "shelf_life_days": 30, "presentations": [{"name": "caja", "factor": "12"}],
            "shelf_targets": [{"location": "local", "quantity": "20"}]});
        api.post("/api/v1/products", body).await.expect_status(201);
        let mut first = receipt(&sku(at), "100", "10");
        first["occurred_at"] = "2026-11-01T12:00:00Z".into();
        api.post("/api/v1/movements", first).await.expect_status(201);
        api.post("/api/v1/movements", receipt(&sku(at), "50", "20")).await.expect_status(201);
    }
}

/// Every page of every list and every object, with what stands for what is in its path.
async fn reads_ask_little(shop: &TestShop) {
    let movement = shop.api(shop.admin()).get("/api/v1/movements?limit=1").await.json()["items"][0]["id"].clone();
    let sample = |path: &str| {
        let id = if path.contains("/products/") { format!("sku:{}", sku(0)) } else { nothing().to_string() };
        let id = if path.contains("/movements/") { movement.as_str().unwrap().to_owned() } else { id };
        path.replace("{id}", &id).replace("{sku}", &sku(0)).replace("{code}", "LAC")
    };
    let mut too_many = Vec::new();
    for endpoint in FEATURES.iter().flat_map(|feature| (feature.endpoints)()) {
        if endpoint.method != "GET" || endpoint.path.ends_with("/events") {
            continue;
        }
        let path = sample(&endpoint.path);
        let client = if path.starts_with("/api/") { shop.api(shop.admin()) } else { shop.page(shop.admin()) };
        let (statements, answer) = asked(client.get(&path)).await;
        assert!(answer.status < 500, "{path}: {}", answer.text());
        let max = MORE.iter().find(|(route, ..)| *route == endpoint.path).map_or(READ_MAX, |(_, max, _)| *max);
        if statements > max {
            too_many.push((path, statements));
        }
    }
    assert!(too_many.is_empty(), "{too_many:?}");
}

/// The same list with two rows and with all of them.
async fn lists_ask_the_same_however_long(shop: &TestShop) {
    let api = shop.api(shop.admin());
    for list in [
        "/api/v1/products?",
        "/api/v1/products/search?q=producto&",
        "/api/v1/inventory?",
        "/api/v1/inventory?low_stock=true&",
        "/api/v1/movements?",
        "/api/v1/stock/lots?",
        "/api/v1/stock/as-of?",
        "/api/v1/stock/as-of?method=fifo&",
        "/api/v1/transfers/restock?",
    ] {
        let (few, _) = asked(api.get(&format!("{list}limit=2"))).await;
        let (many, answer) = asked(api.get(&format!("{list}limit=50"))).await;
        answer.expect_status(200);
        assert_eq!(few, many, "{list}");
    }
}

/// The same write about three lines and about thirty.
async fn writes_ask_the_same_however_many(shop: &TestShop) {
    let api = shop.api(shop.admin());
    let batch = |lines: usize, from: usize| {
        let line = |at: usize| {
            let mut body = receipt(&sku(at), "2", "10");
            body["unit"] = "caja".into();
            body["lot"] = json!({"code": format!("L{from}"), "expires_on": "2027-01-01"});
            body["occurred_at"] = format!("2026-11-{:02}T12:00:00Z", 2 + at % 20).into();
            body
        };
        json!({"mode": "atomic", "lines": (0..lines).map(line).collect::<Vec<Value>>()})
    };
    let changes = |lines: usize, min: &str| {
        let line = |at: usize| json!({"product": format!("sku:{}", sku(at)), "changes": {"min_stock": min}});
        json!({"lines": (0..lines).map(line).collect::<Vec<Value>>()})
    };
    let transfer = |lines: usize| {
        let line = |at: usize| json!({"product": format!("sku:{}", sku(at)), "quantity": "1", "unit": "caja"});
        json!({"from": "deposito", "to": "local", "reason": "reposición", "lines": (0..lines).map(line).collect::<Vec<Value>>()})
    };
    for (path, few, many) in [
        ("/api/v1/movements/batch", batch(3, 1), batch(30, 2)),
        ("/api/v1/products/bulk", changes(3, "6"), changes(30, "7")),
        ("/api/v1/transfers", transfer(3), transfer(30)),
    ] {
        let (of_few, answer) = asked(api.post(path, few)).await;
        assert!(answer.status < 300, "{path}: {}", answer.text());
        let (of_many, answer) = asked(api.post(path, many)).await;
        assert!(answer.status < 300, "{path}: {}", answer.text());
        assert_eq!(of_few, of_many, "{path}");
    }
}

#[tokio::test]
async fn what_is_asked_does_not_grow_with_the_rows() {
    record_statements();
    for shop in [Some(TestShop::sqlite().await), TestShop::postgres().await].into_iter().flatten() {
        seed(&shop).await;
        reads_ask_little(&shop).await;
        lists_ask_the_same_however_long(&shop).await;
        writes_ask_the_same_however_many(&shop).await;
        common::adds_up(&shop).await;
    }
}
