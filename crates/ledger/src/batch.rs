//! Law: **a batch is judged line after line against what the lines before it left, and every bad line is named.** Atomic, one
//! bad line changes nothing; each by itself, the good ones stay.
//!
//! Here is the memory of one product while a batch runs; loading it, and storing what comes out, is the caller's.

use std::collections::BTreeMap;

use crate::ids::{LocationId, LotId, ProductId};
use crate::kind::MovementKind;
use crate::post::{Entry, LotBalance, Posting, SideState, post};
use crate::qty::Qty;
use crate::refusal::Refusal;

/// One line of a batch. The places were resolved before: both are in the book of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLine {
    /// What.
    pub product: ProductId,
    /// What happened.
    pub kind: MovementKind,
    /// How much.
    pub quantity: Qty,
    /// Where it left.
    pub from: LocationId,
    /// Where it arrived.
    pub to: LocationId,
    /// The lot, when somebody named it.
    pub lot: Option<LotId>,
}

/// The places of one product while a batch runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductBook {
    /// Every place a line may name, virtual ones too.
    pub sides: BTreeMap<LocationId, SideState>,
    /// The product's lot for goods nobody told apart.
    pub plain_lot: LotId,
}

/// A line that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadLine {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Why.
    pub refusal: Refusal,
}

/// All products of a batch.
pub type Books = BTreeMap<ProductId, ProductBook>;

impl ProductBook {
    /// Judges one line and keeps its outcome; on a refusal nothing has changed.
    pub fn post(&mut self, line: &BatchLine) -> Result<Posting, Refusal> {
        let side =
            |location: LocationId| self.sides.get(&location).cloned().ok_or(Refusal::UnknownLocation { location });
        let entry = Entry {
            kind: line.kind,
            quantity: line.quantity,
            from: side(line.from)?,
            to: side(line.to)?,
            lot: line.lot,
            plain_lot: self.plain_lot,
        };
        let posting = post(&entry)?;
        self.keep(&posting);
        Ok(posting)
    }

    /// Writes the outcome of a posting into the states, so that the next one sees it.
    pub fn keep(&mut self, posting: &Posting) {
        for line in &posting.lines {
            let Some(after) = line.after else { continue };
            let known = self.describe(line.lot);
            let Some(side) = self.sides.get_mut(&line.location) else {
                continue;
            };
            match side.lots.iter_mut().find(|held| held.lot == line.lot) {
                Some(held) => held.qty = after,
                None => side.lots.push(LotBalance { qty: after, ..known }),
            }
            // A dated line shifts every later balance of its place; overflow was ruled out when the total was.
            side.lowest_later = side.lowest_later.map(|lowest| lowest.checked_add(line.delta).unwrap_or(lowest));
        }
    }

    /// What any place knows about a lot; a lot nobody knows has no date and came last.
    fn describe(&self, lot: LotId) -> LotBalance {
        let known = self.sides.values().flat_map(|side| &side.lots).find(|held| held.lot == lot).copied();
        known.unwrap_or(LotBalance { lot, expires_on: None, received_order: i64::MAX, qty: Qty::ZERO })
    }
}

/// Posts all lines or none; on refusals `books` is untouched and every bad line is listed.
pub fn post_atomic(books: &mut Books, lines: &[BatchLine]) -> Result<Vec<Posting>, Vec<BadLine>> {
    let mut trial = books.clone();
    let mut postings = Vec::with_capacity(lines.len());
    let mut bad = Vec::new();
    for (index, outcome) in post_each(&mut trial, lines).into_iter().enumerate() {
        match outcome {
            Ok(posting) => postings.push(posting),
            Err(refusal) => bad.push(BadLine { index, refusal }),
        }
    }
    if bad.is_empty() {
        *books = trial;
        Ok(postings)
    } else {
        Err(bad)
    }
}

/// Posts every line that may be posted; the outcomes are in the order of the lines.
pub fn post_each(books: &mut Books, lines: &[BatchLine]) -> Vec<Result<Posting, Refusal>> {
    let judge = |line: &BatchLine| match books.get_mut(&line.product) {
        Some(book) => book.post(line),
        None => Err(Refusal::UnknownProduct { product: line.product }),
    };
    lines.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::LocationKind;
    use crate::policy::Overdraw;

    const MILK: ProductId = ProductId(1);
    const SHOP: LocationId = LocationId(1);
    const CUSTOMER: LocationId = LocationId(2);
    const PLAIN: LotId = LotId(0);

    fn books(on_hand: i64) -> Books {
        let held = LotBalance { lot: PLAIN, expires_on: None, received_order: 0, qty: Qty::new(on_hand) };
        let shop = SideState {
            location: SHOP,
            kind: LocationKind::Stock,
            lots: vec![held],
            reserved: Qty::ZERO,
            overdraw: Overdraw::Refuse,
            lowest_later: None,
        };
        let customer = SideState::outside(CUSTOMER, LocationKind::Customer);
        let sides = BTreeMap::from([(SHOP, shop), (CUSTOMER, customer)]);
        BTreeMap::from([(MILK, ProductBook { sides, plain_lot: PLAIN })])
    }

    fn sale(quantity: i64) -> BatchLine {
        let quantity = Qty::new(quantity);
        BatchLine { product: MILK, kind: MovementKind::Sale, quantity, from: SHOP, to: CUSTOMER, lot: None }
    }

    #[test]
    fn each_line_sees_what_the_lines_before_it_left() {
        let mut books = books(5);
        let outcomes = post_each(&mut books, &[sale(3), sale(3), sale(2)]);
        let ok: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
        assert_eq!(ok, [true, false, true]);
        assert_eq!(books[&MILK].sides[&SHOP].on_hand(), Some(Qty::ZERO));
    }

    #[test]
    fn one_bad_line_changes_nothing_and_every_bad_line_is_listed() {
        let mut books = books(5);
        let before = books.clone();
        let stranger = BatchLine { product: ProductId(9), ..sale(1) };
        let bad = post_atomic(&mut books, &[sale(0), sale(4), sale(4), stranger]).unwrap_err();
        let listed: Vec<_> = bad.iter().map(|line| (line.index, line.refusal.code())).collect();
        assert_eq!(listed, [(0, "quantity_not_positive"), (2, "insufficient_stock"), (3, "unknown_product")]);
        assert_eq!(books, before);
        assert_eq!(post_atomic(&mut books, &[sale(4), sale(1)]).unwrap().len(), 2);
    }
}
