//! What a sentence of the notebook asks for.
//!
//! Law: **never guess.** A product is found by its alias or by all the words that were said of it; what several could
//! be is asked, with its candidates, and what nobody knows is asked too. A note may stay as wide as it was said (the
//! brand alone) when all that it could be come from one supplier; a move of stock may not.
//!
//! A sentence is read in this order: tokens, phrases (verbs, priority, denials), clauses, items, and for each item
//! quantity, unit, size, pack and product. A slash command is read by its own strict rules and by nothing else.
//!
//! Not here: what is already noted and what two notes of it make (an entry only says whether it adds to it, [`Joining`]),
//! stock and usual quantities (the shop asks [`against_levels`]), undo, tokens and writing.

mod amount;
mod catalogue;
mod clauses;
mod complete;
mod compose;
mod confirm;
mod fitting;
mod item;
mod known;
mod numbers;
mod phrases;
mod places;
mod reading;
mod sense;
mod settle;
mod slash;
mod split;
mod tokens;
mod typos;
mod units;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use gondola_ledger::Unit;

use self::catalogue::Catalogue;
use self::clauses::{Marked, clauses};
use self::compose::Composer;
use self::phrases::{Phrases, Sense};
use self::places::Names;
use self::tokens::{Kind, Token, tokens};
use crate::assign::Directory;
use crate::text::{fold, is_too_long};

pub use self::confirm::{Levels, UNASKED_MAX, USUAL_TIMES_MAX, against_levels};
pub use self::known::{BACKSTORE, Known, Location, Product, SHELF};
pub use self::reading::{
    Action, Choice, ConfirmFor, Entry, Goods, Joining, NothingFor, Outcome, Place, Priority, Question, Reading,
    Request, Unclear,
};
pub use self::units::SaidUnit;

/// Candidates that a question offers at most.
pub const CANDIDATES_MAX: usize = 3;

/// Reads the sentences of one shop.
///
/// ```
/// use std::sync::Arc;
///
/// use gondola_language::assign::{Directory, profiles};
/// use gondola_language::parse::{Known, Outcome, Parser, Place};
///
/// let directory = Arc::new(Directory::new(profiles()));
/// let parser = Parser::new(Known { products: Vec::new(), directory, locations: Vec::new() });
/// let reading = parser.read("Falta arroz y no hay más bananas", Place::Notebook);
/// assert_eq!(reading.outcome, Outcome::Done);
/// let suppliers = reading.entries.iter().filter_map(|entry| entry.supplier.as_ref());
/// assert_eq!(suppliers.map(|choice| choice.code.as_str()).collect::<Vec<_>>(), ["MAX", "FR"]);
/// ```
#[derive(Debug)]
pub struct Parser {
    products: Vec<Product>,
    by_sku: HashMap<String, usize>,
    directory: Arc<Directory>,
    catalogue: Catalogue,
    names: Names,
    phrases: Phrases,
    weighed: HashSet<String>,
    /// Who brings each product, when that is clear.
    suppliers: Vec<Option<String>>,
    /// The words of the suppliers' brands: never a phrase with a typo.
    brand_words: HashSet<String>,
}

impl Parser {
    /// Learns a shop. It is kept until products, suppliers or locations change.
    pub fn new(known: Known) -> Self {
        let Known { products, directory, locations } = known;
        let is_weighed = |product: &&Product| matches!(product.unit, Unit::Kg | Unit::G);
        Self {
            catalogue: Catalogue::new(&products),
            names: Names::new(&locations, &directory),
            phrases: Phrases::read(),
            weighed: products.iter().filter(is_weighed).map(|product| product.sku.clone()).collect(),
            suppliers: products.iter().map(|product| supplier(product, &directory)).collect(),
            brand_words: brand_words(&directory),
            by_sku: products.iter().enumerate().map(|(at, product)| (product.sku.clone(), at)).collect(),
            products,
            directory,
        }
    }

    /// Reads a sentence that was written in a place.
    pub fn read(&self, sentence: &str, place: Place) -> Reading {
        if is_too_long(sentence) {
            return Reading::of(Outcome::TooLong);
        }
        if let Some(command) = sentence.trim_start().strip_prefix('/') {
            return slash::read(self, command, place);
        }
        let tokens = tokens(sentence);
        if !tokens.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Number)) {
            return Reading::of(Outcome::Nothing(NothingFor::Empty));
        }
        let marks = self.phrases.find(&tokens, |word| self.catalogue.knows(word) || self.brand_words.contains(word));
        if asks(sentence, &tokens, &marks) {
            return Reading::of(Outcome::Nothing(NothingFor::Asked));
        }
        let marked = Marked { tokens: &tokens, marks: &marks };
        let mut composer = Composer::new(self, sentence, place);
        for clause in clauses(&marked) {
            composer.clause(&marked, &clause);
        }
        composer.finish()
    }

    /// The product of a SKU.
    pub fn product(&self, sku: &str) -> Option<&Product> {
        self.by_sku.get(sku).map(|&at| &self.products[at])
    }

    fn is_weighed(&self, sku: &str) -> bool {
        self.weighed.contains(sku)
    }
}

/// Whom the shop remembers for a product, or whose it is.
fn supplier(product: &Product, directory: &Directory) -> Option<String> {
    match &product.supplier {
        Some(code) => Some(code.clone()),
        None => directory.assign(&product.name, None).code().map(str::to_owned),
    }
}

fn brand_words(directory: &Directory) -> HashSet<String> {
    let brands = directory
        .suppliers()
        .iter()
        .flat_map(|supplier| supplier.own_brands.iter().chain(&supplier.distributed_brands));
    brands.flat_map(|brand| fold(brand).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Does it ask instead of telling?
fn asks(sentence: &str, tokens: &[Token], marks: &[phrases::Mark]) -> bool {
    let first = marks.iter().find(|mark| mark.sense != Sense::Filler);
    let opens = first.is_some_and(|mark| {
        mark.sense == Sense::Asks && tokens[..mark.at.start].iter().all(|token| clauses::is_empty_word(&token.text))
    });
    let asks_what = tokens.first().is_some_and(|token| token.is("que"));
    sentence.contains('?') || opens || asks_what
}
