//! How long commands of the console take that an acceptance row times: a refusal in production, the certificates of a whole
//! shop, another secret for the ring of keys.

use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use super::program::{ask, command};
use super::say;

/// Products whose costs are sealed while the ring is wrapped anew.
const SEALED: usize = 20_000;

/// All of it.
pub fn run() {
    refusal();
    certificates();
    rewrap();
}

/// Production without a key, exit code 78 (SEC-1).
fn refusal() {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let refused = command(folder.path()).args(["serve", "--set", "profile=production"]).output().expect("run it");
    let took = began.elapsed();
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");
    told("a start that production refuses", took.as_secs_f64(), "wanted at most 2 s (SEC-1)");
}

/// An authority and a leaf for every component, RSA of 4096 bits (TLS-1).
fn certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let made = ask(folder.path(), &["tls", "init"]);
    let (took, many) = (began.elapsed(), made["certificates"].as_array().map_or(0, Vec::len));
    let name = format!("tls init, {many} certificates of RSA-4096");
    told(&name, took.as_secs_f64(), "wanted at most 60 s (TLS-1)");
}

/// The ring is wrapped anew, and no row is touched (ENC-7). Of the time most is the start, which stretches the secret.
fn rewrap() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shop, list, secret) = (folder.path().join("shop"), folder.path().join("list.csv"), folder.path().join("new"));
    let rows = (0..SEALED).map(|at| format!("R-{at};Producto {at};LAC;1.200,25\n"));
    let text = std::iter::once("sku;nombre;rubro;costo\n".to_owned()).chain(rows).collect::<String>();
    std::fs::write(&list, text).expect("write the list");
    ask(&shop, &["import", "products", list.to_str().expect("a path"), "--atomic"]);
    let bytes: [u8; 32] = std::array::from_fn(|at| (at * 7 + 11) as u8);
    std::fs::write(&secret, gondola_vault::hex(&bytes)).expect("write the secret");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("close it");
    let began = Instant::now();
    ask(&shop, &["encryption", "inventory"]);
    let start = began.elapsed();
    let began = Instant::now();
    ask(&shop, &["encryption", "rewrap", "--new-key-file", secret.to_str().expect("a path")]);
    let took = began.elapsed();
    let beside = format!("{:.2} s of a command that only looks; wanted at most 1 s (ENC-7)", start.as_secs_f64());
    told(&format!("another secret, {SEALED} values sealed"), took.as_secs_f64(), &beside);
}

fn told(name: &str, seconds: f64, beside: &str) {
    say(name, format!("{seconds:.2} s"), beside.to_owned());
}
