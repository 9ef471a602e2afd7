//! Opening and sealing values of protected columns. Whoever gets a plaintext gets it from here, after the access was
//! written down: within the command that needs it, or in a command of its own for who only reads.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};

use gondola_vault::{OpenError, key_of};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::access::{Access, Operation, append};
use super::column::{Column, ColumnName, Protected};
use crate::access::{Actor, Permission};
use crate::command::Context;
use crate::db::Db;
use crate::error::StoreError;
use crate::tx::Tx;

/// A row's value in a column.
pub type Cell<'a, T> = (Uuid, &'a mut Protected<T>);

/// Who opens values, and where the access is written down.
#[derive(Clone, Copy)]
pub enum Opener<'a> {
    /// A command, whose name is what for: within its transaction.
    Command(&'a Context),
    /// Somebody who only reads: at once, in a transaction beside the one that reads.
    Reader {
        /// The database.
        db: &'a Db,
        /// Who reads, and may see them.
        actor: &'a Actor,
        /// What for: a route or a job.
        purpose: &'a str,
        /// Where accesses gather for a list that goes out as a whole; none writes each down at once.
        gathered: Option<&'a Gathered>,
    },
}

impl Opener<'_> {
    /// Opens what is sealed of these values once the access is written down (DAL-3); all of them or none. What is
    /// open already is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when one of them does not open, which is written down too;
    /// [`StoreError::LogUnavailable`] when the access could not be.
    pub async fn open<'v, T: Send + Sync + 'v>(
        &self,
        tx: &mut Tx<'_>,
        column: &Column<T>,
        cells: impl IntoIterator<Item = Cell<'v, T>>,
    ) -> Result<(), StoreError> {
        let sealed = still_sealed(cells);
        if sealed.is_empty() {
            return Ok(());
        }
        match self {
            Self::Command(cx) => {
                cx.db.learn(tx, envelopes(&sealed)).await?;
                // What does not open is written down by `Db::execute`, for the transaction goes with the command.
                let opened = open_all(&cx.db, column, &sealed)?;
                append(tx, cx, &access(Operation::Decrypt, column.name, &sealed, cx.purpose)).await?;
                put(sealed, opened);
                Ok(())
            }
            Self::Reader { db, actor, purpose, gathered } => {
                db.learn(tx, envelopes(&sealed)).await?;
                match gathered {
                    None => db.reveal_sealed(actor, purpose, column, sealed).await,
                    Some(gathered) => gathered.open(db, actor, purpose, column, sealed).await,
                }
            }
        }
    }

    /// Whether whoever reads holds a right; a command's rights were asked for before it ran.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Command(_) => true,
            Self::Reader { actor, .. } => actor.may(permission),
        }
    }
}

impl Db {
    /// Opens values for `actor`, who may see them, once the access is written down. `purpose` is what for: a route or a
    /// job.
    ///
    /// # Errors
    /// As [`Opener::open`].
    pub async fn reveal<'v, T: Send + Sync + 'v>(
        &self,
        actor: &Actor,
        purpose: &str,
        column: &Column<T>,
        cells: impl IntoIterator<Item = Cell<'v, T>>,
    ) -> Result<(), StoreError> {
        let sealed = still_sealed(cells);
        if sealed.is_empty() {
            return Ok(());
        }
        self.learn(&mut self.read().await?.as_tx(), envelopes(&sealed)).await?;
        self.reveal_sealed(actor, purpose, column, sealed).await
    }

    async fn reveal_sealed<T>(
        &self,
        actor: &Actor,
        purpose: &str,
        column: &Column<T>,
        sealed: Vec<Cell<'_, T>>,
    ) -> Result<(), StoreError> {
        let opened = open_all(self, column, &sealed);
        let access = match &opened {
            Ok(_) => access(Operation::Decrypt, column.name, &sealed, purpose),
            Err(unreadable) => unreadable.access(purpose),
        };
        self.note(actor, access).await?;
        put(sealed, opened?);
        Ok(())
    }

    /// Opens what lies sealed in a row and goes back to whoever put it there, which is no access of its own.
    ///
    /// # Errors
    /// [`StoreError`] when it does not open.
    pub async fn hand_back(
        &self,
        tx: &mut Tx<'_>,
        column: ColumnName,
        row: &Uuid,
        envelope: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.learn(tx, [envelope]).await?;
        let opened = self.vault().open(column.place(row), envelope);
        opened.map_err(|error| StoreError::corrupt(column.table, column.column, row, error))
    }
}

/// What was opened for a list that goes out as a whole: one line per column for all its pages, written down before
/// anybody gets it.
#[derive(Default)]
pub struct Gathered(Mutex<BTreeMap<ColumnName, Access>>);

impl Gathered {
    async fn open<T>(
        &self,
        db: &Db,
        actor: &Actor,
        purpose: &str,
        column: &Column<T>,
        sealed: Vec<Cell<'_, T>>,
    ) -> Result<(), StoreError> {
        let opened = open_all(db, column, &sealed);
        if let Err(unreadable) = &opened {
            db.note(actor, unreadable.access(purpose)).await?;
        }
        let opened = opened?;
        self.add(access(Operation::Export, column.name, &sealed, purpose));
        put(sealed, opened);
        Ok(())
    }

    fn add(&self, access: Access) {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match gathered.entry(access.column) {
            Entry::Vacant(free) => drop(free.insert(access)),
            Entry::Occupied(mut before) => {
                let before = before.get_mut();
                before.key = before.key.filter(|key| access.key == Some(*key));
                before.records.extend(access.records);
            }
        }
    }

    /// Writes down what was opened; the list may go out then.
    ///
    /// # Errors
    /// [`StoreError::LogUnavailable`].
    pub async fn write_down(&self, db: &Db, actor: &Actor) -> Result<(), StoreError> {
        let gathered = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for access in gathered.into_values() {
            db.note(actor, access).await?;
        }
        Ok(())
    }
}

/// Values as their rows store them. Those that lie there already are left as they are; new ones are sealed, which is
/// written down.
///
/// # Errors
/// [`StoreError`] when it cannot be written down.
pub async fn conceal<'a, T: 'a>(
    tx: &mut Tx<'_>,
    cx: &Context,
    column: &Column<T>,
    cells: impl IntoIterator<Item = (Uuid, Option<&'a Protected<T>>)>,
) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let vault = cx.db.vault();
    let mut records = Vec::new();
    let stored = cells.into_iter().map(|(row, value)| match (value?.envelope(), value?.get()) {
        (None, Some(value)) => {
            records.push(row);
            Some(column.seal(vault, &row, value))
        }
        (envelope, _) => envelope.map(Vec::from),
    });
    let stored: Vec<Option<Vec<u8>>> = stored.collect();
    if !records.is_empty() {
        cx.db.tally().add(Operation::Encrypt, column.name.table, "", records.len());
        let (operation, purpose, key) = (Operation::Encrypt, cx.purpose.to_owned(), Some(vault.newest_key().0));
        append(tx, cx, &Access { operation, column: column.name, records, purpose, error: "", key }).await?;
    }
    Ok(stored)
}

/// A value that does not open.
#[derive(Debug, Clone, Copy)]
pub struct Unreadable {
    /// Its column.
    pub column: ColumnName,
    /// Its row.
    pub row: Uuid,
    /// Why.
    pub error: OpenError,
    /// The key that it names.
    pub key: Option<u32>,
}

impl Unreadable {
    /// The line it leaves in the log.
    pub(crate) fn access(&self, purpose: &str) -> Access {
        Access {
            operation: Operation::Denied,
            column: self.column,
            records: vec![self.row],
            purpose: purpose.to_owned(),
            error: self.error.code(),
            key: self.key,
        }
    }
}

impl From<Unreadable> for StoreError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(Box::new(unreadable))
    }
}

fn still_sealed<'v, T: 'v>(cells: impl IntoIterator<Item = Cell<'v, T>>) -> Vec<Cell<'v, T>> {
    cells.into_iter().filter(|(_, value)| value.is_sealed()).collect()
}

fn envelopes<'a, T>(sealed: &'a [Cell<'_, T>]) -> impl Iterator<Item = &'a [u8]> {
    sealed.iter().filter_map(|(_, value)| value.envelope())
}

fn put<T>(sealed: Vec<Cell<'_, T>>, opened: Vec<T>) {
    for ((_, cell), value) in sealed.into_iter().zip(opened) {
        cell.opened(value);
    }
}

/// All values or none.
fn open_all<T>(db: &Db, column: &Column<T>, sealed: &[Cell<'_, T>]) -> Result<Vec<T>, Unreadable> {
    let mut values = Vec::with_capacity(sealed.len());
    for (row, value) in sealed {
        let envelope = value.envelope().unwrap_or_default();
        let opened = db.vault().open(column.name.place(row), envelope);
        let read = opened.and_then(|plain| (column.read)(&plain).ok_or(OpenError::UnknownFormat));
        values.push(read.map_err(|error| {
            db.tally().add(Operation::Decrypt, column.name.table, error.code(), 1);
            Unreadable { column: column.name, row: *row, error, key: key_of(envelope) }
        })?);
    }
    db.tally().add(Operation::Decrypt, column.name.table, "", values.len());
    Ok(values)
}

fn access<T>(operation: Operation, column: ColumnName, sealed: &[Cell<'_, T>], purpose: &str) -> Access {
    let key = |(_, value): &Cell<'_, T>| value.envelope().and_then(key_of);
    let first = sealed.first().and_then(key);
    let key = first.filter(|_| sealed.iter().all(|cell| key(cell) == first));
    let records = sealed.iter().map(|(row, _)| *row).collect();
    Access { operation, column, records, purpose: purpose.to_owned(), error: "", key }
}
