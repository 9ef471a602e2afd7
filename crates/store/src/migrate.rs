//! Schema versions: embedded, checksummed, applied one at a time under a lock, each with its way
//! back. A database newer than the program is refused.

use std::fs::File;

use sqlx::Connection;
use sqlx::migrate::{Migrate, MigrateError as Driver, Migrator};

use crate::db::{Db, Engine, Pools};
use crate::error::StoreError;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
/// Where the driver keeps which versions a database has.
const MIGRATIONS: &str = "_sqlx_migrations";

/// Why migrations cannot run. Nothing was changed by the one that is named.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database holds a version this program does not know.
    #[error("the database has schema version {0}, which this program does not know: it was used by a newer Góndola")]
    DatabaseIsNewer(i64),
    /// A migration that was applied is not the one this program carries.
    #[error("schema version {0} was applied with another text than this program carries")]
    Altered(i64),
    /// The lock file could not be taken.
    #[error("lock the database for migrating")]
    Lock(#[source] std::io::Error),
    /// A migration failed.
    #[error("migrate the database")]
    Failed(#[source] Driver),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Driver> for MigrateError {
    fn from(error: Driver) -> Self {
        match error {
            Driver::VersionMissing(version) => Self::DatabaseIsNewer(version),
            Driver::VersionMismatch(version) => Self::Altered(version),
            other => Self::Failed(other),
        }
    }
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Which versions a database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Applied versions with their names, oldest first.
    pub applied: Vec<(i64, String)>,
    /// Versions still to come, oldest first.
    pub pending: Vec<(i64, String)>,
}

impl MigrationState {
    /// Whether nothing was ever applied.
    pub fn is_empty(&self) -> bool {
        self.applied.is_empty()
    }
}

impl Db {
    /// Which schema versions the database has and lacks.
    ///
    /// # Errors
    /// [`MigrateError`] when the database is newer, altered or not available.
    pub async fn migration_state(&self) -> Result<MigrationState, MigrateError> {
        let applied = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let mut connection = readers.acquire().await?;
                applied_sqlite(&mut connection).await?
            }
            Pools::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await?;
                let find = sqlx::query_scalar(crate::sql::FIND_RELATION.text(Engine::Postgres)).bind(MIGRATIONS);
                match find.fetch_one(&mut *connection).await? {
                    true => connection.list_applied_migrations(&POSTGRES.table_name).await?,
                    false => Vec::new(),
                }
            }
        };
        let known: Vec<_> = self.migrator().iter().filter(|m| m.migration_type.is_up_migration()).collect();
        for migration in &applied {
            match known.iter().find(|m| m.version == migration.version) {
                None => return Err(MigrateError::DatabaseIsNewer(migration.version)),
                Some(m) if m.checksum != migration.checksum => return Err(MigrateError::Altered(migration.version)),
                Some(_) => {}
            }
        }
        let (applied, pending) = known
            .into_iter()
            .map(|m| (m.version, m.description.to_string()))
            .partition(|(version, _)| applied.iter().any(|m| m.version == *version));
        Ok(MigrationState { applied, pending })
    }

    /// Applies every pending migration.
    ///
    /// # Errors
    /// [`MigrateError`]; earlier migrations of the run stay applied.
    pub async fn migrate_up(&self) -> Result<(), MigrateError> {
        let _lock = self.migration_lock().await?;
        match &self.pools {
            Pools::Sqlite { path, .. } => {
                let mut writer = writer(path).await?;
                SQLITE.run_direct(None, &mut writer, false).await?;
                writer.close().await?;
            }
            Pools::Postgres { pool, .. } => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// Takes back the newest `steps` migrations.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn migrate_down(&self, steps: usize) -> Result<(), MigrateError> {
        let state = self.migration_state().await?;
        let keep = state.applied.len().saturating_sub(steps);
        let target = if keep == 0 { 0 } else { state.applied[keep - 1].0 };
        let _lock = self.migration_lock().await?;
        match &self.pools {
            Pools::Sqlite { path, .. } => {
                let mut writer = writer(path).await?;
                SQLITE.undo(&mut writer, target).await?;
                writer.close().await?;
            }
            Pools::Postgres { pool, .. } => POSTGRES.undo(pool, target).await?,
        }
        Ok(())
    }

    /// The migrations of this engine.
    pub(crate) fn migrator(&self) -> &'static Migrator {
        match self.pools {
            Pools::Sqlite { .. } => &SQLITE,
            Pools::Postgres { .. } => &POSTGRES,
        }
    }

    /// PostgreSQL has an advisory lock inside the migrator; for SQLite a file beside the database
    /// keeps two processes that start at once apart.
    async fn migration_lock(&self) -> Result<Option<File>, MigrateError> {
        let Some(path) = self.file() else { return Ok(None) };
        let path = path.with_extension("lock");
        let wait = move || {
            let file = File::create(path)?;
            file.lock()?;
            Ok(file)
        };
        let locked = tokio::task::spawn_blocking(wait).await;
        locked.unwrap_or_else(|stopped| Err(std::io::Error::other(stopped))).map(Some).map_err(MigrateError::Lock)
    }
}
/// A connection of its own that may write, beside the lane.
pub(crate) async fn writer(path: &std::path::Path) -> Result<sqlx::SqliteConnection, StoreError> {
    use sqlx::ConnectOptions;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(true);
    Ok(options.connect().await?)
}

async fn applied_sqlite(
    connection: &mut sqlx::SqliteConnection,
) -> Result<Vec<sqlx::migrate::AppliedMigration>, MigrateError> {
    let table: Option<(String,)> =
        sqlx::query_as(crate::sql::FIND_TABLE).bind(MIGRATIONS).fetch_optional(&mut *connection).await?;
    if table.is_none() {
        return Ok(Vec::new());
    }
    Ok(connection.list_applied_migrations(&SQLITE.table_name).await?)
}
