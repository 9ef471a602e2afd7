//! Shelf labels: which prices changed and are not on the shelf yet, in the order of the aisles; printing those and no
//! others; and saying that they were placed. Nothing queues them: a label is due when it does not say the price.
//!
//! Not here: how a label looks, which is the crate `print`'s, and how prices come about (`prices`).

mod api;
mod commands;
mod list;
mod pages;
mod paper;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
pub mod words;

pub use commands::{PlaceLabels, PrintLabels};
pub use queries::late;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
