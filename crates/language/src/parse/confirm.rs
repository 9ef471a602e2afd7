//! What a person confirms before it is carried out.

use gondola_ledger::Qty;

use super::reading::{Action, ConfirmFor};

/// Largest quantity that is taken without asking again.
pub const UNASKED_MAX: Qty = Qty::new(999_000);
/// So many times the usual quantity is taken without asking again.
pub const USUAL_TIMES_MAX: i64 = 10;

/// What the shop knows of a product where it is moved, in its base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels {
    /// What there is; nothing when goods come in.
    pub on_hand: Option<Qty>,
    /// The usual quantity of such a move.
    pub usual: Option<Qty>,
}

/// Why an entry is confirmed first by what it says alone.
pub(super) fn by_itself(action: Action, quantity: Option<Qty>) -> Option<ConfirmFor> {
    match action {
        Action::Waste | Action::Adjustment => Some(ConfirmFor::Loss),
        Action::Count => Some(ConfirmFor::Calibration),
        _ => quantity.filter(|quantity| *quantity > UNASKED_MAX).map(|_| ConfirmFor::Many),
    }
}

/// Why a quantity, in the product's base unit, is confirmed first by what the shop knows.
pub fn against_levels(quantity: Qty, levels: Levels) -> Option<ConfirmFor> {
    let is_beyond = |usual: Qty| usual.raw().checked_mul(USUAL_TIMES_MAX).is_some_and(|most| quantity.raw() > most);
    if levels.on_hand.is_some_and(|there| quantity > there) {
        Some(ConfirmFor::MoreThanThereIs)
    } else if levels.usual.filter(|usual| usual.is_positive()).is_some_and(is_beyond) {
        Some(ConfirmFor::MoreThanUsual)
    } else {
        None
    }
}
