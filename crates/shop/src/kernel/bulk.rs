//! Whole sets of rows as one JSON parameter, which both engines take apart: a batch costs as many
//! statements as a single row. Ids travel as hexadecimal text. The statements themselves are in the
//! features' `sql.rs`.

use gondola_store::{Sql, StoreError, Tx, both, expect_rows};
use serde::{Serialize, Serializer};
use uuid::Uuid;

/// Rows per bulk statement; a batch of 10,000 lines goes in a handful of them.
pub const ROWS_PER_STATEMENT: usize = 2_000;

/// Hands rows to a bulk statement, some thousands at a time, and asserts that each one counted.
///
/// # Errors
/// [`StoreError::RowsAffected`] when a row did not count, or the database's failure.
pub async fn insert_all<T: Serialize>(tx: &mut Tx<'_>, statement: Sql, rows: &[T]) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let changed =
            both!(tx, c, text => sqlx::query(text(statement)).bind(json(chunk)).execute(c).await?.rows_affected());
        expect_rows(statement, chunk.len() as u64, changed)?;
    }
    Ok(())
}

/// Rows on their way in: the JSON that the bulk statements take apart.
pub fn json<T: Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).expect("rows are plain values")
}

/// Ids as the JSON list of hexadecimal strings that both engines understand.
pub fn id_list<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> String {
    json(&ids.into_iter().map(|id| id.simple().to_string()).collect::<Vec<_>>())
}

/// An id as hexadecimal, for JSON rows.
///
/// # Errors
/// The serializer's.
pub fn hex<S: Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&id.simple())
}

/// An optional id as hexadecimal, for JSON rows.
///
/// # Errors
/// The serializer's.
pub fn hex_option<S: Serializer>(id: &Option<Uuid>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => hex(id, serializer),
        None => serializer.serialize_none(),
    }
}
