//! Accesses, newest first, with the names of who made them.

use std::collections::{BTreeSet, HashMap};

use gondola_store::{At, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::id_list;
use crate::kernel::{Problem, Reader};

/// Which accesses.
#[derive(Debug, Clone, Default)]
pub struct AccessFilter {
    /// To this column, `table.column`.
    pub column: Option<String>,
    /// Of this record.
    pub record: Option<Uuid>,
    /// By this person or key, `user:ID` or `key:ID`.
    pub actor: Option<String>,
    /// Of this kind.
    pub operation: Option<&'static str>,
    /// Not before this instant.
    pub from: Option<At>,
    /// Before this instant.
    pub until: Option<At>,
}

/// Where a page begins: instant and number of the last one shown.
pub type AccessKey = (At, i64);

/// An access as it is read.
#[derive(Debug, Clone, FromRow)]
pub struct AccessRow {
    pub id: i64,
    pub accessed_at: At,
    pub actor_type: String,
    pub actor_id: String,
    pub face: String,
    pub operation: String,
    pub table_name: String,
    pub column_name: String,
    pub record_ids: String,
    pub record_count: i64,
    pub purpose: String,
    pub outcome: String,
    pub error_code: String,
    pub key_id: Option<i64>,
    pub request_id: String,
    pub client_ip: String,
    pub position: Option<i64>,
    /// What people call whoever it was.
    #[sqlx(default)]
    pub actor_name: String,
}

/// Accesses, one more than `limit` when there are more.
pub(super) async fn accesses(
    reader: &mut Reader,
    filter: &AccessFilter,
    after: Option<AccessKey>,
    limit: i64,
) -> Result<Vec<AccessRow>, Problem> {
    let (at, id) = after.unwrap_or((i64::MAX, i64::MAX));
    let (from, until) = (filter.from.unwrap_or(i64::MIN), filter.until.unwrap_or(i64::MAX));
    let tx = &mut reader.tx();
    let mut rows: Vec<AccessRow> = match filter.record {
        None => both!(&mut *tx, c, text => sqlx::query_as(text(sql::ACCESSES))
            .bind(&filter.column).bind(&filter.actor).bind(filter.operation).bind(from).bind(until)
            .bind(at).bind(id).bind(limit + 1).fetch_all(c).await?),
        Some(record) => both!(&mut *tx, c, text => sqlx::query_as(text(sql::ACCESSES_OF_RECORD))
            .bind(&filter.column).bind(&filter.actor).bind(filter.operation).bind(from).bind(until)
            .bind(at).bind(id).bind(limit + 1).bind(record).fetch_all(c).await?),
    };
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| Uuid::parse_str(&row.actor_id).ok()).collect();
    let names: Vec<(Uuid, String)> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_NAMES))
        .bind(id_list(&ids)).fetch_all(c).await?);
    let names: HashMap<String, String> = names.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    for row in &mut rows {
        row.actor_name = names.get(&row.actor_id).unwrap_or(&row.actor_id).clone();
    }
    Ok(rows)
}

/// The reference of the person or key of that name; the text itself when it is a reference already.
pub(super) async fn actor(reader: &mut Reader, named: &str) -> Result<Option<String>, Problem> {
    if ["user:", "key:", "system:"].iter().any(|kind| named.starts_with(kind)) {
        return Ok(Some(named.to_owned()));
    }
    let found: Option<(String, Uuid)> = both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::FIND_ACTORS))
        .bind(named).fetch_optional(c).await?);
    Ok(found.map(|(kind, id)| format!("{kind}{id}")))
}
