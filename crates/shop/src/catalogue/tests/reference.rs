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
