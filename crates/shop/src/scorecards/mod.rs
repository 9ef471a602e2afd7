//! How good each supplier was over some days, from what really happened: deliveries complete and in time, what came broken,
//! what was billed at another cost than expected, what was claimed and answered, and how much faster than the rest its costs
//! rose. What was never measured weighs nothing ([`gondola_pricing::scorecard`]).
//!
//! It reads what purchasing, invoices and inflation wrote, and owns no table.

mod card;
mod list;
mod pages;
pub mod sql;
mod views;
pub mod words;

pub use card::{Card, Period, cards};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = list::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
