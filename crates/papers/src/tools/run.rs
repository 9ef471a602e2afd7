//! One run of a program under limits that the kernel keeps: `prlimit` sets them, `nice` steps back, and both hand their
//! process over, so that the one we start is the program itself and leads the group that is killed in the end.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use thiserror::Error;

use super::{Bounds, Program, SEARCH_PATH, Task, Tools};

const PRINTED: &str = "printed";
const COMPLAINTS: &str = "complaints";
/// How far the programs step back behind the shop's own work.
const NICENESS: &str = "10";
const LOOK_FIRST: Duration = Duration::from_millis(2);
const LOOK_LAST: Duration = Duration::from_millis(40);
/// What `nice` and every shell answer when there is no such program.
const EXIT_NOT_FOUND: i32 = 127;
/// The signal for a file beyond the limit; the same number on every Linux machine we run on.
const SIGNAL_FILE_TOO_LARGE: i32 = 25;
/// The signal for processor time beyond the limit.
const SIGNAL_TIME_USED_UP: i32 = 24;

/// Why a program could not do its work.
#[derive(Debug, Error)]
pub enum ToolError {
    /// It is not installed.
    #[error("{0} is missing: install {packages}", packages = .0.packages())]
    Missing(Program),
    /// It did not end in time and was killed.
    #[error("{0} took too long")]
    TooSlow(Program),
    /// It wrote more than it may.
    #[error("{0} wrote too much")]
    TooMuch(Program),
    /// It could not be started, or what it wrote could not be read.
    #[error("{0} could not be run")]
    Io(Program, #[source] io::Error),
}

/// What a program left.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub printed: Vec<u8>,
    /// What it complained of.
    pub complaints: String,
}

impl Ran {
    /// Did it end well?
    pub const fn is_ok(&self) -> bool {
        matches!(self.code, Some(0))
    }
}

pub(super) struct Confined<'a> {
    pub tools: &'a Tools,
    pub folder: &'a Path,
    pub bounds: Bounds,
    pub task: Task<'a>,
}

/// Both outputs go to files: the limit of a file then bounds them too, and no pipe can block or be held open.
pub(super) fn run(confined: &Confined<'_>) -> Result<Ran, ToolError> {
    let program = confined.task.program;
    let failed = |error| ToolError::Io(program, error);
    let mut command = command(confined).map_err(failed)?;
    let child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ToolError::Missing(Program::Prlimit),
        _ => failed(error),
    })?;
    let status = end(child, confined.bounds.time).map_err(failed)?.ok_or(ToolError::TooSlow(program))?;
    match (status.code(), status.signal()) {
        (Some(EXIT_NOT_FOUND), _) => return Err(ToolError::Missing(absent(confined))),
        (_, Some(SIGNAL_FILE_TOO_LARGE)) => return Err(ToolError::TooMuch(program)),
        (_, Some(SIGNAL_TIME_USED_UP)) => return Err(ToolError::TooSlow(program)),
        _ => {}
    }
    let printed = fs::read(confined.folder.join(PRINTED)).map_err(failed)?;
    let complaints = fs::read(confined.folder.join(COMPLAINTS)).map_err(failed)?;
    Ok(Ran { code: status.code(), printed, complaints: String::from_utf8_lossy(&complaints).into_owned() })
}

fn command(confined: &Confined<'_>) -> io::Result<Command> {
    let Confined { tools, folder, bounds, task } = confined;
    let seconds = bounds.time.as_secs() + 1;
    let mut command = Command::new(tools.place(Program::Prlimit));
    command
        .arg(format!("--as={}", bounds.memory_bytes))
        .arg(format!("--fsize={}", bounds.output_bytes))
        .arg(format!("--cpu={seconds}"))
        .arg("--core=0")
        .arg(tools.place(Program::Nice))
        .args(["-n", NICENESS])
        .arg(tools.place(task.program))
        .args(task.arguments)
        .current_dir(folder)
        .env_clear()
        // One core per document: two papers at once must not slow the till down.
        .envs([("PATH", SEARCH_PATH), ("LC_ALL", "C"), ("OMP_THREAD_LIMIT", "1")])
        .stdin(Stdio::null())
        .stdout(File::create(folder.join(PRINTED))?)
        .stderr(File::create(folder.join(COMPLAINTS))?)
        .process_group(0);
    Ok(command)
}

/// Waits until the program ends or its time is over, then kills what is left of its group. `None` when it had to be
/// killed. The program stays unburied until then, so its number cannot have gone to somebody else.
fn end(mut child: Child, time: Duration) -> io::Result<Option<ExitStatus>> {
    let pid = Pid::from_child(&child);
    let ended = has_ended_in_time(pid, time);
    // There is no group any more when the program ended alone: that is the usual case and no fault.
    let _ = kill_process_group(pid, Signal::KILL);
    let status = child.wait()?;
    Ok(ended?.then_some(status))
}

fn has_ended_in_time(pid: Pid, time: Duration) -> io::Result<bool> {
    let ends_at = Instant::now() + time;
    let mut pause = LOOK_FIRST;
    let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(pid), how)?.is_none() {
        let left = ends_at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(LOOK_LAST);
    }
    Ok(true)
}

/// `nice` itself may be the one that is not there.
fn absent(confined: &Confined<'_>) -> Program {
    let missing = confined.tools.missing();
    if missing.contains(&Program::Nice) { Program::Nice } else { confined.task.program }
}
