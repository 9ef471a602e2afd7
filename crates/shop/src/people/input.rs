//! What people and programs send about users and keys, still as text, and how it becomes a command:
//! all problems at once. Pages, API and command line fill the same inputs.

use std::net::IpAddr;

use gondola_store::{At, Role, Scopes};
use gondola_vault::Digest;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::commands::{CreateKey, RotateKey};
use super::passwords::Password;
use super::refusal::PeopleRefusal;
use super::{KEY_DAYS_DEFAULT, KEY_DAYS_MAX, MINUTE_US, OVERLAP_HOURS_DEFAULT, OVERLAP_HOURS_MAX};
use crate::kernel::text::clean_line;
use crate::kernel::{Errors, Problem, Text, time};

/// Characters of a user name at least.
pub const USERNAME_MIN: usize = 3;
/// Characters of a user name at most.
pub const USERNAME_MAX: usize = 32;
/// Characters of a person's name at most.
pub const NAME_MAX: usize = 80;
/// Characters of a key's name at most.
pub const KEY_NAME_MAX: usize = 60;
/// Characters of a location's code at most.
const LOCATION_CODE_MAX: usize = 30;
/// Requests per 60 seconds of a key at most.
pub const QUOTA_MAX: i64 = 1_000_000;
/// Networks of a key at most.
pub const NETWORKS_MAX: usize = 20;

/// What a new user is made from.
#[derive(Debug, Default)]
pub struct UserInput {
    /// What they log in with.
    pub username: Option<String>,
    /// What others know them by.
    pub name: Option<String>,
    /// The role's code.
    pub role: Option<String>,
    /// The code of the one location they may see and touch; blank means all.
    pub location: Option<String>,
    /// The password.
    pub password: Option<String>,
}

/// A new user whose values are good.
pub struct NewUser {
    /// What they log in with.
    pub username: String,
    /// What others know them by.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The code of their one location.
    pub location: Option<String>,
    /// The password, still to be hashed.
    pub password: Password,
}

impl UserInput {
    /// The values, checked all at once.
    ///
    /// # Errors
    /// 422 with every field's problem.
    pub fn parse(self) -> Result<NewUser, Problem> {
        let mut errors = Errors::new();
        let username = errors.required("username", self.username);
        let username = username.and_then(|text| errors.take("username", parse_username(&text)));
        let name = errors.required("name", self.name);
        let name = name.and_then(|text| parse_name(&mut errors, &text, NAME_MAX));
        let role = errors.required("role", self.role).and_then(|code| parse_role(&mut errors, &code));
        let password = errors.required("password", self.password);
        let location = parse_location(&mut errors, self.location);
        let known_as = username.clone().unwrap_or_default();
        let password = password.and_then(|text| errors.take("password", Password::choose(&text, &known_as)));
        errors.finish()?;
        let (Some(username), Some(name), Some(role), Some(password)) = (username, name, role, password) else {
            return Err(Problem::internal());
        };
        Ok(NewUser { username, name, role, location, password })
    }
}

/// What a new key is made from.
#[derive(Debug, Default)]
pub struct KeyInput {
    /// The name people give it.
    pub name: Option<String>,
    /// Codes of scopes.
    pub scopes: Vec<String>,
    /// Requests per 60 seconds.
    pub quota: Option<i64>,
    /// The last day it is good, `2026-12-31`; none means 60 days from now.
    pub expires_on: Option<String>,
    /// The networks it may come from, `192.168.1.0/24` or one address each; none means any.
    pub networks: Vec<String>,
    /// The code of the one location it may see and touch; blank means all.
    pub location: Option<String>,
}

/// A new key whose values are good.
pub struct NewKey {
    /// The name people give it.
    pub name: String,
    /// What it is good for.
    pub scopes: Scopes,
    /// Requests per 60 seconds.
    pub quota: Option<i64>,
    /// When it ends by itself.
    pub expires_at: At,
    /// The networks it may come from; empty means any.
    pub networks: Vec<IpNet>,
    /// The code of its one location.
    pub location: Option<String>,
}

impl NewKey {
    /// The command that makes it with the secret of that digest.
    pub fn create(self, secret_hash: Digest) -> CreateKey {
        CreateKey {
            name: self.name,
            scopes: self.scopes,
            quota: self.quota,
            networks: self.networks,
            location: self.location,
            expires_at: self.expires_at,
            secret_hash,
        }
    }
}

/// How a key gets another secret.
#[derive(Debug, Default)]
pub struct RotationInput {
    /// Hours that the secret until now stays good; none means 24.
    pub overlap_hours: Option<i64>,
    /// The last day the new one is good, `2026-12-31`; none means 60 days from now.
    pub expires_on: Option<String>,
}

impl RotationInput {
    /// The command that gives a key the secret of that digest, checked at an instant in the shop's zone.
    ///
    /// # Errors
    /// 422 with every field's problem.
    pub fn rotate(self, id: Uuid, secret_hash: Digest, now: At, zone: &TimeZone) -> Result<RotateKey, Problem> {
        let mut errors = Errors::new();
        let hours = self.overlap_hours.unwrap_or(OVERLAP_HOURS_DEFAULT);
        if !(0..=OVERLAP_HOURS_MAX).contains(&hours) {
            errors.add(
                "overlap_hours",
                "out_of_range",
                format!("Va de 0 a {OVERLAP_HOURS_MAX} horas."),
                format!("It goes from 0 to {OVERLAP_HOURS_MAX} hours."),
            );
        }
        let expires_at = parse_expiry(&mut errors, self.expires_on.as_deref(), now, zone);
        errors.finish()?;
        let expires_at = expires_at.ok_or_else(Problem::internal)?;
        Ok(RotateKey { id, secret_hash, expires_at, previous_until: now + hours * 60 * MINUTE_US })
    }
}

impl KeyInput {
    /// The values, checked all at once, at an instant in the shop's zone.
    ///
    /// # Errors
    /// 422 with every field's problem.
    pub fn parse(self, now: At, zone: &TimeZone) -> Result<NewKey, Problem> {
        let mut errors = Errors::new();
        let name = errors.required("name", self.name);
        let name = name.and_then(|text| parse_name(&mut errors, &text, KEY_NAME_MAX));
        let scopes = parse_scopes(&mut errors, &self.scopes);
        if self.quota.is_some_and(|quota| !(1..=QUOTA_MAX).contains(&quota)) {
            errors.add(
                "quota",
                "out_of_range",
                "Va de 1 a 1.000.000 pedidos por minuto.",
                "It goes from 1 to 1,000,000 requests a minute.",
            );
        }
        let networks = parse_networks(&mut errors, &self.networks);
        let location = parse_location(&mut errors, self.location);
        let expires_at = parse_expiry(&mut errors, self.expires_on.as_deref(), now, zone);
        errors.finish()?;
        let (Some(name), Some(scopes), Some(expires_at)) = (name, scopes, expires_at) else {
            return Err(Problem::internal());
        };
        Ok(NewKey { name, scopes, quota: self.quota, expires_at, networks, location })
    }
}

/// A user name as it is looked up: trimmed, in lower case.
pub fn fold_username(raw: &str) -> String {
    raw.trim().chars().take(USERNAME_MAX + 1).collect::<String>().to_lowercase()
}

/// Whether anybody could have that name.
pub fn could_be_username(raw: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (USERNAME_MIN..=USERNAME_MAX).contains(&raw.len()) && raw.bytes().all(allowed)
}

fn parse_username(raw: &str) -> Result<String, (&'static str, Text)> {
    if could_be_username(raw) {
        return Ok(raw.to_ascii_lowercase());
    }
    Err((
        "bad_username",
        Text::new(
            format!(
                "Lleva de {USERNAME_MIN} a {USERNAME_MAX} letras sin acento, números, puntos o guiones, sin espacios."
            ),
            format!("It has {USERNAME_MIN} to {USERNAME_MAX} plain letters, digits, dots or dashes, without spaces."),
        ),
    ))
}

/// A name of at least one character.
pub fn parse_name(errors: &mut Errors, raw: &str, max: usize) -> Option<String> {
    let name = errors.take("name", clean_line(raw, max))?;
    if name.is_empty() {
        return errors.required("name", None);
    }
    Some(name)
}

/// A role by its code.
pub fn parse_role(errors: &mut Errors, code: &str) -> Option<Role> {
    let role = Role::from_code(code);
    if role.is_none() {
        let known = Role::ALL.map(Role::code).join(", ");
        errors.add("role", "unknown_role", format!("Los roles son: {known}."), format!("The roles are: {known}."));
    }
    role
}

fn parse_scopes(errors: &mut Errors, codes: &[String]) -> Option<Scopes> {
    if codes.is_empty() {
        errors.add("scopes", "required", "Elegí para qué sirve la clave.", "Choose what the key is good for.");
        return None;
    }
    match Scopes::parse(&codes.join(",")) {
        Ok(scopes) => Some(scopes),
        Err(_) => {
            errors.add(
                "scopes",
                "unknown_scope",
                "Se acepta: read, write, admin, metrics.",
                "Accepted: read, write, admin, metrics.",
            );
            None
        }
    }
}

/// The code of somebody's one location; blank means all. What no location can be called is none.
pub fn parse_location(errors: &mut Errors, text: Option<String>) -> Option<String> {
    let code = text.filter(|code| !code.is_empty())?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    if code.len() <= LOCATION_CODE_MAX && code.bytes().all(plain) {
        return Some(code);
    }
    let refusal = PeopleRefusal::UnknownLocation(code);
    errors.take("location", Err((refusal.code(), refusal.text())))
}

/// Networks or single addresses. One whose address has bits beyond its length was meant otherwise and is refused.
fn parse_networks(errors: &mut Errors, texts: &[String]) -> Vec<IpNet> {
    let network = |text: &String| {
        let text = text.trim();
        // The address as the standard library reads it, which takes no leading zeros: some read those as octal.
        let address: IpAddr = text.split_once('/').map_or(text, |(address, _)| address).parse().ok()?;
        let network = if text.contains('/') { text.parse().ok()? } else { IpNet::from(address) };
        (network.trunc() == network).then_some(network)
    };
    let networks: Vec<IpNet> = texts.iter().filter_map(network).collect();
    if networks.len() < texts.len() || texts.len() > NETWORKS_MAX {
        errors.add(
            "networks",
            "bad_network",
            format!("Son hasta {NETWORKS_MAX} redes como 192.168.1.0/24 o direcciones como 192.168.1.20."),
            format!("They are up to {NETWORKS_MAX} networks such as 192.168.1.0/24 or addresses such as 192.168.1.20."),
        );
    }
    networks
}

/// The end of the last day the key is good.
fn parse_expiry(errors: &mut Errors, text: Option<&str>, now: At, zone: &TimeZone) -> Option<At> {
    let today = time::local_day(now, zone);
    let last_day = match text {
        None => today + KEY_DAYS_DEFAULT,
        Some(text) => match time::parse_day(text) {
            Some(day) if (today..=today + KEY_DAYS_MAX).contains(&day) => day,
            read => {
                let code = if read.is_some() { "out_of_range" } else { "bad_date" };
                errors.add(
                    "expires_on",
                    code,
                    format!("Es una fecha como 2026-12-31, desde hoy y hasta dentro de {KEY_DAYS_MAX} días."),
                    format!("It is a date such as 2026-12-31, from today and within {KEY_DAYS_MAX} days."),
                );
                return None;
            }
        },
    };
    Some(time::day_start(last_day + 1, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(problem: Problem) -> Vec<String> {
        problem.fields.into_iter().map(|field| field.field).collect()
    }

    #[test]
    fn a_network_is_written_as_everybody_reads_it() {
        let read = |text: &str| {
            let mut errors = Errors::new();
            let networks = parse_networks(&mut errors, &[text.to_owned()]);
            errors.finish().ok().map(|()| networks[0].to_string())
        };
        assert_eq!(read("192.168.1.0/24").as_deref(), Some("192.168.1.0/24"));
        assert_eq!(read("10.0.0.7").as_deref(), Some("10.0.0.7/32"));
        assert_eq!(read("2001:db8::/32").as_deref(), Some("2001:db8::/32"));
        for bad in ["010.0.0.0/8", "192.168.001.0/24", "010.0.0.1", "192.168.1.5/24", "10.0.0.0/33", "10.0.0/24"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn all_problems_of_a_user_are_told_at_once() {
        let input = UserInput {
            username: Some("ña".to_owned()),
            name: Some(" ".to_owned()),
            role: Some("boss".to_owned()),
            location: None,
            password: Some("short".to_owned()),
        };
        assert_eq!(fields(input.parse().err().unwrap()), ["username", "name", "role", "password"]);
        assert_eq!(fields(UserInput::default().parse().err().unwrap()), ["username", "name", "role", "password"]);
    }

    #[test]
    fn a_user_name_is_kept_in_lower_case() {
        let input = UserInput {
            username: Some("Marta.G".to_owned()),
            name: Some("Marta Gómez".to_owned()),
            role: Some("cashier".to_owned()),
            location: Some(String::new()),
            password: Some("tres palabras sueltas".to_owned()),
        };
        let user = input.parse().unwrap();
        assert_eq!((user.username.as_str(), user.role, user.location), ("marta.g", Role::Cashier, None));
    }

    /// KEY-6: 60 days unless said otherwise, 365 at most.
    #[test]
    fn a_key_ends_after_its_last_day() {
        let zone = TimeZone::UTC;
        let now = time::parse_instant("2026-11-23T10:00:00Z").unwrap();
        let key = |expires_on: Option<&str>| {
            KeyInput {
                name: Some("caja".to_owned()),
                scopes: vec!["read".to_owned(), "write".to_owned()],
                expires_on: expires_on.map(str::to_owned),
                ..KeyInput::default()
            }
            .parse(now, &zone)
        };
        let ends = |expires_on| time::format_instant(key(expires_on).unwrap().expires_at);
        assert_eq!(ends(None), "2027-01-23T00:00:00Z");
        assert_eq!(ends(Some("2026-11-23")), "2026-11-24T00:00:00Z");
        assert_eq!(ends(Some("2027-11-23")), "2027-11-24T00:00:00Z");
        for bad in ["2026-11-22", "2027-11-24", "31/12/2026"] {
            assert_eq!(fields(key(Some(bad)).err().unwrap()), ["expires_on"], "{bad}");
        }
    }

    /// KEY-1: networks of both families and single addresses; a mistyped one is told, never widened.
    #[test]
    fn a_key_may_be_bound_to_networks() {
        let key = |networks: &[&str]| {
            KeyInput {
                name: Some("caja".to_owned()),
                scopes: vec!["read".to_owned()],
                networks: networks.iter().map(|text| (*text).to_owned()).collect(),
                ..KeyInput::default()
            }
            .parse(0, &TimeZone::UTC)
        };
        let read = key(&["192.168.1.0/24", " 10.0.0.7", "fd00::/8"]).unwrap().networks;
        assert_eq!(
            read.iter().map(IpNet::to_string).collect::<Vec<_>>(),
            ["192.168.1.0/24", "10.0.0.7/32", "fd00::/8"]
        );
        assert!(key(&[]).unwrap().networks.is_empty());
        for bad in ["192.168.1.7/24", "192.168.1.0/33", "localhost", "", "10.0.0.0/8,10.0.0.1"] {
            assert_eq!(fields(key(&[bad]).err().unwrap()), ["networks"], "{bad}");
        }
        assert_eq!(fields(key(&["10.0.0.7"; 21]).err().unwrap()), ["networks"]);
    }

    #[test]
    fn all_problems_of_a_key_are_told_at_once() {
        let input = KeyInput { quota: Some(0), scopes: vec!["root".to_owned()], ..KeyInput::default() };
        assert_eq!(fields(input.parse(0, &TimeZone::UTC).err().unwrap()), ["name", "scopes", "quota"]);
    }
}
