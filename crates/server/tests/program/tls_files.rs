//! Whom the files of the certificates belong to when another user runs the command than the one that serves (TLS-6).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use crate::process::run;

/// Somebody who is not the owner of the machine.
const RUNTIME: (u32, u32) = (61_184, 61_185);

/// Whom a file belongs to, and who may do what with it.
fn owner_and_mode(file: &Path) -> ((u32, u32), u32) {
    let told = fs::metadata(file).unwrap();
    ((told.uid(), told.gid()), told.permissions().mode() & 0o777)
}

/// TLS-6, TLS-3: what the owner of the machine makes and renews belongs to whom the data directory belongs to, keys to them
/// alone; the authority's key stays the owner's.
#[test]
fn a_renewed_key_belongs_to_whom_its_folder_belongs_to() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, _) = owner_and_mode(folder.path());
    if ours.0 != 0 {
        return gondola_testkit::skip("files of another user", "only root gives files away");
    }
    chown(folder.path(), Some(RUNTIME.0), Some(RUNTIME.1)).unwrap();
    let step = |words: &[&str]| assert_eq!(run(folder.path(), words).status.code(), Some(0), "{words:?}");
    let told = |file: &str| owner_and_mode(&folder.path().join(file));
    let key = || fs::read(folder.path().join("tls/dashboard.key")).unwrap();
    step(&["tls", "init", "--ecdsa", "--service", "dashboard"]);
    let before = key();
    for renewed in [&["tls", "renew", "--service", "dashboard"][..], &["tls", "renew", "--service", "ca", "--ecdsa"]] {
        step(renewed);
        assert_eq!((told("tls").0, told("tls/dashboard.key")), (RUNTIME, (RUNTIME, 0o600)), "{renewed:?}");
        assert_eq!((told("tls/dashboard.crt").0, told("tls/ca.crt").0), (RUNTIME, RUNTIME), "{renewed:?}");
        assert_eq!((told("ca").0, told("ca/ca.key")), (ours, (ours, 0o600)), "{renewed:?}");
    }
    assert_ne!(key(), before, "a new one");
}
