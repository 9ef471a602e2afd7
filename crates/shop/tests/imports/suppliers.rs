//! Lists of suppliers: code and name.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::files::{counts, errors, founded, product, send};

both_engines! {
    fn suppliers_are_created_renamed_and_taken_back(shop: TestShop) {
        founded(&shop).await;
        let import = send(&shop, "suppliers", "Código;Proveedor\nco;Coca Cola\nLS;La Serenísima\nM;M\n;Nadie\nQ;\n").await.expect_status(201).json();
        assert_eq!(errors(&import), ["4 name text_too_short", "5 code required", "6 name required"]);
        assert_eq!(counts(&import), [5, 2, 3, 2, 0]);
        let body = json!({"name": "Gaseosa", "sku": "G-1", "category": "GEN", "unit": "un", "suppliers": [{"supplier": "CO"}]});
        shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
        assert_eq!(product(&shop, "G-1").await["suppliers"][0]["name"], "Coca Cola");
        let renamed = send(&shop, "suppliers", "code,name\nCO,Femsa\nLS,La Serenísima\n").await.expect_status(201).json();
        assert_eq!(counts(&renamed), [2, 2, 0, 0, 1]);
        assert_eq!(product(&shop, "G-1").await["suppliers"][0]["name"], "Femsa");
        let undo = format!("/api/v1/imports/{}/undo", renamed["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&undo, json!({})).await.expect_status(200);
        assert_eq!(product(&shop, "G-1").await["suppliers"][0]["name"], "Coca Cola");
    }
}

both_engines! {
    fn a_dry_run_of_suppliers_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        let dry = send(&shop, "suppliers?dry_run=true", "code,name\nCO,Femsa\n").await.expect_status(200).json();
        assert_eq!(counts(&dry), [1, 1, 0, 1, 0]);
        let wet = send(&shop, "suppliers", "code,name\nCO,Femsa\n").await.expect_status(201).json();
        assert_eq!(counts(&wet), [1, 1, 0, 1, 0]);
    }
}
