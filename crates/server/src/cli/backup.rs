//! `gondola backup` and `gondola restore`: making, listing, verifying and restoring sets. What a set
//! is and how it is made is in the library's `backup`.

use std::path::Path;

use clap::{Args, Subcommand};
use gondola_shop::kernel::Text;
use gondola_store::Db;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::backup::{self, BackupError, Backups, Findings, Restored, Set, Wanted};
use crate::config::Settings;
use crate::noted::{self, Deed};
use crate::start::{self, StartError};

/// Make, list and verify backups of a shop on SQLite, while it is open
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola backup\n  gondola backup list --json\n  gondola backup verify\n\n\
                        The encryption key is not part of a backup: keep keys/ somewhere else as well.")]
pub struct Backup {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make one (the default)
    Create,
    /// List them, newest first
    List,
    /// Check every byte, every row and the book of one; exit 2 when it is damaged
    Verify {
        /// Its name or folder; the newest when left out
        set: Option<String>,
    },
}

/// Put a backup in the shop's place, verified first; what was there is kept
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola restore 2026-11-24T12-00-00Z\n  \
                        gondola restore /media/usb/2026-11-24T12-00-00Z --data-dir ./my-shop\n\n\
                        Stop gondola serve first.")]
pub struct Restore {
    /// The backup's name, as gondola backup list says it, or its folder
    set: String,
    /// Also restore a backup whose book did not add up when it was made
    #[arg(long)]
    accept_findings: bool,
}

impl Backup {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let outcome = match self.what.unwrap_or(What::Create) {
            What::Create => create(global, console).await,
            What::List => list(global, console),
            What::Verify { set } => verify(global, set.as_deref(), console).await,
        };
        outcome.or_else(|error| told(error, console))
    }
}

impl Restore {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let findings = if self.accept_findings { Findings::Accept } else { Findings::Refuse };
        let wanted = Wanted { set: self.set, findings };
        match backup::restore(&settings, global.data_dir(), &wanted).await {
            Ok(restored) => Ok(restored_words(&restored, console)),
            Err(error) => told(error, console),
        }
    }
}

async fn create(global: &Global, console: &Console) -> Result<Exit, BackupError> {
    let settings = global.load()?.settings;
    let db = start::open_existing(&settings, global.data_dir()).await?;
    let outcome = create_noted(&settings, global.data_dir(), &db).await;
    db.close().await;
    let set = outcome?;
    let adds_up = set.manifest.as_ref().is_some_and(|manifest| manifest.ledger.ok);
    let mut words = line(&set, console);
    words.push_str(&format!("  {}\n", set.path.display()));
    if !adds_up {
        words.push_str(console.pick(
            "La copia está completa, pero el libro no cierra: corré gondola ledger verify.\n",
            "The backup is whole, but the book does not add up: run gondola ledger verify.\n",
        ));
    }
    console.answer(&facts(&set), &words);
    Ok(if adds_up { Exit::Done } else { Exit::Attention })
}

async fn create_noted(settings: &Settings, data_dir: &Path, db: &Db) -> Result<Set, BackupError> {
    let set = backup::create(settings, data_dir, db).await?;
    noted::deed(db, Deed::BackedUp, &set.id).await?;
    Ok(set)
}

fn list(global: &Global, console: &Console) -> Result<Exit, BackupError> {
    let sets = Backups::of(global.data_dir()).list()?;
    let items: Vec<Value> = sets.iter().map(facts).collect();
    let mut words: String = sets.iter().map(|set| line(set, console)).collect();
    if words.is_empty() {
        words = console
            .pick("No hay copias. Hacé una con gondola backup.", "No backups. Make one with gondola backup.")
            .to_owned();
    }
    console.answer(&json!({ "items": items }), &words);
    Ok(Exit::Done)
}

async fn verify(global: &Global, set: Option<&str>, console: &Console) -> Result<Exit, BackupError> {
    let settings = global.load()?.settings;
    let set = backup::verify(&settings, global.data_dir(), set).await?;
    let words = format!("{}{}\n", line(&set, console), console.pick("Está entera.", "It is whole."));
    let mut facts = facts(&set);
    facts["verified"] = true.into();
    console.answer(&facts, &words);
    Ok(Exit::Done)
}

fn restored_words(restored: &Restored, console: &Console) -> Exit {
    let previous = restored.previous.as_ref().map(|path| path.display().to_string());
    let mut words = format!("{}{}\n", line(&restored.set, console), console.pick("Restaurada.", "Restored."));
    if let Some(previous) = &previous {
        let text = Text::new(
            format!("Lo que había quedó en {previous}. Borralo cuando estés conforme.\n"),
            format!("What was there is kept in {previous}. Delete it when you are satisfied.\n"),
        );
        words.push_str(text.in_lang(console.lang));
    }
    console.answer(&json!({"ok": true, "restored": restored.set.id, "previous": previous}), &words);
    Exit::Done
}

fn told(error: BackupError, console: &Console) -> Result<Exit, StartError> {
    let exit = match &error {
        BackupError::OnPostgres | BackupError::Damaged(_) | BackupError::NotOurs => Exit::Wrong,
        _ => Exit::Attention,
    };
    match (error.text(), error) {
        (Some(text), error) => {
            console.refusal(error.code(), &text);
            Ok(exit)
        }
        (None, BackupError::Failed(error)) => Err(error),
        (None, error) => Err(anyhow::anyhow!("{}", error.code()).into()),
    }
}

fn facts(set: &Set) -> Value {
    let path = set.path.display().to_string();
    let Some(manifest) = &set.manifest else {
        return json!({"id": set.id, "path": path, "readable": false});
    };
    json!({
        "id": set.id, "path": path, "readable": true, "created_at": manifest.created_at,
        "bytes": manifest.database.bytes, "sha256": manifest.database.sha256, "rows": manifest.rows,
        "content_sha256": manifest.content_sha256, "schema_version": manifest.schema_version,
        "program_version": manifest.program_version,
        "ledger": {"ok": manifest.ledger.ok, "movements": manifest.ledger.movements, "findings": manifest.ledger.findings},
    })
}

fn line(set: &Set, console: &Console) -> String {
    let Some(manifest) = &set.manifest else {
        let unreadable = console.pick("manifest.json no se puede leer", "manifest.json cannot be read");
        return format!("{:<24} {unreadable}\n", set.id);
    };
    let ledger = match manifest.ledger.ok {
        true => console.pick("el libro cierra", "the book adds up"),
        false => console.pick("el libro no cierra", "the book does not add up"),
    };
    let (movements, kilobytes) = (manifest.ledger.movements, manifest.database.bytes / 1024);
    let counted = console.pick("movimientos", "movements");
    format!("{:<24} {kilobytes:>9} KB  {movements:>9} {counted}  {ledger}\n", set.id)
}
