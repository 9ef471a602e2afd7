//! Orders as the API answers them. Cost is there for whoever may see it.

use gondola_ledger::{Money, Qty, Unit, UnitCost};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::estimate::Estimate;
use super::queries::{Order, OrderLine, Ordered};
use super::state::OrderState;
use crate::kernel::time::{format_day, format_instant};
use crate::suppliers::{LocalTime, NextDelivery, time_of_day};

/// Whether who asks may see what things cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Costs {
    /// They may.
    Shown,
    /// They may not.
    Hidden,
}

impl Costs {
    /// As an actor's right says.
    pub(super) fn of(sees_cost: bool) -> Self {
        if sees_cost { Self::Shown } else { Self::Hidden }
    }

    /// The cost, for who may see it.
    pub(super) fn text(self, cost: Option<i64>) -> Option<String> {
        cost.filter(|_| self == Self::Shown).map(|cost| UnitCost::new(cost).to_string())
    }
}

/// An order to a supplier, without its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrderSummary)]
pub struct OrderItem {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// Code of the supplier.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// `draft`, `sent`, `partial`, `received`, `closed` or `cancelled`.
    #[schema(example = "draft")]
    pub state: String,
    /// What else was said to the supplier.
    pub notes: String,
    /// Who began it.
    pub user: String,
    /// When it was begun, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was sent, UTC.
    #[schema(required, format = DateTime)]
    pub sent_at: Option<String>,
    /// The day that the supplier promised.
    #[schema(required, format = Date)]
    pub promised_on: Option<String>,
    /// When goods of it came last, UTC.
    #[schema(required, format = DateTime)]
    pub received_at: Option<String>,
    /// When it ended, UTC.
    #[schema(required, format = DateTime)]
    pub closed_at: Option<String>,
    /// Who ended it.
    #[schema(required)]
    pub closed_by: Option<String>,
    /// Why.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// How many lines it has.
    pub lines_total: i64,
    /// How many of them are not complete.
    pub lines_missing: i64,
    /// Grows with every change.
    pub version: i64,
}

/// An order with its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrder)]
pub struct OrderDetail {
    /// The order.
    #[serde(flatten)]
    pub order: OrderItem,
    /// The text as it was sent; null before.
    #[schema(required)]
    pub sent_text: Option<String>,
    /// Its lines.
    pub lines: Vec<OrderLineItem>,
    /// What they come to, by what was agreed or else by what each product cost last from the supplier; null for who may not see
    /// cost.
    #[schema(required, example = "125000.00")]
    pub estimated_total: Option<String>,
    /// How many lines are not in that, because nobody knows how much or at what cost.
    pub estimated_without: usize,
    /// The least that the supplier brings.
    #[schema(example = "80000.00")]
    pub minimum_order: String,
    /// While it is a draft, the delivery it would come with if it were sent now, by the supplier's calendar; null where that is
    /// not known.
    #[schema(required)]
    pub next_delivery: Option<NextDeliveryView>,
    /// While it is a draft, the day of the supplier's next visit.
    #[schema(required, format = Date, example = "2026-11-24")]
    pub next_visit: Option<String>,
}

/// A delivery, and until when to order for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextDelivery)]
pub struct NextDeliveryView {
    /// The day it comes.
    #[schema(format = Date, example = "2026-11-26")]
    pub day: String,
    /// The last day to order for it.
    #[schema(format = Date, example = "2026-11-24")]
    pub order_by: String,
    /// Until when on that day; null for all day.
    #[schema(required, example = "19:00")]
    pub cut_off: Option<String>,
}

impl From<NextDelivery> for NextDeliveryView {
    fn from(next: NextDelivery) -> Self {
        let cut_off = next.cut_off_minutes.map(time_of_day);
        Self { day: format_day(next.day), order_by: format_day(next.order_by), cut_off }
    }
}

/// The orders that lines went onto.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrders)]
pub struct OrderDetails {
    /// One for each supplier.
    pub orders: Vec<OrderDetail>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrderLine)]
pub struct OrderLineItem {
    /// Its number, from 1.
    pub line: i64,
    /// The product, as `sku:SKU`; null for a text.
    #[schema(required)]
    pub product: Option<String>,
    /// The product's name.
    #[schema(required)]
    pub name: Option<String>,
    /// What is ordered, in somebody's words.
    pub text: String,
    /// How much; null while nobody said.
    #[schema(required)]
    pub quantity: Option<String>,
    /// The unit, as the supplier is told.
    #[schema(required)]
    pub unit: Option<String>,
    /// How much that is in the product's own unit; null while nobody knows.
    #[schema(required)]
    pub base_quantity: Option<String>,
    /// How much came, in the product's own unit.
    pub received: String,
    /// Received minus ordered, in the product's own unit, signed; null while nobody knows.
    #[schema(required)]
    pub difference: Option<String>,
    /// Whether as much came as was ordered.
    pub complete: bool,
    /// Whether it is urgent.
    pub urgent: bool,
    /// What one `unit` should cost; null for who may not see cost.
    #[schema(required)]
    pub expected_cost: Option<String>,
}

pub(super) fn item(found: Order) -> OrderItem {
    OrderItem {
        id: found.id,
        number: found.number,
        supplier: found.supplier,
        supplier_name: found.supplier_name,
        state: found.state,
        notes: found.notes,
        user: found.actor_name,
        created_at: format_instant(found.created_at),
        sent_at: found.sent_at.map(format_instant),
        promised_on: found.promised_on.map(format_day),
        received_at: found.received_at.map(format_instant),
        closed_at: found.closed_at.map(format_instant),
        closed_by: found.closed_by,
        closing_reason: found.closing_reason,
        lines_total: found.lines,
        lines_missing: found.missing,
        version: found.version,
    }
}

pub(super) fn detail(found: Ordered, costs: Costs, now: LocalTime) -> OrderDetail {
    let Ordered { mut order, lines } = found;
    let sent_text = order.sent_text.take();
    let estimate = Estimate::of(&lines);
    let calendar = Some(order.calendar).filter(|_| order.state == OrderState::Draft.code());
    OrderDetail {
        sent_text,
        lines: lines.into_iter().map(|line| line_item(line, costs)).collect(),
        estimated_total: (costs == Costs::Shown).then(|| estimate.total.to_string()),
        estimated_without: estimate.unknown,
        minimum_order: Money::new(order.minimum_order).to_string(),
        next_delivery: calendar.and_then(|calendar| calendar.next_delivery(now)).map(NextDeliveryView::from),
        next_visit: calendar.and_then(|calendar| calendar.next_visit(now.day)).map(format_day),
        order: item(order),
    }
}

fn line_item(line: OrderLine, costs: Costs) -> OrderLineItem {
    let base = |quantity: i64| amount(quantity, line.product_unit.as_deref());
    OrderLineItem {
        line: line.line,
        complete: line.is_complete(),
        quantity: line.quantity.map(|quantity| amount(quantity, line.unit.as_deref())),
        base_quantity: line.base_quantity.map(base),
        received: base(line.base_received),
        difference: line.base_quantity.map(|ordered| base(line.base_received - ordered)),
        urgent: line.urgent,
        expected_cost: costs.text(line.expected_cost),
        product: line.sku.map(|sku| format!("sku:{sku}")),
        name: line.name,
        text: line.about,
        unit: line.unit,
    }
}

/// A quantity in a unit as people say it: whole packs are written whole.
pub(super) fn amount(quantity: i64, unit: Option<&str>) -> String {
    let quantity = Qty::new(quantity);
    let base = unit.and_then(Unit::from_code);
    quantity.format(base.unwrap_or(if quantity.is_whole() { Unit::Un } else { Unit::Kg }))
}
