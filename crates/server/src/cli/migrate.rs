//! `gondola migrate`: the schema by hand. Serving brings a shop up to date by itself in development.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use gondola_store::{Db, MigrationState};
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, StartError};

/// Show or change the version of the database's schema
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola migrate\n  gondola migrate up\n  gondola migrate down 1")]
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
    /// Take back the newest migrations, with what they hold
    Down {
        /// How many
        #[arg(value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        steps: u16,
    },
}

impl Migrate {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let step = self.step.unwrap_or(Step::Status);
        let db = match step {
            Step::Up => start::open_unmigrated(&settings, global.data_dir()).await?,
            Step::Status | Step::Down { .. } => start::open_as_it_is(&settings, global.data_dir()).await?,
        };
        match step {
            Step::Status => {}
            Step::Up => db.migrate_up().await.context("migrate up")?,
            Step::Down { steps } => db.migrate_down(usize::from(steps)).await.context("migrate down")?,
        }
        let exit = report(&db, console).await?;
        db.close().await;
        Ok(exit)
    }
}

async fn report(db: &Db, console: &Console) -> Result<Exit, StartError> {
    let state = db.migration_state().await.context("read the schema's version")?;
    let facts = json!({"applied": listed(&state.applied), "pending": listed(&state.pending)});
    console.answer(&facts, &words(&state, console));
    Ok(if state.pending.is_empty() { Exit::Done } else { Exit::Attention })
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
