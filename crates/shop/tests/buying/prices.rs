//! Prices on both engines: what is kept of each change, what a price must earn, and the lights (M11, M12, S14).

use crate::common::pages::{field, form, page};
use crate::common::{put_row, shop_with};
use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// Biscuits of SAL (margin 15 to 30), as in the worked example.
fn biscuits(sku: &str, cost: &str, price: &str) -> Value {
    json!({"sku": sku, "name": format!("Galletitas {sku}"), "category": "SAL", "unit": "un", "brand": "Bagley",
        "replacement_cost": cost, "sale_price": price})
}

async fn history(shop: &TestShop, sku: &str) -> Vec<Value> {
    let path = format!("/api/v1/prices/history?product=sku:{sku}");
    let page = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn prices(shop: &TestShop, query: &str) -> Vec<Value> {
    let page = shop.api(shop.admin()).get(&format!("/api/v1/prices?{query}")).await.expect_status(200).json();
    page["items"].as_array().unwrap().clone()
}

/// Sends a list of prices.
async fn import(shop: &TestShop, text: &str) -> Value {
    let content = Some(("text/csv", text.as_bytes().to_vec()));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/prices", content).await.expect_status(201).json()
}

async fn change(shop: &TestShop, sku: &str, body: Value) -> gondola_testkit::Answer {
    let path = format!("/api/v1/products/sku:{sku}");
    let version = shop.api(shop.admin()).get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&path, body).await
}

fn told<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[field].as_str().unwrap_or("-")).collect()
}

both_engines! {
    fn every_door_leaves_who_why_and_the_cost_of_the_moment(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1", "907.50", "1200.00")]).await;
        let first = shop.db().now();
        shop.clock().advance(std::time::Duration::from_secs(3600));
        change(&shop, "G-1", json!({"replacement_cost": "1000.00"})).await.expect_status(200);
        assert_eq!(history(&shop, "G-1").await.len(), 1, "a cost alone changes no price");
        change(&shop, "G-1", json!({"sale_price": "1300.00"})).await.expect_status(200);
        change(&shop, "G-1", json!({"name": "Galletitas surtidas", "sale_price": "1300.00"})).await.expect_status(200);
        let file = "sku,lista,precio\nG-1,general,1350.00\nG-1,mayorista,1250.00\n";
        import(&shop, file).await;
        let set = json!({"product": "sku:G-1", "price": "1400.00", "reason": "Pedido del dueño"});
        let set = shop.api(shop.admin()).post("/api/v1/prices", set).await.expect_status(201).json();
        assert_eq!((&set["before"], &set["price"], &set["cost"]), (&json!("1350.00"), &json!("1400.00"), &json!("1000.0000")));
        let all = history(&shop, "G-1").await;
        assert_eq!(told(&all, "price"), ["1400.00", "1250.00", "1350.00", "1300.00", "1200.00"]);
        assert_eq!(told(&all, "before"), ["1350.00", "-", "1300.00", "1200.00", "-"]);
        assert_eq!(told(&all, "source"), ["hand", "import", "import", "hand", "hand"]);
        assert_eq!(told(&all, "cost"), ["1000.0000", "1000.0000", "1000.0000", "1000.0000", "907.5000"]);
        assert_eq!((all[0]["reason"].as_str(), all[0]["changed_by"].as_str()), (Some("Pedido del dueño"), Some("admin")));
        change(&shop, "G-1", json!({"sale_price": null, "wholesale_price": null})).await.expect_status(200);
        assert_eq!(history(&shop, "G-1").await[0]["price"], Value::Null);
        let then = gondola_shop::kernel::time::format_instant(first);
        let past = prices(&shop, &format!("at={}", then.replace(':', "%3A"))).await;
        assert_eq!((told(&past, "price"), told(&past, "margin")), (vec!["1200.00"], vec!["24.38"]));
        assert_eq!(prices(&shop, "").await.len(), 0, "it has no price any more");
    }
}

both_engines! {
    fn an_undone_list_brings_prices_back_and_says_so(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1", "907.50", "1200.00")]).await;
        let brought = import(&shop, "sku,precio\nG-1,1500.00\n").await;
        // What stood before comes back whatever it earns by now.
        put_row(&shop, "update products set replacement_cost = 11900000 where sku = 'G-1' and $1 is not null").await;
        let undo = format!("/api/v1/imports/{}/undo", brought["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&undo, json!({})).await.expect_status(200);
        let all = history(&shop, "G-1").await;
        assert_eq!((told(&all, "source"), told(&all, "price")), (vec!["undo", "import", "hand"], vec!["1200.00", "1500.00", "1200.00"]));
    }
}

both_engines! {
    /// M11, guard: below the category's minimum, refused at every door without the owner.
    fn below_the_minimum_is_refused_everywhere_without_the_owner(shop: TestShop) {
        // SAL asks for 15 %: 1,000 over 850 is exactly that.
        shop_with(&shop, &[biscuits("G-1", "850.00", "1000.00")]).await;
        let api = shop.api(shop.admin());
        let refused = api.post("/api/v1/products", biscuits("G-2", "850.01", "1000.00")).await.expect_problem(422, "invalid").json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("sale_price"), &json!("below_minimum")));
        let refused = change(&shop, "G-1", json!({"sale_price": "999.99"})).await.expect_problem(422, "invalid").json();
        assert_eq!(refused["errors"][0]["code"], "below_minimum");
        let refused = change(&shop, "G-1", json!({"sale_price": "800.00"})).await.expect_problem(422, "invalid").json();
        assert_eq!(refused["errors"][0]["code"], "loss");
        let bulk = json!({"lines": [{"product": "sku:G-1", "changes": {"sale_price": "900.00"}}]});
        let bulk = api.post("/api/v1/products/bulk", bulk).await.expect_status(200).json();
        assert_eq!(bulk["results"][0]["error"]["errors"][0]["code"], "below_minimum", "{bulk}");
        let brought = import(&shop, "sku,precio\nG-1,900.00\n").await;
        assert_eq!((&brought["errors"][0]["field"], &brought["errors"][0]["code"]), (&json!("price"), &json!("below_minimum")));
        let body = json!({"product": "sku:G-1", "price": "900.00", "reason": "Oferta de fin de temporada"});
        api.post("/api/v1/prices", body.clone()).await.expect_problem(409, "below_minimum");
        let confirmed = json!({"product": "sku:G-1", "price": "900.00", "reason": "Oferta de fin de temporada", "confirmed": true});
        for role in [Role::Manager, Role::Negocio] {
            shop.api(shop.user(role)).post("/api/v1/prices", confirmed.clone()).await.expect_problem(403, "forbidden");
        }
        assert_eq!(history(&shop, "G-1").await.len(), 1, "nothing was changed");
        api.post("/api/v1/prices", confirmed).await.expect_status(201);
        let trail = api.get("/api/v1/audit?event=prices.set").await.expect_status(200).json();
        let entry = &trail["items"][0];
        assert_eq!((&entry["resource"], &entry["reason"]), (&json!("G-1"), &json!("Oferta de fin de temporada")), "{trail}");
        assert_eq!(entry["approver"], "admin", "AUD-6: {trail}");
        change(&shop, "G-1", json!({"name": "Otro nombre", "sale_price": "900.00"})).await.expect_status(200);
        let needless = json!({"product": "sku:G-1", "price": "2000.00", "reason": "Vuelve a su precio", "confirmed": true});
        api.post("/api/v1/prices", needless).await.expect_status(201);
        let trail = api.get("/api/v1/audit?event=prices.set").await.expect_status(200).json();
        assert_eq!(trail["items"][0]["approver"], "", "nobody's yes was needed: {trail}");
    }
}

both_engines! {
    /// The same price earns another margin when VAT is not the shop's: 750 net and 907.50 both leave 24.38 %.
    fn what_the_shop_is_to_the_tax_office_decides_what_a_price_leaves(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1", "907.50", "1200.00"), biscuits("G-2", "750.00", "1200.00")]).await;
        assert_eq!(told(&prices(&shop, "").await, "margin"), ["24.38", "37.50"]);
        let api = shop.api(shop.admin());
        let said = json!({"status": "registered_vat", "valid_from": "2026-11-01"});
        shop.api(shop.manager()).post("/api/v1/tax-statuses", said.clone()).await.expect_problem(403, "forbidden");
        api.post("/api/v1/tax-statuses", said).await.expect_status(201);
        let later = json!({"status": "monotributo", "valid_from": "2027-01-01"});
        api.post("/api/v1/tax-statuses", later).await.expect_status(201);
        assert_eq!(told(&prices(&shop, "").await, "margin"), ["8.49", "24.38"]);
        assert_eq!(told(&prices(&shop, "").await, "markup"), ["9.28", "32.23"]);
        let list = api.get("/api/v1/tax-statuses").await.expect_status(200).json();
        assert_eq!(told(list["items"].as_array().unwrap(), "valid_from"), ["2027-01-01", "2026-11-01"]);
        let bad = api.post("/api/v1/tax-statuses", json!({"status": "otro", "valid_from": "2026-13-01"})).await;
        let bad = bad.expect_problem(422, "invalid").json();
        assert_eq!(told(bad["errors"].as_array().unwrap(), "field"), ["status", "valid_from"]);
    }
}

both_engines! {
    /// `pricing.md`: the owner is told from 10 % on; of drinks from 5, of cleaning goods from 7.
    fn a_category_may_be_told_of_earlier(shop: TestShop) {
        let of = |sku: &str, category: &str| json!({"sku": sku, "name": sku, "category": category, "unit": "un",
            "replacement_cost": "1000.00", "sale_price": "1500.00"});
        shop_with(&shop, &[of("AGUA", "JSA"), of("JABON", "HIG"), of("ARROZ", "GEN")]).await;
        for (cost, told_of) in [("1000.00", vec![]), ("1049.99", vec![]), ("1050.00", vec!["AGUA"]), ("930.00", vec!["AGUA", "JABON"]), ("1100.00", vec!["AGUA", "ARROZ", "JABON"])] {
            for sku in ["AGUA", "JABON", "ARROZ"] {
                change(&shop, sku, json!({"replacement_cost": cost})).await.expect_status(200);
            }
            assert_eq!(told(&prices(&shop, "notable=true").await, "sku"), told_of, "{cost}");
            let home = page(&shop.page(shop.admin()), "/").await;
            let count = format!("Costos que cambiaron mucho <span class=\"count\">{}</span>", told_of.len());
            assert_eq!(home.contains(&count), !told_of.is_empty(), "{cost}");
        }
    }
}

both_engines! {
    /// S14: buying now pays where the stock is low and the cost fell by 10 % or more; each alone says nothing.
    fn what_is_low_and_got_cheaper_is_worth_buying(shop: TestShop) {
        let of = |sku: &str, price: &str| {
            let mut body = biscuits(sku, "1000.00", price);
            body["min_stock"] = json!("10");
            body["max_stock"] = json!("40");
            body
        };
        shop_with(&shop, &["LOW-CHEAP", "LOW-NEARLY", "FULL-CHEAP", "LOW-SAME"].map(|sku| of(sku, "1300.00"))).await;
        let api = shop.api(shop.admin());
        for (sku, quantity) in [("LOW-CHEAP", "5"), ("LOW-NEARLY", "5"), ("FULL-CHEAP", "30"), ("LOW-SAME", "5")] {
            let receipt = json!({"kind": "receipt", "product": format!("sku:{sku}"), "quantity": quantity, "to": "deposito",
                "unit_cost": "1000", "reason": "Compra"});
            api.post("/api/v1/movements", receipt).await.expect_status(201);
        }
        assert_eq!(told(&prices(&shop, "light=buy_now").await, "sku"), [] as [&str; 0]);
        for (sku, cost) in [("LOW-CHEAP", "900.00"), ("LOW-NEARLY", "900.01"), ("FULL-CHEAP", "900.00")] {
            change(&shop, sku, json!({"replacement_cost": cost})).await.expect_status(200);
        }
        let lit = prices(&shop, "light=buy_now").await;
        assert_eq!((told(&lit, "sku"), &lit[0]["lights"]), (vec!["LOW-CHEAP"], &json!(["buy_now"])));
    }
}

both_engines! {
    /// Cost with cost: the lights look at what goods cost now, and a move under 2 % proposes nothing.
    fn lights_go_on_when_the_cost_moves(shop: TestShop) {
        let products = ["G-1", "G-2", "G-3"].map(|sku| biscuits(sku, "907.50", "1200.00"));
        shop_with(&shop, &products).await;
        for (sku, cost) in [("G-1", "925.00"), ("G-2", "1100.00"), ("G-3", "1250.00")] {
            change(&shop, sku, json!({"replacement_cost": cost})).await.expect_status(200);
        }
        assert_eq!(told(&prices(&shop, "proposed=true").await, "sku"), ["G-2", "G-3"], "1.93 % is not proposed");
        assert_eq!(told(&prices(&shop, "notable=true").await, "sku"), ["G-2", "G-3"]);
        let home = page(&shop.page(shop.admin()), "/").await;
        assert!(home.contains("/prices?only=notable") && home.contains("Costos que cambiaron mucho <span class=\"count\">2</span>"), "{home}");
        assert_eq!(told(&prices(&shop, "light=loss_risk").await, "sku"), ["G-3"]);
        assert!(home.contains("Se venden a pérdida <span class=\"count\">1</span>") && !home.contains("Precios viejos"), "{home}");
        assert_eq!(told(&prices(&shop, "light=low_margin").await, "sku"), ["G-2", "G-3"]);
        assert_eq!(prices(&shop, "light=stale").await.len(), 0);
        let risen = prices(&shop, "proposed=true&brand=BAGLEY&category=SAL").await;
        assert_eq!((&risen[0]["cost_change"]["percent"], &risen[0]["cost_change"]["severity"]), (&json!("21.21"), &json!("high")));
        assert_eq!((&risen[1]["cost_change"]["severity"], &risen[1]["lights"]), (&json!("critical"), &json!(["loss_risk", "low_margin"])));
        for query in ["brand=Otra", "category=LAC", "supplier=NADIE", "category=NADA"] {
            assert_eq!(prices(&shop, query).await.len(), 0, "{query}");
        }
        shop.clock().advance(std::time::Duration::from_secs(31 * 24 * 3600));
        assert_eq!(prices(&shop, "light=stale&limit=2").await.len(), 2);
        let home = page(&shop.page(shop.admin()), "/").await;
        assert!(home.contains("Precios viejos <span class=\"count\">3</span>"), "{home}");
        let cashiers = page(&shop.page(shop.user(Role::Cashier)), "/").await;
        assert!(!cashiers.contains("pérdida") && !cashiers.contains("/prices"), "{cashiers}");
        let api = shop.api(shop.admin());
        let first = api.get("/api/v1/prices?light=stale&limit=2").await.expect_status(200).json();
        let next = api.get(&format!("/api/v1/prices?light=stale&limit=2&after={}", first["next"].as_str().unwrap())).await;
        assert_eq!(told(next.expect_status(200).json()["items"].as_array().unwrap(), "sku"), ["G-3"]);
        api.get("/api/v1/prices?light=red&list=ROJA&at=ayer").await.expect_problem(422, "invalid");
        shop.api(shop.user(Role::Cashier)).get("/api/v1/prices").await.expect_problem(403, "forbidden");
    }
}

both_engines! {
    fn a_price_by_hand_says_what_is_wrong_with_it(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1", "907.50", "1200.00")]).await;
        let api = shop.api(shop.admin());
        let bad = api.post("/api/v1/prices", json!({"product": "G-1", "price": "0", "reason": "x"})).await;
        let bad = bad.expect_problem(422, "invalid").json();
        assert_eq!(told(bad["errors"].as_array().unwrap(), "field"), ["product", "price", "reason"]);
        let unknown = json!({"product": "sku:NADA", "price": "10", "reason": "Prueba"});
        api.post("/api/v1/prices", unknown).await.expect_problem(422, "invalid");
        change(&shop, "G-1", json!({"wholesale_price": "1150.00"})).await.expect_status(200);
        let below = json!({"product": "sku:G-1", "price": "1100.00", "reason": "Prueba", "confirmed": true});
        let below = api.post("/api/v1/prices", below).await.expect_problem(422, "invalid").json();
        assert_eq!(below["errors"][0]["code"], "below_wholesale");
        let blind = json!({"product": "sku:G-1", "price": "1300.00", "reason": "Prueba"});
        let blind = shop.api(shop.key("write")).post("/api/v1/prices", blind).await.expect_status(201).json();
        assert_eq!(blind["cost"], Value::Null, "a key that only writes sees no cost");
    }
}

both_engines! {
    fn the_pages_show_both_percentages_and_set_a_price(shop: TestShop) {
        shop_with(&shop, &[biscuits("G-1", "907.50", "1200.00")]).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/prices").await;
        assert!(html.contains("32,23 %") && html.contains("24,38 %"), "{html}");
        let html = page(&browser, "/prices/G-1").await;
        let key = field(&html, "idempotency_key");
        let low = form(&[("idempotency_key", &key), ("price", "1000"), ("reason", "Oferta")]);
        let refused = browser.form("/prices/G-1", &low).await.expect_status(422).text();
        assert!(refused.contains("mínimo del rubro"), "{refused}");
        let key = field(&refused, "idempotency_key");
        let sure = form(&[("idempotency_key", &key), ("price", "1.000,00"), ("reason", "Oferta"), ("confirmed", "yes")]);
        browser.form("/prices/G-1", &sure).await.expect_status(303);
        assert_eq!(history(&shop, "G-1").await[0]["price"], "1000.00");
        let html = page(&browser, "/prices?only=low_margin&brand=bagley").await;
        assert!(html.contains("Galletitas G-1"), "{html}");
        let key = field(&html, "idempotency_key");
        let status = form(&[("idempotency_key", &key), ("status", "registered_vat"), ("valid_from", "2026-01-01")]);
        browser.form("/prices/tax-status", &status).await.expect_status(303);
        let key = field(&page(&browser, "/prices").await, "idempotency_key");
        let bad = form(&[("idempotency_key", &key), ("status", "nada"), ("valid_from", "")]);
        browser.form("/prices/tax-status", &bad).await.expect_status(422);
    }
}

both_engines! {
    /// A list for the staff, by category with the code, and one for the wall, with a column for each size.
    fn prices_are_printed_for_the_staff_and_for_the_wall(shop: TestShop) {
        shop_with(&shop, &[biscuits("A", "700.00", "1200.00"), biscuits("B", "700.00", "1300.00")]).await;
        let clerk = shop.api(shop.user(Role::Deposito));
        for query in ["readers=staff", "readers=customers", "readers=staff&category=SAL", "readers=customers&list=MAYORISTA"] {
            let pdf = clerk.get(&format!("/api/v1/prices/pdf?{query}")).await.expect_status(200);
            assert_eq!(pdf.header("content-type"), "application/pdf", "{query}");
            assert!(pdf.body.starts_with(b"%PDF-"), "{query}");
        }
        for (query, field) in [("", "readers"), ("?readers=todos", "readers"), ("?readers=staff&list=ORO", "list")] {
            let refused = clerk.get(&format!("/api/v1/prices/pdf{query}")).await.expect_problem(422, "invalid").json();
            assert_eq!(refused["errors"][0]["field"], field, "{query}");
        }
        clerk.get("/api/v1/prices/pdf?readers=staff&category=NADA").await.expect_problem(404, "not_found");
        let html = page(&shop.page(shop.admin()), "/prices?category=SAL").await;
        assert!(html.contains("/api/v1/prices/pdf?category=SAL&#38;list=GENERAL&#38;readers=customers"), "{html}");
    }
}
