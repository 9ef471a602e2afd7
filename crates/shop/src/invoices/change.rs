//! What a person writes of an invoice: all of one that is typed, corrections of one that was read. What was corrected is
//! certain; who writes all of it has seen it, and from then on its own figures decide how sure it is.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_papers::extract::CERTAIN;
use gondola_papers::fiscal::{Cae, DocumentKind, DocumentNumber, Letter, VatTreatment};
use gondola_store::protect::Opener;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::matching::find_products;
use super::queries::{Invoice, find, stored};
use super::reading::{layout_of, words_of};
use super::refusal::InvoiceRefusal;
use super::rows::{INVOICES, lock, put_head, put_lines};
use super::sql;
use super::state::InvoiceState;
use super::sureness::as_it_stands;
use super::written::{Amount, Head, MatchedBy, Seller, WrittenLine};
use crate::catalogue;
use crate::kernel::time::Day;
use crate::purchasing;
use crate::stock::ProductRef;
use crate::suppliers;

/// What somebody writes of a line.
#[derive(Debug, Clone)]
pub struct LineEdit {
    /// The supplier's code; empty for none.
    pub code: String,
    /// A barcode; empty for none.
    pub barcode: String,
    /// The description.
    pub about: String,
    /// As printed, with its sign.
    pub quantity: Option<Qty>,
    /// What the quantity counts; empty for the supplier's usual.
    pub unit: String,
    /// Units of a case.
    pub units_per_case: Option<u32>,
    /// The price of what is counted.
    pub price: Option<UnitCost>,
    /// Hundredths of a per cent.
    pub discount_bp: i64,
    /// Its VAT.
    pub vat: Option<VatTreatment>,
    /// Its amount.
    pub subtotal: Option<Money>,
    /// Whether it is goods.
    pub is_goods: bool,
    /// Which product it is; what is not said is looked for.
    pub product: Option<ProductRef>,
    /// Its lot; empty for none.
    pub lot_code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
}

/// What somebody writes of an invoice: what is not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct InvoiceEdit {
    /// Code of the supplier.
    pub supplier: Option<Option<String>>,
    /// The order that it bills.
    pub order: Option<Option<Uuid>>,
    /// What the document is.
    pub kind: Option<Option<DocumentKind>>,
    /// Its letter.
    pub letter: Option<Option<Letter>>,
    /// Its number.
    pub number: Option<Option<DocumentNumber>>,
    /// The code it was authorised under.
    pub cae: Option<Option<Cae>>,
    /// Last day of that code.
    pub cae_due_on: Option<Option<Day>>,
    /// Day of issue.
    pub issued_on: Option<Option<Day>>,
    /// When it is to be paid.
    pub due_on: Option<Option<Day>>,
    /// What is to be paid.
    pub total: Option<Option<Money>>,
    /// All of its sums.
    pub amounts: Option<Vec<Amount>>,
    /// All of its lines.
    pub lines: Option<Vec<LineEdit>>,
}

impl InvoiceEdit {
    /// Whether it says everything that an invoice must say, as the form beside the picture does: who sends it saw it whole.
    fn is_whole(&self) -> bool {
        let head = [self.kind.is_some(), self.number.is_some(), self.issued_on.is_some(), self.total.is_some()];
        self.lines.is_some() && !head.contains(&false)
    }

    fn head(&self, before: &Head) -> Head {
        Head {
            kind: self.kind.unwrap_or(before.kind),
            letter: self.letter.unwrap_or(before.letter),
            number: self.number.unwrap_or(before.number),
            cae: self.cae.unwrap_or(before.cae),
            cae_due_on: self.cae_due_on.unwrap_or(before.cae_due_on),
            issued_on: self.issued_on.unwrap_or(before.issued_on),
            due_on: self.due_on.unwrap_or(before.due_on),
            amounts: self.amounts.clone().unwrap_or_else(|| before.amounts.clone()),
            total: self.total.unwrap_or(before.total),
        }
    }

    async fn supplier(&self, tx: &mut Tx<'_>, before: Option<Uuid>) -> Result<Option<Uuid>, Fail<InvoiceRefusal>> {
        match &self.supplier {
            None => Ok(before),
            Some(None) => Ok(None),
            Some(Some(code)) => {
                let found = suppliers::by_code(tx, code).await?.filter(|supplier| supplier.active);
                let unknown = || InvoiceRefusal::UnknownSupplier(code.clone());
                Ok(Some(found.ok_or_else(|| Fail::Refused(unknown()))?.id))
            }
        }
    }

    async fn order(
        &self,
        tx: &mut Tx<'_>,
        (before, supplier): (Option<Uuid>, Option<Uuid>),
    ) -> Result<Option<Uuid>, Fail<InvoiceRefusal>> {
        let Some(order) = self.order.unwrap_or(before) else { return Ok(None) };
        let found = purchasing::find_order(tx, order).await?;
        let is_theirs = found.is_some_and(|found| Some(found.order.supplier_id) == supplier);
        if is_theirs {
            return Ok(Some(order));
        }
        // Whoever changes the supplier only did not mean to keep the order of another one.
        if self.order.is_some() { Err(Fail::Refused(InvoiceRefusal::UnknownOrder)) } else { Ok(None) }
    }

    /// The lines with the products that somebody named.
    async fn lines(&self, tx: &mut Tx<'_>) -> Result<Option<Vec<WrittenLine>>, Fail<InvoiceRefusal>> {
        let Some(lines) = &self.lines else { return Ok(None) };
        let named: Vec<ProductRef> = lines.iter().filter_map(|line| line.product.clone()).collect();
        let mut ids = catalogue::ids_of(tx, &named).await?.into_iter();
        let mut written = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let product = match &line.product {
                None => None,
                Some(_) => {
                    let unknown = || InvoiceRefusal::UnknownProduct { line: at };
                    Some(ids.next().flatten().ok_or_else(|| Fail::Refused(unknown()))?)
                }
            };
            written.push(line.written(product));
        }
        Ok(Some(written))
    }
}

impl LineEdit {
    fn written(&self, product: Option<Uuid>) -> WrittenLine {
        WrittenLine {
            code: self.code.clone(),
            barcode: self.barcode.clone(),
            about: self.about.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            units_per_case: self.units_per_case,
            price: self.price,
            discount_bp: self.discount_bp,
            vat: self.vat,
            subtotal: self.subtotal,
            is_goods: self.is_goods,
            product: product.filter(|_| self.is_goods),
            matched_by: product.filter(|_| self.is_goods).map(|_| MatchedBy::Person),
            lot_code: self.lot_code.clone(),
            expires_on: self.expires_on,
            confidence_permille: CERTAIN,
        }
    }
}

/// Writes an invoice that has no file.
pub struct TypeInvoice {
    /// What it says.
    pub edit: InvoiceEdit,
}

impl Command for TypeInvoice {
    const NAME: &'static str = "invoices.type";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let (id, number) = (cx.new_id(), purchasing::next_number(tx, INVOICES).await?);
        cx.concerns(id.to_string());
        let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_INVOICE))
            .bind(id).bind(number).bind(InvoiceState::Extracted.code()).bind("").bind(None::<&str>)
            .bind(None::<Vec<u8>>).bind(true).bind(None::<Uuid>).bind(cx.actor.reference()).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_INVOICE, 1, inserted)?;
        write(tx, cx, (id, InvoiceState::Extracted, 1), &self.edit).await?;
        Ok(stored(tx, id).await?)
    }
}

/// Corrects an invoice.
pub struct ChangeInvoice {
    /// Which one.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
    /// What changes.
    pub edit: InvoiceEdit,
}

impl Command for ChangeInvoice {
    const NAME: &'static str = "invoices.change";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let locked = lock(tx, self.id).await?;
        if locked.version != self.version {
            return Err(Fail::Refused(InvoiceRefusal::Stale));
        }
        let state = locked.state()?.change()?;
        cx.changes(&stored(tx, self.id).await?);
        write(tx, cx, (self.id, state, self.version + 1), &self.edit).await?;
        Ok(stored(tx, self.id).await?)
    }
}

/// Writes what an edit makes of an invoice, under the version it has from now on.
async fn write(
    tx: &mut Tx<'_>,
    cx: &Context,
    (id, state, version): (Uuid, InvoiceState, i64),
    edit: &InvoiceEdit,
) -> Result<(), Fail<InvoiceRefusal>> {
    let before = find(tx, id).await?.ok_or(Fail::Refused(InvoiceRefusal::Unknown))?;
    let supplier = edit.supplier(tx, before.row.supplier_id).await?;
    let order = edit.order(tx, (before.row.order_id, supplier)).await?;
    let head = edit.head(&before.head());
    let is_new_supplier = supplier != before.row.supplier_id;
    let mut lines = match edit.lines(tx).await? {
        Some(lines) if is_new_supplier => lines,
        Some(lines) => recognised(lines, &before.written()),
        None => before.written().into_iter().map(|line| kept(line, is_new_supplier)).collect(),
    };
    find_products(tx, supplier, &mut lines).await?;
    put_head(tx, id, &head).await?;
    put_lines(tx, id, &lines).await?;
    let is_seen = before.row.seen || edit.is_whole();
    let confidence = if is_seen { CERTAIN } else { confidence(tx, cx, (id, supplier), (&head, &lines)).await? };
    let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_CHANGE))
        .bind(id).bind(state.code()).bind(supplier).bind(order).bind(is_seen).bind(i64::from(confidence)).bind(version)
        .execute(c).await?.rows_affected());
    Ok(expect_rows(sql::PUT_CHANGE, 1, put)?)
}

/// How sure an invoice is of which something was corrected.
async fn confidence(
    tx: &mut Tx<'_>,
    cx: &Context,
    (id, supplier): (Uuid, Option<Uuid>),
    (head, lines): (&Head, &[WrittenLine]),
) -> Result<u16, StoreError> {
    let Some(words) = words_of(tx, &Opener::Command(cx), id).await? else { return Ok(CERTAIN) };
    let read = words.paper(layout_of(tx, supplier).await?.as_ref());
    Ok(as_it_stands(head, lines, Seller::of(&read.header), Some(&read)).confidence_permille)
}

/// Written lines, of which those that name the product that was surely known already are known as they were.
fn recognised(lines: Vec<WrittenLine>, before: &[WrittenLine]) -> Vec<WrittenLine> {
    let as_before = |(at, line): (usize, WrittenLine)| {
        let same = |was: &&WrittenLine| {
            let was_sure = was.matched_by.is_some_and(|way| way != MatchedBy::Likeness);
            was_sure && (was.product, &was.about, &was.code) == (line.product, &line.about, &line.code)
        };
        let matched_by = before.get(at).filter(same).map_or(line.matched_by, |was| was.matched_by);
        WrittenLine { matched_by, ..line }
    };
    lines.into_iter().enumerate().map(as_before).collect()
}

/// A line that nobody wrote anew. What another supplier's code or wording meant is looked for again.
fn kept(line: WrittenLine, is_new_supplier: bool) -> WrittenLine {
    let looks_again = is_new_supplier && line.matched_by != Some(MatchedBy::Person);
    if !looks_again {
        return line;
    }
    WrittenLine { product: None, matched_by: None, ..line }
}

/// Has the file of an invoice read again: what was read of it, or written over it, is forgotten.
pub struct ReadAgain {
    /// Which one.
    pub id: Uuid,
}

impl Command for ReadAgain {
    const NAME: &'static str = "invoices.read_again";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::LoadInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        let locked = lock(tx, self.id).await?;
        let state = locked.state()?.again()?;
        let invoice = stored(tx, self.id).await?;
        if invoice.row.file_kind.is_none() {
            return Err(Fail::Refused(InvoiceRefusal::NoFile));
        }
        put_state(tx, self.id, state, "").await?;
        Ok(stored(tx, self.id).await?)
    }
}

/// Puts an invoice away.
pub struct RejectInvoice {
    /// Which one.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for RejectInvoice {
    const NAME: &'static str = "invoices.reject";
    type Out = Invoice;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Invoice, Fail<InvoiceRefusal>> {
        cx.because(self.reason.as_str());
        let state = lock(tx, self.id).await?.state()?.reject()?;
        cx.changes(&stored(tx, self.id).await?);
        put_state(tx, self.id, state, &self.reason).await?;
        Ok(stored(tx, self.id).await?)
    }
}

async fn put_state(tx: &mut Tx<'_>, id: Uuid, state: InvoiceState, note: &str) -> Result<(), StoreError> {
    let put = both!(tx, c, text => sqlx::query(text(sql::PUT_STATE)).bind(id).bind(state.code()).bind(note)
        .execute(c).await?.rows_affected());
    expect_rows(sql::PUT_STATE, 1, put)
}
