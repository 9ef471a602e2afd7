//! A load generator over HTTP: clients that keep their connection, closed loop or at a fixed rate.
//! Times are the client's.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};

/// One request.
#[derive(Clone)]
pub struct Call {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// The JSON body; empty for none.
    pub body: String,
}

/// A connection with a key.
pub struct Client {
    stream: BufReader<TcpStream>,
    secret: String,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr, secret: &str) -> Self {
        Self::connect_from(Ipv4Addr::LOCALHOST, address, secret).await
    }

    /// Connects as a neighbour with an address of its own.
    pub async fn connect_from(neighbour: Ipv4Addr, address: SocketAddr, secret: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((neighbour, 0).into()).expect("an address of this machine");
        let stream = socket.connect(address).await.expect("connect");
        stream.set_nodelay(true).expect("no delay");
        Self { stream: BufReader::new(stream), secret: secret.to_owned() }
    }

    /// Sends a request; answers status and body.
    pub async fn send(&mut self, call: &Call) -> (u16, Vec<u8>) {
        let headers = format!("x-api-key: {}\r\ncontent-type: application/json", self.secret);
        self.exchange((call.method, &call.path), &headers, call.body.as_bytes()).await
    }

    /// Sends a file; answers status and body.
    pub async fn bring(&mut self, path: &str, kind: &str, file: &[u8]) -> (u16, Vec<u8>) {
        let headers = format!("x-api-key: {}\r\ncontent-type: {kind}", self.secret);
        self.exchange(("POST", path), &headers, file).await
    }

    /// Sends a form as a browser does, without a key.
    pub async fn form(&mut self, call: &Call) -> (u16, Vec<u8>) {
        let headers = "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded";
        self.exchange((call.method, &call.path), headers, call.body.as_bytes()).await
    }

    async fn exchange(&mut self, (method, path): (&str, &str), headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\ncontent-length: {length}\r\n\r\n");
        let request = [head.as_bytes(), body].concat();
        self.stream.get_mut().write_all(&request).await.expect("send");
        let mut line = String::new();
        self.stream.read_line(&mut line).await.expect("status line");
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let (mut length, mut chunked) = (0, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await.expect("header");
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            chunked |= header == "transfer-encoding: chunked";
        }
        let body = if chunked { self.chunks().await } else { self.exactly(length).await };
        (status, body)
    }

    async fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.expect("body");
        body
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.expect("chunk size");
            let size = usize::from_str_radix(line.trim(), 16).expect("a chunk size");
            body.extend(self.exactly(size).await);
            self.exactly(2).await;
            if size == 0 {
                return body;
            }
        }
    }
}

/// What a run measured.
pub struct Measured {
    /// Requests answered as expected.
    pub good: u64,
    /// Requests answered otherwise.
    pub bad: u64,
    /// How long it ran.
    pub took: Duration,
    times: Vec<Duration>,
}

impl Measured {
    /// Good requests per second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.took.as_secs_f64()
    }

    /// The time within which that share of the requests was answered, in milliseconds.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let at = ((self.times.len() as f64 - 1.0) * share) as usize;
        self.times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

/// `clients` send one request after the other for `length`.
pub async fn closed_loop(
    address: SocketAddr,
    secret: &str,
    clients: u64,
    length: Duration,
    expected: u16,
    call: impl Fn(u64) -> Call + Send + Sync + 'static,
) -> Measured {
    let (call, next) = (Arc::new(call), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (call, next, secret) = (Arc::clone(&call), Arc::clone(&next), secret.to_owned());
        running.spawn(async move {
            let mut client = Client::connect(address, &secret).await;
            let (mut good, mut bad, mut times) = (0, 0, Vec::new());
            while began.elapsed() < length {
                let sent = Instant::now();
                let (status, _) = client.send(&call(next.fetch_add(1, Ordering::Relaxed))).await;
                times.push(sent.elapsed());
                if status == expected { good += 1 } else { bad += 1 }
            }
            (good, bad, times)
        });
    }
    gather(began, running).await
}

/// Requests leave at `per_second`, whether earlier ones were answered or not, over `clients` connections.
pub async fn open_loop(
    address: SocketAddr,
    secret: &str,
    clients: u64,
    per_second: u64,
    length: Duration,
    expected: u16,
    call: impl Fn(u64) -> Call + Send + Sync + 'static,
) -> Measured {
    let call = Arc::new(call);
    let began = Instant::now();
    let total = per_second * length.as_secs();
    let mut running = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (call, secret) = (Arc::clone(&call), secret.to_owned());
        running.spawn(async move {
            let mut connection = Client::connect(address, &secret).await;
            let (mut good, mut bad, mut times) = (0, 0, Vec::new());
            let mut number = client;
            while number < total {
                let due = began + Duration::from_micros(number * 1_000_000 / per_second);
                tokio::time::sleep_until(due.into()).await;
                let (status, _) = connection.send(&call(number)).await;
                // Counted from when it was due: a request that had to wait was slow.
                times.push(due.elapsed());
                if status == expected {
                    good += 1
                } else {
                    bad += 1
                }
                number += clients;
            }
            (good, bad, times)
        });
    }
    gather(began, running).await
}

async fn gather(began: Instant, running: tokio::task::JoinSet<(u64, u64, Vec<Duration>)>) -> Measured {
    let mut measured = Measured { good: 0, bad: 0, took: Duration::ZERO, times: Vec::new() };
    for (good, bad, times) in running.join_all().await {
        measured.good += good;
        measured.bad += bad;
        measured.times.extend(times);
    }
    measured.took = began.elapsed();
    measured.times.sort_unstable();
    measured
}
