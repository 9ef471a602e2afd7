//! What went out comes back in: a file of products is a list of products.

use axum::http::Method;
use gondola_testkit::both_engines;
use serde_json::json;

use crate::exports::files::{FORMATS, founded, make};

both_engines! {
    /// An import takes an export as it is, in either language, and finds nothing to change in it.
    fn a_file_of_products_comes_back_in_and_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        let everything = json!({
            "sku": "LAC-LS-SACH", "category": "LAC", "brand": "La Serenísima", "variant": "entera", "short_name": "Leche",
            "description": "Sachet, 1 litro; \"larga vida\"", "notes": "=arriba\na la izquierda", "unit": "un",
            "content": {"quantity": "1.5", "unit": "l"}, "weight_g": 1030, "barcodes": ["7790742034007", "7790742034014"],
            "internal_code": "1204", "min_stock": "12", "max_stock": "48", "reorder_point": "18", "target_days": 7,
            "sale_price": "1850.00", "wholesale_price": "1700.50", "acquisition_cost": "1420.5000",
            "replacement_cost": "1500.1234", "vat_rate": "10.50", "perishable": true, "shelf_life_days": 10,
            "alert_days": 3, "returnable": true,
        });
        make(&shop, "Leche sachet La Serenísima 1 L", everything).await;
        let by_weight = json!({"sku": "QUESO", "unit": "kg", "min_stock": "2.375", "scale_plu": "00042", "sold_by_weight": true});
        make(&shop, "+ Queso cremoso", by_weight).await;
        let api = shop.api(shop.admin());
        let before = api.get("/api/v1/products").await.json();
        for lang in ["es", "en"] {
            for format in FORMATS {
                let file = api.clone().header("accept-language", lang).get(&format!("/api/v1/products?{format}")).await;
                let kind = file.header("content-type").to_owned();
                let sent = api.send(Method::POST, "/api/v1/imports/products", Some((&kind, file.body))).await;
                let import = sent.expect_status(201).json();
                assert_eq!((&import["rows_total"], &import["rows_bad"]), (&json!(2), &json!(0)), "{lang} {format}: {import}");
                assert_eq!((&import["rows_created"], &import["rows_changed"]), (&json!(0), &json!(0)), "{lang} {format}: {import}");
            }
        }
        assert_eq!(api.get("/api/v1/products").await.json(), before);
    }
}
