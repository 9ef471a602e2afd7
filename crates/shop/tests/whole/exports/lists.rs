//! Every list of the shop, as a file: none is left out, each has the rows of its JSON, and cells are told
//! in words.

use gondola_shop::kernel::{Endpoint, Face};
use gondola_shop::{FEATURES, openapi};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

use crate::common::people::user;
use crate::common::shelves::{of_place, put_shelf_target, sell, stock_up_lot};
use crate::exports::files::{FORMATS, ask, column, founded, make, table};

/// Lists that are no files, and why.
const NOT_EXPORTED: [(&str, &str); 7] = [
    ("/api/v1/imports", "what became of the files that came in; the files themselves are the lists"),
    ("/api/v1/imports/{id}/errors", "has a file of its own: the rows to correct"),
    ("/api/v1/products/search", "the best matches for some letters, not a list"),
    ("/api/v1/products/{id}/aliases", "a product's own names; they are on its card"),
    ("/api/v1/sessions", "one's own sessions, to end them"),
    ("/api/v1/units", "the six units, always the same"),
    ("/api/v1/users/{id}/sessions", "somebody's sessions, to end them"),
];

/// The address of each list with the API's own name of its export.
fn lists() -> Vec<(String, &'static str)> {
    let named = |endpoint: Endpoint| Some((endpoint.path.clone(), endpoint.export?.name));
    FEATURES.iter().flat_map(|feature| (feature.endpoints)()).filter_map(named).collect()
}

/// The schema of what an operation answers, by its name.
fn answer_of(operation: &Value) -> &str {
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    schema.as_str().unwrap_or_default().trim_start_matches("#/components/schemas/")
}

#[test]
fn every_list_of_the_api_goes_out_as_a_file_and_says_so() {
    let document = serde_json::to_value(openapi(Face::Dashboard)).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let answer = answer_of(&item["get"]);
        let is_list = answer.starts_with("Page_") || answer == "AsOfPage";
        let exempt = NOT_EXPORTED.iter().any(|(known, _)| known == path);
        let exported = lists().iter().any(|(known, _)| known == path);
        assert_eq!(is_list, exempt || exported, "{path}: a list has Endpoint::list, or stands above with its reason");
        assert!(!(exempt && exported), "{path} is exported after all");
        if exported {
            let names: Vec<&str> =
                item["get"]["parameters"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
            assert!(names.contains(&"format") && names.contains(&"dialect"), "{path}: {names:?}");
            let content = item["get"]["responses"]["200"]["content"].as_object().unwrap();
            assert_eq!(content.len(), 3, "{path}: JSON, CSV and a workbook");
        }
    }
    let mut names: Vec<&str> = lists().iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), lists().len(), "each has a name of its own");
}

/// Prices with all that comes of them; the id of a repricing.
async fn priced(shop: &TestShop) -> String {
    let api = shop.api(shop.admin());
    for sku in ["FIDEOS", "HARINA"] {
        let priced = json!({"sku": sku, "replacement_cost": "700.00", "sale_price": "1000.00"});
        make(shop, sku, priced).await;
    }
    api.post("/api/v1/labels/prints", json!({"products": ["sku:HARINA"]})).await.expect_status(201);
    let said = json!({"status": "monotributo", "valid_from": "2026-01-01"});
    api.post("/api/v1/tax-statuses", said).await.expect_status(201);
    let rule = json!({"rule": "percentage", "percent": "10", "reason": "Inflación"});
    let rate = json!({"month": "2026-10", "rate": "2.8", "source": "INDEC"});
    api.post("/api/v1/inflation/rates", rate).await.expect_status(201);
    api.put("/api/v1/markups", json!({"product": "sku:HARINA", "markup": "43"})).await.expect_status(200);
    api.post("/api/v1/sale-lists/rules", json!({"list": "MAYORISTA", "adjustment": "-10"})).await.expect_status(201);
    let built = api.post("/api/v1/repricings", rule).await.expect_status(201).json();
    built["id"].as_str().unwrap().to_owned()
}

/// Two price lists of a supplier, of which the second lacks something; its id.
async fn listed(shop: &TestShop) -> String {
    let api = shop.api(shop.admin());
    let mut last = String::new();
    for list in ["Cod;Descripción;Precio\n1;Arroz;10\n2;Viejo;5\n", "Cod;Descripción;Precio\n1;Arroz;11\n"] {
        let sent = Some(("text/csv", list.as_bytes().to_vec()));
        let made = api
            .send(axum::http::Method::POST, "/api/v1/suppliers/MAX/price-lists", sent)
            .await
            .expect_status(201)
            .json();
        made["id"].as_str().unwrap().clone_into(&mut last);
    }
    last
}

/// A shop with something in each of its lists; the id of its count.
async fn busy(shop: &TestShop) -> String {
    founded(shop).await;
    make(shop, "Arroz", json!({"sku": "ARROZ", "acquisition_cost": "90.00"})).await;
    make(shop, "Queso", json!({"sku": "QUESO", "unit": "kg"})).await;
    put_shelf_target(shop, "ARROZ", "local", 8).await;
    stock_up_lot(shop, "ARROZ", "20", "L-1", "2027-12-31").await;
    sell(shop, "ARROZ", "deposito", "1").await;
    let api = shop.api(shop.admin());
    let goods = json!([{"product": "sku:ARROZ", "quantity": "3"}]);
    let transfer = json!({"from": "deposito", "to": "local", "lines": goods, "reason": "Reposición"});
    api.post("/api/v1/transfers", transfer).await.expect_status(201);
    let kept = json!({"product": "sku:ARROZ", "location": "deposito", "quantity": "2",
        "expires_at": "2026-11-23T20:00:00-03:00", "reason": "Pedido de Marta"});
    api.post("/api/v1/reservations", kept).await.expect_status(201);
    let count =
        api.post("/api/v1/counts", json!({"location": "deposito", "reason": "Conteo"})).await.expect_status(201);
    let count = count.json()["id"].as_str().unwrap().to_owned();
    let found = json!({"lines": [{"product": "sku:ARROZ", "counted": "14"}]});
    api.post(&format!("/api/v1/counts/{count}/lines"), found).await.expect_status(200);
    let suppliers = Some(("text/csv", b"code,name\nMAX,Maxiconsumo\n".to_vec()));
    api.send(axum::http::Method::POST, "/api/v1/imports/suppliers", suppliers).await.expect_status(201);
    let main = json!({"suppliers": [{"supplier": "MAX", "supplier_sku": "", "main": true}]});
    api.clone().if_match(1).patch("/api/v1/products/sku:QUESO", main).await.expect_status(200);
    let order = json!({"supplier": "MAX", "lines": [{"product": "sku:ARROZ", "quantity": "12"}]});
    api.post("/api/v1/purchase-orders", order).await.expect_status(201);
    let goods = json!({"location": "local", "lines": [{"product": "sku:QUESO", "quantity": "0", "damaged": "1"}]});
    api.post("/api/v1/goods-receipts", goods).await.expect_status(201);
    let note = json!({"action": "restock", "product": "sku:ARROZ", "quantity": "12", "sentence": "falta arroz"});
    api.post("/api/v1/notebook", note).await.expect_status(201);
    let rule = json!({"location": "local", "channel": "api", "overdraw": "allow_and_flag"});
    api.put("/api/v1/stock/negative-policies", rule).await.expect_status(200);
    let supplier = json!({"code": "Q", "name": "Quilmes", "own_brands": ["Quilmes"]});
    api.post("/api/v1/suppliers", supplier).await.expect_status(201);
    let lesson = json!({"text": "la de litro", "supplier": "Q"});
    api.post("/api/v1/suppliers/lessons", lesson).await.expect_status(201);
    let opening = json!({"kind": "opening", "amount": "100.00"});
    api.post("/api/v1/suppliers/Q/account", opening).await.expect_status(201);
    let bill = json!({"supplier": "Q", "kind": "informal", "issued_on": "2026-11-20", "total": "50",
        "lines": [{"text": "Arroz", "quantity": "5", "price": "10", "subtotal": "50", "product": "sku:ARROZ"}]});
    let bill = api.post("/api/v1/invoices", bill).await.expect_status(201).json();
    let came = json!({"location": "deposito", "lines": [{"line": 1, "received": "4"}]});
    for (step, body) in [("confirm", json!({})), ("apply", came)] {
        let path = format!("/api/v1/invoices/{}/{step}", bill["id"].as_str().unwrap());
        api.post(&path, body).await.expect_status(200);
    }
    let owner = user(shop, "marta", "admin").await;
    let owner = gondola_store::Actor { id: owner.id, ..shop.admin() };
    for _ in 0..5 {
        shop.browser().form("/login", "username=marta&password=otra+cosa").await.expect_status(401);
        shop.clock().advance(std::time::Duration::from_secs(60));
    }
    assert_eq!(gondola_shop::audit::watch(shop.app()).await.unwrap().len(), 1);
    shop.api(owner).post("/api/v1/keys", json!({"name": "balanza", "scopes": ["read"]})).await.expect_status(201);
    count
}

both_engines! {
    fn each_list_has_in_every_format_the_rows_of_its_json(shop: TestShop) {
        let (count, repricing, list) = (busy(&shop).await, priced(&shop).await, listed(&shop).await);
        for (path, name) in lists() {
            // Taking it along makes it longer: it has a test of its own (`audit.rs`).
            if name == "audit" {
                continue;
            }
            let path = path.trim_start_matches("/api/v1/").replace("repricings/{id}", &format!("repricings/{repricing}"));
            let path = path.replace("supplier-price-lists/{id}", &format!("supplier-price-lists/{list}"));
            let path = path.replace("{id}", &count).replace("{code}", "Q").replace("{product}", "sku:ARROZ");
            let rows = ask(&shop, shop.admin(), &path, "").await.expect_status(200).json();
            let rows = rows["items"].as_array().unwrap().len();
            assert!(rows > 0, "{name}: the test puts something into every list");
            for format in FORMATS {
                let file = table(&shop, shop.admin(), &path, format).await;
                assert_eq!(file.rows.len(), rows, "{name} {format}");
                assert!(file.ragged.is_empty(), "{name} {format}");
                let cells = || file.rows.iter().flat_map(|row| &row.cells);
                let key = |cell: &&String| ["level.", "kind.", "flag.", "answer.", "transfer.", "count.", "reservation.", "detection.", "price.", "repricing.", "label.", "notebook.", "order.", "payable.", "supplier.", "inflation.", "price_list."]
                    .iter().any(|family| cell.starts_with(family));
                assert_eq!(cells().find(key), None, "{name}: a code without words");
            }
        }
    }
}

both_engines! {
    /// CSV-2: a plain negative number stays a number.
    fn a_difference_of_a_count_is_a_number_with_its_sign(shop: TestShop) {
        let count = busy(&shop).await;
        let path = format!("counts/{count}/lines");
        for format in FORMATS {
            assert_eq!(column(&table(&shop, shop.admin(), &path, format).await, "Diferencia"), ["-2"], "{format}");
        }
        let text = ask(&shop, shop.admin(), &path, "format=csv").await.text();
        assert!(text.contains(";14;16;-2;un;"), "{text}");
        let book = table(&shop, shop.admin(), &path, "format=xlsx").await;
        let at = book.header.iter().position(|title| title == "Diferencia").unwrap();
        assert!(book.rows[0].is_number(at));
    }
}

both_engines! {
    /// CSV-3: the file of who counts blind has nothing of what was expected.
    fn a_blind_count_stays_blind_in_its_files(shop: TestShop) {
        let count = busy(&shop).await;
        let warehouse = || shop.user(gondola_store::Role::Deposito);
        let lines = table(&shop, warehouse(), &format!("counts/{count}/lines"), "format=csv").await;
        assert_eq!((column(&lines, "Contado"), column(&lines, "Esperado")), (vec!["14".into()], vec![String::new()]));
        assert_eq!(column(&lines, "Diferencia"), [""]);
        let only = format!("counts/{count}/lines");
        ask(&shop, warehouse(), &only, "format=csv&only=different").await.expect_problem(403, "forbidden");
        let sheet = table(&shop, warehouse(), &format!("counts/{count}/sheet"), "format=csv").await;
        assert!(column(&sheet, "Esperado").iter().all(String::is_empty));
        let elsewhere = of_place(&shop, warehouse(), "local").await;
        ask(&shop, elsewhere, &only, "format=csv").await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// CSV-3: stock has a column per place that the reader may see, and no other place's goods.
    fn stock_has_a_column_for_each_place_that_one_may_see(shop: TestShop) {
        busy(&shop).await;
        let all = table(&shop, shop.admin(), "inventory", "format=csv&q=arroz").await;
        assert_eq!((column(&all, "Total"), column(&all, "Depósito")), (vec!["23".into()], vec!["20".into()]));
        let shelf = of_place(&shop, shop.user(gondola_store::Role::Deposito), "local").await;
        for list in ["inventory", "stock/as-of"] {
            let own = table(&shop, shelf.clone(), list, "format=csv").await;
            assert!(!own.header.iter().any(|title| title == "Depósito"), "{list}: {:?}", own.header);
            assert!(column(&own, "Total").iter().all(|total| total == "0"), "{list}");
        }
        assert_eq!(table(&shop, shelf, "stock/lots", "format=csv").await.rows.len(), 0);
    }
}

both_engines! {
    /// Users and keys go out for who manages them, and no secret with them.
    fn users_and_keys_go_out_for_who_manages_them_only(shop: TestShop) {
        busy(&shop).await;
        for list in ["users", "keys"] {
            for actor in [shop.manager(), shop.user(gondola_store::Role::Auditor), shop.key("read")] {
                ask(&shop, actor, list, "format=csv").await.expect_problem(403, "forbidden");
            }
        }
        let keys = ask(&shop, shop.admin(), "keys", "format=csv").await.expect_status(200).text();
        assert!(keys.contains("balanza;read;") && !keys.contains("gnd_"), "{keys}");
        let users = ask(&shop, shop.admin(), "users", "format=csv").await.expect_status(200).text();
        assert!(users.contains("marta;") && !users.contains("argon2"), "{users}");
    }
}
