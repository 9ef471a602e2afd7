//! Reservations: goods promised to somebody until a moment. They hold what is available, move
//! nothing, and end once: handed over by a movement, taken back, or too old. Whether so much may be
//! promised is the ledger's to say, asked while the product is locked.
//!
//! Not here: movements and balances, which are `stock`'s.

mod api;
mod commands;
mod list;
mod pages;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
pub mod words;

pub use commands::{
    ExpireReservations, HandOver, HandedOver, PostReservation, RESERVATION_DAYS_MAX, Reserve, VoidReservation,
};
pub use queries::{Reservation, ReservationFilter, ReservationKey, ending, kept, reservation, reservations};
pub use refusal::ReservationRefused;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
