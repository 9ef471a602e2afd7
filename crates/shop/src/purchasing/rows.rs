//! Orders as stored, and what several commands do with them.

use std::collections::HashMap;

use gondola_ledger::Unit;
use gondola_store::{Context, Fail, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::queries::{OrderLine, Ordered, find};
use super::refusal::PurchaseRefused;
use super::sql;
use super::state::OrderState;
use crate::kernel::bulk::{hex, hex_option, id_list, insert_all, json};
use crate::notebook::{self, EntryState};
use crate::stock::ProductRef;

/// The numbers of orders.
const ORDERS: &str = "purchase_order";
/// The numbers of receipts.
pub(super) const RECEIPTS: &str = "goods_receipt";

/// An order under lock.
#[derive(FromRow)]
pub(super) struct Locked {
    pub id: Uuid,
    pub number: i64,
    pub supplier_id: Uuid,
    state: String,
    pub version: i64,
}

impl Locked {
    pub fn state(&self) -> Result<OrderState, StoreError> {
        OrderState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("purchase_orders", "state", self.id, &self.state))
    }
}

/// What a line needs to know of a product.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Goods {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    unit: String,
    pub perishable: bool,
    pub shelf_life_days: Option<i64>,
}

impl Goods {
    pub fn unit(&self) -> Result<Unit, StoreError> {
        Unit::from_code(&self.unit).ok_or_else(|| StoreError::corrupt("products", "unit", self.id, &self.unit))
    }

    /// Whether its last good day has to be told, because nothing else tells it.
    pub fn needs_a_date(&self) -> bool {
        self.perishable && self.shelf_life_days.is_none()
    }
}

/// Products by the names that were used for them.
pub(super) struct Known(HashMap<Uuid, Goods>);

impl Known {
    pub async fn load(tx: &mut Tx<'_>, products: &[ProductRef]) -> Result<Self, StoreError> {
        let ids: Vec<Uuid> = products.iter().filter_map(id_of).collect();
        let skus: Vec<&str> = products.iter().filter_map(sku_of).collect();
        let found: Vec<Goods> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_GOODS))
            .bind(id_list(&ids)).bind(json(&skus)).fetch_all(c).await?);
        Ok(Self(found.into_iter().map(|goods| (goods.id, goods)).collect()))
    }

    pub fn get(&self, product: &ProductRef) -> Option<&Goods> {
        match product {
            ProductRef::Id(id) => self.0.get(id),
            ProductRef::Sku(sku) => self.0.values().find(|goods| goods.sku == *sku),
        }
    }
}

fn id_of(product: &ProductRef) -> Option<Uuid> {
    match product {
        ProductRef::Id(id) => Some(*id),
        ProductRef::Sku(_) => None,
    }
}

fn sku_of(product: &ProductRef) -> Option<&str> {
    match product {
        ProductRef::Sku(sku) => Some(sku),
        ProductRef::Id(_) => None,
    }
}

#[derive(Serialize)]
struct LineOut<'l> {
    #[serde(serialize_with = "hex")]
    order_id: Uuid,
    line: i64,
    #[serde(serialize_with = "hex_option")]
    product_id: Option<Uuid>,
    about: &'l str,
    about_folded: &'l str,
    quantity: Option<i64>,
    unit: Option<&'l str>,
    base_quantity: Option<i64>,
    base_received: i64,
    expected_cost: Option<i64>,
    urgent: bool,
}

/// Writes lines, new ones and changed ones.
pub(super) async fn put_lines(tx: &mut Tx<'_>, lines: &[&OrderLine]) -> Result<(), StoreError> {
    let rows: Vec<LineOut<'_>> = lines.iter().map(|line| line_out(line)).collect();
    insert_all(tx, sql::PUT_LINES, &rows).await
}

fn line_out(line: &OrderLine) -> LineOut<'_> {
    LineOut {
        order_id: line.order_id,
        line: line.line,
        product_id: line.product_id,
        about: &line.about,
        about_folded: &line.about_folded,
        quantity: line.quantity,
        unit: line.unit.as_deref(),
        base_quantity: line.base_quantity,
        base_received: line.base_received,
        expected_cost: line.expected_cost,
        urgent: line.urgent,
    }
}

/// The next number of a kind of document.
pub(crate) async fn next_number(tx: &mut Tx<'_>, name: &str) -> Result<i64, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::NEXT_NUMBER)).bind(name).fetch_one(c).await?))
}

/// A draft, and whether it was there before.
pub(super) enum Draft {
    Begun(Uuid),
    Known(Uuid),
}

/// The draft of a supplier that is locked; begun when there is none.
pub(super) async fn draft_of(tx: &mut Tx<'_>, cx: &Context, supplier: Uuid) -> Result<Draft, StoreError> {
    let found: Option<Uuid> =
        both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_DRAFT)).bind(supplier).fetch_optional(c).await?);
    if let Some(id) = found {
        return Ok(Draft::Known(id));
    }
    let (id, number) = (cx.new_id(), next_number(tx, ORDERS).await?);
    let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_ORDER))
        .bind(id).bind(number).bind(supplier).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
        .execute(c).await?.rows_affected());
    expect_rows(sql::INSERT_ORDER, 1, inserted)?;
    Ok(Draft::Begun(id))
}

/// Locks an order.
pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Locked, Fail<PurchaseRefused>> {
    let found: Option<Locked> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_ORDER)).bind(id).fetch_optional(c).await?);
    found.ok_or(Fail::Refused(PurchaseRefused::Unknown))
}

/// Notes that a draft changed.
pub(super) async fn touch(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    let touched = both!(tx, c, text => sqlx::query(text(sql::TOUCH_ORDER)).bind(id).execute(c).await?.rows_affected());
    expect_rows(sql::TOUCH_ORDER, 1, touched)
}

/// The notebook's lines that an order's lines came from: the entry and the line.
pub(super) async fn notes_of(tx: &mut Tx<'_>, order: Uuid) -> Result<Vec<(Uuid, i64)>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::NOTES_OF)).bind(order).fetch_all(c).await?))
}

/// Turns the notebook's lines behind some of an order's lines from one state to another.
pub(super) async fn turn_notes(
    tx: &mut Tx<'_>,
    order: Uuid,
    (from, to): (EntryState, EntryState),
    which: impl Fn(i64) -> bool,
) -> Result<(), StoreError> {
    let notes = notes_of(tx, order).await?;
    let ids: Vec<Uuid> = notes.into_iter().filter(|(_, line)| which(*line)).map(|(entry, _)| entry).collect();
    if !ids.is_empty() {
        notebook::turn(tx, &ids, from, to).await?;
    }
    Ok(())
}

pub(super) async fn as_stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Ordered, Fail<PurchaseRefused>> {
    let found = find(tx, id).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("purchase_orders", "id", id, "it was just written"))?)
}
