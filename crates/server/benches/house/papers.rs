//! Papers that are read beside everything else (SC-15): how soon the shop answers while Tesseract works through photographs,
//! beside how soon it does with nothing to read.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::load::{Call, Client, Measured, open_loop};
use crate::program::{Program, ask};
use crate::say;

/// Products, whose printed prices are what is photographed.
const PRODUCTS: usize = 2_000;
/// Pages that are brought to be read.
const PAPERS: usize = 12;
/// Connections, and what they ask for together in a second.
const CLIENTS: u64 = 4;
const PER_SECOND: u64 = 40;
/// How long the shop is asked, with and without papers.
const LENGTH: Duration = Duration::from_secs(30);

/// Searches while nothing is read, and while papers are.
pub async fn run() {
    if ["pdftoppm", "tesseract"].iter().any(|tool| Command::new(tool).arg("-v").output().is_err()) {
        say("papers beside searches", "not measured".to_owned(), "needs pdftoppm and tesseract".to_owned());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    stock_up(folder.path());
    let key = ask(folder.path(), &["key", "create", "--name", "bench", "--scope", "read,write", "--quota", "1000000"]);
    let secret = key["secret"].as_str().expect("a secret");
    let program = Program::start(folder.path(), "serve", &[], &[]);
    // The shop does not keep an idle connection as long as a measurement takes.
    let client = || Client::connect(program.address, secret);
    let photos = photographs(folder.path(), &mut client().await).await;
    let quiet = searches(&program, secret).await;
    let mut bringing = client().await;
    for photo in &photos {
        let (status, body) = bringing.bring("/api/v1/invoices", "image/jpeg", photo).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    }
    let beside = searches(&program, secret).await;
    let waiting = pending(&mut client().await).await;
    assert_eq!((quiet.bad, beside.bad), (0, 0), "every search is answered");
    for (what, share) in [("median", 0.5), ("P95", 0.95), ("P99", 0.99)] {
        let (without, with) = (quiet.percentile_ms(share), beside.percentile_ms(share));
        let name = format!("search while papers are read, {what}");
        say(&name, format!("{with:.1} ms"), format!("{without:.1} ms with nothing to read: ×{:.2}", with / without));
    }
    let read = photos.len() - waiting;
    say("papers read meanwhile", format!("{read} in {} s", LENGTH.as_secs()), format!("{waiting} still waited"));
}

async fn searches(program: &Program, secret: &str) -> Measured {
    let call = |number: u64| Call {
        method: "GET",
        path: format!("/api/v1/products?q=numero%20{}&limit=20", number % PRODUCTS as u64),
        body: String::new(),
    };
    open_loop(program.address, secret, CLIENTS, PER_SECOND, LENGTH, 200, call).await
}

/// How many papers wait to be read.
async fn pending(client: &mut Client) -> usize {
    let path = "/api/v1/invoices?state=pending&limit=200".to_owned();
    let (status, body) = client.send(&Call { method: "GET", path, body: String::new() }).await;
    let page: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().expect("a page").len()
}

fn stock_up(folder: &Path) {
    let mut text = String::from("sku;nombre;rubro;precio\n");
    for row in 0..PRODUCTS {
        writeln!(text, "P-{row:06};Producto numero {row};LAC;1.850,00").expect("memory");
    }
    let list = folder.join("list.csv");
    std::fs::write(&list, text).expect("write the list");
    let told = ask(folder, &["import", "products", list.to_str().expect("a path of this test")]);
    assert_eq!(told["rows_good"].as_u64(), Some(PRODUCTS as u64), "{told}");
}

/// Pages of the printed prices, as a scanner sees them.
async fn photographs(folder: &Path, client: &mut Client) -> Vec<Vec<u8>> {
    let path = "/api/v1/prices/pdf?readers=staff".to_owned();
    let (status, pdf) = client.send(&Call { method: "GET", path, body: String::new() }).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&pdf));
    let paper = folder.join("prices.pdf");
    std::fs::write(&paper, pdf).expect("write the list");
    let last = PAPERS.to_string();
    let mut command = Command::new("pdftoppm");
    command.args(["-jpeg", "-r", "200", "-l", &last]).arg(&paper).arg(folder.join("page"));
    assert!(command.status().expect("run pdftoppm").success());
    let pages = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<_> = pages.filter(|path| path.extension().is_some_and(|kind| kind == "jpg")).collect();
    pages.sort();
    assert_eq!(pages.len(), PAPERS, "the printed prices have as many pages");
    pages.iter().map(|page| std::fs::read(page).expect("a page")).collect()
}
