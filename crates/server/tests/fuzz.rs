//! What the server reads of strangers, and what comes back to the vault, damaged by the thousand (PEN-4): whom a proxy
//! says it was called by, host names, lists of networks, anchors typed from paper, envelopes, wrapped keys, key files,
//! certificates. The seed is printed; `GONDOLA_FUZZ_SEED` repeats a run, `GONDOLA_SOAK_MINUTES` makes it longer. How an
//! input is damaged and judged stands with the parsers of the shop.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each test binary uses its own part of this")]
#[path = "../../shop/tests/parsers/fuzz.rs"]
mod damage;

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use damage::Fuzz;
use gondola_server::anchors;
use gondola_server::config::{Origins, load};
use gondola_server::http::{Hosts, Proxies};
use gondola_shop::kernel::Lang;
use gondola_store::audit::{Anchor, AuditHead};
use gondola_vault::certificates::{names_of, read_all, signed_by_one_of};
use gondola_vault::{KeyUse, MasterKey, OpenError, Place, Suite, Vault, WrappedKey, hex, key_of, unhex};
use ipnet::IpNet;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Rounds in CI.
const ROUNDS: u64 = 20_000;

const CHAINS: [&str; 8] = [
    "198.51.100.1",
    "1.2.3.4, 198.51.100.1",
    "1.2.3.4, 198.51.100.1, fd00::7",
    "10.0.0.3, 10.0.0.4",
    "::ffff:198.51.100.1",
    "198.51.100.1, unknown",
    "1.2.3.4\n198.51.100.1",
    "[2001:db8::1]:443, 192.0.2.1:80",
];
const HOPS: [&str; 14] = [
    ",",
    ", ",
    "10.0.0.9",
    "fd00::1",
    "::ffff:10.0.0.1",
    "::",
    "%eth0",
    ":80",
    "[",
    "unknown",
    "\t",
    "\"",
    "256",
    "\n",
];

/// API-11: whoever called is who connected, or an address that one of our own proxies wrote.
#[test]
fn a_damaged_chain_of_proxies_names_nobody_that_ours_did_not() {
    let ours: Vec<IpNet> = ["10.0.0.0/24", "fd00::/8"].map(|network| network.parse().unwrap()).into();
    let is_ours = |address: &IpAddr| ours.iter().any(|network| network.contains(&address.to_canonical()));
    let proxies = Proxies::new(ours.clone());
    let peers: [IpAddr; 3] = ["10.0.0.2", "fd00::2", "203.0.113.9"].map(|peer| peer.parse().unwrap());
    Fuzz::new("chains of proxies", ROUNDS, CHAINS, &HOPS).each(|input| {
        let mut headers = HeaderMap::new();
        for value in input.split(|byte| *byte == b'\n') {
            let Ok(value) = HeaderValue::from_bytes(value) else { return false };
            headers.append("x-forwarded-for", value);
        }
        let hops = input
            .split(|byte| b"\n,".contains(byte))
            .map(|hop| std::str::from_utf8(hop).ok()?.trim().parse::<IpAddr>().ok());
        let hops: Vec<Option<IpAddr>> = hops.collect();
        for peer in peers {
            let caller = proxies.caller(peer, &headers);
            if caller == peer {
                continue;
            }
            assert!(is_ours(&peer), "{peer} is a stranger and says {caller}");
            // From the right, there are addresses of ours alone before the caller's.
            let at = hops.iter().rposition(|hop| hop.is_none_or(|hop| !is_ours(&hop))).unwrap_or(0);
            let behind = &hops[at..];
            let named = behind.iter().flatten().any(|hop| hop.to_canonical() == caller);
            assert!(named || hops.len() > 16, "{caller} was called by none of ours: {hops:?}");
        }
        hops.iter().all(Option::is_some)
    });
}

#[test]
fn a_damaged_host_is_ours_only_by_its_whole_name() {
    let names = ["localhost", "127.0.0.1", "[::1]", "shop.example"];
    let hosts = Hosts::new(names.map(str::to_owned));
    let asked = ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]", "[::1]:8080", "shop.example", "shop.example."];
    let words = &[":", ":80", ".", "@", "[", "]", "/", "evil.example", "localhost", "::1", "\u{212A}", "%00"];
    Fuzz::new("hosts", ROUNDS, asked, words).each_text(|text| {
        let ours = names.iter().any(|name| {
            let begins = text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            let rest =
                || text[name.len()..].strip_prefix(':').map(|port| port.chars().all(|digit| digit.is_ascii_digit()));
            begins && (text.len() == name.len() || rest() == Some(true))
        });
        assert_eq!(hosts.allow(text), ours, "{text:?}");
        ours
    });
}

const LISTS: [&str; 8] = [
    "10.0.0.0/24,192.168.0.10",
    " fd00::/8 , ::1",
    "localhost,127.0.0.1,[::1]",
    "https://shop.example,http://caja.example:8443",
    "08:00-23:30",
    "20:00-04:00",
    "America/Argentina/Buenos_Aires",
    "0.0.0.0/0",
];
const WORDS: [&str; 16] =
    [",", "/", "/33", "/0", ":", "::", "[", "]", "*", "https://", "-", "..", "/etc/passwd", "=", "10.", "é"];

/// A list of a setting is what it says, or every mistake in it is told in both languages.
#[test]
fn a_damaged_setting_is_read_or_told() {
    let keys = ["http.trusted_proxies", "http.hosts", "http.cors_origins", "shop.hours", "shop.time_zone"];
    Fuzz::new("settings", ROUNDS / 10, LISTS, &WORDS).each_text(|text| {
        let read = keys.map(|key| load(&Origins { flags: vec![format!("{key}={text}")], ..Origins::default() }));
        for fault in read.iter().filter_map(|read| read.as_ref().err()).flatten() {
            assert!(!fault.line(Lang::Es).is_empty() && !fault.line(Lang::En).is_empty(), "{text:?}");
        }
        let [Ok(networks), ..] = &read else { return false };
        for network in &networks.settings.http_trusted_proxies.0 {
            assert_eq!(network.to_string().parse(), Ok(*network), "{text:?}");
        }
        !text.trim().is_empty()
    });
}

/// AUD-7: an anchor that is typed in from paper is the one that was printed, or is refused.
#[test]
fn a_damaged_anchor_is_the_one_that_was_written_or_none() {
    let anchor = |place: i64| Anchor {
        head: AuditHead { position: place, hash: gondola_vault::sha256(&place.to_be_bytes()) },
        at: 1_795_392_000_000_000 + place % 1_000,
        key: [7; 32],
        signature: [u8::try_from(place % 251).unwrap(); 64],
    };
    let written: Vec<Anchor> = [0, 1, 12, 987_654_321, i64::MAX].map(anchor).into();
    let words = &["position", "at", "hash", "key", "signature", "check", "\n", " ", "00", "-", "Z", "12"];
    Fuzz::new("anchors", ROUNDS / 4, written.iter().map(anchors::write), words).each_text(|text| {
        let Ok(read) = anchors::read(text) else { return false };
        let same = |one: &&Anchor| (one.head, one.at, one.signature) == (read.head, read.at, read.signature);
        assert!(written.iter().any(|one| same(&one)), "{text:?}: {read:?}");
        assert_eq!(anchors::read(&anchors::write(&read)).unwrap(), read, "{text:?}");
        true
    });
}

const PLACE: Place<'static> = Place { table: "products", column: "acquisition_cost", row: b"1" };

/// A vault with a key of each suite, and its ring with and without the second one.
fn vault() -> (Vault, Vec<WrappedKey>, WrappedKey) {
    let master = MasterKey::from_bytes([42; 32]);
    let (vault, keys) = (Vault::default(), Vault::draw_ring(&master, Suite::Aes256Gcm));
    vault.unlock(&master, &keys).unwrap();
    let further = vault.draw_field_key(9, Suite::Aes256CbcHmac);
    (vault, keys, further)
}

/// ENC-1, ENC-9, ENC-12: whatever bytes lie where a sealed value should, they open as what was sealed there or are
/// refused by the one name that is true of them.
#[test]
fn a_damaged_envelope_opens_as_what_was_sealed_or_is_refused_by_name() {
    let (vault, keys, further) = vault();
    let plain: [&[u8]; 4] = [b"", b"1420.50", b"exactly sixteen!", &[7; 200]];
    let mut sealed: Vec<Vec<u8>> = plain.iter().map(|plain| vault.seal(PLACE, plain)).collect();
    vault.refresh(&[keys, vec![further]].concat()).unwrap();
    sealed.extend(plain.iter().map(|plain| vault.seal(PLACE, plain)));
    let elsewhere = Place { row: b"2", ..PLACE };
    let words = &["\u{1}\u{1}\0\0\0\u{1}", "\u{1}\u{2}\0\0\0\t", "\u{1}\u{3}", "\u{2}", "\0\0\0\u{2}", "\0\0\0\u{3}"];
    Fuzz::new("envelopes", ROUNDS, &sealed, words).each(|envelope| {
        let expected = match envelope {
            [1, suite, key @ ..] if key.len() >= 4 => match (suite, u32::from_be_bytes(key[..4].try_into().unwrap())) {
                (1 | 2, 1 | 9) => OpenError::BadTag,
                (1 | 2, _) => OpenError::UnknownKey,
                _ => OpenError::UnknownFormat,
            },
            _ => OpenError::UnknownFormat,
        };
        assert_eq!(key_of(envelope).is_some(), envelope.len() >= 6 && envelope[0] == 1);
        assert_eq!(vault.open(elsewhere, envelope).unwrap_err(), expected);
        match (vault.open(PLACE, envelope), sealed.iter().position(|sealed| sealed == envelope)) {
            (Ok(opened), Some(at)) => assert_eq!(opened.as_slice(), plain[at % plain.len()]),
            (Err(error), None) => assert_eq!(error, expected),
            (Ok(_), None) => panic!("what nobody sealed was opened"),
            (Err(error), Some(_)) => panic!("what was sealed did not open: {error}"),
        }
        sealed.iter().any(|sealed| sealed == envelope)
    });
}

/// ENC-7: a key that was bent, renamed or given another use does not get into the ring, and the ring goes on.
#[test]
fn a_damaged_wrapped_key_does_not_get_into_the_ring() {
    /// Version, iterations, salt and check stand before what is wrapped.
    const HEADER: usize = 29;
    let (vault, keys, further) = vault();
    let sealed = vault.seal(PLACE, b"kept");
    let uses = [Suite::Aes256Gcm, Suite::Aes256CbcHmac].map(KeyUse::Field).into_iter();
    let uses: Vec<KeyUse> = uses.chain([KeyUse::Index, KeyUse::Digest, KeyUse::Signing]).collect();
    // An input is a number, a use and the bytes.
    let good = [&[9, 1], further.bytes.as_slice()].concat();
    Fuzz::new("wrapped keys", ROUNDS, [good], &["\t", "\u{1}", "\0", "\u{5}"]).each(|input| {
        let [id, usage, bytes @ ..] = input else { return false };
        let usage = uses[usize::from(*usage) % uses.len()];
        let bent = WrappedKey { id: u32::from(*id), usage, bytes: bytes.to_vec() };
        vault.refresh(&keys).unwrap();
        let taken = vault.refresh(&[keys.clone(), vec![bent.clone()]].concat()).is_ok();
        let is_one = |one: &WrappedKey| (one.id, one.usage) == (bent.id, bent.usage);
        let whole = is_one(&further) && bent.bytes.get(HEADER..) == further.bytes.get(HEADER..);
        assert!(!taken || whole || keys.iter().any(is_one), "a key that nobody drew was taken");
        assert!(taken || !whole, "a whole key was refused");
        assert_eq!(vault.open(PLACE, &sealed).unwrap().as_slice(), b"kept");
        taken
    });
}

/// SEC-3: what is no draw of 32 bytes is no key.
#[test]
fn a_damaged_key_file_is_a_key_of_64_digits_or_none() {
    let keys = (0..3).map(|salt| hex(&gondola_vault::sha256(&[salt])) + "\n");
    let words = &["0", "f", "F", "00000000", "\n", " ", "0x", "é", "g", "ffffffffffffffffffffffffffffffff"];
    Fuzz::new("key files", ROUNDS, keys, words).each_text(|text| {
        let bytes = unhex(text);
        let lower = text.len().is_multiple_of(2) && text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
        assert_eq!(bytes.as_deref().map(hex), lower.then(|| text.to_owned()), "{text:?}");
        if text.contains('+') {
            return false;
        }
        let digits = text.trim();
        let whole = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let drawn = || unhex(&digits.to_ascii_lowercase()).unwrap().into_iter().collect::<BTreeSet<u8>>().len() >= 20;
        let key = MasterKey::from_hex(text);
        assert_eq!(key.is_ok(), whole && drawn(), "{text:?}");
        key.is_ok()
    });
}

/// An authority and a certificate of it, made for these tests; their keys were thrown away.
const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----
MIIBMjCB5aADAgECAhR0rVLJ3cnoGgdVK7RSi1K+bD3iqTAFBgMrZXAwDzENMAsG
A1UEAwwEc2hvcDAeFw0yNjExMjcwNjA0NThaFw0zNjExMjQwNjA0NThaMA8xDTAL
BgNVBAMMBHNob3AwKjAFBgMrZXADIQBFHNZgAiW2/LGwClfn2CwoRV0rsl+K+QD0
wXcOAD5vH6NTMFEwHQYDVR0OBBYEFOTz28l3nWwBxtp3RRA3RxkFZcXJMB8GA1Ud
IwQYMBaAFOTz28l3nWwBxtp3RRA3RxkFZcXJMA8GA1UdEwEB/wQFMAMBAf8wBQYD
K2VwA0EAHZ6n8AOVhLOobMLGnaDwKfLviEG4N2vlqDG3ejcCwUVAjo0w1r66XKy5
nJt+1e/SnONQMpQJZjzFiptHzLO9AQ==
-----END CERTIFICATE-----
";
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBdDCCASagAwIBAgIUPN1jkLHhpD5UP25xTFhaSPj3tqIwBQYDK2VwMA8xDTAL
BgNVBAMMBHNob3AwHhcNMjYxMTI3MDYwNDU4WhcNMzYxMTI0MDYwNDU4WjAPMQ0w
CwYDVQQDDARjYWphMCowBQYDK2VwAyEA5NTLJYWl/ypdyVeBJ00VyNjozk9E4Ewo
V0LavAs2klOjgZMwgZAwLwYDVR0RBCgwJoIMY2FqYS5leGFtcGxlhwTAqAAKhxD9
AAAAAAAAAAAAAAAAAAAQMB0GA1UdJQQWMBQGCCsGAQUFBwMCBggrBgEFBQcDATAd
BgNVHQ4EFgQUklrFMQg0RpsO9qEiL3HIgF+kxc4wHwYDVR0jBBgwFoAU5PPbyXed
bAHG2ndFEDdHGQVlxckwBQYDK2VwA0EAqX/q2WTT80XEWWmn1GVN5e2DriR44pf9
ZmbwD9PCz3PvzPD9TPvVP1Qf1wg1JLW3GP7rFYGMFU0CGFa7czKXAw==
-----END CERTIFICATE-----
";

/// Names of a certificate are good for `/metrics` once its authority has vouched for it; whatever it is, reading them
/// ends.
#[test]
fn a_damaged_certificate_is_read_or_nobodys() {
    let ders = [AUTHORITY, CERTIFICATE].map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec());
    let whole = names_of(&ders[1]);
    assert_eq!(whole, ["caja.example", "192.168.0.10", "fd00::10"]);
    let words =
        &["\u{30}\u{7f}", "0", "\u{2}\u{1}\u{1}", "\u{6}\u{3}", "\u{4}\u{4}", "\u{c}\u{4}", "\u{7f}\u{7f}\u{7f}\u{7f}"];
    Fuzz::new("certificates", ROUNDS, &ders, words).each(|der| {
        let names = names_of(der);
        assert!(names.iter().map(String::len).sum::<usize>() <= 40 * der.len(), "{names:?}");
        !names.is_empty()
    });
}

#[test]
fn a_damaged_file_of_certificates_is_read_or_refused() {
    let words =
        &["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN X-----", "\n", "=", "A", "MII"];
    let both = [CERTIFICATE, AUTHORITY].concat();
    let serial = read_all(CERTIFICATE.as_bytes()).unwrap()[0].serial.clone();
    Fuzz::new("files of certificates", ROUNDS / 2, [CERTIFICATE, AUTHORITY, &both], words).each(|pem| {
        let signed = signed_by_one_of(pem, AUTHORITY.as_bytes());
        let read = read_all(pem);
        if let Ok(facts) = &read {
            assert!(!facts.is_empty());
            let ours = facts[0].serial == serial || facts[0].name == "shop";
            assert!(!signed || ours, "the authority signed something else: {:?}", facts[0]);
        }
        read.is_ok()
    });
}
