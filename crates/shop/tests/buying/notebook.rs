//! The notebook on both engines, through the API and its pages: anybody notes, the same thing is one line, and a line is
//! changed, crossed out and brought back.

use std::time::Duration;

use crate::common::pages::{cookies, form, leads_to, page};
use crate::common::shelves::of_place;
use crate::common::{receipt, shop_with};
use axum::http::Method;
use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

/// A shop with two suppliers and some of what they sell.
async fn with_suppliers(shop: &TestShop) {
    shop_with(shop, &[]).await;
    let list = b"code,name\nQ,Quilmes\nLS,La Seren\xc3\xadsima\n".to_vec();
    let sent = Some(("text/csv", list));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/suppliers", sent).await.expect_status(201);
    let main = |code: &str| json!([{"supplier": code, "supplier_sku": "", "main": true}]);
    for (sku, name, unit, supplier) in [
        ("CBO-BRAHMA-1L", "Brahma botella 1 L", "un", "Q"),
        ("CLA-BRAHMA-473", "Brahma lata 473 ml", "un", "Q"),
        ("LAC-LS-SACH", "Leche sachet La Serenísima", "un", "LS"),
        ("QUE-CREMOSO", "Queso cremoso", "kg", "LS"),
    ] {
        let body = json!({"sku": sku, "name": name, "category": "GEN", "unit": unit, "suppliers": main(supplier)});
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

async fn note_as(shop: &TestShop, actor: Actor, body: Value) -> Answer {
    shop.api(actor).post("/api/v1/notebook", body).await
}

async fn noted(shop: &TestShop, body: Value) -> Value {
    note_as(shop, shop.user(Role::Cashier), body).await.expect_status(201).json()
}

fn id_of(entry: &Value) -> &str {
    entry["id"].as_str().expect("an id")
}

/// The lines that a query finds.
async fn listed(shop: &TestShop, query: &str) -> Vec<Value> {
    let found = shop.api(shop.admin()).get(&format!("/api/v1/notebook?{query}")).await.expect_status(200).json();
    found["items"].as_array().expect("items").clone()
}

both_engines! {
    fn a_product_is_noted_with_its_unit_and_whom_it_is_bought_from(shop: TestShop) {
        with_suppliers(&shop).await;
        let entry = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "12",
            "sentence": "falta leche x 12"})).await;
        for (field, value) in [("action", "restock"), ("state", "pending"), ("priority", "normal"), ("quantity", "12"),
            ("unit", "un"), ("supplier", "LS"), ("text", "Leche sachet La Serenísima")] {
            assert_eq!(entry[field], value, "{field}");
        }
        assert_eq!(entry["notes"][0]["sentence"], "falta leche x 12");
        let cheese = noted(&shop, json!({"action": "purchase", "product": "sku:QUE-CREMOSO", "quantity": "2.5"})).await;
        assert_eq!((&cheese["quantity"], &cheese["unit"]), (&json!("2.500"), &json!("kg")));
    }
}

both_engines! {
    fn a_brand_or_anything_is_noted_as_it_was_written(shop: TestShop) {
        with_suppliers(&shop).await;
        let brand = noted(&shop, json!({"action": "restock", "text": "Brahma", "supplier": "q"})).await;
        assert_eq!((&brand["product"], &brand["text"], &brand["supplier"]), (&Value::Null, &json!("Brahma"), &json!("Q")));
        let remark = noted(&shop, json!({"action": "remark", "text": "la heladera de lácteos, hace ruido"})).await;
        assert_eq!((&remark["quantity"], &remark["supplier"]), (&Value::Null, &Value::Null));
        let broken = noted(&shop, json!({"action": "incident", "product": "sku:CBO-BRAHMA-1L", "quantity": "3",
            "unit": "botella", "priority": "low", "reason": "roto"})).await;
        assert_eq!((&broken["priority"], &broken["unit"]), (&json!("high"), &json!("botella")), "every incident is urgent");
    }
}

both_engines! {
    /// Within 60 minutes of its last note: one line, the larger quantity, the higher priority, all authors.
    fn the_same_noted_again_within_the_hour_is_one_line(shop: TestShop) {
        with_suppliers(&shop).await;
        let brahma = |quantity: &str, priority: &str| json!({"action": "restock", "product": "sku:CBO-BRAHMA-1L",
            "quantity": quantity, "unit": "cajón", "priority": priority});
        let first = noted(&shop, brahma("2", "normal")).await;
        shop.clock().advance(Duration::from_secs(59 * 60));
        let again = note_as(&shop, shop.manager(), brahma("4", "high")).await.expect_status(201).json();
        assert_eq!(again["id"], first["id"]);
        shop.clock().advance(Duration::from_secs(59 * 60));
        let third = noted(&shop, brahma("3", "low")).await;
        assert_eq!(third["id"], first["id"], "an hour from the last note, not from the first");
        assert_eq!((&third["quantity"], &third["priority"], &third["version"]), (&json!("4"), &json!("high"), &json!(3)));
        let notes = third["notes"].as_array().unwrap();
        let said: Vec<(&str, &str)> = notes.iter().map(|note| (note["user"].as_str().unwrap(), note["quantity"].as_str().unwrap())).collect();
        assert_eq!(said, [("cashier", "2"), ("manager", "4"), ("cashier", "3")]);
        shop.clock().advance(Duration::from_secs(60 * 60 + 1));
        assert_ne!(noted(&shop, brahma("1", "normal")).await["id"], first["id"], "later it is another need");
    }
}

both_engines! {
    /// "otros 3": a number after "otros" or "más" adds.
    fn so_many_more_are_added(shop: TestShop) {
        with_suppliers(&shop).await;
        let milk = |quantity: &str, mode: &str| json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": quantity, "mode": mode});
        noted(&shop, milk("6", "larger")).await;
        assert_eq!(noted(&shop, milk("3", "add")).await["quantity"], "9");
        assert_eq!(noted(&shop, milk("3", "larger")).await["quantity"], "9");
    }
}

both_engines! {
    fn what_is_missing_and_then_asked_for_is_one_line_to_buy(shop: TestShop) {
        with_suppliers(&shop).await;
        let first = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH"})).await;
        let second = noted(&shop, json!({"action": "purchase", "product": "sku:LAC-LS-SACH", "quantity": "12"})).await;
        assert_eq!((&second["id"], &second["action"], &second["quantity"]), (&first["id"], &json!("purchase"), &json!("12")));
        let brand = noted(&shop, json!({"action": "restock", "text": "Brahma"})).await;
        assert_eq!(noted(&shop, json!({"action": "restock", "text": "brahma "})).await["id"], brand["id"]);
        let one = noted(&shop, json!({"action": "remark", "text": "limpiar"})).await;
        assert_ne!(noted(&shop, json!({"action": "remark", "text": "limpiar"})).await["id"], one["id"], "remarks stay apart");
    }
}

both_engines! {
    fn other_units_and_ended_lines_make_a_line_of_their_own(shop: TestShop) {
        with_suppliers(&shop).await;
        let milk = |unit: &str| json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "2", "unit": unit});
        let units = noted(&shop, milk("un")).await;
        let crates = noted(&shop, milk("cajón")).await;
        assert_ne!(units["id"], crates["id"], "nobody knows how many there are in a crate");
        let api = shop.api(shop.user(Role::Cashier));
        api.post(&format!("/api/v1/notebook/{}/discard", id_of(&crates)), json!({})).await.expect_status(200);
        assert_ne!(noted(&shop, milk("cajón")).await["id"], crates["id"]);
    }
}

both_engines! {
    fn two_who_note_a_product_at_once_make_one_line(shop: TestShop) {
        with_suppliers(&shop).await;
        let body = || json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "2", "mode": "add"});
        let notes = (0..8).map(|_| note_as(&shop, shop.user(Role::Cashier), body()));
        for answer in futures_util::future::join_all(notes).await {
            answer.expect_status(201);
        }
        let lines = listed(&shop, "state=pending").await;
        assert_eq!((lines.len(), &lines[0]["quantity"]), (1, &json!("16")), "{lines:?}");
    }
}

both_engines! {
    fn a_bad_note_says_everything_that_is_wrong_and_notes_nothing(shop: TestShop) {
        with_suppliers(&shop).await;
        for (body, fields) in [
            (json!({"action": "falta", "product": "LAC", "quantity": "0", "unit": "", "priority": "ya", "mode": "mas", "reason": "x"}),
                vec!["action", "product", "quantity", "unit", "priority", "reason", "mode"]),
            (json!({"action": "restock"}), vec!["text"]),
            (json!({"action": "restock", "product": "sku:NADA"}), vec!["product"]),
            (json!({"action": "restock", "text": "x", "supplier": "NADIE"}), vec!["supplier"]),
            (json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "1.5"}), vec!["quantity"]),
            (json!({"action": "restock", "text": "x", "quantity": "1.5"}), vec!["quantity"]),
            (json!({"action": "restock", "text": "a".repeat(121)}), vec!["text"]),
            (json!({"action": "restock", "text": "x", "sentence": "a\u{0}b"}), vec!["sentence"]),
        ] {
            let problem = note_as(&shop, shop.admin(), body.clone()).await.expect_problem(422, "invalid").json();
            let told: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
            assert_eq!(told, fields, "{body}");
        }
        shop.api(shop.admin()).post("/api/v1/products/sku:QUE-CREMOSO/deactivate", json!({})).await.expect_status(200);
        let gone = json!({"action": "restock", "product": "sku:QUE-CREMOSO"});
        note_as(&shop, shop.admin(), gone).await.expect_problem(422, "invalid");
        assert!(listed(&shop, "").await.is_empty());
    }
}

both_engines! {
    fn a_pending_line_is_changed_by_who_read_it_last(shop: TestShop) {
        with_suppliers(&shop).await;
        let entry = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "12"})).await;
        let path = format!("/api/v1/notebook/{}", id_of(&entry));
        let api = shop.api(shop.user(Role::Cashier));
        api.patch(&path, json!({"quantity": "6"})).await.expect_problem(428, "version_required");
        let change = json!({"quantity": "2", "unit": "cajón", "supplier": "Q", "priority": "low"});
        let changed = api.clone().if_match(1).patch(&path, change.clone()).await.expect_status(200).json();
        for (field, value) in [("quantity", "2"), ("unit", "cajón"), ("supplier", "Q"), ("priority", "low")] {
            assert_eq!(changed[field], value, "{field}");
        }
        api.clone().if_match(1).patch(&path, change).await.expect_problem(412, "stale_version");
        let nothing = json!({"quantity": null, "unit": null, "supplier": null});
        let bare = api.clone().if_match(2).patch(&path, nothing).await.expect_status(200).json();
        assert_eq!((&bare["quantity"], &bare["unit"], &bare["supplier"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(api.get(&path).await.expect_status(200).json(), bare);
        api.if_match(3).patch(&path, json!({"quantity": "1.5", "unit": "un"})).await.expect_problem(422, "invalid");
    }
}

both_engines! {
    fn a_line_is_crossed_out_and_brought_back(shop: TestShop) {
        with_suppliers(&shop).await;
        let entry = noted(&shop, json!({"action": "restock", "text": "pilas"})).await;
        let (id, api) = (id_of(&entry), shop.api(shop.user(Role::Deposito)));
        let path = |step: &str| format!("/api/v1/notebook/{id}/{step}");
        api.post(&path("restore"), Value::Null).await.expect_problem(409, "not_discarded");
        let out = api.post(&path("discard"), json!({"reason": "Había en el depósito"})).await.expect_status(200).json();
        assert_eq!((&out["state"], &out["closing_reason"]), (&json!("discarded"), &json!("Había en el depósito")));
        api.post(&path("discard"), json!({})).await.expect_problem(409, "entry_not_pending");
        api.clone().if_match(2).patch(&format!("/api/v1/notebook/{id}"), json!({"priority": "high"})).await.expect_problem(409, "entry_not_pending");
        let back = api.send(Method::POST, &path("restore"), None).await.expect_status(200).json();
        assert_eq!((&back["state"], &back["closing_reason"]), (&json!("pending"), &Value::Null));
        api.post("/api/v1/notebook/no-id/discard", json!({})).await.expect_problem(404, "not_found");
        api.post(&format!("/api/v1/notebook/{}/discard", crate::common::nothing()), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn lines_are_found_by_state_supplier_and_action(shop: TestShop) {
        with_suppliers(&shop).await;
        let milk = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH"})).await;
        let beer = noted(&shop, json!({"action": "purchase", "product": "sku:CBO-BRAHMA-1L"})).await;
        shop.api(shop.admin()).post(&format!("/api/v1/notebook/{}/discard", id_of(&milk)), json!({})).await.expect_status(200);
        for (query, expected) in [("state=pending", vec![&beer]), ("state=discarded", vec![&milk]), ("supplier=LS", vec![&milk]),
            ("action=purchase", vec![&beer]), ("supplier=NADIE", vec![]), ("", vec![&beer, &milk])] {
            let found: Vec<Value> = listed(&shop, query).await.into_iter().map(|one| one["id"].clone()).collect();
            assert_eq!(found, expected.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), "{query}");
        }
        let api = shop.api(shop.admin());
        let first = api.get("/api/v1/notebook?limit=1").await.expect_status(200).json();
        let next = first["next"].as_str().expect("another page");
        let second = api.get(&format!("/api/v1/notebook?limit=1&after={next}")).await.expect_status(200).json();
        assert_eq!((&second["items"][0]["id"], &second["next"]), (&milk["id"], &Value::Null));
        api.get("/api/v1/notebook?state=listo").await.expect_problem(422, "invalid");
        api.get("/api/v1/notebook?action=x&state=y").await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// A faltante noted while the books show some: the record is wrong, or it is in the storeroom.
    fn what_is_missed_while_the_books_show_some_is_to_be_counted(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LAC-LS-SACH", "5", "900")).await.expect_status(201);
        let milk = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH"})).await;
        assert_eq!(milk["count_suggested"], true);
        assert_eq!(noted(&shop, json!({"action": "restock", "product": "sku:CBO-BRAHMA-1L"})).await["count_suggested"], false);
        let shelf = of_place(&shop, shop.user(Role::Cashier), "local").await;
        let seen = shop.api(shelf).get(&format!("/api/v1/notebook/{}", id_of(&milk))).await.expect_status(200).json();
        assert_eq!(seen["count_suggested"], false, "who sees one place learns nothing of the others");
        assert!(page(&shop.page(shop.admin()), "/notebook").await.contains("Según el sistema hay 5 un"));
    }
}

both_engines! {
    fn everybody_who_works_in_the_shop_notes_and_the_accountant_reads(shop: TestShop) {
        with_suppliers(&shop).await;
        for role in Role::ALL {
            let answer = note_as(&shop, shop.user(role), json!({"action": "remark", "text": role.code()})).await;
            answer.expect_status(if role == Role::Auditor { 403 } else { 201 });
            shop.api(shop.user(role)).get("/api/v1/notebook").await.expect_status(200);
        }
    }
}

both_engines! {
    fn the_page_notes_by_name_and_asks_which_of_several(shop: TestShop) {
        with_suppliers(&shop).await;
        let browser = shop.page(shop.user(Role::Cashier));
        assert!(page(&browser, "/notebook").await.contains("No hay nada anotado"));
        let typed = |key: &str, more: &[(&str, &str)]| form(&[&[("idempotency_key", key), ("priority", "high"), ("action", "restock")], more].concat());
        let asked = browser.form("/notebook", &typed("a", &[("q", "brahma"), ("quantity", "4"), ("unit", "cajón")])).await.expect_status(200).text();
        assert!(asked.contains("¿Cuál de estos?") && asked.contains("value=\"CBO-BRAHMA-1L\"") && asked.contains("value=\"cajón\""), "{asked}");
        let picked = typed("b", &[("q", "brahma"), ("quantity", "4"), ("unit", "cajón"), ("pick", "CBO-BRAHMA-1L")]);
        let answer = browser.form("/notebook", &picked).await;
        assert_eq!(leads_to(&answer), "/notebook");
        let told = page(&browser.clone().header("cookie", &cookies(&answer)), "/notebook").await;
        assert!(told.contains("Anotado: Brahma botella 1 L") && told.contains("/discard"), "{told}");
        leads_to(&browser.form("/notebook", &typed("c", &[("q", "leche")])).await);
        leads_to(&browser.form("/notebook", &typed("d", &[("q", "pilas AA")])).await);
        leads_to(&browser.form("/notebook", &typed("e", &[("q", "brahma"), ("as", "text")])).await);
        let html = page(&browser, "/notebook").await;
        for shown in ["Quilmes", "La Serenísima", "Sin proveedor", "4 cajón", "a confirmar", "Urgente", "pilas AA", "cashier"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        let at = |text: &str| html.find(text).unwrap();
        assert!(at("<h2>La Serenísima") < at("<h2>Quilmes") && at("<h2>Quilmes") < at("<h2>Sin proveedor"));
        let wrong = browser.form("/notebook", &typed("f", &[("q", ""), ("quantity", "dos")])).await.expect_status(422).text();
        assert!(wrong.contains("Qué: No puede estar vacío") && wrong.contains("value=\"dos\""), "{wrong}");
        assert_eq!(listed(&shop, "").await.len(), 4);
        let auditor = page(&shop.page(shop.user(Role::Auditor)), "/notebook").await;
        assert!(!auditor.contains("name=\"q\"") && !auditor.contains("/discard"), "{auditor}");
    }
}

both_engines! {
    fn the_page_of_a_line_changes_it_crosses_it_out_and_brings_it_back(shop: TestShop) {
        with_suppliers(&shop).await;
        let entry = noted(&shop, json!({"action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "12", "sentence": "falta leche"})).await;
        let (path, browser) = (format!("/notebook/{}", id_of(&entry)), shop.page(shop.user(Role::Cashier)));
        let html = page(&browser, &path).await;
        assert!(html.contains("falta leche") && crate::common::pages::field(&html, "quantity") == "12", "{html}");
        let change = |key: &str, quantity: &str| form(&[("idempotency_key", key), ("version", "1"), ("quantity", quantity), ("unit", "un"), ("supplier", "Q"), ("priority", "low")]);
        let wrong = browser.form(&path, &change("a", "1,5")).await.expect_status(422).text();
        assert!(wrong.contains("value=\"1,5\"") && wrong.contains("Cantidad:"), "{wrong}");
        assert_eq!(leads_to(&browser.form(&path, &change("b", "15")).await), "/notebook");
        assert_eq!(listed(&shop, "").await[0]["quantity"], "15");
        assert!(browser.form(&path, &change("c", "3")).await.expect_status(422).text().contains("Otra persona lo cambió"));
        let bare = |key: &str| form(&[("idempotency_key", key)]);
        for (step, state) in [("discard", "discarded"), ("restore", "pending")] {
            assert_eq!(leads_to(&browser.form(&format!("{path}/{step}"), &bare(step)).await), "/notebook");
            assert_eq!(listed(&shop, "").await[0]["state"], state);
        }
        leads_to(&browser.form(&format!("{path}/discard"), &form(&[("idempotency_key", "d"), ("reason", "Ya hay")])).await);
        let html = page(&browser, &path).await;
        assert!(html.contains("Ya hay") && html.contains("/restore") && !html.contains("id=\"change\""), "{html}");
        assert!(page(&browser, "/notebook?state=discarded").await.contains(&path));
        browser.get(&format!("/notebook/{}", crate::common::nothing())).await.expect_status(404);
    }
}
