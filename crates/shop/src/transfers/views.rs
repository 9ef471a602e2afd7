//! Transfers and the restock list as the API answers them.

use gondola_ledger::{Qty, Unit};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{Carried, CarriedLine, Transfer};
use super::restock::RestockLine;
use crate::kernel::time::{format_day, format_instant};

/// A transfer without its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferSummary)]
pub struct TransferItem {
    /// Its id.
    pub id: Uuid,
    /// `sent`, `received` or `cancelled`.
    #[schema(example = "sent")]
    pub state: String,
    /// Code of the place it left.
    pub from: String,
    /// Code of the place it goes to.
    pub to: String,
    /// Why.
    pub reason: String,
    /// Whose paper it goes with.
    #[schema(required)]
    pub document: Option<String>,
    /// Who sent it.
    pub user: String,
    /// When it left, UTC.
    #[schema(format = DateTime)]
    pub sent_at: String,
    /// When it arrived or came back, UTC.
    #[schema(required, format = DateTime)]
    pub closed_at: Option<String>,
    /// Who received or cancelled it.
    #[schema(required)]
    pub closed_by: Option<String>,
    /// What they said.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// How many lines it has.
    pub lines_total: i64,
    /// How many lines arrived with a difference: the claim.
    pub differences: i64,
    /// Grows with every change.
    pub version: i64,
}

/// A transfer with what it carries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transfer)]
pub struct TransferDetail {
    /// The transfer.
    #[serde(flatten)]
    pub transfer: TransferItem,
    /// What it carries.
    pub lines: Vec<TransferLineItem>,
}

/// A line of a transfer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferLine)]
pub struct TransferLineItem {
    /// From 1.
    pub line: i64,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// How much left; null while you have to count it blind.
    #[schema(required)]
    pub sent: Option<String>,
    /// How much arrived.
    #[schema(required)]
    pub received: Option<String>,
    /// Received minus sent, signed.
    #[schema(required)]
    pub difference: Option<String>,
    /// The movement by which it left.
    pub movement_id: Uuid,
    /// The lots that left.
    pub lots: Vec<TransferLotItem>,
}

/// A lot of a transfer's line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferLot)]
pub struct TransferLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How much of it left; null while you have to count it blind.
    #[schema(required)]
    pub quantity: Option<String>,
}

pub(super) fn item(found: Transfer) -> TransferItem {
    TransferItem {
        id: found.id,
        state: found.state,
        from: found.from_code,
        to: found.to_code,
        reason: found.reason,
        document: found.document,
        user: found.actor_name,
        sent_at: format_instant(found.sent_at),
        closed_at: found.closed_at.map(format_instant),
        closed_by: found.closed_by,
        closing_reason: found.closing_reason,
        lines_total: found.lines,
        differences: found.differences,
        version: found.version,
    }
}

pub(super) fn detail(found: Carried) -> TransferDetail {
    TransferDetail { transfer: item(found.transfer), lines: found.lines.into_iter().map(line_item).collect() }
}

fn line_item(line: CarriedLine) -> TransferLineItem {
    let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
    let text = |quantity: i64| Qty::new(quantity).format(unit);
    TransferLineItem {
        line: line.line,
        product: format!("sku:{}", line.sku),
        name: line.name,
        difference: line.sent.zip(line.received).map(|(sent, received)| text(received - sent)),
        sent: line.sent.map(text),
        received: line.received.map(text),
        movement_id: line.movement_id,
        lots: line
            .lots
            .into_iter()
            .map(|lot| TransferLotItem {
                code: lot.code,
                expires_on: lot.expires_on.map(format_day),
                quantity: lot.quantity.map(text),
            })
            .collect(),
        unit: line.unit,
    }
}

/// A product to bring to its shelf.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestockItem {
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// What the shelf should hold; null for who sees the storeroom only.
    #[schema(required)]
    pub target: Option<String>,
    /// What it holds; null for who sees the storeroom only.
    #[schema(required)]
    pub on_shelf: Option<String>,
    /// What is on the road to it; null for who sees the storeroom only.
    #[schema(required)]
    pub on_the_way: Option<String>,
    /// What the storeroom can give; null for who sees the shelf only.
    #[schema(required)]
    pub available: Option<String>,
    /// What to bring.
    pub quantity: String,
    /// From which lots, first expiring first.
    pub lots: Vec<RestockLotItem>,
}

/// A lot to take from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestockLot)]
pub struct RestockLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How much of it.
    pub quantity: String,
}

pub(super) fn restock_item(row: RestockLine) -> RestockItem {
    let unit = row.unit;
    let amount = |quantity: Option<Qty>| quantity.map(|quantity| quantity.format(unit));
    let lots = row.lots.into_iter().map(|lot| RestockLotItem {
        code: lot.code,
        expires_on: lot.expires_on.map(format_day),
        quantity: lot.quantity.format(unit),
    });
    RestockItem {
        product: format!("sku:{}", row.sku),
        name: row.name,
        unit: unit.code().to_owned(),
        target: amount(row.target),
        on_shelf: amount(row.on_shelf),
        on_the_way: amount(row.on_the_way),
        available: amount(row.free),
        quantity: row.bring.format(unit),
        lots: lots.collect(),
    }
}
