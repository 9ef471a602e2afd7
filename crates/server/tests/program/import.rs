//! Lists taken in from the command line of the real program: what goes in, what is told, what must
//! not have changed, and the exit codes that scripts trust.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::process::{Running, gondola, json, run};
use gondola_testkit::postgres::{fresh_database, postgres_url};
use serde_json::Value;

const LIST: &str = "Código;Nombre;Precio\nA-1;Yerba;1.850,00\nA-2;Azúcar;caro\nA-3;Sal;920,50\n";

/// A shop's folder and a list beside it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn shop(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn import(&self, kind: &str, arguments: &[&str]) -> Output {
        run(&self.shop(), &[&["import", kind], arguments].concat())
    }

    /// How many products a list of the same codes would still create: none when they are there.
    fn missing(&self, list: &str) -> i64 {
        let again = self.file("again.csv", list);
        json(&self.import("products", &[&again, "--dry-run", "--json"]))["rows_created"].as_i64().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn exit(output: &Output) -> Option<i32> {
    output.status.code()
}

/// R-27 at the console: good lines go in and bad ones are listed, exit 0.
#[test]
fn good_rows_go_in_and_bad_ones_are_listed_with_their_lines() {
    let desk = Desk::new();
    let file = desk.file("lista.csv", LIST);
    let done = desk.import("products", &[&file]);
    assert_eq!((exit(&done), text(&done.stderr)), (Some(0), String::new()), "{done:?}");
    let told = text(&done.stdout);
    for part in [
        "Precio",
        "→ Sale price",
        "line 3, Sale price «caro»: ",
        "2 rows went in (2 new, 0 with changes).",
        "1 row to correct.",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let document = json(&desk.import("products", &[&file, "--json"]));
    assert_eq!(
        (&document["state"], &document["rows_good"], &document["rows_created"]),
        (&"applied".into(), &2.into(), &0.into())
    );
    assert_eq!((&document["errors"][0]["line"], &document["errors"][0]["field"]), (&3.into(), &"sale_price".into()));
}

#[test]
fn with_atomic_no_row_goes_in_and_the_exit_code_says_so() {
    let desk = Desk::new();
    let file = desk.file("lista.csv", LIST);
    let refused = desk.import("products", &[&file, "--atomic"]);
    assert_eq!(exit(&refused), Some(1), "{refused:?}");
    let told = text(&refused.stdout);
    assert!(told.contains("No row went in: all or nothing was asked for.") && told.contains("line 3"), "{told}");
    assert_eq!(desk.missing(LIST), 2);
    let good = desk.file("buena.csv", LIST.replace("caro", "10"));
    assert_eq!(exit(&desk.import("products", &[&good, "--atomic"])), Some(0));
    assert_eq!(desk.missing(LIST), 0);
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let desk = Desk::new();
    let file = desk.file("lista.csv", LIST);
    let tried = desk.import("products", &[&file, "--dry-run"]);
    assert_eq!(exit(&tried), Some(0));
    let told = text(&tried.stdout);
    assert!(told.contains("Dry run, nothing was changed. 2 rows would go in (2 new"), "{told}");
    assert_eq!(desk.missing(LIST), 2);
    assert_eq!(exit(&desk.import("products", &[&file, "--dry-run", "--atomic"])), Some(1), "a bad row would stop it");
}

/// The bad rows come back as a file that goes in once it is corrected; nothing is overwritten.
#[test]
fn the_correction_file_holds_the_bad_rows_and_goes_in_corrected() {
    let desk = Desk::new();
    let file = desk.file("lista.csv", LIST);
    let corrections = desk.folder.path().join("corregir.csv");
    let path = corrections.to_str().unwrap();
    let done = desk.import("products", &[&file, "--corrections", path]);
    assert!(exit(&done) == Some(0) && text(&done.stdout).contains(path), "{done:?}");
    let written = fs::read_to_string(&corrections).unwrap();
    assert!(
        written.starts_with("\u{feff}Código;Nombre;Precio;Line;What to correct\r\nA-2;Azúcar;caro;3;Sale price: "),
        "{written}"
    );
    let refused = desk.import("products", &[&file, "--corrections", path]);
    assert_eq!(exit(&refused), Some(2), "{refused:?}");
    assert_eq!(fs::read_to_string(&corrections).unwrap(), written);
    fs::write(&corrections, written.replace("caro", "910,00")).unwrap();
    let again = json(&desk.import("products", &[path, "--json"]));
    assert_eq!(
        (&again["rows_good"], &again["rows_bad"], &again["rows_created"]),
        (&1.into(), &0.into(), &1.into()),
        "{again}"
    );
}

#[test]
fn what_is_no_list_is_refused_in_words_and_changes_nothing() {
    let desk = Desk::new();
    let cases: [(&str, &[u8], &str); 5] = [
        ("roto.xlsx", b"PK\x03\x04 half a workbook", "sheet_"),
        ("nulo.csv", b"sku,nombre\nA-1,Yer\0ba\n", "sheet_control_character"),
        ("foto.csv", b"%PDF-1.7 ...", "sheet_not_a_table"),
        ("vacio.csv", b"", "sheet_empty"),
        ("otra.csv", b"uno,dos\n1,2\n", "bad_columns"),
    ];
    for (name, bytes, code) in cases {
        let file = desk.file(name, bytes);
        let refused = desk.import("products", &[&file, "--json"]);
        assert_eq!(exit(&refused), Some(2), "{name}: {refused:?}");
        let problem = json(&refused);
        assert!(problem["code"].as_str().unwrap().starts_with(code), "{problem}");
        let told = desk.import("products", &[&file]);
        assert!(exit(&told) == Some(2) && text(&told.stderr).starts_with("gondola: "), "{told:?}");
    }
    let none = desk.import("products", &["no-such-file.csv"]);
    assert!(exit(&none) == Some(2) && text(&none.stderr).contains("no-such-file.csv"), "{none:?}");
    assert_eq!(desk.missing(LIST), 2);
}

/// A list of stock beside the running shop, seen there at once; columns and place said by hand.
#[test]
fn a_list_goes_in_beside_the_running_shop() {
    let desk = Desk::new();
    let running = Running::start(&desk.shop(), &[]);
    let products = desk.file("lista.csv", LIST);
    assert_eq!(exit(&desk.import("products", &[&products])), Some(0));
    let stock = desk.file("stock.csv", "Cual;Hay\nA-1;12\nA-9;1\n");
    let named = ["--column", "Cual=sku", "--column", "Hay=quantity", "--location", "deposito", "--json"];
    let done = desk.import("stock", &[&[stock.as_str()], &named[..]].concat());
    assert_eq!(exit(&done), Some(0), "{done:?}");
    let document = json(&done);
    assert_eq!((&document["rows_good"], &document["errors"][0]["code"]), (&1.into(), &"unknown_product".into()));
    let secret = json(&run(&desk.shop(), &["key", "create", "--name", "tester", "--scope", "read", "--json"]));
    let answer = get(&running, "/api/v1/inventory/A-1", secret["secret"].as_str().unwrap());
    assert_eq!(answer["on_hand"], "12", "{answer}");
}

fn get(running: &Running, path: &str, secret: &str) -> Value {
    use std::io::Write;
    let mut stream = crate::process::connect(running.dashboard());
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {secret}\r\nconnection: close\r\n\r\n")
        .unwrap();
    let answer = crate::process::read_all(&mut stream);
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn published() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/precios-maximos-buenos-aires-2020.csv");
    let found = path.exists().then_some(path);
    if found.is_none() {
        eprintln!("SKIPPED: the folder shared/data is not beside the project");
    }
    found
}

/// The government's price list goes in with one command, told in Spanish, every bad row explained.
fn the_published_list_goes_in(database: Option<&str>) {
    let Some(file) = published() else { return };
    let desk = Desk::new();
    let mut command = gondola(&desk.shop());
    command.envs(database.map(|url| ("DATABASE_URL", url))).env("LANG", "es_AR.UTF-8");
    let done = command.args(["import", "products"]).arg(&file).output().unwrap();
    assert_eq!(exit(&done), Some(0), "{done:?}");
    let told = text(&done.stdout);
    assert_eq!(told.lines().filter(|line| line.starts_with("  línea ")).count(), 36, "{told}");
    assert!(
        told.contains("Entraron 1.981 filas (1.981 nuevas, 0 con cambios).\nHay 36 filas para corregir."),
        "{told}"
    );
}

#[test]
fn the_published_list_goes_in_with_one_command_on_sqlite() {
    the_published_list_goes_in(None);
}

#[tokio::test]
async fn the_published_list_goes_in_with_one_command_on_postgres() {
    let Some(server) = postgres_url() else { return };
    let url = fresh_database(server).await.unwrap();
    the_published_list_goes_in(Some(&url));
}
