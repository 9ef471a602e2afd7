//! The server within the test's own process.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budgets;
mod health;
mod layers;
mod metrics;
mod trail;
mod worker;
