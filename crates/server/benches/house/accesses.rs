//! Who read a column of a record, in a log of ten million accesses (DAL-6): of a record that is read as often as any
//! other, and of the one that is read a tenth of the time.

use std::time::Instant;

use gondola_store::sqlx::{self, AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};

use super::load::{Call, Client};
use super::program::{Program, ask};
use super::say;

/// Lines of the log, over a year.
const LINES: i64 = 10_000_000;
/// Questions of each kind.
const TIMES: u32 = 20;
const WANTED: &str = "wanted under 1 s (DAL-6)";

/// On SQLite and, where there is one, on PostgreSQL.
pub async fn run() {
    on("SQLite", None).await;
    if let Some(server) = postgres_url() {
        on("PostgreSQL", Some(fresh_database(server).await.expect("a database"))).await;
    }
}

async fn on(engine: &str, database: Option<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let setting = database.as_ref().map(|url| format!("database.url={url}"));
    let words = setting.iter().map(|setting| format!("--set={setting}")).collect::<Vec<_>>();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let create = [&["key", "create", "--name", "bench", "--scope", "admin", "--quota", "1000000"], &words[..]].concat();
    let secret = ask(folder.path(), &create)["secret"].as_str().expect("a secret").to_owned();
    let began = Instant::now();
    match &database {
        None => {
            let file = folder.path().join("gondola.db");
            let mut file = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.expect("the file");
            sqlx::raw_sql(AssertSqlSafe(on_sqlite())).execute(&mut file).await.expect("fill the log");
            file.close().await.expect("close the file");
        }
        Some(url) => {
            let mut shop = PgConnection::connect(url).await.expect("the database");
            sqlx::raw_sql(AssertSqlSafe(on_postgres())).execute(&mut shop).await.expect("fill the log");
        }
    }
    say(
        &format!("{engine}: {LINES} accesses written"),
        format!("{:.0} s", began.elapsed().as_secs_f64()),
        String::new(),
    );
    let settings: Vec<&str> = setting.iter().map(String::as_str).collect();
    let program = Program::start(folder.path(), "serve", &settings, &[]);
    let mut client = Client::connect(program.address, &secret).await;
    for (what, number) in [("a record", 77), ("the record that is read most", 1_000_000)] {
        let record = format!("00000000-0000-0000-0000-{number:012x}");
        let mut took = Vec::new();
        for month in 1..=TIMES {
            let (from, to) = (format!("2025-{:02}-01", month % 12 + 1), format!("2025-{:02}-28", month % 12 + 1));
            let path = format!(
                "/api/v1/audit/accesses?column=products.acquisition_cost&record={record}&from={from}&to={to}&limit=500"
            );
            let at = Instant::now();
            let (status, answer) = client.send(&Call { method: "GET", path, body: String::new() }).await;
            took.push(at.elapsed());
            let found: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
            let lines = found["items"].as_array().map_or(0, Vec::len);
            assert!(status == 200 && lines > 50, "{status}: {lines} lines of {what}");
        }
        took.sort_unstable();
        let slowest = took.last().expect("some were asked");
        let name = format!("{engine}: who read a column of {what} in a month, slowest of {TIMES}");
        say(&name, format!("{:.0} ms", slowest.as_secs_f64() * 1000.0), WANTED.to_owned());
    }
}

/// Every tenth line is about one record, the others about a thousand in turns, over the year 2025.
const COLUMNS: &str =
    "accessed_at, actor_type, actor_id, face, db_role, operation, table_name, column_name, record_ids, record_count,
    record_digest, purpose, outcome, error_code, key_id, request_id, client_ip, position, prev_hash, row_hash";
const YEAR_BEGINS: i64 = 1_735_689_600_000_000;
const STEP: i64 = 365 * 24 * 3_600_000_000 / LINES;

fn on_sqlite() -> String {
    format!(
        "pragma synchronous = off; pragma cache_size = -200000; begin;
        insert into encrypted_data_access_log (id, {COLUMNS})
        with recursive n (i) as (select 1 union all select i + 1 from n where i < {LINES})
        select i, {YEAR_BEGINS} + i * {STEP}, 'user', printf('00000000-0000-0000-0000-%012x', i % 12), 'dashboard', 'file', 'DECRYPT',
            'products', 'acquisition_cost', '[]', 1, zeroblob(32), 'catalogue.get_product', 'allowed', '', 1, printf('%032x', i),
            '192.0.2.7', i, randomblob(32), randomblob(32) from n;
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
        select unhex(printf('00000000000000000000%012x', case when id % 10 = 0 then 1000000 else id % 1000 end)), accessed_at, id
        from encrypted_data_access_log order by 1, 2, 3; commit; pragma wal_checkpoint(truncate)"
    )
}

fn on_postgres() -> String {
    format!(
        "set synchronous_commit = off;
        insert into encrypted_data_access_log (id, {COLUMNS})
        select i, {YEAR_BEGINS} + i * {STEP}, 'user', '00000000-0000-0000-0000-' || lpad(to_hex(i % 12), 12, '0'), 'dashboard', 'gondola',
            'DECRYPT', 'products', 'acquisition_cost', '[]', 1, decode(repeat('00', 32), 'hex'), 'catalogue.get_product', 'allowed', '', 1,
            lpad(to_hex(i), 32, '0'), '192.0.2.7', i, sha256(i::text::bytea), sha256((-i)::text::bytea)
        from generate_series(1::bigint, {LINES}) i;
        insert into encrypted_data_access_records (record_id, accessed_at, access_id)
        select ('00000000-0000-0000-0000-' || lpad(to_hex(case when id % 10 = 0 then 1000000 else id % 1000 end), 12, '0'))::uuid,
            accessed_at, id
        from encrypted_data_access_log;
        select setval(pg_get_serial_sequence('encrypted_data_access_log', 'id'), {LINES});
        analyze encrypted_data_access_log; analyze encrypted_data_access_records"
    )
}
