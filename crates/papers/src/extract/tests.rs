//! Whole papers: those of the suppliers' profiles, learned ones, and hostile ones.

use gondola_ledger::{Money, Qty, UnitCost};
use proptest::prelude::*;

use super::sketch::Sketch;
use super::*;
use crate::fiscal::TaxId;
use crate::page::Word;

/// An invoice A of La Galletera: UxB in a column, price per case, 21 %.
fn galletera(sketch: &mut Sketch) -> Page {
    for (row, text) in
        (0..).zip(["FACTURA", "COD. 001", "Nº 00003-00001234", "Fecha: 12/03/2026", "C.U.I.T.: 30-70804363-6"])
    {
        sketch.row(300 + row * 140, &[(400, text)]);
    }
    sketch.row(2_000, &[(300, "Código"), (1_000, "Detalle")]);
    sketch.row_to(2_000, &[(3_000, "UxB"), (3_600, "Cant."), (4_500, "P. Bulto"), (5_600, "Importe")]);
    sketch.row(2_200, &[(300, "101"), (1_000, "BIZCOCHO DE GRASA")]);
    sketch.row_to(2_200, &[(3_000, "24"), (3_600, "2"), (4_500, "18.000,00"), (5_600, "36.000,00")]);
    sketch.row(2_400, &[(300, "102"), (1_000, "PEPAS MEMBRILLO")]);
    sketch.row_to(2_400, &[(3_000, "12"), (3_600, "1"), (4_500, "24.000,00"), (5_600, "24.000,00")]);
    for (row, (name, amount)) in
        (0..).zip([("Neto Gravado 21,00%", "60.000,00"), ("IVA 21,00%", "12.600,00"), ("TOTAL", "72.600,00")])
    {
        sketch.row(6_000 + row * 130, &[(3_600, name)]).row_to(6_000 + row * 130, &[(5_600, amount)]);
    }
    sketch.row(7_500, &[(3_600, "CAE Nº: 70417054367476")]).row(7_640, &[(3_600, "Fecha de Vto. de CAE: 22/03/2026")]);
    sketch.page()
}

#[test]
fn an_invoice_is_read_from_head_to_foot() {
    let paper = extract(&[galletera(&mut Sketch::default())], None, None);
    let header = &paper.header;
    assert_eq!(header.number.unwrap().value.to_string(), "00003-00001234");
    assert_eq!(header.totals.total.unwrap().value, Money::new(7_260_000));
    assert_eq!(header.totals.sum(), Some(Money::new(7_260_000)));
    assert_eq!(header.cae_due.unwrap().value.to_string(), "2026-03-22");
    let first = &paper.lines[0];
    assert_eq!((first.units_per_case.unwrap().value, first.quantity.unwrap().value), (24, Qty::new(2_000)));
    assert_eq!(first.price.unwrap().value, UnitCost::parse("18000").unwrap());
    assert!(paper.confidence_permille >= 950, "{}", paper.confidence_permille);
}

#[test]
fn figures_that_agree_are_believed_in_a_poor_picture_and_those_that_do_not_are_not() {
    let good = extract(&[galletera(&mut Sketch::recognised(75))], None, None);
    assert!(good.lines.iter().all(|line| line.confidence_permille >= 900));
    assert_eq!(good.lines[0].quantity.unwrap().source, Source::Ocr);
    let mut page = galletera(&mut Sketch::recognised(75));
    for word in page.words.iter_mut().filter(|word| word.text == "36.000,00") {
        word.text = "86.000,00".to_owned();
    }
    let bad = extract(&[page], None, None);
    assert!(bad.lines[0].confidence_permille <= 400 && bad.lines[1].confidence_permille >= 900);
    assert!(bad.confidence_permille < good.confidence_permille);
}

fn qr() -> QrData {
    let mut data = QrData::parse(
        "https://www.arca.gob.ar/fe/qr/?p=eyJ2ZXIiOjEsImZlY2hhIjoiMjAyMC0xMC0xMyIsImN1aXQiOjMwMDAwMDAwMDA3LCJwdG9WdGEi\
         OjEwLCJ0aXBvQ21wIjoxLCJucm9DbXAiOjk0LCJpbXBvcnRlIjoxMjEwMCwibW9uZWRhIjoiRE9MIiwiY3R6Ijo2NSwidGlwb0RvY1JlYyI6ODAs\
         Im5yb0RvY1JlYyI6MjAwMDAwMDAwMDEsInRpcG9Db2RBdXQiOiJFIiwiY29kQXV0Ijo3MDQxNzA1NDM2NzQ3Nn0=",
    )
    .unwrap();
    data.issuer = TaxId::parse("33-66641681-9").unwrap();
    data.currency = "PES".to_owned();
    data
}

#[test]
fn what_the_qr_says_outweighs_what_is_printed() {
    let paper = extract(&[galletera(&mut Sketch::default())], None, Some(&qr()));
    let seller = paper.header.seller.tax_id.unwrap();
    assert_eq!(
        (seller.value.to_string().as_str(), seller.source, seller.confidence_permille),
        ("33-66641681-9", Source::Qr, 1_000)
    );
    assert_eq!(paper.header.number.unwrap().value.to_string(), "00010-00000094");
    assert_eq!(paper.header.totals.total.unwrap().value, Money::new(1_210_000));
    assert_eq!(paper.header.cae_due.unwrap().source, Source::Text, "the QR does not say it");
}

#[test]
fn a_total_in_dollars_is_nobodys_debt_in_pesos() {
    let dollars = QrData { currency: "DOL".to_owned(), ..qr() };
    let paper = extract(&[galletera(&mut Sketch::default())], None, Some(&dollars));
    assert_eq!((paper.header.totals.total, paper.header.number.unwrap().source), (None, Source::Qr));
    let doubts: Vec<_> = paper.doubts.iter().map(|doubt| (doubt.kind, doubt.text.as_str())).collect();
    assert_eq!(doubts, [(DoubtKind::Pesos, "DOL")]);
}

/// Both ways round make the amount: what has decimals is the price, unless the paper was not read from a picture and says so.
#[test]
fn a_quantity_and_a_price_that_changed_places_in_a_picture_are_put_right() {
    let read = |mut sketch: Sketch| {
        sketch.row_to(
            2_000,
            &[(900, "Código"), (2_000, "Descripción"), (3_600, "Precio"), (4_500, "Cantidad"), (5_600, "Importe")],
        );
        sketch.row_to(
            2_200,
            &[(900, "9325"), (2_000, "ARTICULO"), (3_600, "4"), (4_500, "5.000,00"), (5_600, "20.000,00")],
        );
        let line = extract(&[sketch.page()], None, None).lines.remove(0);
        (line.quantity.unwrap().value, line.price.unwrap().value.to_string())
    };
    assert_eq!(read(Sketch::recognised(90)), (Qty::whole(4).unwrap(), "5000.0000".to_owned()));
    assert_eq!(read(Sketch::default()), (Qty::whole(5_000).unwrap(), "4.0000".to_owned()));
}

#[test]
fn what_a_person_corrected_is_read_right_the_next_time() {
    let strange = |quantity: &str, subtotal: &str| {
        let mut sketch = Sketch::default();
        sketch.row(2_000, &[(300, "Ref"), (1_000, "Mercancías entregadas")]);
        sketch.row_to(2_000, &[(3_600, "Piezas"), (4_500, "Tarifa"), (5_600, "Monto")]);
        sketch.row(2_200, &[(300, "77"), (1_000, "OREO 3X12X118")]);
        sketch.row_to(2_200, &[(3_600, quantity), (4_500, "64.800,00"), (5_600, subtotal)]);
        sketch.row(6_000, &[(3_600, "TOTAL")]).row_to(6_000, &[(5_600, subtotal)]);
        sketch.page()
    };
    let first = [strange("-2", "129.600,00")];
    assert!(extract(&first, None, None).lines.is_empty(), "nobody knows these headings");
    let typed = |value| Some(Field { value, confidence_permille: 1_000, source: Source::Typed, place: None });
    let line = Line {
        code: Some(Field { value: "77".to_owned(), confidence_permille: 1_000, source: Source::Typed, place: None }),
        description: Some(Field {
            value: "OREO 3X12X118".to_owned(),
            confidence_permille: 1_000,
            source: Source::Typed,
            place: None,
        }),
        quantity: typed(Qty::new(-2_000)),
        price: Some(Field {
            value: UnitCost::parse("64800").unwrap(),
            confidence_permille: 1_000,
            source: Source::Typed,
            place: None,
        }),
        subtotal: Some(Field {
            value: Money::new(12_960_000),
            confidence_permille: 1_000,
            source: Source::Typed,
            place: None,
        }),
        ..Line::default()
    };
    let layout = Layout::learn(&first, &Paper { lines: vec![line], ..Paper::default() }).unwrap();
    let columns: Vec<Column> = layout.columns.iter().map(|learned| learned.column).collect();
    let said = [Column::Code, Column::Description, Column::Quantity, Column::Price, Column::Subtotal];
    assert_eq!(columns, said, "from the left");
    let kept: Layout = serde_json::from_str(&serde_json::to_string(&layout).unwrap()).unwrap();
    assert_eq!(kept, layout);

    let paper = extract(&[strange("-3", "194.400,00")], Some(&layout), None);
    let line = &paper.lines[0];
    assert_eq!(line.quantity.unwrap().value, Qty::new(-3_000));
    assert_eq!(line.subtotal.unwrap().value, Money::new(19_440_000));
    assert_eq!((line.price.unwrap().source, line.confidence_permille), (Source::Layout, 1_000));
}

#[test]
fn nothing_is_learned_from_a_paper_that_is_not_there() {
    let corrected = extract(&[galletera(&mut Sketch::default())], None, None);
    assert_eq!(Layout::learn(&[], &corrected), None);
    assert_eq!(Layout::learn(&[galletera(&mut Sketch::default())], &Paper::default()), None);
}

#[test]
fn learning_a_paper_whose_headings_are_known_changes_nothing() {
    let pages = [galletera(&mut Sketch::default())];
    let read = extract(&pages, None, None);
    let layout = Layout::learn(&pages, &read).unwrap();
    assert!(!layout.columns.is_empty());
    let again = extract(&pages, Some(&layout), None);
    let figures = |paper: &Paper| {
        let values = |line: &Line| {
            (
                line.quantity.map(|field| field.value),
                line.price.map(|field| field.value),
                line.subtotal.map(|field| field.value),
            )
        };
        paper.lines.iter().map(values).collect::<Vec<_>>()
    };
    assert_eq!(figures(&again), figures(&read));
}

fn word(text: &str, edges: [i32; 4]) -> Word {
    let [left, top, right, bottom] = edges;
    Word { text: text.to_owned(), left, top, right, bottom, confidence: 100 }
}

#[test]
fn nothing_comes_of_nothing() {
    for pages in [vec![], vec![Page::default()], vec![Page { width: i32::MIN, height: 0, words: Vec::new() }]] {
        let paper = extract(&pages, None, None);
        assert!(paper.lines.is_empty() && paper.confidence_permille < 700);
    }
}

#[test]
fn ten_thousand_words_on_one_place_or_of_no_size_are_read_in_no_time() {
    let texts = ["CUIT", "Descripción", "Cant.", "Precio", "1.234,56", "TOTAL", "\u{0}", "🦀", "x"];
    let edges = [[0, 0, 0, 0], [10, 10, 500, 100], [i32::MIN, i32::MAX, i32::MAX, i32::MIN], [i32::MAX; 4]];
    for edge in edges {
        let words = (0..10_000).map(|at| word(texts[at % texts.len()], edge)).collect();
        let pages = [Page { width: 5_952, height: 8_419, words }];
        let paper = extract(&pages, None, None);
        let _ = Layout::learn(&pages, &paper);
    }
    let rows = (0..10_000).map(|at| {
        word(
            texts[at as usize % texts.len()],
            [300 * (at % 9), 90 * (at / 9), 300 * (at % 9) + 200, 90 * (at / 9) + 80],
        )
    });
    let _ = extract(&[Page { width: 5_952, height: 8_419, words: rows.collect() }], None, None);
}

#[test]
fn endless_words_are_cut() {
    let long = "9".repeat(1_000_000);
    let page = Page { width: 10, height: 10, words: vec![word(&long, [0, 0, 9, 9]), word("CUIT", [0, 0, 9, 9])] };
    let _ = extract(&[page], None, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_words_anywhere_panic_and_the_order_of_words_is_nothing(
        words in prop::collection::vec(("(TOTAL|IVA 21%|CUIT|Cant\\.|Precio|Descripción|[0-9.,-]{1,12}|\\PC{0,6})", any::<[i16; 4]>()), 0..60)
    ) {
        let words: Vec<Word> = words.into_iter().map(|(text, edges)| word(&text, edges.map(i32::from))).collect();
        let page = Page { width: 5_952, height: 8_419, words };
        let paper = extract(std::slice::from_ref(&page), None, None);
        prop_assert!(paper.confidence_permille <= 1_000);
        let _ = Layout::learn(&[page], &paper);
    }
}
