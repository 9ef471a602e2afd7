//! What suppliers owe because of invoices, on both engines: claimed when an invoice goes into the books, ended by a person or by a
//! credit note, gone with the invoice (M8).

use crate::common::on_hand;
use crate::common::purchases::{fields, sent, text, with_suppliers};
use crate::invoices::{CLAIMS, confirmed, step, typed};
use gondola_testkit::both_engines;
use serde_json::json;

both_engines! {
    /// Three-way check: what was ordered, what came and what is billed. What differs becomes a claim, which a credit note ends.
    fn what_is_billed_and_did_not_come_as_agreed_is_claimed(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "2", "unit": "cajón", "expected_cost": "14000"},
            {"product": "sku:ANDES", "quantity": "10", "expected_cost": "605"}])).await;
        let mut body = typed("00003-00001234");
        body["order"] = order["id"].clone();
        let invoice = confirmed(&shop, body).await;
        let counted = json!({"location": "deposito", "lines": [{"line": 1, "received": "20", "damaged": "3"}]});
        let unknown = json!([{"line": 3, "received": "1"}]);
        assert_eq!(fields(step(&shop, &invoice, "apply", json!({"location": "deposito", "lines": unknown})).await, 422, "invalid"), ["lines[0].line"]);
        assert_eq!(fields(step(&shop, &invoice, "apply", json!({})).await, 422, "invalid"), ["location"]);
        step(&shop, &invoice, "apply", counted).await.expect_status(200);
        assert_eq!((on_hand(&shop, "BRAHMA").await, on_hand(&shop, "ANDES").await), ("20".into(), "10".into()));
        let after = shop.api(shop.admin()).get(&format!("/api/v1/purchase-orders/{}", text(&order, "id"))).await.expect_status(200).json();
        assert_eq!((&after["state"], &after["lines"][0]["received"]), (&json!("partial"), &json!("20")));
        let claims = shop.api(shop.admin()).get(CLAIMS).await.expect_status(200).json();
        let told: Vec<[&str; 4]> = claims["items"].as_array().unwrap().iter()
            .map(|claim| ["kind", "expected", "found", "amount"].map(|field| text(claim, field))).collect();
        assert_eq!(told, [["cost", "1166.6667", "1210.0000", "1040.00"], ["missing", "24", "23", "1210.00"], ["damaged", "24", "21", "3630.00"]]);
        let claim = format!("{CLAIMS}/{}", text(&claims["items"][1], "id"));
        let note = json!({"reason": "NC A 00003-00000077"});
        let settled = shop.api(shop.admin()).post(&format!("{claim}/settle"), note.clone()).await.expect_status(200).json();
        assert_eq!((&settled["state"], &settled["ending"]), (&json!("settled"), &json!("NC A 00003-00000077")));
        shop.api(shop.admin()).post(&format!("{claim}/drop"), note).await.expect_problem(409, "claim_ended");
        step(&shop, &invoice, "reverse", json!({"reason": "Otra vez"})).await.expect_status(200);
        let open = shop.api(shop.admin()).get(&format!("{CLAIMS}?state=open&supplier=Q")).await.expect_status(200).json();
        assert_eq!(open["items"], json!([]), "what follows from an invoice goes with it");
        let after = shop.api(shop.admin()).get(&format!("/api/v1/purchase-orders/{}", text(&order, "id"))).await.expect_status(200).json();
        assert_eq!((&after["state"], &after["lines"][0]["received"]), (&json!("sent"), &json!("0")));
    }
}

both_engines! {
    /// Nobody said whether what was agreed is with freight: a cost that is right with it or without it is right.
    fn freight_is_no_rise(shop: TestShop) {
        with_suppliers(&shop).await;
        // 1,210 without freight and 1,331 with it; 605 and 665.50.
        for (number, brahma, andes, told) in [
            (1, "1210", "665.50", json!([])), (2, "1331", "640", json!([])),
            (3, "1150", "700", json!([["dearer", "1150.0000", "1210.0000"], ["cheaper", "700.0000", "665.5000"]])),
        ] {
            let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "24", "expected_cost": brahma},
                {"product": "sku:ANDES", "quantity": "10", "expected_cost": andes}])).await;
            let mut body = typed(&format!("00003-{number:08}"));
            body["order"] = order["id"].clone();
            body["total"] = json!("38599.00");
            body["amounts"] = json!([{"kind": "net", "rate": "21", "amount": "31900.00"}, {"kind": "vat", "rate": "21", "amount": "6699.00"}]);
            let freight = json!({"text": "Flete", "quantity": "1", "price": "2900", "vat": "21", "subtotal": "2900.00", "goods": false});
            body["lines"].as_array_mut().unwrap().push(freight);
            let invoice = confirmed(&shop, body).await;
            let applied = step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200).json();
            let of = |found: &serde_json::Value| ["kind", "expected", "found"].map(|field| found[field].clone());
            let found: Vec<_> = applied["differences"].as_array().unwrap().iter().map(of).collect();
            assert_eq!(json!(found), told, "{number}");
        }
    }
}

both_engines! {
    /// A credit note in the books ends the claims that it makes good; taken back, they are open again.
    fn a_credit_note_ends_the_claims_that_it_makes_good(shop: TestShop) {
        with_suppliers(&shop).await;
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        step(&shop, &invoice, "apply", json!({"location": "deposito", "lines": [{"line": 1, "received": "20", "damaged": "3"}]})).await.expect_status(200);
        let claims = async |query: &str| {
            let found = shop.api(shop.admin()).get(&format!("{CLAIMS}{query}")).await.expect_status(200).json();
            found["items"].as_array().unwrap().clone()
        };
        let open = claims("?state=open").await;
        assert_eq!(open.len(), 2);
        let note = json!({"supplier": "Q", "kind": "credit_note", "letter": "A", "number": "00003-00000077", "issued_on": "2026-11-21", "total": "3630.00",
            "amounts": [{"kind": "net", "rate": "21", "amount": "3000"}, {"kind": "vat", "rate": "21", "amount": "630"}]});
        let note = confirmed(&shop, note).await;
        let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&note, "id"))).await.expect_status(200).text();
        assert!(page.contains("Reclamos que resuelve esta nota") && !page.contains("name=\"location\""), "{page}");
        let unknown = json!({"claims": [open[0]["id"], crate::common::nothing()]});
        assert_eq!(fields(step(&shop, &note, "apply", unknown).await, 422, "invalid"), ["claims[1]"]);
        assert_eq!(claims("?state=open").await.len(), 2, "refused, it ends none");
        let of_goods = confirmed(&shop, typed("00003-00001235")).await;
        let wrong = json!({"location": "deposito", "claims": [open[0]["id"]]});
        assert_eq!(fields(step(&shop, &of_goods, "apply", wrong).await, 422, "invalid"), ["claims"], "no invoice makes a claim good");
        step(&shop, &note, "apply", json!({"claims": [open[0]["id"]]})).await.expect_status(200);
        let settled = claims("?state=settled").await;
        assert_eq!((&settled[0]["id"], &settled[0]["ending"], &settled[0]["credit_note"]),
            (&open[0]["id"], &json!("Nota de crédito A 00003-00000077"), &note["id"]));
        step(&shop, &note, "reverse", json!({"reason": "Era de otro"})).await.expect_status(200);
        assert_eq!(claims("?state=open").await.len(), 2);
        // Where the invoice went out of the books meanwhile, nothing is left to claim.
        step(&shop, &note, "confirm", json!({})).await.expect_status(200);
        step(&shop, &note, "apply", json!({"claims": [open[0]["id"]]})).await.expect_status(200);
        step(&shop, &invoice, "reverse", json!({"reason": "Otra vez"})).await.expect_status(200);
        step(&shop, &note, "reverse", json!({"reason": "Otra vez"})).await.expect_status(200);
        assert_eq!((claims("?state=open").await.len(), claims("?state=settled").await.len()), (0, 0));
    }
}
