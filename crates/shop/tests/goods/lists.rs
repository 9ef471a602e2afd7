//! The filters of the inventory and of the kardex through the API, on both engines: each alone and
//! some together, page by page, and what is refused. What a list means is told in its own tests.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::common::{movement, put_row, receipt, shop_with};
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

/// Every item of a list, read two at a time; the same as in one page, and none twice.
async fn walk(api: &Client<'_>, list: &str, query: &str, field: &str) -> Vec<String> {
    let page = async |query: String| api.get(&format!("{list}?{query}")).await.expect_status(200).json();
    let text = |item: &Value| item[field].as_str().unwrap_or_else(|| panic!("{field} in {item}")).to_owned();
    let whole = page(query.to_owned()).await;
    assert_eq!(whole["next"], json!(null), "{query}: everything is on one page");
    let whole: Vec<_> = whole["items"].as_array().unwrap().iter().map(text).collect();
    let mut paged = Vec::new();
    let mut after = String::new();
    loop {
        let part = page(format!("{query}&limit=2{after}")).await;
        let items = part["items"].as_array().unwrap();
        assert!(items.len() <= 2 && (!items.is_empty() || paged.is_empty()), "{query}: {part}");
        paged.extend(items.iter().map(text));
        let Some(next) = part["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, whole, "{query}: page by page");
    assert_eq!(paged.iter().collect::<BTreeSet<_>>().len(), paged.len(), "{query}: none twice");
    paged
}

async fn refuses(api: &Client<'_>, list: &str, query: &str, field: &str) {
    let problem = api.get(&format!("{list}?{query}")).await.expect_problem(422, "invalid").json();
    let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(fields, [field], "{list}?{query}");
}

fn product(sku: &str, name: &str, category: &str, more: Value) -> Value {
    let mut body = json!({"sku": sku, "name": name, "category": category, "unit": "un", "perishable": false});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn pantry(shop: &TestShop) {
    shop_with(shop, &[]).await;
    put_row(
        shop,
        "insert into suppliers (id, code, name, created_at, updated_at) values ($1, 'LS', 'La Serenísima', 0, 0)",
    )
    .await;
    let opening = |location: &str, quantity: &str| json!({"opening": {"location": location, "quantity": quantity}});
    let of_supplier = |mut more: Value| {
        more["suppliers"] = json!([{"supplier": "LS"}]);
        more
    };
    let products = [
        product("CAFE-MOL", "Café molido", "GEN", opening("deposito", "10")),
        product("CAFE-GRA", "Café en grano", "GEN", opening("local", "2")),
        product("LECHE-SA", "Leche sachet", "LAC", of_supplier(opening("local", "10"))),
        product("LECHE-LV", "Leche larga vida", "LAC", of_supplier(json!({}))),
        product("MANTECA", "Manteca", "MYC", of_supplier(opening("deposito", "10"))),
        product("VIEJO", "Café de antes", "GEN", json!({})),
    ];
    let api = shop.api(shop.admin());
    for body in products {
        api.post("/api/v1/products", body).await.expect_status(201);
    }
    api.post("/api/v1/products/sku:VIEJO/deactivate", json!({})).await.expect_status(200);
    api.post("/api/v1/products/sku:MANTECA/aliases", json!({"text": "la del pan"})).await.expect_status(201);
}

both_engines! {
    fn each_filter_of_the_inventory_finds_its_own(shop: TestShop) {
        pantry(&shop).await;
        let api = shop.api(shop.admin());
        for (query, expected) in [
            ("", &["CAFE-GRA", "CAFE-MOL", "LECHE-LV", "LECHE-SA", "MANTECA"][..]),
            ("q=cafe", &["CAFE-GRA", "CAFE-MOL"]),
            ("q=MOLIDO%20caf%C3%A9", &["CAFE-MOL"]),
            ("q=leche-lv", &["LECHE-LV"]),
            ("q=la%20del%20pan", &["MANTECA"]),
            ("q=yerba", &[]),
            ("category=LAC", &["LECHE-LV", "LECHE-SA"]),
            ("category=VIN", &[]),
            ("location=deposito", &["CAFE-MOL", "MANTECA"]),
            ("location=local", &["CAFE-GRA", "LECHE-SA"]),
            ("location=luna", &[]),
            ("level=out_of_stock", &["LECHE-LV"]),
            ("level=critical", &["CAFE-GRA"]),
            ("level=normal", &["CAFE-MOL", "LECHE-SA", "MANTECA"]),
            ("low_stock=true", &["CAFE-GRA", "LECHE-LV"]),
            ("low_stock=false&category=GEN", &["CAFE-GRA", "CAFE-MOL"]),
            ("status=available", &["CAFE-GRA", "CAFE-MOL", "LECHE-SA", "MANTECA"]),
            ("status=unavailable", &["LECHE-LV"]),
            ("status=inactive", &["VIEJO"]),
            ("supplier=LS", &["LECHE-LV", "LECHE-SA", "MANTECA"]),
            ("supplier=OTRO", &[]),
            ("supplier=LS&category=LAC&location=local&level=normal&status=available&q=sachet", &["LECHE-SA"]),
            ("supplier=LS&level=critical", &[]),
        ] {
            let mut found = walk(&api, "/api/v1/inventory", query, "sku").await;
            found.sort();
            assert_eq!(found, expected, "{query}");
        }
        let names = walk(&api, "/api/v1/inventory", "", "name").await;
        assert_eq!(names, ["Café en grano", "Café molido", "Leche larga vida", "Leche sachet", "Manteca"], "by name");
        for (query, field) in [
            ("level=poco", "level"),
            ("low_stock=1", "low_stock"),
            ("status=todos", "status"),
            ("limit=0", "limit"),
            ("limit=501", "limit"),
            ("after=x", "after"),
            ("colour=red", "colour"),
        ] {
            refuses(&api, "/api/v1/inventory", query, field).await;
        }
    }
}

/// Two days of movements; the documents say which is which.
async fn busy(shop: &TestShop) {
    let of = |mut body: Value, document: &str| {
        body["document"] = document.into();
        body
    };
    shop_with(shop, &[product("LECHE", "Leche", "LAC", json!({})), product("PAN", "Pan", "GEN", json!({}))]).await;
    let owner = shop.api(shop.admin());
    let mut lot = of(receipt("LECHE", "5", "100"), "R1");
    lot["lot"] = json!({"code": "L1"});
    owner.post("/api/v1/movements", lot).await.expect_status(201);
    owner.post("/api/v1/movements", of(receipt("LECHE", "5", "100"), "R2")).await.expect_status(201);
    owner.post("/api/v1/movements", of(receipt("PAN", "5", "100"), "R3")).await.expect_status(201);
    shop.clock().advance(Duration::from_secs(24 * 3600));
    let program = shop.api(shop.key("read,write"));
    program
        .post("/api/v1/movements", of(movement("transfer", "PAN", "2", Some("deposito"), Some("local")), "T1"))
        .await
        .expect_status(201);
    program
        .post("/api/v1/movements", of(movement("sale", "PAN", "1", Some("local"), None), "V1"))
        .await
        .expect_status(201);
    let mut sale = of(movement("sale", "LECHE", "1", Some("deposito"), None), "V2");
    sale["lot"] = json!({"code": "L1"});
    owner.post("/api/v1/movements", sale).await.expect_status(201);
}

both_engines! {
    fn each_filter_of_the_kardex_finds_its_own_newest_first(shop: TestShop) {
        busy(&shop).await;
        let api = shop.api(shop.admin());
        let bread = api.get("/api/v1/products/sku:PAN").await.expect_status(200).json();
        let by_id = format!("product={}", bread["id"].as_str().unwrap());
        for (query, expected) in [
            ("", &["V2", "V1", "T1", "R3", "R2", "R1"][..]),
            ("product=sku:PAN", &["V1", "T1", "R3"]),
            (by_id.as_str(), &["V1", "T1", "R3"]),
            ("product=sku:NADA", &[]),
            ("location=deposito", &["V2", "T1", "R3", "R2", "R1"]),
            ("location=local", &["V1", "T1"]),
            ("location=luna", &[]),
            ("lot=L1", &["V2", "R1"]),
            ("lot=L9", &[]),
            ("kind=sale", &["V2", "V1"]),
            ("kind=count", &[]),
            ("user=admin", &["V2", "R3", "R2", "R1"]),
            ("user=test%20key", &["V1", "T1"]),
            ("user=nadie", &[]),
            ("document=R2", &["R2"]),
            ("document=R9", &[]),
            ("from=2026-11-24", &["V2", "V1", "T1"]),
            ("to=2026-11-23", &["R3", "R2", "R1"]),
            ("from=2026-11-23&to=2026-11-24", &["V2", "V1", "T1", "R3", "R2", "R1"]),
            ("from=2026-11-25", &[]),
            ("from=2026-11-24T12:00:00Z", &["V2", "V1", "T1"]),
            ("to=2026-11-24T12:00:00Z", &["R3", "R2", "R1"]),
            ("product=sku:PAN&location=local&kind=sale&user=test%20key&from=2026-11-24&to=2026-11-24", &["V1"]),
            ("document=V2&kind=sale&lot=L1", &["V2"]),
            ("document=V2&kind=receipt", &[]),
        ] {
            let found = walk(&api, "/api/v1/movements", query, "document").await;
            assert_eq!(found, expected, "{query}");
        }
        for (query, field) in [
            ("kind=gift", "kind"),
            ("product=PAN", "product"),
            ("from=ayer", "from"),
            ("to=2026-11-31", "to"),
            ("limit=-1", "limit"),
            ("after=x", "after"),
            ("colour=red", "colour"),
        ] {
            refuses(&api, "/api/v1/movements", query, field).await;
        }
    }
}
