//! Words that carry no goods: what leads to the goods, what they come in, what sets a brand beside them.

use std::collections::HashSet;

use super::lexicon::{forms, small};
use crate::text::Word;

/// Words of the longest phrase that introduces a supplier's name.
const INTRODUCTION_WORDS_MAX: usize = 2;
const ARTICLES: [&str; 4] = ["el", "la", "los", "las"];

/// Words that carry no goods, by the part they play. All folded.
#[derive(Debug)]
pub(super) struct Small {
    leads: HashSet<String>,
    containers: HashSet<String>,
    beside: HashSet<String>,
    introduces: HashSet<String>,
}

impl Small {
    /// Those of the lexicon.
    pub fn read() -> Self {
        Self {
            leads: small("lead").collect(),
            containers: small("container").flat_map(|word| forms(&word)).collect(),
            beside: small("beside").collect(),
            introduces: small("introduces").collect(),
        }
    }

    /// Every word of them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let phrases = self.leads.iter().chain(&self.containers).chain(&self.beside).chain(&self.introduces);
        phrases.flat_map(|phrase| phrase.split(' '))
    }

    /// Do the words before this place introduce a supplier's name, as in "lista de la …"?
    pub fn introduce(&self, before: &[Word]) -> bool {
        let before = without_article(before);
        (1..=INTRODUCTION_WORDS_MAX.min(before.len())).any(|count| {
            let phrase: Vec<&str> = before[before.len() - count..].iter().map(|word| word.text.as_str()).collect();
            self.introduces.contains(&phrase.join(" "))
        })
    }

    /// Do the words before this place say that what comes goes with the goods or resembles them?
    pub fn set_beside(&self, before: &[Word]) -> bool {
        without_article(before).last().is_some_and(|word| self.beside.contains(&word.text))
    }

    /// Does the word lead to the goods without being goods: a small word, a container, a figure?
    pub fn leads(&self, word: &Word) -> bool {
        is_figure(word) || self.leads.contains(&word.text) || self.containers.contains(&word.text)
    }

    /// May the word follow a brand that stands alone: a figure or a container?
    pub fn measures(&self, word: &Word) -> bool {
        is_figure(word) || self.containers.contains(&word.text)
    }

    /// How many words from here on only lead to the goods; none when the goods begin here.
    pub fn leading(&self, rest: &[Word]) -> usize {
        if self.is_pair(rest) { 2 } else { usize::from(rest.first().is_some_and(|word| self.leads(word))) }
    }

    /// Do two words lead on although the first alone is goods: "te falta", or a container and its "de" before what is
    /// in it? Not so before a figure: "bolsas de 45x60" are bags.
    pub fn pass_over(&self, rest: &[Word]) -> bool {
        let contain = matches!(rest, [container, of, goods, ..]
            if of.text == "de" && self.containers.contains(&container.text) && !is_figure(goods));
        contain || self.is_pair(rest)
    }

    fn is_pair(&self, rest: &[Word]) -> bool {
        let [first, second, ..] = rest else { return false };
        let pair = format!("{} {}", first.text, second.text);
        self.leads.contains(&pair) || self.containers.contains(&pair)
    }
}

fn is_figure(word: &Word) -> bool {
    word.text.starts_with(|letter: char| letter.is_ascii_digit())
}

fn without_article(before: &[Word]) -> &[Word] {
    match before {
        [rest @ .., last] if ARTICLES.contains(&last.text.as_str()) => rest,
        _ => before,
    }
}
