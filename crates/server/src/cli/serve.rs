//! `gondola serve`: opens the shop, takes the ports, says where it is, and serves until stopped.

use std::path::Path;
use std::sync::Arc;

use axum::http::request::Parts;
use clap::{Args, ValueEnum};
use futures_util::future::BoxFuture;
use gondola_shop::kernel::{App, Face, Problem, Profile};
use gondola_shop::people::{Known, Secret};
use gondola_store::Db;
use serde_json::{Map, Value, json};

use super::console::Console;
use super::{Exit, Global, demo};
use crate::anchors;
use crate::config::Settings;
use crate::http::Authenticate;
use crate::noted;
use crate::serve::{Bound, listen, until_stopped};
use crate::start::{self, Purpose, StartError};
use crate::telemetry;

/// Serve the shop: pages, API, warehouse and business agents
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola serve\n  gondola serve --data-dir ./my-shop --face deposito\n  \
                        DATABASE_URL=postgres://shop:…@127.0.0.1/shop gondola serve --set dashboard.listen=127.0.0.1:0")]
pub struct Serve {
    /// Only these faces, separated by commas
    #[arg(long = "face", value_name = "FACE", value_delimiter = ',')]
    faces: Vec<FaceName>,
}

/// A face on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FaceName {
    /// Pages and the whole API
    Dashboard,
    /// The warehouse's programs
    Deposito,
    /// Suppliers, purchases, prices
    Negocio,
}

impl FaceName {
    /// The face of that name.
    pub fn face(self) -> Face {
        match self {
            Self::Dashboard => Face::Dashboard,
            Self::Deposito => Face::Deposito,
            Self::Negocio => Face::Negocio,
        }
    }
}

/// The faces named, or all of them.
pub fn chosen(names: &[FaceName]) -> Vec<Face> {
    if names.is_empty() {
        return Face::ALL.to_vec();
    }
    Face::ALL.into_iter().filter(|face| names.iter().any(|name| name.face() == *face)).collect()
}

impl Serve {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let loaded = global.load()?;
        let settings = &loaded.settings;
        telemetry::start(settings.log_format, settings.log_level);
        let db = start::open(settings, global.data_dir()).await?;
        if settings.profile == Profile::Production {
            insist_on_the_trail(&db, settings).await?;
        }
        noted::settings_of(&db, &loaded).await?;
        start::name_shop(&db, settings.shop_name.as_ref()).await?;
        let purpose = if demo::is_demo(&db).await? { Purpose::Demo } else { Purpose::Shop };
        let app = start::app(settings, db, purpose);
        serve(&Place { settings, data_dir: global.data_dir() }, app, &self.faces, console, Addition::default()).await
    }
}

/// Production does not start on a trail that lacks an end which was signed (SEC-1).
async fn insist_on_the_trail(db: &Db, settings: &Settings) -> Result<(), StartError> {
    let Some(anchor) = anchors::broken(db, settings.audit_anchors_dir.as_deref()).await? else { return Ok(()) };
    let position = anchor.head.position;
    Err(StartError::refused(
        "audit.anchors_dir",
        anchor.head,
        format!(
            "el registro no tiene la punta que se firmó en el puesto {position}: corré gondola audit verify; si restauraste una copia anterior, apartá las anclas que son posteriores"
        ),
        format!(
            "the trail lacks the end that was signed at place {position}: run gondola audit verify; if you restored an earlier backup, put the anchors aside that are newer"
        ),
    ))
}

/// What a command says besides where the shop is.
#[derive(Default)]
pub struct Addition {
    /// For scripts: an object whose entries are added.
    pub facts: Value,
    /// For people.
    pub words: String,
}

/// What a shop is served with.
pub struct Place<'a> {
    /// Its settings.
    pub settings: &'a Settings,
    /// Its data directory.
    pub data_dir: &'a Path,
}

/// Serves an open shop; `addition` is said after the addresses.
pub async fn serve(
    place: &Place<'_>,
    app: App,
    faces: &[FaceName],
    console: &Console,
    addition: Addition,
) -> Result<Exit, StartError> {
    let settings = place.settings;
    let listening = listen(settings, place.data_dir, &chosen(faces), app.db.now())?;
    let (mut facts, mut words) = announcement(settings, &app, &listening.bound, console);
    if let Some(token) = set_up_token(&app).await? {
        let dashboard = facts["addresses"]["dashboard"].as_str().unwrap_or_default();
        let text = console.pick(
            "Todavía no hay usuarios. Abrí {} y usá este código, que vale 30 minutos y una sola vez:",
            "There are no users yet. Open {} and use this token, good for 30 minutes and once:",
        );
        words.push_str(&format!("\n{}\n  {}\n", text.replace("{}", &format!("{dashboard}/setup")), token.reveal()));
        facts["setup_token"] = token.reveal().into();
    }
    for (name, fact) in addition.facts.as_object().into_iter().flatten() {
        facts[name] = fact.clone();
    }
    words.push_str(&addition.words);
    console.answer(&facts, &words);
    tracing::info!("serving {}", facts["addresses"]);
    until_stopped(settings, app, authenticate(), listening).await?;
    Ok(Exit::Done)
}

/// The token that makes the first user, for the console only (SEC-4).
async fn set_up_token(app: &App) -> Result<Option<Secret>, StartError> {
    let drawn = gondola_shop::people::console::draw_set_up_token(&app.db).await;
    drawn.map_err(|problem| StartError::Failed(anyhow::anyhow!("draw the set-up token: {}", problem.detail.en)))
}

fn authenticate() -> Authenticate {
    fn ask<'a>(app: &'a App, parts: &'a Parts) -> BoxFuture<'a, Result<Known, Problem>> {
        Box::pin(gondola_shop::people::authenticate(app, parts))
    }
    Arc::new(ask)
}

fn announcement(settings: &Settings, app: &App, bound: &[Bound], console: &Console) -> (Value, String) {
    let profile = match settings.profile {
        Profile::Development => "development",
        Profile::Production => "production",
    };
    let (version, engine) = (env!("CARGO_PKG_VERSION"), app.db.engine().name());
    let mut addresses = Map::new();
    let mut words = format!("Góndola {version} · {profile} · {engine}\n");
    for Bound { face, address, .. } in bound {
        let url = format!("{}://{address}", if app.https { "https" } else { "http" });
        let name = match face {
            Face::Dashboard => console.pick("Tablero", "Dashboard"),
            Face::Deposito => console.pick("Depósito", "Warehouse"),
            Face::Negocio => console.pick("Negocio", "Business"),
        };
        words.push_str(&format!("  {name:<10} {url}\n"));
        addresses.insert(face.name().to_owned(), url.into());
    }
    (json!({"version": version, "profile": profile, "engine": engine, "addresses": addresses}), words)
}
