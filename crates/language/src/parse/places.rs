//! The names of places and suppliers in a clause: they are taken out of the goods. A name that is neither stays
//! goods: "banana del ecuador".

use std::collections::HashMap;

use super::known::{BACKSTORE, Location};
use super::tokens::{Kind, Token};
use crate::assign::Directory;
use crate::text::fold;

/// Words of a name that is looked for at most.
const NAME_WORDS_MAX: usize = 6;

/// Where goods leave and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Route {
    /// Code of the location they leave.
    pub from: Option<String>,
    /// Code of the location they reach.
    pub to: Option<String>,
    /// Code of a location that was said without a direction.
    pub at: Option<String>,
}

/// Every name with its code; nothing for one that several answer to.
#[derive(Debug, Default)]
pub(super) struct Names {
    locations: HashMap<String, Option<String>>,
    suppliers: HashMap<String, Option<String>>,
}

impl Names {
    /// Learns the names.
    pub fn new(locations: &[Location], directory: &Directory) -> Self {
        let mut names = Self::default();
        for location in locations {
            for name in location.names.iter().chain([&location.code]) {
                learn(&mut names.locations, name, &location.code);
            }
        }
        for supplier in directory.suppliers() {
            for name in supplier.names.iter().chain([&supplier.code]) {
                learn(&mut names.suppliers, name, &supplier.code);
            }
        }
        names
    }

    /// The supplier that the tokens begin with, and how many it takes; the longest name first.
    pub fn supplier(&self, tokens: &[&Token]) -> Option<(&str, usize)> {
        longest(&self.suppliers, tokens)
    }

    /// The supplier of a name that stands alone.
    pub fn supplier_named(&self, text: &str) -> Option<&str> {
        self.suppliers.get(without_article(&fold(text)))?.as_deref()
    }

    /// The place that the tokens begin with, put into the route; how many tokens it takes.
    pub fn place(&self, tokens: &[&Token], route: &mut Route) -> Option<usize> {
        let (lead, name) = tokens.split_first()?;
        if lead.is("para") && name.first().is_some_and(|token| token.is("guardar")) {
            route.to = Some(BACKSTORE.to_owned());
            return Some(2);
        }
        let slot = match lead.text.as_str() {
            "del" | "de" | "desde" => &mut route.from,
            "al" | "a" | "para" | "hacia" => &mut route.to,
            "en" => &mut route.at,
            _ => return None,
        };
        let (code, length) = longest(&self.locations, name)?;
        *slot = Some(code.to_owned());
        Some(length + 1)
    }
}

fn learn(names: &mut HashMap<String, Option<String>>, name: &str, code: &str) {
    let name = without_article(&fold(name)).to_owned();
    if name.is_empty() {
        return;
    }
    let known = names.entry(name).or_insert_with(|| Some(code.to_owned()));
    if known.as_deref() != Some(code) {
        *known = None;
    }
}

fn longest<'n>(names: &'n HashMap<String, Option<String>>, tokens: &[&Token]) -> Option<(&'n str, usize)> {
    let words = tokens.iter().take(NAME_WORDS_MAX).take_while(|token| token.kind == Kind::Word).count();
    (1..=words).rev().find_map(|length| {
        let name: Vec<&str> = tokens[..length].iter().map(|token| token.text.as_str()).collect();
        let code = names.get(without_article(&name.join(" ")))?.as_deref()?;
        Some((code, length))
    })
}

fn without_article(folded: &str) -> &str {
    ["el ", "la ", "los ", "las "].iter().find_map(|article| folded.strip_prefix(article)).unwrap_or(folded)
}
