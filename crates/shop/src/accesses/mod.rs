//! The log of accesses to protected data, to read: who opened what of which record, when and what for (DAL-6). The
//! store writes it; nothing here does.

mod api;
mod pages;
mod queries;
pub mod sql;
pub mod words;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    vec![api::endpoint(), pages::endpoint()]
}
