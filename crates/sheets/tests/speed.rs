//! How long large files take. Figures mean something in a release build, which alone is held to them; others run
//! the same paths on less: `cargo test --release -p gondola-sheets --test speed -- --nocapture --test-threads=1`

use std::time::{Duration, Instant};

use gondola_sheets::{Column, CsvStyle, CsvWriter, Kind, Limits, XlsxWriter, read};

const IS_RELEASE: bool = !cfg!(debug_assertions);
const ROWS: usize = if IS_RELEASE { 100_000 } else { 5_000 };

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
    assert!(!IS_RELEASE || took < Duration::from_secs(1));

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
fn sup_6_a_bomb_is_refused_quickly() {
    let limits =
        if IS_RELEASE { Limits::IMPORT } else { Limits { unpacked_bytes_max: 4 * 1024 * 1024, ..Limits::IMPORT } };
    let mut xlsx = XlsxWriter::new("h", columns()).unwrap();
    let same: Vec<String> = vec!["0".repeat(3_000); 10];
    let rows = limits.unpacked_bytes_max * 2 / 30_000;
    (0..rows).for_each(|_| xlsx.row(&same).unwrap());
    let bomb = xlsx.finish().unwrap();

    let begin = Instant::now();
    let refused = read(&bomb, &limits).unwrap_err();
    let took = begin.elapsed();
    println!("{} KB refused in {took:?}: {refused}", bomb.len() / 1_000);
    assert_eq!(refused.code(), "sheet_unpacks_too_large");
    assert!(!IS_RELEASE || took < Duration::from_secs(1));
}
