//! The key ring where it is kept: founded with the shop, opened at start, taken over when another process changed it.

use std::convert::Infallible;
use std::sync::{Mutex, OnceLock, PoisonError};

use gondola_vault::{KeyUse, MasterKey, Suite, UnlockError, Vault, WrappedKey, key_of};
use sqlx::FromRow;

use super::sql;
use super::tally::Tally;
use crate::access::{Actor, Permission};
use crate::audit::{Audited, Entry};
use crate::both;
use crate::chain::End;
use crate::clock::At;
use crate::command::{Command, Context, Fail};
use crate::db::{Db, Engine};
use crate::error::StoreError;
use crate::tx::{Tx, expect_rows};

/// Why the keys of a shop cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The database was opened without the master secret.
    #[error("the database was opened without its secret")]
    NoSecret,
    /// The ring does not open.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a database has for its protected values.
#[derive(Default)]
pub(crate) struct Guard {
    pub vault: Vault,
    pub tally: Tally,
    /// Until the ring is open, and not a moment longer (ENC-4).
    master: Mutex<Option<MasterKey>>,
    role: OnceLock<String>,
    known: Mutex<Vec<WrappedKey>>,
    /// Where the log of accesses ended when this process last wrote to it; SQLite only. A guess that the statement
    /// proves, for another process may write and a transaction may be undone.
    pub log_end: Mutex<Option<End>>,
    /// Reads that are in the log of accesses and not in the audit trail yet.
    pub reads: Mutex<Vec<Entry>>,
}

impl Guard {
    pub fn new(master: Option<MasterKey>) -> Self {
        Self { master: Mutex::new(master), ..Self::default() }
    }
}

#[derive(FromRow)]
struct KeyRow {
    id: i64,
    purpose: String,
    wrapped: Vec<u8>,
}

impl KeyRow {
    fn read(self) -> Result<WrappedKey, StoreError> {
        let corrupt = |detail: &str| StoreError::corrupt("encryption_keys", "purpose", self.id, detail);
        let usage = KeyUse::from_code(&self.purpose).ok_or_else(|| corrupt(&self.purpose))?;
        let id = u32::try_from(self.id).map_err(|_| corrupt("the number of a key has 32 bits"))?;
        Ok(WrappedKey { id, usage, bytes: self.wrapped })
    }
}

impl Db {
    /// Opens the key ring with the secret the database was opened with, which is forgotten then; a shop that has no
    /// ring gets one. Once is enough.
    ///
    /// # Errors
    /// [`KeysError`]; nothing is sealed or opened then.
    pub async fn unlock(&self) -> Result<(), KeysError> {
        if self.guard.vault.is_unlocked() {
            return Ok(());
        }
        let given = self.guard.master.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let master = given.ok_or(KeysError::NoSecret)?;
        let mut keys = kept(&mut self.read().await?.as_tx()).await?;
        if keys.is_empty() {
            let of_new_shop = master.clone();
            let drawn = aside(move || Vault::draw_ring(&of_new_shop, Suite::Aes256Gcm)).await?;
            self.execute_beside(&Actor::system("keys"), FoundRing(drawn)).await?;
            keys = kept(&mut self.read().await?.as_tx()).await?;
        }
        let guard = std::sync::Arc::clone(&self.guard);
        let known = keys.clone();
        aside(move || guard.vault.unlock(&master, &keys)).await??;
        *self.guard.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        *self.guard.master.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        let role: String =
            both!(tx, c, text => sqlx::query_scalar(text(sql::DB_ROLE)).fetch_one(c).await.map_err(StoreError::from)?);
        let _ = self.guard.role.set(role);
        Ok(())
    }

    /// Whether the shop has a key ring.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_keys(&self) -> Result<bool, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        let keys: i64 = both!(tx, c, text => sqlx::query_scalar(text(sql::COUNT_KEYS)).fetch_one(c).await?);
        Ok(keys > 0)
    }

    /// Takes over what another process did to the ring; says whether there was anything.
    ///
    /// # Errors
    /// [`KeysError`] also when the ring there is not this process's any more; it goes on with the one it has.
    pub async fn refresh_keys(&self) -> Result<bool, KeysError> {
        let keys = kept(&mut self.read().await?.as_tx()).await?;
        Ok(self.take_over(keys)?)
    }

    fn take_over(&self, keys: Vec<WrappedKey>) -> Result<bool, UnlockError> {
        if *self.guard.known.lock().unwrap_or_else(PoisonError::into_inner) == keys {
            return Ok(false);
        }
        self.guard.vault.refresh(&keys)?;
        *self.guard.known.lock().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(true)
    }

    /// Takes the ring over as `tx` sees it when one of these envelopes names a key that this process does not have:
    /// another one drew it a moment ago. Whoever sees the envelope sees the key.
    pub(crate) async fn learn<'e>(
        &self,
        tx: &mut Tx<'_>,
        envelopes: impl IntoIterator<Item = &'e [u8]>,
    ) -> Result<(), StoreError> {
        let unknown = |envelope| key_of(envelope).is_some_and(|id| !self.guard.vault.has_key(id));
        if envelopes.into_iter().any(unknown) {
            // A ring of another secret is told by whoever looks after the ring; here the value does not open.
            let _ = self.take_over(kept(tx).await?);
        }
        Ok(())
    }

    /// The vault that seals what must not lie readable.
    pub fn vault(&self) -> &Vault {
        &self.guard.vault
    }

    /// How often protected values were sealed and opened.
    pub fn tally(&self) -> &Tally {
        &self.guard.tally
    }

    /// Who the program is to the database, for the log of accesses.
    pub(crate) fn role(&self) -> &str {
        self.guard.role.get().map_or("", String::as_str)
    }
}

/// The keys of the ring as the database has them.
pub(super) async fn kept(tx: &mut Tx<'_>) -> Result<Vec<WrappedKey>, StoreError> {
    let rows: Vec<KeyRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_KEYS)).fetch_all(c).await?);
    rows.into_iter().map(KeyRow::read).collect()
}

/// Work that keeps a processor busy for a while, off the threads that answer.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::WriterGone)
}

/// Keeps the first ring, unless another process was faster.
struct FoundRing(Vec<WrappedKey>);

impl Command for FoundRing {
    const NAME: &'static str = "protect.found_ring";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Infallible>> {
        lock(tx).await?;
        let there: i64 = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::COUNT_KEYS)).fetch_one(c).await?);
        if there == 0 {
            for key in &self.0 {
                insert(tx, key, cx.now).await?;
            }
        }
        Ok(())
    }
}

/// Keeps two apart who change the ring, until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if let Tx::Postgres(connection) = tx {
        sqlx::query(sql::LOCK_RING.text(Engine::Postgres)).execute(&mut **connection).await?;
    }
    Ok(())
}

/// Keeps a wrapped key.
pub(super) async fn insert(tx: &mut Tx<'_>, key: &WrappedKey, now: At) -> Result<(), StoreError> {
    let kept = both!(tx, c, text => sqlx::query(text(sql::INSERT_KEY))
        .bind(i64::from(key.id)).bind(key.usage.code()).bind(&key.bytes).bind(now).execute(c).await?.rows_affected());
    expect_rows(sql::INSERT_KEY, 1, kept)
}
