//! The notebook as people see it.

use std::collections::HashMap;

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::id_list;
use crate::kernel::{Problem, Reader};

/// Suppliers offered at once.
const SUPPLIERS_MAX: i64 = 500;

/// A line of the notebook without who noted it.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// `restock`, `purchase`, `remark` or `incident`.
    pub action: String,
    /// The product's SKU, when it is about one.
    pub sku: Option<String>,
    /// The product's name.
    pub name: Option<String>,
    /// The product's unit.
    pub product_unit: Option<String>,
    /// What it is about, in somebody's words.
    pub about: String,
    /// How much, in thousandths of `unit`.
    pub quantity: Option<i64>,
    /// The unit, as people say it.
    pub unit: Option<String>,
    /// Code of whom it is bought from.
    pub supplier: Option<String>,
    /// Their name.
    pub supplier_name: Option<String>,
    /// `high`, `normal` or `low`.
    pub priority: String,
    /// `pending`, `ordered`, `received` or `discarded`.
    pub state: String,
    /// Why, if anybody said.
    pub reason: Option<String>,
    /// Why it was crossed out, if anybody said.
    pub closing_reason: Option<String>,
    /// When it was noted first.
    pub first_noted_at: At,
    /// When it was noted last.
    pub noted_at: At,
    /// Grows with every change.
    pub version: i64,
    /// What the shop has of the product in all places, in thousandths of its unit.
    pub on_hand: Option<i64>,
}

/// Somebody's note of a line.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Said {
    /// The line.
    pub entry_id: Uuid,
    /// The sentence as typed; empty when it was a form.
    pub sentence: String,
    /// How much they asked for, in thousandths of `unit`.
    pub quantity: Option<i64>,
    /// The unit they said.
    pub unit: Option<String>,
    /// Who.
    pub actor_name: String,
    /// When.
    pub noted_at: At,
}

/// A line with everybody who noted it, the first one first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Noted {
    /// The line.
    pub entry: Entry,
    /// Who noted it.
    pub notes: Vec<Said>,
}

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// In this state.
    pub state: Option<&'static str>,
    /// Bought from the supplier with this code.
    pub supplier: Option<String>,
    /// About which this is to be done.
    pub action: Option<&'static str>,
}

/// Where a page begins: when the last one shown was noted, and its id.
pub type EntryKey = (At, Uuid);

/// Lines, the one noted last on top, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn entries(
    reader: &mut Reader,
    filter: &EntryFilter,
    after: Option<EntryKey>,
    limit: i64,
) -> Result<Vec<Noted>, Problem> {
    let (noted_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    let own = reader.location();
    let mut tx = reader.tx();
    let rows: Vec<Entry> = both!(&mut tx, c, text => sqlx::query_as(text(sql::LIST_ENTRIES))
        .bind(filter.state).bind(&filter.supplier).bind(filter.action).bind(noted_at).bind(id).bind(limit + 1)
        .fetch_all(c).await?);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut of_entry: HashMap<Uuid, Vec<Said>> = HashMap::new();
    for note in notes(&mut tx, &ids).await? {
        of_entry.entry(note.entry_id).or_default().push(note);
    }
    let noted = rows.into_iter().map(|entry| Noted { notes: of_entry.remove(&entry.id).unwrap_or_default(), entry });
    let mut found: Vec<Noted> = noted.collect();
    found.iter_mut().for_each(|noted| blind(noted, own));
    Ok(found)
}

/// One line.
///
/// # Errors
/// The database's failure.
pub async fn entry(reader: &mut Reader, id: Uuid) -> Result<Option<Noted>, Problem> {
    let own = reader.location();
    let mut found = find(&mut reader.tx(), id).await?;
    found.iter_mut().for_each(|noted| blind(noted, own));
    Ok(found)
}

/// Who sees one place learns nothing of the others' stock.
fn blind(noted: &mut Noted, own: Option<Uuid>) {
    if own.is_some() {
        noted.entry.on_hand = None;
    }
}

/// The suppliers to choose from: code and name.
///
/// # Errors
/// The database's failure.
pub async fn supplier_choices(reader: &mut Reader) -> Result<Vec<(String, String)>, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::SUPPLIERS)).bind(SUPPLIERS_MAX).fetch_all(c).await?))
}

pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Noted>, StoreError> {
    let found: Option<Entry> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_ENTRY)).bind(id).fetch_optional(c).await?);
    let Some(entry) = found else { return Ok(None) };
    let notes = notes(tx, &[id]).await?;
    Ok(Some(Noted { entry, notes }))
}

async fn notes(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Said>, StoreError> {
    let list = id_list(ids);
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::NOTES_OF)).bind(list).fetch_all(c).await?))
}
