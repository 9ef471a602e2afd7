//! An order is sent, closed or cancelled.

use std::collections::HashMap;

use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::draft::asked_of;
use super::paper::{Heading, PaperLine, order_text};
use super::queries::{OrderLine, Ordered};
use super::refusal::PurchaseRefused;
use super::rows::{as_stored, lock, put_lines, turn_notes};
use super::sender::shop_name;
use super::sql;
use super::state::OrderState;
use crate::kernel::bulk::id_list;
use crate::kernel::time::Day;
use crate::notebook::EntryState;

/// Characters of what else is said to a supplier at most.
pub const ORDER_NOTES_MAX: usize = 500;

/// Sends an order: from now on the supplier knows, and its text and lines stay as they are.
#[derive(Debug, Clone)]
pub struct SendOrder {
    /// The order.
    pub id: Uuid,
    /// The day that the supplier promised.
    pub promised_on: Option<Day>,
    /// What else is said to the supplier, under the list.
    pub notes: Option<String>,
}

impl Command for SendOrder {
    const NAME: &'static str = "purchasing.send";
    type Out = Ordered;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Ordered, Fail<PurchaseRefused>> {
        let state = lock(tx, self.id).await?.state()?;
        let sent = state.send().map_err(|refusal| Fail::Refused(refusal.into()))?;
        let before = as_stored(tx, self.id).await?;
        if before.lines.is_empty() {
            return Err(Fail::Refused(PurchaseRefused::Empty));
        }
        cx.changes(&before);
        agree(tx, &before, cx.day_of(cx.now)).await?;
        let notes = self.notes.clone().unwrap_or_default();
        let shop = shop_name(tx).await?;
        let text = told(&before, shop.as_deref(), cx.day_of(cx.now), &notes);
        let done = both!(tx, c, sql_text => sqlx::query(sql_text(sql::SEND_ORDER))
            .bind(self.id).bind(sent.code()).bind(&text).bind(cx.now).bind(self.promised_on).bind(&notes)
            .execute(c).await?.rows_affected());
        expect_rows(sql::SEND_ORDER, 1, done)?;
        as_stored(tx, self.id).await
    }
}

/// What nobody said of a cost is agreed as the supplier's list says, if one of theirs is applied and holds on the day.
async fn agree(tx: &mut Tx<'_>, ordered: &Ordered, day: Day) -> Result<(), StoreError> {
    let is_open =
        |line: &&OrderLine| line.expected_cost.is_none() && line.quantity.is_some_and(|quantity| quantity > 0);
    let open: Vec<&OrderLine> = ordered.lines.iter().filter(is_open).collect();
    let ids = id_list(open.iter().filter_map(|line| line.product_id.as_ref()));
    let listed: Vec<(Uuid, i64)> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::LISTED_COSTS))
        .bind(ordered.order.supplier_id).bind(day).bind(ids).fetch_all(c).await?);
    let listed: HashMap<Uuid, i64> = listed.into_iter().collect();
    let agreed = |line: &&OrderLine| {
        let (quantity, base) = (i128::from(line.quantity?), i128::from(line.base_quantity?));
        let unit_cost = i128::from(*listed.get(&line.product_id?)?);
        // Of what is ordered: a case costs as much as its units.
        let cost = i64::try_from((unit_cost * base + quantity / 2) / quantity).ok()?;
        Some(OrderLine { expected_cost: Some(cost), ..(*line).clone() })
    };
    let agreed: Vec<OrderLine> = open.iter().filter_map(agreed).collect();
    if agreed.is_empty() {
        return Ok(());
    }
    put_lines(tx, &agreed.iter().collect::<Vec<_>>()).await
}

/// The text of an order as it would be sent.
pub(super) fn told(ordered: &Ordered, shop: Option<&str>, day: Day, notes: &str) -> String {
    let line = |line: &OrderLine| PaperLine {
        name: line.wording.clone().unwrap_or_else(|| line.title().to_owned()),
        quantity: asked_of(line).quantity,
        is_urgent: line.urgent,
    };
    let lines: Vec<PaperLine> = ordered.lines.iter().map(line).collect();
    let text = order_text(Heading { shop, supplier: &ordered.order.supplier_name, day }, &lines);
    if notes.is_empty() { text } else { format!("{text}\n{notes}") }
}

/// Closes an order: nothing more of it is expected. What it asked for and did not come is pending in the notebook again.
#[derive(Debug, Clone)]
pub struct CloseOrder {
    /// The order.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for CloseOrder {
    const NAME: &'static str = "purchasing.close";
    type Out = Ordered;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Ordered, Fail<PurchaseRefused>> {
        end(tx, cx, (self.id, &self.reason), OrderState::close).await
    }
}

/// Calls an order off while nothing of it came. What the notebook asked for by it is pending again.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// The order.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for CancelOrder {
    const NAME: &'static str = "purchasing.cancel";
    type Out = Ordered;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Ordered, Fail<PurchaseRefused>> {
        end(tx, cx, (self.id, &self.reason), OrderState::cancel).await
    }
}

async fn end(
    tx: &mut Tx<'_>,
    cx: &Context,
    (id, reason): (Uuid, &str),
    step: impl FnOnce(OrderState) -> Result<OrderState, super::state::NotNow>,
) -> Result<Ordered, Fail<PurchaseRefused>> {
    cx.because(reason);
    let state = lock(tx, id).await?.state()?;
    let ended = step(state).map_err(|refusal| Fail::Refused(refusal.into()))?;
    let before = as_stored(tx, id).await?;
    cx.changes(&before);
    let came = |number: i64| before.lines.iter().any(|line| line.line == number && line.base_received > 0);
    turn_notes(tx, id, (EntryState::Ordered, EntryState::Pending), |line| !came(line)).await?;
    turn_notes(tx, id, (EntryState::Ordered, EntryState::Received), came).await?;
    write_end(tx, cx, (id, ended, reason)).await?;
    as_stored(tx, id).await
}

async fn write_end(
    tx: &mut Tx<'_>,
    cx: &Context,
    (id, state, reason): (Uuid, OrderState, &str),
) -> Result<(), StoreError> {
    let now: At = cx.now;
    let ended = both!(tx, c, text => sqlx::query(text(sql::END_ORDER))
        .bind(id).bind(state.code()).bind(now).bind(&cx.actor.name).bind(reason).execute(c).await?.rows_affected());
    expect_rows(sql::END_ORDER, 1, ended)
}
