//! The notebook (cuaderno): what is missing, wanted or broken, written down by whoever works in the shop, and what became
//! of it. Two notes of the same thing within the hour are one line, with all who noted it.
//!
//! Not here: reading plain sentences, which belongs to the language; orders to suppliers, which are made by `purchasing`
//! and tell the notebook what became of its lines.

mod api;
mod change;
mod commands;
mod entry;
mod list;
mod merge;
mod pages;
mod queries;
mod refusal;
mod scalars;
pub mod sql;
mod states;
mod views;
pub mod words;

pub(crate) use api::parse_supplier;
pub use change::{ChangeEntry, DiscardEntry, EntryChange, RestoreEntry};
pub use commands::{ABOUT_MAX, Note, SENTENCE_MAX};
pub use entry::{Action, Again, EntryState, Priority};
pub use merge::{MERGE_US, Wanted, merged};
pub use queries::{Entry, EntryFilter, EntryKey, Noted, Said, entries, entry, supplier_choices};
pub use refusal::NotebookRefused;
pub use scalars::{NotedText, schemas};
pub use states::{Locked, answer, lock, lock_pending, reopen, turn};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.push(list::endpoint());
    endpoints.extend(pages::endpoints());
    endpoints
}
