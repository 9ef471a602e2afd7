//! A day of the shop from end to end, on both engines: what is missing is noted, ordered and told; the goods come with an
//! invoice, of which somebody takes a photograph; it is read, checked and applied; prices follow, and labels; and when the
//! invoice turns out to be wrong, all of it goes back to the centavo (M6 to M12, S18).

#[path = "../../../papers/tests/forge/mod.rs"]
mod forge;

use crate::common::{adds_up, shop_with};
use axum::http::Method;
use forge::photo::{Degradation, can_render, photograph};
use forge::truth::{Kind, Letter, Line, Per, Rate, Truth};
use gondola_shop::invoices::read_pending;
use gondola_shop::suppliers::AddShippedSuppliers;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines, skip};
use serde_json::{Value, json};

/// A short invoice of a supplier that prices single units and states VAT apart.
fn paper() -> (u64, forge::Forged) {
    let is_it = |truth: &Truth| {
        let is_invoice = truth.kind == Kind::Invoice && truth.letter == Some(Letter::A);
        is_invoice && truth.supplier_code == "ACE" && (2..=6).contains(&truth.lines.len())
    };
    let seed = forge::TUNING.into_iter().find(|seed| is_it(&forge::truth(*seed))).expect("there is such a paper");
    (seed, forge::document(seed))
}

fn sku(at: usize) -> String {
    format!("P-{at}")
}

fn total(truth: &Truth) -> String {
    truth.totals.as_ref().expect("an invoice has sums").total.to_string()
}

fn unit(line: &Line) -> &'static str {
    if line.per == Per::Kilogram { "kg" } else { "un" }
}

async fn found(shop: &TestShop, truth: &Truth) {
    shop_with(shop, &[]).await;
    let added = shop.db().execute(&shop.admin(), None, AddShippedSuppliers).await;
    assert_eq!(added.map(|done| done.out.len()).unwrap_or_default(), 12);
    for (at, line) in truth.lines.iter().enumerate() {
        let product = json!({"sku": sku(at), "name": format!("{} {at}", line.description), "category": "GEN", "unit": unit(line),
            "sale_price": "100.00", "replacement_cost": "50.00", "suppliers": [{"supplier": "ACE", "supplier_sku": "", "main": true, "last_cost": "50.00"}]});
        shop.api(shop.admin()).post("/api/v1/products", product).await.expect_status(201);
    }
    let alias = format!("/api/v1/products/sku:{}/aliases", sku(0));
    shop.api(shop.admin()).post(&alias, json!({"text": "picada"})).await.expect_status(201);
}

/// Somebody writes that the first of them is missing, as the shop calls it; answers the line of the notebook.
async fn missing(shop: &TestShop) -> String {
    let api = shop.api(shop.admin());
    let said = json!({"text": "Faltan 12 de la picada, urgente"});
    let said = api.post("/api/v1/assistant/messages", said).await.expect_status(200).json();
    assert_eq!(said["status"], "done", "{said}");
    let lines = api.get("/api/v1/notebook?state=pending").await.expect_status(200).json();
    let [line] = &lines["items"].as_array().unwrap()[..] else { panic!("{lines}") };
    let told = ["quantity", "priority", "supplier"].map(|field| line[field].as_str().unwrap_or("-"));
    assert_eq!((&line["product"], told), (&json!("sku:P-0"), ["12", "high", "ACE"]), "{line}");
    line["id"].as_str().unwrap().to_owned()
}

/// Everything the day touches: shelves with their costs, prices, what is owed, what is ordered and noted.
async fn books(shop: &TestShop, order: &str, note: &str) -> Value {
    let api = shop.api(shop.admin());
    let mut found = Vec::new();
    for path in [
        "/api/v1/stock/as-of?at=2026-12-31".to_owned(),
        "/api/v1/prices?limit=500".to_owned(),
        "/api/v1/supplier-accounts".to_owned(),
        format!("/api/v1/notebook/{note}"),
    ] {
        found.push(api.get(&path).await.expect_status(200).json());
    }
    // That something was done and taken back is told: what it was worth is as before.
    for item in found[1]["items"].as_array_mut().expect("prices") {
        for told in ["changed_at", "changed_by", "reason", "source", "since", "version"] {
            item.as_object_mut().expect("a price").remove(told);
        }
    }
    // Nor whether there is an account, but what is owed on it.
    found[2]["items"].as_array_mut().expect("accounts").retain(|account| account["balance"] != "0.00");
    let order = api.get(&format!("/api/v1/purchase-orders/{order}")).await.expect_status(200).json();
    json!({"found": found[..3], "note": found[3]["state"], "order": order["state"], "lines": order["lines"]})
}

fn rate(line: &Line) -> &'static str {
    match line.rate {
        Rate::Full => "21",
        Rate::Reduced => "10.5",
        Rate::Exempt => "exempt",
        Rate::NotTaxed => "not_taxed",
    }
}

/// The sums at the foot of it.
fn amounts(truth: &Truth) -> Vec<Value> {
    let sums = truth.totals.as_ref().expect("an invoice has sums");
    let mut amounts = Vec::new();
    for one in &sums.taxed {
        let code = if one.rate == Rate::Full { "21" } else { "10.5" };
        amounts.push(json!({"kind": "net", "rate": code, "amount": one.net.to_string()}));
        amounts.push(json!({"kind": "vat", "rate": code, "amount": one.vat.to_string()}));
    }
    let others = [
        ("exempt", sums.exempt),
        ("not_taxed", sums.not_taxed),
        ("excise", sums.excise),
        ("vat_perception", sums.vat_perception),
    ];
    let others = others.into_iter().filter(|(_, amount)| !amount.is_zero());
    amounts.extend(others.map(|(kind, amount)| json!({"kind": kind, "amount": amount.to_string()})));
    let gross = sums.gross_income.iter();
    amounts.extend(
        gross.map(
            |(province, amount)| json!({"kind": "gross_income", "province": province, "amount": amount.to_string()}),
        ),
    );
    amounts
}

/// What a person who looks at the paper writes of it.
fn written(truth: &Truth, order: &Value) -> Value {
    let day = |day: gondola_ledger::Day| gondola_shop::kernel::time::format_day(day.0);
    let line = |(at, line): (usize, &Line)| {
        json!({"code": line.code.clone().unwrap_or_default(), "text": line.description, "quantity": line.quantity.unwrap().format(gondola_ledger::Unit::Kg),
            "price": line.price.unwrap().to_string(), "discount": gondola_ledger::Money::new(line.discount).to_string(), "vat": rate(line),
            "subtotal": line.subtotal.unwrap().to_string(), "product": format!("sku:{}", sku(at))})
    };
    let lines: Vec<Value> = truth.lines.iter().enumerate().map(line).collect();
    let (point, number) = truth.number.expect("it has a number");
    json!({"supplier": "ACE", "order": order, "kind": "invoice", "letter": "A", "number": format!("{point:05}-{number:08}"),
        "issued_on": day(truth.date), "due_on": truth.due.map(day), "total": total(truth), "amounts": amounts(truth), "lines": lines})
}

both_engines! {
    fn a_day_from_what_is_missing_to_the_shelf_and_back(shop: TestShop) {
        let (seed, forged) = paper();
        if !can_render() {
            skip("a day with a photograph", "poppler or Tesseract is not installed");
            return;
        }
        let truth = forged.truth;
        found(&shop, &truth).await;
        let api = shop.api(shop.admin());

        // What is missing is written in plain words; one order per supplier; the text goes to the supplier.
        let note = missing(&shop).await;
        let orders = api.post("/api/v1/purchase-orders/from-notebook", Value::Null).await.expect_status(201).json();
        let order = orders["orders"][0]["id"].as_str().unwrap().to_owned();
        let sent = api.post(&format!("/api/v1/purchase-orders/{order}/send"), json!({})).await.expect_status(200).json();
        assert!(sent["sent_text"].as_str().unwrap().contains("URGENTE\n- "), "{}", sent["sent_text"]);
        let before = books(&shop, &order, &note).await;

        // The goods come, and somebody takes a photograph of the invoice.
        let photo = photograph(&forged.pdf, 1, Degradation::Clean, seed);
        let brought = api.send(Method::POST, "/api/v1/invoices", Some(("image/jpeg", photo))).await.expect_status(201).json();
        let path = format!("/api/v1/invoices/{}", brought["id"].as_str().unwrap());
        assert_eq!(read_pending(shop.db(), &Actor::system("worker"), 9).await.unwrap(), 1);
        let read = api.get(&path).await.expect_status(200).json();
        assert_eq!((&read["state"], &read["pages"]), (&json!("extracted"), &json!(1)), "{read}");
        assert_eq!(read["total"], total(&truth).as_str(), "the total is read right");
        let picture = api.get(&format!("{path}/pages/1")).await.expect_status(200);
        assert!(picture.body.starts_with(b"\x89PNG"));

        // Whoever checks it beside the picture corrects what is wrong, confirms and applies it.
        let version = read["version"].as_i64().unwrap();
        let order_id = json!(order);
        api.clone().if_match(version).patch(&path, written(&truth, &order_id)).await.expect_status(200);
        api.post(&format!("{path}/confirm"), json!({"accept_warnings": true})).await.expect_status(200);
        let applied = api.post(&format!("{path}/apply"), json!({"location": "deposito"})).await.expect_status(200).json();
        let account = api.get("/api/v1/suppliers/ACE/account").await.expect_status(200).json();
        assert_eq!(account["items"][0]["balance"], total(&truth).as_str());
        for (at, line) in truth.lines.iter().enumerate() {
            let shelf = api.get(&format!("/api/v1/inventory/{}", sku(at))).await.expect_status(200).json();
            let unit = gondola_ledger::Unit::from_code(unit(line)).unwrap();
            assert_eq!(shelf["on_hand"], line.quantity.unwrap().format(unit).as_str(), "{}", line.description);
        }
        let noted = api.get(&format!("/api/v1/notebook/{note}")).await.expect_status(200).json();
        let ordered = api.get(&format!("/api/v1/purchase-orders/{order}")).await.expect_status(200).json();
        assert!(ordered["state"] == "received" && noted["state"] == "received" || ordered["state"] == "partial", "{ordered} {noted}");

        // Prices follow the costs: seen first, applied whole; labels for what changed.
        let rule = json!({"rule": "cost", "supplier": "ACE", "reason": "Llegó la factura"});
        let repricing = api.post("/api/v1/repricings", rule).await.expect_status(201).json();
        let repricing = format!("/api/v1/repricings/{}", repricing["id"].as_str().unwrap());
        api.post(&format!("{repricing}/apply"), json!({})).await.expect_status(200);
        let printed = api.send(Method::POST, "/api/v1/labels/prints", None).await.expect_status(201).json();
        assert_eq!(printed["labels"], truth.lines.len());
        let pdf = api.get(&format!("/api/v1/labels/prints/{}/pdf", printed["id"].as_str().unwrap())).await.expect_status(200);
        assert!(pdf.body.starts_with(b"%PDF-"));
        assert_ne!(books(&shop, &order, &note).await, before);

        // The invoice turns out to be wrong: prices, goods, costs, debt, order and note go back.
        api.post(&format!("{repricing}/rollback"), Value::Null).await.expect_status(200);
        let reason = json!({"reason": "La factura era de otro negocio"});
        api.post(&format!("{path}/reverse"), reason).await.expect_status(200);
        let after = books(&shop, &order, &note).await;
        for part in ["found", "note", "order", "lines"] {
            assert_eq!(after[part], before[part], "{part} is as it was, to the centavo");
        }
        assert!(applied["receipt"].is_string());
        adds_up(&shop).await;
    }
}
