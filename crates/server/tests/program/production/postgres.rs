//! A PostgreSQL as production wants it: it shows a certificate, and the shop's role has a password and is let
//! in over TLS alone. Its administrator, who is the machine's, comes in as the test kit made it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gondola_store::sqlx::{self, Connection, PgConnection};
use gondola_testkit::postgres::{Cluster, Durability, cluster, postgres_url};
use tokio::runtime::Runtime;

use crate::process::connect;

const PASSWORD: &str = "llave-de-la-base-de-datos";
/// That password, as the server keeps one that is stretched sixteen times and not 4,096 times: the driver stops to let
/// others go first after every five rounds, and an unoptimised program under load comes to its turn so seldom that a
/// connection takes longer than anybody waits for it.
const MAKE_ROLE: &str = concat!(
    "create role tienda login password 'SCRAM-SHA-256$16:Z29uZG9sYS1kZS1wcnVlYg==",
    "$hx1VirVf8ekSPw1zJ4zVAHZi3fyBhGHxh9nmtgAPdsw=:",
    "X8o6KX9uKacFV5dTwCm6vR94yVVuzuUDWFgCUnwzH+4='"
);
/// How long a server may take to read its settings again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What docs/guides/tls.md tells operators to set, each behind `alter system set `.
pub const TLS: [&str; 2] = [
    "alter system set ssl_min_protocol_version = 'TLSv1.2'",
    "alter system set ssl_ciphers = 'ECDHE+AESGCM:ECDHE+CHACHA20'",
];
/// What a client sends before its first message of TLS: its length and a number that no version has.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Who comes in how: the first line that fits decides.
const WHO_COMES_IN: &str = "host all gondola 127.0.0.1/32 trust
hostssl all tienda 127.0.0.1/32 scram-sha-256
";

/// Puts the certificate and its key where the server looks for them.
fn place(certificates: &Path, data: &Path) {
    let owner = fs::metadata(data).unwrap();
    for (from, to) in [("postgres.crt", "server.crt"), ("postgres.key", "server.key")] {
        let file = data.join(to);
        fs::copy(certificates.join(from), &file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
}

/// The server of one shop.
pub struct Postgres {
    cluster: Cluster,
    url: String,
}

impl Postgres {
    /// Starts one with the certificate of the shop's folder and settings besides, each as `name=value`; nothing where
    /// there is no PostgreSQL.
    pub fn start(certificates: &Path, settings: &[&str]) -> Option<Self> {
        // Whether there is one, and whether tests are to use it, is known there.
        postgres_url()?;
        let cluster = Cluster::start_with(Durability::Fast, settings).unwrap();
        place(certificates, &cluster.folder().join("data"));
        fs::write(cluster.folder().join("data/pg_hba.conf"), WHO_COMES_IN).unwrap();
        let authority = certificates.join("ca.crt");
        let options = format!("sslmode=verify-full&sslrootcert={}", authority.display());
        let url = format!("postgres://tienda:{PASSWORD}@127.0.0.1:{}/tienda?{options}", cluster.port());
        let started = Self { cluster, url };
        started.administer(&[MAKE_ROLE, "create database tienda owner tienda", "alter system set ssl = on"]);
        started.administer(&TLS);
        started.administer(&["select pg_reload_conf()"]);
        started.wait_until_it_speaks_tls();
        Some(started)
    }

    /// The shop's address of its database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Takes up the certificate that lies there now.
    pub fn take_up(&self, certificates: &Path) {
        place(certificates, &self.cluster.folder().join("data"));
        self.administer(&["select pg_reload_conf()"]);
    }

    /// A connection on which TLS was asked for and granted, and nothing said yet.
    pub fn asked_for_tls(&self) -> TcpStream {
        let mut stream = connect(([127, 0, 0, 1], self.cluster.port()).into());
        stream.write_all(&SSL_REQUEST).unwrap();
        let mut granted = [0];
        stream.read_exact(&mut granted).unwrap();
        assert_eq!(granted, *b"S");
        stream
    }

    /// Runs statements as the administrator.
    pub fn administer(&self, statements: &[&'static str]) {
        Runtime::new().unwrap().block_on(async {
            let mut administrator = PgConnection::connect(&self.cluster.url()).await.unwrap();
            for statement in statements {
                sqlx::raw_sql(*statement).execute(&mut administrator).await.unwrap();
            }
        });
    }

    /// A number that the administrator reads in the shop's database.
    pub fn number(&self, statement: &'static str) -> i64 {
        let url = self.administrators_url();
        Runtime::new().unwrap().block_on(async {
            let mut administrator = PgConnection::connect(&url).await.unwrap();
            sqlx::query_scalar(statement).fetch_one(&mut administrator).await.unwrap()
        })
    }

    /// A text that the administrator reads there.
    pub fn text(&self, statement: &'static str) -> String {
        let url = self.administrators_url();
        Runtime::new().unwrap().block_on(async {
            let mut administrator = PgConnection::connect(&url).await.unwrap();
            sqlx::query_scalar(statement).fetch_one(&mut administrator).await.unwrap()
        })
    }

    /// Everything that the server said until now.
    pub fn log(&self) -> Vec<u8> {
        fs::read(self.cluster.folder().join("log")).unwrap()
    }

    /// Changes the shop's database as the administrator.
    pub fn change(&self, statements: &'static str) {
        let url = self.administrators_url();
        Runtime::new().unwrap().block_on(async {
            let mut administrator = PgConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(statements).execute(&mut administrator).await.unwrap();
        });
    }

    /// Whether the shop's role gets in without TLS.
    pub fn lets_in_without_tls(&self) -> bool {
        let plain = self.url.replace("verify-full", "disable");
        Runtime::new().unwrap().block_on(async { PgConnection::connect(&plain).await.is_ok() })
    }

    /// Its dumps as text, by whom they were made.
    pub fn dumps(&self) -> Vec<(&'static str, Vec<u8>)> {
        let program = cluster::find_binaries().unwrap().join("pg_dump");
        let dump = |url: &str| {
            let output = Command::new(&program).args(["--format=plain", "--dbname", url]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        vec![("the shop's role", dump(&self.url)), ("the administrator", dump(&self.administrators_url()))]
    }

    /// The folder with its files, in which everything stands that was written until now.
    pub fn written_out(&self) -> &Path {
        self.administer(&["checkpoint"]);
        self.cluster.folder()
    }

    fn administrators_url(&self) -> String {
        format!("postgres://gondola@127.0.0.1:{}/tienda", self.cluster.port())
    }

    /// It reads its settings again when it comes to it, and says nothing.
    fn wait_until_it_speaks_tls(&self) {
        let began = Instant::now();
        Runtime::new().unwrap().block_on(async {
            while let Err(error) = PgConnection::connect(&self.url).await {
                assert!(began.elapsed() < PATIENCE, "it does not speak TLS: {error}");
                std::thread::sleep(Duration::from_millis(20));
            }
        });
    }
}
