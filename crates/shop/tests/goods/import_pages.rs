//! The pages of imports through the whole stack on both engines, as a browser without JavaScript
//! walks them: send a file, look, correct its columns, apply, undo.

use crate::common::pages::{field, form, leads_to, page};
use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use serde_json::{Value, json};

const LIST: &str = "Código;Nombre;Precio\nA-1;Yerba;1.850,00\nA-2;Azúcar;caro\nA-3;Sal;920,50\n";

async fn founded(shop: &TestShop) {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
}

/// Sends the form with a file, as a browser does.
async fn send(browser: &Client<'_>, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (field, text) in fields {
        body.extend(
            format!("--XyZ\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n").into_bytes(),
        );
    }
    let head = format!(
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XyZ--\r\n");
    browser.send(Method::POST, "/imports", Some(("multipart/form-data; boundary=XyZ", body))).await
}

async fn send_list(browser: &Client<'_>, list: &str) -> String {
    leads_to(&send(browser, &[("kind", "products")], "lista.csv", list.as_bytes()).await)
}

/// Presses the button that applies what a page shows.
async fn apply(browser: &Client<'_>, preview: &str, atomic: bool) -> String {
    let key = field(&page(browser, preview).await, "idempotency_key");
    let mut pairs = vec![("idempotency_key", key.as_str())];
    if atomic {
        pairs.push(("atomic", "yes"));
    }
    leads_to(&browser.form(&format!("{preview}/apply"), &form(&pairs)).await)
}

async fn products(shop: &TestShop) -> Vec<Value> {
    let list = shop.api(shop.admin()).get("/api/v1/products?active=true").await.expect_status(200).json();
    list["items"].as_array().expect("items").clone()
}

#[track_caller]
fn shows(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "{part} in {html}");
    }
}

both_engines! {
    fn a_list_is_looked_at_then_loaded_then_undone(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        shows(&page(&browser, "/imports").await, &["Importar", "multipart/form-data", "Todavía no se importó nada"]);
        let preview = send_list(&browser, LIST).await;
        let html = page(&browser, &preview).await;
        shows(&html, &["lista.csv", "Todavía no se cargó nada", "Cargar las filas buenas (2)", "Precio de venta", "caro", "errors?format=csv"]);
        assert!(products(&shop).await.is_empty(), "looking changes nothing");
        let done = apply(&browser, &preview, false).await;
        shows(&page(&browser, &done).await, &["Se cargaron las filas buenas", "Deshacer la importación", "caro"]);
        assert_eq!(products(&shop).await.len(), 2);
        shows(&page(&browser, "/imports").await, &["lista.csv", "Cargada en parte", done.as_str()]);
        let undo = form(&[("idempotency_key", &field(&page(&browser, &done).await, "idempotency_key"))]);
        assert_eq!(leads_to(&browser.form(&format!("{done}/undo"), &undo).await), done);
        shows(&page(&browser, &done).await, &["Se deshizo. Filas que volvieron atrás: 2."]);
        assert!(products(&shop).await.is_empty());
        let again = form(&[("idempotency_key", "another")]);
        assert_eq!(leads_to(&browser.form(&format!("{done}/undo"), &again).await), done, "nothing to undo is said, not failed");
    }
}

both_engines! {
    /// The form sent twice loads once; all or nothing is refused with its page.
    fn loading_twice_loads_once_and_all_or_nothing_loads_none(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        let preview = send_list(&browser, LIST).await;
        let refused = apply(&browser, &preview, true).await;
        shows(&page(&browser, &refused).await, &["se pidió todo o nada", "Cargar las filas buenas (2)"]);
        assert!(products(&shop).await.is_empty());
        let good = send_list(&browser, &LIST.replace("caro", "10")).await;
        let html = page(&browser, &good).await;
        shows(&html, &["Todas las filas están bien", "Cargar todas las filas (3)"]);
        let pressed = form(&[("idempotency_key", &field(&html, "idempotency_key")), ("atomic", "yes")]);
        let first = leads_to(&browser.form(&format!("{good}/apply"), &pressed).await);
        let second = leads_to(&browser.form(&format!("{good}/apply"), &pressed).await);
        assert_eq!(first, second);
        assert_eq!(products(&shop).await.len(), 3);
    }
}

both_engines! {
    /// Columns nobody understands are asked for, and the answer is remembered.
    fn columns_are_asked_for_when_they_are_not_clear_and_remembered(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        let list = "Cosa;Valor;Ref\nYerba;1.850,00;Y-1\n";
        let asked = send_list(&browser, list).await;
        assert!(asked.starts_with("/imports/files/"), "{asked}");
        shows(&page(&browser, &asked).await, &["Falta una columna", "Trae: Yerba", "No se usa"]);
        let twice = form(&[("columns", "3"), ("column.0", "name"), ("column.1", "sale_price"), ("column.2", "name")]);
        let wrong = browser.form(&asked, &twice).await.expect_status(422).text();
        shows(&wrong, &["Dos columnas no pueden ser «Nombre»", "<option value=\"sale_price\" selected>"]);
        let said = form(&[("columns", "3"), ("column.0", "name"), ("column.1", "sale_price"), ("column.2", "sku")]);
        let preview = leads_to(&browser.form(&asked, &said).await);
        apply(&browser, &preview, false).await;
        assert_eq!((&products(&shop).await[0]["sku"], &products(&shop).await[0]["sale_price"]), (&json!("Y-1"), &json!("1850.00")));
        let next = send_list(&browser, &list.replace("Y-1", "Y-2")).await;
        assert!(!next.contains("/files/"), "it is understood now: {next}");
        let correct = page(&browser, &next).await;
        let at = correct.find("/imports/files/").expect("the way to its columns");
        let href = correct[at..].split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        shows(&page(&browser, &href).await, &["<option value=\"sku\" selected>"]);
    }
}

both_engines! {
    /// INP-1, INP-3: what a file is, its content tells; what is no list is told on the form.
    fn what_is_no_list_is_told_on_the_form_and_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        let kind = [("kind", "products")];
        for (name, bytes) in [("lista.csv", b"%PDF-1.7 ...".as_slice()), ("lista.xlsx", b"PK\x03\x04 half"), ("nulo.csv", b"sku,nombre\nA,Yer\0ba\n"), ("vacio.csv", b"")] {
            let html = send(&browser, &kind, name, bytes).await.expect_status(422).text();
            shows(&html, &["id=\"file-error\"", "Importar"]);
        }
        shows(&send(&browser, &kind, "", b"").await.expect_status(422).text(), &["id=\"file-error\""]);
        shows(&send(&browser, &[], "lista.csv", LIST.as_bytes()).await.expect_status(422).text(), &["id=\"kind-error\""]);
        let big = vec![b'a'; 65 * 1024 * 1024];
        shows(&send(&browser, &kind, "grande.csv", &big).await.expect_status(413).text(), &["64 MB"]);
        assert!(products(&shop).await.is_empty());
        shows(&page(&browser, "/imports").await, &["Todavía no se importó nada"]);
    }
}

both_engines! {
    /// Stock goes where the form says, and only who may count sees that choice.
    fn stock_goes_to_the_place_the_form_says(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        let preview = send_list(&browser, LIST).await;
        apply(&browser, &preview, false).await;
        let fields = [("kind", "stock"), ("location", "deposito")];
        let preview = leads_to(&send(&browser, &fields, "stock.csv", b"sku;cantidad\nA-1;12\nA-9;1\n").await);
        shows(&page(&browser, &preview).await, &["No hay ningún producto con el código A-9", "Cargar las filas buenas (1)"]);
        apply(&browser, &preview, false).await;
        let there = shop.api(shop.admin()).get("/api/v1/inventory/A-1").await.expect_status(200).json();
        assert_eq!(there["on_hand"], "12");
        let buyer = shop.page(shop.user(Role::Negocio));
        let html = page(&buyer, "/imports").await;
        assert!(html.contains("value=\"prices\"") && !html.contains("value=\"stock\""), "{html}");
        send(&buyer, &fields, "stock.csv", b"sku;cantidad\nA-1;99\n").await.expect_status(403);
    }
}

both_engines! {
    /// A file waits a day for its yes.
    fn a_file_that_is_not_kept_any_more_is_said_so(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        let preview = send_list(&browser, LIST).await;
        let key = field(&page(&browser, &preview).await, "idempotency_key");
        let forget = gondola_shop::imports::ForgetFiles { before: shop.db().now() + 1 };
        shop.db().execute(&gondola_store::Actor::system("worker"), None, forget).await.expect("forget");
        let gone = browser.form(&format!("{preview}/apply"), &form(&[("idempotency_key", &key)])).await.expect_status(409);
        shows(&gone.text(), &["se guarda un día"]);
        let html = page(&browser, &preview).await;
        assert!(!html.contains("/apply") && !html.contains("/imports/files/"), "{html}");
        assert!(products(&shop).await.is_empty());
    }
}
