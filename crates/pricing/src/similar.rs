//! Law: **the same barcode is the same article; anything else is a score, and a doubt goes to a person.** Names weigh
//! 0.40 by Jaro-Winkler, brand 0.25, measure 0.20, pack 0.10, category 0.05; from 0.92 a match is automatic, from
//! 0.80 a person looks, below it is another article.
//!
//! Three doubts are never automatic: a name alone under 0.88, two barcodes that differ, and two products with the
//! same best score. What is unknown on either side adds nothing.

mod name;
mod text;

pub use name::name_similarity;
pub use text::{NAME_CHARS_MAX, normalise};

use gondola_ledger::{Qty, Unit};

/// From here a match is automatic, in thousandths.
pub const AUTOMATIC: u16 = 920;
/// From here a person looks.
pub const PERSON: u16 = 800;
/// A name under this is never automatic.
pub const NAME_WANTED: u16 = 880;

/// What equal names add.
const NAME_WEIGHT: u16 = 400;

/// How much of it one article holds: what must be equal for two lines to be one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Sold by the kilo.
    PerKilo,
    /// So many grams.
    Grams(Qty),
    /// So many millilitres.
    Millilitres(Qty),
}

impl Measure {
    /// The last measure of a name: `1.5 lt`, `473cc`, or a lone `kg`.
    pub fn read(name: &str) -> Option<Self> {
        let text = normalise(name);
        let words: Vec<&str> = text.split(' ').collect();
        (0..words.len()).rev().find_map(|at| {
            let unit = Unit::from_code(words[at]).filter(|unit| !matches!(unit, Unit::Un | Unit::M))?;
            let number = at.checked_sub(1).and_then(|before| Qty::parse(words[before], unit).ok());
            match (number, unit) {
                (Some(number), Unit::G) => Some(Self::Grams(number)),
                (Some(number), Unit::Kg) => Some(Self::Grams(thousandfold(number)?)),
                (Some(number), Unit::Ml) => Some(Self::Millilitres(number)),
                (Some(number), Unit::L) => Some(Self::Millilitres(thousandfold(number)?)),
                (None, Unit::Kg) => Some(Self::PerKilo),
                (None | Some(_), _) => None,
            }
        })
    }
}

fn thousandfold(number: Qty) -> Option<Qty> {
    number.raw().checked_mul(1_000).map(Qty::new)
}

/// What holds a drink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Lata.
    Can,
    /// Botella.
    Bottle,
}

/// Articles with rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Container and volume must be known and equal.
    Beer,
    /// Cheese and frozen goods: both sides by the kilo.
    ByKilo,
    /// No rule beyond the score.
    Other,
}

/// One side of a comparison: a line of a supplier's list, or a product of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Barcode in the one form the shop keeps: digits only, UPC-A with its leading zero.
    pub barcode: Option<String>,
    /// Name, as written.
    pub name: String,
    /// Brand.
    pub brand: Option<String>,
    /// How much is in it.
    pub measure: Option<Measure>,
    /// Units per case.
    pub units_per_case: Option<u32>,
    /// Category code.
    pub category: Option<String>,
    /// Can or bottle.
    pub container: Option<Container>,
}

/// How a supplier's line and a product belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The same barcode.
    Certain,
    /// From 0.92, without a doubt left.
    Automatic {
        /// The score, in thousandths.
        score: u16,
    },
    /// From 0.80, or with a doubt.
    Person {
        /// The score, in thousandths.
        score: u16,
    },
    /// Another article.
    Other,
}

impl Match {
    /// Its place in a ranking.
    const fn rank(self) -> u16 {
        match self {
            Self::Certain => 1_001,
            Self::Automatic { score } | Self::Person { score } => score,
            Self::Other => 0,
        }
    }
}

/// The score of two articles, in thousandths; barcodes do not count here.
pub fn score(line: &Article, product: &Article) -> u16 {
    agreed(line, product) + name_part(name_similarity(&line.name, &product.name))
}

/// Compares a line with one product of that family.
pub fn compare(line: &Article, product: &Article, family: Family) -> Match {
    if same(line.barcode.as_deref(), product.barcode.as_deref()) {
        return Match::Certain;
    }
    let agreed = agreed(line, product);
    // Comparing names is the dear part: it is left out where even equal names would not be enough.
    if !family.allows(line, product) || agreed + NAME_WEIGHT < PERSON {
        return Match::Other;
    }
    let name = name_similarity(&line.name, &product.name);
    let score = agreed + name_part(name);
    let doubtful = name < NAME_WANTED || line.barcode.is_some() && product.barcode.is_some();
    match score {
        AUTOMATIC.. if !doubtful => Match::Automatic { score },
        PERSON.. => Match::Person { score },
        _ => Match::Other,
    }
}

/// The place of the best product for a line, and how they belong together; `None` when all are other articles. When two
/// share the best score a person decides, and the first is offered.
pub fn best_match(line: &Article, products: &[(Article, Family)]) -> Option<(usize, Match)> {
    let mut best = (0, Match::Other);
    let mut shared = false;
    for (at, (product, family)) in products.iter().enumerate() {
        let found = compare(line, product, *family);
        if found.rank() > best.1.rank() {
            (best, shared) = ((at, found), false);
        } else if found.rank() == best.1.rank() {
            shared = true;
        }
    }
    match best {
        (_, Match::Other) => None,
        (at, Match::Automatic { score }) if shared => Some((at, Match::Person { score })),
        (at, Match::Certain) if shared => Some((at, Match::Person { score: score(line, &products[at].0) })),
        found => Some(found),
    }
}

impl Family {
    fn allows(self, line: &Article, product: &Article) -> bool {
        match self {
            Self::Beer => same(line.container, product.container) && same(line.measure, product.measure),
            Self::ByKilo => [line.measure, product.measure] == [Some(Measure::PerKilo); 2],
            Self::Other => true,
        }
    }
}

/// What all but the name adds.
fn agreed(line: &Article, product: &Article) -> u16 {
    let parts = [
        (250, same_words(line.brand.as_deref(), product.brand.as_deref())),
        (200, same(line.measure, product.measure)),
        (100, same(line.units_per_case, product.units_per_case)),
        (50, same_words(line.category.as_deref(), product.category.as_deref())),
    ];
    parts.iter().filter(|(_, equal)| *equal).map(|(weight, _)| weight).sum()
}

/// What a name of that similarity adds, halves up.
fn name_part(similarity: u16) -> u16 {
    let tenths = u32::from(similarity) * u32::from(NAME_WEIGHT) / 100;
    u16::try_from((tenths + 5) / 10).expect("a part of a thousand fits a u16")
}

/// Known on both sides, and equal.
fn same<T: PartialEq>(theirs: Option<T>, ours: Option<T>) -> bool {
    theirs.is_some() && theirs == ours
}

fn same_words(theirs: Option<&str>, ours: Option<&str>) -> bool {
    same(theirs.map(normalise).filter(|text| !text.is_empty()), ours.map(normalise))
}

#[cfg(test)]
mod tests;
