//! Prices: what each product costs the customer on each list, how that came about, and whether it still earns. Every
//! change of a price is kept with who, when, why and the cost of that moment (`placing.rs`); what a price must earn is
//! judged in one place (`judging.rs`), by what the shop is to the tax office (`tax.rs`). The arithmetic is the crate
//! `pricing`'s.
//!
//! Not here: many prices at once, seen before they hold (`repricings`), and a product's other fields (`catalogue`).

mod api;
mod bands;
mod commands;
mod judging;
mod list;
mod pages;
mod paper;
mod placing;
mod priced;
mod queries;
mod refusal;
mod rule;
mod scalars;
pub mod sql;
mod tax;
mod views;
pub mod words;

pub use bands::StepBands;
pub use commands::SetPrice;
pub use judging::{below_minimum, judge, minimum_of, seller_of};
pub use placing::{Equal, LIST_GENERAL, LIST_SPECIAL, LIST_WHOLESALE, LISTS, NewPrice, Source, Why, count_up, place};
pub use priced::{Priced, PricedFilter, PricedKey, Today, all_priced, find_priced};
pub use queries::{PriceChange, Warnings, filter_of, notable_changes, product_id, warnings};
pub use refusal::PriceRefusal;
pub use rule::{ListRule, basis_code};
pub use scalars::schemas;
pub use tax::{SetTaxStatus, follow_due, status_on};
pub use views::{Change, PriceView, light_code, severity_code};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
