//! Law: **a promise holds goods until it is kept, taken back or too old.** No goods move; what is available shrinks. Together,
//! promises never exceed what is there.
//!
//! Exclusion between two tills is the business of the store: it loads the numbers under a lock and asks here.

use std::fmt;

use crate::qty::Qty;
use crate::time::At;

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReservationState {
    /// Holds goods.
    Pending,
    /// Delivered: the goods left by a movement.
    Posted,
    /// Cancelled.
    Voided,
    /// Nobody came.
    Expired,
}

/// Why a reservation did not happen or did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReservationRefusal {
    /// A promise is of something.
    QuantityNotPositive {
        /// What was asked.
        quantity: Qty,
    },
    /// Less is free than was asked.
    InsufficientStock {
        /// What is there.
        on_hand: Qty,
        /// What is there and not promised.
        available: Qty,
        /// What was asked.
        requested: Qty,
    },
    /// It must end after it begins.
    ExpiryNotInFuture,
    /// It was already delivered, cancelled or let go.
    NotPending {
        /// Where it stands.
        state: ReservationState,
    },
    /// Its time is over; the goods may be somebody else's.
    Expired,
    /// It has still time left.
    NotYetExpired,
    /// A sum does not fit in 64 bits.
    Overflow,
}

/// May so much be promised on top of what already is? Answers what is then still available.
pub fn can_reserve(on_hand: Qty, reserved: Qty, quantity: Qty) -> Result<Qty, ReservationRefusal> {
    if !quantity.is_positive() {
        return Err(ReservationRefusal::QuantityNotPositive { quantity });
    }
    let available = on_hand.checked_sub(reserved).ok_or(ReservationRefusal::Overflow)?;
    if quantity > available {
        return Err(ReservationRefusal::InsufficientStock { on_hand, available, requested: quantity });
    }
    available.checked_sub(quantity).ok_or(ReservationRefusal::Overflow)
}

/// Does the promise end after it begins?
pub fn check_expiry(now: At, expires_at: At) -> Result<(), ReservationRefusal> {
    if expires_at > now { Ok(()) } else { Err(ReservationRefusal::ExpiryNotInFuture) }
}

impl ReservationState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Posted, Self::Voided, Self::Expired];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Does it hold goods at this moment? A promise that is over holds nothing, swept or not.
    pub fn holds(self, now: At, expires_at: At) -> bool {
        self == Self::Pending && now < expires_at
    }

    /// Delivers it: the caller posts the movement in the same transaction.
    pub fn post(self, now: At, expires_at: At) -> Result<Self, ReservationRefusal> {
        self.require_pending()?;
        if now >= expires_at { Err(ReservationRefusal::Expired) } else { Ok(Self::Posted) }
    }

    /// Cancels it, also when its time is over and nobody noticed.
    pub fn void(self) -> Result<Self, ReservationRefusal> {
        self.require_pending().map(|()| Self::Voided)
    }

    /// Lets it go once its time is over.
    pub fn expire(self, now: At, expires_at: At) -> Result<Self, ReservationRefusal> {
        self.require_pending()?;
        if now >= expires_at { Ok(Self::Expired) } else { Err(ReservationRefusal::NotYetExpired) }
    }

    fn require_pending(self) -> Result<(), ReservationRefusal> {
        if self == Self::Pending { Ok(()) } else { Err(ReservationRefusal::NotPending { state: self }) }
    }
}

impl ReservationRefusal {
    /// Stable name for APIs, logs and message catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuantityNotPositive { .. } => "quantity_not_positive",
            Self::InsufficientStock { .. } => "insufficient_stock",
            Self::ExpiryNotInFuture => "expiry_not_in_future",
            Self::NotPending { .. } => "not_pending",
            Self::Expired => "reservation_expired",
            Self::NotYetExpired => "not_yet_expired",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for ReservationRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for ReservationRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_000);
    const LATER: At = At(2_000);

    fn units(count: i64) -> Qty {
        Qty::whole(count).unwrap()
    }

    /// two tills reserve the last unit of a lot; one wins, the other gets a typed refusal.
    #[test]
    fn the_last_unit_is_promised_once() {
        assert_eq!(can_reserve(units(1), units(0), units(1)), Ok(Qty::ZERO));
        let refused = can_reserve(units(1), units(1), units(1)).unwrap_err();
        let expected =
            ReservationRefusal::InsufficientStock { on_hand: units(1), available: Qty::ZERO, requested: units(1) };
        assert_eq!(refused, expected);
    }

    /// ten allocations, five in stock; exactly five succeed.
    #[test]
    fn ten_ask_for_five_and_five_get_one() {
        let mut reserved = Qty::ZERO;
        let granted = (0..10).filter(|_| match can_reserve(units(5), reserved, units(1)) {
            Ok(available) => {
                reserved = units(5).checked_sub(available).unwrap();
                true
            }
            Err(_) => false,
        });
        assert_eq!(granted.count(), 5);
    }

    #[test]
    fn a_promise_is_kept_taken_back_or_let_go_once() {
        let pending = ReservationState::Pending;
        assert_eq!(pending.post(NOW, LATER), Ok(ReservationState::Posted));
        assert_eq!(pending.post(LATER, LATER), Err(ReservationRefusal::Expired));
        assert_eq!(pending.void(), Ok(ReservationState::Voided));
        assert_eq!(pending.expire(LATER, LATER), Ok(ReservationState::Expired));
        assert_eq!(pending.expire(NOW, LATER), Err(ReservationRefusal::NotYetExpired));
        for state in [ReservationState::Posted, ReservationState::Voided, ReservationState::Expired] {
            let refused = ReservationRefusal::NotPending { state };
            assert_eq!(state.post(NOW, LATER), Err(refused));
            assert_eq!(state.void(), Err(refused));
            assert_eq!(state.expire(LATER, LATER), Err(refused));
        }
    }

    #[test]
    fn a_promise_that_is_over_holds_nothing_even_unswept() {
        assert!(ReservationState::Pending.holds(NOW, LATER));
        assert!(!ReservationState::Pending.holds(LATER, LATER));
        assert!(!ReservationState::Voided.holds(NOW, LATER));
        assert_eq!(check_expiry(NOW, NOW), Err(ReservationRefusal::ExpiryNotInFuture));
        assert_eq!(check_expiry(NOW, LATER), Ok(()));
    }

    #[test]
    fn nothing_and_less_than_nothing_cannot_be_promised() {
        assert_eq!(can_reserve(units(5), Qty::ZERO, Qty::ZERO).unwrap_err().code(), "quantity_not_positive");
        assert_eq!(can_reserve(units(-1), Qty::ZERO, units(1)).unwrap_err().code(), "insufficient_stock");
        assert!(
            ReservationState::ALL.into_iter().all(|state| ReservationState::from_code(state.code()) == Some(state))
        );
    }
}
