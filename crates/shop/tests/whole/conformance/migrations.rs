//! Schema versions on both engines: there, back and there again; an altered or newer one is refused
//! (UPG-1).

use gondola_store::schema::Schema;
use gondola_store::{Db, Engine, MigrateError, Tx, sqlx};
use gondola_testkit::postgres::PROGRAM;
use gondola_testkit::{TestShop, both_engines};

use crate::conformance::seed::seed;

async fn schema(db: &Db) -> Schema {
    Schema::read(&mut db.read().await.unwrap().as_tx()).await.unwrap()
}

/// Changes the migrations' own table, past every rule of the product.
async fn tamper(db: &Db, sql: &'static str) {
    use sqlx::Connection;
    if let Some(file) = db.file() {
        let url = format!("sqlite:{}", file.display());
        sqlx::raw_sql(sql).execute(&mut sqlx::SqliteConnection::connect(&url).await.unwrap()).await.unwrap();
        return;
    }
    let mut rx = db.read().await.unwrap();
    let Tx::Postgres(connection) = rx.as_tx() else { unreachable!("no file, so PostgreSQL") };
    sqlx::raw_sql("rollback; begin").execute(&mut *connection).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut *connection).await.unwrap();
    sqlx::raw_sql("commit; begin").execute(&mut *connection).await.unwrap();
}

both_engines! {
    /// UPG-1.
    fn a_seeded_shop_goes_down_to_nothing_and_up_to_the_same_schema(shop: TestShop) {
        let db = &shop.as_owner().await;
        seed(&shop).await;
        let before = schema(db).await;
        let versions = db.migration_state().await.unwrap().applied.len();
        db.migrate_down(versions).await.unwrap();
        assert!(schema(db).await.tables.is_empty());
        let state = db.migration_state().await.unwrap();
        assert!(state.is_empty() && state.pending.len() == versions);
        db.migrate_up().await.unwrap();
        assert_eq!(schema(db).await, before);
        assert!(db.migration_state().await.unwrap().pending.is_empty());
        if db.engine() == Engine::Postgres {
            db.grant_to_program(PROGRAM).await.unwrap();
        }
        seed(&shop).await;
    }
}

both_engines! {
    /// UPG-1.
    fn every_step_back_can_be_gone_again(shop: TestShop) {
        let db = &shop.as_owner().await;
        let versions = db.migration_state().await.unwrap().applied.len();
        for steps in 1..=versions {
            let before = schema(db).await;
            db.migrate_down(steps).await.unwrap();
            assert_eq!(db.migration_state().await.unwrap().pending.len(), steps);
            db.migrate_up().await.unwrap();
            assert_eq!(schema(db).await, before);
        }
    }
}

both_engines! {
    /// UPG-1.
    fn an_applied_migration_with_another_text_is_refused(shop: TestShop) {
        let db = &shop.as_owner().await;
        let change = if db.file().is_some() {
            "update _sqlx_migrations set checksum = x'00' where version = 1"
        } else {
            r"update _sqlx_migrations set checksum = '\x00' where version = 1"
        };
        tamper(db, change).await;
        assert!(matches!(db.migration_state().await, Err(MigrateError::Altered(1))));
        assert!(matches!(db.migrate_up().await, Err(MigrateError::Altered(1))));
    }
}

both_engines! {
    /// UPG-1.
    fn a_database_of_a_newer_program_is_refused(shop: TestShop) {
        let db = &shop.as_owner().await;
        let before = schema(db).await;
        tamper(db, "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            select 9999, 'from the future', true, checksum, 0 from _sqlx_migrations where version = 1").await;
        assert!(matches!(db.migration_state().await, Err(MigrateError::DatabaseIsNewer(9999))));
        assert!(matches!(db.migrate_up().await, Err(MigrateError::DatabaseIsNewer(9999))));
        assert!(matches!(db.migrate_down(1).await, Err(MigrateError::DatabaseIsNewer(9999))));
        assert_eq!(schema(db).await, before);
    }
}

/// Two processes that start at once on an empty database.
#[tokio::test]
async fn migrating_twice_at_once_migrates_once() {
    for shop in [Some(TestShop::sqlite().await), TestShop::postgres().await].into_iter().flatten() {
        let db = &shop.as_owner().await;
        db.migrate_down(db.migration_state().await.unwrap().applied.len()).await.unwrap();
        let (one, other) = tokio::join!(db.migrate_up(), db.migrate_up());
        one.unwrap();
        other.unwrap();
        assert!(db.migration_state().await.unwrap().pending.is_empty());
    }
}
