//! Categories, locations and units over the API.

use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::json;

use super::{fields, open};

both_engines! {
    fn a_new_shop_lists_its_categories_places_and_units(shop: TestShop) {
        let client = open(&shop).await;
        let categories = client.get("/api/v1/categories").await.expect_status(200).json();
        assert_eq!((categories["items"].as_array().unwrap().len(), &categories["next"]), (23, &json!(null)));
        let dairy = &categories["items"][2];
        assert_eq!((&dairy["code"], &dairy["margin_min"], &dairy["margin_max"]), (&json!("LAC"), &json!("10.00"), &json!("25.00")));
        assert_eq!((&dairy["rounding_step"], &dairy["seasons"][0]), (&json!("50.00"), &json!("1.300")));
        let places = client.get("/api/v1/locations").await.expect_status(200).json();
        assert_eq!((&places["items"][0]["code"], &places["items"][0]["name"]), (&json!("deposito"), &json!("Depósito")));
        assert_eq!((&places["items"][4]["kind"], &places["items"][4]["holds_stock"]), (&json!("supplier"), &json!(false)));
        let units = client.get("/api/v1/units").await.expect_status(200).json();
        assert_eq!(units["items"][1], json!({"code": "kg", "name": "kilo", "places": 3}));
    }
}

both_engines! {
    fn a_category_is_changed_and_its_seasons_come_and_go(shop: TestShop) {
        let client = open(&shop).await.if_match(1);
        let change = json!({"margin_max": "30", "seasons": [{"month": 2, "factor": "2.5"}, {"month": 7, "factor": "0.5"}]});
        let changed = client.patch("/api/v1/categories/lac", change).await.expect_status(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        let changed = changed.json();
        assert_eq!((&changed["margin_min"], &changed["margin_max"]), (&json!("10.00"), &json!("30.00")));
        assert_eq!((&changed["seasons"][1], &changed["seasons"][6]), (&json!("2.500"), &json!("0.500")));
        client.patch("/api/v1/categories/LAC", json!({})).await.expect_problem(412, "stale_version");
        let client = client.if_match(2);
        let back = client.patch("/api/v1/categories/LAC", json!({"seasons": [{"month": 2, "factor": null}]})).await;
        let back = back.expect_status(200).json();
        assert_eq!((&back["seasons"][1], &back["seasons"][6]), (&json!("1.300"), &json!("0.500")));
        client.patch("/api/v1/categories/NADA", json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// `pricing.md`: the step may vary by price band.
    fn a_category_may_round_cheap_goods_otherwise(shop: TestShop) {
        let client = open(&shop).await.if_match(1);
        let path = "/api/v1/categories/LAC";
        let bands = json!([{"below": "500.00", "step": "10.00"}, {"below": "5000.00", "step": "50.00"}]);
        let wrong = [
            (json!([{"below": "500", "step": "10"}, {"below": "500", "step": "20"}]), "rounding_bands"),
            (json!([{"below": "0", "step": "10"}]), "rounding_bands[0].below"),
            (json!([{"below": "500"}]), "rounding_bands[0].step"),
            (json!((1..=11).map(|below| json!({"below": below.to_string(), "step": "1"})).collect::<Vec<_>>()), "rounding_bands"),
        ];
        for (bands, field) in wrong {
            let refused = client.patch(path, json!({"rounding_bands": bands})).await.expect_problem(422, "invalid").json();
            assert_eq!(fields(&refused), [field]);
        }
        let changed = client.patch(path, json!({"rounding_bands": bands, "rounding_step": "100"})).await.expect_status(200).json();
        assert_eq!((&changed["rounding_bands"], &changed["rounding_step"]), (&bands, &json!("100.00")));
        let body = json!({"code": "YOG", "name": "Yogures", "parent": "LAC"});
        let below = client.post("/api/v1/categories", body).await.expect_status(201).json();
        assert_eq!(below["rounding_bands"], bands, "what it does not name it takes from the one above");
        let client = client.if_match(2);
        let none = client.patch(path, json!({"rounding_bands": []})).await.expect_status(200).json();
        assert_eq!(none["rounding_bands"], json!([]));
    }
}

both_engines! {
    fn a_category_keeps_its_band_and_its_place_in_the_tree(shop: TestShop) {
        let client = open(&shop).await.if_match(1);
        let refuse = async |code: &str, change, field: &str| {
            let answer = client.patch(&format!("/api/v1/categories/{code}"), change).await;
            assert_eq!(fields(&answer.expect_problem(422, "invalid").json()), [field]);
        };
        refuse("LAC", json!({"margin_min": "26"}), "margin_max").await;
        refuse("LAC", json!({"margin_min": "100.01"}), "margin_min").await;
        refuse("LAC", json!({"parent": "LAC"}), "parent").await;
        refuse("LAC", json!({"seasons": [{"month": 13, "factor": "1"}]}), "seasons[0].month").await;
        refuse("LAC", json!({"seasons": [{"month": 1, "factor": "0"}]}), "seasons[0].factor").await;
        client.patch("/api/v1/categories/LAC", json!({"parent": "QUE"})).await.expect_status(200);
        refuse("QUE", json!({"parent": "LAC"}), "parent").await;
    }
}

both_engines! {
    fn a_category_is_added_once_and_takes_after_the_one_above(shop: TestShop) {
        let client = open(&shop).await;
        let body = json!({"code": "yog", "name": "Yogures", "parent": "LAC", "margin_max": "30"});
        let created = client.post("/api/v1/categories", body.clone()).await.expect_status(201);
        assert_eq!(created.header("etag"), "\"1\"");
        let created = created.json();
        let band = (&created["code"], &created["parent"], &created["margin_min"], &created["margin_max"]);
        assert_eq!(band, (&json!("YOG"), &json!("LAC"), &json!("10.00"), &json!("30.00")));
        assert_eq!((&created["perishable"], &created["seasons"][0]), (&json!(true), &json!("1.300")));
        client.post("/api/v1/categories", body).await.expect_problem(409, "code_taken");
        let general = json!({"code": "BAZAR", "name": "Bazar"});
        let general = client.post("/api/v1/categories", general).await.expect_status(201).json();
        assert_eq!((&general["parent"], &general["margin_min"]), (&json!(null), &json!("20.00")));
        let listed = client.get("/api/v1/categories").await.json();
        let codes: Vec<_> = listed["items"].as_array().unwrap().iter().map(|category| category["code"].clone()).collect();
        assert_eq!((codes.len(), &codes[23..]), (25, &[json!("YOG"), json!("BAZAR")][..]));
    }
}

both_engines! {
    fn a_category_that_cannot_stand_is_not_added(shop: TestShop) {
        let client = open(&shop).await;
        for (body, wrong) in [
            (json!({}), vec!["code", "name"]),
            (json!({"code": "YO GUR", "name": "Y", "margin_min": "101"}), vec!["code", "name", "margin_min"]),
            (json!({"code": "YOG", "name": "Yogures", "parent": "NADA"}), vec!["parent"]),
            (json!({"code": "YOG", "name": "Yogures", "parent": "YOG"}), vec!["parent"]),
            (json!({"code": "YOG", "name": "Yogures", "margin_min": "50", "margin_max": "40"}), vec!["margin_max"]),
        ] {
            let problem = client.post("/api/v1/categories", body).await.expect_problem(422, "invalid").json();
            assert_eq!(fields(&problem), wrong);
        }
        let listed = client.get("/api/v1/categories").await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 23);
    }
}

both_engines! {
    fn products_of_a_category_are_those_below_it_too(shop: TestShop) {
        let client = open(&shop).await;
        let below = |code: &str, above: &str| json!({"code": code, "name": "De prueba", "parent": above});
        client.post("/api/v1/categories", below("YOG", "LAC")).await.expect_status(201);
        client.post("/api/v1/categories", below("YOGB", "YOG")).await.expect_status(201);
        for (sku, category) in [("A-LECHE", "LAC"), ("B-BEBIBLE", "YOGB"), ("C-FIRME", "YOG"), ("D-CREMOSO", "QUE")] {
            let body = json!({"sku": sku, "name": format!("Producto {sku}"), "brand": "Ilolay", "category": category, "unit": "un"});
            client.post("/api/v1/products", body).await.expect_status(201);
        }
        let skus = async |query: &str| {
            let list = client.get(&format!("/api/v1/products?{query}")).await.expect_status(200).json();
            list["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let family = ["A-LECHE", "B-BEBIBLE", "C-FIRME"];
        for query in ["category=LAC", "category=LAC&brand=ilolay", "category=LAC&q=producto",
            "category=LAC&updated_since=2026-01-01T00:00:00Z"] {
            let mut found = skus(query).await;
            found.sort();
            assert_eq!(found, family, "{query}");
        }
        assert_eq!(skus("category=YOG").await, ["B-BEBIBLE", "C-FIRME"]);
        assert_eq!(skus("category=YOGB&limit=1").await, ["B-BEBIBLE"]);
    }
}

both_engines! {
    fn a_place_takes_another_name_and_keeps_its_code(shop: TestShop) {
        let client = open(&shop).await.if_match(1);
        let renamed = client.patch("/api/v1/locations/local", json!({"name": "Salón"})).await.expect_status(200);
        assert_eq!(renamed.header("etag"), "\"2\"");
        assert_eq!(renamed.json()["name"], "Salón");
        client.patch("/api/v1/locations/local", json!({"name": "Local"})).await.expect_problem(412, "stale_version");
        client.patch("/api/v1/locations/nada", json!({"name": "Nada"})).await.expect_problem(404, "not_found");
        let wrong = client.patch("/api/v1/locations/deposito", json!({"name": "D"})).await;
        assert_eq!(fields(&wrong.expect_problem(422, "invalid").json()), ["name"]);
        let places = client.get("/api/v1/locations").await.json();
        let names = (&places["items"][0]["name"], &places["items"][1]["code"], &places["items"][1]["name"]);
        assert_eq!(names, (&json!("Depósito"), &json!("local"), &json!("Salón")));
    }
}

both_engines! {
    fn a_place_is_added_once(shop: TestShop) {
        let client = open(&shop).await;
        let body = json!({"code": "freezer", "name": "Freezer del fondo"});
        let created = client.post("/api/v1/locations", body.clone()).await.expect_status(201).json();
        assert_eq!((&created["kind"], &created["holds_stock"]), (&json!("stock"), &json!(true)));
        client.post("/api/v1/locations", body).await.expect_problem(409, "code_taken");
        let bad = json!({"code": "El Fondo", "kind": "waste"});
        let problem = client.post("/api/v1/locations", bad).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&problem), ["code", "name", "kind"]);
        let places = client.get("/api/v1/locations").await.json();
        assert_eq!(places["items"].as_array().unwrap().len(), 10);
    }
}

both_engines! {
    /// RTE-3: who works at one place sees that place and the virtual ones.
    fn who_works_at_one_place_sees_no_other(shop: TestShop) {
        let client = open(&shop).await;
        let places = client.get("/api/v1/locations").await.json();
        let mut actor = shop.user(Role::Deposito);
        actor.location = Some(places["items"][1]["id"].as_str().unwrap().parse().unwrap());
        let seen = shop.api(actor).get("/api/v1/locations").await.expect_status(200).json();
        let codes: Vec<_> = seen["items"].as_array().unwrap().iter().map(|place| place["code"].clone()).collect();
        assert_eq!(codes, ["local", "supplier", "customer", "waste", "own_use", "inventory_difference"]);
    }
}
