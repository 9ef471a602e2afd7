//! Deliveries on both engines, through the API: what comes of an order, in parts, broken, weighed, dated; what nobody ordered; and
//! the undo of a whole delivery (M8).

use crate::common::pages::{field, form, leads_to, page};
use crate::common::purchases::{
    ORDERS, RECEIPTS, fields, last_cost, note, note_state, receive, seen, sent, step, text, told, with_suppliers,
};
use crate::common::shelves::{held, lots};
use crate::common::{adds_up, on_hand};
use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::{Value, json};

both_engines! {
    /// A partial receipt keeps the rest open; what came is in stock, the order, the notebook and the last cost at once.
    fn what_comes_in_parts_keeps_the_rest_open(shop: TestShop) {
        with_suppliers(&shop).await;
        let beer = note(&shop, json!({"action": "restock", "product": "sku:BRAHMA", "quantity": "4", "unit": "cajón"})).await;
        let pepsi = note(&shop, json!({"action": "restock", "product": "sku:PEPSI"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({})).await.expect_status(201).json();
        let order = done["orders"][0].clone();
        receive(&shop, &order, json!([{"line": 1, "quantity": "1"}])).await.expect_problem(409, "order_state");
        step(&shop, &order, "send", json!({})).await.expect_status(200);
        let first = receive(&shop, &order, json!([{"line": 1, "quantity": "3", "unit_cost": "18000"}])).await.expect_status(201).json();
        assert_eq!((&first["number"], &first["lines"][0]["moved"], &first["lines"][0]["unit"]), (&json!(1), &json!("36"), &json!("cajón")));
        let partial = seen(&shop, &order).await;
        assert_eq!((text(&partial, "state"), told(&partial)[0].as_str()), ("partial", "Brahma botella 1 L 4 cajón 36"));
        assert_eq!((partial["lines"][0]["difference"].clone(), partial["lines"][0]["complete"].clone()), (json!("-12"), json!(false)));
        assert_eq!((on_hand(&shop, "BRAHMA").await, last_cost(&shop, "BRAHMA").await), ("36".into(), json!("1500.0000")));
        assert_eq!(note_state(&shop, &beer).await, "ordered", "the rest is expected");
        receive(&shop, &order, json!([{"line": 1, "quantity": "12", "unit": "un"}, {"line": 2, "quantity": "2", "unit": "pack"}])).await.expect_status(201);
        let all = seen(&shop, &order).await;
        assert_eq!((text(&all, "state"), all["lines_missing"].clone()), ("received", json!(0)));
        assert_eq!((note_state(&shop, &beer).await, note_state(&shop, &pepsi).await), ("received".into(), "received".into()));
        receive(&shop, &order, json!([{"line": 1, "quantity": "1"}])).await.expect_problem(409, "order_state");
        let list = shop.api(shop.admin()).get(&format!("{RECEIPTS}?order={}", text(&order, "id"))).await.expect_status(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        let movement = shop.api(shop.admin()).get("/api/v1/movements?product=sku:BRAHMA&limit=1").await.expect_status(200).json();
        assert_eq!((text(&movement["items"][0], "reason"), text(&movement["items"][0], "document")), ("Recepción del pedido 1", "R 1-2"));
        adds_up(&shop).await;
    }
}

both_engines! {
    /// 5 pieces ordered as 105 kg, received 110 kg: 5 pieces, and the difference of weight is recorded.
    fn pieces_complete_the_order_and_their_weight_comes_into_stock(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "LS", json!([{"product": "sku:QUESO", "quantity": "5", "unit": "horma"}])).await;
        assert_eq!(order["lines"][0]["base_quantity"], "105.000");
        let came = receive(&shop, &order, json!([{"line": 1, "quantity": "5", "measured": "110", "unit_cost": "5000"}])).await.expect_status(201).json();
        let line = &came["lines"][0];
        assert_eq!((&line["quantity"], &line["unit"], &line["moved"], &line["variance"]), (&json!("5"), &json!("horma"), &json!("110.000"), &json!("5.000")));
        assert_eq!(text(&seen(&shop, &order).await, "state"), "received");
        assert_eq!((on_hand(&shop, "QUESO").await, last_cost(&shop, "QUESO").await), ("110.000".into(), json!("5000.0000")));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn fewer_pieces_that_weigh_as_much_do_not_complete_the_order(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "LS", json!([{"product": "sku:QUESO", "quantity": "5", "unit": "horma"}])).await;
        receive(&shop, &order, json!([{"line": 1, "quantity": "4", "measured": "105"}])).await.expect_status(201);
        assert_eq!(text(&seen(&shop, &order).await, "state"), "partial");
    }
}

both_engines! {
    /// Damage is kept for the claim: it neither comes into stock nor completes the order.
    fn what_comes_broken_is_kept_for_the_claim(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "24"}, {"product": "sku:ANDES", "quantity": "6"}])).await;
        let came = receive(&shop, &order, json!([{"line": 1, "quantity": "22", "damaged": "2"}, {"line": 2, "quantity": "0", "damaged": "6"}])).await;
        let came = came.expect_status(201).json();
        assert_eq!((&came["lines"][0]["damaged"], &came["lines"][1]["movement_id"]), (&json!("2"), &Value::Null));
        assert_eq!((on_hand(&shop, "BRAHMA").await, on_hand(&shop, "ANDES").await), ("22".into(), "0".into()));
        let partial = seen(&shop, &order).await;
        assert_eq!((text(&partial, "state"), partial["lines_missing"].clone()), ("partial", json!(2)));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn what_goes_off_comes_with_its_last_good_day(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "LS", json!([{"product": "sku:LECHE", "quantity": "12"}, {"product": "sku:CREMA", "quantity": "6"}])).await;
        let undated = receive(&shop, &order, json!([{"line": 1, "quantity": "12"}, {"line": 2, "quantity": "6"}])).await;
        assert_eq!(fields(undated, 422, "batch_refused"), ["lines[0].lot.expires_on"]);
        assert_eq!(on_hand(&shop, "CREMA").await, "0", "all or none");
        let lot = json!({"code": "L7", "expires_on": "2026-12-05"});
        receive(&shop, &order, json!([{"line": 1, "quantity": "12", "lot": lot}, {"line": 2, "quantity": "6"}])).await.expect_status(201);
        assert_eq!(lots(&shop, "LECHE", "deposito").await, ["L7:12"]);
        let found = shop.api(shop.admin()).get("/api/v1/stock/lots?sku=CREMA").await.expect_status(200).json();
        assert_eq!(found["items"][0]["expires_on"], "2026-12-23", "received day plus shelf life");
    }
}

both_engines! {
    fn every_line_that_cannot_come_is_told_and_nothing_comes(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "2", "unit": "cajón"}, {"text": "Promoción sorpresa"}])).await;
        let lines = json!([
            {"line": 9, "quantity": "1"}, {"line": 1, "quantity": "1", "product": "sku:ANDES"}, {"line": 2, "quantity": "1"},
            {"product": "sku:NADA", "quantity": "1"}, {"line": 1, "quantity": "1", "unit": "pallet"},
            {"line": 1, "quantity": "1", "unit": "un", "damaged": "0.5"},
        ]);
        let told = fields(receive(&shop, &order, lines).await, 422, "batch_refused");
        assert_eq!(told, ["lines[0].line", "lines[1].product", "lines[2].product", "lines[3].product", "lines[4].unit", "lines[5].quantity"]);
        let unread = json!([{"line": 0, "quantity": "1"}, {"line": 1, "quantity": "-1", "damaged": "x"}]);
        let told = fields(receive(&shop, &order, unread).await, 422, "invalid");
        assert_eq!(told, ["lines[0].line", "lines[1].quantity", "lines[1].damaged"]);
        let nowhere = step(&shop, &order, "receive", json!({"location": "luna", "lines": [{"line": 1, "quantity": "1"}]})).await;
        assert_eq!(fields(nowhere, 422, "unknown_location"), ["location"]);
        assert_eq!(fields(step(&shop, &order, "receive", json!({})).await, 422, "invalid"), ["location", "lines"]);
        receive(&shop, &order, json!([{"line": 1, "quantity": "0"}])).await.expect_status(201);
        assert_eq!(text(&seen(&shop, &order).await, "state"), "sent", "that none came is written down and changes nothing");
        receive(&shop, &order, json!([{"line": 2, "product": "sku:ANDES", "quantity": "24"}])).await.expect_status(201);
        assert_eq!(seen(&shop, &order).await["lines"][1]["product"], "sku:ANDES", "which product it is was told when it came");
    }
}

both_engines! {
    /// A pack nobody had told the factor of is asked for when it comes, once.
    fn an_unknown_pack_is_ordered_by_its_name_and_asked_about_when_it_comes(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "2", "unit": "bandeja"}])).await;
        assert_eq!(order["lines"][0]["base_quantity"], Value::Null);
        let unknown = receive(&shop, &order, json!([{"line": 1, "quantity": "2"}])).await;
        assert_eq!(fields(unknown, 422, "batch_refused"), ["lines[0].unit"]);
        let packs = json!({"presentations": [{"name": "bandeja", "factor": "24"}]});
        shop.api(shop.admin()).if_match(1).patch("/api/v1/products/sku:ANDES", packs).await.expect_status(200);
        receive(&shop, &order, json!([{"line": 1, "quantity": "24", "unit": "un"}])).await.expect_status(201);
        assert_eq!(told(&seen(&shop, &order).await), ["Andes lata 473 ml 2 bandeja 24"]);
        receive(&shop, &order, json!([{"line": 1, "quantity": "1"}])).await.expect_status(201);
        assert_eq!(text(&seen(&shop, &order).await, "state"), "received");
    }
}

both_engines! {
    fn a_receipt_is_undone_whole_and_the_order_expects_its_goods_again(shop: TestShop) {
        with_suppliers(&shop).await;
        let noted = note(&shop, json!({"action": "restock", "product": "sku:ANDES", "quantity": "12"})).await;
        let done = shop.api(shop.admin()).post(&format!("{ORDERS}/from-notebook"), json!({})).await.expect_status(201).json();
        let order = done["orders"][0].clone();
        step(&shop, &order, "send", json!({})).await.expect_status(200);
        receive(&shop, &order, json!([{"line": 1, "quantity": "5", "unit_cost": "90"}])).await.expect_status(201);
        let second = receive(&shop, &order, json!([{"line": 1, "quantity": "7", "unit_cost": "900"}])).await.expect_status(201).json();
        assert_eq!((note_state(&shop, &noted).await, last_cost(&shop, "ANDES").await), ("received".to_owned(), json!("900.0000")));
        let movement = text(&second["lines"][0], "movement_id").to_owned();
        let api = shop.api(shop.admin());
        let alone = api.post(&format!("/api/v1/movements/{movement}/reverse"), json!({"reason": "Era otro"})).await;
        alone.expect_problem(409, "belongs_to_document");
        let path = format!("{RECEIPTS}/{}/reverse", text(&second, "id"));
        shop.api(shop.user(Role::Deposito)).post(&path, json!({"reason": "Era otro"})).await.expect_status(403);
        let undone = api.post(&path, json!({"reason": "Era de otro"})).await.expect_status(200).json();
        assert_eq!(text(&undone, "reversing_reason"), "Era de otro");
        api.post(&path, json!({"reason": "Era de otro"})).await.expect_problem(409, "already_reversed");
        let again = seen(&shop, &order).await;
        assert_eq!((text(&again, "state"), told(&again)[0].as_str()), ("partial", "Andes lata 473 ml 12 un 5"));
        assert_eq!((on_hand(&shop, "ANDES").await, last_cost(&shop, "ANDES").await), ("5".into(), json!("90.0000")));
        assert_eq!(note_state(&shop, &noted).await, "ordered");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn goods_that_are_gone_cannot_be_taken_back(shop: TestShop) {
        with_suppliers(&shop).await;
        let goods = json!({"location": "deposito", "lines": [{"product": "sku:ARROZ", "quantity": "5"}]});
        let came = shop.api(shop.admin()).post(RECEIPTS, goods).await.expect_status(201).json();
        crate::common::shelves::sell(&shop, "ARROZ", "deposito", "3").await;
        let path = format!("{RECEIPTS}/{}/reverse", text(&came, "id"));
        shop.api(shop.admin()).post(&path, json!({"reason": "Error de carga"})).await.expect_problem(409, "insufficient_stock");
        assert_eq!(on_hand(&shop, "ARROZ").await, "2");
    }
}

both_engines! {
    /// Blind: nobody ordered it here. With a supplier its cost is remembered, and the supplier is one of the product's from now on.
    fn goods_that_nobody_ordered_are_received_the_same_way(shop: TestShop) {
        with_suppliers(&shop).await;
        let line = json!({"product": "sku:BANANA", "quantity": "4.5", "unit_cost": "1200.50"});
        let goods = json!({"supplier": "MAX", "location": "local", "document": "Papel", "reason": "Trajo de más", "lines": [line]});
        let came = shop.api(shop.user(Role::Deposito)).post(RECEIPTS, goods.clone()).await.expect_status(201).json();
        assert_eq!((&came["order_id"], text(&came, "supplier"), &came["lines"][0]["unit_cost"]), (&Value::Null, "MAX", &Value::Null), "no cost for who may not see it");
        assert_eq!(held(&shop, "BANANA", "local").await, "4.500");
        let product = shop.api(shop.admin()).get("/api/v1/products/sku:BANANA").await.expect_status(200).json();
        let of_max = product["suppliers"].as_array().unwrap().iter().find(|one| one["supplier"] == "MAX").unwrap().clone();
        assert_eq!((&of_max["last_cost"], &of_max["main"]), (&json!("1200.5000"), &json!(false)));
        let mut bad = goods;
        bad["supplier"] = "NADIE".into();
        assert_eq!(fields(shop.api(shop.admin()).post(RECEIPTS, bad).await, 422, "invalid"), ["supplier"]);
        let shown = shop.api(shop.admin()).get(&format!("{RECEIPTS}/{}", text(&came, "id"))).await.expect_status(200).json();
        assert_eq!(shown["lines"][0]["unit_cost"], "1200.5000");
    }
}

both_engines! {
    fn the_same_key_receives_once_and_two_receipts_at_once_both_count(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:ANDES", "quantity": "24"}])).await;
        let path = format!("{ORDERS}/{}/receive", text(&order, "id"));
        let body = json!({"location": "deposito", "lines": [{"line": 1, "quantity": "6"}]});
        let api = shop.api(shop.admin()).key("remito-1");
        let first = api.post(&path, body.clone()).await.expect_status(201).json();
        let replayed = api.post(&path, body.clone()).await.expect_status(201);
        assert_eq!((replayed.header("idempotency-replayed"), replayed.json()), ("true", first));
        let open = shop.api(shop.admin());
        let both = futures_util::future::join_all((0..2).map(|_| open.post(&path, body.clone()))).await;
        both.into_iter().for_each(|answer| drop(answer.expect_status(201)));
        assert_eq!((told(&seen(&shop, &order).await), on_hand(&shop, "ANDES").await), (vec!["Andes lata 473 ml 24 un 18".to_owned()], "18".to_owned()));
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Receiving updates faltantes: what nobody ordered answers the notes that ask for no more than came, until it is undone.
    fn a_delivery_without_an_order_answers_what_was_noted(shop: TestShop) {
        with_suppliers(&shop).await;
        let too_much = note(&shop, json!({"action": "restock", "product": "sku:BRAHMA", "quantity": "10", "unit": "un"})).await;
        let some = note(&shop, json!({"action": "restock", "product": "sku:ANDES"})).await;
        let packs = note(&shop, json!({"action": "purchase", "product": "sku:PEPSI", "quantity": "2", "unit": "pack"})).await;
        let other = note(&shop, json!({"action": "restock", "product": "sku:ARROZ"})).await;
        let broken = note(&shop, json!({"action": "restock", "product": "sku:QUESO"})).await;
        let lines = json!([
            {"product": "sku:BRAHMA", "quantity": "6"}, {"product": "sku:ANDES", "quantity": "1"},
            {"product": "sku:PEPSI", "quantity": "7"}, {"product": "sku:PEPSI", "quantity": "5"},
            {"product": "sku:QUESO", "quantity": "0", "damaged": "1"},
        ]);
        let body = json!({"supplier": "Q", "location": "deposito", "lines": lines});
        let made = shop.api(shop.admin()).post(RECEIPTS, body).await.expect_status(201).json();
        let mut states = Vec::new();
        for id in [&too_much, &some, &packs, &other, &broken] {
            states.push(note_state(&shop, id).await);
        }
        assert_eq!(states, ["pending", "received", "received", "pending", "pending"]);
        let undo = format!("{RECEIPTS}/{}/reverse", text(&made, "id"));
        shop.api(shop.admin()).post(&undo, json!({"reason": "era de otro local"})).await.expect_status(200);
        for id in [&some, &packs] {
            assert_eq!(note_state(&shop, id).await, "pending", "it is missing again");
        }
    }
}

both_engines! {
    /// By the page: found by letters, taken out again, told what is wrong, and received.
    fn a_delivery_without_an_order_is_put_together_on_a_page(shop: TestShop) {
        with_suppliers(&shop).await;
        let browser = shop.page(shop.user(Role::Deposito));
        let empty = page(&browser, "/goods-receipts/new").await;
        let key = field(&empty, "idempotency_key");
        let found = browser.form("/goods-receipts", &form(&[("step", "add"), ("q", "andes"), ("location", "deposito")])).await;
        let html = found.expect_status(200).text();
        assert!(html.contains("Andes lata") && html.contains("name=\"lines[0].product\" value=\"ANDES\""), "{html}");
        let two = [("pick", "LECHE"), ("lines[0].product", "ANDES"), ("lines[0].quantity", "4"), ("lines[0].unit_cost", "100,50"), ("location", "deposito")];
        let html = browser.form("/goods-receipts", &form(&two)).await.expect_status(200).text();
        assert!(html.contains("name=\"lines[1].product\" value=\"ANDES\"") && html.contains("value=\"100,50\""), "nothing typed is lost: {html}");
        let said = [("idempotency_key", key.as_str()), ("step", "send"), ("location", "deposito"), ("supplier", "Q"),
            ("lines[0].product", "LECHE"), ("lines[0].quantity", "2"), ("lines[1].product", "ANDES"), ("lines[1].quantity", "4"), ("lines[1].unit_cost", "100,50")];
        let html = browser.form("/goods-receipts", &form(&said)).await.expect_status(422).text();
        assert!(html.contains("Leche sachet: Es perecedero"), "{html}");
        assert_eq!(shop.api(shop.admin()).get(RECEIPTS).await.expect_status(200).json()["items"], json!([]), "nothing came");
        let nothing = browser.form("/goods-receipts", &form(&[("idempotency_key", "otra"), ("step", "send"), ("location", "deposito")])).await;
        assert!(nothing.expect_status(422).text().contains("Agregá al menos un producto"));
        let dated = [&said[..], &[("lines[0].expires_on", "2026-12-10")]].concat();
        let there = leads_to(&browser.form("/goods-receipts", &form(&dated)).await);
        let html = page(&browser, &there).await;
        assert!(html.contains("Leche sachet") && html.contains("Quilmes"), "{html}");
        assert!(page(&browser, "/goods-receipts").await.contains("Quilmes"));
        assert_eq!(last_cost(&shop, "ANDES").await, json!("100.5000"));
    }
}
