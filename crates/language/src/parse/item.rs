//! One item: how much, counted in what, of which words, sizes and packs.

use std::ops::Range;

use gondola_ledger::{Qty, Unit};

use super::amount::{amount, is_and_a_half};
use super::catalogue::{Catalogue, Part, Said};
use super::numbers::{Point, figures, word as number_word};
use super::reading::Joining;
use super::tokens::{Kind, Token};
use super::units::{SaidUnit, Size, measure};
use super::words::{canonical, is_connector};

/// Packs that one item may name; a further one is not clear.
const PACKS_MAX: usize = 2;

/// An item as it was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    /// How much.
    pub quantity: Option<Qty>,
    /// Counted in what.
    pub unit: Option<SaidUnit>,
    /// Does a number with "de" behind it wait for the unit of the item before?
    pub waits_for_unit: bool,
    /// The goods.
    pub said: Said,
    /// Where the words for them stand.
    pub span: Option<Range<usize>>,
    /// The measure that follows them, as it was written.
    pub measured: Option<(Qty, Unit)>,
    /// The numbers behind an x.
    pub packs: Vec<Qty>,
    /// Does it add to what is noted?
    pub joining: Joining,
    /// Is it a number in figures, and nothing else yet?
    pub is_in_figures: bool,
    /// Is there a number that is none, or one too many?
    pub is_odd: bool,
}

impl Item {
    /// Does it name any goods?
    pub fn has_words(&self) -> bool {
        self.said.parts.iter().any(|part| matches!(part, Part::Word(_)))
    }

    fn extend(&mut self, token: &Token) {
        let start = self.span.as_ref().map_or(token.span.start, |span| span.start);
        self.span = Some(start..token.span.end);
    }
}

/// Reads an item from its tokens.
pub(super) fn item(tokens: &[&Token], catalogue: &Catalogue) -> Item {
    let mut item = Item::default();
    let mut at = lead(tokens, catalogue, &mut item);
    if let Some(found) = amount(&tokens[at..]).filter(|found| !is_name(tokens, at, found.length, catalogue)) {
        (item.quantity, item.unit) = (Some(found.value), found.unit);
        item.is_in_figures = tokens[at].kind == Kind::Number;
        at += found.length;
        at = behind_amount(tokens, at, &mut item);
    }
    while at < tokens.len() {
        at += next(&tokens[at..], at, tokens, catalogue, &mut item);
    }
    item
}

/// Passes over what stands before the number and the goods.
fn lead(tokens: &[&Token], catalogue: &Catalogue, item: &mut Item) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        let is_number = next.is_some_and(|next| next.kind == Kind::Number || number_word(&next.text).is_some());
        let is_more = ["otro", "otra", "otros", "otras", "mas"].iter().any(|word| token.is(word));
        let is_named = next.is_some_and(|next| catalogue.has_pair(&token.text, &next.text));
        if is_more && !is_named {
            if is_number {
                item.joining = Joining::Adds;
            }
        } else if !matches!(token.text.as_str(), "de" | "del" | "unos" | "unas" | "los" | "las" | "el" | "la" | "mi")
            || next.is_none()
        {
            break;
        }
        at += 1;
    }
    at
}

/// Is what looks like a number the name of goods, as 1882 is?
fn is_name(tokens: &[&Token], at: usize, length: usize, catalogue: &Catalogue) -> bool {
    let rest = &tokens[at + length..];
    let is_alone = rest.is_empty() || rest[0].is("x");
    length == 1 && is_alone && tokens.len() > at && tokens[at].text.len() > 2 && catalogue.knows(&tokens[at].text)
}

/// "3 más de", "2 x", "6 de".
fn behind_amount(tokens: &[&Token], mut at: usize, item: &mut Item) -> usize {
    if tokens.get(at).is_some_and(|token| token.is("mas")) {
        item.joining = Joining::Adds;
        at += 1;
    }
    let is_times = tokens.get(at).is_some_and(|token| token.is("x"))
        && tokens.get(at + 1).is_some_and(|token| token.kind != Kind::Number);
    at += usize::from(is_times);
    let is_of = tokens.get(at).is_some_and(|token| token.is("de"));
    item.waits_for_unit = is_of && item.unit.is_none();
    at + usize::from(is_of)
}

/// Reads one part of the goods; how many tokens it took.
fn next(rest: &[&Token], at: usize, all: &[&Token], catalogue: &Catalogue, item: &mut Item) -> usize {
    let token = rest[0];
    if let Some(length) = pack(rest, item) {
        return length;
    }
    if let Some((value, unit, length)) = size(rest) {
        item.measured = Some((value, unit));
        item.said.parts.extend(Size::new(value, unit).map(Part::Size));
        item.extend(rest[length - 1]);
        return length;
    }
    let number = value(token, Point::Thousands);
    let counted = rest.get(1).filter(|next| next.kind == Kind::Word).and_then(|next| SaidUnit::of(&next.text));
    match (number, counted) {
        (Some(value), Some(unit)) if item.quantity.is_none() => {
            (item.quantity, item.unit) = (Some(value), Some(unit));
            return 2;
        }
        (Some(value), _) => {
            let text = if token.kind == Kind::Number {
                token.text.replace(',', ".")
            } else {
                (value.raw() / 1_000).to_string()
            };
            item.said.parts.push(Part::Number(text, value));
            item.extend(token);
        }
        (None, _) if token.kind == Kind::Number => item.is_odd = true,
        (None, _) => word(token, at, all, catalogue, item),
    }
    1
}

fn word(token: &Token, at: usize, all: &[&Token], catalogue: &Catalogue, item: &mut Item) {
    let is_named = at > 0 && catalogue.has_pair(&all[at - 1].text, &token.text);
    if token.is("mas") && !is_named {
        item.joining = if item.quantity.is_some() { Joining::Adds } else { item.joining };
    } else if is_connector(&token.text) {
        let is_last = at + 1 == all.len();
        if item.span.is_some() && !is_last {
            item.extend(token);
        }
    } else {
        item.said.parts.push(Part::Word(canonical(&token.text)));
        item.extend(token);
    }
}

/// "x 6", "x12 u", "por doce".
fn pack(rest: &[&Token], item: &mut Item) -> Option<usize> {
    let is_by = rest[0].is("x") || rest[0].is("por");
    let next = rest.get(1).filter(|_| is_by)?;
    let size = rest.get(2).and_then(|token| measure(&token.text));
    let number = value(next, Point::Thousands).filter(|_| size.is_none())?;
    item.is_odd |= item.packs.len() >= PACKS_MAX;
    item.packs.push(number);
    let unit = rest.get(2).filter(|token| token.kind == Kind::Word).and_then(|token| SaidUnit::of(&token.text));
    if unit.is_some() && item.unit.is_none() && item.quantity.is_none() {
        item.unit = unit;
    }
    Some(if unit.is_some() { 3 } else { 2 })
}

/// "2 litros", "litro y medio", "medio litro", "litro", "x 500 g".
fn size(rest: &[&Token]) -> Option<(Qty, Unit, usize)> {
    let skip = usize::from(rest[0].is("x") && rest.len() > 1);
    let here = &rest[skip..];
    let half = |length: usize| {
        let and_a_half = is_and_a_half(&here[length..]);
        (Qty::new(if and_a_half { 500 } else { 0 }), if and_a_half { length + 2 } else { length })
    };
    let unit_at =
        |at: usize| here.get(at).filter(|token| token.kind == Kind::Word).and_then(|token| measure(&token.text));
    if let (Some(unit), true) = (unit_at(1), here[0].is("medio")) {
        return Some((Qty::new(500), unit, skip + 2));
    }
    if let (Some(unit), Some(value)) = (unit_at(1), value(here[0], Point::Decimals)) {
        let (extra, length) = half(2);
        return Some((value.checked_add(extra)?, unit, skip + length));
    }
    let unit = unit_at(0).filter(|_| skip == 0 && here[0].text.len() > 1 && here[0].text != "cc")?;
    let (extra, length) = half(1);
    Some((Qty::new(1_000).checked_add(extra)?, unit, length))
}

/// A number in figures, or in words from two on: "una" is rarely a number inside a name.
fn value(token: &Token, point: Point) -> Option<Qty> {
    match token.kind {
        Kind::Number => figures(&token.text, point),
        Kind::Word => number_word(&token.text).filter(|&number| number > 1).and_then(Qty::whole),
        _ => None,
    }
}
