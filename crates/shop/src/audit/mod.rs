//! The audit trail, to read: who did what, when and from where, for the owner and the accountant; and what in it looks
//! like trouble.
//!
//! Entries are written by the store, within each command's transaction, and by the layer that turns requests away;
//! nothing here writes any. The detectors are pure ([`detect`]); [`watch`] runs them and keeps what they found.

mod api;
pub mod detect;
mod detections;
mod pages;
mod queries;
mod report;
pub mod sql;
mod watch;
pub mod words;

pub use api::schemas;
pub use report::{Period, Report, report};
pub use watch::{Found, watch};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
