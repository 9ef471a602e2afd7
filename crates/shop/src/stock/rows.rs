//! Rows as the database holds them, private to the feature, and how they become ledger values. A
//! value that cannot be one is reported with its table, column and id.

use gondola_ledger::{LocationKind, MovementKind, Unit};
use gondola_store::StoreError;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

pub(super) use crate::kernel::bulk::{hex, hex_option, id_list, json};

#[derive(FromRow)]
pub(super) struct HeadRow {
    pub id: Uuid,
    pub sku: String,
    pub unit: String,
    pub active: bool,
    pub perishable: bool,
    pub shelf_life_days: Option<i64>,
    pub min_stock: i64,
    pub max_stock: i64,
    pub reorder_point: i64,
    pub factor_permille: Option<i64>,
    pub on_hand: i64,
    pub avco_value: i64,
    pub average_cost: Option<i64>,
    pub fifo_layers: String,
    pub last_sequence: i64,
    pub last_occurred_at: Option<i64>,
    pub demand_quantity: i64,
    pub demand_days: i64,
    pub version: i64,
}

#[derive(FromRow)]
pub(super) struct BalanceRow {
    pub product_id: Uuid,
    pub location_id: Uuid,
    pub lot_id: Uuid,
    pub quantity: i64,
    pub version: i64,
    pub code: String,
    pub expires_on: Option<i32>,
    pub received_at: i64,
}

#[derive(FromRow)]
pub(super) struct ReservedRow {
    pub product_id: Uuid,
    pub location_id: Uuid,
    pub quantity: i64,
}

#[derive(FromRow, Clone)]
pub(super) struct LocationRow {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub active: bool,
}

/// A valuation as stored: what came in, and what it made of the worth.
#[derive(FromRow, Serialize, Clone)]
pub(super) struct ValuationRow {
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    pub occurred_at: i64,
    pub sequence: i64,
    pub delta: i64,
    pub unit_cost: Option<i64>,
    pub fixed_value: Option<i64>,
    pub fixed_fifo_value: Option<i64>,
    pub moved_value: i64,
    pub moved_fifo_value: i64,
    pub quantity_after: i64,
    pub value_after: i64,
    pub cost_after: Option<i64>,
}

#[derive(FromRow, Clone)]
pub(super) struct MovementRow {
    pub sequence: i64,
    pub id: Uuid,
    pub kind: String,
    pub product_id: Uuid,
    pub quantity: i64,
    pub entered_quantity: i64,
    pub entered_unit: String,
    pub from_location_id: Uuid,
    pub to_location_id: Uuid,
    pub unit_cost: Option<i64>,
    pub reason: String,
    pub waste_reason: Option<String>,
    pub document: Option<String>,
    pub flags: String,
    pub channel: String,
    pub reverses_id: Option<Uuid>,
    pub reversed_by: Option<Uuid>,
    pub actor_name: String,
    pub occurred_at: i64,
    pub recorded_at: i64,
}

#[derive(FromRow)]
pub(super) struct LineRow {
    pub sequence: i64,
    pub location_id: Uuid,
    pub lot_id: Uuid,
    pub delta: i64,
    pub code: String,
    pub expires_on: Option<i32>,
    pub received_at: i64,
}

pub(super) fn unit(code: &str, id: Uuid) -> Result<Unit, StoreError> {
    Unit::from_code(code).ok_or_else(|| StoreError::corrupt("products", "unit", id, code))
}

pub(super) fn location_kind(code: &str, id: Uuid) -> Result<LocationKind, StoreError> {
    LocationKind::from_code(code).ok_or_else(|| StoreError::corrupt("locations", "kind", id, code))
}

pub(super) fn movement_kind(code: &str, id: Uuid) -> Result<MovementKind, StoreError> {
    MovementKind::from_code(code).ok_or_else(|| StoreError::corrupt("movements", "kind", id, code))
}
