//! What CSV files of real life come to.

use gondola_sheets::{DecimalStyle, Delimiter, Encoding, Limits, Ragged, SheetError, Source, Table, read};

fn table(text: &str) -> Table {
    read(text.as_bytes(), &Limits::default()).expect("this file is to be read")
}

fn refused(bytes: &[u8]) -> SheetError {
    read(bytes, &Limits::default()).expect_err("this file is to be refused")
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn lines(table: &Table) -> Vec<u32> {
    table.rows.iter().map(|row| row.line).collect()
}

#[test]
fn a_file_of_argentine_excel_is_read_as_it_comes() {
    let table = read(
        b"C\xF3digo;Art\xEDculo;Precio\r\n7790742034007;\"Dulce \"\"La \xD1ata\"\"\";1.850,50\r\n",
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(table.header, ["Código", "Artículo", "Precio"]);
    assert_eq!(cells(&table), [["7790742034007", "Dulce \"La Ñata\"", "1.850,50"]]);
    assert_eq!(table.source, Source::Text { encoding: Encoding::Windows1252, delimiter: Delimiter::Semicolon });
}

#[test]
fn lines_are_counted_as_a_person_sees_them() {
    let table = table("a;b\n\n1;2\n\"dos\nlíneas\";3\n\n\n4;5\n");
    assert_eq!(lines(&table), [3, 4, 8]);
    assert_eq!(table.header_line, 1);
}

#[test]
fn lines_of_every_system_are_counted() {
    for text in ["a;b\r\n\r\n1;2\r\n3;4", "a;b\r\r1;2\r3;4\r", "a;b\n\n1;2\n3;4"] {
        assert_eq!(lines(&table(text)), [3, 4], "{text:?}");
    }
}

#[test]
fn the_sep_line_counts_as_a_line() {
    let table = table("sep=|\r\na|b\r\n1;x|2\r\n");
    assert_eq!((table.header_line, lines(&table)), (2, vec![3]));
    assert_eq!(cells(&table), [["1;x", "2"]]);
}

#[test]
fn titles_above_the_header_are_kept_apart() {
    let table = table("DISTRIBUIDORA COSTA;;\nLista de noviembre;;\n\nCódigo;Producto;Precio\n1;Pan;2\n3;Sal;4\n");
    assert_eq!(table.header, ["Código", "Producto", "Precio"]);
    assert_eq!(table.header_line, 4);
    assert_eq!(table.preamble.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(lines(&table), [5, 6]);
    assert_eq!(table.ragged, []);
}

#[test]
fn odd_rows_are_reported_and_not_lost() {
    let table = table("a;b;c\n1;2\n1;2;3\n1;2;3;4\n1;2;3;;\n");
    let odd = |line, found| Ragged { line, found, expected: 3 };
    assert_eq!(table.ragged, [odd(2, 2), odd(4, 4)]);
    assert_eq!(cells(&table), [vec!["1", "2", ""], vec!["1", "2", "3"], vec!["1", "2", "3", "4"], vec!["1", "2", "3"]]);
}

#[test]
fn csv_2_an_exported_formula_comes_back_as_it_was() {
    let table = table("a,b\n'=1+1,'hola\n'-x,-5\n");
    assert_eq!(cells(&table), [["=1+1", "'hola"], ["-x", "-5"]]);
}

#[test]
fn the_column_decides_how_decimals_are_read_and_the_file_where_it_does_not() {
    let style = |text: &str| table(text).decimal_style(1);
    assert_eq!(style("a;b\nx;1.850\n"), DecimalStyle::Comma);
    assert_eq!(style("a;b\nx;1.850\ny;0.5\n"), DecimalStyle::Point);
    assert_eq!(style("a,b\nx,1.850\n"), DecimalStyle::Point);
    assert_eq!(style("a\tb\nx\t1.850\n"), DecimalStyle::Unknown);
    let table = table("a;b\nx;1.850\n");
    assert_eq!(table.rows[0].decimal(1, table.decimal_style(1)).as_deref(), Ok("1850"));
}

#[test]
fn inp_2_control_characters_are_refused_with_line_and_column() {
    let at = |line, column, character| SheetError::ControlCharacter { line, column, character };
    assert_eq!(refused(b"a;b\n1;2\n3;x\0y\n"), at(3, 2, 0));
    assert_eq!(refused(b"a;b\n\x1B;2\n"), at(2, 1, 0x1B));
    assert_eq!(refused("a;b\n1;\u{85}\n".as_bytes()), at(2, 2, 0x85));
}

#[test]
fn a_quote_that_never_closes_is_refused_with_its_line() {
    assert_eq!(refused(b"a;b\n1;2\n\"3;4\n5;6\n"), SheetError::UnclosedQuote { line: 3 });
    let long = format!("a;b\n1;\"2\n{}", "3;4\n".repeat(50_000));
    assert_eq!(refused(long.as_bytes()), SheetError::UnclosedQuote { line: 2 });
    assert_eq!(cells(&table("a;b\n1;Caño 1/2\"\n")), [["1", "Caño 1/2\""]]);
    assert_eq!(cells(&table("a;b\n1;\"x\"\"\"")), [["1", "x\""]]);
}

#[test]
fn nothing_is_an_answer_too() {
    for bytes in [&b""[..], b"\n\n", b";;;\n ; ;\n", b"\xEF\xBB\xBF", b"\xFF\xFE", b"sep=;", b"\x1A"] {
        assert_eq!(refused(bytes), SheetError::Empty, "{bytes:?}");
    }
}

#[test]
fn inp_3_other_kinds_of_files_are_named_by_their_content() {
    for (bytes, word) in [
        (&b"%PDF-1.7 ..."[..], "un PDF"),
        (b"\x89PNG\r\n\x1a\n", "una imagen"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "contraseña"),
        (b"  <html><body><table>", "página web"),
        (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>", "página web"),
    ] {
        let error = refused(bytes);
        assert_eq!(error.code(), "sheet_not_a_table");
        assert!(error.message_es().contains(word), "{}", error.message_es());
    }
}

#[test]
fn inp_1_every_limit_is_enforced_and_named() {
    let small = Limits { file_bytes_max: 100, rows_max: 3, columns_max: 3, cell_bytes_max: 10, ..Limits::IMPORT };
    let refused = |text: &str| read(text.as_bytes(), &small).unwrap_err();
    assert_eq!(refused(&"a;b\n".repeat(30)), SheetError::FileTooLarge { bytes_max: 100 });
    assert_eq!(refused(&"a;b\n".repeat(4)), SheetError::TooManyRows { rows_max: 3 });
    assert_eq!(refused("a;b\n1;2;3;4\n"), SheetError::TooManyColumns { line: 2, columns_max: 3 });
    assert_eq!(refused("a;b\n1;12345678901\n"), SheetError::CellTooLong { line: 2, column: 2, bytes_max: 10 });
    let spread = Limits { unpacked_bytes_max: 1000, ..Limits::IMPORT };
    assert_eq!(read("1;2\n".repeat(100).as_bytes(), &spread), Err(SheetError::UnpacksTooLarge { bytes_max: 1000 }));
}

/// The real list of 2020; see `data/README.md` beside the project.
#[test]
fn the_price_list_of_real_life_is_read_whole() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/precios-maximos-buenos-aires-2020.csv");
    let Ok(bytes) = std::fs::read(path) else {
        println!("SKIPPED: the folder shared/data is not beside the project");
        return;
    };
    let table = read(&bytes, &Limits::default()).unwrap();
    assert_eq!((table.rows.len(), table.header.len()), (2017, 9));
    assert_eq!(table.ragged, []);
    assert_eq!(table.source, Source::Text { encoding: Encoding::Utf8, delimiter: Delimiter::Comma });
    let style = table.decimal_style(0);
    assert_eq!(style, DecimalStyle::Point);
    assert!(table.rows.iter().all(|row| row.decimal(0, style).is_ok()));
}
