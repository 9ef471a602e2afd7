//! Text in a picture. It is made flat and straight, turned upright by what Tesseract says of its letters, and then read
//! row by row.

use std::ffi::OsStr;
use std::io::Cursor;

use image::{GrayImage, ImageFormat, imageops};

use super::tsv::{self, Seen};
use super::{CaptureError, Desk, Reading};
use crate::page::{Page, Word};
use crate::picture::{DOTS_PER_INCH, fan, flatten, resize_long_side, rules, straighten, texture};
use crate::tools::{Program, Ran, Task, ToolError};

const PICTURE: &str = "picture.pgm";
/// Tenths of a point in an inch: the unit of a page.
const UNITS_PER_INCH: u32 = 720;
/// Letters are upright or not in a picture of half the size as well, and in a quarter of the time.
const LOOK_SIDE: u32 = 2_000;
/// Below this, in tenths, what Tesseract says of the direction is a guess.
const DIRECTION_TENTHS_MIN: u32 = 10;
/// A page with a mean confidence below this, of 100, is tried on its other sides too.
const DOUBTFUL: u64 = 50;
/// Rows of a table stay together when the page is taken for one block of text.
const ONE_BLOCK: &str = "6";
const DIRECTION_ONLY: &str = "0";

/// A page with more ink than this, in per cent, is no page of text.
const INK_PER_CENT_MAX: usize = 35;
/// What is darker than this is ink.
const INK: u8 = 128;

/// A page as it was recognised.
pub(super) struct Recognised {
    pub page: Page,
    pub reading: Reading,
    /// The picture in which the words are where the page says.
    pub picture: GrayImage,
}

pub(super) fn page(paper: &GrayImage, desk: &Desk<'_>) -> Result<Recognised, CaptureError> {
    let flat = flatten::flatten(paper);
    if is_full_of_ink(&flat) {
        return Ok(given_up(flat));
    }
    let (straight, _) = straighten::straighten(&flat);
    if texture::is_texture(&straight) {
        return Ok(given_up(straight));
    }
    match attempt(&straight, desk) {
        Ok((seen, upright)) => Ok(recognised(seen, upright)),
        // The picture and its codes are worth keeping: the shopkeeper can type from them.
        Err(CaptureError::Tool(ToolError::TooSlow(_))) => Ok(given_up(straight)),
        Err(error) => Err(error),
    }
}

fn is_full_of_ink(flat: &GrayImage) -> bool {
    let ink = flat.pixels().filter(|pixel| pixel[0] < INK).count();
    ink * 100 > flat.pixels().count() * INK_PER_CENT_MAX
}

fn attempt(straight: &GrayImage, desk: &Desk<'_>) -> Result<(Vec<Seen>, GrayImage), CaptureError> {
    let upright = fan::close(upright(straight, desk)?);
    let seen = recognise(&upright, desk)?;
    if seen.is_empty() || confidence(&seen) >= DOUBTFUL {
        return Ok((seen, upright));
    }
    let mut best = (seen, upright);
    for turn in [imageops::rotate180, imageops::rotate90, imageops::rotate270] {
        let turned: GrayImage = turn(&best.1);
        let seen = recognise(&turned, desk)?;
        if confidence(&seen) > confidence(&best.0) {
            best = (seen, turned);
        }
        if confidence(&best.0) >= DOUBTFUL {
            break;
        }
    }
    Ok(best)
}

/// Asks Tesseract which way the letters stand. With too few of them it says nothing, and the picture stays as it is.
fn upright(picture: &GrayImage, desk: &Desk<'_>) -> Result<GrayImage, CaptureError> {
    let long = picture.width().max(picture.height());
    let arguments = ["-l", "osd", "--psm", DIRECTION_ONLY];
    let ran = tesseract(&resize_long_side(picture, LOOK_SIDE.min(long)), &arguments, desk)?;
    if !ran.is_ok() {
        return Ok(picture.clone());
    }
    let said = String::from_utf8_lossy(&ran.printed);
    let value = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if tenths(value("Orientation confidence:")) < DIRECTION_TENTHS_MIN {
        return Ok(picture.clone());
    }
    Ok(match value("Rotate:") {
        Some("90") => imageops::rotate90(picture),
        Some("180") => imageops::rotate180(picture),
        Some("270") => imageops::rotate270(picture),
        _ => picture.clone(),
    })
}

fn tenths(number: Option<&str>) -> u32 {
    let (whole, part) = number.and_then(|number| number.split_once('.')).unwrap_or(("0", "0"));
    let part = part.get(..1).and_then(|tenth| tenth.parse::<u32>().ok()).unwrap_or_default();
    whole.parse::<u32>().unwrap_or_default().saturating_mul(10).saturating_add(part)
}

fn recognise(picture: &GrayImage, desk: &Desk<'_>) -> Result<Vec<Seen>, CaptureError> {
    let ran = tesseract(&rules::without_rules(picture), &["-l", "spa", "--psm", ONE_BLOCK, "tsv"], desk)?;
    if ran.is_ok() {
        return tsv::parse(&String::from_utf8_lossy(&ran.printed), desk.limits.words_max);
    }
    if ran.complaints.contains("traineddata") {
        return Err(ToolError::Missing(Program::Tesseract).into());
    }
    let complaint = ran.complaints.lines().next().unwrap_or_default().to_owned();
    Err(CaptureError::ToolFailed { program: Program::Tesseract.name(), complaint })
}

fn tesseract(picture: &GrayImage, how: &[&str], desk: &Desk<'_>) -> Result<Ran, CaptureError> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Pnm).map_err(CaptureError::Preview)?;
    desk.bench.put(PICTURE, file.get_ref()).map_err(CaptureError::Folder)?;
    let resolution = DOTS_PER_INCH.to_string();
    let arguments: Vec<&OsStr> =
        [PICTURE, "stdout", "--dpi", &resolution].iter().chain(how).map(|argument| OsStr::new(*argument)).collect();
    Ok(desk.bench.run(Task { program: Program::Tesseract, arguments: &arguments })?)
}

/// Mean confidence of the words, of 100.
fn confidence(seen: &[Seen]) -> u64 {
    let sum: u64 = seen.iter().map(|word| u64::from(word.confidence)).sum();
    sum / u64::try_from(seen.len()).unwrap_or(u64::MAX).max(1)
}

fn recognised(seen: Vec<Seen>, picture: GrayImage) -> Recognised {
    let words = seen.into_iter().map(|word| Word {
        left: units(word.left),
        top: units(word.top),
        right: units(word.left.saturating_add(word.width)),
        bottom: units(word.top.saturating_add(word.height)),
        confidence: word.confidence,
        text: word.text,
    });
    let page = Page { words: words.collect(), ..blank(&picture) };
    Recognised { page, reading: Reading::Recognised, picture }
}

fn given_up(picture: GrayImage) -> Recognised {
    Recognised { page: blank(&picture), reading: Reading::GivenUp, picture }
}

fn blank(picture: &GrayImage) -> Page {
    Page { width: units(picture.width()), height: units(picture.height()), words: Vec::new() }
}

fn units(pixels: u32) -> i32 {
    let units = u64::from(pixels) * u64::from(UNITS_PER_INCH) / u64::from(DOTS_PER_INCH);
    i32::try_from(units).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_a4_page_at_300_dpi_has_the_size_that_a_pdf_gives_it() {
        assert_eq!((units(2_480), units(3_508)), (5_952, 8_419));
    }

    #[test]
    fn confidences_are_read_in_tenths() {
        assert_eq!(tenths(Some("15.33")), 153);
        assert_eq!(tenths(Some("0.95")), 9);
        for nothing in [None, Some(""), Some("x.y"), Some("-1.2")] {
            assert!(tenths(nothing) < DIRECTION_TENTHS_MIN, "{nothing:?}");
        }
    }

    #[test]
    fn the_confidence_of_nothing_is_none() {
        assert_eq!(confidence(&[]), 0);
    }
}
