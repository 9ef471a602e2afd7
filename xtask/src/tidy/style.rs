//! The house style, as far as a scan of the source can hold it: openings, unfinished marks, `unwrap`,
//! floats. Lengths are in `size`, SQL is in `sql`; what the compiler or clippy holds is not repeated,
//! except `unwrap`, because clippy takes a test's helper for product code.

use super::Finding;
use super::lexer::{Kind, Token};
use super::size::is_vendored;
use super::tree::{File, Tree};

/// A paragraph says more than the file's own name does.
const OPENING_BYTES_MIN: usize = 25;
/// Spelled in two halves here and below, so that no search for them ends in this file.
const UNFINISHED_MACROS: [&str; 3] = [concat!("to", "do"), concat!("unimple", "mented"), concat!("d", "bg")];
/// What stays to be done, with an issue that says what.
const PROMISE: &str = concat!("TO", "DO");
const CONFESSIONS: [&str; 2] = [concat!("FIX", "ME"), concat!("XX", "X")];
/// Parts of a name (`unit_cost`, `StockHeads`) that speak of money or quantity.
const EXACT_WORDS: [&str; 14] = [
    "price",
    "prices",
    "cost",
    "costs",
    "money",
    "amount",
    "qty",
    "quantity",
    "quantities",
    "stock",
    "balance",
    "balances",
    "centavos",
    "pesos",
];

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        findings.extend(opening(file));
        findings.extend(unfinished(file));
        findings.extend(unwraps(file));
        findings.extend(floats(file));
    }
    let scripts = [".mjs", ".js", ".html", ".css", ".sql", ".toml", ".sh"];
    let script = |file: &&File<'_>| scripts.iter().any(|end| file.path.ends_with(end)) && !is_vendored(file.path);
    findings.extend(tree.files.iter().filter(script).flat_map(unfinished_lines));
    findings
}

/// The first paragraph of a file says what it is for and what is not here.
fn opening(file: &File<'_>) -> Option<Finding> {
    let paragraph: usize = file
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .map(str::len)
        .sum();
    let message = "begin with a //! paragraph: what the file is for, and what is not here";
    (paragraph < OPENING_BYTES_MIN).then(|| Finding::new("opening", file.path, 1, message.into()))
}

fn unfinished(file: &File<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let code: Vec<Token<'_>> = file.tokens.iter().filter(|token| token.kind != Kind::Comment).copied().collect();
    for pair in code.windows(2) {
        if UNFINISHED_MACROS.iter().any(|name| pair[0].is_word(name)) && pair[1].is_mark('!') {
            findings.push(Finding::new("unfinished", file.path, pair[0].line, format!("{}!", pair[0].text)));
        }
        if pair[0].is_mark('[') && pair[1].is_word("ignore") {
            let message = "an ignored test proves nothing: mend it or delete it";
            findings.push(Finding::new("unfinished", file.path, pair[0].line, message.into()));
        }
    }
    for comment in file.tokens.iter().filter(|token| token.kind == Kind::Comment) {
        let lines = comment.text.lines().enumerate().filter_map(|(at, line)| Some((at, unfinished_word(line)?)));
        findings.extend(lines.map(|(at, word)| Finding::new("unfinished", file.path, comment.line + at, word)));
    }
    findings
}

fn unfinished_lines(file: &File<'_>) -> Vec<Finding> {
    let lines = file.text.lines().enumerate().filter_map(|(at, line)| Some((at + 1, unfinished_word(line)?)));
    lines.map(|(line, word)| Finding::new("unfinished", file.path, line, word)).collect()
}

/// In capitals alone: in lower case the first is also Spanish for "everything".
fn unfinished_word(line: &str) -> Option<String> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '(' && c != '#' && c != ')' && c != '_');
    words.find_map(|word| match word.split('(').next()? {
        PROMISE if names_an_issue(word) => None,
        mark if mark == PROMISE || CONFESSIONS.contains(&mark) => {
            Some(format!("{mark}: finish it, or open an issue and write {PROMISE}(#12)"))
        }
        _ => None,
    })
}

fn names_an_issue(word: &str) -> bool {
    let number = word.split_once("(#").and_then(|(_, rest)| rest.split_once(')')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn unwraps(file: &File<'_>) -> Vec<Finding> {
    let code = file.product();
    let mut findings = Vec::new();
    for four in code.windows(4) {
        if !(four[0].is_mark('.') && four[2].is_mark('(')) {
            continue;
        }
        let complaint = match four[1].text {
            "unwrap" if four[3].is_mark(')') => "unwrap outside tests: say why it cannot fail, or handle it",
            "expect" if four[3].kind == Kind::Text && !four[3].text.contains(' ') => {
                "expect says in a sentence why it cannot fail"
            }
            _ => continue,
        };
        findings.push(Finding::new("unwrap", file.path, four[1].line, complaint.into()));
    }
    findings
}

/// In the ledger no float at all; elsewhere none on a line that speaks of money or quantity.
fn floats(file: &File<'_>) -> Vec<Finding> {
    let code = file.product();
    let in_ledger = file.path.starts_with("crates/ledger/");
    let is_float = |token: &&Token<'_>| {
        token.is_word("f64") || token.is_word("f32") || (token.kind == Kind::Number && token.text.contains("_f"))
    };
    let near =
        |line: usize| code.iter().any(|token| token.line == line && token.kind == Kind::Word && is_exact(token.text));
    code.iter()
        .filter(is_float)
        .filter(|token| in_ledger || near(token.line))
        .map(|token| Finding::new("floats", file.path, token.line, "no binary floats near money or quantity".into()))
        .collect()
}

fn is_exact(name: &str) -> bool {
    let parts = parts_of_name(name);
    parts.iter().any(|part| EXACT_WORDS.contains(&part.as_str()))
}

/// `unit_cost` and `UnitCost` are both `unit`, `cost`.
fn parts_of_name(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            parts.push(String::new());
        }
        if let (Some(part), true) = (parts.last_mut(), c != '_') {
            part.extend(c.to_lowercase());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{CONFESSIONS, PROMISE, UNFINISHED_MACROS, check};

    const OPENING: &str = "//! A file for a test of the rules, with nothing else in it.\n";

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let text = if path.ends_with(".rs") { format!("{OPENING}{text}") } else { text.to_owned() };
        check(&Tree::new([(path, text.as_str())])).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_file_without_an_opening_paragraph_is_found() {
        let found = |text| check(&Tree::new([("a/src/lib.rs", text)])).len();
        assert_eq!(found("fn a() {}"), 1);
        assert_eq!(found("//! shop\n"), 1);
        assert_eq!(found("// A plain comment that is long enough to be a paragraph.\n"), 1);
        assert_eq!(found(OPENING), 0);
    }

    #[test]
    fn unfinished_work_is_found() {
        let macros = UNFINISHED_MACROS.map(|name| format!("fn a() {{ {name}!(1) }}"));
        let comments = [PROMISE, CONFESSIONS[0], CONFESSIONS[1]].map(|mark| format!("/* a\n {mark} later */"));
        let numberless = format!("// {PROMISE}(#) later");
        let ignored = format!("#[{} = \"slow\"]\nfn a() {{}}", "ignore");
        for text in macros.iter().chain(&comments).chain([&numberless, &ignored]) {
            assert_eq!(rules("a/src/lib.rs", text), ["unfinished"], "{text}");
        }
        assert_eq!(rules("e2e/run.mjs", &format!("// {PROMISE}")), ["unfinished"]);
        let (numbered, spanish) = (format!("// {PROMISE}(#12) when the tax table changes"), PROMISE.to_lowercase());
        for text in [numbered, format!("// {spanish} el día"), format!("const A: &str = \"{PROMISE}\";")] {
            assert!(rules("a/src/lib.rs", &text).is_empty(), "{text}");
        }
    }

    #[test]
    fn an_unwrap_outside_tests_is_found() {
        assert_eq!(rules("a/src/lib.rs", "fn a() { b().unwrap(); }"), ["unwrap"]);
        assert_eq!(rules("a/src/lib.rs", "fn a() { b().expect(\"works\"); }"), ["unwrap"]);
        assert!(
            rules("a/src/lib.rs", "fn a() { b().expect(\"the lock is never poisoned\").unwrap_or(1); }").is_empty()
        );
        assert!(rules("a/src/lib.rs", "#[cfg(test)] mod tests { fn a() { b().unwrap(); } }").is_empty());
        assert!(rules("a/tests/all.rs", "fn a() { b().unwrap(); }").is_empty());
    }

    #[test]
    fn a_float_near_money_is_found() {
        let file = "crates/shop/src/reports.rs";
        assert_eq!(rules(file, "struct A { unit_cost: f64 }"), ["floats"]);
        assert_eq!(rules(file, "fn stockValue(x: f32) {}"), ["floats"]);
        assert_eq!(rules(file, "let price = 1_f64;"), ["floats"]);
        assert!(rules(file, "let seconds: f64 = elapsed;").is_empty());
        assert!(rules(file, "let stocked: f64 = 1.0;").is_empty());
        assert_eq!(rules("crates/ledger/src/lib.rs", "let seconds: f64 = elapsed;"), ["floats"]);
    }
}
