//! What is refused, asked and not understood; who may say what; and that the shop is known as it is now.

use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::assistant::seed::{at, said, say_as, shop_of, written};
use crate::common::movement;

const FEW: [&str; 4] = ["PAN-FARGO", "CON-MILP", "VIN-ALMAMORA", "GAS-COCA-2250"];

both_engines! {
    fn a_product_is_known_as_soon_as_it_is_there_and_by_what_it_is_called(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        assert_eq!(said(&shop, "Falta Playadito").await["status"], "ask");
        let api = shop.api(shop.admin());
        let body = json!({"sku": "INF-PLAYA", "name": "Yerba Playadito 1 kg", "brand": "Playadito", "category": "GEN", "unit": "un"});
        api.post("/api/v1/products", body).await.expect_status(201);
        let known = said(&shop, "Falta Playadito").await;
        assert_eq!((&known["status"], &known["entries"][0]["product"]["sku"]), (&json!("done"), &json!("INF-PLAYA")));
        assert_eq!(said(&shop, "Falta la roja").await["status"], "ask");
        api.post("/api/v1/products/sku:INF-PLAYA/aliases", json!({"text": "la roja"})).await.expect_status(201);
        assert_eq!(said(&shop, "Falta la roja").await["entries"][0]["product"]["sku"], "INF-PLAYA");
        let version = api.get("/api/v1/products/sku:INF-PLAYA").await.json()["version"].as_i64().expect("a version");
        api.clone().if_match(version).post("/api/v1/products/sku:INF-PLAYA/deactivate", Value::Null).await.expect_status(200);
        assert_eq!(said(&shop, "Falta Playadito").await["status"], "ask");
    }
}

both_engines! {
    fn english_is_answered_with_what_is_accepted_and_never_guessed(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        for text in ["We are out of bread", "please restock the shelves", "/mermar \"fargo\" 2 \"roto\"", "/merma fargo"] {
            let before = written(&shop).await;
            let answer = said(&shop, text).await;
            assert_eq!(answer["status"], "unknown", "{text}: {answer}");
            assert!(answer["detail"].as_str().expect("a text").contains('/'), "{answer}");
            assert_eq!((written(&shop).await, &answer["entries"]), (before, &json!([])));
        }
        let help = said(&shop, "/ayuda").await;
        let commands = help["commands"].as_array().expect("commands");
        assert!(commands.iter().any(|command| command.as_str().is_some_and(|text| text.starts_with("/merma "))), "{help}");
        assert_eq!(said(&shop, "/stock \"alma mora\"").await["see"], "/api/v1/inventory?q=alma+mora");
        assert_eq!(said(&shop, "/informe_stock").await["see"], "/api/v1/inventory");
        let english = shop.api(shop.admin()).header("accept-language", "en").post("/api/v1/assistant/messages", json!({"text": "Hola"})).await;
        assert!(english.json()["detail"].as_str().expect("a text").starts_with("Not understood"), "{}", english.text());
    }
}

both_engines! {
    /// A candidate's sentence is the answer: sent as it is, it is clear.
    fn what_is_asked_offers_sentences_that_answer_it(shop: TestShop) {
        shop_of(&shop, &["LAC-LS-SACH", "LAC-ARM-SACH", "LAC-LV", "CBO-QUIL-1000"]).await;
        let asked = said(&shop, "Falta leche").await;
        assert_eq!((&asked["status"], &asked["questions"][0]["about"]), (&json!("ask"), &json!("which")));
        let candidates = asked["questions"][0]["candidates"].as_array().expect("candidates").clone();
        assert!((1..=3).contains(&candidates.len()), "{asked}");
        for candidate in candidates {
            let sentence = candidate["sentence"].as_str().expect("a sentence");
            let answer = said(&shop, sentence).await;
            assert_eq!(answer["entries"][0]["product"]["sku"], candidate["sku"], "{sentence}: {answer}");
        }
        let broken = said(&shop, "Se rompieron 3 botellas de Quilmes litro").await;
        assert_eq!(broken["status"], "done");
        let offer = broken["offers"][0]["sentence"].as_str().expect("a sentence").to_owned();
        let plan = said(&shop, &offer).await;
        assert_eq!((&plan["status"], &plan["entries"][0]["quantity"], &plan["entries"][0]["reason"]), (&json!("confirm"), &json!("3"), &json!("roto")));
    }
}

both_engines! {
    /// What happened is noted once: which product it was is answered by writing the loss off, not by telling it again.
    fn the_product_of_an_incident_is_answered_by_its_loss(shop: TestShop) {
        shop_of(&shop, &["YOG-FRU", "YOG-VAI"]).await;
        let told = said(&shop, "Hay 5 Yogurísimo vencidos").await;
        assert_eq!((&told["status"], &told["entries"][0]["action"]), (&json!("done"), &json!("incident")), "{told}");
        let before = written(&shop).await;
        let sentence = told["questions"][0]["candidates"][0]["sentence"].as_str().expect("a sentence").to_owned();
        assert!(sentence.starts_with("/merma ") && sentence.ends_with(" 5 \"vencido\""), "{sentence}");
        assert_eq!(said(&shop, &sentence).await["status"], "confirm");
        assert_eq!(written(&shop).await, before);
    }
}

both_engines! {
    /// Who may not do what a sentence does is refused, and nothing of the sentence is written.
    fn a_sentence_needs_the_rights_of_what_it_does(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let before = written(&shop).await;
        for (role, text) in [
            (Role::Auditor, "Falta pan Fargo"),
            (Role::Cashier, "Falta pan Fargo y dejé 3 Fargo"),
            (Role::Cashier, "/merma \"milanesa de pollo\" 1 \"vencido\""),
            (Role::Cashier, "/calibrar producto=\"milanesa de pollo\" stock_real=3 justificacion=\"recuento\""),
            (Role::Deposito, "/calibrar producto=\"milanesa de pollo\" stock_real=3 justificacion=\"recuento\""),
            (Role::Deposito, "Vendí kilo y medio de milanesa de pollo"),
            (Role::Negocio, "Saqué 2 cajas de Alma Mora del depósito"),
            (Role::Deposito, "/corregir id=1 cantidad=3 motivo=\"error de carga\""),
        ] {
            say_as(&shop, shop.user(role), text).await.expect_problem(403, "forbidden");
            assert_eq!(written(&shop).await, before, "{text}");
        }
        let cashier = say_as(&shop, shop.user(Role::Cashier), "Falta pan Fargo").await.expect_status(200).json();
        assert_eq!(cashier["status"], "done");
        say_as(&shop, shop.user(Role::Cashier), "Vendí kilo y medio de milanesa de pollo").await.expect_status(200);
        assert_eq!(at(&shop, "CON-MILP", "local").await, "8.500");
    }
}

both_engines! {
    /// All of a sentence or none: how many there are in a crate of that is not known, so the notes beside it stay out too.
    fn a_refused_sentence_changes_nothing(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let before = written(&shop).await;
        let refused = say_as(&shop, shop.admin(), "Falta pan Fargo y dejé 3 cajones de Alma Mora").await;
        let problem = refused.expect_problem(422, "unknown_unit").json();
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("text"), &json!("unknown_unit")));
        assert_eq!(written(&shop).await, before);
        for (body, field) in [(json!({}), "text"), (json!({"text": "  "}), "text"), (json!({"text": "a".repeat(501)}), "text"),
            (json!({"text": "Falta pan", "place": "calle"}), "place"), (json!({"text": "Falta pan", "texto": "x"}), "texto")] {
            let problem = shop.api(shop.admin()).post("/api/v1/assistant/messages", body).await.expect_status(422).json();
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
        assert_eq!(written(&shop).await, before);
    }
}

both_engines! {
    fn the_same_request_again_writes_once(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let api = shop.api(shop.admin()).key("una-vez");
        let body = json!({"text": "Dejé 6 Alma Mora en el depósito"});
        let first = api.post("/api/v1/assistant/messages", body.clone()).await.expect_status(200);
        let again = api.post("/api/v1/assistant/messages", body).await.expect_status(200);
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
        assert_eq!(at(&shop, "VIN-ALMAMORA", "deposito").await, "30");
        api.post("/api/v1/assistant/messages", json!({"text": "Falta pan Fargo"})).await.expect_status(409);
    }
}

both_engines! {
    /// The number of units in a sentence is judged by what moved before: ten times the usual is confirmed.
    fn far_more_than_usual_is_confirmed_first(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        for quantity in ["3", "4", "5"] {
            let receipt = movement("receipt", "PAN-FARGO", quantity, None, Some("deposito"));
            shop.api(shop.admin()).post("/api/v1/movements", receipt).await.expect_status(201);
        }
        assert_eq!(said(&shop, "Dejé 40 pan Fargo en el depósito").await["status"], "done");
        // Of 3, 4, 5 and 40 the middle one is 5.
        let plan = said(&shop, "Dejé 51 pan Fargo en el depósito").await;
        assert_eq!(plan["status"], "confirm");
        assert!(plan["detail"].as_str().expect("a text").contains("diez veces"), "{plan}");
        assert_eq!(at(&shop, "PAN-FARGO", "deposito").await, "52");
    }
}
