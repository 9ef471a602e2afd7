//! SCR-2, LOG-2, USR-11 and ENC-4: secrets that stand out, used in a whole run of the real program, appear in no log,
//! metric, answer, error, file name, backup or line of the database. What is handed out on purpose
//! (a new key, a session's cookie) is read from where it is handed out and from nowhere else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::process::{Running, connect, gondola, json, read_all, run};
use gondola_testkit::postgres::{fresh_database, postgres_url};

const ENCRYPTION_KEY: &str = "c4a7a3b1e09d5f62887e4d30b6f1952cda3e7b9048c6f5171b2e8d640f93ca5b";
const PASSWORD: &str = "canario entre dos limones";
const WRONG_PASSWORD: &str = "canario que se equivoca";
const UNSENT_PASSWORD: &str = "canario en un campo de mas";
const WRONG_KEY: &str = "gnd_canarioquenoesdeaqui00000000000000000000";
const KEY_IN_QUERY: &str = "gnd_canarioenladireccion0000000000000000000";
const WRONG_TOKEN: &str = "canariosinllave000000000000000000000000000";
const COST: &str = "7654321.0987";
const IDEMPOTENCY_KEY: &str = "canario-de-una-vez";
const DATABASE_PASSWORD: &str = "canario-de-la-base";

/// The secrets of one run, each by what it is.
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    /// Asserts that none of them is in something that was written somewhere.
    fn are_absent(&self, place: &str, written: &[u8]) {
        for (what, secret) in &self.0 {
            for form in [secret.clone(), secret.replace(' ', "+"), secret.replace(' ', "%20")] {
                let found = written.windows(form.len()).any(|window| window == form.as_bytes());
                assert!(!found, "the {what} stands in {place}: {}", String::from_utf8_lossy(written));
            }
        }
    }

    fn are_absent_from_output(&self, words: &[&str], output: &Output) {
        self.are_absent(&format!("gondola {words:?}"), &[output.stdout.as_slice(), &output.stderr].concat());
    }
}

/// One request, head and body given; the whole answer.
fn ask(running: &Running, head: &str, body: &str) -> String {
    let mut stream = connect(running.dashboard());
    write!(
        stream,
        "{head}\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    read_all(&mut stream)
}

fn form(running: &Running, path: &str, fields: &[(&str, &str)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
    ask(running, &format!("POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded"), &fields.join("&"))
}

fn post(running: &Running, path: &str, secret: &str, body: &str) -> String {
    let head = format!(
        "POST {path} HTTP/1.1\r\ncontent-type: application/json\r\nx-api-key: {secret}\r\nidempotency-key: {IDEMPOTENCY_KEY}"
    );
    ask(running, &head, body)
}

fn status(answer: &str, expected: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{answer}");
}

/// Runs a command that reads a password from standard input.
fn run_typing(data_dir: &Path, words: &[&str], typed: &str) -> Output {
    let mut command = gondola(data_dir);
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{typed}").unwrap();
    child.wait_with_output().unwrap()
}

/// Everything below a folder, except the keys, whose place is known and guarded.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true if entry.file_name() == "keys" => {}
            true => found.extend(files(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

/// Uses every secret as people and programs do, well and badly; the answers that hand none out.
fn use_all(running: &Running, arguments: &[&str], data_dir: &Path, canaries: &mut Canaries) -> Vec<String> {
    let command = |words: &[&str]| run(data_dir, &[words, arguments].concat());
    let mut answers = Vec::new();
    let token = running.said["setup_token"].as_str().unwrap().to_owned();
    let owner = [("username", "ana"), ("name", "Ana"), ("password", PASSWORD), ("password_again", PASSWORD)];
    answers.push(form(running, "/setup", &[&[("token", WRONG_TOKEN)][..], &owner].concat()));
    let set_up = form(running, "/setup", &[&[("token", token.as_str())][..], &owner].concat());
    status(&set_up, "303");
    canaries.0.push(("set-up token", token));
    let wrong = form(running, "/login", &[("username", "ana"), ("password", WRONG_PASSWORD)]);
    status(&wrong, "4");
    answers.push(wrong);
    let logged_in = form(running, "/login", &[("username", "ana"), ("password", PASSWORD)]);
    let (_, cookie) = logged_in.split_once("gondola_session=").unwrap_or_else(|| panic!("no session: {logged_in}"));
    let session = cookie.split(';').next().unwrap().to_owned();
    for path in ["/", "/account", "/keys", "/people", "/nothing"] {
        let head = format!("GET {path} HTTP/1.1\r\naccept: text/html\r\ncookie: gondola_session={session}");
        answers.push(ask(running, &head, ""));
    }
    canaries.0.push(("session", session));
    let made = command(&["--json", "key", "create", "--name", "programa", "--scope", "read,write,admin"]);
    let secret = json(&made)["secret"].as_str().unwrap().to_owned();
    let made = command(&["--json", "key", "create", "--name", "medidor", "--scope", "metrics"]);
    let meter = json(&made)["secret"].as_str().unwrap().to_owned();
    answers.push(ask(running, &format!("GET /api/v1/inventory HTTP/1.1\r\nx-api-key: {WRONG_KEY}"), ""));
    answers.push(ask(
        running,
        &format!("GET /api/v1/inventory?api_key={KEY_IN_QUERY} HTTP/1.1\r\nx-api-key: {secret}"),
        "",
    ));
    answers.push(ask(running, &format!("GET /{KEY_IN_QUERY} HTTP/1.1\r\nauthorization: Bearer {WRONG_KEY}"), ""));
    let product = r#"{"sku": "LECHE", "name": "Leche", "category": "GEN", "unit": "un"}"#;
    status(
        &ask(
            running,
            &format!("POST /api/v1/products HTTP/1.1\r\ncontent-type: application/json\r\nx-api-key: {secret}"),
            product,
        ),
        "201",
    );
    let receipt = |quantity: &str| {
        format!(
            r#"{{"kind": "receipt", "product": "sku:LECHE", "quantity": "{quantity}", "to": "deposito", "unit_cost": "{COST}", "reason": "compra"}}"#
        )
    };
    for (body, expected) in [
        (receipt("1"), "201"),
        (receipt("1"), "201"),
        (receipt("2"), "409"),
        (receipt("0"), "422"),
        (receipt("x"), "422"),
    ] {
        let answer = post(running, "/api/v1/movements", &secret, &body);
        status(&answer, expected);
        answers.push(answer);
    }
    let too_much = format!(r#"{{"username": "beto", "password": "{UNSENT_PASSWORD}", "clave": "{UNSENT_PASSWORD}"}}"#);
    answers.push(post(running, "/api/v1/users", &secret, &too_much));
    answers.push(post(running, "/api/v1/movements", &secret, &format!(r#"{{"kind": {UNSENT_PASSWORD}"#)));
    answers.push(ask(running, &format!("GET /metrics HTTP/1.1\r\nx-api-key: {meter}"), ""));
    status(answers.last().unwrap(), "200");
    canaries.0.extend([("API key", secret), ("metrics key", meter)]);
    answers
}

/// A whole run with all canaries; afterwards the log, the answers, the words of every command and, where
/// the shop is in files, the files are searched.
fn a_whole_run(database: &[&str], mut canaries: Canaries) {
    let folder = tempfile::tempdir().unwrap();
    let key = format!("encryption.key={ENCRYPTION_KEY}");
    let arguments = [&["--set", key.as_str(), "--set", "log.level=debug"][..], database].concat();
    let running = Running::start(folder.path(), &arguments);
    let answers = use_all(&running, &arguments, folder.path(), &mut canaries);
    for words in [
        &["backup", "create"][..],
        &["backup", "list"],
        &["config", "check"],
        &["config", "explain"],
        &["doctor"],
        &["health"],
        &["key", "list"],
        &["ledger", "verify"],
        &["user", "list"],
    ] {
        canaries.are_absent_from_output(words, &run(folder.path(), &[words, &arguments].concat()));
    }
    let typed = ["user", "add", "beto", "--role", "cashier", "--password-stdin"];
    canaries.are_absent_from_output(&typed, &run_typing(folder.path(), &[&typed, &arguments[..]].concat(), PASSWORD));
    running.signal("TERM");
    let (_, _, log) = running.wait();
    assert!(log.contains("/api/v1/movements"), "the log tells of the requests: {log}");
    canaries.are_absent("the log", log.as_bytes());
    for answer in answers {
        canaries.are_absent("an answer", answer.as_bytes());
    }
    // Whose key it is stands beside the stored answer, in the clear: it names a request and opens nothing.
    canaries.0.retain(|(what, _)| *what != "idempotency key");
    let files = files(folder.path());
    for file in files {
        canaries.are_absent("the name of a file", file.display().to_string().as_bytes());
        canaries.are_absent(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
}

fn canaries() -> Canaries {
    let known = [
        ("encryption key", ENCRYPTION_KEY),
        ("password", PASSWORD),
        ("wrong password", WRONG_PASSWORD),
        ("password in a field nobody knows", UNSENT_PASSWORD),
        ("wrong key", WRONG_KEY),
        ("key in an address", KEY_IN_QUERY),
        ("wrong set-up token", WRONG_TOKEN),
        ("cost", COST),
        ("idempotency key", IDEMPOTENCY_KEY),
        ("database password", DATABASE_PASSWORD),
    ];
    Canaries(known.map(|(what, secret)| (what, secret.to_owned())).into())
}

/// SCR-2, LOG-2, USR-11, ENC-4.
#[test]
fn no_secret_of_a_run_is_written_anywhere_on_sqlite() {
    a_whole_run(&[], canaries());
}

/// SCR-2, LOG-2, USR-11, ENC-4.
#[tokio::test]
async fn no_secret_of_a_run_is_written_anywhere_on_postgres() {
    let Some(server) = postgres_url() else { return };
    let url = fresh_database(server).await.unwrap();
    let (user, rest) = url.split_once('@').unwrap();
    let user = user.rsplit_once("//").map_or(user, |(_, user)| user);
    let user = user.split(':').next().unwrap();
    let setting = format!("database.url=postgres://{user}:{DATABASE_PASSWORD}@{rest}");
    tokio::task::spawn_blocking(move || a_whole_run(&["--set", &setting], canaries())).await.unwrap();
}

/// SCR-2: a database that cannot be reached, or cannot be meant, is told without its password.
#[test]
fn an_address_that_does_not_work_is_told_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["127.0.0.1:1/shop", "127.0.0.1:port/shop", "/shop?sslmode=maybe", "[::1/shop"] {
        let setting = format!("database.url=postgres://ana:{DATABASE_PASSWORD}@{address}");
        for words in [&["migrate", "status"][..], &["config", "check"], &["config", "explain"], &["doctor"], &["serve"]]
        {
            let output = run(folder.path(), &[words, &["--set", &setting]].concat());
            canaries().are_absent_from_output(words, &output);
        }
    }
}
