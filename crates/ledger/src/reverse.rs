//! Law: **nothing is edited; a mistake is undone by its mirror.** The reversing posting repeats the original lines, same places
//! and lots, with the opposite sign, and what it takes out must be there like in any exit.
//!
//! Dates, reasons and "was it reversed already?" belong to the caller, who owns the entries; [`undo`] names the rule.

use crate::exit::{Exit, check_exit};
use crate::flag::Flag;
use crate::ids::{LocationId, LotId};
use crate::pick::Pick;
use crate::post::{Posting, SideState, assemble};
use crate::qty::Qty;
use crate::refusal::Refusal;

/// A line of the entry to undo, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OriginalLine {
    /// The place.
    pub location: LocationId,
    /// The lot.
    pub lot: LotId,
    /// What changed there.
    pub delta: Qty,
}

/// Where an entry or a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryState {
    /// Written, nothing moved yet (pendiente).
    Pending,
    /// Its movements are in the ledger (confirmado).
    Confirmed,
    /// Its movements were reversed, or it never moved anything (anulado).
    Voided,
}

/// What undoing must do, whichever word was used: void, delete or retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// Nothing moved: mark it voided.
    Discard,
    /// Post the reversing movements.
    Reverse,
    /// It was undone before: answer the same, change nothing.
    Nothing,
}

/// What it takes to undo a document in this state. Doing it twice is doing it once.
pub const fn undo(state: EntryState) -> Undo {
    match state {
        EntryState::Pending => Undo::Discard,
        EntryState::Confirmed => Undo::Reverse,
        EntryState::Voided => Undo::Nothing,
    }
}

/// The posting that undoes `original`. `sides` holds the present state of every place it touched, in any order.
pub fn reverse(original: &[OriginalLine], sides: &[SideState]) -> Result<Posting, Refusal> {
    let deltas = mirror(original)?;
    let touched: Vec<&SideState> =
        sides.iter().filter(|side| deltas.iter().any(|line| line.location == side.location)).collect();
    let mut flags: Vec<Flag> = Vec::new();
    for side in touched.iter().filter(|side| side.kind.is_real()) {
        let here = deltas.iter().filter(|line| line.location == side.location);
        let named: Vec<Pick> = here
            .filter(|line| line.delta.is_negative())
            .map(|line| line.delta.checked_neg().map(|quantity| Pick { lot: line.lot, quantity }))
            .collect::<Option<_>>()
            .ok_or(Refusal::Overflow)?;
        if named.is_empty() {
            continue;
        }
        let quantity = Qty::checked_sum(named.iter().map(|pick| pick.quantity)).ok_or(Refusal::Overflow)?;
        for flag in check_exit(Exit { side, quantity, named: &named, may_take_reserved: false })? {
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
    }
    assemble(&deltas, &touched, flags)
}

/// The same lines with the opposite sign, one per place and lot; refuses what was never an entry of this ledger.
fn mirror(original: &[OriginalLine]) -> Result<Vec<OriginalLine>, Refusal> {
    let mut deltas: Vec<OriginalLine> = Vec::with_capacity(original.len());
    for line in original {
        let delta = line.delta.checked_neg().ok_or(Refusal::Overflow)?;
        match deltas.iter_mut().find(|known| known.location == line.location && known.lot == line.lot) {
            Some(known) => known.delta = known.delta.checked_add(delta).ok_or(Refusal::Overflow)?,
            None => deltas.push(OriginalLine { delta, ..*line }),
        }
    }
    deltas.retain(|line| !line.delta.is_zero());
    let balances = |lot: LotId| {
        let of_lot = deltas.iter().filter(|line| line.lot == lot).map(|line| i128::from(line.delta.raw()));
        of_lot.sum::<i128>() == 0
    };
    if deltas.is_empty() || !deltas.iter().all(|line| balances(line.lot)) {
        return Err(Refusal::Unbalanced);
    }
    Ok(deltas)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::LocationKind;
    use crate::policy::Overdraw;
    use crate::post::LotBalance;

    const SHOP: LocationId = LocationId(1);
    const SUPPLIER: LocationId = LocationId(2);
    const LOT: LotId = LotId(7);

    fn shop(qty: i64, overdraw: Overdraw) -> SideState {
        SideState {
            location: SHOP,
            kind: LocationKind::Stock,
            lots: vec![LotBalance { lot: LOT, expires_on: None, received_order: 1, qty: Qty::new(qty) }],
            reserved: Qty::ZERO,
            overdraw,
            lowest_later: None,
        }
    }

    fn line(location: LocationId, delta: i64) -> OriginalLine {
        OriginalLine { location, lot: LOT, delta: Qty::new(delta) }
    }

    fn receipt_of_ten() -> [OriginalLine; 2] {
        [line(SUPPLIER, -10), line(SHOP, 10)]
    }

    fn supplier() -> SideState {
        SideState::outside(SUPPLIER, LocationKind::Supplier)
    }

    #[test]
    fn a_receipt_is_undone_line_by_line() {
        let posting = reverse(&receipt_of_ten(), &[supplier(), shop(12, Overdraw::Refuse)]).unwrap();
        let deltas: Vec<i64> = posting.lines.iter().map(|line| line.delta.raw()).collect();
        assert_eq!(deltas, [10, -10]);
        assert_eq!(posting.effects.len(), 1);
        assert_eq!(posting.effects[0].after, Qty::new(2));
    }

    #[test]
    fn a_receipt_already_sold_cannot_be_taken_back() {
        let refused = reverse(&receipt_of_ten(), &[supplier(), shop(4, Overdraw::Refuse)]).unwrap_err();
        assert!(matches!(refused, Refusal::InsufficientStock { .. }));
        let posting = reverse(&receipt_of_ten(), &[supplier(), shop(4, Overdraw::AllowAndFlag)]).unwrap();
        assert_eq!(posting.flags, [Flag::NegativeStock]);
    }

    #[test]
    fn undoing_a_receipt_leaves_what_is_promised() {
        let promised = |quantity| SideState { reserved: Qty::new(quantity), ..shop(12, Overdraw::Refuse) };
        assert!(reverse(&receipt_of_ten(), &[supplier(), promised(2)]).is_ok());
        let refused = reverse(&receipt_of_ten(), &[supplier(), promised(3)]).unwrap_err();
        assert_eq!(refused.code(), "insufficient_stock");
    }

    #[test]
    fn lines_that_are_no_entry_are_refused() {
        let sides = [supplier(), shop(12, Overdraw::Refuse)];
        assert_eq!(reverse(&[], &sides), Err(Refusal::Unbalanced));
        assert_eq!(reverse(&[line(SHOP, 10)], &sides), Err(Refusal::Unbalanced));
        assert_eq!(reverse(&[line(SHOP, 10), line(SHOP, -10)], &sides), Err(Refusal::Unbalanced));
        let missing = reverse(&receipt_of_ten(), &[shop(12, Overdraw::Refuse)]);
        assert_eq!(missing, Err(Refusal::UnknownLocation { location: SUPPLIER }));
    }

    #[test]
    fn undoing_twice_is_undoing_once() {
        assert_eq!(undo(EntryState::Pending), Undo::Discard);
        assert_eq!(undo(EntryState::Confirmed), Undo::Reverse);
        assert_eq!(undo(EntryState::Voided), Undo::Nothing);
    }
}
