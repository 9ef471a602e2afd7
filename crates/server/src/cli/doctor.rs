//! `gondola doctor`: what to look after, and how. What is examined is in the library's `doctor`.

use clap::Args;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::doctor::{self, Diagnosis, State};
use crate::start::StartError;

/// Examine machine, files, database, backups and book; exit 0, 1 or 2, and say what to do
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola doctor\n  gondola doctor --json")]
pub struct Doctor {}

impl Doctor {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let found = doctor::examine(&settings, global.data_dir()).await;
        let worst = doctor::worst(&found);
        let checks: Vec<Value> = found.iter().map(|diagnosis| facts(diagnosis, console)).collect();
        let words: String = found.iter().map(|diagnosis| words(diagnosis, console)).collect();
        console.answer(&json!({"status": worst.name(), "checks": checks}), &words);
        Ok(match worst {
            State::Skipped | State::Ok => Exit::Done,
            State::Warn => Exit::Attention,
            State::Critical => Exit::Wrong,
        })
    }
}

fn facts(diagnosis: &Diagnosis, console: &Console) -> Value {
    let advice = diagnosis.advice.as_ref().map(|advice| advice.in_lang(console.lang));
    json!({
        "name": diagnosis.check, "status": diagnosis.state.name(),
        "detail": diagnosis.detail.in_lang(console.lang), "advice": advice,
    })
}

fn words(diagnosis: &Diagnosis, console: &Console) -> String {
    let state = match diagnosis.state {
        State::Skipped => console.pick("–", "–"),
        State::Ok => console.pick("bien", "well"),
        State::Warn => console.pick("atención", "attention"),
        State::Critical => console.pick("mal", "wrong"),
    };
    let mut words = format!("{state:<10}{:<12}{}\n", diagnosis.check, diagnosis.detail.in_lang(console.lang));
    if let Some(advice) = &diagnosis.advice {
        words.push_str(&format!("{:22}→ {}\n", "", advice.in_lang(console.lang)));
    }
    words
}
