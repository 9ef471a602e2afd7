//! The program, met from outside: asked for its API document, tried by schemathesis, and walked
//! through in a browser. Each step starts its own demo shop, of the build that the run names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::demo::{self, Demo};
use crate::install;
use crate::run::{Build, Outcome, Run, output, succeed, without};

/// The API as last reviewed; a change of the code shows here as a difference to review.
const OPENAPI_SNAPSHOT: &str = "docs/openapi.json";
/// The same requests every time; another seed is a matter for whoever explores.
const CONFORMANCE_SEED: &str = "2311";
/// Requests that schemathesis invents for each operation, beside its systematic ones.
const CONFORMANCE_EXAMPLES: &str = "40";
/// Where the run ends however slow the machine is; the systematic requests come first.
const CONFORMANCE_SECONDS_MAX: &str = "180";
/// Far beyond what a run sends: limits are tested where they are kept, not here.
const CONFORMANCE_QUOTA: u32 = 1_000_000;
/// A stream of events has no end to wait for, and a run that revokes its own key is over.
const LEFT_OUT: &str = r"/events$|/keys/\{id\}/(revoke|rotate)$";

/// The reviewed API document is the one the code serves.
pub fn openapi(run: &mut Run) -> Result<Outcome> {
    let current = openapi_of(Command::new(program(run)?).arg("openapi"))?;
    let reviewed = fs::read_to_string(run.root.join(OPENAPI_SNAPSHOT)).unwrap_or_default();
    ensure!(
        current == reviewed,
        "{OPENAPI_SNAPSHOT} is not what the code serves: run cargo xtask openapi and review it"
    );
    Ok(Outcome::Passed)
}

/// The program of the run's build. Cargo finds the one of the tests built already, unless this step runs alone.
fn program(run: &Run) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "--package", "gondola"]);
    if run.build == Build::Release {
        cargo.arg("--release");
    }
    run.succeed(&mut cargo)?;
    demo::binary(&run.root, run.build)
}

fn start(run: &Run) -> Result<Demo> {
    Demo::start(&run.root, program(run)?)
}

/// Writes the document for review; a build without optimizations says the same.
pub fn write_openapi(root: &Path) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--locked", "--quiet", "--package", "gondola", "--", "openapi"]);
    fs::write(root.join(OPENAPI_SNAPSHOT), openapi_of(cargo.current_dir(root))?).context(OPENAPI_SNAPSHOT)
}

/// Indented and ended by a line feed, so that a difference reads line by line.
fn openapi_of(program: &mut Command) -> Result<String> {
    let document = output(program)?;
    let document: serde_json::Value = serde_json::from_str(&document).context("gondola openapi did not print JSON")?;
    Ok(format!("{document:#}\n"))
}

/// The document is true: schemathesis finds no answer that it does not announce (R: API-10).
pub fn conformance(run: &mut Run) -> Result<Outcome> {
    let program = match install::schemathesis(&run.root) {
        Ok(program) => program,
        Err(missing) => return without(&missing, Run::is_ci()),
    };
    let shop = start(run)?;
    let key = shop.key("conformance", "read,write,admin", CONFORMANCE_QUOTA)?;
    let folder = run.root.join("target/schemathesis");
    fs::create_dir_all(&folder)?;
    let mut schemathesis = Command::new(program);
    schemathesis.current_dir(&folder);
    schemathesis.arg("--config-file").arg(run.root.join("e2e/schemathesis.toml"));
    schemathesis.arg("run").arg(format!("{}/openapi.json", shop.base()));
    schemathesis.arg("--header").arg(format!("X-API-Key: {key}"));
    schemathesis.args(["--seed", CONFORMANCE_SEED, "--max-examples", CONFORMANCE_EXAMPLES]);
    schemathesis.args(["--exclude-path-regex", LEFT_OUT, "--request-timeout", "30", "--continue-on-failure"]);
    schemathesis.args(["--max-time", CONFORMANCE_SECONDS_MAX, "--report", "junit"]);
    succeed(&mut schemathesis).with_context(|| shop.where_to_look())?;
    Ok(Outcome::Passed)
}

/// Every journey of `e2e/journeys`, in a real browser, with the accessibility check.
pub fn browser(run: &mut Run) -> Result<Outcome> {
    let chromium = match install::chromium().and_then(|path| install::node_packages(&run.root).map(|()| path)) {
        Ok(path) => path,
        Err(missing) => return without(&missing, Run::is_ci()),
    };
    let shop = start(run)?;
    let mut node = Command::new("node");
    node.arg("e2e/run.mjs").env("CHROMIUM", chromium);
    node.env("GONDOLA_BASE", shop.base()).env("GONDOLA_CREDENTIALS", shop.credentials().to_string());
    run.succeed(&mut node).with_context(|| shop.where_to_look())?;
    Ok(Outcome::Passed)
}
