//! What a set says about itself: enough to prove later, on any machine, that it is whole and holds
//! what the shop held.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use gondola_store::TableDigest;
use gondola_vault::{Hasher, Vault, hex, is_signed_by, unhex};
use serde::{Deserialize, Serialize};

/// The form of set that this program writes and the newest it reads.
pub const FORMAT: u32 = 1;
/// What a manifest's signature begins with, so that no signature under something else serves as one.
const SIGNED_AS: &[u8] = b"gondola backup manifest 1\n";
/// Bytes hashed at once.
const PIECE_BYTES: usize = 1 << 16;

/// What is in a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the set.
    pub format: u32,
    /// The set's name.
    pub id: String,
    /// When its content was read (RFC 3339).
    pub created_at: String,
    /// The program that made it.
    pub program_version: String,
    /// The engine, `sqlite`.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// The newest migration.
    pub schema_version: i64,
    /// The database.
    pub database: SavedFile,
    /// Every table, sorted by name.
    pub tables: Vec<TableDigest>,
    /// Rows of all tables.
    pub rows: u64,
    /// One digest over every table, equal on every engine.
    pub content_sha256: String,
    /// Whether the book added up.
    pub ledger: SavedLedger,
    /// The shop's signature under all of the above, in hex: whoever changes a set and computes its digests anew cannot
    /// make this one without the master secret.
    pub signature: String,
}

/// A file of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedFile {
    /// Its name in the set's folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 over it, in hex.
    pub sha256: String,
}

/// What verifying the book of a set said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLedger {
    /// Whether it added up.
    pub ok: bool,
    /// How many movements it has.
    pub movements: i64,
    /// How many things did not add up.
    pub findings: usize,
}

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    /// When it is not there, not whole or of a newer form.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read(file).with_context(|| format!("read {}", file.display()))?;
        let manifest: Self = serde_json::from_slice(&text).with_context(|| format!("read {}", file.display()))?;
        ensure!(manifest.format <= FORMAT, "the set has form {}, which this program does not know", manifest.format);
        Ok(manifest)
    }

    /// Signs it for the shop.
    pub fn sign(&mut self, vault: &Vault) {
        self.signature = hex(&vault.sign(&self.signed()));
    }

    /// Whether the shop whose keys these are signed it as it is.
    pub fn is_signed_by(&self, vault: &Vault) -> bool {
        let signature = unhex(&self.signature).and_then(|bytes| bytes.try_into().ok());
        signature.is_some_and(|signature| is_signed_by(&vault.public_key(), &self.signed(), &signature))
    }

    /// What is signed: everything but the signature, in the order of the fields.
    fn signed(&self) -> Vec<u8> {
        let unsigned = Self { signature: String::new(), ..self.clone() };
        let text = serde_json::to_vec(&unsigned).expect("a manifest is only texts and numbers");
        [SIGNED_AS, &text].concat()
    }

    /// Writes it so that it stays.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(self).context("write the manifest")?;
        text.push(b'\n');
        let mut out = File::create(file).with_context(|| format!("create {}", file.display()))?;
        out.write_all(&text).and_then(|()| out.sync_all()).with_context(|| format!("write {}", file.display()))
    }
}

impl SavedFile {
    /// Measures a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(file: &Path, name: &str) -> anyhow::Result<Self> {
        let what = || format!("read {}", file.display());
        let mut input = File::open(file).with_context(what)?;
        let mut hasher = Hasher::default();
        let mut piece = vec![0; PIECE_BYTES];
        let mut bytes = 0;
        loop {
            let read = input.read(&mut piece).with_context(what)?;
            if read == 0 {
                return Ok(Self { name: name.to_owned(), bytes, sha256: hex(&hasher.finish()) });
            }
            hasher.update(&piece[..read]);
            bytes += u64::try_from(read).expect("a piece is small");
        }
    }
}
