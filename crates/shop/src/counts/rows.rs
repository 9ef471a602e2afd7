//! Counts as stored, private to the feature.

use gondola_ledger::Qty;
use gondola_ledger::count::needs_recount;
use gondola_store::{At, Context, Fail, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::refusal::{CountRefused, CountState};
use super::sql;
use crate::kernel::bulk::{hex, hex_option};

/// A count under lock.
#[derive(FromRow)]
pub(super) struct Locked {
    pub location_id: Uuid,
    state: String,
}

/// What was counted of a product before.
#[derive(FromRow)]
pub(super) struct BeforeRow {
    pub product_id: Uuid,
    pub lot_id: Uuid,
    pub whole: bool,
    pub times: i64,
}

/// A question about the past: what was there at a position?
#[derive(Serialize)]
pub(super) struct PastQuestion {
    pub line: usize,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    #[serde(serialize_with = "hex_option")]
    pub lot_id: Option<Uuid>,
    pub position: i64,
}

/// A line on its way in.
#[derive(Serialize)]
pub(super) struct LineOut<'a> {
    #[serde(serialize_with = "hex")]
    pub count_id: Uuid,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    #[serde(serialize_with = "hex")]
    pub lot_id: Uuid,
    pub whole: bool,
    pub counted: i64,
    pub expected: i64,
    pub position: i64,
    pub times: i64,
    pub recount: bool,
    pub counted_at: At,
    pub counted_by: &'a str,
}

/// A line that differs from what was expected.
#[derive(FromRow)]
pub(super) struct DifferentRow {
    pub product_id: Uuid,
    pub lot_id: Uuid,
    pub whole: bool,
    pub counted: i64,
    pub expected: i64,
    pub recount: bool,
    pub sku: String,
}

impl DifferentRow {
    /// Whether the difference is so large that somebody who may adjust has to approve it.
    pub fn is_large(&self) -> bool {
        needs_recount(Qty::new(self.counted - self.expected), Qty::new(self.expected))
    }
}

/// The movement that corrected a line.
#[derive(Serialize)]
pub(super) struct CorrectedOut {
    #[serde(serialize_with = "hex")]
    pub count_id: Uuid,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    #[serde(serialize_with = "hex")]
    pub lot_id: Uuid,
    #[serde(serialize_with = "hex")]
    pub movement_id: Uuid,
}

/// Locks an open count that the actor may touch. Every command of the feature does this before it
/// locks products, so that two of them never wait for each other in a circle.
pub(super) async fn lock_open(tx: &mut Tx<'_>, cx: &Context, id: Uuid) -> Result<Locked, Fail<CountRefused>> {
    let found: Option<Locked> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_COUNT)).bind(id).fetch_optional(c).await?);
    let own = |count: &Locked| cx.actor.location.is_none_or(|own| own == count.location_id);
    let count = found.filter(own).ok_or(Fail::Refused(CountRefused::Unknown))?;
    let state =
        CountState::from_code(&count.state).ok_or_else(|| StoreError::corrupt("counts", "state", id, &count.state))?;
    if state == CountState::Open { Ok(count) } else { Err(Fail::Refused(CountRefused::NotOpen(state))) }
}

/// Writes how a count ended.
pub(super) async fn close(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    state: CountState,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let closed = both!(tx, c, text => sqlx::query(text(sql::CLOSE_COUNT))
        .bind(id).bind(state.code()).bind(cx.now).bind(&cx.actor.name).bind(reason).execute(c).await?.rows_affected());
    expect_rows(sql::CLOSE_COUNT, 1, closed)
}
