//! Requests over TLS, by whom the shop knows by what they send, and answers taken apart.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The settings of a client that trusts these authorities, in PEM, and nobody else.
pub fn trusting(authorities: &[u8]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_slice_iter(authorities) {
        roots.add(authority.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Somebody who calls one face, and the headers they send each time.
#[derive(Clone)]
pub struct Caller {
    config: Arc<ClientConfig>,
    address: SocketAddr,
    headers: Vec<(&'static str, String)>,
}

impl Caller {
    /// A browser that nobody is signed in at, on a page of the shop.
    pub fn stranger(config: Arc<ClientConfig>, address: SocketAddr) -> Self {
        let headers = vec![("host", "localhost".to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
        Self { config, address, headers }
    }

    /// The same with a header, in place of one of that name.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.retain(|(known, _)| *known != name);
        caller.headers.push((name, value.to_owned()));
        caller
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), "", b"")
    }

    /// Sends a JSON document.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(&format!("POST {path}"), "application/json", body.to_string().as_bytes())
    }

    /// Sends a form.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={}", encoded(text))).collect();
        self.send(&format!("POST {path}"), "application/x-www-form-urlencoded", pairs.join("&").as_bytes())
    }

    /// Sends a body of some kind with a method, on a connection of its own.
    pub fn send(&self, method_and_path: &str, kind: &str, body: &[u8]) -> Answer {
        let mut head = format!("{method_and_path} HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !method_and_path.starts_with("GET ") {
            head.push_str(&format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut stream = self.connect().unwrap();
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            // A peer that closes without a farewell has still sent everything.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !answer.is_empty() => {}
            other => drop(other.unwrap()),
        }
        Answer::of(method_and_path, &answer)
    }

    fn connect(&self) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let name = ServerName::IpAddress(self.address.ip().into());
        let connection = ClientConnection::new(Arc::clone(&self.config), name).map_err(io::Error::other)?;
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(StreamOwned::new(connection, stream))
    }
}

/// A text as it stands in a form's body.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, names in small letters, as often as they came.
    pub headers: Vec<(String, String)>,
    body: Vec<u8>,
    asked: String,
}

impl Answer {
    /// Takes what came apart; `asked` is for messages.
    pub fn of(asked: &str, bytes: &[u8]) -> Self {
        let told = || format!("{asked}: {}", String::from_utf8_lossy(bytes));
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("{}", told()));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').unwrap_or_else(|| panic!("{}", told())))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let in_chunks = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = if in_chunks { joined(&bytes[end + 4..]) } else { bytes[end + 4..].to_vec() };
        Self { status, headers, body, asked: asked.to_owned() }
    }

    /// The same, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {:?} {}", self.asked, self.headers, self.text());
        self
    }

    /// Every value of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The one value of a header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as a text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as a JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A body that came in chunks.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
}
