//! Files that come in, through the API on both engines: what goes in, what is told, what must not
//! have changed, and the way back.

mod bad_files;
#[path = "../common/mod.rs"]
mod common;
mod files;
mod prices;
mod products;
mod real_list;
mod stock;
mod suppliers;
mod undo;
mod volume;
