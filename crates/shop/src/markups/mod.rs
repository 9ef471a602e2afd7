//! The markup that is set on a product, a brand or a category; the most specific one holds (`pricing.md`). Prices that are
//! proposed follow it; one that nobody set is the middle of the category's margins.
//!
//! Not here: which one holds, which is `gondola_pricing`'s, and the prices that follow, which are `repricings`'.

mod api;
mod commands;
mod list;
mod pages;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use commands::{ClearMarkup, MarkupOf, SetMarkup};
pub use queries::SetOn;
pub use refusal::MarkupRefusal;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
