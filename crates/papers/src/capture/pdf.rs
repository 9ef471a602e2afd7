//! A PDF: measured, read by its text layer, and drawn page by page for the codes, for the review screen, and for
//! recognition where the text layer says too little.

use std::ffi::OsStr;

use super::drawing::{self, Sharpness, Sheet};
use super::{CaptureError, Captured, Desk, Kind, Reading, recognise, text_layer};
use crate::page::Page;
use crate::picture::{self, qr};
use crate::tools::{Program, Ran, Task};

pub(super) const FILE: &str = "paper.pdf";
/// A page whose text layer has fewer words is a scan with a stamp on it, or empty.
const WORDS_MIN: usize = 12;
/// One character of so many may have no meaning before the text layer is taken for noise of a font without names.
const UNREADABLE_PART: usize = 5;
/// What `pdftotext` answers when the author forbade copying: the page is then read like a scan.
const EXIT_COPYING_FORBIDDEN: i32 = 3;

pub(super) fn read(bytes: &[u8], desk: &Desk<'_>) -> Result<Captured, CaptureError> {
    desk.bench.put(FILE, bytes).map_err(CaptureError::Folder)?;
    let sheets = measure(desk)?;
    let layer = text_layer(desk, sheets.len())?;
    let mut captured = Captured::empty(Kind::Pdf);
    for (sheet, text) in sheets.into_iter().zip(layer) {
        read_page(sheet, text, desk, &mut captured)?;
    }
    Ok(captured)
}

/// The words of every page that has a text layer.
pub(super) fn read_text(bytes: &[u8], desk: &Desk<'_>) -> Result<Vec<Option<Page>>, CaptureError> {
    desk.bench.put(FILE, bytes).map_err(CaptureError::Folder)?;
    let layer = text_layer(desk, measure(desk)?.len())?;
    // The last page of a list may hold a line or two: few words are no reason to doubt them here.
    Ok(layer.into_iter().map(|page| (!page.words.is_empty() && has_meaning(&page)).then_some(page)).collect())
}

fn read_page(sheet: Sheet, text: Page, desk: &Desk<'_>, captured: &mut Captured) -> Result<(), CaptureError> {
    if is_legible(&text) {
        let drawn = drawing::draw(sheet, Sharpness::Codes, desk)?;
        captured.add_codes(qr::read(&drawn));
        captured.add(text, Reading::Text, preview(&drawn)?);
        return Ok(());
    }
    let drawn = drawing::draw(sheet, Sharpness::Letters, desk)?;
    captured.add_codes(qr::read(&drawn));
    let recognised = recognise::page(&drawn, desk)?;
    if recognised.page.words.len() < text.words.len() {
        captured.add(text, Reading::Text, preview(&drawn)?);
    } else {
        captured.add(recognised.page, recognised.reading, preview(&recognised.picture)?);
    }
    Ok(())
}

pub(super) fn preview(drawn: &image::GrayImage) -> Result<Vec<u8>, CaptureError> {
    picture::preview(drawn).map_err(CaptureError::Preview)
}

/// Counts and measures the pages.
fn measure(desk: &Desk<'_>) -> Result<Vec<Sheet>, CaptureError> {
    let pages_max = desk.limits.pages_max;
    let last = pages_max.to_string();
    let arguments = ["-f", "1", "-l", &last, FILE].map(OsStr::new);
    let ran = desk.bench.run(Task { program: Program::PdfInfo, arguments: &arguments })?;
    let printed = ended_well(&ran)?;
    let pages = printed.lines().find_map(|line| line.strip_prefix("Pages:"));
    let pages = pages.and_then(|count| count.trim().parse::<usize>().ok()).ok_or(CaptureError::Damaged)?;
    if pages > pages_max {
        return Err(CaptureError::TooManyPages { pages, pages_max });
    }
    let sheets: Vec<Sheet> = printed.lines().filter_map(sheet).collect();
    if sheets.is_empty() || sheets.len() != pages { Err(CaptureError::Damaged) } else { Ok(sheets) }
}

/// Reads `Page    1 size:      595.276 x 841.89 pts (A4)`.
fn sheet(line: &str) -> Option<Sheet> {
    let (number, size) = line.strip_prefix("Page ")?.split_once(" size:")?;
    let (width, height) = size.split_once(" pts")?.0.split_once(" x ")?;
    let points = |text: &str| text.trim().split('.').next()?.parse::<u32>().ok();
    Some(Sheet { number: number.trim().parse().ok()?, width: points(width)?, height: points(height)? })
}

fn text_layer(desk: &Desk<'_>, pages: usize) -> Result<Vec<Page>, CaptureError> {
    let arguments = ["-bbox", "-enc", "UTF-8", FILE, "-"].map(OsStr::new);
    let ran = desk.bench.run(Task { program: Program::PdfToText, arguments: &arguments })?;
    if ran.code == Some(EXIT_COPYING_FORBIDDEN) {
        return Ok((0..pages).map(|_| Page { width: 0, height: 0, words: Vec::new() }).collect());
    }
    let layer = text_layer::parse(&ended_well(&ran)?, desk.limits.words_max)?;
    if layer.len() == pages { Ok(layer) } else { Err(CaptureError::Damaged) }
}

/// What a run printed, or what its failure means: poppler has no other complaints than these two.
fn ended_well(ran: &Ran) -> Result<String, CaptureError> {
    if ran.is_ok() {
        return Ok(String::from_utf8_lossy(&ran.printed).into_owned());
    }
    Err(if ran.complaints.contains("Incorrect password") { CaptureError::Locked } else { CaptureError::Damaged })
}

fn is_legible(page: &Page) -> bool {
    page.words.len() >= WORDS_MIN && has_meaning(page)
}

fn has_meaning(page: &Page) -> bool {
    let characters = page.words.iter().map(|word| word.text.chars().count()).sum::<usize>();
    let without_meaning = page.words.iter().flat_map(|word| word.text.chars()).filter(|c| is_without_meaning(*c));
    without_meaning.count() * UNREADABLE_PART < characters
}

/// The replacement character and the private areas, where fonts without names put their letters.
const fn is_without_meaning(character: char) -> bool {
    matches!(character, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    #[test]
    fn the_size_of_a_page_is_read_in_whole_points() {
        let a4 = Sheet { number: 1, width: 595, height: 841 };
        assert_eq!(sheet("Page    1 size:      595.276 x 841.89 pts (A4)"), Some(a4));
        assert_eq!(sheet("Page   12 size: 226 x 1700 pts"), Some(Sheet { number: 12, width: 226, height: 1_700 }));
        for line in ["Pages: 3", "Page    1 rot:  90", "Page    x size: 1 x 2 pts", "Page 1 size: inf x 2 pts", ""] {
            assert_eq!(sheet(line), None, "{line}");
        }
    }

    #[test]
    fn a_text_layer_of_few_words_or_of_nameless_letters_is_not_legible() {
        let page = |text: &str, count: usize| Page {
            width: 5_950,
            height: 8_420,
            words: vec![Word { text: text.to_owned(), left: 0, top: 0, right: 9, bottom: 9, confidence: 100 }; count],
        };
        assert!(is_legible(&page("harina", 12)));
        assert!(!is_legible(&page("harina", 11)));
        assert!(!is_legible(&page("\u{e012}\u{e044}a", 40)));
        assert!(!is_legible(&page("", 40)));
    }
}
