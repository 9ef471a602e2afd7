//! Lists, search and look-up by code.

use gondola_store::Role;
use gondola_testkit::{Client, both_engines};
use serde_json::{Value, json};

use super::{create, fields, open};

async fn skus(client: &Client<'_>, path: &str) -> Vec<String> {
    let answer = client.get(path).await.expect_status(200).json();
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item["sku"].as_str().expect("a SKU").to_owned()).collect()
}

/// A small shelf to look for things on.
async fn shelf(client: &Client<'_>) {
    let products = [
        json!({"sku": "LECHE", "name": "Leche sachet La Serenísima 1 L", "brand": "La Serenísima", "barcodes": ["7790742034007"]}),
        json!({"sku": "CREMA", "name": "Crema de leche 200", "category": "MYC", "brand": "La Serenísima"}),
        json!({"sku": "DULCE", "name": "Dulce sin azúcar", "category": "GEN", "brand": "Lechería del Sur"}),
        json!({"sku": "QUESO", "name": "Queso cremoso", "category": "QUE", "unit": "kg", "sold_by_weight": true, "scale_plu": "123",
            "internal_code": "A-17", "presentations": [{"name": "horma", "factor": "4", "barcodes": ["17790795368002"]}]}),
        json!({"sku": "GASEOSA", "name": "Coca-Cola 2,25 L", "category": "GEN"}),
        json!({"sku": "7UP", "name": "7 Up lata", "category": "GEN"}),
    ];
    for product in products {
        create(client, product).await;
    }
}

both_engines! {
    /// Contract: any barcode, SKU, PLU or scale label.
    fn a_product_is_found_by_any_of_its_codes(shop: TestShop) {
        let client = open(&shop).await;
        shelf(&client).await;
        let find = async |code: &str| client.get(&format!("/api/v1/products/by-code/{code}")).await.expect_status(200).json();
        for (code, sku, found_by) in [
            ("7790742034007", "LECHE", "barcode"),
            ("779-0742%20034007", "LECHE", "barcode"),
            ("leche", "LECHE", "sku"),
            ("a-17", "QUESO", "internal_code"),
            ("00123", "QUESO", "plu"),
            ("123", "QUESO", "plu"),
            ("17790795368002", "QUESO", "barcode"),
            ("2000123012506", "QUESO", "scale_label"),
        ] {
            let found = find(code).await;
            assert_eq!((&found["sku"], &found["found_by"]), (&json!(sku), &json!(found_by)), "{code}");
        }
        assert_eq!(find("17790795368002").await["presentation"]["name"], "horma");
        assert_eq!(find("7790742034007").await["presentation"], Value::Null);
        for code in ["7790742034008", "NADA", "x%20y", &"9".repeat(200)] {
            client.get(&format!("/api/v1/products/by-code/{code}")).await.expect_problem(404, "unknown_code");
        }
        for damaged in ["%FF", "%00"] {
            client.get(&format!("/api/v1/products/by-code/{damaged}")).await.expect_problem(400, "malformed");
        }
    }
}

both_engines! {
    /// S5: `2000123012506` is 1.250 kg of PLU 123; `2100042019959` is $1,995 of PLU 42.
    fn a_scale_label_says_how_much(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"category": "QUE", "unit": "kg", "scale_plu": "123"})).await;
        create(&client, json!({"category": "QUE", "unit": "kg", "scale_plu": "00042"})).await;
        let weight = client.get("/api/v1/products/by-code/2000123012506").await.expect_status(200).json();
        assert_eq!((&weight["quantity"], &weight["amount"]), (&json!("1.250"), &json!(null)));
        let amount = client.get("/api/v1/products/by-code/2100042019959").await.expect_status(200).json();
        assert_eq!((&amount["quantity"], &amount["amount"]), (&json!(null), &json!("1995.00")));
    }
}

both_engines! {
    /// M2: three letters, alias or code; accents ignored; best match first.
    fn three_letters_find_the_best_match_first(shop: TestShop) {
        let client = open(&shop).await;
        shelf(&client).await;
        let search = async |q: &str| skus(&client, &format!("/api/v1/products/search?q={q}")).await;
        // The name begins so, a word of it begins so, it is elsewhere.
        assert_eq!(search("lec").await, ["LECHE", "CREMA", "DULCE"]);
        assert_eq!(search("LECH%C3%89").await, ["LECHE", "CREMA", "DULCE"]);
        assert_eq!(search("azucar").await, ["DULCE"]);
        assert_eq!(search("renis").await, ["LECHE", "CREMA"]);
        assert_eq!(search("sere%20cre").await, ["CREMA"]);
        assert_eq!(search("coca%202").await, ["GASEOSA"]);
        assert_eq!(search("7%20up").await, ["7UP"]);
        assert_eq!(search("7up").await, ["7UP"]);
        assert_eq!(search("queso").await, ["QUESO"]);
        assert_eq!(search("7790742034007").await, ["LECHE"]);
        assert_eq!(search("90742").await, ["LECHE"]);
        assert_eq!(search("a-17").await, ["QUESO"]);
        assert!(search("zzz").await.is_empty() && search("---").await.is_empty());
        let first = client.get("/api/v1/products/search?q=queso&limit=1").await.json();
        assert_eq!((&first["items"][0]["found_by"], &first["next"]), (&json!("code"), &json!(null)));
        for bad in ["", "?q=", "?q=lec&limit=0", "?q=lec&limit=x", "?q=lec&x=1", &format!("?q={}", "a".repeat(101))] {
            client.get(&format!("/api/v1/products/search{bad}")).await.expect_problem(422, "invalid");
        }
    }
}

both_engines! {
    fn a_renamed_product_is_found_by_its_new_name_only(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A", "name": "Yogur frutilla"})).await;
        client.clone().if_match(1).patch("/api/v1/products/sku:A", json!({"name": "Postre vainilla"})).await.expect_status(200);
        assert!(skus(&client, "/api/v1/products/search?q=frutilla").await.is_empty());
        assert_eq!(skus(&client, "/api/v1/products/search?q=vaini").await, ["A"]);
    }
}

both_engines! {
    fn the_list_is_paged_by_name_and_every_product_comes_once(shop: TestShop) {
        let client = open(&shop).await;
        for number in [3, 1, 5, 2, 4] {
            create(&client, json!({"sku": format!("P{number}"), "name": format!("Producto Ñ{number}")})).await;
        }
        create(&client, json!({"sku": "P0", "name": "Producto Ñ3"})).await;
        let mut seen = Vec::new();
        let mut path = "/api/v1/products?limit=2".to_owned();
        loop {
            let page = client.get(&path).await.expect_status(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/products?limit=2&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["P1", "P2", "P3", "P0", "P4", "P5"]);
    }
}

both_engines! {
    fn the_list_is_narrowed_by_each_filter(shop: TestShop) {
        let client = open(&shop).await;
        shelf(&client).await;
        let list = async |query: &str| skus(&client, &format!("/api/v1/products?{query}")).await;
        assert_eq!(list("category=gen").await, ["7UP", "GASEOSA", "DULCE"]);
        assert_eq!(list("brand=LA%20SERENISIMA").await, ["CREMA", "LECHE"]);
        assert_eq!(list("brand=la%20seren%C3%ADsima&category=LAC").await, ["LECHE"]);
        assert_eq!(list("q=leche").await, ["CREMA", "DULCE", "LECHE"]);
        assert_eq!(list("q=leche&category=MYC").await, ["CREMA"]);
        assert_eq!(list("q=7%20up").await, ["7UP"]);
        assert_eq!(list("active=false").await, [""; 0]);
        assert_eq!(list("active=true&q=").await.len(), 6);
        assert!(list("q=--").await.is_empty());
        for nobody in ["category=XYZ", "supplier=XYZ"] {
            assert!(list(nobody).await.is_empty(), "{nobody}");
        }
        for unseen in ["category=%00", "supplier=%00", "q=%00"] {
            client.get(&format!("/api/v1/products?{unseen}")).await.expect_problem(422, "invalid");
        }
        let seen = shop.api(shop.user(Role::Cashier)).get("/api/v1/products?q=leche").await.expect_status(200).json();
        assert!(seen["items"].as_array().unwrap().iter().all(|item| item["replacement_cost"].is_null()));
    }
}

both_engines! {
    fn what_changed_since_comes_by_change(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A"})).await;
        shop.clock().advance(std::time::Duration::from_secs(60));
        create(&client, json!({"sku": "B"})).await;
        shop.clock().advance(std::time::Duration::from_secs(60));
        client.clone().if_match(1).patch("/api/v1/products/sku:A", json!({"brand": "X"})).await.expect_status(200);
        let since = "/api/v1/products?updated_since=2026-11-23T12:01:00Z";
        assert_eq!(skus(&client, since).await, ["B", "A"]);
        let first = client.get(&format!("{since}&limit=1")).await.json();
        let next = first["next"].as_str().unwrap();
        assert_eq!(skus(&client, &format!("{since}&limit=1&after={next}")).await, ["A"]);
        let other = client.get(&format!("/api/v1/products?after={next}")).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&other), ["after"]);
    }
}

both_engines! {
    /// INP-2: a page of 500 at most.
    fn a_bad_filter_is_refused(shop: TestShop) {
        let client = open(&shop).await;
        for (query, field) in [
            ("active=maybe", "active"),
            ("updated_since=2026", "updated_since"),
            ("limit=501", "limit"),
            ("after=zz", "after"),
            ("colour=red", "colour"),
            ("q=a&updated_since=2026-11-23T12:01:00Z", "q"),
        ] {
            let problem = client.get(&format!("/api/v1/products?{query}")).await.expect_problem(422, "invalid").json();
            assert_eq!(fields(&problem), [field], "{query}");
        }
        // A forged token whose name holds a NUL.
        let token = gondola_vault::hex(br#"{"n":["\u0000","00000000-0000-0000-0000-000000000000"]}"#);
        client.get(&format!("/api/v1/products?after={token}")).await.expect_problem(422, "invalid");
    }
}
