//! Looking into the database of a set: is the file sound, does it hold what the manifest says, does
//! its book add up? It is always a copy of the file that is opened, so that looking changes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gondola_shop::kernel::{App, Problem, Reader, Text};
use gondola_shop::stock::{Verification, verify as verify_book};
use gondola_store::{Actor, Db, Permission, TableDigest, digest_of_all};

use super::manifest::SavedFile;
use super::{BackupError, Backups, DATABASE, Manifest, Set};
use crate::config::Settings;
use crate::start::{self, Purpose, StartError};

/// What a database holds.
pub(super) struct Content {
    pub damage: Vec<String>,
    pub tables: Vec<TableDigest>,
    pub schema_version: i64,
}

/// Reads everything in a database.
pub(super) async fn content(db: &Db) -> anyhow::Result<Content> {
    let damage = db.damage().await.context("check the file")?;
    let tables = db.digest().await.context("read every row")?;
    let state = db.migration_state().await.context("read the schema's version")?;
    Ok(Content { damage, tables, schema_version: state.applied.last().map_or(0, |(version, _)| *version) })
}

/// Verifies the book of an open shop.
///
/// # Errors
/// When it cannot be read.
pub async fn book_of(app: &App) -> anyhow::Result<Verification> {
    let unreadable = |problem: Problem| anyhow::anyhow!("verify the book: {}", problem.detail.en);
    let mut reader = Reader::open(app, &Actor::system("backup"), Permission::ReadStock).await.map_err(unreadable)?;
    verify_book(&mut reader).await.map_err(unreadable)
}

/// Verifies the book in a database.
pub(super) async fn book(settings: &Settings, db: &Db) -> anyhow::Result<Verification> {
    book_of(&start::app(settings, db.clone(), Purpose::Shop)).await
}

/// Verifies a set, the newest when none is named: bytes, file, rows, book. Leaves nothing behind.
///
/// # Errors
/// [`BackupError::Damaged`] with everything that is wrong, [`BackupError::NotOurs`], and the other errors.
pub async fn verify(settings: &Settings, data_dir: &Path, set: Option<&str>) -> Result<Set, BackupError> {
    let backups = Backups::of(data_dir);
    let set = backups.find(set)?;
    let _lock = backups.lock()?;
    let draft = Draft::of(&set, data_dir)?;
    let db = draft.open(settings, data_dir).await?;
    let outcome = draft.compare(settings, &db).await;
    db.close().await;
    outcome?;
    Ok(set)
}

/// A copy of a set's database, in a folder that goes away with it.
pub(super) struct Draft {
    folder: PathBuf,
    pub manifest: Manifest,
}

impl Drop for Draft {
    fn drop(&mut self) {
        // A leftover is removed before the next copy is made.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Draft {
    /// Copies the set's database into a folder in `home` and checks every byte. The caller holds the
    /// lock of the backups, so that nobody else uses that folder.
    pub fn of(set: &Set, home: &Path) -> Result<Self, BackupError> {
        let unreadable = Text::new("no se puede leer manifest.json", "manifest.json cannot be read");
        let manifest = set.manifest.clone().ok_or(BackupError::Damaged(vec![unreadable]))?;
        let source = set.path.join(DATABASE);
        if !source.is_file() {
            return Err(BackupError::Damaged(vec![Text::new("falta gondola.db", "gondola.db is missing")]));
        }
        start::create_private(home).context("create the data directory")?;
        let folder = home.join(".examined");
        if folder.exists() {
            fs::remove_dir_all(&folder).context("remove a leftover")?;
        }
        start::create_private(&folder).context("create a folder for the copy")?;
        let draft = Self { folder, manifest };
        fs::copy(&source, draft.file()).context("copy the set's database")?;
        let copied = SavedFile::of(&draft.file(), DATABASE)?;
        if copied != draft.manifest.database {
            let (is, was) = (copied.bytes, draft.manifest.database.bytes);
            let what = Text::new(
                format!("gondola.db tiene {is} bytes y una suma distinta de la del manifiesto, que dice {was} bytes"),
                format!("gondola.db has {is} bytes and another sum than the manifest, which says {was} bytes"),
            );
            return Err(BackupError::Damaged(vec![what]));
        }
        Ok(draft)
    }

    /// The copied file.
    pub fn file(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// Opens the copy.
    pub async fn open(&self, settings: &Settings, data_dir: &Path) -> Result<Db, BackupError> {
        start::open_file(settings, data_dir, &self.file()).await.map_err(BackupError::Failed)
    }

    /// Holds what is in the copy against the manifest, then brings it to this program's schema and
    /// verifies its key, the shop's signature under the manifest and its book.
    pub async fn compare(&self, settings: &Settings, db: &Db) -> Result<Verification, BackupError> {
        let content = content(db).await?;
        let mut wrong: Vec<Text> = content.damage.iter().map(|line| Text::new(line.clone(), line.clone())).collect();
        for (is, was) in content.tables.iter().zip(&self.manifest.tables).filter(|(is, was)| is != was) {
            wrong.push(Text::new(
                format!("{}: {} filas, y eran {} de {}", is.table, is.rows, was.rows, was.table),
                format!("{}: {} rows, and it was {} of {}", is.table, is.rows, was.rows, was.table),
            ));
        }
        if wrong.is_empty() && digest_of_all(&content.tables) != self.manifest.content_sha256 {
            wrong.push(Text::new("no son las mismas tablas", "the tables are not the same"));
        }
        if !wrong.is_empty() {
            return Err(BackupError::Damaged(wrong));
        }
        db.migrate_up().await.context("bring the copy to this version")?;
        start::unlock(db).await.map_err(BackupError::Failed)?;
        // The copy's keys opened with the shop's secret, so whoever signed with them is the shop.
        if !self.manifest.is_signed_by(db.vault()) {
            return Err(BackupError::NotOurs);
        }
        Ok(book(settings, db).await?)
    }
}

impl From<StartError> for BackupError {
    fn from(error: StartError) -> Self {
        Self::Failed(error)
    }
}
