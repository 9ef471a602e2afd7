//! What light, heat, coffee and a cheap sensor do to a page: shadows, noise, fading, a ring. Each changes a picture in place;
//! how the camera was held is in `lens`.

use super::dice::Dice;
use super::lens::Grey;

/// Parts of a per cent: with fewer, shadows have steps.
const FINE: i64 = 256;

/// A lamp far to one side, and somebody's shadow across the page: per cent of the light that is left.
pub fn dim(picture: &mut Grey, dice: &mut Dice) {
    let (bright, dark) = (dice.between(75, 90), dice.between(30, 45));
    let edge = dice.between(30, 70);
    let (width, height) = (signed(picture.width), signed(picture.height));
    for (y, row) in (0_i64..).zip(picture.light.chunks_exact_mut(picture.width)) {
        for (x, light) in (0_i64..).zip(row) {
            let lamp = bright * FINE - (bright - dark) * FINE * x / width;
            // The shadow's edge runs aslant and is soft over a tenth of the page.
            let beyond = 100 * FINE * x / width + 30 * FINE * y / height - edge * FINE;
            let shadow = 100 * FINE - 3 * beyond.clamp(0, 10 * FINE);
            *light = shade(i64::from(*light) * lamp * shadow / (100 * FINE * 100 * FINE));
        }
    }
}

/// Grain of up to so many shades to either side, most of it small.
pub fn grain(picture: &mut Grey, strength: i64, dice: &mut Dice) {
    for light in &mut picture.light {
        let draw = dice.next();
        let [first, second] = [draw & 0xFFFF, draw >> 16 & 0xFFFF].map(|part| i64::try_from(part).unwrap_or_default());
        *light = shade(i64::from(*light) + (first + second - 0xFFFF) * strength / 0xFFFF);
    }
}

/// A thermal print left in the sun: little ink is left, less of it in some stripes, and the paper has yellowed.
pub fn fade(picture: &mut Grey, dice: &mut Dice) {
    let least = dice.between(24, 36);
    let stripes: Vec<i64> = (0..12).map(|_| dice.between(least, least + 30)).collect();
    let (width, last) = (picture.width, stripes.len() - 1);
    for row in picture.light.chunks_exact_mut(width) {
        for (x, light) in row.iter_mut().enumerate() {
            // Stripes flow into one another.
            let place = x * last * 256 / width;
            let (stripe, part) = (place / 256, signed(place % 256));
            let ink = stripes[stripe] * (256 - part) + stripes[(stripe + 1).min(last)] * part;
            *light = shade(236 - (255 - i64::from(*light)) * ink / (256 * 100));
        }
    }
}

/// The ring of a cup, and what ran into it.
pub fn stain(picture: &mut Grey, dice: &mut Dice) {
    let (width, height) = (signed(picture.width), signed(picture.height));
    let (middle_x, middle_y) = (width * dice.between(20, 80) / 100, height * dice.between(20, 80) / 100);
    let radius = width * dice.between(12, 20) / 100;
    let rim = width / 60;
    for (y, row) in (0_i64..).zip(picture.light.chunks_exact_mut(picture.width)) {
        for (x, light) in (0_i64..).zip(row) {
            let distance = ((x - middle_x).pow(2) + (y - middle_y).pow(2)).isqrt();
            let left = match distance {
                within if within < radius - rim => 88,
                // The rim is darkest outside, where coffee dries last.
                on_rim if on_rim < radius => 88 - 28 * (on_rim - radius + rim) / rim,
                _ => continue,
            };
            *light = shade(i64::from(*light) * left / 100);
        }
    }
}

fn shade(light: i64) -> u8 {
    u8::try_from(light.clamp(0, 255)).unwrap_or_default()
}

fn signed(side: usize) -> i64 {
    i64::try_from(side).expect("a side of a picture is short")
}
