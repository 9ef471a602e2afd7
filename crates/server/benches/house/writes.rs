//! Movements per second: one by one from 64 clients and in batches, with group commit and without,
//! on the disk as it is and on one whose every fsync takes 5 ms, beside the bare driver.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gondola_store::sqlx::{self, Row};
use gondola_testkit::postgres::{cluster::find_binaries, fresh_database, postgres_url};
use serde_json::json;
use uuid::Uuid;

use crate::load::{Call, Client, Measured, closed_loop};
use crate::program::{Program, ask};
use crate::raw::{self, Ids};
use crate::say;

/// Clients that write at the same time.
const CLIENTS: u64 = 64;
/// Products they write to.
pub const PRODUCTS: u64 = 1_000;
/// Lines of a batch.
const BATCH_LINES: u64 = 500;

/// A library that makes every fsync take 5 ms longer: the disk of a shop's PC.
const SLOW_DISK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int slow(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(5000);
    return real(fd);
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
"#;

/// A receipt of one unit.
pub fn receipt(number: u64) -> serde_json::Value {
    json!({"kind": "receipt", "product": format!("sku:B{}", number % PRODUCTS), "quantity": "1", "to": "deposito",
        "unit_cost": "100", "reason": "prueba"})
}

fn single(number: u64) -> Call {
    Call { method: "POST", path: "/api/v1/movements".to_owned(), body: receipt(number).to_string() }
}

fn batch(number: u64) -> Call {
    let lines: Vec<_> = (0..BATCH_LINES).map(|line| receipt(number * BATCH_LINES + line)).collect();
    let body = json!({"mode": "atomic", "lines": lines}).to_string();
    Call { method: "POST", path: "/api/v1/movements/batch".to_owned(), body }
}

/// A key and the products, in a shop just started.
pub async fn stock_up(address: SocketAddr, data_dir: &Path, settings: &[&str], products: u64) -> String {
    let settings: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let words =
        [&["key", "create", "--name", "bench", "--scope", "read,write", "--quota", "1000000"][..], &settings].concat();
    let secret = ask(data_dir, &words)["secret"].as_str().expect("a secret").to_owned();
    let mut client = Client::connect(address, &secret).await;
    for number in 0..products {
        let body =
            json!({"sku": format!("B{number}"), "name": format!("Producto {number}"), "category": "GEN", "unit": "un"});
        let call = Call { method: "POST", path: "/api/v1/products".to_owned(), body: body.to_string() };
        let (status, answer) = client.send(&call).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
    }
    secret
}

async fn measure(
    settings: &[&str],
    environment: &[(&str, &str)],
    length: Duration,
    clients: u64,
    call: fn(u64) -> Call,
) -> Measured {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), "serve", settings, environment);
    let secret = stock_up(program.address, folder.path(), settings, PRODUCTS).await;
    let measured = closed_loop(program.address, &secret, clients, length, 201, call).await;
    assert_eq!(measured.bad, 0, "every write is taken");
    measured
}

/// A migrated database with the products in it, for the bare driver.
async fn bare_shop() -> (tempfile::TempDir, PathBuf, Ids) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), "serve", &[], &[]);
    stock_up(program.address, folder.path(), &[], PRODUCTS).await;
    drop(program);
    let file = folder.path().join("gondola.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.expect("open it");
    let rows = sqlx::query("select id from products order by sku").fetch_all(&pool).await.expect("products");
    let products = rows.iter().map(|row| row.get::<Uuid, _>(0)).collect();
    let place = async |code: &str| {
        let row = sqlx::query("select id from locations where code = $1").bind(code.to_owned()).fetch_one(&pool).await;
        row.expect("a place").get::<Uuid, _>(0)
    };
    let ids = Ids { products, place: place("deposito").await, supplier: place("supplier").await };
    pool.close().await;
    (folder, file, ids)
}

async fn raw_rate(per_transaction: u64, commands_of: i64, length: Duration) -> f64 {
    let (_folder, file, ids) = bare_shop().await;
    raw::rate(&file, &ids, per_transaction, commands_of, length).await
}

/// Writes on SQLite.
pub async fn sqlite(length: Duration) {
    let raw_grouped = raw_rate(CLIENTS, 1, length).await;
    say(
        "raw inserts, 64 per transaction",
        format!("{raw_grouped:.0}/s"),
        "the same rows by the bare driver".to_owned(),
    );
    let grouped = measure(&[], &[], length, CLIENTS, single).await;
    let ratio = grouped.rate() / raw_grouped;
    let value = format!("{:.0}/s", grouped.rate());
    say(
        "single movements, 64 clients, group commit",
        value,
        format!("{ratio:.2} x raw (wanted 0.25), P99 {:.0} ms", grouped.percentile_ms(0.99)),
    );
    let alone = measure(&["database.group_commands_max=1"], &[], length, CLIENTS, single).await;
    say(
        "single movements, 64 clients, one by one",
        format!("{:.0}/s", alone.rate()),
        format!("grouping wins {:.1} x", grouped.rate() / alone.rate()),
    );
    if let Some(library) = slow_disk() {
        let path = library.path().join("slow.so").display().to_string();
        let slow = [("LD_PRELOAD", path.as_str())];
        let grouped = measure(&[], &slow, length, CLIENTS, single).await;
        let alone = measure(&["database.group_commands_max=1"], &slow, length, CLIENTS, single).await;
        let value = format!("{:.0}/s", grouped.rate());
        say(
            "the same with each fsync 5 ms slower, group commit",
            value,
            format!("{:.1} x one by one at {:.0}/s (wanted 5)", grouped.rate() / alone.rate(), alone.rate()),
        );
    } else {
        println!("SKIPPED the slow disk: there is no C compiler");
    }
    let raw_batch = raw_rate(BATCH_LINES, BATCH_LINES.cast_signed(), length).await;
    let batches = measure(&[], &[], length, 4, batch).await;
    let lines = batches.rate() * BATCH_LINES as f64;
    say(
        "batch lines, 500 a batch",
        format!("{lines:.0}/s"),
        format!("{:.2} x raw at {raw_batch:.0}/s (wanted 0.5)", lines / raw_batch),
    );
}

fn slow_disk() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().ok()?;
    let source = folder.path().join("slow.c");
    std::fs::write(&source, SLOW_DISK).ok()?;
    let library = folder.path().join("slow.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl").status();
    built.is_ok_and(|status| status.success()).then_some(folder)
}

/// The same statements that a single movement runs, for pgbench.
const PGBENCH: &str = "
\\set n random(0, 999)
begin;
select id, sku from products where sku = 'B' || :n \\gset p_
select * from stock_heads h join products p on p.id = h.product_id where h.product_id = :p_id::uuid for update of h;
select * from balances b join lots l on l.id = b.lot_id where b.product_id = :p_id::uuid;
select product_id, location_id, sum(quantity) from reservations where product_id = :p_id::uuid and state = 'pending' group by 1, 2;
select * from locations order by position, code;
select * from negative_policies order by id;
select nextval(pg_get_serial_sequence('movements', 'sequence')) as sequence \\gset m_
insert into movements (sequence, id, kind, product_id, quantity, entered_quantity, entered_unit, from_location_id, to_location_id, unit_cost, reason, flags, channel, actor, actor_name, occurred_at, recorded_at)
    select :m_sequence, gen_random_uuid(), 'receipt', :p_id::uuid, 1000, 1000, 'un', f.id, t.id, 1000000, 'prueba', '', 'api', 'key:1', 'bench', 1800000000000000 + :m_sequence, 1800000000000000
    from locations f, locations t where f.code = 'supplier' and t.code = 'deposito';
insert into movement_lines (sequence, line, product_id, location_id, lot_id, delta, real_stock, occurred_at)
    select :m_sequence, case code when 'supplier' then 1 else 2 end, :p_id::uuid, id, :p_id::uuid, case code when 'supplier' then -1000 else 1000 end, code <> 'supplier', 1800000000000000 + :m_sequence
    from locations where code in ('supplier', 'deposito');
insert into valuations (product_id, occurred_at, sequence, delta, unit_cost, moved_value, moved_fifo_value, quantity_after, value_after, cost_after)
    values (:p_id::uuid, 1800000000000000 + :m_sequence, :m_sequence, 1000, 1000000, 10000, 10000, 1000, 10000, 1000000);
insert into balances (product_id, location_id, lot_id, quantity, version) select :p_id::uuid, id, :p_id::uuid, 1000, 1 from locations where code = 'deposito'
    on conflict (product_id, location_id, lot_id) do update set quantity = balances.quantity + 1000, version = balances.version + 1;
update stock_heads set on_hand = on_hand + 1000, avco_value = avco_value + 10000, last_sequence = :m_sequence, version = version + 1 where product_id = :p_id::uuid;
insert into audit_trail (event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent, request_id, class, sensitivity, reason, after_digest)
    values ('stock.post_movement', 'modify', 1800000000000000, 'key:1', 'bench', 'dashboard', 'B1', 200, 1, '127.0.0.1', '', '0123456789abcdef', 'internal', 30, '', decode(repeat('07', 32), 'hex'));
commit;
";

/// Single movements on PostgreSQL beside pgbench with the same statements and clients.
pub async fn postgres(length: Duration) {
    let (Some(server), Ok(binaries)) = (postgres_url(), find_binaries()) else {
        println!("SKIPPED PostgreSQL: there is no server");
        return;
    };
    let url = fresh_database(server).await.expect("a database");
    let setting = format!("database.url={url}");
    let settings = [setting.as_str(), "database.connections_max=20"];
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), "serve", &settings, &[]);
    let secret = stock_up(program.address, folder.path(), &settings, PRODUCTS).await;
    let measured = closed_loop(program.address, &secret, CLIENTS, length, 201, single).await;
    drop(program);
    let script = folder.path().join("single.sql");
    std::fs::write(&script, PGBENCH).expect("write the script");
    let seconds = length.as_secs().to_string();
    let clients = CLIENTS.to_string();
    let arguments = ["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds, "-f"];
    let output =
        Command::new(binaries.join("pgbench")).args(arguments).arg(&script).arg(&url).output().expect("pgbench");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    let Some(rate) = rate else {
        println!("SKIPPED pgbench: {text}{}", String::from_utf8_lossy(&output.stderr));
        return;
    };
    let value = format!("{:.0}/s", measured.rate());
    say(
        "single movements on PostgreSQL, 64 clients",
        value,
        format!("{:.2} x pgbench at {rate:.0}/s (wanted 0.5), {} refused", measured.rate() / rate, measured.bad),
    );
}
