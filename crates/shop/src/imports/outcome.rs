//! What became of rows: what is wrong with the bad ones, what changed for the good ones, and what
//! deserves a look. Plain values, gathered per command and added up over the whole import.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::Text;

/// Different remarks that are kept; the rest are more of the same.
const REMARKS_MAX: usize = 500;
/// Characters of a cell that are shown where it is wrong.
const VALUE_SHOWN_MAX: usize = 200;

/// What is wrong with one cell, or with a row as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Line of the file, as people see it.
    pub line: u32,
    /// The field; empty for the row as a whole.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// In Spanish.
    pub es: String,
    /// In English.
    pub en: String,
    /// What the cell says.
    pub value: String,
}

impl RowError {
    /// An error about a cell that says `value`.
    pub fn new(line: u32, field: &str, code: &str, detail: Text, value: &str) -> Self {
        let value = value.chars().take(VALUE_SHOWN_MAX).collect();
        Self { line, field: field.to_owned(), code: code.to_owned(), es: detail.es, en: detail.en, value }
    }

    /// The message in both languages.
    pub fn detail(&self) -> Text {
        Text::new(self.es.as_str(), self.en.as_str())
    }
}

/// One thing an import changed, so that it can be undone.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Change {
    pub line: u32,
    pub target_kind: &'static str,
    pub target_id: Uuid,
    /// How people know it: a SKU, a supplier's code.
    pub label: String,
    /// What it was; nothing when the import made it.
    pub before: Option<String>,
    pub version_after: i64,
}

/// A remark and how many lines it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkSum {
    /// Stable code.
    pub code: String,
    /// What the lines said.
    pub value: String,
    /// In Spanish.
    pub es: String,
    /// In English.
    pub en: String,
    /// How many lines.
    pub lines: u32,
    /// The first of them.
    pub first_line: u32,
}

/// Remarks, each once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Remarks(BTreeMap<String, RemarkSum>);

impl Remarks {
    pub fn add(&mut self, line: u32, code: &str, value: &str, detail: &Text) {
        let key = format!("{code}\u{0}{value}");
        if !self.0.contains_key(&key) && self.0.len() >= REMARKS_MAX {
            return;
        }
        let sum = self.0.entry(key).or_insert_with(|| RemarkSum {
            code: code.to_owned(),
            value: value.to_owned(),
            es: detail.es.clone(),
            en: detail.en.clone(),
            lines: 0,
            first_line: line,
        });
        sum.lines += 1;
        sum.first_line = sum.first_line.min(line);
    }

    pub fn merge(&mut self, other: Self) {
        for (key, sum) in other.0 {
            let full = self.0.len() >= REMARKS_MAX;
            if let Some(known) = self.0.get_mut(&key) {
                known.lines += sum.lines;
                known.first_line = known.first_line.min(sum.first_line);
            } else if !full {
                self.0.insert(key, sum);
            }
        }
    }

    /// What most lines are about first.
    pub fn into_list(self) -> Vec<RemarkSum> {
        let mut list: Vec<RemarkSum> = self.0.into_values().collect();
        list.sort_by_key(|sum| (std::cmp::Reverse(sum.lines), sum.first_line));
        list
    }
}

/// What became of some rows.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub errors: Vec<RowError>,
    pub changes: Vec<Change>,
    pub remarks: Remarks,
    pub good: u32,
    pub created: u32,
    pub changed: u32,
    /// Products that moved, and the sequence of the movement.
    pub sequences: Vec<(Uuid, i64)>,
    /// Products that rows were about, and the line of each.
    pub touched: Vec<(Uuid, u32)>,
}

impl Outcome {
    /// The lines that are bad, each once, in order.
    pub fn bad_lines(&self) -> Vec<u32> {
        let mut lines: Vec<u32> = self.errors.iter().map(|error| error.line).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// The same, with nothing to undo: what rows would have done.
    pub fn without_changes(mut self) -> Self {
        self.changes.clear();
        self
    }

    pub fn merge(&mut self, other: Self) {
        self.errors.extend(other.errors);
        self.changes.extend(other.changes);
        self.remarks.merge(other.remarks);
        self.good += other.good;
        self.created += other.created;
        self.changed += other.changed;
        self.sequences.extend(other.sequences);
        self.touched.extend(other.touched);
    }
}
