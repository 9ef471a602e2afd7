//! SIGTERM on the real program: nothing that was asked goes unanswered (OPS-5).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::process::{Running, connect, read_all};

/// A log-in whose body has not all arrived: the handler waits for it.
fn begin_log_in(running: &Running) -> TcpStream {
    let mut stream = connect(running.dashboard());
    let head = "POST /login HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 31\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut line = [0; 25];
    stream.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n", "the handler is reading the body");
    stream
}

/// Whether nobody listens there: the listener may go a moment after the connections that are idle.
fn is_gone(address: SocketAddr) -> bool {
    (0..100).any(|_| {
        let refused = TcpStream::connect(address).is_err();
        if !refused {
            std::thread::sleep(Duration::from_millis(20));
        }
        refused
    })
}

/// OPS-5.
#[test]
fn a_request_under_way_is_answered_and_no_new_one_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let mut under_way = begin_log_in(&running);
    let mut idle = connect(running.dashboard());
    running.signal("TERM");
    assert_eq!(read_all(&mut idle), "", "an idle connection is closed");
    assert!(is_gone(running.dashboard()), "no new connection is accepted");
    under_way.write_all(b"username=nobody&password=wrong1").unwrap();
    let answer = read_all(&mut under_way);
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(answer.contains("x-request-id: ") && answer.contains("connection: close"), "{answer}");
    let (status, _, log) = running.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.lines().last().unwrap().contains("\"msg\":\"stopped\""), "{log}");
}

/// What a drain takes at most when nobody says otherwise.
const DRAIN_DEFAULT: Duration = Duration::from_secs(15);

/// OPS-5: whoever never sends the rest is waited for as long as the drain was set to.
#[test]
fn stopping_takes_no_longer_than_the_drain() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &["--set", "http.drain_timeout_s=1"]);
    let _under_way = begin_log_in(&running);
    running.signal("INT");
    let (status, took, log) = running.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(took >= Duration::from_millis(900) && took < DRAIN_DEFAULT, "{took:?}");
}

/// LOG-1, LOG-3: every line the program writes is one JSON object with known names only.
#[test]
fn every_log_line_is_json_with_the_known_names() {
    const NAMES: [&str; 13] = [
        "ts",
        "level",
        "face",
        "msg",
        "code",
        "request_id",
        "route",
        "method",
        "status",
        "duration_ms",
        "client_ip",
        "actor",
        "rows",
    ];
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let mut stream = connect(running.dashboard());
    stream
        .write_all(
            b"GET /nothing/%0aforged?secret=gnd_canary HTTP/1.1\r\nhost: localhost\r\nx-api-key: gnd_canary\r\n\
              x-request-id: known-id-1\r\nuser-agent: a\tb\r\nconnection: close\r\n\r\n",
        )
        .unwrap();
    assert!(read_all(&mut stream).contains("x-request-id: known-id-1\r\n"));
    running.signal("TERM");
    let (_, _, log) = running.wait();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        assert!(line.as_object().unwrap().keys().all(|name| NAMES.contains(&name.as_str())), "{line}");
        assert!(line["ts"].as_str().unwrap().ends_with('Z') && line["level"].is_string() && line["msg"].is_string());
    }
    let access = lines.iter().find(|line| line["request_id"] == "known-id-1").unwrap();
    assert_eq!(access["face"], "dashboard");
    assert_eq!(access["route"], "unmatched");
    assert_eq!(access["method"], "GET");
    assert_eq!(access["client_ip"], "127.0.0.1");
    assert_eq!(access["actor"], "anonymous");
    assert!(access["status"].as_u64().unwrap() >= 400 && access["duration_ms"].is_u64());
    assert!(!log.contains("canary") && !log.contains("forged"), "{log}");
}

/// INP-1: a head that does not arrive in time, and one that is larger than anybody needs.
#[test]
fn a_slow_head_is_hung_up_on_and_a_huge_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &["--set", "http.header_timeout_s=1"]);
    let mut slow = connect(running.dashboard());
    slow.write_all(b"GET / HTTP/1.1\r\nhost: loc").unwrap();
    let answer = read_all(&mut slow);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    let mut huge = connect(running.dashboard());
    huge.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n").unwrap();
    let line = format!("x-a: {}\r\n", "a".repeat(8000));
    for _ in 0..40 {
        if huge.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    let mut answer = String::new();
    // The rest of what was sent is not read, so the connection may end in a reset after the answer.
    let _ = BufReader::new(huge).read_line(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}
