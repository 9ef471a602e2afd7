//! Whoever comes to the edge: from an address of their own, with or without TLS, with requests as they are.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use tokio::net::TcpSocket;

use crate::production::https::Answer;

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a stream says every 15 seconds when nothing happens.
const SIGN_OF_LIFE: &str = ":\n\n";

/// Somebody, and the headers they send each time.
#[derive(Clone)]
pub struct Visitor {
    config: Option<Arc<ClientConfig>>,
    source: Ipv4Addr,
    to: SocketAddr,
    headers: Vec<(&'static str, String)>,
}

impl Visitor {
    /// Somebody on this machine who comes by TLS.
    pub fn new(config: Arc<ClientConfig>, to: SocketAddr) -> Self {
        Self { config: Some(config), source: Ipv4Addr::LOCALHOST, to, headers: Vec::new() }
    }

    /// The same without TLS.
    pub fn in_plain(&self) -> Self {
        Self { config: None, ..self.clone() }
    }

    /// The same from another address of this machine.
    pub fn from(&self, source: [u8; 4]) -> Self {
        Self { source: source.into(), ..self.clone() }
    }

    /// The same with a header, in place of one of that name.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut visitor = self.clone();
        visitor.headers.retain(|(known, _)| *known != name);
        visitor.headers.push((name, value.to_owned()));
        visitor
    }

    /// The same with a header, besides one of that name.
    pub fn and(&self, name: &'static str, value: &str) -> Self {
        let mut visitor = self.clone();
        visitor.headers.push((name, value.to_owned()));
        visitor
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), "")
    }

    /// Sends a method, a path and a body (or the beginning of one, if a header says that it is longer).
    pub fn ask(&self, method_and_path: &str, body: &str) -> Answer {
        let needs_no_length = body.is_empty() || self.headers.iter().any(|(name, _)| *name == "content-length");
        let length = if needs_no_length { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        self.say(&format!("{method_and_path} HTTP/1.1\r\n{}connection: close\r\n{length}\r\n{body}", self.head()))
    }

    /// Sends what is hardly a request, as it is, and takes what comes until the other side closes.
    pub fn say(&self, request: &str) -> Answer {
        let mut answer = Vec::new();
        let mut stream = self.open(request);
        // A peer that closes without a farewell has still sent everything.
        let ended = stream.read_to_end(&mut answer);
        assert!(!answer.is_empty(), "{request:.200}: {ended:?}");
        Answer::of(request.lines().next().unwrap_or_default(), &answer)
    }

    /// Follows a stream of events until a text has come, while something is done that is told when it has; everything
    /// until then.
    pub fn follow(&self, path: &str, text: &str, meanwhile: impl FnOnce(&AtomicBool) + Send) -> String {
        let mut stream = self.open(&format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head()));
        let mut seen = String::new();
        let mut read_on = |wanted: &str| {
            while !seen.contains(wanted) {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).unwrap_or_else(|error| panic!("{error} after {seen}"));
                seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
                assert!(read > 0 && seen.matches(SIGN_OF_LIFE).count() < 3, "{wanted:?} never came: {seen}");
            }
        };
        read_on("\r\n\r\n");
        let has_come = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| meanwhile(&has_come));
            read_on(text);
            has_come.store(true, Ordering::Relaxed);
        });
        seen
    }

    fn head(&self) -> String {
        self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
    }

    /// A connection on which a request was sent. Who is refused early may not get to the end of it.
    fn open(&self, request: &str) -> Box<dyn ReadWrite> {
        let stream = self.connect();
        let mut stream: Box<dyn ReadWrite> = match &self.config {
            None => Box::new(stream),
            Some(config) => {
                let name = ServerName::IpAddress(self.to.ip().into());
                let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
                Box::new(StreamOwned::new(connection, stream))
            }
        };
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.flush();
        stream
    }

    fn connect(&self) -> TcpStream {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let stream = runtime.block_on(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((self.source, 0).into()).unwrap();
            socket.connect(self.to).await.unwrap().into_std().unwrap()
        });
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

/// A connection.
trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}
