//! Lists of prices: known products only, one list or both.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::files::{counts, errors, founded, product, products_shown, send};

both_engines! {
    fn prices_go_to_the_list_they_name_and_create_nothing(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", "sku,nombre,ean\nA-1,Yerba,7790742034007\nA-2,Azúcar,\n").await.expect_status(201);
        let prices = "código;lista;precio\n\
            A-1;;1.850,00\n\
            A-1;Mayorista;1.700,00\n\
            A-2;MAYORISTA;900\n\
            A-9;;100\n\
            A-2;Oferta;100\n\
            A-1;;1.900,00\n";
        let import = send(&shop, "prices", prices).await.expect_status(201).json();
        assert_eq!(errors(&import), ["5 sku unknown_product", "6 list unknown_list", "7 sku repeated_row"]);
        assert_eq!(counts(&import), [6, 3, 3, 0, 3]);
        let yerba = product(&shop, "A-1").await;
        assert_eq!((&yerba["sale_price"], &yerba["wholesale_price"]), (&json!("1850.00"), &json!("1700.00")));
        assert_eq!(product(&shop, "A-2").await["wholesale_price"], "900.00");
        assert_eq!(products_shown(&shop).await, 2);
        let undo = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&undo, json!({})).await.expect_status(200);
        let yerba = product(&shop, "A-1").await;
        assert_eq!((&yerba["sale_price"], &yerba["wholesale_price"]), (&json!(null), &json!(null)));
    }
}

both_engines! {
    fn a_price_that_cannot_stand_is_told_under_its_own_column(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", "sku,nombre,precio\nA-1,Yerba,1000.00\n").await.expect_status(201);
        let import = send(&shop, "prices", "sku,lista,precio\nA-1,mayorista,1200.00\nA-1,general,0\n").await.expect_status(201).json();
        assert_eq!(errors(&import), ["2 price above_retail", "3 price too_small"]);
    }
}
