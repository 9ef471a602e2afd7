//! Rows in the form that both engines share: what SQLite stores. Reading turns a row into it, the
//! digest is taken over it, writing turns it back into what the target's columns hold.

use futures_util::stream::{BoxStream, StreamExt};
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Decode, Row as _, Sqlite, SqliteConnection, Type};
use uuid::Uuid;

use gondola_vault::Hasher;

use super::sql;
use crate::db::Engine;
use crate::error::StoreError;
use crate::schema::{Kind, Table};
use crate::tx::Tx;

/// A stored value, whichever engine stores it: ids are bytes, flags are 0 or 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// Bytes or an id.
    Bytes(Vec<u8>),
    /// A number, an instant, a day or a flag.
    Integer(i64),
    /// Text.
    Text(String),
}

/// A row; its values stand in the order of the table's columns.
pub(super) type Row = Vec<Value>;

/// A value that the target's column cannot hold.
#[derive(Debug)]
pub(super) struct Unfit {
    pub(super) column: String,
    pub(super) detail: &'static str,
}

/// Every row of a table in the order of its key.
pub(super) fn read<'c>(tx: &'c mut Tx<'_>, table: &'c Table) -> BoxStream<'c, Result<Row, StoreError>> {
    match tx {
        Tx::Sqlite(connection) => {
            let rows = sqlx::query(AssertSqlSafe(sql::read(table, Engine::Sqlite))).fetch(&mut **connection);
            rows.map(|row| Ok(from_sqlite(&row?, table)?)).boxed()
        }
        Tx::Postgres(connection) => {
            let rows = sqlx::query(AssertSqlSafe(sql::read(table, Engine::Postgres))).fetch(&mut **connection);
            rows.map(|row| Ok(from_postgres(&row?, table)?)).boxed()
        }
    }
}

fn from_sqlite(row: &SqliteRow, table: &Table) -> Result<Row, sqlx::Error> {
    fn get<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, at: usize) -> Result<Option<T>, sqlx::Error> {
        row.try_get(at)
    }
    let value = |(at, column): (usize, &crate::schema::Column)| {
        Ok(match column.kind {
            Kind::Bytes | Kind::Id => get::<Vec<u8>>(row, at)?.map_or(Value::Null, Value::Bytes),
            Kind::Integer | Kind::Day | Kind::Flag => get::<i64>(row, at)?.map_or(Value::Null, Value::Integer),
            Kind::Text => get::<String>(row, at)?.map_or(Value::Null, Value::Text),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

fn from_postgres(row: &PgRow, table: &Table) -> Result<Row, sqlx::Error> {
    let integer = |value: Option<i64>| value.map_or(Value::Null, Value::Integer);
    let value = |(at, column): (usize, &crate::schema::Column)| {
        Ok(match column.kind {
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Value::Null, Value::Bytes),
            Kind::Id => {
                row.try_get::<Option<Uuid>, _>(at)?.map_or(Value::Null, |id| Value::Bytes(id.into_bytes().into()))
            }
            Kind::Integer => integer(row.try_get(at)?),
            Kind::Day => integer(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
            Kind::Flag => integer(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
            Kind::Text => row.try_get::<Option<String>, _>(at)?.map_or(Value::Null, Value::Text),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// Adds a row to a digest, so that no two different rows add the same bytes.
pub(super) fn digest(hasher: &mut Hasher, row: &Row) {
    for value in row {
        let (tag, bytes): (u8, &[u8]) = match value {
            Value::Null => (0, &[]),
            Value::Bytes(bytes) => (1, bytes),
            Value::Integer(number) => (2, &number.to_be_bytes()),
            Value::Text(text) => (3, text.as_bytes()),
        };
        hasher.update(&[tag]);
        hasher.update(&u64::try_from(bytes.len()).expect("a length fits 64 bits").to_be_bytes());
        hasher.update(bytes);
    }
}

/// Inserts rows on SQLite; the caller keeps within its limit of parameters.
pub(super) async fn insert_sqlite(
    connection: &mut SqliteConnection,
    table: &Table,
    rows: Vec<Row>,
) -> Result<u64, StoreError> {
    let mut insert = sqlx::query(AssertSqlSafe(sql::insert_rows(table, rows.len())));
    for value in rows.into_iter().flatten() {
        insert = match value {
            Value::Null => insert.bind(None::<i64>),
            Value::Bytes(bytes) => insert.bind(bytes),
            Value::Integer(number) => insert.bind(number),
            Value::Text(text) => insert.bind(text),
        };
    }
    Ok(insert.execute(connection).await?.rows_affected())
}

/// Inserts rows on PostgreSQL: one array per column.
pub(super) async fn insert_postgres(
    connection: &mut PgConnection,
    table: &Table,
    rows: Vec<Row>,
) -> Result<Result<u64, Unfit>, StoreError> {
    let mut columns: Vec<Vec<Value>> = table.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut insert = sqlx::query(AssertSqlSafe(sql::insert_arrays(table)));
    for (column, values) in table.columns.iter().zip(columns) {
        insert = match bind_array(insert, column.kind, values) {
            Ok(insert) => insert,
            Err(detail) => return Ok(Err(Unfit { column: column.name.clone(), detail })),
        };
    }
    Ok(Ok(insert.execute(connection).await?.rows_affected()))
}

type Insert<'q> = sqlx::query::Query<'q, sqlx::Postgres, PgArguments>;

fn bind_array(insert: Insert<'_>, kind: Kind, values: Vec<Value>) -> Result<Insert<'_>, &'static str> {
    Ok(match kind {
        Kind::Bytes => insert.bind(all(values, bytes)?),
        Kind::Id => {
            insert.bind(all(values, |value| Uuid::from_slice(&bytes(value)?).map_err(|_| "an id has 16 bytes"))?)
        }
        Kind::Integer => insert.bind(all(values, integer)?),
        Kind::Day => {
            insert.bind(all(values, |value| i32::try_from(integer(value)?).map_err(|_| "a day fits 32 bits"))?)
        }
        Kind::Flag => insert.bind(all(values, |value| match integer(value)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err("a flag is 0 or 1"),
        })?),
        Kind::Text => insert.bind(all(values, |value| match value {
            Value::Text(text) if text.contains('\0') => Err("PostgreSQL keeps no text with a zero byte"),
            Value::Text(text) => Ok(text),
            _ => Err("text was expected"),
        })?),
    })
}

fn all<T>(values: Vec<Value>, one: impl Fn(Value) -> Result<T, &'static str>) -> Result<Vec<Option<T>>, &'static str> {
    values.into_iter().map(|value| if value == Value::Null { Ok(None) } else { one(value).map(Some) }).collect()
}

fn bytes(value: Value) -> Result<Vec<u8>, &'static str> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err("bytes were expected"),
    }
}

fn integer(value: Value) -> Result<i64, &'static str> {
    match value {
        Value::Integer(number) => Ok(number),
        _ => Err("a number was expected"),
    }
}
