//! `gondola doctor`: is this shop well kept? Each check says what it found and what to do next; one
//! that fails hides no other. The checks of a running shop, asked by machines every few seconds, are
//! in `health`.

mod machine;
pub mod security;
mod shop;

use std::path::Path;

use gondola_shop::kernel::Text;

use crate::config::Settings;
use crate::start::{self, StartError};

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// There is nothing to check here.
    Skipped,
    /// As it should be.
    Ok,
    /// Something to do soon.
    Warn,
    /// Something to do now.
    Critical,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The check's stable name.
    pub check: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub detail: Text,
    /// What to do next.
    pub advice: Option<Text>,
}

impl State {
    /// The word for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }
}

impl Diagnosis {
    fn new(check: &'static str, state: State, es: impl Into<String>, en: impl Into<String>) -> Self {
        Self { check, state, detail: Text::new(es, en), advice: None }
    }

    fn advise(mut self, es: impl Into<String>, en: impl Into<String>) -> Self {
        self.advice = Some(Text::new(es, en));
        self
    }

    /// A check that could not be made.
    fn failed(check: &'static str, error: &anyhow::Error) -> Self {
        let (es, en) = (format!("no se pudo revisar: {error:#}"), format!("could not be checked: {error:#}"));
        Self::new(check, State::Critical, es, en)
    }
}

/// Examines the machine, the data directory and the shop. Nothing is created, migrated or repaired.
pub async fn examine(settings: &Settings, data_dir: &Path) -> Vec<Diagnosis> {
    let mut found = vec![
        machine::disk(settings, data_dir),
        machine::private(data_dir),
        machine::key(settings, data_dir),
        machine::profile(settings),
    ];
    match start::open_as_it_is(settings, data_dir).await {
        Ok(db) => {
            found.extend(shop::examine(settings, data_dir, &db).await);
            db.close().await;
        }
        Err(StartError::Refused(faults)) => found.extend(faults.into_iter().map(|fault| Diagnosis {
            check: "database",
            state: State::Critical,
            detail: fault.text,
            advice: None,
        })),
        Err(StartError::Failed(error)) => found.push(Diagnosis::failed("database", &error)),
    }
    found
}

/// The worst of several.
pub fn worst(found: &[Diagnosis]) -> State {
    found.iter().map(|diagnosis| diagnosis.state).max().unwrap_or(State::Ok).max(State::Ok)
}
