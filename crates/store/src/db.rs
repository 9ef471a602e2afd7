//! Opening a database on either engine and handing out readers. Writing is in `execute`.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use gondola_vault::MasterKey;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::clock::{Clock, Ids};
use crate::error::StoreError;
use crate::lane::Lane;
use crate::presence::Presence;
use crate::protect::Guard;
use crate::redis::Redis;
use crate::sql;
use crate::tx::{Once, Rx};

/// Which database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// The name in metrics, health and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How many waiting commands share one transaction, and so one fsync, on SQLite.
#[derive(Debug, Clone, Copy)]
pub struct Grouping {
    /// At most this many commands; 1 turns grouping off.
    pub commands_max: usize,
    /// No command joins a transaction older than this.
    pub wait_max: Duration,
}

impl Default for Grouping {
    fn default() -> Self {
        Self { commands_max: 256, wait_max: Duration::from_millis(20) }
    }
}

/// How to open a database.
#[derive(Clone)]
pub struct OpenOptions {
    /// `sqlite:PATH` or `postgres://…`; anything else is refused.
    pub url: String,
    /// Create a missing SQLite file. Off where a typo must not make an empty shop.
    pub create: bool,
    /// Connections for readers (SQLite) or for everybody (PostgreSQL).
    pub connections_max: u32,
    /// Group commit on SQLite.
    pub grouping: Grouping,
    /// What processes share, where there is one.
    pub redis: Redis,
    /// Opens the shop's key ring; none for who reads and writes rows as they are.
    pub master: Option<MasterKey>,
    /// Says what time it is.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn Ids>,
}

/// How long a connection attempt or a wait for the pool may take.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// Connections to PostgreSQL for what is written beside readers, opened when the first is needed.
const CONNECTIONS_BESIDE: u32 = 4;
/// How long SQLite waits for another process's write.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// What each reader of SQLite keeps of the file, in KB below zero. The writer keeps twice as much; the system keeps the rest.
const READERS_CACHE: &str = "-8000";
/// Pages of 4 KB that gather in SQLite's log before they go into the file. The pages that every command touches are
/// written over in the log many times meanwhile, and into the file once.
const CHECKPOINT_PAGES: &str = "4000";
/// Statements kept prepared per connection.
const STATEMENTS_CACHED: usize = 400;

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite {
        readers: SqlitePool,
        lane: Lane,
        path: PathBuf,
        _presence: Arc<Presence>,
    },
    /// `beside` is for what must be written while whoever waits for it reads.
    Postgres {
        pool: PgPool,
        beside: PgPool,
    },
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) redis: Redis,
    pub(crate) guard: Arc<Guard>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Db {
    /// Opens the database; does not migrate it, and does not open its keys ([`Db::unlock`]).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached, [`StoreError::Driver`] for a bad URL.
    pub async fn open(options: OpenOptions) -> Result<Self, StoreError> {
        let pools = match scheme(&options.url)? {
            Engine::Sqlite => open_sqlite(&options).await?,
            Engine::Postgres => open_postgres(&options).await?,
        };
        let OpenOptions { redis, master, clock, ids, .. } = options;
        Ok(Self { pools, redis, guard: Arc::new(Guard::new(master)), clock, ids })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The SQLite file, if that is the engine.
    pub fn file(&self) -> Option<&Path> {
        match &self.pools {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::Postgres { .. } => None,
        }
    }

    /// The file that a URL for SQLite names; none for PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError::Driver`] for a bad URL.
    pub fn file_of(url: &str) -> Result<Option<PathBuf>, StoreError> {
        Ok(match scheme(url)? {
            Engine::Sqlite => Some(SqliteConnectOptions::from_str(url)?.get_filename().to_path_buf()),
            Engine::Postgres => None,
        })
    }

    /// A snapshot to read from. What the reader may see is asked by the query, not here.
    ///
    /// # Errors
    /// [`StoreError`] when no connection can be had.
    pub async fn read(&self) -> Result<Rx, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Rx::Sqlite(readers.begin().await?),
            Pools::Postgres { pool, .. } => Rx::Postgres(pool.begin_with(sql::BEGIN_READING).await?),
        })
    }

    /// Where to read what one statement answers: a third of the round trips of [`Db::read`].
    ///
    /// # Errors
    /// [`StoreError`] when no connection can be had.
    pub async fn read_once(&self) -> Result<Once, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Once::Sqlite(readers.acquire().await?),
            Pools::Postgres { pool, .. } => Once::Postgres(pool.acquire().await?),
        })
    }

    /// The clock commands get their `now` from.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The shop's day an instant falls on, as days since 1970-01-01.
    pub fn day_of(&self, at: i64) -> i32 {
        self.clock.day_of(at)
    }

    /// A new id for something that happens now, outside a command.
    pub fn new_id(&self) -> uuid::Uuid {
        self.ids.next(self.clock.now())
    }

    /// Waits for running writes and closes every connection.
    pub async fn close(&self) {
        if let Err(error) = self.write_reads().await {
            tracing::error!(error = %error, "the last reads of protected data are not in the audit trail");
        }
        match &self.pools {
            Pools::Sqlite { readers, lane, .. } => {
                lane.stop().await;
                readers.close().await;
            }
            Pools::Postgres { pool, beside } => {
                pool.close().await;
                beside.close().await;
            }
        }
    }

    /// Connections in the pool: (busy, idle, most).
    pub fn connections(&self) -> (u32, u32, u32) {
        let (size, idle, most) = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                (readers.size(), readers.num_idle(), readers.options().get_max_connections())
            }
            Pools::Postgres { pool, .. } => (pool.size(), pool.num_idle(), pool.options().get_max_connections()),
        };
        let idle = u32::try_from(idle).unwrap_or(size);
        (size.saturating_sub(idle), idle, most)
    }
}

fn scheme(url: &str) -> Result<Engine, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        _ => Err(StoreError::Driver(sqlx::Error::Configuration(
            "a database URL begins with sqlite: or postgres://".into(),
        ))),
    }
}

// The driver's statement log would print texts; slow statements are reported by name (LOG-6).

async fn open_sqlite(options: &OpenOptions) -> Result<Pools, StoreError> {
    let connect = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(options.create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY_TIMEOUT)
        .statement_cache_capacity(STATEMENTS_CACHED)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .disable_statement_logging();
    let path = connect.get_filename().to_path_buf();
    let presence = Arc::new(Presence::join(&path)?);
    let writer = connect.clone().connect().await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .connect_with(connect.create_if_missing(false).pragma("query_only", "on").pragma("cache_size", READERS_CACHE))
        .await?;
    Ok(Pools::Sqlite { readers, lane: Lane::start(writer, options.grouping), path, _presence: presence })
}

async fn open_postgres(options: &OpenOptions) -> Result<Pools, StoreError> {
    let connect = PgConnectOptions::from_str(&options.url)?
        .application_name("gondola")
        .statement_cache_capacity(STATEMENTS_CACHED)
        .options([
            ("statement_timeout", "30000"),
            ("lock_timeout", "10000"),
            ("timezone", "UTC"),
            // The server's own 4 is for disks that turn: there, reading here and there costs more than reading on.
            ("random_page_cost", "1.1"),
        ])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(connect.clone())
        .await?;
    let beside = PgPoolOptions::new()
        .max_connections(CONNECTIONS_BESIDE)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(connect);
    Ok(Pools::Postgres { pool, beside })
}
