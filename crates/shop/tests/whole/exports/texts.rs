//! What stands in the cells, whatever it is.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::common::{receipt, stocked};
use crate::exports::files::{FORMATS, bytes, column, founded, make, table};

const NASTY: [&str; 5] = ["coma, y; punto y coma", "di\"jo\"", "dos\nlíneas", "mate 🧉 ñandú, ÁÉÍÓÚ", "O'Brien | 50 %"];

both_engines! {
    /// CSV-1: comma, quote, newline, emoji and accents come back identical, from every format.
    fn texts_come_back_identical(shop: TestShop) {
        founded(&shop).await;
        for (number, text) in NASTY.iter().enumerate() {
            make(&shop, &format!("Producto {number}"), json!({"notes": text})).await;
        }
        for format in FORMATS {
            let found = table(&shop, shop.admin(), "products", format).await;
            assert!(found.ragged.is_empty(), "{format}");
            assert_eq!(column(&found, "Notas"), NASTY, "{format}");
        }
    }
}

both_engines! {
    /// CSV-1: RFC 4180 in both dialects; the excel one has `;`, a byte order mark, decimal comma, the day first.
    fn a_dialect_is_written_as_promised(shop: TestShop) {
        founded(&shop).await;
        let fields = json!({"sku": "LECHE", "sale_price": "1850.00", "barcodes": ["7790742034007"], "notes": "a \"b\""});
        make(&shop, "Leche", fields).await;
        let excel = String::from_utf8(bytes(&shop, shop.admin(), "products", "format=csv").await).unwrap();
        assert!(excel.starts_with("\u{feff}SKU;Códigos de barras;Nombre;"), "{excel}");
        assert!(excel.contains("\r\nLECHE;7790742034007;Leche;") && excel.contains(";1850,00;"), "{excel}");
        assert!(excel.contains(";\"a \"\"b\"\"\";") && excel.ends_with("\r\n"), "{excel}");
        let plain = String::from_utf8(bytes(&shop, shop.admin(), "products", "format=csv&dialect=plain").await).unwrap();
        assert!(plain.starts_with("SKU,Códigos de barras,Nombre,") && plain.contains(",1850.00,"), "{plain}");
    }
}

both_engines! {
    /// CSV-2: a text that a spreadsheet would run stands with an apostrophe, in CSV and XLSX alike.
    fn no_text_can_run_as_a_formula(shop: TestShop) {
        founded(&shop).await;
        let formulas = ["=1+1", "+54 9 2262", "-2+3", "@SUM(A1)", "'=1"];
        for (number, text) in formulas.iter().enumerate() {
            make(&shop, &format!("Producto {number}"), json!({"notes": text})).await;
        }
        let csv = String::from_utf8(bytes(&shop, shop.admin(), "products", "format=csv").await).unwrap();
        for text in formulas {
            assert!(csv.contains(&format!(";'{text};")), "{text} in {csv}");
        }
        for format in FORMATS {
            let found = table(&shop, shop.admin(), "products", format).await;
            assert_eq!(column(&found, "Notas"), formulas, "the apostrophe is taken off on the way in: {format}");
        }
    }
}

both_engines! {
    /// Quantities and costs are numbers in a workbook.
    fn a_workbook_holds_numbers_where_numbers_are(shop: TestShop) {
        stocked(&shop, &[("QUESO", "kg")]).await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", receipt("QUESO", "2.5", "1234.5678")).await.expect_status(201);
        let found = table(&shop, shop.admin(), "movements", "format=xlsx").await;
        assert_eq!(column(&found, "Cantidad"), ["2.5"]);
        assert_eq!(column(&found, "Costo unitario"), ["1234.5678"]);
        assert_eq!(column(&found, "Tipo"), ["Entrada de mercadería"]);
        let at = found.header.iter().position(|title| title == "Cantidad").unwrap();
        assert!(found.rows[0].is_number(at));
    }
}
