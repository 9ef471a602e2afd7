//! A list counts, once and whole, within its days; and it is taken back whole.

use std::time::Duration;

use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::json;

use crate::common::purchases::{fields, text};
use crate::supplier_lists::given::{
    LISTS, apply, apply_as_read, brought, change, cost, costs, founded, lines, seen, send, send_form, step, told,
};

const WINES: &str = "EAN;Descripción;Precio\n7790742034007;ELEMENTOS MALBEC;9.000\n;Vino Santa Julia Chenin 750 ml;7.000,5\n;UN VINO QUE NADIE VENDE;1.000\n";

both_engines! {
    fn a_list_sets_what_it_takes_to_buy_again_and_is_taken_back_whole(shop: TestShop) {
        founded(&shop).await;
        let before = costs(&shop).await;
        let list = brought(&shop, "MAX", WINES).await;
        assert_eq!(told(&lines(&shop, &list, "").await, &["sku", "certainty", "unit_cost", "chosen"]),
            ["MALBEC certain 10890.0000 true", "CHENIN certain 8470.6050 true", "- none - false"], "a monotributista's VAT is cost");
        assert_eq!(costs(&shop).await, before, "nothing counts before it is applied");
        let applied = apply(&shop, &list).await.expect_status(200).json();
        assert_eq!((&applied["state"], &applied["counts"]["applied"]), (&json!("applied"), &json!(2)));
        assert_eq!(costs(&shop).await, ["10890.0000", "8470.6050", "8000.0000"], "what has no line keeps its cost");
        apply(&shop, &list).await.expect_problem(409, "list_state");
        change(&shop, &list, json!({"name": "Otra"})).await.expect_problem(409, "list_state");
        step(&shop, &list, "discard", json!({})).await.expect_problem(409, "list_state");
        assert_eq!(fields(step(&shop, &list, "reverse", json!({})).await, 422, "invalid"), ["reason"]);
        let reversed = step(&shop, &list, "reverse", json!({"reason": "Era la de otro mes"})).await.expect_status(200).json();
        assert_eq!((&reversed["state"], &reversed["counts"]["reversed"], &reversed["reversing_reason"]),
            (&json!("reversed"), &json!(2), &json!("Era la de otro mes")));
        assert_eq!(costs(&shop).await, before);
        step(&shop, &list, "reverse", json!({"reason": "Otra vez"})).await.expect_problem(409, "list_state");
        assert_eq!(costs(&shop).await, before);
    }
}

both_engines! {
    /// Worked example 7: the list of BC says $8,765.4321 and holds until its last day, which counts.
    fn a_list_past_its_last_day_is_not_applied_and_says_what_to_do(shop: TestShop) {
        founded(&shop).await;
        let today = seen_day(&shop).await;
        let file = "EAN;Descripción;Precio\n7790742034007;ELEMENTOS MALBEC;8.765,4321\n";
        let list = send_form(&shop, "MAX", file, &[("name", "Lista BC"), ("valid_to", &today)]).await.expect_status(201).json();
        assert_eq!(told(&lines(&shop, &list, "").await, &["price"]), ["8765.4321"]);
        let before = costs(&shop).await;
        shop.clock().advance(Duration::from_secs(86_400));
        assert_eq!(seen(&shop, &list).await["expired"], true);
        let refused = apply(&shop, &list).await.expect_problem(409, "list_expired").json();
        assert!(text(&refused, "detail").contains("Pedile a Maxiconsumo la nueva"), "{refused}");
        assert_eq!((costs(&shop).await, &seen(&shop, &list).await["state"]), (before, &json!("draft")));
        change(&shop, &list, json!({"valid_to": null})).await.expect_status(200);
        apply(&shop, &list).await.expect_status(200);
        assert_eq!(cost(&shop, "MALBEC").await, "10606.1728");
    }
}

both_engines! {
    fn the_last_day_of_a_list_counts_and_the_day_before_its_first_does_not(shop: TestShop) {
        founded(&shop).await;
        let today = seen_day(&shop).await;
        let early = send_form(&shop, "MAX", WINES, &[("valid_from", "2030-01-01")]).await.expect_status(201).json();
        let before = costs(&shop).await;
        apply(&shop, &early).await.expect_problem(409, "list_not_yet");
        assert_eq!(costs(&shop).await, before);
        step(&shop, &early, "discard", json!({})).await.expect_status(200);
        let list = send_form(&shop, "MAX", WINES, &[("valid_from", &today), ("valid_to", &today)]).await.expect_status(201).json();
        apply(&shop, &list).await.expect_status(200);
        let refused = send_form(&shop, "MAX", "EAN;Descripción;Precio\n;X;1\n", &[("valid_from", "2026-11-02"), ("valid_to", "2026-11-01")]).await;
        assert_eq!(fields(refused, 422, "invalid"), ["valid_to"]);
    }
}

both_engines! {
    fn what_somebody_changed_since_is_left_and_listed(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", WINES).await;
        apply(&shop, &list).await.expect_status(200);
        let chenin = shop.api(shop.admin()).get("/api/v1/products/sku:CHENIN").await.json();
        let version = chenin["version"].as_i64().unwrap();
        shop.api(shop.admin()).if_match(version).patch("/api/v1/products/sku:CHENIN", json!({"replacement_cost": "9999"})).await.expect_status(200);
        // A later list says the same of the other one: what it says holds, too.
        let later = brought(&shop, "MAX", "EAN;Descripción;Precio\n7790742034007;ELEMENTOS MALBEC;9.000\n").await;
        shop.clock().advance(Duration::from_secs(60));
        apply(&shop, &later).await.expect_status(200);
        let reversed = step(&shop, &list, "reverse", json!({"reason": "Estaba mal"})).await.expect_status(200).json();
        assert_eq!((&reversed["counts"]["reversed"], &reversed["counts"]["skipped"]), (&json!(0), &json!(2)));
        assert_eq!(costs(&shop).await, ["10890.0000", "9999.0000", "8000.0000"]);
        assert_eq!(told(&lines(&shop, &list, "?outcome=skipped").await, &["sku"]), ["MALBEC", "CHENIN"]);
        step(&shop, &later, "reverse", json!({"reason": "Esa también"})).await.expect_status(200);
        assert_eq!(cost(&shop, "MALBEC").await, "10890.0000", "what it took before the later list");
    }
}

both_engines! {
    fn nothing_is_applied_twice_stale_empty_or_for_one_product_twice(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", WINES).await;
        let before = costs(&shop).await;
        change(&shop, &list, json!({"name": "Noviembre"})).await.expect_status(200);
        apply_as_read(&shop, &list, 1).await.expect_problem(412, "stale_version");
        step(&shop, &list, "apply", json!({})).await.expect_problem(428, "version_required");
        let stale = shop.api(shop.admin()).if_match(1).patch(&format!("{LISTS}/{}", text(&list, "id")), json!({"name": "Vieja"})).await;
        stale.expect_problem(412, "stale_version");
        let all = lines(&shop, &list, "").await;
        let place = |at: usize| all[at]["line"].clone();
        let untick = json!({"lines": [{"line": place(0), "chosen": false}, {"line": place(1), "chosen": false}]});
        change(&shop, &list, untick).await.expect_status(200);
        apply(&shop, &list).await.expect_problem(409, "nothing_chosen");
        let twice = json!({"lines": [{"line": place(0), "chosen": true}, {"line": place(2), "product": "sku:MALBEC"}]});
        change(&shop, &list, twice).await.expect_status(200);
        let refused = apply(&shop, &list).await.expect_problem(409, "same_product_twice").json();
        assert!(text(&refused, "detail").contains("MALBEC"), "{refused}");
        assert_eq!(costs(&shop).await, before);
        // The same request twice is one.
        change(&shop, &list, json!({"lines": [{"line": place(2), "chosen": false}]})).await.expect_status(200);
        let version = seen(&shop, &list).await["version"].as_i64().unwrap();
        let path = format!("{LISTS}/{}/apply", text(&list, "id"));
        let (api, key) = (shop.api(shop.admin()), "5f0e6a52-0f0b-4d8e-9b0c-6b6f7d1f9a01");
        let first = api.key(key).if_match(version).send(Method::POST, &path, None).await.expect_status(200);
        let again = shop.api(shop.admin()).key(key).if_match(version).send(Method::POST, &path, None).await.expect_status(200);
        assert_eq!(first.json(), again.json());
        assert_eq!(cost(&shop, "MALBEC").await, "10890.0000");
    }
}

both_engines! {
    fn who_may_not_see_cost_sees_no_list_and_who_may_not_set_it_applies_none(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", WINES).await;
        let before = costs(&shop).await;
        let (one, version) = (format!("{LISTS}/{}", text(&list, "id")), list["version"].as_i64().unwrap());
        let cashier = shop.api(shop.user(Role::Cashier));
        for path in [LISTS.to_owned(), one.clone(), format!("{one}/lines"), format!("{one}/gone"), "/api/v1/products/sku:MALBEC/supplier-costs".to_owned()] {
            cashier.get(&path).await.expect_problem(403, "forbidden");
        }
        for actor in [shop.user(Role::Cashier), shop.user(Role::Auditor)] {
            shop.api(actor).if_match(version).send(Method::POST, &format!("{one}/apply"), None).await.expect_problem(403, "forbidden");
        }
        let auditor = shop.api(shop.user(Role::Auditor));
        assert_eq!(auditor.get(&one).await.expect_status(200).json()["state"], "draft");
        assert_eq!(costs(&shop).await, before);
        send(&shop, "NADIE", WINES).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// What nobody said of a cost is agreed as the supplier's list says on the day the order is sent; another's says nothing.
    fn an_order_is_agreed_at_what_the_list_says(shop: TestShop) {
        founded(&shop).await;
        let api = shop.api(shop.admin());
        let send_order = async |supplier: &str, lines: serde_json::Value| {
            let body = json!({"supplier": supplier, "lines": lines});
            let made = api.post("/api/v1/purchase-orders", body).await.expect_status(201).json();
            let path = format!("/api/v1/purchase-orders/{}/send", text(&made["orders"][0], "id"));
            let sent = api.post(&path, json!({})).await.expect_status(200).json();
            sent["lines"].as_array().unwrap().iter().map(|line| line["expected_cost"].clone()).collect::<Vec<_>>()
        };
        let wanted = json!([{"product": "sku:MALBEC", "quantity": "6"}, {"product": "sku:CHENIN", "quantity": "2", "expected_cost": "7000"}, {"text": "otro"}]);
        let none = json!(null);
        assert_eq!(send_order("MAX", wanted.clone()).await, [none.clone(), json!("7000.0000"), none.clone()], "no list, nothing agreed");
        let list = brought(&shop, "MAX", WINES).await;
        assert_eq!(send_order("MAX", wanted.clone()).await, [none.clone(), json!("7000.0000"), none.clone()], "it is not applied");
        apply(&shop, &list).await.expect_status(200);
        assert_eq!(send_order("MAX", wanted.clone()).await, [json!("10890.0000"), json!("7000.0000"), none.clone()], "what somebody said stays");
        assert_eq!(send_order("LS", json!([{"product": "sku:MALBEC", "quantity": "6"}])).await, vec![none.clone()]);
        step(&shop, &list, "reverse", json!({"reason": "Era la de otro mes"})).await.expect_status(200);
        assert_eq!(send_order("MAX", wanted).await, [none.clone(), json!("7000.0000"), none]);
    }
}

/// The shop's day.
async fn seen_day(shop: &gondola_testkit::TestShop) -> String {
    let list = brought(shop, "Q", "EAN;Descripción;Precio\n;NADA;1\n").await;
    text(&list, "valid_from").to_owned()
}
