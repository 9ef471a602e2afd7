//! Which TLS is spoken at every port of a shop, seen by first messages that no library of today would send (TLS-4).
//! Certificates are of RSA here: with others, suites that exchange keys by RSA would be refused for want of a key. The
//! ports of Prometheus and Alertmanager are met in `monitoring`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use gondola_server::doctor::security::hello::client_hello;
use gondola_testkit::redis;

use crate::process::connect;
use crate::production::postgres;
use crate::production::shop::Shop;
use crate::tls_client::Client;

const TLS_1_2: [u8; 2] = [3, 3];
const FORWARD_SECRECY: u16 = 0xc02f;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
/// What an alert says: nothing in common, or an old version.
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;

/// Suites whose key exchange has no forward secrecy: RSA with GCM, CBC and RC4, and fixed Diffie-Hellman keys.
const WITHOUT_FORWARD_SECRECY: [u16; 9] = [0x009c, 0x009d, 0x002f, 0x0035, 0x003c, 0x003d, 0x0005, 0xc031, 0xc02d];
/// Suites with forward secrecy and without authenticated encryption, or without any.
const WITHOUT_AUTHENTICATED_ENCRYPTION: [u16; 7] = [0xc013, 0xc014, 0xc009, 0xc00a, 0xc027, 0xc011, 0xc010];

/// What the answer to a first message begins with, and the last of its first seven bytes: what an alert says.
fn answer(mut stream: TcpStream, version: [u8; 2], suites: &[u16]) -> (u8, u8) {
    stream.write_all(&client_hello(version, suites, None)).unwrap();
    let mut first = [0; 7];
    stream.read_exact(&mut first).unwrap_or_else(|error| panic!("{version:?} {suites:04x?}: {error}"));
    (first[0], first[6])
}

/// Holds a port, which shows a certificate of RSA, to TLS 1.2 and 1.3 and to good suites; it is met by connections on
/// which TLS is about to begin.
pub fn speaks_nothing_old(port: &str, client: &Client, connection: impl Fn() -> TcpStream) {
    // The message itself is a good one: with a good suite beside the bad ones it is taken up.
    for suites in [&[FORWARD_SECRECY][..], &[0x009c, 0xc013, FORWARD_SECRECY]] {
        assert_eq!(answer(connection(), TLS_1_2, suites).0, HANDSHAKE, "{port} {suites:04x?}");
    }
    for old in [[3, 0], [3, 1], [3, 2]] {
        for suites in [&[FORWARD_SECRECY][..], &WITHOUT_FORWARD_SECRECY, &WITHOUT_AUTHENTICATED_ENCRYPTION] {
            let (kind, says) = answer(connection(), old, suites);
            // OpenSSL knows SSL 3.0 for no version at all.
            let refusals =
                if old == [3, 0] { vec![PROTOCOL_VERSION, HANDSHAKE_FAILURE] } else { vec![PROTOCOL_VERSION] };
            assert!(kind == ALERT && refusals.contains(&says), "{port} {old:?} {suites:04x?}: {kind} {says}");
        }
    }
    for suite in WITHOUT_FORWARD_SECRECY.into_iter().chain(WITHOUT_AUTHENTICATED_ENCRYPTION) {
        assert_eq!(answer(connection(), TLS_1_2, &[suite]), (ALERT, HANDSHAKE_FAILURE), "{port} {suite:04x}");
    }
    for client in [client.clone().only_1_2(), client.clone().only_1_3()] {
        assert!(client.over(connection()).is_ok(), "{port}");
    }
}

/// TLS-4, A02: the faces, and the database and the Redis they speak to, set up as the guide says.
#[test]
fn no_port_speaks_an_old_version_or_a_suite_without_forward_secrecy() {
    let shop = Shop::on_postgres(&[]).unwrap_or_else(|| Shop::on_sqlite(&[]));
    let client = Client::trusting(&fs::read(shop.certificates().join("ca.crt")).unwrap());
    if let Some(postgres) = &shop.postgres {
        speaks_nothing_old("PostgreSQL", &client, || postgres.asked_for_tls());
    }
    if let Some(redis) = shop.redis(&[]) {
        speaks_nothing_old("Redis", &client, || connect(redis.address()));
    }
    let served = shop.serve();
    for (face, address) in &served.running.addresses {
        speaks_nothing_old(face, &client, || connect(*address));
    }
    assert_eq!(served.running.addresses.len(), 3);
    served.stop();
}

/// TLS-4: what the servers of the tests are told is what operators are told.
#[test]
fn the_guide_says_how_postgresql_and_redis_are_set_up_here() {
    let guide = include_str!("../../../../../docs/guides/tls.md");
    let of_postgres = postgres::TLS.map(|statement| statement.strip_prefix("alter system set ").unwrap().to_owned());
    let of_redis = redis::TLS_SETTINGS.map(|(name, value)| format!("{name} \"{value}\""));
    for line in of_postgres.into_iter().chain(of_redis) {
        assert!(guide.lines().any(|told| told == line), "{line}");
    }
}
