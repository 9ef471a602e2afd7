//! The log of accesses to protected columns (DAL): one row per request, table, column and operation, linked into a
//! chain of its own. It commits before a plaintext leaves the process.

use std::sync::PoisonError;

use gondola_vault::{Digest, sha256};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::column::ColumnName;
use super::sql;
use crate::access::{Actor, ActorKind};
use crate::audit::{AuditReport, Walk, each};
use crate::both;
use crate::chain::{ChainSql, End, Framed, Linked};
use crate::clock::At;
use crate::command::Context;
use crate::db::Engine;
use crate::error::StoreError;
use crate::registry::Sql;
use crate::tx::Tx;

/// Records named per access; all of them are counted and in the digest.
pub const RECORDS_NAMED: usize = 100;

/// Says what is hashed and how; another way of hashing has another name.
const DOMAIN: &[u8] = b"gondola accesses 1";

pub(crate) const CHAIN: ChainSql =
    ChainSql { lock: sql::LOCK_CHAIN, end: sql::END, unsealed: sql::UNSEALED, seal: sql::SEAL };

/// What was done with protected values (DAL-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Sealed.
    Encrypt,
    /// Opened.
    Decrypt,
    /// Sealed again with a newer key.
    Rotate,
    /// Opened for a list that went out.
    Export,
    /// Not opened.
    Denied,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 5] = [Self::Encrypt, Self::Decrypt, Self::Rotate, Self::Export, Self::Denied];

    /// The name in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encrypt => "ENCRYPT",
            Self::Decrypt => "DECRYPT",
            Self::Rotate => "ROTATE",
            Self::Export => "EXPORT",
            Self::Denied => "DENIED",
        }
    }
}

/// An access as it is written.
#[derive(Debug, Clone)]
pub struct Access {
    /// What was done.
    pub operation: Operation,
    /// To which column.
    pub column: ColumnName,
    /// Of which rows.
    pub records: Vec<Uuid>,
    /// What for: a command's name or a route.
    pub purpose: String,
    /// Why it was denied; empty otherwise.
    pub error: &'static str,
    /// The key of all of them; none where there are several.
    pub key: Option<u32>,
}

/// An access as it is stored, and as a line of an exported log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRow {
    /// In which order accesses were written.
    pub id: i64,
    /// When.
    pub accessed_at: At,
    /// `user`, `key`, `system` or `anonymous`.
    pub actor_type: String,
    /// The user's or key's id, or the system's name.
    pub actor_id: String,
    /// The face that was asked.
    pub face: String,
    /// Who the program was to the database.
    pub db_role: String,
    /// ENCRYPT, DECRYPT, ROTATE, EXPORT or DENIED.
    pub operation: String,
    /// The table.
    pub table_name: String,
    /// The column.
    pub column_name: String,
    /// Ids of the first hundred records, as a JSON list.
    pub record_ids: String,
    /// How many records.
    pub record_count: i64,
    /// SHA-256 of all their ids in order.
    pub record_digest: Vec<u8>,
    /// What for.
    pub purpose: String,
    /// `allowed` or `denied`.
    pub outcome: String,
    /// Why it was denied.
    pub error_code: String,
    /// The key that all were sealed with.
    pub key_id: Option<i64>,
    /// The request's id.
    pub request_id: String,
    /// The address of whoever asked.
    pub client_ip: String,
    /// Its place in the chain, from 1; none before it is sealed.
    pub position: Option<i64>,
    /// The hash of the access before it.
    pub prev_hash: Option<Vec<u8>>,
    /// Its own hash.
    pub row_hash: Option<Vec<u8>>,
}

impl AccessRow {
    fn of(access: &Access, actor: &Actor, at: At, db_role: &str) -> Self {
        let ids: Vec<u8> = access.records.iter().flat_map(|id| *id.as_bytes()).collect();
        let named = &access.records[..access.records.len().min(RECORDS_NAMED)];
        let denied = access.operation == Operation::Denied;
        let (actor_type, actor_id) = named_actor(actor);
        Self {
            id: 0,
            accessed_at: at,
            actor_type: actor_type.to_owned(),
            actor_id,
            face: actor.origin.face.to_owned(),
            db_role: db_role.to_owned(),
            operation: access.operation.code().to_owned(),
            table_name: access.column.table.to_owned(),
            column_name: access.column.column.to_owned(),
            record_ids: serde_json::to_string(named).expect("ids are plain values"),
            record_count: i64::try_from(access.records.len()).expect("a count fits 64 bits"),
            record_digest: sha256(&ids).to_vec(),
            purpose: access.purpose.clone(),
            outcome: if denied { "denied" } else { "allowed" }.to_owned(),
            error_code: access.error.to_owned(),
            key_id: access.key.map(i64::from),
            request_id: actor.origin.request_id.clone(),
            client_ip: actor.origin.client_ip.clone(),
            position: None,
            prev_hash: None,
            row_hash: None,
        }
    }
}

impl AccessRow {
    /// The row after the end of a chain.
    fn linked(self, end: &End) -> Result<Self, StoreError> {
        let before = end.hash()?;
        let position = end.position + 1;
        let row = Self { id: end.sequence + 1, ..self };
        let row_hash = Some(row.hash(position, &before).to_vec());
        Ok(Self { position: Some(position), prev_hash: Some(before.to_vec()), row_hash, ..row })
    }

    /// Where the chain ends once this row is its last.
    fn end(&self) -> Option<End> {
        let hash = self.row_hash.as_deref()?.try_into().ok()?;
        Some(End::after(self.id, self.position?, &hash))
    }
}

fn named_actor(actor: &Actor) -> (&'static str, String) {
    match actor.kind {
        ActorKind::User(_) | ActorKind::Arriving(_) => ("user", actor.id.to_string()),
        ActorKind::Key(_) => ("key", actor.id.to_string()),
        ActorKind::System => ("system", actor.name.clone()),
        ActorKind::Anonymous => ("anonymous", String::new()),
    }
}

impl Linked for AccessRow {
    fn sequence(&self) -> i64 {
        self.id
    }

    fn position(&self) -> Option<i64> {
        self.position
    }

    fn stored(&self) -> (&[u8], &[u8]) {
        (self.prev_hash.as_deref().unwrap_or_default(), self.row_hash.as_deref().unwrap_or_default())
    }

    fn hash(&self, position: i64, before: &[u8]) -> Digest {
        let mut hash = Framed::of(DOMAIN);
        hash.add(&position.to_be_bytes());
        hash.add(before);
        for number in [self.id, self.accessed_at, self.record_count] {
            hash.add(&number.to_be_bytes());
        }
        hash.add_optional(self.key_id.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
        let texts = [
            &self.actor_type,
            &self.actor_id,
            &self.face,
            &self.db_role,
            &self.operation,
            &self.table_name,
            &self.column_name,
            &self.record_ids,
            &self.purpose,
            &self.outcome,
            &self.error_code,
            &self.request_id,
            &self.client_ip,
        ];
        texts.into_iter().for_each(|text| hash.add(text.as_bytes()));
        hash.add(&self.record_digest);
        hash.finish()
    }
}

/// Writes an access within the transaction of what it tells about.
pub(crate) async fn append(tx: &mut Tx<'_>, cx: &Context, access: &Access) -> Result<(), StoreError> {
    let row = AccessRow::of(access, &cx.actor, cx.now, cx.db.role());
    // Who read a record is asked for, however long the list was; who wrote it stands in the audit trail.
    let found_by: &[Uuid] = match access.operation {
        Operation::Encrypt | Operation::Rotate => &[],
        _ => &access.records,
    };
    let found_by = serde_json::to_string(found_by).expect("ids are plain values");
    if tx.engine() == Engine::Postgres {
        insert(tx, sql::INSERT_ACCESS, None, &row, &found_by).await?;
        return Ok(());
    }
    let seen = cx.db.guard.log_end.lock().unwrap_or_else(PoisonError::into_inner).take();
    let linked = match seen {
        Some(end) => {
            let linked = row.clone().linked(&end)?;
            let written = insert(tx, sql::INSERT_NEXT_ACCESS, Some(linked.id), &linked, &found_by).await?;
            (written > 0).then_some(linked)
        }
        None => None,
    };
    let linked = match linked {
        Some(linked) => linked,
        None => {
            let linked = row.linked(&End::of(tx, sql::END).await?)?;
            insert(tx, sql::INSERT_ACCESS, Some(linked.id), &linked, &found_by).await?;
            linked
        }
    };
    *cx.db.guard.log_end.lock().unwrap_or_else(PoisonError::into_inner) = linked.end();
    Ok(())
}

/// Writes a row and by which records it is found; how many rows that were.
async fn insert(
    tx: &mut Tx<'_>,
    statement: Sql,
    id: Option<i64>,
    row: &AccessRow,
    found_by: &str,
) -> Result<u64, StoreError> {
    Ok(both!(tx, c, text => sqlx::query(text(statement))
        .bind(id).bind(row.accessed_at).bind(&row.actor_type).bind(&row.actor_id).bind(&row.face).bind(&row.db_role)
        .bind(&row.operation).bind(&row.table_name).bind(&row.column_name).bind(&row.record_ids).bind(row.record_count)
        .bind(&row.record_digest).bind(&row.purpose).bind(&row.outcome).bind(&row.error_code).bind(row.key_id)
        .bind(&row.request_id).bind(&row.client_ip).bind(row.position).bind(&row.prev_hash).bind(&row.row_hash)
        .bind(found_by).execute(c).await?.rows_affected()))
}

#[derive(FromRow)]
struct Waiting {
    entries: i64,
    since: Option<At>,
}

/// Walks the whole chain of accesses (AUD-2 for the log).
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn verify(tx: &mut Tx<'_>) -> Result<AuditReport, StoreError> {
    let mut walk = Walk::default();
    both!(&mut *tx, c, text => each(sqlx::query_as(text(sql::CHAIN)).bind(0_i64).fetch(c), |row: AccessRow| {
        walk.step(&row, &[]);
        Ok(())
    }).await?);
    let waiting: Waiting = both!(tx, c, text => sqlx::query_as(text(sql::WAITING)).fetch_one(c).await?);
    Ok(AuditReport { waiting: waiting.entries, waiting_since: waiting.since, ..walk.finish(&[]) })
}
