//! Sale lists: what MAYORISTA and ESPECIAL ask for over GENERAL, from which day to which (`pricing.md`). A price that somebody
//! sets for a product on such a list goes before the rule.
//!
//! Not here: the prices themselves, nor what a rule makes of one (`prices`).

mod api;
mod commands;
mod list;
mod pages;
mod preview;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use commands::{RemoveListRule, SetListRule};
pub use queries::KeptRule;
pub use refusal::ListRuleRefusal;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
