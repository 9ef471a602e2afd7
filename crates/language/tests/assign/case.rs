//! One line of a table: a text, perhaps whom the shop remembers, and the answer.

use std::sync::LazyLock;

use gondola_language::assign::{Assignment, Directory, profiles};

/// The twelve suppliers that a new shop begins with.
pub static TWELVE: LazyLock<Directory> = LazyLock::new(|| Directory::new(profiles()));

/// Lines of a table without its remarks.
pub fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The fields of a line.
pub fn fields(line: &'static str) -> Vec<&'static str> {
    line.split('|').map(str::trim).collect()
}

/// The answer to `text @MEMORY` as a table writes it: `LS 0.95`, or `? GA TER` for a question with its candidates.
pub fn answer(directory: &Directory, text: &str) -> String {
    match text.split_once(" @") {
        Some((text, memory)) => written(&directory.assign(text, Some(memory))),
        None => written(&directory.assign(text, None)),
    }
}

/// An assignment as a table writes it.
pub fn written(assignment: &Assignment<'_>) -> String {
    match assignment {
        Assignment::To { supplier, reason } => format!("{} {}", supplier.code, reason.confidence()),
        Assignment::Ask { candidates, .. } => {
            let codes = candidates.iter().map(|supplier| format!(" {}", supplier.code));
            format!("?{}", codes.collect::<String>())
        }
    }
}
