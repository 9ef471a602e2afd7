//! Lists of products: found by their codes, created or changed field by field.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::files::{counts, errors, founded, product, products_shown, send, send_form, workbook};

const LIST: &str = "SKU;Producto;Rubro;Marca;Código de barras;Precio de venta;Costo;Unidad;Stock mínimo\n\
    lac-ls-sach;Leche sachet;Lácteos;La Serenísima;7790742034007;$ 1.850,00;1.420,50;un;12\n\
    QUE-CREMOSO;Queso cremoso;que;;;9.800,00;;Kilos;2,500\n";

both_engines! {
    /// M27: columns are guessed, decimals and units read as people here write them.
    fn a_list_from_a_spreadsheet_goes_in(shop: TestShop) {
        founded(&shop).await;
        let import = send(&shop, "products", LIST).await.expect_status(201).json();
        assert_eq!(import["state"], "applied");
        assert_eq!(counts(&import), [2, 2, 0, 2, 0]);
        assert_eq!(import["columns"][4], json!({"column": "E", "title": "Código de barras", "field": "barcode"}));
        let milk = product(&shop, "LAC-LS-SACH").await;
        assert_eq!((&milk["name"], &milk["category"], &milk["brand"]), (&json!("Leche sachet"), &json!("LAC"), &json!("La Serenísima")));
        assert_eq!((&milk["sale_price"], &milk["acquisition_cost"]), (&json!("1850.00"), &json!("1420.5000")));
        assert_eq!((&milk["min_stock"], &milk["barcodes"]), (&json!("12"), &json!(["7790742034007"])));
        let cheese = product(&shop, "QUE-CREMOSO").await;
        assert_eq!((&cheese["unit"], &cheese["min_stock"], &cheese["category"]), (&json!("kg"), &json!("2.500"), &json!("QUE")));
    }
}

both_engines! {
    fn a_workbook_in_a_form_goes_in(shop: TestShop) {
        founded(&shop).await;
        let file = workbook(&["Código", "Nombre", "Precio"], &[&["A-1", "Yerba", "1850,50"], &["A-2", "Azúcar", "920,00"]]);
        let import = send_form(&shop, "products", "lista.xlsx", &file).await.expect_status(201).json();
        assert_eq!((&import["file_name"], &import["rows_created"]), (&json!("lista.xlsx"), &json!(2)));
        assert_eq!(product(&shop, "A-1").await["sale_price"], "1850.50");
    }
}

both_engines! {
    fn the_same_list_again_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", LIST).await.expect_status(201);
        let version = product(&shop, "LAC-LS-SACH").await["version"].clone();
        let import = send(&shop, "products", LIST).await.expect_status(201).json();
        assert_eq!(counts(&import), [2, 2, 0, 0, 0]);
        assert_eq!(product(&shop, "LAC-LS-SACH").await["version"], version);
    }
}

both_engines! {
    /// Only columns that are there are changed, and an empty cell says nothing.
    fn a_partial_list_leaves_other_fields_alone(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", LIST).await.expect_status(201);
        let partial = "ean;precio;marca\n7790742034007;2100,00;\n";
        let import = send(&shop, "products", partial).await.expect_status(201).json();
        assert_eq!(counts(&import), [1, 1, 0, 0, 1]);
        let milk = product(&shop, "LAC-LS-SACH").await;
        assert_eq!((&milk["sale_price"], &milk["brand"]), (&json!("2100.00"), &json!("La Serenísima")));
        assert_eq!((&milk["acquisition_cost"], &milk["min_stock"]), (&json!("1420.5000"), &json!("12")));
    }
}

both_engines! {
    fn a_new_barcode_is_added_to_those_it_has(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", LIST).await.expect_status(201);
        send(&shop, "products", "sku;ean\nLAC-LS-SACH;7790895000805\n").await.expect_status(201);
        let codes = product(&shop, "LAC-LS-SACH").await["barcodes"].clone();
        assert_eq!(codes, json!(["7790742034007", "7790895000805"]));
    }
}

both_engines! {
    /// every error at once, each with its line; good lines go in.
    fn every_bad_row_is_told_with_its_line_and_the_rest_goes_in(shop: TestShop) {
        founded(&shop).await;
        let list = "sku,nombre,ean,precio,rubro\n\
            OK-1,Bueno,,100.00,GEN\n\
            BAD SKU,Malo,,abc,GEN\n\
            OK-2,Otro bueno,7790742034007,100.00,Cosas raras\n\
            ,Sin código,7790742034008,100.00,GEN\n\
            ok-1,Repetido,,100.00,GEN\n\
            OK-3,,,100.00,GEN\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        assert_eq!(counts(&import), [6, 2, 4, 2, 0]);
        let told = ["3 sku sku_bad_character", "3 sale_price number_not_a_number", "5 barcode barcode_check_digit", "6 sku repeated_row", "7 name required"];
        let mut found = errors(&import);
        found.sort();
        let mut told = told.map(str::to_owned);
        told.sort();
        assert_eq!(found, told);
        assert!(import["errors"].to_string().contains("línea 2"), "{import}");
        let remark = &import["remarks"][0];
        assert_eq!((&remark["code"], &remark["value"], &remark["lines"]), (&json!("unknown_category"), &json!("Cosas raras"), &json!(1)));
        assert_eq!(product(&shop, "OK-2").await["category"], "GEN");
    }
}

both_engines! {
    /// 0 with `atomic`.
    fn atomic_takes_all_rows_or_none(shop: TestShop) {
        founded(&shop).await;
        let list = "sku,nombre\nA-1,Uno\nA 2,Dos\nA-3,Tres\n";
        let refused = send(&shop, "products?atomic=true", list).await.expect_problem(422, "import_refused").json();
        assert_eq!(refused["errors"][0]["field"], "lines[3].sku");
        assert_eq!(products_shown(&shop).await, 0);
        let imports = shop.api(shop.admin()).get("/api/v1/imports").await.expect_status(200).json();
        assert_eq!((&imports["items"][0]["state"], &imports["items"][0]["rows_bad"]), (&json!("refused"), &json!(1)));
        let import = send(&shop, "products?atomic=true", &list.replace("A 2", "A-2")).await.expect_status(201).json();
        assert_eq!(counts(&import), [3, 3, 0, 3, 0]);
    }
}

both_engines! {
    fn a_dry_run_says_everything_and_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", LIST).await.expect_status(201);
        let list = "sku,nombre,precio\nLAC-LS-SACH,Leche entera,2000.00\nNEW-1,Nuevo,50.00\nBAD,,1.00\n";
        let import = send(&shop, "products?dry_run=true", list).await.expect_status(200).json();
        assert_eq!((&import["state"], &import["dry_run"]), (&json!("previewed"), &json!(true)));
        assert_eq!(counts(&import), [3, 2, 1, 1, 1]);
        assert_eq!(errors(&import), ["4 name required"]);
        assert_eq!(products_shown(&shop).await, 2);
        assert_eq!(product(&shop, "LAC-LS-SACH").await["name"], "Leche sachet");
    }
}

both_engines! {
    /// The file that comes back, once corrected, completes the import; it is to be saved, not shown (INP-3).
    fn the_correction_file_comes_back_and_goes_in(shop: TestShop) {
        founded(&shop).await;
        let list = "sku;nombre;precio\nA-1;Yerba;abc\nA-2;\"Azúcar; común\";100,00\nA-3;=2+2;1,2,3\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        let path = format!("/api/v1/imports/{}/errors?format=csv", import["id"].as_str().unwrap());
        let file = shop.api(shop.admin()).get(&path).await.expect_status(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"corregir-products-"));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        let text = file.text();
        assert!(text.starts_with("\u{feff}sku;nombre;precio;Línea;Qué corregir\r\nA-1;Yerba;abc;2;"), "{text}");
        assert!(text.contains("A-3;'=2+2;1,2,3;4;"), "{text}");
        let corrected = text.replace("abc", "1.850,00").replace("1,2,3", "12,30");
        let again = send(&shop, "products", &corrected).await.expect_status(201).json();
        assert_eq!(counts(&again), [2, 2, 0, 2, 0]);
        assert_eq!((&product(&shop, "A-3").await["name"], &product(&shop, "A-1").await["sale_price"]), (&json!("=2+2"), &json!("1850.00")));
    }
}

both_engines! {
    fn what_a_column_is_can_be_said_and_is_remembered(shop: TestShop) {
        founded(&shop).await;
        let list = "Cosa;Valor;Ref\nYerba;1850,00;Y-1\n";
        let refused = send(&shop, "products", list).await.expect_problem(422, "bad_columns").json();
        assert_eq!(refused["errors"][0]["code"], "missing_column");
        let mapping = "products?mapping=%7B%22cosa%22%3A%22name%22%2C%22Ref%22%3A%22sku%22%2C%22B%22%3A%22sale_price%22%7D";
        send(&shop, mapping, list).await.expect_status(201);
        assert_eq!(product(&shop, "Y-1").await["sale_price"], "1850.00");
        let again = "COSA;valor;REF\nAzúcar;920,00;A-1\n";
        send(&shop, "products", again).await.expect_status(201);
        assert_eq!(product(&shop, "A-1").await["name"], "Azúcar");
        let wrong = "products?mapping=%7B%22Precio%22%3A%22sale_price%22%2C%22Ref%22%3A%22color%22%7D";
        let refused = send(&shop, wrong, list).await.expect_problem(422, "bad_columns").json();
        let codes: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(codes, ["unknown_column", "unknown_field"]);
        send(&shop, "products?mapping=%5B1%5D", list).await.expect_problem(422, "bad_mapping");
    }
}

both_engines! {
    /// Codes of one row that name two products, a pack's code, and a name that exists.
    fn a_row_whose_codes_disagree_is_told_and_nothing_is_guessed(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", LIST).await.expect_status(201);
        let pack = json!({"name": "Cerveza", "sku": "CLA-1", "category": "CLA", "unit": "un",
            "barcodes": ["7790895000805"], "presentations": [{"name": "pack x6", "factor": "6", "barcodes": ["17790795368002"]}]});
        shop.api(shop.admin()).post("/api/v1/products", pack).await.expect_status(201);
        let list = "sku;ean;nombre;marca\n\
            NEW-9;7790742034007;Otra leche;\n\
            QUE-CREMOSO;7790895000805;Queso;\n\
            ;17790795368002;Pack de cerveza;\n\
            ;;Leche Sachet;la serenisima\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        assert_eq!(errors(&import), ["2 barcode barcode_taken", "3 barcode barcode_taken", "4 barcode barcode_of_presentation", "5 sku same_name"]);
        assert_eq!(products_shown(&shop).await, 3);
    }
}

both_engines! {
    /// Rows without a code of their own get their category's, one after another.
    fn rows_without_a_code_get_the_next_ones(shop: TestShop) {
        founded(&shop).await;
        let list = "nombre;rubro\nUno;LAC\nDos;LAC\nTres;\n";
        send(&shop, "products", list).await.expect_status(201);
        for (sku, name) in [("LAC000001", "Uno"), ("LAC000002", "Dos"), ("GEN000001", "Tres")] {
            assert_eq!(product(&shop, sku).await["name"], name);
        }
    }
}

both_engines! {
    fn the_same_request_twice_imports_once(shop: TestShop) {
        founded(&shop).await;
        let api = shop.api(shop.admin()).key("lista-de-noviembre");
        let file = |text: &str| Some(("text/csv", text.as_bytes().to_vec()));
        let post = axum::http::Method::POST;
        let first = api.send(post.clone(), "/api/v1/imports/products", file(LIST)).await.expect_status(201);
        let again = api.send(post.clone(), "/api/v1/imports/products", file(LIST)).await.expect_status(201);
        assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
        let other = LIST.replace("1.850", "1.900");
        api.send(post, "/api/v1/imports/products", file(&other)).await.expect_problem(409, "idempotency_mismatch");
    }
}

both_engines! {
    /// A refused request is not remembered: asked again when the shop has changed, it runs again.
    fn a_refused_atomic_import_may_be_repeated_with_its_key(shop: TestShop) {
        founded(&shop).await;
        let api = shop.api(shop.admin()).key("otra-vez");
        let path = "/api/v1/imports/prices?atomic=true";
        let file = || Some(("text/csv", b"sku,precio\nA-1,100.00\n".to_vec()));
        api.send(axum::http::Method::POST, path, file()).await.expect_problem(422, "import_refused");
        send(&shop, "products", "sku,nombre\nA-1,Yerba\n").await.expect_status(201);
        api.send(axum::http::Method::POST, path, file()).await.expect_status(201);
        assert_eq!(product(&shop, "A-1").await["sale_price"], "100.00");
    }
}
