//! Every statement of the product is understood by both engines: each is prepared against the
//! migrated schema, which finds a misspelt column, a missing table and a function of one engine only.
//! Whether every statement is also executed is counted by `cargo xtask test` (step `statements`).

use std::collections::BTreeSet;

use gondola_store::sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};
use gondola_store::{Sql, Tx};
use gondola_testkit::{both_engines, coverage};

both_engines! {
    fn every_statement_is_understood(shop: TestShop) {
        let mut rx = shop.db().read().await.unwrap();
        let mut refused = Vec::new();
        let engine = shop.db().engine();
        for statement in gondola_shop::statements().into_iter().filter(|statement| !statement.on(engine).is_empty()) {
            if let Err(error) = prepare(&mut rx.as_tx(), statement).await {
                refused.push(format!("{}: {error}", statement.name));
                rx = shop.db().read().await.unwrap();
            }
        }
        assert!(refused.is_empty(), "{refused:#?}");
    }
}

async fn prepare(tx: &mut Tx<'_>, statement: Sql) -> Result<(), gondola_store::sqlx::Error> {
    // Not `Sql::text`, which would count it as executed.
    match tx {
        Tx::Sqlite(c) => c.prepare(AssertSqlSafe(statement.sqlite).into_sql_str()).await.map(drop),
        Tx::Postgres(c) => c.prepare(AssertSqlSafe(statement.postgres).into_sql_str()).await.map(drop),
    }
}

#[test]
fn every_statement_has_a_name_of_its_own() {
    let statements = gondola_shop::statements();
    let names: BTreeSet<&str> = statements.iter().map(|statement| statement.name).collect();
    assert_eq!(names.len(), statements.len());
    coverage::declare(&statements);
}

/// Every list `ALL` of every `sql.rs` is in the product's list.
#[test]
fn no_statement_stands_outside_the_list() {
    let names: BTreeSet<&str> = gondola_shop::statements().iter().map(|statement| statement.name).collect();
    for (folder, crate_name) in [("../shop/src", "gondola_shop"), ("../store/src", "gondola_store")] {
        for module in modules_with_sql(std::path::Path::new(folder), crate_name) {
            let prefix = format!("{module}::");
            assert!(names.iter().any(|name| name.starts_with(&prefix)), "{module}::ALL is not in statements()");
        }
    }
}

fn modules_with_sql(folder: &std::path::Path, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(modules_with_sql(&path, &format!("{module}::{name}")));
        } else if std::fs::read_to_string(&path)
            .is_ok_and(|text| text.contains("sql! {") && !text.contains("macro_rules! sql"))
        {
            found.push(format!("{module}::{name}"));
        }
    }
    found
}
