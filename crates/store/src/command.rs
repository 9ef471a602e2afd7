//! The unit of work. A command is a value that knows its name, the right it needs and how to run
//! inside a transaction that somebody else owns. `run` borrows the command, so a retry simply runs
//! it again.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gondola_vault::Vault;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::access::{Actor, Permission};
use crate::audit::Audited;
use crate::clock::At;
use crate::db::Db;
use crate::error::StoreError;
use crate::redis::Copies;
use crate::tx::Tx;

/// One write: one transaction, all or nothing.
pub trait Command: Send + Sync + 'static {
    /// `feature.verb_object`, for spans, metrics and idempotency.
    const NAME: &'static str;
    /// How the audit trail keeps it; none for upkeep that happens by itself and changes nothing that anybody entered.
    const AUDITED: Option<Audited> = Some(Audited::MODIFY);
    /// The copies in Redis that are outdated when it has committed.
    const OUTDATES: Option<Copies> = None;
    /// What it answers; stored (sealed) when the caller gave an idempotency key.
    type Out: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What the shop may refuse.
    type Refusal: Send + 'static;

    /// The right the actor must hold.
    fn permission(&self) -> Permission;

    /// Further rights it needs, for a command that does several things at once.
    fn also_needs(&self) -> Vec<Permission> {
        Vec::new()
    }

    /// What it is done to, for the audit trail: a code or an id, never a protected value.
    fn subject(&self) -> String {
        String::new()
    }

    /// How it ended, for the audit trail, as an HTTP status: what is done to note a failure is one.
    fn status(&self) -> u16 {
        200
    }

    /// How many rows it read, for the audit trail.
    fn records(&self) -> i64 {
        1
    }

    /// Does it. A refusal rolls back whatever was written.
    fn run(&self, tx: &mut Tx<'_>, cx: &Context)
    -> impl Future<Output = Result<Self::Out, Fail<Self::Refusal>>> + Send;
}

/// What a command knows about its surroundings: who, when, and where ids come from.
#[derive(Clone)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// Now, the same for the whole command.
    pub now: At,
    /// The command's name: what protected values are opened for.
    pub(crate) purpose: &'static str,
    pub(crate) db: Db,
    pub(crate) told: Arc<Mutex<Told>>,
}

/// What a command finds out only while it runs, for its entry in the audit trail.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub subject: Option<String>,
    pub reason: String,
    pub approver: String,
    pub before: Option<Vec<u8>>,
}

impl Context {
    /// The shop's day an instant falls on, as days since 1970-01-01.
    pub fn day_of(&self, at: At) -> i32 {
        self.db.day_of(at)
    }

    /// The vault, for what is sealed whole and goes back to whoever sent it.
    pub fn vault(&self) -> &Vault {
        self.db.vault()
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.db.ids.next(self.now)
    }

    /// What is about to change, as it is now: the audit trail keeps a digest of it, of several things one of all, beside
    /// that of the answer. Of the answer's type, so that equal digests mean that nothing changed.
    pub fn changes<T: Serialize>(&self, before: &T) {
        let before = serde_json::to_vec(before).expect("what a command answers can be written down");
        self.told().before.get_or_insert_default().extend(before);
    }

    /// What it is done to, where [`Command::subject`] does not know yet.
    pub fn concerns(&self, subject: impl Into<String>) {
        self.told().subject = Some(subject.into());
    }

    /// Why it is done, for the audit trail; never a protected value.
    pub fn because(&self, reason: impl Into<String>) {
        self.told().reason = reason.into();
    }

    /// Who gave the yes that it waited for beyond the right to do it, for the audit trail: the name people know them by.
    pub fn approved_by(&self, approver: impl Into<String>) {
        self.told().approver = approver.into();
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a command did not happen. Nothing was changed in either case.
#[derive(Debug)]
pub enum Fail<R> {
    /// The shop says no: a value the caller can match and show.
    Refused(R),
    /// The actor lacks the right.
    Forbidden(Permission),
    /// The idempotency key was used before with another request.
    KeyReused,
    /// The machine says no.
    Failed(StoreError),
}

impl<R> From<StoreError> for Fail<R> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl<R> From<sqlx::Error> for Fail<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<R> Fail<R> {
    /// The same failure with its refusal translated.
    pub fn map<S>(self, f: impl FnOnce(R) -> S) -> Fail<S> {
        match self {
            Self::Refused(refusal) => Fail::Refused(f(refusal)),
            Self::Forbidden(permission) => Fail::Forbidden(permission),
            Self::KeyReused => Fail::KeyReused,
            Self::Failed(error) => Fail::Failed(error),
        }
    }
}

/// A caller's idempotency key with the hash of what was asked.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key, 1 to 200 printable characters.
    pub key: String,
    /// SHA-256 of the route and the canonical request.
    pub request_hash: [u8; 32],
}

/// A command's answer.
#[derive(Debug)]
pub struct Done<T> {
    /// What it answers.
    pub out: T,
    /// Whether this is the stored answer of an earlier, equal request.
    pub replayed: bool,
}
