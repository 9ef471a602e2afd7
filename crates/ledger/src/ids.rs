//! Law: **an id is a type.** A lot can never be passed where a location is meant.
//!
//! The numbers are UUIDs seen as integers; making and printing them is the business of the edges.

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductId(pub u128);

/// A place where goods are, or one of the virtual places that close the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocationId(pub u128);

/// Goods of one product that arrived together; every product also has a plain lot, for goods nobody told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotId(pub u128);
