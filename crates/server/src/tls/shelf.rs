//! The files of the certificates: `tls/` in the data directory with what is shown and trusted, and a
//! folder of its own for the authority's key, which no face may read (TLS-3).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use gondola_vault::certificates::{CertificateError, Facts, Issued, read_all};

use crate::start::create_private;

/// The name of the authority's files.
pub const AUTHORITY: &str = "ca";

/// Where certificates lie, and where the authority's key does.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// Certificates, keys, whom to trust and what was revoked.
    pub folder: PathBuf,
    /// The authority's certificate and key.
    pub authority: PathBuf,
}

impl Shelf {
    /// Makes the folders where there are none, for their owner alone; the certificates' belongs to whom the
    /// data directory belongs to, whoever runs the command.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(&self) -> io::Result<()> {
        let around = self.folder.parent().unwrap_or(Path::new("."));
        create_private(around)?;
        create_private(&self.folder)?;
        give_to_owner_of(around, &File::open(&self.folder)?)?;
        create_private(&self.authority)
    }

    /// The certificates in a component's file; none where there is no file.
    ///
    /// # Errors
    /// What the system says.
    pub fn find(&self, name: &str) -> io::Result<Option<Result<Vec<Facts>, CertificateError>>> {
        Ok(self.text(name, "crt")?.map(|pem| read_all(pem.as_bytes())))
    }

    /// A component's file as it is; none where there is none.
    ///
    /// # Errors
    /// What the system says.
    pub fn text(&self, name: &str, end: &str) -> io::Result<Option<String>> {
        read(&self.folder.join(format!("{name}.{end}")))
    }

    /// A file of the authority as it is; none where there is none.
    ///
    /// # Errors
    /// What the system says.
    pub fn authority_text(&self, end: &str) -> io::Result<Option<String>> {
        read(&self.authority.join(format!("{AUTHORITY}.{end}")))
    }

    /// Keeps a component's new certificate and key, the key first: between the two the pair does not fit,
    /// and a face that looks just then looks again.
    ///
    /// # Errors
    /// What the system says; each file is then the old one or the new one, whole.
    pub fn keep(&self, name: &str, issued: &Issued) -> io::Result<()> {
        write(&self.folder.join(format!("{name}.key")), &issued.key, 0o600)?;
        write(&self.folder.join(format!("{name}.crt")), &issued.certificate, 0o644)
    }

    /// Keeps the authority's key and certificates, and has everybody trust these. The key before stays beside
    /// it as `ca.key.before`: whoever is interrupted between two files puts it back.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn keep_authority(&self, key: &str, bundle: &str) -> io::Result<()> {
        let file = self.authority.join("ca.key");
        if let Some(before) = read(&file)? {
            write(&self.authority.join("ca.key.before"), &before, 0o600)?;
        }
        write(&file, key, 0o600)?;
        self.keep_trust(bundle)
    }

    /// Has everybody trust these authorities, the first of which signs.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn keep_trust(&self, bundle: &str) -> io::Result<()> {
        write(&self.authority.join("ca.crt"), bundle, 0o644)?;
        write(&self.folder.join("ca.crt"), bundle, 0o644)
    }

    /// Keeps the list of what was revoked.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn keep_revoked(&self, lists: &str) -> io::Result<()> {
        write(&self.folder.join("ca.crl"), lists, 0o644)
    }
}

/// Every certificate file of a folder by its name, sorted.
pub fn certificates(folder: &Path) -> Vec<(String, Result<Vec<Facts>, CertificateError>)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "crt"))
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, read_all(&fs::read(&path).ok()?)))
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file under another name and gives it its own when it is whole. It belongs to whom the folder
/// belongs to, whoever runs the command (TLS-6).
fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let draft = path.with_extension("draft");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft)?;
    file.write_all(text.as_bytes())?;
    let folder = path.parent().unwrap_or(Path::new("."));
    give_to_owner_of(folder, &file)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(folder)?.sync_all()
}

/// Gives an open file or folder to whom `folder` belongs to. By its handle: a name can be another file by now.
fn give_to_owner_of(folder: &Path, file: &File) -> io::Result<()> {
    let (owner, own) = (fs::metadata(folder)?, file.metadata()?);
    if (owner.uid(), owner.gid()) == (own.uid(), own.gid()) {
        return Ok(());
    }
    fchown(file, Some(owner.uid()), Some(owner.gid()))
}
