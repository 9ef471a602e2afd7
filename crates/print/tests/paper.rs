//! The PDFs as other programs read them: poppler for text, pages and pictures, zbar for bars. Without those programs a
//! test says SKIPPED.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]
#![allow(clippy::print_stdout, reason = "figures and skipped checks, for whoever runs it")]

use std::path::PathBuf;
use std::process::Command;

use gondola_print::barcode::Barcode;
use gondola_print::labels::{self, Grid, Label, LabelRefusal, Offer};
use gondola_print::length::Length;
use gondola_print::order::{Order, OrderLine, Urgency, order};
use gondola_print::price_list::{DisplayCategory, DisplayItem, StaffCategory, StaffItem, display_list, staff_list};
use gondola_print::sheet::{Align, Head, Language};
use gondola_print::table::{Column, Density, Opening, ROWS_MAX, Table, TableRefusal};

const HEAD: Head<'static> = Head { title: "Góndola: prueba", language: Language::Spanish };
const OPENING: Opening<'static> = Opening {
    head: HEAD,
    subtitle: "Depósito Ñandú · 27/11/2026 · categoría: almacén",
    foot: "Almacén Doña Peña",
    density: Density::Desk,
};
const COLUMNS: [Column<'static>; 4] = [
    Column { title: "CÓDIGO", align: Align::Left, letters: 14 },
    Column { title: "PRODUCTO", align: Align::Left, letters: 44 },
    Column { title: "STOCK", align: Align::Right, letters: 10 },
    Column { title: "PRECIO", align: Align::Right, letters: 14 },
];

/// What a program prints; `None`, and a word about it, where it is not installed.
fn run(program: &str, args: &[&str], pdf: &PathBuf) -> Option<String> {
    let (before, after) = args.split_at(args.iter().position(|arg| *arg == "-").unwrap_or(args.len()));
    match Command::new(program).args(before).arg(pdf).args(after).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            println!("SKIPPED: {program} is not installed");
            None
        }
    }
}

fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn text_of(pdf: &PathBuf) -> Option<String> {
    run("pdftotext", &["-layout", "-"], pdf)
}

/// Every word of every page lies on its page.
fn assert_inside(pdf: &PathBuf) {
    let Some(boxes) = run("pdftotext", &["-bbox", "-"], pdf) else { return };
    let number = |line: &str, name: &str| -> f64 {
        let start = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        line[start..].split('"').next().unwrap().parse().unwrap()
    };
    let (mut width, mut height, mut words) = (0.0, 0.0, 0);
    for line in boxes.lines() {
        if line.contains("<page ") {
            (width, height) = (number(line, "width"), number(line, "height"));
        } else if line.contains("<word ") {
            words += 1;
            assert!(number(line, "xMin") >= 0.0 && number(line, "xMax") <= width, "{line}");
            assert!(number(line, "yMin") >= 0.0 && number(line, "yMax") <= height, "{line}");
        }
    }
    assert!(words > 0, "no words at all");
}

fn pages_of(pdf: &PathBuf) -> Option<usize> {
    let facts = run("pdfinfo", &[], pdf)?;
    facts.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
}

fn goods() -> Vec<Barcode> {
    ["4006381333931", "96385074", "036000291452", "LAC-LS-SACH", "20123456"]
        .iter()
        .map(|text| Barcode::of(text).unwrap())
        .collect()
}

fn label(barcode: &Barcode) -> Label<'_> {
    Label {
        name: "Yerba mate Doña Ñata suave 500 g",
        price: "$ 1.200",
        unit_price: "$ 2.400 por kg",
        net_price: "Precio sin impuestos nacionales: $ 991,74",
        date: "27/11/2026",
        barcode: Some(barcode),
        offer: None,
    }
}

fn offered(barcode: &Barcode) -> Label<'_> {
    let offer = Offer { title: "OFERTA", base_price: "Antes $ 1.500", until: "hasta 30/11" };
    Label { offer: Some(offer), ..label(barcode) }
}

fn assert_bars_read(pdf: &PathBuf, codes: &[Barcode]) {
    let picture = pdf.with_extension("");
    let drawn = Command::new("pdftoppm").args(["-png", "-r", "300", "-singlefile"]).arg(pdf).arg(&picture).status();
    if drawn.is_err() {
        println!("SKIPPED: pdftoppm is not installed");
        return;
    }
    let args = ["-q", "--raw", "-Supca.enable", "-Sean8.enable"];
    let Some(read) = run("zbarimg", &args, &pdf.with_extension("png")) else { return };
    for code in codes {
        // As EAN-13 or as UPC-A: a reader may say the leading zero or not.
        assert!(read.lines().any(|line| line.ends_with(code.text())), "{} is not in {read:?}", code.text());
    }
}

#[test]
fn labels_begin_at_the_free_place_and_go_on_over_the_sheet() {
    let codes = goods();
    let labels: Vec<Label> =
        (0..27).map(|index| (if index % 4 == 1 { offered } else { label })(&codes[index % codes.len()])).collect();
    let grid = Grid { first: 3, ..Grid::default() };
    let pdf = keep("labels.pdf", &labels::on_sheets(HEAD, grid, &labels).unwrap());
    assert_inside(&pdf);
    assert_bars_read(&pdf, &codes);
    if let Some(pages) = pages_of(&pdf) {
        assert_eq!(pages, 2);
    }
}

#[test]
fn an_offer_keeps_its_base_price() {
    let codes = goods();
    let pdf = keep("offer.pdf", &labels::on_roll(HEAD, &[offered(&codes[0])]).unwrap());
    let Some(text) = text_of(&pdf) else { return };
    for part in ["$ 1.200", "OFERTA", "Antes $ 1.500", "hasta 30/11", "$ 2.400 por kg", "991,74", "27/11/2026"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn the_roll_is_as_long_as_its_labels() {
    let codes = goods();
    let labels: Vec<Label> =
        codes.iter().enumerate().map(|(index, code)| (if index == 1 { offered } else { label })(code)).collect();
    let pdf = keep("roll.pdf", &labels::on_roll(HEAD, &labels).unwrap());
    assert_inside(&pdf);
    assert_bars_read(&pdf, &codes);
    if let Some(facts) = run("pdfinfo", &[], &pdf) {
        // 58 mm by 5 x 47 mm.
        assert!(facts.contains("164.409 x 666.142 pts"), "{facts}");
    }
}

#[test]
fn a_label_never_cuts_a_price() {
    let codes = goods();
    let long = Label { price: "$ 999.999.999.999.999.999.999,99", ..label(&codes[0]) };
    let refusal = labels::on_roll(HEAD, &[label(&codes[0]), long]);
    assert_eq!(refusal, Err(LabelRefusal::Price { label: 2 }));
}

#[test]
fn a_grid_that_is_none_is_refused() {
    let places = Err(LabelRefusal::Start { places: 24 });
    for first in [0, 25] {
        assert_eq!(labels::on_sheets(HEAD, Grid { first, ..Grid::default() }, &[]), places);
    }
    for (columns, rows) in [(0, 8), (3, 0), (4, 8), (3, 9), (255, 255)] {
        let grid = Grid { columns, rows, ..Grid::default() };
        assert_eq!(labels::on_sheets(HEAD, grid, &[]), Err(LabelRefusal::Grid));
    }
    for (width, height) in
        [(i32::MAX, 37_000), (70_000, i32::MIN), (70_000, 36_000), (65_000, 37_000), (44_000, 50_000)]
    {
        let (width, height) = (Length::um(width), Length::um(height));
        let grid = Grid { columns: 1, rows: 1, width, height, first: 1 };
        assert_eq!(labels::on_sheets(HEAD, grid, &[]), Err(LabelRefusal::Grid));
    }
}

#[test]
fn a_list_reads_in_order_with_its_accents() {
    let mut table = Table::new(OPENING, &COLUMNS).unwrap();
    table.section("Lácteos").unwrap();
    table.row(&["LAC-LS-SACH", "Leche entera «La Serenísima» sachet ½ L", "12,500 kg", "$ 1.250,00"]).unwrap();
    table.section("Golosinas").unwrap();
    table.row(&["ALF-3", "Alfajor triple: ¡ñandú! — ¿90°? 5 €", "−3", "$ 900,00"]).unwrap();
    table.totals(&["", "Total", "", "$ 2.150,00"]).unwrap();
    let pdf = keep("list.pdf", &table.finish().unwrap());
    assert_inside(&pdf);
    let Some(text) = text_of(&pdf) else { return };
    let parts = [
        "Góndola: prueba",
        "Depósito Ñandú",
        "CÓDIGO",
        "Lácteos",
        "«La Serenísima» sachet ½ L",
        "Golosinas",
        "¡ñandú! — ¿90°? 5 €",
        "-3",
        "$ 2.150,00",
        "Página 1 de 1",
    ];
    let mut rest = text.as_str();
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part} is not, or not in its order, in {text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_document_says_its_title_language_and_maker() {
    let bytes = Table::new(OPENING, &COLUMNS).unwrap().finish().unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("es-AR"));
    let Some(facts) = run("pdfinfo", &[], &keep("empty.pdf", &bytes)) else { return };
    assert!(facts.contains("Góndola: prueba") && facts.contains("Producer:"), "{facts}");
}

#[test]
fn the_same_list_gives_the_same_bytes() {
    assert_eq!(long_list(200), long_list(200));
}

#[test]
fn fifty_thousand_rows_repeat_their_heading() {
    let started = std::time::Instant::now();
    let bytes = long_list(50_000);
    println!("50,000 rows: {} bytes in {:?}", bytes.len(), started.elapsed());
    assert!(bytes.len() < 8_000_000);
    let pdf = keep("long.pdf", &bytes);
    let Some(pages) = pages_of(&pdf) else { return };
    let Some(text) = text_of(&pdf) else { return };
    assert_eq!(text.matches("PRODUCTO").count(), pages);
    assert!(text.contains("SKU-49999") && text.contains(&format!("Página {pages} de {pages}")));
}

fn long_list(rows: usize) -> Vec<u8> {
    let mut table = Table::new(OPENING, &COLUMNS).unwrap();
    for index in 0..rows {
        table.row(&[&format!("SKU-{index:05}"), "Galletitas de agua x 3", "1.234", "$ 2.350,00"]).unwrap();
    }
    table.totals(&["", "Total", "", "$ 117.500.000,00"]).unwrap();
    table.finish().unwrap()
}

#[test]
fn a_wide_list_lies() {
    let columns = [Column { title: "x", align: Align::Left, letters: 30 }; 5];
    let pdf = keep("wide.pdf", &Table::new(OPENING, &columns).unwrap().finish().unwrap());
    if let Some(facts) = run("pdfinfo", &[], &pdf) {
        assert!(facts.contains("841.89 x 595.276 pts"), "{facts}");
    }
}

#[test]
fn a_number_too_wide_is_never_a_shorter_number() {
    let columns = [Column { title: "PRECIO", align: Align::Right, letters: 1 }; 12];
    let mut table = Table::new(OPENING, &columns).unwrap();
    table.row(&["$ 123.456.789.123.456,00"; 12]).unwrap();
    let Some(text) = text_of(&keep("numbers.pdf", &table.finish().unwrap())) else { return };
    assert!(text.contains("###") && !text.contains("123"), "{text}");
}

#[test]
fn what_is_no_list_is_refused() {
    let refusal = |columns: &[Column]| Table::new(OPENING, columns).err();
    assert_eq!(refusal(&[]), Some(TableRefusal::Columns));
    assert_eq!(refusal(&[COLUMNS[0]; 25]), Some(TableRefusal::Columns));
    let mut table = Table::new(OPENING, &COLUMNS).unwrap();
    assert_eq!(table.row(&["a"]), Err(TableRefusal::Cells { cells: 1, columns: 4 }));
    for _ in 0..ROWS_MAX {
        table.row(&["", "", "", ""]).unwrap();
    }
    assert_eq!(table.row(&["", "", "", ""]), Err(TableRefusal::TooManyRows));
}

#[test]
fn hostile_cells_stay_on_the_page() {
    let endless = "W".repeat(100_000);
    let mut table = Table::new(OPENING, &COLUMNS).unwrap();
    for text in ["", "\0\u{202e}\u{fffd}", "🦀🦀🦀", "a\nb\tc\r", endless.as_str(), "(\\)"] {
        table.row(&[text; 4]).unwrap();
        table.section(text).unwrap();
    }
    table.note(&endless, &endless).unwrap();
    assert_inside(&keep("hostile.pdf", &table.finish().unwrap()));
}

#[test]
fn an_order_sets_urgent_lines_first() {
    let line = |urgency, code, name, quantity, unit| OrderLine { urgency, code, name, quantity, unit };
    let lines = [
        line(Urgency::Normal, "8812", "Galletitas de agua x 3", "4", "bulto x 24"),
        line(Urgency::Urgent, "1107", "Leche entera sachet 1 L", "10", "cajón x 12"),
        line(Urgency::Urgent, "2033", "Queso cremoso", "4,500", "kg"),
        line(Urgency::Normal, "8813", "Alfajor triple de dulce de leche", "2", "caja x 18"),
    ];
    let asked = Order {
        language: Language::Spanish,
        number: "0001-00000042",
        date: "27/11/2026",
        shop: &["Almacén Doña Peña", "CUIT 20-12345678-6", "Av. Belgrano 1234, Córdoba", "351 555-0134"],
        supplier: &["Distribuidora El Ñandú SRL", "CUIT 30-71234567-1", "pedidos@ejemplo.com.ar"],
        lines: &lines,
        notes: "Entregar de 8 a 12 h por calle Güemes.\nLlamar antes de llegar.",
    };
    let pdf = keep("order.pdf", &order(&asked).unwrap());
    assert_inside(&pdf);
    let Some(text) = text_of(&pdf) else { return };
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"));
    let parts = ["Pedido 0001-00000042", "URGENTE", "Leche entera", "NORMAL", "Galletitas", "Notas", "Güemes"];
    assert!(parts.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
}

#[test]
fn the_staff_list_has_codes_by_category() {
    let items = [StaffItem { code: "PLU 123", name: "Salame picado fino", price: "$ 8.650 por kg" }];
    let categories = [StaffCategory { name: "Fiambres", items: &items }];
    let Some(text) = text_of(&keep("staff.pdf", &staff_list(OPENING, &categories).unwrap())) else { return };
    for part in ["Fiambres", "PLU 123", "Salame picado fino", "$ 8.650 por kg"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

fn display_pdf() -> PathBuf {
    let beers = [
        DisplayItem { name: "Heineken", prices: &["$ 2.350", "$ 4.100", ""] },
        DisplayItem { name: "Quilmes clásica", prices: &["$ 1.900", "$ 3.200", "$ 10.800"] },
    ];
    let cheeses = [DisplayItem { name: "Queso cremoso", prices: &["$ 8.650"] }];
    let categories = [
        DisplayCategory { name: "Cervezas", sizes: &["473 ml", "1 L", "pack x 6"], items: &beers },
        DisplayCategory { name: "Quesos", sizes: &["por kg"], items: &cheeses },
    ];
    let opening = Opening { density: Density::Wall, ..OPENING };
    keep("display.pdf", &display_list(opening, &categories).unwrap())
}

#[test]
fn the_display_list_has_a_column_for_each_size() {
    let pdf = display_pdf();
    assert_inside(&pdf);
    let Some(text) = text_of(&pdf) else { return };
    let line = |part: &str| text.lines().find(|line| line.contains(part)).unwrap_or_default().to_owned();
    assert!(line("473 ml").contains("pack x 6"), "{text}");
    assert!(line("Quilmes").contains("$ 10.800"), "{text}");
    assert!(line("Queso cremoso").contains("$ 8.650"), "{text}");
}

#[test]
fn a_code_too_long_for_bars_is_still_written() {
    let code = Barcode::of("CATEGORIA-MARCA-TAMANO-1234").unwrap();
    let pdf = keep("long-code.pdf", &labels::on_roll(HEAD, &[label(&code)]).unwrap());
    assert_inside(&pdf);
    if let Some(text) = text_of(&pdf) {
        assert!(text.contains("CATEGORIA-MARCA-TAMANO-1234"), "{text}");
    }
}

#[test]
fn a_section_that_goes_on_says_so_on_each_page() {
    let mut table = Table::new(OPENING, &COLUMNS).unwrap();
    table.section("Golosinas").unwrap();
    for _ in 0..100 {
        table.row(&["ALF-3", "Alfajor triple", "3", "$ 900,00"]).unwrap();
    }
    let pdf = keep("section.pdf", &table.finish().unwrap());
    if let (Some(pages), Some(text)) = (pages_of(&pdf), text_of(&pdf)) {
        assert!(pages > 1);
        assert_eq!(text.matches("Golosinas").count(), pages);
    }
}
