//! What happens when goods arrive, ordered or not: they come into stock by receipts that name the delivery, the order's lines
//! take what came, and what they cost is remembered; all in one transaction.
//!
//! What arrives broken does not come into stock: it is the supplier's, handed back or thrown away with them, and the receipt
//! keeps how much it was, for the claim. It does not complete the order. Pieces that are weighed complete the order as pieces;
//! what they weighed comes into stock, and the receipt keeps both.

use std::collections::HashMap;

use gondola_ledger::{Qty, UnitCost};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::draft::suppliers;
use super::queries::{OrderLine, Received, find_receipt, lines_of};
use super::refusal::PurchaseRefused;
use super::rows::{Known, RECEIPTS, lock, next_number, put_lines, turn_notes};
use super::sql;
use super::state::Rest;
use super::unload::{LineOut, Posting, mention, take, target};
use crate::kernel::bulk::{id_list, insert_all};
use crate::notebook::{self, EntryState};
use crate::stock::{BatchRefused, Book, LineRefusal, LotRef, ProductRef, StockRefusal, channel_of};

/// One thing that came.
#[derive(Debug, Clone)]
pub struct ArrivedLine {
    /// The order's line, when it was ordered.
    pub order_line: Option<i64>,
    /// What; the order's line says it when absent.
    pub product: Option<ProductRef>,
    /// How much in good order, in `unit`; zero when none was.
    pub quantity: Qty,
    /// How much broken, in `unit`.
    pub damaged: Qty,
    /// A unit or presentation of the product; that of the order's line when absent, else the product's own.
    pub unit: Option<String>,
    /// What pieces weighed together, in the product's own unit, where they were weighed.
    pub measured: Option<Qty>,
    /// Which lot.
    pub lot: Option<LotRef>,
    /// What one `unit` cost, or one of the product's own where it was weighed.
    pub unit_cost: Option<UnitCost>,
}

/// Takes over what arrived, all or none.
#[derive(Debug, Clone)]
pub struct ReceiveGoods {
    /// The order it belongs to; none when nobody ordered it here.
    pub order: Option<Uuid>,
    /// Code of whom it came from; the order's when there is one.
    pub supplier: Option<String>,
    /// Code of the place it came to.
    pub location: String,
    /// The paper it came with.
    pub document: Option<String>,
    /// What its movements say; a usual text when absent.
    pub reason: Option<String>,
    /// What came.
    pub lines: Vec<ArrivedLine>,
}

impl Command for ReceiveGoods {
    const NAME: &'static str = "purchasing.receive";
    type Out = Received;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.order.map_or_else(|| self.location.clone(), |order| order.to_string())
    }

    fn permission(&self) -> Permission {
        Permission::Receive
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Received, Fail<PurchaseRefused>> {
        let named = self.named(tx).await?;
        let refs: Vec<ProductRef> = named.iter().flatten().cloned().collect();
        let known = Known::load(tx, &refs).await?;
        let mut book = Book::open(tx, cx, channel_of(cx), &refs).await?;
        let place = book.place("location", &self.location).map_err(refused)?.id;
        let delivery = self.begin(tx, cx, place).await?;
        let mut lines = delivery.order_lines(tx).await?;
        let mut arrived = self.unload(tx, &mut book, (&delivery, &known, &named), &mut lines).await?;
        let answered = delivery.answered(tx, &mut book, &arrived).await?;
        book.close(tx).await?;
        delivery.remember_costs(tx, &mut arrived).await?;
        delivery.write(tx, cx, self, &arrived).await?;
        notebook::answer(tx, &answered, delivery.id).await?;
        if let Some(order) = delivery.order {
            progress(tx, cx, order, &lines).await?;
        }
        let found = find_receipt(tx, delivery.id).await?;
        Ok(found.ok_or_else(|| StoreError::corrupt("goods_receipts", "id", delivery.id, "it was just written"))?)
    }
}

/// What was delivered, from whom and to where.
struct Delivery {
    id: Uuid,
    number: i64,
    order: Option<Uuid>,
    order_number: Option<i64>,
    supplier: Option<Uuid>,
    place: Uuid,
}

impl ReceiveGoods {
    /// Which product each line is about, as far as that can be told before anything is locked.
    async fn named(&self, tx: &mut Tx<'_>) -> Result<Vec<Option<ProductRef>>, StoreError> {
        let ordered = match self.order {
            Some(order) => lines_of(tx, &[order]).await?,
            None => Vec::new(),
        };
        let product = |line: &ArrivedLine| {
            let of_order = || {
                let ordered = ordered.iter().find(|ordered| Some(ordered.line) == line.order_line)?;
                ordered.product_id.map(ProductRef::Id)
            };
            line.product.clone().or_else(of_order)
        };
        Ok(self.lines.iter().map(product).collect())
    }

    /// Locks the order, which must expect goods, and gives the delivery its number.
    async fn begin(&self, tx: &mut Tx<'_>, cx: &Context, place: Uuid) -> Result<Delivery, Fail<PurchaseRefused>> {
        let order = match self.order {
            Some(id) => Some(lock(tx, id).await?),
            None => None,
        };
        if let Some(order) = &order {
            order.state()?.receive(Rest::Expected).map_err(|refusal| Fail::Refused(refusal.into()))?;
        }
        let supplier = match (&order, &self.supplier) {
            (Some(order), _) => Some(order.supplier_id),
            (None, Some(code)) => Some(self.known_supplier(tx, code).await?),
            (None, None) => None,
        };
        Ok(Delivery {
            id: cx.new_id(),
            number: next_number(tx, RECEIPTS).await?,
            order: self.order,
            order_number: order.map(|order| order.number),
            supplier,
            place,
        })
    }

    async fn known_supplier(&self, tx: &mut Tx<'_>, code: &str) -> Result<Uuid, Fail<PurchaseRefused>> {
        let found = suppliers(tx, &[code]).await?;
        let unknown = || PurchaseRefused::UnknownSupplier { field: "supplier".to_owned(), code: code.to_owned() };
        found.get(code).copied().ok_or_else(|| Fail::Refused(unknown()))
    }

    /// Posts every line; all refusals are told together.
    async fn unload(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        (delivery, known, named): (&Delivery, &Known, &[Option<ProductRef>]),
        ordered: &mut [OrderLine],
    ) -> Result<Vec<LineOut>, Fail<PurchaseRefused>> {
        let lines = self.lines.iter().zip(named);
        let mentions = lines.filter_map(|(line, product)| Some(mention(line, product.as_ref()?, ordered)));
        let mentions: Vec<_> = mentions.collect();
        book.look_up(tx, &mentions).await?;
        let post = Posting {
            reason: self.reason(delivery),
            document: self.document.clone(),
            location: &self.location,
            delivery: delivery.id,
        };
        let (mut arrived, mut bad) = (Vec::with_capacity(self.lines.len()), Vec::new());
        for (index, (line, product)) in self.lines.iter().zip(named).enumerate() {
            let target = match target(line, product.as_ref(), known, ordered) {
                Ok(target) => target,
                Err(problem) => {
                    bad.push((index, LineRefusal::Unreadable(vec![problem])));
                    continue;
                }
            };
            match post.line(tx, book, index, (line, &target)).await {
                Ok(out) => {
                    take(ordered, &out);
                    arrived.push(out);
                }
                Err(Fail::Refused(refusal)) => bad.push((index, LineRefusal::Stock(refusal))),
                Err(fail) => return Err(fail.map(PurchaseRefused::from)),
            }
        }
        if bad.is_empty() { Ok(arrived) } else { Err(Fail::Refused(PurchaseRefused::Lines(BatchRefused(bad)))) }
    }

    fn reason(&self, delivery: &Delivery) -> String {
        let usual = || match delivery.order_number {
            Some(number) => format!("Recepción del pedido {number}"),
            None => "Recepción de mercadería".to_owned(),
        };
        self.reason.clone().unwrap_or_else(usual)
    }
}

impl Delivery {
    /// The order's lines, under its lock.
    async fn order_lines(&self, tx: &mut Tx<'_>) -> Result<Vec<OrderLine>, StoreError> {
        match self.order {
            Some(order) => lines_of(tx, &[order]).await,
            None => Ok(Vec::new()),
        }
    }

    /// The lines of the notebook that a delivery answers which nobody ordered: those that ask for no more than came. What an
    /// order brings is answered by the order.
    async fn answered(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        arrived: &[LineOut],
    ) -> Result<Vec<Uuid>, Fail<PurchaseRefused>> {
        if self.order.is_some() {
            return Ok(Vec::new());
        }
        let mut came: HashMap<Uuid, Qty> = HashMap::new();
        for line in arrived.iter().filter(|line| line.moved().is_positive()) {
            let sum = came.entry(line.product_id).or_insert(Qty::ZERO);
            *sum = sum.checked_add(line.moved()).unwrap_or(*sum);
        }
        let products: Vec<Uuid> = came.keys().copied().collect();
        let mut answered = Vec::new();
        for note in notebook::lock_pending(tx, &products).await? {
            let Some((product, came)) = note.product.and_then(|product| Some((product, *came.get(&product)?))) else {
                continue;
            };
            let is_enough = match &note.quantity {
                None => true,
                // A unit that the product lost since says nothing.
                Some((quantity, unit)) => match book.in_base_units(tx, product, *quantity, Some(unit)).await {
                    Ok(wanted) => wanted <= came,
                    Err(Fail::Refused(_)) => false,
                    Err(fail) => return Err(fail.map(PurchaseRefused::from)),
                },
            };
            if is_enough {
                answered.push(note.id);
            }
        }
        Ok(answered)
    }

    async fn write(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        asked: &ReceiveGoods,
        arrived: &[LineOut],
    ) -> Result<(), StoreError> {
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_RECEIPT))
            .bind(self.id).bind(self.number).bind(self.order).bind(self.supplier).bind(self.place).bind(&asked.document)
            .bind(asked.reason(self)).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_RECEIPT, 1, inserted)?;
        insert_all(tx, sql::INSERT_RECEIPT_LINES, arrived).await?;
        if let Some(supplier) = self.supplier {
            both!(tx, c, text => sqlx::query(text(sql::PUT_LAST_COSTS)).bind(self.id).bind(supplier).execute(c).await?.rows_affected());
        }
        Ok(())
    }

    /// Keeps what each product cost before, for when the receipt is undone.
    async fn remember_costs(&self, tx: &mut Tx<'_>, arrived: &mut [LineOut]) -> Result<(), StoreError> {
        let Some(supplier) = self.supplier else { return Ok(()) };
        let list = id_list(arrived.iter().map(|line| &line.product_id));
        let known: Vec<(Uuid, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::LAST_COSTS))
            .bind(list).bind(supplier).fetch_all(c).await?);
        let known: HashMap<Uuid, i64> = known.into_iter().collect();
        for line in arrived {
            line.last_cost_before = known.get(&line.product_id).copied();
        }
        Ok(())
    }
}

/// Writes how far the order has come, and which lines of the notebook came with it.
async fn progress(
    tx: &mut Tx<'_>,
    cx: &Context,
    order: Uuid,
    lines: &[OrderLine],
) -> Result<(), Fail<PurchaseRefused>> {
    let rest = if lines.iter().all(OrderLine::is_complete) { Rest::Nothing } else { Rest::Expected };
    let before = lock(tx, order).await?.state()?;
    // Whoever writes down that nothing came has not received a part.
    let state = match lines.iter().any(|line| line.base_received > 0) {
        true => before.receive(rest).map_err(|refusal| Fail::Refused(refusal.into()))?,
        false => before,
    };
    put_lines(tx, &lines.iter().collect::<Vec<_>>()).await?;
    let came = |number: i64| lines.iter().any(|line| line.line == number && line.is_complete());
    turn_notes(tx, order, (EntryState::Ordered, EntryState::Received), came).await?;
    let put = both!(tx, c, text => sqlx::query(text(sql::PUT_STATE))
        .bind(order).bind(state.code()).bind(cx.now).execute(c).await?.rows_affected());
    Ok(expect_rows(sql::PUT_STATE, 1, put)?)
}

pub(super) fn refused(refusal: StockRefusal) -> Fail<PurchaseRefused> {
    Fail::Refused(refusal.into())
}
