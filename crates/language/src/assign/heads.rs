//! The head of an item: the first noun of goods, behind the words that only lead to it. What follows the head tells
//! it apart and never decides: "puré de tomate" is a purée, and "bolsa de arroz" is rice.

use super::index::{Found, Meaning};
use super::small::Small;
use crate::text::Word;

/// The nouns of an item from its head on; empty when the item does not begin with a known noun.
pub(super) fn from_head<'f, 'd>(words: &[Word], found: &'f [Found<'d>], small: &Small) -> &'f [Found<'d>] {
    let mut place = 0;
    while place < words.len() {
        let here = found.iter().position(|found| found.words.start == place);
        let rest = &words[place..];
        place += match here {
            Some(position) => {
                let phrase = &found[position];
                let is_noun = phrase.phrase.meanings.iter().copied().any(Meaning::is_noun);
                match (is_noun, phrase.words.len()) {
                    (true, 1) if small.pass_over(rest) => 2,
                    (true, _) => return &found[position..],
                    (false, length) => length,
                }
            }
            None => match small.leading(rest) {
                0 => return &[],
                leading => leading,
            },
        };
    }
    &[]
}
