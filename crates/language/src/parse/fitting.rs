//! Which products fit what was said of them.

use std::collections::HashSet;

use super::catalogue::{At, Catalogue, Fit, Part, Said, key};
use crate::text::TYPO_LETTERS_MIN;

/// From so many products on, what was said is too wide for an answer, and the rest is not looked at.
pub(super) const WIDE: usize = 1_000;

impl Catalogue {
    /// Is what was said what the staff calls some product?
    pub fn is_alias(&self, said: &Said) -> bool {
        self.aliases.contains_key(&key(&said.parts))
    }

    /// Is there such a pack among the products that fit?
    pub fn pack_among(&self, said: &Said, pack: u32) -> bool {
        let wanted = Said { parts: said.parts.clone(), pack: None };
        let candidates = match self.fit(&wanted) {
            Fit::One(at) => self.siblings(at),
            Fit::Several(candidates) => candidates,
            Fit::Nothing => Vec::new(),
        };
        candidates.iter().any(|&at| self.entries[at].pack == Some(pack))
    }

    /// What fits what was said.
    pub fn fit(&self, said: &Said) -> Fit {
        if let Some(named) = self.aliases.get(&key(&said.parts)) {
            return settle(match said.pack {
                Some(pack) => self.with_pack(named.iter().flat_map(|&at| self.siblings(at)).collect(), pack),
                None => named.clone(),
            });
        }
        let Some(parts) = self.meant(&said.parts) else { return Fit::Nothing };
        let found = self.matching(&parts);
        let found = match said.pack {
            Some(pack) if found.len() < WIDE => self.with_pack(found, pack),
            _ => found,
        };
        self.choose(found, &parts)
    }

    fn with_pack(&self, mut found: Vec<At>, pack: u32) -> Vec<At> {
        found.retain(|&at| self.entries[at].pack == Some(pack));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The products that differ from one in their pack alone, and itself.
    fn siblings(&self, at: At) -> Vec<At> {
        let one = &self.entries[at];
        let Some(bucket) = one.words.first().and_then(|word| self.postings.get(word)) else { return vec![at] };
        let is_sibling = |&other: &At| {
            let entry = &self.entries[other];
            entry.words == one.words && entry.size == one.size && entry.numbers == one.numbers
        };
        bucket.iter().copied().filter(is_sibling).collect()
    }

    /// The parts with every word as it is known; nothing when one is not known.
    fn meant(&self, parts: &[Part]) -> Option<Vec<Part>> {
        let meant = |part: &Part| match part {
            Part::Word(word) if self.postings.contains_key(word) => Some(part.clone()),
            Part::Word(word) if word.len() < TYPO_LETTERS_MIN || self.ordinary.contains(word) => None,
            Part::Word(word) => self.vocabulary.meant(word).map(|known| Part::Word(known.to_owned())),
            Part::Number(..) | Part::Size(_) => Some(part.clone()),
        };
        parts.iter().map(meant).collect()
    }

    /// All products that have every part, with what names them.
    fn matching(&self, parts: &[Part]) -> Vec<At> {
        let lists: Vec<&Vec<At>> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Word(word) => self.postings.get(word),
                Part::Number(text, _) if parts.len() == 1 => self.postings.get(text),
                Part::Number(..) | Part::Size(_) => None,
            })
            .collect();
        let Some(shortest) = lists.iter().min_by_key(|list| list.len()) else { return Vec::new() };
        let in_all = |at: &At| lists.iter().all(|list| list.binary_search(at).is_ok());
        let found = shortest.iter().copied().filter(in_all);
        found.filter(|&at| self.has_measures(at, parts) && self.is_anchored(at, parts)).take(WIDE).collect()
    }

    fn has_measures(&self, at: At, parts: &[Part]) -> bool {
        let entry = &self.entries[at];
        parts.iter().all(|part| match part {
            Part::Word(_) => true,
            Part::Number(text, value) => {
                entry.numbers.contains(text) || entry.size.is_some_and(|size| size.is_written(*value))
            }
            Part::Size(size) => entry.size == Some(*size),
        })
    }

    fn is_anchored(&self, at: At, parts: &[Part]) -> bool {
        let entry = &self.entries[at];
        parts.iter().any(|part| match part {
            Part::Word(word) | Part::Number(word, _) => entry.anchors.contains(word),
            Part::Size(_) => false,
        })
    }

    fn choose(&self, found: Vec<At>, parts: &[Part]) -> Fit {
        if found.len() >= WIDE {
            return Fit::Several(found);
        }
        let says = |text: &String| parts.iter().any(|part| is_text(part, text));
        let says_brand = |&at: &At| self.entries[at].brand.iter().any(says);
        let branded: Vec<At> = found.iter().copied().filter(says_brand).collect();
        let found = if branded.is_empty() { found } else { branded };
        match found.as_slice() {
            [] => Fit::Nothing,
            [only] if says_brand(only) || self.entries[*only].brand.is_empty() => Fit::One(*only),
            [_] => Fit::Several(found),
            _ => self.plain(&found, parts).map_or(Fit::Several(found), Fit::One),
        }
    }

    /// The one of several of which nothing was left unsaid but what all of them have.
    fn plain(&self, several: &[At], parts: &[Part]) -> Option<At> {
        let first = &self.entries[several[0]];
        let is_like_first = |&at: &At| self.entries[at].size == first.size && self.entries[at].pack == first.pack;
        let says_size = parts.iter().any(|part| !matches!(part, Part::Word(_)));
        if !says_size && !several.iter().all(is_like_first) {
            return None;
        }
        let is_common = |word: &&String| several.iter().all(|&at| self.entries[at].words.contains(word));
        let common: HashSet<&String> = first.words.iter().filter(is_common).collect();
        let says = |text: &String| parts.iter().any(|part| is_text(part, text));
        let mut full = several.iter().copied().filter(|&at| {
            let entry = &self.entries[at];
            entry.words.iter().all(|word| common.contains(word) || says(word)) && entry.numbers.iter().all(says)
        });
        full.next().filter(|_| full.next().is_none())
    }
}

fn is_text(part: &Part, text: &str) -> bool {
    match part {
        Part::Word(said) | Part::Number(said, _) => said == text,
        Part::Size(_) => false,
    }
}

fn settle(found: Vec<At>) -> Fit {
    match found.as_slice() {
        [] => Fit::Nothing,
        [only] => Fit::One(*only),
        _ => Fit::Several(found),
    }
}
