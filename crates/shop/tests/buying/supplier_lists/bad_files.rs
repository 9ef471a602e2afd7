//! Files that are no list, or hardly one: each is refused by name, and nothing is kept of it; what can be read is.

use gondola_testkit::{Answer, both_engines};
use serde_json::json;

use crate::common::files::pdf;
use crate::common::purchases::{fields, text};
use crate::supplier_lists::given::{LISTS, bare, brought, founded, items, lines, send, send_bytes, send_form, told};

/// A workbook made by hand: a title merged over three columns, prices that are formulas with the values a spreadsheet left
/// (9000.5 and 1234), and codes that are numbers.
const MERGED: &[u8] = include_bytes!("merged.xlsx");

fn code_of(answer: Answer) -> String {
    let problem = answer.expect_problem(422, "invalid").json();
    let error = &problem["errors"][0];
    assert_eq!(error["field"], "file", "{problem}");
    assert!(!text(error, "detail").is_empty(), "{problem}");
    text(error, "code").to_owned()
}

both_engines! {
    fn what_is_no_list_is_refused_by_name_and_nothing_is_kept(shop: TestShop) {
        bare(&shop).await;
        let without_table = pdf(&[&[(50, 700, "Estimados clientes: les deseamos un muy buen fin de semana")]], "");
        let files: [(&[u8], &str); 10] = [
            (b"", "file_empty"),
            (b"Descripci\xc3\xb3n;Precio\n\xc3\xb1and\xc3\xba;1\ncaf\xe9;2\n", "sheet_bad_encoding"),
            (b"Descripcion;Precio\nA\0B;1\n", "sheet_control_character"),
            (b"Descripcion;Precio\n", "no_rows"),
            (b"Descripcion;Precio\n\"sin cerrar;1\n", "sheet_unclosed_quote"),
            (b"PK\x03\x04 no workbook", "sheet_truncated"),
            (b"%PDF-1.7 broken", "paper_damaged"),
            (b"\xff\xd8\xff\xe0 a photo", "paper_without_text"),
            (&pdf(&[&[]], ""), "paper_without_text"),
            (&without_table, "no_table"),
        ];
        for (bytes, code) in files {
            assert_eq!(code_of(send_bytes(&shop, "BC", ("application/octet-stream", bytes)).await), code);
        }
        send_bytes(&shop, "BC", ("image/png", b"x")).await.expect_problem(415, "unsupported_media_type");
        let kept = items(shop.api(shop.admin()).get(LISTS).await.expect_status(200).json());
        assert!(kept.is_empty(), "{kept:?}");
    }
}

both_engines! {
    fn a_form_says_the_days_or_is_refused(shop: TestShop) {
        bare(&shop).await;
        let file = "Descripción;Precio\nMALBEC;1\n";
        let refused = send_form(&shop, "BC", file, &[("valid_from", "mañana"), ("valid_to", "31/03"), ("name", "a\u{7}b")]).await;
        let mut told = fields(refused, 422, "invalid");
        told.sort();
        assert_eq!(told, ["name", "valid_from", "valid_to"]);
        let list = send_form(&shop, "BC", file, &[("name", "Primavera"), ("valid_from", "2026-03-01"), ("valid_to", "2026-03-31")]).await.expect_status(201).json();
        assert_eq!([&list["name"], &list["valid_from"], &list["valid_to"], &list["file_name"]], ["Primavera", "2026-03-01", "2026-03-31", "lista.csv"].map(|text| json!(text)).each_ref());
        send(&shop, "BC", file).await.expect_problem(409, "same_file");
        send(&shop, "MAX", file).await.expect_status(201);
    }
}

both_engines! {
    fn a_file_of_old_windows_and_one_with_bad_rows_are_read(shop: TestShop) {
        founded(&shop).await;
        let old: Vec<u8> = "Código;Descripción;Precio\n1;Ñoquis caseros;$ 1.234,50\n".chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let list = send_bytes(&shop, "MAX", ("text/csv", &old)).await.expect_status(201).json();
        assert_eq!(told(&lines(&shop, &list, "").await, &["text", "price"]), ["Ñoquis caseros 1234.5000"]);
        let odd = "LISTA DE PRECIOS;;\nCod;Descripción;Precio\nVINOS;;\n1;Vino Santa Julia Chenin 750 ml;consultar\n2;=1+1;10\n3;Vino Santa Julia Rosado 750 ml;-5\n;;\n4;OTRO;0\n";
        let list = brought(&shop, "MAX", odd).await;
        assert_eq!(told(&lines(&shop, &list, "").await, &["code", "problem", "chosen"]),
            ["1 bad_price false", "2  false", "3 bad_price false", "4 no_price false"], "and the heading of a group is no line");
    }
}

both_engines! {
    fn a_workbook_with_merged_cells_and_formulas_is_read_by_its_values(shop: TestShop) {
        founded(&shop).await;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let list = send_bytes(&shop, "MAX", (kind, MERGED)).await.expect_status(201).json();
        assert_eq!(told(&lines(&shop, &list, "").await, &["code", "text", "sku", "price"]),
            ["101 Vino Santa Julia Chenin 750 ml CHENIN 9000.5000", "102 Vino Santa Julia Rosado 750 ml ROSADO 1234.0000"]);
    }
}

both_engines! {
    fn a_pdf_with_text_is_read_as_the_table_it_shows(shop: TestShop) {
        founded(&shop).await;
        let paper = pdf(&[&[
            (200, 800, "Bodega Cedeira - lista de precios"),
            (50, 760, "Codigo"), (130, 760, "Descripcion"), (420, 760, "Precio"),
            (50, 740, "7790742034007"), (130, 740, "Elementos Malbec"), (400, 740, "8.765,4321"),
            (50, 720, "20"), (130, 720, "Vino Santa Julia Chenin 750 ml"), (410, 720, "1.234,5"),
        ]], "");
        let list = send_bytes(&shop, "MAX", ("application/pdf", &paper)).await.expect_status(201).json();
        assert_eq!(told(&lines(&shop, &list, "").await, &["text", "sku", "price"]),
            ["Elementos Malbec MALBEC 8765.4321", "Vino Santa Julia Chenin 750 ml CHENIN 1234.5000"]);
    }
}
