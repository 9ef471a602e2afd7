//! The demo shop as a plan: who sells what to whom for some months, as plain data, before anything is stored. The same seed,
//! day and size give the same plan for ever; nothing here reads a clock, a file or a database. Not here: writing the plan into
//! a shop, and the users it gets.
//!
//! Read `plan.rs` for what a plan holds, `tables/` for the catalogue, `days.rs` for how a day goes.

mod calendar;
mod codes;
mod days;
mod housekeeping;
mod pace;
mod plan;
mod pricing;
mod products;
mod random;
mod seed;
mod shelves;
pub mod sql;
mod stories;
mod suppliers;
mod table;
mod tills;

#[cfg(test)]
mod tests;

pub use plan::{DayPlan, LotPlan, MovementPlan, Place, Plan, PlanSize};
pub use products::{PresentationPlan, ProductPlan, SupplyPlan};
pub use seed::{People, SeedError, Seeded, is_used, people, seed};
pub use suppliers::SupplierPlan;
pub use table::CategoryPlan;
