//! The shipped deployment on one machine: the files of `ops/` with their places, ports and waiting times replaced by
//! those of a test, and the real programs started on them. They must not outlive the test, even when that is killed:
//! each is the child of a small shell that waits for the end of a pipe.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use gondola_testkit::skip;
use gondola_vault::certificates::{Authority, Issued};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::run;
use crate::tls_client::Client;

/// Nothing here takes longer, unless it never comes.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// The faces, as the shipped files list them.
pub const FACES: [&str; 3] = ["dashboard", "deposito", "negocio"];

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ops");
const POLL: Duration = Duration::from_millis(50);
const KEEPER: &str = r#"
log=$1; shift
"$@" >>"$log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -KILL "$server" 2>/dev/null
wait "$server"
"#;

/// A folder with certificates, the shipped files below it, and where the two programs listen.
pub struct Deployment {
    folder: TempDir,
    pub prometheus: SocketAddr,
    pub alertmanager: SocketAddr,
}

/// A program under way.
pub struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // The shell ends as soon as the program has.
        let _ = self.0.wait();
    }
}

/// Whether all of these programs are here; said where one is not (and a failure in CI).
pub fn are_here(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| {
        let started = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        started.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    };
    let Some(missing) = programs.iter().find(is_missing) else { return true };
    let reason = format!("there is no {missing} (Debian: prometheus, prometheus-alertmanager)");
    skip("with Prometheus and Alertmanager", &reason);
    false
}

impl Deployment {
    /// The certificates of every component; nothing where this machine has not the programs.
    pub fn new() -> Option<Self> {
        Self::made_with(&[])
    }

    /// The same with certificates that are made with these words.
    pub fn made_with(making: &[&str]) -> Option<Self> {
        are_here(&["prometheus", "prometheus-alertmanager"]).then(|| Self::with_certificates(making))
    }

    /// The same, whatever this machine has.
    pub fn with_certificates(making: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = run(folder.path(), &[&["tls", "init", "--ecdsa"], making].concat());
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        // Both at once, so that they differ.
        let ports = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        let [prometheus, alertmanager] = ports.map(|port| port.local_addr().unwrap());
        Self { folder, prometheus, alertmanager }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the shipped files into the folder, for faces that listen there, in the order of [`FACES`].
    pub fn place(&self, faces: [SocketAddr; 3]) {
        let place = |name: &str| self.folder().join(name).display().to_string();
        let faster = |what: &str, shipped: &str, here: &str| (format!("{what}: {shipped}"), format!("{what}: {here}"));
        let replaced = [
            ("/etc/gondola/tls".to_owned(), place("tls")),
            ("/etc/gondola/alertmanager".to_owned(), place("alertmanager")),
            ("127.0.0.1:8080".to_owned(), faces[0].to_string()),
            ("127.0.0.1:8001".to_owned(), faces[1].to_string()),
            ("127.0.0.1:8002".to_owned(), faces[2].to_string()),
            ("127.0.0.1:9090".to_owned(), self.prometheus.to_string()),
            ("127.0.0.1:9093".to_owned(), self.alertmanager.to_string()),
            faster("scrape_interval", "15s", "2s"),
            faster("scrape_timeout", "10s", "2s"),
            faster("evaluation_interval", "15s", "2s"),
            faster("group_wait", "10s", "1s"),
            faster("group_interval", "5m", "1s"),
        ];
        let mut shipped = Vec::new();
        for folder in ["prometheus", "prometheus/tests", "alertmanager"] {
            fs::create_dir_all(self.folder().join(folder)).unwrap();
            shipped.extend(files(folder));
        }
        for (from, _) in &replaced {
            assert!(shipped.iter().any(|(_, text)| text.contains(from)), "no shipped file says {from} any more");
        }
        for (name, text) in shipped {
            let text = replaced.iter().fold(text, |text, (from, to)| text.replace(from, to));
            assert!(!text.contains("/etc/"), "{name} names a place that the test has not");
            fs::write(self.folder().join(name), text).unwrap();
        }
    }

    /// Changes what a placed file says.
    pub fn change(&self, name: &str, from: &str, to: &str) {
        let file = self.folder().join(name);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{name} does not say {from}");
        fs::write(file, text.replace(from, to)).unwrap();
    }

    /// Starts Prometheus and waits until it answers. What fires is told again with every look, not every minute.
    pub fn start_prometheus(&self) -> Program {
        let data = format!("--storage.tsdb.path={}", self.folder().join("prometheus/data").display());
        self.start("prometheus", "prometheus", self.prometheus, &[&data, "--rules.alert.resend-delay=1s"])
    }

    /// Starts Alertmanager and waits until it answers.
    pub fn start_alertmanager(&self) -> Program {
        let data = format!("--storage.path={}", self.folder().join("alertmanager/data").display());
        let alone = "--cluster.listen-address=";
        self.start("alertmanager", "prometheus-alertmanager", self.alertmanager, &[&data, alone])
    }

    fn start(&self, name: &str, program: &str, address: SocketAddr, more: &[&str]) -> Program {
        let folder = self.folder().join(name);
        let log = folder.join("log");
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&log).arg(program).args(more);
        keeper.arg(format!("--config.file={}", folder.join(format!("{name}.yml")).display()));
        keeper.arg(format!("--web.config.file={}", folder.join("web.yml").display()));
        keeper.arg(format!("--web.listen-address={address}"));
        // Its own process group, so that Ctrl-C in a terminal reaches the owner first.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Program(keeper.spawn().unwrap());
        let answer = RefCell::new(String::new());
        let is_ready = || {
            let answered = self.ask(address, "/-/ready");
            let ready = answered.is_ok();
            *answer.borrow_mut() = format!("{answered:?}\n{}", fs::read_to_string(&log).unwrap_or_default());
            ready
        };
        assert!(comes_true(is_ready), "{name} does not answer: {}", answer.borrow());
        started
    }

    /// A client that trusts our authority and shows nothing.
    pub fn client(&self) -> Client {
        Client::trusting(&fs::read(self.folder().join("tls/ca.crt")).unwrap())
    }

    /// The same, with the certificate of Prometheus.
    pub fn own_client(&self) -> Client {
        let text = |end: &str| fs::read_to_string(self.folder().join(format!("tls/prometheus.{end}"))).unwrap();
        self.client().showing(&Issued { certificate: text("crt"), key: text("key") })
    }

    /// The authority, to sign what no command makes.
    pub fn authority(&self) -> Authority {
        let text = |end: &str| fs::read_to_string(self.folder().join(format!("ca/ca.{end}"))).unwrap();
        Authority::of(&text("crt"), &text("key")).unwrap()
    }

    /// The body of a good answer to Prometheus' own certificate.
    pub fn ask(&self, address: SocketAddr, path: &str) -> Result<String, String> {
        let answer = self.own_client().get(address, path).map_err(|error| error.to_string())?;
        if answer.starts_with("HTTP/1.1 200 ") { Ok(body(&answer)) } else { Err(answer) }
    }

    /// What Prometheus answers to a query that is one plain name.
    pub fn query(&self, name: &str) -> Vec<Value> {
        let answer = self.ask(self.prometheus, &format!("/api/v1/query?query={name}")).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }
}

/// The shipped files of a folder below `ops/`: their names from there, and what they say.
pub fn files(folder: &str) -> BTreeMap<String, String> {
    let listed = fs::read_dir(Path::new(SHIPPED).join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: PathBuf| {
        let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
        (name, fs::read_to_string(path).unwrap())
    };
    listed.filter(|path| path.is_file()).map(named).collect()
}

/// Looks until it is what was expected, and fails with what it was last.
pub fn until<T: PartialEq + Debug>(what: &str, expected: &T, look: impl Fn() -> T) {
    let last = RefCell::new(None);
    let is_there = || {
        let seen = look();
        let there = seen == *expected;
        *last.borrow_mut() = Some(seen);
        there
    };
    assert!(comes_true(is_there), "{what}: {expected:?} never came: {:?}", last.borrow());
}

fn comes_true(look: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !look() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

/// What comes after the head of an answer, put together when it came in chunks.
fn body(answer: &str) -> String {
    let (head, mut rest) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return rest.to_owned();
    }
    let mut whole = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        whole.push_str(&after[..length]);
        rest = after[length..].trim_start_matches("\r\n");
    }
    whole
}
