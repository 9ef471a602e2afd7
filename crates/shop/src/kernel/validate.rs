//! Collects every field's problem before giving up, so that people correct once.

use super::lang::Text;
use super::problem::{FieldProblem, Problem};

/// The problems found so far, each under its field's path.
#[derive(Debug, Default)]
pub struct Errors {
    found: Vec<FieldProblem>,
    prefix: String,
}

impl Errors {
    /// No problem yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts what follows under `prefix`, for example `lines[3].`.
    pub fn within(&mut self, prefix: String) {
        self.prefix = prefix;
    }

    /// Notes a problem.
    pub fn add(&mut self, field: &str, code: &'static str, es: impl Into<String>, en: impl Into<String>) {
        let field = format!("{}{field}", self.prefix);
        self.found.push(FieldProblem { field, code, detail: Text::new(es, en) });
    }

    /// The value, or nothing and the problem noted.
    pub fn take<T, E: Into<(&'static str, Text)>>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let (code, text) = error.into();
                self.add(field, code, text.es, text.en);
                None
            }
        }
    }

    /// The value of a field that must be there.
    pub fn required<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(field, "required", "Falta este dato.", "This value is missing.");
        }
        value
    }

    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What was noted.
    pub fn into_inner(self) -> Vec<FieldProblem> {
        self.found
    }

    /// Ends with 422 when anything was noted.
    ///
    /// # Errors
    /// The problem with every field in it.
    pub fn finish(self) -> Result<(), Problem> {
        if self.found.is_empty() { Ok(()) } else { Err(Problem::invalid(self.found)) }
    }
}
