//! A demo shop of the program on free loopback ports, with its own data directory, for tests
//! from outside. What it prints is parsed here and nowhere else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::run::{Build, metadata, output};

const ROLES: [&str; 6] = ["admin", "manager", "deposito", "negocio", "cashier", "auditor"];
/// Seeding takes seconds; without optimizations, or beside a compiler, it takes longer.
const READY_SECONDS_MAX: u64 = 300;
/// How long a polite stop may take before the process is killed.
const STOP_SECONDS_MAX: u64 = 20;
const POLL: Duration = Duration::from_millis(50);

/// A running demo shop; dropping it stops the process and removes its data.
pub struct Demo {
    process: Child,
    binary: PathBuf,
    data: tempfile::TempDir,
    log: PathBuf,
    told: Told,
}

/// What the program says when it is ready: addresses in the order dashboard, depósito, negocio, and
/// a line `role user password` for each role.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    addresses: Vec<String>,
    people: BTreeMap<String, (String, String)>,
}

/// The program, of that build.
pub fn binary(root: &Path, build: Build) -> Result<PathBuf> {
    let metadata: Value = serde_json::from_str(&metadata(root)?)?;
    let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
    let folder = match build {
        Build::Debug => "debug",
        Build::Release => "release",
    };
    let binary = Path::new(target).join(folder).join("gondola");
    ensure!(binary.is_file(), "there is no {}", binary.display());
    Ok(binary)
}

impl Demo {
    /// Seeds and starts a shop, and returns when it is ready to serve.
    pub fn start(root: &Path, binary: PathBuf) -> Result<Self> {
        let data = tempfile::Builder::new().prefix("gondola-demo-").tempdir()?;
        let log = root.join("target/demo.log");
        let mut command = Command::new(&binary);
        command.arg("demo").arg("--data-dir").arg(data.path()).env_remove("DATABASE_URL").env_remove("REDIS_URL");
        // A test that knocks without a key knocks more often than a stranger may; limits are tested where they are kept.
        command.env("GONDOLA__HTTP__STRANGER_REQUESTS_MAX", "1000000");
        for face in ["DASHBOARD", "DEPOSITO", "NEGOCIO"] {
            command.env(format!("GONDOLA__{face}__LISTEN"), "127.0.0.1:0");
        }
        command.current_dir(data.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let mut process = command.spawn().context("start gondola demo")?;
        let stdout = process.stdout.take().context("gondola demo has no output")?;
        let mut shop = Self { process, binary, data, log, told: Told::default() };
        let lines = follow(stdout);
        shop.wait_until_ready(&lines).with_context(|| shop.where_to_look())?;
        Ok(shop)
    }

    /// The dashboard's address, without a slash at its end.
    pub fn base(&self) -> &str {
        self.told.addresses.first().map_or("", String::as_str)
    }

    /// `{"admin":{"username","password"},…}`, one person for each role.
    pub fn credentials(&self) -> Value {
        let people = self.told.people.iter();
        people.map(|(role, (user, password))| (role.clone(), json!({"username": user, "password": password}))).collect()
    }

    /// A new API key's secret.
    pub fn key(&self, name: &str, scopes: &str, quota: u32) -> Result<String> {
        let mut command = Command::new(&self.binary);
        command.args(["key", "create", "--name", name, "--scope", scopes, "--quota", &quota.to_string(), "--json"]);
        let answer = output(command.arg("--data-dir").arg(self.data.path()).env_remove("DATABASE_URL"))?;
        let answer: Value = serde_json::from_str(&answer).context("key create --json did not print JSON")?;
        Ok(answer["secret"].as_str().context("key create told no secret")?.to_owned())
    }

    /// For the error of whoever found something wrong.
    pub fn where_to_look(&self) -> String {
        format!("the shop's log is {}", self.log.display())
    }

    fn wait_until_ready(&mut self, lines: &Receiver<String>) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(READY_SECONDS_MAX);
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                bail!("gondola demo ended: {status}");
            }
            // Everything printed so far; nothing yet is not an error.
            for line in lines.try_iter() {
                self.told.hear(&line);
            }
            if self.told.addresses.len() == 3 && is_ready(self.base()) {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        bail!("gondola demo was not ready after {READY_SECONDS_MAX} s; it told {:?}", self.told.addresses)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // A polite stop first, by process id; the standard library can only kill.
        let _ = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(STOP_SECONDS_MAX);
        while Instant::now() < deadline {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(POLL);
        }
        println!("    gondola demo did not stop within {STOP_SECONDS_MAX} s and was killed");
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Told {
    fn hear(&mut self, line: &str) {
        for word in line.split_whitespace().filter(|word| word.starts_with("http://")) {
            let origin = word.split('/').take(3).collect::<Vec<_>>().join("/");
            let origin = origin.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned();
            if !self.addresses.contains(&origin) {
                self.addresses.push(origin);
            }
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [role, user, password] = words[..]
            && ROLES.contains(&role)
        {
            self.people.insert(role.to_owned(), (user.to_owned(), password.to_owned()));
        }
    }
}

/// The lines of a stream as they come; reading goes on until its end, so that the writer never waits.
fn follow(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // Nobody listens any more once the shop is ready.
            let _ = sender.send(line);
        }
    });
    receiver
}

/// Whether `GET /health/ready` answers 200.
fn is_ready(base: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn addresses_and_people_are_found_in_what_the_demo_prints() {
        let mut told = Told::default();
        for line in [
            "Góndola está lista.",
            "  Tablero    http://127.0.0.1:40001/",
            "  Depósito   http://127.0.0.1:40002.",
            "  Negocio    http://127.0.0.1:40003 (API: http://127.0.0.1:40003/docs)",
            "  admin      ana     Kx4-zz9",
            "  admin of the shop is ana",
        ] {
            told.hear(line);
        }
        assert_eq!(told.addresses, ["http://127.0.0.1:40001", "http://127.0.0.1:40002", "http://127.0.0.1:40003"]);
        assert_eq!(told.people.len(), 1);
        assert_eq!(told.people["admin"], ("ana".to_owned(), "Kx4-zz9".to_owned()));
    }
}
