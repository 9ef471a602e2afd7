//! A PostgreSQL as production wants it: it shows a certificate, and the shop's role has a password and is let
//! in over TLS alone. Its administrator, who is the machine's, comes in as the test kit made it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gondola_store::sqlx::{self, Connection, PgConnection};
use gondola_testkit::postgres::{Cluster, Durability, cluster, postgres_url};
use tokio::runtime::Runtime;

const PASSWORD: &str = "llave-de-la-base-de-datos";
/// How long a server may take to read its settings again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who comes in how: the first line that fits decides.
const WHO_COMES_IN: &str = "host all gondola 127.0.0.1/32 trust
hostssl all tienda 127.0.0.1/32 scram-sha-256
";

/// The server of one shop.
pub struct Postgres {
    cluster: Cluster,
    url: String,
}

impl Postgres {
    /// Starts one with the certificate of the shop's folder; nothing where there is no PostgreSQL.
    pub fn start(certificates: &Path) -> Option<Self> {
        // Whether there is one, and whether tests are to use it, is known there.
        postgres_url()?;
        let cluster = Cluster::start(Durability::Fast).unwrap();
        let data = cluster.folder().join("data");
        let owner = fs::metadata(&data).unwrap();
        for (from, to) in [("postgres.crt", "server.crt"), ("postgres.key", "server.key")] {
            let file = data.join(to);
            fs::copy(certificates.join(from), &file).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        fs::write(data.join("pg_hba.conf"), WHO_COMES_IN).unwrap();
        let authority = certificates.join("ca.crt");
        let options = format!("sslmode=verify-full&sslrootcert={}", authority.display());
        let url = format!("postgres://tienda:{PASSWORD}@127.0.0.1:{}/tienda?{options}", cluster.port());
        let started = Self { cluster, url };
        started.administer(&[
            "create role tienda login password 'llave-de-la-base-de-datos'",
            "create database tienda owner tienda",
            "alter system set ssl = on",
            "select pg_reload_conf()",
        ]);
        started.wait_until_it_speaks_tls();
        Some(started)
    }

    /// The shop's address of its database.
    pub fn url(&self) -> &str {
        &self.url
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
