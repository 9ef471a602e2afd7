//! The real program on free ports in a folder of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program under way; dropping it ends it.
pub struct Program {
    child: Child,
    /// Where the dashboard listens.
    pub address: SocketAddr,
    /// From the start to the first word.
    pub started_in: Duration,
}

/// The program with a clean environment.
pub fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.env_clear().env("LANG", "en_US.UTF-8").arg("--data-dir").arg(data_dir).arg("--set").arg("log.level=warn");
    command
}

/// Runs a command that ends by itself and answers its JSON.
pub fn ask(data_dir: &Path, words: &[&str]) -> serde_json::Value {
    let output = command(data_dir).arg("--json").args(words).output().expect("run the program");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

impl Program {
    /// Starts `what` (`serve` or `demo`).
    pub fn start(data_dir: &Path, what: &str, settings: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = command(data_dir);
        for face in ["dashboard", "deposito", "negocio"] {
            command.arg("--set").arg(format!("{face}.listen=127.0.0.1:0"));
        }
        for setting in settings {
            command.arg("--set").arg(setting);
        }
        command.envs(environment.iter().copied()).args(["--json", what]).stdout(Stdio::piped()).stderr(Stdio::null());
        let began = Instant::now();
        let mut child = command.spawn().expect("start the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
        let started_in = began.elapsed();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let url = said["addresses"]["dashboard"].as_str().expect("an address");
        let address = url.trim_start_matches("http://").parse().expect("an address");
        Self { child, address, started_in }
    }

    /// What the process keeps in memory, in megabytes.
    pub fn resident_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
