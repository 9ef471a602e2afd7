//! The log of accesses to protected columns (DAL): one row per request, table, column and operation, linked into a
//! chain of its own. It commits before a plaintext leaves the process.

use std::sync::{MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use gondola_vault::{Digest, sha256};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, SqliteConnection};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::column::ColumnName;
use super::sql;
use crate::access::{Actor, ActorKind};
use crate::audit::{AuditReport, Audited, Entry, NoteEntries, Walk, each};
use crate::both;
use crate::chain::{ChainSql, End, Framed, Linked};
use crate::clock::At;
use crate::command::Context;
use crate::db::{Db, Engine, Pools};
use crate::error::StoreError;
use crate::lane::{Committed, LaneJob, Verdict};
use crate::registry::Sql;
use crate::tx::Tx;

/// How the audit trail calls a read of protected data.
pub const READ_EVENT: &str = "protected.read";
/// Reads that wait for the audit trail, where it cannot be written: what is beyond stands in the log of accesses alone.
const READS_WAITING_MAX: usize = 100_000;

/// Records named per access; all of them are counted and in the digest.
pub const RECORDS_NAMED: usize = 100;

/// Says what is hashed and how; another way of hashing has another name.
const DOMAIN: &[u8] = b"gondola accesses 1";

pub(crate) const CHAIN: ChainSql =
    ChainSql { lock: sql::LOCK_CHAIN, end: sql::END, unsealed: sql::UNSEALED, seal: sql::SEAL };

/// A statement with what a row says and by which records it is found.
macro_rules! bound {
    ($query:expr, $id:expr, $row:expr, $found_by:expr) => {
        $query
            .bind($id)
            .bind($row.accessed_at)
            .bind(&$row.actor_type)
            .bind(&$row.actor_id)
            .bind(&$row.face)
            .bind(&$row.db_role)
            .bind(&$row.operation)
            .bind(&$row.table_name)
            .bind(&$row.column_name)
            .bind(&$row.record_ids)
            .bind($row.record_count)
            .bind(&$row.record_digest)
            .bind(&$row.purpose)
            .bind(&$row.outcome)
            .bind(&$row.error_code)
            .bind($row.key_id)
            .bind(&$row.request_id)
            .bind(&$row.client_ip)
            .bind($row.position)
            .bind(&$row.prev_hash)
            .bind(&$row.row_hash)
            .bind($found_by)
    };
}

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
    put(tx, &cx.db, AccessRow::of(access, &cx.actor, cx.now, cx.db.role()), &found_by(access)).await
}

/// By which records an access is found, as a JSON list: who read a record is asked for, however long the list was; who wrote
/// it stands in the audit trail.
fn found_by(access: &Access) -> String {
    let found_by: &[Uuid] = match access.operation {
        Operation::Encrypt | Operation::Rotate => &[],
        _ => &access.records,
    };
    serde_json::to_string(found_by).expect("ids are plain values")
}

async fn put(tx: &mut Tx<'_>, db: &Db, row: AccessRow, found_by: &str) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        insert(tx, sql::INSERT_ACCESS, None, &row, found_by).await?;
        return Ok(());
    }
    let linked = match seen_end(db) {
        Some(end) => {
            let linked = row.clone().linked(&end)?;
            let written = insert(tx, sql::INSERT_NEXT_ACCESS, Some(linked.id), &linked, found_by).await?;
            (written > 0).then_some(linked)
        }
        None => None,
    };
    let linked = match linked {
        Some(linked) => linked,
        None => {
            let linked = row.linked(&End::of(tx, sql::END).await?)?;
            insert(tx, sql::INSERT_ACCESS, Some(linked.id), &linked, found_by).await?;
            linked
        }
    };
    remember_end(db, &linked);
    Ok(())
}

/// Where the log ended when this process wrote the last time; whoever takes it says where it ends afterwards.
fn seen_end(db: &Db) -> Option<End> {
    db.guard.log_end.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn remember_end(db: &Db, last: &AccessRow) {
    *db.guard.log_end.lock().unwrap_or_else(PoisonError::into_inner) = last.end();
}

impl Db {
    /// Writes an access down that happens outside a command. It waits for nobody who reads, for whoever waits for it does.
    ///
    /// # Errors
    /// [`StoreError::LogUnavailable`].
    pub(crate) async fn note(&self, actor: &Actor, access: Access) -> Result<(), StoreError> {
        let at = self.now();
        let row = AccessRow::of(&access, actor, at, self.role());
        let noted = match &self.pools {
            Pools::Sqlite { lane, .. } => {
                let (tell, told) = oneshot::channel();
                let note = Note { row, found_by: found_by(&access), db: self.clone(), answer: Ok(()), tell };
                match lane.submit(Box::new(note)).await {
                    Ok(()) => told.await.unwrap_or(Err(StoreError::WriterGone)),
                    Err(error) => Err(error),
                }
            }
            Pools::Postgres { beside, .. } => note_on_postgres(beside, self, row, &found_by(&access)).await,
        };
        noted.map_err(|error| StoreError::LogUnavailable(Box::new(error)))?;
        if access.operation == Operation::Decrypt {
            self.waiting_reads().push(entry_of(access, actor, at));
        }
        Ok(())
    }

    /// Writes into the audit trail who read protected data since (AUD-5, KEY-9). It is in the log of accesses already, which
    /// whoever read waited for; nobody waits for this.
    ///
    /// # Errors
    /// [`StoreError`]; what could not be written goes on waiting.
    pub async fn write_reads(&self) -> Result<(), StoreError> {
        let taken = std::mem::take(&mut *self.waiting_reads());
        if taken.is_empty() {
            return Ok(());
        }
        let written = self.execute_beside(&Actor::system("door"), NoteEntries(taken.clone())).await;
        if written.is_err() {
            let mut waiting = self.waiting_reads();
            let later = std::mem::replace(&mut *waiting, taken);
            waiting.extend(later);
            waiting.truncate(READS_WAITING_MAX);
        }
        written
    }

    fn waiting_reads(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.guard.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the audit trail tells of an access.
fn entry_of(access: Access, actor: &Actor, at: At) -> Entry {
    Entry {
        event: READ_EVENT.to_owned(),
        audited: Audited::READ,
        at,
        actor: actor.clone(),
        resource: access.column.to_string(),
        status: 200,
        records: i64::try_from(access.records.len()).expect("a count fits 64 bits"),
        reason: access.purpose,
        approver: String::new(),
        before: None,
        after: None,
    }
}

/// A statement by itself is a transaction.
async fn note_on_postgres(pool: &PgPool, db: &Db, row: AccessRow, found_by: &str) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    put(&mut Tx::Postgres(&mut connection), db, row, found_by).await
}

/// An access on its way through the lane. Alone it takes one trip to the database instead of four.
struct Note {
    row: AccessRow,
    found_by: String,
    db: Db,
    answer: Result<(), StoreError>,
    tell: oneshot::Sender<Result<(), StoreError>>,
}

impl Note {
    async fn alone(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let Some(end) = seen_end(&self.db) else { return Ok(false) };
        let linked = self.row.clone().linked(&end)?;
        let text = sql::INSERT_NEXT_ACCESS_ALONE.text(Engine::Sqlite);
        let query = bound!(sqlx::query_scalar(text), Some(linked.id), &linked, self.found_by.as_str());
        let written: Vec<i64> = query.fetch_all(connection).await?;
        if written.is_empty() {
            return Ok(false);
        }
        remember_end(&self.db, &linked);
        Ok(true)
    }
}

impl LaneJob for Note {
    fn at_once<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Option<BoxFuture<'a, bool>> {
        // What failed is tried again among the others, where the failure is told.
        Some(async move { self.alone(connection).await.unwrap_or(false) }.boxed())
    }

    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, Verdict> {
        async move {
            self.answer = put(&mut Tx::Sqlite(connection), &self.db, self.row.clone(), &self.found_by).await;
            if self.answer.is_ok() { Verdict::Keep } else { Verdict::Undo }
        }
        .boxed()
    }

    fn settle(self: Box<Self>, committed: Committed<'_>) {
        let answer = self.answer.and(committed.map_err(StoreError::shared));
        // A caller that went away does not need the answer.
        let _ = self.tell.send(answer);
    }
}

/// Writes a row and by which records it is found; how many rows that were.
async fn insert(
    tx: &mut Tx<'_>,
    statement: Sql,
    id: Option<i64>,
    row: &AccessRow,
    found_by: &str,
) -> Result<u64, StoreError> {
    Ok(both!(tx, c, text => bound!(sqlx::query(text(statement)), id, row, found_by).execute(c).await?.rows_affected()))
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
