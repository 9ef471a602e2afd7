//! What changed since the supplier's last list, and who asks least for a product.

use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::common::purchases::text;
use crate::supplier_lists::given::{LISTS, apply, brought, change, founded, items, lines, send_form, step, told};

both_engines! {
    fn a_list_is_put_beside_the_suppliers_last_one(shop: TestShop) {
        founded(&shop).await;
        let first = brought(&shop, "MAX", "EAN;Cod;Descripción;Precio\n7790742034007;1;MALBEC;100\n;2;Vino Santa Julia Chenin 750 ml;100\n;3;ROSADO;100\n;4;VIEJO;100\n;5;OTRO VIEJO;100\n").await;
        assert_eq!((told(&lines(&shop, &first, "").await, &["change"]), &first["previous"]), (vec!["new".to_owned(); 5], &json!(null)));
        brought(&shop, "LS", "EAN;Descripción;Precio\n7790742034007;MALBEC;1\n").await;
        let next = brought(&shop, "MAX", "EAN;Cod;Descripción;Precio\n7790742034007;1;MALBEC;112,5\n;22;Vino Santa Julia Chenin 750 ml;90\n;3;ROSADO;100\n;6;NUEVO;100\n;4;VIEJO;\n").await;
        assert_eq!(next["previous"], first["number"], "of the same supplier");
        assert_eq!(told(&lines(&shop, &next, "").await, &["code", "change", "change_percent", "price_before"]), [
            "1 dearer 12.50 100.0000", "22 cheaper -10.00 100.0000", "3 same 0.00 100.0000", "6 new - -", "4 unknown - 100.0000",
        ], "by barcode, by product, by code");
        assert_eq!(told(&lines(&shop, &next, "?change=dearer").await, &["code"]), ["1"]);
        let gone = items(shop.api(shop.admin()).get(&format!("{LISTS}/{}/gone", text(&next, "id"))).await.expect_status(200).json());
        assert_eq!(told(&gone, &["text", "price"]), ["OTRO VIEJO 100.0000"]);
        let malbec = &lines(&shop, &next, "").await[0];
        assert_eq!((&malbec["replacement_cost"], &malbec["replacement_percent"]), (&json!("8000.0000"), &json!("-98.30")), "against what it takes now");
    }
}

both_engines! {
    fn a_smaller_case_for_the_same_price_is_dearer(shop: TestShop) {
        founded(&shop).await;
        brought(&shop, "MAX", "EAN;Descripción;UxB;Precio bulto\n7790742034007;MALBEC;12;1200\n").await;
        let next = brought(&shop, "MAX", "EAN;Descripción;UxB;Precio bulto\n7790742034007;MALBEC;10;1200\n").await;
        assert_eq!(told(&lines(&shop, &next, "").await, &["change", "change_percent"]), ["dearer 20.00"]);
    }
}

both_engines! {
    /// "Buy the case?": a wholesaler prints the price of a closed case beside that of one. 12 at 1,161.60 are 13,939.20, and loose
    /// 17,424.00; a case that is no cheaper, or of nobody knows how many, says nothing.
    fn a_closed_case_says_what_it_saves(shop: TestShop) {
        founded(&shop).await;
        let found = || async { items(shop.api(shop.admin()).get("/api/v1/products/sku:MALBEC/supplier-costs").await.expect_status(200).json()) };
        let shown = ["unit_cost", "case_unit_cost", "case_units", "case_saving"];
        let list = |titles: &str, cells: &str| format!("EAN;Descripción;{titles}\n7790742034007;MALBEC;{cells}\n");
        brought(&shop, "MAX", &list("UxB;Precio unitario;Precio bulto", "12;1.200;11.520")).await;
        assert_eq!(told(&found().await, &shown), ["1452.0000 1161.6000 12 3484.80"]);
        let page = shop.page(shop.admin()).get("/supplier-costs/MALBEC").await.expect_status(200).text();
        assert!(page.contains("1.161,60") && page.contains("Bulto de 12: ahorrás $ 3.484,80"), "{page}");
        // The same, printed as the price of each when a case is bought.
        brought(&shop, "MAX", &list("UxB;Precio unitario;Precio bulto", "12;1.200;960")).await;
        assert_eq!(told(&found().await, &shown), ["1452.0000 1161.6000 12 3484.80"]);
        for (titles, cells) in [
            ("UxB;Precio unitario;Precio bulto", "12;1.200;14.400"),
            ("Precio unitario;Precio bulto", "1.200;11.520"),
            ("UxB;Precio unitario", "12;1.200"),
        ] {
            brought(&shop, "MAX", &list(titles, cells)).await;
            assert_eq!(told(&found().await, &shown), ["1452.0000 - - -"], "{titles} {cells}");
        }
    }
}

both_engines! {
    fn suppliers_stand_side_by_side_the_cheapest_first_by_the_list_that_holds(shop: TestShop) {
        founded(&shop).await;
        let one = |price: &str| format!("EAN;Descripción;Precio\n7790742034007;MALBEC;{price}\n");
        brought(&shop, "MAX", &one("500")).await;
        brought(&shop, "MAX", &one("120")).await;
        send_form(&shop, "MAX", &one("10"), &[("valid_from", "2026-01-01"), ("valid_to", "2026-01-31")]).await.expect_status(201);
        send_form(&shop, "MAX", &one("11"), &[("valid_from", "2030-01-01")]).await.expect_status(201);
        let dropped = brought(&shop, "LS", &one("1")).await;
        step(&shop, &dropped, "discard", json!({})).await.expect_status(200);
        brought(&shop, "LS", &one("100")).await;
        let asked = brought(&shop, "Q", "EAN;Descripción;Precio\n;MALBEC ELEMENTOS ESPECIAL 750 ML;5\n").await;
        assert_eq!(told(&lines(&shop, &asked, "").await, &["certainty"]), ["person"], "nobody said yet that it is the same");
        let found = || async { items(shop.api(shop.admin()).get("/api/v1/products/sku:MALBEC/supplier-costs").await.expect_status(200).json()) };
        let shown = ["supplier", "unit_cost", "cost_per_measure", "measure", "above_cheapest"];
        assert_eq!(told(&found().await, &shown), ["LS 121.0000 161.3333 l 0.00", "MAX 145.2000 193.6000 l 20.00"]);
        let saved = found().await[1].clone();
        assert_eq!((&saved["saving_units"], &saved["saving"]), (&json!(1), &json!("24.20")), "no minimum: one unit");
        let path = "/api/v1/suppliers/LS";
        let version = shop.api(shop.admin()).get(path).await.expect_status(200).json()["version"].as_i64().unwrap();
        shop.api(shop.admin()).if_match(version).patch(path, json!({"minimum_order": "1000.00"})).await.expect_status(200);
        let saved = found().await;
        assert_eq!((&saved[0]["minimum_order"], &saved[0]["saving"]), (&json!("1000.00"), &Value::Null));
        assert_eq!((&saved[1]["saving_units"], &saved[1]["saving"]), (&json!(9), &json!("217.80")), "nine of 121 are 1,000");
        let line = lines(&shop, &asked, "").await[0]["line"].clone();
        change(&shop, &asked, json!({"lines": [{"line": line, "product": "sku:MALBEC"}]})).await.expect_status(200);
        assert_eq!(told(&found().await, &["supplier"]), ["Q", "LS", "MAX"]);
        apply(&shop, &asked).await.expect_status(200);
        step(&shop, &asked, "reverse", json!({"reason": "No era esa"})).await.expect_status(200);
        assert_eq!(told(&found().await, &["supplier"]), ["LS", "MAX"], "a list that was taken back says nothing");
        shop.api(shop.admin()).get("/api/v1/products/sku:NADA/supplier-costs").await.expect_problem(404, "not_found");
    }
}
