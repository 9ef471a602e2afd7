//! Where values come from: flags, the environment, credentials, one file, the defaults; the first that has a
//! value wins (CFG-2). Reading the environment happens here and nowhere else.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use gondola_shop::kernel::Text;

use super::fault::Fault;
use super::schema::{Kind, Setting, find, suggestion};
use super::value::Value;
use super::{Explained, Origins, SCHEMA, secret_files};

/// What our variables begin with.
const PREFIX: &str = "GONDOLA__";

/// A snapshot of environment variables.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment(***)")
    }
}

impl Environment {
    /// What this process was started with; empty values count as unset.
    pub fn of_the_process() -> Self {
        Self::new(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// These variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `--set`.
    Flag,
    /// This variable.
    Environment(String),
    /// This file.
    File(PathBuf),
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("--set"),
            Self::Environment(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The winning text of every setting.
#[derive(Clone)]
pub struct Values(BTreeMap<&'static str, (String, Source)>);

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(key, (_, source))| (key, source))).finish()
    }
}

impl Values {
    /// Goes through all sources, weakest first; notes names nobody knows.
    pub fn collect(origins: &Origins, faults: &mut Vec<Fault>) -> Self {
        let mut values = Self(BTreeMap::new());
        for setting in SCHEMA {
            values.0.insert(setting.key, (setting.default.to_owned(), Source::Default));
        }
        values.add_file(origins, faults);
        values.add_credentials(&origins.environment, faults);
        values.add_environment(&origins.environment, faults);
        values.add_flags(&origins.flags, faults);
        values
    }

    /// The typed value, or a note of what would be accepted.
    pub fn parse<T: Value>(&self, key: &'static str, faults: &mut Vec<Fault>) -> Option<T> {
        let (text, source) = &self.0[key];
        T::parse(text).map_err(|accepted| faults.push(Fault::new(key, source, accepted))).ok()
    }

    /// Every winning text by its name.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(key, (text, _))| (*key, text.as_str()))
    }

    /// Where a value was set.
    pub fn source(&self, key: &str) -> &Source {
        &self.0[key].1
    }

    /// A value as people may see it.
    pub fn explain(&self, setting: &Setting) -> Explained {
        let (text, source) = &self.0[setting.key];
        let value = if setting.secret && !text.is_empty() { "***".to_owned() } else { text.clone() };
        Explained { value, source: source.clone() }
    }

    fn add_flags(&mut self, flags: &[String], faults: &mut Vec<Fault>) {
        for flag in flags {
            let (key, value) = flag.split_once('=').unwrap_or((flag, ""));
            match find(key.trim()) {
                Some(setting) => self.set(setting, value.trim().to_owned(), Source::Flag),
                None => faults.push(unknown(key, Source::Flag)),
            }
        }
    }

    fn add_environment(&mut self, environment: &Environment, faults: &mut Vec<Fault>) {
        for setting in SCHEMA {
            if let Some((name, value)) = setting.env.and_then(|name| Some((name, environment.get(name)?))) {
                self.set(setting, value.to_owned(), Source::Environment(name.to_owned()));
            }
        }
        for (setting, name) in SCHEMA.iter().filter_map(|setting| Some((setting, secret_files::variable(setting)?))) {
            let Some(file) = environment.get(&name) else { continue };
            if setting.env.is_some_and(|plain| environment.get(plain).is_some()) {
                let text =
                    Text::new("está puesta de dos maneras; dejá una sola", "is set in two ways; keep one of them");
                faults.push(Fault::new(setting.key, &name, text));
                continue;
            }
            self.add_secret(setting, Path::new(file), faults);
        }
        for (name, value) in &environment.0 {
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            let key = rest.to_ascii_lowercase().replace("__", ".");
            let source = Source::Environment(name.clone());
            match find(&key) {
                Some(setting) => self.set(setting, value.clone(), source),
                None => faults.push(unknown(&key, source)),
            }
        }
    }

    /// What systemd hands over.
    fn add_credentials(&mut self, environment: &Environment, faults: &mut Vec<Fault>) {
        let Some(folder) = environment.get(secret_files::CREDENTIALS) else { return };
        for setting in SCHEMA.iter().filter(|setting| setting.secret) {
            let file = Path::new(folder).join(setting.key);
            if file.is_file() {
                self.add_secret(setting, &file, faults);
            }
        }
    }

    fn add_secret(&mut self, setting: &Setting, file: &Path, faults: &mut Vec<Fault>) {
        match secret_files::read(file) {
            Ok(text) => self.set(setting, text, Source::File(file.to_owned())),
            Err(text) => faults.push(Fault::new(setting.key, file.display(), text)),
        }
    }

    fn add_file(&mut self, origins: &Origins, faults: &mut Vec<Fault>) {
        let usual = || origins.usual_files.iter().find(|path| path.is_file()).cloned();
        let Some(path) = origins.file.clone().or_else(usual) else { return };
        match read_table(&path) {
            Ok(table) => self.add_table("", &table, &path, faults),
            Err(text) => faults.push(Fault::new("gondola.toml", path.display(), text)),
        }
    }

    fn add_table(&mut self, prefix: &str, table: &toml::Table, path: &Path, faults: &mut Vec<Fault>) {
        for (name, value) in table {
            let key = format!("{prefix}{name}");
            let source = Source::File(path.to_owned());
            match (value, find(&key)) {
                (toml::Value::Table(inner), None) => self.add_table(&format!("{key}."), inner, path, faults),
                (value, Some(setting)) => match text_of(setting.kind, value) {
                    Ok(text) => self.set(setting, text, source),
                    Err(text) => faults.push(Fault::new(&key, source, text)),
                },
                (_, None) => faults.push(unknown(&key, source)),
            }
        }
    }

    fn set(&mut self, setting: &Setting, text: String, source: Source) {
        self.0.insert(setting.key, (text, source));
    }
}

fn read_table(path: &Path) -> Result<toml::Table, Text> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Text::new(format!("no se puede leer: {error}"), format!("cannot be read: {error}")))?;
    text.parse().map_err(|error: toml::de::Error| {
        // The parser's full message quotes the line, which may hold a secret.
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        Text::new(format!("TOML mal formado en la línea {line}"), format!("malformed TOML in line {line}"))
    })
}

/// A TOML value as the text that the environment would hold.
fn text_of(kind: Kind, value: &toml::Value) -> Result<String, Text> {
    match (kind, value) {
        (Kind::Whole { .. }, toml::Value::Integer(number)) => Ok(number.to_string()),
        (Kind::Whole { .. }, _) => Err(Text::new("va como número, sin comillas", "is a number, without quotes")),
        (Kind::List, toml::Value::Array(items)) => {
            let words: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            words
                .map(|words| words.join(","))
                .ok_or_else(|| Text::new("es una lista de textos", "is a list of strings"))
        }
        (Kind::List, _) => {
            Err(Text::new("va como lista, por ejemplo [\"localhost\"]", "is a list, for example [\"localhost\"]"))
        }
        (Kind::Switch, toml::Value::Boolean(value)) => Ok(value.to_string()),
        (Kind::Switch, _) => Err(Text::new("va true o false, sin comillas", "is true or false, without quotes")),
        (_, toml::Value::String(text)) => Ok(text.clone()),
        _ => Err(Text::new("va entre comillas", "is written in quotes")),
    }
}

/// The refusal of a name that no setting has, with the one that was perhaps meant.
pub fn unknown(key: &str, source: impl fmt::Display) -> Fault {
    let text = match suggestion(key) {
        Some(like) => {
            Text::new(format!("no existe; ¿quisiste decir {like}?"), format!("does not exist; did you mean {like}?"))
        }
        None => Text::new(
            "no existe; gondola config example muestra las que hay",
            "does not exist; gondola config example shows what there is",
        ),
    };
    Fault::new(key, source, text)
}
