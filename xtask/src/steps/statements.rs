//! Every statement the product declares must have been executed by the tests of this run, on every
//! engine they ran on. The test kit writes down what each test process executed; here the lists are
//! compared. Whether a statement is understood at all is the registry test's question.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::run::{Outcome, Run};

/// Tells tests where to write their lists (see the test kit).
pub const COVERAGE_VARIABLE: &str = "GONDOLA_SQL_COVERAGE";
/// Statements that no test executes, with their reasons. It is empty and stays so.
const TOLERATED: [&str; 0] = [];

/// An empty folder for the lists of a new run.
pub fn new_folder(root: &Path) -> Result<PathBuf> {
    let folder = folder(root);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    Ok(folder)
}

/// Compares what the last run of the tests left.
pub fn statements(run: &mut Run) -> Result<Outcome> {
    let folder = folder(&run.root);
    let declared = fs::read_to_string(folder.join("declared.txt"));
    let declared = declared.context("read the list of statements; the step tests writes it")?;
    let mut executed = String::new();
    for entry in fs::read_dir(&folder).context("list what the tests executed")? {
        let path = entry.context("list what the tests executed")?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("executed-")) {
            executed.push_str(&fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?);
        }
    }
    let verdict = judge(&declared, &executed);
    if !verdict.contains_key("postgres") {
        run.skip_part("statements on PostgreSQL", "the tests ran on SQLite alone");
    }
    let mut missing = 0;
    for (engine, names) in &verdict {
        for name in names {
            println!("never executed on {engine}: {name}");
            missing += 1;
        }
    }
    ensure!(missing == 0, "{missing} statement(s) that no test executes");
    let counts: Vec<String> =
        verdict.keys().map(|engine| format!("{} on {engine}", of(&declared, engine).count())).collect();
    println!("every statement was executed: {}", counts.join(", "));
    Ok(Outcome::Passed)
}

fn folder(root: &Path) -> PathBuf {
    root.join("target").join("sql-coverage")
}

/// Per engine, the declared statements that nobody executed. SQLite is always judged.
fn judge<'t>(declared: &'t str, executed: &'t str) -> BTreeMap<&'t str, BTreeSet<&'t str>> {
    let mut done: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([("sqlite", BTreeSet::new())]);
    for (engine, name) in executed.lines().filter_map(|line| line.split_once(' ')) {
        done.entry(engine).or_default().insert(name);
    }
    let missing = |engine: &str, done: BTreeSet<&str>| {
        of(declared, engine).filter(|name| !done.contains(name) && !TOLERATED.contains(name)).collect()
    };
    done.into_iter().map(|(engine, names)| (engine, missing(engine, names))).collect()
}

/// The statements of an engine in a list of `engine statement` lines.
fn of<'t>(lines: &'t str, engine: &str) -> impl Iterator<Item = &'t str> {
    lines.lines().filter_map(|line| line.split_once(' ')).filter(move |(of, _)| *of == engine).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::judge;

    fn missing<'t>(declared: &'t str, executed: &'t str) -> Vec<(&'t str, Vec<&'t str>)> {
        judge(declared, executed).into_iter().map(|(engine, names)| (engine, names.into_iter().collect())).collect()
    }

    #[test]
    fn a_statement_is_to_be_executed_on_every_engine_that_was_tested() {
        let executed = "sqlite a\npostgres a\nsqlite b\nsqlite gone\n";
        let declared = "sqlite a\nsqlite b\npostgres a\npostgres b\npostgres lock\n";
        assert_eq!(missing(declared, executed), [("postgres", vec!["b", "lock"]), ("sqlite", vec![])]);
        assert_eq!(missing(declared, "sqlite a\nsqlite b\n"), [("sqlite", vec![])]);
    }

    #[test]
    fn a_run_that_executed_nothing_has_everything_missing() {
        assert_eq!(missing("sqlite a\n", ""), [("sqlite", vec!["a"])]);
    }
}
