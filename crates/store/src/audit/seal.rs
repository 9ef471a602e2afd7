//! Entries get their place in the chain: at once where one writes at a time, a moment later where many do.

use std::convert::Infallible;

use super::entry::{Audited, Entry, EntryRow};
use super::sql;
use crate::access::Permission;
use crate::both;
use crate::chain::{self, ChainSql, End, Linked};
use crate::command::{Command, Context, Fail};
use crate::db::Engine;
use crate::error::StoreError;
use crate::protect::{self, AccessRow};
use crate::tx::{Tx, expect_rows};

const CHAIN: ChainSql = ChainSql { lock: sql::LOCK_CHAIN, end: sql::END, unsealed: sql::UNSEALED, seal: sql::SEAL };

/// Writes an entry within the transaction of what it tells about.
pub(crate) async fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    let (mut sequence, mut row) = (None, EntryRow::of(entry, 0));
    if tx.engine() == Engine::Sqlite {
        let end = End::of(tx, sql::END).await?;
        let before = end.hash()?;
        (sequence, row.sequence) = (Some(end.sequence + 1), end.sequence + 1);
        row.row_hash = Some(row.hash(end.position + 1, &before).to_vec());
        (row.position, row.prev_hash) = (Some(end.position + 1), Some(before.to_vec()));
    }
    let written = both!(tx, c, text => sqlx::query(text(sql::INSERT))
        .bind(sequence).bind(&row.event).bind(&row.family).bind(row.at).bind(&row.actor).bind(&row.actor_name)
        .bind(&row.face).bind(&row.resource).bind(row.status).bind(row.records).bind(&row.client_ip).bind(&row.agent)
        .bind(&row.request_id).bind(&row.class).bind(row.sensitivity).bind(&row.reason).bind(&row.approver)
        .bind(&row.before_digest).bind(&row.after_digest).bind(row.position).bind(&row.prev_hash).bind(&row.row_hash)
        .execute(c).await?.rows_affected());
    expect_rows(sql::INSERT, 1, written)
}

/// Writes entries about what no command did: requests that were turned away.
pub struct NoteEntries(pub Vec<Entry>);

impl Command for NoteEntries {
    const NAME: &'static str = "audit.note_entries";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<Infallible>> {
        for entry in &self.0 {
            append(tx, entry).await?;
        }
        Ok(())
    }
}

/// Links what was committed since into the trail and into the log of accesses ([`chain::seal`]). Answers how many rows.
pub struct SealAudit;

impl Command for SealAudit {
    const NAME: &'static str = "audit.seal";
    const AUDITED: Option<Audited> = None;
    type Out = u64;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<u64, Fail<Infallible>> {
        let entries = chain::seal::<EntryRow>(tx, &CHAIN).await?;
        Ok(entries + chain::seal::<AccessRow>(tx, &protect::CHAIN).await?)
    }
}

/// Whether an entry or an access waits for its seal.
///
/// # Errors
/// [`StoreError`].
pub async fn awaits_seal(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let entry: bool = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::AWAITS_SEAL)).fetch_one(c).await?);
    let access: bool = both!(tx, c, text => sqlx::query_scalar(text(protect::sql::AWAITS_SEAL)).fetch_one(c).await?);
    Ok(entry || access)
}
