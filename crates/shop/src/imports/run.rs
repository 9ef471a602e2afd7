//! A whole import, from an understood file to its end. It goes on when the caller goes away, and what
//! it did so far can be undone when the machine stops in the middle.

use std::sync::Arc;

use gondola_store::protect::Opener;
use gondola_store::{Actor, Db, Done, Fail, Key, StoreError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::apply::{self, Sofar};
use super::commands::{ApplyRows, CloseImport, End, Manner, OpenImport, ROWS_AT_ONCE, ReopenImport, Stop};
use super::file::ListFile;
use super::kind::ImportKind;
use super::outcome::{Outcome, Remarks, RowError};
use super::products::{self, Desk};
use super::refusal::ImportRefusal;
use super::{queries, suppliers};
use crate::catalogue::When;

/// What is asked of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Say what would happen; change nothing.
    DryRun,
    /// Good rows go in, bad ones are listed.
    Each,
    /// All rows go in, or none.
    Atomic,
}

/// A file to take in.
#[derive(Debug, Clone)]
pub struct Request {
    /// The file.
    pub file: Arc<ListFile>,
    /// Its name, for people.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub file_hash: [u8; 32],
    /// What is asked.
    pub mode: Mode,
    /// Where its bytes are kept, when they are.
    pub kept_as: Option<Uuid>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Rows looked at.
    pub done: usize,
    /// Rows there are.
    pub total: usize,
}

/// An import that ended.
#[derive(Debug, Clone, Copy)]
pub struct Finished {
    /// Its id.
    pub import: Uuid,
    /// Whether it is the stored answer of an earlier, equal request.
    pub replayed: bool,
}

/// Opens an import; answers whether an equal request already did.
///
/// # Errors
/// 403 without the rights, or the store's failure.
pub async fn open(
    db: &Db,
    actor: &Actor,
    key: Option<Key>,
    request: &Request,
) -> Result<Done<Uuid>, Fail<ImportRefusal>> {
    let open = OpenImport {
        file: Arc::clone(&request.file),
        file_name: request.file_name.clone(),
        file_hash: request.file_hash,
        mode: request.mode,
        kept_as: request.kept_as,
    };
    db.execute(actor, key, open).await.map_err(|fail| fail.map(|never| match never {}))
}

/// Takes a file in, from opening to closing. With a key, an equal request that already ran is not run
/// again.
///
/// # Errors
/// [`ImportRefusal::Rows`] when all or nothing was asked for and a row is bad.
pub async fn run(
    db: &Db,
    actor: &Actor,
    key: Option<Key>,
    request: Request,
    progress: impl FnMut(Progress) + Send,
) -> Result<Finished, Fail<ImportRefusal>> {
    let opened = open(db, actor, key, &request).await?;
    finish(db, actor, &opened, request, progress).await
}

/// Takes the file of an opened import in.
///
/// # Errors
/// As [`run`].
pub async fn finish(
    db: &Db,
    actor: &Actor,
    opened: &Done<Uuid>,
    request: Request,
    progress: impl FnMut(Progress) + Send,
) -> Result<Finished, Fail<ImportRefusal>> {
    let import = opened.out;
    if opened.replayed && !begins_again(db, actor, import).await? {
        return Ok(Finished { import, replayed: true });
    }
    let mut run = Run { db, actor, request: &request, import, progress, remarks: Remarks::default() };
    run.whole().await?;
    Ok(Finished { import, replayed: false })
}

/// A refused request is not remembered: asked again, it runs again.
async fn begins_again(db: &Db, actor: &Actor, import: Uuid) -> Result<bool, Fail<ImportRefusal>> {
    let mut rx = db.read().await?;
    let refused = queries::import(&mut rx.as_tx(), actor, import).await?.is_some_and(|row| row.state == "refused");
    drop(rx);
    if refused {
        db.execute(actor, None, ReopenImport(import)).await.map_err(stopped)?;
    }
    Ok(refused)
}

struct Run<'a, P> {
    db: &'a Db,
    actor: &'a Actor,
    request: &'a Request,
    import: Uuid,
    progress: P,
    remarks: Remarks,
}

impl<P: FnMut(Progress) + Send> Run<'_, P> {
    async fn whole(&mut self) -> Result<(), Fail<ImportRefusal>> {
        self.told(0);
        match (self.request.mode, self.request.file.kind) {
            (Mode::DryRun, ImportKind::Stock) => self.rehearse().await,
            (Mode::DryRun, _) => {
                let looked_at = self.looked_at().await?;
                self.previewed(looked_at).await
            }
            (Mode::Each, _) => self.each().await,
            (Mode::Atomic, _) => self.atomic().await,
        }
    }

    /// Some rows at a time: other people's work goes on in between.
    async fn each(&mut self) -> Result<(), Fail<ImportRefusal>> {
        let mut sofar = Arc::new(self.anchored().await?);
        let total = self.request.file.rows();
        for from in (0..total).step_by(ROWS_AT_ONCE) {
            let until = total.min(from + ROWS_AT_ONCE);
            let rows = self.rows(from..until, &sofar, Manner::Each);
            let applied = self.db.execute(self.actor, None, rows).await.map_err(stopped)?.out;
            Arc::make_mut(&mut sofar).add(&applied.touched, &applied.sequences);
            self.remarks.merge(applied.remarks);
            self.told(until);
        }
        self.close(End::Applied, Outcome::default()).await
    }

    /// What can be told by reading is told before a row is written: nobody waits behind rows that will be taken back.
    async fn atomic(&mut self) -> Result<(), Fail<ImportRefusal>> {
        if self.request.file.kind != ImportKind::Stock {
            let looked_at = self.looked_at().await?;
            if !looked_at.errors.is_empty() {
                return self.refused(looked_at).await;
            }
        }
        let sofar = Arc::new(self.anchored().await?);
        let total = self.request.file.rows();
        let rows = self.rows(0..total, &sofar, Manner::Atomic);
        let outcome = self.db.execute(self.actor, None, rows).await;
        self.told(total);
        match outcome {
            Ok(applied) => {
                self.remarks.merge(applied.out.remarks);
                self.close(End::Applied, Outcome::default()).await
            }
            Err(Fail::Refused(Stop::Bad(outcome))) => self.refused(*outcome).await,
            Err(fail) => Err(stopped(fail)),
        }
    }

    async fn refused(&mut self, outcome: Outcome) -> Result<(), Fail<ImportRefusal>> {
        let errors = in_order(&outcome.errors);
        let mut refused = outcome.without_changes();
        self.remarks.merge(std::mem::take(&mut refused.remarks));
        self.close(End::Refused, refused).await?;
        Err(Fail::Refused(ImportRefusal::Rows { errors, import: self.import }))
    }

    /// What would become of every row, by reading alone.
    async fn looked_at(&mut self) -> Result<Outcome, Fail<ImportRefusal>> {
        let (mut sofar, mut found) = (Sofar::default(), Outcome::default());
        let file = Arc::clone(&self.request.file);
        for from in (0..file.rows()).step_by(ROWS_AT_ONCE) {
            let until = file.rows().min(from + ROWS_AT_ONCE);
            let mut rx = self.db.read().await?;
            let mut tx = rx.as_tx();
            let outcome = if file.kind == ImportKind::Suppliers {
                suppliers::take(&mut tx, None, &file, from..until).await?
            } else {
                let (db, actor) = (self.db, self.actor);
                let opener = Opener::Reader { db, actor, purpose: "imports.look", gathered: None };
                let now = self.db.now();
                let desk =
                    Desk { file: &file, seen: &sofar.seen, when: When { now, day: self.db.day_of(now) }, opener };
                products::check(&mut tx, &desk, from..until, || self.db.new_id()).await?
            };
            sofar.add(&outcome.touched, &[]);
            found.merge(outcome);
            if self.request.mode == Mode::DryRun {
                self.told(until);
            }
        }
        Ok(found)
    }

    /// A dry run of stock: rows are posted and taken back, because only the book knows what it refuses.
    async fn rehearse(&mut self) -> Result<(), Fail<ImportRefusal>> {
        let sofar = Arc::new(Sofar::default());
        let mut found = Outcome::default();
        let total = self.request.file.rows();
        for from in (0..total).step_by(ROWS_AT_ONCE) {
            let until = total.min(from + ROWS_AT_ONCE);
            match self.db.execute(self.actor, None, self.rows(from..until, &sofar, Manner::Rehearsal)).await {
                Err(Fail::Refused(Stop::Rehearsed(outcome))) => found.merge(*outcome),
                Err(fail) => return Err(stopped(fail)),
                Ok(_) => return Err(StoreError::meanwhile("a rehearsal was not taken back").into()),
            }
            self.told(until);
        }
        self.previewed(found).await
    }

    async fn previewed(&mut self, mut found: Outcome) -> Result<(), Fail<ImportRefusal>> {
        self.remarks.merge(std::mem::take(&mut found.remarks));
        self.close(End::Previewed, found.without_changes()).await
    }

    async fn close(&mut self, end: End, outcome: Outcome) -> Result<(), Fail<ImportRefusal>> {
        let remarks = std::mem::take(&mut self.remarks).into_list();
        let file = Arc::clone(&self.request.file);
        let close = CloseImport { import: self.import, file, end, outcome, remarks };
        self.db.execute(self.actor, None, close).await.map_err(stopped)?;
        Ok(())
    }

    /// Where every product of a stock list stands before the first row is applied.
    async fn anchored(&self) -> Result<Sofar, Fail<ImportRefusal>> {
        let (mut sofar, file) = (Sofar::default(), &self.request.file);
        if file.kind != ImportKind::Stock {
            return Ok(sofar);
        }
        let mut rx = self.db.read().await?;
        let mut tx = rx.as_tx();
        for from in (0..file.rows()).step_by(ROWS_AT_ONCE) {
            let rows = from..file.rows().min(from + ROWS_AT_ONCE);
            sofar.add(&[], &apply::positions(&mut tx, file, rows).await?);
        }
        Ok(sofar)
    }

    fn rows(&self, rows: std::ops::Range<usize>, sofar: &Arc<Sofar>, manner: Manner) -> ApplyRows {
        let (import, file) = (self.import, Arc::clone(&self.request.file));
        ApplyRows { import, file, rows, sofar: Arc::clone(sofar), manner }
    }

    fn told(&mut self, done: usize) {
        (self.progress)(Progress { done, total: self.request.file.rows() });
    }
}

fn stopped(fail: Fail<Stop>) -> Fail<ImportRefusal> {
    fail.map(|_| ImportRefusal::Stopped)
}

fn in_order(errors: &[RowError]) -> Vec<RowError> {
    let mut errors = errors.to_vec();
    errors.sort_by_key(|error| error.line);
    errors
}
