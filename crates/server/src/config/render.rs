//! The schema as files: a template for people and a JSON Schema for editors. Both are made from the
//! list of settings, so they are never behind it.

use std::fmt::Write;

use gondola_shop::kernel::Lang;
use serde_json::{Map, Value, json};

use super::schema::{Kind, Setting};
use super::{SCHEMA, secret_files};

/// A `gondola.toml` with every setting at its default, commented out, with its variable.
pub fn example(lang: Lang) -> String {
    let mut out = String::from(lang.pick(
        "# Góndola: configuración. Cada valor es el que rige si no se pone otro.\n\
         # Orden: --set CLAVE=VALOR, variable de entorno, este archivo, valor por defecto.\n",
        "# Góndola: settings. Every value is the one that applies when none is set.\n\
         # Order: --set KEY=VALUE, environment variable, this file, default.\n",
    ));
    let mut section = "";
    // The list begins with what has no section, as TOML wants, and keeps sections together.
    for setting in SCHEMA {
        let (of, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if of != section {
            section = of;
            write!(out, "\n[{section}]\n").expect("writing to a string");
        }
        write!(out, "\n{}", entry(setting, name, lang)).expect("writing to a string");
    }
    out
}

/// Every setting as a variable for a unit, container or shell, commented out.
pub fn example_environment(lang: Lang) -> String {
    let entry = |setting: &Setting| {
        let variable = setting.env.map_or_else(|| setting.variable(), str::to_owned);
        format!("# {}{}\n#{variable}={}\n", lang.pick(setting.es, setting.en), range(setting), setting.default)
    };
    SCHEMA.iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// The reference page: every setting in both languages.
pub fn reference() -> String {
    let mut out = String::from(
        "# Settings · Configuración\n\nMade by `gondola config example --form markdown`; a test compares it. Order: `--set KEY=VALUE`, \
         environment, `gondola.toml`, default.\n\n| Setting · variable | Default | Accepted | What it does · Qué hace |\n| --- | --- | --- | --- |\n",
    );
    for setting in SCHEMA {
        let variables =
            setting.env.map_or_else(|| setting.variable(), |env| format!("{env}`<br>`{}", setting.variable()));
        let variables = match secret_files::variable(setting) {
            Some(file) => format!("{variables}`<br>`{file}"),
            None => variables,
        };
        let default = if setting.default.is_empty() { String::new() } else { format!("`{}`", setting.default) };
        let accepted = match setting.kind {
            Kind::Whole { .. } | Kind::Choice(_) => range(setting).trim_matches([' ', '[', ']']).to_owned(),
            kind => type_name(kind).to_owned(),
        };
        let (key, secret) = (setting.key, if setting.secret { " (secret)" } else { "" });
        let about = format!("{}<br>{}", setting.en, setting.es);
        writeln!(out, "| `{key}`{secret}<br>`{variables}` | {default} | {accepted} | {about} |")
            .expect("writing to a string");
    }
    out
}

/// The name of a kind of value.
pub fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Whole { .. } => "integer",
        Kind::Switch => "true, false",
        Kind::Choice(_) => "choice",
        Kind::Address => "IP:PORT",
        Kind::List => "list",
        Kind::File => "file",
    }
}

fn range(setting: &Setting) -> String {
    match setting.kind {
        Kind::Whole { min, max } => format!(" [{min}–{max}]"),
        Kind::Choice(words) => format!(" [{}]", words.join(", ")),
        _ => String::new(),
    }
}

fn entry(setting: &Setting, name: &str, lang: Lang) -> String {
    let variables = setting.env.map_or_else(|| setting.variable(), |env| format!("{env}, {}", setting.variable()));
    let variables = match secret_files::variable(setting) {
        Some(file) => {
            format!("{variables}; {} {file}", lang.pick("o un archivo 0600 nombrado en", "or a 0600 file named in"))
        }
        None => variables,
    };
    let about = lang.pick(setting.es, setting.en);
    let range = range(setting);
    format!("# {about}{range}\n# {variables}\n#{name} = {}\n", toml_default(setting))
}

fn toml_default(setting: &Setting) -> String {
    match setting.kind {
        Kind::Whole { .. } | Kind::Switch => setting.default.to_owned(),
        Kind::List => {
            let words = setting.default.split(',').filter(|word| !word.is_empty());
            let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
            format!("[{}]", words.join(", "))
        }
        _ => format!("\"{}\"", setting.default),
    }
}

/// The JSON Schema of the file.
pub fn json_schema() -> Value {
    let mut root = Map::new();
    for setting in SCHEMA {
        match setting.key.split_once('.') {
            None => {
                root.insert(setting.key.to_owned(), property(setting));
            }
            Some((section, name)) => {
                let object = root
                    .entry(section.to_owned())
                    .or_insert_with(|| json!({"type": "object", "additionalProperties": false, "properties": {}}));
                object["properties"][name] = property(setting);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gondola.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": root,
    })
}

fn property(setting: &Setting) -> Value {
    let mut property = match setting.kind {
        Kind::Text | Kind::Address | Kind::File => json!({"type": "string"}),
        Kind::Whole { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Switch => json!({"type": "boolean"}),
        Kind::Choice(words) => json!({"type": "string", "enum": words}),
        Kind::List => json!({"type": "array", "items": {"type": "string"}}),
    };
    property["description"] = json!(setting.en);
    property["x-environment"] = json!(setting.variable());
    property["x-secret"] = json!(setting.secret);
    property["x-reloads"] = json!(setting.reloads);
    if !setting.default.is_empty() {
        property["default"] = match setting.kind {
            Kind::Whole { .. } => json!(setting.default.parse::<u64>().unwrap_or_default()),
            Kind::Switch => json!(setting.default == "true"),
            Kind::List => json!(setting.default.split(',').collect::<Vec<_>>()),
            _ => json!(setting.default),
        };
    }
    property
}
