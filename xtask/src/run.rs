//! A run of named steps: each timed, none stopping the others, all told in a table at the end. What
//! the steps do is in `steps`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, bail, ensure};

use crate::cluster::Cluster;

/// What one run knows and what its steps hand on to each other.
pub struct Run {
    pub root: PathBuf,
    /// The inner loop: no browser, no external components.
    pub fast: bool,
    /// Which build of the program is met from outside.
    pub build: Build,
    /// PostgreSQL for the tests, once a step has started it; it stops with the run.
    pub cluster: Option<Cluster>,
    partly_skipped: Vec<String>,
}

/// A build of the program, by its folder below the target directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// What the tests are built with.
    Debug,
    /// What users get.
    Release,
}

/// A step by name, so that `cargo xtask test NAME` can run it alone.
pub struct Step {
    pub name: &'static str,
    /// Whether `--fast` runs it too.
    pub fast: bool,
    pub run: fn(&mut Run) -> Result<Outcome>,
}

/// How a step ended when it did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// Something this machine cannot have; never a way to hide a failure.
    Skipped(String),
}

struct Ending {
    name: &'static str,
    took: Duration,
    outcome: Result<Outcome>,
}

impl Run {
    pub fn new(root: PathBuf, fast: bool) -> Self {
        Self { root, fast, build: Build::Debug, cluster: None, partly_skipped: Vec::new() }
    }

    /// Whether this is CI, where a component that can be installed must not be missing.
    pub fn is_ci() -> bool {
        std::env::var("CI").is_ok_and(|value| value == "true")
    }

    /// A part of a step that could not run, for the list at the end.
    pub fn skip_part(&mut self, what: &str, reason: &str) {
        let line = format!("{what}: {reason}");
        println!("SKIPPED {line}");
        self.partly_skipped.push(line);
    }

    /// Runs a program in the root with its output shown, and insists that it succeeds.
    pub fn succeed(&self, command: &mut Command) -> Result<()> {
        succeed(command.current_dir(&self.root))
    }

    /// Runs every step and tells the result; true when none failed.
    pub fn all(&mut self, steps: &[&Step]) -> bool {
        let mut results = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            println!("\n==> {}/{} {}", at + 1, steps.len(), step.name);
            let begin = Instant::now();
            let outcome = (step.run)(self);
            match &outcome {
                Ok(Outcome::Passed) => {}
                Ok(Outcome::Skipped(reason)) => println!("SKIPPED {reason}"),
                Err(failure) => println!("FAILED {failure:#}"),
            }
            results.push(Ending { name: step.name, took: begin.elapsed(), outcome });
        }
        print!("{}", summary(&results, &self.partly_skipped));
        results.iter().all(|result| result.outcome.is_ok())
    }
}

/// What becomes of a step whose component this machine cannot have: it is skipped, but in CI it fails.
pub fn without(missing: &Error, ci: bool) -> Result<Outcome> {
    ensure!(!ci, "required in CI: {missing:#}");
    Ok(Outcome::Skipped(format!("{missing:#}")))
}

/// The steps that were asked for: by name, else all, or all fast ones.
pub fn choose<'s>(steps: &'s [Step], names: &[String], fast: bool) -> Result<Vec<&'s Step>> {
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != name.as_str())) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown}; there are: {}", known.join(", "));
    }
    let named = |step: &&Step| names.iter().any(|name| name == step.name);
    Ok(steps.iter().filter(|step| if names.is_empty() { step.fast || !fast } else { named(step) }).collect())
}

/// Shows the command, runs it with its output shown, and insists that it succeeds.
pub fn succeed(command: &mut Command) -> Result<()> {
    println!("    {}", shown(command));
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("start {program}"))?;
    ensure!(status.success(), "{program}: {status}");
    Ok(())
}

/// Runs a program and answers what it wrote; its complaints belong to the error.
pub fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("start {program}"))?;
    ensure!(output.status.success(), "{program}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What Cargo knows of the workspace's own packages and targets, as JSON.
pub fn metadata(root: &Path) -> Result<String> {
    let mut cargo = Command::new("cargo");
    output(cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root))
}

/// Where a program of this name is, looking along the path as the shell does.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn summary(results: &[Ending], partly_skipped: &[String]) -> String {
    let mut text = String::from("\n");
    let mut skipped: Vec<String> = Vec::new();
    for result in results {
        let word = match &result.outcome {
            Ok(Outcome::Passed) => "passed",
            Ok(Outcome::Skipped(reason)) => {
                skipped.push(format!("{}: {reason}", result.name));
                "skipped"
            }
            Err(_) => "FAILED",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<24}{word:<10}{:>8.1} s", result.name, result.took.as_secs_f64());
    }
    skipped.extend_from_slice(partly_skipped);
    for line in &skipped {
        let _ = writeln!(text, "SKIPPED {line}");
    }
    for result in results {
        if let Err(failure) = &result.outcome {
            let _ = writeln!(text, "FAILED {}: {failure:#}", result.name);
        }
    }
    let passed = results.iter().filter(|result| matches!(result.outcome, Ok(Outcome::Passed))).count();
    let failed = results.iter().filter(|result| result.outcome.is_err()).count();
    let _ = writeln!(text, "\n{passed} passed, {failed} failed, {} skipped", skipped.len());
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ending, Outcome, Run, Step, choose, summary, without};

    const STEPS: [Step; 3] = [
        Step { name: "good", fast: true, run: |_| Ok(Outcome::Passed) },
        Step { name: "bad", fast: true, run: |_| anyhow::bail!("broken") },
        Step { name: "slow", fast: false, run: |_| Ok(Outcome::Skipped("no browser".into())) },
    ];

    fn names(chosen: &[&Step]) -> Vec<&'static str> {
        chosen.iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_are_chosen_by_speed_or_by_name() {
        assert_eq!(names(&choose(&STEPS, &[], false).unwrap()), ["good", "bad", "slow"]);
        assert_eq!(names(&choose(&STEPS, &[], true).unwrap()), ["good", "bad"]);
        assert_eq!(names(&choose(&STEPS, &["slow".into()], true).unwrap()), ["slow"]);
        assert!(choose(&STEPS, &["fast".into()], false).is_err());
    }

    #[test]
    fn one_failure_fails_the_run_and_stops_nothing() {
        let mut run = Run::new(std::env::temp_dir(), false);
        assert!(!run.all(&STEPS.iter().collect::<Vec<_>>()));
        assert!(run.all(&[&STEPS[0], &STEPS[2]]));
    }

    /// SUP-2, PEN-3: CI does not go without a check, a developer's machine may.
    #[test]
    fn a_missing_component_fails_ci_and_is_told_elsewhere() {
        let missing = anyhow::anyhow!("no snapshot").context("advisories");
        assert_eq!(without(&missing, false).unwrap(), Outcome::Skipped("advisories: no snapshot".into()));
        assert_eq!(without(&missing, true).unwrap_err().to_string(), "required in CI: advisories: no snapshot");
    }

    #[test]
    fn the_count_stands_alone_on_the_last_line() {
        let result = |name, outcome| Ending { name, took: Duration::from_millis(1500), outcome };
        let results = [
            result("tidy", Ok(Outcome::Passed)),
            result("clippy", Err(anyhow::anyhow!("cargo: exit status: 101"))),
            result("browser", Ok(Outcome::Skipped("no apt-get here".into()))),
        ];
        let text = summary(&results, &["advisories: no snapshot".into()]);
        assert!(text.ends_with("\n1 passed, 1 failed, 2 skipped\n"), "{text}");
        assert!(text.contains("\nSKIPPED browser: no apt-get here\nSKIPPED advisories: no snapshot\n"), "{text}");
        assert!(text.contains("\nFAILED clippy: cargo: exit status: 101\n"), "{text}");
    }
}
