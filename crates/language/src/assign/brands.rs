//! The brands of an item, and whether each is meant: a brand that is a common word needs its product or its capital,
//! and one that stands beside the goods ("tipo Oreo", "con Coca") does not say whose they are.

use std::collections::HashMap;

use super::index::{Brand, Found, Meaning};
use super::lexicon::Common;
use super::small::Small;
use crate::text::{Word, fold};

/// How a brand stands in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the brand of the goods.
    Meant,
    /// It may be only a word.
    CommonWord,
    /// The goods go with it or resemble it.
    Beside,
}

/// An item as it was read, with what is needed to judge its brands.
pub(super) struct Judge<'a> {
    /// Its words.
    pub words: &'a [Word],
    /// Is there no small letter in it, so that capitals say nothing?
    pub is_shouted: bool,
    /// Brands that are common words too.
    pub common: &'a HashMap<String, Common>,
    /// Words that carry no goods.
    pub small: &'a Small,
}

impl Judge<'_> {
    /// How a brand, as its supplier writes it, stands where it was found.
    pub fn standing(&self, found: &Found<'_>, brand: &str) -> Standing {
        let before = &self.words[..found.words.start];
        if self.small.set_beside(before) {
            return Standing::Beside;
        }
        match self.common.get(&fold(brand)) {
            Some(common) if !self.is_shown(found, common) => Standing::CommonWord,
            _ => Standing::Meant,
        }
    }

    /// Do the words around a brand, or its capital, show that it is the brand?
    fn is_shown(&self, found: &Found<'_>, common: &Common) -> bool {
        let (before, after) = (&self.words[..found.words.start], self.words.get(found.words.end));
        let has_noun = before.iter().any(|word| common.nouns.contains(&word.text));
        let has_follower = after.is_some_and(|word| common.followers.contains(&word.text));
        has_noun || has_follower || self.is_shown_by_capital(found)
    }

    /// Inside a text a capital is enough. At its beginning, and where all is in capitals, it says something only of a
    /// brand that stands alone, with nothing but its size behind it.
    fn is_shown_by_capital(&self, found: &Found<'_>) -> bool {
        let (before, after) = (&self.words[..found.words.start], self.words.get(found.words.end));
        if !self.words[found.words.start].capitalised {
            return false;
        }
        let is_inside = !before.is_empty() && !self.is_shouted;
        let stands_alone =
            before.iter().all(|word| self.small.leads(word)) && after.is_none_or(|word| self.small.measures(word));
        is_inside || stands_alone
    }
}

/// The brands of what was found, in its order.
pub(super) fn of<'f, 'd>(found: &'f [Found<'d>]) -> impl Iterator<Item = (&'f Found<'d>, Brand)> {
    found.iter().flat_map(|found| {
        found.phrase.meanings.iter().filter_map(move |meaning| match *meaning {
            Meaning::Brand(brand) => Some((found, brand)),
            _ => None,
        })
    })
}
