//! What the doctor finds, by the real program: a fault is put in, the check sees it and says what to
//! do, the others go on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::process::{Running, gondola, json, run};
use gondola_store::sqlx::{self, Connection as _, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};
use serde_json::Value;

/// A new shop with a backup.
fn well_kept() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    assert_eq!(run(folder.path(), &["backup"]).status.code(), Some(0));
    folder
}

fn doctor(data_dir: &Path) -> (i32, Value) {
    let output = run(data_dir, &["doctor", "--json"]);
    (output.status.code().unwrap(), json(&output))
}

/// One check's state, with its advice where it is not well.
fn state<'r>(report: &'r Value, check: &str) -> &'r str {
    let found = report["checks"].as_array().unwrap().iter().find(|found| found["name"] == check);
    let found = found.unwrap_or_else(|| panic!("{check} is not in {report}"));
    let state = found["status"].as_str().unwrap();
    assert!(matches!(state, "ok" | "skipped") || check == "database" || found["advice"].is_string(), "{found}");
    state
}

async fn sql(data_dir: &Path, statement: &'static str) {
    let url = format!("sqlite:{}", data_dir.join("gondola.db").display());
    sqlx::raw_sql(statement).execute(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
}

/// Whether the disk of the machine that runs this test has room is not this test's question.
fn besides_the_disk(report: &Value) -> Vec<&Value> {
    report["checks"].as_array().unwrap().iter().filter(|found| found["name"] != "disk").collect()
}

#[test]
fn a_well_kept_shop_is_well_and_a_missing_backup_is_told() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    let (exit, report) = doctor(folder.path());
    assert_eq!(state(&report, "backup"), "warn", "{report}");
    assert!(exit >= 1);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(run(folder.path(), &["backup"]).status.code(), Some(0));
    let (_, report) = doctor(folder.path());
    for found in besides_the_disk(&report) {
        assert_eq!(found["status"], "ok", "{found}");
    }
    let checks: Vec<&str> = report["checks"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(
        checks,
        ["disk", "data_dir", "key", "profile", "engine", "clock", "backup", "file", "migrations", "ledger"]
    );
    let words = String::from_utf8(run(folder.path(), &["doctor"]).stdout).unwrap();
    assert!(words.contains("the book adds up"), "{words}");
    let spanish = gondola(folder.path()).env("LANG", "es_AR.UTF-8").arg("doctor").output().unwrap();
    assert!(String::from_utf8(spanish.stdout).unwrap().contains("el libro cierra"));
}

#[test]
fn no_shop_is_told_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let typo = folder.path().join("typo");
    let (exit, report) = doctor(&typo);
    assert_eq!((exit, state(&report, "database")), (2, "critical"));
    assert!(!typo.exists());
}

#[test]
fn files_that_others_may_read_are_told() {
    let shop = well_kept();
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(shop.path(), 0o755);
    assert_eq!(state(&doctor(shop.path()).1, "data_dir"), "warn");
    open(&shop.path().join("keys/master.key"), 0o644);
    let (exit, report) = doctor(shop.path());
    assert_eq!((exit, state(&report, "key")), (2, "critical"));
}

#[test]
fn pending_migrations_are_told_and_the_book_waits_for_them() {
    let shop = well_kept();
    assert_eq!(run(shop.path(), &["migrate", "down", "1"]).status.code(), Some(0));
    let (exit, report) = doctor(shop.path());
    assert!(exit >= 1);
    assert_eq!((state(&report, "migrations"), state(&report, "ledger")), ("warn", "skipped"));
}

#[tokio::test]
async fn a_clock_that_went_back_and_an_old_backup_are_told() {
    let shop = well_kept();
    sql(shop.path(), "insert into settings (key, value, updated_at) values ('later', '', 4102444800000000)").await;
    let (exit, report) = doctor(shop.path());
    assert_eq!((exit, state(&report, "clock")), (2, "critical"));

    let backups = shop.path().join("backups");
    let set = fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let manifest = fs::read_to_string(set.join("manifest.json")).unwrap();
    let created = json(&run(shop.path(), &["backup", "list", "--json"]))["items"][0]["created_at"].clone();
    fs::write(set.join("manifest.json"), manifest.replace(created.as_str().unwrap(), "2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(state(&doctor(shop.path()).1, "backup"), "critical");
}

#[tokio::test]
async fn a_book_that_does_not_add_up_is_critical() {
    let shop = well_kept();
    sql(
        shop.path(),
        "insert into products (number, id, sku, name, short_name, category_id, unit, vat_bp, min_stock, max_stock, reorder_point, name_folded, search_text, created_at, updated_at)
             select 1, x'00000000000000000000000000000001', 'YERBA', 'Yerba', '', id, 'un', 2100, 0, 0, 0, '', '', 0, 0 from categories limit 1;
         insert into stock_heads (product_id, on_hand, avco_value, fifo_layers, last_sequence, level, severity)
             select id, 5000, 0, '[]', 0, 'normal', 4 from products",
    )
    .await;
    let (exit, report) = doctor(shop.path());
    assert_eq!((exit, state(&report, "ledger")), (2, "critical"));
}

#[tokio::test]
async fn a_row_that_points_to_nothing_is_damage() {
    let shop = well_kept();
    sql(
        shop.path(),
        "pragma foreign_keys = off;
         insert into category_seasons (category_id, month, factor_permille) values (x'00', 1, 1000)",
    )
    .await;
    let (exit, report) = doctor(shop.path());
    assert_eq!((exit, state(&report, "file")), (2, "critical"));
}

#[tokio::test]
async fn on_postgres_what_belongs_to_sqlite_is_skipped() {
    let Some(server) = postgres_url() else { return };
    let url = fresh_database(server).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let on_postgres = |words: &[&str]| gondola(folder.path()).env("DATABASE_URL", &url).args(words).output().unwrap();
    assert_eq!(on_postgres(&["migrate", "up"]).status.code(), Some(0));
    let report = json(&on_postgres(&["doctor", "--json"]));
    for (check, expected) in [
        ("engine", "ok"),
        ("clock", "ok"),
        ("backup", "skipped"),
        ("file", "skipped"),
        ("role", "ok"),
        ("ledger", "ok"),
    ] {
        assert_eq!(state(&report, check), expected, "{report}");
    }
}
