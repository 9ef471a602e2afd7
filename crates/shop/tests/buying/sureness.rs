//! How sure what was read of an invoice is: what somebody corrects is certain, what nobody wrote is as sure as its reading, and
//! what could not be believed stays in the way until somebody writes it or has seen the whole.

use axum::http::Method;
use gondola_shop::invoices::read_pending;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

use crate::common::purchases::{fields, text, with_suppliers};
use crate::invoices::{books, change, step, typed};

/// As a bad photograph reads: a CUIT whose digit is wrong, a CAE that lost one, and one line of two whose figures disagree.
const MISREAD: &str = "\
FACTURA A;;;;;
Punto de venta: 00003 Comp. Nro: 00001234;;;;;
Fecha: 20/11/2026;;;;;
CUIT: 30-50577985-3;;;;;
Código;Descripción;Cantidad;Precio Unitario;IVA;Importe
1001;BRAHMA RET 1000 CC;24;1.000,00;21;84.000,00
1002;ANDES LATA 473;10;500,00;21;9.000,00
;;;;Neto gravado;29.000,00
;;;;IVA 21%;6.090,00
;;;;Total;35.090,00
CAE: 7041705436747;;;;;
";

async fn read(shop: &TestShop, content: &str) -> Value {
    let sent = Some(("text/csv", content.as_bytes().to_vec()));
    let invoice = shop.api(shop.admin()).send(Method::POST, "/api/v1/invoices", sent).await.expect_status(201).json();
    assert_eq!(read_pending(shop.db(), &Actor::system("worker"), 10).await.unwrap(), 1);
    seen(shop, &invoice).await
}

async fn seen(shop: &TestShop, invoice: &Value) -> Value {
    let path = format!("/api/v1/invoices/{}", text(invoice, "id"));
    shop.api(shop.admin()).get(&path).await.expect_status(200).json()
}

/// What keeps it from being confirmed.
async fn in_the_way(shop: &TestShop, invoice: &Value) -> Vec<String> {
    fields(step(shop, invoice, "confirm", json!({"accept_warnings": true})).await, 422, "invalid")
}

fn percent(invoice: &Value) -> f64 {
    text(invoice, "confidence").parse().unwrap()
}

/// The lines as they are on the paper.
fn lines() -> Value {
    typed("00003-00001234")["lines"].clone()
}

both_engines! {
    /// A date of payment that somebody adds says nothing of the rest: the CAE, the CUIT and the figures still have to be looked at.
    fn what_nobody_wrote_stays_as_doubtful_as_it_was_read(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let invoice = read(&shop, MISREAD).await;
        let sure = percent(&invoice);
        assert!(sure < 70.0, "{sure}");
        let later = change(&shop, &invoice, json!({"supplier": "Q", "due_on": "2026-12-20"})).await.expect_status(200).json();
        assert_eq!(percent(&later), sure);
        let told = in_the_way(&shop, &invoice).await;
        for field in ["supplier", "cae", "lines", "lines[0].subtotal", "lines[1].subtotal"] {
            assert!(told.iter().any(|one| one == field), "{field}: {told:?}");
        }
        // A line that is corrected is certain; the CUIT and the CAE are not for that.
        let corrected = change(&shop, &invoice, json!({"lines": lines()})).await.expect_status(200).json();
        assert!(percent(&corrected) > sure, "{} after {sure}", percent(&corrected));
        assert_eq!(in_the_way(&shop, &invoice).await, ["supplier", "cae"]);
        change(&shop, &invoice, json!({"cae": "70417054367476"})).await.expect_status(200);
        assert_eq!(in_the_way(&shop, &invoice).await, ["supplier"]);
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    /// Who sends all of it has seen it: what the paper has and nobody can believe is then asked once.
    fn who_saw_it_whole_is_asked_once_about_what_cannot_be_believed(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let invoice = read(&shop, MISREAD).await;
        change(&shop, &invoice, typed("00003-00001234")).await.expect_status(200);
        let told = fields(step(&shop, &invoice, "confirm", json!({})).await, 409, "warnings");
        assert_eq!(told, ["supplier", "cae"]);
        assert_eq!(books(&shop).await, before);
        step(&shop, &invoice, "confirm", json!({"accept_warnings": true})).await.expect_status(200);
    }
}

both_engines! {
    /// The page says of each value how surely it was read, where that is little, and goes to it by keys.
    fn the_page_says_how_surely_each_value_was_read(shop: TestShop) {
        with_suppliers(&shop).await;
        let invoice = read(&shop, MISREAD).await;
        let path = format!("/invoices/{}", text(&invoice, "id"));
        let page = shop.page(shop.admin()).get(&path).await.expect_status(200).text();
        let field = |name: &str| {
            let at = page.find(&format!("name=\"{name}\"")).unwrap();
            let from = page[..at].rfind("<div class=\"field tight\"").unwrap();
            &page[from..at + page[at..].find("</div>").unwrap()]
        };
        assert!(field("lines[0].subtotal").contains("data-doubtful") && field("lines[0].subtotal").contains("Leído con 40 %"));
        assert!(!field("total").contains("data-doubtful"), "{}", field("total"));
        assert!(page.contains("data-fast") && page.contains("lo próximo para mirar"));
        change(&shop, &invoice, typed("00003-00001234")).await.expect_status(200);
        let page = shop.page(shop.admin()).get(&path).await.expect_status(200).text();
        assert!(!page.contains("data-doubtful"), "somebody saw it whole");
    }
}
