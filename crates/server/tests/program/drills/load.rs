//! The load of a drill: a hundred requests a second at the three faces of a shop, whether earlier ones were answered
//! or not, over connections that are kept for a while. Programs read and change what a product costs and take goods
//! in, a person looks at a page. What is done to the shop meanwhile is not decided here.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use serde_json::{Value, json};

use super::PATIENCE;
use crate::production::https::trusting;

/// How many requests leave in a second, and how many send them.
const PER_SECOND: u64 = 100;
/// Each has a product of its own, `P-1` and so on, and one face.
pub const CLIENTS: u64 = 10;
/// A connection is left for a new one after so many: five in a second.
const REQUESTS_PER_CONNECTION: u64 = 20;
/// The face with the pages, and the one that knows nothing of movements.
const DASHBOARD: usize = 0;
const NEGOCIO: usize = 2;
/// So many failures are told.
const TOLD_MAX: usize = 10;

/// Whom the load asks, and as whom.
pub struct Target {
    /// The faces, in the order of the names below.
    pub faces: [SocketAddr; 3],
    /// The file that says whom to trust, looked at for each new connection.
    pub authorities: PathBuf,
    /// The session of somebody who may look at products, as a browser sends it.
    pub session: String,
    /// A secret of a program's key.
    pub secret: String,
}

/// What the clients share.
struct Shared {
    faces: [SocketAddr; 3],
    authorities: PathBuf,
    session: String,
    secrets: RwLock<Vec<String>>,
    ended: AtomicBool,
    good: AtomicU64,
    opened: AtomicU64,
    /// Good answers to a program by the secret it had.
    by_secret: [AtomicU64; 2],
    failures: Mutex<Vec<String>>,
}

/// A load that goes until it is dropped.
pub struct Load {
    /// When it began.
    pub began: Instant,
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins.
    pub fn on(target: Target) -> Self {
        let Target { faces, authorities, session, secret } = target;
        let shared = Arc::new(Shared {
            faces,
            authorities,
            session,
            secrets: RwLock::new(vec![secret]),
            ended: AtomicBool::new(false),
            good: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            by_secret: [const { AtomicU64::new(0) }; 2],
            failures: Mutex::default(),
        });
        let clients = (0..CLIENTS).map(|number| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || Client::of(shared, number).work())
        });
        Self { began: Instant::now(), clients: clients.collect(), shared }
    }

    /// Every other request of a program has this secret from now on.
    pub fn also_with(&self, secret: &str) {
        self.shared.secrets.write().unwrap().push(secret.to_owned());
    }

    /// How many were answered as they should be.
    pub fn good(&self) -> u64 {
        self.shared.good.load(Ordering::Relaxed)
    }

    /// How many of them had the first secret, and how many the second.
    pub fn by_secret(&self) -> [u64; 2] {
        self.shared.by_secret.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    /// How many connections were opened.
    pub fn opened(&self) -> u64 {
        self.shared.opened.load(Ordering::Relaxed)
    }

    /// None went wrong until now.
    #[track_caller]
    pub fn nothing_failed(&self, during: &str) {
        // A copy: the clients go on telling while this one panics.
        let failures = self.shared.failures.lock().unwrap().clone();
        assert!(failures.is_empty(), "during {during}, {} good and these: {failures:#?}", self.good());
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        for client in self.clients.drain(..) {
            // One that panicked was told by its thread.
            let _ = client.join();
        }
    }
}

/// One of those who ask.
struct Client {
    shared: Arc<Shared>,
    number: u64,
    connection: Option<Connection>,
    sku: String,
    version: u64,
    cost: Option<String>,
}

impl Client {
    fn of(shared: Arc<Shared>, number: u64) -> Self {
        Self { shared, number, connection: None, sku: format!("P-{}", number + 1), version: 0, cost: None }
    }

    fn work(&mut self) {
        let began = Instant::now();
        for turn in 0.. {
            let due = Duration::from_micros((turn * CLIENTS + self.number) * 1_000_000 / PER_SECOND);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            if self.shared.ended.load(Ordering::Relaxed) {
                return;
            }
            if turn % REQUESTS_PER_CONNECTION == 0 {
                self.connection = None;
            }
            match self.take(turn) {
                Ok(()) => drop(self.shared.good.fetch_add(1, Ordering::Relaxed)),
                Err(told) => self.fail(&told),
            }
        }
    }

    fn fail(&mut self, told: &str) {
        self.connection = None;
        let mut failures = self.shared.failures.lock().unwrap();
        if failures.len() < TOLD_MAX {
            failures.push(format!("{} {told}", self.sku));
        }
    }

    /// Which face it asks.
    fn face(&self) -> usize {
        usize::try_from(self.number).unwrap() % self.shared.faces.len()
    }

    /// Sends what is due and looks whether the answer is the right one.
    fn take(&mut self, turn: u64) -> Result<(), String> {
        if self.face() == DASHBOARD && turn % 8 == 7 {
            let headers = format!("cookie: {}\r\n", self.shared.session);
            return self.send("GET /products", &headers, "", 200).map(drop);
        }
        let (which, secret) = {
            let secrets = self.shared.secrets.read().unwrap();
            let which = usize::try_from(turn).unwrap() % secrets.len();
            (which, secrets[which].clone())
        };
        let key = format!("x-api-key: {secret}\r\n");
        match turn % 5 {
            1 => self.change(&key, turn)?,
            2 if self.face() != NEGOCIO => self.take_in(&key, turn)?,
            _ => self.look(&key)?,
        }
        self.shared.by_secret[which].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// The product costs what it was last said to cost.
    fn look(&mut self, key: &str) -> Result<(), String> {
        let product = self.send(&format!("GET /api/v1/products/sku:{}", self.sku), key, "", 200)?;
        let cost = product["acquisition_cost"].as_str().ok_or_else(|| format!("no cost: {product}"))?;
        if self.cost.as_ref().is_some_and(|known| known != cost) {
            return Err(format!("costs {:?}: {product}", self.cost));
        }
        self.version = product["version"].as_u64().ok_or_else(|| format!("no version: {product}"))?;
        Ok(())
    }

    fn change(&mut self, key: &str, turn: u64) -> Result<(), String> {
        let cost = format!("{}.2500", 1_000 + turn);
        let headers = format!("{key}if-match: \"{}\"\r\nidempotency-key: {}-change-{turn}\r\n", self.version, self.sku);
        let body = json!({"acquisition_cost": cost}).to_string();
        let changed = self.send(&format!("PATCH /api/v1/products/sku:{}", self.sku), &headers, &body, 200)?;
        self.version = changed["version"].as_u64().ok_or_else(|| format!("no version: {changed}"))?;
        self.cost = Some(cost);
        Ok(())
    }

    fn take_in(&mut self, key: &str, turn: u64) -> Result<(), String> {
        let receipt = json!({"kind": "receipt", "product": format!("sku:{}", self.sku), "quantity": "1", "to": "deposito",
            "unit_cost": "900", "reason": "compra"});
        let headers = format!("{key}idempotency-key: {}-receipt-{turn}\r\n", self.sku);
        self.send("POST /api/v1/movements", &headers, &receipt.to_string(), 201).map(drop)
    }

    /// The document of an answer that has this status; a page has none.
    fn send(&mut self, what: &str, headers: &str, body: &str, status: u16) -> Result<Value, String> {
        let answered = self.exchange(what, headers, body).map_err(|error| format!("{what}: {error}"))?;
        if answered.0 != status {
            return Err(format!("{what}: {} {}", answered.0, String::from_utf8_lossy(&answered.1)));
        }
        Ok(serde_json::from_slice(&answered.1).unwrap_or_default())
    }

    fn exchange(&mut self, what: &str, headers: &str, body: &str) -> io::Result<(u16, Vec<u8>)> {
        if self.connection.is_none() {
            let face = self.shared.faces[self.face()];
            self.connection = Some(Connection::open(face, &fs::read(&self.shared.authorities)?)?);
            self.shared.opened.fetch_add(1, Ordering::Relaxed);
        }
        self.connection.as_mut().expect("it was opened above").exchange(what, headers, body)
    }
}

/// A connection that is kept.
struct Connection(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Connection {
    fn open(address: SocketAddr, authorities: &[u8]) -> io::Result<Self> {
        let name = ServerName::IpAddress(address.ip().into());
        let connection = ClientConnection::new(trusting(authorities), name).map_err(io::Error::other)?;
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(StreamOwned::new(connection, stream))))
    }

    /// Sends a request; answers status and body.
    fn exchange(&mut self, what: &str, headers: &str, body: &str) -> io::Result<(u16, Vec<u8>)> {
        let head = format!("{what} HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n{headers}");
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let request = format!("{head}{kind}content-length: {}\r\n\r\n{body}", body.len());
        self.0.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status"))?;
        let (mut length, mut in_chunks) = (0, false);
        loop {
            let header = self.line()?.to_ascii_lowercase();
            match header.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
                Some(("transfer-encoding", "chunked")) => in_chunks = true,
                Some(_) => {}
                None => break,
            }
        }
        let body = if in_chunks { self.chunks()? } else { self.exactly(length)? };
        Ok((status, body))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
            body.extend(self.exactly(length)?);
            self.exactly(2)?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}
