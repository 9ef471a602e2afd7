//! ENC-3: a PostgreSQL that writes down every statement with its parameters and counts them in its views learns nothing
//! that is protected, and none of the keys. What the program does there is what `at_rest` has it do; then its keys are
//! replaced.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use gondola_testkit::skip;
use gondola_vault::{hex, unhex};

use crate::production::at_rest::{Sought, is_kept};
use crate::production::search::Canary;
use crate::production::shop::Shop;

/// Everything is written down, however long it is.
const LOGGING: [&str; 8] = [
    "shared_preload_libraries=pg_stat_statements",
    "pg_stat_statements.track=all",
    "pg_stat_statements.max=10000",
    "track_activity_query_size=1048576",
    "log_statement=all",
    "log_min_duration_statement=0",
    "log_parameter_max_length=-1",
    "log_parameter_max_length_on_error=-1",
];
/// The views of statements, as one text each.
const VIEWS: [(&str, &str); 2] = [
    ("pg_stat_statements", "select coalesce(string_agg(query, E'\\n'), '') from pg_stat_statements"),
    ("pg_stat_activity", "select coalesce(string_agg(query, E'\\n'), '') from pg_stat_activity"),
];
/// The keys of the ring, as the database keeps them: number, use, wrapped.
const RING: &str =
    "select string_agg(id || ' ' || purpose || ' ' || encode(wrapped, 'hex'), E'\\n' order by id) from encryption_keys";
/// The parts of a wrapped key, behind its version; a tag follows.
const ROUNDS: Range<usize> = 1..5;
const SALT: Range<usize> = 5..21;
const CHECK: Range<usize> = 21..29;
const NONCE: Range<usize> = 29..41;
const KEY: Range<usize> = 41..73;

/// What `openssl` answers, an implementation that is not ours.
fn openssl(words: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    let mut child = command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {}", words[0]);
    output.stdout
}

/// The shop's keys in the clear, unwrapped with its secret; none where there is no `openssl`.
fn keys(shop: &Shop, secret: &str) -> Vec<Canary> {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        skip("keys in statements", "there is no openssl");
        return Vec::new();
    }
    let ring = shop.postgres.as_ref().unwrap().text(RING);
    let unwrapped = ring.lines().map(|line| {
        let [id, usage, wrapped] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let wrapped = unhex(wrapped).unwrap();
        let rounds = u32::from_be_bytes(wrapped[ROUNDS].try_into().unwrap());
        let options = [
            "digest:SHA256".to_owned(),
            format!("hexpass:{secret}"),
            format!("hexsalt:{}", hex(&wrapped[SALT])),
            format!("iter:{rounds}"),
        ];
        let options = options.iter().flat_map(|option| ["-kdfopt", option]);
        let words: Vec<&str> =
            ["kdf", "-binary", "-keylen", "32"].into_iter().chain(options).chain(["PBKDF2"]).collect();
        let wrapping = hex(&openssl(&words, b""));
        // GCM counts its blocks from two on; whether the key is the right one, its check says.
        let counter = format!("{}00000002", hex(&wrapped[NONCE]));
        let words = ["enc", "-d", "-aes-256-ctr", "-K", &wrapping, "-iv", &counter];
        let key = openssl(&words, &wrapped[KEY]);
        let said = format!("gondola key check 1\0{usage}");
        let check = ["mac", "-binary", "-digest", "SHA256", "-macopt", &format!("hexkey:{}", hex(&key)), "HMAC"];
        assert_eq!(openssl(&check, said.as_bytes())[..CHECK.len()], wrapped[CHECK], "key {id} was not unwrapped");
        Canary::bytes(&format!("key {id} ({usage})"), &key)
    });
    unwrapped.collect()
}

/// Both the text of a secret and its bytes.
fn secret_of(what: &str, text: &str) -> [Canary; 2] {
    [Canary::text(text), Canary::bytes(what, &unhex(text).unwrap())]
}

/// The keys are replaced, all three kinds of them; what of them must not be found.
fn keys_are_replaced(shop: &Shop, name: &str) -> Vec<Canary> {
    let secret = fs::read_to_string(shop.path("secret")).unwrap();
    let rotated = shop.told(&["key", "rotate", name]);
    assert_eq!(shop.told(&["encryption", "rotate"])["key"], 5);
    let ring = keys(shop, &secret);
    assert!(ring.is_empty() || ring.len() == 5, "{ring:?}");
    let (file, another) = (shop.path("another-secret"), "7c".to_owned() + &secret[..62]);
    fs::write(&file, &another).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    shop.told(&["encryption", "rewrap", "--new-key-file", file.to_str().unwrap()]);
    let secrets = [secret_of("the secret", &secret), secret_of("the other secret", &another)].concat();
    let of_key = Canary::text(rotated["secret"].as_str().unwrap());
    [ring, keys(shop, &another), secrets, vec![of_key]].concat()
}

/// ENC-3: neither the text of statements nor their parameters nor the views that count them hold a key or a canary.
#[test]
fn statements_and_their_parameters_hold_nothing_protected_and_no_key() {
    let Some(shop) = Shop::on_postgres_with(&["--ecdsa"], &LOGGING) else { return };
    let postgres = shop.postgres.as_ref().unwrap();
    postgres.change("create extension pg_stat_statements");
    let served = shop.serve();
    let key = shop.key("read,write,admin");
    let program = served.dashboard().with("x-api-key", &key);
    let kept = is_kept(&shop, &served, &program);
    let replaced = keys_are_replaced(&shop, "read,write,admin");
    program.get("/api/v1/products").expect(200);
    let sought = Sought::of(&shop, [kept, replaced, vec![Canary::text(&key)]].concat());
    for (view, statement) in VIEWS {
        let text = postgres.text(statement);
        assert!(text.contains(view), "{view} is there");
        sought.public_in(view, text.as_bytes());
    }
    assert!(postgres.text(VIEWS[0].1).contains("insert into products"), "what the program asks is counted");
    served.stop();
    let log = postgres.log();
    let told = String::from_utf8_lossy(&log);
    assert!(told.contains("insert into products") && told.contains("DETAIL:  parameters: "), "all is written down");
    sought.is_sealed("the log of statements", &log);
}
