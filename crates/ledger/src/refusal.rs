//! Law: **a refusal is a value that explains itself.** It carries the numbers a shopkeeper needs to see; the words in which it
//! is said belong to the message catalogue, under [`Refusal::code`].

use std::fmt;

use crate::ids::{LocationId, LotId};
use crate::kind::MovementKind;
use crate::location::LocationKind;
use crate::qty::Qty;

/// Why an entry was not posted. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The API takes a positive quantity and a kind; the ledger keeps the sign.
    QuantityNotPositive {
        /// What was asked.
        quantity: Qty,
    },
    /// Goods cannot move to where they are.
    SameLocation {
        /// The one place named twice.
        location: LocationId,
    },
    /// This kind of movement does not go between such places.
    SidesDoNotFit {
        /// What should have happened.
        kind: MovementKind,
        /// Where it should have left.
        from: LocationKind,
        /// Where it should have arrived.
        to: LocationKind,
    },
    /// More was asked than is there, or than is free of promises.
    InsufficientStock {
        /// Where.
        location: LocationId,
        /// What is there.
        on_hand: Qty,
        /// What is there and not reserved.
        available: Qty,
        /// What was asked.
        requested: Qty,
    },
    /// The named lot has less than was asked, though other lots may have more.
    LotInsufficient {
        /// Where.
        location: LocationId,
        /// The lot.
        lot: LotId,
        /// What is there of that lot.
        on_hand: Qty,
        /// What was asked of it.
        requested: Qty,
    },
    /// Entered with a past date, it would have left less than nothing at some later moment.
    BackdatedWouldGoNegative {
        /// Where.
        location: LocationId,
        /// The lowest balance from that date on.
        lowest: Qty,
        /// What was asked.
        requested: Qty,
    },
    /// The original lines name a place whose state was not given.
    UnknownLocation {
        /// The place.
        location: LocationId,
    },
    /// The original lines are none, or do not add up to zero: they are not an entry of this ledger.
    Unbalanced,
    /// A balance would not fit in 64 bits.
    Overflow,
}

impl Refusal {
    /// Stable name for APIs, logs and message catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuantityNotPositive { .. } => "quantity_not_positive",
            Self::SameLocation { .. } => "same_location",
            Self::SidesDoNotFit { .. } => "sides_do_not_fit",
            Self::InsufficientStock { .. } => "insufficient_stock",
            Self::LotInsufficient { .. } => "lot_insufficient",
            Self::BackdatedWouldGoNegative { .. } => "backdated_would_go_negative",
            Self::UnknownLocation { .. } => "unknown_location",
            Self::Unbalanced => "unbalanced",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}
