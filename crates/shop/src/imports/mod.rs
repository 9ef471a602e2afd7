//! Lists that come in as files: products, prices, stock and suppliers, from CSV and XLSX. Read this
//! first.
//!
//! A file becomes a `ListFile`: its columns are understood (`columns.rs`), its rows read one by one
//! (`cells.rs`), codes that stand twice are found. `run.rs` then takes it in: it opens an import,
//! applies a thousand rows per command (or all in one, when atomic), and closes it. Good rows go in and
//! bad ones are told, each with its line and what would be accepted. `undo.rs` takes an import back.
//! What a row *means* is decided by the feature it goes to: `catalogue` and `stock`. Three doors lead
//! here: `api.rs`, `pages.rs` and, for the command line, [`console`].

mod api;
mod apply;
mod cells;
mod columns;
mod commands;
pub mod console;
mod correction;
mod fields;
mod file;
mod keeping;
mod kind;
mod outcome;
mod pages;
mod products;
mod queries;
mod reading;
mod refusal;
mod repeats;
mod rows;
mod run;
pub mod sql;
mod stock;
mod suppliers;
mod underway;
mod undo;
mod views;
pub mod words;

pub use commands::EndInterrupted;
pub use file::{ColumnsAre, FILE_BYTES_MAX, ReadAs};
pub use keeping::{ForgetFiles, KEPT_FILE};
pub use kind::ImportKind;
pub use rows::{BAD_ROW, BEFORE};
pub use run::{Mode, Progress};
pub use views::ImportView;
pub use words::field_name;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
