//! `gondola health`: the faces of the running shop and, without `--probe`, the shop itself.

use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use gondola_shop::kernel::Face;
use serde_json::{Value, json};

use super::console::Console;
use super::probe::Answer;
use super::serve::{FaceName, chosen};
use super::{Exit, Global, tls};
use crate::config::Settings;
use crate::health::{REDIS, State};
use crate::serve::listen_setting;
use crate::start::{self, StartError};

/// Check the running faces and the shop's database; exit 0, 1 or 2
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola health --json\n  gondola health --probe --face deposito\n  \
                        gondola health --probe --address 127.0.0.1:8080")]
pub struct Health {
    /// Only ask the faces whether they are ready: for containers and units
    #[arg(long)]
    probe: bool,
    /// Only these faces, separated by commas
    #[arg(long = "face", value_name = "FACE", value_delimiter = ',')]
    faces: Vec<FaceName>,
    /// A listener that the settings do not name
    #[arg(long, value_name = "IP:PORT", conflicts_with = "faces")]
    address: Vec<SocketAddr>,
}

struct Finding {
    check: String,
    exit: Exit,
    detail: &'static str,
}

impl Health {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let mut findings = self.ask_faces(&settings, global.data_dir(), console).await;
        if !self.probe {
            findings.extend(examine(&settings, global, console).await?);
        }
        let worst = findings.iter().map(|finding| finding.exit).max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done);
        let checks: Vec<Value> = findings
            .iter()
            .map(|finding| json!({"name": finding.check, "status": word(finding.exit), "detail": finding.detail}))
            .collect();
        let line = |finding: &Finding| format!("{:<9} {}: {}\n", word(finding.exit), finding.check, finding.detail);
        console
            .answer(&json!({"status": word(worst), "checks": checks}), &findings.iter().map(line).collect::<String>());
        Ok(worst)
    }

    async fn ask_faces(&self, settings: &Settings, data_dir: &Path, console: &Console) -> Vec<Finding> {
        let listening = |address| Face::ALL.into_iter().find(|face| listen_setting(settings, *face) == address);
        let nameless =
            |address: &SocketAddr| (address.to_string(), listening(*address).unwrap_or(Face::Dashboard), *address);
        let mut addresses: Vec<(String, Face, SocketAddr)> = self.address.iter().map(nameless).collect();
        if addresses.is_empty() {
            let named = |face| (format!("face {}", Face::name(face)), face, listen_setting(settings, face));
            addresses = chosen(&self.faces).into_iter().map(named).collect();
        }
        let mut findings = Vec::new();
        for (check, face, address) in addresses {
            let (exit, detail) = match tls::ask(settings, data_dir, face, address).await {
                Answer::Ready => (Exit::Done, console.pick("atiende", "ready")),
                Answer::NotReady => (Exit::Wrong, console.pick("responde, pero no está lista", "answers, not ready")),
                Answer::Stranger => (
                    Exit::Wrong,
                    console.pick(
                        "muestra otro certificado que el de tls/, o ninguno",
                        "shows another certificate than the one in tls/, or none",
                    ),
                ),
                Answer::Closed | Answer::Silent => (Exit::Wrong, console.pick("no responde", "does not answer")),
            };
            findings.push(Finding { check, exit, detail });
        }
        findings
    }
}

/// The same checks that `/health` runs, on the database itself.
async fn examine(settings: &Settings, global: &Global, console: &Console) -> Result<Vec<Finding>, StartError> {
    let db = start::open_as_it_is(settings, global.data_dir()).await?;
    let report = crate::health::Health::new(db.clone()).report().await;
    db.close().await;
    let finding = |check: &crate::health::Check| {
        let (exit, detail) = match check.status {
            State::Healthy => (Exit::Done, console.pick("bien", "well")),
            State::Degraded if check.name == REDIS => {
                (Exit::Attention, console.pick("no responde; se sigue sin él", "does not answer; work goes on without"))
            }
            State::Degraded => (Exit::Attention, console.pick("lento", "slow")),
            State::Unhealthy => (Exit::Wrong, console.pick("falla", "fails")),
        };
        Finding { check: check.name.to_owned(), exit, detail }
    };
    Ok(report.checks().iter().map(finding).collect())
}

fn word(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "ok",
        Exit::Attention => "warn",
        Exit::Wrong | Exit::Refused => "critical",
    }
}
