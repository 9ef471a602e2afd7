//! The texts about reservations.

use crate::kernel::words::Word;

/// The texts.
pub const WORDS: &[Word] = &[
    ("reservation.state_pending", "Pendiente", "Pending"),
    ("reservation.state_posted", "Entregada", "Handed over"),
    ("reservation.state_voided", "Anulada", "Taken back"),
    ("reservation.state_expired", "Vencida", "Expired"),
];
