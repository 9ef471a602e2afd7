//! What is held against an invoice before it may go into the books: by its own figures, by what the shop knows of the supplier,
//! by the order and by the last cost. What is wrong is refused, what is doubtful is asked once, and the books stay as they were.

use axum::http::Method;
use gondola_shop::invoices::read_pending;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

use crate::common::purchases::{fields, sent, text, with_suppliers};
use crate::invoices::{SHEET, books, brought, change, confirmed, step, typed};

/// An invoice of Quilmes of that letter, with nothing but its total.
fn lettered(letter: &str) -> Value {
    let mut body = typed("00003-00001234");
    body["letter"] = json!(letter);
    body["amounts"] = json!([]);
    body
}

async fn edit_supplier(shop: &TestShop, code: &str, body: Value) {
    let path = format!("/api/v1/suppliers/{code}");
    let version = shop.api(shop.admin()).get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&path, body).await.expect_status(200);
}

/// Sends a spreadsheet, has it read, and says whose it is and which products its lines are.
async fn sheet(shop: &TestShop, content: &str, supplier: &str) -> Value {
    let sent = Some(("text/csv", content.as_bytes().to_vec()));
    let invoice = shop.api(shop.admin()).send(Method::POST, "/api/v1/invoices", sent).await.expect_status(201).json();
    assert_eq!(read_pending(shop.db(), &Actor::system("worker"), 10).await.unwrap(), 1);
    let path = format!("/api/v1/invoices/{}", text(&invoice, "id"));
    let read = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
    let lines: Vec<Value> = read["lines"]
        .as_array()
        .unwrap()
        .iter()
        .zip(["BRAHMA", "ANDES"])
        .map(|(line, sku)| {
            json!({"text": line["text"], "quantity": line["quantity"], "price": line["price"], "vat": line["vat"],
            "subtotal": line["subtotal"], "product": format!("sku:{sku}")})
        })
        .collect();
    change(shop, &invoice, json!({"supplier": supplier, "lines": lines})).await.expect_status(200).json()
}

both_engines! {
    /// A C that states VAT, a C of who is registered, an A of a monotributista: each is asked about, and taken by who says so.
    fn a_letter_that_does_not_suit_the_seller_is_asked_about(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let mut with_vat = typed("00003-00001234");
        with_vat["letter"] = json!("C");
        for (condition, body, told) in [
            ("unknown", with_vat, "amounts"),
            ("registered_vat", lettered("C"), "letter"),
            ("monotributo", lettered("A"), "letter"),
        ] {
            edit_supplier(&shop, "Q", json!({"vat_condition": condition})).await;
            let invoice = brought(&shop, body).await;
            assert_eq!(fields(step(&shop, &invoice, "confirm", json!({})).await, 409, "warnings"), [told], "{condition}");
            let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200).text();
            assert!(page.contains("Está bien así: confirmar"), "{condition}");
            step(&shop, &invoice, "confirm", json!({"accept_warnings": true})).await.expect_status(200);
            step(&shop, &invoice, "reject", json!({"reason": "Era una prueba"})).await.expect_status(200);
        }
        for (condition, letter) in [("registered_vat", "A"), ("monotributo", "C"), ("exempt", "C"), ("unknown", "A")] {
            edit_supplier(&shop, "Q", json!({"vat_condition": condition})).await;
            let invoice = brought(&shop, lettered(letter)).await;
            step(&shop, &invoice, "confirm", json!({})).await.expect_status(200);
            step(&shop, &invoice, "reject", json!({"reason": "Era una prueba"})).await.expect_status(200);
        }
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    /// A CUIT of somebody else, one whose digit is wrong, a CAE without fourteen digits, a date of another century.
    fn who_and_when_must_be_right(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        edit_supplier(&shop, "MAX", json!({"tax_id": "30-70804363-6"})).await;
        let accepted = json!({"accept_warnings": true});
        let other = sheet(&shop, SHEET, "MAX").await;
        assert_eq!(fields(step(&shop, &other, "confirm", accepted.clone()).await, 422, "invalid"), ["supplier"]);
        let mut old = typed("00003-00001234");
        old["issued_on"] = json!("2010-01-04");
        let old = brought(&shop, old).await;
        assert_eq!(fields(step(&shop, &old, "confirm", accepted.clone()).await, 422, "invalid"), ["issued_on"]);
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    /// A quarter more or less than the last time is mostly another product, or a case taken for a unit.
    fn a_cost_far_from_the_last_one_is_asked_about(shop: TestShop) {
        with_suppliers(&shop).await;
        let came = |sku: &str, cost: &str| json!({"product": format!("sku:{sku}"), "quantity": "1", "unit_cost": cost});
        let delivery = json!({"supplier": "Q", "location": "deposito", "lines": [came("BRAHMA", "1620"), came("ANDES", "500")]});
        shop.api(shop.admin()).post("/api/v1/goods-receipts", delivery).await.expect_status(201);
        let before = books(&shop).await;
        let invoice = brought(&shop, typed("00003-00001234")).await;
        let told = fields(step(&shop, &invoice, "confirm", json!({})).await, 409, "warnings");
        assert_eq!(told, ["lines[0].price"], "25 % less is asked about, 21 % more is only shown");
        let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200).text();
        assert!(page.contains("Renglón 1: Salía $ 1.620,00 y ahora da $ 1.210,00."), "{page}");
        assert_eq!(books(&shop).await, before);
        step(&shop, &invoice, "confirm", json!({"accept_warnings": true})).await.expect_status(200);
    }
}

both_engines! {
    /// Before it goes into the books each line stands beside what was ordered: how much at what cost, or that nobody ordered it.
    fn each_line_stands_beside_its_order(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "2", "unit": "cajón", "expected_cost": "14000"}])).await;
        let mut body = typed("00003-00001234");
        body["order"] = order["id"].clone();
        let invoice = confirmed(&shop, body).await;
        let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200).text();
        for told in ["Pedido 24 un × $ 1.166,6667", "No estaba en el pedido"] {
            assert!(page.contains(told), "{told}: {page}");
        }
    }
}
