//! One private PostgreSQL cluster on a free loopback port: found, started, stopped, removed.
//!
//! It uses the standard library, `anyhow` and `tempfile` alone, because `xtask` compiles this very
//! file to start the cluster of a whole run without building the product first. Databases inside the
//! cluster are made in `databases.rs`.
//!
//! A cluster must not outlive its owner, even when the owner is killed: the server is the child of a
//! small shell (the *keeper*) that waits for the end of a pipe only the owner holds open, then stops
//! the server by its process id and removes the folder.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// The oldest PostgreSQL that Góndola supports.
const MAJOR_VERSION_MIN: u32 = 15;
/// How long a start may take on a machine that compiles at the same time.
const START_SECONDS_MAX: u64 = 60;
/// Another process may take the port between our look and the server's bind; then we try again.
const START_ATTEMPTS_MAX: u32 = 3;
/// Enough for every test thread of a large machine with a pool each.
const CONNECTIONS_MAX: u32 = 200;
const POLL: Duration = Duration::from_millis(20);

/// Creates and starts the server, and stops it when standard input ends: when the owner drops it or dies.
/// The first signal ends a server that has no handlers yet, the second one tells clients to go.
///
/// A shop's server sorts by its language, not by bytes: a test that leans on byte order must fail here.
const KEEPER: &str = r#"
folder=$1; programs=$2; shift 2
"$programs/initdb" -D "$folder/data" -U gondola --auth=trust --no-sync -E UTF8 \
    --locale=C --locale-provider=icu --icu-locale=es-AR >"$folder/log" 2>&1 </dev/null || exit 1
"$programs/postgres" -D "$folder/data" "$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -TERM "$server" 2>/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// What a commit is worth in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// No fsync at all: for tests, where the folder goes away with the run.
    Fast,
    /// As a shop runs it: for measurements and for tests that kill the server.
    Real,
}

/// A running cluster; dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Cluster {
    keeper: Child,
    port: u16,
    folder: PathBuf,
}

impl Cluster {
    /// Creates and starts a cluster. Trust on loopback: the data is a test's, and a SCRAM handshake
    /// in an unoptimised client costs more than most tests.
    pub fn start(durability: Durability) -> Result<Self> {
        Self::start_with(durability, &[])
    }

    /// The same with settings besides, each as `name=value`.
    pub fn start_with(durability: Durability, more: &[&str]) -> Result<Self> {
        let binaries = find_binaries()?;
        let mut refused = None;
        for _ in 0..START_ATTEMPTS_MAX {
            match Self::try_start(&binaries, durability, more) {
                Ok(cluster) => return Ok(cluster),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.context("no attempt was made")?)
    }

    /// The address of the administrative database, for `fresh_database` and for `DATABASE_URL`.
    pub fn url(&self) -> String {
        format!("postgres://gondola@127.0.0.1:{}/postgres", self.port)
    }

    /// The loopback port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder that holds the data and the server's log; gone after drop.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn try_start(binaries: &Path, durability: Durability, more: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("gondola-postgres-").tempdir()?;
        let user = User::for_server(folder.path())?;
        user.own(folder.path())?;
        let port = free_port()?;
        let mut settings = settings(port, durability);
        settings.extend(more.iter().map(|setting| (*setting).to_owned()));
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "postgres-keeper"])
            .arg(folder.path())
            .arg(binaries)
            .args(settings.iter().flat_map(|setting| ["-c", setting]));
        // Its own process group, so that Ctrl-C in a terminal reaches the owner first.
        keeper.process_group(0).current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::null());
        let keeper = user.apply(&mut keeper).spawn().context("start the PostgreSQL keeper")?;
        // From here the keeper removes the folder.
        let mut cluster = Self { keeper, port, folder: folder.keep() };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
        let state = self.folder.join("data/postmaster.pid");
        while Instant::now() < deadline {
            // The eighth line of the server's own lock file says when it takes connections.
            if fs::read_to_string(&state).is_ok_and(|text| text.lines().nth(7).is_some_and(is_ready)) {
                return Ok(());
            }
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            let gave_up = self.keeper.try_wait()?.is_some() || log.contains("FATAL:");
            ensure!(!gave_up, "PostgreSQL refused to start:\n{log}");
            std::thread::sleep(POLL);
        }
        bail!("PostgreSQL was not ready after {START_SECONDS_MAX} s")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper ends when the server has. A failed wait leaves nothing more to do, and the folder is
        // still there only when the server never started.
        let _ = self.keeper.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the newest server programs on this machine, or why there is none.
pub fn find_binaries() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = candidate_folders()
        .into_iter()
        .filter(|folder| folder.join("initdb").is_file())
        .filter_map(|folder| Some((major_version(&folder.join("postgres"))?, folder)))
        .collect();
    // Stable: of equal versions the first candidate stays last, the distribution's own folder.
    found.reverse();
    found.sort_by_key(|(version, _)| *version);
    let (version, folder) = found.pop().context("no PostgreSQL server programs (initdb, postgres) found")?;
    ensure!(version >= MAJOR_VERSION_MIN, "PostgreSQL {version} is installed, {MAJOR_VERSION_MIN} or newer is needed");
    Ok(folder)
}

/// Debian keeps each major version in a folder of its own; elsewhere the programs are on the path.
fn candidate_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders
}

/// From `postgres (PostgreSQL) 15.18 (Debian …)`.
fn major_version(postgres: &Path) -> Option<u32> {
    let output = Command::new(postgres).arg("--version").output().ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn settings(port: u16, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        // Loopback TCP alone: a socket's path would have a length limit and a second way in.
        "unix_socket_directories=".to_owned(),
        format!("max_connections={CONNECTIONS_MAX}"),
        "timezone=UTC".to_owned(),
    ];
    if durability == Durability::Fast {
        settings.extend(
            ["shared_buffers=64MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned),
        );
    }
    settings
}

fn is_ready(status: &str) -> bool {
    status.trim() == "ready"
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Who runs the server. PostgreSQL refuses root; then the distribution's account for it is used, or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum User {
    Ourselves,
    Other { uid: u32, gid: u32 },
}

impl User {
    /// `ours` is a folder that this process has just made: its owner is who we are.
    fn for_server(ours: &Path) -> Result<Self> {
        if fs::metadata(ours)?.uid() != 0 {
            return Ok(Self::Ourselves);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("read the accounts of this machine")?;
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| account(&accounts, name))
            .context("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
    }

    fn own(self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid } => chown(folder, Some(uid), Some(gid)),
        }
    }

    fn apply(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Ourselves => command,
            Self::Other { uid, gid } => command.uid(uid).gid(gid),
        }
    }
}

/// One line of the accounts file: `name:password:uid:gid:…`.
fn account(accounts: &str, name: &str) -> Option<User> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let mut number = || fields.next()?.parse().ok();
    Some(User::Other { uid: number()?, gid: number()? })
}

#[cfg(test)]
mod tests {
    use super::{User, account, parse_major};

    #[test]
    fn the_major_version_is_read_from_every_packagers_text() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_major("not found"), None);
    }

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0::/root:/bin/sh\npostgres2:x:7:7::/:\npostgres:x:101:104:admin:/var:/bin/sh\n";
        assert_eq!(account(accounts, "postgres"), Some(User::Other { uid: 101, gid: 104 }));
        assert_eq!(account(accounts, "nobody"), None);
    }
}
