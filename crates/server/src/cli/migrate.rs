//! `gondola migrate`: the schema by hand. Serving brings a shop up to date by itself in development.

use std::io::IsTerminal;

use anyhow::Context as _;
use axum::http::StatusCode;
use clap::{Args, Subcommand};
use gondola_shop::kernel::{Problem, Text};
use gondola_store::{Db, GrantError, MigrationState};
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::noted::{self, Deed};
use crate::start::{self, StartError};

/// Show or change the version of the database's schema
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gondola migrate\n  gondola migrate up\n  gondola migrate grant gondola\n  gondola migrate down 1"
)]
pub struct Migrate {
    #[command(subcommand)]
    step: Option<Step>,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// List what is applied and what is pending (the default)
    Status,
    /// Apply everything that is pending
    Up,
    /// PostgreSQL: let a role do what the program does and no more; again after every `up`
    Grant {
        /// The role that `gondola serve` logs in as; another than the one that owns the tables
        role: String,
    },
    /// Take back the newest migrations, with what they hold
    Down {
        /// How many
        #[arg(value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        steps: u16,
        /// Do not ask first
        #[arg(long)]
        yes: bool,
    },
}

impl Migrate {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let step = self.step.unwrap_or(Step::Status);
        if matches!(step, Step::Down { yes: false, .. }) && !agreed(console)? {
            return Ok(Exit::Attention);
        }
        let db = match step {
            Step::Up => start::open_unmigrated(&settings, global.data_dir()).await?,
            Step::Status | Step::Grant { .. } | Step::Down { .. } => {
                start::open_as_it_is(&settings, global.data_dir()).await?
            }
        };
        match step {
            Step::Status => {}
            Step::Up => up(&db).await?,
            Step::Grant { ref role } => {
                let exit = grant(&db, role, console).await?;
                db.close().await;
                return Ok(exit);
            }
            Step::Down { steps, .. } => down(&db, usize::from(steps)).await?,
        }
        let up_to_date = report(&db, console).await?;
        db.close().await;
        // What was just taken back is pending, and that is what was asked.
        let done = up_to_date || matches!(step, Step::Down { .. });
        Ok(if done { Exit::Done } else { Exit::Attention })
    }
}

async fn up(db: &Db) -> anyhow::Result<()> {
    let pending = db.migration_state().await.context("read the schema's version")?.pending;
    db.migrate_up().await.context("migrate up")?;
    if pending.is_empty() {
        return Ok(());
    }
    noted::deed(db, Deed::Migrated, &start::named(&pending)).await
}

async fn grant(db: &Db, role: &str, console: &Console) -> Result<Exit, StartError> {
    let refused = match db.grant_to_program(role).await {
        Ok(()) => {
            noted::deed(db, Deed::Granted, role).await?;
            let done = Text::new(
                format!(
                    "{role} puede lo que el programa necesita y no reescribe la historia. Poné DATABASE_URL con ese rol."
                ),
                format!(
                    "{role} may do what the program needs and rewrites no history. Put DATABASE_URL with that role."
                ),
            );
            console.answer(&json!({"role": role}), done.in_lang(console.lang));
            return Ok(Exit::Done);
        }
        Err(GrantError::OnSqlite) => Text::new(
            "Este comercio está en SQLite, que no tiene roles. No hace falta nada.",
            "This shop is on SQLite, which has no roles. There is nothing to do.",
        ),
        Err(GrantError::NoSuchRole) => Text::new(
            format!("En PostgreSQL no hay ningún rol {role}. Crealo primero: create role {role} login password '…'."),
            format!("PostgreSQL has no role {role}. Create it first: create role {role} login password '…'."),
        ),
        Err(GrantError::NotAllowed(why)) => Text::new(
            format!("No se dio ningún permiso ({why}). Entrá con el rol dueño de las tablas y nombrá otro."),
            format!("Nothing was granted ({why}). Connect as the role that owns the tables and name another."),
        ),
        Err(GrantError::Store(error)) => return Err(anyhow::Error::new(error).context("grant to the role").into()),
    };
    Ok(console.problem(&Problem::new(StatusCode::CONFLICT, "nothing_granted", refused.es, refused.en)))
}

/// Where the first migration is taken back, the trail goes with it.
async fn down(db: &Db, steps: usize) -> anyhow::Result<()> {
    let before = db.migration_state().await.context("read the schema's version")?.applied;
    let left = before.len().saturating_sub(steps);
    // Told beforehand: afterwards the trail may lack a column that this program writes.
    if left > 0 {
        noted::deed(db, Deed::MigratedBack, &start::named(&before[left..])).await?;
    }
    db.migrate_down(steps).await.context("migrate down")
}

/// Whether the person at the terminal wants to lose what the migrations hold; scripts are not asked.
fn agreed(console: &Console) -> Result<bool, StartError> {
    if console.json || !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    console.complain(console.pick(
        "Esto borra lo que guardan esas migraciones; la primera tiene todo el negocio. Hacé antes una copia. ¿Seguir? Escribí «si»:",
        "This deletes what those migrations hold; the first one has the whole shop. Take a backup first. Go on? Type \"yes\":",
    ));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("read the answer")?;
    Ok(["si", "sí", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Tells how the schema stands; answers whether nothing is pending.
async fn report(db: &Db, console: &Console) -> Result<bool, StartError> {
    let state = db.migration_state().await.context("read the schema's version")?;
    let facts = json!({"applied": listed(&state.applied), "pending": listed(&state.pending)});
    console.answer(&facts, &words(&state, console));
    Ok(state.pending.is_empty())
}

fn listed(migrations: &[(i64, String)]) -> Vec<Value> {
    migrations.iter().map(|(version, name)| json!({"version": version, "name": name})).collect()
}

fn words(state: &MigrationState, console: &Console) -> String {
    let (applied, pending) = (console.pick("aplicada", "applied"), console.pick("pendiente", "pending"));
    let line = |(version, name): &(i64, String), word: &str| format!("{version:04} {name}: {word}\n");
    let applied = state.applied.iter().map(|migration| line(migration, applied));
    applied.chain(state.pending.iter().map(|migration| line(migration, pending))).collect()
}
