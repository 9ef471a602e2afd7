//! The commands that put goods on the road and take them back. What happens when they arrive is in
//! `receive.rs`.

use gondola_ledger::{LocationKind, MovementKind, Qty, TransferState};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::queries::{Carried, find};
use super::refusal::TransferRefused;
use super::rows::{self, LineOut, LineRow, Locked};
use super::sql;
use crate::kernel::bulk::insert_all;
use crate::kernel::problem::FieldProblem;
use crate::stock::{
    BatchRefused, Book, LineRefusal, LotRef, Mention, Movement, Originals, ProductRef, Source, StockRefusal, channel_of,
};

/// Lines of a transfer at most.
pub const TRANSFER_LINES_MAX: usize = 500;

/// One thing to send.
#[derive(Debug, Clone)]
pub struct TransferLine {
    /// What.
    pub product: ProductRef,
    /// How much, in `unit`; more than zero.
    pub quantity: Qty,
    /// A unit or presentation of the product; its own unit when absent.
    pub unit: Option<String>,
    /// Which lot; first expiring when absent.
    pub lot: Option<LotRef>,
}

/// Puts goods on the road, all or none.
#[derive(Debug, Clone)]
pub struct SendTransfer {
    /// Code of the place they leave.
    pub from: String,
    /// Code of the place they go to.
    pub to: String,
    /// What to send, or what was wrong with a line already when it was read.
    pub lines: Vec<Result<TransferLine, Vec<FieldProblem>>>,
    /// Why.
    pub reason: String,
    /// Whose paper they go with.
    pub document: Option<String>,
}

impl Command for SendTransfer {
    const NAME: &'static str = "transfers.send";
    type Out = Carried;
    type Refusal = TransferRefused;

    fn subject(&self) -> String {
        format!("{} > {}", self.from, self.to)
    }

    fn permission(&self) -> Permission {
        Permission::MoveStock
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Carried, Fail<TransferRefused>> {
        let products = self.lines.iter().filter_map(|line| line.as_ref().ok()).map(|line| &line.product);
        let mut book = Book::open(tx, cx, channel_of(cx), products).await?;
        let from = book.place("from", &self.from).map_err(refused)?.id;
        let to = book.place("to", &self.to).map_err(refused)?.id;
        if from == to {
            return Err(Fail::Refused(TransferRefused::SamePlace));
        }
        let id = cx.new_id();
        let lines = self.put_on_the_road(tx, &mut book, id).await?;
        book.close(tx).await?;
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_TRANSFER))
            .bind(id).bind(from).bind(to).bind(&self.reason).bind(&self.document).bind(cx.actor.reference())
            .bind(&cx.actor.name).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_TRANSFER, 1, inserted)?;
        insert_all(tx, sql::INSERT_LINES, &lines).await?;
        as_stored(tx, id).await
    }
}

impl SendTransfer {
    /// Posts every line; all refusals are told together.
    async fn put_on_the_road(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        id: Uuid,
    ) -> Result<Vec<LineOut>, Fail<TransferRefused>> {
        let road = book.places().of_kind(LocationKind::Transit)?.code.clone();
        let lines = self.lines.iter().flatten();
        let mentions: Vec<_> = lines.map(|line| Mention::of(&line.product, line.unit.as_deref())).collect();
        book.look_up(tx, &mentions).await?;
        let (mut sent, mut bad) = (Vec::with_capacity(self.lines.len()), Vec::new());
        for (index, line) in self.lines.iter().enumerate() {
            let line = match line {
                Ok(line) => line,
                Err(problems) => {
                    bad.push((index, LineRefusal::Unreadable(problems.clone())));
                    continue;
                }
            };
            let source = Source { kind: "transfer", id };
            match book.post(tx, &self.movement(line, &road), Some(source)).await {
                Ok(posted) => sent.push(LineOut {
                    transfer_id: id,
                    line: index + 1,
                    product_id: posted.product,
                    quantity_sent: posted.quantity.raw(),
                    sent_movement_id: posted.id,
                }),
                Err(Fail::Refused(refusal)) => bad.push((index, LineRefusal::Stock(refusal))),
                Err(fail) => return Err(fail.map(TransferRefused::from)),
            }
        }
        if bad.is_empty() { Ok(sent) } else { Err(Fail::Refused(TransferRefused::Lines(BatchRefused(bad)))) }
    }

    fn movement(&self, line: &TransferLine, road: &str) -> Movement {
        Movement {
            kind: MovementKind::Transfer,
            product: line.product.clone(),
            quantity: line.quantity,
            unit: line.unit.clone(),
            from: Some(self.from.clone()),
            to: Some(road.to_owned()),
            lot: line.lot.clone(),
            unit_cost: None,
            reason: self.reason.clone(),
            document: self.document.clone(),
            occurred_at: None,
        }
    }
}

/// Takes everything back to where it left.
#[derive(Debug, Clone)]
pub struct CancelTransfer {
    /// The transfer.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for CancelTransfer {
    const NAME: &'static str = "transfers.cancel";
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
        if cx.actor.location.is_some_and(|own| own != transfer.from_location_id) {
            return Err(Fail::Refused(TransferRefused::OtherEnd));
        }
        let state = transfer.state()?;
        state.cancel().map_err(|_| Fail::Refused(TransferRefused::NotOnTheRoad(state)))?;
        cx.changes(&as_stored(tx, self.id).await?);
        let sent: Vec<_> = lines.iter().map(|line| line.sent_movement_id).collect();
        let mut originals = Originals::load(tx, &sent).await?;
        for id in sent {
            let back = originals.reverse(cx, &mut book, id, &self.reason);
            back.map_err(|fail| fail.map(TransferRefused::from))?;
        }
        book.close(tx).await?;
        close(tx, cx, self.id, TransferState::Cancelled, Some(&self.reason)).await?;
        as_stored(tx, self.id).await
    }
}

/// Opens a book on what a transfer carries and locks the transfer, in that order. None of it is
/// there for an actor of neither end.
pub(super) async fn open<'a>(
    tx: &mut Tx<'_>,
    cx: &'a Context,
    id: Uuid,
) -> Result<(Book<'a>, Vec<LineRow>, Locked), Fail<TransferRefused>> {
    let lines = rows::lines(tx, id).await?;
    let products: Vec<_> = lines.iter().map(|line| ProductRef::Id(line.product_id)).collect();
    let book = Book::open(tx, cx, channel_of(cx), &products).await?;
    let visible = |transfer: &Locked| {
        let own = |own| own == transfer.from_location_id || own == transfer.to_location_id;
        cx.actor.location.is_none_or(own)
    };
    let transfer = rows::lock(tx, id).await?.filter(visible).ok_or(Fail::Refused(TransferRefused::Unknown))?;
    Ok((book, lines, transfer))
}

/// Writes how a transfer ended.
pub(super) async fn close(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    state: TransferState,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let closed = both!(tx, c, text => sqlx::query(text(sql::CLOSE_TRANSFER))
        .bind(id).bind(state.code()).bind(cx.now).bind(&cx.actor.name).bind(reason).execute(c).await?.rows_affected());
    expect_rows(sql::CLOSE_TRANSFER, 1, closed)
}

pub(super) async fn as_stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Carried, Fail<TransferRefused>> {
    let found = find(tx, id).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("transfers", "id", id, "it was just written"))?)
}

pub(super) fn refused(refusal: StockRefusal) -> Fail<TransferRefused> {
    Fail::Refused(refusal.into())
}
