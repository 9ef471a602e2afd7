//! `gondola encryption`: what is protected and with which keys, another key, another secret.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use gondola_shop::PROTECTED;
use gondola_shop::inventory::{Entry, Kept, inventory};
use gondola_shop::kernel::time::format_instant;
use gondola_store::protect::{KeyState, Lying};
use gondola_store::schema::Schema;
use gondola_store::{Actor, Alone, Db};
use gondola_vault::Suite;
use serde_json::{Value, json};

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, StartError};

/// What is encrypted at rest, and with which keys
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola encryption inventory\n  gondola encryption rotate\n  \
                        gondola encryption rewrap --new-key-file /etc/gondola/master.key.new\n  \
                        gondola encryption unseal --yes")]
pub struct Encryption {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every column that may tell something about somebody or that is a secret, how it is kept, and the keys; exit code
    /// 1 when one is kept readable without a reason
    Inventory,
    /// Draw another key, seal everything with it again while the shop works, retire keys that seal nothing any more;
    /// goes on where it was broken off
    Rotate {
        /// 1 is AES-256-GCM, 2 is AES-256-CBC with HMAC-SHA-256
        #[arg(long, value_name = "SUITE", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=2))]
        suite: u8,
        /// Draw no other key: only finish what was begun
        #[arg(long)]
        resume: bool,
    },
    /// Wrap the keys with another secret; no row is touched, and the next start needs the new one
    Rewrap {
        /// A file with 64 hex digits that only its owner may read: openssl rand -hex 32
        #[arg(long, value_name = "FILE")]
        new_key_file: PathBuf,
    },
    /// With the shop stopped: lay every protected value in the clear where it lies, for who takes the database to another
    /// program; all of them or none. Nothing opens the shop then but `seal`
    Unseal {
        /// Do it: whoever reads the database, its backups and its disk reads costs, secrets and people's data
        #[arg(long, required = true)]
        yes: bool,
    },
    /// With the shop stopped: seal what `unseal` laid in the clear, and write the tables anew so that nothing of it is left
    Seal,
}

impl Encryption {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        if let What::Unseal { .. } | What::Seal = self.what {
            nobody_else(start::sqlite_file(&settings, global.data_dir())?.as_deref())?;
        }
        // Another key or secret is for what is sealed.
        let db = match self.what {
            What::Rotate { .. } | What::Rewrap { .. } => start::open_existing(&settings, global.data_dir()).await?,
            _ => start::open_whichever_way(&settings, global.data_dir()).await?,
        };
        let done = match self.what {
            What::Unseal { .. } => lay(&db, Lying::Open, console).await,
            What::Seal => lay(&db, Lying::Sealed, console).await,
            What::Inventory => show(&db, console).await,
            What::Rotate { suite, resume } => rotate(&db, suite, resume, console).await,
            What::Rewrap { new_key_file } => rewrap(&db, &new_key_file, console).await,
        };
        db.close().await;
        done
    }
}

async fn show(db: &Db, console: &Console) -> Result<Exit, StartError> {
    let mut rx = db.read().await?;
    let columns = inventory(&Schema::read(&mut rx.as_tx()).await?);
    drop(rx);
    let keys = db.key_states(PROTECTED).await?;
    let faults = columns.iter().filter(|entry| entry.kept == Kept::Unprotected).count();
    let facts = json!({
        "columns": columns.iter().map(|entry| column_facts(entry, console)).collect::<Vec<_>>(),
        "keys": keys.iter().map(key_facts).collect::<Vec<_>>(),
        "unprotected": faults,
    });
    let lines = columns.iter().map(|entry| column_line(entry, console));
    let words: String = lines.chain(keys.iter().map(|key| key_line(key, console))).collect();
    console.answer(&facts, &words);
    Ok(if faults == 0 { Exit::Done } else { Exit::Attention })
}

fn column_facts(entry: &Entry, console: &Console) -> Value {
    let reason = if let Kept::Exempt([es, en]) = entry.kept { Some(console.pick(es, en)) } else { None };
    json!({"table": entry.table, "column": entry.column, "tag": entry.tag.code(), "kept": entry.kept.code(), "reason": reason})
}

fn column_line(entry: &Entry, console: &Console) -> String {
    let kept = match entry.kept {
        Kept::Protected => console.pick("protegida", "protected"),
        Kept::Exempt([es, en]) => console.pick(es, en),
        Kept::Unprotected => console.pick("SIN PROTEGER", "UNPROTECTED"),
    };
    format!("{}.{}: {kept}\n", entry.table, entry.column)
}

fn key_facts(key: &KeyState) -> Value {
    json!({
        "id": key.id, "usage": key.usage, "rows": key.rows, "created_at": format_instant(key.created_at),
        "retired_at": key.retired_at.map(format_instant),
    })
}

fn key_line(key: &KeyState, console: &Console) -> String {
    let since = format_instant(key.created_at);
    let stands = match key.retired_at {
        Some(at) => format!("{} {}", console.pick("retirada el", "retired on"), format_instant(at)),
        None => format!("{} {}", key.rows, console.pick("valores", "values")),
    };
    format!("{} {} ({}), {since}: {stands}\n", console.pick("clave", "key"), key.id, key.usage)
}

async fn rotate(db: &Db, suite: u8, resume: bool, console: &Console) -> Result<Exit, StartError> {
    let actor = Actor::system("console");
    if !resume {
        let suite = Suite::from_number(suite).context("there is no such suite")?;
        db.add_field_key(&actor, suite).await?;
    }
    let before = db.rotation(PROTECTED).await?;
    let (mut done, progress) = (before.done, console.progress());
    let told = |rows: u64| {
        done += rows;
        progress.tell(console.pick("valores", "values"), done, before.rows.max(done));
    };
    let resealed = db.reseal(&actor, PROTECTED, told).await?;
    progress.end();
    let retired = db.retire_keys(&actor, PROTECTED).await?;
    let key = db.vault().newest_key().0;
    let facts = json!({"key": key, "resealed": resealed, "retired": retired});
    let words = console
        .pick("La clave en uso es la {}. Valores sellados de nuevo: {}.", "Key {} is in use. Values sealed again: {}.");
    let words = words.replacen("{}", &key.to_string(), 1).replacen("{}", &resealed.to_string(), 1);
    console.answer(&facts, &format!("{words}\n"));
    Ok(Exit::Done)
}

/// On SQLite it is seen whether the shop is stopped.
fn nobody_else(file: Option<&Path>) -> Result<(), StartError> {
    let Some(file) = file.filter(|file| file.exists()) else { return Ok(()) };
    match Alone::with(file)? {
        Some(_) => Ok(()),
        None => Err(StartError::refused(
            "database",
            file.display(),
            "el negocio está abierto: pará los procesos que lo usan",
            "the shop is open: stop the processes that use it",
        )),
    }
}

async fn lay(db: &Db, wanted: Lying, console: &Console) -> Result<Exit, StartError> {
    let laid = db.lay(&Actor::system("console"), PROTECTED, wanted).await.context("nothing was changed")?;
    if wanted == Lying::Sealed {
        db.rewrite_tables(PROTECTED).await.context("they are sealed; write the tables anew")?;
    }
    let words = match wanted {
        Lying::Open => console.pick(
            "En claro: {} valores. El negocio no abre hasta que corras gondola encryption seal.",
            "In the clear: {} values. The shop does not open until you run gondola encryption seal.",
        ),
        Lying::Sealed => console.pick(
            "Sellados: {} valores. Borrá las copias hechas mientras tanto: ahí siguen en claro.",
            "Sealed: {} values. Delete the backups made meanwhile: there they still lie in the clear.",
        ),
    };
    console.answer(
        &json!({"values": laid, "sealed": wanted == Lying::Sealed}),
        &format!("{}\n", words.replace("{}", &laid.to_string())),
    );
    Ok(Exit::Done)
}

async fn rewrap(db: &Db, file: &Path, console: &Console) -> Result<Exit, StartError> {
    let secret = gondola_vault::read_key(file).map_err(|error| start::bad_key("--new-key-file", file, error))?;
    db.change_secret(&Actor::system("console"), &secret).await?;
    console.answer(
        &json!({"rewrapped": true}),
        console.pick(
            "Listo: poné la clave nueva donde estaba la anterior y reiniciá. Guardá la anterior con las copias de hasta hoy.\n",
            "Done: put the new key where the one before was and restart. Keep the one before with the backups until today.\n",
        ),
    );
    Ok(Exit::Done)
}
