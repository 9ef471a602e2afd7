//! The government's price list of 2020, as it was published (issue 2 point 6).

use gondola_testkit::both_engines;

use crate::files::{counts, founded, product, products_shown, send_bytes};

fn published() -> Option<Vec<u8>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/precios-maximos-buenos-aires-2020.csv");
    let found = std::fs::read(path).ok();
    if found.is_none() {
        eprintln!("SKIPPED: the folder shared/data is not beside the project");
    }
    found
}

both_engines! {
    /// One command; 35 codes that are wrong and one that stands twice are explained, the rest goes in.
    fn the_published_list_goes_in_and_every_bad_row_is_explained(shop: TestShop) {
        let Some(file) = published() else { return };
        founded(&shop).await;
        let import = send_bytes(&shop, "products", "text/csv", &file).await.expect_status(201).json();
        assert_eq!(counts(&import), [2017, 1981, 36, 1981, 0]);
        let errors = import["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 36);
        assert!(errors.iter().all(|error| error["field"] == "barcode" && !error["detail"].as_str().unwrap().is_empty()));
        let repeated = errors.iter().filter(|error| error["code"] == "repeated_row").count();
        assert_eq!(repeated, 1);
        let ignored = ["Producto_s_tilde", "Provincia", "Region"];
        for column in import["columns"].as_array().unwrap() {
            let used = !ignored.contains(&column["title"].as_str().unwrap());
            assert_eq!(column["field"].is_string(), used, "{column}");
        }
        assert_eq!(products_shown(&shop).await, 1981);
        let found = shop.api(shop.admin()).get("/api/v1/products/by-code/7792180001665").await.expect_status(200).json();
        let sku = found["product"]["sku"].as_str().or(found["sku"].as_str()).unwrap().to_owned();
        let oil = product(&shop, &sku).await;
        assert_eq!((oil["name"].as_str(), oil["sale_price"].as_str()), (Some("Aceite de Girasol Cañuelas 1.5 Lt"), Some("145.00")));
        assert_eq!((oil["category"].as_str(), oil["brand"].as_str()), (Some("ACE"), Some("Cañuelas")));
    }
}
