//! Invoices as stored, and what several commands do with them.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_store::{Fail, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::refusal::InvoiceRefusal;
use super::sql;
use super::state::InvoiceState;
use super::written::{Amount, Head, WrittenLine, kind_code, vat_code};
use crate::kernel::bulk::{hex, hex_option, insert_all};
use crate::kernel::time::Day;

/// The numbers of invoices.
pub(super) const INVOICES: &str = "invoice";
/// The numbers of claims.
pub(super) const CLAIMS: &str = "supplier_claim";

/// An invoice under lock.
#[derive(FromRow)]
pub(super) struct Locked {
    pub id: Uuid,
    state: String,
    pub supplier_id: Option<Uuid>,
    pub receipt_id: Option<Uuid>,
    pub own_receipt: bool,
    pub entry_id: Option<Uuid>,
    pub version: i64,
}

impl Locked {
    pub fn state(&self) -> Result<InvoiceState, StoreError> {
        InvoiceState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("invoices", "state", self.id, &self.state))
    }
}

/// Locks an invoice.
pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Locked, Fail<InvoiceRefusal>> {
    let found: Option<Locked> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_INVOICE)).bind(id).fetch_optional(c).await?);
    found.ok_or(Fail::Refused(InvoiceRefusal::Unknown))
}

/// Writes what an invoice says in the place of what it said.
pub(super) async fn put_head(tx: &mut Tx<'_>, id: Uuid, head: &Head) -> Result<(), StoreError> {
    let (point, number) = head.number.map(|number| (number.point_of_sale(), number.number())).unzip();
    let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_HEAD))
        .bind(id).bind(head.kind.map(kind_code)).bind(head.letter.map(|letter| letter.text()))
        .bind(point.map(i64::from)).bind(number.map(i64::from))
        .bind(head.cae.map(|cae| format!("{:014}", cae.raw()))).bind(head.cae_due_on).bind(head.issued_on)
        .bind(head.due_on).bind(head.total.map(Money::raw)).execute(c).await?.rows_affected());
    expect_rows(sql::PUT_HEAD, 1, put)?;
    both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_AMOUNTS)).bind(id).execute(c).await.map(drop)?);
    let amount = |(position, amount): (usize, &Amount)| AmountOut {
        invoice_id: id,
        position,
        kind: amount.kind.code(),
        rate_permille: amount.rate.map(|rate| rate.permille()),
        province: amount.province.clone(),
        amount: amount.amount.raw(),
    };
    let amounts: Vec<AmountOut> = head.amounts.iter().enumerate().map(amount).collect();
    insert_all(tx, sql::INSERT_AMOUNTS, &amounts).await
}

#[derive(Serialize)]
struct AmountOut {
    #[serde(serialize_with = "hex")]
    invoice_id: Uuid,
    position: usize,
    kind: &'static str,
    rate_permille: Option<i64>,
    province: String,
    amount: i64,
}

/// Writes the lines of an invoice in the place of those it had.
pub(super) async fn put_lines(tx: &mut Tx<'_>, id: Uuid, lines: &[WrittenLine]) -> Result<(), StoreError> {
    both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_LINES)).bind(id).execute(c).await.map(drop)?);
    let rows: Vec<LineOut<'_>> = lines.iter().enumerate().map(|(at, line)| line_out(id, at + 1, line)).collect();
    insert_all(tx, sql::INSERT_LINES, &rows).await
}

fn line_out(invoice_id: Uuid, number: usize, line: &WrittenLine) -> LineOut<'_> {
    LineOut {
        invoice_id,
        line: number,
        code: &line.code,
        barcode: &line.barcode,
        about: &line.about,
        quantity: line.quantity.map(Qty::raw),
        unit: &line.unit,
        units_per_case: line.units_per_case,
        price: line.price.map(UnitCost::raw),
        discount_bp: line.discount_bp,
        vat: line.vat.map(vat_code),
        subtotal: line.subtotal.map(Money::raw),
        is_goods: line.is_goods,
        product_id: line.product,
        matched_by: line.matched_by.map(|way| way.code()),
        lot_code: &line.lot_code,
        expires_on: line.expires_on,
        received: None,
        unit_cost: None,
        confidence_permille: line.confidence_permille,
    }
}

#[derive(Serialize)]
struct LineOut<'l> {
    #[serde(serialize_with = "hex")]
    invoice_id: Uuid,
    line: usize,
    code: &'l str,
    barcode: &'l str,
    about: &'l str,
    quantity: Option<i64>,
    unit: &'l str,
    units_per_case: Option<u32>,
    price: Option<i64>,
    discount_bp: i64,
    vat: Option<String>,
    subtotal: Option<i64>,
    is_goods: bool,
    #[serde(serialize_with = "hex_option")]
    product_id: Option<Uuid>,
    matched_by: Option<&'static str>,
    lot_code: &'l str,
    expires_on: Option<Day>,
    received: Option<i64>,
    unit_cost: Option<i64>,
    confidence_permille: u16,
}
