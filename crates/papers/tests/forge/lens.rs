//! What a camera held by hand does to a page: turns, a slant, a tilt, blur. Pictures are grey, and the geometry is in whole
//! numbers, so that a seed gives the same photograph on every machine. What light does is in `light`.

/// A grey picture, row after row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 0 is black.
    pub light: Vec<u8>,
}

/// The number one in the fixed-point arithmetic of this file.
const ONE: i64 = 1 << 20;
/// Parts of a pixel between which light is shared out.
const PARTS: i64 = 256;
/// The desk around the page.
const DESK: u8 = 92;

/// How the camera was held.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hold {
    /// Slant in tenths of a degree.
    pub slant: i64,
    /// How much nearer the right edge is than the middle, in thousandths.
    pub tilt_right: i64,
    /// How much nearer the lower edge is than the middle, in thousandths.
    pub tilt_down: i64,
}

impl Grey {
    /// A picture of one shade.
    pub fn plain(width: usize, height: usize, shade: u8) -> Self {
        Self { width, height, light: vec![shade; width * height] }
    }

    /// A quarter turn to the right.
    pub fn quarter_turn(&self) -> Self {
        let mut turned = Self::plain(self.height, self.width, 0);
        for (row, pixels) in self.light.chunks_exact(self.width).enumerate() {
            for (column, light) in pixels.iter().enumerate() {
                turned.light[column * self.height + self.height - 1 - row] = *light;
            }
        }
        turned
    }

    /// The page as seen by a camera that is not held straight, a desk around it.
    pub fn held(&self, hold: Hold) -> Self {
        let mut seen = Self::plain(self.width * 9 / 8, self.height * 9 / 8, DESK);
        let (cos, sin) = rotation(hold.slant);
        let [right, down] = [(hold.tilt_right, self.width), (hold.tilt_down, self.height)]
            .map(|(thousandths, side)| thousandths * ONE / 1_000 / (signed(side) / 2));
        let [middle_u, middle_v] = [seen.width, seen.height].map(|side| signed(side) / 2);
        let [middle_x, middle_y] = [self.width, self.height].map(|side| signed(side) / 2 * PARTS);
        for (v, row) in (-middle_v..).zip(seen.light.chunks_exact_mut(seen.width)) {
            for (u, light) in (-middle_u..).zip(row) {
                let depth = ONE + right * u + down * v;
                let x = middle_x + (cos * u + sin * v) * PARTS / depth;
                let y = middle_y + (cos * v - sin * u) * PARTS / depth;
                *light = self.between(x, y).unwrap_or(DESK);
            }
        }
        seen
    }

    /// The light at a place between four pixels; `None` beside the page.
    fn between(&self, x: i64, y: i64) -> Option<u8> {
        let (column, row) = (usize::try_from(x / PARTS).ok()?, usize::try_from(y / PARTS).ok()?);
        if x < 0 || y < 0 || column + 1 >= self.width || row + 1 >= self.height {
            return None;
        }
        let (right, down) = (x % PARTS, y % PARTS);
        let at = |column: usize, row: usize| i64::from(self.light[row * self.width + column]);
        let upper = at(column, row) * (PARTS - right) + at(column + 1, row) * right;
        let lower = at(column, row + 1) * (PARTS - right) + at(column + 1, row + 1) * right;
        u8::try_from((upper * (PARTS - down) + lower * down) / (PARTS * PARTS)).ok()
    }

    /// Out of focus: every pixel becomes the mean of those within so many, first along rows, then along columns.
    pub fn blurred(&self, reach: usize) -> Self {
        self.rows_blurred(reach).quarter_turn().rows_blurred(reach).quarter_turn().quarter_turn().quarter_turn()
    }

    fn rows_blurred(&self, reach: usize) -> Self {
        let mut blurred = self.clone();
        let rows = self.light.chunks_exact(self.width).zip(blurred.light.chunks_exact_mut(self.width));
        for (sharp, soft) in rows {
            let mut sum: usize = sharp.iter().take(reach).map(|light| usize::from(*light)).sum();
            for (column, light) in soft.iter_mut().enumerate() {
                sum += sharp.get(column + reach).map_or(0, |entering| usize::from(*entering));
                let first = column.saturating_sub(reach);
                let count = (column + reach + 1).min(self.width) - first;
                *light = u8::try_from(sum / count).unwrap_or(u8::MAX);
                if column >= reach {
                    sum -= usize::from(sharp[first]);
                }
            }
        }
        blurred
    }
}

/// Cosine and sine of a small angle by the first terms of their series: below 15° they are right to a millionth.
fn rotation(tenths_of_degree: i64) -> (i64, i64) {
    let angle = tenths_of_degree * ONE * 314_159 / 180_000_000;
    let square = angle * angle / ONE;
    let cos = ONE - square / 2 + square * square / ONE / 24;
    let sin = angle - square * angle / ONE / 6;
    (cos, sin)
}

fn signed(side: usize) -> i64 {
    i64::try_from(side).expect("a side of a picture is short")
}
