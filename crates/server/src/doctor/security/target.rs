//! The shop as somebody on the network meets it: its address, connections with an end, one request each, and what is
//! to be said about the certificate. What ought to come back is judged in `outside`.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gondola_vault::certificates::{Facts, handshake_failure};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore, SignatureScheme, StreamOwned,
    SupportedProtocolVersion,
};

/// How long one connection takes at most, from its first to its last byte.
const PATIENCE: Duration = Duration::from_secs(8);
/// What is read of an answer.
const ANSWER_MAX: u64 = 512 * 1024;
/// Where systems keep the authorities that they trust; the first that is there counts.
const SYSTEM_BUNDLES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Where the shop is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether over TLS.
    pub https: bool,
    /// The name or address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| "must be https://NAME or https://NAME:PORT, without a path".to_owned())
    }
}

impl Target {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.strip_prefix('[') {
            Some(inner) => {
                let (host, port) = inner.split_once(']')?;
                host.parse::<IpAddr>().ok()?;
                (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
            }
            None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
        };
        let usual = if https { 443 } else { 80 };
        let port = port.map_or(Some(usual), |port| port.parse().ok().filter(|port| *port > 0))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
        (!host.is_empty() && host.chars().all(plain)).then(|| Self { https, host: host.to_owned(), port })
    }

    /// The name that the first message asks for; none for an address.
    pub fn server_name(&self) -> Option<&str> {
        self.host.parse::<IpAddr>().is_err().then_some(self.host.as_str())
    }

    /// Whether nothing that is sent there leaves this machine.
    pub fn is_here(&self) -> bool {
        is_this_machine(&self.host)
    }

    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    /// A connection that ends by itself.
    ///
    /// # Errors
    /// When nobody takes it.
    pub fn connect(&self) -> io::Result<Bounded> {
        let until = Instant::now() + PATIENCE;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(
                &address,
                until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1)),
            ) {
                Ok(stream) => return Ok(Bounded { stream, until }),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// Whether a name or address means this machine.
pub fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A connection whose every read and write ends when its time is over, however slowly the other side drips.
pub struct Bounded {
    stream: TcpStream,
    until: Instant,
}

impl Bounded {
    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Whose certificates are believed: the system's authorities, the shop's own, and the one that was named.
#[derive(Clone)]
pub struct Trust {
    roots: Arc<RootCertStore>,
    revoked: Vec<CertificateRevocationListDer<'static>>,
}

impl Trust {
    /// Reads them. `tls` is the folder of the shop's certificates.
    ///
    /// # Errors
    /// The named file, when it holds no certificate.
    pub fn read(tls: &Path, named: Option<&Path>) -> Result<Self, PathBuf> {
        let mut roots = RootCertStore::empty();
        let mut add = |file: &Path| {
            let pem = fs::read(file).unwrap_or_default();
            // A system's bundle may hold one that is too odd for us; it vouches for nobody then.
            roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten()).0
        };
        if let Some(bundle) = SYSTEM_BUNDLES.into_iter().map(Path::new).find(|file| file.is_file()) {
            add(bundle);
        }
        add(&tls.join("ca.crt"));
        if let Some(file) = named.filter(|file| add(file) == 0) {
            return Err(file.to_owned());
        }
        let lists = fs::read(tls.join("ca.crl")).unwrap_or_default();
        let revoked = CertificateRevocationListDer::pem_slice_iter(&lists).flatten().collect();
        Ok(Self { roots: Arc::new(roots), revoked })
    }
}

/// What a connection showed.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Why nobody vouches for the certificate, in one word; none where somebody does.
    pub distrust: Option<&'static str>,
    /// The certificate.
    pub certificate: Option<Facts>,
}

/// Takes the connection whatever the certificate is, and notes what is to be said about it: the other checks go on,
/// and `in_transit` tells. Nothing secret is sent over such a connection, and nothing that comes is believed.
#[derive(Debug)]
struct Observer {
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    distrust: Mutex<Option<&'static str>>,
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.inner.as_ref().map_or(Some("unknown_issuer"), |inner| {
            let verified = inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
            verified.err().map(|error| handshake_failure(&io::Error::other(error)))
        });
        *self.distrust.lock().unwrap_or_else(PoisonError::into_inner) = verdict;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

type TlsStream = StreamOwned<ClientConnection, Bounded>;

/// Agrees with the other side on one of these versions.
///
/// # Errors
/// When it does not come to that.
pub fn shake_hands(
    target: &Target,
    trust: &Trust,
    versions: &[&'static SupportedProtocolVersion],
) -> io::Result<(Sight, TlsStream)> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&trust.roots), Arc::clone(&provider))
        .with_crls(trust.revoked.clone())
        .only_check_end_entity_revocation()
        .allow_unknown_revocation_status();
    let observer = Arc::new(Observer {
        inner: verifier.build().ok(),
        provider: Arc::clone(&provider),
        distrust: Mutex::new(None),
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&observer) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    let name = ServerName::try_from(target.host.clone()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, target.connect()?);
    while stream.conn.is_handshaking() {
        if stream.conn.complete_io(&mut stream.sock)? == (0, 0) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let shown = stream.conn.peer_certificates().and_then(|chain| Facts::of(chain.first()?).ok());
    let distrust = *observer.distrust.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((Sight { distrust, certificate: shown }, stream))
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked for.
    pub path: &'static str,
    /// The status.
    pub status: u16,
    /// The headers as they came, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The rest.
    pub body: Vec<u8>,
}

impl Answer {
    /// Every value that a header has.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn read(path: &'static str, bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let rest = &bytes[end + 4..];
        let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value.contains("chunked"));
        let body = if chunked { unchunked(rest) } else { rest.to_vec() };
        Some(Self { path, status, headers, body })
    }
}

/// A body that came in pieces, each after its length; what is cut off is left out.
fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
        let digits = String::from_utf8_lossy(&rest[..line]);
        let length = usize::from_str_radix(digits.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        let Some(piece) = rest.get(line + 2..line + 2 + length).filter(|piece| !piece.is_empty()) else { break };
        body.extend(piece);
        rest = rest.get(line + 4 + length..).unwrap_or_default();
    }
    body
}

/// One request on a connection of its own, with a key or without.
///
/// # Errors
/// When no whole answer comes.
pub fn ask(target: &Target, trust: &Trust, path: &'static str, key: Option<&str>) -> io::Result<Answer> {
    let key = key.map(|key| format!("x-api-key: {key}\r\n")).unwrap_or_default();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: gondola-doctor\r\naccept: */*\r\n{key}connection: close\r\n\r\n",
        target.authority()
    );
    let bytes = if target.https {
        talk(shake_hands(target, trust, rustls::ALL_VERSIONS)?.1, &request)
    } else {
        talk(target.connect()?, &request)
    };
    let odd = || io::Error::new(io::ErrorKind::InvalidData, "that is no answer of HTTP");
    Answer::read(path, &bytes?).ok_or_else(odd)
}

fn talk(mut stream: impl Read + Write, request: &str) -> io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    match stream.take(ANSWER_MAX).read_to_end(&mut bytes) {
        // Who hangs up without a farewell, or keeps the line open, has said what there was to say.
        Err(error) if bytes.is_empty() => Err(error),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_perhaps_a_port() {
        let parsed = |text: &str| text.parse::<Target>().map(|of| (of.https, of.host, of.port)).ok();
        let is = |https, host: &str, port| Some((https, host.to_owned(), port));
        assert_eq!(parsed("https://shop.example"), is(true, "shop.example", 443));
        assert_eq!(parsed("https://shop.example:8443/"), is(true, "shop.example", 8443));
        assert_eq!(parsed("http://127.0.0.1:8080"), is(false, "127.0.0.1", 8080));
        assert_eq!(parsed("https://[::1]:8443"), is(true, "::1", 8443));
        assert_eq!(parsed("https://[::1]"), is(true, "::1", 443));
        for bad in [
            "",
            "shop.example",
            "ftp://shop.example",
            "https://",
            "https://a/b",
            "https://u:p@a",
            "https://a:0",
            "https://a:b",
            "https://::1",
            "https://[a]",
            "https://[::1]8443",
            "https://a b",
            "https://a?b",
        ] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
        let target: Target = "https://[::1]:8443".parse().unwrap();
        assert_eq!((target.authority().as_str(), target.server_name(), target.is_here()), ("[::1]:8443", None, true));
        assert!(!"https://10.0.0.7".parse::<Target>().unwrap().is_here());
    }

    #[test]
    fn an_answer_is_read_with_every_header_and_its_body_put_together() {
        let text = "HTTP/1.1 401 Unauthorized\r\nX-A: 1\r\nx-a:2\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n";
        let answer = Answer::read("/", text.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.all("x-a").collect::<Vec<_>>()), (401, vec!["1", "2"]));
        assert_eq!(answer.body, b"abcde");
        for bad in ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 x\r\n\r\n"] {
            assert_eq!(Answer::read("/", bad.as_bytes()), None, "{bad}");
        }
    }
}
