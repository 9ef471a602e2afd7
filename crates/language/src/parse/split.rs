//! A clause cut into its items, with what is said of all of them: supplier and places.

use std::ops::Range;

use super::catalogue::{Catalogue, Fit};
use super::clauses::Marked;
use super::item::item;
use super::numbers::word as number_word;
use super::phrases::Sense;
use super::places::{Names, Route};
use super::tokens::{Kind, Token};
use super::units::SaidUnit;

/// A clause in parts.
#[derive(Debug, Default)]
pub(super) struct Parted<'a> {
    /// The tokens of each item.
    pub items: Vec<Vec<&'a Token>>,
    /// Where goods leave and go.
    pub route: Route,
    /// Code of the supplier that was named.
    pub supplier: Option<String>,
    /// Was a supplier expected whose name is unknown?
    pub is_nobody: bool,
}

/// What is known where a clause is cut.
#[derive(Clone, Copy)]
pub(super) struct Knowing<'a> {
    /// The products.
    pub catalogue: &'a Catalogue,
    /// Suppliers and places.
    pub names: &'a Names,
}

/// Cuts a clause into its items.
pub(super) fn split<'a>(
    marked: &Marked<'a>,
    range: &Range<usize>,
    verb: Option<Sense>,
    knowing: Knowing<'a>,
) -> Parted<'a> {
    let end = marked.within(range).find(|mark| mark.sense == Sense::Because).map_or(range.end, |mark| mark.at.start);
    let free: Vec<&Token> =
        (range.start..end).filter(|&at| !marked.is_marked(at)).map(|at| &marked.tokens[at]).collect();
    let mut parted = Parted::default();
    let mut at = if verb == Some(Sense::List) { list_name(&free, &mut parted, knowing.names) } else { 0 };
    let is_note = matches!(verb, None | Some(Sense::Restock | Sense::Purchase | Sense::Note));
    let mut open: Vec<&Token> = Vec::new();
    while let Some(token) = free.get(at) {
        if let Some(length) = knowing.names.place(&free[at..], &mut parted.route) {
            at += length;
            continue;
        }
        if let Some((code, length)) = supplier(&free[at..], knowing.names).filter(|_| is_note) {
            parted.supplier = Some(code);
            at += length;
            continue;
        }
        if parts_items(&free, at, &open, knowing.catalogue) {
            close(&mut open, &mut parted);
        } else {
            open.push(token);
        }
        at += 1;
    }
    close(&mut open, &mut parted);
    parted
}

fn close<'a>(open: &mut Vec<&'a Token>, parted: &mut Parted<'a>) {
    let item = std::mem::take(open);
    if item.iter().any(|token| !super::clauses::is_empty_word(&token.text) || number_word(&token.text).is_some()) {
        parted.items.push(item);
    }
}

/// "a Quilmes", "al proveedor Fargo", "para La Serenísima".
fn supplier(tokens: &[&Token], names: &Names) -> Option<(String, usize)> {
    let lead = tokens.first()?;
    if !["a", "al", "para", "proveedor"].iter().any(|word| lead.is(word)) {
        return None;
    }
    let skip = 1 + usize::from(tokens.get(1).is_some_and(|token| token.is("proveedor")));
    let (code, length) = names.supplier(tokens.get(skip..)?)?;
    let colon = usize::from(tokens.get(skip + length).is_some_and(|token| token.kind == Kind::Colon));
    Some((code.to_owned(), skip + length + colon))
}

/// The name behind "agregar a la lista de".
fn list_name(tokens: &[&Token], parted: &mut Parted<'_>, names: &Names) -> usize {
    if let Some((code, length)) = names.supplier(tokens) {
        parted.supplier = Some(code.to_owned());
        return length;
    }
    parted.is_nobody = true;
    tokens.iter().position(|token| token.kind == Kind::Colon).unwrap_or(0)
}

/// Does this token end an item?
fn parts_items(tokens: &[&Token], at: usize, open: &[&Token], catalogue: &Catalogue) -> bool {
    let token = tokens[at];
    if token.is_break() || token.is("tambien") || token.is("ademas") || token.is("ni") {
        return true;
    }
    if !token.is("y") && !token.is("e") {
        return false;
    }
    let (before, after) = (at.checked_sub(1).map(|at| tokens[at]), tokens.get(at + 1));
    let (Some(before), Some(after)) = (before, after) else { return true };
    let is_part = ["medio", "media", "cuarto", "cuartos"].iter().any(|word| after.is(word));
    let is_amount = before.kind == Kind::Number
        || number_word(&before.text).is_some()
        || SaidUnit::of(&before.text).is_some()
        || before.is("docena")
        || before.is("docenas");
    !(is_part && is_amount || is_name(tokens, at, open, catalogue))
}

/// Is this *y* inside the name of a product, as in "espinaca y napolitana"?
fn is_name(tokens: &[&Token], at: usize, open: &[&Token], catalogue: &Catalogue) -> bool {
    let and = &tokens[at].text;
    let is_pair = catalogue.has_pair(&tokens[at - 1].text, and) && catalogue.has_pair(and, &tokens[at + 1].text);
    if !is_pair {
        return false;
    }
    let rest = tokens[at..].iter().skip(1).take_while(|token| !token.is_break() && !token.is("y"));
    let whole: Vec<&Token> = open.iter().copied().chain([tokens[at]]).chain(rest.copied()).collect();
    catalogue.fit(&item(&whole, catalogue).said) != Fit::Nothing
}
