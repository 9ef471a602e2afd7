//! The program with every setting at its laxest (SEC-2): whoever sends no credentials stays a stranger. What a request may say
//! of itself is met where keys are tested, what a build may leave out among the settings.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;

use crate::process::{Running, connect, read_all, run};
use crate::tls_client::Client;
use gondola_server::config::{Kind, SCHEMA};

/// Every list, as wide as it goes.
const LISTS: [(&str, &str); 6] = [
    ("http.hosts", "localhost,127.0.0.1,[::1],evil.example"),
    ("http.trusted_proxies", "0.0.0.0/0,::/0"),
    ("http.cors_origins", "https://evil.example,http://localhost"),
    ("tls.clients", "dashboard,deposito,negocio,edge,prometheus,localhost,evil.example"),
    ("tls.metrics_clients", "dashboard,deposito,negocio,edge,prometheus,localhost,evil.example"),
    ("login.second_factor_roles", ""),
];
/// What decides which rules there are: under the other ones nobody gets in either, which is met in `production`.
const PROFILE: &str = "profile";
/// What a stranger says to be taken for somebody.
const CLAIMS: &str = "origin: https://evil.example\r\nx-forwarded-for: 127.0.0.1\r\nx-forwarded-user: admin\r\n\
    x-client-cert-cn: prometheus\r\n";

/// Sets every list to its widest, and every other one of few values to the one at `turn`.
fn settings(turn: usize) -> Vec<String> {
    let of_few = SCHEMA.iter().filter(|setting| setting.key != PROFILE).filter_map(|setting| match setting.kind {
        Kind::Switch => Some(format!("{}={}", setting.key, ["false", "true"][turn % 2])),
        Kind::Choice(words) => Some(format!("{}={}", setting.key, words[turn % words.len()])),
        _ => None,
    });
    of_few.chain(LISTS.map(|(key, text)| format!("{key}={text}"))).collect()
}

/// What a face answers to somebody without credentials.
fn ask(running: &Running, authorities: &[u8], face: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{CLAIMS}connection: close\r\n\r\n");
    let address = running.addresses[face];
    if running.said["addresses"][face].as_str().unwrap().starts_with("https://") {
        return Client::trusting(authorities).send(address, &request).unwrap();
    }
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    read_all(&mut stream)
}

/// SEC-2.
#[test]
fn no_setting_lets_a_stranger_in() {
    let lists: Vec<&str> =
        SCHEMA.iter().filter(|setting| setting.kind == Kind::List).map(|setting| setting.key).collect();
    assert_eq!(lists, LISTS.map(|(key, _)| key), "a new list is opened wide here too");
    let choices = SCHEMA.iter().filter(|setting| setting.key != PROFILE).filter_map(|setting| match setting.kind {
        Kind::Choice(words) => Some(words.len()),
        _ => None,
    });
    let turns = choices.max().unwrap().max(2);
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["tls", "init", "--ecdsa", "--service", "dashboard,deposito,negocio"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let authorities = fs::read(folder.path().join("tls/ca.crt")).unwrap();
    for turn in 0..turns {
        let settings = settings(turn);
        let words: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting.as_str()]).collect();
        let running = Running::start(folder.path(), &words);
        for face in ["dashboard", "deposito", "negocio"] {
            for path in ["/api/v1/products", "/metrics"] {
                let answer = ask(&running, &authorities, face, path);
                assert!(answer.starts_with("HTTP/1.1 401 "), "{path} of {face} with {settings:?}: {answer}");
            }
        }
    }
}
