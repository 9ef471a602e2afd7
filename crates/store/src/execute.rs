//! The path of every write: authorize, begin, claim the idempotency key, run, store the answer,
//! commit, answer. The caller may go away at any moment; the command still ends whole.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use sqlx::{PgPool, SqliteConnection};
use tokio::sync::oneshot;
use tracing::Instrument;

use crate::access::Actor;
use crate::audit::{self, Entry};
use crate::command::{Command, Context, Done, Fail, Key};
use crate::db::{Db, Pools};
use crate::error::StoreError;
use crate::idempotency;
use crate::lane::{Committed, LaneJob, Verdict};
use crate::tx::Tx;

/// How often a command is tried when another transaction is in its way.
const TRIES_MAX: u32 = 3;

type Answer<C> = Result<Done<<C as Command>::Out>, Fail<<C as Command>::Refusal>>;

impl Db {
    /// Runs a command in a transaction of its own. With a `key`, an equal request that was already
    /// answered gets the stored answer and nothing runs.
    ///
    /// # Errors
    /// [`Fail`]; nothing was changed then.
    pub async fn execute<C: Command>(&self, actor: &Actor, key: Option<Key>, command: C) -> Answer<C> {
        let missing =
            std::iter::once(command.permission()).chain(command.also_needs()).find(|right| !actor.may(*right));
        if let Some(permission) = missing {
            return Err(Fail::Forbidden(permission));
        }
        let work = Arc::new(Work { command, key, actor: actor.clone(), db: self.clone() });
        let answer = self.run(Beside::Nobody, work).await;
        match &answer {
            Ok(_) => {
                if let Some(copies) = C::OUTDATES {
                    self.outdate(copies).await;
                }
            }
            // What the command wrote down about it went with the command.
            Err(Fail::Failed(StoreError::Unreadable(unreadable))) => {
                self.note(actor, unreadable.access(C::NAME)).await?;
            }
            Err(_) => {}
        }
        answer
    }

    async fn run<C: Command>(&self, beside: Beside, work: Arc<Work<C>>) -> Answer<C> {
        match &self.pools {
            Pools::Sqlite { lane, .. } => {
                let mut tries = 1;
                loop {
                    let (tell, told) = oneshot::channel();
                    lane.submit(Box::new(Job { work: Arc::clone(&work), answer: None, tell })).await?;
                    match told.await.unwrap_or(Err(Fail::Failed(StoreError::WriterGone))) {
                        Err(Fail::Failed(error)) if error.is_retryable() && tries < TRIES_MAX => tries += 1,
                        answer => return answer,
                    }
                }
            }
            Pools::Postgres { pool, beside: notes } => {
                let pool = if beside == Beside::Readers { notes.clone() } else { pool.clone() };
                let span = tracing::debug_span!("command", command.name = C::NAME);
                let run = async move { on_postgres(&pool, &work).await }.instrument(span);
                tokio::spawn(run).await.unwrap_or(Err(Fail::Failed(StoreError::WriterGone)))
            }
        }
    }

    /// Runs what the store itself has to write, whoever is behind it: no right is asked for, and it waits for nobody
    /// who reads.
    pub(crate) async fn execute_beside<C>(&self, actor: &Actor, command: C) -> Result<C::Out, StoreError>
    where
        C: Command<Refusal = Infallible>,
    {
        let work = Work { command, key: None, actor: actor.clone(), db: self.clone() };
        match self.run(Beside::Readers, Arc::new(work)).await {
            Ok(done) => Ok(done.out),
            Err(Fail::Failed(error)) => Err(error),
            Err(Fail::Refused(never)) => match never {},
            Err(Fail::Forbidden(_) | Fail::KeyReused) => unreachable!("no right was asked for, no key was given"),
        }
    }
}

/// Whether whoever runs a command may hold a connection of the pool already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// They hold none.
    Nobody,
    /// They read: were the pool full of such, none would get a second one.
    Readers,
}

struct Work<C: Command> {
    command: C,
    key: Option<Key>,
    actor: Actor,
    db: Db,
}

impl<C: Command> Work<C> {
    async fn run(&self, tx: &mut Tx<'_>) -> Answer<C> {
        let (actor, db) = (self.actor.clone(), self.db.clone());
        let cx = Context { actor, now: db.now(), purpose: C::NAME, db, told: Arc::default() };
        let Some(key) = &self.key else {
            let out = self.command.run(tx, &cx).await?;
            self.record(tx, &cx, &out).await?;
            return Ok(Done { out, replayed: false });
        };
        let owner = self.actor.reference();
        if let Some(out) = idempotency::claim(tx, &self.db, &owner, key, cx.now).await? {
            return Ok(Done { out, replayed: true });
        }
        let out = self.command.run(tx, &cx).await?;
        self.record(tx, &cx, &out).await?;
        idempotency::store(tx, self.db.vault(), &owner, key, &out).await?;
        Ok(Done { out, replayed: false })
    }

    /// Writes what was done into the audit trail, within the same transaction.
    async fn record(&self, tx: &mut Tx<'_>, cx: &Context, out: &C::Out) -> Result<(), StoreError> {
        let Some(audited) = C::AUDITED else { return Ok(()) };
        let after = serde_json::to_vec(out)
            .map_err(|error| StoreError::corrupt("audit_trail", "after_digest", C::NAME, error))?;
        let told = std::mem::take(&mut *cx.told());
        // Digests are under a key of the ring, which is not open yet while a schema is brought up to date.
        let vault = Some(self.db.vault()).filter(|vault| vault.is_unlocked());
        let digest = |bytes: &[u8]| Some(vault?.digest("audit", bytes));
        let entry = Entry {
            event: C::NAME.to_owned(),
            audited,
            at: cx.now,
            actor: self.actor.clone(),
            resource: told.subject.unwrap_or_else(|| self.command.subject()),
            status: self.command.status(),
            records: self.command.records(),
            reason: told.reason,
            approver: told.approver,
            before: told.before.as_deref().and_then(digest),
            after: digest(&after),
        };
        audit::append(tx, &entry).await
    }
}

/// PostgreSQL groups the commits of concurrent transactions itself.
async fn on_postgres<C: Command>(pool: &PgPool, work: &Work<C>) -> Answer<C> {
    let mut tries = 1;
    loop {
        match once_on_postgres(pool, work).await {
            Err(Fail::Failed(error)) if error.is_retryable() && tries < TRIES_MAX => {
                tokio::time::sleep(Duration::from_millis(u64::from(5 * tries * tries))).await;
                tries += 1;
            }
            answer => return answer,
        }
    }
}

async fn once_on_postgres<C: Command>(pool: &PgPool, work: &Work<C>) -> Answer<C> {
    let mut transaction = pool.begin().await?;
    let answer = work.run(&mut Tx::Postgres(&mut transaction)).await;
    match answer {
        Ok(done) => {
            transaction.commit().await?;
            Ok(done)
        }
        Err(fail) => {
            transaction.rollback().await?;
            Err(fail)
        }
    }
}

struct Job<C: Command> {
    work: Arc<Work<C>>,
    answer: Option<Answer<C>>,
    tell: oneshot::Sender<Answer<C>>,
}

impl<C: Command> LaneJob for Job<C> {
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, Verdict> {
        let span = tracing::debug_span!("command", command.name = C::NAME);
        async move {
            let answer = self.work.run(&mut Tx::Sqlite(connection)).await;
            let verdict = if answer.is_ok() { Verdict::Keep } else { Verdict::Undo };
            self.answer = Some(answer);
            verdict
        }
        .instrument(span)
        .boxed()
    }

    fn settle(self: Box<Self>, committed: Committed<'_>) {
        let answer = match (self.answer, committed) {
            (Some(Err(fail)), _) => Err(fail),
            (Some(answer), Ok(())) => answer,
            (None, Ok(())) => Err(Fail::Failed(StoreError::WriterGone)),
            (_, Err(error)) => Err(Fail::Failed(error.shared())),
        };
        // A caller that went away does not need the answer.
        let _ = self.tell.send(answer);
    }
}
