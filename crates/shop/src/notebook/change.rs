//! What happens to a line of the notebook after it was written: it is changed, crossed out, or brought back.

use gondola_ledger::{Qty, Unit};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use sqlx::FromRow;
use uuid::Uuid;

use super::commands::{as_stored, measured, parts, supplier};
use super::entry::{EntryState, Priority};
use super::queries::Noted;
use super::refusal::NotebookRefused;
use super::sql;

/// What changes about a line that is still pending. What is not named stays; an inner nothing takes away.
#[derive(Debug, Clone, Default)]
pub struct EntryChange {
    /// How much.
    pub quantity: Option<Option<Qty>>,
    /// Of which unit.
    pub unit: Option<Option<String>>,
    /// Code of whom it is bought from.
    pub supplier: Option<Option<String>>,
    /// How soon.
    pub priority: Option<Priority>,
}

/// Changes a line.
#[derive(Debug, Clone)]
pub struct ChangeEntry {
    /// The line.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
    /// What changes.
    pub change: EntryChange,
}

#[derive(FromRow)]
struct LockedRow {
    id: Uuid,
    state: String,
    version: i64,
    quantity: Option<i64>,
    unit: Option<String>,
    priority: String,
    supplier_id: Option<Uuid>,
    product_unit: Option<String>,
}

impl LockedRow {
    fn state(&self) -> Result<EntryState, StoreError> {
        EntryState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("notebook_entries", "state", self.id, &self.state))
    }
}

impl Command for ChangeEntry {
    const NAME: &'static str = "notebook.change";
    type Out = Noted;
    type Refusal = NotebookRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Noted, Fail<NotebookRefused>> {
        let row = lock_one(tx, self.id).await?;
        if row.version != self.version {
            return Err(Fail::Refused(NotebookRefused::Stale));
        }
        let state = row.state()?;
        if state != EntryState::Pending {
            return Err(Fail::Refused(NotebookRefused::NotPending(state)));
        }
        cx.changes(&as_stored(tx, self.id).await?);
        let change = &self.change;
        let quantity = change.quantity.unwrap_or(row.quantity.map(Qty::new));
        let said = change.unit.clone().unwrap_or(row.unit);
        let base = row.product_unit.as_deref().and_then(Unit::from_code);
        let wanted = measured(quantity, said.as_deref(), base)?;
        let supplier = match &change.supplier {
            Some(Some(code)) => Some(supplier(tx, code).await?),
            Some(None) => None,
            None => row.supplier_id,
        };
        let priority = change.priority.map_or(row.priority, |priority| priority.code().to_owned());
        let (quantity, unit) = parts(wanted.as_ref(), said.as_deref());
        let changed = both!(tx, c, text => sqlx::query(text(sql::CHANGE_ENTRY))
            .bind(self.id).bind(quantity).bind(unit).bind(supplier).bind(priority).execute(c).await?.rows_affected());
        expect_rows(sql::CHANGE_ENTRY, 1, changed)?;
        as_stored(tx, self.id).await
    }
}

/// Crosses a line out.
#[derive(Debug, Clone)]
pub struct DiscardEntry {
    /// The line.
    pub id: Uuid,
    /// Why, if anybody said.
    pub reason: Option<String>,
}

impl Command for DiscardEntry {
    const NAME: &'static str = "notebook.discard";
    type Out = Noted;
    type Refusal = NotebookRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Noted, Fail<NotebookRefused>> {
        let state = lock_one(tx, self.id).await?.state()?;
        if state != EntryState::Pending {
            return Err(Fail::Refused(NotebookRefused::NotPending(state)));
        }
        turn_one(tx, cx, self.id, (state, EntryState::Discarded, self.reason.as_deref())).await
    }
}

/// Brings a line back that was crossed out.
#[derive(Debug, Clone, Copy)]
pub struct RestoreEntry {
    /// The line.
    pub id: Uuid,
}

impl Command for RestoreEntry {
    const NAME: &'static str = "notebook.restore";
    type Out = Noted;
    type Refusal = NotebookRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Noted, Fail<NotebookRefused>> {
        let state = lock_one(tx, self.id).await?.state()?;
        if state != EntryState::Discarded {
            return Err(Fail::Refused(NotebookRefused::NotDiscarded));
        }
        turn_one(tx, cx, self.id, (state, EntryState::Pending, None)).await
    }
}

async fn turn_one(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    (from, to, reason): (EntryState, EntryState, Option<&str>),
) -> Result<Noted, Fail<NotebookRefused>> {
    cx.changes(&as_stored(tx, id).await?);
    let turned = both!(tx, c, text => sqlx::query(text(sql::TURN_ENTRY))
        .bind(id).bind(from.code()).bind(to.code()).bind(reason).execute(c).await?.rows_affected());
    expect_rows(sql::TURN_ENTRY, 1, turned)?;
    as_stored(tx, id).await
}

async fn lock_one(tx: &mut Tx<'_>, id: Uuid) -> Result<LockedRow, Fail<NotebookRefused>> {
    let found: Option<LockedRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_ENTRY)).bind(id).fetch_optional(c).await?);
    found.ok_or(Fail::Refused(NotebookRefused::UnknownEntry))
}
