//! How long large files take. Figures mean something in a release build only:
//! `cargo test --release -p gondola-sheets --test speed -- --ignored --nocapture`

use std::time::{Duration, Instant};

use gondola_sheets::{Column, CsvStyle, CsvWriter, Kind, Limits, XlsxWriter, read};

const ROWS: usize = 100_000;

fn columns() -> Vec<Column> {
    let kinds = [Kind::Integer, Kind::Text, Kind::Text, Kind::Text, Kind::Decimal { places: 2 }];
    (0..10)
        .map(|position| Column { title: format!("Columna {position}"), kind: kinds[position % kinds.len()] })
        .collect()
}

fn row(number: usize) -> Vec<String> {
    (0..10)
        .map(|position| match position % 5 {
            0 => (7_790_000_000_000 + number).to_string(),
            1 => format!("Leche entera La Serenísima, sachet {number} L"),
            2 => "LAC".to_owned(),
            3 => format!("Marca \"{}\"", number % 97),
            _ => format!("{}.{:02}", number % 10_000, number % 100),
        })
        .collect()
}

#[test]
#[ignore = "a measurement"]
fn a_hundred_thousand_rows_of_ten_columns_read_in_well_under_a_second() {
    let begin = Instant::now();
    let mut csv = CsvWriter::new(Vec::new(), columns(), CsvStyle::EXCEL_AR).unwrap();
    (0..ROWS).for_each(|number| csv.row(&row(number)).unwrap());
    let csv = csv.finish().unwrap();
    println!("CSV written: {} MB in {:?}", csv.len() / 1_000_000, begin.elapsed());

    let begin = Instant::now();
    let table = read(&csv, &Limits::IMPORT).unwrap();
    let took = begin.elapsed();
    println!("CSV read: {} rows in {took:?}", table.rows.len());
    assert_eq!(table.rows.len(), ROWS);
    assert!(took < Duration::from_secs(1));

    let begin = Instant::now();
    let mut xlsx = XlsxWriter::new("h", columns()).unwrap();
    (0..ROWS).for_each(|number| xlsx.row(&row(number)).unwrap());
    let xlsx = xlsx.finish().unwrap();
    println!("XLSX written: {} MB in {:?}", xlsx.len() / 1_000_000, begin.elapsed());

    let begin = Instant::now();
    let table = read(&xlsx, &Limits::IMPORT).unwrap();
    println!("XLSX read: {} rows in {:?}", table.rows.len(), begin.elapsed());
    assert_eq!(table.rows.len(), ROWS);
}

#[test]
#[ignore = "a measurement"]
fn a_bomb_is_refused_quickly() {
    let small_file_of_many_bytes = {
        let mut xlsx = XlsxWriter::new("h", columns()).unwrap();
        let same: Vec<String> = vec!["0".repeat(3_000); 10];
        (0..20_000).for_each(|_| xlsx.row(&same).unwrap());
        xlsx.finish().unwrap()
    };
    let begin = Instant::now();
    let refused = read(&small_file_of_many_bytes, &Limits::IMPORT).unwrap_err();
    println!("{} KB refused in {:?}: {refused}", small_file_of_many_bytes.len() / 1_000, begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(1));
}
