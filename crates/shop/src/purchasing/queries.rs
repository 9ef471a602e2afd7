//! Orders and receipts as people see them.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::id_list;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};
use crate::suppliers::Calendar;

/// An order without its lines.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// The supplier's id.
    pub supplier_id: Uuid,
    /// The least that the supplier brings, in centavos; zero for any order.
    #[serde(default)]
    pub minimum_order: i64,
    /// When the supplier visits and delivers.
    #[sqlx(flatten)]
    #[serde(default)]
    pub calendar: Calendar,
    /// `draft`, `sent`, `partial`, `received`, `closed` or `cancelled`.
    pub state: String,
    /// What else was said to the supplier.
    pub notes: String,
    /// The day that the supplier promised.
    pub promised_on: Option<Day>,
    /// The text as it was sent.
    pub sent_text: Option<String>,
    /// Who began it.
    pub actor_name: String,
    /// When it was begun.
    pub created_at: At,
    /// When it was sent.
    pub sent_at: Option<At>,
    /// When goods of it came last.
    pub received_at: Option<At>,
    /// When it ended.
    pub closed_at: Option<At>,
    /// Who ended it.
    pub closed_by: Option<String>,
    /// Why.
    pub closing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// How many lines it has.
    pub lines: i64,
    /// How many of them are not complete.
    pub missing: i64,
}

/// A line of an order.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct OrderLine {
    /// The order.
    pub order_id: Uuid,
    /// From 1.
    pub line: i64,
    /// The product's id, when it is known.
    pub product_id: Option<Uuid>,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its unit.
    pub product_unit: Option<String>,
    /// What is ordered, in somebody's words.
    pub about: String,
    /// The same as it is compared.
    pub about_folded: String,
    /// What the supplier calls it, when that is known.
    pub wording: Option<String>,
    /// How much, in thousandths of `unit`; nothing while nobody said.
    pub quantity: Option<i64>,
    /// The unit, as the supplier is told.
    pub unit: Option<String>,
    /// How much that is in thousandths of the product's unit; nothing while nobody knows.
    pub base_quantity: Option<i64>,
    /// How much came, in the same.
    pub base_received: i64,
    /// What one `unit` should cost, in ten-thousandths.
    pub expected_cost: Option<i64>,
    /// What one of the product's unit cost last from that supplier, in ten-thousandths.
    #[serde(default)]
    pub last_cost: Option<i64>,
    /// Whether it is urgent.
    pub urgent: bool,
}

impl OrderLine {
    /// Whether as much came as was ordered.
    pub fn is_complete(&self) -> bool {
        self.base_received > 0 && self.base_received >= self.base_quantity.unwrap_or_default()
    }

    /// What it is called: by the product's name, else as it was written.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.about)
    }
}

/// An order with its lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ordered {
    /// The order.
    pub order: Order,
    /// Its lines.
    pub lines: Vec<OrderLine>,
}

/// Goods that came, without their lines.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct GoodsReceipt {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// The order they belong to.
    pub order_id: Option<Uuid>,
    /// Its number.
    pub order_number: Option<i64>,
    /// The supplier's code, if anybody said.
    pub supplier: Option<String>,
    /// The supplier's name.
    pub supplier_name: Option<String>,
    /// The supplier's id.
    pub supplier_id: Option<Uuid>,
    /// Id of the place they came to.
    pub location_id: Uuid,
    /// Its code.
    pub location: String,
    /// The paper they came with.
    pub document: Option<String>,
    /// Why, as their movements say.
    pub reason: String,
    /// Who took them over.
    pub actor_name: String,
    /// When.
    pub received_at: At,
    /// When that was undone.
    pub reversed_at: Option<At>,
    /// By whom.
    pub reversed_by: Option<String>,
    /// Why.
    pub reversing_reason: Option<String>,
    /// How many lines it has.
    pub lines: i64,
}

/// A line of what came.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// From 1.
    pub line: i64,
    /// The order's line.
    pub order_line: Option<i64>,
    /// The product's id.
    pub product_id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub product_unit: String,
    /// How much came in good order, in thousandths of `unit`.
    pub quantity: i64,
    /// The unit it was counted in.
    pub unit: String,
    /// How much that is by the pack, in thousandths of the product's unit.
    pub base_quantity: i64,
    /// How much came into stock, in the same: what was weighed, where it was.
    pub moved_quantity: i64,
    /// How much came broken and did not come into stock, in thousandths of `unit`.
    pub damaged: i64,
    /// The lot's code; empty for goods nobody tells apart.
    pub lot_code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// What was told of the cost, in ten-thousandths.
    pub unit_cost: Option<i64>,
    /// The movement by which they came; nothing where all was broken.
    pub movement_id: Option<Uuid>,
}

impl ReceiptLine {
    /// What came into stock less what the pieces should have been, in thousandths of the product's unit.
    pub fn variance(&self) -> i64 {
        if self.movement_id.is_some() { self.moved_quantity - self.base_quantity } else { 0 }
    }
}

/// Goods that came, with their lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Received {
    /// The receipt.
    pub receipt: GoodsReceipt,
    /// Its lines.
    pub lines: Vec<ReceiptLine>,
}

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// In this state.
    pub state: Option<&'static str>,
    /// To the supplier with this code.
    pub supplier: Option<String>,
}

/// Which receipts.
#[derive(Debug, Clone, Default)]
pub struct ReceiptFilter {
    /// From the supplier with this code.
    pub supplier: Option<String>,
    /// Of this order.
    pub order: Option<Uuid>,
}

/// Where a page begins: when the last one shown was made, and its id.
pub type OrderKey = (At, Uuid);

/// Orders, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn orders(
    reader: &mut Reader,
    filter: &OrderFilter,
    after: Option<OrderKey>,
    limit: i64,
) -> Result<Vec<Order>, Problem> {
    let (created_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_ORDERS))
        .bind(filter.state).bind(&filter.supplier).bind(created_at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// One order with its lines.
///
/// # Errors
/// The database's failure.
pub async fn order(reader: &mut Reader, id: Uuid) -> Result<Option<Ordered>, Problem> {
    Ok(find(&mut reader.tx(), id).await?)
}

/// Receipts, newest first, with one more than `limit`. Who works at one place sees what came there.
///
/// # Errors
/// The database's failure.
pub async fn receipts(
    reader: &mut Reader,
    filter: &ReceiptFilter,
    after: Option<OrderKey>,
    limit: i64,
) -> Result<Vec<GoodsReceipt>, Problem> {
    let (own, (received_at, id)) = (reader.location(), after.unwrap_or((At::MAX, Uuid::max())));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_RECEIPTS))
        .bind(&filter.supplier).bind(filter.order).bind(own).bind(received_at).bind(id).bind(limit + 1)
        .fetch_all(c).await?))
}

/// What came of an order, the first one first.
///
/// # Errors
/// The database's failure.
pub async fn receipts_of(reader: &mut Reader, order: Uuid) -> Result<Vec<GoodsReceipt>, Problem> {
    let own = reader.location();
    Ok(
        both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::RECEIPTS_OF)).bind(order).bind(own).fetch_all(c).await?),
    )
}

/// One receipt with its lines; none for a reader of another place.
///
/// # Errors
/// The database's failure.
pub async fn receipt(reader: &mut Reader, id: Uuid) -> Result<Option<Received>, Problem> {
    let own = reader.location();
    let found = find_receipt(&mut reader.tx(), id).await?;
    Ok(found.filter(|found| own.is_none_or(|own| own == found.receipt.location_id)))
}

/// One order with its lines, within another command.
///
/// # Errors
/// The database's failure.
pub(crate) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Ordered>, StoreError> {
    let found: Option<Order> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_ORDER)).bind(id).fetch_optional(c).await?);
    let Some(order) = found else { return Ok(None) };
    Ok(Some(Ordered { order, lines: lines_of(tx, &[id]).await? }))
}

pub(super) async fn lines_of(tx: &mut Tx<'_>, orders: &[Uuid]) -> Result<Vec<OrderLine>, StoreError> {
    let list = id_list(orders);
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LINES_OF)).bind(list).fetch_all(c).await?))
}

/// One receipt with its lines, within another command.
///
/// # Errors
/// The database's failure.
pub(crate) async fn find_receipt(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Received>, StoreError> {
    let found: Option<GoodsReceipt> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_RECEIPT)).bind(id).fetch_optional(c).await?);
    let Some(receipt) = found else { return Ok(None) };
    let lines = both!(tx, c, text => sqlx::query_as(text(sql::RECEIPT_LINES)).bind(id).fetch_all(c).await?);
    Ok(Some(Received { receipt, lines }))
}
