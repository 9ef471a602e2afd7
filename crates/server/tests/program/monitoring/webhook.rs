//! Whoever is told in the end: takes the messages that Alertmanager sends to Slack, on loopback and without looking at
//! more of HTTP than their length.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::Value;

use super::deployment::PATIENCE;

/// A receiver of messages.
pub struct Webhook {
    /// Where they are sent.
    pub url: String,
    messages: Receiver<Value>,
}

impl Webhook {
    /// Listens until the test ends.
    pub fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/services/of-this-test", listener.local_addr().unwrap());
        let (tell, messages) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                take(stream.unwrap(), &tell);
            }
        });
        Self { url, messages }
    }

    /// The next message.
    pub fn next(&self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("a message arrives")
    }
}

fn take(mut stream: TcpStream, tell: &Sender<Value>) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(&stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").unwrap();
    // Nobody listens any more once the test has ended.
    let _ = tell.send(serde_json::from_slice(&body).unwrap());
}
