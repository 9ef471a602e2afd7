//! What people send instead of an invoice, or as a hard one: each says why it cannot be read, and the books are as they were
//! (M10; PEN-1: A08).

use std::io::Cursor;

use crate::common::files::{has_tools, pdf};
use crate::common::purchases::{text, with_suppliers};
use axum::http::Method;
use gondola_shop::invoices::read_pending;
use gondola_shop::kernel::Lang;
use gondola_shop::kernel::words::word;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use image::{GrayImage, ImageFormat, Luma};
use serde_json::{Value, json};

const INVOICES: &str = "/api/v1/invoices";
/// A workbook made by hand: a title over merged cells, prices that are formulas with the values a spreadsheet left.
const MERGED: &[u8] = include_bytes!("supplier_lists/merged.xlsx");

/// Sends a file and has it read.
async fn read(shop: &TestShop, bytes: &[u8]) -> Value {
    let content = Some(("application/octet-stream", bytes.to_vec()));
    let sent = shop.api(shop.admin()).send(Method::POST, INVOICES, content).await.expect_status(201).json();
    assert_eq!(read_pending(shop.db(), &Actor::system("worker"), 10).await.unwrap(), 1);
    shop.api(shop.admin()).get(&format!("{INVOICES}/{}", text(&sent, "id"))).await.expect_status(200).json()
}

/// Stock, costs, debts, claims and deliveries.
async fn books(shop: &TestShop) -> Value {
    let api = shop.api(shop.admin());
    let mut found = Vec::new();
    for path in [
        "/api/v1/stock/as-of?at=2026-12-31",
        "/api/v1/supplier-accounts",
        "/api/v1/supplier-claims",
        "/api/v1/goods-receipts",
    ] {
        found.push(api.get(path).await.expect_status(200).json());
    }
    Value::Array(found)
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Fur: no pixel is like its neighbour.
fn cat() -> Vec<u8> {
    let mut seed = 7_u32;
    png(&GrayImage::from_fn(900, 700, |x, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([u8::try_from((seed >> 26) + (x / 40 + y / 60) % 3 * 40 + 60).unwrap()])
    }))
}

fn white(side: (u32, u32)) -> Vec<u8> {
    png(&GrayImage::from_pixel(side.0, side.1, Luma([255])))
}

both_engines! {
    /// INP-1: 413 for a file over 10 MB, as the body or in a form, through the API and from the page; nothing is kept of it. One of
    /// just 10 MB comes in.
    fn a_file_over_ten_megabytes_is_refused_at_the_door(shop: TestShop) {
        with_suppliers(&shop).await;
        let (api, page) = (shop.api(shop.admin()), shop.page(shop.admin()));
        let most = [b"%PDF-1.7 ".as_slice(), &vec![b'a'; 10 * 1024 * 1024 - 9]].concat();
        let over = [most.as_slice(), b"a"].concat();
        let sent = |bytes: &[u8]| Some(("application/pdf", bytes.to_vec()));
        let form = |bytes: &[u8]| {
            let head = b"--X\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f.pdf\"\r\n\r\n".as_slice();
            Some(("multipart/form-data; boundary=X", [head, bytes, b"\r\n--X--\r\n"].concat()))
        };
        let before = books(&shop).await;
        api.send(Method::POST, INVOICES, sent(&over)).await.expect_problem(413, "too_large");
        api.send(Method::POST, INVOICES, form(&over)).await.expect_problem(413, "too_large");
        let told = page.send(Method::POST, "/invoices", form(&over)).await.expect_status(413).text();
        assert!(told.contains("10 MB"), "{told}");
        let held = api.get(INVOICES).await.expect_status(200).json();
        assert_eq!(held["items"], json!([]));
        api.send(Method::POST, INVOICES, form(&most)).await.expect_status(201);
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    /// INP-1: a picture of more than 40 megapixels is not unpacked, whatever it weighs.
    fn a_picture_over_forty_megapixels_is_not_read(shop: TestShop) {
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let invoice = read(&shop, &white((8_000, 5_001))).await;
        assert_eq!((&invoice["state"], &invoice["note"]), (&json!("error"), &json!("paper_picture_too_large")));
        assert_eq!(invoice["pages"], 0);
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    fn what_is_no_invoice_says_why_and_changes_nothing(shop: TestShop) {
        if !has_tools("what_is_no_invoice") { return }
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let many: Vec<&[(i32, i32, &str)]> = vec![&[(50, 700, "x")]; 200];
        let bomb = png(&GrayImage::new(12_000, 12_000));
        let files: [(&[u8], &str); 8] = [
            (&cat(), "paper_blank"),
            (&pdf(&[&[]], ""), "paper_blank"),
            (&pdf(&many, ""), "paper_too_many_pages"),
            (&bomb, "paper_picture_too_large"),
            (b"Descripci\xc3\xb3n;Precio\n\xc3\xb1and\xc3\xba;1\ncaf\xe9;2\n", "sheet_bad_encoding"),
            (b"Descripcion;Precio\n\"sin cerrar;1\n", "sheet_unclosed_quote"),
            (b"<!doctype html><html><body>Factura</body></html>", "sheet_not_a_table"),
            (b"PK\x03\x04 no workbook", "sheet_truncated"),
        ];
        for (bytes, code) in files {
            let invoice = read(&shop, bytes).await;
            assert_eq!((&invoice["state"], &invoice["note"]), (&json!("error"), &json!(code)));
            let page = shop.page(shop.admin()).get(&format!("/invoices/{}", text(&invoice, "id"))).await.expect_status(200);
            let key = format!("invoice.unread_{code}");
            let told = word(Lang::Es, &key);
            assert_ne!(told, key, "it is told in words");
            assert!(page.text().contains(told), "{code}");
            let path = format!("{INVOICES}/{}/apply", text(&invoice, "id"));
            shop.api(shop.admin()).post(&path, json!({"location": "deposito"})).await.expect_problem(409, "invoice_state");
        }
        assert_eq!(books(&shop).await, before);
    }
}

both_engines! {
    /// A photo that no program can read is still there for a person to type from.
    fn a_blank_photo_is_shown_and_can_be_typed(shop: TestShop) {
        if !has_tools("a_blank_photo") { return }
        with_suppliers(&shop).await;
        let invoice = read(&shop, &png(&GrayImage::from_pixel(600, 800, Luma([250])))).await;
        assert_eq!((&invoice["state"], &invoice["pages"]), (&json!("error"), &json!(1)));
        let picture = format!("{INVOICES}/{}/pages/1", text(&invoice, "id"));
        shop.api(shop.admin()).get(&picture).await.expect_status(200);
        let typed = json!({"supplier": "Q", "kind": "informal", "issued_on": "2026-11-20", "total": "500.00",
            "lines": [{"text": "ANDES LATA 473", "quantity": "1", "price": "500", "vat": "0", "product": "sku:ANDES"}]});
        let path = format!("{INVOICES}/{}", text(&invoice, "id"));
        let version = invoice["version"].as_i64().unwrap();
        let typed = shop.api(shop.admin()).if_match(version).patch(&path, typed).await.expect_status(200).json();
        assert_eq!(typed["state"], "extracted");
    }
}

both_engines! {
    /// What a file would do is not done, and what it says is read: a script in a PDF, formulas and merged cells in a workbook, the
    /// letters of an old Windows.
    fn what_is_strange_but_readable_is_read(shop: TestShop) {
        if !has_tools("what_is_strange") { return }
        with_suppliers(&shop).await;
        let before = books(&shop).await;
        let words: &[(i32, i32, &str)] = &[(50, 780, "FACTURA A"), (50, 760, "Punto de venta: 00003 Comp. Nro: 00001234"), (50, 740, "Fecha: 20/11/2026"), (50, 700, "Total: 35.090,00")];
        let script = "/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\); this.exportDataObject\\(1\\);) >>";
        let invoice = read(&shop, &pdf(&[words], script)).await;
        assert_eq!((&invoice["state"], &invoice["document"], &invoice["total"]), (&json!("extracted"), &json!("00003-00001234"), &json!("35090.00")));
        let invoice = read(&shop, MERGED).await;
        assert_eq!(invoice["state"], "extracted");
        let prices: Vec<&Value> = invoice["lines"].as_array().unwrap().iter().map(|line| &line["price"]).collect();
        assert_eq!(prices, [&json!("9000.5000"), &json!("1234.0000")], "what the spreadsheet left, not the formula");
        let windows = b"FACTURA A;;;\nFecha: 20/11/2026;;;\nC\xf3digo;Descripci\xf3n;Cantidad;Precio Unitario\n1;\xd1OQUIS;2;100,50\n2;FIDEO;1;50,00\n";
        let invoice = read(&shop, windows).await;
        assert_eq!((&invoice["state"], &invoice["lines"][0]["text"]), (&json!("extracted"), &json!("\u{d1}OQUIS")));
        assert_eq!(books(&shop).await, before);
    }
}
