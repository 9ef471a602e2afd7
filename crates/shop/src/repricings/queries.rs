//! Repricings and their rows as they are stored.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::rule::Wanted;
use super::sql;

/// A repricing as its row has it.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct RepricingRow {
    /// Its id.
    pub id: Uuid,
    /// What it was built by, as JSON.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// `draft`, `scheduled`, `applied`, `rolled_back`, `cancelled` or `failed`.
    pub state: String,
    /// At which hour it is applied.
    pub apply_at: Option<At>,
    /// Why the owner takes the rows that break a guard.
    pub guarded_reason: Option<String>,
    /// Who takes them.
    pub guarded_by: Option<String>,
    /// Why it could not be applied at its hour.
    pub note: Option<String>,
    /// Who built it.
    pub built_by: String,
    /// When.
    pub built_at: At,
    /// Who applied it.
    pub applied_by: Option<String>,
    /// When.
    pub applied_at: Option<At>,
    /// Who took it back.
    pub rolled_back_by: Option<String>,
    /// When.
    pub rolled_back_at: Option<At>,
    /// Counts its changes.
    pub version: i64,
}

/// How many rows there are, of which kinds.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub rows_total: i64,
    /// Those that break a guard.
    pub guarded: i64,
    /// Those that somebody left out.
    pub excluded: i64,
    /// Those that hold.
    pub applied: i64,
    /// Those whose price before is back.
    pub restored: i64,
    /// Those that a rollback left alone.
    pub skipped: i64,
    /// What those that are not left out put at stake, in centavos.
    pub at_stake: i64,
}

/// A repricing with its counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Repricing {
    /// The repricing.
    pub row: RepricingRow,
    /// Its counts.
    pub counts: Counts,
}

impl RepricingRow {
    /// What it was built by.
    pub(super) fn wanted(&self) -> Result<Wanted, StoreError> {
        serde_json::from_str(&self.rule).map_err(|error| StoreError::corrupt("repricings", "rule", self.id, error))
    }
}

/// One row of a preview as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(super) struct StoredRow {
    pub product_id: Uuid,
    pub sku: String,
    pub name: String,
    pub vat_bp: i64,
    pub position: i64,
    pub old_cost: Option<i64>,
    pub new_cost: Option<i64>,
    pub old_price: Option<i64>,
    pub new_price: i64,
    pub severity: Option<String>,
    pub at_stake: i64,
    pub guard: String,
    pub excluded: bool,
    pub edited: bool,
    pub outcome: Option<String>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowFilter {
    /// Those that break a guard, or those that do not.
    pub guarded: Option<bool>,
    /// With this outcome.
    pub outcome: Option<&'static str>,
}

/// Where a page of rows begins.
pub(super) type RowKey = (i64, Uuid);

/// A page of rows in their order, with one more than `limit`.
pub(super) async fn rows(
    tx: &mut Tx<'_>,
    repricing: Uuid,
    filter: RowFilter,
    after: Option<RowKey>,
    limit: i64,
) -> Result<Vec<StoredRow>, StoreError> {
    let (position, product) = after.unwrap_or((-1, Uuid::nil()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_ROWS)).bind(repricing).bind(position).bind(product)
        .bind(filter.guarded).bind(filter.outcome).bind(limit + 1).fetch_all(c).await?))
}

/// A page of repricings, newest first, with one more than `limit`.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    state: Option<&str>,
    before: Option<(At, Uuid)>,
    limit: i64,
) -> Result<Vec<RepricingRow>, StoreError> {
    let (at, id) = before.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_REPRICINGS)).bind(at).bind(id).bind(state).bind(limit + 1)
        .fetch_all(c).await?))
}

/// One repricing with its counts.
pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Repricing>, StoreError> {
    let row: Option<RepricingRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_REPRICING)).bind(id).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    let counts = both!(tx, c, text => sqlx::query_as(text(sql::COUNT_ROWS)).bind(id).fetch_one(c).await?);
    Ok(Some(Repricing { row, counts }))
}
