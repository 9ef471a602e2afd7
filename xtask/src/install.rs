//! Getting the real components that tests need: from Debian and crates.io, each only when
//! it is missing. Where this machine cannot have one, the answer says why; deciding what that means
//! is the step's business.
//!
//! Versions are pinned here; tools live below `target/tools`, so that
//! `cargo clean` removes them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Result, bail, ensure};

use crate::cluster;
use crate::run::{find_program, output};

const CARGO_DENY: &str = "0.20.2";

/// PostgreSQL's server programs.
pub fn postgres() -> Result<()> {
    if cluster::find_binaries().is_err() {
        apt(&["postgresql"])?;
    }
    cluster::find_binaries().map(drop)
}

/// cargo-deny; building it takes minutes, once.
pub fn cargo_deny() -> Result<()> {
    if output(Command::new("cargo").args(["deny", "--version"])).is_ok() {
        return Ok(());
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["install", "--quiet", "--locked", "cargo-deny", "--version", CARGO_DENY]);
    quietly(&format!("cargo-deny {CARGO_DENY} (crates.io, some minutes)"), &mut cargo)
}

/// Where downloaded tools lie.
pub fn tools(root: &Path) -> PathBuf {
    root.join("target/tools")
}

fn apt(packages: &[&str]) -> Result<()> {
    static UPDATED: AtomicBool = AtomicBool::new(false);
    let names = packages.join(" ");
    ensure!(find_program("apt-get").is_some(), "{names} is missing and there is no apt-get to install it");
    ensure!(is_root()?, "{names} is missing: as root, apt-get install {names}");
    let apt_get = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]).args(words);
        command
    };
    if !UPDATED.swap(true, Ordering::Relaxed) {
        quietly("the list of Debian packages", &mut apt_get(&["update"]))?;
    }
    let install = [&["install", "--no-install-recommends"], packages].concat();
    quietly(&format!("{names} (apt-get)"), &mut apt_get(&install))
}

fn is_root() -> Result<bool> {
    Ok(output(Command::new("id").arg("-u"))?.trim() == "0")
}

/// One line of progress; what the installer says is shown only when it fails.
fn quietly(what: &str, command: &mut Command) -> Result<()> {
    println!("    installing {what} …");
    let begin = Instant::now();
    let done = command.stdin(Stdio::null()).output()?;
    if !done.status.success() {
        let (said, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        bail!("{what} could not be installed: {}\n{said}{complained}", done.status);
    }
    println!("    installed in {} s", begin.elapsed().as_secs());
    Ok(())
}
