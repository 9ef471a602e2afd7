//! What stands in a certificate, for people and for checks.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;

use crate::random::hex;

/// Why a certificate could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No certificate in PEM.
    #[error("there is no certificate in PEM")]
    NotPem,
    /// PEM, and no certificate of X.509.
    #[error("this is no certificate: {0}")]
    NotACertificate(String),
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The common name.
    pub name: String,
    /// The common name of who signed it.
    pub issuer: String,
    /// Names and addresses it is good for.
    pub hosts: Vec<String>,
    /// The serial number.
    pub serial: Vec<u8>,
    /// From when on, Unix time in seconds.
    pub not_before: i64,
    /// Until when, Unix time in seconds.
    pub not_after: i64,
    /// Whether it may sign others.
    pub authority: bool,
    /// Whether it is for who answers connections.
    pub server: bool,
    /// Whether it is for who makes connections.
    pub client: bool,
    /// The X.509 version: 3.
    pub version: u32,
    /// The kind and size of the key: `RSA 4096`, `EC 256`.
    pub key: String,
    /// The algorithm it is signed with, by its number: `1.2.840.113549.1.1.11`.
    pub signed_with: String,
    /// The public key's bits.
    pub(super) public_key: Vec<u8>,
}

impl Facts {
    /// Reads one certificate in DER.
    ///
    /// # Errors
    /// [`CertificateError::NotACertificate`].
    pub fn of(der: &[u8]) -> Result<Self, CertificateError> {
        let broken = |what: String| CertificateError::NotACertificate(what);
        let (_, read) = X509Certificate::from_der(der).map_err(|error| broken(error.to_string()))?;
        let usage = read.extended_key_usage().map_err(|error| broken(error.to_string()))?;
        let names = read.subject_alternative_name().map_err(|error| broken(error.to_string()))?;
        let key = match read.public_key().parsed().map_err(|error| broken(error.to_string()))? {
            PublicKey::RSA(key) => format!("RSA {}", key.key_size()),
            PublicKey::EC(point) => format!("EC {}", point.key_size()),
            _ => "?".to_owned(),
        };
        Ok(Self {
            name: common_name(read.subject()),
            issuer: common_name(read.issuer()),
            hosts: names.map(|names| names.value.general_names.iter().filter_map(host).collect()).unwrap_or_default(),
            serial: read.raw_serial().to_vec(),
            not_before: read.validity().not_before.timestamp(),
            not_after: read.validity().not_after.timestamp(),
            authority: read.is_ca(),
            server: usage.as_ref().is_some_and(|usage| usage.value.server_auth),
            client: usage.as_ref().is_some_and(|usage| usage.value.client_auth),
            version: read.version().0 + 1,
            key,
            signed_with: read.signature_algorithm.algorithm.to_id_string(),
            public_key: read.public_key().subject_public_key.data.to_vec(),
        })
    }

    /// The serial number in hexadecimal.
    pub fn serial_hex(&self) -> String {
        hex(&self.serial)
    }
}

/// Whether one of these authorities (PEM) signed the first certificate of a file (PEM). What cannot be read was
/// signed by nobody.
pub fn signed_by_one_of(certificate: &[u8], authorities: &[u8]) -> bool {
    let Some(Ok(certificate)) = CertificateDer::pem_slice_iter(certificate).next() else { return false };
    CertificateDer::pem_slice_iter(authorities).flatten().any(|authority| signed(&certificate, &authority))
}

/// Whether one certificate (DER) was signed with the key of another.
pub(super) fn signed(certificate: &[u8], authority: &[u8]) -> bool {
    let (Ok((_, certificate)), Ok((_, authority))) =
        (X509Certificate::from_der(certificate), X509Certificate::from_der(authority))
    else {
        return false;
    };
    certificate.verify_signature(Some(authority.public_key())).is_ok()
}

fn common_name(name: &X509Name<'_>) -> String {
    name.iter_common_name().find_map(|name| name.as_str().ok()).unwrap_or_default().to_owned()
}

fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(std::net::Ipv4Addr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string()),
            16 => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Reads every certificate of a PEM file, in its order.
///
/// # Errors
/// [`CertificateError`].
pub fn read_all(pem: &[u8]) -> Result<Vec<Facts>, CertificateError> {
    let ders: Vec<CertificateDer<'_>> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| CertificateError::NotPem)?;
    if ders.is_empty() {
        return Err(CertificateError::NotPem);
    }
    ders.iter().map(|der| Facts::of(der)).collect()
}
