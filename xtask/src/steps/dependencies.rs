//! What we take from others, judged by cargo-deny with `deny.toml`: licences, bans and sources always,
//! known vulnerabilities where a snapshot of the RustSec database can be had. A live copy of that
//! database is never fetched: a run gives the same answer twice. In CI neither may be missing (SUP-2).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::install;
use crate::run::{Outcome, Run, output, succeed, without};

/// The folder name that cargo-deny derives from the database's usual address.
const DATABASE: &str = "advisory-db-3157b0e258782691";
const SNAPSHOT_PREFIX: &str = "rustsec-advisory-db-";

/// Licences, banned crates, and where crates come from.
pub fn licences_bans_sources(run: &mut Run) -> Result<Outcome> {
    if let Err(missing) = install::cargo_deny() {
        return without(&missing, Run::is_ci());
    }
    fetch_every_crate(run)?;
    let mut cargo = Command::new("cargo");
    run.succeed(cargo.args(["deny", "--offline", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))?;
    Ok(Outcome::Passed)
}

/// Known vulnerabilities, by the newest snapshot beside the repository.
pub fn advisories(run: &mut Run) -> Result<Outcome> {
    let snapshot = match newest_snapshot(&run.root).and_then(|path| install::cargo_deny().map(|()| path)) {
        Ok(path) => path,
        Err(missing) => return without(&missing, Run::is_ci()),
    };
    println!("    vulnerabilities known to {}", snapshot.file_name().unwrap_or_default().to_string_lossy());
    fetch_every_crate(run)?;
    unpack(&snapshot, &install::tools(&run.root).join("advisory-dbs"))?;
    let mut cargo = Command::new("cargo");
    run.succeed(cargo.args(["deny", "--offline", "check", "advisories"]))?;
    Ok(Outcome::Passed)
}

/// A build fetches what its target needs; the check reads all of `Cargo.lock`, other systems' crates too.
fn fetch_every_crate(run: &Run) -> Result<()> {
    run.succeed(Command::new("cargo").args(["fetch", "--locked", "--quiet"]))
}

/// In `shared/data` beside the repository, or beside a folder that holds several worktrees.
fn newest_snapshot(root: &Path) -> Result<PathBuf> {
    let is_snapshot = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(SNAPSHOT_PREFIX) && name.ends_with(".tar.xz"))
    };
    let folders = root.ancestors().skip(1).map(|folder| folder.join("shared/data"));
    let files = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten().map(|entry| entry.path());
    // The date in the name sorts as text.
    let newest = files.filter(is_snapshot).max_by_key(|path| path.file_name().map(ToOwned::to_owned));
    newest.with_context(|| format!("no shared/data/{SNAPSHOT_PREFIX}*.tar.xz beside the repository"))
}

/// Lays the snapshot where cargo-deny looks, as the Git repository it insists on.
fn unpack(snapshot: &Path, databases: &Path) -> Result<()> {
    let folder = databases.join(DATABASE);
    let stamp = databases.join("snapshot");
    let name = snapshot.to_string_lossy();
    if fs::read_to_string(&stamp).is_ok_and(|unpacked| unpacked == name) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    succeed(Command::new("tar").arg("-xJf").arg(snapshot).arg("-C").arg(&folder))?;
    lift_only_folder(&folder)?;
    for words in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &["-c", "user.name=xtask", "-c", "user.email=xtask@localhost", "commit", "--quiet", "-m", "snapshot"],
    ] {
        output(Command::new("git").args(words).current_dir(&folder)).context("make the snapshot a Git repository")?;
    }
    Ok(fs::write(stamp, name.as_bytes())?)
}

/// An archive may hold everything in one folder of its own.
fn lift_only_folder(folder: &Path) -> Result<()> {
    if folder.join("crates").is_dir() {
        return Ok(());
    }
    let only = fs::read_dir(folder)?.next().context("the snapshot is empty")??.path();
    for entry in fs::read_dir(&only)? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    Ok(fs::remove_dir(only)?)
}

#[cfg(test)]
mod tests;
