//! Labels on both engines: only what changed is due, in the order of the aisles, until it stands on the shelf (M12).

use std::time::Duration;

use crate::common::pages::{field, form, leads_to, page};
use crate::common::shop_with;
use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// Three products of two aisles with a price each, and one without.
async fn stocked(shop: &TestShop) {
    let product = |sku: &str, category: &str, price: Value| {
        json!({"sku": sku, "name": format!("Producto {sku}"), "category": category, "unit": "un", "sale_price": price,
            "content": {"quantity": "500", "unit": "g"}})
    };
    let products = [
        product("Z-LAC", "LAC", json!("1200.00")),
        product("B-SAL", "SAL", json!("1000.00")),
        product("A-SAL", "SAL", json!("900.00")),
        product("SIN", "SAL", Value::Null),
    ];
    shop_with(shop, &products).await;
}

async fn due(shop: &TestShop, query: &str) -> Vec<Value> {
    let page = shop.api(shop.admin()).get(&format!("/api/v1/labels?{query}")).await.expect_status(200).json();
    page["items"].as_array().unwrap().clone()
}

fn skus(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["sku"].as_str().unwrap()).collect()
}

both_engines! {
    fn only_what_changed_is_printed_again(shop: TestShop) {
        stocked(&shop).await;
        assert_eq!(skus(&due(&shop, "").await), ["A-SAL", "B-SAL", "Z-LAC"], "by aisle, then by name");
        let api = shop.api(shop.admin());
        let print = api.send(Method::POST, "/api/v1/labels/prints", None).await.expect_status(201).json();
        assert_eq!((&print["labels"], &print["waiting"]), (&json!(3), &json!(3)));
        assert_eq!(due(&shop, "").await.len(), 0);
        assert_eq!(due(&shop, "due=to_place").await.len(), 3);
        api.send(Method::POST, "/api/v1/labels/prints", None).await.expect_problem(409, "nothing_to_print");
        let price = json!({"product": "sku:B-SAL", "price": "1100.00", "reason": "Aumento"});
        api.post("/api/v1/prices", price).await.expect_status(201);
        let changed = due(&shop, "").await;
        assert_eq!((skus(&changed), &changed[0]["says"], &changed[0]["price"]), (vec!["B-SAL"], &json!("1000.00"), &json!("1100.00")));
        let placed = format!("/api/v1/labels/prints/{}/placed", print["id"].as_str().unwrap());
        let placed = api.send(Method::POST, &placed, None).await.expect_status(200).json();
        assert_eq!(placed["waiting"], 0);
        assert_eq!(due(&shop, "due=to_place").await.len(), 0, "the one whose price changed is to be printed");
        assert_eq!(skus(&due(&shop, "").await), ["B-SAL"]);
        let again = api.post("/api/v1/labels/prints", json!({"products": ["sku:A-SAL"]})).await.expect_status(201).json();
        assert_eq!(again["labels"], 1, "one that says the price is printed when somebody names it");
        let prints = api.get("/api/v1/labels/prints?limit=1").await.expect_status(200).json();
        let next = api.get(&format!("/api/v1/labels/prints?after={}", prints["next"].as_str().unwrap())).await;
        assert_eq!(next.expect_status(200).json()["items"][0]["id"], print["id"]);
    }
}

both_engines! {
    fn a_label_is_late_after_a_day(shop: TestShop) {
        stocked(&shop).await;
        shop.clock().advance(Duration::from_secs(24 * 3600));
        assert_eq!(due(&shop, "").await[0]["late"], json!(false));
        shop.clock().advance(Duration::from_secs(1));
        assert_eq!(due(&shop, "limit=2").await[0]["late"], json!(true));
        let html = page(&shop.page(shop.admin()), "/labels").await;
        assert!(html.contains("atrasadas más de un día: 3"), "{html}");
    }
}

both_engines! {
    fn a_print_is_a_pdf_on_both_papers(shop: TestShop) {
        stocked(&shop).await;
        let api = shop.api(shop.admin());
        let print = api.send(Method::POST, "/api/v1/labels/prints", None).await.expect_status(201).json();
        let path = format!("/api/v1/labels/prints/{}/pdf", print["id"].as_str().unwrap());
        for query in ["", "?paper=a4&first=24", "?paper=roll"] {
            let pdf = shop.api(shop.user(Role::Deposito)).get(&format!("{path}{query}")).await.expect_status(200);
            assert_eq!(pdf.header("content-type"), "application/pdf");
            assert!(pdf.body.starts_with(b"%PDF-"), "{query}");
        }
        let same = api.get(&path).await.body;
        assert_eq!(api.get(&path).await.body, same, "the same labels are the same bytes");
        let bad = api.get(&format!("{path}?paper=a5&first=25")).await.expect_problem(422, "invalid").json();
        assert_eq!(bad["errors"].as_array().unwrap().len(), 2);
    }
}

both_engines! {
    fn what_cannot_be_printed_is_told(shop: TestShop) {
        stocked(&shop).await;
        let api = shop.api(shop.admin());
        for (products, code) in [(json!(["sku:NADA"]), "unknown_product"), (json!(["sku:SIN"]), "unknown_product"), (json!(["x"]), "bad_product")] {
            let refused = api.post("/api/v1/labels/prints", json!({"products": products})).await.expect_problem(422, "invalid").json();
            assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("products[0]"), &json!(code)));
        }
        api.get("/api/v1/labels?due=nada").await.expect_problem(422, "invalid");
        let nothing = "/api/v1/labels/prints/00000000-0000-0000-0000-00000000002a";
        api.get(&format!("{nothing}/pdf")).await.expect_problem(404, "not_found");
        api.send(Method::POST, &format!("{nothing}/placed"), None).await.expect_problem(404, "not_found");
        shop.api(shop.user(Role::Cashier)).send(Method::POST, "/api/v1/labels/prints", None).await.expect_problem(403, "forbidden");
    }
}

both_engines! {
    fn people_print_and_place_on_the_page(shop: TestShop) {
        stocked(&shop).await;
        let browser = shop.page(shop.admin());
        let key = field(&page(&browser, "/labels").await, "idempotency_key");
        let there = leads_to(&browser.form("/labels/prints", &form(&[("idempotency_key", &key)])).await);
        let html = page(&browser, &there).await;
        assert!(html.contains("Producto A-SAL") && html.contains("/pdf?paper=roll"), "{html}");
        let path = html.split("action=\"").find_map(|rest| rest.split('"').next().filter(|path| path.ends_with("/placed"))).unwrap();
        let key = field(&html, "idempotency_key");
        browser.form(path, &form(&[("idempotency_key", &key)])).await.expect_status(303);
        assert_eq!(due(&shop, "due=to_place").await.len(), 0);
    }
}

both_engines! {
    /// Only those that somebody ticked; none ticked prints none.
    fn people_choose_which_labels_to_print(shop: TestShop) {
        stocked(&shop).await;
        let browser = shop.page(shop.admin());
        let before = due(&shop, "").await.len();
        let chosen = due(&shop, "").await[0]["sku"].as_str().unwrap().to_owned();
        let ask = async |products: &[&str]| {
            let key = field(&page(&browser, "/labels").await, "idempotency_key");
            let ticked = products.iter().map(|sku| ("products", *sku));
            let fields: Vec<(&str, &str)> = [("idempotency_key", key.as_str()), ("which", "ticked")].into_iter().chain(ticked).collect();
            leads_to(&browser.form("/labels/prints", &form(&fields)).await)
        };
        assert_eq!(ask(&[]).await, "/labels");
        assert_eq!(due(&shop, "").await.len(), before);
        assert_eq!(ask(&[&format!("sku:{chosen}")]).await, "/labels?due=to_place");
        let left = due(&shop, "").await;
        assert!(left.len() == before - 1 && left.iter().all(|label| label["sku"] != json!(chosen)), "{left:?}");
    }
}
