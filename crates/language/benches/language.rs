//! How long one sentence takes to be understood, and one item to be given to its supplier: the whole corpus of sentences, over
//! and over, in a shop of 5,000 products, beside the same in the small shop that the corpus was written for.
//!
//! `cargo xtask bench language` runs it. Nothing is asserted: the figures are printed.

#![allow(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints milliseconds, none of them money")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gondola_language::assign::{Directory, profiles};
use gondola_language::parse::{Parser, Place, Product};
use gondola_ledger::Unit;

#[path = "../tests/parse/case.rs"]
#[allow(dead_code, reason = "it reads the shop and the corpus with it, and judges nothing")]
mod case;

const CORPUS: &str = include_str!("../tests/parse/corpus.txt");
/// Products of the large shop, those of the small one among them.
const PRODUCTS: usize = 5_000;
/// How often the whole corpus is read.
const ROUNDS: usize = 30;
/// What a sentence may take.
const WANTED: Duration = Duration::from_millis(5);

fn main() {
    let said: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if !said.is_empty() && !said.iter().flat_map(|word| word.split(',')).any(|word| word == "language") {
        return;
    }
    let small = case::products();
    let large: Vec<Product> = small.iter().cloned().chain((0..).map(invented)).take(PRODUCTS).collect();
    let sentences: Vec<&str> =
        case::lines(CORPUS).filter_map(|line| line.rsplit_once(" | ").map(|(sentence, _)| sentence)).collect();
    println!("{} sentences, {ROUNDS} times; wanted under {WANTED:?} each", sentences.len());
    // The hardest is the text whose middle reading is slowest; the slowest single reading is the machine's as much as ours.
    println!("{:<44}{:>12}{:>12}{:>12}{:>12}", "", "median", "P99", "hardest", "slowest");
    for products in [small, large] {
        let count = products.len();
        let parser = Parser::new(case::known(products));
        let took = measured(&sentences, |sentence| black_box(parser.read(sentence, Place::Notebook)).entries.len());
        println!("{:<44}{took}", format!("a sentence is read, {count} products"));
    }
    let directory = Directory::new(profiles());
    let names: Vec<String> = (0..PRODUCTS).map(|number| invented(number).name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (what, texts) in [("a sentence is assigned whole", &sentences), ("a product's name is assigned", &names)] {
        let took = measured(texts, |text| black_box(directory.assign(text, None)).code().map_or(0, str::len));
        println!("{what:<44}{took}");
    }
}

/// What it took: every reading, and of each text the middle one.
struct Took {
    readings: Vec<Duration>,
    middles: Vec<Duration>,
}

fn measured(texts: &[&str], read: impl Fn(&str) -> usize) -> Took {
    let mut by_text = vec![Vec::with_capacity(ROUNDS); texts.len()];
    for _ in 0..ROUNDS {
        for (text, took) in texts.iter().zip(&mut by_text) {
            let began = Instant::now();
            black_box(read(black_box(text)));
            took.push(began.elapsed());
        }
    }
    by_text.iter_mut().for_each(|took| took.sort());
    let middles = by_text.iter().map(|took| took[ROUNDS / 2]).collect();
    let mut readings = by_text.concat();
    readings.sort();
    Took { readings, middles }
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |permille: usize| self.readings[(self.readings.len() - 1) * permille / 1_000];
        let hardest = self.middles.iter().max().copied().unwrap_or_default();
        [at(500), at(990), hardest, at(1_000)]
            .iter()
            .try_for_each(|took| write!(f, "{:>12}", format!("{:.3} ms", took.as_secs_f64() * 1_000.0)))
    }
}

/// The brands that suppliers of the shop bring, each with goods of its own, and as many words that nobody knows.
const HEADS: [&str; 12] = [
    "Galletitas",
    "Fideos",
    "Aceite",
    "Yerba",
    "Arroz",
    "Cerveza",
    "Vino",
    "Detergente",
    "Leche",
    "Queso",
    "Mermelada",
    "Gaseosa",
];
const BRANDS: [&str; 10] = [
    "Oreo",
    "Lucchetti",
    "Natura",
    "La Virginia",
    "Gallo",
    "Brahma",
    "Ayudín",
    "La Serenísima",
    "Marolio",
    "Coca-Cola",
];
const KINDS: [&str; 8] = ["clásico", "light", "sin sal", "integral", "frutilla", "familiar", "doble", "extra"];

/// A product as a shop's list has it; no two are called the same.
fn invented(number: usize) -> Product {
    let (head, brand) = (HEADS[number % HEADS.len()], BRANDS[number / HEADS.len() % BRANDS.len()]);
    let kind = KINDS[number / (HEADS.len() * BRANDS.len()) % KINDS.len()];
    let (series, size) = (number / (HEADS.len() * BRANDS.len() * KINDS.len()), 100 + number % 17 * 50);
    Product {
        sku: format!("GEN-{number}"),
        name: format!("{head} {brand} {kind} {} {size} g", series_name(series)),
        brand: brand.to_owned(),
        category: head.to_owned(),
        unit: Unit::Un,
        content: None,
        aliases: Vec::new(),
        supplier: None,
    }
}

/// The word that tells one series from another.
fn series_name(series: usize) -> &'static str {
    ["Rivera", "Malena", "Tandil", "Quequén", "Azul", "Balcarce"][series % 6]
}
