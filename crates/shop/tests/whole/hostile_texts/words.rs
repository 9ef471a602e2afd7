//! The hostile texts, what was told to the shop with them, and how a page may show it.

use std::collections::BTreeMap;

use gondola_shop::kernel::text::nfc;
use gondola_store::Actor;
use serde_json::Value;

use crate::common::nothing;

/// What an ordinary person writes: the measure of what a text may change.
pub const PLAIN: &str = "prueba";

/// Texts that would do something in a page that showed them as they are.
pub const SCRIPTS: [&str; 5] = [
    "<script>alert(1)</script>",
    r#""><img src=x onerror=alert(1)>"#,
    "';alert(1)//",
    "{{7*7}}",
    "</textarea><script>alert(1)",
];

/// Texts that mean something to a database, to a search, to JSON or to Unicode.
pub const META: [&str; 11] = [
    "'; drop table products; --",
    "%",
    "_",
    r"\",
    r#""""#,
    "' or '1'='1",
    "$1",
    "?1",
    r#"{"a":1}"#,
    "🧉ñandú🇦🇷",
    "cafe\u{301} n\u{303}",
];

/// Digits around every text, so that each is told from all others. They are as many for all.
const DIGITS: usize = 4;

/// A text that the shop was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The call and the field: `POST /api/v1/counts reason`; other ways in have names of their own.
    pub place: String,
    /// The text as it has to come back.
    pub text: String,
}

impl Kept {
    /// The field's own name.
    pub fn field(&self) -> &str {
        self.place.rsplit([' ', '.']).next().expect("a field has a name")
    }
}

/// Everything that was told, by whom, and the objects it was told about.
pub struct Told {
    /// An owner who exists: whoever makes a key or looks at an account has to.
    pub owner: Actor,
    drawn: usize,
    pub kept: Vec<Kept>,
    objects: Vec<(&'static str, String)>,
}

impl Told {
    pub fn by(owner: Actor) -> Self {
        Self { owner, drawn: 0, kept: Vec::new(), objects: Vec::new() }
    }

    /// The next text around a hostile one: no two are alike.
    pub fn draw(&mut self, payload: &str) -> String {
        self.drawn += 1;
        let number = 1_000 + self.drawn;
        assert!(number < 10_000, "all texts have as many digits");
        format!("{number}{payload}{number}")
    }

    /// Remembers a text that is to come back composed, and otherwise as it is.
    pub fn keep(&mut self, place: &str, text: &str) {
        self.kept.push(Kept { place: place.to_owned(), text: nfc(text) });
    }

    /// Remembers a text that is to come back letter by letter.
    pub fn keep_as_it_is(&mut self, place: &str, text: &str) {
        self.kept.push(Kept { place: place.to_owned(), text: text.to_owned() });
    }

    /// Remembers an object.
    pub fn note(&mut self, kind: &'static str, id: impl Into<String>) {
        self.objects.push((kind, id.into()));
    }

    /// The paths of a route: one for each object that it is about.
    pub fn paths(&self, template: &str) -> Vec<String> {
        let Some((before, rest)) = template.split_once('{') else { return vec![template.to_owned()] };
        let after = rest
            .split_once('}')
            .expect("a name ends")
            .1
            .replace("{session}", &nothing().to_string())
            .replace("{line}", "1")
            .replace("{page}", "1")
            .replace("{step}", "drop");
        let kind = match before.trim_end_matches('/').rsplit('/').next().expect("a route has a name") {
            "products" | "inventory" | "by-code" => "products",
            "people" | "users" => "users",
            "decir" => "messages",
            other => other,
        };
        let api = if before == "/api/v1/products/" { "sku:" } else { "" };
        let paths: Vec<String> = self.of(kind).map(|id| format!("{before}{api}{id}{after}")).collect();
        assert!(!paths.is_empty(), "{template}: make one of its objects in this test");
        paths
    }

    /// The objects of a kind.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.objects.iter().filter(move |(known, _)| *known == kind).map(|(_, id)| id.as_str())
    }

    /// The text that a place of a round was told.
    pub fn text(&self, place: &str, payload: &str) -> &str {
        let payload = nfc(payload);
        let found = self.kept.iter().find(|kept| kept.place == place && kept.text[DIGITS..].starts_with(&payload));
        &found.unwrap_or_else(|| panic!("{place} was not told {payload}")).text
    }

    /// Every text by its digits.
    pub fn by_digits(&self) -> BTreeMap<&str, &str> {
        self.kept.iter().map(|kept| (&kept.text[..DIGITS], kept.text.as_str())).collect()
    }
}

/// Every place of a page where a text could begin: its digits, and the rest of the page from there.
pub fn beginnings(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.match_indices(|letter: char| letter.is_ascii_digit())
        .filter_map(|(at, _)| Some((html.get(at..at + DIGITS)?, &html[at..])))
}

/// The text as a page has to write it.
pub fn escaped(text: &str) -> String {
    let sign = |letter: char| match letter {
        '<' | '>' | '&' | '"' | '\'' => format!("&#{};", u32::from(letter)),
        other => other.to_string(),
    };
    text.chars().map(sign).collect()
}

/// The texts of a JSON value with their paths; every element of a list is `[0]`, as in the document.
pub fn leaves(value: &Value, path: &str) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(path.to_owned(), text.clone())],
        Value::Array(items) => items.iter().flat_map(|item| leaves(item, &format!("{path}[0]"))).collect(),
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            fields.iter().flat_map(|(name, field)| leaves(field, &format!("{path}{dot}{name}"))).collect()
        }
        _ => Vec::new(),
    }
}
