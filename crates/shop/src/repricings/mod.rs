//! Repricings: many prices at once, built by a rule and seen before they hold. What each row does is shown in pesos, rows
//! that break a guard wait for the owner, the whole is applied at once or at an hour, and one key takes it back.
//!
//! Read `rule.rs` for what can be asked, `commands.rs` for what can be done. What a price must earn and how it is written
//! is `prices`'; how rows are judged and what a rollback restores is the crate `pricing`'s.

mod api;
mod bodies;
mod build;
mod commands;
mod due;
mod edit;
mod file;
mod list;
mod pages;
mod queries;
mod refusal;
mod rollback;
mod rule;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use build::BuildRepricing;
pub use commands::{ApplyRepricing, CancelRepricing, ScheduleRepricing};
pub use due::apply_due;
pub use refusal::RepricingRefusal;
pub use rollback::RollBackRepricing;
pub use rule::{Rule, Wanted};
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
