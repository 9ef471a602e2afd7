//! A client over TLS as others would write one: what it trusts, what it shows, which version it speaks.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use gondola_vault::certificates::{Facts, Issued};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};

/// Whom it trusts, what it shows, and how it speaks.
#[derive(Clone)]
pub struct Client {
    roots: Arc<RootCertStore>,
    shown: Option<Arc<Shown>>,
    versions: &'static [&'static SupportedProtocolVersion],
}

/// A certificate that is shown.
pub struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// An open connection.
pub struct Open(StreamOwned<ClientConnection, TcpStream>);

impl Client {
    /// Trusts these authorities, in PEM.
    pub fn trusting(authorities: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(authorities) {
            roots.add(authority.unwrap()).unwrap();
        }
        Self { roots: Arc::new(roots), shown: None, versions: rustls::ALL_VERSIONS }
    }

    /// Shows that certificate when it is asked for one.
    pub fn showing(self, issued: &Issued) -> Self {
        let chain = CertificateDer::pem_slice_iter(issued.certificate.as_bytes()).map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        Self { shown: Some(Arc::new(Shown { chain, key })), ..self }
    }

    /// Speaks TLS 1.2 alone.
    pub fn only_1_2(self) -> Self {
        static VERSIONS: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS12];
        Self { versions: &VERSIONS, ..self }
    }

    /// Speaks TLS 1.3 alone.
    pub fn only_1_3(self) -> Self {
        static VERSIONS: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];
        Self { versions: &VERSIONS, ..self }
    }

    /// Connects, which does not say yet whether the other side takes us.
    pub fn open(&self, address: SocketAddr) -> io::Result<Open> {
        self.over(TcpStream::connect(address)?)
    }

    /// The same on a connection that is open already.
    pub fn over(&self, stream: TcpStream) -> io::Result<Open> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(self.versions).unwrap();
        let builder = builder.with_root_certificates(Arc::clone(&self.roots));
        let config = match &self.shown {
            Some(shown) => builder.with_client_auth_cert(shown.chain.clone(), shown.key.clone_key()).unwrap(),
            None => builder.with_no_client_auth(),
        };
        let name = ServerName::IpAddress(stream.peer_addr()?.ip().into());
        let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut stream = StreamOwned::new(connection, stream);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Open(stream))
    }

    /// One request on a connection of its own.
    pub fn get(&self, address: SocketAddr, path: &str) -> io::Result<String> {
        self.send(address, &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"))
    }

    /// A request as it is, which asks for the connection to be closed.
    pub fn send(&self, address: SocketAddr, request: &str) -> io::Result<String> {
        let mut open = self.open(address)?;
        open.0.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        match open.0.read_to_end(&mut answer) {
            // A peer that closes without a farewell has still sent everything.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !answer.is_empty() => {}
            other => drop(other?),
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// The serial number of the certificate that is shown to us.
    pub fn serial(&self, address: SocketAddr) -> io::Result<Vec<u8>> {
        self.open(address)?.serial()
    }
}

impl Open {
    /// The serial number of the certificate that was shown.
    pub fn serial(&self) -> io::Result<Vec<u8>> {
        let chain = self.0.conn.peer_certificates().ok_or_else(|| io::Error::other("no certificate"))?;
        Ok(Facts::of(&chain[0]).map_err(io::Error::other)?.serial)
    }

    /// One request on this connection, which stays open; what fits into one read of the answer.
    pub fn ask(&mut self, path: &str) -> io::Result<String> {
        write!(self.0, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let mut answer = vec![0; 4096];
        let read = self.0.read(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
    }
}
