//! Backups of a shop on SQLite: sets in the data directory's `backups/`, each a folder that was
//! complete and verified before it got its name, and is signed by the shop.
//!
//! A set holds the database and a manifest that says what must be in it. Not in it, on purpose: the
//! encryption key, which must not lie beside what it opens. PostgreSQL has tools of its own.

mod create;
mod examine;
mod manifest;
mod restore;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gondola_shop::kernel::Text;

pub use create::create;
pub use examine::{book_of, verify};
pub use manifest::{Manifest, SavedFile, SavedLedger};
pub use restore::{Findings, Restored, Wanted, restore};

use crate::start::StartError;

/// The database's name in a set.
const DATABASE: &str = "gondola.db";
/// The manifest's name in a set.
const MANIFEST: &str = "manifest.json";
/// How the folder of a set begins while it is being made.
const UNFINISHED: &str = ".unfinished-";

/// The place where a shop keeps its sets.
#[derive(Debug, Clone)]
pub struct Backups {
    folder: PathBuf,
}

/// A set.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Its name.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it holds; none where the manifest cannot be read.
    pub manifest: Option<Manifest>,
}

/// Why a backup or a restore did not happen. What was there is untouched.
#[derive(Debug)]
pub enum BackupError {
    /// The shop is on PostgreSQL.
    OnPostgres,
    /// Another process makes, verifies or restores a backup.
    AnotherRuns,
    /// There is no set of that name.
    NoSuchSet(String),
    /// The set is not what it was when it was made: each thing that is wrong.
    Damaged(Vec<Text>),
    /// The set is whole and does not bear this shop's signature: somebody changed it and described it anew.
    NotOurs,
    /// The set's book did not add up when it was made.
    BookDoesNotAddUp(usize),
    /// A process has the shop open.
    ShopIsOpen,
    /// There is no key to open what the set has sealed.
    NoKey(PathBuf),
    /// The shop could not be opened, or the machine failed.
    Failed(StartError),
}

impl<E: Into<anyhow::Error>> From<E> for BackupError {
    fn from(error: E) -> Self {
        Self::Failed(StartError::Failed(error.into()))
    }
}

impl Backups {
    /// Those of the shop in `data_dir`.
    pub fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("backups") }
    }

    /// Every set, newest first. What is unfinished is no set.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> anyhow::Result<Vec<Set>> {
        if !self.folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut sets = Vec::new();
        let entries = fs::read_dir(&self.folder).with_context(|| format!("list {}", self.folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("list {}", self.folder.display()))?.path();
            let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !hidden {
                sets.push(Set::at(path));
            }
        }
        sets.sort_by(|a, b| b.id.cmp(&a.id));
        Ok(sets)
    }

    /// The set of that name, or in that folder; the newest when none is named.
    ///
    /// # Errors
    /// [`BackupError::NoSuchSet`].
    pub fn find(&self, wanted: Option<&str>) -> Result<Set, BackupError> {
        let Some(wanted) = wanted else {
            let newest = self.list()?.into_iter().next();
            return newest.ok_or_else(|| BackupError::NoSuchSet(self.folder.display().to_string()));
        };
        let named = self.folder.join(wanted);
        [named, PathBuf::from(wanted)]
            .into_iter()
            .find(|path| path.is_dir())
            .map(Set::at)
            .ok_or_else(|| BackupError::NoSuchSet(wanted.to_owned()))
    }

    /// One at a time makes, verifies or restores sets: the lock, and no leftovers of a set that was
    /// interrupted in the making.
    fn lock(&self) -> Result<File, BackupError> {
        crate::start::create_private(&self.folder).context("create the backup folder")?;
        let lock = File::create(self.folder.join(".lock")).context("create the backup lock")?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(BackupError::AnotherRuns),
            Err(fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        for entry in fs::read_dir(&self.folder).context("look for leftovers")? {
            let entry = entry.context("look for leftovers")?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_dir_all(entry.path()).context("remove the leftovers of an interrupted backup")?;
            }
        }
        Ok(lock)
    }
}

impl Set {
    fn at(path: PathBuf) -> Self {
        let id = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let manifest = Manifest::read(&path.join(MANIFEST)).ok();
        Self { id, path, manifest }
    }
}

impl BackupError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OnPostgres => "on_postgres",
            Self::AnotherRuns => "another_backup_runs",
            Self::NoSuchSet(_) => "no_such_set",
            Self::Damaged(_) => "set_damaged",
            Self::NotOurs => "set_not_ours",
            Self::BookDoesNotAddUp(_) => "book_does_not_add_up",
            Self::ShopIsOpen => "shop_is_open",
            Self::NoKey(_) => "no_key",
            Self::Failed(_) => "failed",
        }
    }

    /// What to tell people, and what they can do; none for a failure of the machine.
    pub fn text(&self) -> Option<Text> {
        Some(match self {
            Self::OnPostgres => Text::new(
                "Este comercio está en PostgreSQL y gondola backup copia solamente SQLite por ahora. Hacé la copia con pg_dump.",
                "This shop is on PostgreSQL and gondola backup covers SQLite only for now. Take the backup with pg_dump.",
            ),
            Self::AnotherRuns => Text::new(
                "Ya hay otra copia haciéndose, verificándose o restaurándose. Esperá a que termine.",
                "Another backup is being made, verified or restored. Wait until it ends.",
            ),
            Self::NoSuchSet(wanted) => Text::new(
                format!("No hay ninguna copia en {wanted}. Mirá cuáles hay con gondola backup list."),
                format!("There is no backup at {wanted}. See which there are with gondola backup list."),
            ),
            Self::Damaged(details) => {
                let (es, en): (Vec<&str>, Vec<&str>) =
                    details.iter().map(|detail| (detail.es.as_str(), detail.en.as_str())).unzip();
                Text::new(
                    format!("La copia está dañada ({}). No se cambió nada. Usá otra.", es.join("; ")),
                    format!("The backup is damaged ({}). Nothing was changed. Use another.", en.join("; ")),
                )
            }
            Self::NotOurs => Text::new(
                "La copia no lleva la firma de este comercio: alguien la cambió después. No se cambió nada. Usá otra.",
                "The backup does not bear this shop's signature: somebody changed it afterwards. Nothing was changed. Use another.",
            ),
            Self::BookDoesNotAddUp(findings) => Text::new(
                format!(
                    "En esa copia el libro no cerraba ({findings} diferencias). Usá una anterior, o agregá --accept-findings para restaurarla igual. No se cambió nada."
                ),
                format!(
                    "In that backup the book did not add up ({findings} findings). Use an older one, or add --accept-findings to restore it all the same. Nothing was changed."
                ),
            ),
            Self::ShopIsOpen => Text::new(
                "El comercio está abierto en otro proceso. Pará gondola serve y volvé a probar. No se cambió nada.",
                "The shop is open in another process. Stop gondola serve and try again. Nothing was changed.",
            ),
            Self::NoKey(path) => Text::new(
                format!(
                    "Falta la clave de cifrado, que no va en la copia. Poné la del comercio en {} y volvé a probar.",
                    path.display()
                ),
                format!(
                    "The encryption key is missing; it is not part of a backup. Put the shop's key at {} and try again.",
                    path.display()
                ),
            ),
            Self::Failed(_) => return None,
        })
    }
}
