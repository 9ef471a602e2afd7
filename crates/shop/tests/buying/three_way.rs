//! M8: whatever differs between what was ordered, what came and what is billed is told, and nothing else is. Differences are
//! planted by a seed, in invoices whose goods come with them and in those whose goods came before.

use crate::common::purchases::{receive, sent, text};
use crate::invoices::{confirmed, step};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const PRODUCTS: u64 = 26;

/// What is planted in a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    Agrees,
    Missing,
    Damaged,
    Unbilled,
    Dearer,
    Cheaper,
    WithinHalfAPercent,
    ShortOfOrder,
    BeyondOrder,
    NotBilled,
    NotOrdered,
    NeverCame,
    AllAtOnce,
}

const ALL: [Planted; 13] = [
    Planted::Agrees,
    Planted::Missing,
    Planted::Damaged,
    Planted::Unbilled,
    Planted::Dearer,
    Planted::Cheaper,
    Planted::WithinHalfAPercent,
    Planted::ShortOfOrder,
    Planted::BeyondOrder,
    Planted::NotBilled,
    Planted::NotOrdered,
    Planted::NeverCame,
    Planted::AllAtOnce,
];

/// A product of an invoice: so many ordered, came, came broken and billed, at a price in centavos without VAT.
#[derive(Debug, Clone)]
struct Product {
    sku: String,
    agreed: u64,
    price: u64,
    ordered: u64,
    came: u64,
    broken: u64,
    billed: u64,
    /// What has to be told: kind, expected, found.
    told: Vec<(&'static str, String, String)>,
}

/// A number below `below`, from a seed.
fn draw(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// With VAT of 21 %, as a monotributista pays it: four decimals.
fn cost(price: u64) -> String {
    let raw = price * 121;
    format!("{}.{:04}", raw / 10_000, raw % 10_000)
}

fn planted(seed: &mut u64, at: u64, comes_now: bool) -> Product {
    let plan = ALL[usize::try_from((at + draw(seed, 13)) % 13).unwrap()];
    let plan = if comes_now && plan == Planted::NotBilled { Planted::Agrees } else { plan };
    let (many, k) = (10 + draw(seed, 40), 1 + draw(seed, 4));
    let price = 50_000 + 100 * draw(seed, 5_000);
    let mut of = Product {
        sku: format!("P{at}"),
        agreed: price,
        price,
        ordered: many,
        came: many,
        broken: 0,
        billed: many,
        told: Vec::new(),
    };
    let n = |many: u64| many.to_string();
    match plan {
        Planted::Agrees => {}
        Planted::Missing => {
            of.came = many - k;
            of.told = vec![("missing", n(many), n(many - k)), ("less_than_ordered", n(many), n(many - k))];
        }
        Planted::Damaged => {
            (of.came, of.broken) = (many - k, k);
            of.told = vec![("damaged", n(many), n(many - k)), ("less_than_ordered", n(many), n(many - k))];
        }
        Planted::Unbilled => {
            of.came = many + k;
            of.told = vec![("unbilled", n(many), n(many + k)), ("more_than_ordered", n(many), n(many + k))];
        }
        Planted::Dearer => {
            of.price = price * 101 / 100;
            of.told = vec![("dearer", cost(price), cost(of.price))];
        }
        Planted::Cheaper => {
            of.price = price * 97 / 100;
            of.told = vec![("cheaper", cost(price), cost(of.price))];
        }
        Planted::WithinHalfAPercent => of.price = price * 1_004 / 1_000,
        Planted::ShortOfOrder => {
            of.ordered = many + k;
            of.told = vec![("less_than_ordered", n(many + k), n(many))];
        }
        Planted::BeyondOrder => {
            of.ordered = many - k;
            of.told = vec![("more_than_ordered", n(many - k), n(many))];
        }
        Planted::NotBilled => {
            of.billed = 0;
            of.told = vec![("unbilled", n(0), n(many))];
        }
        Planted::NotOrdered => of.ordered = 0,
        Planted::NeverCame => {
            (of.came, of.billed) = (0, 0);
            of.told = vec![("less_than_ordered", n(many), n(0))];
        }
        Planted::AllAtOnce => {
            (of.came, of.broken, of.price) = (many - k - 1, 1, price * 102 / 100);
            of.told = vec![
                ("damaged", n(many), n(many - 1)),
                ("missing", n(many), n(many - k)),
                ("dearer", cost(price), cost(of.price)),
                ("less_than_ordered", n(many), n(many - k - 1)),
            ];
        }
    }
    of
}

async fn with_products(shop: &TestShop) {
    crate::common::shop_with(shop, &[]).await;
    let supplier = json!({"code": "Q", "name": "Quilmes"});
    shop.api(shop.admin()).post("/api/v1/suppliers", supplier).await.expect_status(201);
    for at in 0..PRODUCTS {
        let body = json!({"sku": format!("P{at}"), "name": format!("Producto {at}"), "category": "GEN", "unit": "un"});
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

fn paper(number: u64, order: &Value, products: &[Product]) -> Value {
    let billed: Vec<&Product> = products.iter().filter(|of| of.billed > 0).collect();
    let net: u64 = billed.iter().map(|of| of.billed * of.price).sum();
    let vat = (net * 21 + 50) / 100;
    let money = |raw: u64| format!("{}.{:02}", raw / 100, raw % 100);
    let lines: Vec<Value> = billed
        .iter()
        .map(|of| {
            json!({"text": of.sku, "product": format!("sku:{}", of.sku), "quantity": of.billed.to_string(), "unit": "un",
            "price": money(of.price), "vat": "21", "subtotal": money(of.billed * of.price)})
        })
        .collect();
    json!({"supplier": "Q", "order": order["id"], "kind": "invoice", "letter": "A", "number": format!("00003-{number:08}"),
        "issued_on": "2026-11-20", "total": money(net + vat), "lines": lines,
        "amounts": [{"kind": "net", "rate": "21", "amount": money(net)}, {"kind": "vat", "rate": "21", "amount": money(vat)}]})
}

/// What is told of an invoice, by product.
fn told(invoice: &Value) -> Vec<(String, String, String, String)> {
    let mut told: Vec<_> = invoice["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            let of = |field: &str| text(found, field).to_owned();
            (of("product").replace("sku:", ""), of("kind"), of("expected"), of("found"))
        })
        .collect();
    told.sort();
    told
}

async fn differences_of_a_delivery(shop: &TestShop, seed: u64, comes_now: bool) {
    let mut draws = seed;
    let products: Vec<Product> = (0..PRODUCTS).map(|at| planted(&mut draws, at, comes_now)).collect();
    let ordered: Vec<Value> = products.iter().filter(|of| of.ordered > 0)
        .map(|of| json!({"product": format!("sku:{}", of.sku), "quantity": of.ordered.to_string(), "expected_cost": cost(of.agreed)}))
        .collect();
    let order = sent(shop, "Q", json!(ordered)).await;
    let invoice = confirmed(shop, paper(seed, &order, &products)).await;
    assert_eq!(invoice["differences"], json!([]), "nobody knows yet what came");
    let apply =
        if comes_now {
            let counted: Vec<Value> = products.iter().filter(|of| of.billed > 0).enumerate()
            .map(|(at, of)| json!({"line": at + 1, "received": of.came.to_string(), "damaged": of.broken.to_string()}))
            .collect();
            json!({"location": "deposito", "lines": counted})
        } else {
            let line = |of: &Product| {
                let at = ordered.iter().position(|line| line["product"] == json!(format!("sku:{}", of.sku)));
                let mut line = json!({"quantity": of.came.to_string(), "damaged": of.broken.to_string()});
                match at {
                    Some(at) => line["line"] = json!(at + 1),
                    None => line["product"] = json!(format!("sku:{}", of.sku)),
                }
                line
            };
            let came: Vec<Value> = products.iter().filter(|of| of.came + of.broken > 0).map(line).collect();
            let receipt = receive(shop, &order, json!(came)).await.expect_status(201).json();
            json!({"receipt": receipt["id"]})
        };
    let applied = step(shop, &invoice, "apply", apply).await.expect_status(200).json();
    let mut expected: Vec<_> = products
        .iter()
        .flat_map(|of| {
            of.told
                .iter()
                .map(|(kind, expected, found)| (of.sku.clone(), (*kind).to_owned(), expected.clone(), found.clone()))
        })
        .collect();
    expected.sort();
    assert_eq!(told(&applied), expected, "seed {seed}, {comes_now}");
    let path = format!("/api/v1/invoices/{}", text(&invoice, "id"));
    assert_eq!(told(&shop.api(shop.admin()).get(&path).await.expect_status(200).json()), expected);
    let claims =
        shop.api(shop.admin()).get("/api/v1/supplier-claims?state=open&limit=500").await.expect_status(200).json();
    let owed =
        expected.iter().filter(|(_, kind, ..)| ["missing", "damaged", "dearer"].contains(&kind.as_str())).count();
    assert_eq!(
        claims["items"].as_array().unwrap().len(),
        owed,
        "what the supplier owes for is claimed, and nothing else"
    );
    let page =
        shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200).text();
    assert!(page.contains("Pedido, recibido y facturado"));
    // Out of the books nothing is told, and the next round begins with no claims.
    let back = step(shop, &invoice, "reverse", json!({"reason": "Otra vez"})).await.expect_status(200).json();
    assert_eq!(back["differences"], json!([]));
}

both_engines! {
    fn m8_every_planted_difference_is_told_and_nothing_else(shop: TestShop) {
        with_products(&shop).await;
        for seed in [7, 2_026, 31_415] {
            differences_of_a_delivery(&shop, seed, true).await;
            differences_of_a_delivery(&shop, seed + 1, false).await;
        }
    }
}

both_engines! {
    /// The rest of an order stays open: what is short of it is told until it came.
    fn m8_what_an_order_still_lacks_is_told_until_it_comes(shop: TestShop) {
        with_products(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:P0", "quantity": "12", "expected_cost": "1210"}])).await;
        let half = Product { sku: "P0".into(), agreed: 100_000, price: 100_000, ordered: 12, came: 5, broken: 0, billed: 5, told: Vec::new() };
        let invoice = confirmed(&shop, paper(1, &order, &[half])).await;
        let applied = step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200).json();
        let short = ("P0".to_owned(), "less_than_ordered".to_owned(), "12".to_owned(), "5".to_owned());
        assert_eq!(told(&applied), [short]);
        receive(&shop, &order, json!([{"line": 1, "quantity": "7"}])).await.expect_status(201);
        let path = format!("/api/v1/invoices/{}", text(&invoice, "id"));
        let later = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
        assert_eq!(later["differences"], json!([]));
        let page = shop.page(shop.admin()).get(&path.replace("/api/v1", "")).await.expect_status(200).text();
        assert!(page.contains("Todo coincide"), "{page}");
    }
}
