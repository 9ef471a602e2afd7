//! Moving a shop between engines: everything arrives, equal by hash, or nothing does (BK-9).

use std::sync::{Arc, Mutex};

use gondola_ledger::Day;
use gondola_shop::catalogue::found_shop;
use gondola_shop::demo::{Plan, PlanSize};
use gondola_shop::kernel::Reader;
use gondola_store::{CopyError, CopyProgress, Db, Permission, TableDigest, copy, sqlx};
use gondola_testkit::TestShop;
use serde_json::json;

use crate::conformance::seed::seed;

fn silent(_: CopyProgress) {}

/// Copies a seeded shop and looks at the target through the product.
async fn arrives_whole(source: TestShop, target: TestShop) {
    seed(&source).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let report = copy(source.db(), target.db(), move |step| listener.lock().unwrap().push(step)).await.unwrap();

    let there = source.db().digest().await.unwrap();
    assert_eq!(there, target.db().digest().await.unwrap());
    assert_eq!(there, report.tables);
    assert_eq!(report.rows, there.iter().map(|table| table.rows).sum::<u64>());
    for table in
        ["movements", "movement_lines", "categories", "setup_tokens", "settings", "valuations", "idempotency_keys"]
    {
        assert!(rows(&there, table) > 0, "{table} was not seeded");
    }
    let last = told.lock().unwrap().last().cloned().unwrap();
    assert_eq!((last.rows_done, last.rows_total), (report.rows, report.rows));

    target.db().unlock().await.expect("the ring came along");
    let api = target.api(target.admin());
    let item = api.get("/api/v1/inventory/YER-1").await.expect_status(200).json();
    assert_eq!(item["on_hand"], "7");
    // Numbers go on where the source stopped, and the copied idempotency key still answers.
    let sale = json!({"kind": "sale", "product": "sku:YER-1", "quantity": "1", "from": "deposito", "reason": "venta"});
    let next = api.post("/api/v1/movements", sale).await.expect_status(201).json();
    assert_eq!(next["sequence"], 5);
    history_is_still_kept(target.db()).await;
}

async fn history_is_still_kept(db: &Db) {
    for sql in ["update movements set reason = 'x'", "delete from movement_lines"] {
        assert!(run(db, sql).await.is_err(), "{sql}");
    }
}

/// Runs a statement past every rule of the product.
async fn run(db: &Db, sql: &'static str) -> Result<(), sqlx::Error> {
    use sqlx::Connection;
    match db.file() {
        Some(file) => {
            let url = format!("sqlite:{}", file.display());
            sqlx::raw_sql(sql).execute(&mut sqlx::SqliteConnection::connect(&url).await?).await?;
        }
        None => {
            let mut rx = db.read().await.unwrap();
            let gondola_store::Tx::Postgres(connection) = rx.as_tx() else { unreachable!("no file, so PostgreSQL") };
            sqlx::raw_sql("rollback; begin").execute(&mut *connection).await?;
            sqlx::raw_sql(sql).execute(&mut *connection).await?;
            sqlx::raw_sql("commit; begin").execute(&mut *connection).await?;
        }
    }
    Ok(())
}

fn rows(tables: &[TableDigest], name: &str) -> u64 {
    tables.iter().find(|table| table.table == name).unwrap().rows
}

async fn is_empty(db: &Db) -> bool {
    db.digest().await.unwrap().iter().all(|table| table.rows == 0)
}

#[tokio::test]
async fn a_shop_moves_from_sqlite_to_sqlite() {
    arrives_whole(TestShop::sqlite().await, TestShop::bare_sqlite().await).await;
}

#[tokio::test]
async fn a_shop_moves_from_sqlite_to_postgres() {
    if let Some(target) = TestShop::bare_postgres().await {
        arrives_whole(TestShop::sqlite().await, target).await;
    }
}

#[tokio::test]
async fn a_shop_moves_from_postgres_to_sqlite() {
    if let Some(source) = TestShop::postgres().await {
        arrives_whole(source, TestShop::bare_sqlite().await).await;
    }
}

#[tokio::test]
async fn a_shop_moves_from_postgres_to_postgres() {
    if let (Some(source), Some(target)) = (TestShop::postgres().await, TestShop::bare_postgres().await) {
        arrives_whole(source, target).await;
    }
}

/// A shop of hundreds of products with its past, there and back, and its book still adds up.
#[tokio::test]
async fn the_demo_shop_moves_there_and_back() {
    let Some(postgres) = TestShop::bare_postgres().await else { return };
    let (first, last) = (TestShop::sqlite().await, TestShop::bare_sqlite().await);
    found_shop(first.db()).await.unwrap();
    let today = Day(first.db().day_of(first.db().now()));
    let plan = Plan::new(42, today, PlanSize::SMALL);
    gondola_shop::demo::seed(first.db(), plan, &Default::default(), |_, _, _| {}).await.unwrap();
    let went = copy(first.db(), postgres.db(), silent).await.unwrap();
    let came_back = copy(postgres.db(), last.db(), silent).await.unwrap();
    assert_eq!(went, came_back);
    for shop in [&first, &postgres, &last] {
        let mut reader = Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.unwrap();
        let book = gondola_shop::stock::verify(&mut reader).await.unwrap();
        assert!(book.ok, "{:?}", book.findings);
    }
}

/// The same shop has the same digest on every engine, there and back.
#[tokio::test]
async fn a_shop_that_comes_back_is_the_shop_that_went() {
    let Some(postgres) = TestShop::bare_postgres().await else { return };
    let (first, last) = (TestShop::sqlite().await, TestShop::bare_sqlite().await);
    seed(&first).await;
    let went = copy(first.db(), postgres.db(), silent).await.unwrap();
    let came_back = copy(postgres.db(), last.db(), silent).await.unwrap();
    assert_eq!(went, came_back);
}

async fn refuses_a_target_with_rows(target: TestShop) {
    let source = TestShop::sqlite().await;
    seed(&source).await;
    seed(&target).await;
    let before = target.db().digest().await.unwrap();
    let refused = copy(source.db(), target.db(), silent).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty { .. })), "{refused:?}");
    assert_eq!(before, target.db().digest().await.unwrap());
}

#[tokio::test]
async fn a_target_that_holds_something_is_refused_on_sqlite() {
    refuses_a_target_with_rows(TestShop::sqlite().await).await;
}

#[tokio::test]
async fn a_target_that_holds_something_is_refused_on_postgres() {
    if let Some(target) = TestShop::postgres().await {
        refuses_a_target_with_rows(target).await;
    }
}

/// A target that changes what it is given is noticed, and nothing stays.
async fn notices_a_target_that_lies(target: TestShop, lie: &'static str) {
    let source = TestShop::sqlite().await;
    seed(&source).await;
    run(target.db(), lie).await.unwrap();
    let refused = copy(source.db(), target.db(), silent).await;
    assert!(matches!(&refused, Err(CopyError::Differs { table, .. }) if table == "settings"), "{refused:?}");
    assert!(is_empty(target.db()).await);
}

#[tokio::test]
async fn a_value_that_changes_on_the_way_leaves_sqlite_empty() {
    let lie = "create trigger lie after insert on settings when new.key = 'ab'
        begin update settings set value = value || '.' where key = new.key; end";
    notices_a_target_that_lies(TestShop::bare_sqlite().await, lie).await;
}

#[tokio::test]
async fn a_value_that_changes_on_the_way_leaves_postgres_empty() {
    let Some(target) = TestShop::bare_postgres().await else { return };
    let lie = "create function lie() returns trigger language plpgsql as $$
        begin if new.key = 'ab' then new.value := new.value || '.'; end if; return new; end $$;
        create trigger lie before insert on settings for each row execute function lie()";
    notices_a_target_that_lies(target, lie).await;
}

#[tokio::test]
async fn a_row_that_gets_lost_on_the_way_is_noticed() {
    let Some(target) = TestShop::bare_postgres().await else { return };
    let lie = "create function lie() returns trigger language plpgsql as $$
        begin if new.key = 'ab' then return null; end if; return new; end $$;
        create trigger lie before insert on settings for each row execute function lie()";
    notices_a_target_that_lies(target, lie).await;
}

#[tokio::test]
async fn a_text_that_postgres_cannot_keep_is_named() {
    let Some(target) = TestShop::bare_postgres().await else { return };
    let source = TestShop::sqlite().await;
    run(source.db(), "insert into settings (key, value, updated_at) values ('a', 'x' || char(0) || 'y', 0)")
        .await
        .unwrap();
    let refused = copy(source.db(), target.db(), silent).await;
    assert!(matches!(&refused, Err(CopyError::Unfit { column, .. }) if column == "value"), "{refused:?}");
    assert!(is_empty(target.db()).await);
}

#[tokio::test]
async fn another_schema_version_is_refused() {
    let (source, target) = (TestShop::sqlite().await, TestShop::sqlite().await);
    target.db().migrate_down(1).await.unwrap();
    let refused = copy(source.db(), target.db(), silent).await;
    assert!(matches!(refused, Err(CopyError::OtherVersion { .. })), "{refused:?}");
}

#[tokio::test]
async fn tables_that_differ_under_the_same_version_are_refused() {
    let (source, target) = (TestShop::sqlite().await, TestShop::sqlite().await);
    run(target.db(), "alter table settings add column remark text").await.unwrap();
    let refused = copy(source.db(), target.db(), silent).await;
    assert!(
        matches!(&refused, Err(CopyError::OtherSchema(lines)) if lines == &["settings.remark text"]),
        "{refused:?}"
    );
}

/// More rows than one statement carries, with a remainder.
#[tokio::test]
async fn batches_leave_no_row_behind() {
    let source = TestShop::sqlite().await;
    run(
        source.db(),
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1234)
         insert into settings (key, value, updated_at) select 'k' || i, 'v' || i, i from n",
    )
    .await
    .unwrap();
    let target = TestShop::bare_sqlite().await;
    let report = copy(source.db(), target.db(), silent).await.unwrap();
    assert_eq!(rows(&report.tables, "settings"), 1234);
    if let Some(target) = TestShop::bare_postgres().await {
        assert_eq!(copy(source.db(), target.db(), silent).await.unwrap(), report);
    }
}

/// Two shops that differ in one bit, one null or the place of one letter have different digests.
#[tokio::test]
async fn every_difference_shows_in_the_digest() {
    let changes = [
        "update settings set value = ''",
        "update settings set version = 2",
        "update setup_tokens set used_at = 0 where token_hash = x'00ff0a0d'",
        "update categories set parent_id = null",
        "insert into settings (key, value, updated_at) values ('zz', '', 0)",
        "delete from setup_tokens where token_hash = x'00'",
    ];
    for change in changes {
        let shop = TestShop::sqlite().await;
        seed(&shop).await;
        let before = shop.db().digest().await.unwrap();
        run(shop.db(), change).await.unwrap();
        let after = shop.db().digest().await.unwrap();
        assert_eq!(before.iter().zip(&after).filter(|(a, b)| a != b).count(), 1, "{change}");
    }
}
