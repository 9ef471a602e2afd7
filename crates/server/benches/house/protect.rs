//! What protected values cost: the vault alone on one core, and the API with a product's cost beside the same calls
//! about products that have none (ENC-8).

use std::hint::black_box;
use std::time::{Duration, Instant};

use gondola_testkit::postgres::{fresh_database, postgres_url};
use gondola_vault::{MasterKey, Place, Suite, Vault};
use serde_json::json;

use super::load::{Call, Client, open_loop};
use super::program::{Program, ask};
use super::say;

/// Everything, for that long each.
pub async fn run(length: Duration) {
    for suite in Suite::ALL {
        fields(suite, length);
    }
    nonces();
    api("sqlite", &[], length).await;
    if let Some(server) = postgres_url() {
        let url = format!("database.url={}", fresh_database(server).await.expect("a database"));
        api("postgres", &[&url], length).await;
    }
}

/// Ten million values sealed for one row, the worst case for its key: no nonce may come twice (ENC-10).
fn nonces() {
    let vault = Vault::of(&MasterKey::from_bytes([7; 32]));
    let place = Place { table: "products", column: "acquisition_cost", row: b"0123456789abcdef" };
    let nonce = |_| -> [u8; 12] { vault.seal(place, b"")[6..18].try_into().expect("a nonce has 12 bytes") };
    let mut seen: Vec<[u8; 12]> = (0..10_000_000).map(nonce).collect();
    seen.sort_unstable();
    let twice = seen.windows(2).filter(|pair| pair[0] == pair[1]).count();
    say("nonces of ten million values of one row", format!("{twice} twice"), "wanted none (ENC-10)".to_owned());
}

/// How many fields one core seals and opens.
fn fields(suite: Suite, length: Duration) {
    let (vault, master) = (Vault::default(), MasterKey::from_bytes([7; 32]));
    vault.unlock(&master, &Vault::draw_ring(&master, suite)).expect("the ring of this secret");
    let place = |row: &'static [u8]| Place { table: "products", column: "acquisition_cost", row };
    let sealed = vault.seal(place(b"0123456789abcdef"), &[7; 8]);
    let number = suite.number();
    let sealing = rate(length, || drop(black_box(vault.seal(place(b"0123456789abcdef"), &[7; 8]))));
    say(&format!("suite {number}: fields sealed, one core"), format!("{sealing:.0}/s"), String::new());
    let opening = rate(length, || drop(black_box(vault.open(place(b"0123456789abcdef"), &sealed))));
    let wanted = "wanted at least 10,000/s (ENC-8)".to_owned();
    say(&format!("suite {number}: fields opened, one core"), format!("{opening:.0}/s"), wanted);
}

fn rate(length: Duration, mut once: impl FnMut()) -> f64 {
    let (began, mut times) = (Instant::now(), 0_u32);
    while began.elapsed() < length / 3 {
        (0..100).for_each(|_| once());
        times += 100;
    }
    f64::from(times) / began.elapsed().as_secs_f64()
}

/// One caller after another: making, reading and changing a product with a cost and without one, in turns.
async fn api(engine: &str, settings: &[&str], length: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let words: Vec<String> = settings.iter().map(|setting| format!("--set={setting}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let create = [&["key", "create", "--name", "bench", "--scope", "admin", "--quota", "1000000"], &words[..]].concat();
    let secret = ask(folder.path(), &create)["secret"].as_str().expect("a secret").to_owned();
    let program = Program::start(folder.path(), "serve", settings, &[]);
    let mut client = Client::connect(program.address, &secret).await;
    let [mut plain, mut protected] = [[Duration::ZERO; 3]; 2];
    let (began, mut turns) = (Instant::now(), 0_u32);
    while began.elapsed() < length * 2 {
        for (took, cost) in [(&mut plain, json!(null)), (&mut protected, json!("1420.50"))] {
            let sku = format!("{}-{turns}", if cost.is_null() { "P" } else { "C" });
            let body = json!({"name": format!("Producto {sku}"), "sku": sku, "category": "GEN", "unit": "un", "acquisition_cost": cost}).to_string();
            let path = format!("/api/v1/products/sku:{sku}");
            let cost = if cost.is_null() { cost } else { json!("1500") };
            let changed = json!({"lines": [{"product": format!("sku:{sku}"), "changes": {"acquisition_cost": cost}}]})
                .to_string();
            let calls = [
                (201, Call { method: "POST", path: "/api/v1/products".to_owned(), body }),
                (200, Call { method: "GET", path, body: String::new() }),
                (200, Call { method: "POST", path: "/api/v1/products/bulk".to_owned(), body: changed }),
            ];
            for (took, (expected, call)) in took.iter_mut().zip(calls) {
                let at = Instant::now();
                let (status, answer) = client.send(&call).await;
                *took += at.elapsed();
                assert_eq!(status, expected, "{}", String::from_utf8_lossy(&answer));
            }
        }
        turns += 1;
    }
    for (at, what) in ["made", "read", "changed"].into_iter().enumerate() {
        let each = |took: [Duration; 3]| took[at].as_secs_f64() * 1000.0 / f64::from(turns);
        let (with, without) = (each(protected), each(plain));
        let beside =
            format!("{without:.2} ms without a cost, {:+.0} % (wanted at most +60 %)", (with / without - 1.0) * 100.0);
        say(&format!("{engine}: a product with a cost is {what}"), format!("{with:.2} ms"), beside);
    }
}

/// Products whose costs are sealed anew while the shop is asked a hundred times a second.
const SEALED: usize = 20_000;
const PER_SECOND: u64 = 100;

/// A rotation while the shop is at work: a cost is read and one is changed in turns, and nothing of it fails (ENC-7).
pub async fn rotation() {
    sealed_anew("sqlite", None).await;
    if let Some(server) = postgres_url() {
        sealed_anew("postgres", Some(fresh_database(server).await.expect("a database"))).await;
    }
}

async fn sealed_anew(engine: &str, database: Option<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (data_dir, list) = (folder.path().join("shop"), folder.path().join("list.csv"));
    let setting = database.map(|url| format!("--set=database.url={url}"));
    let told = |words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().chain(setting.as_deref()).collect();
        ask(&data_dir, &words)
    };
    let rows = (0..SEALED).map(|at| format!("R-{at};Producto {at};LAC;1.200,25\n"));
    let text = std::iter::once("sku;nombre;rubro;costo\n".to_owned()).chain(rows).collect::<String>();
    std::fs::write(&list, text).expect("write the list");
    let loaded = told(&["import", "products", list.to_str().expect("a path"), "--atomic"]);
    assert_eq!(loaded["rows_bad"], 0, "{loaded}");
    let key = told(&["key", "create", "--name", "bench", "--scope", "admin", "--quota", "1000000"]);
    let secret = key["secret"].as_str().expect("a secret").to_owned();
    let settings: Vec<&str> = setting.iter().map(|setting| setting.trim_start_matches("--set=")).collect();
    let program = Program::start(&data_dir, "serve", &settings, &[]);
    let calls = |seconds: u64| {
        let call = |number: u64| {
            let sku = format!("R-{}", number * 7919 % SEALED as u64);
            if number.is_multiple_of(2) {
                return Call { method: "GET", path: format!("/api/v1/products/sku:{sku}"), body: String::new() };
            }
            let changes = json!({"acquisition_cost": format!("{}.25", number % 5000)});
            let body = json!({"lines": [{"product": format!("sku:{sku}"), "changes": changes}]}).to_string();
            Call { method: "POST", path: "/api/v1/products/bulk".to_owned(), body }
        };
        open_loop(program.address, &secret, 8, PER_SECOND, Duration::from_secs(seconds), 200, call)
    };
    let before = calls(5).await;
    let rotate = || {
        let began = Instant::now();
        let told = told(&["encryption", "rotate"]);
        (told["resealed"].as_i64().expect("how many"), began.elapsed())
    };
    let (during, (resealed, took)) = tokio::join!(calls(20), async { tokio::task::block_in_place(rotate) });
    assert!(resealed > 0, "nothing was sealed anew");
    let name = format!("{engine}: requests that failed of 2,000 at 100/s while a rotation ran");
    let beside = format!(
        "{resealed} values sealed anew in {:.1} s; P99 {:.0} ms, {:.0} ms before (wanted none failed, ENC-7)",
        took.as_secs_f64(),
        during.percentile_ms(0.99),
        before.percentile_ms(0.99)
    );
    say(&name, format!("{}", during.bad + before.bad), beside);
}
