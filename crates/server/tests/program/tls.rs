//! The faces over TLS with the program's own certificates: who gets in, what is refused, and that new
//! files are served without anybody noticing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::process::{Running, connect, json, run};
use crate::tls_client::Client;
use gondola_server::doctor::security::hello::client_hello;
use gondola_store::{Clock, SystemClock};
use gondola_vault::certificates::{Authority, Facts, Issued, KeyKind, Wanted, read_all};

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// A folder with the certificates of all components, small keys, and what `init` said.
fn certified(arguments: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &[&["tls", "init", "--ecdsa", "--json"], arguments].concat());
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn facts(folder: &Path, name: &str) -> Facts {
    read_all(&fs::read(folder.join(format!("tls/{name}.crt"))).unwrap()).unwrap().swap_remove(0)
}

fn serve(folder: &Path, more: &[&str]) -> Running {
    Running::start(folder, &[&["--set", "tls.enabled=true"], more].concat())
}

/// The certificate of a component, as its files have it.
fn own(folder: &Path, name: &str) -> Issued {
    let text = |end: &str| fs::read_to_string(folder.join(format!("tls/{name}.{end}"))).unwrap();
    Issued { certificate: text("crt"), key: text("key") }
}

/// A client that trusts the authority of `folder`.
fn client(folder: &Path) -> Client {
    Client::trusting(&fs::read(folder.join("tls/ca.crt")).unwrap())
}

fn authority(folder: &Path) -> Authority {
    let text = |end: &str| fs::read_to_string(folder.join(format!("ca/ca.{end}"))).unwrap();
    Authority::of(&text("crt"), &text("key")).unwrap()
}

/// TLS-1, TLS-3, TLS-6.
#[test]
fn init_makes_an_authority_and_a_certificate_per_component_once() {
    let folder = tempfile::tempdir().unwrap();
    let made = json(&run(folder.path(), &["tls", "init", "--ecdsa", "--host", "shop.example", "--json"]));
    let made = made["certificates"].as_array().unwrap().clone();
    assert_eq!(made.len(), 12, "{made:?}");
    assert!(made.iter().all(|one| one["issued"] == true));
    let mut serials = std::collections::BTreeSet::new();
    for name in made.iter().map(|one| one["name"].as_str().unwrap()) {
        let facts = facts(folder.path(), name);
        let days = if name == "ca" { 1_825 } else { 365 };
        assert_eq!(facts.not_after - facts.not_before, days * 24 * 3600, "{name}");
        assert_eq!((facts.version, facts.key.as_str(), facts.authority), (3, "EC 256", name == "ca"), "{name}");
        assert_eq!(facts.signed_with, "1.2.840.10045.4.3.2", "ECDSA with SHA-256: {name}");
        assert!(facts.serial.len() >= 8 && serials.insert(facts.serial.clone()), "{name}");
        if name == "ca" {
            assert!(!folder.path().join("tls/ca.key").exists(), "no face's folder has the authority's key");
            continue;
        }
        let purpose = (facts.server, facts.client);
        let wanted = match name {
            "alertmanager" | "postgres" | "redis" => (true, false),
            "promtail" => (false, true),
            _ => (true, true),
        };
        assert_eq!(purpose, wanted, "{name}");
        assert!(["localhost", "127.0.0.1", "::1", name].iter().all(|host| facts.hosts.iter().any(|of| of == host)));
        assert_eq!(
            facts.hosts.contains(&"shop.example".to_owned()),
            name != "redis" && reached_by_people(name),
            "{name}"
        );
        let mode = fs::metadata(folder.path().join(format!("tls/{name}.key"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(folder.path().join("ca/ca.key")).unwrap().permissions().mode() & 0o777, 0o600);
    let again = json(&run(folder.path(), &["tls", "init", "--ecdsa", "--host", "shop.example", "--json"]));
    assert!(again["certificates"].as_array().unwrap().iter().all(|one| one["issued"] == false), "{again}");
    let named = json(&run(folder.path(), &["tls", "init", "--service", "redis", "--force", "--json"]));
    assert_eq!(named["certificates"].as_array().unwrap().len(), 2, "the authority and that one: {named}");
    assert_eq!(facts(folder.path(), "redis").key, "EC 256", "the kind of its key stays");
    let unknown = run(folder.path(), &["tls", "renew", "--service", "postgre"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("postgres"));
}

fn reached_by_people(name: &str) -> bool {
    ["dashboard", "deposito", "negocio", "edge", "grafana"].contains(&name)
}

/// TLS-1: what it makes when nobody asks for anything else.
#[test]
fn keys_are_rsa_4096_unless_asked_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["tls", "init", "--service", "dashboard"]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    for name in ["ca", "dashboard"] {
        let facts = facts(folder.path(), name);
        assert_eq!((facts.key.as_str(), facts.signed_with.as_str()), ("RSA 4096", "1.2.840.113549.1.1.11"), "{name}");
    }
}

/// TLS-4, API-6, API-12, SES: https with HSTS and cookies for it alone; nothing else is spoken there.
#[test]
fn a_face_speaks_tls_1_2_and_1_3_and_nothing_else() {
    let folder = certified(&[]);
    let running = serve(folder.path(), &[]);
    for (address, of) in
        [("dashboard", 1), ("deposito", 2), ("negocio", 3)].map(|(face, n)| (running.addresses[face], n))
    {
        for client in [client(folder.path()).only_1_2(), client(folder.path()).only_1_3()] {
            let answer = client.get(address, "/health/live").unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 "), "{of}: {answer}");
            assert!(answer.contains("strict-transport-security: max-age=63072000; includeSubDomains"), "{answer}");
        }
    }
    assert!(running.said["addresses"]["dashboard"].as_str().unwrap().starts_with("https://"));
    let plain = crate::process::get_if_answered(running.dashboard(), "/health/live");
    assert!(!plain.contains("HTTP/1.1"), "{plain}");
    for (version, suites) in [([3, 1], CBC), ([3, 2], CBC), ([3, 3], CBC)] {
        let mut stream = connect(running.dashboard());
        stream.write_all(&client_hello(version, suites, None)).unwrap();
        let mut answer = Vec::new();
        // The other side may close before it is read to the end.
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer.first(), Some(&21), "an alert, no handshake: {version:?} {answer:?}");
    }
}

/// Suites without authenticated encryption or without forward secrecy.
const CBC: &[u16] = &[0xc013, 0xc014, 0xc009, 0xc00a, 0x002f, 0x0035, 0x003c, 0x009c];

/// TLS-2: one cause each; who belongs gets in.
#[test]
fn who_does_not_belong_is_refused_at_the_door() {
    let folder = certified(&[]);
    let (now, ours) = (SystemClock.now(), authority(folder.path()));
    let (others, _) = Authority::found("another", KeyKind::P256, YEAR, now).unwrap();
    let wanted = |name: &'static str, client: bool| Wanted {
        name,
        hosts: &[],
        server: !client,
        client,
        kind: KeyKind::P256,
        valid: YEAR,
    };
    let revoked = own(folder.path(), "negocio");
    let told = json(&run(folder.path(), &["tls", "revoke", "--service", "negocio", "--json"]));
    assert_eq!(told["serial"], facts(folder.path(), "negocio").serial_hex());
    let renewed = run(folder.path(), &["tls", "renew", "--service", "negocio"]);
    assert_eq!(renewed.status.code(), Some(0));
    let running = serve(folder.path(), &["--set", "tls.deposito_clients=required"]);
    let causes = [
        ("unknown_issuer", Some(others.issue(&wanted("edge", true), now).unwrap())),
        ("expired", Some(ours.issue(&wanted("edge", true), now - 400 * DAY_US).unwrap())),
        ("not_yet_valid", Some(ours.issue(&wanted("edge", true), now + DAY_US).unwrap())),
        ("wrong_name", Some(ours.issue(&wanted("promtail", true), now).unwrap())),
        ("wrong_usage", Some(ours.issue(&wanted("edge", false), now).unwrap())),
        ("revoked", Some(revoked)),
        ("no_certificate", None),
    ];
    let failures = |reason: &str| {
        let scraper = client(folder.path()).showing(&own(folder.path(), "prometheus"));
        let numbers = scraper.get(running.dashboard(), "/metrics").unwrap();
        let name = format!("gondola_tls_handshake_failures_total{{face=\"dashboard\",reason=\"{reason}\"}} ");
        let line = numbers.lines().find(|line| line.starts_with(&name)).unwrap_or_else(|| panic!("{name}: {numbers}"));
        line[name.len()..].trim().parse::<usize>().unwrap()
    };
    for (reason, shown) in causes {
        let mut client = client(folder.path());
        if let Some(shown) = &shown {
            client = client.showing(shown);
        }
        for client in [client.clone().only_1_2(), client.only_1_3()] {
            let before = failures(reason);
            let answer = client.get(running.addresses["deposito"], "/health/live");
            assert!(answer.is_err(), "{reason}: {answer:?}");
            assert_eq!(failures(reason), before + 1, "{reason}");
        }
    }
    for name in ["edge", "prometheus", "negocio"] {
        let client = client(folder.path()).showing(&own(folder.path(), name));
        let answer = client.get(running.addresses["deposito"], "/health/live").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{name}: {answer}");
    }
}

/// KEY-10: the scraper's certificate reads the numbers and nothing else; no other certificate does.
#[test]
fn a_certificate_of_the_scraper_reads_metrics_and_nothing_else() {
    let folder = certified(&[]);
    let running = serve(folder.path(), &[]);
    let ask = |name: Option<&str>, path: &str| {
        let client = client(folder.path());
        let client = name.map_or(client.clone(), |name| client.showing(&own(folder.path(), name)));
        client.get(running.dashboard(), path).unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(ask(Some("prometheus"), "/metrics"), "200");
    assert_eq!(ask(Some("edge"), "/metrics"), "401");
    assert_eq!(ask(None, "/metrics"), "401");
    for path in ["/api/v1/products", "/openapi.json"] {
        assert_ne!(ask(Some("prometheus"), path), "200", "{path}");
    }
}

/// TLS-5, TLS-9: a new certificate is served soon, no request fails and no connection is dropped meanwhile;
/// a broken one is refused.
#[test]
fn new_files_are_served_without_a_failed_request_and_broken_ones_are_not() {
    let folder = certified(&[]);
    // Nobody reads the log meanwhile: a line per request would fill the pipe.
    let running = serve(folder.path(), &["--set", "log.level=warn"]);
    let address = running.dashboard();
    let asked = client(folder.path());
    let mut kept = asked.open(address).unwrap();
    assert!(kept.ask("/health/live").unwrap().starts_with("HTTP/1.1 200 "));
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let shown = |serial: &[u8]| wait_for(|| asked.serial(address).is_ok_and(|shown| shown == serial));
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let answer = asked.get(address, "/health/live").unwrap();
                assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
        let before = facts(folder.path(), "dashboard").serial;
        assert!(shown(&before));
        let renewed = run(folder.path(), &["tls", "renew", "--service", "dashboard"]);
        assert_eq!(renewed.status.code(), Some(0));
        let after = facts(folder.path(), "dashboard").serial;
        assert_ne!(before, after);
        assert!(shown(&after), "within ten seconds, without a signal");
        let broken = own(folder.path(), "negocio").key;
        let good = own(folder.path(), "dashboard");
        fs::write(folder.path().join("tls/dashboard.key"), broken).unwrap();
        running.signal("HUP");
        std::thread::sleep(Duration::from_secs(2));
        assert!(shown(&after), "the old one stays");
        fs::write(folder.path().join("tls/dashboard.key"), good.key).unwrap();
        running.signal("HUP");
        let ended = done.load(Ordering::Relaxed);
        assert!(wait_for(|| done.load(Ordering::Relaxed) > ended + 3));
        stop.store(true, Ordering::Relaxed);
        busy.join().unwrap();
    });
    assert!(kept.ask("/health/live").unwrap().starts_with("HTTP/1.1 200 "), "an old connection goes on");
    let scraper = client(folder.path()).showing(&own(folder.path(), "prometheus"));
    let numbers = scraper.get(address, "/metrics").unwrap();
    for line in [
        "gondola_cert_reloads_total{face=\"dashboard\",result=\"refused\"} 1",
        &format!(
            "gondola_cert_not_after_timestamp_seconds{{face=\"dashboard\",name=\"dashboard\"}} {}",
            facts(folder.path(), "dashboard").not_after
        ),
    ] {
        assert!(numbers.contains(line), "{line}\n{numbers}");
    }
    running.signal("TERM");
    let (_, _, log) = running.wait();
    assert_eq!(log.matches("certificate_refused").count(), 1, "{log}");
}

/// Whether it comes true within the time that TLS-9 allows.
fn wait_for(what: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(10) {
        if what() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// TLS-5: a new authority signs, the old one is trusted until nothing of it is left.
#[test]
fn an_authority_is_replaced_without_a_failed_request() {
    let folder = certified(&[]);
    let running = serve(folder.path(), &["--set", "tls.deposito_clients=required"]);
    let address = running.addresses["deposito"];
    let reaches = |client: Client, name: &str| {
        client
            .showing(&own(folder.path(), name))
            .get(address, "/health/live")
            .is_ok_and(|of| of.starts_with("HTTP/1.1 200 "))
    };
    let old = fs::read(folder.path().join("tls/ca.crt")).unwrap();
    let step = |arguments: &[&str]| run(folder.path(), arguments).status.code();
    assert_eq!(step(&["tls", "renew", "--service", "ca", "--ecdsa"]), Some(0));
    assert_eq!(read_all(&fs::read(folder.path().join("tls/ca.crt")).unwrap()).unwrap().len(), 2, "a bundle of two");
    assert!(reaches(client(folder.path()), "edge"), "certificates of the old one still count");
    assert_eq!(step(&["tls", "renew", "--forget-earlier"]), Some(2), "while they are in use it stays");
    assert_eq!(step(&["tls", "renew", "--service", "edge"]), Some(0));
    assert!(wait_for(|| reaches(client(folder.path()), "edge")), "the new one counts too");
    assert!(reaches(Client::trusting(&old), "edge"), "whoever trusts the old one only still gets through");
    assert_eq!(step(&["tls", "renew", "--force"]), Some(0));
    assert_eq!(step(&["tls", "renew", "--forget-earlier"]), Some(0));
    assert_eq!(read_all(&fs::read(folder.path().join("tls/ca.crt")).unwrap()).unwrap().len(), 1);
    assert!(wait_for(|| reaches(client(folder.path()), "edge") && !reaches(Client::trusting(&old), "edge")));
    assert_eq!(step(&["--set", "tls.enabled=true", "tls", "verify"]), Some(0));
}

/// SEC-1: exit 78 and the fix, for everything that keeps a face from showing its certificate.
#[test]
fn certificates_of_no_use_keep_the_program_from_starting() {
    let told = |folder: &Path| {
        let refused = run(folder, &["--set", "tls.enabled=true", "serve", "--face", "dashboard"]);
        let told = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(78), "{told}");
        told
    };
    let empty = tempfile::tempdir().unwrap();
    assert!(told(empty.path()).contains("gondola tls init"));
    let folder = certified(&["--service", "dashboard,negocio"]);
    let file = |name: &str| folder.path().join("tls").join(name);
    let good = own(folder.path(), "dashboard");
    fs::copy(file("negocio.key"), file("dashboard.key")).unwrap();
    assert!(told(folder.path()).contains("gondola tls renew --service dashboard"));
    fs::write(file("dashboard.key"), &good.key).unwrap();
    fs::set_permissions(file("dashboard.key"), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(told(folder.path()).contains("chmod 600"));
    fs::set_permissions(file("dashboard.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let wanted = Wanted { name: "dashboard", hosts: &[], server: true, client: true, kind: KeyKind::P256, valid: YEAR };
    let now = SystemClock.now();
    for (begins, word) in [(now - 400 * DAY_US, "expired"), (now + DAY_US, "not valid yet")] {
        let other = authority(folder.path()).issue(&wanted, begins).unwrap();
        fs::write(file("dashboard.crt"), other.certificate).unwrap();
        fs::write(file("dashboard.key"), other.key).unwrap();
        assert!(told(folder.path()).contains(word));
    }
    fs::write(file("dashboard.crt"), "nothing").unwrap();
    assert!(told(folder.path()).contains("PEM"));
    let key_file = format!("encryption.key_file={}", folder.path().join("keys/master.key").display());
    let production = ["--set", "profile=production", "--set", &key_file, "--set", "tls.enabled=true", "serve"];
    let refused = run(folder.path(), &production);
    assert_eq!(refused.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--ca-dir"), "TLS-3: no face reads the authority's key");
    let plain = run(folder.path(), &["--set", "profile=production", "--set", &key_file, "serve"]);
    assert!(String::from_utf8_lossy(&plain.stderr).contains("tls.enabled"), "production serves https");
}

/// TLS-8, TLS-10: what expires soon is told by `verify` and in the numbers.
#[test]
fn verify_walks_every_hop_and_says_what_expires() {
    let verify = |folder: &Path| {
        let verified = run(folder, &["--set", "tls.enabled=true", "tls", "verify", "--json"]);
        (verified.status.code().unwrap(), json(&verified))
    };
    let folder = certified(&[]);
    let (code, told) = verify(folder.path());
    assert_eq!((code, told["status"].as_str()), (0, Some("ok")), "{told}");
    assert_eq!(told["hops"].as_array().unwrap().len(), 18, "{told}");
    for (days, code, state) in [("480", 1, "warn"), ("120", 2, "critical")] {
        let made = run(folder.path(), &["tls", "renew", "--service", "loki", "--hours", days]);
        assert_eq!(made.status.code(), Some(0));
        let (found, told) = verify(folder.path());
        let loki = told["certificates"].as_array().unwrap().iter().find(|of| of["name"] == "loki").unwrap().clone();
        assert_eq!((found, loki["status"].as_str()), (code, Some(state)), "{told}");
    }
    let soon = json(&run(folder.path(), &["tls", "renew", "--json"]));
    let issued = soon["certificates"].as_array().unwrap().iter().filter(|of| of["issued"] == true);
    assert_eq!(issued.map(|of| of["name"].as_str().unwrap()).collect::<Vec<_>>(), ["loki"], "the one that needs it");
    assert_eq!(verify(folder.path()).0, 0);
    let stranger = certified(&["--service", "postgres"]);
    for end in ["crt", "key"] {
        let file = format!("tls/postgres.{end}");
        fs::copy(stranger.path().join(&file), folder.path().join(&file)).unwrap();
    }
    let (code, told) = verify(folder.path());
    let broken: Vec<&str> = told["hops"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|of| of["status"] == "critical")
        .map(|of| of["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        (code, broken),
        (2, vec!["dashboard → postgres", "deposito → postgres", "negocio → postgres"]),
        "{told}"
    );
    let running = serve(folder.path(), &["--face", "dashboard"]);
    let live = [
        "--set".to_owned(),
        "tls.enabled=true".to_owned(),
        "--set".to_owned(),
        format!("dashboard.listen={}", running.dashboard()),
    ];
    let live: Vec<&str> = live.iter().map(String::as_str).chain(["health", "--probe", "--face", "dashboard"]).collect();
    assert_eq!(run(folder.path(), &live).status.code(), Some(0), "the probe speaks TLS too");
}

/// TLS-3: without the authority's key nothing is signed, and no second authority takes its place.
#[test]
fn an_authority_kept_elsewhere_is_asked_for() {
    let (folder, elsewhere) = (certified(&[]), tempfile::tempdir().unwrap());
    let away = elsewhere.path().join("ca");
    fs::rename(folder.path().join("ca"), &away).unwrap();
    let before = fs::read(folder.path().join("tls/ca.crt")).unwrap();
    for arguments in [&["tls", "init", "--force"][..], &["tls", "renew", "--service", "redis"]] {
        let refused = run(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--ca-dir"));
    }
    assert_eq!(fs::read(folder.path().join("tls/ca.crt")).unwrap(), before);
    let given = run(folder.path(), &["tls", "renew", "--service", "redis", "--ca-dir", away.to_str().unwrap()]);
    assert_eq!(given.status.code(), Some(0));
}

/// A certificate from elsewhere is served, is nobody's client here, and is left alone until it is named.
#[test]
fn a_certificate_from_elsewhere_is_served_and_left_alone() {
    let folder = certified(&[]);
    let (others, other) = Authority::found("another", KeyKind::P256, YEAR, SystemClock.now()).unwrap();
    let hosts = ["127.0.0.1".to_owned(), "evil.example".to_owned()];
    let wanted =
        Wanted { name: "dashboard", hosts: &hosts, server: true, client: false, kind: KeyKind::P256, valid: YEAR };
    let public = others.issue(&wanted, SystemClock.now()).unwrap();
    for (end, text) in [("crt", &public.certificate), ("key", &public.key)] {
        fs::write(folder.path().join(format!("tls/dashboard.{end}")), text).unwrap();
    }
    let running = serve(folder.path(), &[]);
    let answer = Client::trusting(other.certificate.as_bytes()).get(running.dashboard(), "/health/live").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let address = running.dashboard().to_string();
    let listen = format!("dashboard.listen={address}");
    let set = ["--set", "tls.enabled=true", "--set", &listen];
    let probe = run(folder.path(), &[&set[..], &["health", "--probe", "--address", &address]].concat());
    assert_eq!(probe.status.code(), Some(0), "{probe:?}");
    for arguments in [&["tls", "init"][..], &["tls", "init", "--force"], &["tls", "renew", "--force"]] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(0), "{arguments:?}");
        assert_eq!(own(folder.path(), "dashboard").certificate, public.certificate, "{arguments:?}");
    }
    assert_eq!(run(folder.path(), &["tls", "renew", "--forget-earlier"]).status.code(), Some(0));
    assert_eq!(run(folder.path(), &["--set", "tls.enabled=true", "tls", "verify"]).status.code(), Some(0));
    let named = run(folder.path(), &["tls", "renew", "--service", "dashboard"]);
    assert_eq!(named.status.code(), Some(0));
    assert!(
        !facts(folder.path(), "dashboard").hosts.contains(&"evil.example".to_owned()),
        "only our own names are kept"
    );
}

/// TLS-2: one that was renewed since is revoked by its number.
#[test]
fn a_certificate_that_was_renewed_is_revoked_by_its_serial_number() {
    let folder = certified(&[]);
    let stolen = own(folder.path(), "edge");
    let serial = facts(folder.path(), "edge").serial_hex();
    assert_eq!(run(folder.path(), &["tls", "renew", "--service", "edge"]).status.code(), Some(0));
    let running = serve(folder.path(), &["--set", "tls.deposito_clients=required"]);
    let reaches = |shown: &Issued| {
        let client = client(folder.path()).showing(shown);
        client.get(running.addresses["deposito"], "/health/live").is_ok_and(|of| of.starts_with("HTTP/1.1 200 "))
    };
    assert!(reaches(&stolen));
    assert_eq!(run(folder.path(), &["tls", "revoke", "--serial", "xyz"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["tls", "revoke", "--serial", &serial]).status.code(), Some(0));
    assert!(wait_for(|| !reaches(&stolen)), "refused within ten seconds");
    assert!(reaches(&own(folder.path(), "edge")), "the one it has now counts");
}
