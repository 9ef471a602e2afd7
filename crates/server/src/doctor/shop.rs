//! What the shop's database tells about itself: version, schema, soundness, book, clock, backups.

use std::path::Path;

use anyhow::Context as _;
use gondola_shop::kernel::Profile;
use gondola_shop::kernel::time::parse_instant;
use gondola_store::{At, Db, Engine};

use super::{Diagnosis, State};
use crate::backup::Backups;
use crate::config::Settings;
use crate::start::{self, Purpose};

const SECOND: At = 1_000_000;
const HOUR: At = 3600 * SECOND;
/// The oldest SQLite and PostgreSQL that are supported.
const SQLITE_MIN: [u32; 3] = [3, 51, 3];
const POSTGRES_MIN: [u32; 3] = [15, 0, 0];
/// No clock that is right says less: 2026-01-01 UTC.
const CLOCK_MIN: At = 1_767_225_600 * SECOND;
/// How far two clocks may be apart before it matters, and before it hurts.
const SKEW_WARN: At = 2 * SECOND;
const SKEW_CRITICAL: At = 60 * SECOND;
/// How old the newest backup may be.
const BACKUP_AGE_WARN: At = 24 * HOUR;
const BACKUP_AGE_CRITICAL: At = 7 * 24 * HOUR;

/// Every check of an open database.
pub(super) async fn examine(settings: &Settings, data_dir: &Path, db: &Db) -> Vec<Diagnosis> {
    let mut found = vec![
        or_failed("engine", engine(db).await),
        or_failed("clock", clock(db).await),
        backups(data_dir, db),
        or_failed("file", file(db).await),
    ];
    found.extend(redis(db));
    let schema = schema(settings, db).await;
    let readable = schema.state == State::Ok;
    found.push(schema);
    if readable {
        found.extend(role(settings, db).await.transpose().map(|judged| or_failed("role", judged)));
        found.push(book(settings, db).await);
    } else {
        let (es, en) = ("primero las migraciones", "migrations come first");
        found.push(Diagnosis::new("ledger", State::Skipped, es, en));
    }
    found
}

fn or_failed(check: &'static str, outcome: anyhow::Result<Diagnosis>) -> Diagnosis {
    outcome.unwrap_or_else(|error| Diagnosis::failed(check, &error))
}

/// Where one is configured: is it there?
fn redis(db: &Db) -> Option<Diagnosis> {
    if db.redis().is_up()? {
        return Some(Diagnosis::new("redis", State::Ok, "responde", "answers"));
    }
    let lost = Diagnosis::new(
        "redis",
        State::Warn,
        "no responde: cada proceso lleva sus propios límites y le pregunta todo a la base",
        "does not answer: each process keeps limits of its own and asks the database everything",
    );
    Some(lost.advise(
        "Fijate si está en marcha, en redis.url y, con rediss://, en redis.ca_file.",
        "See whether it runs, and to redis.url and, with rediss://, redis.ca_file.",
    ))
}

async fn engine(db: &Db) -> anyhow::Result<Diagnosis> {
    let version = db.engine_version().await.context("ask for the engine's version")?;
    let (name, minimum) = match db.engine() {
        Engine::Sqlite => ("SQLite", SQLITE_MIN),
        Engine::Postgres => ("PostgreSQL", POSTGRES_MIN),
    };
    Ok(judge_version(name, &version, minimum))
}

fn judge_version(name: &str, version: &str, minimum: [u32; 3]) -> Diagnosis {
    let told = format!("{name} {version}");
    if numbers(version) >= minimum {
        return Diagnosis::new("engine", State::Ok, told.clone(), told);
    }
    let [major, minor, patch] = minimum;
    let wanted = format!("{major}.{minor}.{patch}");
    Diagnosis::new("engine", State::Critical, told.clone(), told)
        .advise(format!("Actualizá a {name} {wanted} o más nuevo."), format!("Install {name} {wanted} or newer."))
}

/// `15.14 (Debian 15.14-0+deb12u1)` is 15.14.0.
fn numbers(version: &str) -> [u32; 3] {
    let plain = version.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    let mut parts = plain.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

/// On PostgreSQL: could the program rewrite what is kept for ever? (DAL-4)
async fn role(settings: &Settings, db: &Db) -> anyhow::Result<Option<Diagnosis>> {
    if db.engine() != Engine::Postgres {
        return Ok(None);
    }
    if !db.may_rewrite_history().await.context("ask what the program's role may do")? {
        return Ok(Some(Diagnosis::new(
            "role",
            State::Ok,
            "el rol del programa no puede reescribir la historia",
            "the program's role cannot rewrite history",
        )));
    }
    let state = if settings.profile == Profile::Production { State::Warn } else { State::Ok };
    let owner = Diagnosis::new(
        "role",
        state,
        "el programa entra con un rol que puede borrar la historia",
        "the program connects as a role that may delete history",
    );
    Ok(Some(owner.advise(
        "Creá otro rol para el programa, corré gondola migrate grant ROL y poné DATABASE_URL con él.",
        "Create another role for the program, run gondola migrate grant ROLE and put DATABASE_URL with it.",
    )))
}

async fn clock(db: &Db) -> anyhow::Result<Diagnosis> {
    let before = db.now();
    let there = db.now_there().await.context("ask for the database's clock")?;
    let here = before + (db.now() - before) / 2;
    let last = db.last_remembered().await.context("ask for the last thing kept")?;
    Ok(judge_clock(here, there, last))
}

fn judge_clock(here: At, there: At, last: At) -> Diagnosis {
    let set_it = |found: Diagnosis| {
        found.advise(
            "Poné en hora esta máquina y dejá la hora automática: timedatectl set-ntp true.",
            "Set this machine's clock and leave it automatic: timedatectl set-ntp true.",
        )
    };
    if here < CLOCK_MIN || here + SKEW_CRITICAL < last {
        let seconds = (last - here).max(0) / SECOND;
        return set_it(Diagnosis::new(
            "clock",
            State::Critical,
            format!("el reloj atrasa: lo último guardado es de {seconds} segundos más adelante"),
            format!("the clock is behind: the last thing kept is {seconds} seconds ahead of it"),
        ));
    }
    let skew = (here - there).abs();
    let state = match skew {
        SKEW_CRITICAL.. => State::Critical,
        SKEW_WARN.. => State::Warn,
        _ => State::Ok,
    };
    let milliseconds = skew / 1000;
    let found = Diagnosis::new(
        "clock",
        state,
        format!("a {milliseconds} ms del reloj de la base de datos"),
        format!("{milliseconds} ms from the database's clock"),
    );
    if state == State::Ok { found } else { set_it(found) }
}

fn backups(data_dir: &Path, db: &Db) -> Diagnosis {
    if db.engine() == Engine::Postgres {
        return Diagnosis::new(
            "backup",
            State::Skipped,
            "en PostgreSQL las copias se hacen con pg_dump",
            "on PostgreSQL backups are made with pg_dump",
        );
    }
    let newest = match Backups::of(data_dir).list() {
        Ok(sets) => sets.into_iter().next(),
        Err(error) => return Diagnosis::failed("backup", &error),
    };
    let manifest = newest.and_then(|set| set.manifest);
    let taken = manifest.as_ref().and_then(|manifest| parse_instant(&manifest.created_at));
    let book = manifest.as_ref().is_none_or(|manifest| manifest.ledger.ok);
    judge_backup(taken.map(|taken| db.now() - taken), book)
}

/// By the age of the newest set, and whether its book added up.
fn judge_backup(age: Option<At>, book_adds_up: bool) -> Diagnosis {
    let Some(age) = age else {
        return Diagnosis::new(
            "backup",
            State::Warn,
            "no hay ninguna copia que se pueda leer",
            "there is no readable backup",
        )
        .advise("Hacé una ahora: gondola backup.", "Make one now: gondola backup.");
    };
    let state = match age {
        BACKUP_AGE_CRITICAL.. => State::Critical,
        BACKUP_AGE_WARN.. => State::Warn,
        _ if !book_adds_up => State::Warn,
        _ => State::Ok,
    };
    let hours = age / HOUR;
    let found = Diagnosis::new(
        "backup",
        state,
        format!("la última es de hace {hours} h"),
        format!("the last one is {hours} h old"),
    );
    match state {
        State::Ok => found,
        _ if age < BACKUP_AGE_WARN => found.advise(
            "En la última copia el libro no cerraba: corré gondola ledger verify.",
            "In the last backup the book did not add up: run gondola ledger verify.",
        ),
        _ => found.advise(
            "Hacé una ahora (gondola backup) y programala todos los días.",
            "Make one now (gondola backup) and schedule it every day.",
        ),
    }
}

async fn file(db: &Db) -> anyhow::Result<Diagnosis> {
    if db.engine() == Engine::Postgres {
        let (es, en) = ("de los archivos se ocupa PostgreSQL", "PostgreSQL looks after its files");
        return Ok(Diagnosis::new("file", State::Skipped, es, en));
    }
    let damage = db.damage().await.context("check the file")?;
    if damage.is_empty() {
        return Ok(Diagnosis::new("file", State::Ok, "la base de datos está sana", "the database is sound"));
    }
    let told = damage.join("; ");
    Ok(Diagnosis::new("file", State::Critical, told.clone(), told).advise(
        "Pará el comercio, copiá la carpeta de datos tal como está y restaurá la última copia: gondola backup list, gondola restore.",
        "Stop the shop, copy the data directory as it is and restore the last backup: gondola backup list, gondola restore.",
    ))
}

async fn schema(settings: &Settings, db: &Db) -> Diagnosis {
    let pending = match db.migration_state().await {
        Ok(state) => state.pending,
        Err(error) => return Diagnosis::failed("migrations", &error.into()),
    };
    if pending.is_empty() {
        return Diagnosis::new("migrations", State::Ok, "ninguna pendiente", "none pending");
    }
    // In development the next start runs them by itself.
    let state = if settings.profile == Profile::Production { State::Critical } else { State::Warn };
    let names: Vec<String> = pending.iter().map(|(version, name)| format!("{version} {name}")).collect();
    let names = names.join(", ");
    Diagnosis::new("migrations", state, format!("faltan: {names}"), format!("pending: {names}"))
        .advise("Hacé una copia y corré gondola migrate up.", "Take a backup and run gondola migrate up.")
}

async fn book(settings: &Settings, db: &Db) -> Diagnosis {
    let app = start::app(settings, db.clone(), Purpose::Shop);
    let report = match crate::backup::book_of(&app).await {
        Ok(report) => report,
        Err(error) => return Diagnosis::failed("ledger", &error),
    };
    let (movements, findings) = (report.movements, report.findings.len());
    if report.ok {
        let (es, en) =
            (format!("{movements} movimientos, el libro cierra"), format!("{movements} movements, the book adds up"));
        return Diagnosis::new("ledger", State::Ok, es, en);
    }
    Diagnosis::new(
        "ledger",
        State::Critical,
        format!("el libro no cierra: {findings} diferencias"),
        format!("the book does not add up: {findings} findings"),
    )
    .advise("Mirá cuáles son: gondola ledger verify.", "See which: gondola ledger verify.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_is_too_old_is_critical() {
        let state = |name, version, minimum| judge_version(name, version, minimum).state;
        assert_eq!(state("SQLite", "3.51.3", SQLITE_MIN), State::Ok);
        assert_eq!(state("SQLite", "3.51.2", SQLITE_MIN), State::Critical);
        assert_eq!(state("SQLite", "3.100.0", SQLITE_MIN), State::Ok);
        assert_eq!(state("PostgreSQL", "15.14 (Debian 15.14-0+deb12u1)", POSTGRES_MIN), State::Ok);
        assert_eq!(state("PostgreSQL", "14.19", POSTGRES_MIN), State::Critical);
        assert_eq!(state("PostgreSQL", "18beta1", POSTGRES_MIN), State::Ok);
        assert_eq!(state("PostgreSQL", "", POSTGRES_MIN), State::Critical);
    }

    #[test]
    fn a_clock_is_judged_by_the_database_and_by_what_was_kept() {
        let now = CLOCK_MIN + 1000 * HOUR;
        let state = |here, there, last| judge_clock(here, there, last).state;
        assert_eq!(state(now, now + SECOND, now), State::Ok);
        assert_eq!(state(now, now - 3 * SECOND, now), State::Warn);
        assert_eq!(state(now, now + 61 * SECOND, now), State::Critical);
        assert_eq!(state(now, now, now + 61 * SECOND), State::Critical, "it went back");
        assert_eq!(state(now, now, now + 30 * SECOND), State::Ok);
        assert_eq!(state(0, 0, 0), State::Critical, "1970");
    }

    #[test]
    fn a_backup_warns_after_a_day_and_cries_after_a_week() {
        let state = |age, book| judge_backup(age, book).state;
        assert_eq!(state(None, true), State::Warn);
        assert_eq!(state(Some(BACKUP_AGE_WARN - 1), true), State::Ok);
        assert_eq!(state(Some(BACKUP_AGE_WARN - 1), false), State::Warn);
        assert_eq!(state(Some(BACKUP_AGE_WARN), true), State::Warn);
        assert_eq!(state(Some(BACKUP_AGE_CRITICAL), true), State::Critical);
    }
}
