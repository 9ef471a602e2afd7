//! Documents from their files to what they say, in one call.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_papers::capture::{CaptureError, Limits, Reading};
use gondola_papers::document;
use gondola_papers::extract::{Field, Layout, Line, Paper, Source};
use gondola_papers::tools::Tools;

use super::files::{Script, pdf};
use super::tools;

/// An invoice in columns with headings that nobody knows.
fn strange() -> Vec<u8> {
    let mut drawing = String::from("BT /F1 10 Tf\n");
    let mut text = |left: u32, up: u32, words: &str| {
        drawing.push_str(&format!("1 0 0 1 {left} {up} Tm ({words}) Tj\n"));
    };
    text(50, 780, "CUIT: 30-70804363-6");
    text(300, 780, "Fecha: 12/03/2026");
    for (at, heading) in [(50, "Ref"), (110, "Mercaderias enviadas"), (330, "Piezas"), (400, "Tarifa"), (500, "Monto")]
    {
        text(at, 700, heading);
    }
    for (row, cells) in [
        ["101", "BIZCOCHO DE GRASA", "2", "18.000,00", "36.000,00"],
        ["102", "PEPAS DE MEMBRILLO", "3", "24.000,00", "72.000,00"],
    ]
    .iter()
    .enumerate()
    {
        let up = 680 - 20 * u32::try_from(row).unwrap();
        for (at, cell) in [50, 110, 330, 400, 500].into_iter().zip(cells) {
            text(at, up, cell);
        }
    }
    text(400, 300, "TOTAL");
    text(500, 300, "108.000,00");
    pdf(&[drawing + "ET\n"], Script::None)
}

fn typed<T>(value: T) -> Option<Field<T>> {
    Some(Field { value, confidence_permille: 1_000, source: Source::Typed, place: None })
}

#[test]
fn a_file_is_read_in_one_call_and_understood_again_with_what_was_learned() {
    let Some(tools) = tools("a_file_is_read_in_one_call") else { return };
    let mut document = document::read(&[&strange()], None, &tools, &Limits::default()).unwrap();
    assert_eq!(document.paper.header.seller.tax_id.unwrap().value.to_string(), "30-70804363-6");
    assert!(document.paper.lines.is_empty(), "nobody knows these headings");
    let corrected = Line {
        description: typed("BIZCOCHO DE GRASA".to_owned()),
        quantity: typed(Qty::new(2_000)),
        price: typed(UnitCost::parse("18000").unwrap()),
        subtotal: typed(Money::parse("36000").unwrap()),
        ..Line::default()
    };
    let layout = Layout::learn(&document.pages, &Paper { lines: vec![corrected], ..Paper::default() });
    document.understand(layout.as_ref());
    let counts: Vec<i64> = document.paper.lines.iter().map(|line| line.quantity.unwrap().value.raw()).collect();
    assert_eq!(counts, [2_000, 3_000]);
    assert!(document.paper.lines.iter().all(|line| line.confidence_permille >= 900));
}

#[test]
fn two_files_are_the_pages_of_one_document() {
    let Some(tools) = tools("two_files") else { return };
    let document = document::read(&[&strange(), &strange()], None, &tools, &Limits::default()).unwrap();
    assert_eq!((document.pages.len(), document.pictures.len()), (2, 2));
    assert_eq!(document.readings, [Reading::Text, Reading::Text]);
    let limits = Limits { pages_max: 1, ..Limits::default() };
    let error = document::read(&[&strange(), &strange()], None, &tools, &limits).unwrap_err();
    assert!(matches!(error, CaptureError::TooManyPages { pages: 2, pages_max: 1 }), "{error}");
}

#[test]
fn what_is_no_document_is_refused() {
    let error = document::read(&[b"codigo;precio"], None, &Tools::default(), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "paper_unknown_kind");
}
