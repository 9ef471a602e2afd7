//! Issuing: a certificate authority of the shop's own, and the certificates it signs.

use std::net::IpAddr;
use std::time::Duration;

use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RevokedCertParams,
    RsaKeySize, SanType, SerialNumber,
};
use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject;
use time::OffsetDateTime;
use x509_parser::prelude::{CertificateRevocationList, FromDer};

use super::facts::Facts;

use crate::random::{Randomness, SystemRandomness};

/// How long before now a certificate begins, so that a machine whose clock is behind takes it.
const BEGINS_BEFORE: Duration = Duration::from_secs(300);
/// Bytes of a serial number: 126 of its bits are random.
const SERIAL_BYTES: usize = 16;

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// A name or address that cannot stand in a certificate.
    #[error("{0} cannot stand in a certificate as a name or address")]
    BadHost(String),
    /// The authority's certificate, key or revocation list is none, or of another.
    #[error("the authority's files cannot be used: {0}")]
    Authority(String),
    /// The library refused.
    #[error(transparent)]
    Library(#[from] rcgen::Error),
}

/// The kind of a certificate's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with 4096 bits, which everything understands.
    Rsa4096,
    /// ECDSA over P-256: smaller and quicker.
    P256,
}

impl KeyKind {
    fn draw(self) -> Result<KeyPair, rcgen::Error> {
        match self {
            Self::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096),
            Self::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        }
    }

    /// RSA keys also carry the key exchange of old TLS 1.2 clients; ECDSA keys only sign.
    fn usages(self) -> Vec<KeyUsagePurpose> {
        match self {
            Self::Rsa4096 => vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
            Self::P256 => vec![KeyUsagePurpose::DigitalSignature],
        }
    }
}

/// A certificate to be issued.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The component's name: the common name, and the first of its names.
    pub name: &'a str,
    /// Further names and addresses it is reached by.
    pub hosts: &'a [String],
    /// Whether it answers connections.
    pub server: bool,
    /// Whether it makes connections.
    pub client: bool,
    /// The kind of its key.
    pub kind: KeyKind,
    /// How long it is good for.
    pub valid: Duration,
}

/// A certificate and its private key, in PEM.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// A certificate authority: what signs.
pub struct Authority {
    name: String,
    issuer: Issuer<'static, KeyPair>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority(***)")
    }
}

impl Authority {
    /// Makes an authority of that name, good for `valid` from `now` (Unix time in microseconds).
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn found(name: &str, kind: KeyKind, valid: Duration, now: i64) -> Result<(Self, Issued), IssueError> {
        let key = kind.draw()?;
        let mut params = params(name, valid, now)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages =
            vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        let certificate = params.self_signed(&key)?.pem();
        let issued = Issued { certificate, key: key.serialize_pem() };
        Ok((Self { name: name.to_owned(), issuer: Issuer::new(params, key) }, issued))
    }

    /// The authority of a certificate and its key, both PEM. Of a bundle, the first certificate counts.
    ///
    /// # Errors
    /// [`IssueError::Authority`].
    pub fn of(certificate: &str, key: &str) -> Result<Self, IssueError> {
        let broken = |error: rcgen::Error| IssueError::Authority(error.to_string());
        let key = KeyPair::from_pem(key).map_err(broken)?;
        let first =
            super::read_all(certificate.as_bytes()).map_err(|error| IssueError::Authority(error.to_string()))?;
        let name = first.into_iter().next().filter(|facts| facts.public_key == key.public_key_raw());
        let Some(Facts { name, .. }) = name else {
            return Err(IssueError::Authority("the key is not the one of the certificate".to_owned()));
        };
        Ok(Self { name, issuer: Issuer::from_ca_cert_pem(certificate, key).map_err(broken)? })
    }

    /// Its common name, which stands as the issuer in what it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs a new certificate with a new key.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn issue(&self, wanted: &Wanted<'_>, now: i64) -> Result<Issued, IssueError> {
        let key = wanted.kind.draw()?;
        let mut params = params(wanted.name, wanted.valid, now)?;
        params.subject_alt_names = std::iter::once(wanted.name)
            .chain(wanted.hosts.iter().map(String::as_str))
            .map(san)
            .collect::<Result<_, _>>()?;
        params.key_usages = wanted.kind.usages();
        if wanted.server {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        }
        if wanted.client {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Issued { certificate, key: key.serialize_pem() })
    }

    /// The revocation lists of a file (PEM), in which this authority's own has one serial number more,
    /// revoked at `now`; lists of other authorities stay as they are.
    ///
    /// # Errors
    /// [`IssueError::Authority`] for what is no list.
    pub fn revoke(&self, lists: Option<&str>, serial: &[u8], valid: Duration, now: i64) -> Result<String, IssueError> {
        let broken = |what: String| IssueError::Authority(what);
        let (mut revoked, mut others) = (Vec::new(), String::new());
        for list in CertificateRevocationListDer::pem_slice_iter(lists.unwrap_or_default().as_bytes()) {
            let list = list.map_err(|error| broken(error.to_string()))?;
            let (_, read) = CertificateRevocationList::from_der(&list).map_err(|error| broken(error.to_string()))?;
            if read.issuer().iter_common_name().find_map(|name| name.as_str().ok()) == Some(self.name.as_str()) {
                let entries = read.iter_revoked_certificates();
                revoked.extend(entries.map(|entry| (entry.raw_serial().to_vec(), entry.revocation_date.timestamp())));
            } else {
                others.push_str(&pem::encode_config(&Pem::new("X509 CRL", list.to_vec()), unix_lines()));
            }
        }
        let seconds = now.div_euclid(1_000_000);
        if !revoked.iter().any(|(known, _)| known == serial) {
            revoked.push((serial.to_vec(), seconds));
        }
        let entry = |(serial, when): (Vec<u8>, i64)| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&serial),
                revocation_time: instant(when)?,
                reason_code: None,
                invalidity_date: None,
            })
        };
        let list = CertificateRevocationListParams {
            this_update: instant(seconds)?,
            next_update: instant(seconds)? + valid,
            crl_number: SerialNumber::from(seconds.unsigned_abs()),
            issuing_distribution_point: None,
            revoked_certs: revoked.into_iter().map(entry).collect::<Result<_, IssueError>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.pem()? + &others)
    }
}

fn unix_lines() -> EncodeConfig {
    EncodeConfig::new().set_line_ending(LineEnding::LF)
}

fn params(name: &str, valid: Duration, now: i64) -> Result<CertificateParams, IssueError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Góndola");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = instant(now.div_euclid(1_000_000))? - BEGINS_BEFORE;
    params.not_after = params.not_before + valid;
    params.serial_number = Some(serial());
    Ok(params)
}

/// Random, positive, and as long as it says.
fn serial() -> SerialNumber {
    let mut bytes = [0; SERIAL_BYTES];
    SystemRandomness.fill(&mut bytes);
    bytes[0] = bytes[0] & 0x3f | 0x40;
    SerialNumber::from_slice(&bytes)
}

fn san(host: &str) -> Result<SanType, IssueError> {
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(SanType::IpAddress(address));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'*');
    let bad = || IssueError::BadHost(host.to_owned());
    if host.is_empty() || !host.bytes().all(plain) {
        return Err(bad());
    }
    host.try_into().map(SanType::DnsName).map_err(|_| bad())
}

fn instant(seconds: i64) -> Result<OffsetDateTime, IssueError> {
    OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|_| IssueError::Authority("the clock is out of range".to_owned()))
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use x509_parser::extensions::ExtendedKeyUsage;
    use x509_parser::prelude::X509Certificate;

    use super::*;

    const NOW: i64 = 1_795_435_200_000_000;
    const DAY: Duration = Duration::from_secs(24 * 3600);
    const NOTHING: ExtendedKeyUsage<'_> = ExtendedKeyUsage {
        any: false,
        server_auth: false,
        client_auth: false,
        code_signing: false,
        email_protection: false,
        time_stamping: false,
        ocsp_signing: false,
        other: Vec::new(),
    };

    /// What the key of a certificate is for, which whoever reads it has to understand; what the certificate is for, and how
    /// many authorities may stand between it and what it signs.
    #[track_caller]
    fn assert_uses(pem: &str, key: &str, ends: Option<&ExtendedKeyUsage<'_>>, signs: Option<u32>) {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let (_, read) = X509Certificate::from_der(&der).unwrap();
        let usage = read.key_usage().unwrap().unwrap();
        assert_eq!((usage.value.to_string().as_str(), usage.critical), (key, true));
        assert_eq!(read.extended_key_usage().unwrap().map(|usage| usage.value), ends);
        let constraints = read.basic_constraints().unwrap().filter(|of| of.value.ca);
        assert_eq!(constraints.as_ref().and_then(|of| of.value.path_len_constraint), signs);
        assert_eq!(constraints.is_some_and(|of| of.critical), signs.is_some());
    }

    /// TLS-1: an authority signs certificates and lists; a component's key signs handshakes (and with RSA takes the keys of old
    /// ones), at the ends of a connection that it was issued for.
    #[test]
    fn a_certificate_is_for_what_it_was_issued_for() {
        let (authority, own) = Authority::found("Góndola CA", KeyKind::P256, 2 * DAY, NOW).unwrap();
        assert_uses(&own.certificate, "Digital Signature, Key Cert Sign, CRL Sign", None, Some(0));
        let issued = |kind: KeyKind, ends: &ExtendedKeyUsage<'_>| {
            let (server, client) = (ends.server_auth, ends.client_auth);
            let wanted = Wanted { name: "edge", hosts: &[], server, client, kind, valid: DAY };
            authority.issue(&wanted, NOW).unwrap().certificate
        };
        let answers = ExtendedKeyUsage { server_auth: true, ..NOTHING };
        let calls = ExtendedKeyUsage { client_auth: true, ..NOTHING };
        let both = ExtendedKeyUsage { client_auth: true, ..answers.clone() };
        for ends in [&answers, &calls, &both] {
            assert_uses(&issued(KeyKind::P256, ends), "Digital Signature", Some(ends), None);
        }
        assert_uses(&issued(KeyKind::Rsa4096, &answers), "Digital Signature, Key Encipherment", Some(&answers), None);
    }
}
