//! The shop's products by the words that people say for them, indexed once.
//!
//! Law: **a product is found only when every word that was said is its own, its brand was said where it has one, and
//! nothing that tells it from another was left unsaid.** Whatever else fits are candidates of a question.

use std::collections::{HashMap, HashSet};

use gondola_ledger::{Qty, Unit};

use super::known::Product;
use super::numbers::{Point, figures, word as number_word};
use super::tokens::{Kind, Token, tokens};
use super::typos::Vocabulary;
use super::units::{SaidUnit, Size, measure};
use super::words::{canonical, is_connector};

const ORDINARY: &str = include_str!("../assign/lexicon/ordinary.txt");

/// Position of a product.
pub(super) type At = usize;

/// One part of what was said of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A word, in its base form.
    Word(String),
    /// A bare number: a size, or a figure of the name.
    Number(String, Qty),
    /// A size with its measure.
    Size(Size),
}

/// What was said of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Its parts.
    pub parts: Vec<Part>,
    /// The pack, when one was said.
    pub pack: Option<u32>,
}

/// What fits what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// One product.
    One(At),
    /// Several, or one that was not said in full.
    Several(Vec<At>),
    /// Nothing.
    Nothing,
}

/// A product by the words that people say for it.
#[derive(Debug)]
pub(super) struct Entry {
    /// The words of its name, each once.
    pub words: Vec<String>,
    /// Those of its brand.
    pub brand: Vec<String>,
    /// Words that name the goods, before anything that they are of, with or for.
    pub anchors: Vec<String>,
    /// The figures of its name.
    pub numbers: Vec<String>,
    /// What it holds.
    pub size: Option<Size>,
    /// Its pack.
    pub pack: Option<u32>,
}

/// The products of a shop.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) entries: Vec<Entry>,
    /// The products of each word, in their order.
    pub(super) postings: HashMap<String, Vec<At>>,
    pub(super) aliases: HashMap<String, Vec<At>>,
    pub(super) vocabulary: Vocabulary,
    /// Real words that are no typo of another.
    pub(super) ordinary: HashSet<String>,
    pairs: HashSet<(String, String)>,
}

impl Catalogue {
    /// Learns the products.
    pub fn new(products: &[Product]) -> Self {
        let mut catalogue = Self { ordinary: ordinary(), ..Self::default() };
        for (at, product) in products.iter().enumerate() {
            catalogue.learn(at, product);
        }
        catalogue.vocabulary = Vocabulary::new(catalogue.postings.keys());
        catalogue
    }

    /// Is this folded word one of a product's?
    pub fn knows(&self, word: &str) -> bool {
        self.postings.contains_key(&canonical(word))
    }

    /// Do two folded words stand side by side in some name?
    pub fn has_pair(&self, one: &str, other: &str) -> bool {
        self.pairs.contains(&(one.to_owned(), other.to_owned()))
    }

    fn learn(&mut self, at: At, product: &Product) {
        let name = tokens(&product.name);
        let mut entry = Entry::read(&name, product);
        let extra = tokens(&product.category).into_iter().chain(tokens(&product.brand));
        let searched: Vec<String> = entry
            .words
            .iter()
            .cloned()
            .chain(extra.filter_map(|token| base(&token)))
            .chain(entry.numbers.clone())
            .collect();
        for word in searched {
            let list = self.postings.entry(word).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
        for pair in name.windows(2) {
            self.pairs.insert((pair[0].text.clone(), pair[1].text.clone()));
        }
        for alias in &product.aliases {
            let named = self.aliases.entry(key(&parts_of(&tokens(alias)))).or_default();
            if !named.contains(&at) {
                named.push(at);
            }
        }
        entry.anchors.extend(entry.brand.iter().cloned());
        self.entries.push(entry);
    }
}

impl Entry {
    fn read(name: &[Token], product: &Product) -> Self {
        let parts = parts_of(name);
        let said: Vec<&Token> = name.iter().filter(|token| token.kind == Kind::Word).collect();
        let brand: Vec<String> = tokens(&product.brand).iter().filter_map(base).collect();
        let is_brand = |word: &str| brand.iter().any(|known| known == word);
        let heads = said.iter().take_while(|token| !is_complement(&token.text));
        let heads = heads
            .map(|token| canonical(&token.text))
            .filter(|word| !is_connector(word) && SaidUnit::of(word).is_none());
        let anchors = heads.take_while(|word| brand.is_empty() || !is_brand(word)).collect();
        let size = product.content.and_then(|(amount, unit)| Size::new(amount, unit));
        let mut words = Vec::new();
        let mut numbers = Vec::new();
        let mut named_size = None;
        for part in parts {
            match part {
                Part::Word(word) if !words.contains(&word) => words.push(word),
                Part::Number(text, _) => numbers.push(text),
                Part::Size(found) => named_size = Some(found),
                Part::Word(_) => {}
            }
        }
        let pack = pack_of(name);
        if let Some(pack) = pack {
            numbers.retain(|number| *number != pack.to_string());
        }
        words.retain(|word| word != "x");
        Self { words, brand, anchors, numbers, size: size.or(named_size), pack }
    }
}

/// What follows says what the goods are of, with or for, and does not name them.
fn is_complement(word: &str) -> bool {
    matches!(word, "de" | "del" | "con" | "sabor" | "para" | "tipo" | "en" | "al" | "a")
}

fn pack_of(name: &[Token]) -> Option<u32> {
    let at = name.windows(2).position(|pair| pair[0].is("x") && pair[1].kind == Kind::Number)?;
    let is_size = name.get(at + 2).is_some_and(|token| measure(&token.text).is_some());
    name[at + 1].text.parse().ok().filter(|_| !is_size)
}

fn base(token: &Token) -> Option<String> {
    match token.kind {
        Kind::Word if !is_connector(&token.text) => Some(canonical(&token.text)),
        Kind::Number => Some(token.text.replace(',', ".")),
        _ => None,
    }
}

/// Both sides of an alias are compared as this.
pub(super) fn key(parts: &[Part]) -> String {
    let written = |part: &Part| match part {
        Part::Word(word) => word.clone(),
        Part::Number(_, value) => value.raw().to_string(),
        Part::Size(size) => format!("{size:?}"),
    };
    parts.iter().map(written).collect::<Vec<_>>().join(" ")
}

/// The parts of a name or of an alias.
pub(super) fn parts_of(tokens: &[Token]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let unit = tokens.get(at + 1).and_then(|next| measure(&next.text));
        let value = value_of(token, unit);
        match (value, unit) {
            (Some(value), Some(unit)) if Size::new(value, unit).is_some() => {
                parts.extend(Size::new(value, unit).map(Part::Size));
                at += 1;
            }
            (Some(value), _) if token.kind == Kind::Number => {
                parts.push(Part::Number(token.text.replace(',', "."), value));
            }
            (Some(value), _) if at > 0 => parts.push(Part::Number((value.raw() / 1_000).to_string(), value)),
            _ => parts.extend(base(token).map(Part::Word)),
        }
        at += 1;
    }
    parts
}

fn value_of(token: &Token, unit: Option<Unit>) -> Option<Qty> {
    let point = if unit.is_some() { Point::Decimals } else { Point::Thousands };
    match token.kind {
        Kind::Number => figures(&token.text, point),
        Kind::Word => number_word(&token.text).filter(|&number| number > 1).and_then(Qty::whole),
        _ => None,
    }
}

fn ordinary() -> HashSet<String> {
    let lines = ORDINARY.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
    lines.flat_map(|(_, list)| list.split(',')).map(|word| canonical(word.trim())).collect()
}
