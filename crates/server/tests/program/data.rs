//! Looking after a shop's data from the command line: verifying the book and moving to another
//! database.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use crate::process::{Running, json, run};
use gondola_store::sqlx::{self, Connection as _, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};

/// A new shop, as the first start leaves it.
fn founded(data_dir: &Path) {
    drop(Running::start(data_dir, &[]));
}

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

async fn tamper(data_dir: &Path, sql: &'static str) {
    let url = sqlite(&data_dir.join("gondola.db"));
    sqlx::raw_sql(sql).execute(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn ledger_verify_exits_0_when_the_book_adds_up_and_2_when_not() {
    let folder = tempfile::tempdir().unwrap();
    founded(folder.path());
    let good = run(folder.path(), &["ledger", "verify", "--json"]);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    assert_eq!(json(&good)["ok"], true);
    tamper(
        folder.path(),
        "insert into products (number, id, sku, name, short_name, category_id, unit, vat_bp, min_stock, max_stock, reorder_point, name_folded, search_text, created_at, updated_at)
             select 1, x'00000000000000000000000000000001', 'YERBA', 'Yerba', '', id, 'un', 2100, 0, 0, 0, '', '', 0, 0 from categories limit 1;
         insert into stock_heads (product_id, on_hand, avco_value, fifo_layers, last_sequence, level, severity)
             select id, 5000, 0, '[]', 0, 'normal', 4 from products",
    )
    .await;
    let bad = run(folder.path(), &["ledger", "verify", "--json"]);
    assert_eq!(bad.status.code(), Some(2), "{bad:?}");
    let told = json(&bad);
    assert_eq!(
        (&told["ok"], &told["findings"][0]["check"], &told["findings"][0]["subject"]),
        (&false.into(), &"head".into(), &"YERBA".into())
    );
    let words = String::from_utf8(run(folder.path(), &["ledger", "verify"]).stdout).unwrap();
    assert!(words.contains("does not add up") && words.contains("head: YERBA: stored 5000, expected 0"), "{words}");
}

#[test]
fn commands_that_only_look_make_no_shop() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("typo");
    let source = sqlite(&data_dir.join("gondola.db"));
    for command in [
        &["ledger", "verify"][..],
        &["copy", "--from", &source, "--to", "sqlite:x.db"],
        &["health"],
        &["migrate", "status"],
        &["migrate", "down", "1"],
        &["key", "list"],
        &["key", "revoke", "nobody"],
        &["user", "list"],
        &["user", "disable", "nobody"],
        &["user", "password", "nobody"],
        &["backup", "create"],
    ] {
        let refused = run(&data_dir, command);
        assert_eq!(refused.status.code(), Some(78), "{command:?}: {refused:?}");
        assert!(String::from_utf8(refused.stderr).unwrap().contains("there is no shop"));
        assert!(!data_dir.exists(), "{command:?} made a shop");
    }
    assert!(!Path::new("x.db").exists());
}

/// BK-9; AUD-5: both shops tell of it.
#[tokio::test]
async fn a_shop_is_copied_to_the_other_engine_and_back() {
    let folder = tempfile::tempdir().unwrap();
    founded(folder.path());
    let first = sqlite(&folder.path().join("gondola.db"));
    let middle = match postgres_url() {
        Some(server) => fresh_database(server).await.unwrap(),
        None => sqlite(&folder.path().join("middle.db")),
    };
    let last = sqlite(&folder.path().join("moved").join("gondola.db"));
    std::fs::create_dir(folder.path().join("moved")).unwrap();
    let copy = |from: &str, to: &str| run(folder.path(), &["copy", "--json", "--from", from, "--to", to]);
    let (went, came_back) = (copy(&first, &middle), copy(&middle, &last));
    assert_eq!((went.status.code(), came_back.status.code()), (Some(0), Some(0)), "{went:?} {came_back:?}");
    // Each copy is told where it came from; all else is equal.
    let tables = |copied: &std::process::Output| -> Vec<serde_json::Value> {
        let tables = json(copied)["tables"].as_array().unwrap().clone();
        tables.into_iter().filter(|table| table["table"] != "audit_trail").collect()
    };
    assert_eq!(tables(&went), tables(&came_back));
    assert_eq!(json(&came_back)["rows"].as_u64(), json(&went)["rows"].as_u64().map(|rows| rows + 1));
    let trail = folder.path().join("trail.jsonl");
    let exported = run(folder.path(), &["audit", "export", trail.to_str().unwrap()]);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    assert!(std::fs::read_to_string(trail).unwrap().contains("\"shop.copied_out\""));
    assert!(json(&went)["rows"].as_u64().unwrap() > 20);

    let again = copy(&first, &middle);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(json(&again)["code"], "target_not_empty");
    assert!(again.stderr.is_empty(), "with --json everything is on standard output");

    // The copy is a shop: with the key that came along it is served from there.
    std::fs::create_dir(folder.path().join("moved").join("keys")).unwrap();
    std::fs::copy(folder.path().join("keys/master.key"), folder.path().join("moved/keys/master.key")).unwrap();
    founded(&folder.path().join("moved"));
    let trail = folder.path().join("moved.jsonl");
    let moved = folder.path().join("moved");
    assert_eq!(run(&moved, &["audit", "export", trail.to_str().unwrap()]).status.code(), Some(0));
    assert!(std::fs::read_to_string(trail).unwrap().contains("\"shop.copied_in\""));
    assert_eq!(run(&moved, &["audit", "verify"]).status.code(), Some(0));
}
