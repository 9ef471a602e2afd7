//! A picture of a paper: decoded, looked through for codes, and recognised.

use image::ImageFormat;

use super::{CaptureError, Captured, Desk, Kind, pdf, recognise};
use crate::picture::{self, qr};

pub(super) fn read(bytes: &[u8], kind: Kind, format: ImageFormat, desk: &Desk<'_>) -> Result<Captured, CaptureError> {
    let photo = picture::decode(bytes, format, desk.limits.pixels_max)?;
    let mut captured = Captured::empty(kind);
    captured.add_codes(qr::read(&photo));
    let recognised = recognise::page(&picture::resize_to_paper(&photo), desk)?;
    captured.add(recognised.page, recognised.reading, pdf::preview(&recognised.picture)?);
    Ok(captured)
}
