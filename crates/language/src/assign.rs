//! Which supplier brings a product, and why.
//!
//! Law: **whole words, the longest phrase first, the first step that answers.** A supplier that is named or remembered
//! comes before a brand, its own brand before one that it distributes, a brand before a speciality, a speciality before
//! the default; whatever several could serve is asked.
//!
//! Not here: who keeps what the shop remembers of a product (the caller passes it), and how a sentence is cut into
//! items (`parse`).

mod answer;
mod brands;
mod directory;
mod heads;
mod index;
mod learn;
mod lexicon;
mod profiles;
mod small;
mod steps;

pub use answer::{Assignment, Confidence, Doubt, Reason};
pub use directory::Directory;
pub use profiles::profiles;

/// A supplier as the shop describes it: plain words that the shop edits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supplier {
    /// The shop's code for it, such as `LS`.
    pub code: String,
    /// What it is called: the trade name first, then any other name that people use.
    pub names: Vec<String>,
    /// Brands of its own.
    pub own_brands: Vec<String>,
    /// Brands and single products that it brings for others.
    pub distributed_brands: Vec<String>,
    /// What it is the specialist in: a group of the lexicon, such as `vino`, or any word or phrase.
    pub specialities: Vec<String>,
    /// Words that rule it out: groups of the lexicon, or any word or phrase.
    pub excluded: Vec<String>,
    /// Does it get what is clear and nobody else's?
    pub is_default: bool,
}

impl Supplier {
    /// The name that people read: the first of its names, or its code.
    pub fn trade_name(&self) -> &str {
        self.names.first().map_or(&self.code, String::as_str)
    }
}
