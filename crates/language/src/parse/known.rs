//! What a shop tells the parser about itself.

use std::sync::Arc;

use gondola_ledger::{Qty, Unit};

use crate::assign::Directory;

/// Code of the location where goods are kept.
pub const BACKSTORE: &str = "deposito";
/// Code of the location where goods are sold.
pub const SHELF: &str = "local";

/// A product of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The code that answers carry.
    pub sku: String,
    /// Its full name, with its size and pack: `Salchichas Paladini x6`.
    pub name: String,
    /// Its brand; empty for goods without one.
    pub brand: String,
    /// The name of its category: people put it before the brand.
    pub category: String,
    /// What stock of it is kept in. By weight it is sold when this is `kg` or `g`.
    pub unit: Unit,
    /// What a package holds. Without it, the size is the one in its name.
    pub content: Option<(Qty, Unit)>,
    /// What the staff calls it.
    pub aliases: Vec<String>,
    /// Code of its main supplier.
    pub supplier: Option<String>,
}

/// A place of the shop, by the names that people say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The code that answers carry.
    pub code: String,
    /// Its names.
    pub names: Vec<String>,
}

/// All that a shop knows when a sentence is read.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its active products.
    pub products: Vec<Product>,
    /// Its suppliers.
    pub directory: Arc<Directory>,
    /// Its locations.
    pub locations: Vec<Location>,
}
