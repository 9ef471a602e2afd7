//! Protected columns: sealed where they lie, opened by name and never without a line in the log of accesses (ENC,
//! DAL). A feature declares its columns as [`Column`]s and keeps their values as [`Protected`]: a value that nobody
//! opened stays sealed, so a handler that forgets to ask shows nothing.
//!
//! The keys are the vault's; this module keeps their ring, wrapped, in the database.

mod access;
mod clear;
mod column;
mod keys;
mod open;
mod rotate;
mod tally;

pub mod sql;

pub use access::{AccessRow, Operation, verify};
pub use clear::Lying;
pub use column::{Column, ColumnName, Protected};
pub use keys::KeysError;
pub use open::{Gathered, Opener, Unreadable, conceal};
pub use rotate::{KeyState, Rotation};
pub use tally::{Tallied, Tally};

pub(crate) use access::CHAIN;
pub(crate) use keys::Guard;
