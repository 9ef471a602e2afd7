//! Which crate may depend on which, read from `cargo metadata`. The table below is the picture of
//! `docs/ARCHITECTURE.md`; a new edge is a decision (an ADR), never an accident.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;

/// What a crate of ours may depend on.
struct Wall {
    name: &'static str,
    /// Crates of this workspace.
    ours: &'static [&'static str],
    others: Others,
}

/// Crates from outside, in production code.
enum Others {
    /// Exactly these at most.
    Only(&'static [&'static str]),
    /// Any but these.
    Not(&'static [&'static str]),
}

const WALLS: [Wall; 12] = [
    // No I/O, no clock, no serialisation: the compiler holds that wall because there is nothing to call.
    Wall { name: "gondola-ledger", ours: &[], others: Others::Only(&[]) },
    Wall {
        name: "gondola-vault",
        ours: &[],
        others: Others::Only(&["aws-lc-rs", "pem", "rcgen", "rustls", "thiserror", "time", "x509-parser", "zeroize"]),
    },
    Wall {
        name: "gondola-sheets",
        ours: &[],
        others: Others::Only(&[
            "calamine",
            "csv",
            "encoding_rs",
            "rust_xlsxwriter",
            "thiserror",
            "unicode-normalization",
            "zip",
        ]),
    },
    // Sentences in, meanings out: no dictionary of others, nothing to ask at run time.
    Wall { name: "gondola-language", ours: &["gondola-ledger"], others: Others::Only(&[]) },
    Wall { name: "gondola-pricing", ours: &["gondola-ledger"], others: Others::Only(&[]) },
    // Pictures and PDF are hostile input; programs of the system do the reading.
    Wall {
        name: "gondola-papers",
        ours: &["gondola-ledger"],
        others: Others::Only(&["image", "rustix", "rxing", "serde", "serde_json", "tempfile", "thiserror"]),
    },
    Wall {
        name: "gondola-print",
        ours: &[],
        others: Others::Only(&["miniz_oxide", "pdf-writer", "thiserror", "unicode-normalization"]),
    },
    // Knows no feature, no ledger type, no HTTP.
    Wall {
        name: "gondola-store",
        ours: &["gondola-vault"],
        others: Others::Not(&["axum", "axum-server", "http", "hyper", "tower", "tower-http", "askama", "utoipa"]),
    },
    Wall {
        name: "gondola-shop",
        ours: &[
            "gondola-ledger",
            "gondola-language",
            "gondola-pricing",
            "gondola-papers",
            "gondola-print",
            "gondola-vault",
            "gondola-store",
            "gondola-sheets",
        ],
        others: Others::Not(&[
            "clap",
            "axum-server",
            "tracing-subscriber",
            "calamine",
            "rust_xlsxwriter",
            "aws-lc-rs",
            "redis",
        ]),
    },
    // Composition: it opens the vault's keys and hands them down; product rules are in `shop`.
    Wall {
        name: "gondola",
        ours: &["gondola-shop", "gondola-store", "gondola-vault", "gondola-ledger", "gondola-sheets"],
        others: Others::Not(&["sqlx", "askama", "calamine", "rust_xlsxwriter", "aws-lc-rs", "redis"]),
    },
    Wall {
        name: "gondola-testkit",
        ours: &["gondola", "gondola-ledger", "gondola-vault", "gondola-store", "gondola-shop", "gondola-sheets"],
        others: Others::Not(&[]),
    },
    // It must work on a tree whose product does not compile.
    Wall { name: "xtask", ours: &[], others: Others::Not(&["sqlx", "axum", "tokio"]) },
];

/// INP-5: outgoing calls go to configured hosts only, and there are none yet. Nothing of ours can make
/// one; `deny.toml` bans the same crates behind others.
const CLIENTS: [&str; 7] = ["attohttpc", "awc", "curl", "isahc", "minreq", "reqwest", "ureq"];

/// Only tests may lean on it.
const TESTKIT: &str = "gondola-testkit";

/// Judges the answer of `cargo metadata --no-deps --format-version 1`.
pub fn check(metadata: &str) -> Result<Vec<Finding>> {
    let metadata: Value = serde_json::from_str(metadata).context("read the answer of cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut findings = Vec::new();
    for package in packages {
        let name = package["name"].as_str().context("a package without a name")?;
        let Some(wall) = WALLS.iter().find(|wall| wall.name == name) else {
            findings.push(finding(name, "a new crate is an ADR and a line in this table".to_owned()));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().context("a dependency without a name")?;
            let for_tests = dependency["kind"].as_str() == Some("dev");
            let allowed =
                if ours.contains(to) { wall.allows_ours(to, for_tests) } else { for_tests || wall.allows(to) };
            if !allowed {
                findings.push(finding(name, format!("may not depend on {to}")));
            }
        }
    }
    Ok(findings)
}

impl Wall {
    fn allows_ours(&self, to: &str, for_tests: bool) -> bool {
        self.ours.contains(&to) || (for_tests && to == TESTKIT)
    }

    fn allows(&self, to: &str) -> bool {
        !CLIENTS.contains(&to)
            && match self.others {
                Others::Only(named) => named.contains(&to),
                Others::Not(named) => !named.contains(&to),
            }
    }
}

fn finding(package: &str, message: String) -> Finding {
    Finding::new("edges", "xtask/src/tidy/edges.rs", 1, format!("{package}: {message}"))
}

#[cfg(test)]
mod tests {
    use super::check;

    fn messages(package: &str, dependency: &str, kind: &str) -> Vec<String> {
        let all = ["gondola-ledger", "gondola-store", "gondola-shop", "gondola-testkit", "gondola-vault"];
        let others: Vec<String> = all
            .iter()
            .filter(|name| **name != package)
            .map(|name| format!(r#"{{"name":"{name}","dependencies":[]}}"#))
            .collect();
        let edge = format!(r#"{{"name":"{dependency}","kind":{kind}}}"#);
        let all = format!(r#"{{"packages":[{{"name":"{package}","dependencies":[{edge}]}},{}]}}"#, others.join(","));
        check(&all).unwrap().into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn the_ledger_depends_on_nothing() {
        assert_eq!(messages("gondola-ledger", "serde", "null"), ["gondola-ledger: may not depend on serde"]);
        assert!(messages("gondola-ledger", "proptest", "\"dev\"").is_empty());
    }

    #[test]
    fn edges_point_one_way() {
        assert!(messages("gondola-shop", "gondola-store", "null").is_empty());
        assert_eq!(messages("gondola-store", "gondola-shop", "null").len(), 1);
        assert_eq!(messages("gondola-store", "gondola-ledger", "null").len(), 1);
        assert_eq!(messages("gondola-store", "axum", "null").len(), 1);
        assert_eq!(messages("gondola-vault", "tokio", "null").len(), 1);
    }

    #[test]
    fn only_tests_lean_on_the_test_kit() {
        assert_eq!(messages("gondola-shop", "gondola-testkit", "null").len(), 1);
        assert!(messages("gondola-shop", "gondola-testkit", "\"dev\"").is_empty());
    }

    /// INP-5.
    #[test]
    fn no_crate_can_call_out() {
        for package in ["gondola-store", "gondola-shop"] {
            assert_eq!(messages(package, "reqwest", "null"), [format!("{package}: may not depend on reqwest")]);
        }
        let deny = std::fs::read_to_string(crate::root().join("deny.toml")).unwrap();
        for client in super::CLIENTS {
            assert!(deny.contains(&format!("{{ crate = \"{client}\" }}")), "deny.toml does not ban {client}");
        }
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_found() {
        assert!(messages("gondola-forecast", "serde", "null")[0].contains("ADR"));
    }
}
