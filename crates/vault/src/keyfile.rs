//! The master key, and the file it is kept in when nobody configured another place: 64 hex digits,
//! readable by its owner only. Which place is used is decided by the server's settings.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::num::NonZeroU32;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::random::{Randomness, SystemRandomness, hex};
use crate::ring::Kek;

/// Different bytes that 32 random ones have at least, but for one key in 10¹⁵.
const DIFFERENT_BYTES_MIN: usize = 20;

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Reading or writing failed.
    #[error("use the key file {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file or setting does not hold 64 hex digits.
    #[error("the encryption key is 64 hex digits (32 bytes), and this is not")]
    NotAKey,
    /// 64 hex digits that nobody drew: all zeros, a pattern, a few digits over and over (SEC-3).
    #[error("the encryption key is one that anybody could guess")]
    Guessable,
    /// Somebody besides the owner may read it.
    #[error("the key file {path} may be read by others; run: chmod 600 {path}")]
    TooOpen {
        /// The file.
        path: PathBuf,
    },
}

/// 32 random bytes that unlock the shop's key ring. `Debug` shows nothing, and nothing is left when the last clone
/// goes. It remembers what it was stretched to, so that a second database of the same shop opens at once.
#[derive(Clone)]
pub struct MasterKey(Arc<Secret>);

struct Secret {
    bytes: Zeroizing<[u8; 32]>,
    stretched: Mutex<Vec<Arc<Kek>>>,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

impl MasterKey {
    /// The key itself, for tests and for keys that come from elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Secret { bytes: Zeroizing::new(bytes), stretched: Mutex::default() }))
    }

    /// Parses 64 hex digits; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`KeyFileError::NotAKey`]; [`KeyFileError::Guessable`] for what is no draw of 32 bytes.
    pub fn from_hex(text: &str) -> Result<Self, KeyFileError> {
        let text = text.trim().as_bytes();
        if text.len() != 64 || !text.iter().all(u8::is_ascii_hexdigit) {
            return Err(KeyFileError::NotAKey);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| KeyFileError::NotAKey)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| KeyFileError::NotAKey)?;
        }
        let different: BTreeSet<u8> = bytes.iter().copied().collect();
        if different.len() < DIFFERENT_BYTES_MIN {
            return Err(KeyFileError::Guessable);
        }
        Ok(Self::from_bytes(*bytes))
    }

    /// What the secret stretches to, once per salt.
    pub(crate) fn stretch(&self, salt: [u8; 16], iterations: NonZeroU32) -> Arc<Kek> {
        let mut stretched = self.0.stretched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kek) = stretched.iter().find(|kek| kek.is_of(salt, iterations)) {
            return Arc::clone(kek);
        }
        let kek = Arc::new(Kek::derive(self.0.bytes.as_ref(), salt, iterations));
        stretched.push(Arc::clone(&kek));
        kek
    }
}

/// Reads the key at `path`; draws and keeps one (mode 0600) when there is no such file.
///
/// # Errors
/// [`KeyFileError`]; an unreadable or wrong file is never overwritten.
pub fn read_or_create(path: &Path) -> Result<MasterKey, KeyFileError> {
    if !path.exists() {
        create(path).map_err(|source| KeyFileError::Io { path: path.to_owned(), source })?;
    }
    read(path)
}

/// Reads the key at `path`.
///
/// # Errors
/// [`KeyFileError`].
pub fn read(path: &Path) -> Result<MasterKey, KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_owned(), source };
    if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::TooOpen { path: path.to_owned() });
    }
    MasterKey::from_hex(&Zeroizing::new(fs::read_to_string(path).map_err(io)?))
}

/// Writes the key under a temporary name first, so that a crash never leaves half a key. Two
/// processes that start at once agree: the link of the second one fails and it reads the first's.
fn create(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    let mut bytes = [0; 32];
    SystemRandomness.fill(&mut bytes);
    let mut suffix = [0; 4];
    SystemRandomness.fill(&mut suffix);
    let draft = path.with_extension(hex(&suffix));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(hex(&bytes).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
