//! Documents read with the real programs: small PDF written by hand, drawings of them, and what a stranger could send
//! instead (M10). Where a program is not installed, a test says so in a line that begins with SKIPPED and proves nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod documents;
mod files;
mod hostile;
mod programs;

use files::{Script, page_of_text, pdf};
use gondola_papers::capture::{self, Captured, Kind, Limits, Reading};
use gondola_papers::picture::qr;
use gondola_papers::tools::Tools;
use image::{GrayImage, ImageFormat, Luma, imageops};

const LINES: [&str; 9] = [
    "FACTURA A 00003-00012345 CPV S.R.L.",
    "CUIT 33-66641681-9 Responsable Inscripto",
    "Fecha 14/03/2026 Vencimiento 14/04/2026",
    "FIDEO TIRABUZON 20X500 bulto 2 30.000,00 60.000,00",
    "HARINA LEUDANTE 10X1000 bulto 5 12.500,00 62.500,00",
    "GALLETITAS SURTIDAS 12X300 bulto 3 18.900,00 56.700,00",
    "ACEITE DE GIRASOL 15X900 bulto 1 45.000,00 45.000,00",
    "Neto gravado 224.200,00 IVA 21 por ciento 47.082,00",
    "TOTAL 271.282,00",
];

/// The programs, unless one is missing.
fn tools(test: &str) -> Option<Tools> {
    let tools = Tools::default();
    let missing = tools.missing();
    if missing.is_empty() {
        return Some(tools);
    }
    eprintln!("SKIPPED {test}: {missing:?} not installed");
    None
}

fn read(bytes: &[u8], tools: &Tools) -> Captured {
    capture::read(bytes, tools, &Limits::default()).unwrap()
}

fn text(captured: &Captured) -> String {
    let words = captured.pages.iter().flat_map(|page| &page.words);
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn invoice() -> Vec<u8> {
    pdf(&[page_of_text(&LINES)], Script::None)
}

/// The page as a picture, drawn by the reader itself.
fn photo(tools: &Tools) -> GrayImage {
    let drawn = read(&invoice(), tools).pictures.remove(0);
    image::load_from_memory_with_format(&drawn, ImageFormat::Png).unwrap().into_luma8()
}

fn jpeg(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// How many of the words of the invoice were read, in per cent.
fn share_read(captured: &Captured) -> usize {
    let read = text(captured);
    let read: Vec<&str> = read.split(' ').collect();
    let wanted: Vec<&str> = LINES.iter().flat_map(|line| line.split(' ')).collect();
    wanted.iter().filter(|word| read.contains(word)).count() * 100 / wanted.len()
}

/// M10.
#[test]
fn a_pdf_with_text_is_read_word_by_word_and_certain() {
    let Some(tools) = tools("a_pdf_with_text") else { return };
    let captured = read(&invoice(), &tools);
    assert_eq!((captured.kind, captured.readings.as_slice()), (Kind::Pdf, [Reading::Text].as_slice()));
    assert_eq!(text(&captured), LINES.join(" "));
    let page = &captured.pages[0];
    assert_eq!((page.width, page.height), (5_950, 8_420));
    assert!(page.words.iter().all(|word| word.confidence == 100));
    let first = &page.words[0];
    assert!((490..=510).contains(&first.left) && first.right > first.left && first.bottom > first.top, "{first:?}");
}

#[test]
fn every_page_has_its_picture_for_the_review() {
    let Some(tools) = tools("every_page_has_its_picture") else { return };
    let two = pdf(&[page_of_text(&LINES), page_of_text(&LINES)], Script::None);
    let captured = read(&two, &tools);
    assert_eq!((captured.pages.len(), captured.pictures.len(), captured.readings.len()), (2, 2, 2));
    for picture in &captured.pictures {
        let picture = image::load_from_memory_with_format(picture, ImageFormat::Png).unwrap();
        assert_eq!(picture.height(), 1_600);
    }
}

/// M10.
#[test]
fn a_photo_is_read_however_it_is_held() {
    let Some(tools) = tools("a_photo_however_held") else { return };
    let photo = photo(&tools);
    let turns = [photo.clone(), imageops::rotate90(&photo), imageops::rotate180(&photo), imageops::rotate270(&photo)];
    for (turn, held) in turns.iter().enumerate() {
        let captured = read(&jpeg(held), &tools);
        assert_eq!((captured.kind, captured.readings.as_slice()), (Kind::Jpeg, [Reading::Recognised].as_slice()));
        assert!(share_read(&captured) >= 85, "turned {turn} times: {}", text(&captured));
    }
}

#[test]
fn a_photo_in_the_shade_is_read() {
    let Some(tools) = tools("a_photo_in_the_shade") else { return };
    let mut photo = photo(&tools);
    let width = photo.width();
    for (x, y, pixel) in photo.enumerate_pixels_mut() {
        let light = if x + y / 2 > width { 40 } else { 75 } - 20 * x / width;
        *pixel = Luma([u8::try_from(u32::from(pixel[0]) * light / 100).unwrap()]);
    }
    let captured = read(&jpeg(&photo), &tools);
    assert!(share_read(&captured) >= 85, "{}", text(&captured));
}

/// M10.
#[test]
fn a_scan_inside_a_pdf_is_recognised() {
    let Some(tools) = tools("a_scan_inside_a_pdf") else { return };
    let captured = read(&files::scan(&jpeg(&photo(&tools)), photo(&tools).dimensions()), &tools);
    assert_eq!(captured.readings, [Reading::Recognised]);
    assert!(share_read(&captured) >= 85, "{}", text(&captured));
    let (width, height) = (captured.pages[0].width, captured.pages[0].height);
    assert!(width.abs_diff(5_950) < 60 && height.abs_diff(8_420) < 60, "in tenths of a point too: {width} x {height}");
}

#[test]
fn the_words_of_a_photo_lie_where_its_picture_shows_them() {
    let Some(tools) = tools("words_lie_where_shown") else { return };
    let captured = read(&jpeg(&imageops::rotate180(&photo(&tools))), &tools);
    let picture = image::load_from_memory_with_format(&captured.pictures[0], ImageFormat::Png).unwrap().into_luma8();
    let page = &captured.pages[0];
    let dark = |word: &gondola_papers::page::Word| {
        let at = |place: i32| i64::from(place) * i64::from(picture.width()) / i64::from(page.width);
        let inside = |x: u32, y: u32| {
            (at(word.left)..=at(word.right)).contains(&i64::from(x))
                && (at(word.top)..=at(word.bottom)).contains(&i64::from(y))
        };
        picture.enumerate_pixels().any(|(x, y, pixel)| inside(x, y) && pixel[0] < 128)
    };
    assert!(!page.words.is_empty() && page.words.iter().all(dark));
}

/// M10.
#[test]
fn the_code_of_a_page_is_read_from_a_pdf_and_from_a_photo() {
    let Some(tools) = tools("the_code_of_a_page") else { return };
    let payload = "https://www.afip.gob.ar/fe/qr/?p=eyJ2ZXIiOjEsImZlY2hhIjoiMjAyNi0wMy0xNCJ9";
    let with_code = pdf(&[page_of_text(&LINES) + &files::code(payload)], Script::None);
    let captured = read(&with_code, &tools);
    assert_eq!(captured.qr, [payload]);
    let drawn = image::load_from_memory_with_format(&captured.pictures[0], ImageFormat::Png).unwrap().into_luma8();
    for held in [imageops::rotate90(&drawn), imageops::blur(&drawn, 1.0)] {
        assert_eq!(qr::read(&held), [payload]);
    }
    assert_eq!(read(&jpeg(&drawn), &tools).qr, [payload]);
}
