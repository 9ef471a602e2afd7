//! Markups that are set on products, brands and categories, on both engines; and the prices that follow them, of all products
//! or of what an invoice or a supplier's list brings (M11, M12).

use crate::common::pages::{field, form, leads_to, page};
use crate::common::shop_with;
use crate::supplier_lists::given::{apply, brought, founded};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const MARKUPS: &str = "/api/v1/markups";

async fn with_products(shop: &TestShop) {
    let product = |sku: &str, brand: &str, category: &str| {
        json!({"sku": sku, "name": format!("Producto {sku}"), "category": category, "unit": "un", "brand": brand,
            "replacement_cost": "1000.00", "sale_price": "1300.00"})
    };
    shop_with(shop, &[]).await;
    let below = json!({"code": "VIENA", "name": "Salchichas vienesas", "parent": "SAL"});
    shop.api(shop.admin()).post("/api/v1/categories", below).await.expect_status(201);
    for body in [
        product("A-1", "Bagley", "SAL"),
        product("A-2", "Bagley", "SAL"),
        product("B-1", "", "SAL"),
        product("C-1", "", "VIENA"),
    ] {
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

async fn set(shop: &TestShop, body: Value) -> Value {
    shop.api(shop.admin()).put(MARKUPS, body).await.expect_status(200).json()
}

/// The markup that holds for each product, where it is set, and the price it makes.
async fn usual(shop: &TestShop) -> Vec<String> {
    let page = shop.api(shop.admin()).get("/api/v1/prices").await.expect_status(200).json();
    let told = |price: &Value| {
        let usual = &price["usual"];
        let of = |field: &str| usual[field].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", price["sku"].as_str().unwrap(), of("markup"), of("set_on"), of("price"))
    };
    page["items"].as_array().unwrap().iter().map(told).collect()
}

both_engines! {
    /// `pricing.md`: product, else brand, else category; with none set, the middle of the band. SAL, 15 to 30: 29.03 %.
    fn the_most_specific_markup_holds(shop: TestShop) {
        with_products(&shop).await;
        let none = ["A-1 29.03 margins 1300.00", "A-2 29.03 margins 1300.00", "B-1 29.03 margins 1300.00", "C-1 29.03 margins 1300.00"];
        assert_eq!(usual(&shop).await, none);
        let category = set(&shop, json!({"category": "SAL", "markup": "40"})).await;
        assert_eq!((&category["name"], &category["markup"], &category["margin"]), (&json!("Salchichas"), &json!("40.00"), &json!("28.57")), "{category}");
        assert_eq!(usual(&shop).await, ["A-1 40.00 category 1400.00", "A-2 40.00 category 1400.00", "B-1 40.00 category 1400.00",
            "C-1 40.00 category 1400.00"], "what stands below inherits");
        let below = set(&shop, json!({"category": "VIENA", "markup": "60"})).await;
        let brand = set(&shop, json!({"brand": "BAGLEY", "markup": "50"})).await;
        assert_eq!(brand["brand"], "Bagley", "as products write it");
        let product = set(&shop, json!({"product": "sku:A-2", "markup": "35.5"})).await;
        assert_eq!(usual(&shop).await, ["A-1 50.00 brand 1500.00", "A-2 35.50 product 1350.00", "B-1 40.00 category 1400.00", "C-1 60.00 category 1600.00"]);
        let high = set(&shop, json!({"product": "sku:A-2", "markup": "500"})).await;
        assert_eq!((&high["markup"], &high["margin"]), (&json!("500.00"), &json!("83.33")));
        let again = set(&shop, json!({"product": "sku:A-2", "markup": "36"})).await;
        assert_eq!(again["id"], product["id"], "there is one of each");
        let list = shop.api(shop.admin()).get(MARKUPS).await.expect_status(200).json();
        let told: Vec<&str> = list["items"].as_array().unwrap().iter().map(|set| set["markup"].as_str().unwrap()).collect();
        assert_eq!(told, ["40.00", "60.00", "50.00", "36.00"], "categories, brands, products");
        for gone in [&category, &below, &brand, &product] {
            let path = format!("{MARKUPS}/{}", gone["id"].as_str().unwrap());
            shop.api(shop.admin()).delete(&path).await.expect_status(204);
            shop.api(shop.admin()).delete(&path).await.expect_problem(404, "not_found");
        }
        assert_eq!(usual(&shop).await, none);
    }
}

both_engines! {
    /// Each product by its own markup; and where the cost moved, the markup that is set, else what the price left before.
    fn prices_follow_the_markups_that_are_set(shop: TestShop) {
        with_products(&shop).await;
        set(&shop, json!({"brand": "Bagley", "markup": "50"})).await;
        let build = async |body: Value| {
            let built = shop.api(shop.admin()).post("/api/v1/repricings", body).await.expect_status(201).json();
            let path = format!("/api/v1/repricings/{}/rows", built["id"].as_str().unwrap());
            let rows = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
            let told = |row: &Value| format!("{} {}", row["sku"].as_str().unwrap(), row["new_price"].as_str().unwrap());
            let mut told: Vec<String> = rows["items"].as_array().unwrap().iter().map(told).collect();
            told.sort();
            told
        };
        let rows = build(json!({"rule": "set_markup", "reason": "Recargos"})).await;
        assert_eq!(rows, ["A-1 1500.00", "A-2 1500.00"], "the others are at the middle of their margins already");
        for sku in ["A-1", "B-1"] {
            let path = format!("/api/v1/products/sku:{sku}");
            let version = shop.api(shop.admin()).get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
            shop.api(shop.admin()).if_match(version).patch(&path, json!({"replacement_cost": "1100"})).await.expect_status(200);
        }
        let rows = build(json!({"rule": "cost", "reason": "Subió"})).await;
        assert_eq!(rows, ["A-1 1650.00", "B-1 1450.00"], "50 % of 1,100; and 30 % as before, 1,430");
    }
}

both_engines! {
    /// $10 below $500, $50 below $5,000 and $100 above: each price by its own step, on GENERAL and on a list.
    fn the_step_follows_the_price(shop: TestShop) {
        with_products(&shop).await;
        let api = shop.api(shop.admin());
        let bands = json!({"rounding_step": "100", "rounding_bands": [{"below": "500", "step": "10"}, {"below": "5000", "step": "50"}]});
        api.clone().if_match(1).patch("/api/v1/categories/SAL", bands).await.expect_status(200);
        for (sku, cost) in [("A-1", "200"), ("A-2", "1000"), ("B-1", "6000")] {
            let path = format!("/api/v1/products/sku:{sku}");
            let version = api.get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
            api.clone().if_match(version).patch(&path, json!({"replacement_cost": cost})).await.expect_status(200);
        }
        set(&shop, json!({"category": "SAL", "markup": "33"})).await;
        let made = usual(&shop).await;
        assert_eq!(made[..3], ["A-1 33.00 category 270.00", "A-2 33.00 category 1350.00", "B-1 33.00 category 8000.00"], "266, 1,330, 7,980");
        let price = json!({"product": "sku:A-1", "price": "300.00", "reason": "Arreglo"});
        api.post("/api/v1/prices", price).await.expect_status(201);
        api.post("/api/v1/sale-lists/rules", json!({"list": "MAYORISTA", "adjustment": "-12"})).await.expect_status(201);
        let list = api.get("/api/v1/prices?list=MAYORISTA").await.expect_status(200).json();
        assert_eq!((&list["items"][0]["price"], &list["items"][0]["basis"]), (&json!("260.00"), &json!("rule")), "264");
    }
}

both_engines! {
    fn what_is_no_markup_is_refused_and_changes_nothing(shop: TestShop) {
        with_products(&shop).await;
        for (body, told) in [
            (json!({"markup": "30"}), vec!["category"]), (json!({"brand": "Bagley", "category": "SAL", "markup": "30"}), vec!["category"]),
            (json!({"brand": "Bagley", "markup": "501"}), vec!["markup"]), (json!({"brand": "Bagley", "markup": "-1"}), vec!["markup"]),
            (json!({"brand": "Bagley"}), vec!["markup"]), (json!({"brand": "Nadie", "markup": "30"}), vec!["brand"]),
            (json!({"category": "NADA", "markup": "30"}), vec!["category"]), (json!({"product": "sku:NADA", "markup": "30"}), vec!["product"]),
            (json!({"product": "??", "markup": "x"}), vec!["product", "markup"]),
        ] {
            let problem = shop.api(shop.admin()).put(MARKUPS, body.clone()).await.expect_problem(422, "invalid").json();
            let fields: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
            assert_eq!(fields, told, "{body}");
        }
        assert_eq!(shop.api(shop.admin()).get(MARKUPS).await.expect_status(200).json()["items"], json!([]));
        for (field, id) in [("invoice", json!("x")), ("invoice", json!(crate::common::nothing())), ("price_list", json!(crate::common::nothing()))] {
            let mut body = json!({"rule": "cost", "reason": "Subió"});
            body[field] = id;
            let problem = shop.api(shop.admin()).post("/api/v1/repricings", body).await.expect_status(422).json();
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
        let both = json!({"rule": "cost", "invoice": crate::common::nothing(), "price_list": crate::common::nothing(), "reason": "Subió"});
        let problem = shop.api(shop.admin()).post("/api/v1/repricings", both).await.expect_status(422).json();
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("price_list"), &json!("not_together")));
    }
}

both_engines! {
    /// From the invoice to the prices: only what it bills, and their history says where they come from.
    fn what_an_invoice_bills_is_repriced_by_one_button(shop: TestShop) {
        with_products(&shop).await;
        let supplier = json!({"code": "BAG", "name": "Bagley"});
        shop.api(shop.admin()).post("/api/v1/suppliers", supplier).await.expect_status(201);
        let api = shop.api(shop.admin());
        for sku in ["A-2", "B-1"] {
            let path = format!("/api/v1/products/sku:{sku}");
            let version = api.get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
            api.clone().if_match(version).patch(&path, json!({"replacement_cost": "1100"})).await.expect_status(200);
        }
        let body = json!({"supplier": "BAG", "kind": "invoice", "letter": "A", "number": "00001-00000001", "issued_on": "2026-11-20", "total": "12100.00",
            "amounts": [{"kind": "net", "rate": "21", "amount": "10000.00"}, {"kind": "vat", "rate": "21", "amount": "2100.00"}],
            "lines": [{"text": "GALLETITA", "product": "sku:A-1", "quantity": "10", "unit": "un", "price": "1000.00", "vat": "21", "subtotal": "10000.00",
                "lot": {"code": "", "expires_on": "2027-06-30"}}]});
        let invoice = api.post("/api/v1/invoices", body).await.expect_status(201).json();
        let path = format!("/api/v1/invoices/{}", invoice["id"].as_str().unwrap());
        api.post(&format!("{path}/confirm"), json!({"accept_warnings": true})).await.expect_status(200);
        api.post(&format!("{path}/apply"), json!({"location": "deposito"})).await.expect_status(200);
        let browser = shop.page(shop.admin());
        let html = page(&browser, &path.replace("/api/v1", "")).await;
        let buttons = ["rule", "invoice", "reason", "idempotency_key"].map(|name| (name, field(&html, name)));
        let answer = browser.form("/repricings", &form(&buttons.each_ref().map(|(name, value)| (*name, value.as_str())))).await;
        let to = leads_to(&answer);
        let built = api.get(&format!("/api/v1{to}")).await.expect_status(200).json();
        assert_eq!((&built["rule"], &built["invoice"], &built["rows"]), (&json!("cost"), &invoice["id"], &json!(1)), "{built}");
        assert_eq!(built["reason"], "Factura A 00001-00000001");
        api.post(&format!("/api/v1{to}/apply"), json!({})).await.expect_status(200);
        let history = api.get("/api/v1/prices/history?product=sku:A-1").await.expect_status(200).json();
        assert_eq!((&history["items"][0]["source"], &history["items"][0]["price"]), (&json!("invoice"), &json!("1550.00")), "30 % on 1,210 is 1,573");
        api.post(&format!("/api/v1{to}/rollback"), Value::Null).await.expect_status(200);
        let back = api.get("/api/v1/products/sku:A-1").await.expect_status(200).json();
        assert_eq!(back["sale_price"], "1300.00");
    }
}

both_engines! {
    /// The same from a supplier's price list that counts.
    fn what_a_list_brings_is_repriced(shop: TestShop) {
        founded(&shop).await;
        let api = shop.api(shop.admin());
        for sku in ["MALBEC", "ROSADO"] {
            let path = format!("/api/v1/products/sku:{sku}");
            let version = api.get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
            api.clone().if_match(version).patch(&path, json!({"sale_price": "10400"})).await.expect_status(200);
        }
        let list = brought(&shop, "MAX", "EAN;Descripción;Precio\n7790742034007;ELEMENTOS MALBEC;9.000\n").await;
        apply(&shop, &list).await.expect_status(200);
        let html = page(&shop.page(shop.admin()), &format!("/price-lists/{}", list["id"].as_str().unwrap())).await;
        assert_eq!(field(&html, "price_list"), list["id"].as_str().unwrap(), "one button on its page");
        let body = json!({"rule": "cost", "price_list": list["id"], "reason": "Lista nueva"});
        let built = api.post("/api/v1/repricings", body).await.expect_status(201).json();
        let path = format!("/api/v1/repricings/{}", built["id"].as_str().unwrap());
        let rows = api.get(&format!("{path}/rows")).await.expect_status(200).json();
        assert_eq!((&rows["items"][0]["sku"], &rows["items"][0]["new_price"], rows["items"].as_array().unwrap().len()),
            (&json!("MALBEC"), &json!("14150.00"), 1), "30 % on 10,890 is 14,157");
        api.post(&format!("{path}/apply"), json!({})).await.expect_status(200);
        let history = api.get("/api/v1/prices/history?product=sku:MALBEC").await.expect_status(200).json();
        assert_eq!(history["items"][0]["source"], "list");
    }
}

both_engines! {
    fn people_set_and_remove_markups_on_a_page(shop: TestShop) {
        with_products(&shop).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/markups?product=A-1").await;
        assert_eq!(field(&html, "product"), "A-1", "from the product's price it is filled in");
        let key = field(&html, "idempotency_key");
        let wrong = [("idempotency_key", key.as_str()), ("product", "A-1"), ("category", "SAL"), ("markup", "30")];
        let refused = browser.form("/markups", &form(&wrong)).await.expect_status(422).text();
        assert!(refused.contains("una sola cosa"), "{refused}");
        let right = [("idempotency_key", key.as_str()), ("product", "A-1"), ("category", ""), ("brand", ""), ("markup", "37,5")];
        assert_eq!(leads_to(&browser.form("/markups", &form(&right)).await), "/markups");
        let html = page(&browser, "/markups").await;
        assert!(html.contains("37,50 %") && html.contains("27,27 %") && html.contains("Producto A-1"), "{html}");
        let price = page(&browser, "/prices/A-1").await;
        assert!(price.contains("37,50 %") && price.contains("del producto") && price.contains("1.400,00"), "{price}");
        let action = html.split("action=\"/markups/").nth(1).unwrap().split('"').next().unwrap();
        let key = field(&html, "idempotency_key");
        let cleared = browser.form(&format!("/markups/{action}"), &form(&[("idempotency_key", &key)])).await;
        assert_eq!(leads_to(&cleared), "/markups");
        assert!(page(&browser, "/markups").await.contains("Ningún recargo puesto"));
    }
}
