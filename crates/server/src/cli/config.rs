//! `gondola config`: what can be set, what is set and whether it is right (CFG-1 … CFG-3).

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::config::{self, Kind, SCHEMA, Setting};

/// Check, explain and describe settings
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola config check\n  gondola config explain database.url\n  \
                        gondola config example > gondola.toml\n  gondola config schema")]
pub struct Config {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tell every mistake at once; exit 0 or 2
    Check,
    /// Tell a setting's value and where it comes from; all settings without a name
    Explain {
        /// The setting, for example dashboard.listen
        key: Option<String>,
    },
    /// Print a template with every setting
    Example {
        /// As what
        #[arg(long, value_enum, default_value = "toml")]
        form: Form,
    },
    /// Print the JSON Schema of gondola.toml
    Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// A gondola.toml
    Toml,
    /// Variables for a unit, container or shell
    Env,
    /// The reference page
    Markdown,
}

impl Config {
    /// Runs the command.
    pub fn run(self, global: &Global, console: &Console) -> Exit {
        match self.what {
            What::Check => check(global, console),
            What::Explain { key } => explain(key.as_deref(), global, console),
            What::Example { form } => {
                let text = match form {
                    Form::Toml => config::example(console.lang),
                    Form::Markdown => config::reference(),
                    Form::Env => config::example_environment(console.lang),
                };
                console.answer(&json!({"text": text}), &text);
                Exit::Done
            }
            What::Schema => {
                console.print(&format!("{:#}", config::json_schema()));
                Exit::Done
            }
        }
    }
}

fn check(global: &Global, console: &Console) -> Exit {
    match config::load(&global.origins()) {
        Ok(_) => {
            console.answer(
                &json!({"ok": true, "errors": []}),
                console.pick("La configuración está bien.", "The settings are right."),
            );
            Exit::Done
        }
        Err(faults) => {
            console.faults(&faults);
            Exit::Wrong
        }
    }
}

fn explain(key: Option<&str>, global: &Global, console: &Console) -> Exit {
    let origins = global.origins();
    let told = |setting: &Setting| (config::explain(&origins, setting), *setting);
    let Some(key) = key else {
        let all: Vec<_> = SCHEMA.iter().map(told).collect();
        let facts: Vec<Value> = all.iter().map(|(explained, setting)| facts(setting, explained)).collect();
        let line = |(explained, setting): &(config::Explained, Setting)| {
            format!("{} = {} ({})\n", setting.key, explained.value, explained.source)
        };
        console.answer(&json!({"items": facts}), &all.iter().map(line).collect::<String>());
        return Exit::Done;
    };
    let Some(setting) = config::find(key) else {
        console.faults(&[config::unknown(key)]);
        return Exit::Wrong;
    };
    let (explained, setting) = told(setting);
    console.answer(&facts(&setting, &explained), &words(&setting, &explained, console));
    Exit::Done
}

fn facts(setting: &Setting, explained: &config::Explained) -> Value {
    json!({
        "key": setting.key, "value": explained.value, "source": explained.source.to_string(),
        "default": setting.default, "secret": setting.secret, "reloads": setting.reloads,
        "type": config::type_name(setting.kind), "variable": setting.variable(), "description": setting.en,
    })
}

fn words(setting: &Setting, explained: &config::Explained, console: &Console) -> String {
    let accepted = match setting.kind {
        Kind::Whole { min, max } => format!("{min}–{max}"),
        Kind::Choice(words) => words.join(", "),
        kind => config::type_name(kind).to_owned(),
    };
    format!(
        "{} = {}\n  {}: {}\n  {}: {}\n  {}: {}\n  {}: {}\n  {}\n",
        setting.key,
        explained.value,
        console.pick("viene de", "comes from"),
        explained.source,
        console.pick("por defecto", "default"),
        setting.default,
        console.pick("se acepta", "accepted"),
        accepted,
        console.pick("variable", "variable"),
        setting.variable(),
        console.lang.pick(setting.es, setting.en),
    )
}
