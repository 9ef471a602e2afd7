//! The way to the files from the pages: a link under each list, with the filters that the page has.

use gondola_sheets::{Limits, read};
use gondola_store::Role;
use gondola_testkit::{Client, both_engines};
use serde_json::json;

use crate::common::pages::page;
use crate::common::shelves::{sell, stock_up_lot};
use crate::exports::files::{column, founded, make};

/// Where the link to a file leads; nothing when there is none.
fn link(html: &str, format: &str) -> Option<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let of_format = |href: &&str| href.starts_with("/api/v1/") && href.ends_with(&format!("format={format}"));
    links.into_iter().find(of_format).map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
}

/// The SKUs in the file that a page leads to.
async fn skus(browser: &Client<'_>, path: &str, format: &str) -> Vec<String> {
    let href = link(&page(browser, path).await, format).unwrap_or_else(|| panic!("no link to {format} on {path}"));
    let file = browser.get(&href).await.expect_status(200);
    assert!(file.header("content-disposition").starts_with("attachment;"));
    column(&read(&file.body, &Limits::default()).expect("a file"), "SKU")
}

both_engines! {
    /// CSV-3: the filters of the file are those on the screen.
    fn each_list_on_a_page_leads_to_its_file(shop: TestShop) {
        founded(&shop).await;
        make(&shop, "Arroz", json!({"sku": "ARROZ", "min_stock": "50"})).await;
        make(&shop, "Queso & dulce", json!({"sku": "QUESO", "unit": "kg"})).await;
        stock_up_lot(&shop, "ARROZ", "20", "L-1", "2026-11-28").await;
        stock_up_lot(&shop, "QUESO", "30", "L-2", "2027-12-31").await;
        sell(&shop, "ARROZ", "deposito", "1").await;
        let browser = shop.page(shop.admin());
        let expected = [
            ("/products", &["ARROZ", "QUESO"][..]),
            ("/products?q=queso+%26", &["QUESO"]),
            ("/products?low=yes", &["ARROZ"]),
            ("/products?location=local", &[]),
            ("/stock?q=arr&location=deposito", &["ARROZ"]),
            ("/stock/lots", &["ARROZ", "QUESO"]),
            ("/stock/lots?within=7&location=deposito", &["ARROZ"]),
            ("/stock/lots?sku=queso", &["QUESO"]),
            ("/stock/movements", &["ARROZ", "QUESO", "ARROZ"]),
            ("/stock/movements?kind=receipt&product=ARROZ", &["ARROZ"]),
            ("/products/QUESO", &["QUESO"]),
            ("/products/ARROZ?kind=sale", &["ARROZ"]),
        ];
        for (path, wanted) in expected {
            if wanted.is_empty() {
                assert_eq!(link(&page(&browser, path).await, "csv"), None, "nothing to take along on {path}");
                continue;
            }
            for format in ["csv", "xlsx"] {
                assert_eq!(skus(&browser, path, format).await, wanted, "{path} as {format}");
            }
        }
        let seller = shop.page(shop.user(Role::Cashier));
        assert_eq!(link(&page(&seller, "/products").await, "csv"), None, "who may not export is not led there");
    }
}
