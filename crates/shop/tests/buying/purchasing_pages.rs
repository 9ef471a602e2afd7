//! The pages of purchasing through the whole stack on both engines: two taps from the notebook to the texts, an order written,
//! sent, received and ended by forms alone.

use crate::common::pages::{cookies, field, form, leads_to, page};
use crate::common::{adds_up, on_hand, shop_with};
use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::json;

async fn with_beer(shop: &TestShop) {
    shop_with(shop, &[]).await;
    let list = Some(("text/csv", b"code,name\nQ,Quilmes\nLS,Mastellone\n".to_vec()));
    shop.api(shop.admin()).send(Method::POST, "/api/v1/imports/suppliers", list).await.expect_status(201);
    for (sku, name, supplier, perishable) in [
        ("BRAHMA-1L", "Brahma botella 1 L", "Q", false),
        ("BRAHMA-473", "Brahma lata 473 ml", "Q", false),
        ("LECHE", "Leche sachet", "LS", true),
    ] {
        let body = json!({"sku": sku, "name": name, "category": "GEN", "unit": "un", "perishable": perishable,
            "presentations": [{"name": "cajón", "factor": "12"}],
            "suppliers": [{"supplier": supplier, "supplier_sku": "", "main": true}]});
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    }
}

fn sent(key: &str, more: &[(&str, &str)]) -> String {
    form(&[&[("idempotency_key", key)], more].concat())
}

/// Adds a line to a supplier's draft; answers the order's page.
async fn added(browser: &Client<'_>, key: &str, more: &[(&str, &str)]) -> String {
    leads_to(&browser.form("/purchase-orders", &sent(key, more)).await)
}

both_engines! {
    /// M7: two taps, one for the drafts and one to send each.
    fn the_notebook_becomes_orders_by_one_button_and_each_is_sent_by_another(shop: TestShop) {
        with_beer(&shop).await;
        let browser = shop.page(shop.user(Role::Negocio));
        for (sku, quantity, priority) in [("BRAHMA-1L", "4", "high"), ("LECHE", "12", "normal")] {
            let note = json!({"action": "restock", "product": format!("sku:{sku}"), "quantity": quantity, "priority": priority});
            shop.api(shop.admin()).post("/api/v1/notebook", note).await.expect_status(201);
        }
        assert!(page(&browser, "/purchase-orders").await.contains("Armar pedidos del cuaderno"));
        let answer = browser.form("/purchase-orders/from-notebook", &sent("a", &[])).await;
        assert_eq!(leads_to(&answer), "/purchase-orders?state=draft");
        let html = page(&browser.clone().header("cookie", &cookies(&answer)), "/purchase-orders?state=draft").await;
        assert!(html.contains("un pedido por proveedor") && html.contains("Quilmes") && html.contains("Mastellone"), "{html}");
        let order = added(&browser, "b", &[("supplier", "Q"), ("q", "promo heladera")]).await;
        let draft = page(&browser, &order).await;
        for shown in ["Pedido - Quilmes - 23/11/2026", "URGENTE\n- Brahma botella 1 L: 4 un", "NORMAL\n- promo heladera: a confirmar"] {
            assert!(draft.contains(shown), "{shown} in {draft}");
        }
        let send = |key: &str, day: &str| sent(key, &[("promised_on", day), ("notes", "Antes de las 10")]);
        let wrong = browser.form(&format!("{order}/send"), &send("c", "mañana")).await.expect_status(422).text();
        assert!(wrong.contains("value=\"mañana\"") && wrong.contains("Prometido para:"), "{wrong}");
        for _ in 0..2 {
            assert_eq!(leads_to(&browser.form(&format!("{order}/send"), &send("d", "2026-11-26")).await), order);
        }
        let html = page(&browser, &order).await;
        for shown in ["Enviado", "26/11/2026", "Antes de las 10</textarea>", "/receive"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(!html.contains("id=\"send\"") && !html.contains("id=\"add\"") && !html.contains("wa.me"), "{html}");
        let empty = browser.form("/purchase-orders/from-notebook", &sent("e", &[])).await.expect_status(422).text();
        assert!(empty.contains("no hay nada para pedir"), "{empty}");
    }
}

both_engines! {
    fn a_draft_is_written_by_names_suggestions_and_its_lines(shop: TestShop) {
        with_beer(&shop).await;
        let browser = shop.page(shop.manager());
        let typed = [("supplier", "Q"), ("q", "brahma"), ("quantity", "2"), ("unit", "cajón"), ("urgent", "yes")];
        let asked = browser.form("/purchase-orders", &sent("a", &typed)).await.expect_status(200).text();
        assert!(asked.contains("¿Cuál de estos?") && asked.contains("value=\"BRAHMA-1L\"") && field(&asked, "unit") == "cajón", "{asked}");
        let order = added(&browser, "b", &[&typed[..], &[("pick", "BRAHMA-1L")]].concat()).await;
        let html = page(&browser, &order).await;
        assert!(html.contains("2 cajones") && html.contains("Urgente") && html.contains("id=\"suggested\""), "{html}");
        assert!(html.contains("value=\"BRAHMA-473\"") && !html.contains("name=\"pick\" value=\"BRAHMA-1L\""), "what is on it is not suggested: {html}");
        assert_eq!(added(&browser, "c", &[("supplier", "Q"), ("pick", "BRAHMA-473"), ("quantity", "15")]).await, order);
        let version = field(&page(&browser, &order).await, "version");
        let line = format!("{order}/lines/2");
        let change = [("version", version.as_str()), ("quantity", "24"), ("unit", "un")];
        assert_eq!(leads_to(&browser.form(&line, &sent("d", &change)).await), order);
        let stale = browser.form(&line, &sent("e", &change)).await.expect_status(422).text();
        assert!(stale.contains("Otra persona lo cambió"), "{stale}");
        assert!(page(&browser, &order).await.contains("24 un"));
        assert_eq!(leads_to(&browser.form(&line, &sent("f", &[("step", "remove")])).await), order);
        assert!(!page(&browser, &order).await.contains("24 un"));
        for (key, more, shown) in [
            ("g", vec![("supplier", ""), ("q", "velas")], "Proveedor: Falta este dato"),
            ("h", vec![("supplier", "Q"), ("q", "")], "Qué se pide: Decí qué es"),
            ("i", vec![("supplier", "Q"), ("q", "velas"), ("quantity", "dos")], "value=\"dos\""),
        ] {
            let html = browser.form("/purchase-orders", &sent(key, &more)).await.expect_status(422).text();
            assert!(html.contains(shown), "{key}: {shown} in {html}");
        }
        let why = browser.form(&format!("{order}/cancel"), &sent("j", &[])).await.expect_status(422).text();
        assert!(why.contains("Por qué: Falta este dato"), "{why}");
        leads_to(&browser.form(&format!("{order}/cancel"), &sent("k", &[("reason", "Ya no hace falta")])).await);
        let html = page(&browser, &order).await;
        assert!(html.contains("Cancelado") && html.contains("Ya no hace falta") && !html.contains("id=\"end\""), "{html}");
        assert!(page(&browser, "/purchase-orders?state=cancelled").await.contains(&order));
    }
}

both_engines! {
    fn an_order_is_received_in_parts_on_the_page_and_a_delivery_is_undone(shop: TestShop) {
        with_beer(&shop).await;
        let buyer = shop.page(shop.manager());
        let order = added(&buyer, "a", &[("supplier", "LS"), ("pick", "LECHE"), ("quantity", "12")]).await;
        added(&buyer, "b", &[("supplier", "LS"), ("q", "algo de regalo")]).await;
        leads_to(&buyer.form(&format!("{order}/send"), &sent("c", &[])).await);
        let worker = shop.page(shop.user(Role::Deposito));
        let path = format!("{order}/receive");
        let html = page(&worker, &path).await;
        assert!(field(&html, "lines[0].quantity") == "12" && html.contains("name=\"lines[1].product\""), "{html}");
        let came = [("location", "deposito"), ("document", "R 1-7"), ("lines[0].line", "1"), ("lines[0].quantity", "10"), ("lines[0].damaged", "2"),
            ("lines[1].line", "2"), ("lines[1].quantity", "")];
        let undated = worker.form(&path, &sent("d", &came)).await.expect_status(422).text();
        assert!(undated.contains("Leche sachet: Es perecedero") && undated.contains("value=\"10\"") && undated.contains("value=\"R 1-7\""), "{undated}");
        let dated = [&came[..], &[("lines[0].expires_on", "2026-12-05"), ("lines[0].lot", "L9"), ("lines[0].unit_cost", "1.250,50")]].concat();
        let receipt = leads_to(&worker.form(&path, &sent("e", &dated)).await);
        assert_eq!(leads_to(&worker.form(&path, &sent("e", &dated)).await), receipt, "sent twice, received once");
        let html = page(&worker, &receipt).await;
        for shown in ["10 un", "2 un", "L9", "R 1-7", "Recepción del pedido 1", "Depósito"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(!html.contains("1.250,50") && !html.contains("id=\"undo\""), "no cost and no undo for the warehouse: {html}");
        assert!(page(&buyer, &receipt).await.contains("1.250,50"));
        let html = page(&buyer, &order).await;
        assert!(html.contains("Llegó una parte") && html.contains("−2 un") && html.contains(&receipt), "{html}");
        let unknown = [("location", "deposito"), ("lines[1].line", "2"), ("lines[1].quantity", "1"), ("lines[1].product", "NADA")];
        let wrong = worker.form(&path, &sent("f", &unknown)).await.expect_status(422).text();
        assert!(wrong.contains("algo de regalo: No hay ningún producto así"), "{wrong}");
        let undone = buyer.form(&format!("{receipt}/reverse"), &sent("g", &[("reason_choice", "Error de carga")])).await;
        assert_eq!(leads_to(&undone), receipt);
        assert!(page(&buyer, &receipt).await.contains("Anulada") && page(&buyer, &order).await.contains("Enviado"));
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
        leads_to(&buyer.form(&format!("{order}/close"), &sent("h", &[("reason", "No traen más")])).await);
        assert_eq!(leads_to(&worker.get(&path).await), order, "nothing is expected any more");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn who_may_not_buy_sees_no_button_and_is_refused(shop: TestShop) {
        with_beer(&shop).await;
        let order = added(&shop.page(shop.manager()), "a", &[("supplier", "Q"), ("pick", "BRAHMA-1L"), ("quantity", "12")]).await;
        let worker = shop.page(shop.user(Role::Deposito));
        let html = page(&worker, &order).await;
        for hidden in ["id=\"send\"", "id=\"add\"", "id=\"end\"", "id=\"suggested\"", "/lines/1"] {
            assert!(!html.contains(hidden), "{hidden} in {html}");
        }
        assert!(!page(&worker, "/purchase-orders").await.contains("from-notebook"));
        worker.form(&format!("{order}/send"), &sent("b", &[])).await.expect_status(403);
        let cashier = shop.page(shop.user(Role::Cashier));
        cashier.get("/purchase-orders").await.expect_status(403);
        assert!(!page(&cashier, "/notebook").await.contains("href=\"/purchase-orders\""));
    }
}

both_engines! {
    /// One tap to the supplier, whose number is opened only then, and only for who may see it.
    fn the_text_opens_in_whatsapp_where_there_is_a_number(shop: TestShop) {
        with_beer(&shop).await;
        let buyer = shop.page(shop.manager());
        let order = added(&buyer, "a", &[("supplier", "Q"), ("pick", "BRAHMA-1L"), ("quantity", "12")]).await;
        let link = format!("{order}/whatsapp");
        assert!(!page(&buyer, &order).await.contains(&link));
        buyer.get(&link).await.expect_status(404);
        let api = shop.api(shop.admin());
        let supplier = api.get("/api/v1/suppliers/Q").await.expect_status(200).json();
        let phone = json!({"phone": "011 5555-0134"});
        api.if_match(supplier["version"].as_i64().unwrap()).patch("/api/v1/suppliers/Q", phone).await.expect_status(200);
        assert!(page(&buyer, &order).await.contains(&link));
        let to = buyer.get(&link).await.expect_status(303);
        let to = to.header("location");
        assert!(to.starts_with("https://wa.me/5491155550134?text=Pedido%20-%20"), "{to}");
        shop.page(shop.user(Role::Deposito)).get(&link).await.expect_status(403);
    }
}

both_engines! {
    /// What an order comes to stands beside the least that the supplier brings; who may not see cost sees no sum.
    fn an_order_says_what_it_comes_to_and_what_is_missing_to_the_minimum(shop: TestShop) {
        with_beer(&shop).await;
        let api = shop.api(shop.admin());
        let version = api.get("/api/v1/suppliers/Q").await.expect_status(200).json()["version"].as_i64().unwrap();
        api.clone().if_match(version).patch("/api/v1/suppliers/Q", json!({"minimum_order": "20000"})).await.expect_status(200);
        let came = json!({"supplier": "Q", "location": "deposito", "lines": [{"product": "sku:BRAHMA-1L", "quantity": "1", "unit_cost": "1000"}]});
        api.post("/api/v1/goods-receipts", came).await.expect_status(201);
        let lines = json!({"supplier": "Q", "lines": [{"product": "sku:BRAHMA-1L", "quantity": "1", "unit": "cajón"},
            {"product": "sku:BRAHMA-473", "quantity": "2", "expected_cost": "500"}]});
        let order = api.post("/api/v1/purchase-orders", lines).await.expect_status(201).json()["orders"][0].clone();
        let told = |order: &serde_json::Value| ["estimated_total", "estimated_without", "minimum_order"].map(|field| order[field].clone());
        assert_eq!(told(&order), [json!("13000.00"), json!(0), json!("20000.00")], "twelve at 1,000 and two at 500");
        let path = format!("/purchase-orders/{}", order["id"].as_str().unwrap());
        let html = page(&shop.page(shop.admin()), &path).await;
        assert!(html.contains("$ 13.000,00") && html.contains("$ 20.000,00") && html.contains("faltan $ 7.000,00"), "{html}");
        let more = json!({"supplier": "Q", "lines": [{"product": "sku:BRAHMA-1L", "quantity": "1", "unit": "cajón"}, {"text": "algo más"}]});
        let order = api.post("/api/v1/purchase-orders", more).await.expect_status(201).json()["orders"][0].clone();
        assert_eq!(told(&order), [json!("25000.00"), json!(1), json!("20000.00")]);
        let html = page(&shop.page(shop.admin()), &path).await;
        assert!(html.contains("renglones sin costo o cantidad: 1") && !html.contains("faltan $"), "{html}");
        let seen = shop.api(shop.user(Role::Deposito)).get(&format!("/api/v1{path}")).await.expect_status(200).json();
        assert_eq!(told(&seen), [serde_json::Value::Null, json!(1), json!("20000.00")]);
    }
}

both_engines! {
    /// Where the notebook says no quantity, the draft suggests what fills the shelf up.
    fn a_line_without_a_quantity_has_a_suggestion(shop: TestShop) {
        with_beer(&shop).await;
        let api = shop.api(shop.admin());
        let path = "/api/v1/products/sku:BRAHMA-1L";
        let version = api.get(path).await.expect_status(200).json()["version"].as_i64().unwrap();
        let levels = json!({"min_stock": "6", "reorder_point": "6", "max_stock": "24"});
        api.clone().if_match(version).patch(path, levels).await.expect_status(200);
        for sku in ["BRAHMA-1L", "BRAHMA-473"] {
            let note = json!({"action": "restock", "product": format!("sku:{sku}")});
            api.post("/api/v1/notebook", note).await.expect_status(201);
        }
        let browser = shop.page(shop.admin());
        browser.form("/purchase-orders/from-notebook", &sent("a", &[])).await.expect_status(303);
        let orders = api.get("/api/v1/purchase-orders").await.expect_status(200).json();
        let html = page(&browser, &format!("/purchase-orders/{}", orders["items"][0]["id"].as_str().unwrap())).await;
        // The other one has the levels of a new product.
        assert!(html.contains("a confirmar<") && html.contains("se sugiere 24 un") && html.contains("se sugiere 15 un") && html.contains("name=\"quantity\" value=\"24\""), "{html}");
    }
}

both_engines! {
    /// A draft says when it would come by the supplier's calendar, and promises that day unless somebody says another.
    fn a_draft_says_when_it_would_come(shop: TestShop) {
        with_beer(&shop).await;
        let api = shop.api(shop.admin());
        let order = async |line: &str| {
            let lines = json!({"supplier": "Q", "lines": [{"product": "sku:BRAHMA-1L", "quantity": line}]});
            api.post("/api/v1/purchase-orders", lines).await.expect_status(201).json()["orders"][0].clone()
        };
        let unknown = order("1").await;
        assert_eq!((&unknown["next_delivery"], &unknown["next_visit"]), (&json!(null), &json!(null)), "nobody said");
        let version = api.get("/api/v1/suppliers/Q").await.expect_status(200).json()["version"].as_i64().unwrap();
        let calendar = json!({"visit_days": ["wednesday"], "delivery_days": ["thursday"], "lead_days": 2, "cut_off": "19:00"});
        api.clone().if_match(version).patch("/api/v1/suppliers/Q", calendar).await.expect_status(200);
        let draft = order("1").await;
        assert_eq!(draft["next_delivery"], json!({"day": "2026-11-26", "order_by": "2026-11-24", "cut_off": "19:00"}), "it is Monday, nine o'clock");
        assert_eq!(draft["next_visit"], "2026-11-25");
        let path = format!("/purchase-orders/{}", draft["id"].as_str().unwrap());
        let browser = shop.page(shop.admin());
        let html = page(&browser, &path).await;
        assert!(html.contains("jueves 26/11/2026") && html.contains("si se manda hasta el martes 24/11/2026 19:00") && html.contains("miércoles 25/11/2026"), "{html}");
        assert_eq!(field(&html, "promised_on"), "2026-11-26");
        shop.clock().advance(std::time::Duration::from_secs((24 + 10) * 3600));
        let late = api.get(&format!("/api/v1{path}")).await.expect_status(200).json();
        assert_eq!((&late["next_delivery"]["day"], &late["next_delivery"]["order_by"]), (&json!("2026-12-03"), &json!("2026-12-01")), "Tuesday, 19:00");
        let sent = json!({"promised_on": "2026-12-03"});
        let sent = api.post(&format!("/api/v1{path}/send"), sent).await.expect_status(200).json();
        assert_eq!((&sent["next_delivery"], &sent["promised_on"]), (&json!(null), &json!("2026-12-03")), "what was promised stands from now on");
    }
}
