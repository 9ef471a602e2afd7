//! Law: **goods on the road are still the shop's.** A transfer between branches is two movements, A → in transit → B; what was
//! sent ends received, claimed or back at A, and nothing stays on the road.
//!
//! The movements themselves are posted by [`mod@crate::post`]; here is what each step must post. A transfer inside one shop is a
//! single movement and has no lifecycle.

use std::fmt;

use crate::qty::Qty;

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransferState {
    /// On the road.
    Sent,
    /// Counted at B, differences claimed.
    Received,
    /// Back at A.
    Cancelled,
}

/// Why a transfer did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferRefusal {
    /// It already arrived or came back.
    NotOnTheRoad {
        /// Where it stands.
        state: TransferState,
    },
    /// Nobody receives less than nothing.
    NegativeReceived {
        /// What was typed.
        received: Qty,
    },
    /// A sum does not fit in 64 bits.
    Overflow,
}

/// What receiving one line must post. The three parts account for everything sent and everything found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// In transit → B, by transfer.
    pub arrives: Qty,
    /// In transit → inventory difference, by adjustment: sent and not found.
    pub missing: Qty,
    /// Inventory difference → B, by adjustment: found and not sent.
    pub surplus: Qty,
}

impl Arrival {
    /// Does the line belong in the claim?
    pub const fn has_difference(&self) -> bool {
        !self.missing.is_zero() || !self.surplus.is_zero()
    }
}

impl TransferState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Received, Self::Cancelled];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// B has counted.
    pub fn receive(self) -> Result<Self, TransferRefusal> {
        self.require_sent().map(|()| Self::Received)
    }

    /// A takes it back; the caller reverses the first movement.
    pub fn cancel(self) -> Result<Self, TransferRefusal> {
        self.require_sent().map(|()| Self::Cancelled)
    }

    fn require_sent(self) -> Result<(), TransferRefusal> {
        if self == Self::Sent { Ok(()) } else { Err(TransferRefusal::NotOnTheRoad { state: self }) }
    }
}

/// Compares what was sent with what B counted, blind.
pub fn arrival(sent: Qty, received: Qty) -> Result<Arrival, TransferRefusal> {
    if received.is_negative() {
        return Err(TransferRefusal::NegativeReceived { received });
    }
    let arrives = sent.min(received);
    let part = |whole: Qty| whole.checked_sub(arrives).ok_or(TransferRefusal::Overflow);
    Ok(Arrival { arrives, missing: part(sent)?, surplus: part(received)? })
}

/// What to bring from the storeroom to a shelf: up to its target, no more than the storeroom can give, never less than nothing.
pub fn restock(target: Qty, on_shelf: Qty, storeroom_available: Qty) -> Qty {
    let missing = i128::from(target.raw()) - i128::from(on_shelf.raw());
    let brought = missing.min(i128::from(storeroom_available.raw())).max(0);
    Qty::new(i64::try_from(brought).expect("no more than the storeroom has, which fits"))
}

impl TransferRefusal {
    /// Stable name for APIs, logs and message catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOnTheRoad { .. } => "not_on_the_road",
            Self::NegativeReceived { .. } => "negative_received",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for TransferRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for TransferRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(count: i64) -> Qty {
        Qty::whole(count).unwrap()
    }

    #[test]
    fn a_transfer_ends_once() {
        assert_eq!(TransferState::Sent.receive(), Ok(TransferState::Received));
        assert_eq!(TransferState::Sent.cancel(), Ok(TransferState::Cancelled));
        for state in [TransferState::Received, TransferState::Cancelled] {
            assert_eq!(state.receive(), Err(TransferRefusal::NotOnTheRoad { state }));
            assert_eq!(state.cancel(), Err(TransferRefusal::NotOnTheRoad { state }));
        }
        assert!(TransferState::ALL.into_iter().all(|state| TransferState::from_code(state.code()) == Some(state)));
    }

    #[test]
    fn what_was_sent_arrives_or_is_claimed() {
        let parts = |sent, received| {
            let Arrival { arrives, missing, surplus } = arrival(units(sent), units(received)).unwrap();
            (arrives.raw() / 1_000, missing.raw() / 1_000, surplus.raw() / 1_000)
        };
        assert_eq!(parts(10, 10), (10, 0, 0));
        assert_eq!(parts(10, 7), (7, 3, 0));
        assert_eq!(parts(10, 12), (10, 0, 2));
        assert_eq!(parts(10, 0), (0, 10, 0));
        assert!(!arrival(units(10), units(10)).unwrap().has_difference());
        assert!(arrival(units(10), units(9)).unwrap().has_difference());
        assert_eq!(arrival(units(10), units(-1)).unwrap_err().code(), "negative_received");
    }

    #[test]
    fn a_shelf_is_filled_to_its_target_with_what_there_is() {
        assert_eq!(restock(units(12), units(4), units(100)), units(8));
        assert_eq!(restock(units(12), units(4), units(3)), units(3));
        assert_eq!(restock(units(12), units(15), units(3)), Qty::ZERO);
        assert_eq!(restock(units(12), units(4), units(-3)), Qty::ZERO);
        assert_eq!(restock(units(12), units(-2), units(100)), units(14));
    }
}
