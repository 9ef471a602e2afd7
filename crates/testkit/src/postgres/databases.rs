//! An own database for each test, empty or copied from a template that was prepared once.
//!
//! Names carry the id of the process that made them, so that a later process of the same run can
//! remove what a finished one left: a run over hundreds of tests keeps only one binary's databases.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use anyhow::{Context as _, Result, ensure};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::sql;

/// The lock under which a template is prepared ("templ" in ASCII).
const TEMPLATE_LOCK: i64 = 0x74_65_6d_70_6c;
/// The lock under which databases of finished processes are removed ("sweep" in ASCII).
const SWEEP_LOCK: i64 = 0x73_77_65_65_70;
/// PostgreSQL's code for "a database of this name exists".
const DUPLICATE_DATABASE: &str = "42P04";
/// PostgreSQL cuts longer identifiers silently.
const IDENTIFIER_BYTES_MAX: usize = 63;

/// Creates an empty database and answers its address; `url` is the server's ([`super::postgres_url`]).
pub async fn fresh_database(url: &str) -> Result<String> {
    create(url, sql::CREATE_EMPTY).await
}

/// Creates a database with everything the template holds and answers its address.
pub async fn database_from_template(url: &str, template: &str) -> Result<String> {
    ensure_identifier(template)?;
    create(url, &sql::CREATE_COPY.replace("{template}", template)).await
}

/// Prepares a template once per server, however many tests ask at the same time. `prepare` gets the
/// address of an empty database and must have closed its connections when it returns. On a server
/// that outlives the run, `name` should say what is inside, for instance by a hash of the migrations.
pub async fn template_database(url: &str, name: &str, prepare: impl AsyncFnOnce(String) -> Result<()>) -> Result<()> {
    ensure_identifier(name)?;
    let mut server = connect(url).await?;
    sqlx::query(sql::LOCK).bind(TEMPLATE_LOCK).execute(&mut server).await?;
    let exists: bool = sqlx::query_scalar(sql::EXISTS).bind(name).fetch_one(&mut server).await?;
    if !exists {
        let unfinished = format!("{name}_unfinished");
        ensure_identifier(&unfinished)?;
        run(&mut server, &sql::DROP.replace("{name}", &unfinished)).await?;
        run(&mut server, &sql::CREATE_EMPTY.replace("{name}", &unfinished)).await?;
        prepare(with_database(url, &unfinished)?).await.context("prepare the template database")?;
        let rename = sql::RENAME.replace("{name}", &unfinished).replace("{final}", name);
        run(&mut server, &rename).await?;
    }
    server.close().await.context("release the template lock")
}

/// The role that the program has in tests: it owns nothing, as in a shop that is looked after.
pub const PROGRAM: &str = "gondola_program";

/// Makes that role, once per server. Two at once: hold the template's lock.
pub async fn make_program_role(url: &str) -> Result<()> {
    let mut server = connect(url).await?;
    let exists: bool = sqlx::query_scalar(sql::ROLE_EXISTS).bind(PROGRAM).fetch_one(&mut server).await?;
    if !exists {
        let (_, password) = credentials(url)?;
        ensure!(!password.contains('\''), "the password of the PostgreSQL under test has a quote in it");
        run(&mut server, &sql::CREATE_ROLE.replace("{name}", PROGRAM).replace("{password}", password)).await?;
    }
    server.close().await.context("close the connection")
}

/// The same database as the program's role sees it.
pub fn as_program(url: &str) -> Result<String> {
    let (user, password) = credentials(url)?;
    let (before, after) = match password {
        "" => (format!("://{user}@"), format!("://{PROGRAM}@")),
        _ => (format!("://{user}:{password}@"), format!("://{PROGRAM}:{password}@")),
    };
    Ok(url.replacen(&before, &after, 1))
}

/// User and password of an address; no password is an empty one.
fn credentials(url: &str) -> Result<(&str, &str)> {
    let (_, rest) = url.split_once("://").context("a database address begins with postgres://")?;
    let (who, _) = rest.split_once('@').context("the address of the PostgreSQL under test names a user")?;
    Ok(who.split_once(':').unwrap_or((who, "")))
}

async fn create(url: &str, statement: &str) -> Result<String> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let mut server = connect(url).await?;
    sweep_once(url, &mut server).await?;
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        match run(&mut server, &statement.replace("{name}", &name)).await {
            Ok(()) => {
                server.close().await?;
                return with_database(url, &name);
            }
            // An earlier process had the same id: the next number is free.
            Err(sqlx::Error::Database(refusal)) if refusal.code().as_deref() == Some(DUPLICATE_DATABASE) => {}
            Err(other) => return Err(other).with_context(|| format!("create the database {name}")),
        }
    }
}

/// Removes the databases of processes that are gone, once in the life of this process. Only on
/// loopback, where a process id of another machine cannot be mistaken for one of ours.
async fn sweep_once(url: &str, server: &mut PgConnection) -> Result<()> {
    static SWEPT: AtomicBool = AtomicBool::new(false);
    if SWEPT.swap(true, Ordering::Relaxed) || !url.contains("@127.0.0.1:") || !Path::new("/proc/self").exists() {
        return Ok(());
    }
    let first: bool = sqlx::query_scalar(sql::TRY_LOCK).bind(SWEEP_LOCK).fetch_one(&mut *server).await?;
    if !first {
        return Ok(());
    }
    let names: Vec<String> = sqlx::query_scalar(sql::LIST_TEST_DATABASES).fetch_all(&mut *server).await?;
    for name in names.iter().filter(|name| maker_is_gone(name)) {
        run(server, &sql::DROP.replace("{name}", name)).await.with_context(|| format!("drop {name}"))?;
    }
    Ok(())
}

fn maker_is_gone(database: &str) -> bool {
    let maker = database.strip_prefix("test_").and_then(|rest| rest.split('_').next());
    maker
        .and_then(|digits| digits.parse::<u32>().ok())
        .is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists())
}

async fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::connect(url).await.context("connect to the PostgreSQL under test")
}

/// Without preparing: `create database` and its kin refuse to run inside the extended protocol's transaction.
async fn run(server: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
    server.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await.map(drop)
}

fn ensure_identifier(name: &str) -> Result<()> {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    ensure!(
        plain && !name.is_empty() && name.len() <= IDENTIFIER_BYTES_MAX,
        "a database name is 1 to {IDENTIFIER_BYTES_MAX} of a-z, 0-9 and _, not {name:?}"
    );
    Ok(())
}

/// The same server and options, another database.
fn with_database(url: &str, database: &str) -> Result<String> {
    let (address, options) = match url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = address.split_once("://").context("a database address begins with postgres://")?;
    let server = rest.split('/').next().unwrap_or(rest);
    Ok(format!("{scheme}://{server}/{database}{options}"))
}

#[cfg(test)]
mod tests {
    use super::{as_program, ensure_identifier, maker_is_gone, with_database};

    #[test]
    fn another_database_keeps_server_and_options() {
        let moved = |url| with_database(url, "test_1_1").unwrap();
        assert_eq!(moved("postgres://u:p@127.0.0.1:5433/postgres"), "postgres://u:p@127.0.0.1:5433/test_1_1");
        assert_eq!(moved("postgres://h/a?sslmode=disable"), "postgres://h/test_1_1?sslmode=disable");
        assert_eq!(moved("postgres://h"), "postgres://h/test_1_1");
    }

    #[test]
    fn the_program_has_another_name_and_the_same_password() {
        let program = |url| as_program(url).unwrap();
        assert_eq!(program("postgres://u:p@h:1/a?b=c"), "postgres://gondola_program:p@h:1/a?b=c");
        assert_eq!(program("postgres://u@h/a"), "postgres://gondola_program@h/a");
        assert!(as_program("postgres://h/a").is_err());
    }

    #[test]
    fn a_name_that_needs_quoting_is_refused() {
        for name in ["", "Shop", "a-b", "a\"; drop", &"x".repeat(64)] {
            assert!(ensure_identifier(name).is_err(), "{name}");
        }
        ensure_identifier("template_0007").unwrap();
    }

    #[test]
    fn only_databases_of_finished_processes_are_swept() {
        assert!(!maker_is_gone(&format!("test_{}_1", std::process::id())));
        assert!(!maker_is_gone("test_of_somebody_else"));
        assert!(maker_is_gone("test_4294967294_1"));
    }
}
