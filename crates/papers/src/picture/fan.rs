//! Closes the fan into which rows open when a page is photographed from one side: straightened as a whole, its upper rows
//! still rise while the lower ones fall, and the end of one row stands as high as the beginning of the next. The fan with
//! which the rows are clearest is the one that is there, and every row is turned back by its part of it.

use image::{GrayImage, Luma};

use super::straighten::{LOOK_SIDE, clearness, ink, sample};

/// The steepest slope looked for at an edge, in thousandths: the page as a whole is straight already.
const SLOPE_MAX: i32 = 64;
/// First look in coarse steps, then in fine ones around the best.
const COARSE_STEP: usize = 8;
const FINE_STEP: usize = 2;
/// Slopes that differ by less than this are one slope.
const OPEN_MIN: i32 = 6;
/// Rows must be clearer than without the fan by this part of a hundred.
const CLEARER_PER_CENT: u64 = 5;
/// Points of ink that are looked at: a page is told by every third as well.
const POINTS_MAX: usize = 50_000;
const UNIT: i64 = 1 << 16;

/// Slopes of the rows at the upper and at the lower edge of the picture, in thousandths; between them they change evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fan {
    upper: i32,
    lower: i32,
}

/// The picture, straight and upright, with its rows side by side; as it is when there is no fan.
pub fn close(upright: GrayImage) -> GrayImage {
    let closed = ink(&upright).and_then(|ink| closed(&upright, &ink));
    closed.unwrap_or(upright)
}

fn closed(picture: &GrayImage, ink: &[(i32, i32)]) -> Option<GrayImage> {
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    let long = width.max(height).max(1);
    let small = |side: i64| i32::try_from(side * i64::from(LOOK_SIDE).min(long) / long).ok();
    let fan = found(ink, (small(width)?, small(height)?.max(1)))?;
    let (upper, lower) = (i64::from(fan.upper) * UNIT, i64::from(fan.lower) * UNIT);
    let slopes: Vec<i64> = (0..height).map(|y| upper + (lower - upper) * y / height).collect();
    Some(GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let from_middle = i64::from(x) - width / 2;
        let fallen = i64::from(y) * UNIT + from_middle * slopes[y as usize] / 1_000;
        Luma([sample(picture, i64::from(x) * UNIT, fallen)])
    }))
}

/// The fan of a picture of that size; `None` when its rows are clear without one.
fn found(ink: &[(i32, i32)], size: (i32, i32)) -> Option<Fan> {
    let points: Vec<(i32, i32)> = ink.iter().step_by(ink.len().div_ceil(POINTS_MAX).max(1)).copied().collect();
    let clear = |fan: &Fan| clearness(&fan.turned_back(&points, size), 0);
    let best_of = |reach: i32, step: usize, middle: Fan| {
        let slopes = move |middle: i32| (middle - reach..=middle + reach).step_by(step);
        let fans = slopes(middle.upper).flat_map(|upper| slopes(middle.lower).map(move |lower| Fan { upper, lower }));
        fans.max_by_key(|fan| (clear(fan), -fan.upper.abs() - fan.lower.abs())).unwrap_or(middle)
    };
    let level = Fan { upper: 0, lower: 0 };
    let coarse = best_of(SLOPE_MAX, COARSE_STEP, level);
    let fan = best_of(6, FINE_STEP, coarse);
    let is_clearer = clear(&fan) * 100 > clear(&level) * (100 + CLEARER_PER_CENT);
    ((fan.upper - fan.lower).abs() >= OPEN_MIN && is_clearer).then_some(fan)
}

impl Fan {
    /// Where points would be without the fan.
    fn turned_back(self, points: &[(i32, i32)], (width, height): (i32, i32)) -> Vec<(i32, i32)> {
        let row = |(x, y): &(i32, i32)| {
            let slope = self.upper + (self.lower - self.upper) * y / height;
            (*x, y - (x - width / 2) * slope / 1_000)
        };
        points.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty rows of letter-like marks over all of the width, that fall by `upper` thousandths above and `lower` below.
    fn page(upper: i32, lower: i32) -> GrayImage {
        let mut page = GrayImage::from_pixel(850, 1_200, Luma([255]));
        for row in 0..30_i32 {
            let fall = upper + (lower - upper) * row / 29;
            for x in (80..770_i32).filter(|x| (x + row * row) % 9 < 6 && (x / 9 + row * 5) % 7 != 0) {
                let top = 140 + row * 30 + (x - 425) * fall / 1_000;
                (top..top + 10).for_each(|y| page.put_pixel(x.unsigned_abs(), y.unsigned_abs(), Luma([20])));
            }
        }
        page
    }

    /// How clear the rows are, in per cent of those of a page that was never open.
    fn share(page_seen: &GrayImage) -> u64 {
        clearness(&ink(page_seen).unwrap(), 0) * 100 / clearness(&ink(&page(0, 0)).unwrap(), 0)
    }

    #[test]
    fn a_fan_is_closed() {
        for (upper, lower) in [(24, -24), (-40, 10), (0, 30)] {
            let open = page(upper, lower);
            let shares = [&open, &close(open.clone())].map(share);
            assert!(shares[1] > shares[0] * 3 / 2, "{upper} {lower}: {shares:?}");
        }
    }

    #[test]
    fn a_page_without_a_fan_stays_as_it_is() {
        for page in [page(0, 0), GrayImage::from_pixel(60, 90, Luma([255])), GrayImage::new(1, 1), GrayImage::new(0, 0)]
        {
            assert_eq!(close(page.clone()), page);
        }
    }
}
