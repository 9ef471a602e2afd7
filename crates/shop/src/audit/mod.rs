//! The audit trail, to read: who did what, when and from where, for the owner and the accountant.
//!
//! Entries are written by the store, within each command's transaction, and by the layer that turns
//! requests away; nothing here writes.

mod api;
mod pages;
mod queries;
pub mod sql;
pub mod words;

pub use api::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    vec![api::endpoint(), pages::endpoint()]
}
