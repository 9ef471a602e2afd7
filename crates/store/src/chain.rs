//! Rows linked by their hashes, so that nobody edits, takes out, puts in or moves one unseen. The audit trail and the
//! log of accesses are such chains. Where one writes at a time a row is linked as it is written; where many do, a
//! sealer links what was committed, so that no two transactions wait for one row.

use gondola_vault::{Digest, Hasher, hex};
use serde::Serialize;
use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::both;
use crate::db::Engine;
use crate::error::StoreError;
use crate::registry::Sql;
use crate::tx::{Tx, expect_rows};

/// What stands before the first row.
pub const GENESIS: Digest = [0; 32];

/// Rows sealed per statement.
const SEALED_AT_ONCE: i64 = 1_000;

/// A row of a chain.
pub trait Linked {
    /// In which order rows were written.
    fn sequence(&self) -> i64;
    /// Its place in the chain, from 1; none before it is sealed.
    fn position(&self) -> Option<i64>;
    /// The hashes that are stored: of the row before it, and its own. Empty before it is sealed.
    fn stored(&self) -> (&[u8], &[u8]);
    /// Its hash at a place, over everything but what the row says about its own place.
    fn hash(&self, position: i64, before: &[u8]) -> Digest;
}

/// Hashes values with their lengths in front, so that no two different rows are the same bytes.
pub struct Framed(Hasher);

impl Framed {
    /// Begins with what tells one way of hashing from another.
    pub fn of(domain: &[u8]) -> Self {
        let mut framed = Self(Hasher::default());
        framed.add(domain);
        framed
    }

    /// Adds a value.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// Adds a value that may be missing.
    pub fn add_optional(&mut self, bytes: Option<&[u8]>) {
        self.add(&[u8::from(bytes.is_some())]);
        self.add(bytes.unwrap_or_default());
    }

    /// The hash.
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

/// The statements of a chain.
pub struct ChainSql {
    /// Keeps two sealers apart; PostgreSQL only.
    pub lock: Sql,
    /// Where the chain ends.
    pub end: Sql,
    /// Rows that are not sealed yet.
    pub unsealed: Sql,
    /// Gives rows their places.
    pub seal: Sql,
}

/// Where a chain ends.
#[derive(Debug, Clone, FromRow)]
pub struct End {
    /// The last number given.
    pub sequence: i64,
    /// The last place.
    pub position: i64,
    row_hash: Option<Vec<u8>>,
}

impl End {
    /// After a row with this number, place and hash.
    pub fn after(sequence: i64, position: i64, hash: &Digest) -> Self {
        Self { sequence, position, row_hash: Some(hash.to_vec()) }
    }

    /// Asks the database.
    pub async fn of(tx: &mut Tx<'_>, end: Sql) -> Result<Self, StoreError> {
        Ok(both!(tx, c, text => sqlx::query_as(text(end)).fetch_one(c).await?))
    }

    /// The hash that the next row follows.
    pub fn hash(&self) -> Result<Digest, StoreError> {
        let Some(bytes) = &self.row_hash else { return Ok(GENESIS) };
        let broken = |_| StoreError::corrupt("chain", "row_hash", self.position, "a hash has 32 bytes");
        bytes.as_slice().try_into().map_err(broken)
    }
}

/// A seal, as the statement takes it.
#[derive(Serialize)]
struct Seal {
    sequence: i64,
    position: i64,
    prev_hash: String,
    row_hash: String,
}

/// Links what was committed since, in the order it was written; what commits late comes after what was linked before
/// it. Answers how many rows. Two at once wait for each other.
pub async fn seal<R>(tx: &mut Tx<'_>, sql: &ChainSql) -> Result<u64, StoreError>
where
    R: Linked + Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
{
    if let Tx::Postgres(connection) = tx {
        sqlx::query(sql.lock.text(Engine::Postgres)).execute(&mut **connection).await?;
    }
    let end = End::of(tx, sql.end).await?;
    let (mut position, mut before, mut sealed) = (end.position, end.hash()?, 0);
    loop {
        let rows: Vec<R> =
            both!(tx, c, text => sqlx::query_as(text(sql.unsealed)).bind(SEALED_AT_ONCE).fetch_all(c).await?);
        if rows.is_empty() {
            return Ok(sealed);
        }
        let mut seals = Vec::with_capacity(rows.len());
        for row in &rows {
            position += 1;
            let own = row.hash(position, &before);
            seals.push(Seal { sequence: row.sequence(), position, prev_hash: hex(&before), row_hash: hex(&own) });
            before = own;
        }
        let seals = serde_json::to_string(&seals).expect("seals are plain values");
        let given = match tx {
            Tx::Sqlite(connection) => {
                let sealing = sqlx::query(sql.seal.text(Engine::Sqlite)).bind(seals);
                sealing.execute(&mut **connection).await?.rows_affected()
            }
            Tx::Postgres(connection) => {
                let sealing = sqlx::query_scalar(sql.seal.text(Engine::Postgres)).bind(seals);
                sealing.fetch_one(&mut **connection).await.map(i64::unsigned_abs)?
            }
        };
        expect_rows(sql.seal, rows.len() as u64, given)?;
        sealed += given;
    }
}
