//! Invoices and claims as the API answers them.

use gondola_ledger::{Money, Qty, Unit, UnitCost};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{Claim, Invoice, InvoiceRow, StoredAmount, StoredLine};
use super::three_way::FoundDifference;
use super::written::{rate_text, vat_from_code};
use crate::kernel::time::{format_day, format_instant};

/// An invoice without its sums and lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceSummary)]
pub struct InvoiceItem {
    /// Its id.
    pub id: Uuid,
    /// Its number in the shop.
    pub number: i64,
    /// `pending`, `extracted`, `validated`, `applied`, `error` or `rejected`.
    #[schema(example = "extracted")]
    pub state: String,
    /// The name of its file; null when it was typed.
    #[schema(required)]
    pub file_name: Option<String>,
    /// `pdf`, `jpeg`, `png`, `webp`, `csv` or `xlsx`; null when it was typed.
    #[schema(required)]
    pub file_kind: Option<String>,
    /// Pages that were read.
    pub pages: i64,
    /// Code of the supplier.
    #[schema(required)]
    pub supplier: Option<String>,
    /// The supplier's name.
    #[schema(required)]
    pub supplier_name: Option<String>,
    /// The order that it bills.
    #[schema(required)]
    pub order: Option<Uuid>,
    /// Its number.
    #[schema(required)]
    pub order_number: Option<i64>,
    /// `invoice`, `debit_note`, `credit_note`, `receipt`, `ticket`, `delivery_note`, `informal` or `price_list`.
    #[schema(required, example = "invoice")]
    pub kind: Option<String>,
    /// Its letter.
    #[schema(required)]
    pub letter: Option<String>,
    /// Point of sale and number.
    #[schema(required)]
    pub document: Option<String>,
    /// Day of issue.
    #[schema(required, format = Date)]
    pub issued_on: Option<String>,
    /// When it is to be paid.
    #[schema(required, format = Date)]
    pub due_on: Option<String>,
    /// What is to be paid.
    #[schema(required)]
    pub total: Option<String>,
    /// How sure the whole is, 0 to 1.
    #[schema(example = "0.980")]
    pub confidence: String,
    /// Lines.
    pub lines_total: i64,
    /// Lines that wait for somebody to say which product they are.
    pub lines_unmatched: i64,
    /// Why it could not be read (a code) or was rejected.
    pub note: String,
    /// Who brought it.
    pub user: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was read, UTC.
    #[schema(required, format = DateTime)]
    pub read_at: Option<String>,
    /// Who confirmed it.
    #[schema(required)]
    pub confirmed_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub confirmed_at: Option<String>,
    /// The receipt of its goods.
    #[schema(required)]
    pub receipt: Option<Uuid>,
    /// Who applied it.
    #[schema(required)]
    pub applied_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub applied_at: Option<String>,
    /// Who took it out of the books last.
    #[schema(required)]
    pub reversed_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub reversed_at: Option<String>,
    /// Why.
    #[schema(required)]
    pub reversing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// An invoice with its sums, its lines and its claims.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceDetail {
    /// The invoice.
    #[serde(flatten)]
    pub invoice: InvoiceItem,
    /// The code it was authorised under.
    #[schema(required)]
    pub cae: Option<String>,
    /// Last day of that code.
    #[schema(required, format = Date)]
    pub cae_due_on: Option<String>,
    /// Its sums.
    pub amounts: Vec<AmountItem>,
    /// Its lines.
    pub lines: Vec<InvoiceLineItem>,
    /// How what was ordered, what came and what is billed differ, once it is in the books.
    pub differences: Vec<DifferenceItem>,
}

/// Something that was ordered, came or is billed otherwise than the rest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceDifference)]
pub struct DifferenceItem {
    /// The invoice's line; none for what it does not bill.
    #[schema(required)]
    pub line: Option<i64>,
    /// The product, as `sku:SKU`.
    #[schema(required)]
    pub product: Option<String>,
    /// What it is called.
    pub text: String,
    /// `missing`, `damaged`, `dearer` (those are claimed), `unbilled`, `cheaper`, `less_than_ordered` or
    /// `more_than_ordered`. An order is held against all that came of it so far.
    #[schema(example = "missing")]
    pub kind: String,
    /// What was billed, or ordered; the cost that was agreed.
    pub expected: String,
    /// What came in good order; the cost that was billed.
    pub found: String,
    /// What it is worth; nothing for what is only short of an order, or beyond it.
    #[schema(required)]
    pub amount: Option<String>,
}

/// One sum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceAmountItem)]
pub struct AmountItem {
    /// What it is.
    pub kind: String,
    /// The rate of VAT, in per cent.
    #[schema(required)]
    pub rate: Option<String>,
    /// The province, of perceptions of gross income.
    pub province: String,
    /// How much.
    pub amount: String,
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub struct InvoiceLineItem {
    /// Its number, from 1.
    pub line: i64,
    /// The supplier's code.
    pub code: String,
    /// A barcode.
    pub barcode: String,
    /// What it says.
    pub text: String,
    /// How much, with the sign that is printed.
    #[schema(required)]
    pub quantity: Option<String>,
    /// What the quantity counts, as it is printed.
    pub unit: String,
    /// Units of a case.
    #[schema(required)]
    pub units_per_case: Option<i64>,
    /// The price of what is counted.
    #[schema(required)]
    pub price: Option<String>,
    /// Discount in per cent.
    pub discount: String,
    /// The VAT it carries.
    #[schema(required)]
    pub vat: Option<String>,
    /// Its amount.
    #[schema(required)]
    pub subtotal: Option<String>,
    /// Whether it is goods.
    pub goods: bool,
    /// The product, as `sku:SKU`.
    #[schema(required)]
    pub product: Option<String>,
    /// The product's name.
    #[schema(required)]
    pub name: Option<String>,
    /// `person`, `barcode`, `code`, `alias`, or `likeness` while a person has to look.
    #[schema(required)]
    pub matched_by: Option<String>,
    /// Its lot.
    pub lot_code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How much of it is billed, in the product's own unit, once it was confirmed.
    #[schema(required)]
    pub received: Option<String>,
    /// What one of that unit cost.
    #[schema(required)]
    pub unit_cost: Option<String>,
    /// What one cost last from the supplier before this invoice.
    #[schema(required)]
    pub last_cost: Option<String>,
    /// How much it cost more than that, in percent, where it is more than 0.5 % off; below zero when it cost less.
    #[schema(required, example = "8.00")]
    pub cost_change: Option<String>,
    /// How sure the reading of it was, 0 to 1.
    pub confidence: String,
}

/// A claim against a supplier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierClaim)]
pub struct ClaimItem {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// Code of the supplier.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// The invoice that it follows from.
    pub invoice: Uuid,
    /// Its number.
    pub invoice_number: i64,
    /// The invoice's line.
    pub line: i64,
    /// The product, as `sku:SKU`.
    #[schema(required)]
    pub product: Option<String>,
    /// What it is about.
    pub text: String,
    /// `missing`, `damaged` or `cost`.
    #[schema(example = "missing")]
    pub kind: String,
    /// What was billed; the cost that was agreed.
    pub expected: String,
    /// What came in good order; the cost that was billed.
    pub found: String,
    /// What the supplier owes for it.
    pub amount: String,
    /// `open`, `settled` or `dropped`.
    #[schema(example = "open")]
    pub state: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Who ended it.
    #[schema(required)]
    pub ended_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub ended_at: Option<String>,
    /// By which credit note, or why.
    #[schema(required)]
    pub ending: Option<String>,
    /// The credit note in the books that made it good.
    #[schema(required)]
    pub credit_note: Option<Uuid>,
}

/// Of a thousand, as a part of one.
fn share(permille: i64) -> String {
    format!("{}.{:03}", permille / 1_000, permille % 1_000)
}

pub(super) fn item(row: InvoiceRow) -> InvoiceItem {
    let document = row.document();
    InvoiceItem {
        id: row.id,
        number: row.number,
        state: row.state,
        file_name: row.file_kind.as_ref().map(|_| row.file_name),
        file_kind: row.file_kind,
        pages: row.pages,
        supplier: row.supplier,
        supplier_name: row.supplier_name,
        order: row.order_id,
        order_number: row.order_number,
        kind: row.kind,
        letter: row.letter,
        document,
        issued_on: row.issued_on.map(format_day),
        due_on: row.due_on.map(format_day),
        total: row.total.map(|total| Money::new(total).to_string()),
        confidence: share(row.confidence_permille),
        lines_total: row.lines,
        lines_unmatched: row.unmatched,
        note: row.note,
        user: row.actor_name,
        created_at: format_instant(row.created_at),
        read_at: row.read_at.map(format_instant),
        confirmed_by: row.confirmed_by,
        confirmed_at: row.confirmed_at.map(format_instant),
        receipt: row.receipt_id,
        applied_by: row.applied_by,
        applied_at: row.applied_at.map(format_instant),
        reversed_by: row.reversed_by,
        reversed_at: row.reversed_at.map(format_instant),
        reversing_reason: row.reversing_reason,
        version: row.version,
    }
}

pub(super) fn detail(invoice: Invoice) -> InvoiceDetail {
    let Invoice { mut row, amounts, lines, differences } = invoice;
    InvoiceDetail {
        cae: row.cae.take(),
        cae_due_on: row.cae_due_on.map(format_day),
        amounts: amounts.into_iter().map(amount_item).collect(),
        lines: lines.into_iter().map(line_item).collect(),
        differences: differences.into_iter().map(difference_item).collect(),
        invoice: item(row),
    }
}

fn difference_item(found: FoundDifference) -> DifferenceItem {
    let told = |value: i64| match found.kind.is_cost() {
        true => UnitCost::new(value).to_string(),
        false => printed(Qty::new(value)),
    };
    DifferenceItem {
        line: found.line,
        kind: found.kind.code().to_owned(),
        expected: told(found.expected),
        found: told(found.found),
        amount: found.amount.map(|amount| Money::new(amount).to_string()),
        product: found.sku.map(|sku| format!("sku:{sku}")),
        text: found.about,
    }
}

fn amount_item(stored: StoredAmount) -> AmountItem {
    let rate = stored.rate_permille.and_then(gondola_papers::fiscal::VatRate::from_permille);
    AmountItem {
        kind: stored.kind,
        rate: rate.map(rate_text),
        province: stored.province,
        amount: Money::new(stored.amount).to_string(),
    }
}

fn line_item(line: StoredLine) -> InvoiceLineItem {
    let change = line.cost_change().and_then(|change| change.rate());
    let own = line.product_unit.as_deref().and_then(Unit::from_code).unwrap_or(Unit::Kg);
    InvoiceLineItem {
        line: line.line,
        code: line.code,
        barcode: line.barcode,
        text: line.about,
        quantity: line.quantity.map(|quantity| printed(Qty::new(quantity))),
        unit: line.unit,
        units_per_case: line.units_per_case,
        price: line.price.map(|price| UnitCost::new(price).to_string()),
        discount: Money::new(line.discount_bp).to_string(),
        vat: line.vat.filter(|code| vat_from_code(code).is_some()),
        subtotal: line.subtotal.map(|subtotal| Money::new(subtotal).to_string()),
        goods: line.is_goods,
        product: line.sku.map(|sku| format!("sku:{sku}")),
        name: line.name,
        matched_by: line.matched_by,
        lot_code: line.lot_code,
        expires_on: line.expires_on.map(format_day),
        received: line.received.map(|received| Qty::new(received).format(own)),
        unit_cost: line.unit_cost.map(|cost| UnitCost::new(cost).to_string()),
        last_cost: line.last_cost.map(|cost| UnitCost::new(cost).to_string()),
        cost_change: change.map(|rate| rate.to_string()),
        confidence: share(line.confidence_permille),
    }
}

/// A quantity as it is printed: whole ones without places.
pub(super) fn printed(quantity: Qty) -> String {
    quantity.format(if quantity.is_whole() { Unit::Un } else { Unit::Kg })
}

pub(super) fn claim_item(claim: Claim) -> ClaimItem {
    let told = |value: i64| match claim.kind.as_str() {
        "cost" => UnitCost::new(value).to_string(),
        _ => printed(Qty::new(value)),
    };
    ClaimItem {
        id: claim.id,
        number: claim.number,
        invoice: claim.invoice_id,
        invoice_number: claim.invoice_number,
        line: claim.line,
        product: claim.sku.map(|sku| format!("sku:{sku}")),
        text: claim.about,
        expected: told(claim.expected),
        found: told(claim.found),
        amount: Money::new(claim.amount).to_string(),
        state: claim.state,
        created_at: format_instant(claim.created_at),
        ended_by: claim.ended_by,
        ended_at: claim.ended_at.map(format_instant),
        ending: claim.ending,
        credit_note: claim.credit_note_id,
        supplier: claim.supplier,
        supplier_name: claim.supplier_name,
        kind: claim.kind,
    }
}
