//! Repricings on both engines: seen first, applied whole, taken back by one key (M11, M12).

use std::time::Duration;

use crate::common::pages::{field, form, leads_to, page};
use crate::common::{put_row, receipt, shop_with};
use axum::http::Method;
use gondola_store::{Actor, Role};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

fn product(sku: &str, brand: &str, cost: &str, price: &str) -> Value {
    json!({"sku": sku, "name": format!("Producto {sku}"), "category": "SAL", "unit": "un", "brand": brand,
        "replacement_cost": cost, "sale_price": price})
}

/// Two of a brand and one of another, each at $1,200 over 907.50.
async fn three(shop: &TestShop) {
    let products = [("A-1", "Bagley"), ("A-2", "Bagley"), ("B-1", "Terrabusi")];
    shop_with(shop, &products.map(|(sku, brand)| product(sku, brand, "907.50", "1200.00"))).await;
}

async fn build(shop: &TestShop, body: Value) -> Value {
    shop.api(shop.admin()).post("/api/v1/repricings", body).await.expect_status(201).json()
}

async fn rows(shop: &TestShop, id: &str, query: &str) -> Vec<Value> {
    let page =
        shop.api(shop.admin()).get(&format!("/api/v1/repricings/{id}/rows?{query}")).await.expect_status(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn price(shop: &TestShop, sku: &str) -> String {
    let product = shop.api(shop.admin()).get(&format!("/api/v1/products/sku:{sku}")).await.expect_status(200).json();
    product["sale_price"].as_str().unwrap_or("-").to_owned()
}

async fn cost(shop: &TestShop, sku: &str, cost: &str) {
    let path = format!("/api/v1/products/sku:{sku}");
    let version = shop.api(shop.admin()).get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&path, json!({"replacement_cost": cost})).await.expect_status(200);
}

fn told<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[field].as_str().unwrap_or("-")).collect()
}

fn path(repricing: &Value, what: &str) -> String {
    format!("/api/v1/repricings/{}/{what}", repricing["id"].as_str().unwrap())
}

both_engines! {
    /// Prices follow what the months add up to, of which every rate is recorded: 3 and 2 % are 5.06.
    fn prices_follow_inflation_between_two_months(shop: TestShop) {
        three(&shop).await;
        let index = |from: &str, to: &str| json!({"rule": "index", "from": from, "to": to, "brand": "Bagley", "reason": "Inflación"});
        let refused = shop.api(shop.admin()).post("/api/v1/repricings", index("2026-09", "2026-10")).await;
        let problem = refused.expect_problem(422, "invalid").json();
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("from"), &json!("no_rate")), "{problem}");
        for (month, rate) in [("2026-09", "3"), ("2026-10", "2")] {
            let body = json!({"month": month, "rate": rate, "source": "INDEC"});
            shop.api(shop.admin()).post("/api/v1/inflation/rates", body).await.expect_status(201);
        }
        for (body, field, code) in [
            (index("2026-10", "2026-09"), "to", "out_of_range"), (index("octubre", "2026-10"), "from", "bad_month"),
            (json!({"rule": "index", "to": "2026-10", "reason": "Inflación"}), "from", "required"),
            (json!({"rule": "cost", "from": "2026-10", "reason": "Inflación"}), "from", "not_together"),
            (json!({"rule": "index", "from": "2026-10", "to": "2026-10", "percent": "3", "reason": "Inflación"}), "percent", "not_together"),
        ] {
            let problem = shop.api(shop.admin()).post("/api/v1/repricings", body).await.expect_status(422).json();
            assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!(field), &json!(code)), "{problem}");
        }
        let all = shop.api(shop.admin()).get("/api/v1/repricings").await.expect_status(200).json();
        assert_eq!(all["items"], json!([]), "what was refused left nothing");
        let built = build(&shop, index("2026-09", "2026-10")).await;
        assert_eq!((&built["percent"], &built["from"], &built["to"]), (&json!("5.06"), &json!("2026-09"), &json!("2026-10")), "{built}");
        // 1,200 × 1.0506 is 1,260.72, rounded to $1,250.
        let seen = rows(&shop, built["id"].as_str().unwrap(), "").await;
        assert_eq!((told(&seen, "sku"), told(&seen, "new_price")), (vec!["A-1", "A-2"], vec!["1250.00"; 2]));
        shop.api(shop.admin()).post(&path(&built, "apply"), json!({})).await.expect_status(200);
        // A rate corrected afterwards changes nothing that was built on the old one.
        let body = json!({"month": "2026-10", "rate": "9", "source": "INDEC"});
        shop.api(shop.admin()).post("/api/v1/inflation/rates", body).await.expect_status(201);
        let stored = shop.api(shop.admin()).get(&path(&built, "")[..path(&built, "").len() - 1]).await.expect_status(200).json();
        assert_eq!((&stored["percent"], price(&shop, "A-1").await, price(&shop, "B-1").await), (&json!("5.06"), "1250.00".to_owned(), "1200.00".to_owned()));
        let list = shop.page(shop.admin()).get("/repricings").await.expect_status(200).text();
        assert!(list.contains("Seguir la inflación 09/2026–10/2026 5,06 %"), "{list}");
    }
}

both_engines! {
    /// M12: a brand's cost rises by 8 %, all its prices are proposed, nothing else.
    fn a_brand_whose_cost_rose_gets_all_its_prices_proposed(shop: TestShop) {
        three(&shop).await;
        for sku in ["A-1", "A-2"] {
            cost(&shop, sku, "980.10").await;
        }
        let built = build(&shop, json!({"rule": "cost", "brand": "bagley", "reason": "Aumento de Bagley"})).await;
        assert_eq!((&built["state"], &built["rows"], &built["guarded"]), (&json!("draft"), &json!(2), &json!(0)));
        let id = built["id"].as_str().unwrap();
        let seen = rows(&shop, id, "").await;
        assert_eq!(told(&seen, "sku"), ["A-1", "A-2"]);
        // 32.23 % over 980.10 is 1,296.00, rounded to $1,300.
        assert_eq!((told(&seen, "new_price"), told(&seen, "severity")), (vec!["1300.00"; 2], vec!["medium"; 2]));
        assert_eq!((told(&seen, "markup"), told(&seen, "margin")), (vec!["32.64"; 2], vec!["24.61"; 2]));
        assert_eq!(price(&shop, "A-1").await, "1200.00", "a preview changes nothing");
        let applied = shop.api(shop.admin()).post(&path(&built, "apply"), json!({})).await.expect_status(200).json();
        assert_eq!((&applied["state"], &applied["applied"]), (&json!("applied"), &json!(2)));
        assert_eq!((price(&shop, "A-1").await, price(&shop, "B-1").await), ("1300.00".to_owned(), "1200.00".to_owned()));
        let proposed = shop.api(shop.admin()).get("/api/v1/prices?proposed=true").await.expect_status(200).json();
        assert_eq!(proposed["items"], json!([]), "what was proposed is done");
        let history = shop.api(shop.admin()).get("/api/v1/prices/history?product=sku:A-1").await.expect_status(200).json();
        let last = &history["items"][0];
        assert_eq!((&last["source"], &last["reason"], &last["repricing"]), (&json!("rule"), &json!("Aumento de Bagley"), &built["id"]));
        assert_eq!(last["cost"], "980.1000");
    }
}

both_engines! {
    /// M11: a rollback restores every price of the batch; what was changed since is listed and left alone.
    fn one_key_takes_all_of_it_back_but_what_was_changed_since(shop: TestShop) {
        three(&shop).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/products", product("C-1", "Nuevo", "500.00", "700.00")).await.expect_status(201);
        let said = json!({"rule": "prices", "reason": "Lista nueva", "prices": [
            {"product": "sku:A-1", "price": "1500.00"}, {"product": "sku:A-2", "price": "1600.00"}, {"product": "sku:C-1", "price": "900.00"}]});
        let built = build(&shop, said).await;
        api.post(&path(&built, "apply"), json!({})).await.expect_status(200);
        shop.clock().advance(Duration::from_secs(60));
        // The same price again is a change too: somebody looked at it.
        let again = json!({"product": "sku:A-2", "price": "1600.00", "reason": "Lo confirmo"});
        api.post("/api/v1/prices", again).await.expect_status(201);
        let once = shop.api(shop.admin()).key("back");
        let back = once.send(Method::POST, &path(&built, "rollback"), None).await.expect_status(200).json();
        let replayed = once.send(Method::POST, &path(&built, "rollback"), None).await.expect_status(200);
        assert_eq!((replayed.header("idempotency-replayed"), replayed.json()), ("true", back.clone()));
        assert_eq!((&back["state"], &back["restored"], &back["skipped"]), (&json!("rolled_back"), &json!(2), &json!(1)));
        let now = [price(&shop, "A-1").await, price(&shop, "A-2").await, price(&shop, "C-1").await];
        assert_eq!(now, ["1200.00", "1600.00", "700.00"]);
        let skipped = rows(&shop, built["id"].as_str().unwrap(), "outcome=skipped").await;
        assert_eq!(told(&skipped, "sku"), ["A-2"]);
        let second = api.send(Method::POST, &path(&built, "rollback"), None).await;
        second.expect_problem(409, "wrong_state");
    }
}

both_engines! {
    /// 11 % less than 1,200 is 1,068. The nearest price, 1,050, leaves 13.57 % over 907.50 where 15 is the least; 1,100 does.
    fn m11_rounding_never_takes_a_price_under_its_minimum(shop: TestShop) {
        three(&shop).await;
        let built = build(&shop, json!({"rule": "percentage", "percent": "-11", "reason": "Liquidación"})).await;
        assert_eq!(built["guarded"], 0);
        let rows = rows(&shop, built["id"].as_str().unwrap(), "").await;
        assert_eq!(told(&rows, "new_price"), ["1100.00"; 3]);
    }
}

both_engines! {
    fn rows_that_break_a_guard_stand_apart_and_need_the_owner(shop: TestShop) {
        three(&shop).await;
        let built = build(&shop, json!({"rule": "percentage", "percent": "-15", "reason": "Liquidación"})).await;
        // 1,020 rounds to 1,000, which is 9.25 % over 907.50.
        assert_eq!((&built["rows"], &built["guarded"], &built["percent"]), (&json!(3), &json!(3), &json!("-15.00")));
        let id = built["id"].as_str().unwrap();
        assert_eq!(told(&rows(&shop, id, "guarded=true").await, "guard"), ["below_minimum"; 3]);
        assert_eq!(rows(&shop, id, "guarded=false").await.len(), 0);
        let api = shop.api(shop.admin());
        api.post(&path(&built, "apply"), json!({})).await.expect_problem(409, "nothing_to_change");
        let sure = json!({"guarded_reason": "Vence la semana que viene"});
        shop.api(shop.manager()).post(&path(&built, "apply"), sure.clone()).await.expect_problem(403, "forbidden");
        assert_eq!(price(&shop, "A-1").await, "1200.00");
        let browser = shop.page(shop.admin());
        let there = format!("/repricings/{id}");
        let html = page(&browser, &there).await;
        assert!(html.contains("<h2>Esperan al dueño</h2>") && !html.contains("<h2>Precios nuevos</h2>"), "{html}");
        let low = form(&[("idempotency_key", &field(&html, "idempotency_key")), ("product", &field(&html, "product")), ("price", "mil")]);
        browser.form(&format!("{there}/rows"), &low).await.expect_status(422);
        let html = page(&browser, &there).await;
        let right = form(&[("idempotency_key", &field(&html, "idempotency_key")), ("product", &field(&html, "product")), ("price", "1.150,00")]);
        browser.form(&format!("{there}/rows"), &right).await.expect_status(303);
        let html = page(&browser, &there).await;
        assert!(html.find("<h2>Esperan al dueño</h2>") < html.find("<h2>Precios nuevos</h2>") && html.contains("1150,00"), "{html}");
        let edits = json!({"rows": [{"product": "sku:A-1", "price": "1150.00"}, {"product": "sku:B-1", "excluded": true}]});
        let edited = api.post(&path(&built, "rows"), edits).await.expect_status(200).json();
        assert_eq!((&edited["guarded"], &edited["excluded"]), (&json!(2), &json!(1)));
        let applied = api.post(&path(&built, "apply"), sure).await.expect_status(200).json();
        assert_eq!(applied["applied"], 2);
        let now = [price(&shop, "A-1").await, price(&shop, "A-2").await, price(&shop, "B-1").await];
        assert_eq!(now, ["1150.00", "1000.00", "1200.00"]);
        let trail = api.get("/api/v1/audit?event=repricings.apply").await.expect_status(200).json();
        assert_eq!(trail["items"][0]["reason"], "Vence la semana que viene", "{trail}");
    }
}

both_engines! {
    /// All or nothing: what changed since the preview refuses the whole.
    fn a_preview_that_is_out_of_date_is_not_applied(shop: TestShop) {
        three(&shop).await;
        let built = build(&shop, json!({"rule": "percentage", "percent": "10", "category": "SAL", "reason": "Inflación"})).await;
        cost(&shop, "A-2", "910.00").await;
        let api = shop.api(shop.admin());
        let refused = api.post(&path(&built, "apply"), json!({})).await.expect_problem(409, "preview_outdated").json();
        assert!(refused["detail"].as_str().unwrap().contains("A-2"), "{refused}");
        assert_eq!(price(&shop, "A-1").await, "1200.00");
        api.post(&path(&built, "rows"), json!({"rows": [{"product": "sku:A-2", "excluded": true}]})).await.expect_status(200);
        api.post(&path(&built, "apply"), json!({})).await.expect_status(200);
        assert_eq!((price(&shop, "A-1").await, price(&shop, "A-2").await), ("1300.00".to_owned(), "1200.00".to_owned()));
        // 1,320 rounds to the nearest $50: 1,300.
        let below = json!({"rule": "prices", "reason": "Baja", "prices": [{"product": "sku:B-1", "price": "1250.00"}]});
        let below = build(&shop, below).await;
        let version = api.get("/api/v1/products/sku:B-1").await.json()["version"].as_i64().unwrap();
        let wholesale = json!({"wholesale_price": "1300.00"});
        shop.api(shop.admin()).if_match(version).patch("/api/v1/products/sku:B-1", wholesale).await.expect_status(200);
        api.post(&path(&below, "apply"), json!({})).await.expect_problem(409, "below_wholesale");
    }
}

both_engines! {
    fn a_scheduled_repricing_is_applied_at_its_hour_or_says_why_not(shop: TestShop) {
        three(&shop).await;
        let api = shop.api(shop.admin());
        let good = build(&shop, json!({"rule": "markup", "percent": "50", "brand": "Bagley", "reason": "Nuevo recargo"})).await;
        let late = build(&shop, json!({"rule": "margin", "percent": "40", "brand": "Terrabusi", "reason": "Nuevo margen"})).await;
        let gone = build(&shop, json!({"rule": "band", "brand": "Terrabusi", "reason": "Por rubro"})).await;
        let soon = gondola_shop::kernel::time::format_instant(shop.db().now() + 60_000_000);
        for one in [&good, &late] {
            let set = api.post(&path(one, "apply"), json!({"at": soon})).await.expect_status(200).json();
            assert_eq!((&set["state"], &set["apply_at"]), (&json!("scheduled"), &json!(soon)));
        }
        api.send(Method::POST, &path(&gone, "cancel"), None).await.expect_status(200);
        let worker = Actor::system("worker");
        assert_eq!(gondola_shop::repricings::apply_due(shop.db(), &worker).await.unwrap(), 0, "not yet");
        cost(&shop, "B-1", "1000.00").await;
        shop.clock().advance(Duration::from_secs(61));
        assert_eq!(gondola_shop::repricings::apply_due(shop.db(), &worker).await.unwrap(), 1);
        // 1.5 × 907.50 is 1,361.25, rounded to $1,350.
        assert_eq!((price(&shop, "A-1").await, price(&shop, "B-1").await), ("1350.00".to_owned(), "1200.00".to_owned()));
        let list = api.get("/api/v1/repricings").await.expect_status(200).json();
        assert_eq!(told(list["items"].as_array().unwrap(), "state"), ["cancelled", "failed", "applied"]);
        assert!(list["items"][1]["note"].as_str().unwrap().contains("B-1"), "{list}");
        assert_eq!(api.get("/api/v1/repricings?state=failed").await.json()["items"].as_array().unwrap().len(), 1);
        api.get("/api/v1/repricings?state=nada").await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// The owner takes rows as they are: whoever corrects one afterwards has to ask again.
    fn what_the_owner_took_is_not_what_somebody_makes_of_it(shop: TestShop) {
        three(&shop).await;
        let api = shop.api(shop.admin());
        let built = build(&shop, json!({"rule": "percentage", "percent": "-15", "brand": "Terrabusi", "reason": "Oferta"})).await;
        let soon = gondola_shop::kernel::time::format_instant(shop.db().now() + 60_000_000);
        let taken = json!({"at": soon, "guarded_reason": "Vence pronto"});
        let taken = api.post(&path(&built, "apply"), taken).await.expect_status(200).json();
        assert_eq!(taken["guarded_reason"], "Vence pronto");
        let lower = json!({"rows": [{"product": "sku:B-1", "price": "500.00"}]});
        let edited = shop.api(shop.manager()).post(&path(&built, "rows"), lower).await.expect_status(200).json();
        assert_eq!(edited["guarded_reason"], Value::Null);
        shop.clock().advance(Duration::from_secs(61));
        let worker = Actor::system("worker");
        assert_eq!(gondola_shop::repricings::apply_due(shop.db(), &worker).await.unwrap(), 0);
        assert_eq!(price(&shop, "B-1").await, "1200.00");
    }
}

both_engines! {
    /// AUD-6: what the clock applies was approved by whoever took it as it is.
    fn the_trail_tells_who_approved_what_the_clock_applied(shop: TestShop) {
        three(&shop).await;
        let api = shop.api(shop.admin());
        let built = build(&shop, json!({"rule": "percentage", "percent": "-15", "brand": "Terrabusi", "reason": "Oferta"})).await;
        let soon = gondola_shop::kernel::time::format_instant(shop.db().now() + 60_000_000);
        let taken = json!({"at": soon, "guarded_reason": "Vence pronto"});
        let taken = api.post(&path(&built, "apply"), taken).await.expect_status(200).json();
        assert_eq!(taken["guarded_by"], "admin");
        shop.clock().advance(Duration::from_secs(61));
        assert_eq!(gondola_shop::repricings::apply_due(shop.db(), &Actor::system("worker")).await.unwrap(), 1);
        let trail = api.get("/api/v1/audit?event=repricings.apply").await.expect_status(200).json();
        let entry = &trail["items"][0];
        assert_eq!((&entry["user"], &entry["approver"], &entry["reason"]), (&json!("worker"), &json!("admin"), &json!("Vence pronto")), "{trail}");
        let page = shop.page(shop.admin()).get("/audit").await.expect_status(200).text();
        assert!(page.contains("Lo aprobó admin"), "{page}");
    }
}

both_engines! {
    /// Pesos at stake: the difference by what sells in a month; the largest first.
    fn what_sells_most_puts_most_at_stake(shop: TestShop) {
        three(&shop).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("B-1", "100", "900")).await.expect_status(201);
        put_row(&shop, "update stock_heads set demand_quantity = 10000, demand_days = 10
            where product_id = (select id from products where sku = 'B-1') and $1 is not null").await;
        let built = build(&shop, json!({"rule": "percentage", "percent": "10", "reason": "Inflación"})).await;
        let seen = rows(&shop, built["id"].as_str().unwrap(), "").await;
        assert_eq!((told(&seen, "sku")[0], told(&seen, "at_stake")), ("B-1", vec!["3000.00", "0.00", "0.00"]));
        assert_eq!(built["at_stake"], "3000.00");
        let first = shop.api(shop.admin()).get(&format!("{}?limit=2", path(&built, "rows"))).await.expect_status(200).json();
        let next = shop.api(shop.admin()).get(&format!("{}?limit=2&after={}", path(&built, "rows"), first["next"].as_str().unwrap())).await;
        assert_eq!(next.expect_status(200).json()["items"].as_array().unwrap().len(), 1);
    }
}

both_engines! {
    fn what_is_wrong_with_a_rule_is_told_at_once(shop: TestShop) {
        three(&shop).await;
        let api = shop.api(shop.admin());
        let bad = json!({"rule": "percentage", "percent": "501", "category": "", "reason": "x"});
        let bad = api.post("/api/v1/repricings", bad).await.expect_problem(422, "invalid").json();
        assert_eq!(told(bad["errors"].as_array().unwrap(), "field"), ["percent", "category", "reason"]);
        for (body, code) in [
            (json!({"rule": "band", "category": "NADA", "reason": "Prueba"}), "unknown_category"),
            (json!({"rule": "band", "supplier": "NADIE", "reason": "Prueba"}), "unknown_supplier"),
            (json!({"rule": "prices", "prices": [{"product": "sku:NADA", "price": "1"}], "reason": "Prueba"}), "unknown_product"),
            (json!({"rule": "band", "percent": "5", "reason": "Prueba"}), "not_together"),
            (json!({"rule": "band", "prices": [], "reason": "Prueba"}), "not_together"),
            (json!({"rule": "otra", "reason": "Prueba"}), "unknown_rule"),
            (json!({"rule": "prices", "prices": [], "reason": "Prueba"}), "out_of_range"),
            (json!({"rule": "prices", "prices": [{"product": "sku:A-1", "price": "1"}, {"product": "sku:A-1", "price": "2"}], "reason": "Prueba"}), "repeated"),
        ] {
            let refused = api.post("/api/v1/repricings", body.clone()).await.expect_problem(422, "invalid").json();
            assert_eq!(refused["errors"][0]["code"], code, "{body}");
        }
        api.post("/api/v1/repricings", json!({"rule": "cost", "reason": "Nada cambió"})).await.expect_problem(409, "nothing_to_change");
        shop.api(shop.user(Role::Cashier)).post("/api/v1/repricings", json!({"rule": "band", "reason": "Prueba"})).await.expect_problem(403, "forbidden");
        let built = build(&shop, json!({"rule": "percentage", "percent": "5", "reason": "Prueba"})).await;
        let rows = json!({"rows": [{"product": "sku:NADA", "price": "1"}]});
        api.post(&path(&built, "rows"), rows).await.expect_problem(422, "invalid");
        let late = json!({"at": "2028-11-23T10:00:00-03:00"});
        api.post(&path(&built, "apply"), late).await.expect_problem(422, "invalid");
        api.post(&path(&built, "apply"), json!({"at": "mañana", "guarded_reason": "x"})).await.expect_problem(422, "invalid");
        let nothing = "/api/v1/repricings/00000000-0000-0000-0000-00000000002a";
        api.get(nothing).await.expect_problem(404, "not_found");
        api.get(&format!("{nothing}/rows")).await.expect_problem(404, "not_found");
        api.post(&format!("{nothing}/apply"), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn people_build_look_over_apply_and_take_back_on_pages(shop: TestShop) {
        three(&shop).await;
        let browser = shop.page(shop.admin());
        let key = field(&page(&browser, "/repricings").await, "idempotency_key");
        let bad = form(&[("idempotency_key", &key), ("rule", "percentage"), ("percent", ""), ("reason", "Sube todo")]);
        let key = field(&browser.form("/repricings", &bad).await.expect_status(422).text(), "idempotency_key");
        let good = form(&[("idempotency_key", &key), ("rule", "percentage"), ("percent", "10,5"), ("category", "sal"), ("reason", "Sube todo")]);
        let there = leads_to(&browser.form("/repricings", &good).await);
        let html = page(&browser, &there).await;
        assert!(html.contains("Producto A-1") && html.contains("Sube todo") && html.contains("10,50 %"), "{html}");
        let id = field(&html, "product");
        let out = form(&[("idempotency_key", &field(&html, "idempotency_key")), ("product", &id), ("excluded", "yes")]);
        browser.form(&format!("{there}/rows"), &out).await.expect_status(303);
        let apply = form(&[("idempotency_key", &field(&page(&browser, &there).await, "idempotency_key")), ("at", "nunca")]);
        browser.form(&format!("{there}/apply"), &apply).await.expect_status(422);
        let apply = form(&[("idempotency_key", &field(&page(&browser, &there).await, "idempotency_key")), ("at", "")]);
        browser.form(&format!("{there}/apply"), &apply).await.expect_status(303);
        assert_eq!(price(&shop, "B-1").await, "1350.00");
        let key = field(&page(&browser, &there).await, "idempotency_key");
        browser.form(&format!("{there}/rollback"), &form(&[("idempotency_key", &key)])).await.expect_status(303);
        assert_eq!(price(&shop, "B-1").await, "1200.00");
        let key = field(&page(&browser, "/repricings").await, "idempotency_key");
        let cancel = browser.form(&format!("{there}/cancel"), &form(&[("idempotency_key", &key)])).await.expect_status(422).text();
        assert!(cancel.contains("rolled_back"), "{cancel}");
        assert!(page(&browser, "/repricings").await.contains("Sube todo"));
    }
}

async fn from_file(shop: &TestShop, text: &str) -> gondola_testkit::Answer {
    let sent = Some(("text/csv", text.as_bytes().to_vec()));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/repricings/file", sent).await
}

both_engines! {
    /// A batch is built from a CSV too: seen first like any other, and taken whole or not at all.
    fn a_file_of_prices_is_a_repricing(shop: TestShop) {
        three(&shop).await;
        let barcode = json!({"code": "7790742034007"});
        shop.api(shop.admin()).post("/api/v1/products/sku:B-1/barcodes", barcode).await.expect_status(200);
        let file = "SKU;Código de barras;Precio\nA-1;;1.300,00\n;7790742034007;$ 1.450\n";
        let built = from_file(&shop, file).await.expect_status(201).json();
        let shown = rows(&shop, built["id"].as_str().unwrap(), "").await;
        let mut prices: Vec<String> = shown.iter().map(|row| format!("{} {}", row["sku"].as_str().unwrap(), row["new_price"].as_str().unwrap())).collect();
        prices.sort();
        assert_eq!(prices, ["A-1 1300.00", "B-1 1450.00"]);
        assert_eq!(price(&shop, "A-1").await, "1200.00", "nothing changed yet");
        shop.api(shop.admin()).post(&path(&built, "apply"), json!({})).await.expect_status(200);
        assert_eq!((price(&shop, "A-1").await, price(&shop, "B-1").await), ("1300.00".into(), "1450.00".into()));
        let exported = shop.api(shop.admin()).get("/api/v1/prices?format=csv").await.expect_status(200).text();
        let edited = exported.replace("1300", "1350");
        let again = from_file(&shop, &edited).await.expect_status(201).json();
        let changed = rows(&shop, again["id"].as_str().unwrap(), "").await;
        assert!(changed.iter().any(|row| row["new_price"] == "1350.00"), "{edited}");
    }
}

both_engines! {
    fn a_file_of_prices_that_is_wrong_is_told_by_its_lines(shop: TestShop) {
        three(&shop).await;
        let list = "/api/v1/repricings";
        let bad = from_file(&shop, "sku;precio\nA-1;1300\nNADIE;5\n;7\nA-1;1400\nA-2;mucho\n").await.expect_problem(422, "invalid").json();
        let codes: Vec<&str> = told(bad["errors"].as_array().unwrap(), "code");
        assert_eq!(codes, ["unknown_product", "required", "repeated", "number_not_a_number"], "{bad}");
        assert!(bad["errors"][0]["detail"].as_str().unwrap().starts_with("Renglón 3: "), "{bad}");
        for text in ["", "sku;costo\nA-1;5\n", "sku;precio\n"] {
            let refused = from_file(&shop, text).await.expect_problem(422, "invalid").json();
            assert_eq!(refused["errors"][0]["field"], "file", "{text}");
        }
        assert_eq!(shop.api(shop.admin()).get(list).await.expect_status(200).json()["items"], json!([]), "nothing was built");
        let part = "--XyZ\r\nContent-Disposition: form-data; name=\"idempotency_key\"\r\n\r\nprices-1\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"precios.csv\"\r\n\r\n";
        for (file, status) in [("sku;precio\nA-1;mucho\n", 422), ("sku;precio\nA-1;1300\n", 303)] {
            let body = format!("{part}{file}\r\n--XyZ--\r\n").into_bytes();
            let sent = Some(("multipart/form-data; boundary=XyZ", body));
            let answer = shop.page(shop.admin()).send(Method::POST, "/repricings/file", sent).await;
            let html = answer.expect_status(status).text();
            assert_eq!(html.contains("Renglón 2: No es un número"), status == 422, "{html}");
        }
        let built = shop.api(shop.admin()).get(list).await.expect_status(200).json();
        assert_eq!(built["items"][0]["reason"], "Precios del archivo precios.csv");
        shop.api(shop.user(Role::Deposito)).send(Method::POST, "/api/v1/repricings/file", Some(("text/csv", b"sku;precio\nA-1;1\n".to_vec()))).await.expect_problem(403, "forbidden");
    }
}
