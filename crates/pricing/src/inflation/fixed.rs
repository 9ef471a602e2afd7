//! Natural logarithm and exponential in integers with 18 decimals, for the small range inflation needs.
//!
//! Every step rounds once, so each is off by at most half a unit of the last place; the series stop when a term is
//! zero.

use gondola_ledger::number::div_half_up;

/// 1.0 with 18 decimals.
pub(super) const ONE: i128 = 1_000_000_000_000_000_000;
/// The logarithm of two.
const LN_2: i128 = 693_147_180_559_945_309;

/// A product of two numbers from zero up, rounded once; `None` beyond 128 bits. Whole parts and decimals are multiplied
/// apart, because the plain product of two growths would not fit.
pub(super) fn times(a: i128, b: i128) -> Option<i128> {
    let (whole_a, decimals_a) = (a / ONE, a % ONE);
    let (whole_b, decimals_b) = (b / ONE, b % ONE);
    let whole = whole_a.checked_mul(b)?.checked_add(whole_b.checked_mul(decimals_a)?)?;
    whole.checked_add(div_half_up(decimals_a * decimals_b, ONE))
}

/// ln x for x from 1 to 1.5: twice the inverse hyperbolic tangent of (x - 1) / (x + 1), at most 0.2.
pub(super) fn ln(x: i128) -> i128 {
    assert!((ONE..=ONE / 2 * 3).contains(&x), "a month grows by 0 to 50 %");
    let z = div_half_up((x - ONE) * ONE, x + ONE);
    let square = div_half_up(z * z, ONE);
    let (mut power, mut sum, mut odd) = (z, 0, 1);
    while power != 0 {
        sum += div_half_up(power, odd);
        power = div_half_up(power * square, ONE);
        odd += 2;
    }
    2 * sum
}

/// eˣ for x from 0 to 40: powers of two are shifted out, the rest (under ln 2) is summed.
pub(super) fn exp(x: i128) -> i128 {
    assert!((0..=40 * ONE).contains(&x), "five years at 50 % a month are under e²⁵");
    let (doublings, rest) = (x / LN_2, x % LN_2);
    let (mut term, mut sum, mut n) = (ONE, 0, 1);
    while term != 0 {
        sum += term;
        term = div_half_up(term * rest, n * ONE);
        n += 1;
    }
    sum << doublings
}
