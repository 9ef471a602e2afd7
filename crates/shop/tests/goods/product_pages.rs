//! The pages of products through the whole stack on both engines: finding, looking at, making and
//! changing one.

use crate::common::pages::{cookies, field, form, leads_to, page};
use crate::common::shop_with;
use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::{Value, json};

fn cheese() -> Value {
    json!({"sku": "QUE-CREMOSO", "name": "Queso cremoso común", "category": "QUE", "unit": "kg", "barcodes": ["7790742034007"],
        "scale_plu": "00042", "sale_price": "8500.00", "acquisition_cost": "5420.5000", "min_stock": "10",
        "presentations": [{"name": "horma", "factor": "4", "barcodes": ["17790742034004"]}],
        "opening": {"location": "deposito", "quantity": "24", "unit_cost": "5420.5"}})
}

both_engines! {
    fn products_are_found_by_letters_without_accents_and_by_code(shop: TestShop) {
        shop_with(&shop, &[cheese(), json!({"sku": "CAF", "name": "Café molido", "category": "GEN", "unit": "un"})]).await;
        let browser = shop.page(shop.admin());
        let all = page(&browser, "/products").await;
        assert!(all.contains("Queso cremoso común") && all.contains("Café molido") && all.contains("2 productos activos"), "{all}");
        let found = page(&browser, "/products?q=cafe+mol").await;
        assert!(found.contains("Café molido") && !found.contains("Queso cremoso"), "{found}");
        let unknown = page(&browser, "/products?q=7790895000805").await;
        assert!(unknown.contains("/products/new?barcodes=7790895000805"), "{unknown}");
        let filled = page(&browser, "/products/new?barcodes=7790895000805").await;
        assert!(filled.contains("7790895000805"), "{filled}");
        let seller = page(&shop.page(shop.user(Role::Cashier)), "/products?q=7790895000805").await;
        assert!(!seller.contains("/products/new"), "{seller}");
        for code in ["7790742034007", "que-cremoso", "17790742034004"] {
            let answer = browser.get(&format!("/products?q={code}")).await;
            assert_eq!(leads_to(&answer), "/products/QUE-CREMOSO", "{code}");
        }
        let fragment = browser.clone().header("hx-request", "true").get("/products?q=QUE-CREMOSO").await;
        fragment.expect_status(200);
        assert!(page(&browser, "/products?level=normal").await.contains("Queso"));
        assert!(!page(&browser, "/products?level=out_of_stock").await.contains("Queso cremoso"));
        assert!(page(&browser, "/products?q=zzz").await.contains("No encontramos productos"));
    }
}

both_engines! {
    fn the_card_shows_stock_codes_and_the_running_balance(shop: TestShop) {
        shop_with(&shop, &[cheese()]).await;
        let browser = shop.page(shop.admin());
        let card = page(&browser, "/products/QUE-CREMOSO").await;
        for shown in ["24,000", "Depósito", "7790742034007", "horma", "4 kg", "$ 8.500,00", "$ 5.420,50", "Stock inicial", "quedan 24,000 kg", "Quesos"] {
            assert!(card.contains(shown), "{shown} in {card}");
        }
        assert!(page(&browser, "/products/QUE-CREMOSO?kind=waste").await.contains("Ninguno cumple"));
        assert_eq!(leads_to(&browser.get("/products/que-cremoso").await), "/products/QUE-CREMOSO");
        browser.get("/products/NADA").await.expect_status(404);
        let worker = page(&shop.page(shop.user(Role::Deposito)), "/products/QUE-CREMOSO").await;
        assert!(!worker.contains("5.420") && !worker.contains("/edit"), "{worker}");
    }
}

both_engines! {
    fn picking_a_product_goes_on_to_the_form_with_pack_and_weight(shop: TestShop) {
        shop_with(&shop, &[cheese(), json!({"sku": "QUE-2", "name": "Queso fontina", "category": "QUE", "unit": "kg"})]).await;
        let browser = shop.page(shop.admin());
        let step = leads_to(&browser.get("/stock/movements/new?kind=waste").await);
        let pick = page(&browser, &step).await;
        assert!(pick.contains("¿Qué producto?"), "{pick}");
        let with = |q: &str| format!("{step}&q={q}");
        let pack = leads_to(&browser.get(&with("17790742034004")).await);
        assert_eq!(pack, "/stock/movements/new?kind=waste&product=QUE-CREMOSO&unit=horma");
        assert!(page(&browser, &pack).await.contains("<option value=\"horma\" selected>"));
        let list = page(&browser, &with("queso")).await;
        assert!(list.contains("product=QUE-CREMOSO") && list.contains("product=QUE-2"), "{list}");
        assert_eq!(leads_to(&browser.get(&with("fontina")).await), "/stock/movements/new?kind=waste&product=QUE-2");
        browser.get("/products/pick?next=https://elsewhere.example").await.expect_status(404);
    }
}

both_engines! {
    fn a_product_is_made_by_a_form_with_packs_and_opening_stock(shop: TestShop) {
        shop_with(&shop, &[]).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/products/new").await;
        let sent = form(&[
            ("idempotency_key", &field(&html, "idempotency_key")), ("name", "Agua mineral 2 L"), ("category", "GEN"), ("unit", "un"),
            ("sku", "agua-2l"), ("barcodes", "7790742034007"), ("sale_price", "1.850,50"), ("min_stock", "12"),
            ("presentations[0].name", "pack x6"), ("presentations[0].factor", "6"), ("presentations[0].barcodes", ""),
            ("shelf_target.local", "8"), ("opening.location", "deposito"), ("opening.quantity", "24"), ("opening.unit_cost", "900,5"),
        ]);
        let answer = browser.form("/products", &sent).await;
        assert_eq!(leads_to(&answer), "/products/AGUA-2L");
        let made = shop.api(shop.admin()).get("/api/v1/products/sku:AGUA-2L").await.expect_status(200).json();
        assert_eq!((made["sale_price"].as_str(), made["min_stock"].as_str()), (Some("1850.50"), Some("12")));
        assert_eq!(made["presentations"][0]["factor"], "6");
        assert_eq!(made["shelf_targets"], json!([{"location": "local", "quantity": "8"}]));
        let card = page(&browser.clone().header("cookie", &cookies(&answer)), "/products/AGUA-2L").await;
        assert!(card.contains("Producto creado: Agua mineral 2 L") && card.contains(">24<"), "{card}");
        assert_eq!(leads_to(&browser.form("/products", &sent).await), "/products/AGUA-2L");
        let other = sent.replace("idempotency_key=", "idempotency_key=x").replace("agua-2l", "otra");
        let refused = browser.form("/products", &other).await.expect_status(422).text();
        assert!(refused.contains("href=\"#barcodes\"") && refused.contains("value=\"otra\"") && refused.contains("ya es de otro producto"), "{refused}");
    }
}

both_engines! {
    fn changing_a_product_touches_only_what_was_changed(shop: TestShop) {
        shop_with(&shop, &[cheese()]).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/products/QUE-CREMOSO/edit").await;
        assert_eq!((field(&html, "sale_price"), field(&html, "presentations[0].factor")), ("8500,00".to_owned(), "4".to_owned()));
        let names = ["idempotency_key", "version", "name", "sku", "sale_price", "wholesale_price", "acquisition_cost", "replacement_cost",
            "min_stock", "max_stock", "reorder_point", "brand", "presentations[0].name", "presentations[0].factor", "presentations[0].price",
            "presentations[0].barcodes", "scale_plu"];
        let texts: Vec<String> = names.iter().map(|name| field(&html, name)).collect();
        let mut pairs: Vec<(&str, &str)> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_str())).collect();
        pairs.extend([("category", "QUE"), ("unit", "kg"), ("vat_rate", "21.00"), ("barcodes", "7790742034007"), ("perishable", "yes"), ("notes", "Cortar fino")]);
        let changed: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| if *name == "brand" { (*name, "La Paulina") } else { (*name, *text) }).collect();
        assert_eq!(leads_to(&browser.form("/products/QUE-CREMOSO/edit", &form(&changed)).await), "/products/QUE-CREMOSO");
        let now = shop.api(shop.admin()).get("/api/v1/products/sku:QUE-CREMOSO").await.json();
        assert_eq!((now["brand"].as_str(), now["notes"].as_str()), (Some("La Paulina"), Some("Cortar fino")));
        assert_eq!((now["sale_price"].as_str(), now["acquisition_cost"].as_str()), (Some("8500.00"), Some("5420.5000")));
        assert_eq!(now["presentations"][0]["barcodes"], json!(["17790742034004"]));
        let stale: Vec<(&str, &str)> = changed.iter().map(|(name, text)| if *name == "idempotency_key" { (*name, "other") } else { (*name, *text) }).collect();
        let refused = browser.form("/products/QUE-CREMOSO/edit", &form(&stale)).await.expect_status(422).text();
        assert!(refused.contains("Otra persona lo cambió"), "{refused}");
        shop.page(shop.user(Role::Cashier)).get("/products/QUE-CREMOSO/edit").await.expect_status(403);
    }
}

both_engines! {
    fn boxes_say_what_a_product_is_and_what_is_not_ticked_is_left_to_the_category(shop: TestShop) {
        shop_with(&shop, &[]).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/products/new").await;
        assert!(html.contains("En góndola: Local"), "the shelf is called by its place: {html}");
        let sent = form(&[
            ("idempotency_key", &field(&html, "idempotency_key")), ("name", "Leche chocolatada 1 L"), ("category", "LAC"),
            ("unit", "un"), ("sku", "choco"), ("short_name", "Chocolatada"), ("weight_g", "1030"), ("returnable", "yes"),
        ]);
        assert_eq!(leads_to(&browser.form("/products", &sent).await), "/products/CHOCO");
        let api = shop.api(shop.admin());
        let made = api.get("/api/v1/products/sku:CHOCO").await.expect_status(200).json();
        assert_eq!((&made["perishable"], &made["returnable"], &made["alcohol"]), (&json!(true), &json!(true), &json!(false)));
        assert_eq!((&made["short_name"], &made["weight_g"]), (&json!("Chocolatada"), &json!(1030)));
        let card = page(&browser, "/products/CHOCO").await;
        assert!(card.contains("Envase retornable") && card.contains("1030 g"), "{card}");
        let before = page(&browser, "/products/CHOCO/edit").await;
        let names = ["idempotency_key", "version", "name", "sku", "short_name", "weight_g", "min_stock", "max_stock", "reorder_point"];
        let texts: Vec<String> = names.iter().map(|name| field(&before, name)).collect();
        let mut pairs: Vec<(&str, &str)> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_str())).collect();
        pairs.extend([("category", "LAC"), ("unit", "un"), ("vat_rate", "21.00"), ("perishable", "yes")]);
        assert_eq!(leads_to(&browser.form("/products/CHOCO/edit", &form(&pairs)).await), "/products/CHOCO");
        let now = api.get("/api/v1/products/sku:CHOCO").await.expect_status(200).json();
        assert_eq!((&now["returnable"], &now["perishable"]), (&json!(false), &json!(true)), "a box that was emptied is no");
    }
}

both_engines! {
    fn the_kardex_says_by_which_pack_something_was_entered(shop: TestShop) {
        shop_with(&shop, &[cheese()]).await;
        let wheels = json!({"kind": "receipt", "product": "sku:QUE-CREMOSO", "quantity": "2", "unit": "horma", "to": "deposito",
            "unit_cost": "21000", "reason": "Entrega"});
        shop.api(shop.admin()).post("/api/v1/movements", wheels).await.expect_status(201);
        let card = page(&shop.page(shop.admin()), "/products/QUE-CREMOSO").await;
        assert!(card.contains("2 horma") && card.contains("quedan 32,000 kg"), "{card}");
    }
}
