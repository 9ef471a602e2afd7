//! Invoices as people see them: with their sums, their lines and the names of their products.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_papers::fiscal::{Cae, DocumentNumber, Letter, VatRate};
use gondola_pricing::invoice::{Difference, Expected, ThreeWay};
use gondola_pricing::light::CostChange;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use super::state::InvoiceState;
use super::three_way::{FoundDifference, differences_of};
use super::written::{Amount, AmountKind, Head, MatchedBy, WrittenLine, kind_from_code, vat_from_code};
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// Products of a supplier that are offered at once.
const PRODUCTS_MAX: i64 = 500;

/// An invoice without its sums and lines.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Its id.
    pub id: Uuid,
    /// Its number in the shop.
    pub number: i64,
    /// Where it stands.
    pub state: String,
    /// The name of its file; empty when it was typed.
    pub file_name: String,
    /// What its file is; nothing when it was typed.
    pub file_kind: Option<String>,
    /// Pages of its file that were read.
    pub pages: i64,
    /// Whether a person wrote or saw everything that it says.
    pub seen: bool,
    /// The supplier's code.
    pub supplier: Option<String>,
    /// The supplier's name.
    pub supplier_name: Option<String>,
    /// The supplier's id.
    pub supplier_id: Option<Uuid>,
    /// The order that it bills.
    pub order_id: Option<Uuid>,
    /// Its number.
    pub order_number: Option<i64>,
    /// What the document is.
    pub kind: Option<String>,
    /// Its letter.
    pub letter: Option<String>,
    /// Its point of sale.
    pub point_of_sale: Option<i64>,
    /// Its number there.
    pub document_number: Option<i64>,
    /// The code it was authorised under.
    pub cae: Option<String>,
    /// Last day of that code.
    pub cae_due_on: Option<Day>,
    /// Day of issue.
    pub issued_on: Option<Day>,
    /// When it is to be paid.
    pub due_on: Option<Day>,
    /// What is to be paid, in centavos.
    pub total: Option<i64>,
    /// How sure the whole is, of a thousand.
    pub confidence_permille: i64,
    /// Why it could not be read or was rejected: a code, or somebody's words.
    pub note: String,
    /// Who brought it.
    pub actor_name: String,
    /// When.
    pub created_at: At,
    /// When it was read.
    pub read_at: Option<At>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<At>,
    /// The receipt of its goods.
    pub receipt_id: Option<Uuid>,
    /// Whether that was made by it.
    pub own_receipt: bool,
    /// Its entry in the supplier's account.
    pub entry_id: Option<Uuid>,
    /// Who applied it.
    pub applied_by: Option<String>,
    /// When.
    pub applied_at: Option<At>,
    /// Who took it out of the books last.
    pub reversed_by: Option<String>,
    /// When.
    pub reversed_at: Option<At>,
    /// Why.
    pub reversing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// How many lines it has.
    pub lines: i64,
    /// How many of them wait for somebody to say which product they are.
    pub unmatched: i64,
}

impl InvoiceRow {
    /// Where it stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database holds no such state.
    pub fn state(&self) -> Result<InvoiceState, StoreError> {
        InvoiceState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("invoices", "state", self.id, &self.state))
    }

    /// `00003-00001234`, when it has a number.
    pub fn document(&self) -> Option<String> {
        document_number(self).map(|number| number.to_string())
    }
}

fn document_number(row: &InvoiceRow) -> Option<DocumentNumber> {
    let part = |part: Option<i64>| u32::try_from(part?).ok();
    DocumentNumber::new(part(row.point_of_sale)?, part(row.document_number)?)
}

/// A sum as stored.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct StoredAmount {
    /// What it is.
    pub kind: String,
    /// The rate, of net and VAT, in thousandths.
    pub rate_permille: Option<i64>,
    /// The province, of gross income.
    pub province: String,
    /// How much, in centavos.
    pub amount: i64,
}

impl StoredAmount {
    fn amount(&self) -> Option<Amount> {
        Some(Amount {
            kind: AmountKind::from_code(&self.kind)?,
            rate: self.rate_permille.and_then(VatRate::from_permille),
            province: self.province.clone(),
            amount: Money::new(self.amount),
        })
    }
}

/// A line as stored, with the name of its product.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct StoredLine {
    /// From 1.
    pub line: i64,
    /// The supplier's code.
    pub code: String,
    /// A barcode.
    pub barcode: String,
    /// The description.
    pub about: String,
    /// As printed, in thousandths.
    pub quantity: Option<i64>,
    /// What the quantity counts.
    pub unit: String,
    /// Units of a case.
    pub units_per_case: Option<i64>,
    /// The price of what is counted, in ten-thousandths.
    pub price: Option<i64>,
    /// Discount in hundredths of a per cent.
    pub discount_bp: i64,
    /// Its VAT.
    pub vat: Option<String>,
    /// Its amount, in centavos.
    pub subtotal: Option<i64>,
    /// Whether it is goods.
    pub is_goods: bool,
    /// Which product it is.
    pub product_id: Option<Uuid>,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its unit.
    pub product_unit: Option<String>,
    /// How that is known.
    pub matched_by: Option<String>,
    /// Its lot.
    pub lot_code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// How much came of it, in thousandths of the product's unit, once it was confirmed.
    pub received: Option<i64>,
    /// What one of that unit cost, in ten-thousandths.
    pub unit_cost: Option<i64>,
    /// How sure the reading of it was.
    pub confidence_permille: i64,
    /// What one cost last from the supplier before this invoice, in ten-thousandths.
    #[serde(default)]
    pub last_cost: Option<i64>,
    /// What one costs to the shop as it was on the day it was applied, where the paper's day saw another one to the tax office.
    #[serde(default)]
    pub cost_today: Option<i64>,
}

impl StoredLine {
    /// How its cost moved since the last one paid, where that is more than the check lets pass.
    pub fn cost_change(&self) -> Option<CostChange> {
        self.moved_to(self.unit_cost.map(UnitCost::new)?)
    }

    /// The same for a cost that it comes to.
    pub fn moved_to(&self, cost: UnitCost) -> Option<CostChange> {
        let last = self.last_cost.map(UnitCost::new).filter(|last| last.is_positive())?;
        let same = Qty::new(self.received.unwrap_or_default());
        let three = ThreeWay { expected: Expected::LastCost(last), received: same, invoiced: same, cost };
        let is_off = three.differences().iter().any(|difference| matches!(difference, Difference::Cost { .. }));
        is_off.then_some(CostChange { old: last, new: cost })
    }

    /// The line as it is worked with.
    pub fn written(&self) -> WrittenLine {
        WrittenLine {
            code: self.code.clone(),
            barcode: self.barcode.clone(),
            about: self.about.clone(),
            quantity: self.quantity.map(Qty::new),
            unit: self.unit.clone(),
            units_per_case: self.units_per_case.and_then(|units| u32::try_from(units).ok()),
            price: self.price.map(UnitCost::new),
            discount_bp: self.discount_bp,
            vat: self.vat.as_deref().and_then(vat_from_code),
            subtotal: self.subtotal.map(Money::new),
            is_goods: self.is_goods,
            product: self.product_id,
            matched_by: self.matched_by.as_deref().and_then(MatchedBy::from_code),
            lot_code: self.lot_code.clone(),
            expires_on: self.expires_on,
            confidence_permille: u16::try_from(self.confidence_permille).unwrap_or_default(),
        }
    }
}

/// An invoice with its sums and lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invoice {
    /// The invoice.
    pub row: InvoiceRow,
    /// Its sums.
    pub amounts: Vec<StoredAmount>,
    /// Its lines.
    pub lines: Vec<StoredLine>,
    /// How what was ordered, what came and what is billed differ, once it is in the books.
    #[serde(default)]
    pub differences: Vec<FoundDifference>,
}

impl Invoice {
    /// Its head as it is worked with.
    pub fn head(&self) -> Head {
        let row = &self.row;
        Head {
            kind: row.kind.as_deref().and_then(kind_from_code),
            letter: row.letter.as_deref().and_then(Letter::parse),
            number: document_number(row),
            cae: row.cae.as_deref().and_then(|cae| Cae::parse(cae).ok()),
            cae_due_on: row.cae_due_on,
            issued_on: row.issued_on,
            due_on: row.due_on,
            amounts: self.amounts.iter().filter_map(StoredAmount::amount).collect(),
            total: row.total.map(Money::new),
        }
    }

    /// Its lines as they are worked with.
    pub fn written(&self) -> Vec<WrittenLine> {
        self.lines.iter().map(StoredLine::written).collect()
    }
}

/// Which invoices.
#[derive(Debug, Clone, Default)]
pub struct InvoiceFilter {
    /// In this state.
    pub state: Option<&'static str>,
    /// Of the supplier with this code.
    pub supplier: Option<String>,
}

/// How many invoices wait for somebody to check them.
///
/// # Errors
/// The database's failure.
pub async fn to_check(reader: &mut Reader) -> Result<i64, StoreError> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_TO_CHECK)).fetch_one(c).await?))
}

/// Where a page begins: when the last one shown was made, and its id.
pub type InvoiceKey = (At, Uuid);

/// Invoices, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn invoices(
    reader: &mut Reader,
    filter: &InvoiceFilter,
    after: Option<InvoiceKey>,
    limit: i64,
) -> Result<Vec<InvoiceRow>, Problem> {
    let (created_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_INVOICES))
        .bind(filter.state).bind(&filter.supplier).bind(created_at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// One invoice with its sums, its lines and its differences.
///
/// # Errors
/// The database's failure.
pub async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Invoice>, StoreError> {
    let found: Option<InvoiceRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_INVOICE)).bind(id).fetch_optional(c).await?);
    let Some(row) = found else { return Ok(None) };
    let amounts = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_AMOUNTS)).bind(id).fetch_all(c).await?);
    let lines = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_LINES)).bind(id).fetch_all(c).await?);
    let mut invoice = Invoice { row, amounts, lines, differences: Vec::new() };
    invoice.differences = differences_of(tx, &invoice).await?;
    Ok(Some(invoice))
}

/// An invoice that was just written.
pub(super) async fn stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Invoice, StoreError> {
    find(tx, id).await?.ok_or_else(|| StoreError::corrupt("invoices", "id", id, "it was just written"))
}

/// Products that a supplier brings, by name: SKU and name.
///
/// # Errors
/// The database's failure.
pub(super) async fn products_of(tx: &mut Tx<'_>, supplier: Uuid) -> Result<Vec<(String, String)>, StoreError> {
    Ok(
        both!(tx, c, text => sqlx::query_as(text(sql::PRODUCTS_OF)).bind(supplier).bind(PRODUCTS_MAX).fetch_all(c).await?),
    )
}

/// A claim against a supplier.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Claim {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// The invoice that it follows from.
    pub invoice_id: Uuid,
    /// Its number in the shop.
    pub invoice_number: i64,
    /// The invoice's line.
    pub line: i64,
    /// The product's SKU.
    pub sku: Option<String>,
    /// The product's unit.
    pub product_unit: Option<String>,
    /// What it is about.
    pub about: String,
    /// `missing`, `damaged` or `cost`.
    pub kind: String,
    /// What was billed, or the cost that was agreed: thousandths of the product's unit, or ten-thousandths of a peso.
    pub expected: i64,
    /// What came in good order, or the cost that was billed.
    pub found: i64,
    /// What the supplier owes for it, in centavos.
    pub amount: i64,
    /// `open`, `settled` or `dropped`.
    pub state: String,
    /// When.
    pub created_at: At,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<At>,
    /// How: the credit note, or why not.
    pub ending: Option<String>,
    /// The credit note in the books that made it good.
    #[serde(default)]
    pub credit_note_id: Option<Uuid>,
}

/// Which claims.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// In this state.
    pub state: Option<&'static str>,
    /// Against the supplier with this code.
    pub supplier: Option<String>,
}

/// Claims, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn claims(
    reader: &mut Reader,
    filter: &ClaimFilter,
    after: Option<InvoiceKey>,
    limit: i64,
) -> Result<Vec<Claim>, Problem> {
    let (created_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_CLAIMS))
        .bind(filter.state).bind(&filter.supplier).bind(created_at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// The claims of an invoice.
///
/// # Errors
/// The database's failure.
pub async fn claims_of(tx: &mut Tx<'_>, invoice: Uuid) -> Result<Vec<Claim>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::CLAIMS_OF)).bind(invoice).fetch_all(c).await?))
}
