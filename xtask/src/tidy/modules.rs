//! The inner walls of the crate `shop`: a feature uses the kernel, and another feature only through
//! its `mod.rs`; never in a circle; and what speaks HTTP never speaks SQL. Walls between crates are
//! in `edges`.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::lexer::{Kind, Token};
use super::tree::{File, Tree};

const SHOP: &str = "crates/shop/src/";
const KERNEL: &str = "kernel";

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let features = features(tree);
    let mut findings = Vec::new();
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in tree.rust().filter(|file| owner(file.path).is_some()) {
        let code = file.product();
        if speaks_http(file.path) {
            findings.extend(sql_words(file, &code));
        }
        for (line, path) in paths(file.path, &code) {
            let (Some(from), Some(to)) = (owner(file.path), path.first().and_then(|first| features.get(first))) else {
                continue;
            };
            if from == *to {
                continue;
            }
            if from == KERNEL {
                findings.push(Finding::new("modules", file.path, line, format!("the kernel knows no feature: {to}")));
                continue;
            }
            uses.entry(from).or_default().insert(to);
            if let Some(inner) = path.get(1).filter(|inner| is_inner_module(tree, to, inner)) {
                let message = format!("{to}::{inner} is an inner module of {to}: use what {to}/mod.rs shows");
                findings.push(Finding::new("modules", file.path, line, message));
            }
        }
    }
    findings.extend(circle(&uses).map(|path| {
        Finding::new("modules", &format!("{SHOP}lib.rs"), 1, format!("features use each other in a circle: {path}"))
    }));
    findings
}

/// The first name below `src`: the feature (or the kernel) that a file belongs to.
fn owner(path: &str) -> Option<&str> {
    let inside = path.strip_prefix(SHOP)?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    (!matches!(name, "lib" | "main")).then_some(name)
}

fn features<'a>(tree: &Tree<'a>) -> BTreeSet<&'a str> {
    tree.rust().filter_map(|file| owner(file.path)).filter(|name| *name != KERNEL).collect()
}

fn is_inner_module(tree: &Tree<'_>, feature: &str, name: &str) -> bool {
    let (file, folder) = (format!("{SHOP}{feature}/{name}.rs"), format!("{SHOP}{feature}/{name}/"));
    tree.rust().any(|other| other.path == file || other.path.starts_with(&folder))
}

fn speaks_http(path: &str) -> bool {
    path.ends_with("/api.rs") || path.ends_with("/pages.rs") || path.contains("/api/") || path.contains("/pages/")
}

fn sql_words(file: &File<'_>, code: &[Token<'_>]) -> Vec<Finding> {
    let sql = code.iter().filter(|token| token.is_word("sql") || token.is_word("sqlx"));
    sql.map(|token| {
        Finding::new("modules", file.path, token.line, "handlers hold no SQL: ask queries or commands".into())
    })
    .collect()
}

/// Every path that begins at the crate's root, `self` or `super`, spelled from the root, with its line.
fn paths<'a>(file: &'a str, code: &[Token<'a>]) -> Vec<(usize, Vec<&'a str>)> {
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        let inside_a_path = at >= 2 && code[at - 1].is_mark(':') && code[at - 2].is_mark(':');
        if token.kind != Kind::Word || inside_a_path {
            continue;
        }
        let Some(mut base) = base_of(file, token.text) else { continue };
        let mut next = at + 1;
        while is_path_mark(code, next) && code.get(next + 2).is_some_and(|token| token.is_word("super")) {
            base.pop();
            next += 3;
        }
        follow(code, next, base, &mut found);
    }
    found
}

/// What `crate`, `self` or `super` means in a file, as names from the crate's root.
fn base_of<'a>(file: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let inside = file.strip_prefix(SHOP)?.trim_end_matches(".rs");
    let mut module: Vec<&str> = inside.split('/').collect();
    if matches!(module.last(), Some(&"mod" | &"lib")) {
        module.pop();
    }
    match word {
        "crate" => Some(Vec::new()),
        "self" => Some(module),
        "super" => {
            module.pop();
            Some(module)
        }
        _ => None,
    }
}

fn is_path_mark(code: &[Token<'_>], at: usize) -> bool {
    code.get(at).is_some_and(|token| token.is_mark(':')) && code.get(at + 1).is_some_and(|token| token.is_mark(':'))
}

/// Follows `::name::{a, b::c}` and records each end; answers where it stopped.
fn follow<'a>(
    code: &[Token<'a>],
    mut at: usize,
    mut path: Vec<&'a str>,
    found: &mut Vec<(usize, Vec<&'a str>)>,
) -> usize {
    while is_path_mark(code, at) {
        at += 2;
        match code.get(at) {
            Some(token) if token.is_mark('{') => return follow_group(code, at + 1, &path, found),
            Some(token) if token.kind == Kind::Word => path.push(token.text),
            _ => break,
        }
        at += 1;
    }
    found.push((code[at.min(code.len()) - 1].line, path));
    at
}

fn follow_group<'a>(
    code: &[Token<'a>],
    mut at: usize,
    path: &[&'a str],
    found: &mut Vec<(usize, Vec<&'a str>)>,
) -> usize {
    while let Some(token) = code.get(at) {
        if token.is_mark('}') {
            return at + 1;
        }
        at = if token.is_word("as") {
            at + 2
        } else if token.kind == Kind::Word {
            let inner: Vec<&str> = path.iter().copied().chain((token.text != "self").then_some(token.text)).collect();
            follow(code, at + 1, inner, found)
        } else {
            at + 1
        };
    }
    at
}

/// One circle of features, if there is any, spelled out.
fn circle(uses: &BTreeMap<&str, BTreeSet<&str>>) -> Option<String> {
    let mut clear = BTreeSet::new();
    uses.keys().find_map(|start| walk(uses, start, &mut Vec::new(), &mut clear))
}

fn walk<'a>(
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    at: &'a str,
    trail: &mut Vec<&'a str>,
    clear: &mut BTreeSet<&'a str>,
) -> Option<String> {
    if let Some(begin) = trail.iter().position(|name| *name == at) {
        return Some(format!("{} → {at}", trail[begin..].join(" → ")));
    }
    if clear.contains(at) {
        return None;
    }
    trail.push(at);
    let found = uses.get(at).into_iter().flatten().find_map(|next| walk(uses, next, trail, clear));
    trail.pop();
    clear.insert(at);
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    /// A shop with two features and a kernel, and one more file.
    fn messages(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::new([
            ("crates/shop/src/lib.rs", "pub mod stock; use crate::stock::commands::Post;"),
            ("crates/shop/src/kernel/mod.rs", "pub mod ids;"),
            ("crates/shop/src/kernel/ids.rs", ""),
            ("crates/shop/src/stock/mod.rs", "mod commands; use crate::kernel::ids::Id;"),
            ("crates/shop/src/stock/commands.rs", ""),
            ("crates/shop/src/till/mod.rs", "mod queries; use crate::stock::OnHand;"),
            (path, text),
        ]);
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_feature_enters_another_by_its_front_door() {
        let file = "crates/shop/src/till/queries.rs";
        assert!(
            messages(file, "use crate::stock::{OnHand, Kardex as K}; use crate::kernel::ids; use super::X;").is_empty()
        );
        for text in [
            "use crate::stock::commands::Post;",
            "use crate::{kernel::ids, stock::{OnHand, commands}};",
            "fn a() { crate::stock::commands::post() }",
            "use super::super::stock::commands::Post;",
        ] {
            assert!(messages(file, text)[0].contains("inner module"), "{text}");
        }
        assert!(messages(file, "#[cfg(test)] mod tests { use crate::stock::commands::Post; }").is_empty());
    }

    #[test]
    fn the_kernel_knows_no_feature() {
        assert!(messages("crates/shop/src/kernel/page.rs", "use crate::stock::OnHand;")[0].contains("kernel knows no"));
        assert!(messages("crates/shop/src/kernel/page.rs", "use super::ids::Id;").is_empty());
    }

    #[test]
    fn features_do_not_use_each_other_in_a_circle() {
        let found = messages("crates/shop/src/stock/queries.rs", "use crate::till::Sale;");
        assert_eq!(found, ["features use each other in a circle: stock → till → stock"]);
    }

    #[test]
    fn what_speaks_http_does_not_speak_sql() {
        for file in ["crates/shop/src/stock/api.rs", "crates/shop/src/stock/pages/card.rs"] {
            assert!(messages(file, "use super::sql::FIND;")[0].contains("no SQL"));
            assert!(messages(file, "use super::queries::Find; const SQL: &str = \"sql\";").is_empty());
        }
    }
}
