//! The cuaderno's rule for the same product noted again while it is pending. When it applies (the same product, within
//! an hour of its last note) and who wrote what is the shop's to know.

use gondola_ledger::Qty;

use super::reading::{Entry, Joining, Priority};
use super::units::SaidUnit;

/// The part of a note that is merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted<A> {
    /// How much.
    pub quantity: Option<Qty>,
    /// Counted in what.
    pub unit: SaidUnit,
    /// How soon.
    pub priority: Priority,
    /// Who noted it, the first one first.
    pub authors: Vec<A>,
}

/// One line of two: the larger quantity or, where the entry adds, their sum; the higher priority; all authors. `None`
/// when they are counted in different units, or the sum is beyond measure: then both lines stand.
pub fn merge<A: Clone + PartialEq>(existing: &Noted<A>, new: &Entry, author: A) -> Option<Noted<A>> {
    let (quantity, unit) = match (existing.quantity, new.quantity) {
        (None, quantity) => (quantity, new.unit),
        (quantity, None) => (quantity, existing.unit),
        (Some(_), Some(_)) if existing.unit != new.unit => return None,
        (Some(one), Some(other)) => match new.joining {
            Joining::Larger => (Some(one.max(other)), new.unit),
            Joining::Adds => (Some(one.checked_add(other)?), new.unit),
        },
    };
    let mut authors = existing.authors.clone();
    if !authors.contains(&author) {
        authors.push(author);
    }
    Some(Noted { quantity, unit, priority: existing.priority.max(new.priority), authors })
}
