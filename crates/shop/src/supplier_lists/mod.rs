//! Price lists that suppliers give: brought as CSV, XLSX or a PDF with text; its columns guessed, corrected by a person and
//! remembered; its rows matched to products, costed by the supplier's papers and the shop's tax status, and put beside the
//! supplier's last list. What is ticked becomes what it takes to buy again, in one step that can be taken back (S15).
//!
//! Only lists that a supplier gives: nothing is looked for on the web. A list past its last day is never applied.
//!
//! Not here: what one unit costs (`invoices::cost` and the crate `pricing`), how much two names are alike (`pricing`), sale
//! prices, which follow by a repricing (`repricings`).

mod alike;
mod api;
mod apply;
mod bodies;
mod change;
mod compare;
mod fields;
mod grid;
mod lines;
mod lists;
mod load;
mod matching;
mod pages;
mod paper;
mod queries;
mod refusal;
mod rows;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use apply::{ApplyList, ReverseList};
pub use change::{ChangeList, DiscardList, LineEdit, ListEdit};
pub use grid::CELLS;
pub use load::LoadList;
pub use queries::PriceList;
pub use refusal::ListRefusal;
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
