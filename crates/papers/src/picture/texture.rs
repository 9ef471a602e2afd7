//! Tells fur, leaves and cloth from a page of text before anybody looks for letters in them: Tesseract would find hundreds,
//! and take minutes. Text, however dense, has white between its lines; a texture has ink everywhere. Measured in the
//! picture alone, so that the answer is the same on every machine.

use image::{GrayImage, imageops};

/// What is darker than this is ink.
const INK: u8 = 128;
/// Strokes begin at one pixel in so many or more before a picture is suspected: a page of few strokes is read in no time,
/// whatever it is. Of 198 forged pages, photographed badly in every way, the densest has one at 119 pixels; fur, at 52.
const PIXELS_PER_STROKE: usize = 80;
/// Width of the strips in which the white between lines is looked for: a page held aslant is level enough across so
/// little, and the strip is wider than a patch of fur that happens to be bright.
const STRIP: u32 = 512;
/// A row of a strip with ink in more than one pixel of so many is part of a line.
const ROW_PARTS: u32 = 100;
/// Rows this near to a line are looked at; margins say nothing.
const NEAR: usize = 32;
/// The least white between lines, in thousandths of the rows near lines. Of those pages none has less than 210, not even
/// aslant or in perspective, and two thirds have over 600; fur has 3.
const WHITE_MIN: usize = 60;

/// Is a flattened and straightened picture full of ink that stands in no lines, neither level nor upright?
pub fn is_texture(straight: &GrayImage) -> bool {
    is_dense(straight)
        && white_between_lines(straight) < WHITE_MIN
        && white_between_lines(&imageops::rotate90(straight)) < WHITE_MIN
}

fn is_dense(picture: &GrayImage) -> bool {
    let strokes: usize = picture.rows().map(|row| strokes(row.map(|pixel| pixel[0] < INK))).sum();
    strokes * PIXELS_PER_STROKE > picture.pixels().count()
}

/// How often ink begins along a row.
fn strokes(row: impl Iterator<Item = bool>) -> usize {
    let mut was_ink = false;
    row.filter(|is_ink| !std::mem::replace(&mut was_ink, *is_ink) && *is_ink).count()
}

/// Thousandths of the rows near lines that are white, over all strips.
fn white_between_lines(picture: &GrayImage) -> usize {
    let lefts = (0..picture.width().max(STRIP) - STRIP + 1).step_by(STRIP as usize);
    let (mut white, mut near) = (0, 0);
    for left in lefts {
        let lines: Vec<bool> = (0..picture.height()).map(|y| is_line(picture, left, y)).collect();
        for at in 0..lines.len() {
            let around = &lines[at.saturating_sub(NEAR)..(at + NEAR).min(lines.len())];
            near += usize::from(around.contains(&true));
            white += usize::from(around.contains(&true) && !lines[at]);
        }
    }
    (white * 1_000).checked_div(near).unwrap_or(1_000)
}

fn is_line(picture: &GrayImage, left: u32, y: u32) -> bool {
    let right = (left + STRIP).min(picture.width());
    let ink: u32 = (left..right).map(|x| u32::from(picture.get_pixel(x, y)[0] < INK)).sum();
    ink * ROW_PARTS > right - left
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// Black and white by chance, the same every time.
    fn noise(side: u32) -> GrayImage {
        let mut seed = 7_u32;
        GrayImage::from_fn(side, side, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Luma([if seed >> 30 == 0 { 20 } else { 250 }])
        })
    }

    /// A page full of print of six points: letters of three strokes, the lines as close as they can be set.
    fn small_print() -> GrayImage {
        let noise = noise(1_200);
        GrayImage::from_fn(1_200, 1_200, |x, y| {
            let is_in_letter = x % 12 < 9 && y % 27 < 15;
            let is_stroke = x % 4 < 2 && noise.get_pixel(x / 12, y / 27)[0] > INK;
            Luma([if is_in_letter && is_stroke { 20 } else { 250 }])
        })
    }

    #[test]
    fn noise_is_a_texture() {
        assert!(is_texture(&noise(1_200)));
    }

    #[test]
    fn a_page_of_small_print_is_dense_and_no_texture_on_any_side() {
        let page = small_print();
        assert!(is_dense(&page), "or this test shows nothing");
        for turned in [page.clone(), imageops::rotate90(&page), imageops::rotate180(&page)] {
            assert!(!is_texture(&turned));
        }
    }

    #[test]
    fn empty_and_black_pictures_are_no_textures() {
        for shade in [0, 255] {
            for (width, height) in [(0, 0), (700, 3), (600, 900)] {
                assert!(!is_texture(&GrayImage::from_pixel(width, height, Luma([shade]))), "{width}×{height}");
            }
        }
    }
}
