//! Making a set: a snapshot while the shop goes on, verified, described, and named in one step.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use gondola_shop::kernel::time::format_instant;
use gondola_store::{Db, Engine, digest_of_all, sync_folder};

use super::examine::{book, content};
use super::manifest::FORMAT;
use super::{BackupError, Backups, DATABASE, MANIFEST, Manifest, SavedFile, SavedLedger, Set, UNFINISHED};
use crate::config::Settings;
use crate::start;

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
/// Sets that may be made within one second.
const SAME_SECOND_MAX: u32 = 100;

/// Makes a set of an open shop. A book that does not add up is kept too, and says so.
///
/// # Errors
/// [`BackupError`]; no set was made then.
pub async fn create(settings: &Settings, data_dir: &Path, db: &Db) -> Result<Set, BackupError> {
    if db.engine() != Engine::Sqlite {
        return Err(BackupError::OnPostgres);
    }
    let backups = Backups::of(data_dir);
    let _lock = backups.lock()?;
    let unfinished = Unfinished(backups.folder.join(format!("{UNFINISHED}{}", std::process::id())));
    start::create_private(&unfinished.0).context("create the set's folder")?;
    let at = db.now() / MICROSECONDS_PER_SECOND * MICROSECONDS_PER_SECOND;
    let mut manifest = take(settings, data_dir, db, &unfinished.0).await?;
    manifest.created_at = format_instant(at);
    let name = manifest.created_at.replace(':', "-");
    for number in 1..=SAME_SECOND_MAX {
        manifest.id = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        let path = backups.folder.join(&manifest.id);
        if path.exists() {
            continue;
        }
        manifest.sign(db.vault());
        manifest.write(&unfinished.0.join(MANIFEST))?;
        sync_folder(&unfinished.0).context("keep the set's files")?;
        fs::rename(&unfinished.0, &path).with_context(|| format!("name the set {}", path.display()))?;
        sync_folder(&backups.folder).context("keep the set's name")?;
        return Ok(Set { id: manifest.id.clone(), path, manifest: Some(manifest) });
    }
    Err(anyhow::anyhow!("{SAME_SECOND_MAX} sets were made in one second").into())
}

/// The folder of a set in the making; removed unless it was renamed.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // A leftover is removed before the next one is made.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes the database into the folder and says what is in it; the manifest still lacks its name and signature.
async fn take(settings: &Settings, data_dir: &Path, db: &Db, folder: &Path) -> anyhow::Result<Manifest> {
    let file = folder.join(DATABASE);
    db.write_snapshot(&file).await.context("write the snapshot")?;
    let copy = start::open_file(settings, data_dir, &file).await.map_err(|error| error.into_anyhow())?;
    let content = content(&copy).await?;
    ensure!(content.damage.is_empty(), "the snapshot is damaged: {}", content.damage.join("; "));
    let ledger = book(settings, &copy).await?;
    let engine_version = copy.engine_version().await.context("ask for the engine's version")?;
    copy.close().await;
    drop(copy);
    leave_only(folder, DATABASE)?;
    File::open(&file).and_then(|file| file.sync_all()).context("keep the snapshot")?;
    Ok(Manifest {
        format: FORMAT,
        id: String::new(),
        created_at: String::new(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: Engine::Sqlite.name().to_owned(),
        engine_version,
        schema_version: content.schema_version,
        database: SavedFile::of(&file, DATABASE)?,
        rows: content.tables.iter().map(|table| table.rows).sum(),
        content_sha256: digest_of_all(&content.tables),
        tables: content.tables,
        ledger: SavedLedger { ok: ledger.ok, movements: ledger.movements, findings: ledger.findings.len() },
        signature: String::new(),
    })
}

/// Removes the lock files that opening a database leaves beside it.
fn leave_only(folder: &Path, name: &str) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).context("tidy the set")? {
        let entry = entry.context("tidy the set")?;
        if entry.file_name().to_string_lossy() != name {
            fs::remove_file(entry.path()).context("tidy the set")?;
        }
    }
    Ok(())
}
