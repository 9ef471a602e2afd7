//! Making certificates: everything that is missing at once, again before they expire, by a new authority,
//! and the list of those that are not good any more.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use gondola_store::At;
use gondola_vault::certificates::{
    Authority, CertificateError, Facts, IssueError, Issued, KeyKind, Material, Wanted, read_all, signed_by_one_of,
};
use gondola_vault::{Randomness, SystemRandomness, hex};

use super::components::{COMPONENTS, Component, is_reached_by_people};
use super::shelf::{AUTHORITY, Shelf};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long an authority signs (TLS-3).
const AUTHORITY_VALID: Duration = Duration::from_secs(1_825 * 24 * 3600);
/// How long a component's certificate is good, unless less is asked for (TLS-3).
pub const LEAF_VALID: Duration = Duration::from_secs(365 * 24 * 3600);
/// Which certificates `gondola tls renew` takes by itself, by the days they have left.
pub const RENEWED_BEFORE_DAYS: u32 = 30;
/// Where every component can be reached by whoever is on its machine.
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Why certificates were not made. What was made before stays.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The authority's key is not where it is looked for.
    #[error("the authority's key is not in {0}")]
    NoAuthorityKey(PathBuf),
    /// A component has no certificate that could be revoked.
    #[error("{0} has no certificate")]
    NoCertificate(String),
    /// A certificate was signed by an authority that is not the one that signs now.
    #[error("{0} was signed by an earlier authority")]
    EarlierAuthority(String),
    /// Certificates that an earlier authority signed are still in use.
    #[error("signed by an earlier authority: {}", .0.join(", "))]
    StillInUse(Vec<String>),
    /// A file could not be read or written.
    #[error("use the files of the certificates")]
    Io(#[from] io::Error),
    /// A file holds no certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The certificate could not be made.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

/// How certificates are made.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The kind of keys; without it, the kind of the certificate before, or RSA.
    pub kind: Option<KeyKind>,
    /// Names and addresses by which the faces and the edge are reached.
    pub hosts: Vec<String>,
    /// How long they are good; without it, a year.
    pub valid: Option<Duration>,
    /// Make also what is still good.
    pub force: bool,
    /// Whether the components were named one by one: only then is a certificate from elsewhere replaced.
    pub named: bool,
}

/// What became of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The component, or `ca`.
    pub name: String,
    /// Whether it was made now.
    pub issued: bool,
    /// Until when it is good, Unix time in seconds.
    pub until: i64,
    /// Its serial number, in hexadecimal.
    pub serial: String,
}

impl Outcome {
    fn of(name: &str, issued: bool, facts: &Facts) -> Self {
        Self { name: name.to_owned(), issued, until: facts.not_after, serial: facts.serial_hex() }
    }
}

/// Makes the authority where there is none, and the certificates of these components that are missing, of no
/// use or lack a name.
///
/// # Errors
/// [`TlsError`].
pub fn init(shelf: &Shelf, components: &[&Component], terms: &Terms, now: At) -> Result<Vec<Outcome>, TlsError> {
    shelf.make()?;
    let mut outcomes = vec![found_authority(shelf, terms, now)?];
    for component in components {
        let spared = !terms.named && is_from_elsewhere(shelf, component.name)?;
        let good = if terms.force && !spared { None } else { good(shelf, component, terms, now)? };
        outcomes.push(match good {
            Some(facts) => kept(component.name, &facts),
            None => issue(shelf, component, terms, now)?,
        });
    }
    Ok(outcomes)
}

/// Makes the certificates of these components anew; of those that have one and soon have none, when none are
/// named. The authority stays.
///
/// # Errors
/// [`TlsError`].
pub fn renew(shelf: &Shelf, named: &[&Component], terms: &Terms, now: At) -> Result<Vec<Outcome>, TlsError> {
    if !named.is_empty() {
        return named.iter().map(|component| issue(shelf, component, terms, now)).collect();
    }
    let mut outcomes = Vec::new();
    for component in &COMPONENTS {
        let Some(read) = shelf.find(component.name)? else { continue };
        if is_from_elsewhere(shelf, component.name)? {
            continue;
        }
        let lasting = read.ok().and_then(|facts| facts.into_iter().next()).filter(|facts| {
            let left = facts.not_after - now.div_euclid(1_000_000);
            !terms.force && left > i64::from(RENEWED_BEFORE_DAYS) * 24 * 3600
        });
        outcomes.push(match lasting {
            Some(facts) => kept(component.name, &facts),
            None => issue(shelf, component, terms, now)?,
        });
    }
    Ok(outcomes)
}

/// Makes a new authority, which signs from now on; the earlier ones are trusted until [`forget_earlier`].
///
/// # Errors
/// [`TlsError`].
pub fn roll_over(shelf: &Shelf, terms: &Terms, now: At) -> Result<Outcome, TlsError> {
    shelf.make()?;
    let earlier = shelf.authority_text("crt")?.unwrap_or_default();
    new_authority(shelf, &earlier, terms, now)
}

/// Trusts no authority any more but the one that signs.
///
/// # Errors
/// [`TlsError::StillInUse`] while a certificate of an earlier one lies here.
pub fn forget_earlier(shelf: &Shelf) -> Result<(), TlsError> {
    let bundle = shelf.authority_text("crt")?.ok_or_else(|| TlsError::NoAuthorityKey(shelf.authority.clone()))?;
    let (authority, _) = signing(shelf)?;
    let mut others = Vec::new();
    for (name, read) in super::shelf::certificates(&shelf.folder) {
        let of_another = read.is_ok_and(|read| read.first().is_some_and(|of| of.issuer != authority.name()));
        if name != AUTHORITY && of_another && !is_from_elsewhere(shelf, &name)? {
            others.push(name);
        }
    }
    if !others.is_empty() {
        return Err(TlsError::StillInUse(others));
    }
    Ok(shelf.keep_trust(first_of(&bundle))?)
}

/// What is to be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// The certificate that a component has now.
    Of(String),
    /// The one of that serial number that the present authority signed, wherever it is.
    Serial(Vec<u8>),
}

/// Puts a certificate on the list of those that are not good any more; answers its serial number.
///
/// # Errors
/// [`TlsError`].
pub fn revoke(shelf: &Shelf, revoked: &Revoked, now: At) -> Result<Vec<u8>, TlsError> {
    let (authority, _) = signing(shelf)?;
    let serial = match revoked {
        Revoked::Serial(serial) => serial.clone(),
        Revoked::Of(name) => {
            let facts = present(shelf, name)?.ok_or_else(|| TlsError::NoCertificate(name.clone()))?;
            if facts.issuer != authority.name() {
                return Err(TlsError::EarlierAuthority(name.clone()));
            }
            facts.serial
        }
    };
    let lists = shelf.text(AUTHORITY, "crl")?;
    shelf.keep_revoked(&authority.revoke(lists.as_deref(), &serial, AUTHORITY_VALID, now)?)?;
    Ok(serial)
}

fn found_authority(shelf: &Shelf, terms: &Terms, now: At) -> Result<Outcome, TlsError> {
    if let Some(bundle) = shelf.authority_text("crt")? {
        // Whoever was interrupted between the two folders finds both alike again.
        if shelf.text(AUTHORITY, "crt")?.as_ref() != Some(&bundle) {
            shelf.keep_trust(&bundle)?;
        }
        let facts = read_all(bundle.as_bytes())?;
        return Ok(kept(AUTHORITY, &facts[0]));
    }
    if shelf.text(AUTHORITY, "crt")?.is_some() {
        // Somebody keeps the authority's key elsewhere: another one must not take its place silently.
        return Err(TlsError::NoAuthorityKey(shelf.authority.clone()));
    }
    new_authority(shelf, "", terms, now)
}

fn new_authority(shelf: &Shelf, earlier: &str, terms: &Terms, now: At) -> Result<Outcome, TlsError> {
    let mut mark = [0; 4];
    SystemRandomness.fill(&mut mark);
    let kind = terms.kind.unwrap_or(KeyKind::Rsa4096);
    let (_, issued) = Authority::found(&format!("Góndola CA {}", hex(&mark)), kind, AUTHORITY_VALID, now)?;
    shelf.keep_authority(&issued.key, &(issued.certificate.clone() + earlier))?;
    let facts = read_all(issued.certificate.as_bytes())?;
    Ok(Outcome::of(AUTHORITY, true, &facts[0]))
}

/// The authority that signs, and its certificate.
fn signing(shelf: &Shelf) -> Result<(Authority, Facts), TlsError> {
    let missing = || TlsError::NoAuthorityKey(shelf.authority.clone());
    let certificate = shelf.authority_text("crt")?.ok_or_else(missing)?;
    let key = shelf.authority_text("key")?.ok_or_else(missing)?;
    let facts = read_all(certificate.as_bytes())?.swap_remove(0);
    Ok((Authority::of(first_of(&certificate), &key)?, facts))
}

fn issue(shelf: &Shelf, component: &Component, terms: &Terms, now: At) -> Result<Outcome, TlsError> {
    let (authority, signer) = signing(shelf)?;
    // The faces own that folder: what somebody else signed says nothing about what a component is called.
    let before = if is_from_elsewhere(shelf, component.name)? { None } else { present(shelf, component.name)? };
    let kind_before =
        before.as_ref().map(|facts| if facts.key.starts_with("EC") { KeyKind::P256 } else { KeyKind::Rsa4096 });
    let mut hosts = hosts(component, terms);
    for host in before.into_iter().flat_map(|facts| facts.hosts) {
        if host != component.name && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    // Nobody trusts a certificate longer than who signed it.
    let left = Duration::from_secs((signer.not_after - now.div_euclid(1_000_000)).max(0).unsigned_abs());
    let wanted = Wanted {
        name: component.name,
        hosts: &hosts,
        server: component.server,
        client: component.client,
        kind: terms.kind.or(kind_before).unwrap_or(KeyKind::Rsa4096),
        valid: terms.valid.unwrap_or(LEAF_VALID).min(left),
    };
    let issued: Issued = authority.issue(&wanted, now)?;
    shelf.keep(component.name, &issued)?;
    let facts = read_all(issued.certificate.as_bytes())?;
    Ok(Outcome::of(component.name, true, &facts[0]))
}

/// The certificate of a component that needs no other one.
fn good(shelf: &Shelf, component: &Component, terms: &Terms, now: At) -> Result<Option<Facts>, TlsError> {
    if Material::read(&shelf.folder, component.name, now).is_err() {
        return Ok(None);
    }
    let present = present(shelf, component.name)?;
    if is_from_elsewhere(shelf, component.name)? {
        return Ok(present);
    }
    Ok(present.filter(|facts| hosts(component, terms).iter().all(|host| facts.hosts.contains(host))))
}

/// What a component's certificate says; none where there is none that can be read.
fn present(shelf: &Shelf, name: &str) -> Result<Option<Facts>, TlsError> {
    Ok(shelf.find(name)?.and_then(Result::ok).and_then(|facts| facts.into_iter().next()))
}

/// Whether a certificate is of somebody else's authority: it is served, and never touched unless it is named.
fn is_from_elsewhere(shelf: &Shelf, name: &str) -> Result<bool, TlsError> {
    let (certificate, bundle) = (shelf.text(name, "crt")?, shelf.authority_text("crt")?);
    let (Some(certificate), Some(bundle)) = (certificate, bundle) else { return Ok(false) };
    Ok(read_all(certificate.as_bytes()).is_ok() && !signed_by_one_of(certificate.as_bytes(), bundle.as_bytes()))
}

/// How a component is reached, besides by its name: plain, sorted as they come, none twice.
fn hosts(component: &Component, terms: &Terms) -> Vec<String> {
    let told = terms.hosts.iter().map(String::as_str).filter(|_| is_reached_by_people(component.name));
    let mut hosts = Vec::new();
    for host in HERE.into_iter().chain(told) {
        let host = host.trim_matches(['[', ']']);
        let host = host.parse::<IpAddr>().map_or_else(|_| host.to_owned(), |address| address.to_string());
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

fn kept(name: &str, facts: &Facts) -> Outcome {
    Outcome::of(name, false, facts)
}

/// The first certificate of a bundle, as text.
fn first_of(bundle: &str) -> &str {
    const END: &str = "-----END CERTIFICATE-----\n";
    bundle.find(END).map_or(bundle, |at| &bundle[..at + END.len()])
}

/// Whole days until a Unix time (seconds), rounded down; negative when it is over.
pub fn days_until(until: i64, now: At) -> i64 {
    (until - now.div_euclid(1_000_000)).div_euclid(i64::try_from(DAY.as_secs()).expect("a day fits"))
}
