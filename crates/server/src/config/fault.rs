//! One mistake in the settings, with where it is and what would be accepted. A secret's value is
//! never part of it.

use gondola_shop::kernel::{Lang, Text};
use serde_json::{Value, json};

/// A mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The setting, or the wrong name that was used.
    pub key: String,
    /// Where it was set: a file, a variable, a flag.
    pub place: String,
    /// What is wrong and what would be accepted.
    pub text: Text,
}

impl Fault {
    /// A mistake in `key`, set at `place`.
    pub fn new(key: &str, place: impl ToString, text: Text) -> Self {
        Self { key: key.to_owned(), place: place.to_string(), text }
    }

    /// One line for people.
    pub fn line(&self, lang: Lang) -> String {
        format!("{} ({}): {}", self.key, self.place, self.text.in_lang(lang))
    }

    /// The same for programs.
    pub fn json(&self, lang: Lang) -> Value {
        json!({"key": self.key, "place": self.place, "detail": self.text.in_lang(lang)})
    }
}
