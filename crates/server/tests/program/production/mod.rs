//! The real program as a shop runs it, in the profile `production`: https with certificates of its own, its
//! secret in a file, SQLite or a PostgreSQL that is reached by TLS and a password. Who gets in, what every
//! answer carries, which TLS is spoken, and what can be read where its data lies. Single rules have tests of
//! their own elsewhere; here they are met together.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod at_rest;
mod door;
mod headers;
pub mod https;
mod papers;
pub mod people;
mod postgres;
mod refusals;
mod search;
pub mod shop;
mod statements;
pub mod versions;
