//! The shipped edge on one machine: `ops/nginx/gondola.conf` with its addresses, ports and places replaced by those
//! of a test, and the real nginx started on it in front of a shop in production. It must not outlive the test, even
//! when that is killed: it is the child of a small shell that waits for the end of a pipe.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gondola_testkit::skip;
use rustls::ClientConfig;

use super::visitor::Visitor;
use crate::production::https::trusting;
use crate::production::shop::{Served, Shop};

/// Where plain http is spoken.
pub const PLAIN: u16 = 10080;
/// The faces in the order of the shipped file, with the ports at which the edge answers for them.
pub const FACES: [(&str, u16); 3] = [("dashboard", 10443), ("deposito", 10001), ("negocio", 10002)];
/// The port of the dashboard.
pub const DASHBOARD: u16 = FACES[0].1;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ops/nginx/gondola.conf");
/// Nothing here takes longer, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);
/// An nginx that is asked to end takes its workers along; one that is killed leaves them behind.
const KEEPER: &str = r#"
log=$1; shift
"$@" >>"$log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -TERM "$server" 2>/dev/null
wait "$server"
"#;

/// A shop with a certificate for its edge, and the address of that edge, which nobody else has.
pub struct Deployment {
    pub shop: Shop,
    pub address: Ipv4Addr,
}

/// An nginx under way.
pub struct Edge(Child);

impl Drop for Edge {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // The shell ends as soon as nginx has.
        let _ = self.0.wait();
    }
}

/// Whether there is an nginx; said where there is none (and a failure in CI).
pub fn is_here() -> bool {
    let started = Command::new("nginx").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_missing = started.is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if is_missing {
        skip("with nginx", "there is no nginx (Debian: nginx)");
    }
    !is_missing
}

/// An address of this machine that no other test and no other run has.
pub fn own_address() -> Ipv4Addr {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let number = std::process::id().wrapping_mul(32).wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
    let [_, second, third, fourth] = number.to_be_bytes();
    Ipv4Addr::new(127, 64 | (second & 63), third, fourth)
}

/// What the shipped file says.
pub fn shipped() -> String {
    fs::read_to_string(SHIPPED).unwrap()
}

/// The ports of an address that take connections, by trying every one of them.
pub fn open_ports(address: Ipv4Addr) -> BTreeSet<u16> {
    (1..=u16::MAX).filter(|port| TcpStream::connect((address, *port)).is_ok()).collect()
}

impl Deployment {
    /// A shop on SQLite; nothing where there is no nginx.
    pub fn new() -> Option<Self> {
        is_here().then(|| Self::of(Shop::on_sqlite(&["--ecdsa"]), own_address()))
    }

    /// That shop, reached at that address.
    pub fn of(shop: Shop, address: Ipv4Addr) -> Self {
        Self::certified(shop, address, &["--ecdsa"])
    }

    /// The same with a certificate made so.
    pub fn certified(shop: Shop, address: Ipv4Addr, making: &[&str]) -> Self {
        let host = address.to_string();
        let words = ["init", "--service", "edge", "--host", &host, "--host", "tienda.example"];
        shop.certify(&[&words, making].concat());
        fs::create_dir(shop.path("edge")).unwrap();
        Self { shop, address }
    }

    /// Serves the shop on free ports of loopback, as the guide says, and with these settings besides.
    pub fn serve(&self, more: &[&str]) -> Served {
        let hosts = format!("--set=http.hosts=localhost,tienda.example,{}", self.address);
        self.shop.serve_with(&[&[hosts.as_str(), "--set=http.trusted_proxies=127.0.0.1/32"], more].concat())
    }

    /// Starts the shipped edge in front of the faces that are served.
    pub fn open(&self, served: &Served) -> Edge {
        self.open_with(FACES.map(|(face, _)| served.running.addresses[face]), &[])
    }

    /// The same in front of whatever is at these addresses, with texts of the shipped file replaced besides.
    pub fn open_with(&self, faces: [SocketAddr; 3], changed: &[(&str, &str)]) -> Edge {
        fs::write(self.file("nginx.conf"), self.placed(faces, changed)).unwrap();
        let tested = self.nginx().arg("-t").output().unwrap();
        assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
        let nginx = self.nginx();
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(self.file("log")).arg(nginx.get_program()).args(nginx.get_args());
        // Its own process group, so that Ctrl-C in a terminal reaches the owner first.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let edge = Edge(keeper.spawn().unwrap());
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((self.address, PLAIN)).is_err() {
            assert!(Instant::now() < deadline, "nginx does not answer: {}", self.written());
            thread::sleep(POLL);
        }
        edge
    }

    /// The shipped file for this test.
    fn placed(&self, faces: [SocketAddr; 3], changed: &[(&str, &str)]) -> String {
        let (address, folder, tls) = (self.address, self.file(""), self.shop.certificates());
        let (folder, tls) = (folder.display(), tls.display());
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let places: String = kinds.map(|kind| format!("    {kind}_temp_path {folder}{kind};\n")).concat();
        let mut replaced: Vec<(String, String)> = vec![
            ("user www-data;".to_owned(), "daemon off;".to_owned()),
            ("/run/nginx.pid".to_owned(), format!("{folder}pid")),
            ("/var/log/nginx/".to_owned(), folder.to_string()),
            ("/etc/gondola/tls".to_owned(), tls.to_string()),
            ("http {\n".to_owned(), format!("http {{\n{places}")),
            ("https://$host$".to_owned(), format!("https://$host:{DASHBOARD}$")),
        ];
        let shipped_ports = [(443, 8080), (8001, 8001), (8002, 8002)];
        for ((outer, inner), ((face, port), to)) in shipped_ports.into_iter().zip(FACES.into_iter().zip(faces)) {
            replaced.push((format!("192.168.0.10:{outer} "), format!("{address}:{port} ")));
            replaced.push((format!("127.0.0.1:{inner} "), format!("{to} ")));
            replaced.push((format!("        {outer} {face};"), format!("        {port} {face};")));
        }
        replaced.push(("192.168.0.10:80".to_owned(), format!("{address}:{PLAIN}")));
        replaced.push(("192.168.0.10".to_owned(), address.to_string()));
        replaced.extend(changed.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())));
        let mut text = shipped();
        for (from, to) in replaced {
            assert!(text.contains(&from), "the shipped file does not say {from:?} any more");
            text = text.replace(&from, &to);
        }
        for foreign in ["/etc/", "/var/", "/run/", "192.168."] {
            assert!(!text.contains(foreign), "the shipped file names a place that the test has not: {foreign}");
        }
        text
    }

    fn nginx(&self) -> Command {
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(self.file("")).arg("-e").arg(self.file("error.log")).arg("-c").arg(self.file("nginx.conf"));
        nginx
    }

    /// A file of the edge.
    pub fn file(&self, name: &str) -> PathBuf {
        self.shop.path("edge").join(name)
    }

    /// Everything that nginx said and wrote down.
    pub fn written(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.file(name)).unwrap_or_default();
        ["log", "error.log", "gondola.log"].map(read).concat()
    }

    /// The settings of a client that trusts the shop's authority.
    pub fn client(&self) -> Arc<ClientConfig> {
        trusting(&fs::read(self.shop.certificates().join("ca.crt")).unwrap())
    }

    /// Somebody at a port of the edge, on a page of the shop.
    pub fn visitor(&self, port: u16) -> Visitor {
        let visitor = Visitor::new(self.client(), (self.address, port).into());
        visitor.with("host", &format!("{}:{port}", self.address)).with("sec-fetch-site", "same-origin")
    }

    /// The secret of a new key of these scopes that is good for so many requests a minute.
    pub fn key(&self, scopes: &str, quota: u32) -> String {
        let (name, quota) = (format!("{scopes}-{quota}"), quota.to_string());
        let made = self.shop.told(&["key", "create", "--name", &name, "--scope", scopes, "--quota", &quota]);
        made["secret"].as_str().unwrap().to_owned()
    }
}
