//! Entries get their place in the chain: at once where one writes at a time, a moment later where many do.

use std::convert::Infallible;

use gondola_vault::{Digest, hex};
use serde::Serialize;
use sqlx::FromRow;

use super::chain::{GENESIS, hash};
use super::entry::{Audited, Entry, EntryRow};
use super::sql;
use crate::access::Permission;
use crate::both;
use crate::command::{Command, Context, Fail};
use crate::db::Engine;
use crate::error::StoreError;
use crate::tx::{Tx, expect_rows};

/// Entries sealed per statement.
const SEALED_AT_ONCE: i64 = 1_000;

/// Where the trail ends.
#[derive(FromRow)]
pub(super) struct End {
    pub sequence: i64,
    pub position: i64,
    pub row_hash: Option<Vec<u8>>,
}

impl End {
    pub async fn of(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        Ok(both!(tx, c, text => sqlx::query_as(text(sql::END)).fetch_one(c).await?))
    }

    /// The hash that the next entry follows.
    pub fn hash(&self) -> Result<Digest, StoreError> {
        match &self.row_hash {
            None => Ok(GENESIS),
            Some(bytes) => bytes
                .as_slice()
                .try_into()
                .map_err(|_| StoreError::corrupt("audit_trail", "row_hash", self.position, "a hash has 32 bytes")),
        }
    }
}

/// Writes an entry within the transaction of what it tells about.
pub(crate) async fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    let (mut sequence, mut row) = (None, EntryRow::of(entry, 0));
    if tx.engine() == Engine::Sqlite {
        let end = End::of(tx).await?;
        let before = end.hash()?;
        (sequence, row.sequence) = (Some(end.sequence + 1), end.sequence + 1);
        row.row_hash = Some(hash(&row, end.position + 1, &before).to_vec());
        (row.position, row.prev_hash) = (Some(end.position + 1), Some(before.to_vec()));
    }
    let written = both!(tx, c, text => sqlx::query(text(sql::INSERT))
        .bind(sequence).bind(&row.event).bind(&row.family).bind(row.at).bind(&row.actor).bind(&row.actor_name)
        .bind(&row.face).bind(&row.resource).bind(row.status).bind(row.records).bind(&row.client_ip).bind(&row.agent)
        .bind(&row.request_id).bind(&row.class).bind(row.sensitivity).bind(&row.reason).bind(&row.before_digest)
        .bind(&row.after_digest).bind(row.position).bind(&row.prev_hash).bind(&row.row_hash)
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

/// Links what was committed since, in the order it was written; what commits late comes after what was linked before it.
/// Answers how many entries. Two at once wait for each other.
pub struct SealAudit;

/// A seal, as the statement takes it.
#[derive(Serialize)]
struct Seal {
    sequence: i64,
    position: i64,
    prev_hash: String,
    row_hash: String,
}

impl Command for SealAudit {
    const NAME: &'static str = "audit.seal";
    const AUDITED: Option<Audited> = None;
    type Out = u64;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<u64, Fail<Infallible>> {
        if let Tx::Postgres(connection) = tx {
            sqlx::query(sql::LOCK_CHAIN.text(Engine::Postgres)).execute(&mut **connection).await?;
        }
        let end = End::of(tx).await?;
        let (mut position, mut before, mut sealed) = (end.position, end.hash()?, 0);
        loop {
            let rows: Vec<EntryRow> =
                both!(tx, c, text => sqlx::query_as(text(sql::UNSEALED)).bind(SEALED_AT_ONCE).fetch_all(c).await?);
            if rows.is_empty() {
                return Ok(sealed);
            }
            let mut seals = Vec::with_capacity(rows.len());
            for row in &rows {
                position += 1;
                let own = hash(row, position, &before);
                seals.push(Seal { sequence: row.sequence, position, prev_hash: hex(&before), row_hash: hex(&own) });
                before = own;
            }
            let seals = serde_json::to_string(&seals).expect("seals are plain values");
            let given =
                both!(tx, c, text => sqlx::query(text(sql::SEAL)).bind(seals).execute(c).await?.rows_affected());
            expect_rows(sql::SEAL, rows.len() as u64, given)?;
            sealed += given;
        }
    }
}

/// Whether an entry waits for its seal.
///
/// # Errors
/// [`StoreError`].
pub async fn awaits_seal(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::AWAITS_SEAL)).fetch_one(c).await?))
}
