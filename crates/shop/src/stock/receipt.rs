//! What a posted movement answers: the wire form of contract section 4, stored as it is for the
//! idempotency key.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::book::Posted;
use super::places::Places;
use super::shelf::Shelf;
use crate::kernel::time::format_instant;

/// A posted movement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = MovementReceipt)]
pub struct Receipt {
    /// The movement's id.
    pub id: Uuid,
    /// Its place in the ledger.
    pub sequence: i64,
    /// The product, as `sku:SKU`.
    #[schema(example = "sku:QUE-CREMOSO")]
    pub product: String,
    /// What happened.
    pub kind: String,
    /// How much, in the product's unit.
    #[schema(example = "2.500")]
    pub quantity: String,
    /// Before and after of every real place it changed.
    pub balances: Vec<ReceiptBalance>,
    /// When it was recorded, UTC.
    #[schema(format = DateTime)]
    pub recorded_at: String,
    /// What was allowed and must be looked at, for example `negative_stock`.
    pub flags: Vec<String>,
}

/// What a movement did to one place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptBalance {
    /// The place's code.
    pub location: String,
    /// What it held.
    pub before: String,
    /// What it holds.
    pub after: String,
}

impl Receipt {
    pub(super) fn new(posted: &Posted, shelf: &Shelf, places: &Places, recorded_at: i64) -> Self {
        let unit = shelf.unit;
        Self {
            id: posted.id,
            sequence: posted.sequence,
            product: format!("sku:{}", shelf.sku),
            kind: posted.kind.code().to_owned(),
            quantity: posted.quantity.format(unit),
            balances: posted
                .effects
                .iter()
                .map(|(place, before, after)| ReceiptBalance {
                    location: places.code(*place),
                    before: before.format(unit),
                    after: after.format(unit),
                })
                .collect(),
            recorded_at: format_instant(recorded_at),
            flags: posted.flags.iter().map(|flag| (*flag).to_owned()).collect(),
        }
    }
}
