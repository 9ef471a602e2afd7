//! What reservations refuse, in a shopkeeper's words.

use axum::http::StatusCode;
use gondola_ledger::ReservationState;

use crate::kernel::Problem;
use crate::stock::StockRefusal;

/// Why a promise was not made or not ended. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReservationRefused {
    /// The shelf says no.
    Stock(Box<StockRefusal>),
    /// No such reservation, or not yours to see.
    Unknown,
    /// It was handed over, taken back or let go before.
    NotPending(ReservationState),
    /// Its time is over; the goods may be somebody else's.
    Expired,
    /// It must end after it begins.
    ExpiryNotInFuture,
    /// Nobody keeps goods that long.
    ExpiryTooLate,
}

impl From<StockRefusal> for ReservationRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<ReservationRefused> for Problem {
    fn from(refusal: ReservationRefused) -> Self {
        match refusal {
            ReservationRefused::Stock(refusal) => (*refusal).into(),
            ReservationRefused::Unknown => Self::not_found(),
            ReservationRefused::NotPending(state) => {
                let (es, en) = match state {
                    ReservationState::Posted => ("ya se entregó", "was already handed over"),
                    ReservationState::Voided => ("ya se anuló", "was already voided"),
                    ReservationState::Expired | ReservationState::Pending => ("ya venció", "has expired"),
                };
                Self::new(
                    StatusCode::CONFLICT,
                    "not_pending",
                    format!("Esa reserva {es}."),
                    format!("That reservation {en}."),
                )
            }
            ReservationRefused::Expired => Self::new(
                StatusCode::CONFLICT,
                "reservation_expired",
                "La reserva venció y ya no guarda la mercadería. Hacé una nueva si todavía alcanza.",
                "The reservation expired and no longer keeps the goods. Make a new one if there is still enough.",
            ),
            ReservationRefused::ExpiryNotInFuture => Self::invalid_field(
                "expires_at",
                "expiry_not_in_future",
                "El vencimiento tiene que ser posterior a este momento.",
                "It must expire after this moment.",
            ),
            ReservationRefused::ExpiryTooLate => Self::invalid_field(
                "expires_at",
                "expiry_too_late",
                "Una reserva dura a lo sumo un año.",
                "A reservation lasts at most a year.",
            ),
        }
    }
}
