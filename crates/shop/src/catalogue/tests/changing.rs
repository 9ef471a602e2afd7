//! Many changes at once, taking products out of use, aliases and barcodes learned.

use gondola_testkit::{Client, both_engines};
use serde_json::{Value, json};

use super::{create, fields, open};

async fn found(client: &Client<'_>, q: &str) -> Vec<Value> {
    let answer = client.get(&format!("/api/v1/products/search?q={q}")).await.expect_status(200).json();
    answer["items"].as_array().expect("items").iter().map(|item| item["sku"].clone()).collect()
}

both_engines! {
    fn each_line_of_a_bulk_change_stands_for_itself(shop: TestShop) {
        let client = open(&shop).await;
        for sku in ["A", "B", "C"] {
            create(&client, json!({"sku": sku, "name": format!("Producto {sku}"), "barcodes": []})).await;
        }
        let body = json!({"lines": [
            {"product": "sku:A", "changes": {"sale_price": "100", "min_stock": "7", "max_stock": "70"}},
            {"product": "sku:B", "changes": {"max_stock": "1"}},
            {"product": "sku:NADA", "changes": {"brand": "X"}},
            {"product": "sku:C", "version": 9, "changes": {"brand": "X"}},
            {"product": "sku:A", "changes": {"brand": "X"}},
            {"product": "A", "changes": {"sale_price": "-1"}},
            {},
        ]});
        let results = client.post("/api/v1/products/bulk", body).await.expect_status(200).json();
        let results = results["results"].as_array().unwrap().clone();
        assert_eq!((results.len(), &results[0]["index"], &results[0]["version"]), (7, &json!(0), &json!(2)));
        let codes: Vec<&str> = results[1..].iter().map(|result| result["error"]["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["invalid", "not_found", "stale_version", "invalid", "invalid", "invalid"]);
        assert_eq!(fields(&results[1]["error"]), ["changes.max_stock"]);
        assert_eq!(fields(&results[5]["error"]), ["product", "changes.sale_price"]);
        assert_eq!(fields(&results[6]["error"]), ["product", "changes"]);
        let changed = client.get("/api/v1/products/sku:A").await.json();
        assert_eq!((&changed["sale_price"], &changed["max_stock"], &changed["brand"]), (&json!("100.00"), &json!("70"), &json!("")));
        let untouched = client.get("/api/v1/products/sku:B").await.json();
        assert_eq!((&untouched["max_stock"], &untouched["version"]), (&json!("15"), &json!(1)));
    }
}

both_engines! {
    fn lines_that_want_the_same_code_have_one_winner(shop: TestShop) {
        let client = open(&shop).await;
        for sku in ["A", "B", "C"] {
            create(&client, json!({"sku": sku, "name": format!("Producto {sku}")})).await;
        }
        create(&client, json!({"sku": "D", "name": "Otro", "scale_plu": "7", "barcodes": ["7790742034007"]})).await;
        let body = json!({"lines": [
            {"product": "sku:A", "changes": {"sku": "NUEVO", "barcodes": ["77901231"]}},
            {"product": "sku:B", "changes": {"sku": "NUEVO"}},
            {"product": "sku:C", "changes": {"barcodes": ["77901231"]}},
            {"product": "sku:D", "changes": {"barcodes": []}},
        ]});
        let results = client.post("/api/v1/products/bulk", body).await.expect_status(200).json();
        assert_eq!(results["results"][0]["version"], 2);
        assert_eq!(results["results"][1]["error"]["code"], "sku_taken");
        assert_eq!(results["results"][2]["error"]["code"], "barcode_taken");
        assert_eq!(results["results"][3]["version"], 2);
        let body = json!({"lines": [
            {"product": "sku:B", "changes": {"scale_plu": "00007"}},
            {"product": "sku:C", "changes": {"barcodes": ["7790742034007"], "internal_code": "x-1"}},
        ]});
        let results = client.post("/api/v1/products/bulk", body).await.expect_status(200).json();
        assert_eq!(results["results"][0]["error"]["code"], "scale_plu_taken");
        assert_eq!(results["results"][1]["version"], 2);
        assert_eq!(client.get("/api/v1/products/sku:C").await.json()["internal_code"], "X-1");
    }
}

both_engines! {
    /// INP-2: 10,000 lines at most.
    fn a_bulk_change_asks_for_the_rights_of_its_lines(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A"})).await;
        let body = |changes: Value| json!({"lines": [{"product": "sku:A", "changes": changes}]});
        let writer = shop.api(shop.key("write"));
        writer.post("/api/v1/products/bulk", body(json!({"replacement_cost": "5"}))).await.expect_problem(403, "forbidden");
        writer.post("/api/v1/products/bulk", body(json!({"sale_price": "5"}))).await.expect_status(200);
        for bad in [json!({}), json!({"lines": []}), json!({"lines": [{"product": "sku:A", "changes": {"colour": "red"}}]})] {
            client.post("/api/v1/products/bulk", bad).await.expect_problem(422, "invalid");
        }
        let many: Vec<Value> = (0..10_001).map(|_| json!({})).collect();
        client.post("/api/v1/products/bulk", json!({"lines": many})).await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// Deactivate, never delete; refused while stock is not 0.
    fn a_product_with_stock_stays_in_use(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A", "opening": {"location": "deposito", "quantity": "3"}})).await;
        let path = "/api/v1/products/sku:A/deactivate";
        client.post(path, json!({})).await.expect_problem(409, "has_stock");
        assert_eq!(client.get("/api/v1/products/sku:A").await.json()["active"], true);
        // Three there and three missing elsewhere are not nothing.
        let sale = json!({"kind": "sale", "product": "sku:A", "quantity": "3", "from": "deposito", "reason": "venta"});
        client.post("/api/v1/movements", sale).await.expect_status(201);
        client.clone().if_match(7).post(path, json!({})).await.expect_problem(412, "stale_version");
        let gone = client.clone().if_match(1).post(path, json!({})).await.expect_status(200).json();
        assert_eq!((&gone["active"], &gone["version"]), (&json!(false), &json!(2)));
        let again = client.post(path, json!({})).await.expect_status(200).json();
        assert_eq!((&again["active"], &again["version"]), (&json!(false), &json!(2)));
        let receipt = json!({"kind": "receipt", "product": "sku:A", "quantity": "3", "to": "deposito", "reason": "compra"});
        client.post("/api/v1/movements", receipt.clone()).await.expect_problem(409, "inactive_product");
        assert_eq!(client.get("/api/v1/inventory/A").await.expect_status(200).json()["on_hand"], "0");
        client.post("/api/v1/products/sku:A/activate", json!({})).await.expect_status(200);
        client.post("/api/v1/movements", receipt).await.expect_status(201);
        client.post("/api/v1/products/sku:NADA/deactivate", json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// M2, S16: what people call a product finds it.
    fn an_alias_finds_its_product_until_it_is_removed(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "GASEOSA", "name": "Coca-Cola 2,25 L"})).await;
        let path = "/api/v1/products/sku:GASEOSA/aliases";
        let alias = client.post(path, json!({"text": " La gran botella "})).await.expect_status(201).json();
        assert_eq!((&alias["text"], &alias["source"], &alias["confidence"]), (&json!("La gran botella"), &json!("manual"), &json!("1.000")));
        let read = client.post(path, json!({"text": "C0CA", "source": "ocr", "confidence": "0.85"})).await.expect_status(201);
        assert_eq!(read.json()["confidence"], "0.850");
        client.post(path, json!({"text": "la GRAN botellá"})).await.expect_problem(409, "alias_exists");
        assert_eq!(found(&client, "gran%20bot").await, ["GASEOSA"]);
        assert_eq!(client.get(path).await.json()["items"].as_array().unwrap().len(), 2);
        // A rename keeps the aliases.
        client.clone().if_match(3).patch("/api/v1/products/sku:GASEOSA", json!({"name": "Coca"})).await.expect_status(200);
        assert_eq!(found(&client, "gran%20bot").await, ["GASEOSA"]);
        let own = format!("{path}/{}", alias["id"].as_str().unwrap());
        client.delete(&own).await.expect_status(204);
        client.delete(&own).await.expect_problem(404, "not_found");
        client.delete(&format!("{path}/x")).await.expect_problem(404, "not_found");
        assert!(found(&client, "gran%20bot").await.is_empty());
        let bad = client.post(path, json!({"text": "-", "source": "x", "confidence": "1.001", "supplier": "a b"})).await;
        assert_eq!(fields(&bad.expect_problem(422, "invalid").json()), ["text", "source", "confidence", "supplier"]);
        client.post(path, json!({"text": "otra", "supplier": "NADIE"})).await.expect_problem(422, "invalid");
        client.post("/api/v1/products/sku:NADA/aliases", json!({"text": "otra"})).await.expect_problem(404, "not_found");
        client.get("/api/v1/products/sku:NADA/aliases").await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// The first scan asks "which product?" and keeps the answer.
    fn a_scanned_code_is_kept_with_its_product(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A", "presentations": [{"name": "caja x12", "factor": "12"}]})).await;
        create(&client, json!({"sku": "B", "name": "Otro", "barcodes": ["7790742034007"]})).await;
        let path = "/api/v1/products/sku:A/barcodes";
        client.get("/api/v1/products/by-code/77901231").await.expect_problem(404, "unknown_code");
        let learned = client.post(path, json!({"code": "7790 1231"})).await.expect_status(200).json();
        assert_eq!((&learned["barcodes"], &learned["version"]), (&json!(["77901231"]), &json!(2)));
        let again = client.post(path, json!({"code": "77901231"})).await.expect_status(200).json();
        assert_eq!(again["version"], 2);
        client.post(path, json!({"code": "17790795368002", "presentation": "CAJA X12"})).await.expect_status(200);
        let case = client.get("/api/v1/products/by-code/17790795368002").await.expect_status(200).json();
        assert_eq!((&case["sku"], &case["presentation"]["factor"]), (&json!("A"), &json!("12")));
        client.post(path, json!({"code": "77901231", "presentation": "caja x12"})).await.expect_problem(409, "barcode_taken");
        client.post(path, json!({"code": "7790742034007"})).await.expect_problem(409, "barcode_taken");
        let bad = client.post(path, json!({"code": "7790742034008"})).await.expect_problem(422, "invalid").json();
        assert_eq!((&bad["errors"][0]["code"], fields(&bad)), (&json!("barcode_check_digit"), vec!["code".to_owned()]));
        client.post(path, json!({"code": "7790895000805", "presentation": "bolsa"})).await.expect_problem(422, "invalid");
    }
}

both_engines! {
    fn racing_changes_of_one_product_lose_none(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A"})).await;
        let alias = async |text: &str| client.post("/api/v1/products/sku:A/aliases", json!({"text": text})).await.status;
        let statuses = tokio::join!(alias("primero"), alias("segundo"), alias("tercero"));
        assert_eq!(statuses, (201, 201, 201));
        for word in ["primero", "segundo", "tercero"] {
            assert_eq!(found(&client, word).await, ["A"]);
        }
        let change = async |brand: &str| {
            client.clone().if_match(4).patch("/api/v1/products/sku:A", json!({"brand": brand})).await.status
        };
        let mut statuses: [u16; 3] = tokio::join!(change("X"), change("Y"), change("Z")).into();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412]);
    }
}
