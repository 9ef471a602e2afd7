//! Law: **every entry is double, and its lines add up to zero: per product and per lot.** What one place loses another gains;
//! the outside world is a place too. Stock changes by a [`Posting`] and by nothing else.
//!
//! Pure: the caller loads the state of both sides (locked), stores what comes back, and decides nothing. Who may post, and the
//! words of a refusal, are not here; nor is the choice of lots (`pick.rs`) or the rule about leaving (`exit.rs`).

use std::collections::BTreeMap;

use crate::exit::{Exit, check_exit};
use crate::flag::Flag;
use crate::ids::{LocationId, LotId};
use crate::kind::MovementKind;
use crate::location::LocationKind;
use crate::pick::{Pick, first_expiring};
use crate::policy::Overdraw;
use crate::qty::Qty;
use crate::refusal::Refusal;
use crate::reverse::OriginalLine;
use crate::time::Day;

/// What one location holds of one lot, before the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotBalance {
    /// The lot.
    pub lot: LotId,
    /// Its last good day, when it has one.
    pub expires_on: Option<Day>,
    /// Its place in the order of arrival; smaller came first.
    pub received_order: i64,
    /// How much is there; below zero when overdrawn.
    pub qty: Qty,
}

/// One side of an entry, before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideState {
    /// The place.
    pub location: LocationId,
    /// What kind of place.
    pub kind: LocationKind,
    /// What it holds of this product, each lot once. Virtual places hold nothing that is tracked.
    pub lots: Vec<LotBalance>,
    /// How much of it is promised.
    pub reserved: Qty,
    /// What happens when more leaves than is there.
    pub overdraw: Overdraw,
    /// For a backdated entry: the lowest balance here from its date on. `None` when dated now.
    pub lowest_later: Option<Qty>,
}

impl SideState {
    /// A virtual place: unlimited, nothing tracked.
    pub const fn outside(location: LocationId, kind: LocationKind) -> Self {
        Self { location, kind, lots: Vec::new(), reserved: Qty::ZERO, overdraw: Overdraw::Allow, lowest_later: None }
    }

    /// The sum of the lots, or `None` beyond 64 bits.
    pub fn on_hand(&self) -> Option<Qty> {
        Qty::checked_sum(self.lots.iter().map(|lot| lot.qty))
    }

    /// What is there of one lot.
    pub fn of_lot(&self, lot: LotId) -> Option<Qty> {
        Qty::checked_sum(self.lots.iter().filter(|held| held.lot == lot).map(|held| held.qty))
    }
}

/// One thing that happened, with everything needed to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub kind: MovementKind,
    /// How much; always more than zero, the kind gives the sign.
    pub quantity: Qty,
    /// Where it left.
    pub from: SideState,
    /// Where it arrived.
    pub to: SideState,
    /// The lot, when somebody named it; otherwise FEFO picks.
    pub lot: Option<LotId>,
    /// The product's lot for goods nobody told apart.
    pub plain_lot: LotId,
}

/// One half of a movement of one lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The place.
    pub location: LocationId,
    /// The lot.
    pub lot: LotId,
    /// What changed there; never zero.
    pub delta: Qty,
    /// What is then there of that lot; `None` for virtual places, whose balance is not tracked.
    pub after: Option<Qty>,
}

/// What an entry did to one real location, over all its lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The place.
    pub location: LocationId,
    /// What it held.
    pub before: Qty,
    /// What it holds.
    pub after: Qty,
}

/// The lines to store and what they mean for the places involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// What to store; adds up to zero per lot.
    pub lines: Vec<Line>,
    /// Before and after of the real locations, the one that gives first.
    pub effects: Vec<Effect>,
    /// What was allowed and must be looked at.
    pub flags: Vec<Flag>,
}

/// Judges an entry against the state of its two sides.
pub fn post(entry: &Entry) -> Result<Posting, Refusal> {
    let Entry { kind, quantity, from, to, lot, plain_lot } = entry;
    if !quantity.is_positive() {
        return Err(Refusal::QuantityNotPositive { quantity: *quantity });
    }
    if from.location == to.location {
        return Err(Refusal::SameLocation { location: from.location });
    }
    if !kind.fits(from.kind, to.kind) {
        return Err(Refusal::SidesDoNotFit { kind: *kind, from: from.kind, to: to.kind });
    }
    let named: Vec<Pick> = lot.iter().map(|lot| Pick { lot: *lot, quantity: *quantity }).collect();
    let flags = if from.kind.is_real() {
        check_exit(Exit {
            side: from,
            quantity: *quantity,
            named: &named,
            may_take_reserved: !kind.is_voluntary_exit(),
        })?
    } else {
        Vec::new()
    };
    let picks = match lot {
        Some(_) => named,
        None if from.kind.is_real() => first_expiring(&from.lots, *plain_lot, *quantity),
        None => vec![Pick { lot: *plain_lot, quantity: *quantity }],
    };
    let mut deltas = Vec::with_capacity(picks.len() * 2);
    for pick in picks {
        let taken = pick.quantity.checked_neg().ok_or(Refusal::Overflow)?;
        deltas.push(OriginalLine { location: from.location, lot: pick.lot, delta: taken });
        deltas.push(OriginalLine { location: to.location, lot: pick.lot, delta: pick.quantity });
    }
    assemble(&deltas, &[from, to], flags)
}

/// Turns balanced changes into lines and effects. Every place in `deltas` has its state in `sides`.
pub(crate) fn assemble(deltas: &[OriginalLine], sides: &[&SideState], flags: Vec<Flag>) -> Result<Posting, Refusal> {
    let mut lines = Vec::with_capacity(deltas.len());
    for OriginalLine { location, lot, delta } in deltas.iter().copied() {
        let side = sides.iter().find(|side| side.location == location).ok_or(Refusal::UnknownLocation { location })?;
        let after = match side.kind.is_real() {
            true => Some(side.of_lot(lot).and_then(|held| held.checked_add(delta)).ok_or(Refusal::Overflow)?),
            false => None,
        };
        lines.push(Line { location, lot, delta, after });
    }
    let mut effects = Vec::new();
    for side in sides.iter().filter(|side| side.kind.is_real()) {
        let here = lines.iter().filter(|line| line.location == side.location).map(|line| line.delta);
        let before = side.on_hand().ok_or(Refusal::Overflow)?;
        let after = Qty::checked_sum(here.chain([before])).ok_or(Refusal::Overflow)?;
        effects.push(Effect { location: side.location, before, after });
    }
    assert!(is_balanced(&lines), "the lines of an entry add up to zero per lot");
    Ok(Posting { lines, effects, flags })
}

fn is_balanced(lines: &[Line]) -> bool {
    let mut sums: BTreeMap<LotId, i128> = BTreeMap::new();
    for line in lines {
        *sums.entry(line.lot).or_default() += i128::from(line.delta.raw());
    }
    !lines.is_empty() && sums.values().all(|sum| *sum == 0)
}

#[cfg(test)]
mod tests;
