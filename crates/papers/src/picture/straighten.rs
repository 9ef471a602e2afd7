//! Straightens a flattened picture: finds the slope of its lines of text and turns it back. When a page is straight its
//! rows are either full of ink or empty; the slope at which neighbouring rows differ most is the slope of the text. The
//! columns are asked as well, for a page that lies on its side. Which side is up is not known here.

use image::{GrayImage, Luma};

use super::resize_long_side;

/// The steepest slope looked for, in thousandths: ten degrees.
pub const SLOPE_MAX: i32 = 176;
/// Slopes below this, a tenth of a degree, are left as they are.
const SLOPE_MIN: i32 = 3;
/// First look in steps of half a degree, then in the finest ones around the best.
const COARSE_STEP: usize = 8;
/// Long side of the picture in which the slope is looked for: letters are still apart, noise is gone.
pub(super) const LOOK_SIDE: u32 = 1_200;
/// What is darker than this is ink.
const INK: u8 = 150;
/// Most ink looked at: a black picture has no slope worth the time.
const INK_MAX: usize = 400_000;
const UNIT: i64 = 1 << 16;

/// The picture with its lines level or upright, and the slope that they had. It may still lie on any side.
pub fn straighten(picture: &GrayImage) -> (GrayImage, i32) {
    let slope = slope(picture);
    if slope.abs() < SLOPE_MIN { (picture.clone(), slope) } else { (level(picture, slope), slope) }
}

/// How far the lines of text fall over a thousand pixels of their length. A picture without text has no slope.
pub fn slope(picture: &GrayImage) -> i32 {
    let Some(ink) = ink(picture) else { return 0 };
    // A quarter turn brings what was at (x, y) to (y, -x); the slope of the page stays what it was.
    let turned: Vec<(i32, i32)> = ink.iter().map(|(x, y)| (*y, -x)).collect();
    let (rows, columns) = (best_slope(&ink), best_slope(&turned));
    if columns.clearness > rows.clearness { columns.slope } else { rows.slope }
}

/// Where a small copy of the picture has ink; `None` when it has none, or too much.
pub(super) fn ink(picture: &GrayImage) -> Option<Vec<(i32, i32)>> {
    let long = picture.width().max(picture.height());
    let small = resize_long_side(picture, LOOK_SIDE.min(long));
    let pixels = small.enumerate_pixels().filter(|(_, _, pixel)| pixel[0] < INK);
    let ink: Vec<(i32, i32)> = pixels.map(|(x, y, _)| (as_place(x), as_place(y))).collect();
    (1..=INK_MAX).contains(&ink.len()).then_some(ink)
}

#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub slope: i32,
    pub clearness: u64,
}

fn best_slope(ink: &[(i32, i32)]) -> Candidate {
    let coarse = best_of((-SLOPE_MAX..=SLOPE_MAX).step_by(COARSE_STEP), ink);
    let reach = i32::try_from(COARSE_STEP).expect("a small constant");
    let near = (coarse.slope - reach).max(-SLOPE_MAX)..=(coarse.slope + reach).min(SLOPE_MAX);
    let fine = best_of(near, ink);
    let straight = Candidate { slope: 0, clearness: clearness(ink, 0) };
    if fine.clearness > straight.clearness { fine } else { straight }
}

pub(super) fn best_of(slopes: impl Iterator<Item = i32>, ink: &[(i32, i32)]) -> Candidate {
    slopes
        .map(|slope| Candidate { slope, clearness: clearness(ink, slope) })
        .max_by_key(|candidate| (candidate.clearness, -candidate.slope.abs()))
        .unwrap_or(Candidate { slope: 0, clearness: 0 })
}

/// How much neighbouring rows differ in ink when the lines fall by `slope`.
pub(super) fn clearness(ink: &[(i32, i32)], slope: i32) -> u64 {
    let rows = ink.iter().map(|(x, y)| y - x * slope / 1_000);
    let (Some(first), Some(last)) = (rows.clone().min(), rows.clone().max()) else { return 0 };
    let mut counts = vec![0_u64; usize::try_from(last - first).expect("the last is not before the first") + 1];
    for row in rows {
        counts[usize::try_from(row - first).expect("no row is before the first")] += 1;
    }
    counts.windows(2).map(|pair| pair[0].abs_diff(pair[1]).pow(2)).sum()
}

/// Turns the picture so that lines of that slope are level, on paper that is large enough for all of it.
fn level(picture: &GrayImage, slope: i32) -> GrayImage {
    let slope = i64::from(slope);
    let length = i64::try_from((1_000_000_u64 + slope.unsigned_abs().pow(2)).isqrt()).expect("at most 1016");
    let (cos, sin) = (UNIT * 1_000 / length, UNIT * slope / length);
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    let new_width = (width * cos + height * sin.abs()) / UNIT + 1;
    let new_height = (height * cos + width * sin.abs()) / UNIT + 1;
    let side = |length: i64| u32::try_from(length).expect("a picture grows by a fifth at most");
    GrayImage::from_fn(side(new_width), side(new_height), |x, y| {
        let (dx, dy) = (i64::from(x) * 2 - new_width, i64::from(y) * 2 - new_height);
        let from_x = (dx * cos - dy * sin + width * UNIT) / 2;
        let from_y = (dx * sin + dy * cos + height * UNIT) / 2;
        Luma([sample(picture, from_x, from_y)])
    })
}

/// The brightness between four pixels; what is outside is paper.
pub(super) fn sample(picture: &GrayImage, x: i64, y: i64) -> u8 {
    let (column, row) = (x.div_euclid(UNIT), y.div_euclid(UNIT));
    let (along, down) = (x.rem_euclid(UNIT) >> 8, y.rem_euclid(UNIT) >> 8);
    let at = |column: i64, row: i64| {
        let place = u32::try_from(column).ok().zip(u32::try_from(row).ok());
        let pixel = place.and_then(|(column, row)| picture.get_pixel_checked(column, row));
        pixel.map_or(255, |pixel| i64::from(pixel[0]))
    };
    let upper = at(column, row) * (256 - along) + at(column + 1, row) * along;
    let lower = at(column, row + 1) * (256 - along) + at(column + 1, row + 1) * along;
    let mean = (upper * (256 - down) + lower * down) >> 16;
    u8::try_from(mean).expect("a mean of bytes is a byte")
}

fn as_place(pixel: u32) -> i32 {
    i32::try_from(pixel).expect("the small picture has at most 1200 pixels a side")
}

#[cfg(test)]
mod tests {
    use image::imageops;

    use super::*;

    /// A page of 30 lines of letter-like marks that fall by `slope` thousandths. No two lines have the same columns.
    fn page(slope: i32) -> GrayImage {
        let mut page = GrayImage::from_pixel(800, 1_100, Luma([255]));
        for line in 0..30_i32 {
            for x in (80..720_i32).filter(|x| (x + line * line) % 9 < 6 && (x / 9 + line * 5) % 7 != 0) {
                let top = 120 + line * 28 + (x - 400) * slope / 1_000;
                for y in top..top + 10 {
                    page.put_pixel(x.unsigned_abs(), y.unsigned_abs(), Luma([20]));
                }
            }
        }
        page
    }

    #[test]
    fn the_slope_of_the_lines_is_found_to_a_fifth_of_a_degree() {
        for wanted in [-170, -122, -87, -35, -4, 0, 9, 52, 105, 174] {
            let found = slope(&page(wanted));
            assert!(found.abs_diff(wanted) <= 4, "{wanted}: {found}");
        }
    }

    #[test]
    fn a_straightened_page_is_straight_and_whole() {
        let (straight, was) = straighten(&page(105));
        assert!(was.abs_diff(105) <= 4, "{was}");
        assert!(slope(&straight).abs() <= 4, "{}", slope(&straight));
        assert!(straight.width() > 800 && straight.height() > 1_100);
    }

    #[test]
    fn a_page_on_its_side_is_straightened_too() {
        for turned in [imageops::rotate90(&page(0)), imageops::rotate270(&page(52)), imageops::rotate180(&page(-87))] {
            let (straight, _) = straighten(&turned);
            assert!(slope(&straight).abs() <= 4, "{}", slope(&straight));
        }
    }

    #[test]
    fn a_picture_without_lines_stays_as_it_is() {
        let white = GrayImage::from_pixel(60, 90, Luma([255]));
        assert_eq!(straighten(&white), (white.clone(), 0));
        let black = GrayImage::from_pixel(900, 900, Luma([0]));
        assert_eq!(straighten(&black).1, 0);
        assert_eq!(straighten(&GrayImage::new(1, 1)).0.dimensions(), (1, 1));
    }
}
