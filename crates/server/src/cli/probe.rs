//! Asks a running face whether it is ready, so that images and units need no other program (HLT-5).

use std::net::SocketAddr;
use std::time::Duration;

use gondola_vault::certificates::Caller;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

/// A face that takes longer is as good as down.
const TIMEOUT: Duration = Duration::from_secs(3);
/// What is read of an answer.
const ANSWER_MAX: u64 = 64 * 1024;

/// What a face said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is ready.
    Ready,
    /// It answers and is not ready.
    NotReady,
    /// Nobody takes connections there.
    Closed,
    /// It does not answer, or not as a face does.
    Silent,
    /// It shows another certificate than the one in the data directory.
    Stranger,
}

/// Asks the face at `address`, over TLS when there is a `caller` for it.
pub async fn ask(address: SocketAddr, caller: Option<Caller>) -> Answer {
    tokio::time::timeout(TIMEOUT, request(address, caller)).await.unwrap_or(Answer::Silent)
}

async fn request(address: SocketAddr, caller: Option<Caller>) -> Answer {
    let Ok(stream) = TcpStream::connect(address).await else { return Answer::Closed };
    let answer = match caller {
        None => talk(stream).await,
        Some(caller) => {
            let name = ServerName::IpAddress(address.ip().into());
            match TlsConnector::from(caller).connect(name, stream).await {
                Ok(stream) => talk(stream).await,
                Err(_) => return Answer::Stranger,
            }
        }
    };
    match answer {
        Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => Answer::Ready,
        Ok(answer) if answer.starts_with("HTTP/1.1 503 ") => Answer::NotReady,
        _ => Answer::Silent,
    }
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<String> {
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
