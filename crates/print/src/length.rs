//! A distance on paper, in whole micrometres: sums of columns and gaps come out exact, and points appear only where the
//! PDF is written.

use std::ops::{Add, Div, Mul, Sub};

/// A distance, in micrometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(i32);

impl Length {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole millimetres.
    pub const fn mm(millimetres: i32) -> Self {
        Self(millimetres * 1_000)
    }

    /// Whole micrometres.
    pub const fn um(micrometres: i32) -> Self {
        Self(micrometres)
    }

    /// In micrometres.
    pub const fn as_um(self) -> i32 {
        self.0
    }

    /// In points of 1/72 inch, which PDF counts in.
    #[expect(clippy::float_arithmetic, reason = "PDF numbers are decimals; an f32 is exact to 1 µm on any sheet here")]
    pub(crate) fn points(self) -> f32 {
        self.0 as f32 * 72.0 / 25_400.0
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Length {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i32> for Length {
    type Output = Self;
    fn mul(self, times: i32) -> Self {
        Self(self.0 * times)
    }
}

impl Div<i32> for Length {
    type Output = Self;
    fn div(self, parts: i32) -> Self {
        Self(self.0 / parts)
    }
}
