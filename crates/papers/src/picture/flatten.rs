//! Evens out the light: paper becomes white and print black, in the shade as in the sun. The brightness of the paper is
//! measured block by block, smoothed, and divided out; then the darkest print is stretched to black.

use image::{GrayImage, Luma};

/// Side of a block: larger than any letter at 300 dpi, so that every block has paper in it.
const BLOCK: u32 = 64;
/// The paper is as bright as the pixel that this share of the block is darker than.
const PAPER_PER_CENT: u32 = 80;
/// Nothing darker than this is taken for paper: below it a picture has no contrast left to stretch.
const PAPER_MIN: u32 = 24;
/// One pixel of so many may be darker than what becomes black.
const PRINT_PARTS: u32 = 200;
/// Print that is no darker than this share of white stays grey: stretching it would only raise noise.
const PRINT_MAX: u32 = 185;
/// A block darker than this share of its brightest neighbour has no paper in it: a logo, not a shadow.
const BLACK_BLOCK_PER_CENT: u32 = 55;
/// What is brighter than this, of 255, becomes white.
const WHITE: u32 = 225;

/// The picture with even light.
pub fn flatten(picture: &GrayImage) -> GrayImage {
    if picture.width() == 0 || picture.height() == 0 {
        return picture.clone();
    }
    let paper = smooth(&paper_grid(picture));
    let mut even = GrayImage::new(picture.width(), picture.height());
    for (y, row) in even.enumerate_rows_mut() {
        for (x, _, pixel) in row {
            let bright = paper_at(&paper, x, y).max(PAPER_MIN);
            *pixel = Luma([byte(u32::from(picture.get_pixel(x, y)[0]) * 255 / bright)]);
        }
    }
    stretch(&mut even);
    even
}

fn paper_grid(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    GrayImage::from_fn(width.div_ceil(BLOCK), height.div_ceil(BLOCK), |column, row| {
        let (left, top) = (column * BLOCK, row * BLOCK);
        let mut counts = [0_u32; 256];
        for y in top..(top + BLOCK).min(height) {
            for x in left..(left + BLOCK).min(width) {
                counts[usize::from(picture.get_pixel(x, y)[0])] += 1;
            }
        }
        let pixels: u32 = counts.iter().sum();
        Luma([rank(&counts, pixels * PAPER_PER_CENT / 100)])
    })
}

/// The value below which `wanted` of the counted pixels are.
fn rank(counts: &[u32; 256], wanted: u32) -> u8 {
    let mut seen = 0;
    for value in 0..=u8::MAX {
        seen += counts[usize::from(value)];
        if seen > wanted {
            return value;
        }
    }
    u8::MAX
}

/// A block without paper takes its brightest neighbour's; then each takes the mean around it, so that no edge shows.
fn smooth(grid: &GrayImage) -> GrayImage {
    let paper = around(grid, |own, near| {
        let brightest = near.iter().copied().max().unwrap_or(own);
        if own * 100 < brightest * BLACK_BLOCK_PER_CENT { brightest } else { own }
    });
    around(&paper, |_, near| near.iter().sum::<u32>() / u32::try_from(near.len().max(1)).unwrap_or(1))
}

fn around(grid: &GrayImage, of: fn(u32, &[u32]) -> u32) -> GrayImage {
    let (width, height) = grid.dimensions();
    let mut near = Vec::with_capacity(9);
    GrayImage::from_fn(width, height, |x, y| {
        near.clear();
        for row in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for column in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                near.push(u32::from(grid.get_pixel(column, row)[0]));
            }
        }
        Luma([byte(of(u32::from(grid.get_pixel(x, y)[0]), &near))])
    })
}

/// Brightness of the paper at a pixel, between the middles of the four blocks around it.
fn paper_at(grid: &GrayImage, x: u32, y: u32) -> u32 {
    let (column, right, along) = between(x, grid.width());
    let (row, below, down) = between(y, grid.height());
    let at = |column, row| u32::from(grid.get_pixel(column, row)[0]);
    let upper = at(column, row) * (BLOCK - along) + at(right, row) * along;
    let lower = at(column, below) * (BLOCK - along) + at(right, below) * along;
    (upper * (BLOCK - down) + lower * down) / (BLOCK * BLOCK)
}

/// The two blocks that a pixel lies between, and how far it is from the middle of the first.
fn between(at: u32, blocks: u32) -> (u32, u32, u32) {
    let from_middle = at.saturating_sub(BLOCK / 2);
    let first = (from_middle / BLOCK).min(blocks - 1);
    (first, (first + 1).min(blocks - 1), from_middle % BLOCK)
}

fn stretch(picture: &mut GrayImage) {
    let mut counts = [0_u32; 256];
    for pixel in picture.pixels() {
        counts[usize::from(pixel[0])] += 1;
    }
    let pixels: u32 = counts.iter().sum();
    let black = u32::from(rank(&counts, pixels / PRINT_PARTS)).min(PRINT_MAX);
    let shades: Vec<u8> = (0..256_u32).map(|value| byte(value.saturating_sub(black) * 255 / (WHITE - black))).collect();
    for pixel in picture.pixels_mut() {
        pixel[0] = shades[usize::from(pixel[0])];
    }
}

fn byte(value: u32) -> u8 {
    u8::try_from(value.min(255)).expect("at most 255")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper whose light falls from left to right, with one thin vertical stroke every 40 pixels.
    fn in_the_shade(bright: u32, dark: u32) -> GrayImage {
        GrayImage::from_fn(640, 320, |x, _| {
            let light = bright - (bright - dark) * x / 640;
            Luma([byte(if x % 40 < 4 { light / 3 } else { light })])
        })
    }

    #[test]
    fn paper_is_white_and_print_is_black_in_the_sun_and_in_the_shade() {
        let even = flatten(&in_the_shade(240, 70));
        for x in [20, 300, 620] {
            assert!(even.get_pixel(x, 100)[0] > 225, "paper at {x}: {}", even.get_pixel(x, 100)[0]);
        }
        for x in [2, 322, 602] {
            assert!(even.get_pixel(x, 100)[0] < 60, "print at {x}: {}", even.get_pixel(x, 100)[0]);
        }
    }

    #[test]
    fn pale_print_becomes_dark() {
        let faded = GrayImage::from_fn(320, 320, |x, _| Luma([if x % 40 < 4 { 170 } else { 235 }]));
        let even = flatten(&faded);
        assert!(even.get_pixel(2, 100)[0] < 60, "{}", even.get_pixel(2, 100)[0]);
    }

    #[test]
    fn an_empty_or_one_coloured_picture_is_no_trouble() {
        assert_eq!(flatten(&GrayImage::new(0, 0)).dimensions(), (0, 0));
        assert_eq!(flatten(&GrayImage::new(1, 1)).dimensions(), (1, 1));
        let white = GrayImage::from_pixel(65, 3, Luma([250]));
        assert!(flatten(&white).pixels().all(|pixel| pixel[0] == 255));
    }
}
