//! The committed text of the repository as the rules see it: paths, texts, tokens, and which lines
//! are test code. Nothing here judges.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::lexer::{Kind, Token, tokens};

/// Paths (from the root, with `/`) and texts, read once; the [`Tree`] borrows from it.
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// What Git tracks or would track. Files that are not UTF-8 text are left out.
    pub fn read(root: &Path) -> Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("list the files of the repository with git")?;
        ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
        let paths: BTreeSet<String> =
            String::from_utf8(listed.stdout)?.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        // A path that Git still knows and the disk no longer has is a removal under way.
        let readable = |path: String| std::fs::read_to_string(root.join(&path)).ok().map(|text| (path, text));
        Ok(Self(paths.into_iter().filter_map(readable).collect()))
    }

    pub fn tree(&self) -> Tree<'_> {
        Tree::new(self.0.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }
}

/// Every file of the repository.
pub struct Tree<'a> {
    pub files: Vec<File<'a>>,
}

/// One text file.
pub struct File<'a> {
    pub path: &'a str,
    pub text: &'a str,
    /// Empty unless the file is Rust.
    pub tokens: Vec<Token<'a>>,
    test_lines: Vec<(usize, usize)>,
}

impl<'a> Tree<'a> {
    pub fn new(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut files: Vec<File<'a>> = files.into_iter().map(|(path, text)| File::new(path, text)).collect();
        let test_modules: BTreeSet<String> = files.iter().flat_map(File::test_modules_elsewhere).collect();
        for file in &mut files {
            let stem = file.path.trim_end_matches(".rs");
            if test_modules.iter().any(|module| stem == module || stem.starts_with(&format!("{module}/"))) {
                file.test_lines = vec![(1, usize::MAX)];
            }
        }
        Self { files }
    }

    pub fn rust(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    pub fn find(&self, path: &str) -> Option<&File<'a>> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl<'a> File<'a> {
    fn new(path: &'a str, text: &'a str) -> Self {
        let tokens = if path.ends_with(".rs") { tokens(text) } else { Vec::new() };
        let test_lines = if is_test_path(path) { vec![(1, usize::MAX)] } else { test_items(&tokens) };
        Self { path, text, tokens, test_lines }
    }

    /// Whether this line belongs to tests and not to the product.
    pub fn is_test(&self, line: usize) -> bool {
        self.test_lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }

    /// The tokens of the product: no tests, no comments.
    pub fn product(&self) -> Vec<Token<'a>> {
        self.tokens.iter().filter(|token| token.kind != Kind::Comment && !self.is_test(token.line)).copied().collect()
    }

    pub fn file_name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The folder in which this file's own modules lie.
    fn module_folder(&self) -> String {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        match self.file_name() {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            name => format!("{folder}/{}", name.trim_end_matches(".rs")),
        }
    }

    /// `#[cfg(test)] mod name;`: the file of that module is a test, wherever it lies.
    fn test_modules_elsewhere(&self) -> Vec<String> {
        let code = code(&self.tokens);
        test_attributes(&code)
            .filter(|at| code.get(at + 7).is_some_and(|token| token.is_word("mod")))
            .filter(|at| code.get(at + 9).is_some_and(|token| token.is_mark(';')))
            .map(|at| format!("{}/{}", self.module_folder(), code[at + 8].text))
            .collect()
    }
}

fn is_test_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.contains("/tests/") || path.contains("/benches/") || name == "tests.rs" || name.ends_with("_test.rs")
}

fn code<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    tokens.iter().filter(|token| token.kind != Kind::Comment).copied().collect()
}

/// Where `#[cfg(test)]` stands: seven tokens.
fn test_attributes<'t>(code: &'t [Token<'_>]) -> impl Iterator<Item = usize> + 't {
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    (0..code.len()).filter(move |at| {
        code.len() >= at + attribute.len()
            && attribute.iter().zip(&code[*at..]).all(|(want, token)| token.text == *want)
    })
}

fn test_items(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let code = code(tokens);
    test_attributes(&code).map(|at| (code[at].line, code[item_end(&code, at + 7)].line)).collect()
}

/// The last token of the item that begins at `start`: its closing brace, or its semicolon.
pub fn item_end(code: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in code.iter().enumerate().skip(start).filter(|(_, token)| token.kind == Kind::Mark) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return at;
                }
            }
            ";" if depth == 0 => return at,
            _ => {}
        }
    }
    code.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn tests_are_known_by_attribute_path_and_declaration() {
        let tree = Tree::new([
            ("a/src/lib.rs", "fn one() {}\n#[cfg(test)]\nmod tests {\n    fn two() {}\n}\nfn three() {}\n"),
            ("a/src/deep.rs", "#[cfg(test)]\nmod cases;\nmod plain;\n"),
            ("a/src/deep/cases.rs", "fn four() {}"),
            ("a/src/deep/plain.rs", "fn five() {}"),
            ("a/tests/whole.rs", "fn six() {}"),
            ("a/src/rules/tests.rs", "fn seven() {}"),
        ]);
        let is_test = |path: &str, line| tree.find(path).unwrap().is_test(line);
        assert!(!is_test("a/src/lib.rs", 1));
        assert!(is_test("a/src/lib.rs", 4));
        assert!(!is_test("a/src/lib.rs", 6));
        assert!(is_test("a/src/deep/cases.rs", 1));
        assert!(!is_test("a/src/deep/plain.rs", 1));
        assert!(is_test("a/tests/whole.rs", 1));
        assert!(is_test("a/src/rules/tests.rs", 1));
    }

    #[test]
    fn an_attribute_in_a_text_hides_nothing() {
        let tree = Tree::new([("a/src/lib.rs", "const A: &str = \"#[cfg(test)]\";\nfn product() {}\n")]);
        assert!(!tree.files[0].is_test(2));
    }
}
