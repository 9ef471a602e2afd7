//! `gondola demo`: a shop full of data, made up from a seed, then served. The shop is written into a
//! file of its own and takes its name only when it is whole, so that an interrupted start leaves no
//! half shop. The drawn passwords are kept beside it: they open nothing but made-up data.

use std::fs;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use gondola_ledger::Day;
use gondola_shop::demo::{People, Plan, PlanSize, people, seed};
use gondola_shop::kernel::Profile;
use gondola_shop::people::console::{DrawnUser, demo_users, list_users};
use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, Db, Role, StoreError};
use serde_json::{Value, json};

use super::console::Console;
use super::serve::{Addition, FaceName, Place, serve};
use super::{Exit, Global};
use crate::config::Settings;
use crate::noted;
use crate::start::{self, Purpose, StartError};
use crate::telemetry;

/// The seed of the made-up shop: everybody's demo is the same.
const SEED: u64 = 42;
/// The setting that marks a whole demo shop.
const MARK: &str = "demo.seeded";

/// Serve a shop full of made-up data: products, 90 days of movements, a user per role
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gondola demo\n  gondola demo --data-dir ./my-demo --set dashboard.listen=127.0.0.1:0"
)]
pub struct Demo {
    /// Only these faces, separated by commas
    #[arg(long = "face", value_name = "FACE", value_delimiter = ',')]
    faces: Vec<FaceName>,
}

/// Whether a database is a whole demo shop.
///
/// # Errors
/// When the database fails.
pub async fn is_demo(db: &Db) -> Result<bool, StoreError> {
    let mut rx = db.read().await?;
    Ok(settings::find(&mut rx.as_tx(), MARK).await?.is_some())
}

impl Demo {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let loaded = global.load()?;
        let settings = &loaded.settings;
        if settings.profile == Profile::Production {
            return Err(StartError::refused(
                "profile",
                "production",
                "la demo no corre en producción: usá gondola serve",
                "the demo does not run in production: use gondola serve",
            ));
        }
        telemetry::start(settings.log_format, settings.log_level);
        let data_dir = global.data_dir();
        let file = start::database_file(data_dir);
        if settings.database_url.is_none() && !file.exists() {
            write_file(settings, data_dir, &file, console).await?;
        }
        let db = start::open(settings, data_dir).await?;
        if !is_demo(&db).await? {
            write_in_place(&db, data_dir, console).await?;
        }
        noted::settings_of(&db, &loaded).await?;
        start::name_shop(&db, settings.shop_name.as_ref()).await?;
        let passwords = fs::read_to_string(passwords_file(data_dir)).unwrap_or_default();
        let app = start::app(settings, db, Purpose::Demo);
        let place = Place { settings, data_dir };
        serve(&place, app, &self.faces, console, introduction(&passwords, console)).await
    }
}

/// Who may log in, and how, for scripts and for people.
fn introduction(passwords: &str, console: &Console) -> Addition {
    let users: Vec<Value> = passwords
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .map(|words| json!({"role": words.first(), "username": words.get(1), "password": words.get(2)}))
        .collect();
    let title = console.pick("Usuarios (rol, usuario, contraseña):", "Users (role, user name, password):");
    Addition { facts: json!({"users": users}), words: format!("\n{title}\n{passwords}") }
}

/// Writes the shop beside its final name and gives it that name when it is whole.
async fn write_file(settings: &Settings, data_dir: &Path, file: &Path, console: &Console) -> Result<(), StartError> {
    let draft = file.with_extension("draft");
    for leftover in ["draft", "draft-wal", "draft-shm", "lock"] {
        let leftover = file.with_extension(leftover);
        if leftover.exists() {
            fs::remove_file(&leftover).with_context(|| format!("remove {}", leftover.display()))?;
        }
    }
    console.complain(console.pick(
        "Inventando un negocio con 90 días de movimientos. Tarda menos de un minuto, la primera vez.",
        "Making up a shop with 90 days of movements. It takes less than a minute, the first time.",
    ));
    let db = start::open_draft(settings, data_dir, &draft).await?;
    write(&db, data_dir, console).await?;
    db.close().await;
    fs::rename(&draft, file).with_context(|| format!("name the demo shop {}", file.display()))?;
    Ok(())
}

/// Writes the shop into a database that somebody else provides, if it is empty.
async fn write_in_place(db: &Db, data_dir: &Path, console: &Console) -> Result<(), StartError> {
    let mut rx = db.read().await?;
    let has_products = gondola_shop::demo::is_used(&mut rx.as_tx()).await?;
    drop(rx);
    let users = list_users(db).await.map_err(|problem| anyhow::anyhow!("look for users: {}", problem.detail.en))?;
    if has_products || !users.is_empty() {
        return Err(StartError::refused(
            "database",
            data_dir.display(),
            "ahí hay un comercio de verdad; usá otro --data-dir para la demo",
            "there is a real shop; use another --data-dir for the demo",
        ));
    }
    write(db, data_dir, console).await
}

async fn write(db: &Db, data_dir: &Path, console: &Console) -> Result<(), StartError> {
    let users =
        demo_users(db).await.map_err(|problem| anyhow::anyhow!("make the demo's users: {}", problem.detail.en))?;
    keep_passwords(data_dir, &users)?;
    let plan = Plan::new(SEED, Day(db.day_of(db.now())), PlanSize::DEMO);
    let loud = std::io::stderr().is_terminal() && !console.json;
    let words = console.pick("Armando el comercio de demostración", "Making up the demo shop");
    let progress = |what: &'static str, done: usize, total: usize| {
        if loud {
            eprint!("\r{words}: {what} {done}/{total}          ");
        }
    };
    let written = seed(db, plan, &staff(&users), progress).await.context("write the demo shop")?;
    if loud {
        eprintln!("\r{words}: {} / {}              ", written.products, written.movements);
    }
    let mark = PutSetting { key: MARK, value: SEED.to_string() };
    db.execute(&Actor::system("demo"), None, mark).await.map_err(|fail| anyhow::anyhow!("mark the demo: {fail:?}"))?;
    Ok(())
}

fn staff(users: &[DrawnUser]) -> People {
    let known = users.iter().filter_map(|drawn| {
        let role = Role::from_code(&drawn.user.role)?;
        Some((role, drawn.user.id, drawn.user.name.clone()))
    });
    people(known)
}

fn passwords_file(data_dir: &Path) -> PathBuf {
    data_dir.join("demo-users.txt")
}

/// One line per role: role, user name, password.
fn keep_passwords(data_dir: &Path, users: &[DrawnUser]) -> anyhow::Result<()> {
    let path = passwords_file(data_dir);
    let options = || fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    let mut file = options().with_context(|| format!("write {}", path.display()))?;
    for drawn in users {
        writeln!(file, "  {:<9} {:<10} {}", drawn.user.role, drawn.user.username, drawn.password.reveal())?;
    }
    Ok(())
}
