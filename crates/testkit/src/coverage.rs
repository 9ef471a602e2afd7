//! Which statements a test run executed. `cargo xtask test` names a folder in `GONDOLA_SQL_COVERAGE`;
//! every test process keeps a list of its own in it, `declared.txt` says which statements there are,
//! and the step `statements` compares. Without the variable nothing is recorded.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use gondola_store::{Engine, Sql};

/// Names the folder.
pub const COVERAGE_VARIABLE: &str = "GONDOLA_SQL_COVERAGE";

/// From now on remember what is executed, if this run wants to know.
pub(crate) fn start() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        if folder().is_some() {
            gondola_store::record_statements();
        }
    });
}

/// Writes down what this process has executed so far; called whenever a shop is done with.
pub(crate) fn write() {
    static WRITTEN: Mutex<usize> = Mutex::new(0);
    let Some(folder) = folder() else { return };
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let executed = gondola_store::executed_statements();
    if executed.len() > *written {
        let lines = executed.iter().map(|(engine, name)| format!("{engine} {name}\n")).collect();
        keep(&folder.join(format!("executed-{}.txt", std::process::id())), lines);
        *written = executed.len();
    }
}

/// Writes down which statements there are, and on which engine.
pub fn declare(statements: &[Sql]) {
    let Some(folder) = folder() else { return };
    let on =
        |engine: Engine| statements.iter().filter(move |sql| !sql.on(engine).is_empty()).map(move |sql| (engine, sql));
    let all = on(Engine::Sqlite).chain(on(Engine::Postgres));
    keep(&folder.join("declared.txt"), all.map(|(engine, sql)| format!("{} {}\n", engine.name(), sql.name)).collect());
}

/// Whole or not at all: a process may end while it writes.
fn keep(file: &Path, lines: String) {
    let unfinished = file.with_extension("unfinished");
    std::fs::write(&unfinished, lines).expect("write the list of statements");
    std::fs::rename(&unfinished, file).expect("name the list of statements");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test kit is an edge: the run tells it about the folder through the environment"
)]
fn folder() -> Option<PathBuf> {
    std::env::var(COVERAGE_VARIABLE).ok().filter(|folder| !folder.is_empty()).map(PathBuf::from)
}
