//! What a shop holds, in one number per table: rows and SHA-256 over every row in the order of its
//! key, in a form that does not depend on the engine. Equal digests are equal shops.

use futures_util::TryStreamExt;
use gondola_vault::{Hasher, hex};
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use super::{rows, sql};
use crate::both;
use crate::db::Db;
use crate::error::StoreError;
use crate::schema::{Schema, Table};
use crate::tx::Tx;

/// A table's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over its rows, in hex.
    pub sha256: String,
}

impl Db {
    /// The content of every table, sorted by name, as of one instant.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn digest(&self) -> Result<Vec<TableDigest>, StoreError> {
        let mut rx = self.read().await?;
        let mut tx = rx.as_tx();
        take_time(&mut tx).await?;
        let schema = Schema::read(&mut tx).await?;
        let mut digests = Vec::new();
        for table in &schema.tables {
            digests.push(of_table(&mut tx, table).await?);
        }
        Ok(digests)
    }
}

/// A shop's content in one line.
pub fn digest_of_all(tables: &[TableDigest]) -> String {
    let mut whole = Hasher::default();
    for table in tables {
        whole.update(format!("{} {} {}\n", table.table, table.rows, table.sha256).as_bytes());
    }
    hex(&whole.finish())
}

/// Adds up the rows of a table as they pass by.
pub(super) struct Running<'t> {
    table: &'t Table,
    rows: u64,
    hasher: Hasher,
}

impl<'t> Running<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        Self { table, rows: 0, hasher: Hasher::default() }
    }

    pub(super) fn add(&mut self, row: &rows::Row) {
        self.rows += 1;
        rows::digest(&mut self.hasher, row);
    }

    pub(super) fn finish(self) -> TableDigest {
        TableDigest { table: self.table.name.clone(), rows: self.rows, sha256: hex(&self.hasher.finish()) }
    }
}

pub(super) async fn of_table(tx: &mut Tx<'_>, table: &Table) -> Result<TableDigest, StoreError> {
    let mut running = Running::new(table);
    let mut rows = rows::read(tx, table);
    while let Some(row) = rows.try_next().await? {
        running.add(&row);
    }
    Ok(running.finish())
}

pub(super) async fn count(tx: &mut Tx<'_>, table: &Table) -> Result<i64, StoreError> {
    let text = AssertSqlSafe(sql::count(table));
    Ok(both!(tx, c, _text => sqlx::query_scalar(text).fetch_one(c).await?))
}

/// From here to the end of the transaction a statement may take as long as it needs: one that reads a
/// whole table takes longer than an ordinary one may.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_time(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if let Tx::Postgres(connection) = tx {
        sqlx::query(sql::TAKE_TIME).execute(&mut **connection).await?;
    }
    Ok(())
}
