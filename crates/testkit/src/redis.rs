//! A real Redis for one test: started on a free loopback port, paused, stopped and started again as the test
//! wants, gone with it. It must not outlive its owner, even when that is killed: like the PostgreSQL of
//! [`crate::postgres`] it is the child of a small shell that waits for the end of a pipe.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gondola_store::{Redis, RedisOptions};

use crate::skip::{skip, variable};

/// `off` leaves out what needs a Redis.
pub const REDIS_VARIABLE: &str = "GONDOLA_TEST_REDIS";

const PROGRAM: &str = "redis-server";
/// How long a start may take on a machine that compiles at the same time.
const START_SECONDS_MAX: u64 = 30;
const POLL: Duration = Duration::from_millis(10);

const KEEPER: &str = r#"
folder=$1; shift
redis-server "$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -KILL "$server" 2>/dev/null
wait "$server"
"#;

/// What docs/guides/tls.md tells operators to set where TLS is spoken: nothing before 1.2, and of 1.2 the suites with
/// authenticated encryption and forward secrecy alone.
pub const TLS_SETTINGS: [(&str, &str); 2] =
    [("tls-protocols", "TLSv1.2 TLSv1.3"), ("tls-ciphers", "ECDHE+AESGCM:ECDHE+CHACHA20")];

/// A certificate with its key and the authority that signed it, for a server that speaks TLS alone and asks for a
/// password.
#[derive(Debug)]
pub struct RedisTls {
    /// The PEM files of certificate, key and authority.
    pub certificate: PathBuf,
    /// The key.
    pub key: PathBuf,
    /// The authority.
    pub authority: PathBuf,
    /// The password.
    pub password: &'static str,
}

/// A running or stopped server.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    folder: tempfile::TempDir,
    tls: Option<RedisTls>,
    keeper: Option<Child>,
}

impl RedisServer {
    /// An empty server; nothing where this machine has none, which is said (and fails in CI).
    ///
    /// # Panics
    /// When it is installed and does not start.
    pub fn start() -> Option<Self> {
        Self::with(None)
    }

    /// A server that speaks TLS.
    ///
    /// # Panics
    /// As [`RedisServer::start`].
    pub fn start_with_tls(tls: RedisTls) -> Option<Self> {
        Self::with(Some(tls))
    }

    fn with(tls: Option<RedisTls>) -> Option<Self> {
        if let Err(reason) = is_wanted_and_there() {
            skip("with Redis", &reason);
            return None;
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a free port").port();
        let folder = tempfile::Builder::new().prefix("gondola-redis-").tempdir().expect("a temporary folder");
        let mut server = Self { port, folder, tls, keeper: None };
        server.start_again();
        Some(server)
    }

    /// Where it is, for `REDIS_URL`.
    pub fn url(&self) -> String {
        match &self.tls {
            None => format!("redis://127.0.0.1:{}", self.port),
            Some(tls) => format!("rediss://:{}@127.0.0.1:{}", tls.password, self.port),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// The Redis as a process looks for it, which waits as long as it takes for an answer: a busy machine must not
    /// look like a Redis that went away.
    ///
    /// # Panics
    /// Never: the address is one.
    pub async fn client(&self) -> Redis {
        self.client_that_waits(Duration::from_secs(60)).await
    }

    /// The same with less patience.
    ///
    /// # Panics
    /// Never: the address is one.
    pub async fn client_that_waits(&self, answer_within: Duration) -> Redis {
        let authorities = self.tls.as_ref().map(|tls| tls.authority.clone());
        let options = RedisOptions { url: self.url(), authorities, answer_within };
        Redis::look_for(options).await.expect("an address of a Redis")
    }

    /// Starts it after [`RedisServer::stop`], empty, at the same address.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&mut self) {
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "redis-keeper"]).arg(self.folder.path()).args(self.options());
        // Its own process group, so that Ctrl-C in a terminal reaches the owner first.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.keeper = Some(keeper.spawn().expect("start the Redis keeper"));
        let deadline = Instant::now() + Duration::from_secs(START_SECONDS_MAX);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "Redis was not ready after {START_SECONDS_MAX} s:\n{log}");
            std::thread::sleep(POLL);
        }
    }

    fn options(&self) -> Vec<String> {
        let mut options: Vec<String> =
            ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--rdbcompression", "no"]
                .map(str::to_owned)
                .to_vec();
        let folder = self.folder.path();
        let own = [("--dir", folder.to_owned()), ("--pidfile", folder.join("pid"))];
        options.extend(own.into_iter().flat_map(|(name, path)| [name.to_owned(), path.display().to_string()]));
        let port = self.port.to_string();
        let Some(tls) = &self.tls else {
            options.extend(["--port".to_owned(), port]);
            return options;
        };
        let text = |path: &Path| path.display().to_string();
        let pairs = [
            ("--port", "0".to_owned()),
            ("--tls-port", port),
            ("--tls-cert-file", text(&tls.certificate)),
            ("--tls-key-file", text(&tls.key)),
            ("--tls-ca-cert-file", text(&tls.authority)),
            ("--tls-auth-clients", "no".to_owned()),
            ("--requirepass", tls.password.to_owned()),
        ];
        options.extend(pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
        options.extend(TLS_SETTINGS.into_iter().flat_map(|(name, value)| [format!("--{name}"), value.to_owned()]));
        options
    }

    /// Kills it, with everything in it.
    pub fn stop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            // A failed wait leaves nothing more to do.
            let _ = keeper.wait();
        }
    }

    /// Gives it a command and answers the first line that it says, for example `+OK`. Not over TLS.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn tell(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connect to Redis");
        stream.write_all(format!("{command}\r\n").as_bytes()).expect("speak to Redis");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("hear from Redis");
        line.trim_end().to_owned()
    }

    /// Keeps everybody waiting for their answers, until [`RedisServer::answer_again`].
    pub fn stop_answering(&self) {
        self.signal("-STOP");
    }

    /// Answers again.
    pub fn answer_again(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = std::fs::read_to_string(self.folder.path().join("pid")).expect("the server's process id");
        let sent = Command::new("kill").args([signal, id.trim()]).status().expect("send a signal");
        assert!(sent.success(), "kill {signal}");
    }

    /// Everything that is in it, as it lies on a disk.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn dump(&self) -> Vec<u8> {
        assert_eq!(self.tell("SAVE"), "+OK");
        std::fs::read(self.folder.path().join("dump.rdb")).expect("read what Redis saved")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_wanted_and_there() -> Result<(), String> {
    if variable(REDIS_VARIABLE).as_deref() == Some("off") {
        return Err(format!("{REDIS_VARIABLE}=off"));
    }
    let there =
        variable("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(PROGRAM).is_file()));
    there.then_some(()).ok_or_else(|| format!("{PROGRAM} is not installed"))
}
