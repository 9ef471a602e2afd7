//! The steps of `cargo xtask test`, in the order they run: cheap and telling first. Each is a function
//! below or in the module of its name. All of them share one build, that of the tests: on two cores a
//! second one, with optimizations, costs as much as everything else (`soak` has it).

pub mod black_box;
mod dependencies;
mod secrets;
mod statements;

use std::process::Command;

use anyhow::{Result, ensure};

use crate::cluster::{Cluster, Durability};
use crate::install;
use crate::run::{Outcome, Run, Step};
use crate::tidy;

/// Tells tests which PostgreSQL to use; `off` tests SQLite alone (see the test kit).
pub const POSTGRES_VARIABLE: &str = "GONDOLA_TEST_POSTGRES";

/// Tells tests whether to start a Redis: `off` leaves out what needs one (see the test kit).
const REDIS_VARIABLE: &str = "GONDOLA_TEST_REDIS";

/// Everything CI runs.
pub const STEPS: [Step; 11] = [
    Step { name: "tidy", fast: true, run: tidy },
    Step { name: "format", fast: true, run: format },
    Step { name: "clippy", fast: true, run: clippy },
    Step { name: "tests", fast: true, run: tests },
    Step { name: "statements", fast: true, run: statements::statements },
    Step { name: "openapi", fast: false, run: black_box::openapi },
    Step { name: "conformance", fast: false, run: black_box::conformance },
    Step { name: "browser", fast: false, run: black_box::browser },
    Step { name: "secrets", fast: false, run: secrets::secrets },
    Step { name: "dependencies", fast: false, run: dependencies::licences_bans_sources },
    Step { name: "advisories", fast: false, run: dependencies::advisories },
];

fn tidy(run: &mut Run) -> Result<Outcome> {
    let findings = tidy::findings(&run.root)?;
    for finding in &findings {
        println!("{finding}");
    }
    ensure!(findings.is_empty(), "{} finding(s)", findings.len());
    Ok(Outcome::Passed)
}

fn format(run: &mut Run) -> Result<Outcome> {
    run.succeed(Command::new("cargo").args(["fmt", "--all", "--", "--check", "-l"]))?;
    Ok(Outcome::Passed)
}

/// `unwrap` is held by tidy: clippy's exemption for tests ends at the test function, and a test's
/// helpers may unwrap too.
fn clippy(run: &mut Run) -> Result<Outcome> {
    let mut cargo = Command::new("cargo");
    cargo.args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--keep-going"]);
    run.succeed(cargo.args(["--", "-D", "warnings", "-A", "clippy::unwrap_used"]))?;
    Ok(Outcome::Passed)
}

/// Unit and integration tests and the examples in the documentation, on both engines.
fn tests(run: &mut Run) -> Result<Outcome> {
    let postgres = postgres_for_tests(run)?;
    let coverage = statements::new_folder(&run.root)?;
    checkers_for_tests(run)?;
    let redis = redis_for_tests(run)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    cargo.env(POSTGRES_VARIABLE, postgres).env(REDIS_VARIABLE, redis).env(statements::COVERAGE_VARIABLE, coverage);
    run.succeed(&mut cargo)?;
    Ok(Outcome::Passed)
}

/// The address of one PostgreSQL for the whole run, or `off` where the run is fast or has none.
fn postgres_for_tests(run: &mut Run) -> Result<String> {
    if let Some(given) = given_postgres() {
        return Ok(given);
    }
    if run.fast {
        run.skip_part("tests on PostgreSQL", "--fast tests SQLite alone");
        return Ok("off".to_owned());
    }
    if let Err(missing) = install::postgres() {
        ensure!(!Run::is_ci(), "PostgreSQL is required in CI: {missing:#}");
        run.skip_part("tests on PostgreSQL", &format!("{missing:#}"));
        return Ok("off".to_owned());
    }
    if run.cluster.is_none() {
        run.cluster = Some(Cluster::start(Durability::Fast)?);
    }
    Ok(run.cluster.as_ref().map_or_else(|| "off".to_owned(), Cluster::url))
}

/// `on` where the run is whole and this machine can have a Redis: each test that needs one starts its own.
fn redis_for_tests(run: &mut Run) -> Result<&'static str> {
    if run.fast {
        run.skip_part("tests with Redis", "--fast needs no external component");
        return Ok("off");
    }
    if let Err(missing) = install::redis() {
        ensure!(!Run::is_ci(), "Redis is required in CI: {missing:#}");
        run.skip_part("tests with Redis", &format!("{missing:#}"));
        return Ok("off");
    }
    Ok("on")
}

/// The programs that tests ask for an opinion, where the run is whole and this machine can have them.
fn checkers_for_tests(run: &mut Run) -> Result<()> {
    if run.fast {
        return Ok(());
    }
    let kingfisher = install::kingfisher(&run.root).map(drop);
    let parts = [
        ("Prometheus and Alertmanager", install::monitoring()),
        ("the edge by nginx", install::nginx()),
        ("planted secrets", kingfisher),
        ("planted advisories and licences", install::cargo_deny()),
        ("papers by tesseract and poppler", install::readers()),
    ];
    for (part, installed) in parts {
        if let Err(missing) = installed {
            ensure!(!Run::is_ci(), "{part}: required in CI: {missing:#}");
            run.skip_part(part, &format!("{missing:#}"));
        }
    }
    Ok(())
}

/// The server that whoever started the run wants used.
fn given_postgres() -> Option<String> {
    std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty())
}
