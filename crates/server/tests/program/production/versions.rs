//! Which TLS the faces speak, seen by first messages that no library of today would send (TLS-4). Certificates
//! are of RSA here: with others, suites that exchange keys by RSA would be refused for want of a key.

use std::io::{Read, Write};
use std::net::SocketAddr;

use gondola_server::doctor::security::hello::client_hello;

use crate::process::connect;
use crate::production::shop::Shop;

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
fn answer(address: SocketAddr, version: [u8; 2], suites: &[u16]) -> (u8, u8) {
    let mut stream = connect(address);
    stream.write_all(&client_hello(version, suites, None)).unwrap();
    let mut first = [0; 7];
    stream.read_exact(&mut first).unwrap_or_else(|error| panic!("{version:?} {suites:04x?}: {error}"));
    (first[0], first[6])
}

/// TLS-4, A02.
#[test]
fn no_face_speaks_an_old_version_or_a_suite_without_forward_secrecy() {
    let shop = Shop::on_sqlite(&[]);
    let served = shop.serve();
    for (face, address) in &served.running.addresses {
        // The message itself is a good one: with a good suite beside the bad ones it is taken up.
        for suites in [&[FORWARD_SECRECY][..], &[0x009c, 0xc013, FORWARD_SECRECY]] {
            assert_eq!(answer(*address, TLS_1_2, suites).0, HANDSHAKE, "{face} {suites:04x?}");
        }
        for old in [[3, 0], [3, 1], [3, 2]] {
            for suites in [&[FORWARD_SECRECY][..], &WITHOUT_FORWARD_SECRECY, &WITHOUT_AUTHENTICATED_ENCRYPTION] {
                assert_eq!(answer(*address, old, suites), (ALERT, PROTOCOL_VERSION), "{face} {old:?} {suites:04x?}");
            }
        }
        for suite in WITHOUT_FORWARD_SECRECY.into_iter().chain(WITHOUT_AUTHENTICATED_ENCRYPTION) {
            assert_eq!(answer(*address, TLS_1_2, &[suite]), (ALERT, HANDSHAKE_FAILURE), "{face} {suite:04x}");
        }
    }
    assert_eq!(served.running.addresses.len(), 3);
    served.stop();
}
