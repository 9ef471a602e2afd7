//! Transfers between places with a road in between: what leaves A is on the road until B has counted
//! it, blind, or A takes it back. What was sent and not found, or found and not sent, becomes one
//! claim. Also the list of what to bring from the storeroom to the shelves.
//!
//! Not here: a move inside one building, which is a single movement (`POST /movements`).

mod api;
mod bodies;
mod commands;
mod lists;
mod pages;
mod queries;
mod receive;
mod refusal;
mod restock;
mod rows;
mod scalars;
pub mod sql;
mod views;
pub mod words;

pub use commands::{CancelTransfer, SendTransfer, TRANSFER_LINES_MAX, TransferLine};
pub use queries::{
    Carried, CarriedLine, CarriedLot, Transfer, TransferFilter, TransferKey, on_the_road, transfer, transfers,
};
pub use receive::{ReceiveTransfer, ReceivedLine};
pub use refusal::TransferRefused;
pub use restock::{RestockLine, RestockLot, RestockRoute, restock_list};
pub use scalars::schemas;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
