//! The words of the trade: which nouns make a speciality, which are bare families, what belongs to nobody in
//! particular, what people call a brand. Data, one topic per file in `lexicon/`, each with its own heading.
//!
//! No supplier is named here: who serves what follows from the shop's own suppliers.

use std::collections::HashMap;

use crate::text::{fold, plural};

const GROUPS: &str = include_str!("lexicon/groups.txt");
const FAMILIES: &str = include_str!("lexicon/families.txt");
const GENERAL: &str = include_str!("lexicon/general.txt");
const ALIASES: &str = include_str!("lexicon/aliases.txt");
const COMMON: &str = include_str!("lexicon/common.txt");
const ORDINARY: &str = include_str!("lexicon/ordinary.txt");
const SMALL: &str = include_str!("lexicon/small.txt");

/// What a phrase is made of beside its nouns; these stay in the singular.
const CONNECTORS: [&str; 9] = ["de", "del", "la", "en", "con", "al", "y", "sin", "para"];
/// Nouns of one phrase whose plurals are combined; a longer phrase is known as it is written.
const NOUNS_MAX: usize = 3;

/// One line of a file: what stands before its colon, and the list behind it.
pub(super) struct Row {
    /// Before the colon.
    pub key: &'static str,
    /// Behind it, split at commas; none is empty.
    pub list: Vec<&'static str>,
}

/// A brand that is a common word too, and what shows that the brand is meant. All of it folded.
#[derive(Debug)]
pub(super) struct Common {
    /// Nouns that stand somewhere before it.
    pub nouns: Vec<String>,
    /// Words that follow it at once.
    pub followers: Vec<String>,
}

/// The nouns of a speciality: those of the group of that name, singular or plural, or the text itself.
pub(super) fn nouns_of(speciality: &str) -> Vec<&str> {
    let wanted = forms(speciality);
    let group = rows(GROUPS).filter(|row| wanted.contains(&fold(row.key)));
    let nouns: Vec<&str> = group.flat_map(|row| row.list).collect();
    if nouns.is_empty() { vec![speciality] } else { nouns }
}

/// The bare families, each with the brands that it comes in.
pub(super) fn families() -> impl Iterator<Item = Row> {
    rows(FAMILIES)
}

/// The nouns of clear requests that belong to nobody in particular.
pub(super) fn general() -> impl Iterator<Item = &'static str> {
    rows(GENERAL).flat_map(|row| row.list)
}

/// Other ways to write a brand, which is given folded.
pub(super) fn aliases(brand: &str) -> Vec<&'static str> {
    rows(ALIASES).find(|row| fold(row.key) == brand).map_or_else(Vec::new, |row| row.list)
}

/// The brands that are common words too, by their folded names.
pub(super) fn common() -> HashMap<String, Common> {
    let read = |line: &'static str| {
        let (brand, evidence) = line.split_once(':').unwrap_or((line, ""));
        let (nouns, followers) = evidence.split_once('|').unwrap_or((evidence, ""));
        let written = |list| items(list).flat_map(forms).collect();
        (fold(brand), Common { nouns: written(nouns), followers: written(followers) })
    };
    lines(COMMON).map(read).collect()
}

/// The words of one part that carry no goods, folded.
pub(super) fn small(part: &str) -> impl Iterator<Item = String> {
    rows(SMALL).filter(move |row| row.key == part).flat_map(|row| row.list).map(fold)
}

/// Real words that are one letter from a brand or a noun, folded.
pub(super) fn ordinary() -> impl Iterator<Item = &'static str> {
    rows(ORDINARY).flat_map(|row| row.list)
}

/// Every way to write a noun phrase, folded: each of its nouns in the singular and in the plural.
pub(super) fn forms(phrase: &str) -> Vec<String> {
    let phrase = fold(phrase);
    let words: Vec<&str> = phrase.split(' ').collect();
    let nouns = words.iter().filter(|word| !CONNECTORS.contains(word)).count();
    if nouns > NOUNS_MAX {
        return vec![phrase];
    }
    let ways = |word: &str| {
        if CONNECTORS.contains(&word) {
            return vec![word.to_owned()];
        }
        let singular = word.strip_suffix('s').filter(|stem| stem.len() > 3).map(str::to_owned);
        let mut ways = vec![word.to_owned(), plural(word)];
        ways.extend(singular);
        ways.dedup();
        ways
    };
    words.iter().fold(vec![String::new()], |begun, word| {
        let with = |way: &String| begun.iter().map(|start| format!("{start} {way}").trim_start().to_owned()).collect();
        ways(word).iter().flat_map(|way| -> Vec<String> { with(way) }).collect()
    })
}

fn rows(file: &'static str) -> impl Iterator<Item = Row> {
    lines(file).map(|line| {
        let (key, list) = line.split_once(':').unwrap_or((line, ""));
        Row { key: key.trim(), list: items(list).collect() }
    })
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn items(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_known_in_every_number_of_its_nouns() {
        assert_eq!(
            forms("bolsa de residuo"),
            ["bolsa de residuo", "bolsas de residuo", "bolsa de residuos", "bolsas de residuos"]
        );
        assert_eq!(forms("Té"), ["te", "tes"]);
        assert_eq!(forms("nueces"), ["nueces", "nuece"]);
        assert_eq!(forms("uno dos tres cuatro"), ["uno dos tres cuatro"], "too many to combine");
        assert_eq!(forms(""), [""]);
    }

    #[test]
    fn a_speciality_is_a_group_in_either_number_or_its_own_text() {
        assert_eq!(nouns_of("cervezas"), ["cerveza", "birra", "porrón"]);
        assert_eq!(nouns_of("FRUTOS SECOS"), nouns_of("fruto seco"));
        assert_eq!(nouns_of("flores de corte"), ["flores de corte"]);
    }

    #[test]
    fn every_row_of_every_file_is_short_and_has_a_key() {
        for line in [GROUPS, FAMILIES, GENERAL, ALIASES, COMMON, ORDINARY, SMALL].iter().flat_map(|file| file.lines()) {
            assert!(line.chars().count() <= 120, "{line}");
            assert!(line.starts_with('#') || line.contains(':'), "{line}");
        }
    }
}
