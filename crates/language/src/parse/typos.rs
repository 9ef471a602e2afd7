//! Known words, found also with one typo in them: two words that are one edit apart are alike once a letter of one or
//! of both is left out, so that no list of words is ever gone through.

use std::collections::HashMap;

use crate::text::{TYPO_LETTERS_MIN, is_one_typo_apart};

/// Letters of a word that is looked for with a typo at most.
const LETTERS_MAX: usize = 30;

/// Words by what is left of them.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<String>,
    by_rest: HashMap<String, Vec<usize>>,
}

impl Vocabulary {
    /// Learns words; each only once.
    pub fn new<'w>(words: impl Iterator<Item = &'w String>) -> Self {
        let mut vocabulary = Self::default();
        let mut words: Vec<&String> = words.collect();
        words.sort();
        for word in words {
            let position = vocabulary.words.len();
            for rest in rests(word) {
                vocabulary.by_rest.entry(rest).or_default().push(position);
            }
            vocabulary.words.push(word.clone());
        }
        vocabulary
    }

    /// The one word that a folded word is with a typo in it. The first letter must be right: people rarely miss it.
    pub fn meant(&self, word: &str) -> Option<&str> {
        let first = word.chars().next()?;
        let mut found: Option<&str> = None;
        for rest in rests(word) {
            for &position in self.by_rest.get(&rest).into_iter().flatten() {
                let known = self.words[position].as_str();
                let is_other = found.is_none_or(|found| found != known);
                if is_other && known.starts_with(first) && is_one_typo_apart(word, known) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(known);
                }
            }
        }
        found
    }
}

/// A word, and what is left of it without each of its letters.
fn rests(word: &str) -> Vec<String> {
    let letters = word.chars().count();
    if !(TYPO_LETTERS_MIN - 1..=LETTERS_MAX).contains(&letters) {
        return Vec::new();
    }
    let without = |left_out: usize| {
        word.chars().enumerate().filter(|(at, _)| *at != left_out).map(|(_, letter)| letter).collect()
    };
    (0..letters).map(without).chain([word.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_found_and_two_likely_words_are_not() {
        let known = ["quilmes", "paladini", "manzana", "manzano"].map(str::to_owned);
        let vocabulary = Vocabulary::new(known.iter());
        for (written, meant) in [
            ("quilmez", Some("quilmes")),
            ("qulmes", Some("quilmes")),
            ("quillmes", Some("quilmes")),
            ("qiulmes", Some("quilmes")),
            ("wuilmes", None),
            ("manzanx", None),
            ("paladin", Some("paladini")),
            ("pala", None),
            ("", None),
        ] {
            assert_eq!(vocabulary.meant(written), meant, "{written}");
        }
    }
}
