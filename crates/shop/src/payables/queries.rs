//! Accounts as people and programs read them.

use std::collections::HashMap;

use gondola_ledger::Money;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::ageing::{Ageing, OpenItem, Owed, open_items};
use super::sql;
use crate::kernel::time::Day;

/// An entry of an account, with the balance after it.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct AccountEntry {
    /// Its place in the account.
    pub sequence: i64,
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// How much, in centavos; more than zero is owed.
    pub amount: i64,
    /// The number on the paper.
    pub document: Option<String>,
    /// The day on the paper.
    pub issued_on: Day,
    /// Until when it is to be paid.
    pub due_on: Option<Day>,
    /// How it was paid.
    pub method: Option<String>,
    /// What for.
    pub reason: String,
    /// The entry that it takes back.
    pub reverses: Option<Uuid>,
    /// The entry that takes it back.
    pub reversed_by: Option<Uuid>,
    /// The kind of document of the shop that it follows from.
    pub source_kind: Option<String>,
    /// That document.
    pub source_id: Option<Uuid>,
    /// Who wrote it.
    pub actor_name: String,
    /// When.
    pub recorded_at: At,
    /// What the shop owed then, in centavos.
    pub balance_after: i64,
}

/// A page of an account, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn entries(
    tx: &mut Tx<'_>,
    supplier: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AccountEntry>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_ENTRIES))
        .bind(supplier).bind(before.unwrap_or(i64::MAX)).bind(limit + 1).fetch_all(c).await?))
}

/// What the shop owes a supplier; less than zero when the supplier owes the shop.
///
/// # Errors
/// The database's failure.
pub async fn balance(tx: &mut Tx<'_>, supplier: Uuid) -> Result<Money, StoreError> {
    let balance: i64 = both!(tx, c, text => sqlx::query_scalar(text(sql::BALANCE)).bind(supplier).fetch_one(c).await?);
    Ok(Money::new(balance))
}

/// What one supplier is owed, or each of them.
///
/// # Errors
/// The database's failure.
pub async fn open_of(tx: &mut Tx<'_>, supplier: Option<Uuid>) -> Result<HashMap<Uuid, Vec<OpenItem>>, StoreError> {
    #[derive(FromRow)]
    struct OwedRow {
        supplier_id: Uuid,
        sequence: i64,
        amount: i64,
        due_on: Day,
    }
    let owed: Vec<OwedRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::OWED)).bind(supplier).fetch_all(c).await?);
    let paid: Vec<(Uuid, i64)> =
        both!(tx, c, text => sqlx::query_as(text(sql::PAID)).bind(supplier).fetch_all(c).await?);
    let paid: HashMap<Uuid, i64> = paid.into_iter().collect();
    let mut by_supplier: HashMap<Uuid, Vec<Owed>> = HashMap::new();
    for OwedRow { supplier_id, sequence, amount, due_on } in owed {
        by_supplier.entry(supplier_id).or_default().push(Owed { sequence, amount: Money::new(amount), due_on });
    }
    let open = |(supplier, owed)| {
        let paid = Money::new(paid.get(&supplier).copied().unwrap_or(0));
        (supplier, open_items(owed, paid))
    };
    Ok(by_supplier.into_iter().map(open).collect())
}

/// How a supplier's account stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The supplier's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What the shop owes it.
    pub balance: Money,
    /// The same by how late it is.
    pub ageing: Ageing,
}

#[derive(FromRow)]
struct AccountRow {
    id: Uuid,
    code: String,
    name: String,
    balance: i64,
}

/// How every account stands on a day, by the supplier's code.
///
/// # Errors
/// The database's failure.
pub async fn standings(tx: &mut Tx<'_>, today: Day) -> Result<Vec<Standing>, StoreError> {
    let accounts: Vec<AccountRow> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::ACCOUNTS)).fetch_all(c).await?);
    let open = open_of(tx, None).await?;
    let standing = |AccountRow { id, code, name, balance }| {
        let ageing = Ageing::of(open.get(&id).map(Vec::as_slice).unwrap_or_default(), today);
        Standing { code, name, balance: Money::new(balance), ageing }
    };
    Ok(accounts.into_iter().map(standing).collect())
}
