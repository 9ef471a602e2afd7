//! Sale lists on both engines: what their rules make of GENERAL, what goes before a rule, which rule holds on a day, and that
//! what a list asked for on a past day can be told (`pricing.md`).

use std::time::Duration;

use crate::common::pages::{field, form, leads_to, page};
use crate::common::shop_with;
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const RULES: &str = "/api/v1/sale-lists/rules";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// SAL leaves 15 % at least; the owner confirmed less for the last one.
async fn with_products(shop: &TestShop) {
    let product = |sku: &str, cost: &str, price: &str| json!({"sku": sku, "name": format!("Galletitas {sku}"), "category": "SAL", "unit": "un", "replacement_cost": cost, "sale_price": price});
    shop_with(
        shop,
        &[product("A", "907.50", "1200.00"), product("B", "2000.00", "3000.00"), product("C", "1000.00", "1200.00")],
    )
    .await;
    price(shop, json!({"product": "sku:C", "price": "1150.00", "confirmed": true})).await.expect_status(201);
}

async fn set(shop: &TestShop, body: Value) -> Value {
    shop.api(shop.admin()).post(RULES, body).await.expect_status(201).json()
}

/// Price and basis of each product on a list.
async fn on(shop: &TestShop, query: &str) -> Vec<String> {
    let page = shop.api(shop.admin()).get(&format!("/api/v1/prices?{query}")).await.expect_status(200).json();
    let of = |price: &Value, name: &str| price[name].as_str().unwrap_or("-").to_owned();
    let told = |price: &Value| format!("{} {} {}", of(price, "sku"), of(price, "price"), of(price, "basis"));
    page["items"].as_array().unwrap().iter().map(told).collect()
}

async fn price(shop: &TestShop, body: Value) -> gondola_testkit::Answer {
    let mut whole = json!({"reason": "Arreglo con el cliente"});
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    shop.api(shop.admin()).post("/api/v1/prices", whole).await
}

both_engines! {
    fn a_rule_makes_a_list_of_general_and_a_price_by_hand_goes_before_it(shop: TestShop) {
        with_products(&shop).await;
        assert_eq!(on(&shop, "list=MAYORISTA").await, [] as [&str; 0], "without a rule there is nothing on it");
        let rule = set(&shop, json!({"list": "MAYORISTA", "adjustment": "-15"})).await;
        assert_eq!((&rule["adjustment"], &rule["minimum_margin"], &rule["valid_to"]), (&json!("-15.00"), &Value::Null, &Value::Null));
        let made = ["A 1100.00 minimum", "B 2550.00 rule", "C 1150.00 general"];
        assert_eq!(on(&shop, "list=MAYORISTA").await, made, "A at 1,050 would leave 13.57 %; C leaves 13.04 % on GENERAL");
        assert_eq!(on(&shop, "list=ESPECIAL").await, [] as [&str; 0], "each list has its own");
        assert_eq!(on(&shop, "").await, ["A 1200.00 -", "B 3000.00 -", "C 1150.00 -"]);

        let own = price(&shop, json!({"product": "sku:B", "list": "MAYORISTA", "price": "2400.00"})).await.expect_status(201).json();
        assert_eq!((&own["list"], &own["before"], &own["price"]), (&json!("MAYORISTA"), &Value::Null, &json!("2400.00")));
        assert_eq!(on(&shop, "list=MAYORISTA").await, ["A 1100.00 minimum", "B 2400.00 -", "C 1150.00 general"]);
        let product = shop.api(shop.admin()).get("/api/v1/products/sku:B").await.expect_status(200).json();
        assert_eq!(product["wholesale_price"], "2400.00", "the product says what was set on it");
        let off = price(&shop, json!({"product": "sku:B", "list": "MAYORISTA", "price": null})).await.expect_status(201).json();
        assert_eq!((&off["before"], &off["price"]), (&json!("2400.00"), &Value::Null));
        assert_eq!(on(&shop, "list=MAYORISTA").await, made, "the rule holds again");

        price(&shop, json!({"product": "sku:B", "price": "3300.00"})).await.expect_status(201);
        assert_eq!(on(&shop, "list=MAYORISTA").await[1], "B 2800.00 rule", "2,805: it follows GENERAL");
        let low = json!({"list": "MAYORISTA", "adjustment": "-15", "minimum_margin": "10", "rounding_step": "10"});
        set(&shop, low).await;
        let low = ["A 1020.00 rule", "B 2810.00 rule", "C 1120.00 minimum"];
        assert_eq!(on(&shop, "list=MAYORISTA").await, low, "11.03 %; C at 980 would leave less than 10 %");
        set(&shop, json!({"list": "ESPECIAL", "adjustment": "5"})).await;
        assert_eq!(on(&shop, "list=ESPECIAL").await, ["A 1250.00 rule", "B 3450.00 rule", "C 1200.00 rule"], "1,260, 3,465, 1,207.50");
    }
}

both_engines! {
    fn the_rule_that_began_last_holds_and_the_past_stays_as_it_was(shop: TestShop) {
        with_products(&shop).await;
        let days = |after: i64| {
            let today = gondola_shop::kernel::time::parse_day("2026-11-23").unwrap();
            gondola_shop::kernel::time::format_day(today + i32::try_from(after).unwrap())
        };
        set(&shop, json!({"list": "MAYORISTA", "adjustment": "-10"})).await;
        set(&shop, json!({"list": "MAYORISTA", "adjustment": "-20", "minimum_margin": "0", "valid_from": days(1), "valid_to": days(2)})).await;
        let b = async |query: &str| on(&shop, &format!("list=MAYORISTA{query}")).await[1].clone();
        let first = shop.db().now();
        let of_first = format!("&at={}", gondola_shop::kernel::time::format_instant(first));
        let mut held = vec![b("").await];
        for _ in 0..3 {
            shop.clock().advance(DAY);
            held.push(b("").await);
        }
        assert_eq!(held, ["B 2700.00 rule", "B 2400.00 rule", "B 2400.00 rule", "B 2700.00 rule"]);
        let past = b(&format!("&at={}", days(1))).await;
        assert_eq!(past, "B 2400.00 rule", "the offer was over by then, and is told of its day");

        price(&shop, json!({"product": "sku:B", "price": "4000.00"})).await.expect_status(201);
        let rules = shop.api(shop.admin()).get(RULES).await.expect_status(200).json();
        let told = |field: &str| rules["items"].as_array().unwrap().iter().map(|rule| rule[field].clone()).collect::<Vec<_>>();
        assert_eq!(told("adjustment"), ["-20.00", "-10.00"]);
        for id in told("id") {
            let path = format!("{RULES}/{}", id.as_str().unwrap());
            shop.api(shop.admin()).delete(&path).await.expect_status(204);
            shop.api(shop.admin()).delete(&path).await.expect_problem(404, "not_found");
        }
        assert_eq!(on(&shop, "list=MAYORISTA").await, [] as [&str; 0]);
        assert_eq!(b(&of_first).await, "B 2700.00 rule", "whatever was removed or repriced since");
        let kept = shop.api(shop.admin()).get(&format!("{RULES}?kept=true&list=MAYORISTA")).await.expect_status(200).json();
        assert_eq!(kept["items"], json!([]));
        let all = shop.api(shop.admin()).get(&format!("{RULES}?list=MAYORISTA")).await.expect_status(200).json();
        assert!(all["items"].as_array().unwrap().iter().all(|rule| rule["removed_by"].is_string()), "{all}");
    }
}

both_engines! {
    fn what_is_no_rule_or_no_price_of_a_list_is_refused_and_changes_nothing(shop: TestShop) {
        with_products(&shop).await;
        for (body, field, code) in [
            (json!({"list": "GENERAL", "adjustment": "-10"}), "list", "unknown_list"),
            (json!({"list": "MAYORISTA"}), "adjustment", "required"),
            (json!({"list": "MAYORISTA", "adjustment": "5"}), "adjustment", "above_general"),
            (json!({"list": "MAYORISTA", "adjustment": "-91"}), "adjustment", "bad_percent"),
            (json!({"list": "ESPECIAL", "adjustment": "101"}), "adjustment", "bad_percent"),
            (json!({"list": "ESPECIAL", "adjustment": "5", "rounding_step": "1000.01"}), "rounding_step", "out_of_range"),
            (json!({"list": "ESPECIAL", "adjustment": "5", "minimum_margin": "91"}), "minimum_margin", "bad_percent"),
            (json!({"list": "ESPECIAL", "adjustment": "5", "valid_from": "2026-11-22"}), "valid_from", "in_the_past"),
            (json!({"list": "ESPECIAL", "adjustment": "5", "valid_from": "2026-12-02", "valid_to": "2026-12-01"}), "valid_to", "ends_before"),
            (json!({"list": "ESPECIAL", "adjustment": "5", "valid_from": "ayer"}), "valid_from", "bad_date"),
        ] {
            let problem = shop.api(shop.admin()).post(RULES, body.clone()).await.expect_problem(422, "invalid").json();
            assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!(field), &json!(code)), "{body}");
        }
        let floor = json!({"list": "MAYORISTA", "adjustment": "-10", "minimum_margin": "1"});
        shop.api(shop.user(Role::Manager)).post(RULES, floor).await.expect_problem(403, "forbidden");
        assert_eq!(shop.api(shop.admin()).get(RULES).await.expect_status(200).json()["items"], json!([]));

        for (body, field, code) in [
            (json!({"product": "sku:A", "list": "MAYORISTA", "price": "1250.00"}), "price", "above_general"),
            (json!({"product": "sku:A", "list": "MAYORISTA", "price": "907.50", "confirmed": true}), "price", "below_cost"),
            (json!({"product": "sku:A", "list": "MAYORISTA", "price": null}), "price", "not_on_list"),
            (json!({"product": "sku:A", "price": null}), "price", "required"),
            (json!({"product": "sku:A", "list": "ESPECIAL"}), "price", "required"),
            (json!({"product": "sku:A", "list": "OTRA", "price": "1.00"}), "list", "unknown_list"),
        ] {
            let problem = price(&shop, body.clone()).await.expect_problem(422, "invalid").json();
            assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!(field), &json!(code)), "{body}");
        }
        price(&shop, json!({"product": "sku:A", "list": "ESPECIAL", "price": "900.00"})).await.expect_problem(409, "loss");
        assert_eq!(on(&shop, "list=ESPECIAL").await, [] as [&str; 0]);
        let confirmed = json!({"product": "sku:A", "list": "ESPECIAL", "price": "900.00", "confirmed": true});
        price(&shop, confirmed).await.expect_status(201);
        assert_eq!(on(&shop, "list=ESPECIAL").await, ["A 900.00 -"], "the owner says so");
        assert_eq!(on(&shop, "list=ESPECIAL&light=loss_risk").await, ["A 900.00 -"], "and sees it");
    }
}

both_engines! {
    fn people_see_what_a_rule_makes_before_they_set_it(shop: TestShop) {
        with_products(&shop).await;
        price(&shop, json!({"product": "sku:B", "list": "MAYORISTA", "price": "2400.00"})).await.expect_status(201);
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/sale-lists").await;
        assert!(html.contains("Sin regla") && html.contains("Precios puestos a mano: 1."), "{html}");
        let key = field(&html, "idempotency_key");
        let asked = [("idempotency_key", key.as_str()), ("list", "MAYORISTA"), ("adjustment", "-15"), ("rounding_step", ""), ("valid_from", ""), ("valid_to", "")];
        let seen = browser.form("/sale-lists", &form(&[&asked[..], &[("step", "preview")]].concat())).await.expect_status(200).text();
        assert!(seen.contains("Cómo quedaría MAYORISTA hoy") && seen.contains("1.100,00") && seen.contains("Al margen mínimo"), "{seen}");
        let none = shop.api(shop.admin()).get(RULES).await.expect_status(200).json();
        assert_eq!(none["items"], json!([]), "a look sets nothing");
        let wrong = [("idempotency_key", key.as_str()), ("list", "MAYORISTA"), ("adjustment", "5"), ("step", "preview")];
        let refused = browser.form("/sale-lists", &form(&wrong)).await.expect_status(422).text();
        assert!(refused.contains("no puede ser mayor que GENERAL"), "{refused}");
        let key = field(&seen, "idempotency_key");
        let right = [&[("idempotency_key", key.as_str())], &asked[1..]].concat();
        assert_eq!(leads_to(&browser.form("/sale-lists", &form(&right)).await), "/sale-lists");
        let html = page(&browser, "/sale-lists").await;
        assert!(html.contains("-15,00 %") && html.contains("Vale hoy"), "{html}");

        let listed = page(&browser, "/prices?list=MAYORISTA").await;
        assert!(listed.contains("1.100,00") && listed.contains("Al margen mínimo") && listed.contains("2.400,00"), "{listed}");
        let product = page(&browser, "/prices/B").await;
        assert!(product.contains("En otras listas") && product.contains("Puesto a mano"), "{product}");
        let key = field(&product, "idempotency_key");
        let off = [("idempotency_key", key.as_str()), ("list", "MAYORISTA"), ("off", "yes"), ("reason", "Vuelve la regla")];
        assert_eq!(leads_to(&browser.form("/prices/B", &form(&off)).await), "/prices/B");
        assert!(page(&browser, "/prices/B").await.contains("2.550,00"), "3,000 less 15 %");
        let paper = shop.api(shop.admin()).get("/api/v1/prices/pdf?readers=staff&list=MAYORISTA").await.expect_status(200);
        assert_eq!(paper.header("content-type"), "application/pdf");

        let action = html.split("action=\"/sale-lists/").nth(1).unwrap().split('"').next().unwrap();
        let key = field(&html, "idempotency_key");
        let removed = browser.form(&format!("/sale-lists/{action}"), &form(&[("idempotency_key", &key)])).await;
        assert_eq!(leads_to(&removed), "/sale-lists");
        assert!(page(&browser, "/sale-lists").await.contains("Sin regla"));
    }
}
