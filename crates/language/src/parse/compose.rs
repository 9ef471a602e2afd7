//! From clauses to entries and questions.

use super::Parser;
use super::catalogue::Fit;
use super::clauses::{Clause, Marked};
use super::confirm::by_itself;
use super::item::{Item, item};
use super::known::{BACKSTORE, SHELF};
use super::phrases::Sense;
use super::places::Route;
use super::reading::{Action, Entry, Goods, Joining, NothingFor, Outcome, Place, Priority, Question, Reading, Unclear};
use super::settle::is_said_whole;
use super::split::{Knowing, Parted, split};
use super::tokens::Token;
use super::units::SaidUnit;

/// What is said of all items of a clause.
pub(super) struct Frame {
    /// What to do.
    pub action: Action,
    /// How soon.
    pub priority: Priority,
    /// Why.
    pub reason: Option<String>,
    /// From where to where.
    pub route: Route,
    /// The supplier that was named.
    pub supplier: Option<String>,
    /// Is it goods alone, without a verb?
    pub is_bare: bool,
    /// Does something beside it leave open what is to be done?
    pub is_unsure: bool,
}

/// A sentence while its reading is put together.
pub(super) struct Composer<'p> {
    /// What the shop knows.
    pub parser: &'p Parser,
    /// The sentence as typed.
    pub sentence: &'p str,
    /// Where it was written.
    pub place: Place,
    /// What has been read so far.
    pub reading: Reading,
    /// The goods that were named last, and the words for them.
    pub last: Option<(Item, String)>,
    /// Goods alone that nobody knows: they are asked about only beside goods that are known.
    pub strangers: Vec<Question>,
    /// Items of the clause that are read already.
    pub items_in_clause: usize,
    nothing: Option<NothingFor>,
}

impl<'p> Composer<'p> {
    /// Begins.
    pub fn new(parser: &'p Parser, sentence: &'p str, place: Place) -> Self {
        let reading = Reading::of(Outcome::Unknown);
        Self { parser, sentence, place, reading, nothing: None, last: None, strangers: Vec::new(), items_in_clause: 0 }
    }

    /// Reads one clause.
    pub fn clause(&mut self, marked: &Marked<'_>, clause: &Clause) {
        let has_incident = marked.within(&clause.tokens).any(|mark| mark.sense.is_incident());
        let action = match clause.verb {
            Some(Sense::Remark) => return self.remark(marked, clause),
            Some(Sense::Deny) => return self.nothing = Some(NothingFor::Denied),
            Some(Sense::Account) => return self.nothing = Some(NothingFor::OnAccount),
            Some(Sense::Waste) => Action::Waste,
            Some(Sense::Broke | Sense::Expired) => Action::Incident,
            // Of goods that moved, only those are an incident whose item says so: "3 Cindor, una rota".
            Some(Sense::Inbound) => Action::Inbound,
            Some(Sense::Transfer) => Action::Transfer,
            Some(Sense::Outbound) => Action::Outbound,
            _ if has_incident => Action::Incident,
            Some(Sense::Have) => return self.nothing = Some(NothingFor::Denied),
            Some(Sense::Purchase | Sense::List | Sense::Note) => Action::Purchase,
            _ => Action::Restock,
        };
        if clause.verb.is_none() && adjoins(marked, clause) && self.is_supplier(marked, clause) {
            return;
        }
        let knowing = Knowing { catalogue: &self.parser.catalogue, names: &self.parser.names };
        let parted = split(marked, &clause.tokens, clause.verb, knowing);
        if clause.verb == Some(Sense::Note) && !self.are_goods(&parted) {
            return self.remark(marked, clause);
        }
        self.items(marked, clause, action, parted);
    }

    /// Is a clause the name of a supplier, as in "Fargo trajo 12"?
    fn is_supplier(&self, marked: &Marked<'_>, clause: &Clause) -> bool {
        let tokens = &marked.tokens[clause.tokens.clone()];
        let span = tokens.first().zip(tokens.last()).map(|(first, last)| first.span.start..last.span.end);
        span.is_some_and(|span| self.parser.names.supplier_named(&self.sentence[span]).is_some())
    }

    /// The reading as a whole.
    pub fn finish(mut self) -> Reading {
        let is_known = !self.reading.entries.is_empty() || !self.reading.questions.is_empty();
        if is_known {
            self.reading.questions.append(&mut self.strangers);
        }
        let confirm = self.reading.entries.iter().find_map(|entry| by_itself(entry.action, entry.quantity));
        self.reading.outcome = match (self.reading.questions.is_empty(), confirm, self.nothing) {
            (false, _, _) => Outcome::Ask,
            (true, Some(why), _) => Outcome::Confirm(why),
            (true, None, _) if is_known => Outcome::Done,
            (true, None, Some(why)) => Outcome::Nothing(why),
            (true, None, None) => Outcome::Unknown,
        };
        self.reading
    }

    fn items(&mut self, marked: &Marked<'_>, clause: &Clause, action: Action, parted: Parted<'_>) {
        let is_lost =
            marked.within(&clause.tokens).any(|mark| mark.sense.reason().is_some() && !mark.sense.is_incident());
        let frame = |action| Frame {
            action,
            priority: if action == Action::Incident { Priority::High } else { priority(marked, clause) },
            reason: self.reason(marked, clause, action),
            route: self.route(action, parted.route.clone()),
            supplier: parted.supplier.clone(),
            is_bare: clause.verb.is_none() && action == Action::Restock,
            is_unsure: clause.verb.is_none() && (is_lost || adjoins(marked, clause)),
        };
        let (whole, incident) = (frame(action), frame(Action::Incident));
        let mut unit = None;
        if parted.items.is_empty() && clause.verb.is_some() {
            self.nothing.get_or_insert(NothingFor::Empty);
        }
        self.items_in_clause = 0;
        for (position, tokens) in parted.items.iter().enumerate() {
            let is_moved = action.moves_stock() && action != Action::Waste;
            let is_incident = is_moved && says_incident(marked, clause, &parted.items, position);
            let frame = if is_incident { &incident } else { &whole };
            let mut item = item(tokens, &self.parser.catalogue);
            if item.waits_for_unit {
                item.unit = unit;
            }
            unit = item.unit.or(unit);
            let text = self.complete(&mut item);
            let is_number_alone = item.span.is_none() && item.packs.is_empty() && item.quantity.is_some();
            item.is_odd |= is_number_alone && self.items_in_clause > 0 && frame.action != Action::Incident;
            self.items_in_clause += 1;
            if parted.is_nobody {
                let draft = self.draft(frame, &item, text);
                self.ask(Unclear::Supplier, draft, Vec::new(), Vec::new());
            } else {
                self.item(frame, &item, text);
            }
        }
    }

    fn remark(&mut self, marked: &Marked<'_>, clause: &Clause) {
        let tokens = &marked.tokens[clause.after_verb.min(clause.tokens.end)..clause.tokens.end];
        let span = tokens.first().zip(tokens.last()).map(|(first, last)| first.span.start..last.span.end);
        let text = span
            .map_or("", |span| &self.sentence[span])
            .trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, ':' | ',' | '.' | ';'));
        if text.is_empty() {
            self.nothing.get_or_insert(NothingFor::Empty);
            return;
        }
        self.reading.entries.push(Entry {
            action: Action::Remark,
            goods: Goods::Text,
            text: text.to_owned(),
            quantity: None,
            unit: SaidUnit::Un,
            supplier: None,
            priority: priority(marked, clause),
            reason: None,
            from: None,
            to: None,
            joining: Joining::Larger,
        });
    }

    /// *Anotar* buys when everything behind it is goods of the shop.
    fn are_goods(&self, parted: &Parted<'_>) -> bool {
        let is_goods = |tokens: &Vec<&super::tokens::Token>| {
            let item = item(tokens, &self.parser.catalogue);
            let text = item.span.clone().map_or("", |span| &self.sentence[span]);
            self.fit(&item).0 != Fit::Nothing || is_said_whole(&self.parser.directory.assign(text, None), &item, text)
        };
        !parted.items.is_empty() && parted.items.iter().all(is_goods)
    }

    fn reason(&self, marked: &Marked<'_>, clause: &Clause, action: Action) -> Option<String> {
        if !matches!(action, Action::Waste | Action::Incident) {
            return None;
        }
        let own = match clause.verb {
            Some(verb) => verb.reason(),
            None => None,
        };
        let listed = own.or_else(|| marked.within(&clause.tokens).find_map(|mark| mark.sense.reason()));
        let because = || {
            let mark = marked.within(&clause.tokens).find(|mark| mark.sense == Sense::Because)?;
            let tokens = &marked.tokens[mark.at.end..clause.tokens.end];
            let span = tokens.first()?.span.start..tokens.last()?.span.end;
            Some(self.sentence[span].trim().to_owned())
        };
        listed.map(str::to_owned).or_else(because)
    }

    fn route(&self, action: Action, said: Route) -> Route {
        let here = self.here();
        let (from, to) = match action {
            Action::Inbound => (None, said.to.or(said.at).or(Some(BACKSTORE.to_owned()))),
            Action::Transfer => {
                let other = |code: &str| Some(if code == SHELF { BACKSTORE } else { SHELF }.to_owned());
                let (from, to) = (said.from.or(said.at), said.to);
                match (from, to) {
                    (Some(from), None) => (Some(from.clone()), other(&from)),
                    (None, Some(to)) => (other(&to), Some(to)),
                    (None, None) => (Some(BACKSTORE.to_owned()), Some(SHELF.to_owned())),
                    both => both,
                }
            }
            Action::Outbound => (said.from.or(said.at).or(Some(SHELF.to_owned())), None),
            Action::Waste => (said.from.or(said.at).or(Some(here)), None),
            _ => (None, None),
        };
        Route { from, to, at: None }
    }

    /// The location where it is written.
    pub(super) fn here(&self) -> String {
        match self.place {
            Place::Notebook => SHELF,
            Place::Backstore => BACKSTORE,
        }
        .to_owned()
    }
}

impl Frame {
    /// Is it goods alone, where nothing says what to do with them?
    pub(super) fn is_asked_first(&self, place: Place) -> bool {
        self.is_bare && (self.is_unsure || place == Place::Backstore)
    }
}

/// Do goods without a verb stand right before the verb of other goods, so that they may be who did it?
fn adjoins(marked: &Marked<'_>, clause: &Clause) -> bool {
    let is_last_break =
        marked.tokens[clause.tokens.clone()].last().is_none_or(|token| token.is_break() || token.is("y"));
    let is_followed = marked.marks.iter().any(|mark| mark.at.start == clause.tokens.end && mark.sense.opens());
    is_followed && !is_last_break
}

/// Does a phrase between the beginning of an item and that of the next say that something is wrong with it?
fn says_incident(marked: &Marked<'_>, clause: &Clause, items: &[Vec<&Token>], position: usize) -> bool {
    let start_of = |position: usize| items.get(position).and_then(|item| item.first()).map(|token| token.span.start);
    let (start, end) = (start_of(position), start_of(position + 1));
    marked.within(&clause.tokens).filter(|mark| mark.sense.is_incident()).any(|mark| {
        let at = marked.tokens[mark.at.start].span.start;
        start.is_some_and(|start| start <= at) && end.is_none_or(|end| at < end)
    })
}

fn priority(marked: &Marked<'_>, clause: &Clause) -> Priority {
    let has = |sense: Sense| marked.within(&clause.tokens).any(|mark| mark.sense == sense);
    if has(Sense::High) {
        Priority::High
    } else if has(Sense::Low) {
        Priority::Low
    } else {
        Priority::Normal
    }
}
