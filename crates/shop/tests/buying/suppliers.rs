//! Suppliers on both engines, through the API and its pages: added, changed as they were read, reached by whoever may,
//! and found for what people write (M3).

use crate::common::pages::form;
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};
use sqlx::Row;

/// A supplier with something in every field.
fn everything() -> Value {
    json!({"code": "prov-1", "name": "La Proveeduría", "legal_name": "La Proveeduría S.R.L.",
        "tax_id": "30-70804363-6", "vat_condition": "registered_vat", "contact_name": "Rubén",
        "email": "ventas@proveeduria.com.ar", "phone": "+54 9 11 5555-0134", "address": "Av. Mitre 100, Avellaneda",
        "visit_days": ["monday", "thursday"], "delivery_days": ["tuesday"], "cut_off": "18:30", "lead_days": 2,
        "minimum_order": "150000.00", "payment_days": 15, "discount": "2.50", "vat_perception": "3.00",
        "gross_income_perception": "2.50", "notes": "Llama antes de venir", "is_default": false, "active": true, "score_profile": "drinks",
        "paper": {"kind": "price_list", "price_per": "case", "price_includes_vat": true, "pack_rule": "column",
            "pack_column": "UxB", "negative_quantities": true, "price_places": 4, "vat": "10.50"},
        "names": ["el rengo"], "own_brands": ["Proveeduría"], "distributed_brands": ["Zapala", "Neuquén Sur"],
        "specialities": ["escobas"], "excluded": ["cerveza"]})
}

/// What a supplier answers of the fields that [`everything`] has.
fn same_fields(answered: &Value) -> Value {
    let said = everything();
    let fields = said.as_object().unwrap().keys();
    Value::Object(fields.map(|field| (field.clone(), answered[field].clone())).collect())
}

both_engines! {
    fn a_supplier_is_kept_whole_and_read_back(shop: TestShop) {
        let api = shop.api(shop.admin());
        let added = api.post("/api/v1/suppliers", everything()).await.expect_status(201);
        assert_eq!(added.header("etag"), "\"1\"");
        let added = added.json();
        let wanted = Value::Object({
            let mut wanted = everything().as_object().unwrap().clone();
            wanted.insert("code".to_owned(), json!("PROV-1"));
            wanted
        });
        assert_eq!(same_fields(&added), wanted, "the code is in capitals, nothing else is another");
        let read = api.get("/api/v1/suppliers/PROV-1").await.expect_status(200).json();
        assert_eq!(read, added);
        let id = added["id"].as_str().unwrap();
        assert_eq!(api.get(&format!("/api/v1/suppliers/{id}")).await.expect_status(200).json(), added);
        let list = api.get("/api/v1/suppliers").await.expect_status(200).json();
        assert_eq!(list["items"][0]["code"], "PROV-1");
        for sealed in ["tax_id", "email", "phone", "contact_name", "address"] {
            assert!(list["items"][0].get(sealed).is_none(), "lists do not open {sealed}");
        }
        let found = api.get("/api/v1/suppliers?tax_id=30708043636").await.expect_status(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let none = api.get("/api/v1/suppliers?tax_id=33666416819").await.expect_status(200).json();
        assert_eq!(none["items"], json!([]));
        api.get("/api/v1/suppliers/NADIE").await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn a_change_touches_what_it_names_and_needs_the_version(shop: TestShop) {
        let api = shop.api(shop.admin());
        let before = api.post("/api/v1/suppliers", everything()).await.expect_status(201).json();
        let path = "/api/v1/suppliers/PROV-1";
        api.patch(path, json!({"name": "Otro"})).await.expect_problem(428, "version_required");
        let first = shop.api(shop.admin()).if_match(1);
        let after = first.patch(path, json!({"name": "Otro nombre", "email": null})).await.expect_status(200).json();
        let mut wanted = before.clone();
        for (field, value) in [("name", json!("Otro nombre")), ("email", Value::Null), ("version", json!(2)),
            ("updated_at", after["updated_at"].clone())] {
            wanted[field] = value;
        }
        assert_eq!(after, wanted);
        first.patch(path, json!({"name": "Tarde"})).await.expect_problem(412, "stale_version");
        let second = shop.api(shop.admin()).if_match(2);
        let refused = second.patch(path, json!({"code": "X", "tax_id": "30-71136826-4", "cut_off": "25:00", "phone": "call me",
            "visit_days": ["lunes"], "own_brands": ["a", "¡!"], "payment_days": 400, "discount": "101",
            "paper": {"pack_rule": "guess", "price_places": 9, "vat": "19"}})).await.expect_problem(422, "invalid").json();
        let fields: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
        for field in ["code", "tax_id", "cut_off", "phone", "visit_days", "own_brands[0]", "own_brands[1]", "payment_days",
            "discount", "paper.pack_rule", "paper.price_places", "paper.vat"] {
            assert!(fields.contains(&field), "{field} in {fields:?}");
        }
        assert_eq!(api.get(path).await.expect_status(200).json(), after, "a refusal changes nothing");
    }
}

both_engines! {
    fn codes_and_cuits_are_nobody_elses(shop: TestShop) {
        let api = shop.api(shop.admin());
        api.post("/api/v1/suppliers", everything()).await.expect_status(201);
        api.post("/api/v1/suppliers", json!({"code": "PROV-1", "name": "Otro"})).await.expect_problem(409, "code_taken");
        let other = json!({"code": "B", "name": "Otro", "tax_id": "30708043636"});
        let taken = api.post("/api/v1/suppliers", other).await.expect_problem(409, "tax_id_taken").json();
        assert_eq!(taken["errors"][0]["field"], "tax_id");
        api.get("/api/v1/suppliers/B").await.expect_problem(404, "not_found");
        api.post("/api/v1/suppliers", json!({})).await.expect_problem(422, "invalid");
        let once = shop.api(shop.admin()).key("one");
        let made = once.post("/api/v1/suppliers", json!({"code": "C", "name": "Una vez"})).await.expect_status(201);
        let again = once.post("/api/v1/suppliers", json!({"code": "C", "name": "Una vez"})).await.expect_status(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &made.body));
    }
}

both_engines! {
    /// ENC-1, DAL-1: contact and CUIT lie sealed, and each look is written down.
    fn what_tells_of_a_person_lies_sealed(shop: TestShop) {
        let api = shop.api(shop.admin());
        api.post("/api/v1/suppliers", everything()).await.expect_status(201);
        let looked = || async {
            let log = api.get("/api/v1/audit/accesses?operation=DECRYPT&limit=500").await.expect_status(200).json();
            log["items"].as_array().unwrap().len()
        };
        let before = looked().await;
        api.get("/api/v1/suppliers").await.expect_status(200);
        assert_eq!(looked().await, before, "a list opens nothing");
        api.get("/api/v1/suppliers/PROV-1").await.expect_status(200);
        assert_eq!(looked().await, before + 5, "five columns were opened");
        let stored = stored(&shop).await;
        for word in ["70804363", "Rub\u{e9}n", "proveeduria.com.ar", "5555", "Mitre"] {
            assert!(!stored.windows(word.len()).any(|window| window == word.as_bytes()), "{word} lies open");
        }
    }
}

/// What lies in the sealed columns of suppliers, one after the other.
async fn stored(shop: &TestShop) -> Vec<u8> {
    let statement = "select tax_id, contact_name, email, phone, address, tax_id_index from suppliers";
    let mut bytes = Vec::new();
    gondola_store::both!(&mut shop.db().read().await.unwrap().as_tx(), c, _text => {
        for row in sqlx::query(statement).fetch_all(c).await.unwrap() {
            for column in 0..6 {
                bytes.extend(row.get::<Option<Vec<u8>>, _>(column).unwrap_or_default());
            }
        }
    });
    bytes
}

both_engines! {
    /// USR-6: buyers add and change, the accountant looks, others do neither.
    fn who_may_see_and_change_suppliers(shop: TestShop) {
        for (role, sees, changes) in [
            (Role::Admin, 200, 201), (Role::Manager, 200, 201), (Role::Negocio, 200, 201),
            (Role::Auditor, 200, 403), (Role::Deposito, 403, 403), (Role::Cashier, 403, 403),
        ] {
            let api = shop.api(shop.user(role));
            api.get("/api/v1/suppliers").await.expect_status(sees);
            let new = json!({"code": format!("S-{}", role.code()), "name": "Nuevo"});
            api.post("/api/v1/suppliers", new).await.expect_status(changes);
        }
    }
}

both_engines! {
    /// M3: the twelve come as data; what people write finds them, and what people teach comes first.
    fn the_twelve_come_with_the_product_and_learn(shop: TestShop) {
        let api = shop.api(shop.admin());
        let added = api.post("/api/v1/suppliers/shipped", json!({})).await.expect_status(200).json();
        assert_eq!(added["added"].as_array().unwrap().len(), 12);
        let again = api.post("/api/v1/suppliers/shipped", json!({})).await.expect_status(200).json();
        assert_eq!(again["added"], json!([]));
        let whose = |text: &'static str| {
            let api = shop.api(shop.admin());
            async move { api.post("/api/v1/suppliers/assign", json!({"text": text})).await.expect_status(200).json() }
        };
        let andes = whose("Cerveza Andes").await;
        assert_eq!((&andes["supplier"], &andes["confidence"]), (&json!("Q"), &json!("0.90")));
        assert!(andes["reason"].as_str().unwrap().contains("distribuye Andes"), "{andes}");
        assert_eq!(whose("lavandina").await["confidence"], "0.50");
        let milk = whose("leche").await;
        assert_eq!(milk["supplier"], Value::Null, "it asks");
        let lesson = json!({"text": "La de litro", "supplier": "q"});
        let taught = api.post("/api/v1/suppliers/lessons", lesson).await.expect_status(201).json();
        let learned = whose("  la DE litro").await;
        assert_eq!((&learned["supplier"], &learned["confidence"]), (&json!("Q"), &json!("1.00")));
        let other = json!({"text": "la de litro", "supplier": "CO"});
        let corrected = api.post("/api/v1/suppliers/lessons", other).await.expect_status(201).json();
        assert_eq!(corrected["id"], taught["id"], "a correction takes the place of what was taught");
        assert_eq!(whose("la de litro").await["supplier"], "CO");
        let lessons = api.get("/api/v1/suppliers/lessons").await.expect_status(200).json();
        assert_eq!(lessons["items"].as_array().unwrap().len(), 1);
        let id = taught["id"].as_str().unwrap();
        api.post(&format!("/api/v1/suppliers/lessons/{id}/forget"), json!({})).await.expect_status(200);
        assert_eq!(whose("la de litro").await["supplier"], Value::Null);
        api.post(&format!("/api/v1/suppliers/lessons/{id}/forget"), json!({})).await.expect_problem(404, "not_found");
        let nobody = json!({"text": "algo", "supplier": "NADIE"});
        api.post("/api/v1/suppliers/lessons", nobody).await.expect_problem(422, "invalid");
        api.post("/api/v1/suppliers/assign", json!({"text": ""})).await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// M3, step 0: what the catalogue knows of a product comes before every rule.
    fn a_product_remembers_who_brings_it(shop: TestShop) {
        gondola_shop::catalogue::found_shop(shop.db()).await.unwrap();
        let api = shop.api(shop.admin());
        api.post("/api/v1/suppliers/shipped", json!({})).await.expect_status(200);
        let cheese = json!({"sku": "PATE", "name": "Queso Pategrás", "category": "QUE", "unit": "kg",
            "suppliers": [{"supplier": "FA", "main": true}]});
        api.post("/api/v1/products", cheese).await.expect_status(201);
        api.post("/api/v1/products/sku:PATE/aliases", json!({"text": "el de cumple"})).await.expect_status(201);
        for text in ["queso pategras", "El de cumple"] {
            let found = api.post("/api/v1/suppliers/assign", json!({"text": text})).await.expect_status(200).json();
            assert_eq!((&found["supplier"], &found["confidence"]), (&json!("FA"), &json!("1.00")), "{text}");
        }
    }
}

both_engines! {
    /// One supplier is for what nobody else brings; another one takes the mark over.
    fn one_supplier_is_the_default(shop: TestShop) {
        let api = shop.api(shop.admin());
        api.post("/api/v1/suppliers/shipped", json!({})).await.expect_status(200);
        let maxi = || async { api.get("/api/v1/suppliers/MAX").await.expect_status(200).json()["is_default"].clone() };
        assert_eq!(maxi().await, json!(true));
        api.post("/api/v1/suppliers", json!({"code": "NUEVO", "name": "Nuevo", "is_default": true})).await.expect_status(201);
        assert_eq!(maxi().await, json!(false));
        let found = api.post("/api/v1/suppliers/assign", json!({"text": "lavandina"})).await.expect_status(200).json();
        assert_eq!(found["supplier"], "NUEVO");
    }
}

/// A form as a browser sends it.
fn sent(key: &str, fields: &[(&str, &str)]) -> String {
    form(&[&[("idempotency_key", key)], fields].concat())
}

both_engines! {
    fn the_pages_add_change_ask_and_teach(shop: TestShop) {
        let page = shop.page(shop.admin());
        assert!(page.get("/suppliers").await.expect_status(200).text().contains("Todavía no hay proveedores"));
        page.form("/suppliers/shipped", &sent("form-1", &[])).await.expect_status(303);
        let list = page.get("/suppliers?q=cerveza+andes").await.expect_status(200).text();
        assert!(list.contains("distribuye Andes") && list.contains("90 %"), "{list}");
        page.form("/suppliers/lessons", &sent("form-2", &[("text", "la de litro"), ("supplier", "Q")])).await.expect_status(303);
        assert!(page.get("/suppliers").await.expect_status(200).text().contains("la de litro"));
        let new = [("code", "HUEVO"), ("name", "Granja San José"), ("minimum_order", "15.000,50"), ("own_brands", "San José, Del Campo")];
        page.form("/suppliers", &sent("form-3", &new)).await.expect_status(303);
        let read = shop.api(shop.admin()).get("/api/v1/suppliers/HUEVO").await.expect_status(200).json();
        assert_eq!((&read["minimum_order"], &read["own_brands"]), (&json!("15000.50"), &json!(["San José", "Del Campo"])));
        assert_eq!(read["active"], json!(false), "a box that is not ticked says no");
        let bad = [("version", "1"), ("name", "G"), ("tax_id", "1"), ("lead_days", "dos")];
        let refused = page.form("/suppliers/HUEVO", &sent("form-4", &bad)).await.expect_status(422).text();
        assert!(refused.contains("Va un número entero"), "{refused}");
        let bad = [("version", "1"), ("name", "G"), ("tax_id", "1")];
        let refused = page.form("/suppliers/HUEVO", &sent("form-5", &bad)).await.expect_status(422).text();
        assert!(refused.contains("Ese CUIT está mal escrito"), "{refused}");
        let good = [("version", "1"), ("name", "Granja"), ("tax_id", "20-12345678-6"), ("active", "yes")];
        page.form("/suppliers/HUEVO", &sent("form-6", &good)).await.expect_status(303);
        let shown = page.get("/suppliers/HUEVO").await.expect_status(200).text();
        assert!(shown.contains("20-12345678-6") && shown.contains("Granja"), "{shown}");
        page.get("/suppliers/NADIE").await.expect_status(404);
    }
}
