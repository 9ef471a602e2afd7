//! From items to entries and questions: which product, how much, from whom, and what is not clear about it.

use gondola_ledger::Unit;
use gondola_ledger::qty::QUANTITY_MAX;

use super::CANDIDATES_MAX;
use super::catalogue::{At, Fit, Part};
use super::compose::{Composer, Frame};
use super::fitting::WIDE;
use super::item::Item;
use super::reading::{Action, Choice, Entry, Goods, Priority, Question, Unclear};
use super::units::{SaidUnit, kilograms};
use super::words::{canonical, is_connector};
use crate::assign::{Assignment, Confidence, Doubt, Reason};
use crate::text::fold;

/// Words nobody knows that free text may have beside what says whose it is.
const FREE_WORDS_MAX: usize = 3;

impl Composer<'_> {
    /// Writes or asks for one item.
    pub(super) fn item(&mut self, frame: &Frame, item: &Item, text: String) {
        let (fit, item) = self.fit(item);
        let mut draft = self.draft(frame, &item, text);
        match fit {
            Fit::One(at) if self.is_family(at, &item, &draft.text) => self.several(frame, &item, draft, &[at]),
            Fit::One(at) => {
                let product = &self.parser.products[at];
                draft.goods = Goods::Product(product.sku.clone());
                if item.unit.is_none()
                    && product.unit == Unit::Kg
                    && draft.quantity.is_some_and(|quantity| !quantity.is_whole())
                {
                    draft.unit = SaidUnit::Kg;
                }
                draft.supplier = self.choice(frame, &draft.text, Some(at));
                self.settle(frame, &item, draft);
            }
            Fit::Several(candidates) => self.several(frame, &item, draft, &candidates),
            Fit::Nothing => self.nothing_fits(frame, &item, draft),
        }
    }

    /// What fits, a measure behind goods that are sold by weight being their quantity, and a container their kind.
    pub(super) fn fit(&self, item: &Item) -> (Fit, Item) {
        let catalogue = &self.parser.catalogue;
        let found = catalogue.fit(&item.said);
        let container = match item.unit {
            Some(SaidUnit::Can) => Some("lata"),
            Some(SaidUnit::Bottle) => Some("botella"),
            _ => None,
        };
        if let (Fit::Several(_), Some(container)) = (&found, container) {
            let mut said = item.said.clone();
            said.parts.push(Part::Word(container.to_owned()));
            let narrowed = catalogue.fit(&said);
            return (if narrowed == Fit::Nothing { found } else { narrowed }, item.clone());
        }
        let weight = item.measured.and_then(|(amount, unit)| kilograms(amount, unit));
        if let (Fit::Nothing, None, Some(weight)) = (&found, item.quantity, weight) {
            let mut weighed = item.clone();
            weighed.said.parts.retain(|part| !matches!(part, Part::Size(_)));
            (weighed.quantity, weighed.unit) = (Some(weight), Some(SaidUnit::Kg));
            let fit = catalogue.fit(&weighed.said);
            let is_weighed = |at: &At| self.parser.products[*at].unit == Unit::Kg;
            let are_weighed = match &fit {
                Fit::One(at) => is_weighed(at),
                Fit::Several(all) => all.iter().all(is_weighed),
                Fit::Nothing => false,
            };
            if are_weighed {
                return (fit, weighed);
            }
        }
        (found, item.clone())
    }

    fn several(&mut self, frame: &Frame, item: &Item, mut draft: Entry, candidates: &[At]) {
        let choice = self.choice(frame, &draft.text, None);
        let share = |code: &str| {
            candidates.iter().all(|&at| self.parser.suppliers[at].as_deref().is_none_or(|own| own == code))
        };
        let is_shared = frame.supplier.is_some()
            || candidates.len() < WIDE && choice.as_ref().is_some_and(|choice| share(&choice.code));
        if frame.action == Action::Incident {
            draft.goods = Goods::Brand;
            draft.supplier = choice;
            self.incident(draft, candidates);
        } else if !frame.action.moves_stock() && is_shared && !frame.is_asked_first(self.place) {
            draft.goods = Goods::Brand;
            draft.supplier = choice;
            self.settle(frame, item, draft);
        } else if !frame.action.moves_stock() && !frame.is_asked_first(self.place) && self.is_kind(item, &draft.text) {
            draft.supplier = choice;
            self.settle(frame, item, draft);
        } else {
            let suppliers = offered(&self.parser.directory.assign(&draft.text, None));
            let products = self.skus(candidates);
            self.ask(Unclear::Which, draft, products, suppliers);
        }
    }

    /// Is it one kind of goods, said in full and clear in itself, as "papa" is beside crisps?
    fn is_kind(&self, item: &Item, text: &str) -> bool {
        let assignment = self.parser.directory.assign(text, None);
        matches!(assignment, Assignment::To { .. }) && is_said_whole(&assignment, item, text)
    }

    /// Is it the bare name of a family, of which the shop happens to keep one kind without a brand?
    fn is_family(&self, at: At, item: &Item, text: &str) -> bool {
        let product = &self.parser.products[at];
        let is_said = is_same(&product.name, text) || self.parser.catalogue.is_alias(&item.said);
        let is_bare = product.brand.is_empty() && !is_said;
        let asks = || self.parser.directory.assign(text, None);
        is_bare && matches!(asks(), Assignment::Ask { doubt: Doubt::Family(family), .. } if is_same(family, text))
    }

    fn nothing_fits(&mut self, frame: &Frame, item: &Item, mut draft: Entry) {
        if frame.action == Action::Incident {
            return self.incident(draft, &[]);
        }
        let assignment = self.parser.directory.assign(&draft.text, None);
        let doubt = match &assignment {
            Assignment::Ask { doubt, .. } => Some(*doubt),
            Assignment::To { .. } => None,
        };
        if frame.is_bare && !is_said_whole(&assignment, item, &draft.text) {
            let stranger = Question { about: Unclear::Create, draft, products: Vec::new(), suppliers: Vec::new() };
            return self.strangers.push(stranger);
        }
        let known = |part: &&Part| matches!(part, Part::Word(word) if !self.parser.catalogue.knows(word));
        let is_clear = item.has_words() && item.said.parts.iter().filter(known).count() <= FREE_WORDS_MAX;
        let choice = named(frame).or_else(|| chosen(&assignment));
        if let Some(candidates) = self.without_numbers(item) {
            let products = self.skus(&candidates);
            return self.ask(Unclear::Which, draft, products, offered(&assignment));
        }
        if !frame.action.moves_stock() && is_clear && choice.is_some() && !frame.is_asked_first(self.place) {
            let is_brand =
                matches!(assignment, Assignment::To { reason: Reason::OwnBrand(_) | Reason::DistributedBrand(_), .. });
            draft.goods = if is_brand { Goods::Brand } else { Goods::Text };
            draft.supplier = choice;
            return self.settle(frame, item, draft);
        }
        let is_open = matches!(doubt, Some(Doubt::Family(_) | Doubt::Several(_)));
        let suppliers = offered(&assignment);
        self.ask(if is_open { Unclear::Which } else { Unclear::Create }, draft, Vec::new(), suppliers);
    }

    /// The goods are clear: is all the rest?
    fn settle(&mut self, frame: &Frame, item: &Item, draft: Entry) {
        let is_split = draft.quantity.is_some_and(|quantity| !quantity.is_whole()) && !draft.unit.is_measure();
        let is_allowed = draft.quantity.is_none_or(|quantity| quantity.is_positive() && quantity <= QUANTITY_MAX);
        let is_loose = match &draft.goods {
            Goods::Product(sku) => self.parser.is_weighed(sku) && draft.unit == SaidUnit::Un,
            Goods::Brand | Goods::Text => false,
        };
        let moves = frame.action.moves_stock();
        let is_missing = moves && (draft.quantity.is_none() || is_loose);
        if frame.is_asked_first(self.place) {
            self.ask(Unclear::Action, draft, Vec::new(), Vec::new());
        } else if item.is_odd || is_split && draft.unit != SaidUnit::Crate || !is_allowed || is_missing {
            self.ask(Unclear::Quantity, draft, Vec::new(), Vec::new());
        } else if frame.action == Action::Waste && draft.reason.is_none() {
            self.ask(Unclear::Reason, draft, Vec::new(), Vec::new());
        } else if frame.action == Action::Incident {
            self.incident(draft, &[]);
        } else {
            self.reading.entries.push(draft);
        }
    }

    /// An incident is noted as it is; the loss behind it is offered, or its product asked.
    fn incident(&mut self, entry: Entry, candidates: &[At]) {
        if entry.reason.is_some() {
            let loss =
                Entry { action: Action::Waste, priority: Priority::Normal, from: Some(self.here()), ..entry.clone() };
            match entry.goods {
                Goods::Product(_) => self.reading.offers.push(loss),
                _ if candidates.is_empty() => {}
                _ => {
                    let products = self.skus(candidates);
                    self.ask(Unclear::Which, loss, products, Vec::new());
                }
            }
        }
        self.reading.entries.push(entry);
    }

    /// An item as an entry, its goods not yet known.
    pub(super) fn draft(&self, frame: &Frame, item: &Item, text: String) -> Entry {
        Entry {
            action: frame.action,
            goods: Goods::Text,
            text,
            quantity: item.quantity,
            unit: item.unit.unwrap_or(SaidUnit::Un),
            supplier: None,
            priority: if frame.action.moves_stock() { Priority::Normal } else { frame.priority },
            reason: frame.reason.clone(),
            from: frame.route.from.clone(),
            to: frame.route.to.clone(),
            joining: item.joining,
        }
    }

    /// Asks.
    pub(super) fn ask(&mut self, about: Unclear, draft: Entry, products: Vec<String>, suppliers: Vec<String>) {
        self.reading.questions.push(Question { about, draft, products, suppliers });
    }

    /// Who brings it: whom the sentence names, whom the shop remembers, or whose it is.
    fn choice(&self, frame: &Frame, text: &str, product: Option<At>) -> Option<Choice> {
        let product = product.map(|at| &self.parser.products[at]);
        let memory = product.and_then(|product| product.supplier.as_deref());
        let of = |text: &str| chosen(&self.parser.directory.assign(text, memory));
        named(frame).or_else(|| of(text)).or_else(|| of(&product?.name))
    }

    /// The products that would fit if a bare number, which is none of their sizes, had not been said.
    fn without_numbers(&self, item: &Item) -> Option<Vec<At>> {
        let mut said = item.said.clone();
        said.parts.retain(|part| !matches!(part, Part::Number(..)));
        let is_less = said.parts.len() < item.said.parts.len();
        match is_less.then(|| self.parser.catalogue.fit(&said))? {
            Fit::One(at) => Some(vec![at]),
            Fit::Several(candidates) => Some(candidates),
            Fit::Nothing => None,
        }
    }

    fn skus(&self, candidates: &[At]) -> Vec<String> {
        candidates.iter().take(CANDIDATES_MAX).map(|&at| self.parser.products[at].sku.clone()).collect()
    }
}

/// The supplier that the sentence names.
fn named(frame: &Frame) -> Option<Choice> {
    let code = frame.supplier.clone()?;
    Some(Choice { code, confidence: Confidence::CERTAIN })
}

fn chosen(assignment: &Assignment<'_>) -> Option<Choice> {
    let (code, confidence) = (assignment.code()?.to_owned(), assignment.confidence()?);
    Some(Choice { code, confidence })
}

fn offered(assignment: &Assignment<'_>) -> Vec<String> {
    match assignment {
        Assignment::Ask { candidates, .. } => {
            candidates.iter().take(CANDIDATES_MAX).map(|supplier| supplier.code.clone()).collect()
        }
        Assignment::To { supplier, .. } => vec![supplier.code.clone()],
    }
}

/// Does an assignment rest on all the words of an item, so that nothing in it is unknown?
pub(super) fn is_said_whole(assignment: &Assignment<'_>, item: &Item, text: &str) -> bool {
    let phrase = match assignment {
        Assignment::To { reason, .. } => match reason {
            Reason::Speciality(word)
            | Reason::Default(word)
            | Reason::OwnBrand(word)
            | Reason::DistributedBrand(word) => word,
            Reason::Named | Reason::Memory => return false,
        },
        Assignment::Ask { doubt: Doubt::Family(word) | Doubt::Several(word), .. } => word,
        Assignment::Ask { .. } => return false,
    };
    if matches!(assignment, Assignment::To { reason: Reason::Speciality(_), .. }) {
        // The phrase is the speciality's, not the word's: only a word that stands alone is sure to be it.
        return item.said.parts.len() == 1 && item.has_words();
    }
    let words = |text: &str| fold(text).split(' ').map(canonical).collect::<Vec<_>>();
    let phrase = words(phrase);
    let is_free = |word: &String| is_connector(word);
    item.has_words() && words(text).iter().all(|word| is_free(word) || phrase.contains(word))
}

/// Are two texts the same words, in any number?
fn is_same(one: &str, other: &str) -> bool {
    let words = |text: &str| fold(text).split(' ').map(canonical).collect::<Vec<_>>();
    words(one) == words(other)
}
