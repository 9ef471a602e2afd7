//! A transaction on either engine, and `both!`, which runs the same tokens against each driver.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::db::Engine;
use crate::error::StoreError;
use crate::registry::Sql;

/// An open write transaction. Only `Db::execute` hands one out, to a command's `run`.
pub enum Tx<'c> {
    /// On SQLite: the writer's connection, inside a savepoint.
    Sqlite(&'c mut SqliteConnection),
    /// On PostgreSQL: a connection with an open transaction.
    Postgres(&'c mut PgConnection),
}

impl Tx<'_> {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

/// A read transaction: one consistent snapshot for everything read through it.
pub enum Rx {
    /// On SQLite: a deferred transaction on a reader.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL: `repeatable read, read only`.
    Postgres(Transaction<'static, Postgres>),
}

impl Rx {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The same connection seen as a transaction, so that commands and queries share read functions.
    pub fn as_tx(&mut self) -> Tx<'_> {
        match self {
            Self::Sqlite(tx) => Tx::Sqlite(tx),
            Self::Postgres(tx) => Tx::Postgres(tx),
        }
    }
}

/// A connection for one statement, which is a snapshot by itself: no transaction is begun or ended.
pub enum Once {
    /// On SQLite: a reader.
    Sqlite(PoolConnection<Sqlite>),
    /// On PostgreSQL: any connection.
    Postgres(PoolConnection<Postgres>),
}

impl Once {
    /// The same connection seen as a transaction, for [`both!`](crate::both).
    pub fn as_tx(&mut self) -> Tx<'_> {
        match self {
            Self::Sqlite(connection) => Tx::Sqlite(connection),
            Self::Postgres(connection) => Tx::Postgres(connection),
        }
    }
}

/// Asserts how many rows a statement changed.
///
/// # Errors
/// [`StoreError::RowsAffected`].
pub fn expect_rows(statement: Sql, expected: u64, actual: u64) -> Result<(), StoreError> {
    if expected == actual {
        return Ok(());
    }
    Err(StoreError::RowsAffected { statement: statement.name, expected, actual })
}

/// Runs the same expression on whichever engine `tx` (a `&mut Tx`) is. The closure-like head names
/// the connection; the body is type-checked once per driver.
///
/// ```ignore
/// let row: Row = both!(tx, c, q => sqlx::query_as(q(FIND)).bind(id).fetch_one(c).await)?;
/// ```
#[macro_export]
macro_rules! both {
    ($tx:expr, $conn:ident, $text:ident => $body:expr) => {
        match $tx {
            $crate::Tx::Sqlite(connection) => {
                let $conn = &mut **connection;
                #[allow(unused_variables)]
                let $text = |sql: $crate::Sql| sql.text($crate::Engine::Sqlite);
                $body
            }
            $crate::Tx::Postgres(connection) => {
                let $conn = &mut **connection;
                #[allow(unused_variables)]
                let $text = |sql: $crate::Sql| sql.text($crate::Engine::Postgres);
                $body
            }
        }
    };
}
