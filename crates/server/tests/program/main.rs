//! The program as its users run it: started, asked, stopped.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod cli;
mod data;
mod doctor;
mod doctor_security;
mod drills;
mod edge;
mod encryption;
mod export;
mod import;
mod laxest;
mod memory;
mod monitoring;
#[path = "../process/mod.rs"]
mod process;
mod production;
mod redis;
mod secrets;
mod stopping;
mod tls;
#[path = "../tls_client/mod.rs"]
mod tls_client;
mod tls_files;
