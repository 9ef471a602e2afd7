//! Getting the real components that tests need: from Debian, PyPI, npm and crates.io, each only when
//! it is missing. Where this machine cannot have one, the answer says why; deciding what that means
//! is the step's business.
//!
//! Versions are pinned here and in `e2e/package.json`; tools live below `target/tools`, so that
//! `cargo clean` removes them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};

use crate::cluster;
use crate::run::{find_program, output};

const SCHEMATHESIS: &str = "4.32.5";
const KINGFISHER: &str = "2.14.0";
const KINGFISHER_PROGRAM: &str = "kingfisher/bin/kingfisher";
const CARGO_DENY: &str = "0.20.2";
/// What playwright-core and axe need.
const NODE_MAJOR_MIN: u32 = 18;

/// PostgreSQL's server programs.
pub fn postgres() -> Result<()> {
    if cluster::find_binaries().is_err() {
        apt(&["postgresql"])?;
    }
    cluster::find_binaries().map(drop)
}

/// Redis' server program.
pub fn redis() -> Result<()> {
    if find_program("redis-server").is_none() {
        apt(&["redis-server"])?;
    }
    ensure!(find_program("redis-server").is_some(), "the package redis-server was installed and gave no such program");
    Ok(())
}

/// Prometheus and Alertmanager with their checkers, for what `ops/` ships.
pub fn monitoring() -> Result<()> {
    let programs = ["prometheus", "promtool", "prometheus-alertmanager", "amtool"];
    if programs.iter().any(|program| find_program(program).is_none()) {
        apt(&["prometheus", "prometheus-alertmanager"])?;
    }
    for program in programs {
        ensure!(find_program(program).is_some(), "prometheus and prometheus-alertmanager gave no program {program}");
    }
    Ok(())
}

/// nginx, for the edge that `ops/` ships.
pub fn nginx() -> Result<()> {
    if find_program("nginx").is_none() {
        apt(&["nginx"])?;
    }
    ensure!(find_program("nginx").is_some(), "the package nginx was installed and gave no such program");
    Ok(())
}

/// What reads papers: tesseract with its Spanish data, and poppler. Bars are read back by zbar.
pub fn readers() -> Result<()> {
    let programs = ["tesseract", "pdftotext", "pdftoppm", "zbarimg"];
    let packages = ["tesseract-ocr", "tesseract-ocr-spa", "tesseract-ocr-osd", "poppler-utils", "zbar-tools"];
    if programs.iter().any(|program| find_program(program).is_none()) {
        apt(&packages)?;
    }
    for program in programs {
        ensure!(find_program(program).is_some(), "{} gave no program {program}", packages.join(" "));
    }
    Ok(())
}

/// The browser, as a path.
pub fn chromium() -> Result<PathBuf> {
    let find = || find_program("chromium").or_else(|| find_program("chromium-browser"));
    if find().is_none() {
        apt(&["chromium"])?;
    }
    find().ok_or_else(|| anyhow::anyhow!("the package chromium was installed and gave no program chromium"))
}

/// Node, npm and the packages of `e2e/package.json`.
pub fn node_packages(root: &Path) -> Result<()> {
    if find_program("node").is_none() || find_program("npm").is_none() {
        apt(&["nodejs", "npm"])?;
    }
    let version = output(Command::new("node").arg("--version"))?;
    let major: u32 = version.trim_start_matches('v').split('.').next().unwrap_or_default().parse().unwrap_or(0);
    ensure!(major >= NODE_MAJOR_MIN, "Node {NODE_MAJOR_MIN} or newer is needed, this is {}", version.trim());
    let folder = root.join("e2e");
    let wanted = std::fs::read_to_string(folder.join("package.json"))?;
    // What npm was last asked for, so that an unchanged list costs nothing.
    let stamp = folder.join("node_modules/.installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // No lock file: it would name the registry's host. Direct and transitive packages are pinned exactly.
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    quietly("the packages of e2e/package.json (npm)", npm.current_dir(&folder))?;
    Ok(std::fs::write(stamp, wanted)?)
}

/// schemathesis, as a path.
pub fn schemathesis(root: &Path) -> Result<PathBuf> {
    python_program(root, "schemathesis", SCHEMATHESIS, "schemathesis/bin/st")
}

/// Kingfisher, which looks for secrets, as a path.
pub fn kingfisher(root: &Path) -> Result<PathBuf> {
    python_program(root, "kingfisher-bin", KINGFISHER, KINGFISHER_PROGRAM)
}

/// Kingfisher where it is installed already.
#[cfg(test)]
pub fn installed_kingfisher(root: &Path) -> Option<PathBuf> {
    Some(tools(root).join(KINGFISHER_PROGRAM)).filter(|program| says_version(program, KINGFISHER))
}

/// cargo-deny; building it takes minutes, once.
pub fn cargo_deny() -> Result<()> {
    if has_cargo_deny() {
        return Ok(());
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["install", "--quiet", "--locked", "cargo-deny", "--version", CARGO_DENY]);
    quietly(&format!("cargo-deny {CARGO_DENY} (crates.io, some minutes)"), &mut cargo)
}

/// Whether cargo-deny is installed already.
pub fn has_cargo_deny() -> bool {
    output(Command::new("cargo").args(["deny", "--version"])).is_ok()
}

/// A program from PyPI in a virtual environment of its own; its place is FOLDER/bin/NAME below the tools.
fn python_program(root: &Path, package: &str, version: &str, place: &str) -> Result<PathBuf> {
    let program = tools(root).join(place);
    if says_version(&program, version) {
        return Ok(program);
    }
    if find_program("python3").is_none() || output(Command::new("python3").args(["-c", "import ensurepip"])).is_err() {
        apt(&["python3", "python3-venv"])?;
    }
    let folder = program.parent().and_then(Path::parent).context("a program lies in FOLDER/bin")?;
    quietly("a Python environment", Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    let wanted = format!("{package}=={version}");
    pip.args(["install", "--quiet", "--disable-pip-version-check", &wanted]);
    quietly(&format!("{package} {version} (PyPI)"), &mut pip)?;
    ensure!(says_version(&program, version), "{package} {version} was installed and does not start");
    Ok(program)
}

fn says_version(program: &Path, version: &str) -> bool {
    output(Command::new(program).arg("--version")).is_ok_and(|text| text.contains(version))
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
