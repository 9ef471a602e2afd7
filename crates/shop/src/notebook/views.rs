//! The notebook as the API answers it.

use gondola_ledger::{Qty, Unit};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::{Action, EntryState};
use super::queries::{Entry, Noted, Said};
use crate::kernel::time::format_instant;

/// A line of the notebook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotebookEntry)]
pub struct EntryItem {
    /// Its id.
    pub id: Uuid,
    /// `restock`, `purchase`, `remark` or `incident`.
    #[schema(example = "restock")]
    pub action: String,
    /// `pending`, `ordered`, `received` or `discarded`.
    #[schema(example = "pending")]
    pub state: String,
    /// `high`, `normal` or `low`.
    #[schema(example = "normal")]
    pub priority: String,
    /// The product, as `sku:SKU`; null for a brand or a free text.
    #[schema(required)]
    pub product: Option<String>,
    /// The product's name.
    #[schema(required)]
    pub name: Option<String>,
    /// What it is about, in somebody's words.
    pub text: String,
    /// How much; null when nobody said.
    #[schema(required)]
    pub quantity: Option<String>,
    /// The unit, as people say it.
    #[schema(required)]
    pub unit: Option<String>,
    /// Code of whom it is bought from.
    #[schema(required)]
    pub supplier: Option<String>,
    /// Why, if anybody said.
    #[schema(required)]
    pub reason: Option<String>,
    /// Why it was crossed out, if anybody said.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// When it was noted first, UTC.
    #[schema(format = DateTime)]
    pub first_noted_at: String,
    /// When it was noted last, UTC.
    #[schema(format = DateTime)]
    pub noted_at: String,
    /// Everybody who noted it, the first one first.
    pub notes: Vec<SaidItem>,
    /// Whether it is said to be missing while the books show some of it: then a count tells who is right.
    pub count_suggested: bool,
    /// Grows with every change.
    pub version: i64,
}

/// Somebody's note of a line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotebookNote)]
pub struct SaidItem {
    /// Who.
    pub user: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub noted_at: String,
    /// The sentence as typed; empty when it was a form.
    pub sentence: String,
    /// How much they asked for.
    #[schema(required)]
    pub quantity: Option<String>,
    /// The unit they said.
    #[schema(required)]
    pub unit: Option<String>,
}

pub(super) fn item(Noted { entry, notes }: Noted) -> EntryItem {
    let count_suggested = suggests_count(&entry);
    EntryItem {
        quantity: amount(entry.quantity, entry.unit.as_deref()),
        notes: notes.into_iter().map(said).collect(),
        product: entry.sku.map(|sku| format!("sku:{sku}")),
        first_noted_at: format_instant(entry.first_noted_at),
        noted_at: format_instant(entry.noted_at),
        id: entry.id,
        action: entry.action,
        state: entry.state,
        priority: entry.priority,
        name: entry.name,
        text: entry.about,
        unit: entry.unit,
        supplier: entry.supplier,
        reason: entry.reason,
        closing_reason: entry.closing_reason,
        version: entry.version,
        count_suggested,
    }
}

fn said(note: Said) -> SaidItem {
    SaidItem {
        quantity: amount(note.quantity, note.unit.as_deref()),
        user: note.actor_name,
        noted_at: format_instant(note.noted_at),
        sentence: note.sentence,
        unit: note.unit,
    }
}

/// Whether somebody misses what the books say is there.
pub(super) fn suggests_count(entry: &Entry) -> bool {
    let is_missed = entry.action == Action::Restock.code() && entry.state == EntryState::Pending.code();
    is_missed && entry.on_hand.is_some_and(|on_hand| on_hand > 0)
}

/// A quantity in a unit as people say it: whole packs are written whole.
fn amount(quantity: Option<i64>, unit: Option<&str>) -> Option<String> {
    let quantity = Qty::new(quantity?);
    let base = unit.and_then(Unit::from_code);
    Some(quantity.format(base.unwrap_or(if quantity.is_whole() { Unit::Un } else { Unit::Kg })))
}
