//! The phrases that say what is to be done, found all together: whole words, the longest phrase first.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

pub(super) use super::sense::Sense;
use super::tokens::{Kind, Token};
use crate::text::{TYPO_LETTERS_MIN, fold, is_one_typo_apart};

const PHRASES: &str = include_str!("phrases.txt");
/// Words that look like a phrase with a typo and are none.
const NO_TYPO: [&str; 24] = [
    "falda",
    "faltas",
    "compara",
    "comprar",
    "comparar",
    "salta",
    "puedes",
    "hojas",
    "rotulo",
    "rojo",
    "rojos",
    "roja",
    "rojas",
    "ahora",
    "hoja",
    "manana",
    "tenes",
    "pedid",
    "sobre",
    "sobres",
    "tranquera",
    "vendida",
    "cuarto",
    "cuartos",
];

/// A phrase in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Which tokens.
    pub at: Range<usize>,
    /// What it says.
    pub sense: Sense,
}

/// All phrases, by their first word.
#[derive(Debug)]
pub(super) struct Phrases {
    by_first: HashMap<String, Vec<(Vec<String>, Sense)>>,
    long_words: Vec<String>,
}

impl Phrases {
    /// Reads them.
    pub fn read() -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, Sense)>> = HashMap::new();
        let mut long_words = Vec::new();
        let lines = PHRASES.lines().filter(|line| !line.starts_with('#'));
        for (key, list) in lines.filter_map(|line| line.split_once(':')) {
            for phrase in list.split(',') {
                let words: Vec<String> = fold(phrase).split(' ').map(str::to_owned).collect();
                long_words.extend(words.iter().filter(|word| word.len() >= TYPO_LETTERS_MIN).cloned());
                by_first.entry(words[0].clone()).or_default().push((words, Sense::of(key)));
            }
        }
        long_words.sort();
        long_words.dedup();
        Self { by_first, long_words }
    }

    /// Is this a word of a phrase?
    pub fn knows(&self, word: &str) -> bool {
        self.by_first.contains_key(word) || self.long_words.iter().any(|known| known == word)
    }

    /// The phrases of a sentence, in its order; `is_name` tells the words of goods, which are never a phrase with a typo.
    pub fn find(&self, tokens: &[Token], is_name: impl Fn(&str) -> bool) -> Vec<Mark> {
        let words: Vec<&str> = tokens.iter().map(|token| self.meant(token, &is_name)).collect();
        let mut found: Vec<Mark> = (0..words.len()).flat_map(|start| self.starting(&words, start)).collect();
        found.sort_by_key(|mark| (Reverse(mark.at.len()), mark.at.start));
        let mut used = vec![false; words.len()];
        found.retain(|mark| {
            let span = &mut used[mark.at.clone()];
            let is_free = !span.contains(&true);
            if is_free {
                span.fill(true);
            }
            is_free
        });
        found.sort_by_key(|mark| mark.at.start);
        deny(tokens, &mut found);
        note_that(tokens, &mut found);
        found
    }

    fn starting<'a>(&'a self, words: &'a [&str], start: usize) -> impl Iterator<Item = Mark> + 'a {
        let rest = &words[start..];
        let bucket = self.by_first.get(rest[0]).into_iter().flatten();
        let is_there = move |phrase: &&(Vec<String>, Sense)| {
            rest.len() >= phrase.0.len() && phrase.0.iter().zip(rest).all(|(word, read)| word == read)
        };
        bucket.filter(is_there).map(move |(phrase, sense)| Mark { at: start..start + phrase.len(), sense: *sense })
    }

    /// A word, or the one that it is with a typo inside it: its ends carry person and tense and must be right.
    fn meant<'a>(&'a self, token: &'a Token, is_name: &impl Fn(&str) -> bool) -> &'a str {
        let word = token.text.as_str();
        let may_err = token.kind == Kind::Word
            && word.len() >= TYPO_LETTERS_MIN
            && !self.knows(word)
            && !NO_TYPO.contains(&word)
            && !is_name(word);
        if !may_err {
            return if token.kind == Kind::Word { word } else { "" };
        }
        let (first, last) = (word.chars().next(), word.chars().next_back());
        let has_ends = |known: &&String| known.chars().next() == first && known.chars().next_back() == last;
        let mut alike = self.long_words.iter().filter(has_ends).filter(|known| is_one_typo_apart(word, known));
        match (alike.next(), alike.next()) {
            (Some(known), None) => known,
            _ => word,
        }
    }
}

/// Words that may stand between *no* and its verb.
const AFTER_NO: [&str; 12] = ["se", "me", "te", "nos", "le", "lo", "la", "hay", "que", "va", "a", "hace"];
/// Of these, so many.
const AFTER_NO_MAX: usize = 4;

/// *No* before a verb that has none of its own turns it into nothing to do; a denial swallows the verb that follows it.
fn deny(tokens: &[Token], marks: &mut Vec<Mark>) {
    for position in 0..marks.len() {
        let (start, sense) = (marks[position].at.start, marks[position].sense);
        let has_no = tokens[marks[position].at.clone()].iter().any(|token| token.is("no"));
        let follows = position > 0 && marks[position - 1].sense == Sense::Deny && marks[position - 1].at.end == start;
        let is_open = sense.is_verb() || matches!(sense, Sense::Broke | Sense::Expired);
        if is_open && (follows || !has_no && has_no_before(tokens, start)) {
            marks[position].sense = Sense::Deny;
        }
        // "No hay vencidos" says that all is well.
        let next = marks.get(position + 1);
        let is_well =
            has_no && next.is_some_and(|next| next.sense.is_incident() && next.at.start == marks[position].at.end);
        if is_well && sense == Sense::Restock {
            marks[position].sense = Sense::Deny;
            marks[position + 1].sense = Sense::Filler;
        }
    }
    for mark in marks.iter_mut().filter(|mark| mark.sense == Sense::Deny) {
        while mark.at.start > 0 && AFTER_NO.iter().chain(&["no"]).any(|word| tokens[mark.at.start - 1].is(word)) {
            mark.at.start -= 1;
        }
    }
    let denials: Vec<Range<usize>> =
        marks.iter().filter(|mark| mark.sense == Sense::Deny).map(|mark| mark.at.clone()).collect();
    marks.retain(|mark| mark.sense == Sense::Deny || !denials.iter().any(|denial| denial.contains(&mark.at.start)));
}

/// "Anotá que" before a verb only leads to it; before anything else it begins a remark.
fn note_that(tokens: &[Token], marks: &mut [Mark]) {
    for position in 1..marks.len() {
        let (before, after) = marks.split_at_mut(position);
        let (Some(note), Some(next)) = (before.last_mut(), after.first()) else { return };
        let is_that = note.sense == Sense::Remark && tokens[note.at.end - 1].is("que");
        if is_that && next.at.start == note.at.end && next.sense.opens() {
            note.sense = Sense::Filler;
        }
    }
}

fn has_no_before(tokens: &[Token], start: usize) -> bool {
    let before = tokens[..start].iter().rev().take(AFTER_NO_MAX);
    before.take_while(|token| token.is("no") || AFTER_NO.iter().any(|word| token.is(word))).any(|token| token.is("no"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::tokens::tokens;

    #[test]
    fn every_line_has_a_sense_and_every_phrase_only_one() {
        let mut seen = HashMap::new();
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.chars().count() <= 120, "{line}");
            let (key, list) = line.split_once(": ").expect("a key");
            assert!(key == "filler" || Sense::of(key) != Sense::Filler, "{key}");
            for phrase in list.split(", ") {
                assert_eq!(phrase, fold(phrase));
                assert_eq!(seen.insert(phrase, key), None, "{phrase}");
            }
        }
    }

    #[test]
    fn the_longest_phrase_wins_and_no_turns_a_verb_into_nothing() {
        let phrases = Phrases::read();
        for (text, expected) in [
            ("falta pan", "Restock"),
            ("sin falta", "High"),
            ("ya no hay pan", "Restock"),
            ("ya", "High"),
            ("no hay que pedir pan", "Deny Deny"),
            ("anota que falta pan", "Restock"),
            ("anotar que no queda pan", "Filler Restock"),
            ("no me pidas pan", "Deny"),
            ("no se rompió", "Deny"),
            ("no, falta pan", "Restock"),
            ("necesito traer pan", "Purchase"),
            ("hay que pedir pan", "Purchase"),
            ("no es urgente pero falta pan", "Low Filler Restock"),
            ("flata pan", "Restock"),
            ("salta", ""),
        ] {
            let found = phrases.find(&tokens(text), |_| false);
            let senses: Vec<String> = found.iter().map(|mark| format!("{:?}", mark.sense)).collect();
            assert_eq!(senses.join(" "), expected, "{text}");
        }
    }
}
