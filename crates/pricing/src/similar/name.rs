//! Jaro-Winkler similarity (Winkler 1990) in exact fractions, rounded once to a thousandth.
//!
//! Letters match when equal and within half the longer name; names that begin alike, up to four letters, gain a tenth
//! of what is missing for each.

use super::text::normalise;
use crate::exact::Fraction;

/// Letters of the common beginning that count.
const PREFIX_MAX: usize = 4;

/// The similarity of two names, in thousandths, after both are spelled alike; nothing is similar to an empty name.
pub fn name_similarity(left: &str, right: &str) -> u16 {
    let spelled = |name| normalise(name).chars().collect::<Vec<char>>();
    let similarity = jaro_winkler(&spelled(left), &spelled(right)).unwrap_or(0);
    u16::try_from(similarity).expect("a similarity is at most a thousand")
}

/// `None` when no letter matches.
fn jaro_winkler(left: &[char], right: &[char]) -> Option<i128> {
    let jaro = jaro(left, right)?;
    let prefix = left.iter().zip(right).take(PREFIX_MAX).take_while(|(a, b)| a == b).count();
    let gain = Fraction::ONE.minus(jaro)?.times(Fraction::new(prefix as i128, 10)?)?;
    Some(jaro.plus(gain)?.times(Fraction::whole(1_000))?.round())
}

fn jaro(left: &[char], right: &[char]) -> Option<Fraction> {
    let (from_left, from_right) = matching(left, right);
    let matches = from_left.len() as i128;
    let swapped = from_left.iter().zip(&from_right).filter(|(a, b)| a != b).count() as i128 / 2;
    let sum = Fraction::new(matches, left.len() as i128)?
        .plus(Fraction::new(matches, right.len() as i128)?)?
        .plus(Fraction::new(matches - swapped, matches)?)?;
    sum.times(Fraction::new(1, 3)?)
}

/// The matching letters of either side, each in its own order.
fn matching(left: &[char], right: &[char]) -> (Vec<char>, Vec<char>) {
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; right.len()];
    let mut from_left = Vec::new();
    for (at, letter) in left.iter().enumerate() {
        let near = at.saturating_sub(window)..right.len().min(at + window + 1);
        if let Some(found) = near.into_iter().find(|place| !taken[*place] && right[*place] == *letter) {
            taken[found] = true;
            from_left.push(*letter);
        }
    }
    let from_right = right.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(letter, _)| *letter).collect();
    (from_left, from_right)
}
