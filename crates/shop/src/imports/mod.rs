//! Lists that come in as files: products, prices, stock and suppliers, from CSV and XLSX. Read this
//! first.
//!
//! A file becomes a [`ListFile`]: its columns are understood (`columns.rs`), its rows read one by one
//! (`cells.rs`), codes that stand twice are found. [`run`] then takes it in: it opens an import,
//! applies a thousand rows per command (or all in one, when atomic), and closes it. Good rows go in and
//! bad ones are told, each with its line and what would be accepted. [`undo`] takes an import back.
//! What a row *means* is decided by the feature it goes to: `catalogue` and `stock`.

mod api;
mod apply;
mod cells;
mod columns;
mod commands;
mod correction;
mod fields;
mod file;
mod kind;
mod outcome;
mod products;
mod queries;
mod refusal;
mod repeats;
mod rows;
mod run;
pub mod sql;
mod stock;
mod suppliers;
mod undo;
mod upload;
mod views;

pub use api::endpoints;
pub use file::{ListFile, ReadAs};
pub use kind::ImportKind;
pub use outcome::RowError;
pub use queries::{ImportRow, errors_of, import};
pub use refusal::ImportRefusal;
pub use run::{Finished, Mode, Progress, Request, run};
pub use undo::{KeptRow, Undone, undo};
pub use views::ImportView;
