//! Deliveries and suggestions as the API answers them. Cost is there for whoever may see it.

use gondola_ledger::UnitCost;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{GoodsReceipt, ReceiptLine, Received};
use super::suggest::Suggestion;
use super::views::{Costs, amount};
use crate::kernel::time::{format_day, format_instant};

/// Goods that came, without their lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoodsReceiptSummary)]
pub struct ReceiptItem {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// The order they belong to.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// Its number.
    #[schema(required)]
    pub order_number: Option<i64>,
    /// Code of whom they came from.
    #[schema(required)]
    pub supplier: Option<String>,
    /// Code of the place they came to.
    pub location: String,
    /// The paper they came with.
    #[schema(required)]
    pub document: Option<String>,
    /// What their movements say.
    pub reason: String,
    /// Who took them over.
    pub user: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub received_at: String,
    /// When that was undone, UTC.
    #[schema(required, format = DateTime)]
    pub reversed_at: Option<String>,
    /// By whom.
    #[schema(required)]
    pub reversed_by: Option<String>,
    /// Why.
    #[schema(required)]
    pub reversing_reason: Option<String>,
    /// How many lines it has.
    pub lines_total: i64,
}

/// Goods that came, with their lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoodsReceipt)]
pub struct ReceiptDetail {
    /// The receipt.
    #[serde(flatten)]
    pub receipt: ReceiptItem,
    /// Its lines.
    pub lines: Vec<ReceiptLineItem>,
}

/// A line of what came.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoodsReceiptLine)]
pub struct ReceiptLineItem {
    /// Its number, from 1.
    pub line: i64,
    /// The order's line.
    #[schema(required)]
    pub order_line: Option<i64>,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// How much came in good order.
    pub quantity: String,
    /// How much came broken.
    pub damaged: String,
    /// The unit both are counted in.
    pub unit: String,
    /// How much came into stock, in the product's own unit.
    pub moved: String,
    /// How much more or less that is than the pieces should have weighed, signed; zero where nothing was weighed.
    pub variance: String,
    /// The lot's code; empty for goods nobody tells apart.
    pub lot: String,
    /// Its last good day, as it was told.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// What was told of the cost; null for who may not see cost.
    #[schema(required)]
    pub unit_cost: Option<String>,
    /// The movement by which they came; null where all was broken.
    #[schema(required)]
    pub movement_id: Option<Uuid>,
}

pub(super) fn receipt_item(found: GoodsReceipt) -> ReceiptItem {
    ReceiptItem {
        id: found.id,
        number: found.number,
        order_id: found.order_id,
        order_number: found.order_number,
        supplier: found.supplier,
        location: found.location,
        document: found.document,
        reason: found.reason,
        user: found.actor_name,
        received_at: format_instant(found.received_at),
        reversed_at: found.reversed_at.map(format_instant),
        reversed_by: found.reversed_by,
        reversing_reason: found.reversing_reason,
        lines_total: found.lines,
    }
}

pub(super) fn receipt_detail(found: Received, costs: Costs) -> ReceiptDetail {
    let lines = found.lines.into_iter().map(|line| receipt_line(line, costs)).collect();
    ReceiptDetail { receipt: receipt_item(found.receipt), lines }
}

fn receipt_line(line: ReceiptLine, costs: Costs) -> ReceiptLineItem {
    let base = |quantity: i64| amount(quantity, Some(&line.product_unit));
    ReceiptLineItem {
        line: line.line,
        order_line: line.order_line,
        quantity: amount(line.quantity, Some(&line.unit)),
        damaged: amount(line.damaged, Some(&line.unit)),
        moved: base(line.moved_quantity),
        variance: base(line.variance()),
        expires_on: line.expires_on.map(format_day),
        unit_cost: costs.text(line.unit_cost),
        movement_id: line.movement_id,
        product: format!("sku:{}", line.sku),
        name: line.name,
        unit: line.unit,
        lot: line.lot_code,
    }
}

/// A product to order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseSuggestion)]
pub struct SuggestionItem {
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// Code of its main supplier.
    pub supplier: String,
    /// How much to order, in the product's unit, in whole packs of the supplier.
    pub quantity: String,
    /// The product's unit.
    pub unit: String,
    /// How much comes in one pack.
    pub pack: String,
    /// What is there in all places; null for who sees one place only.
    #[schema(required)]
    pub on_hand: Option<String>,
    /// What is ordered and did not come.
    pub on_order: String,
    /// How it stands.
    #[schema(example = "low")]
    pub level: String,
    /// The line of the notebook that asks for it.
    #[schema(required)]
    pub entry_id: Option<Uuid>,
    /// What one unit cost last from that supplier; null for who may not see cost.
    #[schema(required)]
    pub last_cost: Option<String>,
}

pub(super) fn suggestion_item(found: Suggestion, costs: Costs) -> SuggestionItem {
    let unit = found.unit;
    SuggestionItem {
        product: format!("sku:{}", found.sku),
        name: found.name,
        supplier: found.supplier,
        quantity: found.quantity.format(unit),
        unit: unit.code().to_owned(),
        pack: found.pack.format(unit),
        on_hand: found.on_hand.map(|quantity| quantity.format(unit)),
        on_order: found.on_order.format(unit),
        level: found.level,
        entry_id: found.entry,
        last_cost: costs.text(found.last_cost.map(UnitCost::raw)),
    }
}
