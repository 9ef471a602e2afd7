//! The rules of sale lists as they are kept.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::time::Day;
use crate::prices::ListRule;

/// A rule that somebody set.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct KeptRule {
    /// Its id.
    pub id: Uuid,
    /// Of which list.
    pub list: String,
    /// What it asks for.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub asks: ListRule,
    /// The first day.
    pub valid_from: Day,
    /// The last day; until another holds unless it has one.
    pub valid_to: Option<Day>,
    /// Who set it.
    pub actor_name: String,
    /// When.
    pub set_at: At,
    /// Who removed it.
    pub removed_by: Option<String>,
    /// When.
    pub removed_at: Option<At>,
}

/// Where a page begins: when the last one before was set, and its id.
pub(super) type RuleKey = (At, Uuid);

/// Which rules.
#[derive(Debug, Clone, Copy)]
pub struct RuleFilter {
    /// Of this list.
    pub list: Option<&'static str>,
    /// Only what nobody removed.
    pub kept: bool,
}

/// A page of rules, the newest first, with one more than `limit`.
pub(super) async fn rules(
    tx: &mut Tx<'_>,
    filter: RuleFilter,
    before: Option<RuleKey>,
    limit: i64,
) -> Result<Vec<KeptRule>, StoreError> {
    let (at, id) = before.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_RULES)).bind(filter.list).bind(filter.kept).bind(at).bind(id)
        .bind(limit + 1).fetch_all(c).await?))
}

/// One rule.
pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<KeptRule>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_RULE)).bind(id).fetch_optional(c).await?))
}

/// The rules of a list that hold on a day or will: the one that holds is the first that has begun.
pub(super) async fn standing(tx: &mut Tx<'_>, list: &str, day: Day) -> Result<Vec<KeptRule>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::STANDING_RULES)).bind(list).bind(day).fetch_all(c).await?))
}

/// How many prices of a list somebody set.
pub(super) async fn own_prices(tx: &mut Tx<'_>, list: &str) -> Result<i64, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::COUNT_OWN)).bind(list).fetch_one(c).await?))
}
