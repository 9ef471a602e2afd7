//! Moves a whole shop into an empty database of either engine and proves that both hold the same.
//!
//! The source is read in one snapshot, the target written in one transaction: it ends as an equal
//! shop or as empty as it was. Every row keeps its ids and numbers, no trigger and no constraint is
//! switched off. Not here: the data directory's keys, without which sealed values stay sealed.

mod digest;
mod rows;
pub mod sql;

use std::sync::Arc;

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

pub use digest::{TableDigest, digest_of_all, take_time};

use crate::access::{Actor, Permission};
use crate::audit::Audited;
use crate::both;
use crate::command::{Command, Context, Fail};
use crate::db::Db;
use crate::error::StoreError;
use crate::migrate::MigrateError;
use crate::schema::{Column, Reference, Schema, Table};
use crate::tx::Tx;
use digest::{Running, count, of_table};
use rows::{Row, Unfit};

/// Rows written per statement, at most.
const ROWS_PER_STATEMENT: usize = 500;
/// Parameters that SQLite takes in one statement.
const SQLITE_PARAMETERS_MAX: usize = 32_766;

/// How far a copy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyProgress {
    /// The table being copied.
    pub table: String,
    /// Rows copied, of all tables.
    pub rows_done: u64,
    /// Rows there are, of all tables.
    pub rows_total: u64,
}

/// What was copied; the target holds exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyReport {
    /// Every table, sorted by name.
    pub tables: Vec<TableDigest>,
    /// Rows of all tables.
    pub rows: u64,
    /// One digest over everything.
    pub sha256: String,
}

/// Why a shop was not copied. The target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The two have, or lack, different migrations.
    #[error("the source has schema version {source_version} and the target {target_version}")]
    OtherVersion {
        /// The newest of the source; 0 without any.
        source_version: i64,
        /// The newest of the target; 0 without any.
        target_version: i64,
    },
    /// The versions are equal and the tables are not.
    #[error("the two schemas differ: {}", .0.join("; "))]
    OtherSchema(Vec<String>),
    /// The target holds something already.
    #[error("the target is not empty: {table} has {rows} rows")]
    NotEmpty {
        /// The first table with rows.
        table: String,
        /// How many.
        rows: i64,
    },
    /// A value that the target's column cannot hold.
    #[error("{table}.{column} cannot be kept by the target: {detail}")]
    Unfit {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Why.
        detail: &'static str,
    },
    /// The target did not keep what it was given.
    #[error("{table} differs after copying: {source_rows} rows there, {target_rows} here")]
    Differs {
        /// The table.
        table: String,
        /// Rows of the source.
        source_rows: u64,
        /// Rows of the target.
        target_rows: u64,
    },
    /// The versions cannot be told.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies every row of `from` into the empty, migrated `to` and proves them equal. `progress` is
/// called now and then.
///
/// # Errors
/// [`CopyError`]; the target is as it was.
pub async fn copy(
    from: &Db,
    to: &Db,
    progress: impl Fn(CopyProgress) + Send + Sync + 'static,
) -> Result<CopyReport, CopyError> {
    let (source, target) = (from.migration_state().await?, to.migration_state().await?);
    if source != target || !source.pending.is_empty() {
        let newest = |applied: &[(i64, String)]| applied.last().map_or(0, |(version, _)| *version);
        let (source_version, target_version) = (newest(&source.applied), newest(&target.applied));
        return Err(CopyError::OtherVersion { source_version, target_version });
    }
    let command = Copy { from: from.clone(), progress: Arc::new(progress) };
    match to.execute(&Actor::system("copy"), None, command).await {
        Ok(done) => Ok(done.out),
        Err(Fail::Refused(error)) => Err(error),
        Err(Fail::Failed(error)) => Err(error.into()),
        Err(Fail::Forbidden(_) | Fail::KeyReused) => unreachable!("the system may, and gave no key"),
    }
}

struct Copy {
    from: Db,
    progress: Arc<dyn Fn(CopyProgress) + Send + Sync>,
}

impl Command for Copy {
    const NAME: &'static str = "store.copy";
    const AUDITED: Option<Audited> = None;
    type Out = CopyReport;
    type Refusal = CopyError;

    fn permission(&self) -> Permission {
        Permission::ManageBackup
    }

    async fn run(&self, target: &mut Tx<'_>, _: &Context) -> Result<CopyReport, Fail<CopyError>> {
        let mut snapshot = self.from.read().await?;
        let mut source = snapshot.as_tx();
        take_time(&mut source).await?;
        take_time(target).await?;
        let (from, to) = same_schema(&mut source, target).await?;
        insist_on_empty(target, &to).await?;
        let mut progress = Progress { told: &*self.progress, done: 0, total: 0 };
        for table in &from.tables {
            progress.total += count(&mut source, table).await?.unsigned_abs();
        }
        defer_references(target, &to).await?;
        let mut copied = Vec::new();
        for table in to.by_dependency() {
            let read_as = from.table(&table.name).expect("the schemas were found equal");
            copied.push(copy_table(&mut source, target, (read_as, table), &mut progress).await?);
            continue_numbers(&mut source, target, table).await?;
        }
        judge_references(target, &to).await?;
        copied.sort_by(|a, b| a.table.cmp(&b.table));
        prove(target, &to, &copied).await?;
        let rows = copied.iter().map(|table| table.rows).sum();
        Ok(CopyReport { rows, sha256: digest_of_all(&copied), tables: copied })
    }
}

/// Tells how far the copy is.
struct Progress<'p> {
    told: &'p (dyn Fn(CopyProgress) + Send + Sync),
    done: u64,
    total: u64,
}

impl Progress<'_> {
    fn add(&mut self, table: &Table, rows: usize) {
        self.done += u64::try_from(rows).expect("a count fits 64 bits");
        (self.told)(CopyProgress { table: table.name.clone(), rows_done: self.done, rows_total: self.total });
    }
}

async fn same_schema(source: &mut Tx<'_>, target: &mut Tx<'_>) -> Result<(Schema, Schema), Fail<CopyError>> {
    let (from, to) = (Schema::read(source).await?, Schema::read(target).await?);
    let (there, here) = (from.lines(), to.lines());
    if there == here {
        return Ok((from, to));
    }
    let differences = there.symmetric_difference(&here).cloned().collect();
    Err(Fail::Refused(CopyError::OtherSchema(differences)))
}

async fn insist_on_empty(target: &mut Tx<'_>, schema: &Schema) -> Result<(), Fail<CopyError>> {
    for table in &schema.tables {
        let rows = count(target, table).await?;
        if rows > 0 {
            return Err(Fail::Refused(CopyError::NotEmpty { table: table.name.clone(), rows }));
        }
    }
    Ok(())
}

async fn copy_table(
    source: &mut Tx<'_>,
    target: &mut Tx<'_>,
    (read_as, write_as): (&Table, &Table),
    progress: &mut Progress<'_>,
) -> Result<TableDigest, Fail<CopyError>> {
    let mut digest = Running::new(read_as);
    let rows_max = ROWS_PER_STATEMENT.min(SQLITE_PARAMETERS_MAX / write_as.columns.len().max(1));
    let mut waiting: Vec<Row> = Vec::with_capacity(rows_max);
    let mut rows = rows::read(source, read_as);
    while let Some(row) = rows.try_next().await? {
        digest.add(&row);
        waiting.push(row);
        if waiting.len() == rows_max {
            progress.add(write_as, waiting.len());
            insert(target, write_as, std::mem::take(&mut waiting)).await?;
        }
    }
    if !waiting.is_empty() {
        progress.add(write_as, waiting.len());
        insert(target, write_as, waiting).await?;
    }
    Ok(digest.finish())
}

async fn insert(target: &mut Tx<'_>, table: &Table, rows: Vec<Row>) -> Result<(), Fail<CopyError>> {
    let expected = u64::try_from(rows.len()).expect("a count fits 64 bits");
    let inserted = match target {
        Tx::Sqlite(connection) => rows::insert_sqlite(connection, table, rows).await?,
        Tx::Postgres(connection) => match rows::insert_postgres(connection, table, rows).await? {
            Ok(inserted) => inserted,
            Err(Unfit { column, detail }) => {
                return Err(Fail::Refused(CopyError::Unfit { table: table.name.clone(), column, detail }));
            }
        },
    };
    if inserted == expected {
        return Ok(());
    }
    let (source_rows, target_rows) = (expected, inserted);
    Err(Fail::Refused(CopyError::Differs { table: table.name.clone(), source_rows, target_rows }))
}

/// The next number after a copy is the one that the source would have given.
async fn continue_numbers(source: &mut Tx<'_>, target: &mut Tx<'_>, table: &Table) -> Result<(), StoreError> {
    for column in table.columns.iter().filter(|column| column.numbered) {
        let given: i64 = both!(source, c, text => sqlx::query_scalar(text(sql::LAST_NUMBER))
            .bind(&table.name).bind(&column.name).fetch_one(c).await?);
        let last = given.max(highest(target, table, column).await?);
        match target {
            _ if last == 0 => {}
            Tx::Sqlite(connection) => {
                sqlx::query(sql::CONTINUE_SEQUENCE).bind(&table.name).bind(last).execute(&mut **connection).await?;
            }
            Tx::Postgres(connection) => {
                let set = sqlx::query(sql::CONTINUE_NUMBERS).bind(&table.name).bind(&column.name).bind(last);
                set.execute(&mut **connection).await?;
            }
        }
    }
    Ok(())
}

async fn highest(tx: &mut Tx<'_>, table: &Table, column: &Column) -> Result<i64, StoreError> {
    let text = AssertSqlSafe(sql::highest(table, column));
    Ok(both!(tx, c, _text => sqlx::query_scalar(text).fetch_one(c).await?))
}

/// A row may point to a later row of its own table (a category to its parent) while rows come in.
async fn defer_references(target: &mut Tx<'_>, schema: &Schema) -> Result<(), StoreError> {
    match target {
        Tx::Sqlite(connection) => {
            sqlx::query(sql::DEFER_REFERENCES).execute(&mut **connection).await?;
        }
        Tx::Postgres(connection) => {
            for (table, reference) in to_itself(schema) {
                let text = AssertSqlSafe(sql::defer(table, &reference.name));
                sqlx::query(text).execute(&mut **connection).await?;
            }
        }
    }
    Ok(())
}

/// All rows are in: every one must point to something.
async fn judge_references(target: &mut Tx<'_>, schema: &Schema) -> Result<(), StoreError> {
    match target {
        Tx::Sqlite(connection) => {
            let broken: Option<(String, String)> =
                sqlx::query_as(crate::sql::CHECK_REFERENCES).fetch_optional(&mut **connection).await?;
            if let Some((table, parent)) = broken {
                let what = format!("a row of {table} points to nothing in {parent}");
                return Err(StoreError::Driver(sqlx::Error::Protocol(what)));
            }
        }
        Tx::Postgres(connection) => {
            sqlx::query(sql::JUDGE_NOW).execute(&mut **connection).await?;
            for (table, reference) in to_itself(schema) {
                let text = AssertSqlSafe(sql::undefer(table, &reference.name));
                sqlx::query(text).execute(&mut **connection).await?;
            }
        }
    }
    Ok(())
}

fn to_itself(schema: &Schema) -> impl Iterator<Item = (&Table, &Reference)> {
    schema.tables.iter().flat_map(|table| {
        table.references.iter().filter(|to| to.target == table.name).map(move |reference| (table, reference))
    })
}

/// Reads back what the target holds, before it is committed.
async fn prove(target: &mut Tx<'_>, schema: &Schema, copied: &[TableDigest]) -> Result<(), Fail<CopyError>> {
    for (table, expected) in schema.tables.iter().zip(copied) {
        let actual = of_table(target, table).await?;
        if actual != *expected {
            let (source_rows, target_rows) = (expected.rows, actual.rows);
            return Err(Fail::Refused(CopyError::Differs { table: table.name.clone(), source_rows, target_rows }));
        }
    }
    Ok(())
}
