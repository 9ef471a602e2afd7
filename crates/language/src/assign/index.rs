//! Every phrase that means something, found in a text: whole words, the longest phrase first, no word used twice.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::ops::{Bound, Range};

use crate::text::{TYPO_LETTERS_MIN, Word, is_one_typo_apart};

/// Longest phrase that is looked for, in words; a longer name never matches.
pub(super) const PHRASE_WORDS_MAX: usize = 12;

/// Position of a supplier in its directory.
pub(super) type At = usize;

/// A brand of a supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Brand {
    /// Which supplier.
    pub at: At,
    /// Its own, or another's that it distributes?
    pub tier: Tier,
    /// Which one of that tier's brands.
    pub which: usize,
}

/// The two kinds of brands, the stronger claim first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// The supplier's own.
    Own,
    /// Another's, which it distributes.
    Distributed,
}

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The name of a supplier.
    Name(At),
    /// A short name or a code: it counts only where a name is expected.
    ShortName(At),
    /// A brand.
    Brand(Brand),
    /// A noun of a speciality: which supplier, which of its specialities.
    Speciality(At, usize),
    /// A word that rules a supplier out.
    Excluded(At),
    /// A bare family, by its position in the lexicon.
    Family(usize),
    /// A clear request that belongs to nobody in particular.
    General,
    /// Nothing: it keeps its words from meaning something else.
    Inert,
}

impl Meaning {
    /// Is it goods, and not a brand or a name?
    pub fn is_noun(self) -> bool {
        matches!(self, Self::Speciality(..) | Self::Family(_) | Self::General)
    }

    /// Is it a brand?
    pub fn is_brand(self) -> bool {
        matches!(self, Self::Brand(_))
    }
}

/// A phrase and all that it says.
#[derive(Debug)]
pub(super) struct Phrase {
    /// As it was first written.
    pub shown: String,
    /// What it says, in the order in which it was learned.
    pub meanings: Vec<Meaning>,
    words: Vec<String>,
}

/// A phrase in a text.
#[derive(Debug, Clone)]
pub(super) struct Found<'d> {
    /// Which words of the text.
    pub words: Range<usize>,
    /// What was found.
    pub phrase: &'d Phrase,
}

/// All phrases, by their first word.
#[derive(Debug, Default)]
pub(super) struct Index {
    phrases: HashMap<String, Vec<Phrase>>,
    known: BTreeSet<String>,
    /// Known words that a word with a typo may stand for.
    meant: BTreeSet<String>,
}

impl Index {
    /// Learns what a folded phrase says. An empty one and one beyond [`PHRASE_WORDS_MAX`] are left out.
    pub fn learn(&mut self, folded: &str, shown: &str, meaning: Meaning) {
        let words: Vec<String> = folded.split_ascii_whitespace().map(str::to_owned).collect();
        let Some(first) = words.first().filter(|_| words.len() <= PHRASE_WORDS_MAX) else { return };
        self.known.extend(words.iter().cloned());
        let bucket = self.phrases.entry(first.clone()).or_default();
        match bucket.iter_mut().find(|phrase| phrase.words == words) {
            Some(phrase) if phrase.meanings.contains(&meaning) => {}
            Some(phrase) => phrase.meanings.push(meaning),
            None => bucket.push(Phrase { shown: shown.to_owned(), meanings: vec![meaning], words }),
        }
    }

    /// Learns that a folded word is a real one: it is no typo of another.
    pub fn know(&mut self, word: &str) {
        self.known.insert(word.to_owned());
    }

    /// Lets the words of a folded phrase be recognised with a typo in them, where they are long enough in its base form:
    /// the plural of a short word is as easily another word as the short word itself.
    pub fn allow_typos(&mut self, base: &str, form: &str) {
        let pairs = base.split_ascii_whitespace().zip(form.split_ascii_whitespace());
        let long = pairs.filter(|(base, _)| base.chars().count() >= TYPO_LETTERS_MIN);
        self.meant.extend(long.map(|(_, form)| form.to_owned()));
    }

    /// Never takes another word for this folded one.
    pub fn forbid_typos(&mut self, word: &str) {
        self.meant.remove(word);
    }

    /// Is this text a brand, or does it begin with a word for goods?
    pub fn is_goods(&self, folded: &str) -> bool {
        let words: Vec<&str> = folded.split_ascii_whitespace().collect();
        let bucket = words.first().and_then(|first| self.phrases.get(*first));
        bucket.into_iter().flatten().any(|phrase| {
            let is_whole = phrase.words == words;
            let says = |is_kind: fn(Meaning) -> bool| phrase.meanings.iter().copied().any(is_kind);
            is_whole && says(Meaning::is_brand) || phrase.words.len() == 1 && says(Meaning::is_noun)
        })
    }

    /// The phrases of a text, in its order.
    pub fn find(&self, words: &[Word]) -> Vec<Found<'_>> {
        let read: Vec<Read<'_, '_>> = words.iter().map(|word| self.read(&word.text)).collect();
        let mut found: Vec<Found<'_>> = (0..read.len()).flat_map(|start| self.starting(&read, start)).collect();
        found.sort_by_key(|found| (Reverse(found.words.len()), found.words.start));
        let mut used = vec![false; words.len()];
        found.retain(|found| {
            let span = &mut used[found.words.clone()];
            let is_free = !span.contains(&true);
            if is_free {
                span.fill(true);
            }
            is_free
        });
        found.sort_by_key(|found| found.words.start);
        found
    }

    /// Every phrase whose words are all there from a place on.
    fn starting<'d>(&'d self, read: &[Read<'_, 'd>], start: usize) -> Vec<Found<'d>> {
        let rest = &read[start..];
        let first = rest[0].meant.unwrap_or(rest[0].written);
        let is_there = |phrase: &&Phrase| {
            rest.len() >= phrase.words.len() && phrase.words.iter().zip(rest).all(|(word, read)| read.is(word))
        };
        let bucket = self.phrases.get(first).into_iter().flatten();
        bucket.filter(is_there).map(|phrase| Found { words: start..start + phrase.words.len(), phrase }).collect()
    }

    /// A word, and what it stands for when it is unknown and one typo away from exactly one known word.
    fn read<'w>(&self, written: &'w str) -> Read<'w, '_> {
        let may_err = written.len() >= TYPO_LETTERS_MIN && !self.known.contains(written);
        Read { written, meant: if may_err { self.meant_by(written) } else { None } }
    }

    /// The first letter must be right: people rarely miss it, and without it "largo" would be Fargo.
    fn meant_by(&self, written: &str) -> Option<&str> {
        let first = written.chars().next().map(String::from)?;
        let alike = self.meant.range::<str, _>((Bound::Included(first.as_str()), Bound::Unbounded));
        let alike = alike.take_while(|known| known.starts_with(&first));
        let mut found = alike.filter(|known| is_one_typo_apart(written, known)).map(String::as_str);
        let meant = found.next()?;
        // Singular and plural of one word are the same word.
        found.all(|other| other.trim_end_matches('s') == meant.trim_end_matches('s')).then_some(meant)
    }
}

/// A word of a text, as written and as it may be meant.
struct Read<'w, 'd> {
    written: &'w str,
    meant: Option<&'d str>,
}

impl Read<'_, '_> {
    fn is(&self, word: &str) -> bool {
        self.written == word || self.meant == Some(word)
    }
}
