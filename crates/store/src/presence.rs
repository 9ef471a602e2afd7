//! Who has a file of SQLite open, and how a file takes another's place. Every process that opens a
//! database holds a shared lock on a file beside it; whoever puts another file in its place must be
//! alone. While that happens a mark lies beside it, so that an interrupted swap is noticed instead of
//! taken for a new or an old shop.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// The files that SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// This process has the file open. Gone when dropped.
#[derive(Debug)]
pub(crate) struct Presence(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl Presence {
    /// Joins those who have `database` open.
    ///
    /// # Errors
    /// [`StoreError::Restoring`] while somebody swaps it or after a swap that was interrupted.
    pub(crate) fn join(database: &Path) -> Result<Self, StoreError> {
        let file = lock_file(database).map_err(sqlx::Error::Io)?;
        match file.try_lock_shared() {
            Ok(()) if mark(database).exists() => Err(StoreError::Restoring),
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Restoring),
            Err(TryLockError::Error(error)) => Err(sqlx::Error::Io(error).into()),
        }
    }
}

/// Nobody else has the file open, and nobody can open it.
#[derive(Debug)]
pub struct Alone {
    database: PathBuf,
    _lock: File,
}

impl Alone {
    /// Waits for nobody: none when some process has `database` open.
    ///
    /// # Errors
    /// When the lock file cannot be used.
    pub fn with(database: &Path) -> io::Result<Option<Self>> {
        let file = lock_file(database)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { database: database.to_owned(), _lock: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Puts `new` in the database's place and moves what was there to the folder `keep`. Both must lie
    /// on the same file system as the database. `new` must be closed and complete.
    ///
    /// # Errors
    /// What the system says; the database then stays closed to everybody until a swap succeeds.
    pub fn swap(&self, new: &Path, keep: &Path) -> io::Result<()> {
        let mark = mark(&self.database);
        let folder = folder_of(&self.database);
        File::create(&mark)?.sync_all()?;
        sync_folder(folder)?;
        for companion in COMPANIONS.into_iter().chain([""]) {
            let file = beside(&self.database, companion);
            if file.exists() {
                let name = file.file_name().expect("a database has a name").to_owned();
                fs::rename(&file, keep.join(name))?;
            }
        }
        sync_folder(keep)?;
        fs::rename(new, &self.database)?;
        sync_folder(folder)?;
        fs::remove_file(&mark)?;
        sync_folder(folder)
    }
}

/// Makes sure that what was created, renamed or removed in a folder stays so.
///
/// # Errors
/// What the system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn lock_file(database: &Path) -> io::Result<File> {
    File::options().create(true).write(true).truncate(false).open(database.with_extension("in-use"))
}

fn mark(database: &Path) -> PathBuf {
    database.with_extension("restoring")
}

fn beside(database: &Path, companion: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(companion);
    PathBuf::from(name)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
