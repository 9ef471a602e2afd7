//! Pictures of papers: decoded within limits, made flat in brightness, straight and upright, and looked through for QR
//! codes. All geometry is in whole numbers. No text is read here.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Luma, imageops};
use thiserror::Error;

pub mod fan;
pub mod flatten;
pub mod qr;
pub mod rules;
pub mod straighten;
pub mod texture;

/// The resolution that pictures of a page are brought to: what Tesseract was trained for.
pub const DOTS_PER_INCH: u32 = 300;
/// The long side of an A4 page at [`DOTS_PER_INCH`].
pub const A4_LONG_SIDE: u32 = 3_508;
/// The width of a till roll, 80 mm, at [`DOTS_PER_INCH`].
pub const ROLL_WIDTH: u32 = 945;
/// The longest side of a prepared picture: a till roll of 75 cm.
pub const SIDE_MAX: u32 = 9_000;
/// The longest side of a picture for the review screen.
pub const PREVIEW_SIDE_MAX: u32 = 1_600;

/// Why a picture cannot be used.
#[derive(Debug, Error)]
pub enum PictureError {
    /// More pixels than allowed, whatever the size of the file.
    #[error("the picture is larger than {pixels_max} pixels")]
    TooLarge {
        /// The limit in force.
        pixels_max: u64,
    },
    /// It starts like a picture but cannot be decoded.
    #[error("the picture is damaged")]
    Damaged(#[source] ImageError),
}

/// Decodes a picture to grey, turned as the camera says, transparent parts white.
///
/// # Errors
/// When it has more than `pixels_max` pixels or is damaged.
pub fn decode(bytes: &[u8], format: ImageFormat, pixels_max: u64) -> Result<GrayImage, PictureError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits(pixels_max));
    let refused = |error| match error {
        ImageError::Limits(_) => PictureError::TooLarge { pixels_max },
        other => PictureError::Damaged(other),
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > pixels_max {
        return Err(PictureError::TooLarge { pixels_max });
    }
    let turned = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(turned);
    Ok(to_grey(picture))
}

fn limits(pixels_max: u64) -> Limits {
    let mut limits = Limits::default();
    // Sixteen bits of each of four channels: the most that the accepted formats have.
    limits.max_alloc = Some(pixels_max * 8);
    limits
}

fn to_grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let picture = picture.into_luma_alpha8();
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let seen = (grey * alpha + 255 * (255 - alpha)) / 255;
        Luma([u8::try_from(seen).expect("a mean of two bytes is a byte")])
    })
}

/// Brings a picture to the size it would have at [`DOTS_PER_INCH`], taking it for an A4 page, or for a till roll when
/// it is more than twice as long as wide.
pub fn resize_to_paper(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let (short, long) = (width.min(height).max(1), width.max(height).max(1));
    let wanted = if long > short.saturating_mul(2) { scaled(ROLL_WIDTH, long, short) } else { A4_LONG_SIDE };
    resize_long_side(picture, wanted.min(SIDE_MAX))
}

/// Brings the long side to a length and the other one with it.
pub fn resize_long_side(picture: &GrayImage, wanted: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    let long = width.max(height).max(1);
    if long == wanted {
        return picture.clone();
    }
    let side = |length: u32| scaled(length, wanted, long).max(1);
    imageops::resize(picture, side(width), side(height), imageops::FilterType::Triangle)
}

/// The picture for the review screen.
///
/// # Errors
/// When the encoder refuses it.
pub fn preview(picture: &GrayImage) -> Result<Vec<u8>, ImageError> {
    let wanted = picture.width().max(picture.height()).min(PREVIEW_SIDE_MAX);
    let mut png = Cursor::new(Vec::new());
    resize_long_side(picture, wanted).write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn scaled(length: u32, times: u32, per: u32) -> u32 {
    let scaled = u64::from(length) * u64::from(times) / u64::from(per.max(1));
    u32::try_from(scaled).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use image::{LumaA, RgbImage};

    use super::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// INP-1, SUP-6.
    #[test]
    fn a_picture_beyond_the_limit_is_refused_before_it_is_unpacked() {
        let large = encoded(&DynamicImage::ImageRgb8(RgbImage::new(300, 300)), ImageFormat::Png);
        assert!(matches!(decode(&large, ImageFormat::Png, 89_999), Err(PictureError::TooLarge { pixels_max: 89_999 })));
        assert_eq!(decode(&large, ImageFormat::Png, 90_000).unwrap().dimensions(), (300, 300));
    }

    #[test]
    fn a_damaged_picture_is_refused_at_every_length() {
        let whole = encoded(&DynamicImage::ImageRgb8(RgbImage::new(40, 30)), ImageFormat::Png);
        for length in 0..whole.len() - 16 {
            assert!(decode(&whole[..length], ImageFormat::Png, 10_000).is_err(), "{length}");
        }
    }

    #[test]
    fn a_picture_is_turned_as_the_camera_says() {
        let lying = encoded(&DynamicImage::ImageLuma8(GrayImage::new(40, 30)), ImageFormat::Jpeg);
        // Exif in its shortest form: big end first, one entry, orientation (0x0112), a short, once, 6: turn right.
        let exif = b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = [&lying[..2], exif, &lying[2..]].concat();
        assert_eq!(decode(&turned, ImageFormat::Jpeg, 10_000).unwrap().dimensions(), (30, 40));
        assert_eq!(decode(&lying, ImageFormat::Jpeg, 10_000).unwrap().dimensions(), (40, 30));
    }

    #[test]
    fn what_is_transparent_is_white() {
        let clear = image::GrayAlphaImage::from_pixel(8, 8, LumaA([0, 0]));
        let bytes = encoded(&DynamicImage::ImageLumaA8(clear), ImageFormat::Png);
        assert_eq!(decode(&bytes, ImageFormat::Png, 64).unwrap().get_pixel(3, 3).0, [255]);
    }

    #[test]
    fn a_page_gets_the_length_of_a4_and_a_roll_gets_its_width() {
        assert_eq!(resize_to_paper(&GrayImage::new(600, 800)).dimensions(), (2_631, 3_508));
        assert_eq!(resize_to_paper(&GrayImage::new(200, 1_000)).dimensions(), (945, 4_725));
        assert_eq!(resize_to_paper(&GrayImage::new(1, 20_000)).dimensions(), (1, 9_000));
        assert_eq!(resize_to_paper(&GrayImage::new(1, 1)).dimensions(), (3_508, 3_508));
    }
}
