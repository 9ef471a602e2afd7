//! A book that somebody changed behind the program's back is found out, whichever of its rows they
//! touched (invariants 2 and 3). The triggers that would have stopped them are taken away first.

use crate::common::{adds_up, movement, receipt, stocked};
use gondola_shop::kernel::Reader;
use gondola_shop::stock::{Verification, verify};
use gondola_store::Permission;
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_testkit::{TestShop, both_engines};

/// What somebody did, and which checks must see it.
const TAMPERINGS: [(&str, &[&str]); 26] = [
    (
        "update movement_lines set delta = delta + 1 where sequence = 1 and real_stock",
        &["lines_not_zero", "balance", "movement"],
    ),
    ("delete from movement_lines where sequence = 2 and real_stock", &["lines_not_zero", "balance"]),
    ("delete from movement_lines where sequence = 2", &["lines_not_zero", "movement", "balance", "valuation"]),
    ("update movement_lines set delta = 2 * delta where sequence = 2", &["movement", "balance", "valuation"]),
    ("update movement_lines set occurred_at = occurred_at + 1 where sequence = 2", &["movement"]),
    (
        "update movement_lines set location_id = (select id from locations where code = 'local')
         where sequence = 1 and real_stock",
        &["movement", "balance"],
    ),
    (
        "update movement_lines set lot_id = (select id from lots l where l.product_id <> movement_lines.product_id)
         where sequence = 1 and real_stock",
        &["lines_not_zero", "balance"],
    ),
    ("update movements set quantity = quantity + 1 where sequence = 3", &["movement"]),
    (
        "update movements set to_location_id = (select id from locations where code = 'local') where sequence = 1",
        &["movement"],
    ),
    ("update movements set occurred_at = occurred_at + 1 where sequence = 3", &["movement", "valuation"]),
    ("update balances set quantity = quantity + 1000", &["balance", "head"]),
    ("delete from balances", &["balance", "head"]),
    ("update stock_heads set on_hand = on_hand - 1 where on_hand > 0", &["head", "worth"]),
    ("update stock_heads set avco_value = avco_value + 1 where on_hand > 0", &["worth"]),
    ("update stock_heads set fifo_layers = '[]' where on_hand > 0", &["worth"]),
    ("update stock_heads set average_cost = average_cost + 1 where on_hand > 0", &["worth"]),
    ("update stock_heads set last_sequence = 2 where on_hand > 0", &["head"]),
    ("update stock_heads set last_occurred_at = last_occurred_at - 1 where on_hand > 0", &["head"]),
    ("update stock_heads set level = 'negative', severity = 0 where on_hand > 0", &["level"]),
    ("update stock_heads set severity = 0 where on_hand > 0", &["level"]),
    ("update stock_heads set cover_tenths = 7 where on_hand > 0", &["level"]),
    ("update valuations set value_after = value_after + 1 where sequence = 2", &["worth"]),
    // What a reversal would give back.
    ("update valuations set moved_value = moved_value + 1 where sequence = 2", &["worth"]),
    ("update valuations set moved_fifo_value = moved_fifo_value + 1 where sequence = 2", &["worth"]),
    ("update valuations set cost_after = cost_after + 1 where sequence = 2", &["worth"]),
    ("delete from valuations where sequence = 3", &["valuation"]),
];

/// Two products, one of them received, sold from and moved.
async fn seed(shop: &TestShop) {
    stocked(shop, &[("YERBA", "un"), ("FIDEOS", "un")]).await;
    let api = shop.api(shop.admin());
    for body in [
        receipt("YERBA", "12", "100.0000"),
        movement("sale", "YERBA", "5", Some("deposito"), None),
        movement("transfer", "YERBA", "2", Some("deposito"), Some("local")),
    ] {
        api.post("/api/v1/movements", body).await.expect_status(201);
    }
    adds_up(shop).await;
}

async fn check(shop: &TestShop) -> Verification {
    let mut reader = Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.unwrap();
    verify(&mut reader).await.unwrap()
}

/// Changes rows from outside, as somebody with the database's password could.
async fn tamper(shop: &TestShop, sql: &'static str) {
    let triggers = "drop trigger movements_keep_history_update; drop trigger movements_keep_history_delete;
        drop trigger movement_lines_keep_history_update; drop trigger movement_lines_keep_history_delete;
        pragma foreign_keys = off";
    if shop.url().starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
        sqlx::raw_sql(triggers).execute(&mut connection).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        return;
    }
    let mut connection = PgConnection::connect(shop.url()).await.unwrap();
    for table in ["movements", "movement_lines"] {
        let alter = sqlx::AssertSqlSafe(format!("alter table {table} disable trigger user"));
        sqlx::raw_sql(alter).execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

async fn is_seen(shop: TestShop, sql: &'static str, checks: &[&str]) {
    seed(&shop).await;
    tamper(&shop, sql).await;
    let report = check(&shop).await;
    assert!(!report.ok);
    for wanted in checks {
        let found = report.findings.iter().any(|finding| finding.check == *wanted);
        assert!(found, "{sql}: {wanted} is not in {:?}", report.findings);
    }
}

#[tokio::test]
async fn every_tampering_is_seen_on_sqlite() {
    for (sql, checks) in TAMPERINGS {
        is_seen(TestShop::sqlite().await, sql, checks).await;
    }
}

#[tokio::test]
async fn every_tampering_is_seen_on_postgres() {
    for (sql, checks) in TAMPERINGS {
        let Some(shop) = TestShop::postgres().await else { return };
        is_seen(shop, sql, checks).await;
    }
}

both_engines! {
    fn a_finding_names_the_row_and_both_numbers(shop: TestShop) {
        seed(&shop).await;
        tamper(&shop, "update balances set quantity = quantity + 1000
            where location_id = (select id from locations where code = 'local')").await;
        let report = check(&shop).await;
        let told: Vec<_> = report.findings.iter().map(|f| (f.check, f.subject.as_str(), f.stored.as_str(), f.expected.as_str())).collect();
        assert_eq!(told, [("balance", "YERBA at local", "3000", "2000"), ("head", "YERBA", "7000", "8000")]);
        assert_eq!((report.movements, report.lines, report.products), (3, 6, 2));
    }
}

both_engines! {
    fn verifying_changes_nothing(shop: TestShop) {
        seed(&shop).await;
        tamper(&shop, "update stock_heads set avco_value = avco_value + 1 where on_hand > 0").await;
        let before = shop.db().digest().await.unwrap();
        assert_eq!(check(&shop).await.findings, check(&shop).await.findings);
        assert_eq!(before, shop.db().digest().await.unwrap());
    }
}
