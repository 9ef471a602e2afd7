//! A whole database as one closed file, taken while others write, and the check that a file is sound.
//! Where such files are kept and what is said about them is the server's part.

use std::path::Path;

use sqlx::Connection as _;

use crate::db::{Db, Pools};
use crate::error::StoreError;
use crate::migrate::writer;
use crate::{both, sql};

impl Db {
    /// Writes everything that is committed into a new file, on SQLite. Writers go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError`], on PostgreSQL too; what was written of the file is then of no use.
    pub async fn write_snapshot(&self, file: &Path) -> Result<(), StoreError> {
        let Pools::Sqlite { path, .. } = &self.pools else {
            return Err(StoreError::Driver(sqlx::Error::Configuration("only SQLite is one file".into())));
        };
        // The readers of the pool may not write, not even elsewhere.
        let mut connection = writer(path).await?;
        let file = file.to_str().ok_or_else(|| sqlx::Error::Configuration("the file's name is not UTF-8".into()))?;
        sqlx::query(sql::WRITE_SNAPSHOT).bind(file).execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// What is wrong with the file of a database on SQLite, at most a hundred things: pages, indexes,
    /// checks, rows that point to nothing. PostgreSQL looks after its own files.
    ///
    /// # Errors
    /// [`StoreError`] when the file is too damaged to be looked at.
    pub async fn damage(&self) -> Result<Vec<String>, StoreError> {
        let Pools::Sqlite { readers, .. } = &self.pools else { return Ok(Vec::new()) };
        let mut connection = readers.acquire().await?;
        let told: Vec<String> = sqlx::query_scalar(sql::CHECK_INTEGRITY).fetch_all(&mut *connection).await?;
        let mut damage: Vec<String> = told.into_iter().filter(|line| line != "ok").collect();
        let broken: Vec<(String, String)> = sqlx::query_as(sql::CHECK_REFERENCES).fetch_all(&mut *connection).await?;
        damage.extend(broken.into_iter().map(|(table, to)| format!("a row of {table} points to nothing in {to}")));
        Ok(damage)
    }

    /// The engine's version, as it says it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn engine_version(&self) -> Result<String, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::ENGINE_VERSION)).fetch_one(c).await?))
    }

    /// The clock of the database's machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn now_there(&self) -> Result<i64, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::NOW_THERE)).fetch_one(c).await?))
    }

    /// The latest instant that the shop remembers; 0 when it remembers none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_remembered(&self) -> Result<i64, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::LAST_REMEMBERED)).fetch_one(c).await?))
    }
}
