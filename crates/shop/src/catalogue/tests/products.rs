//! Creating, reading and changing single products.

use gondola_store::{Command, Context, Fail, Permission, Role, Tx, both};
use gondola_testkit::both_engines;
use serde_json::json;

use super::{create, fields, open, product};

both_engines! {
    /// Contract section 4, `POST /products`.
    fn the_contracts_product_is_created_and_read_by_id_and_sku(shop: TestShop) {
        let client = open(&shop).await;
        let body = json!({"sku": "LAC-LS-SACH", "name": "Leche sachet La Serenísima 1 L", "category": "LAC", "unit": "un",
            "barcodes": ["7790742034007"], "min_stock": "12", "sale_price": "1850.00", "acquisition_cost": "1420.5000",
            "opening": {"location": "deposito", "quantity": "24", "unit_cost": "1420.5000"}});
        let created = client.post("/api/v1/products", body).await.expect_status(201);
        assert_eq!(created.header("etag"), "\"1\"");
        let created = created.json();
        assert_eq!(created["sku"], "LAC-LS-SACH");
        assert_eq!(created["warnings"], json!([]));
        assert_eq!((&created["min_stock"], &created["max_stock"], &created["reorder_point"]),
            (&json!("12"), &json!("36"), &json!("12")));
        assert_eq!((&created["vat_rate"], &created["perishable"]), (&json!("21.00"), &json!(true)));
        assert_eq!((&created["acquisition_cost"], &created["sale_price"]), (&json!("1420.5000"), &json!("1850.00")));
        let by_id = client.get(&format!("/api/v1/products/{}", created["id"].as_str().unwrap())).await;
        let by_sku = client.get("/api/v1/products/sku:lac-ls-sach").await.expect_status(200).json();
        let mut expected = created;
        expected.as_object_mut().unwrap().remove("warnings");
        assert_eq!(by_id.expect_status(200).json(), expected);
        assert_eq!(by_sku, expected);
        let stock = client.get("/api/v1/inventory/LAC-LS-SACH").await.expect_status(200).json();
        assert_eq!(stock["on_hand"], "24");
    }
}

both_engines! {
    fn quick_create_takes_a_name_a_category_and_a_unit(shop: TestShop) {
        let client = open(&shop).await;
        let first = create(&client, json!({})).await;
        let second = create(&client, json!({"name": "Otra cosa"})).await;
        assert_eq!((&first["sku"], &second["sku"]), (&json!("LAC000001"), &json!("LAC000002")));
        assert_eq!((&first["min_stock"], &first["max_stock"]), (&json!("5"), &json!("15")));
        assert_eq!(first["sale_price"], json!(null));
        create(&client, json!({"sku": "LAC000003"})).await;
        assert_eq!(create(&client, json!({"name": "Otra más"})).await["sku"], "LAC000004");
    }
}

both_engines! {
    /// A duplicate SKU is refused with a clear message, also on edit.
    fn a_taken_sku_is_refused_on_create_and_on_edit(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "LAC-1"})).await;
        let second = create(&client, json!({"sku": "LAC-2", "name": "Manteca"})).await;
        let refused = client.post("/api/v1/products", product(json!({"sku": " lac-1 "}))).await;
        let problem = refused.expect_problem(409, "sku_taken").json();
        assert_eq!(fields(&problem), ["sku"]);
        assert!(problem["detail"].as_str().unwrap().contains("LAC-1"));
        let edit = client.clone().if_match(1).patch("/api/v1/products/sku:LAC-2", json!({"sku": "LAC-1"})).await;
        edit.expect_problem(409, "sku_taken");
        let unchanged = client.get("/api/v1/products/sku:LAC-2").await.expect_status(200).json();
        assert_eq!((&unchanged["id"], &unchanged["version"]), (&second["id"], &json!(1)));
    }
}

both_engines! {
    fn everything_that_is_wrong_is_told_at_once_and_nothing_is_kept(shop: TestShop) {
        let client = open(&shop).await;
        let body = json!({"sku": "a b", "name": "x", "unit": "kilo", "barcodes": ["7790742034007", "7790742034008"],
            "min_stock": "1.2345", "sale_price": "0", "content": {"quantity": "0"}, "vat_rate": "20",
            "presentations": [{"factor": "0"}], "target_days": 0});
        let problem = client.post("/api/v1/products", body).await.expect_problem(422, "invalid").json();
        let expected = ["category", "sku", "name", "unit", "content.quantity", "content.unit", "vat_rate", "min_stock",
            "target_days", "sale_price", "barcodes[1]", "presentations[0].name", "presentations[0].factor"];
        assert_eq!(fields(&problem), expected);
        client.post("/api/v1/products", json!({"nombre": "x"})).await.expect_problem(422, "invalid");
        client.post("/api/v1/products", product(json!({"min_stock": 5}))).await.expect_problem(422, "invalid");
        client.post("/api/v1/products", product(json!({"name": null}))).await.expect_problem(422, "invalid");
        client.post("/api/v1/products", product(json!({"name": "Le\u{0}che"}))).await.expect_problem(422, "invalid");
        client.get("/api/v1/products/sku:LAC000001").await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn a_product_keeps_the_rules_of_its_stock_and_prices(shop: TestShop) {
        let client = open(&shop).await;
        let refuse = async |changes, expected: &str| {
            let problem = client.post("/api/v1/products", product(changes)).await.expect_problem(422, "invalid").json();
            assert_eq!(fields(&problem), [expected]);
        };
        refuse(json!({"min_stock": "10", "max_stock": "9"}), "max_stock").await;
        refuse(json!({"min_stock": "2.5"}), "min_stock").await;
        refuse(json!({"sold_by_weight": true}), "sold_by_weight").await;
        refuse(json!({"category": "XYZ"}), "category").await;
        refuse(json!({"shelf_targets": [{"location": "customer", "quantity": "1"}]}), "shelf_targets[0].location").await;
        refuse(json!({"suppliers": [{"supplier": "NADIE"}]}), "suppliers[0].supplier").await;
        refuse(json!({"presentations": [{"name": "kg", "factor": "2"}]}), "presentations[0].name").await;
        refuse(json!({"wholesale_price": "100", "acquisition_cost": "100"}), "wholesale_price").await;
        refuse(json!({"wholesale_price": "100.01", "sale_price": "100"}), "wholesale_price").await;
        create(&client, json!({"wholesale_price": "100.01", "sale_price": "100.01", "acquisition_cost": "100"})).await;
        create(&client, json!({"category": "QUE", "unit": "kg", "sold_by_weight": true, "min_stock": "2.5"})).await;
        create(&client, json!({"max_stock": "3"})).await;
    }
}

both_engines! {
    /// One barcode belongs to one presentation.
    fn a_barcode_belongs_to_one_product(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A", "barcodes": ["012345678905"],
            "presentations": [{"name": "caja", "factor": "12", "price": "9.99", "barcodes": ["17790795368002"]}]})).await;
        for code in ["12345678905", "0012345678905", "17790795368002"] {
            let refused = client.post("/api/v1/products", product(json!({"sku": "B", "barcodes": [code]}))).await;
            assert_eq!(fields(&refused.expect_problem(409, "barcode_taken").json()), ["barcodes"]);
        }
        client.get("/api/v1/products/sku:B").await.expect_problem(404, "not_found");
        let own = client.post("/api/v1/products", product(json!({"barcodes": ["77901231", "77901231"]}))).await;
        own.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// Partial edits leave other fields alone; editing never changes stock.
    fn a_change_leaves_the_rest_alone(shop: TestShop) {
        let client = open(&shop).await;
        let before = create(&client, json!({"sku": "A", "brand": "La Serenísima", "barcodes": ["7790742034007"],
            "sale_price": "1850", "shelf_targets": [{"location": "local", "quantity": "6"}],
            "presentations": [{"name": "pack x6", "factor": "6"}],
            "opening": {"location": "deposito", "quantity": "24"}})).await;
        let client = client.if_match(1);
        shop.clock().advance(std::time::Duration::from_secs(60));
        let after = client.patch("/api/v1/products/sku:A", json!({"notes": "Va en la heladera"})).await;
        assert_eq!(after.header("etag"), "\"2\"");
        let mut expected = before;
        let fields = expected.as_object_mut().unwrap();
        fields.remove("warnings");
        fields.insert("notes".into(), json!("Va en la heladera"));
        fields.insert("version".into(), json!(2));
        fields.insert("updated_at".into(), json!("2026-11-23T12:01:00Z"));
        assert_eq!(after.expect_status(200).json(), expected);
        assert_eq!(client.get("/api/v1/products/sku:A").await.json(), expected);
        assert_eq!(client.get("/api/v1/inventory/A").await.json()["on_hand"], "24");
    }
}

both_engines! {
    fn a_change_needs_the_version_that_was_read(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A"})).await;
        let path = "/api/v1/products/sku:A";
        client.patch(path, json!({"brand": "X"})).await.expect_problem(428, "version_required");
        client.clone().if_match(7).patch(path, json!({"brand": "X"})).await.expect_problem(412, "stale_version");
        client.clone().if_match(1).patch(path, json!({"brand": "X"})).await.expect_status(200);
        client.clone().if_match(1).patch(path, json!({"brand": "Y"})).await.expect_problem(412, "stale_version");
        assert_eq!(client.get(path).await.json()["brand"], "X");
        client.if_match(1).patch("/api/v1/products/sku:NADA", json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn lists_of_a_product_are_replaced_whole_and_emptied(shop: TestShop) {
        let client = open(&shop).await;
        let before = create(&client, json!({"sku": "A", "barcodes": ["7790742034007", "77901231"], "sale_price": "10",
            "wholesale_price": "9", "content": {"quantity": "473", "unit": "ml"},
            "presentations": [{"name": "x6", "factor": "6", "barcodes": ["17790795368002"]}, {"name": "x12", "factor": "12"}]})).await;
        assert_eq!(before["content"], json!({"quantity": "473.000", "unit": "ml"}));
        let change = json!({"barcodes": ["77901231"], "wholesale_price": null, "content": null,
            "presentations": [{"name": "x12", "factor": "12", "price": "100", "barcodes": ["17790795368002"]}]});
        let after = client.if_match(1).patch("/api/v1/products/sku:A", change).await.expect_status(200).json();
        assert_eq!((&after["barcodes"], &after["content"]), (&json!(["77901231"]), &json!(null)));
        assert_eq!((&after["sale_price"], &after["wholesale_price"]), (&json!("10.00"), &json!(null)));
        let kept = &after["presentations"][0];
        assert_eq!((&kept["id"], &kept["price"]), (&before["presentations"][1]["id"], &json!("100.00")));
        assert_eq!((&kept["barcodes"], after["presentations"].as_array().unwrap().len()), (&json!(["17790795368002"]), 1));
    }
}

both_engines! {
    /// `catalogue-and-stock.md`: the unit of goods that moved is fixed.
    fn the_unit_is_fixed_once_goods_moved(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A"})).await;
        create(&client, json!({"sku": "B", "opening": {"location": "local", "quantity": "3"}})).await;
        let client = client.if_match(1);
        client.patch("/api/v1/products/sku:A", json!({"unit": "kg"})).await.expect_status(200);
        let refused = client.patch("/api/v1/products/sku:B", json!({"unit": "kg"})).await;
        assert_eq!(fields(&refused.expect_problem(422, "invalid").json()), ["unit"]);
    }
}

both_engines! {
    /// Warn on creation when brand and size match and the name's similarity is 0.88 or more.
    fn a_possible_duplicate_is_a_warning(shop: TestShop) {
        let client = open(&shop).await;
        let size = json!({"quantity": "1", "unit": "l"});
        let first = create(&client, json!({"sku": "A", "brand": "La Serenísima", "content": size})).await;
        let twin = create(&client, json!({"name": "leche sachet LA SERENISMA 1L", "brand": "la serenisima", "content": size})).await;
        assert_eq!(twin["warnings"][0]["code"], "possible_duplicate");
        assert_eq!(twin["warnings"][0]["product"], first["id"]);
        let two = json!({"quantity": "2", "unit": "l"});
        let other_size = json!({"name": "Leche sachet La Serenísima 1 L", "brand": "La Serenísima", "content": two});
        assert_eq!(create(&client, other_size).await["warnings"], json!([]));
        // Who says neither brand nor size may mean any of them.
        let hasty = create(&client, json!({"name": "Leche sachet La Serenísima 1 L"})).await;
        assert_eq!(hasty["warnings"][0]["code"], "possible_duplicate");
        let other = json!({"name": "Yogur bebible frutilla", "brand": "La Serenísima", "content": size});
        assert_eq!(create(&client, other).await["warnings"], json!([]));
    }
}

both_engines! {
    /// M19: who may not see cost never does, and does not set it.
    fn cost_is_seen_and_changed_only_by_who_may(shop: TestShop) {
        let client = open(&shop).await;
        create(&client, json!({"sku": "A", "acquisition_cost": "100", "replacement_cost": "110"})).await;
        let path = "/api/v1/products/sku:A";
        assert_eq!(client.get(path).await.json()["replacement_cost"], "110.0000");
        for blind in [shop.user(Role::Cashier), shop.user(Role::Deposito)] {
            let seen = shop.api(blind).get(path).await.expect_status(200).json();
            let costs = [&seen["acquisition_cost"], &seen["replacement_cost"]];
            assert!(costs.iter().all(|cost| cost.is_null()), "{seen}");
        }
        let writer = shop.api(shop.key("write")).if_match(1);
        writer.patch(path, json!({"replacement_cost": "1"})).await.expect_problem(403, "forbidden");
        let renamed = writer.patch(path, json!({"name": "Otra"})).await.expect_status(200).json();
        assert!(renamed["replacement_cost"].is_null());
        shop.api(shop.user(Role::Cashier)).post("/api/v1/products", product(json!({}))).await.expect_problem(403, "forbidden");
    }
}

both_engines! {
    /// Two people create the same SKU at once: one wins, the other is told.
    fn racing_for_a_sku_has_one_winner(shop: TestShop) {
        let client = open(&shop).await;
        let post = || client.post("/api/v1/products", product(json!({"sku": "RACE", "barcodes": ["7790742034007"]})));
        let answers = tokio::join!(post(), post(), post(), post(), post(), post());
        let mut statuses = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5].map(|answer| answer.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    }
}

both_engines! {
    fn the_same_key_answers_the_same_and_creates_once(shop: TestShop) {
        let client = open(&shop).await.key("k-1");
        let first = client.post("/api/v1/products", product(json!({}))).await.expect_status(201);
        let again = client.post("/api/v1/products", product(json!({}))).await.expect_status(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(first.json(), again.json());
        client.post("/api/v1/products", product(json!({"brand": "X"}))).await.expect_problem(409, "idempotency_mismatch");
        assert_eq!(create(&shop.api(shop.admin()), json!({})).await["sku"], "LAC000002");
    }
}

/// A supplier, as the suppliers' feature will add it.
pub(super) struct Supplier(pub(super) &'static str);

impl Command for Supplier {
    const NAME: &'static str = "test.supplier";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<()>> {
        let text = "insert into suppliers (id, code, name, created_at, updated_at) values ($1, $2, $2, 0, 0)";
        both!(tx, c, _text => sqlx::query(text).bind(cx.new_id()).bind(self.0).execute(c).await.map(drop)?);
        Ok(())
    }
}

both_engines! {
    fn a_products_suppliers_keep_their_cost_when_it_is_not_said(shop: TestShop) {
        let client = open(&shop).await;
        for code in ["LS", "MAX"] {
            shop.db().execute(&shop.admin(), None, Supplier(code)).await.unwrap();
        }
        let suppliers = json!([
            {"supplier": "max", "supplier_sku": "10555"},
            {"supplier": "LS", "supplier_sku": "LS-LECHE-1", "pack": "1/12", "last_cost": "17000", "lead_days": 2, "main": true}]);
        let created = create(&client, json!({"sku": "A", "suppliers": suppliers})).await;
        let expected = json!([
            {"supplier": "LS", "name": "LS", "supplier_sku": "LS-LECHE-1", "pack": "1/12", "last_cost": "17000.0000", "lead_days": 2, "main": true},
            {"supplier": "MAX", "name": "MAX", "supplier_sku": "10555", "pack": "1", "last_cost": null, "lead_days": null, "main": false}]);
        let stored = client.get("/api/v1/products/sku:A").await.json();
        assert_eq!((&created["suppliers"], &stored["suppliers"]), (&expected, &expected));
        for query in ["supplier=ls", "supplier=MAX", "supplier=MAX&category=LAC", "q=10555"] {
            let list = client.get(&format!("/api/v1/products?{query}")).await.expect_status(200).json();
            assert_eq!(list["items"].as_array().unwrap().len(), 1, "{query}");
        }
        let change = json!({"suppliers": [{"supplier": "LS", "supplier_sku": "OTRO"}]});
        let writer = shop.api(shop.key("read,write")).if_match(1);
        let changed = writer.patch("/api/v1/products/sku:A", change).await.expect_status(200).json();
        assert_eq!(changed["suppliers"][0]["last_cost"], "17000.0000");
        assert_eq!(changed["suppliers"].as_array().unwrap().len(), 1);
        let alias = client.post("/api/v1/products/sku:A/aliases", json!({"text": "LECHE LS 12X1L", "source": "list", "supplier": "ls"})).await;
        assert_eq!(alias.expect_status(201).json()["supplier"], "LS");
        let twice = json!({"suppliers": [{"supplier": "LS", "main": true}, {"supplier": "LS", "main": true}]});
        let refused = client.if_match(3).patch("/api/v1/products/sku:A", twice).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&refused), ["suppliers[1].supplier", "suppliers"]);
    }
}
