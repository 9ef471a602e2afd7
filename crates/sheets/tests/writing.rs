//! What leaves the shop, opened again.

use gondola_sheets::{Column, CsvStyle, CsvWriter, Kind, Limits, Sheet, Table, WriteError, XlsxWriter, read};

fn column(title: &str, kind: Kind) -> Column {
    Column { title: title.to_owned(), kind }
}

fn sheet(columns: &[(&str, Kind)], rows: &[&[&str]]) -> Sheet {
    Sheet {
        name: "Productos [todos] / 2026".to_owned(),
        columns: columns.iter().map(|&(title, kind)| column(title, kind)).collect(),
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
    }
}

fn csv(sheet: &Sheet, style: CsvStyle) -> String {
    let bytes = sheet.to_csv(style).expect("memory takes it");
    String::from_utf8(bytes).expect("CSV is UTF-8")
}

fn cells(table: Table) -> Vec<Vec<String>> {
    table.rows.into_iter().map(|row| row.cells).collect()
}

#[test]
fn csv_1_comma_quote_newline_emoji_and_accents_come_back_identical() {
    let nasty = [
        "coma, y; punto y coma",
        "di\"jo\"",
        "dos\nlíneas\r\ny tres",
        "mate 🧉 ñandú",
        "tab\there | pipe",
        " espacios ",
    ];
    let rows: Vec<&[&str]> = nasty.iter().map(std::slice::from_ref).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| vec!["1", row[0]]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let sheet = sheet(&[("id", Kind::Integer), ("texto", Kind::Text)], &rows);
    for style in [CsvStyle::EXCEL_AR, CsvStyle::PLAIN] {
        let table = read(&sheet.to_csv(style).unwrap(), &Limits::default()).unwrap();
        assert_eq!(table.ragged, []);
        assert_eq!(cells(table), sheet.rows);
    }
    let table = read(&sheet.to_xlsx().unwrap(), &Limits::default()).unwrap();
    assert_eq!(cells(table), sheet.rows);
}

#[test]
fn csv_1_the_bytes_are_rfc_4180() {
    let sheet =
        sheet(&[("a", Kind::Text), ("b", Kind::Decimal { places: 2 })], &[&["x,\"y\"\nz", "1234.50"], &["", "-3.00"]]);
    assert_eq!(csv(&sheet, CsvStyle::PLAIN), "a,b\r\n\"x,\"\"y\"\"\nz\",1234.50\r\n,-3.00\r\n");
    assert_eq!(csv(&sheet, CsvStyle::EXCEL_AR), "\u{feff}a;b\r\n\"x,\"\"y\"\"\nz\";1234,50\r\n;-3,00\r\n");
}

#[test]
fn csv_2_formulas_are_neutralised_and_negative_numbers_are_not() {
    let columns = [("=título", Kind::Text), ("n", Kind::Decimal { places: 2 })];
    let rows: [&[&str]; 7] = [
        &["=HYPERLINK(\"http://x\")", "-5.00"],
        &["+54 9 2262", "=1+1"],
        &["-5", "-0.5"],
        &["-x", ""],
        &["@a", "-"],
        &["\tb", "-1.2.3"],
        &["\rc", "12"],
    ];
    let sheet = sheet(&columns, &rows);
    let text = csv(&sheet, CsvStyle::PLAIN);
    assert_eq!(
        text,
        "'=título,n\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-5.00\r\n'+54 9 2262,'=1+1\r\n-5,-0.5\r\n'-x,\r\n'@a,'-\r\n'\tb,'-1.2.3\r\n\"'\rc\",12\r\n"
    );
    let from_csv = cells(read(text.as_bytes(), &Limits::default()).unwrap());
    assert_eq!(from_csv, sheet.rows);
    let table = read(&sheet.to_xlsx().unwrap(), &Limits::default()).unwrap();
    assert!(table.rows[0].is_number(1) && !table.rows[1].is_number(1) && table.rows[6].is_number(1));
    assert_eq!(table.rows[1].cells, ["+54 9 2262", "=1+1"]);
}

#[test]
fn csv_2_a_workbook_holds_the_apostrophe_and_no_formula() {
    let bytes = sheet(&[("a", Kind::Text)], &[&["=1+1"]]).to_xlsx().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(xml.contains("<t>'=1+1</t>") && !xml.contains("<f>"), "{xml}");
}

#[test]
fn a_workbook_holds_real_numbers_and_dates() {
    let columns = [
        ("código", Kind::Integer),
        ("precio", Kind::Decimal { places: 2 }),
        ("fecha", Kind::Date),
        ("visto", Kind::Instant),
    ];
    let rows: [&[&str]; 2] = [
        &["7790742034007", "1234.50", "2026-11-23", "2026-11-23T10:00:05-03:00"],
        &["12345678901234567890", "sin precio", "mañana", "1/1"],
    ];
    let table = read(&sheet(&columns, &rows).to_xlsx().unwrap(), &Limits::default()).unwrap();
    assert_eq!(table.rows[0].cells, ["7790742034007", "1234.5", "2026-11-23", "2026-11-23T10:00:05"]);
    assert!(table.rows[0].is_number(0) && table.rows[0].is_number(1));
    assert_eq!(table.rows[1].cells, ["12345678901234567890", "sin precio", "mañana", "1/1"]);
    assert!(!table.rows[1].is_number(0));
}

#[test]
fn days_stand_as_a_spreadsheet_here_writes_them_and_anything_else_as_it_is() {
    let columns = [("fecha", Kind::Date), ("visto", Kind::Instant), ("cantidad", Kind::Number)];
    let rows: [&[&str]; 3] = [
        &["2026-11-23", "2026-11-23T10:00:05", "2.5"],
        &["mañana", "", "24"],
        &["=2026-11-23", "2026-11-23T10:00", "-0.350"],
    ];
    let sheet = sheet(&columns, &rows);
    assert_eq!(
        csv(&sheet, CsvStyle::EXCEL_AR),
        "\u{feff}fecha;visto;cantidad\r\n23/11/2026;23/11/2026 10:00:05;2,5\r\nmañana;;24\r\n'=2026-11-23;23/11/2026 10:00;-0,350\r\n"
    );
    assert_eq!(
        csv(&sheet, CsvStyle::PLAIN),
        "fecha,visto,cantidad\r\n2026-11-23,2026-11-23T10:00:05,2.5\r\nmañana,,24\r\n'=2026-11-23,2026-11-23T10:00,-0.350\r\n"
    );
    let table = read(&sheet.to_xlsx().unwrap(), &Limits::default()).unwrap();
    assert!(table.rows.iter().all(|row| row.is_number(2)));
}

#[test]
fn the_same_list_gives_the_same_bytes() {
    let sheet = sheet(&[("a", Kind::Text)], &[&["x"], &["y"]]);
    assert_eq!(sheet.to_xlsx().unwrap(), sheet.to_xlsx().unwrap());
}

#[test]
fn a_row_of_the_wrong_width_is_refused() {
    let columns = vec![column("a", Kind::Text), column("b", Kind::Text)];
    let mut csv = CsvWriter::new(Vec::new(), columns.clone(), CsvStyle::PLAIN).unwrap();
    csv.row(&["1", "2"]).unwrap();
    assert!(matches!(csv.row(&["1"]), Err(WriteError::WrongWidth { row: 2, found: 1, expected: 2 })));
    let mut xlsx = XlsxWriter::new("x", columns).unwrap();
    assert!(matches!(xlsx.row(&["1", "2", "3"]), Err(WriteError::WrongWidth { row: 1, found: 3, expected: 2 })));
}

#[test]
fn a_text_longer_than_a_workbooks_cell_is_refused_and_not_cut() {
    let long = "x".repeat(40_000);
    let sheet = sheet(&[("a", Kind::Text)], &[&["x"], &[&long]]);
    assert!(matches!(sheet.to_xlsx(), Err(WriteError::CellTooLong { row: 2, column: 1 })));
    assert!(sheet.to_csv(CsvStyle::PLAIN).is_ok());
}
