//! Counts: what people found on the shelves, compared with the ledger at the position where they
//! counted, so that what sells meanwhile is not counted twice. Large differences are counted
//! again and approved; posting corrects the ledger by movements of kind `count`, whatever happened
//! since.
//!
//! Not here: movements and balances, which are `stock`'s, and the arithmetic, which is the ledger's.

mod api;
mod bodies;
mod commands;
mod lines;
mod lists;
mod pages;
mod post;
mod progress;
mod queries;
mod refusal;
mod rows;
mod scalars;
mod scope;
pub mod sql;
mod views;
pub mod words;

pub use commands::{CancelCount, OpenCount};
pub use lines::{COUNT_LINES_MAX, CountLine, CountedLines, EnterCounts};
pub use post::{CountPosted, PostCount};
pub use progress::{DifferencesWorth, Entered, Progress, Worth, differences_worth, entered, next_to_count, progress};
pub use queries::{
    Count, CountFilter, CountKey, CountedLine, LineFilter, SheetFilter, SheetLine, SheetLot, SheetPart, count,
    counted_lines, counts, open_counts, sheet,
};
pub use refusal::CountRefused;
pub use scalars::schemas;
pub use scope::{CountScope, LISTED_MAX};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
