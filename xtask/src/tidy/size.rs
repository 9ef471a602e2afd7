//! How long files and functions may be. What may be longer, and why, is in `allow`.

use super::tree::{File, Tree, item_end};
use super::{Finding, allow};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const MEASURED: [&str; 8] = [".rs", ".js", ".mjs", ".ts", ".css", ".html", ".py", ".sh"];

/// Something longer than its limit.
pub struct Measure {
    pub rule: &'static str,
    /// The file, or `file::function`: what an exception names.
    pub place: String,
    pub path: String,
    pub line: usize,
    pub lines: usize,
    pub max: usize,
}

impl Measure {
    pub fn finding(&self) -> Finding {
        let message = format!("{}: {} lines, at most {}: split by reason to change", self.place, self.lines, self.max);
        Finding::new(self.rule, &self.path, self.line, message)
    }
}

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let allowed = tree.find(allow::PATH).map_or("", |file| file.text);
    let measured = |file: &&File<'_>| MEASURED.iter().any(|end| file.path.ends_with(end)) && !is_vendored(file.path);
    let measures: Vec<Measure> = tree
        .files
        .iter()
        .filter(measured)
        .flat_map(|file| long_file(file).into_iter().chain(long_functions(file)))
        .collect();
    allow::judge(allowed, &measures)
}

pub fn is_vendored(path: &str) -> bool {
    path.contains("/vendor/")
}

fn long_file(file: &File<'_>) -> Option<Measure> {
    let lines = file.text.lines().count();
    (lines > FILE_LINES_MAX).then(|| Measure {
        rule: "file-lines",
        place: file.path.to_owned(),
        path: file.path.to_owned(),
        line: 1,
        lines,
        max: FILE_LINES_MAX,
    })
}

fn long_functions(file: &File<'_>) -> Vec<Measure> {
    let code: Vec<_> = file.tokens.iter().filter(|token| token.kind != super::lexer::Kind::Comment).copied().collect();
    let named = |at: &usize| code[*at].is_word("fn") && code[at + 1].kind == super::lexer::Kind::Word;
    (0..code.len().saturating_sub(1))
        .filter(named)
        .map(|at| (at, code[item_end(&code, at)].line + 1 - code[at].line))
        .filter(|(_, lines)| *lines > FUNCTION_LINES_MAX)
        .map(|(at, lines)| Measure {
            rule: "function-lines",
            place: format!("{}::{}", file.path, code[at + 1].text),
            path: file.path.to_owned(),
            line: code[at].line,
            lines,
            max: FUNCTION_LINES_MAX,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&Tree::new([(path, text)])).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_file_over_500_lines_is_found() {
        assert!(rules("a/src/lib.rs", &"\n".repeat(500)).is_empty());
        assert_eq!(rules("a/src/lib.rs", &"\n".repeat(501)), ["file-lines"]);
        assert_eq!(rules("e2e/journeys/till.mjs", &"\n".repeat(501)), ["file-lines"]);
        assert!(rules("assets/vendor/htmx.js", &"\n".repeat(501)).is_empty());
    }

    #[test]
    fn a_function_over_70_lines_is_found_wherever_it_is() {
        let function =
            |lines: usize| format!("fn long<T>(a: [u8; 2]) -> T\n{{{}}}\nfn next() {{}}\n", "\n".repeat(lines - 2));
        assert!(rules("a/src/lib.rs", &function(70)).is_empty());
        assert_eq!(rules("a/src/lib.rs", &function(71)), ["function-lines"]);
        assert_eq!(rules("a/tests/all.rs", &function(71)), ["function-lines"]);
        let declared = format!("trait A {{ fn long();{}fn next() {{}} }}", "\n".repeat(80));
        assert!(rules("a/src/lib.rs", &declared).is_empty());
    }
}
