//! Protected values in the clear where they lie, and sealed again (ENC-6): for who takes the shop's database to where no
//! Góndola opens it. Either is one transaction, all values or none; a shop whose values lie open serves nobody.

use std::convert::Infallible;

use gondola_vault::{hex, key_of};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::access::{Access, Operation, append};
use super::column::ColumnName;
use super::open::Unreadable;
use super::rotate::{batch, exchange};
use super::sql;
use crate::access::{Actor, Permission};
use crate::audit::Audited;
use crate::command::{Command, Context, Fail};
use crate::db::{Db, Pools};
use crate::error::StoreError;
use crate::settings::{self, put};
use crate::tx::Tx;

/// The setting that says so while values lie open.
const IN_THE_CLEAR: &str = "protect.in_the_clear";

/// How protected values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lying {
    /// Sealed, as a shop works.
    Sealed,
    /// In the clear.
    Open,
}

impl Db {
    /// How protected values lie.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lying(&self) -> Result<Lying, StoreError> {
        let mut rx = self.read().await?;
        lying(&mut rx.as_tx()).await
    }

    /// Lays every value of these columns open, or seals every one; answers how many, none when they lie so already. Nobody
    /// else may work on the shop meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when one of them does not open, and others of [`StoreError`]; nothing was changed then.
    pub async fn lay(&self, actor: &Actor, columns: &[ColumnName], wanted: Lying) -> Result<u64, StoreError> {
        match self.execute(actor, None, Lay { columns: columns.to_vec(), wanted }).await {
            Ok(done) => Ok(done.out),
            Err(Fail::Failed(error)) => Err(error),
            Err(Fail::Refused(never)) => match never {},
            Err(Fail::Forbidden(_) | Fail::KeyReused) => Err(StoreError::meanwhile("the actor may not touch keys")),
        }
    }

    /// Writes the tables of these columns anew, so that nothing is left in their files of values that were replaced.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rewrite_tables(&self, columns: &[ColumnName]) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { path, .. } => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut connection = SqliteConnection::connect_with(&options).await?;
                sqlx::raw_sql(sql::REWRITE_FILE).execute(&mut connection).await?;
                connection.close().await?;
            }
            Pools::Postgres { pool, .. } => {
                let tables: std::collections::BTreeSet<&str> = columns.iter().map(|column| column.table).collect();
                for table in tables {
                    sqlx::raw_sql(AssertSqlSafe(sql::rewrite(table))).execute(pool).await?;
                }
            }
        }
        Ok(())
    }
}

async fn lying(tx: &mut Tx<'_>) -> Result<Lying, StoreError> {
    let open = settings::find(tx, IN_THE_CLEAR).await?.is_some_and(|value| value == "yes");
    Ok(if open { Lying::Open } else { Lying::Sealed })
}

/// Lays values open or seals them.
struct Lay {
    columns: Vec<ColumnName>,
    wanted: Lying,
}

impl Command for Lay {
    const NAME: &'static str = "protect.lay";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = u64;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    fn subject(&self) -> String {
        if self.wanted == Lying::Open { "in_the_clear" } else { "sealed" }.to_owned()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<u64, Fail<Infallible>> {
        if lying(tx).await? == self.wanted {
            return Ok(0);
        }
        if self.wanted == Lying::Open {
            // Whether all of them open is seen before the first is changed.
            for column in &self.columns {
                let mut after = Uuid::nil();
                while let Some(rows) = next(tx, *column, &mut after).await? {
                    rows.iter().try_for_each(|row| opened(cx, *column, row).map(drop))?;
                }
            }
        }
        let mut laid = 0;
        for column in &self.columns {
            laid += self.lay(tx, cx, *column).await?;
        }
        put(tx, IN_THE_CLEAR, if self.wanted == Lying::Open { "yes" } else { "no" }, cx.now).await?;
        Ok(laid)
    }
}

impl Lay {
    async fn lay(&self, tx: &mut Tx<'_>, cx: &Context, column: ColumnName) -> Result<u64, StoreError> {
        let (mut laid, mut after) = (0, Uuid::nil());
        while let Some(rows) = next(tx, column, &mut after).await? {
            let mut exchanges = Vec::with_capacity(rows.len());
            for row in &rows {
                let after = match (self.wanted, opened(cx, column, row)) {
                    (Lying::Open, plain) => hex(&plain?),
                    // A process that was not stopped wrote it meanwhile.
                    (Lying::Sealed, Ok(_)) => continue,
                    (Lying::Sealed, Err(_)) => hex(&cx.db.vault().seal(column.place(&row.0), &row.1)),
                };
                exchanges.push((row.0, hex(&row.1), after));
            }
            laid += exchange(tx, column, &exchanges).await?;
            let records: Vec<Uuid> = exchanges.iter().map(|(row, ..)| *row).collect();
            let (operation, key) = match self.wanted {
                Lying::Open => (Operation::Decrypt, None),
                Lying::Sealed => (Operation::Encrypt, Some(cx.db.vault().newest_key().0)),
            };
            cx.db.tally().add(operation, column.table, "", records.len());
            let purpose = cx.purpose.to_owned();
            append(tx, cx, &Access { operation, column, records, purpose, error: "", key }).await?;
        }
        Ok(laid)
    }
}

type Row = (Uuid, Vec<u8>);

/// The values of a column after a row, some at a time, and the last of their rows; none at the end.
async fn next(tx: &mut Tx<'_>, column: ColumnName, after: &mut Uuid) -> Result<Option<Vec<Row>>, StoreError> {
    let rows = batch(tx, column, *after).await?;
    Ok(rows.last().map(|(last, _)| *last).map(|last| {
        *after = last;
        rows
    }))
}

fn opened(cx: &Context, column: ColumnName, (row, envelope): &Row) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let opened = cx.db.vault().open(column.place(row), envelope);
    opened.map_err(|error| Unreadable { column, row: *row, error, key: key_of(envelope) }.into())
}
