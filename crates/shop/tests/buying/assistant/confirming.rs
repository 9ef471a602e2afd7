//! Plans that wait: shown first, confirmed once, within two minutes, by who wrote them.

use std::time::Duration;

use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::assistant::seed::{at, confirm_as, said, say_as, shop_of, written};

const FEW: [&str; 4] = ["QUE-FONTINA", "CON-MILP", "ACE-NATU-900", "GAS-COCA-2250"];
const WASTE: &str = "/merma \"fontina\" 0,75 \"vencido\"";

both_engines! {
    fn a_plan_is_carried_out_once(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let before = written(&shop).await;
        let plan = said(&shop, WASTE).await;
        assert_eq!((&plan["status"], &plan["entries"][0]["id"], &plan["done_at"]), (&json!("confirm"), &Value::Null, &Value::Null));
        assert_eq!((written(&shop).await, at(&shop, "QUE-FONTINA", "local").await), (before, "5.000".to_owned()));
        let done = confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_status(200).json();
        assert_eq!((&done["id"], &done["status"], &done["token"]), (&plan["id"], &json!("done"), &Value::Null));
        assert_eq!(at(&shop, "QUE-FONTINA", "local").await, "4.250");
        confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_problem(409, "plan_confirmed");
        assert_eq!(at(&shop, "QUE-FONTINA", "local").await, "4.250");
        let movement = done["entries"][0]["id"].as_str().expect("an id");
        let kardex = shop.api(shop.admin()).get("/api/v1/movements?kind=waste").await.expect_status(200).json();
        assert_eq!((&kardex["items"][0]["id"], &kardex["items"][0]["reason"]), (&json!(movement), &json!("vencido")));
    }
}

both_engines! {
    fn a_plan_that_waited_too_long_is_refused(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let (first, second) = (said(&shop, WASTE).await, said(&shop, WASTE).await);
        shop.clock().advance(Duration::from_secs(119));
        confirm_as(&shop, shop.admin(), &first["token"]).await.expect_status(200);
        shop.clock().advance(Duration::from_secs(1));
        confirm_as(&shop, shop.admin(), &second["token"]).await.expect_problem(409, "plan_expired");
        assert_eq!(at(&shop, "QUE-FONTINA", "local").await, "4.250");
    }
}

both_engines! {
    fn a_plan_is_for_who_wrote_it_alone(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let plan = said(&shop, WASTE).await;
        for other in [shop.manager(), shop.user(Role::Deposito), shop.key("read,write")] {
            confirm_as(&shop, other, &plan["token"]).await.expect_problem(409, "unknown_plan");
        }
        for wrong in ["x", "", "0123456789abcdefghijABCDEFGHIJ0123456789_-ñ"] {
            confirm_as(&shop, shop.admin(), &json!(wrong)).await.expect_problem(422, "invalid");
        }
        let other = json!("0123456789abcdefghijABCDEFGHIJ0123456789_-x");
        confirm_as(&shop, shop.admin(), &other).await.expect_problem(409, "unknown_plan");
        shop.api(shop.admin()).post("/api/v1/assistant/confirm", json!({})).await.expect_problem(422, "invalid");
        assert_eq!(at(&shop, "QUE-FONTINA", "local").await, "5.000");
        confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_status(200);
    }
}

both_engines! {
    fn the_same_confirmation_again_is_answered_and_writes_once(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let plan = said(&shop, WASTE).await;
        let api = shop.api(shop.admin()).key("confirmo");
        let body = json!({"token": plan["token"]});
        let first = api.post("/api/v1/assistant/confirm", body.clone()).await.expect_status(200);
        let again = api.post("/api/v1/assistant/confirm", body).await.expect_status(200);
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
        assert_eq!(at(&shop, "QUE-FONTINA", "local").await, "4.250");
    }
}

both_engines! {
    /// More than there is is asked about, and then it is the stock's to refuse: nothing changes either way.
    fn more_than_there_is_is_asked_and_stays_refused(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let plan = said(&shop, "Vendí 30 kg de milanesa de pollo").await;
        assert_eq!(plan["status"], "confirm");
        assert!(plan["detail"].as_str().expect("a text").contains("más de lo que hay"), "{plan}");
        confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_status(409);
        assert_eq!(at(&shop, "CON-MILP", "local").await, "10.000");
    }
}

both_engines! {
    fn a_movement_is_corrected_by_its_number_and_a_count_sets_the_record(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        said(&shop, "Dejé 2 packs de Coca de 2.25 en el depósito").await;
        assert_eq!(at(&shop, "GAS-COCA-2250", "deposito").await, "36");
        let newest = shop.api(shop.admin()).get("/api/v1/movements?kind=receipt&limit=500").await.expect_status(200).json();
        let items = newest["items"].as_array().expect("items").clone();
        let packs = items.iter().find(|one| one["quantity"] == "12").expect("the receipt of two packs");
        let plan = said(&shop, &format!("/corregir id={} cantidad=3 motivo=\"eran tres\"", packs["id"].as_str().expect("an id"))).await;
        assert_eq!((&plan["status"], &plan["entries"][0]["product"]["sku"]), (&json!("confirm"), &json!("GAS-COCA-2250")));
        confirm_as(&shop, shop.admin(), &plan["token"]).await.expect_status(200);
        assert_eq!(at(&shop, "GAS-COCA-2250", "deposito").await, "42", "three packs in the place of two");
        let again = said(&shop, &format!("/corregir id={} cantidad=1 motivo=\"era uno\"", packs["id"].as_str().expect("an id"))).await;
        confirm_as(&shop, shop.admin(), &again["token"]).await.expect_problem(409, "already_reversed");
        assert_eq!(at(&shop, "GAS-COCA-2250", "deposito").await, "42");
        say_as(&shop, shop.admin(), "/corregir id=999999 cantidad=1 motivo=\"nada\"").await.expect_problem(422, "invalid");
        let count = said(&shop, "/calibrar producto=\"queso fontina\" stock_real=5 justificacion=\"recuento heladera\"").await;
        let done = confirm_as(&shop, shop.admin(), &count["token"]).await.expect_status(200).json();
        assert_eq!((&done["status"], &done["entries"][0]["id"]), (&json!("done"), &Value::Null), "it was so already");
        crate::common::adds_up(&shop).await;
    }
}
