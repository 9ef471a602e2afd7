//! Erases the rules of tables and boxes. Tesseract takes a rule that runs close to a row for a part of its letters and
//! loses both; people need the rules, so only the copy that is recognised goes without them.

use image::{GrayImage, Luma, imageops};

/// What is darker than this is ink.
const INK: u8 = 160;
/// A level run of ink of this length, a quarter of an inch at 300 dpi, is no letter.
const LENGTH_MIN: u32 = 75;
/// A rule is at most this thick; the bar of a large T is thicker.
const THICKNESS_MAX: u32 = 9;

/// A copy without its level and upright rules.
pub fn without_rules(picture: &GrayImage) -> GrayImage {
    let level = without_level_rules(picture);
    imageops::rotate270(&without_level_rules(&imageops::rotate90(&level)))
}

fn without_level_rules(picture: &GrayImage) -> GrayImage {
    let mut clean = picture.clone();
    for y in 0..picture.height() {
        let mut start = 0;
        for x in 0..=picture.width() {
            if x < picture.width() && is_ink(picture, x, y) {
                continue;
            }
            if x - start >= LENGTH_MIN {
                (start..x).for_each(|x| erase_if_thin(picture, &mut clean, (x, y)));
            }
            start = x + 1;
        }
    }
    clean
}

/// Whitens the ink above and below a place, and the blur at its edges, unless a letter stands on the rule there.
fn erase_if_thin(picture: &GrayImage, clean: &mut GrayImage, (x, y): (u32, u32)) {
    let reach = THICKNESS_MAX + 1;
    let above = (1..=reach).take_while(|step| *step <= y && is_ink(picture, x, y - step)).count();
    let below = (1..=reach).take_while(|step| y + step < picture.height() && is_ink(picture, x, y + step)).count();
    let steps = |count: usize| u32::try_from(count).expect("at most ten");
    let (above, below) = (steps(above), steps(below));
    if above + below < THICKNESS_MAX {
        let last = (y + below + 1).min(picture.height() - 1);
        ((y - above).saturating_sub(1)..=last).for_each(|y| clean.put_pixel(x, y, Luma([255])));
    }
}

fn is_ink(picture: &GrayImage, x: u32, y: u32) -> bool {
    picture.get_pixel(x, y)[0] < INK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(picture: &mut GrayImage, (left, top): (u32, u32), (width, height): (u32, u32)) {
        for y in top..top + height {
            for x in left..left + width {
                picture.put_pixel(x, y, Luma([10]));
            }
        }
    }

    #[test]
    fn rules_go_and_letters_stay() {
        let mut page = GrayImage::from_pixel(300, 300, Luma([255]));
        fill(&mut page, (10, 50), (280, 4));
        fill(&mut page, (40, 10), (3, 280));
        fill(&mut page, (100, 100), (5, 30));
        fill(&mut page, (150, 200), (90, 20));
        let clean = without_rules(&page);
        assert_eq!(clean.get_pixel(200, 51)[0], 255, "a level rule");
        assert_eq!(clean.get_pixel(41, 150)[0], 255, "an upright rule");
        assert_eq!(clean.get_pixel(102, 115)[0], 10, "a stroke of a letter");
        assert_eq!(clean.get_pixel(200, 210)[0], 10, "the bar of a headline");
    }

    #[test]
    fn a_letter_on_a_rule_keeps_its_foot() {
        let mut page = GrayImage::from_pixel(300, 100, Luma([255]));
        fill(&mut page, (0, 60), (300, 3));
        fill(&mut page, (150, 30), (6, 30));
        let clean = without_rules(&page);
        assert_eq!(clean.get_pixel(152, 61)[0], 10);
        assert_eq!(clean.get_pixel(200, 61)[0], 255);
    }

    #[test]
    fn pictures_smaller_than_a_rule_stay_as_they_are() {
        for (width, height) in [(0, 0), (1, 1), (74, 3)] {
            let black = GrayImage::new(width, height);
            assert_eq!(without_rules(&black), black);
        }
    }
}
