//! Moving stock through the API on both engines: what happens, what is refused, and what must not
//! have changed. Worked examples carry the section of `catalogue-and-stock.md` they come from.

use crate::common::{adds_up, movement, on_hand, receipt, stocked, value};
use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::json;

both_engines! {
    fn a_receipt_answers_before_and_after(shop: TestShop) {
        stocked(&shop, &[("QUE-CREMOSO", "kg")]).await;
        let api = shop.api(shop.admin());
        let body = api.post("/api/v1/movements", receipt("QUE-CREMOSO", "2.5", "1234.5678")).await.expect_status(201).json();
        assert_eq!(body["product"], "sku:QUE-CREMOSO");
        assert_eq!(body["quantity"], "2.500");
        assert_eq!(body["balances"], json!([{"location": "deposito", "before": "0.000", "after": "2.500"}]));
        assert_eq!(body["flags"], json!([]));
        assert_eq!(on_hand(&shop, "QUE-CREMOSO").await, "2.500");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn selling_more_than_there_is_changes_nothing(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        let refused = api.post("/api/v1/movements", movement("sale", "LECHE", "11", Some("deposito"), None)).await;
        refused.expect_problem(409, "insufficient_stock");
        assert_eq!(on_hand(&shop, "LECHE").await, "10");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// 15, sell 3, void, delete: 15.
    fn voiding_a_sale_twice_gives_it_back_once(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "15", "100")).await.expect_status(201);
        let sale = api.post("/api/v1/movements", movement("sale", "LECHE", "3", Some("deposito"), None)).await.expect_status(201).json();
        let reverse = format!("/api/v1/movements/{}/reverse", sale["id"].as_str().unwrap());
        api.post(&reverse, json!({"reason": "se arrepintió"})).await.expect_status(201);
        api.post(&reverse, json!({"reason": "otra vez"})).await.expect_problem(409, "already_reversed");
        assert_eq!(on_hand(&shop, "LECHE").await, "15");
        assert_eq!(value(&shop, "LECHE").await, "1500.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// 2: sell, sell, refund, sell, close: closes, stock 0.
    fn selling_out_with_a_refund_on_the_way_ends_at_zero(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "2", "100")).await.expect_status(201);
        for (kind, from, to) in [("sale", Some("deposito"), None), ("sale", Some("deposito"), None), ("customer_return", None, Some("deposito")), ("sale", Some("deposito"), None)] {
            api.post("/api/v1/movements", movement(kind, "LECHE", "1", from, to)).await.expect_status(201);
        }
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        assert_eq!(value(&shop, "LECHE").await, "0.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// A clock that was set back, or a sale that waited for another one's lock: what says no moment happens after what
    /// happened last, and nothing is late.
    fn a_clock_that_goes_back_sells_on(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let now = shop.db().now();
        let received = api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201).json();
        shop.clock().set(now - 3_600_000_000);
        let sold = api.post("/api/v1/movements", movement("sale", "LECHE", "4", Some("deposito"), None)).await.expect_status(201).json();
        let undo = format!("/api/v1/movements/{}/reverse", sold["id"].as_str().unwrap());
        api.post(&undo, json!({"reason": "Era otra"})).await.expect_status(201);
        let kardex = api.get("/api/v1/movements?product=sku:LECHE").await.expect_status(200).json();
        let moments: Vec<_> = kardex["items"].as_array().unwrap().iter().map(|row| row["occurred_at"].clone()).collect();
        assert_eq!(moments.len(), 3);
        assert!(moments.iter().all(|moment| *moment == moments[0]), "{received} {moments:?}");
        adds_up(&shop).await;
        shop.clock().set(now);
        assert_eq!((on_hand(&shop, "LECHE").await, value(&shop, "LECHE").await), ("10".to_owned(), "1000.00".to_owned()));
        adds_up(&shop).await;
    }
}

both_engines! {
    /// The undo of a waste takes it back from the reason it was thrown away for, whatever its own words.
    fn the_undo_of_a_waste_keeps_its_reason(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        let mut waste = movement("waste", "LECHE", "1", Some("deposito"), None);
        waste["reason"] = "vencido".into();
        let waste = api.post("/api/v1/movements", waste).await.expect_status(201).json();
        let undo = format!("/api/v1/movements/{}/reverse", waste["id"].as_str().unwrap());
        api.post(&undo, json!({"reason": "error de carga"})).await.expect_status(201);
        let kardex = api.get("/api/v1/movements?product=sku:LECHE&kind=waste").await.expect_status(200).json();
        let reasons: Vec<_> = kardex["items"].as_array().unwrap().iter().map(|row| row["waste_reason"].clone()).collect();
        assert_eq!((reasons.len(), &reasons[0]), (2, &reasons[1]));
        assert!(reasons[0].is_string(), "{reasons:?}");
    }
}

both_engines! {
    /// Perishable without a date: received date + shelf life, also of goods with a lot code; more of the same lot joins it.
    fn a_lot_code_without_a_date_gets_the_shelf_life(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        crate::common::shelves::spoils_after(&shop, "LECHE", 10).await;
        let api = shop.api(shop.admin());
        let with = |lot: serde_json::Value| {
            let mut body = receipt("LECHE", "2", "100");
            body["lot"] = lot;
            body
        };
        for lot in [json!({"code": "L7"}), json!({"code": "L7"}), json!({}), json!({"code": "L8", "expires_on": "2026-12-24"}), json!({"code": "L8"})] {
            api.post("/api/v1/movements", with(lot)).await.expect_status(201);
        }
        let lots = api.get("/api/v1/stock/lots?sku=LECHE").await.expect_status(200).json();
        let mut lots: Vec<_> = lots["items"].as_array().unwrap().iter()
            .map(|lot| format!("{} {} {}", lot["code"].as_str().unwrap(), lot["expires_on"].as_str().unwrap_or("nunca"), lot["quantity"].as_str().unwrap()))
            .collect();
        lots.sort();
        assert_eq!(lots, [" 2026-12-03 2", "L7 2026-12-03 4", "L8 2026-12-24 4"]);
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Nobody who asks a write for a dry run that it does not have gets the real thing.
    fn a_write_takes_no_parameters_in_its_address(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let refused = api.post("/api/v1/movements?dry_run=true", receipt("LECHE", "10", "100")).await;
        assert_eq!(refused.expect_problem(422, "invalid").json()["errors"][0]["field"], "dry_run");
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
    }
}

both_engines! {
    /// Whatever a movement names wrongly is told at once: product, unit, both places; in a batch, of every line.
    fn all_wrong_references_are_told_together(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let wrong = |product: &str| {
            json!({"kind": "transfer", "product": product, "quantity": "1", "unit": "pack x6", "from": "altillo", "to": "sotano", "reason": "Se lleva"})
        };
        let fields = |problem: &serde_json::Value| -> Vec<String> {
            problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
        };
        let unknown = api.post("/api/v1/movements", wrong("sku:NADA")).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&unknown), ["product", "from", "to"]);
        assert_eq!(unknown["errors"][1]["code"], "unknown_location");
        let unit = api.post("/api/v1/movements", wrong("sku:LECHE")).await.expect_problem(422, "invalid").json();
        assert_eq!(fields(&unit), ["unit", "from", "to"]);
        let batch = json!({"mode": "atomic", "lines": [wrong("sku:NADA"), receipt("LECHE", "1", "100")]});
        let batch = api.post("/api/v1/movements/batch", batch).await.expect_problem(422, "batch_refused").json();
        assert_eq!(fields(&batch), ["lines[0].product", "lines[0].from", "lines[0].to"]);
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
    }
}

both_engines! {
    /// Valuation, the worked table: AVCO $2,120, FIFO $2,240 and replacement $2,400 for the 16 left, of the product and in all.
    fn the_worked_valuation_comes_out_by_every_method(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        api.post("/api/v1/movements", receipt("LECHE", "10", "130")).await.expect_status(201);
        api.post("/api/v1/movements", movement("sale", "LECHE", "12", Some("deposito"), None)).await.expect_status(201);
        api.post("/api/v1/movements", receipt("LECHE", "8", "150")).await.expect_status(201);
        api.post("/api/v1/movements", receipt("PAN", "1", "10")).await.expect_status(201);
        assert_eq!(value(&shop, "LECHE").await, "2120.00");
        let average = async |actor| shop.api(actor).get("/api/v1/inventory/LECHE").await.expect_status(200).json()["average_cost"].clone();
        assert_eq!((average(shop.admin()).await, average(shop.user(Role::Cashier)).await), (json!("132.5000"), json!(null)));
        shop.clock().advance(std::time::Duration::from_secs(3600));
        api.clone().if_match(1).patch("/api/v1/products/sku:LECHE", json!({"replacement_cost": "150"})).await.expect_status(200);
        let at = async |query: &str| {
            let past = api.get(&format!("/api/v1/stock/as-of?sku=LECHE&{query}")).await.expect_status(200).json();
            [&past["items"][0]["value"], &past["total_value"], &past["items"][0]["replacement_value"]].map(Clone::clone)
        };
        assert_eq!(at("").await, ["2120.00", "2130.00", "2400.00"]);
        assert_eq!(at("method=fifo").await, ["2240.00", "2250.00", "2400.00"]);
        // What it cost to buy again before the product was changed, nobody wrote down.
        let before = at("method=fifo&at=2026-11-23T12:30:00Z").await;
        assert_eq!(before, [json!("2240.00"), json!("2250.00"), json!(null)]);
        // The total is told once, not with every page.
        let first = api.get("/api/v1/stock/as-of?limit=1").await.expect_status(200).json();
        assert_eq!((&first["total_value"], &first["products_with_stock"]), (&json!("2130.00"), &json!(2)));
        let next = format!("/api/v1/stock/as-of?limit=1&after={}", first["next"].as_str().unwrap());
        let last = api.get(&next).await.expect_status(200).json();
        assert_eq!((&last["total_value"], &last["products_with_stock"]), (&json!(null), &json!(null)));
        assert_eq!(last["items"][0]["value"], "10.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// A backdated entry is checked against the lowest later balance, and what it changes is worth again at once.
    fn a_backdated_sale_may_not_make_the_past_negative(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let dated = |mut body: serde_json::Value, at: &str| { body["occurred_at"] = at.into(); body };
        api.post("/api/v1/movements", dated(receipt("LECHE", "10", "100"), "2026-01-01T12:00:00Z")).await.expect_status(201);
        api.post("/api/v1/movements", dated(movement("sale", "LECHE", "8", Some("deposito"), None), "2026-01-03T12:00:00Z")).await.expect_status(201);
        api.post("/api/v1/movements", dated(receipt("LECHE", "10", "200"), "2026-01-05T12:00:00Z")).await.expect_status(201);
        let late = |quantity: &str| dated(movement("sale", "LECHE", quantity, Some("deposito"), None), "2026-01-02T12:00:00Z");
        api.post("/api/v1/movements", late("3")).await.expect_problem(409, "backdated_would_go_negative");
        assert_eq!(on_hand(&shop, "LECHE").await, "12");
        api.post("/api/v1/movements", late("2")).await.expect_status(201);
        assert_eq!(on_hand(&shop, "LECHE").await, "10");
        assert_eq!(value(&shop, "LECHE").await, "2000.00");
        let then = api.get("/api/v1/stock/as-of?sku=LECHE&at=2026-01-02T23:00:00Z").await.expect_status(200).json();
        assert_eq!(then["items"][0]["on_hand"], "8");
        assert_eq!(then["items"][0]["value"], "800.00");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn the_same_key_moves_stock_once(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin()).key("one");
        let first = api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = api.post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(first.json(), again.json());
        api.post("/api/v1/movements", receipt("LECHE", "11", "100")).await.expect_problem(409, "idempotency_mismatch");
        assert_eq!(on_hand(&shop, "LECHE").await, "10");
    }
}

both_engines! {
    fn every_bad_field_is_told_at_once_and_nothing_moves(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let body = json!({"kind": "gift", "product": "LECHE", "quantity": "1e3", "reason": "x", "occurred_at": "9999-01-01T00:00:00Z"});
        let problem = api.post("/api/v1/movements", body).await.expect_problem(422, "invalid").json();
        let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["kind", "product", "quantity", "reason", "occurred_at"]);
        let half = movement("receipt", "LECHE", "1.5", None, Some("deposito"));
        api.post("/api/v1/movements", half).await.expect_problem(422, "not_whole");
        let forty = movement("receipt", "LECHE", &"9".repeat(40), None, Some("deposito"));
        api.post("/api/v1/movements", forty).await.expect_problem(422, "invalid");
        let mut unknown = receipt("LECHE", "1", "100");
        unknown["colour"] = "red".into();
        api.post("/api/v1/movements", unknown).await.expect_problem(422, "invalid");
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
    }
}

both_engines! {
    /// An atomic batch with one bad row changes nothing and lists every bad row.
    fn an_atomic_batch_lists_every_bad_line(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let api = shop.api(shop.admin());
        let lines = json!([receipt("LECHE", "10", "100"), movement("sale", "LECHE", "11", Some("deposito"), None), movement("receipt", "NADA", "1", None, Some("deposito")), {"kind": "receipt"}]);
        let problem = api.post("/api/v1/movements/batch", json!({"mode": "atomic", "lines": lines})).await.expect_problem(422, "batch_refused").json();
        let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["lines[1]", "lines[2].product", "lines[3].product", "lines[3].quantity", "lines[3].reason"]);
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        let each = api.post("/api/v1/movements/batch", json!({"mode": "each", "lines": lines})).await.expect_status(200).json();
        assert!(each["results"][0]["id"].is_string());
        assert_eq!(each["results"][1]["error"]["code"], "insufficient_stock");
        assert_eq!(each["results"][2]["error"]["code"], "unknown_product");
        assert_eq!(on_hand(&shop, "LECHE").await, "10");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// INP-2: a batch has 10,000 lines at most; one more moves nothing.
    fn a_batch_of_one_line_too_many_moves_nothing(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        for mode in ["atomic", "each"] {
            let lines: Vec<_> = (0..10_001).map(|_| receipt("LECHE", "1", "100")).collect();
            let told = api.post("/api/v1/movements/batch", json!({"mode": mode, "lines": lines})).await;
            let told = told.expect_problem(422, "invalid").json();
            assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["code"]), (&json!("lines"), &json!("out_of_range")));
        }
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Locations and lots: picking is first expiry, first out, and a transfer keeps the lots.
    fn what_expires_first_leaves_first(shop: TestShop) {
        stocked(&shop, &[("YOGUR", "un")]).await;
        let api = shop.api(shop.admin());
        for (code, day) in [("B", "2027-02-01"), ("A", "2027-01-01")] {
            let mut body = receipt("YOGUR", "5", "100");
            body["lot"] = json!({"code": code, "expires_on": day});
            api.post("/api/v1/movements", body).await.expect_status(201);
        }
        api.post("/api/v1/movements", movement("transfer", "YOGUR", "6", Some("deposito"), Some("local"))).await.expect_status(201);
        let lots = api.get("/api/v1/stock/lots?sku=YOGUR").await.expect_status(200).json();
        let seen: Vec<_> = lots["items"].as_array().unwrap().iter()
            .map(|lot| format!("{} {} {}", lot["code"].as_str().unwrap(), lot["location"].as_str().unwrap(), lot["quantity"].as_str().unwrap())).collect();
        let mut expected = vec!["A local 5", "B deposito 4", "B local 1"];
        expected.sort_unstable();
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
        assert!(seen[0].starts_with('A'), "first expiring first: {seen:?}");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// A product's movements of one document stand far apart in its kardex; each page has as many as asked.
    fn the_movements_of_a_product_and_document_are_paged_without_losing_any(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("QUESO", "un")]).await;
        let api = shop.api(shop.admin());
        for number in 0..24 {
            for sku in ["LECHE", "QUESO"] {
                let mut body = receipt(sku, "1", "100");
                body["document"] = json!(if number % 8 == 0 { "R-1" } else { "R-2" });
                api.post("/api/v1/movements", body).await.expect_status(201);
            }
        }
        let asked = "/api/v1/movements?product=sku:LECHE&document=R-1&limit=2";
        let first = api.get(asked).await.expect_status(200).json();
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let after = first["next"].as_str().expect("there is another page");
        let second = api.get(&format!("{asked}&after={after}")).await.expect_status(200).json();
        assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (1, &json!(null)));
        assert_eq!(second["items"][0]["product"], "sku:LECHE");
    }
}

both_engines! {
    /// Refused: an inactive product, also when it is an undo that would give it stock.
    fn a_movement_of_an_inactive_product_is_not_undone(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("LECHE", "5", "100")).await.expect_status(201);
        let sale = api.post("/api/v1/movements", movement("sale", "LECHE", "5", Some("deposito"), None)).await.expect_status(201).json();
        api.post("/api/v1/products/sku:LECHE/deactivate", json!({})).await.expect_status(200);
        let path = format!("/api/v1/movements/{}/reverse", sale["id"].as_str().unwrap());
        api.post(&path, json!({"reason": "se arrepintió"})).await.expect_problem(409, "inactive_product");
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        api.post("/api/v1/products/sku:LECHE/activate", json!({})).await.expect_status(200);
        api.post(&path, json!({"reason": "se arrepintió"})).await.expect_status(201);
        assert_eq!(on_hand(&shop, "LECHE").await, "5");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Late lines of one batch are checked against each other as if each had come alone.
    fn late_lines_of_a_batch_see_each_other(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let dated = |mut body: serde_json::Value, day: u32| { body["occurred_at"] = format!("2026-01-{day:02}T12:00:00Z").into(); body };
        api.post("/api/v1/movements", dated(receipt("LECHE", "10", "100"), 1)).await.expect_status(201);
        let sale = |quantity: &str, day| dated(movement("sale", "LECHE", quantity, Some("deposito"), None), day);
        let lines = json!([dated(receipt("LECHE", "10", "200"), 5), sale("8", 3), sale("3", 2), sale("2", 2), sale("9", 4), sale("10", 6)]);
        let results = api.post("/api/v1/movements/batch", json!({"mode": "each", "lines": lines})).await.expect_status(200).json();
        let codes: Vec<_> = results["results"].as_array().unwrap().iter().map(|line| line["error"]["code"].as_str().unwrap_or("")).collect();
        assert_eq!(codes, ["", "", "backdated_would_go_negative", "", "backdated_would_go_negative", ""]);
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        assert_eq!(value(&shop, "LECHE").await, "0.00");
        let then = api.get("/api/v1/stock/as-of?sku=LECHE&at=2026-01-03T23:00:00Z").await.expect_status(200).json();
        assert_eq!((&then["items"][0]["on_hand"], &then["items"][0]["value"]), (&json!("0"), &json!("0.00")));
        adds_up(&shop).await;
    }
}
