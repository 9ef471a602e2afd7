//! `gondola key`: API keys, from the machine's console. A secret is shown once, when it is made.

use clap::{Args, Subcommand};
use gondola_shop::kernel::time::format_instant;
use gondola_shop::people::console as people;
use gondola_shop::people::{KeyInput, KeyRecord, KeyState, RotationInput};
use gondola_store::{At, Db};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, StartError};

/// Create, list, rotate and revoke API keys
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola key create --name scanner --scope read,write --json\n  \
                        gondola key list\n  gondola key rotate scanner\n  gondola key revoke scanner")]
pub struct Key {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a key; its secret is shown this once
    Create {
        /// What people call it
        #[arg(long)]
        name: String,
        /// read, write, admin, metrics; several separated by commas
        #[arg(long, value_name = "SCOPES")]
        scope: String,
        /// Requests per 60 seconds, instead of the usual budget
        #[arg(long, value_name = "N")]
        quota: Option<i64>,
        /// The last day it works, as 2026-12-31; 60 days from now when left out
        #[arg(long, value_name = "DAY")]
        expires: Option<String>,
        /// A network or address it may come from, as 192.168.1.0/24; may be given several times
        #[arg(long = "network", value_name = "NETWORK")]
        networks: Vec<String>,
        /// The code of the one location it may see and touch
        #[arg(long, value_name = "CODE")]
        location: Option<String>,
    },
    /// List every key, never with its secret
    List,
    /// Give a key another secret, shown this once; the one until now stays good for a while
    Rotate {
        /// What people call it
        name: String,
        /// Hours that the secret until now stays good; 24 when left out, 0 ends it at once
        #[arg(long, value_name = "HOURS")]
        overlap: Option<i64>,
        /// The last day the new one works, as 2026-12-31; 60 days from now when left out
        #[arg(long, value_name = "DAY")]
        expires: Option<String>,
    },
    /// Revoke a key, at once and for good
    Revoke {
        /// What people call it
        name: String,
    },
}

impl Key {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let db = match self.what {
            What::Create { .. } => start::open(&settings, global.data_dir()).await?,
            What::List | What::Rotate { .. } | What::Revoke { .. } => {
                start::open_existing(&settings, global.data_dir()).await?
            }
        };
        let exit = self.what.run(&db, &settings.shop_time_zone.0, console).await;
        db.close().await;
        Ok(exit)
    }
}

impl What {
    async fn run(self, db: &Db, zone: &TimeZone, console: &Console) -> Exit {
        match self {
            Self::Create { name, scope, quota, expires, networks, location } => {
                let scopes = scope.split(',').map(|scope| scope.trim().to_owned()).collect();
                let input = KeyInput { name: Some(name), scopes, quota, expires_on: expires, networks, location };
                match people::create_key(db, zone, input).await {
                    Ok(created) => show_created(&created, console),
                    Err(problem) => console.problem(&problem),
                }
            }
            Self::Rotate { name, overlap, expires } => {
                let input = RotationInput { overlap_hours: overlap, expires_on: expires };
                match people::rotate_key(db, zone, &name, input).await {
                    Ok(rotated) => show_created(&rotated, console),
                    Err(problem) => console.problem(&problem),
                }
            }
            Self::List => match people::list_keys(db).await {
                Ok(keys) => list(&keys, db.now(), console),
                Err(problem) => console.problem(&problem),
            },
            Self::Revoke { name } => match people::revoke_key(db, &name).await {
                Ok(key) => {
                    console.answer(&facts(&key, db.now()), &line(&key, db.now(), console));
                    Exit::Done
                }
                Err(problem) => console.problem(&problem),
            },
        }
    }
}

fn show_created(created: &people::CreatedKey, console: &Console) -> Exit {
    let secret = created.secret.reveal();
    let scopes: Vec<&str> = created.key.scopes.split(',').collect();
    let facts = json!({"id": created.key.id, "name": created.key.name, "scopes": scopes, "secret": secret});
    let label = console.pick("Clave, que no se vuelve a mostrar", "Secret, not shown again");
    console.answer(&facts, &format!("{label}: {secret}\n"));
    Exit::Done
}

fn facts(key: &KeyRecord, now: At) -> Value {
    json!({
        "id": key.id, "name": key.name, "scopes": key.scopes.split(',').collect::<Vec<_>>(), "quota": key.quota,
        "networks": key.networks().collect::<Vec<_>>(), "location": key.location, "owner": key.owner, "state": key.state(now).code(),
        "created_at": format_instant(key.created_at), "expires_at": format_instant(key.expires_at),
        "previous_until": key.previous_until.map(format_instant),
        "last_used_at": key.last_used_at.map(format_instant), "revoked_at": key.revoked_at.map(format_instant),
    })
}

fn line(key: &KeyRecord, now: At, console: &Console) -> String {
    let state = match key.state(now) {
        KeyState::Active => console.pick("activa", "active"),
        KeyState::Expiring => console.pick("por vencer", "expiring"),
        KeyState::Expired => console.pick("vencida", "expired"),
        KeyState::Revoked => console.pick("revocada", "revoked"),
    };
    format!("{:<20} {:<18} {:<10} {}\n", key.name, key.scopes, state, format_instant(key.expires_at))
}

fn list(keys: &[KeyRecord], now: At, console: &Console) -> Exit {
    let facts: Vec<Value> = keys.iter().map(|key| facts(key, now)).collect();
    console.answer(&json!({"items": facts}), &keys.iter().map(|key| line(key, now, console)).collect::<String>());
    Exit::Done
}
