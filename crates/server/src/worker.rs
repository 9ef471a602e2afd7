//! What happens without anybody asking: stock changes are told to listeners, the audit trail is sealed, promises whose time is
//! over are marked, repricings whose hour has come are applied, files of invoices are read, how products stand follows the calendar, old idempotency keys and files that were
//! sent and never imported are forgotten, imports that broke off are ended, the book is verified, the
//! audit trail is searched for trouble, verified and anchored. Each task may be late, run twice or fail without harm; a failure is logged and tried again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gondola_shop::PROTECTED;
use gondola_shop::imports::{EndInterrupted, ForgetFiles};
use gondola_shop::invoices::read_pending;
use gondola_shop::kernel::App;
use gondola_shop::prices::follow_due;
use gondola_shop::repricings::apply_due;
use gondola_shop::reservations::ExpireReservations;
use gondola_shop::stock::{events, refresh_all};
use gondola_store::audit::{self, SealAudit};
use gondola_store::settings::{self, ForgetKeys, PutSetting};
use gondola_store::{Actor, At, Command, Db, Fail, StoreError};
use tokio::sync::watch;

use crate::http::Refusals;
use crate::integrity::{self, BookGauges};
use crate::keys::{self, KeyNumbers};
use crate::trail::{self, TrailNumbers};

/// How often it is looked whether something is due.
const ROUND: Duration = Duration::from_secs(60);
/// How often entries of the audit trail are sealed, where they are not sealed as they are written.
const SEAL_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether another process drew a key.
const KEYS_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether the file of an invoice waits to be read, and how many are read at once: one after another.
const PAPERS_EVERY: Duration = Duration::from_secs(2);
const PAPERS_MOST: i64 = 20;
/// How long an idempotency key is remembered (contract section 4).
const KEYS_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a file that was sent waits for its import.
const FILES_KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long an import may be silent before it counts as broken off: longer than all rows of a file take at once.
const IMPORT_SILENT: Duration = Duration::from_secs(15 * 60);
/// The day for which levels were last refreshed.
const LEVELS_DAY: &str = "stock.levels_day";

/// What the worker works on.
pub struct Work {
    /// The product.
    pub app: App,
    /// What it tells about the book.
    pub book: BookGauges,
    /// What it tells about the audit trail.
    pub trail: TrailNumbers,
    /// What it tells about API keys.
    pub keys: KeyNumbers,
    /// Requests that were turned away, which it writes down.
    pub refusals: Arc<Refusals>,
    /// Where the anchors of the audit trail are written, besides the database.
    pub anchors_dir: Option<PathBuf>,
}

/// Works until told to stop.
pub async fn work(work: Work, mut stopping: watch::Receiver<bool>) {
    let Work { app, book, trail, keys, refusals, anchors_dir } = work;
    let follower = tokio::spawn(events::follow(app.db.clone(), app.stock_events.clone()));
    let sealer = tokio::spawn(keep_trail(app.db.clone(), refusals));
    let ring = tokio::spawn(keep_ring(app.db.clone()));
    let papers = tokio::spawn(read_papers(app.db.clone()));
    let mut rounds = tokio::time::interval(ROUND);
    loop {
        tokio::select! {
            _ = rounds.tick() => {
                round(&app.db).await;
                if let Err(error) = integrity::look(&app, &book).await {
                    tracing::warn!(error = %error, "verify the stock ledger");
                }
                if let Err(error) = keys::look(&app, &keys).await {
                    tracing::warn!(error = %error, "count the API keys");
                }
                if let Err(error) = trail::look(&app, &trail).await {
                    tracing::warn!(error = %error, "look for trouble in the audit trail");
                }
                if let Err(error) = trail::anchor_daily(&app, &trail, anchors_dir.as_deref()).await {
                    tracing::warn!(error = format!("{error:#}"), "verify and anchor the audit trail");
                }
            }
            changed = stopping.changed() => if changed.is_err() || *stopping.borrow() { break },
        }
    }
    follower.abort();
    sealer.abort();
    ring.abort();
    papers.abort();
}

/// Reads the files of invoices that wait, in the order they came.
async fn read_papers(db: Db) {
    loop {
        if let Err(error) = read_pending(&db, &Actor::system("worker"), PAPERS_MOST).await {
            tracing::warn!(error = %error, "read the files of invoices");
        }
        tokio::time::sleep(PAPERS_EVERY).await;
    }
}

/// Writes who was turned away and who read protected data, and seals the audit trail, as it grows.
async fn keep_trail(db: Db, refusals: Arc<Refusals>) {
    loop {
        if let Err(error) = refusals.write(&db).await {
            tracing::error!(error = %error, "refusals are not in the audit trail yet");
        }
        if let Err(error) = db.write_reads().await {
            tracing::error!(error = %error, "reads of protected data are not in the audit trail yet");
        }
        match awaits_seal(&db).await {
            Ok(true) => run(&db, SealAudit).await,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "look at the audit trail"),
        }
        tokio::time::sleep(SEAL_EVERY).await;
    }
}

/// Takes over keys that another process drew, before anything sealed with them has to be opened.
async fn keep_ring(db: Db) {
    loop {
        match db.refresh_keys().await {
            Ok(true) => tracing::info!(key.id = db.vault().newest_key().0, "the key ring changed"),
            Ok(false) => {}
            Err(error) => tracing::error!(error = %error, "the key ring in the database is not this process's"),
        }
        tokio::time::sleep(KEYS_EVERY).await;
    }
}

async fn awaits_seal(db: &Db) -> Result<bool, StoreError> {
    audit::awaits_seal(&mut db.read_once().await?.as_tx()).await
}

/// Does once whatever is due.
pub async fn round(db: &Db) {
    run(db, ExpireReservations).await;
    if let Err(error) = apply_due(db, &Actor::system("worker")).await {
        tracing::warn!(error = %error, "apply the repricings whose hour has come");
    }
    let today = db.day_of(db.now());
    if let Err(error) = follow_due(db, &Actor::system("worker"), today).await {
        tracing::warn!(error = %error, "let costs follow the shop's tax status");
    }
    run(db, ForgetKeys { before: before(db, KEYS_KEPT) }).await;
    run(db, ForgetFiles { before: before(db, FILES_KEPT) }).await;
    run(db, EndInterrupted { silent_since: before(db, IMPORT_SILENT) }).await;
    if let Err(error) = rotation(db).await {
        tracing::warn!(error = %error, "seal with the newest key what is not");
    }
    if let Err(error) = levels(db).await {
        tracing::warn!(error = %error, "refresh how products stand");
    }
}

/// Goes on with a rotation that was broken off, and retires keys that seal nothing any more.
async fn rotation(db: &Db) -> Result<(), StoreError> {
    let before = db.rotation(PROTECTED).await?;
    let worker = Actor::system("worker");
    if before.done < before.rows {
        let (states, mut progress) = (db.tally().keys().0, before);
        let tell = |rows: u64| {
            progress.done += rows;
            db.tally().set_keys(states.iter().cloned(), progress);
        };
        let resealed = db.reseal(&worker, PROTECTED, tell).await?;
        tracing::info!(rows = resealed, "sealed with the newest key");
    }
    let retired = db.retire_keys(&worker, PROTECTED).await?;
    if !retired.is_empty() {
        tracing::info!(keys = ?retired, "keys retired");
    }
    let (states, rotation) = (db.key_states(PROTECTED).await?, db.rotation(PROTECTED).await?);
    db.tally().set_keys(states.into_iter().filter(|key| key.retired_at.is_none() && key.seals_fields()), rotation);
    Ok(())
}

fn before(db: &Db, kept: Duration) -> At {
    db.now() - i64::try_from(kept.as_micros()).expect("a month fits")
}

/// Refreshes the levels once a day, whichever process is first.
async fn levels(db: &Db) -> Result<(), StoreError> {
    let today = db.day_of(db.now()).to_string();
    let refreshed = {
        let mut rx = db.read().await?;
        settings::find(&mut rx.as_tx(), LEVELS_DAY).await?
    };
    if refreshed.as_deref() == Some(today.as_str()) {
        return Ok(());
    }
    let products = refresh_all(db).await?;
    run(db, PutSetting { key: LEVELS_DAY, value: today }).await;
    tracing::info!(rows = products, "levels refreshed");
    Ok(())
}

async fn run<C: Command>(db: &Db, command: C) {
    match db.execute(&Actor::system("worker"), None, command).await {
        Ok(_) => {}
        Err(Fail::Failed(error)) => tracing::warn!(error = %error, command.name = C::NAME, "a job failed"),
        Err(_) => tracing::warn!(command.name = C::NAME, "a job was refused"),
    }
}
