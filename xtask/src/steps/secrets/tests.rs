//! Secrets are planted in a throw-away repository, and the scanner that CI runs must find them. Each is
//! put together here, so that none stands in our own tree.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{History, Scanner, copy_with_tree, history};
use crate::install;
use crate::root;
use crate::run::{Run, output};

/// So many characters that look random and are the same every time.
fn drawn(alphabet: &[u8], count: usize) -> String {
    (0..count).map(|at| char::from(alphabet[(at * at + at * 5 + at / 7) % alphabet.len()])).collect()
}

/// By the file that gets it: the text of the file, and the rule that finds it.
fn planted() -> [(&'static str, String, &'static str); 6] {
    let (hex, letters) = (b"0123456789abcdef", b"q7wze4rtyu1xisod0fgh9bjk3lpac5vn2m86");
    let key = drawn(hex, 64);
    [
        ("notes.md", format!("X-API-Key: gnd_{}{}", drawn(letters, 43), drawn(hex, 6)), "gondola.api-key"),
        ("shop.env", format!("DATABASE_ENCRYPTION_KEY={key}\n"), "gondola.encryption-key"),
        ("run.sh", format!("gondola serve --set encryption.key={key}\n"), "gondola.encryption-key"),
        ("gondola.toml", format!("[encryption]\nkey = \"{key}\"\n"), "gondola.encryption-key"),
        ("keys/master.key", key, "gondola.key-file"),
        ("token.rs", format!("let token = \"ghp_{}\";\n", drawn(letters, 36)), "betterleaks.github-pat"),
    ]
}

fn git(repository: &Path, words: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]);
    output(git.args(words).current_dir(repository)).unwrap();
}

fn commit(repository: &Path) {
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "--no-verify", "--message", "a change"]);
}

fn write(repository: &Path, path: &str, text: &str) {
    let path = repository.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository with one innocent commit.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    write(folder.path(), "README.md", "DATABASE_ENCRYPTION_KEY=64 hex digits\nX-API-Key: gnd_…\n");
    commit(folder.path());
    folder
}

/// The scanner that the step of CI uses; the step `tests` installs it.
fn scanner() -> Option<Scanner> {
    let program = install::installed_kingfisher(&root());
    if program.is_none() {
        assert!(!Run::is_ci(), "Kingfisher is required in CI");
        eprintln!("SKIPPED planted secrets: cargo xtask test secrets installs Kingfisher");
    }
    program.map(|program| Scanner::new(program, &root()))
}

/// What was found, as rules and paths.
fn found(scanner: &Scanner, repository: &Path) -> Vec<(String, String)> {
    let mut found: Vec<_> =
        scanner.findings(repository).unwrap().into_iter().map(|finding| (finding.path, finding.rule)).collect();
    found.sort();
    found
}

fn expected() -> Vec<(String, String)> {
    let mut expected: Vec<_> = planted().map(|(path, _, rule)| (path.to_owned(), rule.to_owned())).into();
    expected.sort();
    expected
}

/// SCR-1, API-8: a planted secret fails: in the working tree, in a commit, and in the history alone.
#[test]
fn a_planted_secret_is_found_wherever_it_is_or_was() {
    let Some(scanner) = scanner() else { return };
    let folder = repository();
    let repository = folder.path();
    scanner.judge(repository, "").unwrap();
    for (path, text, _) in planted() {
        write(repository, path, &text);
    }
    assert_eq!(found(&scanner, repository), expected());
    assert!(scanner.findings(repository).unwrap().iter().all(|finding| finding.commit.is_none()));

    commit(repository);
    assert_eq!(found(&scanner, repository), expected());
    for (path, ..) in planted() {
        fs::remove_file(repository.join(path)).unwrap();
    }
    commit(repository);
    assert_eq!(found(&scanner, repository), expected(), "only the history has them");
    let refused = scanner.judge(repository, "").unwrap_err().to_string();
    assert_eq!(refused, format!("{} finding(s)", planted().len()));
}

/// SCR-1: the full history is every branch's.
#[test]
fn a_secret_of_another_branch_is_found() {
    let Some(scanner) = scanner() else { return };
    let folder = repository();
    let repository = folder.path();
    let (path, text, rule) = &planted()[0];
    git(repository, &["checkout", "--quiet", "-b", "other"]);
    write(repository, path, text);
    commit(repository);
    git(repository, &["checkout", "--quiet", "-"]);
    assert!(!repository.join(path).exists());
    assert_eq!(found(&scanner, repository), [((*path).to_owned(), (*rule).to_owned())]);
}

/// PEN-3: a scanner that is missing, breaks, or says nothing fails the scan; nothing was found is what
/// only a report can say.
#[test]
fn a_scanner_that_does_not_scan_is_a_failure() {
    let folder = repository();
    for (program, complaint) in
        [("/nowhere/kingfisher", "start"), ("false", "the scan failed"), ("true", "the scan failed")]
    {
        let refused = Scanner::new(program.into(), &root()).judge(folder.path(), "").unwrap_err();
        assert!(format!("{refused:#}").contains(complaint), "{program}: {refused:#}");
    }
}

/// SCR-1: a clone without its history is scanned as it is, and does not claim to have scanned more.
#[test]
fn a_shallow_clone_is_known_as_one() {
    let folder = repository();
    write(folder.path(), "README.md", "again\n");
    commit(folder.path());
    assert!(matches!(history(folder.path()), History::Whole));
    let address = format!("file://{}", folder.path().display());
    git(folder.path(), &["clone", "--quiet", "--depth", "1", &address, "clone"]);
    let (clone, copy) = (folder.path().join("clone"), folder.path().join("copy.git"));
    assert!(matches!(history(&clone), History::Missing(_)));
    let tree = copy_with_tree(&clone, &copy).unwrap();
    let there = output(Command::new("git").arg("--git-dir").arg(&copy).args(["show", &format!("{tree}:README.md")]));
    assert_eq!(there.unwrap().trim(), "again");
}

/// PEN-3: a history with a hole may hide something in it.
#[test]
fn a_damaged_history_is_refused() {
    let folder = repository();
    let object = output(Command::new("git").args(["rev-parse", "HEAD:README.md"]).current_dir(folder.path())).unwrap();
    let (start, rest) = object.trim().split_at(2);
    fs::remove_file(folder.path().join(".git/objects").join(start).join(rest)).unwrap();
    let refused = Scanner::new("true".into(), &root()).judge(folder.path(), "").unwrap_err();
    assert!(format!("{refused:#}").contains("git:"), "{refused:#}");
}

/// PEN-3: half a scan is none.
#[test]
fn a_report_of_half_a_scan_is_refused() {
    let report = |summary: &str| serde_json::from_str(&format!(r#"{{"findings":[],"audit":{{"summary":{summary}}}}}"#));
    assert!(super::findings_of(&report(r#"{"scan_succeeded":1}"#).unwrap(), "").unwrap().is_empty());
    for half in [r#"{"scan_succeeded":0,"scan_partial":1}"#, "{}"] {
        assert!(super::findings_of(&report(half).unwrap(), "").is_err(), "{half}");
    }
}
