//! What is typed about people and keys: names, passwords, scopes, networks, last days.

use std::net::IpAddr;

use gondola_shop::kernel::Problem;
use gondola_shop::people::{KeyInput, RotationInput, UserInput};
use gondola_store::At;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TEXTS: u64 = 10_000;
/// The instant of these tests: 2026-11-23.
const NOW: At = 1_795_392_000_000_000;
const DAY_US: At = 86_400_000_000;

/// A refusal names fields, and says what is wrong with each in both languages.
fn told(problem: Option<Problem>) {
    let Some(problem) = problem else { return };
    assert_eq!((problem.status.as_u16(), problem.code), (422, "invalid"), "{problem:?}");
    assert!(!problem.fields.is_empty(), "{problem:?}");
    assert!(
        problem.fields.iter().all(|field| !field.detail.es.is_empty() && !field.detail.en.is_empty()),
        "{problem:?}"
    );
}

const NETWORKS: [&str; 10] = [
    "192.168.1.0/24",
    " 10.0.0.7",
    "fd00::/8",
    "::1",
    "0.0.0.0/0",
    "::ffff:192.0.2.0/120",
    "2001:db8::/32",
    "192.168.1.7/24",
    "10.0.0.0/24, 192.168.0.10",
    "fe80::1%eth0",
];
const PARTS: [&str; 18] = [
    "/", "/0", "/33", "/129", "/-1", "/08", ".", ":", "::", ",", "0", "256", "ffff", "10.", "0x10", " ", "%", "::ffff:",
];

/// KEY-1: a network is the one that was meant, or is refused: never a wider one.
#[test]
fn a_damaged_network_is_read_as_itself_or_refused() {
    Fuzz::new("networks", TEXTS, NETWORKS, &PARTS).each_text(|text| {
        let input = |networks: Vec<String>| KeyInput {
            name: Some("caja".to_owned()),
            scopes: vec!["read".to_owned()],
            networks,
            ..KeyInput::default()
        };
        let key = match input(vec![text.to_owned()]).parse(NOW, &TimeZone::UTC) {
            Ok(key) => key,
            Err(problem) => {
                told(Some(problem));
                return false;
            }
        };
        let [network] = key.networks[..] else { panic!("{:?}", key.networks) };
        assert_eq!(network.network(), network.addr(), "{text:?}: {network}");
        let bare = text.trim();
        let (address, length) = bare.split_once('/').unwrap_or((bare, if bare.contains(':') { "128" } else { "32" }));
        let Ok(address) = address.parse::<IpAddr>() else { return false };
        assert_eq!(address, network.addr(), "{text:?}: {network}");
        assert_eq!(length.parse(), Ok(network.prefix_len()), "{text:?}: {network}");
        assert_eq!(network.to_string().parse::<IpNet>(), Ok(network), "{text:?}");
        true
    });
}

const DETAILS: [&str; 12] = [
    "marta.g",
    "Marta Gómez",
    "cashier",
    "manager",
    "deposito",
    "tres palabras sueltas",
    "contraseña123",
    "correct horse battery staple",
    "read",
    "write",
    "2026-12-31",
    "2027-11-20",
];
const LETTERS: [&str; 12] =
    [".", "_", "-", " ", "admin", "A", "ñ", "\u{301}", "\u{202E}", "2026-", "1234567890", "aaaaaaaaaaaaaaaaaaaaaaaa"];

#[test]
fn what_is_typed_about_a_damaged_user_is_kept_clean_or_told() {
    Fuzz::new("users", TEXTS, DETAILS, &LETTERS).each_text(|text| {
        let good = |text: &str| Some(text.to_owned());
        let user = || UserInput {
            username: good("marta.g"),
            name: good("Marta Gómez"),
            role: good("cashier"),
            location: None,
            password: good("tres palabras sueltas"),
        };
        let read = UserInput { username: good(text), ..user() }.parse();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let name = (3..=32).contains(&text.len()) && text.bytes().all(plain);
        assert_eq!(
            read.as_ref().ok().map(|user| user.username.clone()),
            name.then(|| text.to_ascii_lowercase()),
            "{text:?}"
        );
        told(read.err());
        let read = UserInput { name: good(text), ..user() }.parse();
        if let Ok(user) = &read {
            let kept = user.name.clone();
            assert!(
                !kept.is_empty() && kept.chars().count() <= 80 && !kept.contains(char::is_control),
                "{text:?}: {kept:?}"
            );
        }
        told(read.err());
        let read = UserInput { role: good(text), ..user() }.parse();
        assert!(read.as_ref().map_or(true, |user| user.role.code() == text), "{text:?}");
        told(read.err());
        let read = UserInput { location: good(text), ..user() }.parse();
        assert!(read.as_ref().map_or(true, |user| user.location.as_deref().unwrap_or_default() == text), "{text:?}");
        told(read.err());
        let read = UserInput { password: good(text), ..user() }.parse();
        assert!(read.is_err() || text.chars().count() >= 12 || !text.is_ascii(), "{text:?}");
        told(read.err());
        name
    });
}

/// KEY-6: whatever is asked, a key ends within a year and a day.
#[test]
fn a_damaged_key_ends_in_time_or_is_told() {
    let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
    Fuzz::new("keys", TEXTS, DETAILS, &LETTERS).each_text(|text| {
        let key = || KeyInput { name: Some("caja".to_owned()), scopes: vec!["read".to_owned()], ..KeyInput::default() };
        told(KeyInput { name: Some(text.to_owned()), ..key() }.parse(NOW, &zone).err());
        told(KeyInput { location: Some(text.to_owned()), ..key() }.parse(NOW, &zone).err());
        told(KeyInput { quota: text.parse().ok(), ..key() }.parse(NOW, &zone).err());
        let read = KeyInput { scopes: text.split(' ').map(str::to_owned).collect(), ..key() }.parse(NOW, &zone);
        let scopes = ["read", "write", "admin", "metrics"];
        let words = || text.split([' ', ',']).map(str::trim);
        assert!(read.is_err() || words().all(|word| scopes.contains(&word)), "{text:?}");
        told(read.err());
        let read = KeyInput { expires_on: Some(text.to_owned()), ..key() }.parse(NOW, &zone);
        let rotated = RotationInput { expires_on: Some(text.to_owned()), ..RotationInput::default() };
        let rotated = rotated.rotate(Uuid::from_u128(1), [7; 32], NOW, &zone);
        assert_eq!(read.is_ok(), rotated.is_ok(), "{text:?}");
        let Ok(key) = read else {
            told(read.err());
            return false;
        };
        assert!((NOW..=NOW + 367 * DAY_US).contains(&key.expires_at), "{text:?}: {}", key.expires_at);
        true
    });
}
