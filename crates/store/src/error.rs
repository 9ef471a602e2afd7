//! What can go wrong with the machine, as opposed to what the shop refuses. Classified once, here:
//! callers ask `is_retryable` and never look at driver codes.

use crate::protect::Unreadable;

/// A failure of the database or of what is stored in it. Never caused by a user's input.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction was in the way; trying again may help.
    #[error("the database was busy")]
    Busy(#[source] sqlx::Error),
    /// The database cannot be reached, or the pool has no connection to give.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The writer has stopped: the process is shutting down or the disk failed.
    #[error("the writer has stopped")]
    WriterGone,
    /// The file is being put in place by a restore, or a restore was interrupted.
    #[error("the database is being restored, or a restore was interrupted: run gondola restore again")]
    Restoring,
    /// A statement touched another number of rows than it must.
    #[error("{statement} changed {actual} rows and must change {expected}")]
    RowsAffected {
        /// The statement's name.
        statement: &'static str,
        /// How many it must change.
        expected: u64,
        /// How many it changed.
        actual: u64,
    },
    /// Something stored cannot be what it is; names the table, the column and the row.
    #[error("{table}.{column} of {id} is corrupt: {detail}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Which row.
        id: String,
        /// What is wrong.
        detail: String,
    },
    /// A protected value does not open: another key, or it was altered or moved. Says which, never a part of it.
    #[error("{} of {} does not open: {}", .0.column, .0.row, .0.error)]
    Unreadable(Box<Unreadable>),
    /// The access to protected values could not be written down, so they stay closed.
    #[error("the log of accesses is not available")]
    LogUnavailable(#[source] Box<StoreError>),
    /// Anything else the driver reports.
    #[error("the database refused a statement")]
    Driver(#[source] sqlx::Error),
}

impl StoreError {
    /// A stored value that cannot be decoded.
    pub fn corrupt(table: &'static str, column: &'static str, id: impl ToString, detail: impl ToString) -> Self {
        Self::Corrupt { table, column, id: id.to_string(), detail: detail.to_string() }
    }

    /// What was read in this transaction is not so any more; running the command again reads it anew.
    pub fn meanwhile(what: &str) -> Self {
        Self::Busy(sqlx::Error::Protocol(what.to_owned()))
    }

    /// The same failure for another command of the same batch; keeps what decides about a retry.
    pub(crate) fn shared(&self) -> Self {
        match self {
            Self::Busy(error) => Self::Busy(sqlx::Error::Protocol(error.to_string())),
            Self::Unavailable(error) => Self::Unavailable(sqlx::Error::Protocol(error.to_string())),
            other => Self::Driver(sqlx::Error::Protocol(other.to_string())),
        }
    }

    /// Whether running the same command again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    /// Whether the caller should be told to come back later (503).
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_) | Self::WriterGone | Self::LogUnavailable(_))
    }
}

/// PostgreSQL: serialization failure, deadlock, lock not available. SQLite: busy, locked and their
/// extended codes.
const BUSY_CODES: [&str; 9] = ["40001", "40P01", "55P03", "5", "6", "261", "262", "517", "773"];

/// PostgreSQL classes that say the server is going, full or not accepting.
const UNAVAILABLE_CODES: [&str; 5] = ["57P01", "57P02", "57P03", "53300", "08006"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|database| database.code());
        match (&error, code.as_deref()) {
            (_, Some(code)) if BUSY_CODES.contains(&code) => Self::Busy(error),
            (_, Some(code)) if UNAVAILABLE_CODES.contains(&code) => Self::Unavailable(error),
            (
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed,
                _,
            ) => Self::Unavailable(error),
            _ => Self::Driver(error),
        }
    }
}
