//! Whether this process can serve (HLT-1 … HLT-4). Every check has a second; results are kept two
//! seconds and made by one asker at a time, so that any number of probes costs the database one.
//! The daily check of the whole shop is not here.

mod checks;

pub use checks::REDIS;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gondola_shop::kernel::Face;
use gondola_store::Db;
use serde::Serialize;

/// How long a report answers for the truth.
const FRESH: Duration = Duration::from_secs(2);
/// How long it may stand in while the next one is being made.
const STALE: Duration = Duration::from_secs(4);
/// How long a check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);
/// A database slower than this is reported as degraded.
const SLOW: Duration = Duration::from_millis(200);

/// HLT-3: a fault, and its end, are told within five seconds.
const _: () = assert!(STALE.as_secs() + CHECK_TIMEOUT.as_secs() <= 5);

/// How one check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Healthy,
    /// Works, slowly or without what only helps.
    Degraded,
    /// Does not work; the log says why.
    Unhealthy,
}

/// How the whole process is: as bad as its worst check.
pub type Overall = State;

/// One check's name and result.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// `database`, `migrations`, `keys`, `redis`.
    pub name: &'static str,
    /// How it went.
    pub status: State,
}

/// The results of one round.
#[derive(Debug, Clone)]
pub struct Report {
    checks: Vec<Check>,
}

/// What `/health` says: no internals beyond the names of the checks (RTE-2).
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    status: Overall,
    version: &'static str,
    face: &'static str,
    checks: &'a [Check],
}

impl Report {
    /// The worst of the checks.
    pub fn overall(&self) -> Overall {
        let any = |state| self.checks.iter().any(|check| check.status == state);
        match (any(State::Unhealthy), any(State::Degraded)) {
            (true, _) => State::Unhealthy,
            (false, true) => State::Degraded,
            (false, false) => State::Healthy,
        }
    }

    /// The single checks.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Whether requests may be sent here.
    pub fn is_ready(&self) -> bool {
        self.overall() != State::Unhealthy
    }

    /// Whether the database answered.
    pub fn database_is_up(&self) -> bool {
        self.checks.iter().any(|check| check.name == checks::DATABASE && check.status != State::Unhealthy)
    }

    /// The document for one face.
    pub fn body(&self, face: Face) -> Body<'_> {
        Body { status: self.overall(), version: env!("CARGO_PKG_VERSION"), face: face.name(), checks: &self.checks }
    }
}

/// Runs the checks for all faces of a process.
pub struct Health {
    db: Db,
    last: Mutex<Option<(Instant, Arc<Report>)>>,
    turn: tokio::sync::Mutex<()>,
    rounds: AtomicU64,
}

impl Health {
    /// Checks of this database.
    pub fn new(db: Db) -> Self {
        Self { db, last: Mutex::new(None), turn: tokio::sync::Mutex::new(()), rounds: AtomicU64::new(0) }
    }

    /// The newest report; made now when it is older than two seconds.
    pub async fn report(&self) -> Arc<Report> {
        if let Some(report) = self.kept(FRESH) {
            return report;
        }
        let _turn = match self.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) => match self.kept(STALE) {
                Some(report) => return report,
                None => self.turn.lock().await,
            },
        };
        if let Some(report) = self.kept(FRESH) {
            return report;
        }
        self.rounds.fetch_add(1, Ordering::Relaxed);
        let report = Arc::new(Report { checks: checks::run_all(&self.db).await });
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&report)));
        report
    }

    /// How often the checks have run, however many asked.
    pub fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    fn kept(&self, age_max: Duration) -> Option<Arc<Report>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(made, _)| made.elapsed() < age_max).map(|(_, report)| Arc::clone(report))
    }
}
