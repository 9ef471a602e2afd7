//! `kill -9` at random moments while clients write (OPS-5): no acknowledged write is lost, none happens
//! twice, nothing is half done, and the books add up: movements, deliveries, invoices that are applied, and prices with how they came
//! about. A dozen kills in CI, half on each engine;
//! `GONDOLA_CRASH_KILLS` makes it hundreds (`cargo xtask soak`). The seed is printed;
//! `GONDOLA_CRASH_SEED` repeats a run's waiting times, though never the scheduler's.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "figures for whoever runs it, sizes from its environment"
)]

mod process;

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use process::{Running, connect, json, read_all};
use serde_json::{Value, json};

/// Kills per engine in CI.
const KILLS: u64 = 6;
/// Clients that write at the same time.
const WRITERS: u64 = 8;
/// Products they write to.
const PRODUCTS: u64 = 5;
/// Lines of every fourth request, an atomic batch.
const BATCH_LINES: u64 = 5;
/// Invoices that wait to be applied, of ten pesos each.
const INVOICES: u64 = 60;
const PESOS: u64 = 10;
/// Kinds of requests that take turns.
const KINDS: u64 = 5;
const PRICES: &str = "/api/v1/prices";
/// Changes of prices on a page.
const CHANGES: u64 = 100;
/// Whom everything comes from.
const SUPPLIER: &str = "CORTE";
/// Lines of a delivery.
const DELIVERY_LINES: u64 = 3;
/// The longest time between two kills.
const CALM_MS: u64 = 700;

/// What a client knows about one of its requests.
#[derive(Clone)]
struct Sent {
    key: u64,
    /// The answer, when it came before the kill.
    answered: Option<Value>,
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 31)
}

/// The request that belongs to a key: always the same, so that it can be repeated. Path, body, units that it brings.
fn request(key: u64, invoices: &[String]) -> (String, Value, u64) {
    let product = |at: u64| format!("sku:P{}", (key + at) % PRODUCTS);
    let line = |at: u64| {
        json!({"kind": "receipt", "product": product(at), "quantity": "1", "to": "deposito", "unit_cost": "10",
            "reason": "prueba de corte"})
    };
    let turn = key / KINDS;
    let invoice = usize::try_from(turn).ok().and_then(|at| invoices.get(at));
    match (key % KINDS, invoice) {
        (0, _) => {
            let lines: Vec<_> = (0..BATCH_LINES).map(line).collect();
            ("/api/v1/movements/batch".to_owned(), json!({"mode": "atomic", "lines": lines}), BATCH_LINES)
        }
        (1, _) => {
            let lines: Vec<_> = (0..DELIVERY_LINES)
                .map(|at| json!({"product": product(at), "quantity": "1", "unit_cost": "10"}))
                .collect();
            let body = json!({"supplier": SUPPLIER, "location": "deposito", "lines": lines});
            ("/api/v1/goods-receipts".to_owned(), body, DELIVERY_LINES)
        }
        (2, Some(id)) => (format!("/api/v1/invoices/{id}/apply"), json!({"location": "deposito"}), 1),
        (3, _) => {
            let body = json!({"product": format!("sku:P{}", turn % PRODUCTS), "price": price_of(turn), "reason": "prueba de corte"});
            (PRICES.to_owned(), body, 0)
        }
        _ => ("/api/v1/movements".to_owned(), line(0), 1),
    }
}

/// The price that the price request of a turn sets: each another one.
fn price_of(turn: u64) -> String {
    format!("{}.{:02}", 100 + turn / 100, turn % 100)
}

/// How many changes of a product's price are kept, and the newest price of them.
fn changes_of(address: SocketAddr, secret: &str, product: u64) -> (u64, Option<String>) {
    let (mut many, mut newest, mut after) = (0, None, String::new());
    loop {
        let path = format!("{PRICES}/history?product=sku:P{product}&limit={CHANGES}{after}");
        let page = get(address, secret, &path);
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        newest = newest.or_else(|| items.first().map(|change| change["price"].as_str().unwrap().to_owned()));
        many += items.len() as u64;
        let Some(next) = page["next"].as_str() else { return (many, newest) };
        after = format!("&after={next}");
    }
}

/// Every price that was set is kept once, and the one in force is the last of them.
fn prices_add_up(address: SocketAddr, secret: &str, priced: &[u64], kill: u64) {
    for product in 0..PRODUCTS {
        let asked = priced.iter().filter(|turn| *turn % PRODUCTS == product).count() as u64;
        let (kept, newest) = changes_of(address, secret, product);
        assert_eq!(kept, asked, "kill {kill}: each price that was set is kept once");
        let item = get(address, secret, &format!("/api/v1/products/sku:P{product}"));
        assert_eq!(item["sale_price"].as_str().map(str::to_owned), newest, "kill {kill}: the last one is in force");
    }
}

/// Posts, and answers status, whether it was a replay, and the body; nothing when the line broke.
fn post(address: SocketAddr, secret: &str, path: &str, key: &str, body: &Value) -> Option<(u16, bool, Value)> {
    let body = body.to_string();
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {secret}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let replayed = head.to_ascii_lowercase().contains("idempotency-replayed: true");
    Some((status, replayed, serde_json::from_str(body).ok()?))
}

fn get(address: SocketAddr, secret: &str, path: &str) -> Value {
    let mut stream = connect(address);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {secret}\r\n\r\n")
        .unwrap();
    let answer = read_all(&mut stream);
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

struct Shop {
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

impl Shop {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn arguments(&self) -> Vec<&str> {
        self.arguments.iter().map(String::as_str).collect()
    }

    fn serve(&self) -> Running {
        Running::start(self.path(), &self.arguments())
    }

    fn command(&self, words: &[&str]) -> std::process::Output {
        let arguments = [words, &self.arguments()].concat();
        process::run(self.path(), &arguments)
    }
}

/// Clients write until told to stop; each remembers what it sent and what was answered.
fn write_until(
    stop: &Arc<AtomicBool>,
    next: &Arc<AtomicU64>,
    address: SocketAddr,
    (secret, invoices): (&str, &Arc<Vec<String>>),
) -> Vec<Sent> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (stop, next, sent, secret) = (Arc::clone(stop), Arc::clone(next), Arc::clone(&sent), secret.to_owned());
            let invoices = Arc::clone(invoices);
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let key = next.fetch_add(1, Ordering::SeqCst);
                    let (path, body, _) = request(key, &invoices);
                    let answer = post(address, &secret, &path, &format!("crash-{key}"), &body);
                    let answered = answer.map(|(status, _, body)| {
                        assert!(matches!(status, 200 | 201), "{path}: {status} {body}");
                        body
                    });
                    let broken = answered.is_none();
                    sent.lock().unwrap().push(Sent { key, answered });
                    if broken {
                        return;
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    Arc::into_inner(sent).unwrap().into_inner().unwrap()
}

/// Invoices that were checked and wait to be applied: their ids.
fn bring_invoices(address: SocketAddr, secret: &str) -> Vec<String> {
    let send = |path: &str, key: &str, body: Value| {
        let (status, _, body) = post(address, secret, path, key, &body).expect("the shop answers");
        assert!(matches!(status, 200 | 201), "{path}: {status} {body}");
        body
    };
    send("/api/v1/suppliers", "supplier", json!({"code": SUPPLIER, "name": "Proveedor de prueba"}));
    let bring = |number: u64| {
        let line = json!({"text": "Producto", "quantity": "1", "price": PESOS.to_string(), "subtotal": PESOS.to_string(),
            "product": format!("sku:P{}", number % PRODUCTS)});
        let body = json!({"supplier": SUPPLIER, "kind": "invoice", "letter": "C", "number": format!("0001-{number:08}"),
            "issued_on": "2026-11-20", "total": PESOS.to_string(), "lines": [line]});
        let invoice = send("/api/v1/invoices", &format!("invoice-{number}"), body);
        let id = invoice["id"].as_str().unwrap().to_owned();
        send(&format!("/api/v1/invoices/{id}/confirm"), &format!("confirm-{number}"), json!({}));
        id
    };
    (1..=INVOICES).map(bring).collect()
}

fn survive(shop: &Shop, engine: &str) {
    let seed = number("GONDOLA_CRASH_SEED", 23);
    let kills = number("GONDOLA_CRASH_KILLS", KILLS);
    println!("crash on {engine}: seed {seed}, {kills} kills");
    let mut running = shop.serve();
    let key =
        shop.command(&["--json", "key", "create", "--name", "crash", "--scope", "read,write", "--quota", "1000000"]);
    let secret = json(&key)["secret"].as_str().unwrap().to_owned();
    for product in 0..PRODUCTS {
        let body = json!({"sku": format!("P{product}"), "name": format!("Producto {product}"), "category": "GEN", "unit": "un"});
        let (status, _, body) =
            post(running.dashboard(), &secret, "/api/v1/products", &format!("product-{product}"), &body).unwrap();
        assert_eq!(status, 201, "{body}");
    }
    let invoices = Arc::new(bring_invoices(running.dashboard(), &secret));
    let next = Arc::new(AtomicU64::new(0));
    let (mut acknowledged, mut unknown, mut units, mut owed, mut priced) = (0_u64, 0_u64, 0, 0, Vec::new());
    for kill in 0..kills {
        let stop = Arc::new(AtomicBool::new(false));
        let address = running.dashboard();
        let clients = {
            let (stop, next, secret) = (Arc::clone(&stop), Arc::clone(&next), secret.clone());
            let invoices = Arc::clone(&invoices);
            std::thread::spawn(move || write_until(&stop, &next, address, (&secret, &invoices)))
        };
        std::thread::sleep(Duration::from_millis(30 + mix(seed ^ (kill << 8)) % CALM_MS));
        running.signal("KILL");
        stop.store(true, Ordering::SeqCst);
        let sent = clients.join().unwrap();
        running.wait();
        running = shop.serve();
        for Sent { key, answered } in sent {
            let (path, body, lines) = request(key, &invoices);
            let again = post(running.dashboard(), &secret, &path, &format!("crash-{key}"), &body);
            let (status, replayed, body) = again.expect("the restarted shop answers");
            assert!(matches!(status, 200 | 201), "{path}: {status} {body}");
            owed += u64::from(path.ends_with("/apply")) * PESOS;
            priced.extend(Some(key / KINDS).filter(|_| path == PRICES));
            if let Some(first) = answered {
                assert!(replayed, "kill {kill}: request {key} was acknowledged and is lost: {first}");
                assert_eq!(body, first, "kill {kill}: request {key} answers otherwise than before");
                acknowledged += 1;
            } else {
                unknown += 1;
            }
            units += lines;
        }
        let held: i64 = (0..PRODUCTS)
            .map(|product| get(running.dashboard(), &secret, &format!("/api/v1/inventory/P{product}")))
            .map(|item| item["on_hand"].as_str().unwrap().parse::<i64>().unwrap())
            .sum();
        assert_eq!(u64::try_from(held), Ok(units), "kill {kill}: every request counts once and whole");
        let account = get(running.dashboard(), &secret, &format!("/api/v1/suppliers/{SUPPLIER}/account"));
        let balance = account["items"][0]["balance"].as_str().unwrap_or("0.00");
        assert_eq!(balance, format!("{owed}.00"), "kill {kill}: an invoice that is applied is owed, once");
        prices_add_up(running.dashboard(), &secret, &priced, kill);
        let verified = shop.command(&["--json", "ledger", "verify"]);
        assert!(verified.status.success(), "kill {kill}: {}", String::from_utf8_lossy(&verified.stdout));
    }
    println!("crash on {engine}: {acknowledged} acknowledged writes kept, {unknown} cut off in flight, {units} units");
    assert!(acknowledged > 0, "the clients wrote something");
}

/// OPS-5.
#[test]
fn no_acknowledged_write_is_lost_on_sqlite() {
    let shop = Shop { folder: tempfile::tempdir().unwrap(), arguments: Vec::new() };
    survive(&shop, "sqlite");
}

/// OPS-5.
#[tokio::test]
async fn no_acknowledged_write_is_lost_on_postgres() {
    let Some(server) = gondola_testkit::postgres::postgres_url() else { return };
    let url = gondola_testkit::postgres::fresh_database(server).await.unwrap();
    let arguments = vec!["--set".to_owned(), format!("database.url={url}")];
    let shop = Shop { folder: tempfile::tempdir().unwrap(), arguments };
    tokio::task::spawn_blocking(move || survive(&shop, "postgres")).await.unwrap();
}
