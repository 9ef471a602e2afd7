//! What workbooks come to, sound and hostile ones.

mod common;

use common::{ROWS, STRINGS, archive, parts, workbook, workbook_of};
use gondola_sheets::{DecimalStyle, FileKind, Limits, SheetError, Source, read};
use zip::CompressionMethod::{Deflated, Stored};

fn refused(bytes: &[u8]) -> SheetError {
    read(bytes, &Limits::default()).expect_err("this file is to be refused")
}

fn row(cells: &str) -> Vec<u8> {
    workbook_of(&format!(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cells}</row>"#))
}

#[test]
fn the_first_visible_sheet_with_data_is_read_with_the_lines_of_the_sheet() {
    let table = read(&workbook(), &Limits::default()).unwrap();
    assert_eq!(table.source, Source::Workbook { sheet: "Precios".into() });
    assert_eq!((table.header_line, table.header.as_slice()), (2, &["Código", "Precio", "Fecha"].map(String::from)[..]));
    assert_eq!(table.rows[0].cells, ["7790742034007", "1234.5", "2026-11-23"]);
    assert_eq!(table.rows[1].cells, ["SAL-PALA-6", "0.3", ""]);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(table.ragged, []);
}

#[test]
fn a_real_number_is_never_taken_for_thousands() {
    let bytes = workbook_of(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>kg</t></is></c></row>
           <row r="2"><c r="A2"><v>1.25</v></c></row><row r="3"><c r="A3"><v>1.234</v></c></row>
           <row r="4"><c r="A4" t="inlineStr"><is><t>2.500,0</t></is></c></row>
           <row r="5"><c r="A5" t="inlineStr"><is><t>1.234</t></is></c></row>"#,
    );
    let table = read(&bytes, &Limits::default()).unwrap();
    let style = table.decimal_style(0);
    assert_eq!(style, DecimalStyle::Comma);
    let decimals: Vec<_> = table.rows.iter().map(|row| row.decimal(0, style).unwrap()).collect();
    assert_eq!(decimals, ["1.25", "1.234", "2500.0", "1234"]);
}

#[test]
fn cells_beyond_the_header_are_kept_and_reported() {
    let bytes = row(r#"<c r="A2"><v>2</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c>"#);
    let table = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(table.rows[0].cells, ["2", "", "VERDADERO", "#N/A"]);
    assert_eq!((table.ragged[0].found, table.ragged[0].expected), (4, 1));
}

#[test]
fn a_truncated_workbook_is_refused_wherever_it_is_cut() {
    let whole = workbook();
    for length in (4..whole.len()).step_by(7) {
        let error = refused(&whole[..length]);
        assert!(matches!(error, SheetError::Truncated), "cut at {length}: {error:?}");
    }
    assert!(refused(&whole[..whole.len() / 2]).message_es().contains("está cortado"));
}

#[test]
fn a_workbook_with_a_flipped_byte_is_read_or_refused_but_never_brings_us_down() {
    let whole = workbook();
    for position in 4..whole.len() {
        let mut bytes = whole.clone();
        bytes[position] ^= 0x55;
        let _ = read(&bytes, &Limits::default());
    }
}

#[test]
fn archives_that_are_no_workbook_are_named() {
    let kind = |parts: &[(&str, &str)]| refused(&archive(parts, Deflated));
    assert_eq!(kind(&[("a.txt", "hola")]), SheetError::NotATable { kind: FileKind::OtherArchive });
    let ods = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")];
    assert_eq!(kind(&ods), SheetError::NotATable { kind: FileKind::OpenDocument });
    assert_eq!(
        refused(&archive(&[] as &[(&str, &str)], Stored)),
        SheetError::NotATable { kind: FileKind::OtherArchive }
    );
}

#[test]
fn sup_6_a_small_archive_that_unpacks_to_megabytes_is_refused() {
    let bomb = vec![b' '; 8 * 1024 * 1024];
    let mut parts: Vec<(&str, Vec<u8>)> =
        parts(ROWS, STRINGS).into_iter().map(|(name, content)| (name, content.into_bytes())).collect();
    parts.push(("xl/theme/theme1.xml", bomb));
    let bytes = archive(&parts, Deflated);
    assert!(bytes.len() < 20 * 1024);
    let small = Limits { unpacked_bytes_max: 4 * 1024 * 1024, ..Limits::IMPORT };
    assert_eq!(read(&bytes, &small), Err(SheetError::UnpacksTooLarge { bytes_max: 4 * 1024 * 1024 }));
}

#[test]
fn sup_6_a_size_that_lies_does_not_help_a_bomb() {
    let mut parts = parts(ROWS, STRINGS);
    parts.push(("xl/media/a.bin", " ".repeat(100_000)));
    let mut bytes = archive(&parts, Deflated);
    let declared = 100_000_u32.to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == declared).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let small = Limits { unpacked_bytes_max: 50_000, ..Limits::IMPORT };
    let error = read(&bytes, &small).unwrap_err();
    assert!(matches!(error, SheetError::UnpacksTooLarge { .. } | SheetError::Damaged { .. }), "{error:?}");
}

#[test]
fn sup_6_a_table_of_strings_may_not_claim_more_than_it_holds() {
    for claim in
        ["uniqueCount=\"99999999999\"", "uniqueCount = '123456789012345678901234'", "uniqueCount", "uniqueCount=12"]
    {
        let strings = STRINGS.replace("uniqueCount=\"3\"", claim);
        let error = refused(&archive(&parts(ROWS, &strings), Deflated));
        assert!(matches!(error, SheetError::Damaged { .. }), "{claim}: {error:?}");
    }
    let far = STRINGS.replace("<sst", &format!("{}<sst", " ".repeat(200_000))).replace("\"3\"", "\"9999999\"");
    assert!(matches!(refused(&archive(&parts(ROWS, &far), Deflated)), SheetError::Damaged { .. }));
}

#[test]
fn sup_6_one_long_text_in_many_cells_is_refused_before_it_fills_the_memory() {
    let strings = STRINGS.replace("Código", &"x".repeat(60_000));
    let rows: String =
        (1..=600).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    let small = Limits { unpacked_bytes_max: 4 * 1024 * 1024, ..Limits::IMPORT };
    let bytes = archive(&parts(&rows, &strings), Deflated);
    assert_eq!(read(&bytes, &small), Err(SheetError::UnpacksTooLarge { bytes_max: 4 * 1024 * 1024 }));
}

/// Where an entity can stand: a part, a text in it, and what comes in its place.
const ENTITY_PLACES: [(&str, &str, &str); 6] = [
    ("xl/sharedStrings.xml", "Código", "&told;"),
    ("xl/worksheets/sheet3.xml", "SAL-PALA-6", "&told;"),
    ("xl/worksheets/sheet3.xml", "1234.5", "&told;"),
    ("xl/workbook.xml", "Precios", "&told;"),
    ("xl/styles.xml", "<cellXfs", "&told;<cellXfs"),
    ("[Content_Types].xml", "</Types>", "&told;</Types>"),
];

/// The ordinary workbook with a document type in one of its parts, and something else in place of one of its texts.
fn with_doctype(doctype: &str, (part, text, other): (&str, &str, &str)) -> Vec<u8> {
    let mut parts = parts(ROWS, STRINGS);
    let (_, content) = parts.iter_mut().find(|(name, _)| *name == part).expect("a part");
    assert_eq!(content.matches(text).count(), 1, "{text} in {part}");
    *content = content.replace(text, other).replacen("?>", &format!("?>{doctype}"), 1);
    archive(&parts, Deflated)
}

/// Everything that reading tells: the table, or why there is none.
fn told(bytes: &[u8]) -> String {
    let small = Limits { unpacked_bytes_max: 4 * 1024 * 1024, ..Limits::IMPORT };
    format!("{:?}", read(bytes, &small))
}

#[test]
fn pen_1_a_workbook_cannot_bring_in_a_file_of_the_machine() {
    let own = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert!(include_str!("../Cargo.toml").contains("[dependencies]"));
    for address in [own, "file:///etc/passwd"] {
        for doctype in [
            format!(r#"<!DOCTYPE x [<!ENTITY told SYSTEM "{address}">]>"#),
            format!(r#"<!DOCTYPE x [<!ENTITY % more SYSTEM "{address}"> %more; <!ENTITY told "leche">]>"#),
            format!(r#"<!DOCTYPE x PUBLIC "a" "{address}" [<!ENTITY told SYSTEM '{address}'>]>"#),
            format!(r#"<!DOCTYPE x SYSTEM "{address}">"#),
        ] {
            for place in ENTITY_PLACES {
                let told = told(&with_doctype(&doctype, place));
                let foreign = ["[dependencies]", "root:", "/etc/passwd", "Cargo.toml", "leche"];
                assert!(!foreign.iter().any(|text| told.contains(text)), "{doctype} in {place:?}: {told}");
            }
        }
    }
    // The same places are read: what stands there plainly comes through.
    for (part, text, _) in &ENTITY_PLACES[..2] {
        let told = told(&with_doctype("", (part, text, "yerba &amp; pan")));
        assert!(told.contains("yerba & pan"), "{part}: {told}");
    }
}

#[test]
fn pen_1_entities_made_of_entities_are_not_multiplied() {
    let level = |number: usize| format!(r#"<!ENTITY r{} "{}">"#, number + 1, format!("&r{number};").repeat(10));
    let nested: String = (0..9).map(level).collect();
    let laughs = format!(r#"<!DOCTYPE x [<!ENTITY r0 "risa">{nested}<!ENTITY told "&r9;">]>"#);
    let wide = format!(r#"<!DOCTYPE x [<!ENTITY told "{}">]>"#, "risa".repeat(25_000));
    for doctype in [&laughs, &wide] {
        for (part, text, other) in ENTITY_PLACES {
            for times in [1, 10_000] {
                let told =
                    told(&with_doctype(doctype, (part, text, &other.replace("&told;", &"&told;".repeat(times)))));
                assert!(told.len() < 4_000 && !told.contains("risa"), "{part}, {times}: {} bytes told", told.len());
            }
        }
    }
}

#[test]
fn cells_in_impossible_places_are_refused() {
    assert_eq!(refused(&row(r#"<c r="XFD2"><v>1</v></c>"#)), SheetError::TooManyColumns { line: 2, columns_max: 256 });
    for cells in [r#"<c r="A99999999999"><v>1</v></c>"#, r#"<c r=""><v>1</v></c>"#, r#"<c r="A2" t="s"><v>9</v></c>"#] {
        let error = refused(&row(cells));
        assert!(matches!(error, SheetError::Damaged { .. }), "{cells}: {error:?}");
    }
    assert!(matches!(refused(&row(r#"</row><row r="1"><c r="A1"><v>1</v></c>"#)), SheetError::Damaged { .. }));
    let last = read(&row(r#"<c r="A1048576"><v>9</v></c>"#), &Limits::default()).unwrap();
    assert_eq!(last.rows[0].line, 1_048_576);
}

#[test]
fn inp_2_control_characters_are_refused_with_line_and_column() {
    let bytes = row(r#"<c r="B2" t="inlineStr"><is><t>a_x0000_b</t></is></c>"#);
    assert_eq!(refused(&bytes), SheetError::ControlCharacter { line: 2, column: 2, character: 0 });
}

#[test]
fn a_workbook_without_data_is_empty() {
    assert_eq!(refused(&workbook_of("")), SheetError::Empty);
}
