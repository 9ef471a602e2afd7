//! The parsers, given what nobody would write (PEN-4): numbers, days, texts, JSON, addresses, headers, tokens and whole
//! requests, damaged by the thousand. Each is judged by a few lines that share no code with the product, and within a
//! second. The seed is printed; `GONDOLA_FUZZ_SEED` repeats a run, `GONDOLA_SOAK_MINUTES` makes it longer. Sheets are
//! fuzzed in `crates/sheets/tests/fuzz.rs`, what the server reads itself and the vault in `crates/server/tests/fuzz.rs`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod addresses;
mod amounts;
mod days;
mod fuzz;
mod headers;
mod json;
mod movements;
mod people;
mod requests;
mod texts;
mod tokens;
