//! Labels that are due, and prints, as they are stored.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;

/// How long a label may be due before it is late: a day.
const LATE_AFTER: At = 24 * 3_600_000_000;

/// What is to be done about a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// To print it.
    ToPrint,
    /// To place it on the shelf.
    ToPlace,
}

/// A label that is due.
#[derive(Debug, Clone, FromRow)]
pub(super) struct DueLabel {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    pub name_folded: String,
    pub category: String,
    pub position: i64,
    pub amount: i64,
    pub changed_at: At,
    /// What the last one printed says.
    pub says: Option<i64>,
    pub print_id: Option<Uuid>,
}

impl DueLabel {
    /// Whether it has been due for too long.
    pub fn is_late(&self, now: At) -> bool {
        self.changed_at < now - LATE_AFTER
    }
}

/// Where a page begins: the category's place, the folded name and the id of the last one before.
pub(super) type DueKey = (i64, String, Uuid);

/// A page of labels that are due, with one more than `limit`.
pub(super) async fn due(
    tx: &mut Tx<'_>,
    what: Due,
    after: Option<DueKey>,
    limit: i64,
) -> Result<Vec<DueLabel>, StoreError> {
    let (position, name, id) = after.unwrap_or((i64::MIN, String::new(), Uuid::nil()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_DUE)).bind(what == Due::ToPlace).bind(position).bind(&name)
        .bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// How many labels have been due for too long.
///
/// # Errors
/// The database's failure.
pub async fn late(tx: &mut Tx<'_>, now: At) -> Result<i64, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::COUNT_LATE)).bind(now - LATE_AFTER).fetch_one(c).await?))
}

/// Labels printed together.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Print {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub printed_at: At,
    /// Who.
    pub printed_by: String,
    /// How many.
    pub labels: i64,
    /// How many of them are not placed yet.
    pub waiting: i64,
}

/// A page of prints, newest first, with one more than `limit`.
pub(super) async fn prints(tx: &mut Tx<'_>, before: Option<(At, Uuid)>, limit: i64) -> Result<Vec<Print>, StoreError> {
    let (at, id) = before.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_PRINTS)).bind(at).bind(id).bind(limit + 1).fetch_all(c)
        .await?))
}

/// One print.
pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Print>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_PRINT)).bind(id).fetch_optional(c).await?))
}

/// What a printed label says.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Printed {
    pub amount: i64,
    pub priced_at: At,
    pub name: String,
    pub short_name: String,
    pub unit: String,
    pub content_quantity: Option<i64>,
    pub content_unit: Option<String>,
    pub vat_bp: i64,
    pub internal_taxes: bool,
    pub barcode: Option<String>,
}

/// What a print has on it, in its order.
pub(super) async fn printed(tx: &mut Tx<'_>, print: Uuid) -> Result<Vec<Printed>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::PRINTED)).bind(print).fetch_all(c).await?))
}
