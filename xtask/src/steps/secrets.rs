//! No secret stands in the repository, and none ever stood there: Kingfisher reads the working tree
//! and every version of every file that any branch or tag can reach (SCR-1). It looks for what it
//! knows and for what `secrets-rules.yaml` adds; what is no secret stands in `secrets-allow.txt`.
//!
//! Nothing found is sent anywhere, or shown: whoever reads the run's output learns where to look.

mod allow;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::install;
use crate::run::{Outcome, Run, output};

/// What the scanner's exit status says when it found something, and nothing else was wrong.
const FOUND: i32 = 200;

/// Without the scanner there is no telling, so its absence is a failure everywhere (PEN-3). A checkout that came without
/// the history is scanned as it is, and the run says that the history was not.
pub fn secrets(run: &mut Run) -> Result<Outcome> {
    let scanner = Scanner::new(install::kingfisher(&run.root)?, &run.root);
    let allowed = fs::read_to_string(run.root.join(allow::PATH)).context(allow::PATH)?;
    scanner.judge(&run.root, &allowed)?;
    Ok(match history(&run.root) {
        History::Whole => Outcome::Passed,
        History::Missing(why) => Outcome::Skipped(format!("the history ({why}); the tree was scanned")),
    })
}

/// Whether a checkout has all of its history.
enum History {
    Whole,
    Missing(&'static str),
}

fn history(repository: &Path) -> History {
    let mut shallow = Command::new("git");
    shallow.args(["rev-parse", "--is-shallow-repository"]).current_dir(repository);
    match output(&mut shallow).as_deref().map(str::trim) {
        Ok("false") => History::Whole,
        Ok(_) => History::Missing("this is a shallow clone"),
        Err(_) => History::Missing("this is no clone"),
    }
}

struct Scanner {
    program: PathBuf,
    rules: PathBuf,
    /// Its rules take ten seconds to prepare, once.
    cache: PathBuf,
}

/// A text that looks like a secret, in one version of one file.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    rule: String,
    path: String,
    line: u64,
    /// The commit that brought it, or nothing when that is the working tree.
    commit: Option<String>,
    text: String,
}

impl Scanner {
    fn new(program: PathBuf, root: &Path) -> Self {
        let cache = install::tools(root).join("kingfisher/rules");
        Self { program, rules: root.join("xtask/secrets-rules.yaml"), cache }
    }

    /// Insists that a repository has no secret but what the list allows, and that the list has no idle line.
    fn judge(&self, repository: &Path, allowed: &str) -> Result<()> {
        let complaints =
            allow::judge(allowed, &self.findings(repository)?, matches!(history(repository), History::Whole));
        for complaint in &complaints {
            println!("{complaint}");
        }
        ensure!(complaints.is_empty(), "{} finding(s)", complaints.len());
        Ok(())
    }

    fn findings(&self, repository: &Path) -> Result<Vec<Finding>> {
        let folder = tempfile::tempdir()?;
        let (copy, report) = (folder.path().join("copy.git"), folder.path().join("report.json"));
        let tree = copy_with_tree(repository, &copy)?;
        let mut scan = Command::new(&self.program);
        // Every place of a text is told, no remark in a file excuses itself, and nobody outside is asked.
        scan.arg("scan").arg(&copy).args(["--no-dedup", "--no-ignore", "--no-validate", "--no-update-check"]);
        scan.arg("--rules-path").arg(&self.rules).arg("--rule-cache-dir").arg(&self.cache);
        scan.args(["--format", "json", "--output"]).arg(&report);
        let done = scan.output().with_context(|| format!("start {}", self.program.display()))?;
        let failed = || format!("the scan failed: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr));
        let report = fs::read(report).with_context(failed)?;
        let findings =
            findings_of(&serde_json::from_slice(&report).with_context(failed)?, &tree).with_context(failed)?;
        let expected = if findings.is_empty() { 0 } else { FOUND };
        ensure!(done.status.code() == Some(expected), "{}", failed());
        Ok(findings)
    }
}

/// Copies what is reachable in a repository, and adds the files of its working tree as one commit more,
/// whose id it answers: then one scan of the history sees everything.
fn copy_with_tree(repository: &Path, copy: &Path) -> Result<String> {
    let mut begin = Command::new("git");
    match history(repository) {
        History::Whole => begin.args(["clone", "--quiet", "--mirror", "--no-local"]).arg(repository).arg(copy),
        History::Missing(_) => begin.args(["init", "--quiet", "--bare"]).arg(copy),
    };
    output(&mut begin)?;
    let git = |words: &[&str]| {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(copy).arg("--work-tree").arg(repository);
        command.args(["-c", "user.name=xtask", "-c", "user.email=xtask@localhost", "-c", "commit.gpgsign=false"]);
        output(command.args(words).current_dir(repository))
    };
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--allow-empty", "--no-verify", "--message", "the working tree"])?;
    Ok(git(&["rev-parse", "HEAD"])?.trim().to_owned())
}

/// What the scanner's report tells; an error when the scan was not whole.
fn findings_of(report: &Value, tree: &str) -> Result<Vec<Finding>> {
    let summary = &report["audit"]["summary"];
    ensure!(summary["scan_succeeded"] == 1, "the repository was not scanned as a whole: {summary}");
    let findings = report["findings"].as_array().context("the report has no findings")?;
    findings.iter().map(|finding| finding_of(finding, tree)).collect()
}

fn finding_of(finding: &Value, tree: &str) -> Result<Finding> {
    let text = |pointer: &str| {
        let value = finding.pointer(pointer).and_then(Value::as_str);
        value.map(str::to_owned).with_context(|| format!("a finding without {pointer}"))
    };
    let commit = text("/finding/git_metadata/commit/id")?;
    Ok(Finding {
        rule: text("/rule/id")?,
        path: text("/finding/path")?,
        line: finding.pointer("/finding/line").and_then(Value::as_u64).context("a finding without its line")?,
        commit: (commit != tree).then_some(commit),
        text: text("/finding/snippet")?,
    })
}

#[cfg(test)]
mod tests;
