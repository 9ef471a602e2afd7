//! TLS of the faces: their certificates lie in `tls/` of the data directory, are looked at every few
//! seconds, and are replaced while connections go on. What is broken is refused and the old one stays
//! (TLS-9). How certificates are made is the command line's (`gondola tls`); what they are made of is the
//! vault's.

mod accept;
pub mod components;
mod gauges;
pub mod inspect;
pub mod issue;
pub mod shelf;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use gondola_shop::kernel::{Face, Profile, Text};
use gondola_store::{At, Db};
use gondola_vault::certificates::{Admission, Material, MaterialError, PeerConfig};
use gondola_vault::sha256;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

pub use accept::Counted;
pub use gauges::TlsGauges;

use crate::config::{ClientCertificates, Fault, Settings};
use crate::start::StartError;

/// How often it is looked whether there are other files.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A certificate and its key are two files: half a pair is looked at once more before it counts as broken.
const SECOND_LOOK: Duration = Duration::from_millis(500);

/// The faces' certificates, while they serve.
pub struct Tls {
    folder: PathBuf,
    faces: Vec<FaceTls>,
    gauges: TlsGauges,
    /// The bytes that were read last, as a digest taken before they were read: what came in between is seen next.
    seen: [u8; 32],
}

struct FaceTls {
    face: Face,
    admission: Admission,
    config: RustlsConfig,
}

/// Where the certificates lie.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("tls")
}

/// Whom a face lets in by certificate.
pub fn admission(settings: &Settings, face: Face) -> Admission {
    let asks = match face {
        Face::Dashboard => settings.tls_dashboard_clients,
        Face::Deposito => settings.tls_deposito_clients,
        Face::Negocio => settings.tls_negocio_clients,
    };
    let names = || settings.tls_clients.0.clone();
    match asks {
        ClientCertificates::None => Admission::Everybody,
        ClientCertificates::Optional => Admission::Ask(names()),
        ClientCertificates::Required => Admission::Only(names()),
    }
}

impl Tls {
    /// Reads the certificates of these faces; none where the settings say plain http.
    ///
    /// # Errors
    /// [`StartError::Refused`] with everything that is missing, expired or does not belong together (SEC-1).
    pub fn open(settings: &Settings, data_dir: &Path, faces: &[Face], now: At) -> Result<Option<Self>, StartError> {
        if !settings.tls_enabled {
            return Ok(None);
        }
        let folder = folder(data_dir);
        let seen = fingerprint(&folder, faces);
        let (mut opened, mut faults) = (Vec::new(), Vec::new());
        for face in faces {
            let admission = admission(settings, *face);
            match listener(&folder, *face, &admission, now) {
                Ok(config) => {
                    opened.push(FaceTls { face: *face, admission, config: RustlsConfig::from_config(config) });
                }
                Err(error) => faults.push(fault(&error)),
            }
        }
        let authority_key = data_dir.join(shelf::AUTHORITY).join("ca.key");
        if settings.profile == Profile::Production && authority_key.exists() {
            let text = Text::new(
                "la clave de la autoridad está al alcance de las caras: llevala a otro lado y usá --ca-dir",
                "the authority's key is within reach of the faces: move it elsewhere and use --ca-dir",
            );
            faults.push(Fault::new("tls.enabled", authority_key.display(), text));
        }
        if !faults.is_empty() {
            return Err(StartError::Refused(faults));
        }
        let tls = Self { folder, faces: opened, gauges: TlsGauges::default(), seen };
        tls.tell();
        Ok(Some(tls))
    }

    /// The numbers to export.
    pub fn gauges(&self) -> TlsGauges {
        self.gauges.clone()
    }

    /// What a face's listener hands its connections to; a handshake takes `handshake` at most.
    pub fn acceptor(&self, face: Face, handshake: Duration) -> Option<Counted<RustlsAcceptor<NoDelayAcceptor>>> {
        let found = self.faces.iter().find(|of| of.face == face)?;
        let acceptor = RustlsAcceptor::new(found.config.clone()).handshake_timeout(handshake);
        Some(Counted::new(acceptor.acceptor(NoDelayAcceptor), self.gauges.clone()))
    }

    /// Takes other certificates when there are some, until told to stop; at once on SIGHUP.
    pub async fn keep(mut self, db: Db, mut stopping: watch::Receiver<bool>) {
        let mut hangups = signal(SignalKind::hangup()).ok();
        loop {
            let hangup = async {
                match &mut hangups {
                    Some(hangups) => drop(hangups.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = hangup => {}
                changed = stopping.changed() => if changed.is_err() || *stopping.borrow() { return },
            }
            self.look(&db).await;
        }
    }

    async fn look(&mut self, db: &Db) {
        self.tell();
        let faces: Vec<Face> = self.faces.iter().map(|of| of.face).collect();
        let mut found = fingerprint(&self.folder, &faces);
        if self.seen == found {
            return;
        }
        let mut read = self.read(db.now());
        if read.is_err() {
            tokio::time::sleep(SECOND_LOOK).await;
            found = fingerprint(&self.folder, &faces);
            read = self.read(db.now());
        }
        self.gauges.reloaded(read.is_ok());
        match read {
            Ok(configs) => {
                for (of, config) in self.faces.iter().zip(configs) {
                    of.config.reload_from_config(config);
                }
                self.tell();
                tracing::info!("other certificates are served from now on");
            }
            Err(error) => tracing::error!(
                error = %error,
                code = "certificate_refused",
                "the new certificates are of no use, the old ones stay"
            ),
        }
        self.seen = found;
    }

    fn read(&self, now: At) -> Result<Vec<PeerConfig>, MaterialError> {
        self.faces.iter().map(|of| listener(&self.folder, of.face, &of.admission, now)).collect()
    }

    fn tell(&self) {
        let certificates = shelf::certificates(&self.folder);
        let until = certificates.into_iter().filter_map(|(name, facts)| Some((name, facts.ok()?.first()?.not_after)));
        self.gauges.good_until(&until.collect::<Vec<_>>());
    }
}

/// The bytes of everything that the faces' listeners are made of, as a digest.
fn fingerprint(folder: &Path, faces: &[Face]) -> [u8; 32] {
    let own = faces.iter().flat_map(|face| ["crt", "key"].map(|end| format!("{}.{end}", face.name())));
    let mut all = Vec::new();
    for name in own.chain(["ca.crt".to_owned(), "ca.crl".to_owned()]) {
        let bytes = fs::read(folder.join(name)).unwrap_or_default();
        all.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        all.extend_from_slice(&bytes);
    }
    sha256(&all)
}

fn listener(folder: &Path, face: Face, admission: &Admission, now: At) -> Result<PeerConfig, MaterialError> {
    Material::read(folder, face.name(), now)?.listener(admission)
}

/// What is wrong with a certificate's files, and how it is put right.
pub fn fault(error: &MaterialError) -> Fault {
    let name = error.path().file_stem().unwrap_or_default().to_string_lossy();
    let text = match error {
        MaterialError::Missing(_) => Text::new(
            "ese archivo no existe; gondola tls init hace lo que falta",
            "that file does not exist; gondola tls init makes what is missing",
        ),
        MaterialError::Expired(_) => Text::new(
            format!("ese certificado venció; corré gondola tls renew --service {name}"),
            format!("that certificate has expired; run gondola tls renew --service {name}"),
        ),
        MaterialError::NotYetValid(_) => Text::new(
            "ese certificado todavía no vale; fijate en la hora de la máquina",
            "that certificate is not valid yet; check the machine's clock",
        ),
        MaterialError::KeyMismatch(_) => Text::new(
            format!("ese certificado y su clave no van juntos; corré gondola tls renew --service {name}"),
            format!("that certificate and its key do not belong together; run gondola tls renew --service {name}"),
        ),
        MaterialError::TooOpen(_) => {
            Text::new("otros usuarios pueden leer esa clave: chmod 600", "other users can read that key: chmod 600")
        }
        MaterialError::NotPem(_) => Text::new("no contiene nada en formato PEM", "holds nothing in PEM format"),
        MaterialError::Io { source, .. } => {
            Text::new(format!("no se puede leer: {source}"), format!("cannot be read: {source}"))
        }
        MaterialError::Unusable { why, .. } => Text::new(format!("no sirve: {why}"), format!("cannot be used: {why}")),
    };
    Fault::new("tls.enabled", error.path().display(), text)
}
