//! Another key: drawn, used for what is written from then on, and a batch at a time for what lies there (ENC-7). Every
//! batch is one transaction, and which rows are left is seen from the rows themselves, so it goes on wherever it was
//! broken off.

use std::collections::BTreeMap;
use std::convert::Infallible;

use gondola_vault::{KeyUse, MasterKey, Suite, WrappedKey, hex, key_of};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::access::{Access, Operation, append};
use super::column::ColumnName;
use super::keys::{self, KeysError};
use super::open::Unreadable;
use super::sql;
use crate::access::{Actor, Permission};
use crate::audit::Audited;
use crate::both;
use crate::clock::At;
use crate::command::{Command, Context, Fail};
use crate::db::Db;
use crate::error::StoreError;
use crate::tx::{Tx, expect_rows};

/// Rows sealed again per transaction, at most.
const ROWS_AT_ONCE: i64 = 500;
/// Bytes after which a transaction takes no further row: some columns hold whole files.
const BYTES_AT_ONCE: i64 = 8_000_000;
/// How long a key stays after another took its place: no process that does not know the new one still writes then.
const KEPT_US: At = 3_600_000_000;

/// A key of the shop and what is sealed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyState {
    /// Its number.
    pub id: u32,
    /// `field-1`, `field-2`, `index`, `digest`.
    pub usage: String,
    /// When it was drawn.
    pub created_at: At,
    /// When it was retired; nothing opens with it since.
    pub retired_at: Option<At>,
    /// Values sealed with it.
    pub rows: u64,
}

impl KeyState {
    /// Whether it seals fields.
    pub fn seals_fields(&self) -> bool {
        matches!(KeyUse::from_code(&self.usage), Some(KeyUse::Field(_)))
    }
}

/// How far a rotation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Values of protected columns.
    pub rows: u64,
    /// Those that are sealed with the newest key.
    pub done: u64,
}

#[derive(FromRow)]
struct StateRow {
    id: i64,
    purpose: String,
    created_at: At,
    retired_at: Option<At>,
}

#[derive(FromRow)]
struct CountRow {
    key: String,
    rows: i64,
}

impl Db {
    /// Every key there ever was, with what is sealed with it in these columns and in kept answers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_states(&self, columns: &[ColumnName]) -> Result<Vec<KeyState>, StoreError> {
        let mut rx = self.read().await?;
        states(&mut rx.as_tx(), columns).await
    }

    /// How many values of each of these columns no key in use can open: they lie in the clear, are damaged, or were
    /// sealed with a key that was retired since. Columns without such values are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn values_without_key(&self, columns: &[ColumnName]) -> Result<Vec<(ColumnName, u64)>, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        let kept = keys::kept(tx).await?;
        let opens = |key: u32| kept.iter().any(|of| of.id == key && matches!(of.usage, KeyUse::Field(_)));
        let mut found = Vec::new();
        for column in columns {
            let text = AssertSqlSafe(sql::count(*column, tx.engine()));
            let rows: Vec<CountRow> = both!(&mut *tx, c, _text => sqlx::query_as(text).fetch_all(c).await?);
            let strange = rows.into_iter().filter(|row| !row.number().is_some_and(opens));
            let values = strange.map(|row| u64::try_from(row.rows).unwrap_or_default()).sum();
            if values > 0 {
                found.push((*column, values));
            }
        }
        Ok(found)
    }

    /// How far the newest key has come in these columns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rotation(&self, columns: &[ColumnName]) -> Result<Rotation, StoreError> {
        let mut rx = self.read().await?;
        let tx = &mut rx.as_tx();
        let fields = keys::kept(tx).await?.into_iter().filter(|key| matches!(key.usage, KeyUse::Field(_)));
        let (newest, mut rotation) = (fields.map(|key| key.id).max(), Rotation { rows: 0, done: 0 });
        for column in columns {
            for (key, rows) in counted(tx, *column).await? {
                rotation.rows += rows;
                rotation.done += if Some(key) == newest { rows } else { 0 };
            }
        }
        Ok(rotation)
    }

    /// Draws a further field key, which seals from now on: here at once, in other processes as soon as they look.
    ///
    /// # Errors
    /// [`KeysError`]; the keys are as they were.
    pub async fn add_field_key(&self, actor: &Actor, suite: Suite) -> Result<u32, KeysError> {
        let added = self.execute(actor, None, AddFieldKey { suite: suite.number() }).await.map_err(failed)?.out;
        self.refresh_keys().await?;
        Ok(added)
    }

    /// Wraps the ring with another secret; no row is touched. The next start asks for that one.
    ///
    /// # Errors
    /// [`KeysError`]; the ring is as it was.
    pub async fn change_secret(&self, actor: &Actor, secret: &MasterKey) -> Result<(), KeysError> {
        let (guard, secret) = (std::sync::Arc::clone(&self.guard), secret.clone());
        let wrapped = keys::aside(move || guard.vault.rewrap(&secret)).await?;
        self.execute(actor, None, ChangeSecret(wrapped)).await.map_err(failed)?;
        self.refresh_keys().await?;
        Ok(())
    }

    /// Seals again whatever in these columns is not sealed with the newest key, a batch at a time; `told` hears how
    /// many were after each. Answers how many.
    ///
    /// # Errors
    /// [`StoreError`]; what was sealed again stays so.
    pub async fn reseal(
        &self,
        actor: &Actor,
        columns: &[ColumnName],
        mut told: impl FnMut(u64) + Send,
    ) -> Result<u64, StoreError> {
        let mut resealed = 0;
        for column in columns {
            let mut after = Some(Uuid::nil());
            while let Some(from) = after {
                let batch = self.execute(actor, None, Reseal { column: *column, after: from }).await;
                let batch = batch.map_err(plain)?.out;
                resealed += batch.resealed;
                told(batch.resealed);
                after = batch.next;
            }
        }
        Ok(resealed)
    }

    /// Retires keys that seal nothing any more and were replaced an hour ago or earlier. Answers which.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retire_keys(&self, actor: &Actor, columns: &[ColumnName]) -> Result<Vec<u32>, StoreError> {
        let superseded = |states: &[KeyState], now: At| {
            let fields: Vec<&KeyState> = states.iter().filter(|key| key.seals_fields()).collect();
            fields.windows(2).any(|pair| pair[0].retired_at.is_none() && pair[1].created_at + KEPT_US <= now)
        };
        if !superseded(&self.key_states(columns).await?, self.now()) {
            return Ok(Vec::new());
        }
        Ok(self.execute(actor, None, RetireKeys(columns.to_vec())).await.map_err(plain)?.out)
    }
}

fn plain(fail: Fail<Infallible>) -> StoreError {
    match fail {
        Fail::Failed(error) => error,
        Fail::Refused(never) => match never {},
        Fail::Forbidden(_) | Fail::KeyReused => StoreError::meanwhile("the actor may not touch keys"),
    }
}

fn failed(fail: Fail<Infallible>) -> KeysError {
    plain(fail).into()
}

async fn states(tx: &mut Tx<'_>, columns: &[ColumnName]) -> Result<Vec<KeyState>, StoreError> {
    let mut rows: BTreeMap<u32, u64> = BTreeMap::new();
    for column in columns {
        for (key, count) in counted(tx, *column).await? {
            *rows.entry(key).or_default() += count;
        }
    }
    let answers: Vec<CountRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::COUNT_ANSWERS)).fetch_all(c).await?);
    for (key, count) in answers.into_iter().filter_map(CountRow::read) {
        *rows.entry(key).or_default() += count;
    }
    let kept: Vec<StateRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_ALL_KEYS)).fetch_all(c).await?);
    let state = |row: StateRow| {
        let id = u32::try_from(row.id).unwrap_or_default();
        let StateRow { purpose: usage, created_at, retired_at, .. } = row;
        KeyState { id, usage, created_at, retired_at, rows: rows.get(&id).copied().unwrap_or_default() }
    };
    Ok(kept.into_iter().map(state).collect())
}

impl CountRow {
    fn read(self) -> Option<(u32, u64)> {
        Some((self.number()?, u64::try_from(self.rows).ok()?))
    }

    /// The number of the key; none for what is too short to name one.
    fn number(&self) -> Option<u32> {
        u32::from_str_radix(&self.key, 16).ok()
    }
}

/// How many values of a column each key sealed.
async fn counted(tx: &mut Tx<'_>, column: ColumnName) -> Result<Vec<(u32, u64)>, StoreError> {
    let text = AssertSqlSafe(sql::count(column, tx.engine()));
    let rows: Vec<CountRow> = both!(tx, c, _text => sqlx::query_as(text).fetch_all(c).await?);
    Ok(rows.into_iter().filter_map(CountRow::read).collect())
}

/// Draws a field key and keeps it.
struct AddFieldKey {
    suite: u8,
}

impl Command for AddFieldKey {
    const NAME: &'static str = "protect.add_field_key";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = u32;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<u32, Fail<Infallible>> {
        keys::lock(tx).await?;
        let last: i64 = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::LAST_KEY)).fetch_one(c).await?);
        let id = u32::try_from(last + 1).expect("nobody draws four thousand million keys");
        let suite = Suite::from_number(self.suite).unwrap_or(Suite::Aes256Gcm);
        keys::insert(tx, &cx.db.vault().draw_field_key(id, suite), cx.now).await?;
        Ok(id)
    }
}

/// Replaces what the keys are wrapped with.
struct ChangeSecret(Vec<WrappedKey>);

impl Command for ChangeSecret {
    const NAME: &'static str = "protect.change_secret";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<Infallible>> {
        keys::lock(tx).await?;
        let live: i64 = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::COUNT_LIVE_KEYS)).fetch_one(c).await?);
        if live != i64::try_from(self.0.len()).unwrap_or(i64::MAX) {
            return Err(StoreError::meanwhile("a key was added or retired").into());
        }
        for key in &self.0 {
            let wrapped = both!(&mut *tx, c, text => sqlx::query(text(sql::WRAP_KEY))
                .bind(i64::from(key.id)).bind(&key.bytes).execute(c).await?.rows_affected());
            expect_rows(sql::WRAP_KEY, 1, wrapped)?;
        }
        Ok(())
    }
}

/// Seals a batch of a column again.
struct Reseal {
    column: ColumnName,
    after: Uuid,
}

/// What a batch did.
#[derive(Serialize, Deserialize)]
struct Resealed {
    resealed: u64,
    /// The last row that was looked at; none at the end.
    next: Option<Uuid>,
}

/// Values of a column after a row, in order: as many as one transaction takes.
pub(super) async fn batch(
    tx: &mut Tx<'_>,
    column: ColumnName,
    after: Uuid,
) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
    let page = AssertSqlSafe(sql::page(column));
    Ok(both!(tx, c, _text => sqlx::query_as(page)
        .bind(after).bind(ROWS_AT_ONCE).bind(BYTES_AT_ONCE).fetch_all(c).await?))
}

/// Replaces values of a column, each by its row, as it was and as it becomes in hex digits. Answers how many were still so.
pub(super) async fn exchange(
    tx: &mut Tx<'_>,
    column: ColumnName,
    values: &[(Uuid, String, String)],
) -> Result<u64, StoreError> {
    #[derive(Serialize)]
    struct Exchange<'a> {
        id: Uuid,
        before: &'a str,
        after: &'a str,
    }
    let text = AssertSqlSafe(sql::exchange(column, tx.engine()));
    let values: Vec<_> = values.iter().map(|(id, before, after)| Exchange { id: *id, before, after }).collect();
    let values = serde_json::to_string(&values).expect("ids and hex digits are plain values");
    Ok(both!(tx, c, _text => sqlx::query(text).bind(values).execute(c).await?.rows_affected()))
}

impl Command for Reseal {
    const NAME: &'static str = "protect.reseal";
    const AUDITED: Option<Audited> = None;
    type Out = Resealed;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Resealed, Fail<Infallible>> {
        let (column, vault) = (self.column, cx.db.vault());
        let rows = batch(tx, column, self.after).await?;
        let next = rows.last().map(|(row, _)| *row);
        cx.db.learn(tx, rows.iter().map(|(_, envelope)| envelope.as_slice())).await?;
        let newest = vault.newest_key().0;
        let (mut exchanges, mut records) = (Vec::new(), Vec::new());
        for (row, before) in rows.iter().filter(|(_, before)| key_of(before) != Some(newest)) {
            let plain = vault
                .open(column.place(row), before)
                .map_err(|error| StoreError::from(Unreadable { column, row: *row, error, key: key_of(before) }))?;
            let after = vault.seal(column.place(row), &plain);
            exchanges.push((*row, hex(before), hex(&after)));
            records.push(*row);
        }
        if exchanges.is_empty() {
            return Ok(Resealed { resealed: 0, next });
        }
        // What somebody changed meanwhile is sealed with the newest key already.
        let resealed = exchange(tx, column, &exchanges).await?;
        cx.db.tally().add(Operation::Rotate, column.table, "", records.len());
        let (operation, purpose, key) = (Operation::Rotate, cx.purpose.to_owned(), Some(newest));
        append(tx, cx, &Access { operation, column, records, purpose, error: "", key }).await?;
        Ok(Resealed { resealed, next })
    }
}

/// Retires keys that seal nothing.
struct RetireKeys(Vec<ColumnName>);

impl Command for RetireKeys {
    const NAME: &'static str = "protect.retire_keys";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = Vec<u32>;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<u32>, Fail<Infallible>> {
        keys::lock(tx).await?;
        let states = states(tx, &self.0).await?;
        let fields: Vec<&KeyState> = states.iter().filter(|key| key.seals_fields()).collect();
        let replaced = fields.windows(2).filter(|pair| pair[1].created_at + KEPT_US <= cx.now).map(|pair| pair[0]);
        let mut retired = Vec::new();
        for key in replaced.filter(|key| key.rows == 0 && key.retired_at.is_none()) {
            let done = both!(&mut *tx, c, text => sqlx::query(text(sql::RETIRE_KEY))
                .bind(i64::from(key.id)).bind(cx.now).bind(&[0_u8; 0][..]).execute(c).await?.rows_affected());
            expect_rows(sql::RETIRE_KEY, 1, done)?;
            retired.push(key.id);
        }
        Ok(retired)
    }
}
