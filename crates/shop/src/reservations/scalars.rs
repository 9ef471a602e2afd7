//! The kinds of value that only reservations take; how kinds are declared is in the kernel.

use gondola_ledger::ReservationState;

use crate::kernel::scalars::{one_of, scalars};

scalars! {
    /// Where a reservation stands.
    ReservationStateCode = one_of(ReservationState::ALL.map(ReservationState::code));
}
