//! `gondola encryption` of the real program, on both engines: what is protected, another key while the shop works,
//! also after `kill -9`, another secret.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::process::{Running, gondola, json, run};
use gondola_store::sqlx::{self, Connection, PgConnection, SqliteConnection};
use gondola_testkit::postgres::{fresh_database, postgres_url};
use serde_json::Value;

/// A shop's folder, its database and its secret in a file.
struct Shop {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl Shop {
    /// One on SQLite and, where there is a server, one on PostgreSQL.
    fn each() -> Vec<Self> {
        let on = |database| Self { folder: tempfile::tempdir().unwrap(), database };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let postgres = postgres_url().map(|server| runtime.block_on(fresh_database(server)).unwrap());
        let shops = std::iter::once(on(None)).chain(postgres.map(|database| on(Some(database))));
        shops.inspect(|shop| shop.draw("secret")).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn dir(&self) -> PathBuf {
        self.path("shop")
    }

    /// Draws a secret into a file.
    fn draw(&self, name: &str) {
        let bytes: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap() ^ name.as_bytes()[at % name.len()]);
        let file = self.path(name);
        fs::write(&file, gondola_vault::hex(&bytes)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn settings(&self) -> Vec<String> {
        let mut settings = vec![format!("--set=encryption.key_file={}", self.path("secret").display())];
        settings.extend(self.database.as_ref().map(|url| format!("--set=database.url={url}")));
        settings
    }

    /// Runs a command that must end well and answers its document.
    fn told(&self, arguments: &[&str]) -> Value {
        let settings = self.settings();
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let output = run(&self.dir(), &[&["--json"], arguments, &settings[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        json(&output)
    }

    /// Takes that many products in, each with a cost of its own.
    fn stock_up(&self, products: u32) {
        let mut list = String::from("SKU;Nombre;Costo\n");
        for number in 1..=products {
            writeln!(list, "P-{number};Producto {number};{number},5").unwrap();
        }
        let file = self.path("list.csv");
        fs::write(&file, list).unwrap();
        self.told(&["import", "products", file.to_str().unwrap()]);
    }

    /// What the first and the last product cost, from an export.
    fn costs(&self, last: u32) -> (String, String) {
        let file = self.path("taken.csv");
        self.told(&["export", "products", "--format", "csv", "--output", file.to_str().unwrap()]);
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        let cost = |number: u32| {
            let line =
                text.lines().find(|line| line.trim_start_matches('"').starts_with(&format!("P-{number};"))).unwrap();
            line.split(';').find(|cell| cell.ends_with(",5") || cell.ends_with(",5000")).unwrap().to_owned()
        };
        (cost(1), cost(last))
    }

    /// How many values a key sealed; none by a key that was not drawn yet.
    fn rows_of_key(&self, id: u64) -> u64 {
        let keys = self.told(&["encryption", "inventory"])["keys"].clone();
        let key = keys.as_array().unwrap().iter().find(|key| key["id"] == id).cloned();
        key.map_or(0, |key| key["rows"].as_u64().unwrap())
    }
}

impl Shop {
    /// Costs that key 5 sealed, asked of the database itself: no command is as quick as a rotation.
    fn resealed(&self) -> i64 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            match &self.database {
                None => {
                    let url = format!("sqlite:{}", self.dir().join("gondola.db").display());
                    let mut connection = SqliteConnection::connect(&url).await.unwrap();
                    let count = "select count(*) from products where hex(substr(acquisition_cost, 3, 4)) = '00000005'";
                    sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
                }
                Some(url) => {
                    let mut connection = PgConnection::connect(url).await.unwrap();
                    let count = "select count(*) from products where encode(substr(acquisition_cost, 3, 4), 'hex') = '00000005'";
                    sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
                }
            }
        })
    }
}

/// ENC-7, ENC-15: the commands, and what a face that runs makes of it.
#[test]
fn keys_are_listed_and_replaced_while_the_shop_works() {
    for shop in Shop::each() {
        shop.stock_up(30);
        let inventory = shop.told(&["encryption", "inventory"]);
        assert_eq!(inventory["unprotected"], 0);
        let columns = inventory["columns"].as_array().unwrap();
        let cost = columns.iter().find(|column| column["column"] == "acquisition_cost").unwrap();
        assert_eq!((&cost["table"], &cost["kept"]), (&Value::from("products"), &Value::from("protected")));
        let before = shop.costs(30);
        let settings = shop.settings();
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let running = Running::start(&shop.dir(), &settings);
        let rotated = shop.told(&["encryption", "rotate", "--suite", "2"]);
        assert_eq!((&rotated["key"], &rotated["resealed"]), (&Value::from(5), &Value::from(30)));
        assert_eq!((shop.rows_of_key(1), shop.rows_of_key(5)), (0, 30));
        drop(running);
        assert_eq!(shop.costs(30), before);
    }
}

impl Shop {
    /// What lies in every protected column, in the order of its rows.
    fn lies(&self) -> Vec<(&'static str, Vec<Vec<u8>>)> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut found = Vec::new();
        for name in gondola_shop::PROTECTED {
            let (table, column) = (name.table, name.column);
            let text = format!("select {column} from {table} where {column} is not null order by id");
            let text = sqlx::AssertSqlSafe(text);
            let values = runtime.block_on(async {
                match &self.database {
                    None => {
                        let url = format!("sqlite:{}", self.dir().join("gondola.db").display());
                        let mut connection = SqliteConnection::connect(&url).await.unwrap();
                        sqlx::query_scalar(text).fetch_all(&mut connection).await.unwrap()
                    }
                    Some(url) => {
                        let mut connection = PgConnection::connect(url).await.unwrap();
                        sqlx::query_scalar(text).fetch_all(&mut connection).await.unwrap()
                    }
                }
            });
            found.push((column, values));
        }
        found
    }

    fn refuses(&self, arguments: &[&str], code: i32) -> String {
        let settings = self.settings();
        let words: Vec<&str> = settings.iter().map(String::as_str).collect();
        let refused = run(&self.dir(), &[arguments, &words].concat());
        let told = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {told}");
        told
    }

    /// Puts what the first product costs into the row of the last one, where it does not open.
    fn damage(&self) {
        let text = "update products set acquisition_cost = (select acquisition_cost from products where sku = 'P-1')
            where sku = 'P-10000'";
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let changed = runtime.block_on(async {
            match &self.database {
                None => {
                    let url = format!("sqlite:{}", self.dir().join("gondola.db").display());
                    let mut connection = SqliteConnection::connect(&url).await.unwrap();
                    sqlx::query(text).execute(&mut connection).await.unwrap().rows_affected()
                }
                Some(url) => {
                    let mut connection = PgConnection::connect(url).await.unwrap();
                    sqlx::query(text).execute(&mut connection).await.unwrap().rows_affected()
                }
            }
        });
        assert_eq!(changed, 1);
    }
}

/// ENC-6: every value comes back as it was after sealed → in the clear → sealed; in between the shop is closed. One that does
/// not open stops it before anything is changed.
#[test]
fn ten_thousand_rows_are_laid_open_and_sealed_again_or_not_one() {
    const PRODUCTS: u32 = 10_000;
    for shop in Shop::each() {
        shop.stock_up(PRODUCTS);
        let (costs, sealed) = (shop.costs(PRODUCTS), shop.lies());
        let all = sealed.iter().map(|(_, values)| values.len()).sum::<usize>();
        assert!(all >= 10_000, "{all}");
        assert!(shop.refuses(&["encryption", "unseal"], 2).contains("--yes"));
        assert_eq!(shop.told(&["encryption", "unseal", "--yes"])["values"], all);
        let open = shop.lies();
        assert!(sealed.iter().zip(&open).all(|((_, sealed), (_, open))| sealed.iter().zip(open).all(|(a, b)| a != b)));
        for closed in
            [&["serve"][..], &["export", "products"], &["backup"], &["encryption", "rotate"], &["user", "list"]]
        {
            assert!(shop.refuses(closed, 78).contains("gondola encryption seal"), "{closed:?}");
        }
        assert_eq!(shop.told(&["encryption", "unseal", "--yes"])["values"], 0, "they lie so already");
        assert_eq!(shop.told(&["encryption", "seal"])["values"], all);
        assert_eq!(shop.costs(PRODUCTS), costs);
        shop.told(&["encryption", "unseal", "--yes"]);
        assert!(shop.lies() == open, "byte for byte");
        shop.told(&["encryption", "seal"]);
        shop.told(&["audit", "verify"]);
        shop.damage();
        let before = shop.lies();
        shop.refuses(&["encryption", "unseal", "--yes"], 1);
        assert!(shop.lies() == before, "nothing was changed");
    }
}

/// ENC-6: where it can be seen that the shop is open, nothing is laid open beside it.
#[test]
fn an_open_shop_keeps_its_values_sealed() {
    let shop = Shop::each().remove(0);
    shop.stock_up(3);
    let before = shop.lies();
    let settings = shop.settings();
    let running = Running::start(&shop.dir(), &settings.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(shop.refuses(&["encryption", "unseal", "--yes"], 78).contains("stop the processes"));
    drop(running);
    assert!(shop.lies() == before);
}

/// SEC-1.
#[test]
fn a_shop_opened_with_another_key_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let key = |key: &str| format!("encryption.key={key}");
    let own = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let other = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    drop(Running::start(folder.path(), &["--set", &key(own)]));
    let refused = run(folder.path(), &["serve", "--set", &key(other)]);
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");
    assert!(String::from_utf8(refused.stderr).unwrap().contains("sealed with another key"));
    drop(Running::start(folder.path(), &["--set", &key(own)]));
}

/// ENC-7, ENC-4: another secret opens the shop from then on, and the one before does not.
#[test]
fn another_secret_takes_the_place_of_the_first() {
    for shop in Shop::each() {
        shop.stock_up(3);
        let before = shop.costs(3);
        shop.draw("new-secret");
        shop.told(&["encryption", "rewrap", "--new-key-file", shop.path("new-secret").to_str().unwrap()]);
        let settings = shop.settings();
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let refused = run(&shop.dir(), &[&["user", "list"], &settings[..]].concat());
        assert_eq!(refused.status.code(), Some(78), "{refused:?}");
        fs::rename(shop.path("new-secret"), shop.path("secret")).unwrap();
        assert_eq!(shop.costs(3), before);
    }
}

/// ENC-4: a secret that others may read, or that is none, changes nothing.
#[test]
fn a_bad_new_secret_is_refused() {
    let shop = Shop::each().remove(0);
    shop.stock_up(1);
    let bad = shop.path("bad");
    for (content, mode, told) in
        [("00", 0o600, "64 hex digits"), (&"0".repeat(64), 0o600, "openssl"), ("00", 0o644, "chmod 600")]
    {
        fs::write(&bad, content).unwrap();
        fs::set_permissions(&bad, fs::Permissions::from_mode(mode)).unwrap();
        let settings = shop.settings();
        let words = ["encryption", "rewrap", "--new-key-file", bad.to_str().unwrap(), &settings[0]];
        let refused = run(&shop.dir(), &words);
        assert_eq!(refused.status.code(), Some(78), "{refused:?}");
        assert!(String::from_utf8(refused.stderr).unwrap().contains(told));
    }
    shop.costs(1);
}

/// ENC-7: a rotation that is killed goes on where it was.
#[test]
fn a_killed_rotation_is_resumed() {
    const PRODUCTS: u32 = 4_000;
    for shop in Shop::each() {
        shop.stock_up(PRODUCTS);
        let before = shop.costs(PRODUCTS);
        let mut rotating = spawn_rotation(&shop.dir(), &shop.settings());
        while shop.resealed() < 500 {
            assert!(rotating.try_wait().unwrap().is_none(), "it was quicker than the test: take more products");
        }
        rotating.kill().unwrap();
        rotating.wait().unwrap();
        let left = shop.rows_of_key(1);
        assert!(left > 0, "something was left to do");
        let resumed = shop.told(&["encryption", "rotate", "--resume"]);
        assert_eq!((resumed["key"].as_u64(), resumed["resealed"].as_u64()), (Some(5), Some(left)));
        assert_eq!(shop.rows_of_key(5), u64::from(PRODUCTS));
        assert_eq!(shop.costs(PRODUCTS), before);
    }
}

fn spawn_rotation(dir: &Path, settings: &[String]) -> std::process::Child {
    let mut command = gondola(dir);
    command.args(["encryption", "rotate"]).args(settings).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// ENC-4: once the keys are open, the secret of the file is nowhere in the memory of the process, neither as bytes nor
/// as text, and it never was in its environment.
#[test]
fn the_secret_is_forgotten_once_the_keys_are_open() {
    let shop = Shop::each().remove(0);
    let settings = shop.settings();
    let running = Running::start(&shop.dir(), &settings.iter().map(String::as_str).collect::<Vec<_>>());
    let text = fs::read_to_string(shop.path("secret")).unwrap();
    let bytes = gondola_vault::unhex(&text).unwrap();
    let process = PathBuf::from(format!("/proc/{}", running.child.id()));
    assert!(!contains(&fs::read(process.join("environ")).unwrap(), text.as_bytes()));
    let memory = memory_of(&process);
    assert!(contains(&memory, b"gondola.db"), "what it works with is there");
    for secret in [bytes.as_slice(), text.as_bytes()] {
        assert!(!contains(&memory, secret), "the secret is still there");
    }
}

/// Everything a process may write to, as it stands.
fn memory_of(process: &Path) -> Vec<u8> {
    let maps = fs::read_to_string(process.join("maps")).unwrap();
    let mut memory = fs::File::open(process.join("mem")).unwrap();
    let mut read = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (from, until) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, until] = [from, until].map(|address| u64::from_str_radix(address, 16).unwrap());
        memory.seek(SeekFrom::Start(from)).unwrap();
        // A part that cannot be read (the kernel's own) holds nothing of the program.
        let _ = memory.by_ref().take(until - from).read_to_end(&mut read);
    }
    read
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
