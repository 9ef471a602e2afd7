//! The one writer of SQLite. Waiting commands run one after another, each in its own savepoint of
//! one `BEGIN IMMEDIATE` transaction, and are all answered after its single commit. A crash before
//! the commit loses only commands nobody was told about.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::db::Grouping;
use crate::error::StoreError;

/// Commands that may wait for the writer before callers have to.
const QUEUE_MAX: usize = 4096;

/// Whether a command's writes stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Undo,
}

/// How a batch ended for a command whose writes were kept.
pub(crate) type Committed<'a> = Result<(), &'a StoreError>;

/// A command on its way through the lane.
pub(crate) trait LaneJob: Send {
    /// Does it in one trip to the database, as a transaction of its own, where it can; answers whether it did. Nothing is
    /// written otherwise.
    fn at_once<'a>(&'a mut self, _: &'a mut SqliteConnection) -> Option<BoxFuture<'a, bool>> {
        None
    }
    /// Runs the command and remembers its answer.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, Verdict>;
    /// Tells the caller, once it is known whether the batch was committed.
    fn settle(self: Box<Self>, committed: Committed<'_>);
}

enum Order {
    Job(Box<dyn LaneJob>),
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(crate) struct Lane {
    orders: mpsc::Sender<Order>,
}

impl Lane {
    pub(crate) fn start(connection: SqliteConnection, grouping: Grouping) -> Self {
        let (orders, waiting) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(Writer { connection, waiting, grouping }.work());
        Self { orders }
    }

    pub(crate) async fn submit(&self, job: Box<dyn LaneJob>) -> Result<(), StoreError> {
        self.orders.send(Order::Job(job)).await.map_err(|_| StoreError::WriterGone)
    }

    pub(crate) async fn stop(&self) {
        let (told, stopped) = oneshot::channel();
        if self.orders.send(Order::Stop(told)).await.is_ok() {
            // The writer drops the sender only when it is gone, which is what we wait for.
            let _ = stopped.await;
        }
    }
}

struct Writer {
    connection: SqliteConnection,
    waiting: mpsc::Receiver<Order>,
    grouping: Grouping,
}

impl Writer {
    async fn work(mut self) {
        let mut stop = None;
        while stop.is_none() {
            match self.waiting.recv().await {
                Some(Order::Job(mut first)) => {
                    if self.waiting.is_empty() && self.at_once(first.as_mut()).await {
                        first.settle(Ok(()));
                    } else {
                        stop = self.batch(first).await;
                    }
                }
                Some(Order::Stop(told)) => stop = Some(told),
                None => break,
            }
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(error = %error, "close the writer");
        }
        drop(stop);
    }

    /// Runs `first` and whoever joins in one transaction. Returns the stop order met on the way.
    /// There is one open savepoint all the time: a command whose writes stay leaves it to the next one to begin anew, and
    /// the last one to the commit.
    async fn batch(&mut self, first: Box<dyn LaneJob>) -> Option<oneshot::Sender<()>> {
        let began = Instant::now();
        let mut kept = Vec::new();
        let mut stop = None;
        let mut next = Some(first);
        let mut outcome = self.statement("begin immediate; savepoint command").await;
        let (mut taken, mut written) = (0, false);
        while let Some(mut job) = next.take() {
            taken += 1;
            if outcome.is_ok() {
                match self.savepoint(job.as_mut(), written).await {
                    Ok(Verdict::Keep) => {
                        written = true;
                        kept.push(job);
                    }
                    Ok(Verdict::Undo) => {
                        written = false;
                        job.settle(Ok(()));
                    }
                    Err(error) => {
                        outcome = Err(error);
                        kept.push(job);
                    }
                }
            } else {
                kept.push(job);
            }
            if taken < self.grouping.commands_max && began.elapsed() < self.grouping.wait_max {
                match self.waiting.try_recv() {
                    Ok(Order::Job(job)) => next = Some(job),
                    Ok(Order::Stop(told)) => stop = Some(told),
                    Err(_) => {}
                }
            }
        }
        if outcome.is_ok() {
            outcome = self.statement("commit").await;
        }
        if outcome.is_err() && self.statement("rollback").await.is_err() {
            tracing::debug!("nothing was left to roll back");
        }
        let committed = outcome.as_ref().copied();
        kept.into_iter().for_each(|job| job.settle(committed));
        stop
    }

    /// Whether a job that nobody waits behind did what it does in one trip.
    async fn at_once(&mut self, job: &mut dyn LaneJob) -> bool {
        let Some(done) = job.at_once(&mut self.connection) else { return false };
        let done = AssertUnwindSafe(done).catch_unwind().await.unwrap_or(false);
        if !done && self.statement("rollback").await.is_err() {
            tracing::debug!("nothing was left to roll back");
        }
        done
    }

    /// Runs a command in a savepoint that holds its writes alone; `written` says that another's are in it still.
    async fn savepoint(&mut self, job: &mut dyn LaneJob, written: bool) -> Result<Verdict, StoreError> {
        if written {
            self.statement("release command; savepoint command").await?;
        }
        let run = AssertUnwindSafe(job.run(&mut self.connection)).catch_unwind().await;
        let verdict = run.unwrap_or(Verdict::Undo);
        if verdict == Verdict::Undo {
            self.statement("rollback to command").await?;
        }
        Ok(verdict)
    }

    async fn statement(&mut self, text: &'static str) -> Result<(), StoreError> {
        sqlx::query(text).execute(&mut self.connection).await?;
        Ok(())
    }
}
