//! Asks a running face whether it is ready, so that images and units need no other program (HLT-5).

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
    /// It does not answer, or not as a face does.
    Silent,
}

/// Asks the face at `address`.
pub async fn ask(address: SocketAddr) -> Answer {
    match tokio::time::timeout(TIMEOUT, request(address)).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200 ") => Answer::Ready,
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 503 ") => Answer::NotReady,
        _ => Answer::Silent,
    }
}

async fn request(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
