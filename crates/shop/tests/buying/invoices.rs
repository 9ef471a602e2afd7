//! Suppliers' invoices on both engines, through the API: brought, read, corrected, confirmed, applied and reversed; and what
//! is refused changes nothing (M9, M10, S18).

use crate::common::on_hand;
use crate::common::purchases::{fields, last_cost, sent, text, with_suppliers};
use axum::http::Method;
use gondola_shop::invoices::read_pending;
use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

const INVOICES: &str = "/api/v1/invoices";
pub const CLAIMS: &str = "/api/v1/supplier-claims";

/// An invoice in a spreadsheet: two boxes of Brahma and ten Andes, as Quilmes bills them.
pub const SHEET: &str = "\
FACTURA A;;;;;
Punto de venta: 00003 Comp. Nro: 00001234;;;;;
Fecha: 20/11/2026;;;;;
CUIT: 30-50577985-8;;;;;
Código;Descripción;Cantidad;Precio Unitario;IVA;Importe
1001;BRAHMA RET 1000 CC;24;1.000,00;21;24.000,00
1002;ANDES LATA 473;10;500,00;21;5.000,00
;;;;Neto gravado;29.000,00
;;;;IVA 21%;6.090,00
;;;;Total;35.090,00
";

async fn file(shop: &TestShop, bytes: &[u8]) -> Answer {
    shop.api(shop.admin()).send(Method::POST, INVOICES, Some(("text/csv", bytes.to_vec()))).await
}

async fn read(shop: &TestShop) -> usize {
    read_pending(shop.db(), &Actor::system("worker"), 10).await.unwrap()
}

async fn seen(shop: &TestShop, invoice: &Value) -> Value {
    let path = format!("{INVOICES}/{}", text(invoice, "id"));
    shop.api(shop.admin()).get(&path).await.expect_status(200).json()
}

pub async fn step(shop: &TestShop, invoice: &Value, step: &str, body: Value) -> Answer {
    shop.api(shop.admin()).post(&format!("{INVOICES}/{}/{step}", text(invoice, "id")), body).await
}

pub async fn change(shop: &TestShop, invoice: &Value, body: Value) -> Answer {
    let version = seen(shop, invoice).await["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&format!("{INVOICES}/{}", text(invoice, "id")), body).await
}

/// An invoice of Quilmes: two boxes of twelve Brahma and ten Andes; 29,000 and VAT.
pub fn typed(number: &str) -> Value {
    json!({"supplier": "Q", "kind": "invoice", "letter": "A", "number": number, "issued_on": "2026-11-20", "total": "35090.00",
    "amounts": [{"kind": "net", "rate": "21", "amount": "29000.00"}, {"kind": "vat", "rate": "21", "amount": "6090.00"}],
    "lines": [
        {"code": "1001", "text": "BRAHMA RET 1000 CC", "quantity": "2", "unit": "bulto", "units_per_case": 12, "price": "12000",
            "vat": "21", "subtotal": "24000.00", "product": "sku:BRAHMA"},
        {"code": "1002", "text": "ANDES LATA 473", "quantity": "10", "price": "500", "vat": "21", "subtotal": "5000.00",
            "product": "sku:ANDES"},
    ]})
}

pub async fn brought(shop: &TestShop, body: Value) -> Value {
    shop.api(shop.admin()).post(INVOICES, body).await.expect_status(201).json()
}

pub async fn confirmed(shop: &TestShop, body: Value) -> Value {
    let invoice = brought(shop, body).await;
    step(shop, &invoice, "confirm", json!({})).await.expect_status(200).json()
}

/// Everything that an invoice touches: stock and its cost, last costs, the account, receipts.
pub async fn books(shop: &TestShop) -> Value {
    let api = shop.api(shop.admin());
    let mut found = Vec::new();
    for path in [
        "/api/v1/inventory/BRAHMA",
        "/api/v1/inventory/ANDES",
        "/api/v1/stock/as-of?at=2026-12-31",
        "/api/v1/supplier-accounts",
    ] {
        found.push(api.get(path).await.expect_status(200).json());
    }
    json!({"shelf": found, "costs": [last_cost(shop, "BRAHMA").await, last_cost(shop, "ANDES").await]})
}

both_engines! {
    /// M9: goods, unit cost and debt in one step, and out again to the centavo.
    fn an_invoice_goes_into_the_books_whole_and_out_again_whole(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        assert_eq!((&invoice["state"], &invoice["document"]), (&json!("validated"), &json!("00003-00001234")));
        let come_to: Vec<(&Value, &Value)> = invoice["lines"].as_array().unwrap().iter().map(|line| (&line["received"], &line["unit_cost"])).collect();
        assert_eq!(come_to, [(&json!("24"), &json!("1210.0000")), (&json!("10"), &json!("605.0000"))], "a monotributista's VAT is cost");
        assert_eq!(books(&shop).await, before, "nothing is in the books yet");
        let applied = step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200).json();
        assert_eq!(applied["state"], "applied");
        assert_eq!((on_hand(&shop, "BRAHMA").await, on_hand(&shop, "ANDES").await), ("24".into(), "10".into()));
        assert_eq!((last_cost(&shop, "BRAHMA").await, last_cost(&shop, "ANDES").await), (json!("1210.0000"), json!("605.0000")));
        let account = shop.api(shop.admin()).get("/api/v1/suppliers/Q/account").await.expect_status(200).json();
        assert_eq!((&account["items"][0]["amount"], &account["items"][0]["document"]), (&json!("35090.00"), &json!("A 00003-00001234")));
        step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_problem(409, "invoice_state");
        let receipt = format!("/api/v1/goods-receipts/{}/reverse", text(&applied, "receipt"));
        shop.api(shop.admin()).post(&receipt, json!({"reason": "Por las dudas"})).await.expect_problem(409, "in_invoice");
        let entry = format!("/api/v1/suppliers/Q/account/{}/reverse", text(&account["items"][0], "id"));
        shop.api(shop.admin()).post(&entry, json!({"reason": "Por las dudas"})).await.expect_problem(409, "belongs_to_document");
        let reversed = step(&shop, &invoice, "reverse", json!({"reason": "Era de otro negocio"})).await.expect_status(200).json();
        assert_eq!((&reversed["state"], &reversed["reversing_reason"]), (&json!("extracted"), &json!("Era de otro negocio")));
        let after = books(&shop).await;
        assert_eq!((&after["costs"], &after["shelf"][0]["on_hand"], &after["shelf"][1]["on_hand"]), (&before["costs"], &json!("0"), &json!("0")));
        let account = shop.api(shop.admin()).get("/api/v1/suppliers/Q/account").await.expect_status(200).json();
        assert_eq!(account["items"][0]["balance"], "0.00");
        // Corrected, it may go in again: the paper is once in the books.
        step(&shop, &invoice, "confirm", json!({})).await.expect_status(200);
        step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200);
        crate::common::adds_up(&shop).await;
    }
}

both_engines! {
    /// A file waits, is read, corrected once, and the supplier's next one needs no correction.
    fn a_file_is_read_and_what_a_person_corrects_is_learned(shop: TestShop) {
        with_suppliers(&shop).await;
        let pending = file(&shop, SHEET.as_bytes()).await.expect_status(201).json();
        assert_eq!((&pending["state"], &pending["file_kind"], &pending["lines"]), (&json!("pending"), &json!("csv"), &json!([])));
        step(&shop, &pending, "confirm", json!({})).await.expect_problem(409, "invoice_state");
        assert_eq!((read(&shop).await, read(&shop).await), (1, 0), "once");
        let invoice = seen(&shop, &pending).await;
        assert_eq!((&invoice["state"], &invoice["document"], &invoice["total"]), (&json!("extracted"), &json!("00003-00001234"), &json!("35090.00")));
        assert_eq!((&invoice["kind"], &invoice["letter"], &invoice["issued_on"]), (&json!("invoice"), &json!("A"), &json!("2026-11-20")));
        assert_eq!((&invoice["lines_total"], &invoice["lines_unmatched"], &invoice["supplier"]), (&json!(2), &json!(2), &Value::Null));
        let told = fields(step(&shop, &invoice, "confirm", json!({})).await, 422, "invalid");
        assert_eq!(told, ["supplier", "lines"], "whose it is, and which products");
        let lines: Vec<Value> = invoice["lines"].as_array().unwrap().iter().zip(["BRAHMA", "ANDES"]).map(|(line, sku)| json!({
            "code": line["code"], "text": line["text"], "quantity": line["quantity"], "price": line["price"], "vat": line["vat"],
            "subtotal": line["subtotal"], "product": format!("sku:{sku}")})).collect();
        change(&shop, &invoice, json!({"supplier": "Q", "lines": lines})).await.expect_status(200);
        let done = step(&shop, &invoice, "confirm", json!({})).await.expect_status(200).json();
        assert_eq!((&done["state"], &done["lines"][0]["unit_cost"]), (&json!("validated"), &json!("1210.0000")));
        step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200);

        // The same paper again, by another file: whose it is and what its lines are is known, and that it is in the books.
        let again = SHEET.replace("1.000,00;21", "1.000,00;21 ");
        let again = file(&shop, again.as_bytes()).await.expect_status(201).json();
        read(&shop).await;
        let again = seen(&shop, &again).await;
        assert_eq!((&again["supplier"], &again["lines_unmatched"]), (&json!("Q"), &json!(0)), "the CUIT and the codes were learned");
        assert_eq!(again["lines"][0]["matched_by"], "code");
        assert_eq!(fields(step(&shop, &again, "confirm", json!({})).await, 422, "invalid"), ["number"], "a duplicate is blocked");
        let other = SHEET.replace("00001234", "00001240").replace("1001;", ";");
        let other = file(&shop, other.as_bytes()).await.expect_status(201).json();
        read(&shop).await;
        let other = seen(&shop, &other).await;
        assert_eq!(other["lines"][0]["matched_by"], "alias", "the supplier's wording was learned too");
        step(&shop, &other, "confirm", json!({})).await.expect_status(200);
        step(&shop, &other, "apply", json!({"location": "deposito"})).await.expect_status(200);
        assert_eq!(on_hand(&shop, "BRAHMA").await, "48");
    }
}

both_engines! {
    fn the_same_file_comes_once_unless_it_was_put_away(shop: TestShop) {
        with_suppliers(&shop).await;
        let first = file(&shop, SHEET.as_bytes()).await.expect_status(201).json();
        file(&shop, SHEET.as_bytes()).await.expect_problem(409, "same_file");
        let reject = json!({"reason": "Se cargó mal"});
        let rejected = step(&shop, &first, "reject", reject.clone()).await.expect_status(200).json();
        assert_eq!((&rejected["state"], &rejected["note"]), (&json!("rejected"), &json!("Se cargó mal")));
        assert_eq!(read(&shop).await, 0, "nobody reads what was put away");
        for (name, body) in [("reject", reject.clone()), ("confirm", json!({})), ("apply", json!({"location": "deposito"})), ("reverse", reject)] {
            step(&shop, &first, name, body).await.expect_problem(409, "invoice_state");
        }
        step(&shop, &first, "extract", Value::Null).await.expect_problem(409, "invoice_state");
        file(&shop, SHEET.as_bytes()).await.expect_status(201);
        let nobody = crate::common::nothing();
        for name in ["confirm", "apply", "extract"] {
            shop.api(shop.admin()).post(&format!("{INVOICES}/{nobody}/{name}"), Value::Null).await.expect_problem(404, "not_found");
        }
    }
}

both_engines! {
    /// INP-3: what a file is, its content tells, and it comes back to be saved, not shown.
    fn what_cannot_be_read_says_why_and_can_be_typed(shop: TestShop) {
        with_suppliers(&shop).await;
        for (bytes, code) in [(&b"PK\x03\x04 no workbook"[..], "sheet_truncated"), (b"%PDF-1.7 broken", "paper_damaged"), (b"\xff\xd8\xff\xe0 no photo", "paper_picture_damaged")] {
            let invoice = file(&shop, bytes).await.expect_status(201).json();
            assert_eq!(read(&shop).await, 1);
            let invoice = seen(&shop, &invoice).await;
            assert_eq!((&invoice["state"], &invoice["note"]), (&json!("error"), &json!(code)));
        }
        file(&shop, b"").await.expect_problem(422, "invalid");
        let all = shop.api(shop.admin()).get(&format!("{INVOICES}?state=error")).await.expect_status(200).json();
        let invoice = all["items"][0].clone();
        step(&shop, &invoice, "confirm", json!({})).await.expect_problem(409, "invoice_state");
        step(&shop, &invoice, "extract", Value::Null).await.expect_status(202);
        assert_eq!(read(&shop).await, 1);
        change(&shop, &invoice, typed("00003-00001234")).await.expect_status(200);
        step(&shop, &invoice, "confirm", json!({})).await.expect_status(200);
        step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200);
        let file = shop.api(shop.admin()).get(&format!("{INVOICES}/{}/file", text(&invoice, "id"))).await.expect_status(200);
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"factura-"));
        assert_eq!((file.header("content-type"), file.header("x-content-type-options")), ("application/octet-stream", "nosniff"));
    }
}

both_engines! {
    /// An invoice whose sums are wrong, or that says too little, is told field by field and changes nothing.
    fn what_does_not_add_up_is_not_confirmed(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let wrong = |field: &str, value: Value| { let mut body = typed("00003-00001234"); body[field] = value; body };
        for (body, told) in [
            (wrong("total", json!("35090.02")), vec!["total"]),
            (wrong("issued_on", json!("2026-12-01")), vec!["issued_on"]),
            (wrong("number", Value::Null), vec!["number"]),
            (wrong("total", Value::Null), vec!["total"]),
            (wrong("supplier", Value::Null), vec!["supplier"]),
            (wrong("lines", json!([])), vec!["lines"]),
            (json!({}), vec!["supplier", "kind", "number", "issued_on", "total"]),
        ] {
            let invoice = brought(&shop, body.clone()).await;
            assert_eq!(fields(step(&shop, &invoice, "confirm", json!({"accept_warnings": true})).await, 422, "invalid"), told, "{body}");
        }
        let line = |change: Value| {
            let mut body = typed("00003-00001234");
            for (field, value) in change.as_object().unwrap() { body["lines"][0][field] = value.clone(); }
            body
        };
        for (change, told) in [
            (json!({"subtotal": "20000.00"}), vec!["lines[0].subtotal"]),
            (json!({"units_per_case": null, "product": "sku:PEPSI", "unit": "bulto"}), vec!["lines[0].units_per_case"]),
            (json!({"quantity": null}), vec!["lines[0].quantity"]),
            (json!({"quantity": "-2"}), vec!["lines[0].quantity"]),
        ] {
            let mut body = line(change.clone());
            if change["units_per_case"].is_null() { body["lines"][0].as_object_mut().unwrap().retain(|_, value| !value.is_null()); }
            let invoice = brought(&shop, body).await;
            assert_eq!(fields(step(&shop, &invoice, "confirm", json!({})).await, 422, "invalid"), told, "{change}");
        }
        let near = brought(&shop, line(json!({"price": "12100"}))).await;
        assert_eq!(fields(step(&shop, &near, "confirm", json!({})).await, 409, "warnings"), ["lines[0].subtotal"]);
        step(&shop, &near, "confirm", json!({"accept_warnings": true})).await.expect_status(200);
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    fn every_field_that_is_no_value_is_told_at_once(shop: TestShop) {
        with_suppliers(&shop).await;
        let bad = json!({"supplier": "", "order": "x", "kind": "x", "letter": "Q", "number": "1", "cae": "123", "issued_on": "ayer", "total": "mil",
            "amounts": [{"kind": "net", "amount": "1"}, {"kind": "x", "amount": "x", "rate": "33"}],
            "lines": [{"text": "", "quantity": "x", "units_per_case": 0, "price": "-1", "discount": "101", "vat": "x", "subtotal": "x", "product": "sku:"}]});
        let told = fields(shop.api(shop.admin()).post(INVOICES, bad).await, 422, "invalid");
        assert_eq!(told, ["supplier", "order", "kind", "letter", "number", "cae", "issued_on", "total", "amounts[0].rate", "amounts[1].kind",
            "amounts[1].rate", "amounts[1].amount", "lines[0].text", "lines[0].units_per_case", "lines[0].quantity", "lines[0].price",
            "lines[0].discount", "lines[0].vat", "lines[0].subtotal", "lines[0].product"]);
        for (body, field) in [(json!({"supplier": "NADIE"}), "supplier"), (json!({"order": crate::common::nothing()}), "order"),
            (json!({"lines": [{"text": "x"}, {"text": "x", "product": "sku:NADA"}]}), "lines[1].product")] {
            assert_eq!(fields(shop.api(shop.admin()).post(INVOICES, body).await, 422, "invalid"), [field]);
        }
        let all = shop.api(shop.admin()).get(INVOICES).await.expect_status(200).json();
        assert_eq!(all["items"], json!([]));
    }
}

both_engines! {
    /// Freight is a part of what all goods cost, by what they come to; internal taxes of those that carry them.
    fn freight_and_internal_taxes_are_cost_of_the_goods_that_bear_them(shop: TestShop) {
        with_suppliers(&shop).await;
        let api = shop.api(shop.admin());
        let version = api.get("/api/v1/products/sku:ANDES").await.expect_status(200).json()["version"].as_i64().unwrap();
        api.clone().if_match(version).patch("/api/v1/products/sku:ANDES", json!({"internal_taxes": true})).await.expect_status(200);
        let mut body = typed("00003-00001234");
        body["total"] = json!("39099.00");
        body["amounts"] = json!([{"kind": "net", "rate": "21", "amount": "31900.00"}, {"kind": "vat", "rate": "21", "amount": "6699.00"},
            {"kind": "excise", "amount": "500.00"}]);
        let freight = json!({"text": "FLETE A LOCAL", "quantity": "1", "price": "2900", "vat": "21", "subtotal": "2900.00", "goods": false});
        body["lines"].as_array_mut().unwrap().push(freight);
        let invoice = confirmed(&shop, body).await;
        let costs: Vec<&Value> = invoice["lines"].as_array().unwrap().iter().map(|line| &line["unit_cost"]).collect();
        // 1,000 × (1.21 + 0.121); 500 × (1.21 + 0.121 + 0.1), since 500 of internal taxes are a tenth of 5,000.
        assert_eq!(costs, [&json!("1331.0000"), &json!("715.5000"), &Value::Null]);
        let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200).text();
        assert!(page.contains("se reparte en el costo de la mercadería") && page.contains("Corregir"), "{page}");
        step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200);
        assert_eq!(last_cost(&shop, "ANDES").await, json!("715.5000"));
    }
}

both_engines! {
    /// Goods that came before their invoice: only cost and debt.
    fn goods_that_came_before_are_not_received_twice(shop: TestShop) {
        with_suppliers(&shop).await;
        let goods = json!({"supplier": "Q", "location": "deposito", "lines": [{"product": "sku:BRAHMA", "quantity": "22"}, {"product": "sku:ANDES", "quantity": "10", "unit_cost": "600"}]});
        let receipt = shop.api(shop.admin()).post("/api/v1/goods-receipts", goods.clone()).await.expect_status(201).json();
        let before = books(&shop).await;
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        for unknown in [json!(crate::common::nothing()), json!("x")] {
            assert_eq!(fields(step(&shop, &invoice, "apply", json!({"receipt": unknown})).await, 422, "invalid"), ["receipt"]);
        }
        step(&shop, &invoice, "apply", json!({"receipt": receipt["id"]})).await.expect_status(200);
        assert_eq!((on_hand(&shop, "BRAHMA").await, last_cost(&shop, "BRAHMA").await, last_cost(&shop, "ANDES").await),
            ("22".into(), json!("1210.0000"), json!("605.0000")));
        let claims = shop.api(shop.admin()).get(CLAIMS).await.expect_status(200).json();
        assert_eq!((&claims["items"][0]["kind"], &claims["items"][0]["amount"]), (&json!("missing"), &json!("2420.00")));
        let mut second = typed("00003-00001235");
        second["supplier"] = json!("Q");
        let second = confirmed(&shop, second).await;
        assert_eq!(fields(step(&shop, &second, "apply", json!({"receipt": receipt["id"]})).await, 422, "invalid"), ["receipt"], "a receipt is billed once");
        step(&shop, &invoice, "reverse", json!({"reason": "Era de otro"})).await.expect_status(200);
        let after = books(&shop).await;
        assert_eq!((&after["costs"], &after["shelf"][0], &after["shelf"][2]), (&before["costs"], &before["shelf"][0], &before["shelf"][2]));
        shop.api(shop.admin()).post(&format!("/api/v1/goods-receipts/{}/reverse", text(&receipt, "id")), json!({"reason": "Ahora sí"})).await.expect_status(200);
    }
}

both_engines! {
    fn notes_are_owed_or_owed_less_and_move_no_goods(shop: TestShop) {
        with_suppliers(&shop).await;
        let note = |kind: &str, number: &str| json!({"supplier": "Q", "kind": kind, "letter": "A", "number": number, "issued_on": "2026-11-20", "total": "1210.00",
            "amounts": [{"kind": "net", "rate": "21", "amount": "1000"}, {"kind": "vat", "rate": "21", "amount": "210"}]});
        let balance = async || {
            let account = shop.api(shop.admin()).get("/api/v1/suppliers/Q/account").await.expect_status(200).json();
            account["items"][0]["balance"].clone()
        };
        for (kind, number, owed) in [("credit_note", "00003-00000001", "-1210.00"), ("debit_note", "00003-00000001", "0.00")] {
            let invoice = confirmed(&shop, note(kind, number)).await;
            step(&shop, &invoice, "apply", json!({})).await.expect_status(200);
            assert_eq!(balance().await, owed);
        }
        let list = brought(&shop, json!({"supplier": "Q", "kind": "price_list", "issued_on": "2026-11-20", "total": "1"})).await;
        step(&shop, &list, "confirm", json!({})).await.expect_status(200);
        step(&shop, &list, "apply", json!({})).await.expect_problem(409, "not_for_the_books");
        let remito = json!({"supplier": "Q", "kind": "delivery_note", "letter": "R", "number": "00001-00000009", "issued_on": "2026-11-20",
            "lines": [{"text": "BRAHMA", "quantity": "12", "product": "sku:BRAHMA"}, {"text": "PALLET", "quantity": "1", "goods": false}]});
        let remito = confirmed(&shop, remito).await;
        let came = step(&shop, &remito, "apply", json!({"location": "deposito"})).await.expect_status(200).json();
        assert_eq!((on_hand(&shop, "BRAHMA").await, balance().await), ("12".into(), json!("0.00")));
        // The invoice of those goods comes later: it is about the same receipt, which then goes back with neither alone.
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        step(&shop, &invoice, "apply", json!({"receipt": came["receipt"]})).await.expect_status(200);
        assert_eq!((on_hand(&shop, "BRAHMA").await, balance().await), ("12".into(), json!("35090.00")));
        step(&shop, &remito, "reverse", json!({"reason": "Era de otro"})).await.expect_problem(409, "in_invoice");
    }
}

both_engines! {
    /// USR-6: the warehouse brings papers and sees no cost; the accountant reads and changes nothing.
    fn each_role_does_its_part(shop: TestShop) {
        with_suppliers(&shop).await;
        let deposito = shop.user(Role::Deposito);
        let sent = shop.api(deposito.clone()).send(Method::POST, INVOICES, Some(("text/csv", SHEET.as_bytes().to_vec()))).await;
        let invoice = sent.expect_status(201).json();
        shop.api(deposito.clone()).post(INVOICES, typed("00003-00000002")).await.expect_problem(403, "forbidden");
        read(&shop).await;
        let path = format!("{INVOICES}/{}", text(&invoice, "id"));
        for path in [path.clone(), INVOICES.to_owned(), format!("{path}/file"), format!("{path}/pages/1"), CLAIMS.to_owned()] {
            shop.api(deposito.clone()).get(&path).await.expect_problem(403, "forbidden");
        }
        let again = shop.api(deposito).post(&format!("{path}/extract"), Value::Null).await.expect_status(202).json();
        assert_eq!((&again["total"], &again["lines"], &again["amounts"]), (&Value::Null, &json!([]), &json!([])), "it shows no cost");
        let auditor = shop.user(Role::Auditor);
        shop.api(auditor.clone()).get(&path).await.expect_status(200);
        for step in ["extract", "confirm", "apply"] {
            shop.api(auditor.clone()).post(&format!("{path}/{step}"), Value::Null).await.expect_problem(403, "forbidden");
        }
        let buyer = shop.user(Role::Negocio);
        let invoice = shop.api(buyer.clone()).post(INVOICES, typed("00003-00000003")).await.expect_status(201).json();
        let path = format!("{INVOICES}/{}", text(&invoice, "id"));
        shop.api(buyer.clone()).post(&format!("{path}/confirm"), Value::Null).await.expect_status(200);
        shop.api(buyer.clone()).post(&format!("{path}/apply"), json!({"location": "deposito"})).await.expect_status(200);
        shop.api(buyer).post(&format!("{path}/reverse"), json!({"reason": "Por las dudas"})).await.expect_problem(403, "forbidden");
    }
}

both_engines! {
    fn a_correction_needs_the_version_that_was_read(shop: TestShop) {
        with_suppliers(&shop).await;
        let invoice = brought(&shop, typed("00003-00001234")).await;
        let path = format!("{INVOICES}/{}", text(&invoice, "id"));
        let api = shop.api(shop.admin());
        api.patch(&path, json!({})).await.expect_problem(428, "version_required");
        api.clone().if_match(99).patch(&path, json!({"total": "1"})).await.expect_problem(412, "stale_version");
        let changed = change(&shop, &invoice, json!({"due_on": "2026-12-20", "cae": "71234567890123"})).await.expect_status(200).json();
        assert_eq!((&changed["due_on"], &changed["cae"], &changed["total"]), (&json!("2026-12-20"), &json!("71234567890123"), &json!("35090.00")));
        let other = change(&shop, &invoice, json!({"supplier": "MAX"})).await.expect_status(200).json();
        assert_eq!((&other["supplier"], &other["lines"][0]["product"]), (&json!("MAX"), &json!("sku:BRAHMA")), "what a person said stays");
    }
}

both_engines! {
    /// Three-way check: without an order, a cost is held against the last one paid, and what is off by more than 0.5 % is shown.
    fn a_cost_is_held_against_the_last_one_paid(shop: TestShop) {
        with_suppliers(&shop).await;
        let came = |sku: &str, cost: &str| json!({"product": format!("sku:{sku}"), "quantity": "1", "unit_cost": cost});
        let delivery = json!({"supplier": "Q", "location": "deposito", "lines": [came("BRAHMA", "1208"), came("ANDES", "550")]});
        shop.api(shop.admin()).post("/api/v1/goods-receipts", delivery).await.expect_status(201);
        let changes = |invoice: &Value| invoice["lines"].as_array().unwrap().iter()
            .map(|line| (line["last_cost"].clone(), line["cost_change"].clone())).collect::<Vec<_>>();
        let expected = [(json!("1208.0000"), Value::Null), (json!("550.0000"), json!("10.00"))];
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        assert_eq!(changes(&invoice), expected, "0.17 % passes");
        let path = format!("/invoices/{}", text(&invoice, "id"));
        let html = shop.page(shop.admin()).get(&path).await.expect_status(200).text();
        assert!(html.contains("Último costo $ 550,00") && html.contains("+10,00 %"), "{html}");
        let applied = step(&shop, &invoice, "apply", json!({"location": "deposito"})).await.expect_status(200).json();
        assert_eq!(changes(&applied), expected, "what it was before this invoice");
        assert_eq!(shop.api(shop.admin()).get(CLAIMS).await.expect_status(200).json()["items"], json!([]), "a rise is shown, not claimed");
        let never = brought(&shop, typed("00003-00001235")).await;
        assert_eq!(changes(&never)[0].1, Value::Null, "nothing is said before it is checked");
    }
}

both_engines! {
    /// Three-way check: goods that came of an order before their invoice are billed at what that order agreed.
    fn what_an_order_agreed_holds_for_goods_that_came_before_their_invoice(shop: TestShop) {
        with_suppliers(&shop).await;
        let order = sent(&shop, "Q", json!([{"product": "sku:BRAHMA", "quantity": "24", "expected_cost": "1000"},
            {"product": "sku:ANDES", "quantity": "10", "expected_cost": "605"}])).await;
        let came = json!({"location": "deposito", "lines": [{"line": 1, "quantity": "24"}, {"line": 2, "quantity": "10"}]});
        let path = format!("/api/v1/purchase-orders/{}/receive", text(&order, "id"));
        let receipt = shop.api(shop.admin()).post(&path, came).await.expect_status(201).json();
        let invoice = confirmed(&shop, typed("00003-00001234")).await;
        step(&shop, &invoice, "apply", json!({"receipt": receipt["id"]})).await.expect_status(200);
        let claims = shop.api(shop.admin()).get(CLAIMS).await.expect_status(200).json();
        let told: Vec<[&str; 4]> = claims["items"].as_array().unwrap().iter()
            .map(|claim| ["kind", "expected", "found", "amount"].map(|field| text(claim, field))).collect();
        assert_eq!(told, [["cost", "1000.0000", "1210.0000", "5040.00"]], "24 × 210");
    }
}
