//! Where the engines differ (architecture 6.4), pinned: whoever leans on one engine's way finds here
//! what the other does, and a new version of either that changes its way is noticed.

use gondola_store::sqlx::postgres::PgRow;
use gondola_store::sqlx::sqlite::SqliteRow;
use gondola_store::sqlx::{self, AssertSqlSafe, Connection, FromRow, PgConnection, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};

async fn sqlite() -> SqliteConnection {
    SqliteConnection::connect("sqlite::memory:").await.unwrap()
}

/// Two connections to one empty database.
async fn postgres() -> Option<(PgConnection, PgConnection)> {
    let url = fresh_database(postgres_url()?).await.unwrap();
    Some((PgConnection::connect(&url).await.unwrap(), PgConnection::connect(&url).await.unwrap()))
}

/// What each engine answers to the same query.
async fn ask<T>(sql: &'static str) -> (Result<T, sqlx::Error>, Option<Result<T, sqlx::Error>>)
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let here = sqlx::query_as(sql).fetch_one(&mut sqlite().await).await;
    let there = match postgres().await {
        Some((mut connection, _)) => Some(sqlx::query_as(sql).fetch_one(&mut connection).await),
        None => None,
    };
    (here, there)
}

/// So: search keys are folded in Rust and compared as they are.
#[tokio::test]
async fn like_ignores_the_case_of_ascii_on_sqlite_alone() {
    let (here, there) = ask::<(bool, bool)>("select 'LECHE' like 'leche', 'Ñ' like 'ñ'").await;
    assert_eq!(here.unwrap(), (true, false));
    if let Some(there) = there {
        assert_eq!(there.unwrap(), (false, false));
    }
}

/// So: a query that orders by a column with nulls says where they go.
#[tokio::test]
async fn nulls_come_first_on_sqlite_and_last_on_postgres() {
    let sql = "select n from (select cast(1 as bigint) as n union all select null) as t order by n limit 1";
    let (here, there) = ask::<(Option<i64>,)>(sql).await;
    assert_eq!(here.unwrap(), (None,));
    if let Some(there) = there {
        assert_eq!(there.unwrap(), (Some(1),));
    }
}

/// Both cut towards zero; the ledger divides in Rust, where the rounding is named.
#[tokio::test]
async fn whole_numbers_divide_towards_zero_on_both() {
    let sql = "select cast(-7 as bigint) / 2, cast(7 as bigint) / 2, cast(-7 as bigint) % 2";
    let (here, there) = ask::<(i64, i64, i64)>(sql).await;
    assert_eq!(here.unwrap(), (-3, 3, -1));
    if let Some(there) = there {
        assert_eq!(there.unwrap(), (-3, 3, -1));
    }
}

/// So: every sum is cast to bigint.
#[tokio::test]
async fn a_sum_is_no_longer_a_bigint_on_postgres() {
    let numbers = "select sum(n) from (select cast(1 as bigint) as n) as t";
    let (here, there) = ask::<(i64,)>(numbers).await;
    assert_eq!(here.unwrap(), (1,));
    if let Some(there) = there {
        assert!(matches!(there, Err(sqlx::Error::ColumnDecode { .. })));
    }
    let (here, there) = ask::<(i64,)>("select cast(sum(n) as bigint) from (select cast(1 as bigint) as n) as t").await;
    assert_eq!(here.unwrap(), (1,));
    if let Some(there) = there {
        assert_eq!(there.unwrap(), (1,));
    }
}

/// So: sums of stock and money are checked in Rust before they can come near the edge.
#[tokio::test]
async fn an_overflowing_sum_fails_on_both() {
    let sql = "select cast(sum(n) as bigint) from (select 9223372036854775807 as n union all select 1) as t";
    let (here, there) = ask::<(i64,)>(sql).await;
    assert!(here.is_err());
    assert!(there.is_none_or(|there| there.is_err()));
}

/// So: a text that keeps its order across engines and locales is a folded one, or says collate.
#[tokio::test]
async fn text_is_ordered_by_bytes_on_sqlite_and_on_postgres_only_when_told() {
    const TEXTS: [&str; 6] = ["", "A B", "AB", "a", "b", "ñ"];
    let values = "(select 'ñ' as t union all select 'b' union all select 'AB' union all select 'a' union all select '' union all select 'A B') as v";
    let here: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!("select t from {values} order by t")))
        .fetch_all(&mut sqlite().await)
        .await
        .unwrap();
    assert_eq!(here.iter().map(|(text,)| text.as_str()).collect::<Vec<_>>(), TEXTS);
    let Some((mut connection, _)) = postgres().await else { return };
    let there: Vec<(String,)> =
        sqlx::query_as(AssertSqlSafe(format!("select t from {values} order by t collate \"C\"")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(here, there);
}

/// So: never catch a constraint error and go on; say `on conflict`.
#[tokio::test]
async fn a_failed_statement_ends_the_transaction_on_postgres_alone() {
    const TABLE: &str = "create table t (id bigint primary key); insert into t values (1)";
    let mut here = sqlite().await;
    sqlx::raw_sql(TABLE).execute(&mut here).await.unwrap();
    let mut tx = here.begin().await.unwrap();
    assert!(sqlx::query("insert into t values (1)").execute(&mut *tx).await.is_err());
    sqlx::query("insert into t values (2)").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();

    let Some((mut there, _)) = postgres().await else { return };
    sqlx::raw_sql(TABLE).execute(&mut there).await.unwrap();
    let mut tx = there.begin().await.unwrap();
    assert!(sqlx::query("insert into t values (1)").execute(&mut *tx).await.is_err());
    let next = sqlx::query("insert into t values (2)").execute(&mut *tx).await.unwrap_err();
    assert_eq!(next.as_database_error().unwrap().code().unwrap(), "25P02");
    tx.rollback().await.unwrap();

    let mut tx = there.begin().await.unwrap();
    let skipped = sqlx::query("insert into t values (1) on conflict do nothing").execute(&mut *tx).await.unwrap();
    assert_eq!(skipped.rows_affected(), 0);
    sqlx::query("insert into t values (2)").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// So: nobody reads from the error which rule was broken.
#[tokio::test]
async fn a_broken_uniqueness_is_named_on_postgres_and_described_on_sqlite() {
    const TABLE: &str = "create table t (code text, constraint t_once unique (code)); insert into t values ('a')";
    let mut here = sqlite().await;
    sqlx::raw_sql(TABLE).execute(&mut here).await.unwrap();
    let broken = sqlx::query("insert into t values ('a')").execute(&mut here).await.unwrap_err();
    let broken = broken.into_database_error().unwrap();
    assert!(broken.is_unique_violation() && broken.constraint().is_none());
    assert!(broken.message().contains("t.code"), "{}", broken.message());

    let Some((mut there, _)) = postgres().await else { return };
    sqlx::raw_sql(TABLE).execute(&mut there).await.unwrap();
    let broken = sqlx::query("insert into t values ('a')").execute(&mut there).await.unwrap_err();
    let broken = broken.into_database_error().unwrap();
    assert!(broken.is_unique_violation() && broken.constraint() == Some("t_once"));
}

/// So: long lists go in batches below the smaller limit, or as one array.
#[tokio::test]
async fn sqlite_takes_32766_parameters() {
    let list = |most: usize| format!("select count(*) from (select 1) as t where 1 in ({})", vec!["?"; most].join(","));
    let mut connection = sqlite().await;
    for (most, fits) in [(32_766, true), (32_767, false)] {
        let mut query = sqlx::query(AssertSqlSafe(list(most)));
        for _ in 0..most {
            query = query.bind(1i64);
        }
        assert_eq!(query.fetch_one(&mut connection).await.is_ok(), fits, "{most}");
    }
}

/// So: a column that changes its type on SQLite needs the table rebuilt by the migration.
#[tokio::test]
async fn a_column_changes_its_type_on_postgres_alone() {
    const ALTER: &str = "alter table t alter column a type bigint";
    let mut here = sqlite().await;
    sqlx::raw_sql("create table t (a integer)").execute(&mut here).await.unwrap();
    assert!(sqlx::raw_sql(ALTER).execute(&mut here).await.is_err());
    let Some((mut there, _)) = postgres().await else { return };
    sqlx::raw_sql("create table t (a integer)").execute(&mut there).await.unwrap();
    sqlx::raw_sql(ALTER).execute(&mut there).await.unwrap();
}

/// So: rows that wait to be worked on are claimed by their state, never by "after the last number".
#[tokio::test]
async fn a_smaller_number_may_appear_after_a_bigger_one_on_postgres() {
    let Some((mut slow, mut fast)) = postgres().await else { return };
    sqlx::raw_sql("create table t (n bigint generated by default as identity, who text)")
        .execute(&mut fast)
        .await
        .unwrap();
    const INSERT: &str = "insert into t (who) values ($1) returning n";
    let mut waiting = slow.begin().await.unwrap();
    let first: i64 = sqlx::query_scalar(INSERT).bind("slow").fetch_one(&mut *waiting).await.unwrap();
    let second: i64 = sqlx::query_scalar(INSERT).bind("fast").fetch_one(&mut fast).await.unwrap();
    assert!(first < second);
    const SEEN: &str = "select n from t order by n";
    let seen: Vec<i64> = sqlx::query_scalar(SEEN).fetch_all(&mut fast).await.unwrap();
    assert_eq!(seen, [second]);
    waiting.commit().await.unwrap();
    let seen: Vec<i64> = sqlx::query_scalar(SEEN).fetch_all(&mut fast).await.unwrap();
    assert_eq!(seen, [first, second]);
}

/// So: a number that was drawn is never drawn again, and gaps are no loss.
#[tokio::test]
async fn a_number_that_was_rolled_back_is_gone_on_postgres_and_comes_again_on_sqlite() {
    const INSERT: &str = "insert into t (who) values ('a') returning n";
    let mut here = sqlite().await;
    sqlx::raw_sql("create table t (n integer primary key autoincrement, who text)").execute(&mut here).await.unwrap();
    let mut tx = here.begin().await.unwrap();
    let _: i64 = sqlx::query_scalar(INSERT).fetch_one(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(INSERT).fetch_one(&mut here).await.unwrap(), 1);

    let Some((mut there, _)) = postgres().await else { return };
    sqlx::raw_sql("create table t (n bigint generated by default as identity, who text)")
        .execute(&mut there)
        .await
        .unwrap();
    let mut tx = there.begin().await.unwrap();
    let _: i64 = sqlx::query_scalar(INSERT).fetch_one(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(INSERT).fetch_one(&mut there).await.unwrap(), 2);
}

/// So: the tables of SQLite are strict, and a value of another kind is refused on both.
#[tokio::test]
async fn a_strict_table_refuses_text_in_a_number() {
    let mut here = sqlite().await;
    sqlx::raw_sql("create table loose (n integer); create table strict_one (n integer) strict")
        .execute(&mut here)
        .await
        .unwrap();
    sqlx::query("insert into loose values ('x')").execute(&mut here).await.unwrap();
    assert!(sqlx::query("insert into strict_one values ('x')").execute(&mut here).await.is_err());
}

/// So: a text with a zero byte is refused where it comes in.
#[tokio::test]
async fn only_sqlite_keeps_a_zero_byte_in_a_text() {
    const ECHO: &str = "select cast($1 as text)";
    let kept: String = sqlx::query_scalar(ECHO).bind("a\0b").fetch_one(&mut sqlite().await).await.unwrap();
    assert_eq!(kept, "a\0b");
    let Some((mut there, _)) = postgres().await else { return };
    assert!(sqlx::query_scalar::<_, String>(ECHO).bind("a\0b").fetch_one(&mut there).await.is_err());
}
