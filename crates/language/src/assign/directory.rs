//! The shop's suppliers, indexed once.

use std::collections::HashMap;

use super::Supplier;
use super::answer::{Assignment, Doubt};
use super::index::{At, Index};
use super::learn;
use super::lexicon::{self, Common};
use super::small::Small;
use super::steps;
use crate::text::{fold, is_too_long};

/// The suppliers of a shop, ready to answer whose goods a text speaks of.
///
/// ```
/// use gondola_language::assign::{Directory, profiles};
///
/// let directory = Directory::new(profiles());
/// let assignment = directory.assign("Falta Brahma", None);
/// assert_eq!(assignment.code(), Some("Q"));
/// assert_eq!(assignment.in_spanish(), "Quilmes distribuye Brahma");
/// ```
#[derive(Debug)]
pub struct Directory {
    pub(super) suppliers: Vec<Supplier>,
    pub(super) index: Index,
    pub(super) small: Small,
    /// Brands that are common words too, by their folded names.
    pub(super) common: HashMap<String, Common>,
    /// Who is offered for each bare family of the lexicon.
    pub(super) families: Vec<Vec<At>>,
}

impl Directory {
    /// Learns the suppliers. Their order is the order in which they are offered.
    pub fn new(suppliers: Vec<Supplier>) -> Self {
        let (common, small) = (lexicon::common(), Small::read());
        let index = learn::index(&suppliers, &common, &small);
        let families = learn::families(&suppliers);
        Self { suppliers, index, small, common, families }
    }

    /// The suppliers, as they were given.
    pub fn suppliers(&self) -> &[Supplier] {
        &self.suppliers
    }

    /// The supplier of a code.
    pub fn supplier(&self, code: &str) -> Option<&Supplier> {
        self.suppliers.iter().find(|supplier| supplier.code == code)
    }

    /// The one supplier that a text names and nothing else: by one of its names or its code, whatever its case,
    /// accents and article.
    pub fn named(&self, text: &str) -> Option<&Supplier> {
        let wanted = without_article(&fold(text)).to_owned();
        let is_called = |name: &String| !wanted.is_empty() && without_article(&fold(name)) == wanted;
        let mut named =
            self.suppliers.iter().filter(|supplier| is_called(&supplier.code) || supplier.names.iter().any(is_called));
        named.next().filter(|_| named.next().is_none())
    }

    /// Whose goods one item is. `memory` is the code of the supplier that the shop remembers for the product: its main
    /// supplier, or that of a learned alias; a code that is nobody's counts as none.
    pub fn assign(&self, text: &str, memory: Option<&str>) -> Assignment<'_> {
        if is_too_long(text) {
            return Assignment::Ask { candidates: Vec::new(), doubt: Doubt::TooLong };
        }
        steps::take(self, text, memory.and_then(|code| self.supplier(code)))
    }
}

fn without_article(folded: &str) -> &str {
    ["el ", "la ", "los ", "las "].iter().find_map(|article| folded.strip_prefix(article)).unwrap_or(folded)
}
