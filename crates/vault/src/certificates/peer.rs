//! The two ends of a connection: what a listener shows and whom it lets in, what a caller trusts.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{
    CertificateError as Bad, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    ServerConfig, SignatureScheme,
};

use super::facts::Facts;

/// What a listener is set up with. Only TLS 1.2 and 1.3 exist in it, and of 1.2 only suites with forward
/// secrecy and authenticated encryption (TLS-4).
pub type PeerConfig = Arc<ServerConfig>;

/// Why a component's files are of no use.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    /// There is no such file.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("read {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others may read the key.
    #[error("others may read the key {0}")]
    TooOpen(PathBuf),
    /// It holds nothing of the kind.
    #[error("{0} holds no certificate, key or revocation list in PEM")]
    NotPem(PathBuf),
    /// Its time is over.
    #[error("the certificate {0} has expired")]
    Expired(PathBuf),
    /// Its time has not begun.
    #[error("the certificate {0} is not valid yet")]
    NotYetValid(PathBuf),
    /// The key belongs to another certificate.
    #[error("the certificate {0} and its key do not belong together")]
    KeyMismatch(PathBuf),
    /// The library takes it for unusable.
    #[error("{path} cannot be used: {why}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the library says.
        why: String,
    },
}

impl MaterialError {
    /// The file that is to blame.
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing(path)
            | Self::TooOpen(path)
            | Self::NotPem(path)
            | Self::Expired(path)
            | Self::NotYetValid(path)
            | Self::KeyMismatch(path)
            | Self::Io { path, .. }
            | Self::Unusable { path, .. } => path,
        }
    }
}

/// Whom a listener lets in, besides what the request itself proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Nobody is asked for a certificate.
    Everybody,
    /// Who has a certificate shows it; one that is bad or of none of these names is refused.
    Ask(Vec<String>),
    /// Nobody without a certificate of one of these names.
    Only(Vec<String>),
}

/// A component's certificate with its chain, its key, whom it trusts and what was revoked.
pub struct Material {
    file: PathBuf,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    roots: Vec<CertificateDer<'static>>,
    revoked: Vec<CertificateRevocationListDer<'static>>,
}

impl std::fmt::Debug for Material {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Material").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Material {
    /// Reads `NAME.crt`, `NAME.key`, `ca.crt` and `ca.crl` of a folder; the last two may be missing.
    ///
    /// # Errors
    /// [`MaterialError`], also for a certificate that is not good at `now` (Unix time, microseconds).
    pub fn read(folder: &Path, name: &str, now: i64) -> Result<Self, MaterialError> {
        let (file, key_file) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
        let chain = all_of(&file, CertificateDer::pem_slice_iter(&bytes(&file)?))?;
        let key_pem = bytes(&key_file)?;
        let io = |source| MaterialError::Io { path: key_file.clone(), source };
        if fs::metadata(&key_file).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(MaterialError::TooOpen(key_file));
        }
        let key = PrivateKeyDer::from_pem_slice(&key_pem).map_err(|_| MaterialError::NotPem(key_file.clone()))?;
        let (roots_file, revoked_file) = (folder.join("ca.crt"), folder.join("ca.crl"));
        let roots = match bytes(&roots_file) {
            Ok(pem) => all_of(&roots_file, CertificateDer::pem_slice_iter(&pem))?,
            Err(MaterialError::Missing(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let revoked = match bytes(&revoked_file) {
            Ok(pem) => all_of(&revoked_file, CertificateRevocationListDer::pem_slice_iter(&pem))?,
            Err(MaterialError::Missing(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let material = Self { file, chain, key, roots, revoked };
        material.is_good(now)?;
        Ok(material)
    }

    fn is_good(&self, now: i64) -> Result<(), MaterialError> {
        let unusable = |why: String| MaterialError::Unusable { path: self.file.clone(), why };
        let facts = Facts::of(&self.chain[0]).map_err(|error| unusable(error.to_string()))?;
        let seconds = now.div_euclid(1_000_000);
        if seconds > facts.not_after {
            return Err(MaterialError::Expired(self.file.clone()));
        }
        if seconds < facts.not_before {
            return Err(MaterialError::NotYetValid(self.file.clone()));
        }
        self.listener(&Admission::Everybody).map(drop)
    }

    /// The setup of a listener that shows this certificate.
    ///
    /// # Errors
    /// [`MaterialError`] when key and certificate do not belong together, or nobody is trusted though
    /// certificates are asked for.
    pub fn listener(&self, admission: &Admission) -> Result<PeerConfig, MaterialError> {
        let unusable = |error: String| MaterialError::Unusable { path: self.file.clone(), why: error };
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?;
        let builder = match self.client_verifier(admission)? {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let single = builder.with_single_cert(self.chain.clone(), self.key.clone_key());
        let mut config = single.map_err(|error| match error {
            Error::InconsistentKeys(_) => MaterialError::KeyMismatch(self.file.clone()),
            error => unusable(error.to_string()),
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if *admission != Admission::Everybody {
            // Who comes back would be taken for who they were, whatever became of their certificate since.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Arc::new(config))
    }

    /// The setup of a caller that takes nothing from the other side but this same certificate: how a machine
    /// asks its own faces. Where nobody gets through without a certificate, it shows this one.
    ///
    /// # Errors
    /// [`MaterialError`].
    pub fn caller_of_itself(&self, admission: &Admission) -> Result<Caller, MaterialError> {
        let unusable = |error: Error| MaterialError::Unusable { path: self.file.clone(), why: error.to_string() };
        let pinned = Pinned { certificate: self.chain[0].clone(), provider: provider() };
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned));
        Ok(Arc::new(match admission {
            Admission::Only(_) => {
                builder.with_client_auth_cert(self.chain.clone(), self.key.clone_key()).map_err(unusable)?
            }
            Admission::Everybody | Admission::Ask(_) => builder.with_no_client_auth(),
        }))
    }

    /// Whether one of the authorities that it trusts signed it; a certificate from elsewhere is nobody's
    /// business here.
    pub fn is_our_own(&self) -> bool {
        let verified = |root: &CertificateDer<'_>| super::facts::signed(&self.chain[0], root);
        self.roots.iter().any(verified)
    }

    /// Whether somebody who trusts what `self` trusts would take `other` for the server of that name.
    ///
    /// # Errors
    /// The reason, as [`handshake_failure`] names it.
    pub fn would_call(&self, other: &Self, name: &str, now: i64) -> Result<(), &'static str> {
        let builder = WebPkiServerVerifier::builder_with_provider(self.root_store()?, provider());
        let verifier = builder
            .with_crls(self.revoked.clone())
            .only_check_end_entity_revocation()
            .allow_unknown_revocation_status()
            .build()
            .map_err(|_| "trust")?;
        let name = ServerName::try_from(name.to_owned()).map_err(|_| "wrong_name")?;
        let verdict = verifier.verify_server_cert(&other.chain[0], &other.chain[1..], &name, &[], unix(now));
        verdict.map(drop).map_err(|error| reason(&error))
    }

    /// Whether `self` would let `other` in under `admission`.
    ///
    /// # Errors
    /// The reason, as [`handshake_failure`] names it.
    pub fn would_admit(&self, other: &Self, admission: &Admission, now: i64) -> Result<(), &'static str> {
        let Some(verifier) = self.client_verifier(admission).map_err(|_| "trust")? else { return Ok(()) };
        let verdict = verifier.verify_client_cert(&other.chain[0], &other.chain[1..], unix(now));
        verdict.map(drop).map_err(|error| reason(&error))
    }

    fn root_store(&self) -> Result<Arc<RootCertStore>, &'static str> {
        let mut roots = RootCertStore::empty();
        let (taken, _) = roots.add_parsable_certificates(self.roots.iter().cloned());
        if taken == 0 { Err("trust") } else { Ok(Arc::new(roots)) }
    }

    fn client_verifier(&self, admission: &Admission) -> Result<Option<Arc<dyn ClientCertVerifier>>, MaterialError> {
        let (names, required) = match admission {
            Admission::Everybody => return Ok(None),
            // Where no authority is trusted there is nobody to ask for one of its certificates.
            Admission::Ask(_) if self.roots.is_empty() => return Ok(None),
            Admission::Ask(names) => (names, false),
            Admission::Only(names) => (names, true),
        };
        let roots_file = self.file.with_file_name("ca.crt");
        let roots = self.root_store().map_err(|_| MaterialError::Missing(roots_file.clone()))?;
        let mut builder = WebPkiClientVerifier::builder_with_provider(roots, provider())
            .with_crls(self.revoked.clone())
            .only_check_end_entity_revocation()
            .allow_unknown_revocation_status();
        if !required {
            builder = builder.allow_unauthenticated();
        }
        let unusable = |why: String| MaterialError::Unusable { path: roots_file, why };
        let inner = builder.build().map_err(|error| unusable(error.to_string()))?;
        Ok(Some(Arc::new(Named { inner, names: names.clone() })))
    }
}

/// What a caller is set up with.
pub type Caller = Arc<ClientConfig>;

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn unix(now: i64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_micros(now.unsigned_abs()))
}

fn bytes(file: &Path) -> Result<Vec<u8>, MaterialError> {
    fs::read(file).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => MaterialError::Missing(file.to_owned()),
        _ => MaterialError::Io { path: file.to_owned(), source },
    })
}

fn all_of<T, E>(file: &Path, found: impl Iterator<Item = Result<T, E>>) -> Result<Vec<T>, MaterialError> {
    let all: Vec<T> = found.collect::<Result<_, _>>().map_err(|_| MaterialError::NotPem(file.to_owned()))?;
    if all.is_empty() { Err(MaterialError::NotPem(file.to_owned())) } else { Ok(all) }
}

/// The names a certificate is good for; none for what is no certificate.
pub fn names_of(der: &[u8]) -> Vec<String> {
    Facts::of(der).map(|facts| facts.hosts).unwrap_or_default()
}

/// Lets in whom the authority vouches for, if it is one of these.
#[derive(Debug)]
struct Named {
    inner: Arc<dyn ClientCertVerifier>,
    names: Vec<String>,
}

impl ClientCertVerifier for Named {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now)?;
        if names_of(end_entity).iter().any(|name| self.names.contains(name)) {
            Ok(verified)
        } else {
            Err(Error::InvalidCertificate(Bad::NotValidForName))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Takes one certificate and no other; that the other side holds its key is verified as always.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(Bad::UnknownIssuer))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Reasons that [`handshake_failure`] can give: few, so that they can be counted.
pub const HANDSHAKE_FAILURES: [&str; 10] = [
    "no_certificate",
    "unknown_issuer",
    "expired",
    "not_yet_valid",
    "wrong_name",
    "wrong_usage",
    "revoked",
    "protocol",
    "timeout",
    "other",
];

/// Why a connection came to nothing, in one word of [`HANDSHAKE_FAILURES`].
pub fn handshake_failure(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::TimedOut {
        return "timeout";
    }
    error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).map_or("other", reason)
}

fn reason(error: &Error) -> &'static str {
    match error {
        Error::NoCertificatesPresented => "no_certificate",
        Error::InvalidCertificate(bad) => match bad {
            Bad::UnknownIssuer | Bad::BadSignature => "unknown_issuer",
            Bad::Expired | Bad::ExpiredContext { .. } => "expired",
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "not_yet_valid",
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => "wrong_name",
            Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => "wrong_usage",
            Bad::Revoked => "revoked",
            _ => "other",
        },
        Error::PeerIncompatible(_) | Error::PeerMisbehaved(_) | Error::InvalidMessage(_) | Error::AlertReceived(_) => {
            "protocol"
        }
        _ => "other",
    }
}
