//! The real program, started and spoken to from outside.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program with an environment of its own: what the machine has set does not decide a test.
pub fn gondola(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.env_clear().env("LANG", "en_US.UTF-8").arg("--data-dir").arg(data_dir);
    command
}

/// Runs a command that ends by itself.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    let child = gondola(data_dir).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || tell.send(child.wait_with_output()));
    told.recv_timeout(PATIENCE).map_or_else(
        |_| {
            Command::new("kill").arg(id.to_string()).status().unwrap();
            panic!("gondola {arguments:?} does not end")
        },
        Result::unwrap,
    )
}

/// The JSON document on standard output.
pub fn json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A `gondola serve` under way.
pub struct Running {
    /// The process.
    pub child: Child,
    /// Where each face listens.
    pub addresses: BTreeMap<String, SocketAddr>,
    /// The whole document it said that with.
    pub said: serde_json::Value,
    /// What it logs, taken from the start: a program whose log nobody takes waits for somebody who does.
    pub log: Option<JoinHandle<String>>,
}

impl Running {
    /// Starts it on free ports and waits until it says where it is.
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        Self::start_as("serve", data_dir, arguments)
    }

    /// The same with another command that serves.
    pub fn start_as(command_name: &str, data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = gondola(data_dir);
        for face in ["dashboard", "deposito", "negocio"] {
            command.arg("--set").arg(format!("{face}.listen=127.0.0.1:0"));
        }
        command.args(["--json", command_name]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            // What is cut off in the middle of a letter is what came until then.
            let _ = stderr.read_to_string(&mut log);
            log
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            panic!("it says nothing: {}", log.join().unwrap());
        }
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let listed = said["addresses"].as_object().unwrap().iter();
        let parse = |url: &serde_json::Value| url.as_str().unwrap().split_once("://").unwrap().1.parse().unwrap();
        let addresses = listed.map(|(face, url)| (face.clone(), parse(url))).collect();
        Self { child, addresses, said, log: Some(log) }
    }

    /// The dashboard's address.
    pub fn dashboard(&self) -> SocketAddr {
        self.addresses["dashboard"]
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; gives its status, how long it took and what it logged.
    pub fn wait(mut self) -> (ExitStatus, Duration, String) {
        let began = Instant::now();
        let log = self.log.take();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let log = log.map(|log| log.join().unwrap()).unwrap_or_default();
                return (status, began.elapsed(), log);
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An open connection.
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything that comes until the other side closes.
pub fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// One request on a connection of its own.
pub fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = connect(address);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    read_all(&mut stream)
}

/// The same where the other side may close without an answer, or not let us finish.
pub fn get_if_answered(address: SocketAddr, path: &str) -> String {
    let mut stream = connect(address);
    let _ = write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
