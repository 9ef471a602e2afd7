//! `cargo xtask tidy`: the rules of the house that a scan of the tree can hold, in a few seconds.
//! Each rule is a function from the tree to findings, with a test that plants what it must find.
//! What the compiler, clippy or a running program can decide is not here.

mod allow;
mod documents;
mod edges;
mod lexer;
mod migrations;
mod modules;
mod places;
mod size;
mod sql;
mod style;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use tree::{Texts, Tree};

/// The rules that need nothing but the tree.
const RULES: [fn(&Tree<'_>) -> Vec<Finding>; 7] =
    [documents::check, migrations::check, modules::check, places::check, size::check, sql::check, style::check];

/// One place where the tree breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub rule: &'static str,
    pub message: String,
}

impl Finding {
    fn new(rule: &'static str, path: &str, line: usize, message: String) -> Self {
        Self { path: path.to_owned(), line, rule, message }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// Every finding of every rule, sorted by place.
pub fn findings(root: &Path) -> Result<Vec<Finding>> {
    let texts = Texts::read(root)?;
    let tree = texts.tree();
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.extend(edges::check(&crate::run::metadata(root)?)?);
    findings.sort();
    findings.dedup();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::findings;

    /// Tidiness holds under plain `cargo test` too, not only where somebody remembers the command.
    #[test]
    fn the_tree_is_tidy() {
        let found: Vec<String> = findings(&crate::root()).unwrap().iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{} finding(s):\n{}", found.len(), found.join("\n"));
    }
}
