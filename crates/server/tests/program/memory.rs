//! INP-1: what is too large is refused, and the memory of the real program stays as it was.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::process::{Running, connect, json, run};

const MEGABYTE: usize = 1024 * 1024;
/// What it may grow by (INP-1).
const GROWTH_MAX: u64 = 20;

/// Megabytes that a process holds.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Sends so many megabytes to a path, with the length told or in chunks; answers the status.
fn send(address: SocketAddr, key: &str, path: &str, kind: &str, megabytes: usize, chunked: bool) -> u16 {
    let mut stream = connect(address);
    let length = if chunked {
        "transfer-encoding: chunked".to_owned()
    } else {
        format!("content-length: {}", megabytes * MEGABYTE)
    };
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\ncontent-type: {kind}\r\n{length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let part = vec![b'a'; MEGABYTE];
    for _ in 0..megabytes {
        let sent = if chunked {
            write!(stream, "{MEGABYTE:x}\r\n")
                .and_then(|()| stream.write_all(&part))
                .and_then(|()| stream.write_all(b"\r\n"))
        } else {
            stream.write_all(&part)
        };
        // It answered and does not listen any more.
        if sent.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    // What it said before it hung up has arrived; the rest does not matter.
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn what_is_too_large_does_not_stay_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &["--set", "log.level=warn"]);
    let made = json(&run(folder.path(), &["key", "create", "--name", "k", "--scope", "read,write", "--json"]));
    let key = made["secret"].as_str().unwrap();
    let address = running.dashboard();
    let csv = "/api/v1/imports/products";
    for _ in 0..3 {
        assert_eq!(send(address, key, "/api/v1/products", "application/json", 1, false), 400, "no JSON");
        assert_eq!(send(address, key, csv, "text/csv", 1, false), 422, "no list");
    }
    let before = resident(running.child.id());
    let (done, peak) = (AtomicBool::new(false), AtomicU64::new(before));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(resident(running.child.id()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        for chunked in [false, true] {
            let told = send(address, key, "/api/v1/products", "application/json", 100, chunked);
            assert!(told == 413 || told == 0, "{told}");
            let told = send(address, key, "/api/v1/movements/batch", "application/json", 100, chunked);
            assert!(told == 413 || told == 0, "{told}");
            let told = send(address, key, csv, "text/csv", 100, chunked);
            assert!(told == 413 || told == 0, "{told}");
        }
        done.store(true, Ordering::Relaxed);
    });
    let grown = peak.load(Ordering::Relaxed) - before;
    assert!(grown <= GROWTH_MAX, "it grew by {grown} MB");
    assert!(crate::process::get(address, "/health/live").starts_with("HTTP/1.1 200 "), "it lives");
}
