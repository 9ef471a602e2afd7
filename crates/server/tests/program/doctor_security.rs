//! PEN-2: `gondola doctor --security URL`, by the real program. A shop in production over https passes all fourteen
//! checks; each of them fails, and no other, where that one thing is broken. What the shop's database is asked is asked
//! on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broken_targets;

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::{Running, gondola, json, run};
use crate::tls_client::Client;
use broken_targets::{Behind, OldServer, changing, diverting, speaking};
use gondola_server::anchors::verify_and_anchor;
use gondola_server::doctor::State;
use gondola_server::doctor::security::examine_shop;
use gondola_shop::kernel::time::{format_day, local_day};
use gondola_store::audit::{Entry, NoteEntries, SealAudit};
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_store::{Actor, Audited, Clock as _, SystemClock};
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::certificates::{Authority, Issued, KeyKind, Wanted};
use gondola_vault::{hex, sha256};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// In the order in which they are told.
const CHECKS: [&str; 14] = [
    "hsts",
    "csp",
    "framing",
    "sniffing",
    "tls_version",
    "ciphers",
    "api_key",
    "password_policy",
    "at_rest",
    "in_transit",
    "audit",
    "incident_plan",
    "dependencies",
    "secrets",
];
const DAY_US: i64 = 24 * 3_600 * 1_000_000;

/// A shop in production that serves https, with everything that a well guarded one has.
struct Guarded {
    data: tempfile::TempDir,
    /// Where its key and its authority's lie.
    elsewhere: tempfile::TempDir,
    running: Running,
}

impl Guarded {
    fn start() -> Self {
        let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = elsewhere.path().join("master.key");
        fs::write(&key, hex(&sha256(b"a shop of the test of the doctor"))).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let settings = format!(
            "profile = \"production\"\n[tls]\nenabled = true\n[encryption]\nkey_file = \"{}\"\n",
            key.display()
        );
        fs::write(data.path().join("gondola.toml"), settings).unwrap();
        let done = |words: &[&str]| {
            let output = run(data.path(), words);
            assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let ca = elsewhere.path().join("ca");
        done(&["tls", "init", "--ecdsa", "--ca-dir", ca.to_str().unwrap()]);
        let running = Running::start(data.path(), &["--set", "log.level=warn"]);
        done(&["user", "add", "ana", "--name", "Ana", "--role", "admin"]);
        done(&["audit", "anchor"]);
        let shop = Self { data, elsewhere, running };
        fs::write(shop.file("incident-plan.md"), format!("# Plan\n\nReviewed: {}\n", yesterday())).unwrap();
        shop.advise("nothing-of-ours", &yesterday());
        shop
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }

    /// Puts an advisory into the copy that the operator keeps: every version of that crate is broken.
    fn advise(&self, package: &str, date: &str) -> PathBuf {
        let folder = self.file("advisory-db/crates").join(package);
        fs::create_dir_all(&folder).unwrap();
        let id = "RUSTSEC-2026-9999";
        let table = format!(
            "[advisory]\nid = \"{id}\"\npackage = \"{package}\"\ndate = \"{date}\"\n\n[versions]\npatched = []\n"
        );
        fs::write(folder.join(format!("{id}.md")), format!("```toml\n{table}```\n\n# It breaks\n")).unwrap();
        folder
    }

    /// What the doctor says of the dashboard itself.
    fn doctor(&self) -> (i32, Value) {
        self.doctor_of(self.running.dashboard())
    }

    fn doctor_of(&self, address: SocketAddr) -> (i32, Value) {
        doctor(self.data.path(), &format!("https://{address}"))
    }

    fn own(&self, name: &str) -> Issued {
        let text = |end: &str| fs::read_to_string(self.file(&format!("tls/{name}.{end}"))).unwrap();
        Issued { certificate: text("crt"), key: text("key") }
    }

    fn authority(&self) -> Authority {
        let text = |end: &str| fs::read_to_string(self.elsewhere.path().join(format!("ca/ca.{end}"))).unwrap();
        Authority::of(&text("crt"), &text("key")).unwrap()
    }

    fn behind(&self) -> Behind {
        let client = Client::trusting(&fs::read(self.file("tls/ca.crt")).unwrap());
        Behind { address: self.running.dashboard(), client }
    }

    /// The dashboard behind something that changes its answers.
    fn changed(&self, change: impl Fn(&str, String) -> String + Send + Sync + 'static) -> (i32, Value) {
        self.doctor_of(changing(&self.behind(), &self.own("dashboard"), change))
    }

    async fn sql(&self, statement: &str) {
        let mut connection = self.connection().await;
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    }

    async fn connection(&self) -> SqliteConnection {
        SqliteConnection::connect(&format!("sqlite:{}", self.file("gondola.db").display())).await.unwrap()
    }
}

/// A day that has begun in every zone.
fn yesterday() -> String {
    format_day(local_day(SystemClock.now(), &TimeZone::UTC) - 1)
}

fn doctor(data_dir: &Path, url: &str) -> (i32, Value) {
    let output = run(data_dir, &["doctor", "--security", url, "--json"]);
    (output.status.code().unwrap(), json(&output))
}

fn states(report: &Value) -> Vec<(&str, &str)> {
    let text = |value: &'_ Value| value.as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.iter().map(|check| text(&check["name"])).collect::<Vec<_>>(), CHECKS, "{report}");
    checks.iter().map(|check| (check["name"].as_str().unwrap(), check["status"].as_str().unwrap())).collect()
}

/// That check alone is as bad as `state`, says why and what to do; every other is well.
fn fails_alone((exit, report): (i32, Value), name: &str, state: &str, why: &str) {
    let expected: Vec<(&str, &str)> = CHECKS.map(|check| (check, if check == name { state } else { "ok" })).into();
    assert_eq!(states(&report), expected, "{report:#}");
    assert_eq!(exit, if state == "critical" { 2 } else { 1 });
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
    assert!(check["detail"].as_str().unwrap().contains(why) && check["advice"].is_string(), "{why}: {check:#}");
}

/// Takes a header out of an answer.
fn without(header: &str, answer: String) -> String {
    let start = format!("{header}:");
    answer.split_inclusive("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with(&start)).collect()
}

#[test]
fn a_well_guarded_shop_passes_all_fourteen_checks_on_every_face() {
    let shop = Guarded::start();
    for face in ["dashboard", "deposito", "negocio"] {
        let (exit, report) = shop.doctor_of(shop.running.addresses[face]);
        assert_eq!(states(&report), CHECKS.map(|check| (check, "ok")), "{report:#}");
        assert_eq!((exit, report["status"].as_str()), (0, Some("ok")));
    }
    let url = format!("https://{}", shop.running.dashboard());
    for (language, last) in
        [("en_US.UTF-8", "only their owner may read them"), ("es_AR.UTF-8", "solo los lee su dueño")]
    {
        let mut command = gondola(shop.data.path());
        let output = command.env("LANG", language).args(["doctor", "--security", &url]).output().unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert_eq!(words.lines().count(), 14, "{words}");
        assert!(words.trim_end().ends_with(last), "{words}");
    }
}

#[test]
fn each_header_that_is_missing_or_weaker_fails_its_check_alone() {
    let shop = Guarded::start();
    for (check, header) in
        [("hsts", "strict-transport-security"), ("framing", "x-frame-options"), ("sniffing", "x-content-type-options")]
    {
        let found = shop.changed(move |_, answer| without(header, answer));
        fails_alone(found, check, "critical", header);
    }
    let lax = |_: &str, answer: String| answer.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'");
    fails_alone(shop.changed(lax), "csp", "critical", "unsafe-inline");
    let framed = |_: &str, answer: String| answer.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
    fails_alone(shop.changed(framed), "framing", "critical", "content-security-policy");
    let twice = |_: &str, answer: String| answer.replace("\r\n\r\n", "\r\nx-content-type-options: nosniff\r\n\r\n");
    fails_alone(shop.changed(twice), "sniffing", "critical", "2 times");
}

#[test]
fn an_answer_that_tells_keys_apart_or_lets_everybody_in_fails_the_check_of_keys_alone() {
    let shop = Guarded::start();
    let telling = |request: &str, answer: String| match request.contains("x-api-key: gnd_") {
        true => answer.replace("\"code\":\"", "\"code\":\"unknown_key_"),
        false => answer,
    };
    fails_alone(shop.changed(telling), "api_key", "critical", "gives away");
    let open = |_: &str, answer: String| answer.replace("HTTP/1.1 401 Unauthorized", "HTTP/1.1 200 OK");
    fails_alone(shop.changed(open), "api_key", "critical", "answers 200");
}

#[test]
fn a_server_that_takes_old_versions_or_weak_suites_or_lacks_a_new_version_fails_that_check_alone() {
    let shop = Guarded::start();
    for (version, why) in [(&rustls::version::TLS12, "take TLS 1.3"), (&rustls::version::TLS13, "take TLS 1.2")] {
        let one = speaking(&shop.behind(), &shop.own("dashboard"), &[version], |_, answer| answer);
        fails_alone(shop.doctor_of(one), "tls_version", "critical", why);
    }
    let tls = shop.file("tls");
    for (check, version, option, ciphers, why) in [
        ("tls_version", [3, 1], "-tls1", "ALL:@SECLEVEL=0", "TLS 1.0"),
        ("tls_version", [3, 2], "-tls1_1", "ALL:@SECLEVEL=0", "TLS 1.1"),
        ("ciphers", [3, 3], "-tls1_2", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", "0xc023"),
    ] {
        let Some(old) = OldServer::start(&tls, &[option, "-cipher", ciphers]) else { return };
        fails_alone(shop.doctor_of(diverting(&shop.behind(), version, old.address)), check, "critical", why);
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_or_that_ends_soon_fails_in_transit_alone() {
    let shop = Guarded::start();
    let (now, here) = (SystemClock.now(), ["127.0.0.1".to_owned()]);
    let wanted = |days: u64| Wanted {
        name: "dashboard",
        hosts: &here,
        server: true,
        client: false,
        kind: KeyKind::P256,
        valid: Duration::from_secs(days * 24 * 3_600),
    };
    let showing = |issued: &Issued| changing(&shop.behind(), issued, |_, answer| answer);
    let (stranger, root) = Authority::found("another", KeyKind::P256, Duration::from_secs(86_400 * 400), now).unwrap();
    let strange = showing(&stranger.issue(&wanted(365), now).unwrap());
    fails_alone(shop.doctor_of(strange), "in_transit", "critical", "another authority");
    let ca = shop.elsewhere.path().join("another.crt");
    fs::write(&ca, root.certificate).unwrap();
    let (url, ca) = (format!("https://{strange}"), ca.to_str().unwrap());
    let trusted = run(shop.data.path(), &["doctor", "--security", &url, "--ca", ca, "--json"]);
    assert_eq!((trusted.status.code(), &json(&trusted)["status"]), (Some(0), &json!("ok")), "--ca vouches for it");
    for (issued_at, days, state, why) in [
        (now, 20, "warn", "expires in 19 days"),
        (now, 5, "critical", "expires in 4 days"),
        (now - 400 * DAY_US, 365, "critical", "it has expired"),
    ] {
        let ending = showing(&shop.authority().issue(&wanted(days), issued_at).unwrap());
        fails_alone(shop.doctor_of(ending), "in_transit", state, why);
    }
    let nameless = shop.authority().issue(&Wanted { hosts: &[], ..wanted(365) }, now).unwrap();
    fails_alone(shop.doctor_of(showing(&nameless)), "in_transit", "critical", "another name");
    let none =
        run(shop.data.path(), &["doctor", "--security", &url, "--ca", shop.file("gondola.toml").to_str().unwrap()]);
    assert_eq!(none.status.code(), Some(78), "what is no certificate is not passed over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_is_broken_inside_fails_the_check_of_that_alone() {
    let shop = Guarded::start();
    shop.sql("update users set password_hash = replace(password_hash, 'm=19456', 'm=4096')").await;
    fails_alone(shop.doctor(), "password_policy", "critical", "ana");
    shop.sql("update users set password_hash = replace(password_hash, 'm=4096', 'm=19456')").await;

    shop.sql("alter table users add column bank_account text").await;
    fails_alone(shop.doctor(), "at_rest", "critical", "users.bank_account");
    shop.sql("alter table users drop column bank_account").await;
    shop.sql("update users set totp_pending = x'4a425357593344504548504b33505850'").await;
    fails_alone(shop.doctor(), "at_rest", "critical", "users.totp_pending: 1");
    shop.sql("update users set totp_pending = null").await;

    let plan = shop.file("incident-plan.md");
    let kept = fs::read_to_string(&plan).unwrap();
    fs::remove_file(&plan).unwrap();
    fails_alone(shop.doctor(), "incident_plan", "warn", "no plan");
    assert_eq!(run(shop.data.path(), &["doctor", "--write-incident-plan"]).status.code(), Some(0));
    fails_alone(shop.doctor(), "incident_plan", "warn", "when it was reviewed");
    assert_eq!(run(shop.data.path(), &["doctor", "--write-incident-plan"]).status.code(), Some(2), "it stays");
    fs::write(&plan, "Revisado: 2024-01-31\n").unwrap();
    fails_alone(shop.doctor(), "incident_plan", "warn", "2024-01-31");
    fs::write(&plan, kept).unwrap();

    let broken = shop.advise("axum", &yesterday());
    fails_alone(shop.doctor(), "dependencies", "critical", "axum: RUSTSEC-2026-9999");
    fs::remove_dir_all(broken).unwrap();
    shop.advise("nothing-of-ours", "2026-01-01");
    fails_alone(shop.doctor(), "dependencies", "warn", "2026-01-01");
    fs::remove_dir_all(shop.file("advisory-db")).unwrap();
    fails_alone(shop.doctor(), "dependencies", "warn", "not known");
    shop.advise("nothing-of-ours", &yesterday());

    let key = shop.file("tls/dashboard.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    fails_alone(shop.doctor(), "secrets", "critical", "dashboard.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::create_dir(shop.file("ca")).unwrap();
    fs::copy(shop.elsewhere.path().join("ca/ca.key"), shop.file("ca/ca.key")).unwrap();
    fails_alone(shop.doctor(), "secrets", "critical", "within reach");
    fs::remove_dir_all(shop.file("ca")).unwrap();

    let guard = "audit_trail_keep_history_update";
    let find = sqlx::AssertSqlSafe(format!("select sql from sqlite_schema where name = '{guard}'"));
    let (text,): (String,) = sqlx::query_as(find).fetch_one(&mut shop.connection().await).await.unwrap();
    shop.sql(&format!("drop trigger {guard}")).await;
    fails_alone(shop.doctor(), "audit", "critical", guard);
    shop.sql(&format!("update audit_trail set actor_name = 'nadie' where position = 1; {text}")).await;
    fails_alone(shop.doctor(), "audit", "critical", "touched the trail at 1");
}

#[test]
fn over_http_nothing_is_pretended_and_what_travels_in_the_clear_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let (exit, report) = doctor(folder.path(), &format!("http://{}", running.dashboard()));
    let state = |check: &str| states(&report).into_iter().find(|(name, _)| *name == check).unwrap().1.to_owned();
    for check in ["hsts", "tls_version", "ciphers"] {
        assert_eq!(state(check), "skipped", "{report:#}");
    }
    for check in ["csp", "framing", "sniffing", "api_key", "password_policy", "at_rest", "secrets"] {
        assert_eq!(state(check), "ok", "{report:#}");
    }
    assert_eq!((exit, state("in_transit").as_str()), (1, "warn"), "{report:#}");
}

#[test]
fn where_nobody_answers_every_check_from_outside_fails_and_those_from_inside_go_on() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    // Taken by the near end of a connection, so that nobody listens there and nobody else can.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near_end = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let address = near_end.local_addr().unwrap();
    let (exit, report) = doctor(folder.path(), &format!("https://{address}"));
    let states = states(&report);
    assert!(states[..7].iter().all(|(_, state)| *state == "critical"), "{report:#}");
    assert_eq!((states[7], states[8], exit), (("password_policy", "ok"), ("at_rest", "ok"), 2), "{report:#}");
    let nowhere = run(&folder.path().join("typo"), &["doctor", "--security", &format!("https://{address}"), "--json"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(!folder.path().join("typo").exists(), "nothing is made");
    for bad in ["shop.example", "https://shop.example/path", "ftp://shop.example"] {
        let refused = run(folder.path(), &["doctor", "--security", bad]);
        assert_eq!(refused.status.code(), Some(2), "{bad}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("https://NAME"), "{bad}");
    }
}

/// Runs statements behind the program's back.
async fn directly(shop: &TestShop, sql: &'static str) {
    if shop.url().starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(shop.url()).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}

/// How the three checks of the shop's database stand, and what the worst of them says.
async fn told(shop: &TestShop) -> ([State; 3], String) {
    let found = examine_shop(shop.db(), None).await;
    let worst = found.iter().max_by_key(|check| check.state).unwrap().detail.en.clone();
    (found.map(|check| check.state), worst)
}

async fn happen(shop: &TestShop) {
    let entry = Entry {
        event: "stock.post_movement".to_owned(),
        audited: Audited::MODIFY,
        at: shop.db().now(),
        actor: shop.manager(),
        resource: "1".to_owned(),
        status: 200,
        records: 1,
        reason: String::new(),
        approver: String::new(),
        before: None,
        after: None,
    };
    shop.db().execute(&Actor::system("door"), None, NoteEntries(vec![entry])).await.unwrap();
    shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
}

both_engines! {
    fn what_the_database_is_asked_is_found_on_either_engine(shop: TestShop) {
        use State::{Critical, Ok, Warn};
        let caro = json!({"username": "caro", "name": "Caro", "role": "cashier", "password": "tres palabras sueltas"});
        shop.api(shop.admin()).post("/api/v1/users", caro).await.expect_status(201);
        happen(&shop).await;
        let (states, why) = told(&shop).await;
        assert_eq!((states, why.as_str()), ([Ok, Ok, Warn], "the end of the trail was never signed"));
        verify_and_anchor(shop.db(), None).await.unwrap();
        assert_eq!(told(&shop).await.0, [Ok, Ok, Ok]);
        shop.clock().advance(Duration::from_secs(3 * 24 * 3_600));
        assert_eq!(told(&shop).await.0, [Ok, Ok, Ok], "nothing happened since");
        happen(&shop).await;
        let (states, why) = told(&shop).await;
        assert_eq!((states, why.as_str()), ([Ok, Ok, Warn], "the last anchor is 3 days old"));
        verify_and_anchor(shop.db(), None).await.unwrap();

        directly(&shop, "update users set password_hash = replace(password_hash, 't=2', 't=1')").await;
        let (states, why) = told(&shop).await;
        assert_eq!((states, why.ends_with("caro")), ([Critical, Ok, Ok], true), "{why}");
        directly(&shop, "update users set password_hash = replace(password_hash, 't=1', 't=2')").await;

        let sqlite = shop.url().starts_with("sqlite:");
        directly(&shop, if sqlite { "update users set totp_pending = x'4a4253'" } else { "update users set totp_pending = '\\x4a4253'" }).await;
        let (states, why) = told(&shop).await;
        assert_eq!((states, why.starts_with("users.totp_pending: 1 values")), ([Ok, Critical, Ok], true), "{why}");
        directly(&shop, "update users set totp_pending = null; alter table products add column supplier_email text").await;
        assert_eq!(told(&shop).await, ([Ok, Critical, Ok], "unprotected columns: products.supplier_email".to_owned()));
        directly(&shop, "alter table products drop column supplier_email").await;

        let (guard, disarm) = match sqlite {
            true => ("audit_trail_keep_history_delete", "drop trigger audit_trail_keep_history_delete"),
            false => ("audit_trail_keep_whole", "alter table audit_trail disable trigger audit_trail_keep_whole"),
        };
        directly(&shop, disarm).await;
        assert_eq!(told(&shop).await, ([Ok, Ok, Critical], format!("guards of the database are gone: {guard}")));
    }
}
