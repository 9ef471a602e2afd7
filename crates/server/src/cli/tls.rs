//! `gondola tls`: the shop's own certificates, made, renewed, revoked and looked at.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use gondola_shop::kernel::{Face, Text};
use gondola_store::{At, Clock, SystemClock};
use gondola_vault::certificates::{KeyKind, Material};
use serde_json::{Value, json};

use super::console::Console;
use super::probe::{self, Answer};
use super::{Exit, Global};
use crate::config::Settings;
use crate::doctor::State;
use crate::serve::listen_setting;
use crate::start::StartError;
use crate::tls::components::{self, COMPONENTS, Component};
use crate::tls::inspect::{self, Finding};
use crate::tls::issue::{self, Outcome, Revoked, Terms, TlsError};
use crate::tls::shelf::{AUTHORITY, Shelf};
use crate::tls::{self, folder};

/// Make, renew, revoke and verify the shop's certificates
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola tls init\n  gondola tls init --host shop.example --host 192.168.0.10\n  \
                        gondola tls renew --service prometheus\n  gondola tls verify --json\n\n\
                        The authority's key lies in ca/ of the data directory. In production it belongs where no face can read it: \
                        --ca-dir DIR, as another user.\nExit codes: 0 done; 1 something expires within 30 days, or it failed; \
                        2 refused, or something is broken.")]
pub struct Tls {
    #[command(subcommand)]
    what: What,
    /// Where the authority's certificate and key lie [default: ca/ in the data directory]
    #[arg(long, global = true, value_name = "DIR")]
    ca_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make the authority and every certificate that is missing; what is good stays as it is
    Init(Making),
    /// Make certificates anew: the named ones, or those with less than 30 days left
    Renew {
        #[command(flatten)]
        making: Making,
        /// Trust the authorities before the present one no longer
        #[arg(long, conflicts_with_all = ["services", "ecdsa", "hours", "hosts", "force"])]
        forget_earlier: bool,
    },
    /// Put a certificate on the list of those that are not good any more
    #[command(group(clap::ArgGroup::new("which").required(true)))]
    Revoke {
        /// The one that a component has now
        #[arg(long = "service", value_name = "NAME", group = "which")]
        service: Option<String>,
        /// The one of that serial number that the present authority signed, as init and renew tell it with --json
        #[arg(long, value_name = "HEX", group = "which")]
        serial: Option<String>,
    },
    /// Look at every certificate, at who takes whom, and at the faces that run
    Verify,
}

#[derive(Debug, Args)]
struct Making {
    /// Only these components, separated by commas; for renew also ca, the authority
    #[arg(long = "service", value_name = "NAME", value_delimiter = ',')]
    services: Vec<String>,
    /// Keys of ECDSA P-256 instead of RSA 4096
    #[arg(long)]
    ecdsa: bool,
    /// Make also what is still good
    #[arg(long)]
    force: bool,
    /// A further name or address by which the shop is reached
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// How many hours they are good, for drills [default: 365 days]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=8_760))]
    hours: Option<u64>,
}

impl Making {
    fn terms(&self, settings: &Settings) -> Terms {
        Terms {
            kind: self.ecdsa.then_some(KeyKind::P256),
            hosts: settings.http_hosts.0.iter().chain(&self.hosts).cloned().collect(),
            valid: self.hours.map(|hours| Duration::from_secs(hours * 3_600)),
            force: self.force,
            named: !self.services.is_empty(),
        }
    }
}

/// The bytes of a serial number.
fn serial_of(text: &str) -> Option<Vec<u8>> {
    gondola_vault::unhex(&text.to_ascii_lowercase()).filter(|serial| (1..=20).contains(&serial.len()))
}

/// The components of these names, or the refusal of the first that is none.
fn named<'a>(names: impl Iterator<Item = &'a String>) -> Result<Vec<&'static Component>, Text> {
    names
        .map(|name| {
            components::find(name).ok_or_else(|| {
                let all: Vec<&str> = COMPONENTS.iter().map(|component| component.name).collect();
                let all = all.join(", ");
                Text::new(format!("{name} no es un componente: {all}"), format!("{name} is no component: {all}"))
            })
        })
        .collect()
}

impl Tls {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let (data_dir, now) = (global.data_dir(), SystemClock.now());
        let authority = self.ca_dir.unwrap_or_else(|| data_dir.join(AUTHORITY));
        let shelf = Shelf { folder: folder(data_dir), authority };
        let outcome = match &self.what {
            What::Verify => return Ok(verify(&settings, data_dir, now, console).await),
            What::Revoke { service, serial } => {
                let revoked = match (service, serial.as_deref().map(serial_of)) {
                    (Some(service), _) => Revoked::Of(service.clone()),
                    (None, Some(Some(serial))) => Revoked::Serial(serial),
                    _ => {
                        let text = Text::new(
                            "El número de serie va en hexadecimal, como lo dicen init y renew con --json.",
                            "A serial number is hexadecimal, as init and renew tell it with --json.",
                        );
                        return Ok(refuse(console, "bad_serial", &text));
                    }
                };
                issue::revoke(&shelf, &revoked, now).map(|serial| {
                    let serial = gondola_vault::hex(&serial);
                    let words = format!("{}: {serial}", console.pick("Revocado, serie", "Revoked, serial"));
                    console.answer(&json!({"serial": serial}), &words);
                })
            }
            What::Init(making) => {
                let components = match named(making.services.iter()) {
                    Ok(named) if named.is_empty() => COMPONENTS.iter().collect(),
                    Ok(named) => named,
                    Err(text) => return Ok(refuse(console, "unknown_service", &text)),
                };
                let made = issue::init(&shelf, &components, &making.terms(&settings), now);
                made.map(|outcomes| tell(&outcomes, now, console))
            }
            What::Renew { forget_earlier: true, .. } => issue::forget_earlier(&shelf).map(|()| {
                let words = console.pick("Solo vale la autoridad actual.", "Only the present authority is trusted.");
                console.answer(&json!({"ok": true}), words);
            }),
            What::Renew { making, .. } => {
                let others = making.services.iter().filter(|name| *name != AUTHORITY);
                let components = match named(others) {
                    Ok(named) => named,
                    Err(text) => return Ok(refuse(console, "unknown_service", &text)),
                };
                renew(&shelf, making, &components, &settings, now).map(|outcomes| tell(&outcomes, now, console))
            }
        };
        match outcome {
            Ok(()) => Ok(Exit::Done),
            Err(error) => match refusal(&error) {
                Some((code, text)) => Ok(refuse(console, code, &text)),
                None => Err(anyhow::Error::new(error).context("make certificates").into()),
            },
        }
    }
}

fn renew(
    shelf: &Shelf,
    making: &Making,
    components: &[&Component],
    settings: &Settings,
    now: At,
) -> Result<Vec<Outcome>, TlsError> {
    let terms = making.terms(settings);
    let mut outcomes = Vec::new();
    if making.services.iter().any(|name| name == AUTHORITY) {
        outcomes.push(issue::roll_over(shelf, &terms, now)?);
    }
    if outcomes.is_empty() || !components.is_empty() {
        outcomes.extend(issue::renew(shelf, components, &terms, now)?);
    }
    Ok(outcomes)
}

fn refuse(console: &Console, code: &str, text: &Text) -> Exit {
    console.refusal(code, text);
    Exit::Wrong
}

/// What people can put right, with a code; none for what the machine failed at.
fn refusal(error: &TlsError) -> Option<(&'static str, Text)> {
    match error {
        TlsError::NoAuthorityKey(folder) => Some((
            "no_authority_key",
            Text::new(
                format!("La clave de la autoridad no está en {}: decí dónde con --ca-dir.", folder.display()),
                format!("The authority's key is not in {}: say where with --ca-dir.", folder.display()),
            ),
        )),
        TlsError::NoCertificate(name) => Some((
            "no_certificate",
            Text::new(format!("{name} no tiene certificado acá."), format!("{name} has no certificate here.")),
        )),
        TlsError::EarlierAuthority(name) => Some((
            "earlier_authority",
            Text::new(
                format!(
                    "El de {name} lo firmó una autoridad anterior: gondola tls renew --forget-earlier la deja de lado."
                ),
                format!(
                    "That of {name} was signed by an earlier authority: gondola tls renew --forget-earlier drops it."
                ),
            ),
        )),
        TlsError::StillInUse(names) => {
            let names = names.join(",");
            Some((
                "still_in_use",
                Text::new(
                    format!(
                        "La autoridad anterior todavía firma {names}: corré primero gondola tls renew --service {names}."
                    ),
                    format!(
                        "The earlier authority still signs {names}: first run gondola tls renew --service {names}."
                    ),
                ),
            ))
        }
        TlsError::Io(_) | TlsError::Certificate(_) | TlsError::Issue(_) => None,
    }
}

fn tell(outcomes: &[Outcome], now: At, console: &Console) {
    let facts: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            json!({
                "name": outcome.name,
                "issued": outcome.issued,
                "serial": outcome.serial,
                "not_after": gondola_shop::kernel::time::format_instant(outcome.until * 1_000_000),
            })
        })
        .collect();
    let line = |outcome: &Outcome| {
        let state = if outcome.issued { console.pick("nuevo", "new") } else { console.pick("queda", "kept") };
        let days = issue::days_until(outcome.until, now);
        let until = console.pick("vence en {} días", "expires in {} days").replace("{}", &days.to_string());
        format!("{state:<6} {:<13} {until}\n", outcome.name)
    };
    console.answer(&json!({"certificates": facts}), &outcomes.iter().map(line).collect::<String>());
}

/// What a face says that should show the certificate of the data directory.
pub async fn ask(settings: &Settings, data_dir: &Path, face: Face, address: SocketAddr) -> Answer {
    if !settings.tls_enabled {
        return probe::ask(address, None).await;
    }
    let material = Material::read(&folder(data_dir), face.name(), SystemClock.now());
    match material.and_then(|material| material.caller_of_itself(&tls::admission(settings, face))) {
        Ok(caller) => probe::ask(address, Some(caller)).await,
        Err(_) => Answer::Stranger,
    }
}

async fn verify(settings: &Settings, data_dir: &Path, now: At, console: &Console) -> Exit {
    let folder = tls::folder(data_dir);
    let certificates = inspect::certificates(settings, &folder, now);
    let hops = inspect::hops(settings, &folder, now);
    let mut faces = Vec::new();
    for face in Face::ALL.into_iter().filter(|_| settings.tls_enabled) {
        let address = listen_setting(settings, face);
        let (state, es, en) = match ask(settings, data_dir, face, address).await {
            Answer::Closed => (State::Skipped, "no está en marcha", "is not running"),
            Answer::Ready | Answer::NotReady => (State::Ok, "muestra este certificado", "shows this certificate"),
            Answer::Silent => (State::Warn, "no responde", "does not answer"),
            Answer::Stranger => (State::Critical, "muestra otro certificado", "shows another certificate"),
        };
        faces.push(Finding { what: format!("{} {address}", face.name()), state, detail: Text::new(es, en) });
    }
    let all = [&certificates, &hops, &faces];
    let worst = all.into_iter().flatten().map(|finding| finding.state).max().unwrap_or(State::Ok).max(State::Ok);
    let list = |findings: &[Finding]| -> Vec<Value> {
        let each = |of: &Finding| json!({"name": of.what, "status": of.state.name(), "detail": of.detail.in_lang(console.lang)});
        findings.iter().map(each).collect()
    };
    let facts = json!({
        "status": worst.name(),
        "certificates": list(&certificates),
        "hops": list(&hops),
        "faces": list(&faces),
    });
    let line = |of: &Finding| format!("{:<9} {:<26} {}\n", of.state.name(), of.what, of.detail.in_lang(console.lang));
    console.answer(&facts, &all.into_iter().flatten().map(line).collect::<String>());
    match worst {
        State::Skipped | State::Ok => Exit::Done,
        State::Warn => Exit::Attention,
        State::Critical => Exit::Wrong,
    }
}
