//! What a command says: words for people in their language, or one JSON document for scripts.
//! Answers go to standard output, complaints to standard error.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use gondola_shop::kernel::{Lang, Problem, Text};
use serde_json::{Value, json};

use super::Exit;
use crate::config::{Environment, Fault};

/// A line on the terminal that says how far something is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// Says how far it is.
    pub fn tell(self, what: &str, done: u64, total: u64) {
        if self.shown {
            let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
            // Whoever closed the terminal does not need to know.
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K{what} {done}/{total} ({percent} %)");
        }
    }

    /// Takes the line away.
    pub fn end(self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Where a command talks to.
pub struct Console {
    /// The language of people's words.
    pub lang: Lang,
    /// Whether to answer in JSON.
    pub json: bool,
}

impl Console {
    /// The language follows the system's; Spanish where it does not say.
    pub fn new(environment: &Environment, json: bool) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| environment.get(name));
        let lang = if locale.is_some_and(|locale| locale.starts_with("en")) { Lang::En } else { Lang::Es };
        Self { lang, json }
    }

    /// Answers: `facts` for scripts, or `words` for people.
    pub fn answer(&self, facts: &Value, words: &str) {
        if self.json { self.print(&facts.to_string()) } else { self.print(words.trim_end()) }
    }

    /// One of two texts.
    pub fn pick<'a>(&self, es: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(es, en)
    }

    /// Writes to standard output. A reader that went away (`| head`) does not need the rest.
    pub fn print(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Complains about settings.
    pub fn faults(&self, faults: &[Fault]) {
        if self.json {
            let faults: Vec<Value> = faults.iter().map(|fault| fault.json(self.lang)).collect();
            return self.print(&json!({"ok": false, "errors": faults}).to_string());
        }
        for fault in faults {
            self.complain(&fault.line(self.lang));
        }
    }

    /// Complains about a refusal, in the words that pages and API use.
    pub fn problem(&self, problem: &Problem) -> Exit {
        if self.json {
            let body = problem.body(self.lang, "");
            let errors: Vec<Value> = body
                .errors
                .iter()
                .map(|error| json!({"field": error.field, "code": error.code, "detail": error.detail}))
                .collect();
            self.print(&json!({"ok": false, "code": body.code, "detail": body.detail, "errors": errors}).to_string());
        } else {
            self.complain(problem.detail.in_lang(self.lang));
            for field in &problem.fields {
                self.complain(&format!("  {}: {}", field.field, field.detail.in_lang(self.lang)));
            }
        }
        Exit::Wrong
    }

    /// Complains about a failure, with its causes.
    pub fn failed(&self, error: &anyhow::Error) -> ExitCode {
        if self.json {
            self.print(&json!({"ok": false, "error": format!("{error:#}")}).to_string());
        } else {
            self.complain(&format!("{error:#}"));
        }
        ExitCode::from(Exit::Attention as u8)
    }

    /// Complains about a refusal that has a code and a text.
    pub fn refusal(&self, code: &str, text: &Text) {
        let detail = text.in_lang(self.lang);
        if self.json {
            self.print(&json!({"ok": false, "code": code, "detail": detail}).to_string());
        } else {
            self.complain(detail);
        }
    }

    /// What takes a while can be followed on a terminal, on one line that is written over.
    pub fn progress(&self) -> Progress {
        Progress { shown: std::io::stderr().is_terminal() && !self.json }
    }

    /// Writes to standard error.
    pub fn complain(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "gondola: {text}");
    }
}
