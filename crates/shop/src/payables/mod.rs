//! What the shop owes its suppliers: a running account for each, of invoices, notes and payments that are added and never
//! changed; a mistake is reversed. The balance is their sum, and what is due when follows from which invoices the payments
//! reach, the one due first first (S18).
//!
//! Not here: the invoices themselves and what they brought in.

mod ageing;
mod api;
mod bodies;
mod commands;
mod entry;
mod lists;
mod pages;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use ageing::{Ageing, OpenItem, Owed, open_items};
pub use commands::{PostEntry, Posted, ReverseEntry, post_within, reverse_within};
pub use entry::{EntryKind, Method, NewEntry};
pub use queries::{AccountEntry, balance, entries};
pub use refusal::PayableRefusal;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
