//! Looking at what is there (TLS-10): every certificate, and every way that traffic takes between two
//! components whose certificates lie here.

use std::path::Path;

use gondola_shop::kernel::{Face, Text};
use gondola_store::At;
use gondola_vault::certificates::{Admission, Material, MaterialError};

use super::components::{COMPONENTS, HOPS, Hop, is_reached_by_people};
use super::issue::days_until;
use super::{admission, fault, shelf};
use crate::config::Settings;
use crate::doctor::State;

/// Days a certificate has left when it is time to renew it (TLS-8).
const WARN_DAYS: i64 = 30;
/// Days left when that is urgent.
const CRITICAL_DAYS: i64 = 7;

/// How a certificate or a way stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The component, or `from → to`.
    pub what: String,
    /// How it stands.
    pub state: State,
    /// Why.
    pub detail: Text,
}

impl Finding {
    fn new(what: impl Into<String>, state: State, es: impl Into<String>, en: impl Into<String>) -> Self {
        Self { what: what.into(), state, detail: Text::new(es, en) }
    }
}

/// Every certificate of a folder, and the faces' where there should be one.
pub fn certificates(settings: &Settings, folder: &Path, now: At) -> Vec<Finding> {
    let mut findings: Vec<Finding> = shelf::certificates(folder)
        .into_iter()
        .map(|(name, read)| match read {
            Err(error) => Finding::new(name, State::Critical, format!("no sirve: {error}"), error.to_string()),
            Ok(facts) => match broken(folder, &name, now) {
                Some(text) => Finding { what: name, state: State::Critical, detail: text },
                None => lasting(name, days_until(facts[0].not_after, now)),
            },
        })
        .collect();
    let missing = Face::ALL.into_iter().map(Face::name).filter(|face| !findings.iter().any(|of| of.what == **face));
    let missing: Vec<Finding> = missing
        .map(|face| {
            let state = if settings.tls_enabled { State::Critical } else { State::Warn };
            Finding::new(face, state, "no tiene certificado: gondola tls init", "has no certificate: gondola tls init")
        })
        .collect();
    findings.extend(missing);
    findings
}

/// What keeps a component from using its files.
fn broken(folder: &Path, name: &str, now: At) -> Option<Text> {
    // Only the authority's certificate lies here, not its key.
    if !COMPONENTS.iter().any(|component| component.name == name) {
        return None;
    }
    Material::read(folder, name, now).err().map(|error: MaterialError| fault(&error).text)
}

fn lasting(name: String, days: i64) -> Finding {
    let state = match days {
        ..CRITICAL_DAYS => State::Critical,
        CRITICAL_DAYS..WARN_DAYS => State::Warn,
        _ => State::Ok,
    };
    if days < 0 {
        return Finding::new(name, state, "venció", "has expired");
    }
    Finding::new(name, state, format!("vence en {days} días"), format!("expires in {days} days"))
}

/// Every way between two components that both have certificates here: whether either takes the other.
pub fn hops(settings: &Settings, folder: &Path, now: At) -> Vec<Finding> {
    HOPS.iter().filter_map(|hop| walk(settings, folder, hop, now)).collect()
}

fn walk(settings: &Settings, folder: &Path, hop: &Hop, now: At) -> Option<Finding> {
    let (from, to) = (Material::read(folder, hop.from, now).ok()?, Material::read(folder, hop.to, now).ok()?);
    if is_reached_by_people(hop.to) && !to.is_our_own() {
        // A certificate from elsewhere is for those who trust its authority.
        return None;
    }
    let what = format!("{} → {}", hop.from, hop.to);
    if let Err(reason) = from.would_call(&to, hop.to, now) {
        let (es, en) = words(reason);
        return Some(Finding::new(
            what,
            State::Critical,
            format!("{} no acepta el certificado de {}: {es}", hop.from, hop.to),
            format!("{} does not take the certificate of {}: {en}", hop.from, hop.to),
        ));
    }
    if hop.mutual
        && let Err(reason) = to.would_admit(&from, &lets_in(settings, hop), now)
    {
        let (es, en) = words(reason);
        return Some(Finding::new(
            what,
            State::Critical,
            format!("{} no deja entrar a {}: {es}", hop.to, hop.from),
            format!("{} does not let {} in: {en}", hop.to, hop.from),
        ));
    }
    let (es, en) = if hop.mutual { ("se reconocen", "each takes the other") } else { ("la reconoce", "takes it") };
    Some(Finding::new(what, State::Ok, es, en))
}

/// Whom the answering side lets in by certificate.
fn lets_in(settings: &Settings, hop: &Hop) -> Admission {
    match Face::ALL.into_iter().find(|face| face.name() == hop.to) {
        Some(face) => match admission(settings, face) {
            // Where nobody is asked, a certificate is no hindrance.
            Admission::Everybody => Admission::Everybody,
            Admission::Ask(names) | Admission::Only(names) => Admission::Only(names),
        },
        None => Admission::Only(vec![hop.from.to_owned()]),
    }
}

/// The reason why a certificate is not taken, in Spanish and in English.
pub fn words(reason: &str) -> (&'static str, &'static str) {
    match reason {
        "unknown_issuer" => ("lo firmó otra autoridad", "another authority signed it"),
        "expired" => ("venció", "it has expired"),
        "not_yet_valid" => ("todavía no vale", "it is not valid yet"),
        "wrong_name" => ("lleva otro nombre", "it bears another name"),
        "wrong_usage" => ("no es para eso", "it is not for that"),
        "revoked" => ("está revocado", "it is revoked"),
        "trust" => ("falta tls/ca.crt", "tls/ca.crt is missing"),
        _ => ("no sirve", "it is of no use"),
    }
}
