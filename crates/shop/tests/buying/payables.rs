//! Accounts with suppliers on both engines, through the API and the pages (S18): what is added is never changed, the
//! balance is the sum, and what is due when follows from which invoices the payments reach.

use crate::common::directly;
use crate::common::pages::form;
use gondola_store::Role;
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

const ACCOUNT: &str = "/api/v1/suppliers/Q/account";

async fn with_quilmes(shop: &TestShop) {
    let supplier = json!({"code": "Q", "name": "Quilmes", "payment_days": 15});
    shop.api(shop.admin()).post("/api/v1/suppliers", supplier).await.expect_status(201);
}

async fn add(shop: &TestShop, body: Value) -> Answer {
    shop.api(shop.admin()).post(ACCOUNT, body).await
}

fn invoice(number: &str, amount: &str, issued_on: &str) -> Value {
    json!({"kind": "invoice", "amount": amount, "document": number, "issued_on": issued_on})
}

async fn standing(shop: &TestShop, on: &str) -> Value {
    let all = shop.api(shop.admin()).get(&format!("/api/v1/supplier-accounts?on={on}")).await.expect_status(200).json();
    all["items"][0].clone()
}

both_engines! {
    /// S18: balance = invoices - credits - payments.
    fn a_balance_is_what_was_owed_less_what_was_paid(shop: TestShop) {
        with_quilmes(&shop).await;
        let opening = json!({"kind": "opening", "amount": "100.00"});
        assert_eq!(add(&shop, opening).await.expect_status(201).json()["balance"], "100.00");
        let first = add(&shop, invoice("A-1", "1000.00", "2026-11-01")).await.expect_status(201).json();
        assert_eq!((&first["amount"], &first["balance"]), (&json!("1000.00"), &json!("1100.00")));
        assert_eq!(first["due_on"], "2026-11-16", "after the supplier's days to pay");
        add(&shop, json!({"kind": "debit_note", "amount": "50.00", "document": "ND-1"})).await.expect_status(201);
        add(&shop, json!({"kind": "credit_note", "amount": "30.25", "document": "NC-1"})).await.expect_status(201);
        let paid = json!({"kind": "payment", "amount": "400", "method": "transfer", "reason": "Pago a cuenta"});
        let paid = add(&shop, paid).await.expect_status(201).json();
        assert_eq!((&paid["amount"], &paid["balance"], &paid["method"]), (&json!("-400.00"), &json!("719.75"), &json!("transfer")));
        let list = shop.api(shop.admin()).get(ACCOUNT).await.expect_status(200).json();
        let balances: Vec<&str> = list["items"].as_array().unwrap().iter().map(|one| one["balance"].as_str().unwrap()).collect();
        assert_eq!(balances, ["719.75", "1119.75", "1150.00", "1100.00", "100.00"], "newest first");
        assert_eq!(standing(&shop, "2026-11-23").await["balance"], "719.75");
    }
}

both_engines! {
    /// S18: the due list. Payments reach what is due first.
    fn what_is_due_when_follows_from_what_was_paid(shop: TestShop) {
        with_quilmes(&shop).await;
        let due = |number: &str, amount: &str, due_on: &str| json!({"kind": "invoice", "amount": amount, "document": number,
            "issued_on": "2026-09-01", "due_on": due_on});
        for (number, amount, due_on) in [("A-1", "100.00", "2026-09-10"), ("A-2", "200.00", "2026-11-20"), ("A-3", "300.00", "2026-11-25"),
            ("A-4", "400.00", "2026-12-30")] {
            add(&shop, due(number, amount, due_on)).await.expect_status(201);
        }
        let seen = standing(&shop, "2026-11-23").await;
        assert_eq!((&seen["overdue"], &seen["due_this_week"], &seen["due_later"]), (&json!("300.00"), &json!("300.00"), &json!("400.00")));
        assert_eq!((&seen["late_1_30"], &seen["late_over_60"]), (&json!("200.00"), &json!("100.00")));
        add(&shop, json!({"kind": "payment", "amount": "150.00"})).await.expect_status(201);
        let seen = standing(&shop, "2026-11-23").await;
        assert_eq!((&seen["overdue"], &seen["late_over_60"], &seen["balance"]), (&json!("150.00"), &json!("0.00"), &json!("850.00")));
        add(&shop, json!({"kind": "payment", "amount": "900.00"})).await.expect_status(201);
        let seen = standing(&shop, "2026-11-23").await;
        assert_eq!((&seen["balance"], &seen["overdue"], &seen["due_later"]), (&json!("-50.00"), &json!("0.00"), &json!("0.00")));
    }
}

both_engines! {
    fn a_mistake_is_reversed_and_nothing_is_edited(shop: TestShop) {
        with_quilmes(&shop).await;
        let wrong = add(&shop, invoice("A-1", "1000.00", "2026-11-01")).await.expect_status(201).json();
        let path = format!("{ACCOUNT}/{}/reverse", wrong["id"].as_str().unwrap());
        let api = shop.api(shop.admin());
        api.post(&path, json!({})).await.expect_problem(422, "invalid");
        let back = api.post(&path, json!({"reason": "Era de otro"})).await.expect_status(201).json();
        assert_eq!((&back["amount"], &back["balance"], &back["reverses"]), (&json!("-1000.00"), &json!("0.00"), &wrong["id"]));
        api.post(&path, json!({"reason": "Otra vez"})).await.expect_problem(409, "already_reversed");
        let again = format!("{ACCOUNT}/{}/reverse", back["id"].as_str().unwrap());
        api.post(&again, json!({"reason": "Al revés"})).await.expect_problem(409, "is_reversal");
        assert_eq!(standing(&shop, "2027-11-23").await["overdue"], "0.00", "what was reversed is not owed");
        for statement in ["update supplier_entries set amount = 1", "delete from supplier_entries"] {
            let refused = directly(&shop, statement).await.unwrap_err().to_string();
            assert!(refused.contains("never edited") || refused.contains("never deleted"), "{refused}");
        }
        add(&shop, invoice("A-1", "10.00", "2026-11-01")).await.expect_status(201);
    }
}

both_engines! {
    fn a_paper_comes_into_an_account_once(shop: TestShop) {
        with_quilmes(&shop).await;
        add(&shop, invoice("A-1", "1000.00", "2026-11-01")).await.expect_status(201);
        let taken = add(&shop, invoice("A-1", "1000.00", "2026-11-01")).await.expect_problem(409, "document_taken").json();
        assert_eq!(taken["errors"][0]["field"], "document");
        let credit = json!({"kind": "credit_note", "amount": "10.00", "document": "A-1"});
        add(&shop, credit).await.expect_status(201);
        let many = (0..8).map(|_| add(&shop, invoice("A-2", "5.00", "2026-11-02")));
        let answers = futures_util::future::join_all(many).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "eight at once");
        assert_eq!(standing(&shop, "2026-11-23").await["balance"], "995.00");
    }
}

both_engines! {
    fn bad_entries_are_told_by_field_and_change_nothing(shop: TestShop) {
        with_quilmes(&shop).await;
        for (body, fields) in [
            (json!({}), vec!["kind", "amount"]),
            (json!({"kind": "gift", "amount": "1"}), vec!["kind"]),
            (json!({"kind": "invoice", "amount": "1.00"}), vec!["document"]),
            (json!({"kind": "payment", "amount": "0"}), vec!["amount"]),
            (json!({"kind": "payment", "amount": "-5"}), vec!["amount"]),
            (json!({"kind": "payment", "amount": "1,5"}), vec!["amount"]),
            (json!({"kind": "payment", "amount": "5", "due_on": "2026-12-01"}), vec!["due_on"]),
            (json!({"kind": "opening", "amount": "5", "method": "cash"}), vec!["method"]),
            (json!({"kind": "payment", "amount": "5", "method": "barter", "issued_on": "ayer", "reason": "x"}), vec!["issued_on", "method", "reason"]),
            (json!({"kind": "payment", "amount": "5", "issued_on": "2027-01-01"}), vec!["issued_on"]),
            (json!({"kind": "invoice", "amount": "5", "document": "A", "issued_on": "2026-11-01", "due_on": "2026-10-01"}), vec!["due_on"]),
        ] {
            let refused = add(&shop, body.clone()).await.expect_problem(422, "invalid").json();
            let told: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
            assert_eq!(told, fields, "{body}");
        }
        let list = shop.api(shop.admin()).get(ACCOUNT).await.expect_status(200).json();
        assert_eq!(list["items"], json!([]));
        shop.api(shop.admin()).get("/api/v1/suppliers/NADIE/account").await.expect_problem(404, "not_found");
        shop.api(shop.admin()).post("/api/v1/suppliers/NADIE/account", json!({"kind": "payment", "amount": "5"})).await.expect_problem(404, "not_found");
        add(&shop, json!({"kind": "opening", "amount": "-5"})).await.expect_status(201);
    }
}

both_engines! {
    fn who_may_write_into_accounts(shop: TestShop) {
        with_quilmes(&shop).await;
        let payment = json!({"kind": "payment", "amount": "5"});
        for (role, sees, writes) in [(Role::Manager, 200, 201), (Role::Negocio, 200, 201), (Role::Auditor, 200, 403),
            (Role::Deposito, 403, 403), (Role::Cashier, 403, 403)] {
            let api = shop.api(shop.user(role));
            api.get(ACCOUNT).await.expect_status(sees);
            api.get("/api/v1/supplier-accounts").await.expect_status(sees);
            api.post(ACCOUNT, payment.clone()).await.expect_status(writes);
        }
        let once = shop.api(shop.admin()).key("pago-1");
        let first = once.post(ACCOUNT, payment.clone()).await.expect_status(201).json();
        assert_eq!(once.post(ACCOUNT, payment).await.expect_status(201).json(), first, "twice with one key is once");
    }
}

both_engines! {
    fn the_pages_add_show_and_take_back(shop: TestShop) {
        with_quilmes(&shop).await;
        let page = shop.page(shop.admin());
        assert!(page.get("/supplier-accounts").await.expect_status(200).text().contains("Todavía no hay cuentas"));
        assert!(page.get("/suppliers/Q/account").await.expect_status(200).text().contains("La cuenta está vacía"));
        let sent = |key: &str, fields: &[(&str, &str)]| form(&[&[("idempotency_key", key)], fields].concat());
        let invoice = [("kind", "invoice"), ("amount", "1.250,50"), ("document", "00003-00001234"), ("issued_on", "2026-10-01"), ("method", "cash")];
        page.form("/suppliers/Q/account", &sent("a", &invoice)).await.expect_status(303);
        let shown = page.get("/suppliers/Q/account").await.expect_status(200).text();
        assert!(shown.contains("1.250,50") && shown.contains("vencida") && shown.contains("Le debemos"), "{shown}");
        let all = page.get("/supplier-accounts").await.expect_status(200).text();
        assert!(all.contains("Quilmes") && all.contains("1.250,50"));
        let refused = page.form("/suppliers/Q/account", &sent("b", &invoice)).await.expect_status(422).text();
        assert!(refused.contains("ya está en la cuenta"), "{refused}");
        let list = shop.api(shop.admin()).get(ACCOUNT).await.expect_status(200).json();
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/suppliers/Q/account/{id}/reverse");
        page.form(&path, &sent("c", &[("reason", "Era de otro proveedor")])).await.expect_status(303);
        assert!(page.get("/suppliers/Q/account").await.expect_status(200).text().contains("anulación"));
        page.get("/suppliers/NADIE/account").await.expect_status(404);
    }
}
