//! What a stranger could send instead of an invoice. Each is refused by name or read as nothing; none panics, hangs or
//! leaves anything behind (PEN-1: A08, A10).

use std::io::Cursor;
use std::time::{Duration, Instant};

use gondola_papers::capture::{self, CaptureError, Limits, Reading};
use gondola_papers::picture::PictureError;
use gondola_papers::tools::Tools;
use image::{GrayImage, ImageFormat, Luma};
use proptest::prelude::*;

use super::files::{Script, page_of_text, pdf, written};
use super::{LINES, read, text, tools};

fn refusal(bytes: &[u8], tools: &Tools) -> CaptureError {
    capture::read(bytes, tools, &Limits::default()).unwrap_err()
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Fur: every pixel a little different from its neighbours, the same every time.
fn cat() -> GrayImage {
    let mut seed = 7_u32;
    GrayImage::from_fn(900, 700, |x, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([u8::try_from((seed >> 26) + (x / 40 + y / 60) % 3 * 40 + 60).unwrap()])
    })
}

#[test]
fn a_photo_of_a_cat_is_a_page_without_words() {
    let Some(tools) = tools("a_photo_of_a_cat") else { return };
    let captured = read(&png(&cat()), &tools);
    assert!(captured.is_blank() && captured.pictures.len() == 1, "{}", text(&captured));
    assert_eq!(captured.readings, [Reading::GivenUp]);
}

#[test]
fn an_empty_picture_is_blank() {
    let Some(tools) = tools("an_empty_picture") else { return };
    for picture in [GrayImage::new(1, 1), GrayImage::from_pixel(600, 800, Luma([255])), GrayImage::new(3, 2_000)] {
        let captured = read(&png(&picture), &tools);
        assert!(captured.is_blank(), "{:?}: {}", picture.dimensions(), text(&captured));
    }
}

/// INP-1, SUP-6, PEN-1 (A08).
#[test]
fn a_picture_that_unpacks_to_more_than_its_limit_is_refused_at_once() {
    let bomb = png(&GrayImage::new(12_000, 12_000));
    let started = Instant::now();
    assert!(bomb.len() < 1024 * 1024, "small as a file: {}", bomb.len());
    let error = refusal(&bomb, &Tools::default());
    assert!(matches!(error, CaptureError::Picture(PictureError::TooLarge { .. })), "{error}");
    assert_eq!(error.code(), "paper_picture_too_large");
    assert!(started.elapsed() < Duration::from_secs(30));
}

/// INP-1: a picture has 40 megapixels at most.
#[test]
fn a_picture_of_one_row_over_forty_megapixels_is_refused() {
    let error = refusal(&png(&GrayImage::new(8_000, 5_001)), &Tools::default());
    assert!(matches!(error, CaptureError::Picture(PictureError::TooLarge { pixels_max: 40_000_000 })), "{error}");
    assert!(error.message_es().contains("40 megap"));
}

/// INP-1, SUP-6.
#[test]
fn a_file_beyond_its_limit_is_refused() {
    assert_eq!(Limits::default().bytes_max, 10 * 1024 * 1024);
    let limits = Limits { bytes_max: 1_000, ..Limits::default() };
    let error = capture::read(&[b'%'; 1_001], &Tools::default(), &limits).unwrap_err();
    assert!(matches!(error, CaptureError::FileTooLarge { bytes_max: 1_000 }));
}

/// SUP-6.
#[test]
fn a_pdf_of_two_hundred_pages_is_refused_with_the_count() {
    let Some(tools) = tools("two_hundred_pages") else { return };
    let pages = vec![page_of_text(&["x"]); 200];
    let error = refusal(&pdf(&pages, Script::None), &tools);
    assert!(matches!(error, CaptureError::TooManyPages { pages: 200, pages_max: 20 }), "{error}");
    assert!(error.message_es().contains("200") && error.message_es().contains("20"));
}

/// SUP-6.
#[test]
fn a_page_with_more_words_than_any_invoice_is_refused() {
    let Some(tools) = tools("too_many_words") else { return };
    let limits = Limits { words_max: 5, ..Limits::default() };
    let error = capture::read(&pdf(&[page_of_text(&LINES)], Script::None), &tools, &limits).unwrap_err();
    assert!(matches!(error, CaptureError::TooManyWords { words_max: 5 }), "{error}");
}

/// PEN-1 (A08).
#[test]
fn a_script_inside_a_pdf_is_ignored_and_the_text_is_read() {
    let Some(tools) = tools("a_script_inside") else { return };
    let captured = read(&pdf(&[page_of_text(&LINES)], Script::OnOpening), &tools);
    assert_eq!(text(&captured), LINES.join(" "));
}

/// PEN-1 (A08).
#[test]
fn a_pdf_that_is_locked_is_refused_with_what_to_do() {
    let Some(tools) = tools("a_locked_pdf") else { return };
    let key = "00".repeat(32);
    let objects: Vec<Vec<u8>> = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned(),
        format!("<< /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >>"),
    ]
    .map(String::into_bytes)
    .to_vec();
    let locked = written(&objects, "/Encrypt 4 0 R /ID [ <00112233> <00112233> ]");
    let error = refusal(&locked, &tools);
    assert!(matches!(error, CaptureError::Locked), "{error}");
    assert!(error.message_es().contains("contraseña"));
}

/// SUP-6.
#[test]
fn a_page_as_large_as_a_wall_is_drawn_small() {
    let Some(tools) = tools("a_wall") else { return };
    let wall = String::from_utf8(pdf(&[page_of_text(&LINES)], Script::None)).unwrap();
    let captured = read(wall.replace("[0 0 595 842]", "[0 0 14400 9999]").as_bytes(), &tools);
    assert_eq!((captured.pages[0].width, captured.pages[0].height), (144_000, 99_990));
}

#[test]
fn a_pdf_that_is_cut_short_is_read_or_refused_but_never_more() {
    let Some(tools) = tools("cut_short") else { return };
    let whole = pdf(&[page_of_text(&LINES)], Script::None);
    for length in (5..whole.len()).step_by(whole.len() / 5) {
        if let Err(error) = capture::read(&whole[..length], &tools, &Limits::default()) {
            assert!(matches!(error, CaptureError::Damaged | CaptureError::UnknownKind), "{length}: {error}");
        }
    }
}

/// INP-3.
#[test]
fn spreadsheets_and_everything_else_are_told_what_is_accepted() {
    for bytes in [&b"codigo;precio\n1;2\n"[..], b"PK\x03\x04xlsx", b"", b"\0\0\0\0", b"GIF89a", b"<svg/>"] {
        let error = refusal(bytes, &Tools::default());
        assert!(matches!(error, CaptureError::UnknownKind), "{error}");
        assert!(error.message_es().contains("JPEG"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_behind_a_true_beginning_never_panic(
        start in prop::sample::select(vec![&b"%PDF-1.4\n"[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x10\0\0\0WEBPVP8 "]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let _ = capture::read(&[start, &rest].concat(), &Tools::default(), &Limits::default());
    }
}
