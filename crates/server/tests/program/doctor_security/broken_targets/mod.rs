//! Targets that are broken in one place and the shop's own everywhere else: in front of a face stands something that
//! changes answers, shows another certificate, or takes first messages to a server that should be gone.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gondola_vault::certificates::Issued;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

use crate::tls_client::Client;

const PATIENCE: Duration = Duration::from_secs(20);
/// Where in a record with a first message its version stands, and the 32 bytes behind it.
const VERSION: std::ops::Range<usize> = 9..11;
const RANDOM: std::ops::Range<usize> = 11..43;

/// The face that is meant, and how it is spoken to.
#[derive(Clone)]
pub struct Behind {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who trusts it.
    pub client: Client,
}

/// Passes requests on to a face and changes its answers; shows that certificate. `change` is given both.
pub fn changing(
    behind: &Behind,
    shown: &Issued,
    change: impl Fn(&str, String) -> String + Send + Sync + 'static,
) -> SocketAddr {
    speaking(behind, shown, rustls::ALL_VERSIONS, change)
}

/// The same in these versions alone.
pub fn speaking(
    behind: &Behind,
    shown: &Issued,
    versions: &[&'static SupportedProtocolVersion],
    change: impl Fn(&str, String) -> String + Send + Sync + 'static,
) -> SocketAddr {
    let chain = CertificateDer::pem_slice_iter(shown.certificate.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(shown.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let (config, change, behind) = (Arc::new(config), Arc::new(change), behind.clone());
    accepting(move |stream| {
        let mut stream =
            StreamOwned::new(ServerConnection::new(Arc::clone(&config)).map_err(io::Error::other)?, stream);
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.push(byte[0]);
        }
        let request = String::from_utf8_lossy(&request);
        let answer = behind.client.send(behind.address, &request)?;
        stream.write_all(change(&request, answer).as_bytes())?;
        stream.conn.send_close_notify();
        stream.flush()
    })
}

/// Passes connections on as they are, except those of the doctor's own first messages of that version, which go to
/// another server.
pub fn diverting(behind: &Behind, version: [u8; 2], to: SocketAddr) -> SocketAddr {
    let face = behind.address;
    accepting(move |stream| {
        let mut begin = [0; RANDOM.end];
        while stream.peek(&mut begin)? < begin.len() {
            std::thread::yield_now();
        }
        let diverted = begin[VERSION] == version && begin[RANDOM] == [7; 32];
        join(stream, TcpStream::connect(if diverted { to } else { face })?)
    })
}

fn join(mut here: TcpStream, mut there: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (here.try_clone()?, there.try_clone()?);
    let sending = std::thread::spawn(move || {
        // Whichever side hangs up first, the other is told.
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let _ = io::copy(&mut there, &mut here);
    let _ = here.shutdown(Shutdown::Both);
    drop(sending.join());
    Ok(())
}

/// Listens for as long as the test runs. What becomes of a connection is its caller's to see.
fn accepting(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, serve) = (listener.local_addr().unwrap(), Arc::new(serve));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, serve) = (stream.unwrap(), Arc::clone(&serve));
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            std::thread::spawn(move || serve(stream));
        }
    });
    address
}

/// A server of OpenSSL, which still speaks what ours never did.
pub struct OldServer {
    child: Child,
    /// Read no further; closed, it would end the server.
    _said: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl OldServer {
    /// Starts one with the dashboard's certificate; none where the machine has no OpenSSL.
    pub fn start(tls: &Path, arguments: &[&str]) -> Option<Self> {
        let file = |end: &str| tls.join(format!("dashboard.{end}"));
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-cert"]).arg(file("crt")).arg("-key").arg(file("key"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                gondola_testkit::skip("OpenSSL", "there is no program openssl");
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let mut said = BufReader::new(child.stdout.take().unwrap());
        loop {
            let mut line = String::new();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "openssl s_server {arguments:?} does not start");
            if let Some(address) = line.trim().strip_prefix("ACCEPT ") {
                return Some(Self { child, _said: said, address: address.parse().unwrap() });
            }
        }
    }
}

impl Drop for OldServer {
    fn drop(&mut self) {
        // It may have ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
