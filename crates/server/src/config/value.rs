//! The types of settings: each parses its own text and says what it would accept.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use axum::http::{HeaderValue, Uri};
use gondola_shop::kernel::time::Hours;
use gondola_shop::kernel::{Profile, Text};
use gondola_store::Role;
use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::schema::Kind;

/// A type a setting can have.
pub trait Value: Sized {
    /// How it is written.
    const KIND: Kind;

    /// The value, or what would be accepted.
    ///
    /// # Errors
    /// What would be accepted.
    fn parse(text: &str) -> Result<Self, Text>;
}

/// A setting that may be left out.
impl<T: Value> Value for Option<T> {
    const KIND: Kind = T::KIND;

    fn parse(text: &str) -> Result<Self, Text> {
        if text.is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Whole<MIN, MAX> {
    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl<const MIN: u64, const MAX: u64> Value for Whole<MIN, MAX> {
    const KIND: Kind = Kind::Whole { min: MIN, max: MAX };

    fn parse(text: &str) -> Result<Self, Text> {
        match text.parse() {
            Ok(number) if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            _ => Err(Text::new(
                format!("tiene que ser un número entero de {MIN} a {MAX}"),
                format!("must be a whole number from {MIN} to {MAX}"),
            )),
        }
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Switch;

    fn parse(text: &str) -> Result<Self, Text> {
        text.parse().map_err(|_| Text::new("tiene que ser true o false", "must be true or false"))
    }
}

/// Whether a listener asks callers for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCertificates {
    /// It does not.
    None,
    /// It does, and takes who has none.
    Optional,
    /// Nobody gets through without.
    Required,
}

impl Value for ClientCertificates {
    const KIND: Kind = Kind::Choice(&["none", "optional", "required"]);

    fn parse(text: &str) -> Result<Self, Text> {
        choose(Self::KIND, text, &[Self::None, Self::Optional, Self::Required])
    }
}

/// Names that stand in certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl Value for Names {
    const KIND: Kind = Kind::List;

    fn parse(text: &str) -> Result<Self, Text> {
        let names: Vec<String> = words(text).map(str::to_owned).collect();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        if names.iter().all(|name| name.bytes().all(plain)) {
            return Ok(Self(names));
        }
        Err(Text::new(
            "tiene que ser una lista de nombres de certificados, por ejemplo prometheus,edge",
            "must be a list of names in certificates, for example prometheus,edge",
        ))
    }
}

/// Networks, as `10.0.0.0/24`; an address alone is a network of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

impl Value for Networks {
    const KIND: Kind = Kind::List;

    fn parse(text: &str) -> Result<Self, Text> {
        let network = |word: &str| word.parse().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from));
        let networks: Option<Vec<IpNet>> = words(text).map(network).collect();
        networks.map(Self).ok_or_else(|| {
            Text::new(
                "tiene que ser una lista de redes o direcciones, por ejemplo 10.0.0.0/24,192.168.0.10",
                "must be a list of networks or addresses, for example 10.0.0.0/24,192.168.0.10",
            )
        })
    }
}

/// Sites, as browsers name them: `https://shop.example`, with the port when it is no usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins(pub Vec<HeaderValue>);

impl Value for Origins {
    const KIND: Kind = Kind::List;

    fn parse(text: &str) -> Result<Self, Text> {
        let origins: Option<Vec<HeaderValue>> = words(text).map(origin).collect();
        origins.map(Self).ok_or_else(|| {
            Text::new(
                "tiene que ser una lista de sitios, sin barra al final, por ejemplo https://tienda.example",
                "must be a list of sites, without a slash at the end, for example https://shop.example",
            )
        })
    }
}

fn origin(word: &str) -> Option<HeaderValue> {
    let uri: Uri = word.parse().ok()?;
    let plain =
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.contains('*'));
    let whole = !word.ends_with('/') && uri.path() == "/" && uri.query().is_none() && !word.contains('@');
    if plain && whole { HeaderValue::from_str(&word.to_ascii_lowercase()).ok() } else { None }
}

/// The words of a list; none of an empty one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// Roles of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(pub Vec<Role>);

impl Value for Roles {
    const KIND: Kind = Kind::List;

    fn parse(text: &str) -> Result<Self, Text> {
        let role = |word: &str| Role::ALL.into_iter().find(|role| role.code() == word);
        let roles: Option<Vec<Role>> = words(text).map(role).collect();
        roles.map(Self).ok_or_else(|| {
            let all = Role::ALL.map(Role::code).join(", ");
            Text::new(format!("tiene que ser una lista de roles: {all}"), format!("must be a list of roles: {all}"))
        })
    }
}

impl Value for SocketAddr {
    const KIND: Kind = Kind::Address;

    fn parse(text: &str) -> Result<Self, Text> {
        text.parse().map_err(|_| {
            Text::new(
                "tiene que ser una dirección IP y un puerto, por ejemplo 127.0.0.1:8080",
                "must be an IP address and a port, for example 127.0.0.1:8080",
            )
        })
    }
}

impl Value for PathBuf {
    const KIND: Kind = Kind::File;

    fn parse(text: &str) -> Result<Self, Text> {
        Ok(text.into())
    }
}

/// Names of hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts(pub Vec<String>);

impl Value for Hosts {
    const KIND: Kind = Kind::List;

    fn parse(text: &str) -> Result<Self, Text> {
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        let plain = |name: &String| {
            let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
        };
        let with_port = |name: &String| !name.starts_with('[') && name.contains(':');
        if names.iter().all(plain) && !names.iter().any(with_port) {
            return Ok(Self(names));
        }
        Err(Text::new(
            "tiene que ser una lista de nombres o direcciones sin puerto, por ejemplo tienda.example,192.168.0.10",
            "must be a list of names or addresses without port, for example shop.example,192.168.0.10",
        ))
    }
}

/// A time zone of the IANA database.
#[derive(Debug, Clone)]
pub struct Zone(pub TimeZone);

impl Value for Zone {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        TimeZone::get(text).map(Self).map_err(|_| {
            Text::new(
                "tiene que ser una zona horaria, por ejemplo America/Argentina/Buenos_Aires",
                "must be a time zone, for example America/Argentina/Buenos_Aires",
            )
        })
    }
}

/// What people call the shop; one line of at most 60 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopName(pub String);

impl Value for ShopName {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        let name = text.trim();
        if (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
            return Ok(Self(name.to_owned()));
        }
        Err(Text::new(
            "tiene que ser un nombre de 1 a 60 caracteres en un solo renglón",
            "must be a name of 1 to 60 characters on a single line",
        ))
    }
}

impl Value for Hours {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        Self::parse(text).ok_or_else(|| {
            Text::new(
                "tienen que ser dos horas, por ejemplo 08:00-23:30 o, pasando la medianoche, 20:00-04:00",
                "must be two times of day, for example 08:00-23:30 or, past midnight, 20:00-04:00",
            )
        })
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For reading on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object per line.
    Json,
    /// For reading.
    Pretty,
}

impl Value for LogFormat {
    const KIND: Kind = Kind::Choice(&["auto", "json", "pretty"]);

    fn parse(text: &str) -> Result<Self, Text> {
        choose(Self::KIND, text, &[Self::Auto, Self::Json, Self::Pretty])
    }
}

/// From which level on events are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLevel(pub tracing::Level);

impl Value for LogLevel {
    const KIND: Kind = Kind::Choice(&["error", "warn", "info", "debug"]);

    fn parse(text: &str) -> Result<Self, Text> {
        use tracing::Level;
        choose(Self::KIND, text, &[Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG]).map(Self)
    }
}

impl Value for Profile {
    const KIND: Kind = Kind::Choice(&["development", "production"]);

    fn parse(text: &str) -> Result<Self, Text> {
        choose(Self::KIND, text, &[Self::Development, Self::Production])
    }
}

/// The meaning at the place of `text` among the words of a [`Kind::Choice`].
fn choose<T: Copy>(kind: Kind, text: &str, meanings: &[T]) -> Result<T, Text> {
    let Kind::Choice(words) = kind else { unreachable!("only choices are chosen from") };
    let found = words.iter().zip(meanings).find(|(word, _)| **word == text);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words = words.join(", ");
        Text::new(format!("tiene que ser uno de: {words}"), format!("must be one of: {words}"))
    })
}
