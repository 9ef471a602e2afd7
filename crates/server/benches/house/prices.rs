//! Every price of a shop with fifty thousand products, by one rule: seen, applied and taken back over HTTP, as a person
//! would (SC-3), on both engines.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use gondola_testkit::postgres::{fresh_database, postgres_url};

use crate::load::{Call, Client};
use crate::program::{Program, command};
use crate::say;

/// Products of the shop.
const PRODUCTS: usize = 50_000;
/// What SC-3 asks for, all three together.
const WANTED: &str = "wanted under 10 s together (SC-3)";

/// Repricings on SQLite and, where there is one, on PostgreSQL.
pub async fn run() {
    on("SQLite", None).await;
    if let Some(server) = postgres_url() {
        let url = fresh_database(server).await.expect("a database");
        on("PostgreSQL", Some(&url)).await;
    }
}

async fn on(engine: &str, database: Option<&str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let environment: Vec<(&str, &str)> = database.map(|url| ("DATABASE_URL", url)).into_iter().collect();
    stock_up(folder.path(), &environment);
    let words = ["key", "create", "--name", "bench", "--scope", "read,write"];
    let key = json(folder.path(), &environment, &words);
    let program = Program::start(folder.path(), "serve", &[], &environment);
    let mut client = Client::connect(program.address, key["secret"].as_str().expect("a secret")).await;
    let rule = r#"{"rule":"percentage","percent":"10","reason":"Inflación del mes"}"#;
    let (built, seen) = ask(&mut client, "/api/v1/repricings", rule, 201).await;
    assert_eq!(built["rows"].as_u64(), Some(PRODUCTS as u64), "{built}");
    let path = format!("/api/v1/repricings/{}", built["id"].as_str().expect("an id"));
    let (applied, held) = ask(&mut client, &format!("{path}/apply"), "{}", 200).await;
    assert_eq!(applied["applied"].as_u64(), Some(PRODUCTS as u64), "{applied}");
    let (back, restored) = ask(&mut client, &format!("{path}/rollback"), "", 200).await;
    assert_eq!(back["restored"].as_u64(), Some(PRODUCTS as u64), "{back}");
    let all = seen + held + restored;
    let tell = |what: &str, took: Duration| {
        let name = format!("50,000 prices on {engine}, {what}");
        say(&name, format!("{:.1} s", took.as_secs_f64()), WANTED.to_owned());
    };
    for (what, took) in [("seen", seen), ("applied", held), ("taken back", restored), ("together", all)] {
        tell(what, took);
    }
}

/// The products with their costs and prices, as a list.
fn stock_up(folder: &Path, environment: &[(&str, &str)]) {
    let mut text = String::from("sku;nombre;rubro;marca;precio;costo de reposición\n");
    for row in 0..PRODUCTS {
        writeln!(text, "P-{row:06};Producto número {row};LAC;Marca {};1.850,00;1.400,25", row % 500).expect("memory");
    }
    let list = folder.join("list.csv");
    std::fs::write(&list, text).expect("write the list");
    let list = list.to_str().expect("a path of this test");
    let told = json(folder, environment, &["import", "products", list]);
    assert_eq!(told["rows_good"].as_u64(), Some(PRODUCTS as u64), "{told}");
}

fn json(folder: &Path, environment: &[(&str, &str)], words: &[&str]) -> serde_json::Value {
    let mut command = command(folder);
    command.envs(environment.iter().copied()).arg("--json").args(words);
    let output = command.output().expect("run the program");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

async fn ask(client: &mut Client, path: &str, body: &str, status: u16) -> (serde_json::Value, Duration) {
    let began = Instant::now();
    let call = Call { method: "POST", path: path.to_owned(), body: body.to_owned() };
    let (answered, bytes) = client.send(&call).await;
    let took = began.elapsed();
    assert_eq!(answered, status, "{}", String::from_utf8_lossy(&bytes));
    (serde_json::from_slice(&bytes).expect("JSON"), took)
}
