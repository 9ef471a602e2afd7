//! Nothing committed may name a place of one machine or a package registry's host, and nothing of
//! ours listens beyond loopback unless an operator says so. What the words mean is not looked at.

use super::Finding;
use super::lexer::Kind;
use super::size::is_vendored;
use super::tree::Tree;

/// Spelled in two halves, so that this file does not find itself.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/tm", "p/"), concat!("/fa", "rm/"), concat!("/ro", "ot/")];
const REGISTRY_HOSTS: [&str; 5] = [
    concat!("registry.npm", "js.org"),
    concat!("files.python", "hosted.org"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("deb.deb", "ian.org"),
];
const EVERYWHERE: [&str; 2] = [concat!("0.0", ".0.0"), concat!("[:", ":]")];

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| !is_vendored(file.path)) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(path) = MACHINE_PATHS.iter().find(|path| has_root_path(line, path)) {
                findings.push(Finding::new("places", file.path, at + 1, format!("{path} is a place of one machine")));
            }
            if let Some(host) = REGISTRY_HOSTS.iter().find(|host| line.contains(**host)) {
                findings.push(Finding::new("places", file.path, at + 1, format!("{host} is a registry's host")));
            }
        }
        let literals = file.product().into_iter().filter(|token| token.kind == Kind::Text);
        let open = literals.filter(|token| EVERYWHERE.iter().any(|address| token.text.starts_with(address)));
        findings.extend(open.map(|token| {
            Finding::new("places", file.path, token.line, "listen on loopback; an operator opens more".into())
        }));
    }
    findings
}

/// Whether the path stands there from the root, and not as the middle of another one.
fn has_root_path(line: &str, path: &str) -> bool {
    let part_of_longer = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '}' | '*');
    line.match_indices(path).any(|(at, _)| !line[..at].ends_with(part_of_longer))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{EVERYWHERE, MACHINE_PATHS, REGISTRY_HOSTS, check};

    #[test]
    fn a_machine_path_or_registry_host_is_found_in_any_file() {
        for needle in MACHINE_PATHS.iter().chain(&REGISTRY_HOSTS) {
            let text = format!("# see {needle}x\n");
            assert_eq!(check(&Tree::new([("docs/API.md", text.as_str())])).len(), 1, "{needle}");
        }
        assert!(check(&Tree::new([("docs/API.md", "https://crates.io and ./work/plan")])).is_empty());
    }

    #[test]
    fn listening_beyond_loopback_is_found() {
        for address in EVERYWHERE {
            let text = format!("const A: &str = \"{address}:80\";");
            assert_eq!(check(&Tree::new([("crates/server/src/http.rs", text.as_str())])).len(), 1);
            assert!(check(&Tree::new([("crates/server/tests/http.rs", text.as_str())])).is_empty());
        }
    }
}
