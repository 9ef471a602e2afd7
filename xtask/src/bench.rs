//! Runs for figures: what `acceptance` asks for in time and rate, each beside a yardstick of the same
//! run. The targets are found in the workspace; what they measure stands in them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::cluster::{Cluster, Durability};
use crate::install;
use crate::run::{metadata, succeed};
use crate::steps::POSTGRES_VARIABLE;

/// Runs every benchmark target, or those whose measurements carry the name, against a PostgreSQL that
/// syncs as a shop's does.
pub fn bench(root: &Path, name: Option<&str>) -> Result<()> {
    let benches = targets(&metadata(root)?, "bench")?;
    ensure!(!benches.is_empty(), "no crate has a benchmark yet");
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--workspace", "--locked"]);
    cargo.args(benches.iter().flat_map(|bench| ["--bench", bench]));
    if let Some(name) = name {
        cargo.args(["--", name]);
    }
    with_postgres(root, &mut cargo)
}

/// A real, syncing server for the length of the command: measurements and kills mean nothing otherwise.
pub fn with_postgres(root: &Path, command: &mut Command) -> Result<()> {
    install::postgres()?;
    let cluster = Cluster::start(Durability::Real)?;
    command.current_dir(root).env(POSTGRES_VARIABLE, cluster.url());
    succeed(command)
}

/// The names of the workspace's targets of a kind.
pub fn targets(metadata: &str, kind: &str) -> Result<Vec<String>> {
    let metadata: Value = serde_json::from_str(metadata).context("read the answer of cargo metadata")?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.filter_map(|package| package["targets"].as_array()).flatten();
    let of_kind =
        targets.filter(|target| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind)));
    let mut names: Vec<String> = of_kind.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn targets_are_found_by_kind() {
        let metadata = r#"{"packages":[
            {"targets":[{"name":"shop","kind":["lib"]},{"name":"model","kind":["test"]},{"name":"post","kind":["bench"]}]},
            {"targets":[{"name":"model","kind":["test"]}]}]}"#;
        assert_eq!(targets(metadata, "test").unwrap(), ["model"]);
        assert_eq!(targets(metadata, "bench").unwrap(), ["post"]);
        assert!(targets("{}", "bench").unwrap().is_empty());
    }
}
