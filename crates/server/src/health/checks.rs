//! The single checks. Each names itself, runs at most a second and never hides another.

use std::future::Future;
use std::time::Instant;

use gondola_store::sqlx;
use gondola_store::{Actor, Audited, Command, Context, Db, Fail, Permission, Tx, both};
use gondola_vault::Place;

use super::{CHECK_TIMEOUT, Check, SLOW, State};

/// The check that the database takes a write.
pub const DATABASE: &str = "database";
const MIGRATIONS: &str = "migrations";
const KEYS: &str = "keys";
/// The check that Redis is there; told only where one is configured.
pub const REDIS: &str = "redis";

/// Runs every check, all at once.
pub async fn run_all(db: &Db) -> Vec<Check> {
    let (database, migrations, keys) = tokio::join!(
        timed(DATABASE, takes_a_write(db)),
        timed(MIGRATIONS, is_migrated(db)),
        timed(KEYS, opens_what_is_sealed(db)),
    );
    [Some(database), Some(migrations), Some(keys), redis(db)].into_iter().flatten().collect()
}

/// Without it everything is as right, each process by itself: nobody is sent away for that (HLT-3). Somebody looks
/// every second, and logs what they find.
fn redis(db: &Db) -> Option<Check> {
    let status = if db.redis().is_up()? { State::Healthy } else { State::Degraded };
    Some(Check { name: REDIS, status })
}

async fn timed(name: &'static str, check: impl Future<Output = Result<(), String>>) -> Check {
    let began = Instant::now();
    let outcome = tokio::time::timeout(CHECK_TIMEOUT, check).await;
    let status = match outcome {
        Ok(Ok(())) if began.elapsed() > SLOW => State::Degraded,
        Ok(Ok(())) => State::Healthy,
        Ok(Err(reason)) => {
            tracing::warn!(code = "unhealthy", "health check {name}: {reason}");
            State::Unhealthy
        }
        Err(_) => {
            tracing::warn!(code = "unhealthy", "health check {name}: no answer within a second");
            State::Unhealthy
        }
    };
    Check { name, status }
}

async fn takes_a_write(db: &Db) -> Result<(), String> {
    match db.execute(&Actor::system("health"), None, WriteProbe).await {
        Err(Fail::Refused(Undone)) => Ok(()),
        Err(Fail::Failed(error)) => Err(error.to_string()),
        other => Err(format!("the probe ended as {other:?}")),
    }
}

async fn is_migrated(db: &Db) -> Result<(), String> {
    let state = db.migration_state().await.map_err(|error| error.to_string())?;
    match state.pending.len() {
        0 => Ok(()),
        pending => Err(format!("{pending} migrations are pending")),
    }
}

/// What this process seals, and the ring the shop keeps: another secret may have come, or another database.
async fn opens_what_is_sealed(db: &Db) -> Result<(), String> {
    if !db.vault().is_unlocked() {
        return Err("the key ring is not open".to_owned());
    }
    let (place, probe) = (Place { table: "health", column: "probe", row: b"" }, b"probe");
    let opened = db.vault().open(place, &db.vault().seal(place, probe)).map_err(|error| error.to_string())?;
    if opened.as_slice() != probe {
        return Err("the key ring opened something else than it sealed".to_owned());
    }
    db.refresh_keys().await.map(drop).map_err(|error| error.to_string())
}

/// Writes a row through the ordinary path of every write and takes it back.
struct WriteProbe;

/// The probe's refusal: its way of leaving nothing behind.
#[derive(Debug)]
struct Undone;

impl Command for WriteProbe {
    const NAME: &'static str = "health.probe_write";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = Undone;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Undone>> {
        let written = both!(tx, c, text => sqlx::query(text(gondola_store::sql::PROBE_WRITE))
            .bind("health.probe").bind(cx.now).execute(c).await?.rows_affected());
        gondola_store::expect_rows(gondola_store::sql::PROBE_WRITE, 1, written)?;
        Err(Fail::Refused(Undone))
    }
}
