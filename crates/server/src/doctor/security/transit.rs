//! What travels: is the certificate good and does somebody vouch for it, do the shop's own last, and are the database
//! and Redis reached over TLS where they are on another machine.

use std::io;
use std::path::Path;

use gondola_shop::kernel::{Face, Text};
use gondola_store::At;
use gondola_vault::certificates::{Material, MaterialError};

use super::Faults;
use super::target::{Sight, Target, is_this_machine};
use crate::config::Settings;
use crate::doctor::{Diagnosis, State};
use crate::tls::{self, inspect, issue::days_until, shelf};

const CHECK: &str = "in_transit";
/// Days a certificate has left when it is time to renew it, and when that is urgent (TLS-8).
const WARN_DAYS: i64 = 30;
const CRITICAL_DAYS: i64 = 7;

/// Judges what the target showed, and what the settings name.
pub(super) fn judge(
    settings: &Settings,
    data_dir: &Path,
    target: &Target,
    sight: Option<io::Result<Sight>>,
    now: At,
) -> Diagnosis {
    let mut faults = Faults::default();
    match sight {
        None => over_http(target, &mut faults),
        Some(Ok(sight)) => shown(&sight, now, &mut faults),
        Some(Err(error)) => faults.add(
            State::Critical,
            format!("no se llegó a ver el certificado: {error}"),
            format!("the certificate was not seen: {error}"),
        ),
    }
    servers(settings, &mut faults);
    if settings.tls_enabled {
        own(&tls::folder(data_dir), now, &mut faults);
        let hops = inspect::hops(settings, &tls::folder(data_dir), now);
        for hop in hops.into_iter().filter(|hop| hop.state == State::Critical) {
            let Text { es, en } = hop.detail;
            faults.add(State::Critical, es, en);
        }
    }
    let well = ("por TLS, con un certificado que vale", "over TLS, with a certificate that is good");
    faults.into_diagnosis(CHECK, well, [
        "Certificados: gondola tls verify, gondola tls renew; a otras máquinas, siempre https, sslmode=verify-full y rediss://.",
        "Certificates: gondola tls verify, gondola tls renew; to other machines always https, sslmode=verify-full and rediss://.",
    ])
}

fn over_http(target: &Target, faults: &mut Faults) {
    let state = if target.is_here() { State::Warn } else { State::Critical };
    faults.add(state, "va por http: quien está en la red lo lee", "goes over http: whoever is on the network reads it");
}

fn shown(sight: &Sight, now: At, faults: &mut Faults) {
    if let Some(reason) = sight.distrust {
        let (es, en) = inspect::words(reason);
        faults.add(
            State::Critical,
            format!("nadie responde por su certificado: {es} (¿hace falta --ca?)"),
            format!("nobody vouches for its certificate: {en} (is --ca needed?)"),
        );
    } else if let Some(facts) = &sight.certificate {
        lasting("el que muestra", "the one it shows", days_until(facts.not_after, now), faults);
    }
}

/// A certificate that is about to end.
fn lasting(es: &str, en: &str, days: i64, faults: &mut Faults) {
    let state = match days {
        ..CRITICAL_DAYS => State::Critical,
        CRITICAL_DAYS..WARN_DAYS => State::Warn,
        _ => return,
    };
    faults.add(
        state,
        format!("certificado: {es} vence en {days} días"),
        format!("certificate: {en} expires in {days} days"),
    );
}

/// The certificates that the faces serve, and every other in the folder.
fn own(folder: &Path, now: At, faults: &mut Faults) {
    for face in Face::ALL.into_iter().map(Face::name) {
        match Material::read(folder, face, now) {
            // That others may read a key is told by `secrets`.
            Ok(_) | Err(MaterialError::TooOpen(_)) => {}
            Err(error) => {
                let Text { es, en } = tls::fault(&error).text;
                faults.add(
                    State::Critical,
                    format!("certificado de {face}: {es}"),
                    format!("certificate of {face}: {en}"),
                );
            }
        }
    }
    for (name, facts) in shelf::certificates(folder) {
        match facts {
            Ok(facts) => {
                if let Some(first) = facts.first() {
                    lasting(
                        &format!("el de {name}"),
                        &format!("that of {name}"),
                        days_until(first.not_after, now),
                        faults,
                    );
                }
            }
            Err(error) => {
                faults.add(
                    State::Critical,
                    format!("{name}.crt no sirve: {error}"),
                    format!("{name}.crt is of no use: {error}"),
                );
            }
        }
    }
}

/// The database and Redis, where what is said to them leaves this machine.
fn servers(settings: &Settings, faults: &mut Faults) {
    let database = settings.database_url.as_ref().filter(|url| url.is_postgres());
    if database.is_some_and(|url| !url.verifies_the_server() && leaves(&url.0)) {
        faults.add(
            State::Critical,
            "a PostgreSQL se va sin verificar quién es (sslmode=verify-full)",
            "PostgreSQL is reached without verifying who it is (sslmode=verify-full)",
        );
    }
    if settings.redis_url.as_ref().is_some_and(|url| !url.is_encrypted() && leaves(&url.0)) {
        faults.add(State::Critical, "a Redis se va sin TLS (rediss://)", "Redis is reached without TLS (rediss://)");
    }
}

/// Whether a server of that address is on another machine.
fn leaves(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    // Nothing, or a path in disguise, is a socket of this machine.
    let socket = host.is_empty() || host.starts_with("%2f") || host.starts_with("%2F");
    !socket && !is_this_machine(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Origins, load};

    #[test]
    fn what_is_on_another_machine_is_told_from_what_is_here() {
        for here in [
            "postgres://u:p@127.0.0.1:5432/d",
            "postgres://localhost/d?sslmode=disable",
            "postgres:///d",
            "postgres://u@%2Fvar%2Frun/d",
            "redis://:a%40b@[::1]:6379/0",
        ] {
            assert!(!leaves(here), "{here}");
        }
        for there in ["postgres://u:p@db.example/d", "redis://10.0.0.7", "redis://:p@[fd00::7]:6379"] {
            assert!(leaves(there), "{there}");
        }
    }

    #[test]
    fn a_server_elsewhere_that_is_reached_in_the_clear_is_told() {
        let state = |flags: &[&str]| {
            let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
            let settings = load(&Origins { flags, ..Origins::default() }).unwrap().settings;
            let mut faults = Faults::default();
            servers(&settings, &mut faults);
            faults.into_diagnosis(CHECK, ("", ""), ["", ""]).state
        };
        assert_eq!(state(&[]), State::Ok);
        assert_eq!(state(&["redis.url=redis://127.0.0.1", "database.url=postgres://127.0.0.1/d"]), State::Ok);
        assert_eq!(state(&["redis.url=rediss://10.0.0.7"]), State::Ok);
        assert_eq!(state(&["redis.url=redis://10.0.0.7"]), State::Critical);
        assert_eq!(state(&["database.url=postgres://10.0.0.7/d?sslmode=verify-full"]), State::Ok);
        assert_eq!(state(&["database.url=postgres://10.0.0.7/d?sslmode=require"]), State::Critical);
    }

    /// TLS-8.
    #[test]
    fn a_certificate_warns_a_month_before_and_cries_a_week_before() {
        let state = |days| {
            let mut faults = Faults::default();
            lasting("", "", days, &mut faults);
            faults.into_diagnosis(CHECK, ("", ""), ["", ""]).state
        };
        assert_eq!([state(30), state(29), state(7), state(6)], [State::Ok, State::Warn, State::Warn, State::Critical]);
    }
}
