//! How products stand, through the API: the level follows what it depends on at once, and lists that
//! people reorder by say the worst first.

use crate::common::shelves::of_place;
use crate::common::{adds_up, movement};
use gondola_shop::stock::refresh_all;
use gondola_store::Role;
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

/// A founded shop with these products, all of category `LAC`: SKU, minimum and what there is.
async fn shop_with<'s>(shop: &'s TestShop, products: &[(&str, &str, &str)]) -> Client<'s> {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
    let api = shop.api(shop.admin());
    for (sku, min, there) in products {
        let mut body = json!({"sku": sku, "name": sku, "category": "LAC", "unit": "un", "min_stock": min});
        if *there != "0" {
            body["opening"] = json!({"location": "deposito", "quantity": there, "unit_cost": "100"});
        }
        api.post("/api/v1/products", body).await.expect_status(201);
    }
    api
}

async fn level(api: &Client<'_>, sku: &str) -> Value {
    api.get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json()["level"].clone()
}

both_engines! {
    /// Minimum, reorder point and maximum decide about the level as soon as they are changed.
    fn the_level_follows_the_policy_at_once(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "10")]).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        let change = async |version: i64, body: Value| {
            api.clone().if_match(version).patch("/api/v1/products/sku:LECHE", body).await.expect_status(200);
            level(&api, "LECHE").await
        };
        // In spring a minimum of 50 is 55: ten are less than half of it.
        assert_eq!(change(1, json!({"min_stock": "50", "max_stock": "100"})).await, "critical");
        assert_eq!(change(2, json!({"min_stock": "5"})).await, "normal");
        assert_eq!(change(3, json!({"reorder_point": "3"})).await, "overstock");
        assert_eq!(change(4, json!({"reorder_point": "5", "max_stock": "9"})).await, "overstock");
        assert_eq!(change(5, json!({"max_stock": "15", "name": "Leche entera"})).await, "normal");
        // Many at once, the same.
        let lines = json!({"lines": [{"product": "sku:LECHE", "changes": {"min_stock": "10"}}]});
        api.post("/api/v1/products/bulk", lines).await.expect_status(200);
        assert_eq!(level(&api, "LECHE").await, "low");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// The season of a category scales the minimum of its products at once, and so does another category.
    fn the_level_follows_the_season_of_its_category_at_once(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "10")]).await;
        let season = async |code: &str, version: i64, factor: Value| {
            let body = json!({"seasons": [{"month": 11, "factor": factor}]});
            api.clone().if_match(version).patch(&format!("/api/v1/categories/{code}"), body).await.expect_status(200);
        };
        season("LAC", 1, json!("2.000")).await;
        assert_eq!(level(&api, "LECHE").await, "low");
        season("LAC", 2, json!(null)).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        season("QUE", 1, json!("4.000")).await;
        assert_eq!(level(&api, "LECHE").await, "normal");
        api.clone().if_match(1).patch("/api/v1/products/sku:LECHE", json!({"category": "QUE"})).await.expect_status(200);
        assert_eq!(level(&api, "LECHE").await, "critical");
        adds_up(&shop).await;
    }
}

fn skus(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(|item| item["sku"].as_str().expect("a SKU")).collect()
}

/// Everything a list answers, two products at a time.
async fn all_of(api: &Client<'_>, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = api.get(&format!("/api/v1/inventory?limit=2{query}{after}")).await.expect_status(200).json();
        found.extend(skus(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

both_engines! {
    /// Worst level first, then lowest cover; what does not sell comes last among its equals. By name otherwise.
    fn what_people_reorder_by_is_listed_worst_first(shop: TestShop) {
        let api = shop_with(&shop, &[
            ("A-ENOUGH", "5", "20"), ("B-LOW", "5", "25"), ("C-GONE", "5", "0"), ("D-LOW", "5", "9"), ("E-CRITICAL", "50", "9"),
            ("F-LOW", "5", "45"),
        ]).await;
        // On its one day with stock B sells 20 and F 40: the 5 that are left of each last a quarter and an eighth of a day.
        for (sku, sold) in [("B-LOW", "20"), ("F-LOW", "40"), ("D-LOW", "4")] {
            api.post("/api/v1/movements", movement("sale", sku, sold, Some("deposito"), None)).await.expect_status(201);
        }
        let low: Vec<&str> = vec!["C-GONE", "E-CRITICAL", "B-LOW", "D-LOW", "F-LOW"];
        let mut found = all_of(&api, "&low_stock=true").await;
        assert_eq!(found.len(), 5);
        assert_eq!(found[..2], low[..2]);
        found.sort();
        assert_eq!(found, ["B-LOW", "C-GONE", "D-LOW", "E-CRITICAL", "F-LOW"]);
        refresh_all(shop.db()).await.unwrap();
        // Less than three days of cover is critical, whatever the minimum says.
        assert_eq!(all_of(&api, "&low_stock=true").await, ["C-GONE", "F-LOW", "B-LOW", "D-LOW", "E-CRITICAL"]);
        assert_eq!(all_of(&api, "&level=critical").await, ["F-LOW", "B-LOW", "D-LOW", "E-CRITICAL"]);
        assert_eq!(all_of(&api, "").await, ["A-ENOUGH", "B-LOW", "C-GONE", "D-LOW", "E-CRITICAL", "F-LOW"]);
        let by_name = api.get("/api/v1/inventory?limit=2").await.json()["next"].as_str().unwrap().to_owned();
        api.get(&format!("/api/v1/inventory?low_stock=true&after={by_name}")).await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// What is promised, kept apart or on the road is there and not available.
    fn available_means_that_some_is_free(shop: TestShop) {
        let api = shop_with(&shop, &[("FREE", "5", "10"), ("GONE", "5", "0"), ("KEPT", "5", "3"), ("PROMISED", "5", "4")]).await;
        let body = json!({"code": "cuarentena", "name": "Cuarentena", "kind": "quarantine"});
        api.post("/api/v1/locations", body).await.expect_status(201);
        api.post("/api/v1/movements", movement("transfer", "KEPT", "3", Some("deposito"), Some("cuarentena"))).await.expect_status(201);
        let promise = |quantity: &str| json!({"product": "sku:PROMISED", "location": "deposito", "quantity": quantity,
            "expires_at": "2026-11-23T13:00:00Z", "reason": "encargo"});
        api.post("/api/v1/reservations", promise("4")).await.expect_status(201);
        let free = api.get("/api/v1/inventory?status=available").await.expect_status(200).json();
        assert_eq!(skus(&free), ["FREE"]);
        assert!(free["items"][0]["available"] == "10");
        let not_free = api.get("/api/v1/inventory?status=unavailable").await.expect_status(200).json();
        assert_eq!(skus(&not_free), ["GONE", "KEPT", "PROMISED"]);
        assert!(not_free["items"].as_array().unwrap().iter().all(|item| item["available"] == "0"));
        // A promise that is over holds nothing back.
        shop.clock().advance(std::time::Duration::from_secs(2 * 3600));
        assert_eq!(skus(&api.get("/api/v1/inventory?status=available").await.json()), ["FREE", "PROMISED"]);
    }
}

both_engines! {
    /// Who sees one place sees what it ran out of, and no less of the list than others.
    fn an_actor_of_one_place_sees_what_it_does_not_have(shop: TestShop) {
        let api = shop_with(&shop, &[("FREE", "5", "10"), ("GONE", "5", "0")]).await;
        let body = movement("transfer", "FREE", "4", Some("deposito"), Some("local"));
        api.post("/api/v1/movements", body).await.expect_status(201);
        let there = shop.api(of_place(&shop, shop.user(Role::Cashier), "local").await);
        assert_eq!(skus(&there.get("/api/v1/inventory?level=out_of_stock").await.json()), ["GONE"]);
        assert_eq!(skus(&there.get("/api/v1/inventory?status=unavailable").await.json()), ["GONE"]);
        let free = there.get("/api/v1/inventory?status=available").await.json();
        assert_eq!((skus(&free), &free["items"][0]["on_hand"]), (vec!["FREE"], &json!("4")));
        api.post("/api/v1/movements", movement("sale", "FREE", "4", Some("local"), None)).await.expect_status(201);
        assert_eq!(skus(&there.get("/api/v1/inventory?status=unavailable").await.json()), ["FREE", "GONE"]);
        assert_eq!(skus(&api.get("/api/v1/inventory?status=unavailable").await.json()), ["GONE"]);
        assert!(skus(&there.get("/api/v1/inventory?location=local").await.json()).is_empty());
        assert!(skus(&there.get("/api/v1/inventory?location=deposito").await.json()).is_empty());
    }
}

both_engines! {
    /// Codes are found as they are typed, and a category has what those below it have.
    fn a_category_filters_by_any_spelling_with_all_below_it(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "0")]).await;
        let cheese = json!({"sku": "CREMOSO", "name": "Cremoso", "category": "QUE", "unit": "kg"});
        api.post("/api/v1/products", cheese).await.expect_status(201);
        assert_eq!(skus(&api.get("/api/v1/inventory?category=lac").await.json()), ["LECHE"]);
        api.clone().if_match(1).patch("/api/v1/categories/QUE", json!({"parent": "LAC"})).await.expect_status(200);
        assert_eq!(skus(&api.get("/api/v1/inventory?category=LAC").await.json()), ["CREMOSO", "LECHE"]);
        assert_eq!(skus(&api.get("/api/v1/inventory?category=QUE").await.json()), ["CREMOSO"]);
        for none in ["ZZZ", "l%20c", "%C3%B1"] {
            assert!(skus(&api.get(&format!("/api/v1/inventory?category={none}")).await.expect_status(200).json()).is_empty());
        }
    }
}

both_engines! {
    /// A category is critical when over 20 % of its products are low; home says so.
    fn a_category_short_of_more_than_a_fifth_is_critical(shop: TestShop) {
        let api = shop_with(&shop, &[("AA", "5", "0"), ("BB", "5", "9"), ("CC", "5", "9"), ("DD", "5", "9"), ("EE", "5", "9")]).await;
        let dairy = async || {
            let all = api.get("/api/v1/categories").await.expect_status(200).json();
            let items = all["items"].as_array().unwrap().clone();
            let found = items.iter().find(|category| category["code"] == "LAC").unwrap();
            (found["products"].clone(), found["short"].clone(), found["critical"].clone())
        };
        assert_eq!(dairy().await, (json!(5), json!(1), json!(false)), "a fifth is not over a fifth");
        let chip = "/products?category=LAC&#38;low=yes";
        let home = shop.page(shop.admin()).get("/").await.expect_status(200).text();
        assert!(!home.contains(chip), "{home}");
        api.post("/api/v1/movements", movement("sale", "BB", "9", Some("deposito"), None)).await.expect_status(201);
        assert_eq!(dairy().await, (json!(5), json!(2), json!(true)));
        let home = shop.page(shop.admin()).get("/").await.expect_status(200).text();
        assert!(home.contains(chip), "{home}");
        // What is below it counts; what is out of use does not.
        api.post("/api/v1/products/sku:AA/deactivate", json!({})).await.expect_status(200);
        assert_eq!(dairy().await, (json!(4), json!(1), json!(true)));
        api.clone().if_match(1).patch("/api/v1/categories/QUE", json!({"parent": "LAC"})).await.expect_status(200);
        for number in 0..2 {
            let cheese = json!({"name": format!("Queso {number}"), "category": "QUE", "unit": "un", "min_stock": "0",
                "opening": {"location": "deposito", "quantity": "1"}});
            api.post("/api/v1/products", cheese).await.expect_status(201);
        }
        assert_eq!(dairy().await, (json!(6), json!(1), json!(false)));
    }
}

both_engines! {
    /// Unknown fields are refused, also by a request that takes none.
    fn a_request_without_fields_takes_none(shop: TestShop) {
        let api = shop_with(&shop, &[("LECHE", "5", "0")]).await;
        let path = "/api/v1/products/sku:LECHE/deactivate";
        let refused = api.post(path, json!({"reason": "no va más"})).await.expect_problem(422, "invalid").json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("reason"), &json!("unknown_field")));
        api.post(path, json!([1])).await.expect_problem(422, "invalid");
        assert_eq!(api.get("/api/v1/products/sku:LECHE").await.json()["active"], true);
        api.send(axum::http::Method::POST, path, None).await.expect_status(200);
        api.post("/api/v1/products/sku:LECHE/activate", json!({})).await.expect_status(200);
    }
}
