//! What a reader meets first must be there and lead somewhere: the README's two commands, the
//! changelog, CI's one command, every link between documents, and every decision in its index.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::{File, Tree};

const README_COMMANDS: [&str; 2] = ["cargo run --release -- demo", "cargo xtask test"];
const DECISIONS: &str = "docs/adr/";
const DECISION_INDEX: &str = "docs/adr/README.md";

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for command in README_COMMANDS {
        findings.extend(must_contain(tree, "README.md", command));
    }
    findings.extend(must_contain(tree, ".ci/run", "xtask test"));
    findings.extend(must_contain(tree, "CHANGELOG.md", "## "));
    let places = places(tree);
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in links(file.text) {
            if !leads_somewhere(tree, &places, file.path, &target) {
                findings.push(Finding::new("links", file.path, line, format!("{target} leads nowhere")));
            }
        }
    }
    findings.extend(decisions(tree));
    findings
}

fn must_contain(tree: &Tree<'_>, path: &str, text: &str) -> Option<Finding> {
    let present = tree.find(path).is_some_and(|file| file.text.contains(text));
    (!present).then(|| Finding::new("documents", path, 1, format!("must exist and show `{text}`")))
}

/// Files and folders that a link may name.
fn places<'a>(tree: &Tree<'a>) -> BTreeSet<&'a str> {
    let folders = |path: &'a str| path.match_indices('/').map(move |(at, _)| &path[..at]);
    tree.files.iter().flat_map(|file| std::iter::once(file.path).chain(folders(file.path))).collect()
}

/// The targets of `[text](target)` outside code, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence {
            continue;
        }
        // Every second piece between back-ticks is code; a link whose text is code stays a link.
        let prose = line.split('`').step_by(2).collect::<Vec<_>>().concat();
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        found.extend(targets.map(|target| (at + 1, target.to_owned())));
    }
    found
}

fn leads_somewhere(tree: &Tree<'_>, places: &BTreeSet<&str>, from: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let resolved = if path.is_empty() { Some(from.to_owned()) } else { resolve(from, path) };
    let Some(resolved) = resolved.filter(|resolved| resolved.is_empty() || places.contains(resolved.as_str())) else {
        return false;
    };
    let document = tree.find(&resolved).filter(|file| file.path.ends_with(".md"));
    anchor.is_empty() || document.is_none_or(|file| headings(file).contains(anchor))
}

/// A relative path as one from the root; nothing when it leaves the repository.
fn resolve(from: &str, path: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Anchors as the usual renderers make them: lower case, spaces to hyphens, punctuation gone.
fn headings(file: &File<'_>) -> BTreeSet<String> {
    let titles = file.text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    titles
        .map(|title| {
            let kept = title.to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Every decision has its own number and a line in the index.
fn decisions(tree: &Tree<'_>) -> Vec<Finding> {
    let index = tree.find(DECISION_INDEX).map_or("", |file| file.text);
    let mut numbers = BTreeSet::new();
    let mut findings = Vec::new();
    let records =
        tree.files.iter().filter_map(|file| file.path.strip_prefix(DECISIONS)).filter(|name| *name != "README.md");
    for name in records {
        let mut complain = |message: &str| {
            findings.push(Finding::new("decisions", &format!("{DECISIONS}{name}"), 1, message.into()));
        };
        if !numbers.insert(name.split('-').next()) {
            complain("another decision has this number");
        }
        if !index.contains(&format!("({name})")) {
            complain("not listed in docs/adr/README.md");
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const README: &str = "# Shop\n```\ncargo run --release -- demo\ncargo xtask test\n```\n";

    fn messages(files: &[(&'static str, &'static str)]) -> Vec<String> {
        let given = |path: &str| files.iter().any(|(other, _)| *other == path);
        let usual = [("README.md", README), (".ci/run", "exec cargo xtask test"), ("CHANGELOG.md", "## Unreleased")];
        let usual = usual.into_iter().filter(|(path, _)| !given(path));
        let tree = Tree::new(usual.chain(files.iter().copied()));
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_missing_first_command_is_found() {
        assert!(messages(&[]).is_empty());
        assert_eq!(messages(&[("README.md", "cargo xtask test")]).len(), 1);
        assert_eq!(messages(&[(".ci/run", "cargo test")]).len(), 1);
        assert_eq!(messages(&[("CHANGELOG.md", "")]).len(), 1);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        for link in ["[a](gone.md)", "see [a](../../out.md)", "[`a`](gone.md)", "[a](API.md#gone)", "![i](img/no.png)"]
        {
            let text: &'static str = Box::leak(format!("# Title\n{link}\n").into_boxed_str());
            assert_eq!(messages(&[("docs/A.md", text), ("docs/API.md", "# Título uno")]).len(), 1, "{link}");
        }
        for link in [
            "[a](API.md)",
            "[a](API.md#título-uno)",
            "[a](../README.md)",
            "[a](#title)",
            "[a](https://example.org/x)",
            "[a](../docs)",
            "`[a](gone.md)`",
            "```\n[a](gone.md)\n```",
        ] {
            let text: &'static str = Box::leak(format!("# Title\n{link}\n").into_boxed_str());
            assert!(messages(&[("docs/A.md", text), ("docs/API.md", "# Título uno")]).is_empty(), "{link}");
        }
    }

    #[test]
    fn a_decision_outside_the_index_or_with_a_taken_number_is_found() {
        let index = "| [0001](0001-one-text.md) |";
        assert!(messages(&[("docs/adr/README.md", index), ("docs/adr/0001-one-text.md", "")]).is_empty());
        let found = messages(&[
            ("docs/adr/README.md", index),
            ("docs/adr/0001-one-text.md", ""),
            ("docs/adr/0001-other.md", ""),
        ]);
        assert_eq!(found.len(), 2);
    }
}
