//! The pages of price lists, as people use them: load, say, tick, apply, take back.

use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::json;

use crate::common::pages::{field, form, leads_to, page};
use crate::common::purchases::text;
use crate::supplier_lists::given::{LISTS, brought, cost, costs, founded, items, lines, seen};

async fn load(shop: &TestShop, supplier: &str, file: &str) -> gondola_testkit::Answer {
    let body = format!(
        "--grieta\r\nContent-Disposition: form-data; name=\"idempotency_key\"\r\n\r\nllave-{supplier}-{}\r\n--grieta\r\nContent-Disposition: form-data; name=\"supplier\"\r\n\r\n{supplier}\r\n--grieta\r\nContent-Disposition: form-data; name=\"valid_to\"\r\n\r\n\r\n--grieta\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--grieta--\r\n",
        file.len()
    );
    let sent = Some(("multipart/form-data; boundary=grieta", body.into_bytes()));
    shop.page(shop.admin()).send(Method::POST, "/price-lists", sent).await
}

both_engines! {
    fn a_list_goes_from_a_file_to_costs_and_back_on_its_pages(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        assert!(page(&browser, "/price-lists").await.contains("Todavía no hay listas"));
        let file = "Cod;Mercadería;Precio\n7;Vino Santa Julia Chenin 750 ml;9.000\n8;V. ROSADO SANTA JULIA DULCE 750 CC;100\n";
        let here = leads_to(&load(&shop, "MAX", file).await);
        let html = page(&browser, &here).await;
        assert!(html.contains("9.000") && html.contains("Es la primera lista de este proveedor"), "{html}");
        let id = here.rsplit('/').next().unwrap();
        let list = json!({"id": id});
        // The columns are said, then the line that waits for a person is ticked: that is its product.
        let version = field(&html, "version");
        let said = [("version", version.as_str()), ("columns", "3"), ("column.0", "code"), ("column.1", "text"), ("column.2", "price")];
        leads_to(&browser.form(&format!("{here}/columns"), &form(&said)).await);
        let all = lines(&shop, &list, "").await;
        assert_eq!(all[1]["certainty"], "person");
        let line = all[1]["line"].to_string();
        let name = |part: &str| format!("{part}.{line}");
        let version = field(&page(&browser, &here).await, "version");
        let (product, was, person, tick) = (name("product"), name("product_was"), name("person"), name("tick"));
        let ticked = [("version", version.as_str()), ("line", &line), (&product, "ROSADO"), (&was, "ROSADO"), (&person, "yes"), (&tick, "yes")];
        leads_to(&browser.form(&format!("{here}/lines?certainty=person"), &form(&ticked)).await);
        assert_eq!(lines(&shop, &list, "").await[1]["certainty"], "certain");
        let version = field(&page(&browser, &here).await, "version");
        leads_to(&browser.form(&format!("{here}/apply"), &form(&[("idempotency_key", "aplicar"), ("version", &version)])).await);
        assert_eq!(costs(&shop).await, ["8000.0000", "10890.0000", "121.0000"]);
        assert!(page(&browser, "/supplier-costs/CHENIN").await.contains("10.890"));
        assert!(page(&browser, &format!("{here}/gone")).await.contains("No falta nada"));
        let refused = browser.form(&format!("{here}/reverse"), "idempotency_key=a&reason=").await.expect_status(422).text();
        assert!(refused.contains("aria-invalid"), "{refused}");
        leads_to(&browser.form(&format!("{here}/reverse"), &form(&[("idempotency_key", "deshacer"), ("reason", "Era otra")])).await);
        assert_eq!(costs(&shop).await, ["8000.0000"; 3]);
    }
}

both_engines! {
    fn what_is_wrong_stands_beside_its_field_and_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        let browser = shop.page(shop.admin());
        for (supplier, file, told) in [
            ("", "Descripción;Precio\nX;1\n", "Elegí el proveedor."),
            ("MAX", "Descripción;Precio\n", "no tiene renglones"),
            ("MAX", "", "El archivo está vacío."),
        ] {
            let html = load(&shop, supplier, file).await.expect_status(422).text();
            assert!(html.contains(told), "{told} in {html}");
        }
        assert!(items(shop.api(shop.admin()).get(LISTS).await.json()).is_empty());
        let list = brought(&shop, "MAX", "Cod;Descripción;Precio\n7;Vino Santa Julia Chenin 750 ml;\n").await;
        let here = format!("/price-lists/{}", text(&list, "id"));
        let line = lines(&shop, &list, "").await[0]["line"].to_string();
        let before = seen(&shop, &list).await;
        let version = before["version"].to_string();
        let (product, was, tick, units) = (format!("product.{line}"), format!("product_was.{line}"), format!("tick.{line}"), format!("units.{line}"));
        for (pairs, told) in [
            (vec![("line", line.as_str()), (&product, "NADIE"), (&was, "CHENIN")], "No hay ningún producto así."),
            (vec![("line", &line), (&product, "CHENIN"), (&was, "CHENIN"), (&tick, "yes")], "necesita su producto y un costo"),
            (vec![("line", &line), (&product, "CHENIN"), (&was, "CHENIN"), (&units, "muchas")], "Van de 1 a 10.000 unidades."),
        ] {
            let pairs: Vec<(&str, &str)> = [("version", version.as_str())].into_iter().chain(pairs).collect();
            let html = browser.form(&format!("{here}/lines"), &form(&pairs)).await.expect_status(422).text();
            assert!(html.contains(told), "{told} in {html}");
        }
        let days = [("version", version.as_str()), ("name", "X"), ("valid_from", "2026-11-02"), ("valid_to", "2026-11-01")];
        assert!(browser.form(&here, &form(&days)).await.expect_status(422).text().contains("Termina antes de empezar."));
        assert_eq!(seen(&shop, &list).await, before);
        leads_to(&browser.form(&format!("{here}/discard"), "idempotency_key=descartar").await);
        assert_eq!(seen(&shop, &list).await["state"], "discarded");
        assert_eq!(cost(&shop, "CHENIN").await, "8000.0000");
    }
}

both_engines! {
    fn whoever_only_reads_sees_a_list_and_no_way_to_change_it(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", "Cod;Descripción;Precio\n7;Vino Santa Julia Chenin 750 ml;5\n").await;
        let here = format!("/price-lists/{}", text(&list, "id"));
        let auditor = shop.page(shop.user(Role::Auditor));
        let html = page(&auditor, &here).await;
        assert!(html.contains("Chenin") && !html.contains("/apply") && !html.contains("name=\"tick"), "{html}");
        assert!(!page(&auditor, "/price-lists").await.contains("multipart/form-data"));
        auditor.form(&format!("{here}/apply"), "version=1").await.expect_status(403);
        shop.page(shop.user(Role::Cashier)).get(&here).await.expect_status(403);
        assert_eq!(cost(&shop, "CHENIN").await, "8000.0000");
    }
}
