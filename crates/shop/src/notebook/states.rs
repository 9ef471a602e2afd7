//! What became of the notebook's lines, for the features that buy: they lock the lines they take and turn them on.

use gondola_ledger::Qty;
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::entry::{Action, EntryState, Priority};
use super::sql;
use crate::kernel::bulk::id_list;

/// A line under lock.
#[derive(Debug, Clone)]
pub struct Locked {
    /// The line.
    pub id: Uuid,
    /// Where it stands.
    pub state: EntryState,
    /// What is to be done.
    pub action: Action,
    /// Of which product, when it is known.
    pub product: Option<Uuid>,
    /// What it is about, in somebody's words.
    pub about: String,
    /// How much of which unit, if anybody said.
    pub quantity: Option<(Qty, String)>,
    /// Whom it is bought from, if anybody knows.
    pub supplier: Option<Uuid>,
    /// How soon.
    pub priority: Priority,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    state: String,
    action: String,
    product_id: Option<Uuid>,
    about: String,
    quantity: Option<i64>,
    unit: Option<String>,
    supplier_id: Option<Uuid>,
    priority: String,
}

/// Locks these lines; one that is not there is not among them.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Locked>, StoreError> {
    let list = id_list(ids);
    let rows: Vec<Row> = both!(tx, c, text => sqlx::query_as(text(sql::LOCK_ENTRIES)).bind(list).fetch_all(c).await?);
    rows.into_iter().map(locked).collect()
}

fn locked(row: Row) -> Result<Locked, StoreError> {
    let corrupt = |column, found: &str| StoreError::corrupt("notebook_entries", column, row.id, found.to_owned());
    Ok(Locked {
        id: row.id,
        state: EntryState::from_code(&row.state).ok_or_else(|| corrupt("state", &row.state))?,
        action: Action::from_code(&row.action).ok_or_else(|| corrupt("action", &row.action))?,
        priority: Priority::from_code(&row.priority).ok_or_else(|| corrupt("priority", &row.priority))?,
        product: row.product_id,
        about: row.about,
        quantity: row.quantity.map(Qty::new).zip(row.unit),
        supplier: row.supplier_id,
    })
}

/// Turns lines from one state to another; those that do not stand there stay. Answers how many it turned.
///
/// # Errors
/// [`StoreError`].
pub async fn turn(tx: &mut Tx<'_>, ids: &[Uuid], from: EntryState, to: EntryState) -> Result<u64, StoreError> {
    let list = id_list(ids);
    Ok(both!(tx, c, text => sqlx::query(text(sql::TURN_ENTRIES))
        .bind(list).bind(from.code()).bind(to.code()).execute(c).await?.rows_affected()))
}

/// Locks the lines of these products that ask for goods and that nobody ordered.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_pending(tx: &mut Tx<'_>, products: &[Uuid]) -> Result<Vec<Locked>, StoreError> {
    let list = id_list(products);
    let rows: Vec<Row> = both!(tx, c, text => sqlx::query_as(text(sql::LOCK_PENDING)).bind(list).fetch_all(c).await?);
    rows.into_iter().map(locked).collect()
}

/// Says that what pending lines ask for came with a delivery.
///
/// # Errors
/// [`StoreError`].
pub async fn answer(tx: &mut Tx<'_>, ids: &[Uuid], delivery: Uuid) -> Result<(), StoreError> {
    let list = id_list(ids);
    both!(tx, c, text => sqlx::query(text(sql::ANSWER_ENTRIES)).bind(list).bind(delivery).execute(c).await?.rows_affected());
    Ok(())
}

/// Opens the lines again that a delivery answered.
///
/// # Errors
/// [`StoreError`].
pub async fn reopen(tx: &mut Tx<'_>, delivery: Uuid) -> Result<(), StoreError> {
    both!(tx, c, text => sqlx::query(text(sql::REOPEN_ENTRIES)).bind(delivery).execute(c).await?.rows_affected());
    Ok(())
}
