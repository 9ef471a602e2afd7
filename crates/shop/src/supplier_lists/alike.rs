//! How much alike a line and a product are, beyond the score of the crate `pricing`: suppliers cut words short and turn them
//! round (`GALL. SURT. TERRABUSI`), so a line's words are first put in the place of the product's words that they stand for.
//! The measure is compared apart and left out of the names. Pure.
//!
//! One doubt more than the crate's goes to a person: a word on either side that the other one does not have. `Coca-Cola Zero
//! 2.25 L` and `Coca-Cola 2.25 L` are two articles, however alike they look.

use gondola_ledger::Unit;
use gondola_pricing::similar::{Article, Family, Match, compare, normalise};

/// Letters of a word cut short at least.
const SHORT_MIN: usize = 2;
/// Letters of a word without its vowels at least.
const SKELETON_MIN: usize = 3;
/// Words that tell no article from another.
const FILLERS: [&str; 17] =
    ["x", "de", "del", "la", "el", "los", "las", "con", "c", "en", "y", "a", "al", "por", "u", "un", "unid"];

/// The words of a name that tell what it is: without its measure, and without the little ones.
pub fn words(name: &str) -> Vec<String> {
    let spelled = normalise(name);
    let all: Vec<&str> = spelled.split(' ').filter(|word| !word.is_empty()).collect();
    let is_unit = |word: &str| Unit::from_code(word).is_some_and(|unit| !matches!(unit, Unit::Un | Unit::M));
    let is_number = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let measured = |at: usize| {
        let next_is_unit = all.get(at + 1).is_some_and(|next| is_unit(next));
        let after_number = at.checked_sub(1).is_some_and(|before| is_number(all[before]));
        (is_number(all[at]) && next_is_unit) || (is_unit(all[at]) && after_number)
    };
    let tells = |at: &usize| !measured(*at) && !FILLERS.contains(&all[*at]);
    (0..all.len()).filter(tells).map(|at| all[at].to_owned()).collect()
}

/// A line's words in the order of the product's, those that are cut short written out; and whether every word of either side
/// stands for one of the other.
fn aligned(line: &[String], product: &[String]) -> (String, bool) {
    let mut free: Vec<&str> = line.iter().map(String::as_str).collect();
    let mut named: Vec<&str> = Vec::with_capacity(line.len());
    let mut is_whole = true;
    // What is the same word is taken before what may stand for it.
    let same: Vec<bool> = product.iter().map(|word| take(&mut free, |other| other == word)).collect();
    for (word, is_there) in product.iter().zip(same) {
        if is_there || take(&mut free, |other| stands_for(other, word) || stands_for(word, other)) {
            named.push(word);
        } else {
            is_whole = false;
        }
    }
    is_whole &= free.is_empty();
    named.extend(free);
    (named.join(" "), is_whole)
}

fn take(free: &mut Vec<&str>, is_it: impl Fn(&str) -> bool) -> bool {
    match free.iter().position(|word| is_it(word)) {
        Some(at) => {
            free.remove(at);
            true
        }
        None => false,
    }
}

/// Whether a word may be another one cut short: its beginning (`choc` for `chocolate`) or its consonants, first and last letter
/// kept (`gtas` for `galletitas`; but `avena` is no `avellana`). Numbers are never short.
fn stands_for(short: &str, word: &str) -> bool {
    let letters = short.chars().count();
    let is_word = |text: &str| text.chars().all(char::is_alphabetic);
    if letters < SHORT_MIN || letters >= word.chars().count() || !is_word(short) || !is_word(word) {
        return false;
    }
    if word.starts_with(short) {
        return true;
    }
    let mut rest = word.chars();
    let in_order = short.chars().all(|letter| rest.any(|other| other == letter));
    letters >= SKELETON_MIN
        && in_order
        && short.chars().next() == word.chars().next()
        && short.chars().last() == word.chars().last()
}

/// A product with its words, as lines are compared with it.
pub struct Candidate {
    /// The product.
    pub article: Article,
    /// Whether it has rules of its own.
    pub family: Family,
    /// Its words.
    pub words: Vec<String>,
}

impl Candidate {
    /// A product to compare with.
    pub fn new(article: Article, family: Family) -> Self {
        let words = words(&article.name);
        Self { article: Article { name: words.join(" "), ..article }, family, words }
    }
}

/// The best of the candidates for a line, its score, and whether a person looks; none when all are other articles.
pub fn best<'c>(line: &Article, candidates: impl Iterator<Item = (usize, &'c Candidate)>) -> Option<Best> {
    let line_words = words(&line.name);
    let mut best: Option<Best> = None;
    for (at, candidate) in candidates {
        let (name, is_whole) = aligned(&line_words, &candidate.words);
        let article = Article { name, ..line.clone() };
        let (score, is_doubtful) = match compare(&article, &candidate.article, candidate.family) {
            Match::Automatic { score } => (score, !is_whole),
            Match::Person { score } => (score, true),
            Match::Certain | Match::Other => continue,
        };
        match &mut best {
            Some(known) if known.score == score => known.is_doubtful = true,
            Some(known) if known.score > score => {}
            _ => best = Some(Best { at, score, is_doubtful }),
        }
    }
    best
}

/// The product that a line is most like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Best {
    /// Its place among the candidates.
    pub at: usize,
    /// How much alike, of a thousand.
    pub score: u16,
    /// Whether a person looks.
    pub is_doubtful: bool,
}

#[cfg(test)]
mod tests {
    use gondola_pricing::similar::Measure;

    use super::*;

    fn article(name: &str, brand: &str) -> Article {
        Article {
            barcode: None,
            name: name.to_owned(),
            brand: Some(brand.to_owned()),
            measure: Measure::read(name),
            units_per_case: Some(1),
            category: None,
            container: None,
        }
    }

    fn found(line: &str, brand: &str, products: &[&str]) -> Option<(usize, bool)> {
        let candidates: Vec<Candidate> =
            products.iter().map(|name| Candidate::new(article(name, brand), Family::Other)).collect();
        best(&article(line, brand), candidates.iter().enumerate()).map(|best| (best.at, best.is_doubtful))
    }

    #[test]
    fn words_cut_short_and_turned_round_are_the_same_article() {
        let products = ["Galletitas Surtidas Terrabusi 400 g", "Galletitas Dulces Terrabusi 400 g"];
        assert_eq!(found("TERRABUSI GALL. SURT. X 400GRS", "Terrabusi", &products), Some((0, false)));
        assert_eq!(found("GTAS DULCES TERRABUSI 400g", "Terrabusi", &products), Some((1, false)));
    }

    #[test]
    fn a_word_that_the_other_side_lacks_is_a_doubt() {
        assert_eq!(found("COCA COLA ZERO 2.25LT", "Coca-Cola", &["Coca-Cola 2.25 L"]), Some((0, true)));
        assert_eq!(found("COCA COLA 2250CC", "Coca-Cola", &["Coca-Cola Zero 2.25 L"]), Some((0, true)));
        assert_eq!(
            found("COCA COLA ZERO 2.25LT", "Coca-Cola", &["Coca-Cola 2.25 L", "Coca-Cola Zero 2.25 L"]),
            Some((1, false))
        );
    }

    #[test]
    fn another_measure_or_brand_is_another_article_and_a_tie_is_a_doubt() {
        assert_eq!(found("COCA COLA 1.5LT", "Coca-Cola", &["Coca-Cola 2.25 L"]), None);
        let same = ["Chocolate Milka Leger 100 g", "Chocolatada Milka Leger 100 g"];
        assert_eq!(found("CHOC MILKA LEGER 100G", "Milka", &same), Some((0, true)));
    }

    #[test]
    fn a_measure_is_no_word_of_a_name() {
        assert_eq!(words("Yerba Playadito x 1 Kg."), ["yerba", "playadito"]);
        assert_eq!(words("7UP 500cc"), ["7", "up"]);
    }
}
