//! Draws one page of a PDF in grey, no larger than is needed to read it.

use std::ffi::OsStr;

use image::{GrayImage, ImageFormat};

use super::pdf::FILE;
use super::{CaptureError, Desk};
use crate::picture::{self, DOTS_PER_INCH, SIDE_MAX};
use crate::tools::{Program, Task};

const POINTS_PER_INCH: u32 = 72;
const PREFIX: &str = "page";
const DRAWN: &str = "page.pgm";
/// Pixels of a drawing: a page of twice the area of A4 at full sharpness.
const PIXELS_MAX: u64 = 18_000_000;

/// A page of a PDF, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sheet {
    pub number: u32,
    pub width: u32,
    pub height: u32,
}

/// What a page is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharpness {
    /// Its words are known: enough for a QR code of 2 cm.
    Codes,
    /// Its words are to be recognised.
    Letters,
}

impl Sharpness {
    const fn dots_per_inch(self) -> u32 {
        match self {
            Self::Codes => 200,
            Self::Letters => DOTS_PER_INCH,
        }
    }
}

pub(super) fn draw(sheet: Sheet, sharpness: Sharpness, desk: &Desk<'_>) -> Result<GrayImage, CaptureError> {
    let (number, side) = (sheet.number.to_string(), long_side(sheet, sharpness).to_string());
    let arguments = ["-f", &number, "-l", &number, "-singlefile", "-gray", "-scale-to", &side, FILE, PREFIX];
    let task = Task { program: Program::PdfToPpm, arguments: &arguments.map(OsStr::new) };
    if !desk.bench.run(task)?.is_ok() {
        return Err(CaptureError::Damaged);
    }
    let drawn = desk.bench.take(DRAWN).map_err(|_| CaptureError::Damaged)?;
    // Sides are rounded up by the program: a row more than asked for is no reason to refuse.
    Ok(picture::decode(&drawn, ImageFormat::Pnm, PIXELS_MAX + 2 * u64::from(SIDE_MAX))?)
}

/// The length of the long side at that sharpness, less when the page is a poster.
fn long_side(sheet: Sheet, sharpness: Sharpness) -> u32 {
    let (width, height) = (u64::from(sheet.width.max(1)), u64::from(sheet.height.max(1)));
    let (short, long) = (width.min(height), width.max(height));
    let wanted = long * u64::from(sharpness.dots_per_inch()) / u64::from(POINTS_PER_INCH);
    // wanted × (wanted × short / long) must stay below the limit of pixels.
    let most = (u128::from(PIXELS_MAX) * u128::from(long) / u128::from(short)).isqrt();
    let most = u64::try_from(most).unwrap_or(u64::MAX).min(u64::from(SIDE_MAX));
    u32::try_from(wanted.min(most).max(1)).expect("at most SIDE_MAX")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_drawn_at_its_resolution_and_a_poster_at_less() {
        let side = |width, height, sharpness| long_side(Sheet { number: 1, width, height }, sharpness);
        assert_eq!(side(595, 842, Sharpness::Letters), 3_508);
        assert_eq!(side(842, 595, Sharpness::Codes), 2_338);
        assert_eq!(side(14_400, 14_400, Sharpness::Letters), 4_242);
        assert_eq!(side(227, 14_400, Sharpness::Letters), SIDE_MAX);
        assert_eq!(side(0, 0, Sharpness::Letters), 4);
        assert!(side(u32::MAX, 1, Sharpness::Letters) <= SIDE_MAX);
    }
}
