//! A shop in production on loopback: its certificates, its secret in a file, the settings that the profile
//! insists on, and the program that serves it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use gondola_store::sqlx::{self, Connection, SqliteConnection};
use gondola_testkit::redis::{RedisServer, RedisTls};
use rustls::ClientConfig;
use serde_json::Value;

use crate::process::{Running, gondola, json, run};
use crate::production::https::{Caller, trusting};
use crate::production::postgres::Postgres;

/// Its folder, its secret, and its database where that is a server.
pub struct Shop {
    folder: tempfile::TempDir,
    /// The server its database is on, or SQLite.
    pub postgres: Option<Postgres>,
}

impl Shop {
    /// One on SQLite and, where there is a server, one on PostgreSQL.
    pub fn each() -> impl Iterator<Item = Self> {
        std::iter::once_with(|| Some(Self::on_sqlite(&["--ecdsa"])))
            .chain(std::iter::once_with(|| Self::on_postgres(&["--ecdsa"])))
            .flatten()
    }

    /// One on SQLite, whose certificates are made with these words.
    pub fn on_sqlite(making: &[&str]) -> Self {
        let shop = Self { folder: tempfile::tempdir().unwrap(), postgres: None };
        let bytes: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 7 + 11).unwrap());
        fs::write(shop.path("secret"), gondola_vault::hex(&bytes)).unwrap();
        fs::set_permissions(shop.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
        shop.certify(&[&["init", "--service", "dashboard,deposito,negocio,postgres"], making].concat());
        shop
    }

    /// One on a PostgreSQL of its own; nothing where there is none.
    pub fn on_postgres(making: &[&str]) -> Option<Self> {
        Self::on_postgres_with(making, &[])
    }

    /// The same with settings of the server, each as `name=value`.
    pub fn on_postgres_with(making: &[&str], settings: &[&str]) -> Option<Self> {
        let shop = Self::on_sqlite(making);
        let postgres = Postgres::start(&shop.certificates(), settings)?;
        Some(Self { postgres: Some(postgres), ..shop })
    }

    /// Runs a command about its certificates, which must end well.
    pub fn certify(&self, words: &[&str]) {
        let authority = self.path("authority");
        let done = run(&self.dir(), &[&["tls"], words, &["--ca-dir", authority.to_str().unwrap()]].concat());
        assert_eq!(done.status.code(), Some(0), "{words:?}: {done:?}");
    }

    /// A Redis that shows a certificate of this shop's authority, made with these words; nothing where there is none.
    pub fn redis(&self, making: &[&str]) -> Option<RedisServer> {
        self.certify(&[&["init", "--service", "redis"], making].concat());
        let file = |name: &str| self.certificates().join(name);
        let (certificate, key, authority) = (file("redis.crt"), file("redis.key"), file("ca.crt"));
        RedisServer::start_with_tls(RedisTls { certificate, key, authority, password: "llave-de-lo-compartido" })
    }

    /// A file or folder beside the data directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data directory.
    pub fn dir(&self) -> PathBuf {
        self.path("shop")
    }

    /// Where its certificates lie.
    pub fn certificates(&self) -> PathBuf {
        self.dir().join("tls")
    }

    fn settings(&self) -> Vec<String> {
        let mut settings = vec![
            "--set=profile=production".to_owned(),
            "--set=tls.enabled=true".to_owned(),
            "--set=log.level=debug".to_owned(),
            format!("--set=encryption.key_file={}", self.path("secret").display()),
        ];
        settings.extend(self.postgres.as_ref().map(|postgres| format!("--set=database.url={}", postgres.url())));
        settings
    }

    /// Serves it on free ports.
    pub fn serve(&self) -> Served {
        self.serve_with(&[])
    }

    /// The same with settings besides.
    pub fn serve_with(&self, more: &[&str]) -> Served {
        let settings = [self.settings(), more.iter().map(|one| (*one).to_owned()).collect()].concat();
        let mut running = Running::start(&self.dir(), &settings.iter().map(String::as_str).collect::<Vec<_>>());
        let log = running.log.take().unwrap();
        Served { config: trusting(&fs::read(self.certificates().join("ca.crt")).unwrap()), running, log }
    }

    /// Serving it is refused with 78 at once; what it says of that.
    pub fn refuses_to_serve(&self, more: &[&str]) -> String {
        let settings = self.settings();
        let words: Vec<&str> = ["serve"].into_iter().chain(settings.iter().map(String::as_str)).collect();
        let refused = run(&self.dir(), &[&words, more].concat());
        let told = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(78), &b""[..]), "{told}");
        told
    }

    /// How many migrations its database lacks.
    pub fn migrations_pending(&self) -> usize {
        let words = self.settings();
        let words: Vec<&str> =
            ["--json", "migrate", "status"].into_iter().chain(words.iter().map(String::as_str)).collect();
        json(&run(&self.dir(), &words))["pending"].as_array().unwrap().len()
    }

    /// A number that stands in its database.
    pub fn number(&self, statement: &'static str) -> i64 {
        match &self.postgres {
            Some(postgres) => postgres.number(statement),
            None => in_file(&self.dir(), async |file| sqlx::query_scalar(statement).fetch_one(file).await.unwrap()),
        }
    }

    /// Changes its database past the program.
    pub fn change(&self, statements: &'static str) {
        match &self.postgres {
            Some(postgres) => postgres.change(statements),
            None => in_file(&self.dir(), async |file| {
                sqlx::raw_sql(statements).execute(file).await.unwrap();
            }),
        }
    }

    /// Runs a command, which must end well, and answers its document.
    pub fn told(&self, words: &[&str]) -> Value {
        self.told_typing(words, "")
    }

    /// The same with a line on standard input.
    pub fn told_typing(&self, words: &[&str], typed: &str) -> Value {
        let mut command = gondola(&self.dir());
        command.arg("--json").args(words).args(self.settings());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{typed}").unwrap();
        let output: Output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
        json(&output)
    }

    /// The secret of a new key of these scopes.
    pub fn key(&self, scopes: &str) -> String {
        let made = self.told(&["key", "create", "--name", scopes, "--scope", scopes]);
        made["secret"].as_str().unwrap().to_owned()
    }
}

/// The program under way.
pub struct Served {
    config: Arc<ClientConfig>,
    /// The process.
    pub running: Running,
    log: JoinHandle<String>,
}

impl Served {
    /// Somebody unknown at a face.
    pub fn at(&self, face: &str) -> Caller {
        Caller::stranger(Arc::clone(&self.config), self.running.addresses[face])
    }

    /// Somebody unknown at the dashboard.
    pub fn dashboard(&self) -> Caller {
        self.at("dashboard")
    }

    /// Stops it; answers everything that it logged.
    pub fn stop(self) -> String {
        self.running.signal("TERM");
        let (status, _, _) = self.running.wait();
        assert!(status.success(), "{status}");
        self.log.join().unwrap()
    }
}

/// What somebody sees or does in the file of a shop on SQLite.
pub fn in_file<T>(data_dir: &Path, ask: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let url = format!("sqlite:{}", data_dir.join("gondola.db").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut file = SqliteConnection::connect(&url).await.unwrap();
        let answer = ask(&mut file).await;
        file.close().await.unwrap();
        answer
    })
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => found.extend(files(&entry.path())),
            (_, true) => found.push(entry.path()),
            _ => {}
        }
    }
    found
}
