//! Reads while others write, the past of a large shop, start and memory of the demo shop.

use std::time::{Duration, Instant};

use gondola_store::sqlx::{self, Connection as _};
use gondola_testkit::postgres::{fresh_database, postgres_url};
use serde_json::json;

use crate::load::{Call, Client, open_loop};
use crate::program::{Program, ask};
use crate::say;
use crate::writes::{receipt, stock_up};

/// Products of the read scenario.
const PRODUCTS: u64 = 10_000;
/// Reads before those that are measured.
const WARM_UP: Duration = Duration::from_secs(3);
/// Lines per batch while it is filled.
const LINES: u64 = 10_000;

fn get(path: &str) -> Call {
    Call { method: "GET", path: path.to_owned(), body: String::new() }
}

fn read(number: u64) -> Call {
    match number % 4 {
        0 | 1 => get("/api/v1/inventory"),
        2 => get(&format!("/api/v1/inventory/B{}", number * 37 % PRODUCTS)),
        _ => get("/api/v1/inventory?low_stock=true"),
    }
}

/// Inventory reads beside writes, and stock as of an instant, over so many movements on SQLite.
pub async fn sqlite(length: Duration, movements: u64) {
    on("SQLite", &[], length, movements, async || {}).await;
}

/// The same on PostgreSQL, where there is one.
pub async fn postgres(length: Duration, movements: u64) {
    if let Some(server) = postgres_url() {
        let url = fresh_database(server).await.expect("a database");
        let setting = format!("database.url={url}");
        // A million rows in minutes leave the server with pages to write for minutes; a shop does not fill like that.
        let settled = async || {
            let mut connection = sqlx::PgConnection::connect(&url).await.expect("the server");
            sqlx::query("checkpoint").execute(&mut connection).await.expect("a checkpoint");
        };
        on("PostgreSQL", &[&setting, "database.connections_max=20"], length, movements, settled).await;
    }
}

async fn on(engine: &str, settings: &[&str], length: Duration, movements: u64, settled: impl AsyncFnOnce()) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), "serve", settings, &[]);
    let secret = stock_up(program.address, folder.path(), settings, PRODUCTS).await;
    let mut client = Client::connect(program.address, &secret).await;
    let began = Instant::now();
    let mut midway = String::new();
    for batch in 0..movements / LINES {
        let lines: Vec<_> = (0..LINES)
            .map(|line| {
                let mut body = receipt(batch * LINES + line);
                body["product"] = format!("sku:B{}", (batch * LINES + line) % PRODUCTS).into();
                body
            })
            .collect();
        let body = json!({"mode": "atomic", "lines": lines}).to_string();
        let (status, answer) =
            client.send(&Call { method: "POST", path: "/api/v1/movements/batch".to_owned(), body }).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
        if batch == movements / LINES / 2 {
            let page = page(&mut client, "limit=1").await;
            midway = page["at"].as_str().expect("an instant").to_owned();
        }
    }
    let rate = movements as f64 / began.elapsed().as_secs_f64();
    say(&format!("{engine}: {movements} movements in batches of 10,000"), format!("{rate:.0} lines/s"), String::new());
    settled().await;
    // Connections and plans are made for the first requests; the figures are of what comes after.
    open_loop(program.address, &secret, 32, 200, WARM_UP, 200, read).await;
    let writes = tokio::spawn({
        let (address, secret) = (program.address, secret.clone());
        async move {
            let write = |number: u64| Call {
                method: "POST",
                path: "/api/v1/movements".to_owned(),
                body: receipt(number).to_string(),
            };
            open_loop(address, &secret, 8, 50, length * 3, 201, write).await
        }
    });
    let reads = open_loop(program.address, &secret, 32, 200, length * 3, 200, read).await;
    let writes = writes.await.expect("the writers");
    let value = format!("P95 {:.1} ms", reads.percentile_ms(0.95));
    say(
        &format!("{engine}: inventory at 200/s on 10,000 products"),
        value,
        format!("with {:.0} writes/s beside (wanted under 20 ms), {} bad", writes.rate(), reads.bad + writes.bad),
    );
    // The one that filled the shop was idle meanwhile, and a server does not wait for ever.
    let mut client = Client::connect(program.address, &secret).await;
    for (when, query) in [("now", String::new()), ("midway", format!("&at={midway}"))] {
        let (mut pages, mut after) = (0, String::new());
        let began = Instant::now();
        loop {
            let page = page(&mut client, &format!("limit=500{query}{after}")).await;
            pages += 1;
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let value = format!("{:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
        say(
            &format!("{engine}: stock and value as of {when}, 10,000 products"),
            value,
            format!("{pages} pages, {movements} movements (wanted under 1,000 ms over a million)"),
        );
    }
}

/// A page of stock as of an instant.
async fn page(client: &mut Client, query: &str) -> serde_json::Value {
    let (status, body) = client.send(&get(&format!("/api/v1/stock/as-of?{query}"))).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("a page")
}

/// Cold start and memory of the demo shop.
pub fn demo() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeding = Program::start(folder.path(), "demo", &[], &[]);
    say(
        "demo shop seeded and ready",
        format!("{:.1} s", seeding.started_in.as_secs_f64()),
        "wanted under 30 s (OPS-6)".to_owned(),
    );
    drop(seeding);
    let again = Program::start(folder.path(), "serve", &[], &[]);
    std::thread::sleep(Duration::from_secs(5));
    let value = format!("{:.0} ms", again.started_in.as_secs_f64() * 1000.0);
    say("cold start of serve on the demo shop", value, "wanted under 1,000 ms".to_owned());
    say("memory of the idle demo shop", format!("{} MB", again.resident_mb()), "wanted under 80 MB".to_owned());
    let verified = ask(folder.path(), &["ledger", "verify"]);
    assert_eq!(verified["ok"], true, "{verified}");
}
