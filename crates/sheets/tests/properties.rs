//! What holds for every input: no bytes bring the reader down, and what is written comes back.

use gondola_sheets::number::canonical;
use gondola_sheets::{Column, CsvStyle, DecimalStyle, Delimiter, Kind, Limits, Sheet, read};
use proptest::collection::vec;
use proptest::prelude::*;

fn a_style() -> impl Strategy<Value = DecimalStyle> {
    prop_oneof![
        Just(DecimalStyle::Comma),
        Just(DecimalStyle::Point),
        Just(DecimalStyle::Unknown),
        Just(DecimalStyle::Mixed)
    ]
}

/// Any text without control characters, often one that means something to CSV or to a spreadsheet.
fn a_cell() -> impl Strategy<Value = String> {
    prop_oneof!["[^\\p{Cc}]{1,12}", "[=+@'\",;|\\t\\r\\n\\- a-z0-9.ñ🧉]{1,12}", Just(String::new()),]
}

/// Sheets whose first column is filled, so that no row is blank.
fn a_sheet() -> impl Strategy<Value = Sheet> {
    (2_usize..6).prop_flat_map(|width| {
        let row = ("[a-z]{1,6}", vec(a_cell(), width - 1)).prop_map(|(first, mut rest)| {
            rest.insert(0, first);
            rest
        });
        let columns: Vec<Column> =
            (0..width).map(|position| Column { title: format!("columna{position}"), kind: Kind::Text }).collect();
        vec(row, 1..20).prop_map(move |rows| Sheet { name: "h".into(), columns: columns.clone(), rows })
    })
}

fn a_csv_style() -> impl Strategy<Value = CsvStyle> {
    (prop::sample::select(&Delimiter::ALL[..]), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(delimiter, bom, decimal_comma, day_first)| CsvStyle { delimiter, bom, decimal_comma, day_first })
}

/// The rows as written, and as they come back from a table.
fn same_rows(sheet: &Sheet, bytes: &[u8]) -> Result<(), TestCaseError> {
    let table = read(bytes, &Limits::default()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let rows: Vec<Vec<String>> = table.rows.into_iter().map(|row| row.cells).collect();
    let expected: Vec<Vec<String>> = sheet.rows.iter().map(|row| without_blank_end(row, sheet.columns.len())).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| without_blank_end(row, sheet.columns.len())).collect();
    prop_assert_eq!(rows, expected);
    Ok(())
}

/// The last cells of a row, if blank, may be left out of a table; nothing else may.
fn without_blank_end(row: &[String], width: usize) -> Vec<String> {
    let mut row = row.to_vec();
    row.resize(row.len().max(width), String::new());
    row
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &Limits::default());
        let _ = read(&[b"PK\x03\x04", bytes.as_slice()].concat(), &Limits::default());
    }

    #[test]
    fn every_line_of_a_text_is_in_the_table_once(text in "[a-c;,\n\r\" ]{0,60}") {
        if let Ok(table) = read(text.as_bytes(), &Limits::default()) {
            let mut lines: Vec<u32> = table.preamble.iter().chain(&table.rows).map(|row| row.line).collect();
            lines.push(table.header_line);
            lines.sort_unstable();
            let count = lines.len();
            lines.dedup();
            prop_assert_eq!(lines.len(), count);
            let last = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
            prop_assert!(lines.iter().all(|&line| (1..=last as u32).contains(&line)));
        }
    }

    #[test]
    fn csv_1_what_is_written_as_csv_comes_back(sheet in a_sheet(), style in a_csv_style()) {
        same_rows(&sheet, &sheet.to_csv(style).unwrap())?;
    }

    #[test]
    fn no_text_brings_the_numbers_down(text in ".{0,20}", style in a_style()) {
        let _ = canonical(&text, style);
        let _ = DecimalStyle::guess([text.as_str()]);
    }

    #[test]
    fn a_number_is_read_the_same_from_every_way_of_writing_it(
        whole in 0_u64..1_000_000_000_000, cents in 0_u8..100, negative: bool,
    ) {
        let sign = if negative { "-" } else { "" };
        let plain = format!("{whole}.{cents:02}");
        let plain = if negative && plain != "0.00" { format!("-{plain}") } else { plain };
        let grouped = |mark: &str| {
            let digits = whole.to_string();
            let first = digits.len() % 3;
            let (head, tail) = digits.split_at(first);
            let mut groups: Vec<&str> = if head.is_empty() { vec![] } else { vec![head] };
            groups.extend((0..tail.len() / 3).map(|group| &tail[group * 3..group * 3 + 3]));
            groups.join(mark)
        };
        for style in [DecimalStyle::Comma, DecimalStyle::Point, DecimalStyle::Unknown] {
            for text in [
                format!("{sign}{whole},{cents:02}"),
                format!("{sign}{whole}.{cents:02}"),
                format!("{sign}$ {},{cents:02}", grouped(".")),
                format!("$ {sign}{}.{cents:02}", grouped(",")),
                format!("{sign}{},{cents:02}", grouped("\u{a0}")),
            ] {
                let read = canonical(&text, style);
                prop_assert_eq!(read.as_deref(), Ok(plain.as_str()), "{} in {:?}", text, style);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn csv_1_what_is_written_as_a_workbook_comes_back(sheet in a_sheet()) {
        same_rows(&sheet, &sheet.to_xlsx().unwrap())?;
    }
}
