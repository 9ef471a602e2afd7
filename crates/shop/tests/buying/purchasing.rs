//! Orders to suppliers on both engines, through the API: one draft per supplier, sent as a text, closed or cancelled; and what is
//! suggested.

use crate::common::purchases::{
    ORDERS, RECEIPTS, fields, note, note_state, order_lines, ordered, receive, seen, sent, step, text, told,
    with_suppliers,
};
use crate::common::receipt;
use crate::common::shelves::of_place;
use gondola_shop::purchasing::name_shop;
use gondola_store::{Actor, Role};
use gondola_testkit::both_engines;
use serde_json::{Value, json};

/// The words of a PDF with single spaces; nothing where the program that reads them is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pdf).expect("write the file");
    let Ok(output) = std::process::Command::new("pdftotext").arg("-layout").arg(file.path()).arg("-").output() else {
        gondola_testkit::skip("an order on paper", "pdftotext is not installed");
        return None;
    };
    let text = String::from_utf8(output.stdout).expect("text");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

both_engines! {
    /// The paper is the text again: the supplier's words, what is urgent first, and no prices.
    fn an_order_is_a_pdf_too(shop: TestShop) {
        with_suppliers(&shop).await;
        let lines = json!([{"product": "sku:LECHE", "quantity": "12", "unit": "un"}, {"text": "Dulce de leche", "urgent": true}]);
        let made = shop.api(shop.admin()).post(ORDERS, json!({"supplier": "LS", "lines": lines})).await.expect_status(201).json();
        let path = format!("{ORDERS}/{}/pdf", text(&made["orders"][0], "id"));
        let draft = shop.api(shop.admin()).get(&path).await.expect_status(200);
        step(&shop, &made["orders"][0], "send", json!({"notes": "Por la mañana"})).await.expect_status(200);
        let sent = shop.api(shop.manager()).get(&path).await.expect_status(200);
        assert_eq!((sent.header("content-type"), sent.header("content-disposition")), ("application/pdf", "inline; filename=\"pedido-1.pdf\""));
        let Some(paper) = text_of(&sent.body) else { return };
        for words in ["Pedido 1", "La Serenísima", "URGENTE", "Dulce de leche a confirmar", "LECHE Leche sachet 12 un", "Por la mañana"] {
            assert!(paper.contains(words), "{words} in {paper}");
        }
        assert!(!paper.contains('$'), "{paper}");
        assert_ne!(draft.body, sent.body);
        shop.api(shop.user(Role::Cashier)).get(&path).await.expect_problem(403, "forbidden");
        shop.api(shop.admin()).get(&format!("{ORDERS}/{}/pdf", crate::common::nothing())).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// A shop without a name signs nothing; one that is renamed does not rename what a supplier has.
    fn an_order_says_what_the_shop_is_called(shop: TestShop) {
        with_suppliers(&shop).await;
        let lines = json!([{"product": "sku:LECHE", "quantity": "12", "unit": "un"}]);
        let mut texts = Vec::new();
        for name in [None, Some("Almacén Don Tito"), Some("Almacén Doña Tita"), None] {
            name_shop(shop.db(), name).await.unwrap();
            let order = json!({"supplier": "LS", "lines": lines.clone()});
            let made = shop.api(shop.admin()).post(ORDERS, order).await.expect_status(201).json();
            step(&shop, &made["orders"][0], "send", json!({})).await.expect_status(200);
            texts.push((format!("{ORDERS}/{}", text(&made["orders"][0], "id")), name));
        }
        for (path, name) in texts {
            let sent = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
            let begin = format!("Pedido{} - La Serenísima - ", name.map(|name| format!(" {name}")).unwrap_or_default());
            assert!(text(&sent, "sent_text").starts_with(&begin), "{begin}: {sent}");
        }
    }
}

both_engines! {
    /// M7: ten notes for four suppliers are four texts, URGENTE and NORMAL, with two taps: one for the drafts, one to send.
    fn ten_notes_for_four_suppliers_become_four_texts(shop: TestShop) {
        with_suppliers(&shop).await;
        for (sku, quantity, unit, priority) in [
            ("PEPSI", "2", "pack", "normal"), ("BRAHMA", "3", "cajón", "high"), ("BRAHMA", "4", "cajón", "normal"),
            ("LECHE", "12", "un", "high"), ("CREMA", "6", "un", "low"), ("QUESO", "1", "horma", "normal"),
            ("BANANA", "4.5", "kg", "normal"), ("ARROZ", "10", "un", "normal"), ("ARROZ", "8", "un", "high"),
        ] {
            note(&shop, json!({"action": "restock", "product": format!("sku:{sku}"), "quantity": quantity, "unit": unit, "priority": priority})).await;
        }
        note(&shop, json!({"action": "purchase", "product": "sku:ANDES"})).await;
        let remark = note(&shop, json!({"action": "remark", "text": "Llamar a Quilmes", "supplier": "Q"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), Value::Null).await.expect_status(201).json();
        let orders = done["orders"].as_array().unwrap();
        assert_eq!(orders.len(), 4);
        let mut texts = Vec::new();
        for order in orders {
            texts.push(text(&step(&shop, order, "send", json!({})).await.expect_status(200).json(), "sent_text").to_owned());
        }
        texts.sort();
        assert_eq!(texts, [
            "Pedido - La Serenísima - 23/11/2026\nURGENTE\n- Leche sachet: 12 un\nNORMAL\n- Crema: 6 un\n- Queso en horma: 1 horma",
            "Pedido - Maxiconsumo - 23/11/2026\nURGENTE\n- Arroz: 10 un",
            "Pedido - Quilmes - 23/11/2026\nURGENTE\n- Brahma botella 1 L: 4 cajones\nNORMAL\n- Pepsi 2,25 L: 2 packs\n- Andes lata 473 ml: a confirmar",
            "Pedido - Verdulería - 23/11/2026\nNORMAL\n- Banana: 4,500 kg",
        ]);
        assert_eq!(note_state(&shop, &remark).await, "pending", "a remark is not ordered");
        let none = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({})).await;
        none.expect_problem(409, "nothing_to_order");
    }
}

both_engines! {
    fn each_note_that_cannot_be_ordered_is_told_and_nothing_is_ordered(shop: TestShop) {
        with_suppliers(&shop).await;
        let good = note(&shop, json!({"action": "restock", "product": "sku:ANDES"})).await;
        let brand = note(&shop, json!({"action": "restock", "text": "Playadito"})).await;
        let remark = note(&shop, json!({"action": "remark", "text": "limpiar"})).await;
        let gone = note(&shop, json!({"action": "restock", "text": "velas", "supplier": "MAX"})).await;
        shop.api(shop.admin()).post(&format!("/api/v1/notebook/{gone}/discard"), json!({})).await.expect_status(200);
        let path = format!("{ORDERS}/from-notebook");
        let ids = json!({"entries": [good, brand, remark, gone, crate::common::nothing()]});
        let refused = shop.api(shop.admin()).post(&path, ids).await.expect_problem(422, "invalid").json();
        let codes: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|one| text(one, "code")).collect();
        assert_eq!(codes, ["supplier_needed", "entry_of_no_goods", "entry_not_pending", "unknown_entry"]);
        assert_eq!(note_state(&shop, &good).await, "pending");
        let bad = shop.api(shop.admin()).post(&path, json!({"entries": ["uno"]})).await;
        assert_eq!(fields(bad, 422, "invalid"), ["entries[0]"]);
        shop.api(shop.admin()).post(&path, json!({"entries": [good]})).await.expect_status(201);
        assert_eq!(note_state(&shop, &good).await, "ordered");
    }
}

both_engines! {
    /// One open list per supplier: the same product merges, and a list for several suppliers is split.
    fn what_is_ordered_again_goes_onto_the_same_line_of_the_same_draft(shop: TestShop) {
        with_suppliers(&shop).await;
        let first = ordered(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "2", "unit": "cajón"}, {"text": "Heladera de regalo"}])).await;
        let again = ordered(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "1", "unit": "cajón", "urgent": true},
            {"text": "heladera de REGALO", "quantity": "1"}, {"product": "sku:PEPSI"}])).await;
        assert_eq!((&again["id"], &again["number"]), (&first["id"], &json!(1)));
        assert_eq!(told(&again), ["Brahma botella 1 L 3 cajón 0", "Heladera de regalo 1 un 0", "Pepsi 2,25 L - - 0"]);
        assert_eq!((&again["lines"][0]["urgent"], &again["lines"][0]["base_quantity"]), (&json!(true), &json!("36")));
        let loose = ordered(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "6"}])).await;
        assert_eq!(told(&loose)[0], "Brahma botella 1 L 42 un 0", "in different units it is told in its own");
        let split = order_lines(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "24"}, {"product": "sku:BANANA", "quantity": "2", "supplier": "fr"}])).await;
        let split = split.expect_status(201).json();
        let suppliers: Vec<&str> = split["orders"].as_array().unwrap().iter().map(|order| text(order, "supplier")).collect();
        assert_eq!((suppliers.len(), suppliers.contains(&"FR"), suppliers.contains(&"Q")), (2, true, true));
        let sent = step(&shop, &first, "send", json!({})).await.expect_status(200).json();
        let next = ordered(&shop, "Q", json!([{"product": "sku:ANDES"}])).await;
        assert_ne!(next["id"], sent["id"], "what was sent takes nothing more");
        assert_eq!(next["number"], 3);
    }
}

both_engines! {
    fn an_unknown_supplier_is_an_error_and_every_bad_line_is_told(shop: TestShop) {
        with_suppliers(&shop).await;
        let bad = order_lines(&shop, "Q", json!([{"product": "sku:ANDES"}, {"product": "sku:ARROZ", "supplier": "NADIE"}])).await;
        assert_eq!(fields(bad, 422, "invalid"), ["lines[1].supplier"]);
        let api = shop.api(shop.admin());
        let lines = json!({"lines": [{"quantity": "0"}, {"product": "sku:", "supplier": "Q"}, {"supplier": "Q", "text": "x", "expected_cost": "x"}, {"supplier": "Q"}]});
        let told = fields(api.post(ORDERS, lines).await, 422, "invalid");
        assert_eq!(told, ["lines[0].quantity", "lines[0].supplier", "lines[1].product", "lines[2].expected_cost", "lines[3].text"]);
        let lines = json!([{"product": "sku:NADA"}, {"product": "sku:ANDES", "quantity": "2.5"}]);
        assert_eq!(fields(order_lines(&shop, "Q", lines).await, 422, "batch_refused"), ["lines[0].product", "lines[1].quantity"]);
        assert_eq!(fields(api.post(ORDERS, json!({"lines": []})).await, 422, "invalid"), ["lines"]);
        assert_eq!(fields(api.post(ORDERS, json!({})).await, 422, "invalid"), ["lines"]);
        let half = order_lines(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "1.5"}])).await;
        assert_eq!(fields(half, 422, "batch_refused"), ["lines[0].quantity"]);
        let list = api.get(ORDERS).await.expect_status(200).json();
        assert_eq!(list["items"], json!([]));
    }
}

both_engines! {
    fn a_line_of_a_draft_is_changed_and_taken_out(shop: TestShop) {
        with_suppliers(&shop).await;
        let noted = note(&shop, json!({"action": "restock", "product": "sku:BRAHMA", "quantity": "2", "unit": "cajón"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({"entries": [noted]})).await.expect_status(201).json();
        let order = done["orders"][0].clone();
        let (path, api) = (format!("{ORDERS}/{}/lines/1", text(&order, "id")), shop.api(shop.admin()));
        let version = order["version"].as_i64().unwrap();
        let change = json!({"quantity": "30", "unit": "un", "expected_cost": "1500.5", "urgent": true});
        let changed = api.clone().if_match(version).patch(&path, change.clone()).await.expect_status(200).json();
        let line = &changed["lines"][0];
        assert_eq!((&line["quantity"], &line["base_quantity"], &line["expected_cost"], &line["urgent"]),
            (&json!("30"), &json!("30"), &json!("1500.5000"), &json!(true)));
        api.clone().if_match(version).patch(&path, change).await.expect_problem(412, "stale_version");
        let bare = api.clone().if_match(version + 1).patch(&path, json!({"quantity": null, "expected_cost": null})).await.expect_status(200).json();
        assert_eq!((&bare["lines"][0]["quantity"], &bare["lines"][0]["expected_cost"]), (&Value::Null, &Value::Null));
        api.clone().if_match(1).patch(&format!("{path}0"), json!({})).await.expect_problem(404, "not_found");
        assert_eq!(note_state(&shop, &noted).await, "ordered");
        let empty = api.delete(&path).await.expect_status(200).json();
        assert_eq!((empty["lines"].as_array().unwrap().len(), note_state(&shop, &noted).await), (0, "pending".to_owned()));
        api.delete(&path).await.expect_problem(404, "not_found");
        step(&shop, &order, "send", json!({})).await.expect_problem(409, "order_empty");
    }
}

both_engines! {
    fn sending_freezes_the_text_and_the_lines(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = ordered(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "1", "unit": "cajón"}])).await;
        let bad = step(&shop, &order, "send", json!({"promised_on": "mañana", "notes": ""})).await;
        assert_eq!(fields(bad, 422, "invalid"), ["promised_on", "notes"]);
        let sent = step(&shop, &order, "send", json!({"promised_on": "2026-11-26", "notes": "Por la puerta de atrás"})).await.expect_status(200).json();
        assert_eq!((&sent["state"], &sent["promised_on"]), (&json!("sent"), &json!("2026-11-26")));
        assert_eq!(text(&sent, "sent_text"), "Pedido - Quilmes - 23/11/2026\nNORMAL\n- Brahma botella 1 L: 1 cajón\nPor la puerta de atrás");
        step(&shop, &order, "send", json!({})).await.expect_problem(409, "order_state");
        let path = format!("{ORDERS}/{}/lines/1", text(&order, "id"));
        let api = shop.api(shop.admin());
        api.clone().if_match(sent["version"].as_i64().unwrap()).patch(&path, json!({"urgent": true})).await.expect_problem(409, "order_state");
        api.delete(&path).await.expect_problem(409, "order_state");
        api.clone().if_match(1).patch("/api/v1/products/sku:BRAHMA", json!({"name": "Otro nombre"})).await.expect_status(200);
        assert_eq!(seen(&shop, &order).await["sent_text"], sent["sent_text"]);
    }
}

both_engines! {
    fn closing_gives_the_rest_up_and_the_notebook_asks_for_it_again(shop: TestShop) {
        with_suppliers(&shop).await;
        let came = note(&shop, json!({"action": "restock", "product": "sku:BRAHMA", "quantity": "12"})).await;
        let missing = note(&shop, json!({"action": "restock", "product": "sku:ANDES", "quantity": "12"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({})).await.expect_status(201).json();
        let order = done["orders"][0].clone();
        step(&shop, &order, "close", json!({"reason": "No viene más"})).await.expect_problem(409, "order_state");
        step(&shop, &order, "send", json!({})).await.expect_status(200);
        receive(&shop, &order, json!([{"line": 1, "quantity": "10"}])).await.expect_status(201);
        step(&shop, &order, "cancel", json!({"reason": "No viene más"})).await.expect_problem(409, "order_state");
        let closed = step(&shop, &order, "close", json!({"reason": "No viene más"})).await.expect_status(200).json();
        assert_eq!((text(&closed, "state"), text(&closed, "closing_reason")), ("closed", "No viene más"));
        assert_eq!((note_state(&shop, &came).await, note_state(&shop, &missing).await), ("received".into(), "pending".into()));
        step(&shop, &order, "close", json!({"reason": "Otra vez"})).await.expect_problem(409, "order_state");
        receive(&shop, &order, json!([{"line": 2, "quantity": "1"}])).await.expect_problem(409, "order_state");
    }
}

both_engines! {
    fn an_order_of_which_nothing_came_is_cancelled(shop: TestShop) {
        with_suppliers(&shop).await;
        let noted = note(&shop, json!({"action": "restock", "product": "sku:ANDES", "quantity": "12"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({})).await.expect_status(201).json();
        let order = done["orders"][0].clone();
        step(&shop, &order, "cancel", json!({})).await.expect_problem(422, "invalid");
        let gone = step(&shop, &order, "cancel", json!({"reason": "Lo compramos en otro lado"})).await.expect_status(200).json();
        assert_eq!((text(&gone, "state"), note_state(&shop, &noted).await), ("cancelled", "pending".to_owned()));
        step(&shop, &order, "send", json!({})).await.expect_problem(409, "order_state");
        let missing = json!({"id": crate::common::nothing()});
        step(&shop, &missing, "send", json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    fn two_who_order_from_a_supplier_at_once_write_one_draft(shop: TestShop) {
        with_suppliers(&shop).await;
        let all = (0..6).map(|_| order_lines(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "2"}])));
        for answer in futures_util::future::join_all(all).await {
            answer.expect_status(201);
        }
        let list = shop.api(shop.admin()).get(ORDERS).await.expect_status(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(told(&seen(&shop, &list["items"][0]).await), ["Andes lata 473 ml 12 un 0"]);
    }
}

both_engines! {
    fn what_is_low_or_noted_is_suggested_in_whole_packs_less_what_is_on_its_way(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        let supply = json!({"min_stock": "5", "max_stock": "15", "suppliers": [{"supplier": "Q", "supplier_sku": "", "main": true, "pack": "12", "last_cost": "100"}]});
        api.clone().if_match(1).patch("/api/v1/products/sku:BRAHMA", supply).await.expect_status(200);
        api.post("/api/v1/movements", receipt("BRAHMA", "2", "100")).await.expect_status(201);
        api.post("/api/v1/movements", receipt("PEPSI", "14", "100")).await.expect_status(201);
        let noted = note(&shop, json!({"action": "restock", "product": "sku:PEPSI"})).await;
        let suggested = async |query: &str| {
            let found = api.get(&format!("{ORDERS}/suggestions{query}")).await.expect_status(200).json();
            found["items"].as_array().unwrap().clone()
        };
        let found = suggested("?supplier=Q").await;
        let names: Vec<&str> = found.iter().map(|one| text(one, "product")).collect();
        assert_eq!(names, ["sku:ANDES", "sku:BRAHMA", "sku:PEPSI"]);
        let (beer, pepsi) = (&found[1], &found[2]);
        assert_eq!((text(beer, "quantity"), text(beer, "pack"), text(beer, "on_hand"), text(beer, "last_cost")), ("24", "12", "2", "100.0000"));
        assert_eq!((text(pepsi, "quantity"), text(pepsi, "entry_id")), ("1", noted.as_str()));
        ordered(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "1", "unit": "cajón"}])).await;
        let beer = suggested("?supplier=Q").await[1].clone();
        assert_eq!((text(&beer, "on_order"), text(&beer, "quantity")), ("12", "12"));
        assert_eq!(suggested("?supplier=NADIE").await, Vec::<Value>::new());
        assert!(suggested("").await.iter().any(|one| one["supplier"] == "LS"));
        let worker = of_place(&shop, shop.user(Role::Deposito), "local").await;
        let blind = shop.api(worker).get(&format!("{ORDERS}/suggestions?supplier=Q")).await.expect_status(200).json();
        assert_eq!((&blind["items"][1]["on_hand"], &blind["items"][1]["last_cost"]), (&Value::Null, &Value::Null));
    }
}

both_engines! {
    fn orders_are_for_who_buys_and_receiving_for_who_receives(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "240"}])).await;
        let (id, line) = (text(&order, "id").to_owned(), json!([{"product": "sku:ANDES", "supplier": "Q"}]));
        let may = |actor: Actor| {
            let (shop, id, line) = (&shop, &id, &line);
            async move {
                let api = shop.api(actor);
                let goods = json!({"location": "deposito", "lines": [{"line": 1, "quantity": "1"}]});
                [
                    api.get(&format!("{ORDERS}/{id}")).await.status,
                    api.post(ORDERS, json!({"lines": line})).await.status,
                    api.post(&format!("{ORDERS}/{id}/receive"), goods).await.status,
                ]
            }
        };
        for (role, expected) in [
            (Role::Admin, [200, 201, 201]), (Role::Manager, [200, 201, 201]), (Role::Negocio, [200, 201, 201]),
            (Role::Deposito, [200, 403, 201]), (Role::Cashier, [403, 403, 403]), (Role::Auditor, [200, 403, 403]),
        ] {
            assert_eq!(may(shop.user(role)).await, expected, "{role:?}");
        }
        let shelf = of_place(&shop, shop.user(Role::Deposito), "local").await;
        let elsewhere = json!({"location": "deposito", "lines": [{"line": 1, "quantity": "1"}]});
        shop.api(shelf.clone()).post(&format!("{ORDERS}/{id}/receive"), elsewhere).await.expect_problem(422, "unknown_location");
        assert_eq!(shop.api(shelf).get(RECEIPTS).await.expect_status(200).json()["items"], json!([]), "what came elsewhere is not theirs to see");
    }
}
