//! What happens when goods arrive: the receiver counts blind, what was found moves on, and the
//! difference leaves the road (or enters the place) by adjustments that carry the transfer's id.
//!
//! The same lots arrive that were sent. When less arrives, what expires first is taken to be there:
//! then nobody trusts a date that may be too late.

use std::collections::BTreeMap;

use gondola_ledger::transfer::{Arrival, arrival};
use gondola_ledger::{LocationKind, MovementKind, Qty, TransferState};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx};
use uuid::Uuid;

use super::commands::{as_stored, close, open, refused};
use super::queries::Carried;
use super::refusal::TransferRefused;
use super::rows::{self, LineRow, LotRow, ReceivedOut};
use super::sql;
use crate::kernel::Text;
use crate::kernel::bulk::insert_all;
use crate::kernel::problem::FieldProblem;
use crate::stock::{BatchRefused, Book, LineRefusal, Mention, Movement, ProductRef, Source};

/// One thing found in what arrived.
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    /// What.
    pub product: ProductRef,
    /// How much, in `unit`; zero when nothing came.
    pub quantity: Qty,
    /// A unit or presentation of the product; its own unit when absent.
    pub unit: Option<String>,
}

/// Takes over what arrived. A product that was sent and is not listed did not arrive.
#[derive(Debug, Clone)]
pub struct ReceiveTransfer {
    /// The transfer.
    pub id: Uuid,
    /// What was found, or what was wrong with a line already when it was read.
    pub lines: Vec<Result<ReceivedLine, Vec<FieldProblem>>>,
    /// Why there is a difference, if somebody knows.
    pub reason: Option<String>,
}

impl Command for ReceiveTransfer {
    const NAME: &'static str = "transfers.receive";
    type Out = Carried;
    type Refusal = TransferRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::MoveStock
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Carried, Fail<TransferRefused>> {
        let (mut book, lines, transfer) = open(tx, cx, self.id).await?;
        if cx.actor.location.is_some_and(|own| own != transfer.to_location_id) {
            return Err(Fail::Refused(TransferRefused::OtherEnd));
        }
        let state = transfer.state()?;
        state.receive().map_err(|_| Fail::Refused(TransferRefused::NotOnTheRoad(state)))?;
        cx.changes(&as_stored(tx, self.id).await?);
        let found = self.found(tx, &mut book, &lines).await?;
        let received = share_out(&lines, found);
        let lots = rows::lots(tx, self.id).await?;
        let ends = Ends {
            road: book.places().of_kind(LocationKind::Transit)?.code.clone(),
            to: book.places().code(transfer.to_location_id),
            reason: self.reason.clone().unwrap_or_else(|| "Recepción del envío".to_owned()),
            document: transfer.document,
            source: Source { kind: "transfer", id: self.id },
        };
        for (line, received) in lines.iter().zip(&received) {
            let parts = arrival(Qty::new(line.quantity_sent), *received)
                .map_err(|_| StoreError::corrupt("transfer_lines", "quantity_sent", self.id, line.quantity_sent))?;
            let sent: Vec<&LotRow> = lots.iter().filter(|lot| lot.line == line.line).collect();
            ends.post(tx, &mut book, line, &parts, &sent).await?;
        }
        book.close(tx).await?;
        let out: Vec<_> =
            lines.iter().zip(received).map(|(line, quantity)| received_out(self.id, line, quantity)).collect();
        insert_all(tx, sql::PUT_RECEIVED, &out).await?;
        close(tx, cx, self.id, TransferState::Received, self.reason.as_deref()).await?;
        as_stored(tx, self.id).await
    }
}

impl ReceiveTransfer {
    /// What was found of each product; all bad lines are told together.
    async fn found(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        sent: &[LineRow],
    ) -> Result<BTreeMap<Uuid, Qty>, Fail<TransferRefused>> {
        let lines = self.lines.iter().flatten();
        let mentions: Vec<_> = lines.map(|line| Mention::of(&line.product, line.unit.as_deref())).collect();
        book.look_up(tx, &mentions).await?;
        let mut found: BTreeMap<Uuid, Qty> = BTreeMap::new();
        let mut bad = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let line = match line {
                Ok(line) => line,
                Err(problems) => {
                    bad.push((index, LineRefusal::Unreadable(problems.clone())));
                    continue;
                }
            };
            let Some(product) = sent.iter().find(|row| names(&line.product, row)).map(|row| row.product_id) else {
                bad.push((index, LineRefusal::Unreadable(vec![not_in_transfer()])));
                continue;
            };
            match book.in_base_units(tx, product, line.quantity, line.unit.as_deref()).await {
                Ok(quantity) => {
                    let sum = found.entry(product).or_insert(Qty::ZERO);
                    *sum = sum.checked_add(quantity).expect("500 bounded quantities fit");
                }
                Err(Fail::Refused(refusal)) => bad.push((index, LineRefusal::Stock(refusal))),
                Err(fail) => return Err(fail.map(TransferRefused::from)),
            }
        }
        if bad.is_empty() { Ok(found) } else { Err(Fail::Refused(TransferRefused::Lines(BatchRefused(bad)))) }
    }
}

fn not_in_transfer() -> FieldProblem {
    FieldProblem {
        field: "product".to_owned(),
        code: "not_in_transfer",
        detail: Text::new(
            "Ese producto no venía en este envío. Si llegó igual, ingresalo con un ajuste.",
            "That product was not in this transfer. If it came anyway, enter it with an adjustment.",
        ),
    }
}

fn names(product: &ProductRef, row: &LineRow) -> bool {
    match product {
        ProductRef::Id(id) => *id == row.product_id,
        ProductRef::Sku(sku) => *sku == row.sku,
    }
}

/// Shares what was found of each product out over its lines; the last line takes what is over.
fn share_out(lines: &[LineRow], mut found: BTreeMap<Uuid, Qty>) -> Vec<Qty> {
    let is_last = |at: usize| !lines[at + 1..].iter().any(|later| later.product_id == lines[at].product_id);
    let mut received = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let left = found.entry(line.product_id).or_insert(Qty::ZERO);
        let taken = if is_last(at) { *left } else { Qty::new(line.quantity_sent).min(*left) };
        *left = Qty::new(left.raw() - taken.raw());
        received.push(taken);
    }
    received
}

fn received_out(transfer_id: Uuid, line: &LineRow, quantity: Qty) -> ReceivedOut {
    ReceivedOut { transfer_id, line: line.line, quantity_received: quantity.raw() }
}

/// Between which places things arrive, and what their movements say.
struct Ends {
    road: String,
    to: String,
    reason: String,
    document: Option<String>,
    source: Source,
}

impl Ends {
    /// Posts what a line's arrival asks for, lot by lot.
    async fn post(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        line: &LineRow,
        parts: &Arrival,
        sent: &[&LotRow],
    ) -> Result<(), Fail<TransferRefused>> {
        let mut arrives = parts.arrives;
        for lot in sent {
            let here = Qty::new(lot.quantity).min(arrives);
            let missing = Qty::new(lot.quantity - here.raw());
            arrives = Qty::new(arrives.raw() - here.raw());
            let arrival = self.movement(MovementKind::Transfer, line, here, Some(&self.road), Some(&self.to));
            let claim = self.movement(MovementKind::Adjustment, line, missing, Some(&self.road), None);
            for movement in [arrival, claim] {
                self.post_one(tx, book, movement, lot.lot_id).await?;
            }
        }
        let last = sent.last().map_or(line.product_id, |lot| lot.lot_id);
        let surplus = self.movement(MovementKind::Adjustment, line, parts.surplus, None, Some(&self.to));
        self.post_one(tx, book, surplus, last).await
    }

    async fn post_one(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        movement: Movement,
        lot: Uuid,
    ) -> Result<(), Fail<TransferRefused>> {
        if movement.quantity.is_zero() {
            return Ok(());
        }
        match book.post_lot(tx, &movement, Some(lot), Some(self.source)).await {
            Ok(_) => Ok(()),
            Err(Fail::Refused(refusal)) => Err(refused(refusal)),
            Err(fail) => Err(fail.map(TransferRefused::from)),
        }
    }

    fn movement(
        &self,
        kind: MovementKind,
        line: &LineRow,
        quantity: Qty,
        from: Option<&String>,
        to: Option<&String>,
    ) -> Movement {
        Movement {
            kind,
            product: ProductRef::Id(line.product_id),
            quantity,
            unit: None,
            from: from.cloned(),
            to: to.cloned(),
            lot: None,
            unit_cost: None,
            reason: self.reason.clone(),
            document: self.document.clone(),
            occurred_at: None,
        }
    }
}
