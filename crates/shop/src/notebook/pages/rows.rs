//! How lines of the notebook look in a page: everything written out in the reader's language. Templates print these and
//! decide nothing.

use gondola_ledger::{Qty, Unit};
use gondola_store::Permission;

use super::super::entry::{EntryState, Priority};
use super::super::queries::{Entry, Noted, Said};
use super::super::views::suggests_count;
use crate::kernel::Chrome;
use crate::kernel::numbers::show_amount;
use crate::stock::product_href;

/// A line in the list.
#[derive(Debug, Clone)]
pub(super) struct EntryRow {
    pub href: String,
    /// The product's name, or what somebody wrote.
    pub name: String,
    /// What somebody wrote, where that is not the product's name.
    pub about: Option<String>,
    pub product_href: Option<String>,
    pub action: String,
    /// `4 cajón`; none when nobody said.
    pub amount: Option<String>,
    pub priority: String,
    pub priority_kind: &'static str,
    pub is_urgent: bool,
    pub state: String,
    pub reason: Option<String>,
    pub closing_reason: Option<String>,
    /// Everybody who noted it.
    pub who: String,
    pub noted_at: String,
    /// What the books show, where somebody misses it.
    pub on_file: Option<String>,
    pub may_write: bool,
    pub is_discarded: bool,
}

/// Lines of one supplier.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The supplier's name; none for lines that nobody knows where to buy.
    pub supplier: Option<String>,
    pub rows: Vec<EntryRow>,
}

impl EntryRow {
    pub fn of(chrome: &Chrome, Noted { entry, notes }: &Noted) -> Self {
        let name = entry.name.clone().unwrap_or_else(|| entry.about.clone());
        let priority = Priority::from_code(&entry.priority).unwrap_or(Priority::Normal);
        let is_pending = entry.state == EntryState::Pending.code();
        Self {
            href: format!("/notebook/{}", entry.id),
            about: (entry.about != name).then(|| entry.about.clone()),
            product_href: entry.sku.as_deref().map(product_href),
            action: chrome.t(&format!("notebook.action_{}", entry.action)).to_owned(),
            amount: amount(entry.quantity, entry.unit.as_deref()),
            priority: chrome.t(&format!("notebook.priority_{}", entry.priority)).to_owned(),
            priority_kind: match priority {
                Priority::High => "bad",
                Priority::Normal => "",
                Priority::Low => "info",
            },
            is_urgent: priority == Priority::High,
            state: chrome.t(&format!("notebook.state_{}", entry.state)).to_owned(),
            reason: entry.reason.clone(),
            closing_reason: entry.closing_reason.clone(),
            who: who(notes),
            noted_at: chrome.instant(&entry.noted_at),
            on_file: on_file(entry),
            may_write: is_pending && chrome.may(Permission::WriteNotebook),
            is_discarded: entry.state == EntryState::Discarded.code(),
            name,
        }
    }
}

/// Lines by supplier, those nobody knows where to buy last; the urgent ones of each on top.
pub(super) fn groups(chrome: &Chrome, entries: &[Noted]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for noted in entries {
        let (supplier, row) = (noted.entry.supplier_name.clone(), EntryRow::of(chrome, noted));
        match groups.iter_mut().find(|group| group.supplier == supplier) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { supplier, rows: vec![row] }),
        }
    }
    groups.iter_mut().for_each(|group| group.rows.sort_by_key(|row| !row.is_urgent));
    groups.sort_by(|one, other| {
        (one.supplier.is_none(), &one.supplier).cmp(&(other.supplier.is_none(), &other.supplier))
    });
    groups
}

/// `4 cajón`, `1,250 kg`; a unit alone when nobody said how much.
pub(super) fn amount(quantity: Option<i64>, unit: Option<&str>) -> Option<String> {
    let (quantity, unit) = (Qty::new(quantity?), unit?);
    let base = Unit::from_code(unit).unwrap_or(if quantity.is_whole() { Unit::Un } else { Unit::Kg });
    Some(format!("{} {unit}", show_amount(quantity, base)))
}

/// Everybody who noted it, each once, the first one first.
fn who(notes: &[Said]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for note in notes {
        if !names.contains(&note.actor_name.as_str()) {
            names.push(&note.actor_name);
        }
    }
    names.join(", ")
}

fn on_file(entry: &Entry) -> Option<String> {
    let unit = Unit::from_code(entry.product_unit.as_deref()?)?;
    let shown = || Some(format!("{} {}", show_amount(Qty::new(entry.on_hand?), unit), unit.code()));
    suggests_count(entry).then(shown).flatten()
}
