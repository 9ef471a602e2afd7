//! Putting a set in the shop's place. Everything is verified on a copy first; then the copy takes the
//! database's place by renaming, and what was there is kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gondola_shop::kernel::time::format_instant;
use gondola_store::{Alone, Clock as _, Db, SystemClock};

use super::examine::Draft;
use super::{BackupError, Backups, Set};
use crate::config::Settings;
use crate::noted::{self, Deed};
use crate::start;

/// What to restore.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The set's name or folder.
    pub set: String,
    /// Whether a book that did not add up is taken as it is.
    pub findings: Findings,
}

/// What to do about a book that did not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Findings {
    /// Refuse the set.
    Refuse,
    /// Take it all the same.
    Accept,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The set.
    pub set: Set,
    /// Where the data that was there before is; none when there was none.
    pub previous: Option<PathBuf>,
}

/// Restores a set. Nobody may have the shop open.
///
/// # Errors
/// [`BackupError`]; before the last step nothing was changed, and an interrupted last step keeps the
/// shop closed until a restore succeeds.
pub async fn restore(settings: &Settings, data_dir: &Path, wanted: &Wanted) -> Result<Restored, BackupError> {
    let Some(database) = start::sqlite_file(settings, data_dir)? else { return Err(BackupError::OnPostgres) };
    let backups = Backups::of(data_dir);
    let set = backups.find(Some(&wanted.set))?;
    if let Some(missing) = start::missing_key(settings, data_dir) {
        return Err(BackupError::NoKey(missing));
    }
    // Before anything is copied: a shop that is open is refused at once.
    let alone = Alone::with(&database).context("look whether the shop is open")?.ok_or(BackupError::ShopIsOpen)?;
    let _lock = backups.lock()?;
    let home = database.parent().filter(|home| !home.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = Draft::of(&set, home)?;
    let db = draft.open(settings, data_dir).await?;
    let compared = accepted(&draft, settings, &db, &set, wanted.findings).await;
    db.close().await;
    compared?;
    File::open(draft.file()).and_then(|file| file.sync_all()).context("keep the verified copy")?;
    let keep = home.join("before-restore").join(format_instant(SystemClock.now()).replace(':', "-"));
    start::create_private(&keep).context("create a folder for the data that is there")?;
    let previous = database.exists().then(|| keep.clone());
    alone.swap(&draft.file(), &keep).context("put the set in place")?;
    Ok(Restored { set, previous })
}

/// Compares the copy with what the set says of itself, and tells its audit trail whose place it takes.
async fn accepted(
    draft: &Draft,
    settings: &Settings,
    db: &Db,
    set: &Set,
    findings: Findings,
) -> Result<(), BackupError> {
    let book = draft.compare(settings, db).await?;
    if !book.ok && findings == Findings::Refuse {
        return Err(BackupError::BookDoesNotAddUp(book.findings.len()));
    }
    Ok(noted::deed(db, Deed::Restored, &set.id).await?)
}
