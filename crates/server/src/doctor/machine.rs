//! What can be seen without opening the shop: room on the disk, who may read the files, the key, the
//! profile.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gondola_shop::kernel::Profile;

use super::{Diagnosis, State};
use crate::config::Settings;
use crate::start;

/// Percent of the disk below which to make room soon, and now.
const FREE_PERCENT_WARN: u64 = 20;
const FREE_PERCENT_CRITICAL: u64 = 10;
/// What group and others may do with a file.
const NOT_THE_OWNER: u32 = 0o077;

/// Is there room to go on, and for the next backup?
pub(super) fn disk(settings: &Settings, data_dir: &Path) -> Diagnosis {
    let Some(place) = existing(data_dir) else {
        return Diagnosis::failed("disk", &anyhow::anyhow!("no folder above {} exists", data_dir.display()));
    };
    let room = match rustix::fs::statvfs(&place) {
        Ok(room) => room,
        Err(error) => return Diagnosis::failed("disk", &error.into()),
    };
    let (free, total) = (room.f_frsize * room.f_bavail, room.f_frsize * room.f_blocks);
    judge_room(free, total, database_bytes(settings, data_dir))
}

/// A backup needs as much again as the database while it is made.
fn judge_room(free: u64, total: u64, database: u64) -> Diagnosis {
    let percent = free.saturating_mul(100).checked_div(total).unwrap_or(0);
    let state = match percent {
        _ if free < database => State::Critical,
        0..FREE_PERCENT_CRITICAL => State::Critical,
        FREE_PERCENT_CRITICAL..FREE_PERCENT_WARN => State::Warn,
        _ if free < 2 * database => State::Warn,
        _ => State::Ok,
    };
    let (free, total) = (gigabytes(free), gigabytes(total));
    let found = Diagnosis::new(
        "disk",
        state,
        format!("{free} GB libres de {total} GB ({percent} %)"),
        format!("{free} GB free of {total} GB ({percent} %)"),
    );
    if state == State::Ok {
        return found;
    }
    found.advise(
        "Hacé lugar: llevá las copias viejas (backups/) a otro disco y borrá before-restore/ si ya no hace falta.",
        "Make room: take old backups (backups/) to another disk and delete before-restore/ when it is no longer needed.",
    )
}

/// With one decimal, without a float.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn database_bytes(settings: &Settings, data_dir: &Path) -> u64 {
    let file = start::sqlite_file(settings, data_dir).ok().flatten();
    file.and_then(|file| fs::metadata(file).ok()).map_or(0, |meta| meta.len())
}

fn existing(folder: &Path) -> Option<PathBuf> {
    let whole = if folder.is_absolute() { folder.to_owned() } else { Path::new(".").join(folder) };
    whole.ancestors().find(|ancestor| ancestor.is_dir()).map(Path::to_owned)
}

/// May others look into the data directory?
pub(super) fn private(data_dir: &Path) -> Diagnosis {
    let Ok(meta) = fs::metadata(data_dir) else {
        return Diagnosis::new("data_dir", State::Skipped, "todavía no existe", "does not exist yet");
    };
    let mode = meta.permissions().mode() & 0o777;
    if mode & NOT_THE_OWNER == 0 {
        return Diagnosis::new("data_dir", State::Ok, "solo entra su dueño", "only its owner may enter");
    }
    let path = data_dir.display();
    Diagnosis::new(
        "data_dir",
        State::Warn,
        format!("otros usuarios de esta máquina pueden entrar (modo {mode:o})"),
        format!("other users of this machine may enter (mode {mode:o})"),
    )
    .advise(format!("Corré: chmod 700 {path}"), format!("Run: chmod 700 {path}"))
}

/// Is the key there, and may only its owner read it?
pub(super) fn key(settings: &Settings, data_dir: &Path) -> Diagnosis {
    if settings.encryption_key.is_some() {
        return Diagnosis::new("key", State::Ok, "viene de la configuración", "comes from the settings").advise(
            "Guardá una copia de la clave en otro lugar: sin ella no se abre lo cifrado.",
            "Keep a copy of the key somewhere else: without it nothing sealed can be opened.",
        );
    }
    let file = start::key_file(settings, data_dir);
    let path = file.display();
    let Ok(meta) = fs::metadata(&file) else {
        return Diagnosis::new("key", State::Critical, format!("falta {path}"), format!("{path} is missing"))
            .advise("Poné la clave con la que se creó el comercio.", "Put the key the shop was created with there.");
    };
    let mode = meta.permissions().mode() & 0o777;
    if mode & NOT_THE_OWNER != 0 {
        return Diagnosis::new(
            "key",
            State::Critical,
            format!("otros usuarios pueden leer {path} (modo {mode:o})"),
            format!("other users can read {path} (mode {mode:o})"),
        )
        .advise(format!("Corré: chmod 600 {path}"), format!("Run: chmod 600 {path}"));
    }
    Diagnosis::new(
        "key",
        State::Ok,
        format!("{path}, solo la lee su dueño"),
        format!("{path}, only its owner may read it"),
    )
    .advise(
        "Guardá una copia de la clave en otro lugar: no va en las copias del comercio.",
        "Keep a copy of the key somewhere else: it is not part of the shop's backups.",
    )
}

/// Which rules apply?
pub(super) fn profile(settings: &Settings) -> Diagnosis {
    match settings.profile {
        Profile::Production => Diagnosis::new("profile", State::Ok, "production", "production"),
        Profile::Development => Diagnosis::new(
            "profile",
            State::Ok,
            "development: atiende solo a esta máquina, sin TLS",
            "development: serves this machine only, without TLS",
        )
        .advise(
            "Para atender a otras máquinas, pasá a profile = \"production\".",
            "To serve other machines, switch to profile = \"production\".",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    #[test]
    fn the_disk_warns_below_a_fifth_and_cries_below_a_tenth() {
        let state = |free, total, database| judge_room(free, total, database).state;
        assert_eq!(state(20 * GB, 100 * GB, 0), State::Ok);
        assert_eq!(state(20 * GB - 1, 100 * GB, 0), State::Warn);
        assert_eq!(state(10 * GB, 100 * GB, 0), State::Warn);
        assert_eq!(state(10 * GB - 1, 100 * GB, 0), State::Critical);
        assert_eq!(state(0, 0, 0), State::Critical);
    }

    #[test]
    fn a_disk_without_room_for_a_backup_is_too_full_at_any_percent() {
        let state = |free, database| judge_room(free, 100 * GB, database).state;
        assert_eq!(state(50 * GB, 25 * GB), State::Ok);
        assert_eq!(state(50 * GB, 26 * GB), State::Warn);
        assert_eq!(state(50 * GB, 51 * GB), State::Critical);
    }

    #[test]
    fn sizes_are_told_with_one_decimal() {
        assert_eq!(gigabytes(0), "0.0");
        assert_eq!(gigabytes(1_950_000_000), "1.9");
        assert_eq!(judge_room(5 * GB / 2, 5 * GB, 0).detail.en, "2.5 GB free of 5.0 GB (50 %)");
    }

    #[test]
    fn a_data_directory_that_others_may_enter_is_told_with_the_remedy() {
        let folder = tempfile::tempdir().expect("a folder");
        let set = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("set the mode");
        set(0o755);
        let found = private(folder.path());
        assert_eq!(found.state, State::Warn);
        assert!(found.advice.expect("advice").en.contains("chmod 700"));
        set(0o700);
        assert_eq!(private(folder.path()).state, State::Ok);
    }
}
