//! Suppliers: who they are and how they are reached, on which days they come and for how much, how their papers say
//! quantities and prices, and whose goods are theirs. What is learned about a person or a company lies sealed
//! (`contact.rs`); which supplier a product or a sentence means is decided by the crate `language` and taught by people
//! (`assigning.rs`).
//!
//! Not here: which supplier brings which product in which pack, which is the product's (`catalogue`).

mod api;
mod assigning;
mod bodies;
mod calendar;
mod commands;
mod contact;
mod list;
mod pages;
mod queries;
mod refusal;
mod scalars;
mod shipped;
pub mod sql;
mod supplier;
mod views;
pub mod words;

pub use assigning::{Assigned, assign, directory};
pub use calendar::{Calendar, LocalTime, NextDelivery};
pub use commands::{AddShippedSuppliers, ChangeSupplier, CreateSupplier, ForgetLesson, TeachAssignment};
pub(crate) use commands::{add_shipped, edit_within};
pub use contact::{ADDRESS, CONTACT_NAME, Contact, EMAIL, PHONE, Sealed, TAX_ID, tax_id_index};
pub use queries::{all, by_code, find};
pub use refusal::SupplierRefusal;
pub use scalars::schemas;
pub use shipped::shipped;
pub use supplier::{
    ContactEdit, PackRule, PaperKind, PaperProfile, PricePer, ScoreProfile, SupplierEdit, SupplierRecord,
    SupplierWords, VatCondition, Weekdays,
};
pub use views::time_of_day;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
