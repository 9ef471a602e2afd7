//! Settings: what can be set, where a value comes from, and every mistake at once.
//!
//! `entries` is the one list of settings; from it come the typed [`Settings`], the template, the JSON
//! Schema and what `config explain` says. Precedence: flag, environment, file, default. Nothing else
//! in the program reads the environment or a settings file.

mod entries;
mod fault;
mod render;
mod rules;
mod schema;
mod secret;
mod secret_files;
mod sources;
mod value;

use std::path::{Path, PathBuf};

pub use entries::{SCHEMA, Settings};
pub use fault::Fault;
pub use render::{example, example_environment, json_schema, reference, type_name};
pub use schema::{Kind, Setting, find};
pub use sources::{Environment, Source};
pub use value::{ClientCertificates, LogFormat, LogLevel, ShopName};

use sources::Values;

/// Where settings may come from besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// `--set KEY=VALUE`.
    pub flags: Vec<String>,
    /// The process's environment.
    pub environment: Environment,
    /// `--config`, which must exist.
    pub file: Option<PathBuf>,
    /// Where a settings file may lie otherwise; the first that exists is read.
    pub usual_files: Vec<PathBuf>,
}

impl Origins {
    /// The usual places of a shop in `data_dir`.
    pub fn of(data_dir: &Path, file: Option<PathBuf>, flags: Vec<String>) -> Self {
        Self {
            flags,
            environment: Environment::of_the_process(),
            file,
            usual_files: vec![data_dir.join("gondola.toml"), PathBuf::from("/etc/gondola/gondola.toml")],
        }
    }
}

/// Settings that parsed, with the source of every value.
#[derive(Debug)]
pub struct Loaded {
    /// The typed values.
    pub settings: Settings,
    values: Values,
}

/// Collects every source and parses every value.
///
/// # Errors
/// All mistakes at once: unknown keys with a suggestion, wrong types, values out of range, values
/// that contradict each other.
pub fn load(origins: &Origins) -> Result<Loaded, Vec<Fault>> {
    let mut faults = Vec::new();
    let values = Values::collect(origins, &mut faults);
    let settings = Settings::parse(&values, &mut faults);
    if let Some(settings) = &settings {
        rules::check(settings, &mut faults);
        secret_files::check(settings.profile, &values, &mut faults);
    }
    match settings {
        Some(settings) if faults.is_empty() => Ok(Loaded { settings, values }),
        _ => Err(faults),
    }
}

/// A setting's value as people may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The value; `***` for a secret that is set.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
}

/// What a setting's value is and where it comes from; works also when other settings are wrong.
pub fn explain(origins: &Origins, setting: &Setting) -> Explained {
    let values = Values::collect(origins, &mut Vec::new());
    values.explain(setting)
}

/// The refusal of a name that no setting has, with the one that was perhaps meant.
pub fn unknown(key: &str) -> Fault {
    sources::unknown(key, "command line")
}

impl Loaded {
    /// Every setting's text as it is in force, secrets too: to be digested, never to be shown.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.texts()
    }

    /// What a setting's value is and where it comes from.
    pub fn explain(&self, setting: &Setting) -> Explained {
        self.values.explain(setting)
    }
}

#[cfg(test)]
mod tests;
