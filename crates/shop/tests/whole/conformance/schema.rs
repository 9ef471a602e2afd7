//! The two schemas are one: the same tables, columns, keys, uniqueness and references, and the same
//! texts but for the names of types (architecture 6.5).

use std::collections::BTreeSet;
use std::path::PathBuf;

use gondola_store::schema::{Kind, Schema};
use gondola_testkit::TestShop;

async fn schema(shop: &TestShop) -> Schema {
    Schema::read(&mut shop.db().read().await.unwrap().as_tx()).await.unwrap()
}

#[tokio::test]
async fn both_engines_describe_the_same_shop() {
    let sqlite = schema(&TestShop::sqlite().await).await;
    assert!(sqlite.tables.len() > 20);
    let Some(postgres) = TestShop::postgres().await else { return };
    let postgres = schema(&postgres).await;
    let (here, there) = (sqlite.lines(), postgres.lines());
    let differences: Vec<_> = here.symmetric_difference(&there).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn the_schema_is_read_as_it_was_written() {
    for shop in [Some(TestShop::sqlite().await), TestShop::postgres().await].into_iter().flatten() {
        let lines = schema(&shop).await.lines();
        for line in [
            "movements: key (sequence)",
            "movements.sequence integer required numbered",
            "movements.unit_cost integer",
            "movements: unique movements_reversed (reverses_id) on some rows",
            "products.number integer required numbered",
            "movements: index movements_by_document (document) on some rows",
            "movements: (reverses_id) points to movements (id)",
            "balances: key (product_id, location_id, lot_id)",
            "aliases: unique aliases_once (product_id, folded, expression)",
            "products.id blob required",
            "products.name text required",
        ] {
            assert!(lines.contains(line), "{line} is not among {lines:#?}");
        }
    }
}

#[tokio::test]
async fn every_table_has_a_key_and_comes_after_what_it_points_to() {
    let schema = schema(&TestShop::sqlite().await).await;
    let mut seen = BTreeSet::new();
    for table in schema.by_dependency() {
        assert!(!table.key().is_empty(), "{} has no key", table.name);
        for reference in table.references.iter().filter(|reference| reference.target != table.name) {
            assert!(seen.contains(reference.target.as_str()), "{} before {}", table.name, reference.target);
        }
        seen.insert(table.name.as_str());
    }
    assert_eq!(seen.len(), schema.tables.len());
}

#[tokio::test]
async fn postgres_tells_ids_flags_and_days_apart() {
    let Some(shop) = TestShop::postgres().await else { return };
    let schema = schema(&shop).await;
    let kind = |table: &str, column: &str| {
        schema.table(table).unwrap().columns.iter().find(|known| known.name == column).unwrap().kind
    };
    assert_eq!(kind("products", "id"), Kind::Id);
    assert_eq!(kind("products", "active"), Kind::Flag);
    assert_eq!(kind("lots", "expires_on"), Kind::Day);
    assert_eq!(kind("sessions", "id_hash"), Kind::Bytes);
    assert_eq!(kind("settings", "version"), Kind::Integer);
}

/// Defaults and checks, which the catalogues tell in each engine's own words, are compared as written.
#[test]
fn the_twins_of_a_migration_differ_in_types_alone() {
    for name in migrations("sqlite") {
        let (sqlite, postgres) = (statements("sqlite", &name), statements("postgres", &name));
        let translated: BTreeSet<String> = postgres.iter().map(|text| as_sqlite(text)).collect();
        let differences: Vec<_> = sqlite.symmetric_difference(&translated).collect();
        assert!(differences.is_empty(), "{name}: {differences:#?}");
    }
}

#[test]
fn every_migration_has_a_twin_and_a_way_back() {
    let sqlite = migrations("sqlite");
    assert_eq!(sqlite, migrations("postgres"));
    for name in sqlite.iter().filter(|name| name.ends_with(".up.sql")) {
        assert!(sqlite.contains(&name.replace(".up.", ".down.")), "{name} has no way back");
    }
}

fn folder(engine: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../store/migrations").join(engine)
}

fn migrations(engine: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder(engine)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".sql")).collect()
}

/// The statements that make and drop ordinary tables and sorted indexes, each on one line.
fn statements(engine: &str, name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder(engine).join(name)).unwrap();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let one_line = |statement: &str| statement.split_whitespace().collect::<Vec<_>>().join(" ");
    // What products are found by is a virtual table on SQLite, and a table with an index of its own kind on PostgreSQL (ADR 0031).
    let shared = |text: &String| {
        let openings = ["create table", "create index", "create unique index", "alter table", "drop table"];
        // How much room its pages keep is PostgreSQL's alone (ADR 0033).
        let is_own = [" using gin ", " product_search", "(fillfactor"].iter().any(|own| text.contains(own));
        !is_own && openings.iter().any(|opening| text.starts_with(opening))
    };
    // How rows are numbered and where they lie is for SQLite alone to say.
    let alike = |text: String| text.replace(" autoincrement", "").replace(" strict, without rowid", " strict");
    code.join("\n").split(';').map(one_line).filter(shared).map(alike).collect()
}

fn as_sqlite(postgres: &str) -> String {
    let nothing = "'00000000-0000-0000-0000-000000000000'::uuid";
    // A column that is added ends with its type.
    let mut text = format!("{postgres} ")
        .replace(nothing, "x'00'")
        .replace(" collate \"C\"", "")
        .replace("bigint generated by default as identity primary key", "integer not null primary key")
        .replace("boolean not null default true", "integer not null default 1")
        .replace("boolean not null default false", "integer not null default 0");
    for (from, to) in [("uuid", "blob"), ("bytea", "blob"), ("bigint", "integer"), ("boolean", "integer")] {
        text = text.replace(&format!(" {from} "), &format!(" {to} ")).replace(&format!(" {from},"), &format!(" {to},"));
        text = text.replace(&format!(" {from})"), &format!(" {to})"));
    }
    let text = text.trim_end();
    if text.starts_with("create table") { format!("{text} strict") } else { text.to_owned() }
}
