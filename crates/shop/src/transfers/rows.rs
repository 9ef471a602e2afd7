//! Transfers as stored, private to the feature.

use gondola_ledger::TransferState;
use gondola_store::{StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::hex;
use crate::kernel::time::Day;

/// A transfer under lock.
#[derive(FromRow)]
pub(super) struct Locked {
    pub from_location_id: Uuid,
    pub to_location_id: Uuid,
    state: String,
    pub document: Option<String>,
}

impl Locked {
    pub fn state(&self) -> Result<TransferState, StoreError> {
        TransferState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("transfers", "state", self.from_location_id, &self.state))
    }
}

#[derive(FromRow)]
pub(super) struct LineRow {
    pub line: i64,
    pub product_id: Uuid,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub quantity_sent: i64,
    pub quantity_received: Option<i64>,
    pub sent_movement_id: Uuid,
}

/// A lot that a line put on the road.
#[derive(FromRow)]
pub(super) struct LotRow {
    pub line: i64,
    pub lot_id: Uuid,
    pub code: String,
    pub expires_on: Option<Day>,
    pub quantity: i64,
}

#[derive(Serialize)]
pub(super) struct LineOut {
    #[serde(serialize_with = "hex")]
    pub transfer_id: Uuid,
    pub line: usize,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    pub quantity_sent: i64,
    #[serde(serialize_with = "hex")]
    pub sent_movement_id: Uuid,
}

#[derive(Serialize)]
pub(super) struct ReceivedOut {
    #[serde(serialize_with = "hex")]
    pub transfer_id: Uuid,
    pub line: i64,
    pub quantity_received: i64,
}

pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Locked>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LOCK_TRANSFER)).bind(id).fetch_optional(c).await?))
}

pub(super) async fn lines(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<LineRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::TRANSFER_LINES)).bind(id).fetch_all(c).await?))
}

pub(super) async fn lots(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<LotRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::TRANSFER_LOTS)).bind(id).fetch_all(c).await?))
}
