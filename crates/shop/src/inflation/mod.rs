//! What money loses: the monthly rates of inflation as a dated series, what they add up to, and what idle stock loses a
//! day (M12). A rate is typed or comes in a file; a correction is a newer row, and what was said before stays.
//!
//! Not here: the sums themselves, which are `gondola_pricing`'s; prices that follow the series, which are `repricings`'.

mod api;
mod bodies;
mod commands;
mod file;
mod list;
mod month;
mod own;
mod pages;
mod queries;
mod scalars;
pub mod sql;
mod summary;
mod views;
pub mod words;

pub(crate) use bodies::parse_month;
pub use commands::RecordRates;
pub use month::Month;
pub use own::{Risen, risen};
pub use scalars::{MonthText, schemas};
pub use summary::{Accumulated, accumulated};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
