//! The undo of a receipt: the mirror of each of its movements, and the order expects again what it expected before.

use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use sqlx::FromRow;
use uuid::Uuid;

use super::queries::{OrderLine, ReceiptLine, Received, find_receipt, lines_of};
use super::refusal::PurchaseRefused;
use super::rows::{lock, put_lines, turn_notes};
use super::sql;
use super::state::{Came, OrderState};
use crate::notebook::{self, EntryState};
use crate::stock::{Book, Originals, ProductRef, channel_of};

/// Takes a receipt back: the goods go where they came from.
#[derive(Debug, Clone)]
pub struct ReverseReceipt {
    /// The receipt.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

#[derive(FromRow)]
struct LockedReceipt {
    order_id: Option<Uuid>,
    supplier_id: Option<Uuid>,
    location_id: Uuid,
    reversed_at: Option<At>,
}

impl Command for ReverseReceipt {
    const NAME: &'static str = "purchasing.reverse_receipt";
    type Out = Received;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Received, Fail<PurchaseRefused>> {
        cx.because(self.reason.as_str());
        let seen = find_receipt(tx, self.id).await?.ok_or(Fail::Refused(PurchaseRefused::Unknown))?;
        let products: Vec<ProductRef> = seen.lines.iter().map(|line| ProductRef::Id(line.product_id)).collect();
        let mut book = Book::open(tx, cx, channel_of(cx), &products).await?;
        if let Some(order) = seen.receipt.order_id {
            lock(tx, order).await?;
        }
        let receipt = lock_receipt(tx, cx, self.id).await?;
        if receipt.reversed_at.is_some() {
            return Err(Fail::Refused(PurchaseRefused::ReceiptReversed));
        }
        let invoice: Option<i64> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::INVOICE_OF_RECEIPT))
            .bind(self.id).fetch_optional(c).await?);
        if let Some(number) = invoice {
            return Err(Fail::Refused(PurchaseRefused::InInvoice { number }));
        }
        cx.changes(&seen);
        self.mirror(tx, cx, &mut book, &seen.lines).await?;
        book.close(tx).await?;
        self.write(tx, cx, &receipt).await?;
        match receipt.order_id {
            Some(order) => expect_again(tx, order, &seen.lines).await?,
            None => notebook::reopen(tx, self.id).await?,
        }
        let found = find_receipt(tx, self.id).await?;
        Ok(found.ok_or_else(|| StoreError::corrupt("goods_receipts", "id", self.id, "it was just written"))?)
    }
}

impl ReverseReceipt {
    async fn mirror(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        book: &mut Book<'_>,
        lines: &[ReceiptLine],
    ) -> Result<(), Fail<PurchaseRefused>> {
        let movements: Vec<Uuid> = lines.iter().filter_map(|line| line.movement_id).collect();
        let mut originals = Originals::load(tx, &movements).await?;
        for id in movements {
            let back = originals.reverse(cx, book, id, &self.reason);
            back.map_err(|fail| fail.map(PurchaseRefused::from))?;
        }
        Ok(())
    }

    async fn write(&self, tx: &mut Tx<'_>, cx: &Context, receipt: &LockedReceipt) -> Result<(), StoreError> {
        if let Some(supplier) = receipt.supplier_id {
            both!(tx, c, text => sqlx::query(text(sql::RESTORE_LAST_COSTS)).bind(self.id).bind(supplier).execute(c).await?.rows_affected());
        }
        let reversed = both!(tx, c, text => sqlx::query(text(sql::REVERSE_RECEIPT))
            .bind(self.id).bind(cx.now).bind(&cx.actor.name).bind(&self.reason).execute(c).await?.rows_affected());
        expect_rows(sql::REVERSE_RECEIPT, 1, reversed)
    }
}

async fn lock_receipt(tx: &mut Tx<'_>, cx: &Context, id: Uuid) -> Result<LockedReceipt, Fail<PurchaseRefused>> {
    let found: Option<LockedReceipt> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_RECEIPT)).bind(id).fetch_optional(c).await?);
    let own = |receipt: &LockedReceipt| cx.actor.location.is_none_or(|own| own == receipt.location_id);
    found.filter(own).ok_or(Fail::Refused(PurchaseRefused::Unknown))
}

/// The order's lines expect again what was taken back, and so does the notebook.
async fn expect_again(tx: &mut Tx<'_>, order: Uuid, taken: &[ReceiptLine]) -> Result<(), Fail<PurchaseRefused>> {
    let mut lines = lines_of(tx, &[order]).await?;
    for line in &mut lines {
        let of_line = taken.iter().filter(|one| one.order_line == Some(line.line));
        let back: i64 = of_line.map(|one| one.base_quantity).sum();
        line.base_received = (line.base_received - back).max(0);
    }
    put_lines(tx, &lines.iter().collect::<Vec<_>>()).await?;
    let came = lines.iter().any(|line| line.base_received > 0);
    let state = lock(tx, order).await?.state()?.take_back(if came { Came::Something } else { Came::Nothing });
    let put = both!(tx, c, text => sqlx::query(text(sql::PUT_STATE))
        .bind(order).bind(state.code()).bind(None::<At>).execute(c).await?.rows_affected());
    expect_rows(sql::PUT_STATE, 1, put)?;
    // An order that ended expects nothing: what it lacks is to be ordered anew.
    let ended = matches!(state, OrderState::Closed | OrderState::Cancelled);
    let to = if ended { EntryState::Pending } else { EntryState::Ordered };
    let is_open = |number: i64| lines.iter().any(|line: &OrderLine| line.line == number && !line.is_complete());
    Ok(turn_notes(tx, order, (EntryState::Received, to), is_open).await?)
}
