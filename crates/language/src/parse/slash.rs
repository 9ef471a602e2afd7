//! Slash commands: strict, and answered with an example when they are not written as they should be.

use std::str::Chars;

use gondola_ledger::Qty;
use gondola_ledger::qty::QUANTITY_MAX;

use super::catalogue::{Fit, Said, parts_of};
use super::confirm::by_itself;
use super::known::{BACKSTORE, SHELF};
use super::numbers::{Point, figures};
use super::reading::{
    Action, Choice, ConfirmFor, Entry, Goods, Joining, Outcome, Place, Priority, Question, Reading, Request, Unclear,
};
use super::tokens::tokens;
use super::units::SaidUnit;
use super::{CANDIDATES_MAX, Parser};
use crate::assign::Confidence;

const INBOUND: &str = "/entrada \"Coca-Cola 2,25 L\" 12 \"Coca-Cola\"";
const OUTBOUND: &str = "/salida \"Brahma lata 473\" 6 \"evento del club\"";
const STOCK: &str = "/stock \"quilmes\"";
const WASTE: &str = "/merma \"queso fontina\" 0,75 \"vencido\"";
const CORRECT: &str = "/corregir id=1234 cantidad=3 motivo=\"error de carga\"";
const CALIBRATE: &str = "/calibrar producto=\"queso fontina\" stock_real=3,4 justificacion=\"recuento heladera\"";
const REPORT: &str = "/informe_stock";
const HELP: &str = "/ayuda";
/// Characters that a reason has at least and at most.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 3..=200;

/// Reads a command without its slash.
pub(super) fn read(parser: &Parser, command: &str, place: Place) -> Reading {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let arguments = arguments(rest);
    let (reading, example) = match name.to_lowercase().as_str() {
        "entrada" => (moved(parser, arguments, Action::Inbound, place), INBOUND),
        "salida" => (moved(parser, arguments, Action::Outbound, place), OUTBOUND),
        "merma" => (moved(parser, arguments, Action::Waste, place), WASTE),
        "stock" => (find_stock(arguments), STOCK),
        "corregir" => (correct(arguments), CORRECT),
        "calibrar" => (calibrate(parser, arguments, place), CALIBRATE),
        "informe_stock" => (alone(arguments, Request::StockReport), REPORT),
        "ayuda" => (alone(arguments, Request::Help), HELP),
        _ => (None, HELP),
    };
    reading.unwrap_or_else(|| Reading::of(Outcome::Malformed(example)))
}

/// An argument: its name when it has one, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Argument {
    name: Option<String>,
    value: String,
    is_quoted: bool,
}

/// The arguments of a command; `None` when a quotation mark is not closed.
fn arguments(rest: &str) -> Option<Vec<Argument>> {
    let mut found = Vec::new();
    let mut letters = rest.trim().chars();
    while let Some(argument) = argument(&mut letters)? {
        found.push(argument);
    }
    Some(found)
}

fn argument(letters: &mut Chars<'_>) -> Option<Option<Argument>> {
    let mut argument = Argument { name: None, value: String::new(), is_quoted: false };
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '“' | '”' if argument.value.is_empty() => {
                let text = letters.as_str();
                let end = text.find(['"', '“', '”'])?;
                argument.value = text[..end].trim().to_owned();
                argument.is_quoted = true;
                letters.nth(text[..end].chars().count());
                return Some(Some(argument));
            }
            '=' if argument.name.is_none() => argument.name = Some(std::mem::take(&mut argument.value)),
            letter if letter.is_whitespace() => {
                if !argument.value.is_empty() || argument.name.is_some() {
                    return Some(Some(argument));
                }
            }
            letter => argument.value.push(letter),
        }
    }
    let is_there = !argument.value.is_empty() || argument.name.is_some();
    Some(is_there.then_some(argument))
}

fn moved(parser: &Parser, arguments: Option<Vec<Argument>>, action: Action, place: Place) -> Option<Reading> {
    let arguments = arguments?;
    let [product, quantity, why] = &arguments[..] else { return None };
    let is_strict = product.is_quoted && why.is_quoted && !quantity.is_quoted;
    let is_plain = arguments.iter().all(|argument| argument.name.is_none()) && !product.value.is_empty();
    if !is_strict || !is_plain || !is_reason(&why.value) {
        return None;
    }
    let here = match place {
        Place::Notebook => SHELF,
        Place::Backstore => BACKSTORE,
    };
    let supplier = parser.names.supplier_named(&why.value).filter(|_| action == Action::Inbound);
    let mut entry = entry(action, &product.value, figures(&quantity.value, Point::Thousands)?);
    entry.supplier = supplier.map(|code| Choice { code: code.to_owned(), confidence: Confidence::CERTAIN });
    entry.reason = Some(why.value.clone());
    match action {
        Action::Inbound => entry.to = Some(BACKSTORE.to_owned()),
        _ => entry.from = Some(here.to_owned()),
    }
    resolve(parser, entry, &quantity.value)
}

fn calibrate(parser: &Parser, arguments: Option<Vec<Argument>>, place: Place) -> Option<Reading> {
    let [product, stock, why] = named(arguments?, ["producto", "stock_real", "justificacion"])?;
    if product.is_empty() || !is_reason(&why) {
        return None;
    }
    let mut entry = entry(Action::Count, &product, figures(&stock, Point::Thousands)?);
    entry.reason = Some(why);
    entry.to = Some(if place == Place::Backstore { BACKSTORE } else { SHELF }.to_owned());
    resolve(parser, entry, &stock)
}

fn correct(arguments: Option<Vec<Argument>>) -> Option<Reading> {
    let [id, quantity, reason] = named(arguments?, ["id", "cantidad", "motivo"])?;
    let quantity = figures(&quantity, Point::Decimals).filter(|quantity| *quantity <= QUANTITY_MAX)?;
    if id.is_empty() || !is_reason(&reason) {
        return None;
    }
    let request = Some(Request::Correct { id, quantity, reason });
    Some(Reading { request, ..Reading::of(Outcome::Confirm(ConfirmFor::Correction)) })
}

fn find_stock(arguments: Option<Vec<Argument>>) -> Option<Reading> {
    let arguments = arguments?;
    let [text] = &arguments[..] else { return None };
    let is_strict = text.is_quoted && text.name.is_none() && !text.value.is_empty();
    is_strict.then(|| Reading { request: Some(Request::FindStock(text.value.clone())), ..Reading::of(Outcome::Done) })
}

fn alone(arguments: Option<Vec<Argument>>, request: Request) -> Option<Reading> {
    arguments?.is_empty().then(|| Reading { request: Some(request), ..Reading::of(Outcome::Done) })
}

/// The values of exactly these arguments, in any order.
fn named<const N: usize>(arguments: Vec<Argument>, names: [&str; N]) -> Option<[String; N]> {
    if arguments.len() != N {
        return None;
    }
    let value = |name: &str| {
        let found = arguments.iter().find(|argument| argument.name.as_deref() == Some(name))?;
        Some(found.value.clone())
    };
    let values: Option<Vec<String>> = names.iter().map(|name| value(name)).collect();
    values?.try_into().ok()
}

fn is_reason(text: &str) -> bool {
    REASON_CHARS.contains(&text.chars().count())
}

fn entry(action: Action, text: &str, quantity: Qty) -> Entry {
    Entry {
        action,
        goods: Goods::Text,
        text: text.to_owned(),
        quantity: Some(quantity),
        unit: SaidUnit::Un,
        supplier: None,
        priority: Priority::Normal,
        reason: None,
        from: None,
        to: None,
        joining: Joining::Larger,
    }
}

/// One product, or a question; a quantity of it that can be.
fn resolve(parser: &Parser, mut entry: Entry, written: &str) -> Option<Reading> {
    let named = pack_and_parts(&entry.text);
    let candidates = match parser.catalogue.fit(&named) {
        Fit::One(at) => {
            let product = &parser.products[at];
            entry.goods = Goods::Product(product.sku.clone());
            if parser.is_weighed(&product.sku) {
                (entry.unit, entry.quantity) = (SaidUnit::Kg, figures(written, Point::Decimals));
            }
            let quantity = entry.quantity.filter(|quantity| *quantity <= QUANTITY_MAX)?;
            let is_some = quantity.is_positive() || entry.action == Action::Count;
            let is_countable = quantity.is_whole() || entry.unit.is_measure();
            if !is_some || !is_countable {
                return None;
            }
            let outcome = by_itself(entry.action, Some(quantity)).map_or(Outcome::Done, Outcome::Confirm);
            return Some(Reading { entries: vec![entry], ..Reading::of(outcome) });
        }
        Fit::Several(candidates) => candidates,
        Fit::Nothing => Vec::new(),
    };
    let about = if candidates.is_empty() { Unclear::Create } else { Unclear::Which };
    let products = candidates.iter().take(CANDIDATES_MAX).map(|&at| parser.products[at].sku.clone()).collect();
    let question = Question { about, draft: entry, products, suppliers: Vec::new() };
    Some(Reading { questions: vec![question], ..Reading::of(Outcome::Ask) })
}

/// A quoted name: all of it is the product, its pack too.
fn pack_and_parts(text: &str) -> Said {
    let tokens = tokens(text);
    let at = tokens.iter().position(|token| token.is("x"));
    let pack = at.and_then(|at| tokens.get(at + 1)).and_then(|token| token.text.parse().ok());
    let Some((at, pack)) = at.zip(pack) else { return Said { parts: parts_of(&tokens), pack: None } };
    let rest: Vec<_> = tokens[..at].iter().chain(&tokens[at + 2..]).cloned().collect();
    Said { parts: parts_of(&rest), pack: Some(pack) }
}
