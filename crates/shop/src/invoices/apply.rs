//! An invoice goes into the books: its goods into stock by a receipt, its debt into the supplier's account, what was not
//! delivered as billed into claims; all in one transaction. And out of them again, every part of it.

use std::collections::HashMap;

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_papers::fiscal::DocumentKind;
use gondola_store::{Command, Context, Fail, Permission, Sql, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::confirm::come_to;
use super::cost::Received;
use super::queries::{Invoice, StoredLine, stored};
use super::refusal::{InvoiceRefusal, Wrong};
use super::rows::{CLAIMS, lock};
use super::sql;
use super::three_way::{Papers, goods, without_freight};
use super::written::Head;
use crate::kernel::Text;
use crate::kernel::bulk::json;
use crate::kernel::time::Day;
use crate::payables::{self, EntryKind, NewEntry};
use crate::prices::status_on;
use crate::purchasing::{self, ArrivedLine, OrderLine, Ordered, PurchaseRefused, ReceiveGoods, ReverseReceipt};
use crate::stock::{BatchRefused, LotRef, ProductRef};
use crate::suppliers::{self, SupplierRecord};

/// What an entry of an account says it follows from.
const SOURCE: &str = "invoice";

/// What was counted of a line, where that is not what it bills.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The invoice's line.
    pub line: i64,
    /// How much came in good order, in the product's own unit.
    pub received: Qty,
    /// How much came broken.
    pub damaged: Qty,
}

/// Where the goods of an invoice are.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// They came with it, to the place of this code.
    Now(String),
    /// They came before: this receipt.
    Before(Uuid),
    /// Nobody said.
    Unsaid,
}

/// Puts an invoice into the books.
#[derive(Debug, Clone)]
pub struct ApplyInvoice {
    /// Which one.
    pub id: Uuid,
    /// Where its goods are.
    pub arrival: Arrival,
    /// What came otherwise than it is billed.
    pub counted: Vec<Counted>,
    /// Open claims that it makes good, where it is a credit note.
    pub settles: Vec<Uuid>,
}

impl Command for ApplyInvoice {
    const NAME: &'static str = "invoices.apply";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::Receive, Permission::PostAccounts]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let state = lock(tx, self.id).await?.state()?.apply()?;
        let invoice = stored(tx, self.id).await?;
        let head = invoice.head();
        if matches!(head.kind, None | Some(DocumentKind::PriceList | DocumentKind::Receipt)) {
            return Err(Fail::Refused(InvoiceRefusal::NotForTheBooks));
        }
        let mut books = Books::open(tx, &invoice, &head).await?;
        books.put_costs_today(tx, cx).await?;
        let (receipt, own) =
            if goods(&invoice).is_empty() { (None, false) } else { self.receive(tx, cx, &mut books).await? };
        both!(&mut *tx, c, text => sqlx::query(text(sql::KEEP_REPLACEMENT_COSTS)).bind(self.id).execute(c).await.map(drop)?);
        replace_costs(tx, cx, (self.id, books.supplier.id), sql::PUT_REPLACEMENT_COSTS).await?;
        let entry = books.post(tx, cx).await?;
        if let Some(receipt) = receipt {
            self.claim(tx, cx, &books, receipt).await?;
        }
        self.settle(tx, cx, &books).await?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_APPLIED))
            .bind(self.id).bind(state.code()).bind(receipt).bind(own).bind(entry).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_APPLIED, 1, put)?;
        Ok(stored(tx, self.id).await?)
    }
}

/// What a line says of buying again.
#[derive(Serialize)]
struct CostOut {
    line: i64,
    unit_cost: i64,
}

/// An invoice on its way into the books.
struct Books<'i> {
    invoice: &'i Invoice,
    head: &'i Head,
    supplier: SupplierRecord,
    /// The order that it bills, with its lines.
    order: Option<Ordered>,
    /// What lines cost to the shop as it is today, by their number, where it was another to the tax office on the day of the
    /// paper.
    today: HashMap<i64, UnitCost>,
}

impl<'i> Books<'i> {
    async fn open(tx: &mut Tx<'_>, invoice: &'i Invoice, head: &'i Head) -> Result<Self, Fail<InvoiceRefusal>> {
        let supplier = match invoice.row.supplier_id {
            Some(id) => suppliers::find(tx, id).await?,
            None => None,
        };
        let supplier = supplier.ok_or_else(|| {
            StoreError::corrupt("invoices", "supplier_id", invoice.row.id, "it was confirmed without one")
        })?;
        let order = match invoice.row.order_id {
            Some(id) => purchasing::find_order(tx, id).await?,
            None => None,
        };
        Ok(Self { invoice, head, supplier, order, today: HashMap::new() })
    }

    /// What lines say of buying again, where the shop was another to the tax office on the day of the paper.
    async fn put_costs_today(&mut self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), StoreError> {
        let invoice = self.invoice.row.id;
        both!(&mut *tx, c, text => sqlx::query(text(sql::DROP_COSTS_TODAY)).bind(invoice).execute(c).await.map(drop)?);
        let today = cx.day_of(cx.now);
        let now = status_on(tx, today).await?;
        if status_on(tx, self.head.issued_on.unwrap_or(today)).await? == now {
            return Ok(());
        }
        let (goods, _) = come_to(tx, &self.supplier, now, self.head, &self.invoice.written()).await?;
        let cost = |(line, received): (usize, Received)| {
            Some(CostOut { line: i64::try_from(line).ok()?, unit_cost: received.unit_cost?.raw() })
        };
        let rows: Vec<CostOut> = goods.into_iter().filter_map(cost).collect();
        self.today = rows.iter().map(|row| (row.line, UnitCost::new(row.unit_cost))).collect();
        both!(tx, c, text => sqlx::query(text(sql::PUT_COSTS_TODAY)).bind(invoice).bind(json(&rows)).execute(c).await
            .map(drop)?);
        Ok(())
    }

    /// `Factura A 00003-00001234`, as people and accounts write it.
    fn title(&self) -> String {
        let kind = match self.head.kind {
            Some(DocumentKind::DebitNote) => "Nota de débito",
            Some(DocumentKind::CreditNote) => "Nota de crédito",
            Some(DocumentKind::Ticket) => "Tique",
            Some(DocumentKind::DeliveryNote) => "Remito",
            Some(DocumentKind::Informal) => "Comprobante",
            _ => "Factura",
        };
        let letter = self.head.letter.map(|letter| format!(" {}", letter.text())).unwrap_or_default();
        format!("{kind}{letter} {}", self.number())
    }

    /// Its number, or the shop's for a paper that has none.
    fn number(&self) -> String {
        self.head.number.map_or_else(|| format!("#{}", self.invoice.row.number), |number| number.to_string())
    }

    /// Writes what is owed, or owed less, into the supplier's account; nothing for a paper without a sum.
    async fn post(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Option<Uuid>, Fail<InvoiceRefusal>> {
        let kind = match self.head.kind {
            Some(DocumentKind::CreditNote) => EntryKind::CreditNote,
            Some(DocumentKind::DebitNote) => EntryKind::DebitNote,
            Some(DocumentKind::DeliveryNote) => return Ok(None),
            _ => EntryKind::Invoice,
        };
        let Some(total) = self.head.total.map(Money::abs).filter(|total| !total.is_zero()) else { return Ok(None) };
        let issued_on = self.head.issued_on.unwrap_or_else(|| cx.day_of(cx.now));
        let by_terms = || Day::try_from(self.supplier.payment_days).ok().map(|days| issued_on.saturating_add(days));
        let letter = self.head.letter.map(|letter| format!("{} ", letter.text())).unwrap_or_default();
        let entry = NewEntry {
            supplier: self.supplier.id,
            kind,
            amount: if kind.is_owed() { total } else { Money::new(-total.raw()) },
            document: Some(format!("{letter}{}", self.number())),
            issued_on,
            due_on: self.head.due_on.filter(|due| *due >= issued_on).or_else(by_terms).filter(|_| kind.is_owed()),
            method: None,
            reason: self.title(),
            source: Some((SOURCE, self.invoice.row.id)),
        };
        let posted = payables::post_within(tx, cx, &entry).await;
        Ok(Some(posted.map_err(|fail| fail.map(InvoiceRefusal::Account))?.id))
    }

    /// The order's line of a product.
    fn order_line(&self, product: Uuid) -> Option<&OrderLine> {
        self.order.as_ref()?.lines.iter().find(|line| line.product_id == Some(product))
    }
}

impl ApplyInvoice {
    fn counted(&self, line: i64) -> Option<&Counted> {
        self.counted.iter().find(|counted| counted.line == line)
    }

    /// The receipt of the goods, and whether it is this invoice's own.
    async fn receive(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        books: &mut Books<'_>,
    ) -> Result<(Option<Uuid>, bool), Fail<InvoiceRefusal>> {
        self.check_counted(books)?;
        match &self.arrival {
            Arrival::Before(receipt) => {
                let found: Option<(Option<Uuid>, Option<Uuid>)> = both!(&mut *tx, c, text =>
                    sqlx::query_as(text(sql::FIND_FREE_RECEIPT)).bind(*receipt).fetch_optional(c).await?);
                let theirs = found.filter(|(supplier, _)| supplier.is_none_or(|id| id == books.supplier.id));
                let (_, order) = theirs.ok_or(Fail::Refused(InvoiceRefusal::UnknownReceipt))?;
                // What was agreed for goods that came before stands in the order that they came of.
                if let (None, Some(order)) = (&books.order, order) {
                    books.order = purchasing::find_order(tx, order).await?;
                }
                put_costs(tx, self.id, books.supplier.id).await?;
                Ok((Some(*receipt), false))
            }
            Arrival::Unsaid => {
                let text = Text::new("Decí a qué lugar llegó la mercadería.", "Say which place the goods came to.");
                Err(Fail::Refused(InvoiceRefusal::Wrong(vec![Wrong::error("location", ("required", text))])))
            }
            Arrival::Now(location) => {
                let goods = self.goods(books, location);
                let received = goods.run(tx, cx).await.map_err(|fail| fail.map(|refusal| placed(refusal, books)))?;
                Ok((Some(received.receipt.id), true))
            }
        }
    }

    /// Nothing is counted that is not billed. More of it may come: that is a difference, and no mistake.
    fn check_counted(&self, books: &Books<'_>) -> Result<(), Fail<InvoiceRefusal>> {
        for (at, counted) in self.counted.iter().enumerate() {
            if !goods(books.invoice).iter().any(|line| line.line == counted.line) {
                return Err(Fail::Refused(InvoiceRefusal::UnknownLine { at }));
            }
        }
        Ok(())
    }

    fn goods(&self, books: &Books<'_>, location: &str) -> ReceiveGoods {
        let order = books.order.as_ref().filter(|order| matches!(order.order.state.as_str(), "sent" | "partial"));
        let line = |line: &StoredLine| {
            let counted = self.counted(line.line);
            let billed = Qty::new(line.received.unwrap_or_default());
            let has_lot = !line.lot_code.is_empty() || line.expires_on.is_some();
            let ordered = order.and(line.product_id).and_then(|product| books.order_line(product));
            ArrivedLine {
                order_line: ordered.map(|ordered| ordered.line),
                product: line.product_id.map(ProductRef::Id),
                quantity: counted.map_or(billed, |counted| counted.received),
                damaged: counted.map_or(Qty::ZERO, |counted| counted.damaged),
                unit: line.product_unit.clone(),
                measured: None,
                lot: has_lot.then(|| LotRef { code: line.lot_code.clone(), expires_on: line.expires_on }),
                unit_cost: line.unit_cost.map(UnitCost::new),
            }
        };
        ReceiveGoods {
            order: order.map(|order| order.order.id),
            supplier: Some(books.supplier.code.clone()),
            location: location.to_owned(),
            document: Some(books.title()),
            reason: Some(format!("Recepción de {}", books.title())),
            lines: goods(books.invoice).into_iter().map(line).collect(),
        }
    }

    /// Ends the claims that a credit note makes good.
    async fn settle(&self, tx: &mut Tx<'_>, cx: &Context, books: &Books<'_>) -> Result<(), Fail<InvoiceRefusal>> {
        if !self.settles.is_empty() && books.head.kind != Some(DocumentKind::CreditNote) {
            return Err(Fail::Refused(InvoiceRefusal::NoCreditNote));
        }
        for (at, claim) in self.settles.iter().enumerate() {
            let settled = both!(&mut *tx, c, text => sqlx::query(text(sql::SETTLE_BY_NOTE)).bind(*claim).bind(self.id)
                .bind(&cx.actor.name).bind(cx.now).bind(books.title()).bind(books.supplier.id)
                .execute(c).await?.rows_affected());
            if settled != 1 {
                return Err(Fail::Refused(InvoiceRefusal::UnknownOpenClaim { at }));
            }
        }
        Ok(())
    }

    /// Claims what the supplier owes for: what was billed and did not come, came broken, or costs more than was agreed.
    async fn claim(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        books: &Books<'_>,
        receipt: Uuid,
    ) -> Result<(), Fail<InvoiceRefusal>> {
        let found = purchasing::find_receipt(tx, receipt).await?;
        let receipt =
            found.ok_or_else(|| StoreError::corrupt("goods_receipts", "id", receipt, "it was just written"))?;
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let bare = without_freight(tx, &books.supplier, status, books.invoice).await?;
        let order = books.order.as_ref();
        let papers = Papers { billed: goods(books.invoice), order, receipt: &receipt, today: &books.today, bare };
        for difference in papers.differences() {
            let (Some(kind), Some(line)) = (difference.kind.claim(), difference.line) else { continue };
            let number = purchasing::next_number(tx, CLAIMS).await?;
            let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_CLAIM))
                .bind(cx.new_id()).bind(number).bind(books.supplier.id).bind(self.id).bind(line)
                .bind(difference.product_id).bind(&difference.about).bind(kind).bind(difference.expected)
                .bind(difference.found).bind(difference.amount.unwrap_or_default()).bind(cx.now)
                .execute(c).await?.rows_affected());
            expect_rows(sql::INSERT_CLAIM, 1, inserted)?;
        }
        Ok(())
    }
}

/// The refusal of a receipt, its lines told as those of the invoice.
fn placed(refusal: PurchaseRefused, books: &Books<'_>) -> InvoiceRefusal {
    let lines: Vec<usize> =
        goods(books.invoice).iter().map(|line| usize::try_from(line.line - 1).unwrap_or_default()).collect();
    InvoiceRefusal::Goods(Box::new(match refusal {
        PurchaseRefused::Lines(BatchRefused(bad)) => {
            let place = |(at, refusal)| (lines.get(at).copied().unwrap_or(at), refusal);
            PurchaseRefused::Lines(BatchRefused(bad.into_iter().map(place).collect()))
        }
        other => other,
    }))
}

/// What products cost from now on, where their goods had come before the invoice.
async fn put_costs(tx: &mut Tx<'_>, invoice: Uuid, supplier: Uuid) -> Result<(), StoreError> {
    for statement in [sql::KEEP_LAST_COSTS, sql::PUT_LAST_COSTS] {
        both!(&mut *tx, c, text => sqlx::query(text(statement)).bind(invoice).bind(supplier).execute(c).await.map(drop)?);
    }
    Ok(())
}

/// What it takes to buy products again, from which prices follow; as an invoice says, or as it was before.
async fn replace_costs(
    tx: &mut Tx<'_>,
    cx: &Context,
    (invoice, supplier): (Uuid, Uuid),
    statement: Sql,
) -> Result<(), StoreError> {
    both!(tx, c, text => sqlx::query(text(statement)).bind(invoice).bind(supplier).bind(cx.now).execute(c).await.map(drop)?);
    Ok(())
}

/// Takes an invoice out of the books: its goods, its debt, its costs and its claims. A person looks at it again.
#[derive(Debug, Clone)]
pub struct ReverseInvoice {
    /// Which one.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for ReverseInvoice {
    const NAME: &'static str = "invoices.reverse";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::Adjust, Permission::PostAccounts]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        cx.because(self.reason.as_str());
        let locked = lock(tx, self.id).await?;
        let state = locked.state()?.reverse()?;
        cx.changes(&stored(tx, self.id).await?);
        // From here on the receipt belongs to no invoice, and may be undone.
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_REVERSED))
            .bind(self.id).bind(state.code()).bind(false).bind(&cx.actor.name).bind(cx.now).bind(&self.reason)
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_REVERSED, 1, put)?;
        let supplier = locked.supplier_id.unwrap_or_default();
        match locked.receipt_id {
            Some(id) if locked.own_receipt => {
                let reverse = ReverseReceipt { id, reason: self.reason.clone() };
                let goods = |refusal| InvoiceRefusal::Goods(Box::new(refusal));
                reverse.run(tx, cx).await.map_err(|fail| fail.map(goods))?;
            }
            Some(_) => {
                both!(&mut *tx, c, text => sqlx::query(text(sql::RESTORE_LAST_COSTS)).bind(self.id).bind(supplier)
                .execute(c).await.map(drop)?)
            }
            None => {}
        }
        replace_costs(tx, cx, (self.id, supplier), sql::RESTORE_REPLACEMENT_COSTS).await?;
        if let Some(entry) = locked.entry_id {
            let reversed = payables::reverse_within(tx, cx, (supplier, entry), &self.reason).await;
            reversed.map_err(|fail| fail.map(InvoiceRefusal::Account))?;
        }
        both!(&mut *tx, c, text => sqlx::query(text(sql::REOPEN_CLAIMS)).bind(self.id).execute(c).await.map(drop)?);
        both!(&mut *tx, c, text => sqlx::query(text(sql::DROP_SETTLED)).bind(self.id).bind(&cx.actor.name).bind(cx.now)
            .bind(&self.reason).execute(c).await.map(drop)?);
        both!(&mut *tx, c, text => sqlx::query(text(sql::DROP_CLAIMS)).bind(self.id).bind(&cx.actor.name).bind(cx.now)
            .bind(&self.reason).execute(c).await.map(drop)?);
        Ok(stored(tx, self.id).await?)
    }
}
