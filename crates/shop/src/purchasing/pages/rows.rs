//! How orders and deliveries look in a page: everything written out in the reader's language. Templates print these and decide
//! nothing.

use gondola_ledger::{Qty, Unit, UnitCost};
use gondola_store::Permission;
use uuid::Uuid;

use super::super::paper::amount;
use super::super::queries::{GoodsReceipt, Order, OrderLine, ReceiptLine};
use super::super::state::OrderState;
use super::super::suggest::Suggestion;
use crate::kernel::Chrome;
use crate::kernel::numbers::{field_amount, show_amount, show_count, show_short_cost};
use crate::kernel::time::show_day;
use crate::stock::{lot_name, product_href};

/// An order.
#[derive(Debug, Clone)]
pub(super) struct OrderRow {
    pub href: String,
    pub number: String,
    pub supplier: String,
    pub supplier_code: String,
    pub state: String,
    pub kind: &'static str,
    /// How many lines, and how many of them are not complete.
    pub lines: String,
    pub missing: Option<String>,
    pub notes: String,
    pub created_at: String,
    pub made_by: String,
    pub sent_at: Option<String>,
    pub promised_on: Option<String>,
    pub received_at: Option<String>,
    pub closed_at: Option<String>,
    pub closed_by: Option<String>,
    pub closing_reason: Option<String>,
    pub version: i64,
    /// What whoever looks may do about it now.
    pub may_write: bool,
    pub may_receive: bool,
    pub may_close: bool,
    pub may_cancel: bool,
}

impl OrderRow {
    pub fn of(chrome: &Chrome, order: &Order) -> Self {
        let state = OrderState::from_code(&order.state).unwrap_or(OrderState::Closed);
        let edits = chrome.may(Permission::EditPurchases);
        let is_open = matches!(state, OrderState::Sent | OrderState::Partial);
        Self {
            href: format!("/purchase-orders/{}", order.id),
            number: show_count(order.number),
            supplier: order.supplier_name.clone(),
            supplier_code: order.supplier.clone(),
            state: chrome.t(&format!("order.state_{}", order.state)).to_owned(),
            kind: match state {
                OrderState::Draft | OrderState::Sent => "info",
                OrderState::Partial => "warn",
                OrderState::Received => "good",
                OrderState::Closed | OrderState::Cancelled => "",
            },
            lines: show_count(order.lines),
            missing: (is_open && order.missing > 0).then(|| chrome.tv("order.missing", show_count(order.missing))),
            notes: order.notes.clone(),
            created_at: chrome.instant(&order.created_at),
            made_by: order.actor_name.clone(),
            sent_at: order.sent_at.map(|at| chrome.instant(&at)),
            promised_on: order.promised_on.map(show_day),
            received_at: order.received_at.map(|at| chrome.instant(&at)),
            closed_at: order.closed_at.map(|at| chrome.instant(&at)),
            closed_by: order.closed_by.clone(),
            closing_reason: order.closing_reason.clone(),
            version: order.version,
            may_write: edits && state.change().is_ok(),
            may_receive: is_open && chrome.may(Permission::Receive),
            may_close: edits && state.close().is_ok(),
            may_cancel: edits && state.cancel().is_ok(),
        }
    }
}

/// A line of an order.
#[derive(Debug, Clone)]
pub(super) struct LineRow {
    pub line: i64,
    pub name: String,
    /// What somebody wrote, where that is not the product's name.
    pub about: Option<String>,
    pub sku: Option<String>,
    pub href: Option<String>,
    /// `4 cajones`; none while nobody said.
    pub ordered: Option<String>,
    /// What came, in the product's unit.
    pub received: String,
    /// What is missing or over, signed; none while nothing came or nobody knows.
    pub difference: Option<String>,
    pub is_complete: bool,
    pub is_urgent: bool,
    pub cost: Option<String>,
    /// How much would fill it up, where nobody said how much.
    pub suggested: Option<String>,
    /// What stands in the fields of its form.
    pub quantity: String,
    pub unit: String,
}

impl LineRow {
    pub fn of(chrome: &Chrome, line: &OrderLine) -> Self {
        let name = line.title().to_owned();
        let unit = line.product_unit.as_deref().unwrap_or("un");
        let told = |quantity: i64| amount(Qty::new(quantity), unit);
        let difference = line.base_quantity.map(|ordered| line.base_received - ordered);
        let cost = line.expected_cost.filter(|_| chrome.may(Permission::ReadCost));
        Self {
            line: line.line,
            about: (line.about != name).then(|| line.about.clone()),
            sku: line.sku.clone(),
            href: line.sku.as_deref().map(product_href),
            ordered: line.quantity.zip(line.unit.as_deref()).map(|(quantity, unit)| amount(Qty::new(quantity), unit)),
            received: told(line.base_received),
            difference: difference.filter(|difference| *difference != 0 && line.base_received > 0).map(told),
            is_complete: line.is_complete(),
            is_urgent: line.urgent,
            cost: cost.map(|cost| show_short_cost(UnitCost::new(cost))),
            suggested: None,
            quantity: line.quantity.map(|quantity| field(quantity, line.unit.as_deref())).unwrap_or_default(),
            unit: line.unit.clone().unwrap_or_default(),
            name,
        }
    }

    /// With what would fill it up in its fields, where nobody said how much.
    pub fn suggesting(mut self, found: &[Suggestion]) -> Self {
        let of_it = |one: &&Suggestion| Some(one.sku.as_str()) == self.sku.as_deref() && !one.quantity.is_zero();
        if let Some(one) = found.iter().find(of_it).filter(|_| self.quantity.is_empty()) {
            self.quantity = field_amount(one.quantity, one.unit);
            one.unit.code().clone_into(&mut self.unit);
            self.suggested = Some(format!("{} {}", show_amount(one.quantity, one.unit), one.unit.code()));
        }
        self
    }
}

/// A quantity as it stands in a field: whole packs are written whole.
pub(super) fn field(quantity: i64, unit: Option<&str>) -> String {
    let quantity = Qty::new(quantity);
    let base = unit.and_then(Unit::from_code);
    field_amount(quantity, base.unwrap_or(if quantity.is_whole() { Unit::Un } else { Unit::Kg }))
}

/// A delivery.
#[derive(Debug, Clone)]
pub(super) struct ReceiptRow {
    pub href: String,
    pub number: String,
    pub received_at: String,
    pub received_by: String,
    pub place: String,
    pub supplier: Option<String>,
    pub order: Option<(String, String)>,
    pub document: Option<String>,
    pub reason: String,
    pub lines: String,
    pub reversed_at: Option<String>,
    pub reversed_by: Option<String>,
    pub reversing_reason: Option<String>,
    pub may_reverse: bool,
}

impl ReceiptRow {
    pub fn of(chrome: &Chrome, receipt: &GoodsReceipt, place: String) -> Self {
        let order = receipt.order_id.zip(receipt.order_number);
        Self {
            href: format!("/goods-receipts/{}", receipt.id),
            number: show_count(receipt.number),
            received_at: chrome.instant(&receipt.received_at),
            received_by: receipt.actor_name.clone(),
            supplier: receipt.supplier_name.clone(),
            order: order.map(|(id, number)| (format!("/purchase-orders/{id}"), show_count(number))),
            document: receipt.document.clone(),
            reason: receipt.reason.clone(),
            lines: show_count(receipt.lines),
            reversed_at: receipt.reversed_at.map(|at| chrome.instant(&at)),
            reversed_by: receipt.reversed_by.clone(),
            reversing_reason: receipt.reversing_reason.clone(),
            may_reverse: receipt.reversed_at.is_none() && chrome.may(Permission::Adjust),
            place,
        }
    }
}

/// A line of a delivery.
#[derive(Debug, Clone)]
pub(super) struct ArrivedRow {
    pub name: String,
    pub sku: String,
    pub href: String,
    pub came: String,
    pub damaged: Option<String>,
    /// What came into stock, where that was weighed, and how much more or less it was.
    pub weighed: Option<(String, String)>,
    pub lot: String,
    pub cost: Option<String>,
    pub movement: Option<Uuid>,
}

impl ArrivedRow {
    pub fn of(chrome: &Chrome, line: &ReceiptLine) -> Self {
        let unit = Unit::from_code(&line.product_unit).unwrap_or(Unit::Kg);
        let base = |quantity: i64| format!("{} {}", show_amount(Qty::new(quantity), unit), unit.code());
        let cost = line.unit_cost.filter(|_| chrome.may(Permission::ReadCost));
        Self {
            name: line.name.clone(),
            sku: line.sku.clone(),
            href: product_href(&line.sku),
            came: amount(Qty::new(line.quantity), &line.unit),
            damaged: (line.damaged > 0).then(|| amount(Qty::new(line.damaged), &line.unit)),
            weighed: (line.variance() != 0).then(|| (base(line.moved_quantity), base(line.variance()))),
            lot: lot_name(chrome, &line.lot_code, line.expires_on),
            cost: cost.map(|cost| show_short_cost(UnitCost::new(cost))),
            movement: line.movement_id,
        }
    }
}

/// A product to order.
#[derive(Debug, Clone)]
pub(super) struct SuggestedRow {
    pub sku: String,
    pub name: String,
    pub href: String,
    pub level: String,
    pub on_hand: Option<String>,
    pub quantity: String,
    pub unit: &'static str,
}

impl SuggestedRow {
    pub fn of(found: &Suggestion) -> Self {
        let unit = found.unit;
        Self {
            sku: found.sku.clone(),
            name: found.name.clone(),
            href: product_href(&found.sku),
            level: found.level.clone(),
            on_hand: found.on_hand.map(|quantity| show_amount(quantity, unit)),
            quantity: if found.quantity.is_zero() { String::new() } else { field_amount(found.quantity, unit) },
            unit: unit.code(),
        }
    }
}
