//! Undoing what one wrote last: one step, by the author, whole or not at all.

use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

use crate::assistant::seed::{at, said, say_as, shop_of, written};

const FEW: [&str; 4] = ["PAN-FARGO", "GAS-COCA-2250", "CLA-HEIN-473", "CON-MILP"];

async fn undo_as(shop: &TestShop, actor: Actor, message: &Value) -> Answer {
    let id = message["id"].as_str().expect("an id");
    shop.api(actor).post(&format!("/api/v1/assistant/messages/{id}/undo"), Value::Null).await
}

both_engines! {
    fn lines_are_crossed_out_and_movements_reversed_together(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let before = written(&shop).await;
        let message = said(&shop, "Me llevo 6 Coca de 2.25 y 12 Heineken lata 473 para el local; falta pan Fargo").await;
        assert_eq!(message["entries"].as_array().map(Vec::len), Some(3), "{message}");
        assert_eq!((at(&shop, "GAS-COCA-2250", "local").await, at(&shop, "CLA-HEIN-473", "local").await), ("6".to_owned(), "12".to_owned()));
        let undone = undo_as(&shop, shop.admin(), &message).await.expect_status(200).json();
        assert!(undone["undone_at"].is_string(), "{undone}");
        assert_eq!((at(&shop, "GAS-COCA-2250", "local").await, at(&shop, "GAS-COCA-2250", "deposito").await), ("0".to_owned(), "24".to_owned()));
        assert_eq!(written(&shop).await, (before.0 + 4, before.1), "two moves, two reversals, no line that waits");
        undo_as(&shop, shop.admin(), &message).await.expect_problem(409, "already_undone");
        crate::common::adds_up(&shop).await;
    }
}

both_engines! {
    fn only_the_author_and_only_the_last(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let first = said(&shop, "Falta pan Fargo").await;
        undo_as(&shop, shop.manager(), &first).await.expect_problem(404, "not_found");
        let asked = said(&shop, "Falta Playadito").await;
        undo_as(&shop, shop.admin(), &asked).await.expect_problem(409, "nothing_written");
        let sold = say_as(&shop, shop.user(Role::Cashier), "Vendí kilo y medio de milanesa de pollo").await.expect_status(200).json();
        said(&shop, "Dejé 6 Coca de 2.25 en el depósito").await;
        let before = written(&shop).await;
        undo_as(&shop, shop.admin(), &first).await.expect_problem(409, "not_the_last");
        assert_eq!(written(&shop).await, before);
        undo_as(&shop, shop.user(Role::Cashier), &sold).await.expect_status(200);
        assert_eq!(at(&shop, "CON-MILP", "local").await, "10.000");
        shop.api(shop.admin()).post("/api/v1/assistant/messages/no-id/undo", Value::Null).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// A line that others noted too, or that somebody changed since, is not one person's to cross out.
    fn a_touched_line_stays_and_so_does_the_rest(shop: TestShop) {
        shop_of(&shop, &FEW).await;
        let line = say_as(&shop, shop.manager(), "Falta pan Fargo").await.expect_status(200).json();
        let again = said(&shop, "Dejé 6 Coca de 2.25 en el depósito; falta pan Fargo").await;
        assert_eq!(again["entries"][1]["id"], line["entries"][0]["id"], "one line within the hour");
        undo_as(&shop, shop.admin(), &again).await.expect_problem(409, "line_was_there");
        undo_as(&shop, shop.manager(), &line).await.expect_problem(409, "line_changed");
        assert_eq!(at(&shop, "GAS-COCA-2250", "deposito").await, "30");
        let found = shop.api(shop.admin()).get(&format!("/api/v1/notebook/{}", line["entries"][0]["id"].as_str().expect("an id"))).await.json();
        assert_eq!(found["state"], json!("pending"));
    }
}
