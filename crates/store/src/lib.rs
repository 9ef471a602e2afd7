//! Both engines behind one door.
//!
//! [`Db`] opens SQLite or PostgreSQL, [`Command`]s are the only way to write, [`Rx`] is the way to
//! read. Statements are written once for both engines with [`sql!`] and run with [`both!`]. The
//! store knows no feature, no ledger type and no HTTP.

mod access;
pub mod audit;
mod chain;
mod clock;
mod command;
mod copy;
mod db;
mod error;
mod execute;
mod history;
mod idempotency;
mod lane;
mod migrate;
mod presence;
pub mod protect;
mod redis;
mod registry;
pub mod schema;
pub mod settings;
mod snapshot;
pub mod sql;
mod tx;

pub use self::redis::{Copies, CopyCounts, Redis, RedisOptions};
pub use access::{Actor, ActorKind, Permission, Role, Scope, Scopes};
pub use audit::{Audited, Origin};
pub use clock::{At, Clock, Ids, RandomIds, SystemClock};
pub use command::{Command, Context, Done, Fail, Key};
pub use copy::{CopyError, CopyProgress, CopyReport, TableDigest, copy, digest_of_all, take_time};
pub use db::{Db, Engine, Grouping, OpenOptions};
pub use error::StoreError;
pub use history::GrantError;
pub use migrate::{MigrateError, MigrationState};
pub use presence::{Alone, sync_folder};
pub use registry::{Sql, executed_statements, executions, record_statements};
pub use tx::{Once, Rx, Tx, expect_rows};

#[doc(hidden)]
pub use sqlx;

/// Every statement of the store, for the registry test.
pub fn statements() -> Vec<Sql> {
    [sql::ALL, schema::sql::ALL, copy::sql::ALL, audit::sql::ALL, protect::sql::ALL].concat()
}
