//! `gondola doctor`: what to look after, and how. What is examined is in the library's `doctor`.

use std::io;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use gondola_shop::kernel::Text;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::doctor::security::{self, Question, Target};
use crate::doctor::{self, Diagnosis, State};
use crate::start::StartError;

/// Examine machine, files, database, backups and book; exit 0, 1 or 2, and say what to do
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola doctor\n  gondola doctor --json\n  \
                        gondola doctor --security https://shop.example\n  gondola doctor --write-incident-plan")]
pub struct Doctor {
    /// Whether the shop is well guarded instead, from outside at this address and from inside: fourteen checks
    #[arg(long, value_name = "URL")]
    security: Option<Target>,
    /// Trust the authorities in this file too, besides the system's and the shop's own
    #[arg(long, value_name = "FILE", requires = "security")]
    ca: Option<PathBuf>,
    /// A copy of the RustSec advisory database [default: advisory-db/ in the data directory]
    #[arg(long, value_name = "DIR", requires = "security")]
    advisories: Option<PathBuf>,
    /// Only write a plan for incidents into the data directory, to be filled in
    #[arg(long, conflicts_with = "security")]
    write_incident_plan: bool,
}

impl Doctor {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        if self.write_incident_plan {
            return Ok(begin_plan(global, console)?);
        }
        let loaded = global.load()?;
        let found = match self.security {
            Some(target) => {
                let question = Question { target, ca: self.ca, advisories: self.advisories };
                security::examine(&loaded, global.data_dir(), question).await?
            }
            None => doctor::examine(&loaded.settings, global.data_dir()).await,
        };
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

fn begin_plan(global: &Global, console: &Console) -> anyhow::Result<Exit> {
    match security::begin_incident_plan(global.data_dir(), console.lang) {
        Ok(file) => {
            let words = format!("{}: {}", console.pick("Completalo", "Fill it in"), file.display());
            console.answer(&json!({"file": file}), &words);
            Ok(Exit::Done)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let (es, en) = ("Ya hay un plan, y queda como está.", "There is a plan already, and it stays as it is.");
            console.refusal("plan_exists", &Text::new(es, en));
            Ok(Exit::Wrong)
        }
        Err(error) => Err(error).context("write the plan into the data directory"),
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
    let mut words = format!("{state:<10}{:<16}{}\n", diagnosis.check, diagnosis.detail.in_lang(console.lang));
    if let Some(advice) = &diagnosis.advice {
        words.push_str(&format!("{:26}→ {}\n", "", advice.in_lang(console.lang)));
    }
    words
}
