//! The commands that add to an account and take back. Each locks the supplier first, so that no number comes in twice.

use gondola_ledger::Money;
use gondola_ledger::money::AMOUNT_MAX;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{EntryKind, NewEntry};
use super::queries::{AccountEntry, balance};
use super::refusal::PayableRefusal;
use super::sql;
use crate::kernel::time::Day;
use crate::suppliers;

/// An entry as it was written, and what is owed now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Posted {
    /// The supplier's code.
    pub supplier: String,
    /// The entry.
    pub entry: AccountEntry,
}

/// Adds an entry to the account of a supplier.
#[derive(Debug, Clone)]
pub struct PostEntry {
    /// The supplier's code.
    pub supplier: String,
    /// The entry; whose it is, is looked up.
    pub entry: NewEntry,
}

impl Command for PostEntry {
    const NAME: &'static str = "payables.post";
    type Out = Posted;
    type Refusal = PayableRefusal;

    fn subject(&self) -> String {
        self.supplier.clone()
    }

    fn permission(&self) -> Permission {
        Permission::PostAccounts
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Posted, Fail<PayableRefusal>> {
        let found = suppliers::by_code(tx, &self.supplier).await?.ok_or(Fail::Refused(PayableRefusal::NotFound))?;
        cx.because(self.entry.reason.as_str());
        let due_on = self.entry.due_on.or_else(|| due_by_terms(&self.entry, found.payment_days));
        let entry = NewEntry { supplier: found.id, due_on, ..self.entry.clone() };
        let entry = post_within(tx, cx, &entry).await?;
        Ok(Posted { supplier: found.code, entry })
    }
}

/// What is owed is due so many days after it was issued, unless somebody said otherwise.
fn due_by_terms(entry: &NewEntry, payment_days: i64) -> Option<Day> {
    let days = Day::try_from(payment_days).ok()?;
    entry.amount.is_positive().then(|| entry.issued_on.saturating_add(days))
}

/// As [`PostEntry`], within another command.
///
/// # Errors
/// What it refuses, and the database's failure.
pub async fn post_within(
    tx: &mut Tx<'_>,
    cx: &Context,
    entry: &NewEntry,
) -> Result<AccountEntry, Fail<PayableRefusal>> {
    lock(tx, entry.supplier).await?;
    if let (Some(document), true) = (&entry.document, entry.kind != EntryKind::Payment) {
        let known: i64 = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::HAS_DOCUMENT))
            .bind(entry.supplier).bind(document).bind(entry.kind.code()).fetch_one(c).await?);
        if known > 0 {
            return Err(Fail::Refused(PayableRefusal::DocumentTaken(document.clone())));
        }
    }
    write(tx, cx, entry, None).await
}

/// Takes an entry back by one of the same amount on the other side.
#[derive(Debug, Clone)]
pub struct ReverseEntry {
    /// The supplier's code.
    pub supplier: String,
    /// The entry.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for ReverseEntry {
    const NAME: &'static str = "payables.reverse";
    type Out = Posted;
    type Refusal = PayableRefusal;

    fn subject(&self) -> String {
        self.supplier.clone()
    }

    fn permission(&self) -> Permission {
        Permission::PostAccounts
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Posted, Fail<PayableRefusal>> {
        let found = suppliers::by_code(tx, &self.supplier).await?.ok_or(Fail::Refused(PayableRefusal::NotFound))?;
        cx.because(self.reason.as_str());
        lock(tx, found.id).await?;
        let entry = find(tx, found.id, self.id).await?.ok_or(Fail::Refused(PayableRefusal::NotFound))?;
        if entry.source_kind.is_some() {
            return Err(Fail::Refused(PayableRefusal::BelongsToDocument));
        }
        let entry = mirror(tx, cx, found.id, &entry, &self.reason).await?;
        Ok(Posted { supplier: found.code, entry })
    }
}

/// As [`ReverseEntry`], within the command that takes back the document that an entry follows from.
///
/// # Errors
/// What it refuses, and the database's failure.
pub async fn reverse_within(
    tx: &mut Tx<'_>,
    cx: &Context,
    (supplier, id): (Uuid, Uuid),
    reason: &str,
) -> Result<AccountEntry, Fail<PayableRefusal>> {
    lock(tx, supplier).await?;
    let entry = find(tx, supplier, id).await?.ok_or(Fail::Refused(PayableRefusal::NotFound))?;
    mirror(tx, cx, supplier, &entry, reason).await
}

async fn mirror(
    tx: &mut Tx<'_>,
    cx: &Context,
    supplier: Uuid,
    entry: &AccountEntry,
    reason: &str,
) -> Result<AccountEntry, Fail<PayableRefusal>> {
    if entry.reverses.is_some() {
        return Err(Fail::Refused(PayableRefusal::IsReversal));
    }
    if entry.reversed_by.is_some() {
        return Err(Fail::Refused(PayableRefusal::AlreadyReversed));
    }
    let kind = EntryKind::from_code(&entry.kind)
        .ok_or_else(|| StoreError::corrupt("supplier_entries", "kind", entry.id, &entry.kind))?;
    let taken_back = NewEntry {
        supplier,
        kind,
        amount: Money::new(-entry.amount),
        document: entry.document.clone(),
        issued_on: cx.day_of(cx.now),
        due_on: None,
        method: None,
        reason: reason.to_owned(),
        source: None,
    };
    write(tx, cx, &taken_back, Some(entry.id)).await
}

/// Locks the account until the end of the transaction.
async fn lock(tx: &mut Tx<'_>, supplier: Uuid) -> Result<(), StoreError> {
    let _: Uuid = both!(tx, c, text => sqlx::query_scalar(text(sql::LOCK_SUPPLIER)).bind(supplier).fetch_one(c).await?);
    Ok(())
}

async fn write(
    tx: &mut Tx<'_>,
    cx: &Context,
    entry: &NewEntry,
    reverses: Option<Uuid>,
) -> Result<AccountEntry, Fail<PayableRefusal>> {
    let after = balance(tx, entry.supplier).await?.checked_add(entry.amount);
    if after.is_none_or(|after| after.abs() > AMOUNT_MAX) {
        return Err(Fail::Refused(PayableRefusal::TooLarge));
    }
    let (source_kind, source_id) = entry.source.unzip();
    let id = cx.new_id();
    let written = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_ENTRY))
        .bind(id).bind(entry.supplier).bind(entry.kind.code()).bind(entry.amount.raw()).bind(&entry.document)
        .bind(entry.issued_on).bind(entry.due_on).bind(entry.method.map(|method| method.code())).bind(&entry.reason)
        .bind(reverses).bind(source_kind).bind(source_id).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
        .execute(c).await?.rows_affected());
    expect_rows(sql::INSERT_ENTRY, 1, written)?;
    let found = find(tx, entry.supplier, id).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("supplier_entries", "id", id, "it was just written"))?)
}

async fn find(tx: &mut Tx<'_>, supplier: Uuid, id: Uuid) -> Result<Option<AccountEntry>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_ENTRY)).bind(id).bind(supplier).fetch_optional(c).await?))
}
