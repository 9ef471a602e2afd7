//! The role that the program has on PostgreSQL (DAL-4): it does everything the program does, as all other tests show, for
//! they run as it; and it rewrites nothing.

use crate::common::stocked;
use gondola_store::audit::SealAudit;
use gondola_store::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use gondola_store::{Actor, GrantError};
use gondola_testkit::TestShop;
use gondola_testkit::postgres::{PROGRAM, as_program};

/// PostgreSQL's codes for what a role may not do, and for what a trigger refuses.
const FORBIDDEN: &str = "42501";
const REFUSED: &str = "P0001";
/// What is kept for ever.
const KEPT: [&str; 6] = [
    "movements",
    "movement_lines",
    "audit_trail",
    "trail_anchors",
    "encrypted_data_access_log",
    "encrypted_data_access_records",
];

/// The code that a statement is refused with; none where it was done.
async fn code(connection: &mut PgConnection, text: &str) -> Option<String> {
    match sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(connection).await {
        Ok(_) => None,
        Err(sqlx::Error::Database(refused)) => refused.code().map(String::from),
        Err(other) => panic!("{text}: {other}"),
    }
}

async fn count(connection: &mut PgConnection, table: &str) -> i64 {
    let text = AssertSqlSafe(format!("select count(*) from {table}"));
    sqlx::query_scalar(text).fetch_one(connection).await.unwrap()
}

/// A shop with something in everything that is kept, and its database as the program and as the owner sees it.
async fn kept() -> Option<(TestShop, PgConnection, PgConnection)> {
    let shop = TestShop::postgres().await?;
    stocked(&shop, &[("LECHE", "un")]).await;
    let cost = serde_json::json!({"name": "Yerba", "sku": "YERBA", "category": "GEN", "unit": "un", "acquisition_cost": "1420.5"});
    shop.api(shop.admin()).post("/api/v1/products", cost).await.expect_status(201);
    shop.api(shop.admin()).get("/api/v1/products").await.expect_status(200);
    shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
    let program = PgConnection::connect(&as_program(shop.url()).unwrap()).await.unwrap();
    let owner = PgConnection::connect(shop.url()).await.unwrap();
    Some((shop, program, owner))
}

/// DAL-4, AUD-2: what is kept for ever is added to, and neither changed, deleted, emptied nor dropped, nor are its guards.
#[tokio::test]
async fn the_program_adds_to_history_and_rewrites_none() {
    let Some((_shop, mut program, mut owner)) = kept().await else { return };
    for table in KEPT {
        let before = count(&mut owner, table).await;
        let column: String = sqlx::query_scalar(
            "select column_name::text from information_schema.columns where table_name = $1 order by ordinal_position limit 1",
        )
        .bind(table)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        for text in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
            format!("drop table {table} cascade"),
            format!("alter table {table} disable trigger user"),
            format!("alter table {table} add column note text"),
            format!("create rule nothing as on insert to {table} do instead nothing"),
        ] {
            assert_eq!(code(&mut program, &text).await.as_deref(), Some(FORBIDDEN), "{text}");
        }
        assert_eq!(count(&mut program, table).await, before, "{table}: the program reads it");
    }
    for text in [
        "update audit_trail set prev_hash = null, row_hash = null",
        "update encrypted_data_access_log set prev_hash = '', row_hash = '' where position is null",
        "create or replace function seal_access_log(seals text) returns bigint language sql as 'select 0::bigint'",
        "drop function keep_access_log() cascade",
        "set role gondola_program_sealer",
        "create table mine (id bigint)",
        "delete from _sqlx_migrations",
    ] {
        assert_eq!(code(&mut program, text).await.as_deref(), Some(FORBIDDEN), "{text}");
    }
}

/// DAL-4: places and hashes are filled by the sealer's own role, where they are empty, and by it nothing else.
#[tokio::test]
async fn the_sealer_fills_what_is_empty_and_does_nothing_else() {
    let Some((_shop, _, mut sealer)) = kept().await else { return };
    assert_eq!(code(&mut sealer, "set role gondola_program_sealer").await, None);
    for (text, wanted) in [
        ("update encrypted_data_access_log set purpose = 'nothing'", FORBIDDEN),
        ("update audit_trail set actor = 'somebody else'", FORBIDDEN),
        ("update encrypted_data_access_log set row_hash = prev_hash", REFUSED),
        ("update audit_trail set position = position + 1", REFUSED),
        ("delete from audit_trail", FORBIDDEN),
        ("insert into trail_anchors (hash, position, at, public_key, signature) values ('', 9, 0, '', '')", FORBIDDEN),
        ("update products set name = ''", FORBIDDEN),
    ] {
        assert_eq!(code(&mut sealer, text).await.as_deref(), Some(wanted), "{text}");
    }
    let sealed = "insert into encrypted_data_access_log (accessed_at, actor_type, actor_id, face, db_role, operation, table_name, column_name,
            record_ids, record_count, record_digest, purpose, outcome, error_code, request_id, client_ip)
        values (0, 'system', 'test', '', '', 'DECRYPT', 't', 'c', '[]', 0, '', '', 'allowed', '', '', '')";
    assert_eq!(code(&mut sealer, "reset role").await, None);
    assert_eq!(code(&mut sealer, sealed).await, None, "an empty place, put in by the owner");
    assert_eq!(code(&mut sealer, "set role gondola_program_sealer").await, None);
    let fill =
        "update encrypted_data_access_log set position = 1000, prev_hash = 'a', row_hash = 'b' where position is null";
    assert_eq!(code(&mut sealer, fill).await, None);
    assert_eq!(
        code(&mut sealer, "update encrypted_data_access_log set row_hash = 'c' where position = 1000").await.as_deref(),
        Some(REFUSED)
    );
}

/// A role that there is not, the owner itself, and whoever is not the owner: nothing is granted. Twice is as once.
#[tokio::test]
async fn rights_are_given_by_the_owner_to_another_role() {
    let Some(shop) = TestShop::bare_postgres().await else { return };
    assert!(matches!(shop.db().grant_to_program("gondola_nobody").await, Err(GrantError::NoSuchRole)));
    let mut owner = PgConnection::connect(shop.url()).await.unwrap();
    let me: String = sqlx::query_scalar("select current_user::text").fetch_one(&mut owner).await.unwrap();
    assert!(matches!(shop.db().grant_to_program(&me).await, Err(GrantError::NotAllowed(_))));
    shop.db().grant_to_program(PROGRAM).await.unwrap();
    shop.db().grant_to_program(PROGRAM).await.unwrap();
    assert!(shop.db().may_rewrite_history().await.unwrap(), "this one connects as the owner");
    assert!(!shop.db().has_keys().await.unwrap(), "it is no shop yet");

    let Some(served) = TestShop::postgres().await else { return };
    assert!(!served.db().may_rewrite_history().await.unwrap() && served.db().has_keys().await.unwrap());
    assert!(matches!(served.db().grant_to_program(PROGRAM).await, Err(GrantError::NotAllowed(_))));
    let file = TestShop::sqlite().await;
    assert!(matches!(file.db().grant_to_program(PROGRAM).await, Err(GrantError::OnSqlite)));
    assert!(file.db().may_rewrite_history().await.unwrap());
}
