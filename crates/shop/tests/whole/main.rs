//! What is asked of every route, list, text and statement there is.

mod bad_input;
#[path = "../common/mod.rs"]
mod common;
mod conformance;
mod document;
mod exports;
mod hostile_texts;
mod registry;
mod routes;
