//! The assistant: what somebody writes in plain Spanish becomes lines of the notebook and movements of stock. What a sentence
//! means is decided by the crate `language`; here it becomes a plan, and a plan is carried out whole or not at all, by the
//! commands of the features that own what is written. What is critical is shown first and confirmed once, by who wrote it.
//!
//! Read `plan.rs` for what is kept of a sentence, `say.rs`, `confirm.rs` and `undo.rs` for what can be done.

mod api;
mod carry;
mod confirm;
pub mod console;
mod known;
mod pages;
mod place;
mod plan;
mod queries;
mod read;
mod refusal;
mod say;
mod scalars;
pub mod sql;
mod told;
mod undo;
mod views;
pub mod words;

pub use confirm::ConfirmPlan;
pub use known::parser;
pub use plan::{Asked, Candidate, Plan, Status, Step};
pub use queries::Message;
pub use refusal::AssistantRefused;
pub use say::{Said, Say};
pub use scalars::schemas;
pub use undo::UndoMessage;
pub use views::MessageItem;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
