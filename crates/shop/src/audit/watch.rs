//! Looks at the trail every five minutes, whichever process is first, and keeps what the detectors find: each case once,
//! however often it is looked at, and worse when it got worse.

use std::convert::Infallible;

use gondola_store::audit::{EntryRow, Family, REFUSED};
use gondola_store::settings;
use gondola_store::{Actor, At, Audited, Command, Context, Db, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::detect::rules::{DAY, HOUR, LOOK_BACK, WEEK};
use super::detect::{AccessLine, Case, Detector, Evidence, Local, ProtectedAccess, Severity, Sighting, look};
use super::sql;
use crate::kernel::App;
use crate::people::FAILED_LOG_IN;

/// How often it is looked (JOB-4).
const EVERY: At = 5 * 60 * 1_000_000;
/// What is written late, or while we look, is looked at by the next time.
const OVERLAP: At = 10 * 60 * 1_000_000;
/// Entries of a kind that are looked at, the newest ones; beyond that it is said in the log.
const ENTRIES_MAX: i64 = 200_000;
/// Up to when it was looked.
const LOOKED: &str = "audit.looked_at";

/// A case that was not known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What found it.
    pub detector: Detector,
    /// How bad it is.
    pub severity: Severity,
}

/// Looks, unless somebody did within the last five minutes. Answers what is new.
///
/// # Errors
/// [`StoreError`].
pub async fn watch(app: &App) -> Result<Vec<Found>, StoreError> {
    let now = app.db.now();
    let looked: Option<At> = {
        let mut once = app.db.read_once().await?;
        settings::find(&mut once.as_tx(), LOOKED).await?.and_then(|text| text.parse().ok())
    };
    if looked.is_some_and(|looked| now < looked + EVERY && looked <= now) {
        return Ok(Vec::new());
    }
    let since = looked.unwrap_or(now - DAY).min(now) - OVERLAP;
    let evidence = gather(&app.db, since).await?;
    let local = Local { zone: app.zone.clone(), hours: app.hours };
    let cases = look(&evidence, &local, since);
    match app.db.execute(&Actor::system("worker"), None, KeepCases { cases, looked: now }).await {
        Ok(done) => Ok(done.out),
        Err(Fail::Failed(error)) => Err(error),
        Err(Fail::Refused(never)) => match never {},
        Err(Fail::Forbidden(_) | Fail::KeyReused) => unreachable!("the system may, and gave no key"),
    }
}

/// What happened since, and before that as far back as each rule looks.
async fn gather(db: &Db, since: At) -> Result<Evidence, StoreError> {
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    let mut entries = entries_of(&mut tx, Family::Read, since - LOOK_BACK, None, "%").await?;
    entries.extend(entries_of(&mut tx, Family::Privilege, since - WEEK, None, "%").await?);
    entries.extend(entries_of(&mut tx, Family::Auth, since - HOUR, Some(FAILED_LOG_IN), "%").await?);
    entries.extend(entries_of(&mut tx, Family::Auth, since - HOUR, Some(REFUSED), "key:%").await?);
    let sightings: Vec<Sighting> = both!(&mut tx, c, text => sqlx::query_as(text(sql::SIGHTINGS))
        .bind(since - DAY).bind(ENTRIES_MAX).fetch_all(c).await?);
    let opened: Vec<AccessLine> = both!(&mut tx, c, text => sqlx::query_as(text(sql::OPENED))
        .bind(since - LOOK_BACK).bind(ENTRIES_MAX).fetch_all(c).await?);
    let mut evidence = Evidence { sightings, ..Evidence::of_listed(entries) };
    evidence.accesses.extend(opened.into_iter().map(ProtectedAccess::from));
    Ok(evidence)
}

async fn entries_of(
    tx: &mut Tx<'_>,
    family: Family,
    since: At,
    event: Option<&str>,
    actors: &str,
) -> Result<Vec<EntryRow>, StoreError> {
    let entries: Vec<EntryRow> = both!(tx, c, text => sqlx::query_as(text(sql::WATCHED))
        .bind(family.code()).bind(since).bind(event).bind(actors).bind(ENTRIES_MAX).fetch_all(c).await?);
    if entries.len() as u64 >= ENTRIES_MAX.unsigned_abs() {
        tracing::warn!(family = family.code(), rows = entries.len(), "the detectors look at the newest entries only");
    }
    Ok(entries)
}

/// Keeps cases; answers those that were not known.
struct KeepCases {
    cases: Vec<Case>,
    looked: At,
}

impl Command for KeepCases {
    const NAME: &'static str = "audit.keep_cases";
    const AUDITED: Option<Audited> = None;
    type Out = Vec<Found>;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<Found>, Fail<Infallible>> {
        if let Tx::Postgres(connection) = tx {
            sqlx::query(sql::LOCK_DETECTIONS.text(gondola_store::Engine::Postgres)).execute(&mut **connection).await?;
        }
        let mut found = Vec::new();
        for case in &self.cases {
            if keep(tx, cx, case).await? {
                found.push(Found { detector: case.detector, severity: case.severity });
            }
        }
        let put = both!(tx, c, text => sqlx::query(text(gondola_store::sql::PUT_SETTING))
            .bind(LOOKED).bind(self.looked.to_string()).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(gondola_store::sql::PUT_SETTING, 1, put)?;
        Ok(found)
    }
}

/// Keeps one case; whether it is new.
async fn keep(tx: &mut Tx<'_>, cx: &Context, case: &Case) -> Result<bool, StoreError> {
    let Case { detector, severity, subject, name, about, first_at, last_at, count } = case;
    let known: Option<(Uuid, String)> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_GOING_ON))
        .bind(detector.code()).bind(subject).bind(about).bind(first_at).bind(last_at).fetch_optional(c).await?);
    if let Some((id, before)) = known {
        let before = Severity::ALL.into_iter().find(|known| known.code() == before);
        let severity = before.map_or(*severity, |before| before.max(*severity));
        let extended = both!(tx, c, text => sqlx::query(text(sql::EXTEND_DETECTION))
            .bind(id).bind(last_at).bind(count).bind(severity.code()).execute(c).await?.rows_affected());
        expect_rows(sql::EXTEND_DETECTION, 1, extended)?;
        return Ok(false);
    }
    let kept = both!(tx, c, text => sqlx::query(text(sql::KEEP_DETECTION))
        .bind(cx.new_id()).bind(detector.code()).bind(severity.code()).bind(subject).bind(name).bind(about)
        .bind(first_at).bind(last_at).bind(count).bind(cx.now).execute(c).await?.rows_affected());
    expect_rows(sql::KEEP_DETECTION, 1, kept)?;
    Ok(true)
}
