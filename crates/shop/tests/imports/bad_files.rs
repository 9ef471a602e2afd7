//! Files as they should not come: a clear problem, nothing changed, the process alive.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::files::{counts, errors, founded, product, products_shown, send, send_as, send_bytes, send_form, workbook};

both_engines! {
    fn files_that_are_no_lists_are_refused_by_what_they_are(shop: TestShop) {
        founded(&shop).await;
        let book = workbook(&["sku", "nombre"], &[&["A-1", "Yerba"]]);
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("sheet_truncated", book[..book.len() / 2].to_vec()),
            ("sheet_not_a_table", b"%PDF-1.7 ...".to_vec()),
            ("sheet_not_a_table", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old".to_vec()),
            ("sheet_control_character", b"sku,nombre\nA-1,Yer\0ba\n".to_vec()),
            ("sheet_unclosed_quote", b"sku,nombre\nA-1,\"Yerba\nA-2,Azucar\n".to_vec()),
            ("sheet_empty", Vec::new()),
            ("sheet_no_rows", b"sku,nombre\n".to_vec()),
            ("bad_columns", b"uno,dos\n1,2\n".to_vec()),
        ];
        for (code, bytes) in cases {
            let answer = send_bytes(&shop, "products", "text/csv", &bytes).await.expect_problem(422, code);
            assert!(!answer.json()["detail"].as_str().unwrap().is_empty());
        }
        assert_eq!(products_shown(&shop).await, 0);
    }
}

both_engines! {
    /// What Excel calls CSV here, and what it calls Unicode text.
    fn files_in_the_encodings_of_spreadsheets_read_alike(shop: TestShop) {
        founded(&shop).await;
        let text = "sku;nombre;rubro\nA-1;Ñoquis Señor Ángel;Lácteos\n";
        let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.replace(';', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = format!("\u{feff}{text}").into_bytes();
        for bytes in [windows, utf16, marked] {
            send_bytes(&shop, "products", "text/csv", &bytes).await.expect_status(201);
            let product = product(&shop, "A-1").await;
            assert_eq!((&product["name"], &product["category"]), (&json!("Ñoquis Señor Ángel"), &json!("LAC")));
        }
    }
}

both_engines! {
    fn a_row_with_a_comma_too_many_is_told_and_a_short_one_goes_in(shop: TestShop) {
        founded(&shop).await;
        let list = "sku,nombre,precio,marca\nA-1,Yerba, con palo,100.00,Taragüí\nA-2,Azúcar\nA-3,Sal,50.00,,\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        assert_eq!((counts(&import), errors(&import)), ([3, 2, 1, 2, 0], vec!["2  too_many_cells".to_owned(), "2 sale_price number_not_a_number".to_owned()]));
    }
}

both_engines! {
    fn cells_nobody_can_mean_are_told_one_by_one(shop: TestShop) {
        founded(&shop).await;
        let nines = "9".repeat(40);
        let list = format!(
            "sku;nombre;precio;unidad;stock mínimo;IVA;pesable;contenido\n\
            A-1;Yerba;{nines};docena;-1;19;quizás;mucho\n\
            A-2;Y;1,234;un;1,5;21 %;no;473 ml\n\
            A-3;{long};0;un;1;10,5;sí;1 l\n",
            long = "x".repeat(300)
        );
        let import = send(&shop, "products", &list).await.expect_status(201).json();
        let mut found = errors(&import);
        found.sort();
        assert_eq!(counts(&import)[1], 0, "{found:?}");
        for told in ["2 sale_price number_too_long", "2 unit unknown_unit", "2 min_stock negative", "3 sale_price too_many_places", "4 sale_price too_small", "2 vat_rate unknown_vat_rate",
            "2 sold_by_weight not_a_flag", "2 content bad_content", "3 name text_too_short", "4 name text_too_long"] {
            assert!(found.contains(&told.to_owned()), "{told} in {found:?}");
        }
    }
}

both_engines! {
    /// INP-1: 413 over 64 MB, as declared or as it arrives; 415 for what is no file.
    fn too_much_or_something_else_is_refused_at_the_door(shop: TestShop) {
        founded(&shop).await;
        let big = vec![b'a'; 65 * 1024 * 1024];
        send_bytes(&shop, "products", "text/csv", &big).await.expect_problem(413, "too_large");
        send_form(&shop, "products", "grande.csv", &big).await.expect_problem(413, "too_large");
        send_bytes(&shop, "products", "application/json", b"{}").await.expect_problem(415, "unsupported_media_type");
        send_bytes(&shop, "products", "multipart/form-data; boundary=X", b"--X--\r\n").await.expect_problem(422, "invalid");
        send_bytes(&shop, "products", "multipart/form-data", b"nothing").await.expect_problem(400, "malformed");
        send(&shop, "gatos", "sku\n").await.expect_status(405);
        send(&shop, "products?dry_run=quizas", "sku,nombre\nA,Bb\n").await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// A 10 MB body of one letter is a problem of the file, not of the shop.
    fn ten_megabytes_of_nothing_leave_the_shop_alive(shop: TestShop) {
        founded(&shop).await;
        let body = vec![b'a'; 10 * 1024 * 1024];
        send_bytes(&shop, "products", "text/csv", &body).await.expect_problem(422, "sheet_cell_too_long");
        send(&shop, "products", "sku,nombre\nA-1,Yerba\n").await.expect_status(201);
    }
}

both_engines! {
    fn only_who_may_imports(shop: TestShop) {
        founded(&shop).await;
        let list = b"sku,nombre,precio\nA-1,Yerba,100.00\n";
        for role in [gondola_store::Role::Deposito, gondola_store::Role::Cashier, gondola_store::Role::Auditor] {
            send_as(&shop, shop.user(role), "products", "text/csv", list).await.expect_problem(403, "forbidden");
        }
        send_as(&shop, shop.key("read"), "products", "text/csv", list).await.expect_problem(403, "forbidden");
        send_as(&shop, shop.nobody(), "products", "text/csv", list).await.expect_problem(401, "unauthorized");
        send_as(&shop, shop.user(gondola_store::Role::Negocio), "products", "text/csv", list).await.expect_status(201);
    }
}

both_engines! {
    /// What decides about an import stands in the address; a form that says it is refused and not overheard.
    fn a_form_with_more_than_the_file_is_refused(shop: TestShop) {
        founded(&shop).await;
        let body = "--XyZ\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\ntrue\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; \
            filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nsku,nombre\nA-1,Yerba\n\r\n--XyZ--\r\n";
        let sent = send_bytes(&shop, "products", "multipart/form-data; boundary=XyZ", body.as_bytes()).await;
        assert_eq!(sent.expect_problem(422, "invalid").json()["errors"][0]["field"], "dry_run");
        assert_eq!(products_shown(&shop).await, 0);
    }
}
