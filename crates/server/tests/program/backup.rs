//! Backup and restore with the real program: while the shop is open, on sets that were damaged, and
//! at the moments when something is interrupted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::process::{Running, connect, gondola, json, read_all, run};
use gondola_store::sqlx::{self, Connection as _, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};

/// A new shop, as the first start leaves it.
fn founded() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    folder
}

/// Makes a set and answers what was told.
fn backup(data_dir: &Path) -> serde_json::Value {
    let made = run(data_dir, &["backup", "--json"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    json(&made)
}

fn id(set: &serde_json::Value) -> &str {
    set["id"].as_str().unwrap()
}

fn folder_of(set: &serde_json::Value) -> PathBuf {
    PathBuf::from(set["path"].as_str().unwrap())
}

/// Refused, with this exit and code, and complaining in words as well.
fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!(output.status.code(), Some(exit), "{output:?}");
    let told = json(output);
    assert_eq!(told["code"], code, "{told}");
    assert!(told["detail"].as_str().unwrap().len() > 20, "{told}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn sql(data_dir: &Path, statement: &'static str) {
    let url = format!("sqlite:{}", data_dir.join("gondola.db").display());
    sqlx::raw_sql(statement).execute(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
}

/// Tables that do not hold the same rows in a shop and in a set.
async fn differing(data_dir: &Path, set: &serde_json::Value) -> Vec<String> {
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("set.db");
    fs::copy(folder_of(set).join("gondola.db"), &file).unwrap();
    let url = format!("sqlite:{}", data_dir.join("gondola.db").display());
    let mut shop = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("attach $1 as kept").bind(file.display().to_string()).execute(&mut shop).await.unwrap();
    let tables = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut shop).await.unwrap();
    let mut differing = Vec::new();
    for table in tables {
        let rows = |one: &str, other: &str| format!("select * from {one}.{table} except select * from {other}.{table}");
        let (here, there) = (rows("main", "kept"), rows("kept", "main"));
        let count = format!("select (select count(*) from ({here})) + (select count(*) from ({there}))");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&mut shop).await.unwrap();
        if count > 0 {
            differing.push(table);
        }
    }
    differing
}

/// What the trail of a shop tells of it as a whole, in order.
fn deeds(data_dir: &Path) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trail.jsonl");
    let exported = run(data_dir, &["audit", "export", file.to_str().unwrap()]);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    let trail = fs::read_to_string(file).unwrap();
    let entries = trail.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let deeds = entries.filter(|entry| entry["event"].as_str().unwrap().starts_with("shop."));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    deeds.map(|entry| (text(&entry["event"]), text(&entry["resource"]))).collect()
}

async fn location_name(data_dir: &Path) -> String {
    let url = format!("sqlite:{}", data_dir.join("gondola.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query_scalar("select name from locations where code = 'local'").fetch_one(&mut connection).await.unwrap()
}

/// AUD-5: the trail tells of backups and restores.
#[tokio::test]
async fn a_restored_shop_is_the_shop_of_the_backup_and_what_was_there_is_kept() {
    let shop = founded();
    let before = location_name(shop.path()).await;
    let set = backup(shop.path());
    assert!(set["rows"].as_u64().unwrap() > 20);
    assert_eq!(names(&folder_of(&set)), ["gondola.db", "manifest.json"]);
    sql(shop.path(), "update locations set name = 'Otro' where code = 'local'").await;

    let restored = run(shop.path(), &["restore", id(&set), "--json"]);
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    assert_eq!(location_name(shop.path()).await, before);
    let kept = PathBuf::from(json(&restored)["previous"].as_str().unwrap());
    fs::copy(kept.join("gondola.db"), shop.path().join("kept.db")).unwrap();
    let kept_dir = tempfile::tempdir().unwrap();
    fs::rename(shop.path().join("kept.db"), kept_dir.path().join("gondola.db")).unwrap();
    assert_eq!(location_name(kept_dir.path()).await, "Otro");

    assert_eq!(differing(shop.path(), &set).await, ["audit_trail"], "the restored shop holds what the set holds");
    let deed = |event: &str, what: &str| (event.to_owned(), what.to_owned());
    // The set was made before the trail could tell of it.
    let told = deeds(shop.path());
    assert!(told[0].0 == "shop.migrated" && told[0].1.starts_with("1 shop, "), "{told:?}");
    assert_eq!(told[1..], [deed("shop.restored", id(&set))]);
    let again = backup(shop.path());
    assert_eq!(deeds(shop.path())[2], deed("shop.backed_up", id(&again)));
    assert_eq!(run(shop.path(), &["audit", "verify"]).status.code(), Some(0));
    drop(Running::start(shop.path(), &[]));
}

#[test]
fn sets_are_listed_newest_first_and_verified_by_name_or_the_newest() {
    let shop = founded();
    let empty = run(shop.path(), &["backup", "list", "--json"]);
    assert_eq!(json(&empty), serde_json::json!({"items": []}));
    refused(&run(shop.path(), &["backup", "verify", "--json"]), 1, "no_such_set");
    let (first, second, third) = (backup(shop.path()), backup(shop.path()), backup(shop.path()));
    let items = json(&run(shop.path(), &["backup", "list", "--json"]))["items"].clone();
    let listed: Vec<&str> = items.as_array().unwrap().iter().map(id).collect();
    assert_eq!(listed, [id(&third), id(&second), id(&first)]);
    for which in [&["backup", "verify", "--json"][..], &["backup", "verify", id(&first), "--json"]] {
        let verified = run(shop.path(), which);
        assert_eq!(verified.status.code(), Some(0), "{verified:?}");
        assert_eq!(json(&verified)["verified"], true);
    }
    assert!(!names(shop.path()).iter().any(|name| name.starts_with(".examined")), "verifying leaves nothing behind");
}

/// DR-3: damage of any kind is found before anything is touched.
#[test]
fn a_damaged_set_is_refused_and_nothing_is_touched() {
    let shop = founded();
    let set = backup(shop.path());
    let (database, manifest) = (folder_of(&set).join("gondola.db"), folder_of(&set).join("manifest.json"));
    let (good_database, good_manifest) = (fs::read(&database).unwrap(), fs::read_to_string(&manifest).unwrap());
    let flipped = |at: usize| {
        let mut bytes = good_database.clone();
        bytes[at] ^= 1;
        bytes
    };
    let content = set["content_sha256"].as_str().unwrap();
    let damages: [(&str, Vec<u8>, String); 7] = [
        ("one bit", flipped(good_database.len() / 2), good_manifest.clone()),
        ("the last byte", flipped(good_database.len() - 1), good_manifest.clone()),
        ("cut short", good_database[..good_database.len() / 2].to_vec(), good_manifest.clone()),
        ("empty", Vec::new(), good_manifest.clone()),
        ("half a manifest", good_database.clone(), good_manifest[..good_manifest.len() / 2].to_owned()),
        ("another content", good_database.clone(), good_manifest.replace(content, &"0".repeat(64))),
        ("a newer form", good_database.clone(), good_manifest.replace("\"format\": 1", "\"format\": 99")),
    ];
    let live = fs::read(shop.path().join("gondola.db")).unwrap();
    for (damage, bytes, text) in damages {
        fs::write(&database, bytes).unwrap();
        fs::write(&manifest, text).unwrap();
        for command in ["restore", "backup verify"] {
            let words: Vec<&str> = command.split(' ').chain([id(&set), "--json"]).collect();
            let output = run(shop.path(), &words);
            assert_eq!(output.status.code(), Some(2), "{damage}: {output:?}");
            refused(&output, 2, "set_damaged");
        }
        assert_eq!(fs::read(shop.path().join("gondola.db")).unwrap(), live, "{damage}");
        assert!(!shop.path().join("before-restore").exists(), "{damage}");
    }
    fs::remove_file(&database).unwrap();
    fs::write(&manifest, good_manifest).unwrap();
    refused(&run(shop.path(), &["restore", id(&set), "--json"]), 2, "set_damaged");
}

/// PEN-1 A08: whoever changes a row and describes the set anew, digests and all, still lacks the shop's signature.
#[tokio::test]
async fn a_set_that_somebody_described_anew_is_refused() {
    let shop = founded();
    let before = backup(shop.path());
    sql(shop.path(), "update locations set name = 'Otro' where code = 'local'").await;
    let changed = backup(shop.path());
    let manifest = |set: &serde_json::Value| folder_of(set).join("manifest.json");
    let read = |set| serde_json::from_slice::<serde_json::Value>(&fs::read(manifest(set)).unwrap()).unwrap();
    let (good, earlier) = (read(&changed), read(&before));
    let with = |field: &str, value: serde_json::Value| {
        let mut forged = good.clone();
        forged[field] = value;
        forged
    };
    let forgeries = [
        ("the signature of another set", with("signature", earlier["signature"].clone())),
        ("a signature of nobody", with("signature", "0".repeat(128).into())),
        ("no signature", with("signature", "".into())),
        ("another day", with("created_at", "2026-01-01T00:00:00Z".into())),
        ("a book that added up", with("ledger", serde_json::json!({"ok": true, "movements": 9, "findings": 0}))),
    ];
    let live = fs::read(shop.path().join("gondola.db")).unwrap();
    for (forgery, forged) in forgeries {
        fs::write(manifest(&changed), forged.to_string()).unwrap();
        for command in ["restore", "backup verify"] {
            let words: Vec<&str> = command.split(' ').chain([id(&changed), "--json"]).collect();
            let output = run(shop.path(), &words);
            assert_eq!(output.status.code(), Some(2), "{forgery}: {output:?}");
            refused(&output, 2, "set_not_ours");
        }
        assert_eq!(fs::read(shop.path().join("gondola.db")).unwrap(), live, "{forgery}");
    }
    fs::write(manifest(&changed), good.to_string()).unwrap();
    assert_eq!(run(shop.path(), &["restore", id(&changed)]).status.code(), Some(0));
    assert_eq!(location_name(shop.path()).await, "Otro");
}

/// R-24: after a restore keys are as the set has them. One of the set goes on, also one that was rotated or revoked since, which
/// is told in the list for its owner to end it again; one that was made since is none.
#[test]
fn keys_after_a_restore_are_those_of_the_set() {
    let shop = founded();
    let told = |words: &[&str]| {
        let output = run(shop.path(), &[&["--json"], words].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
        json(&output)
    };
    let create = |name: &str| told(&["key", "create", "--name", name, "--scope", "read"])["secret"].clone();
    let (kept, revoked) = (create("kept"), create("revoked"));
    let set = backup(shop.path());
    told(&["key", "revoke", "revoked"]);
    let later = create("later");
    told(&["restore", id(&set)]);
    let listed = told(&["key", "list"])["items"].clone();
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|key| (&key["name"], &key["state"])).collect();
    assert_eq!(listed, [(&"kept".into(), &"active".into()), (&"revoked".into(), &"active".into())]);
    let running = Running::start(shop.path(), &[]);
    let opens = |secret: &serde_json::Value| {
        let mut stream = connect(running.dashboard());
        let secret = secret.as_str().unwrap();
        write!(
            stream,
            "GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nx-api-key: {secret}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        read_all(&mut stream)[9..12].to_owned()
    };
    assert_eq!([&kept, &revoked, &later].map(opens), ["200", "200", "401"]);
    told(&["key", "revoke", "revoked"]);
    assert_eq!(opens(&revoked), "401", "ended again");
}

#[test]
fn an_open_shop_is_not_restored_over() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let set = backup(folder.path());
    refused(&run(folder.path(), &["restore", id(&set), "--json"]), 1, "shop_is_open");
    drop(running);
    assert_eq!(run(folder.path(), &["restore", id(&set)]).status.code(), Some(0));
}

/// An interrupted restore is neither the old nor the new shop: it stays closed until one succeeds.
#[test]
fn an_interrupted_restore_keeps_the_shop_closed_until_a_restore_succeeds() {
    let shop = founded();
    let set = backup(shop.path());
    let database = shop.path().join("gondola.db");
    for left_over in [true, false] {
        fs::write(shop.path().join("gondola.restoring"), "").unwrap();
        if !left_over {
            fs::remove_file(&database).unwrap();
        }
        for command in [&["serve"][..], &["user", "list"], &["backup"], &["migrate"]] {
            let output = run(shop.path(), command);
            assert_eq!(output.status.code(), Some(78), "{command:?}: {output:?}");
        }
        assert_eq!(database.exists(), left_over, "nobody made an empty shop in its place");
        assert_eq!(run(shop.path(), &["restore", id(&set)]).status.code(), Some(0));
        assert!(!shop.path().join("gondola.restoring").exists());
        drop(Running::start(shop.path(), &[]));
    }
}

#[test]
fn a_killed_backup_leaves_no_set_and_the_next_one_cleans_up() {
    let shop = founded();
    let unfinished = shop.path().join("backups/.unfinished-1");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("gondola.db"), "half").unwrap();
    assert_eq!(json(&run(shop.path(), &["backup", "list", "--json"]))["items"], serde_json::json!([]));
    let set = backup(shop.path());
    assert_eq!(names(&shop.path().join("backups")), [".lock", id(&set)]);
}

#[tokio::test]
async fn a_set_sealed_with_another_key_or_without_one_is_refused() {
    let (shop, other) = (founded(), founded());
    let set = backup(shop.path());
    let path = set["path"].as_str().unwrap();
    let output = run(other.path(), &["restore", path, "--json"]);
    assert_eq!(output.status.code(), Some(78), "{output:?}");

    let bare = tempfile::tempdir().unwrap();
    refused(&run(bare.path(), &["restore", path, "--json"]), 1, "no_key");
    assert!(names(bare.path()).iter().all(|name| !name.contains("keys")), "no key was drawn");

    // The host was lost: a new machine with the set and the key has the shop again.
    fs::create_dir(bare.path().join("keys")).unwrap();
    fs::copy(shop.path().join("keys/master.key"), bare.path().join("keys/master.key")).unwrap();
    assert_eq!(run(bare.path(), &["restore", path]).status.code(), Some(0));
    assert_eq!(differing(bare.path(), &set).await, ["audit_trail"]);
}

#[tokio::test]
async fn a_book_that_does_not_add_up_is_kept_and_said_and_restored_only_on_demand() {
    let shop = founded();
    sql(
        shop.path(),
        "insert into products (number, id, sku, name, short_name, category_id, unit, vat_bp, min_stock, max_stock, reorder_point, name_folded, search_text, created_at, updated_at)
             select 1, x'00000000000000000000000000000001', 'YERBA', 'Yerba', '', id, 'un', 2100, 0, 0, 0, '', '', 0, 0 from categories limit 1;
         insert into stock_heads (product_id, on_hand, avco_value, fifo_layers, last_sequence, level, severity)
             select id, 5000, 0, '[]', 0, 'normal', 4 from products",
    )
    .await;
    let made = run(shop.path(), &["backup", "--json"]);
    assert_eq!(made.status.code(), Some(1), "{made:?}");
    let set = json(&made);
    assert_eq!(set["ledger"]["ok"], false);
    refused(&run(shop.path(), &["restore", id(&set), "--json"]), 1, "book_does_not_add_up");
    assert_eq!(run(shop.path(), &["restore", id(&set), "--accept-findings"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_shop_on_postgres_is_sent_to_pg_dump() {
    let Some(server) = postgres_url() else { return };
    let url = fresh_database(server).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let on_postgres = |words: &[&str]| gondola(folder.path()).env("DATABASE_URL", &url).args(words).output().unwrap();
    assert_eq!(on_postgres(&["migrate", "up"]).status.code(), Some(0));
    let output = on_postgres(&["backup", "--json"]);
    refused(&output, 2, "on_postgres");
    assert!(json(&output)["detail"].as_str().unwrap().contains("pg_dump"));
    refused(&on_postgres(&["restore", "x", "--json"]), 2, "on_postgres");
}

/// BK-7: the shop goes on selling while backups are made, and each of them adds up.
#[test]
fn a_backup_taken_under_writes_is_one_moment_of_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let key = json(&run(folder.path(), &["key", "create", "--name", "till", "--scope", "read,write", "--json"]));
    let secret = key["secret"].as_str().unwrap();
    let address = running.dashboard();
    let product = r#"{"sku":"YERBA","name":"Yerba","category":"GEN","unit":"un"}"#;
    assert!(post(address, secret, "/api/v1/products", product).starts_with("HTTP/1.1 201"));
    let stop = AtomicBool::new(false);
    let receipt =
        r#"{"kind":"receipt","product":"sku:YERBA","quantity":"1","to":"deposito","unit_cost":"10","reason":"compra"}"#;
    let written = std::thread::scope(|scope| {
        let writer = || {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                assert!(post(address, secret, "/api/v1/movements", receipt).starts_with("HTTP/1.1 201"));
                written += 1;
            }
            written
        };
        let writers = [scope.spawn(writer), scope.spawn(writer)];
        let movements: Vec<i64> =
            (0..3).map(|_| backup(folder.path())["ledger"]["movements"].as_i64().unwrap()).collect();
        stop.store(true, Ordering::Relaxed);
        let written: i64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        assert!(movements.is_sorted() && *movements.last().unwrap() <= written, "{movements:?} of {written}");
        written
    });
    assert!(written > 0);
}

fn post(address: SocketAddr, secret: &str, path: &str, body: &str) -> String {
    let mut stream = connect(address);
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {secret}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    read_all(&mut stream)
}

/// TLS-3: of the authority's key no line is in any file of a set.
#[test]
fn a_set_holds_nothing_of_the_authoritys_key() {
    let shop = founded();
    let made = run(shop.path(), &["tls", "init", "--ecdsa", "--service", "dashboard"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let folder = folder_of(&backup(shop.path()));
    assert_eq!(names(&folder), ["gondola.db", "manifest.json"]);
    let key = fs::read_to_string(shop.path().join("ca/ca.key")).unwrap();
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    assert!(!lines.is_empty(), "{key}");
    for name in names(&folder) {
        let bytes = fs::read(folder.join(&name)).unwrap();
        for needle in lines.iter().copied().chain(["PRIVATE KEY"]) {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{name}");
        }
    }
}

/// The set's file is the bytes that were verified, wherever it is carried.
#[test]
fn a_set_carried_elsewhere_is_found_by_its_folder() {
    let shop = founded();
    let set = backup(shop.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let carried = elsewhere.path().join("usb");
    fs::create_dir(&carried).unwrap();
    for name in ["gondola.db", "manifest.json"] {
        fs::copy(folder_of(&set).join(name), carried.join(name)).unwrap();
    }
    let mut file = fs::File::open(carried.join("gondola.db")).unwrap();
    let mut head = [0; 16];
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"SQLite format 3\0");
    fs::remove_dir_all(shop.path().join("backups")).unwrap();
    assert_eq!(run(shop.path(), &["restore", carried.to_str().unwrap()]).status.code(), Some(0));
}
