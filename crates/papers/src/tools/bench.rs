//! A private folder for one document and the runs that happen in it. The folder goes with the [`Workbench`], whatever
//! happened; all runs together share its time.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::run::{self, Confined, Ran, ToolError};
use super::{Program, Tools};

/// What one run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// On the wall clock; the processor time gets the same bound, which also ends a run whose parent died.
    pub time: Duration,
    /// Address space.
    pub memory_bytes: u64,
    /// Of each file it writes, what it prints included.
    pub output_bytes: u64,
}

/// One run of a program.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Which one.
    pub program: Program,
    /// Its arguments; file names are relative to the folder of the bench.
    pub arguments: &'a [&'a OsStr],
}

/// A private folder, the programs, and the time left.
#[derive(Debug)]
pub struct Workbench<'a> {
    tools: &'a Tools,
    bounds: Bounds,
    ends_at: Instant,
    folder: TempDir,
}

impl<'a> Workbench<'a> {
    /// Makes the folder, readable by nobody else, and starts the clock. `bounds` hold for each run and `time` for all
    /// of them together.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(tools: &'a Tools, bounds: Bounds, time: Duration) -> io::Result<Self> {
        let only_ours = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("gondola-paper-").permissions(only_ours).tempdir()?;
        Ok(Self { tools, bounds, ends_at: Instant::now() + time, folder })
    }

    /// Where a file of the bench is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file on the bench.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.path(name), bytes)
    }

    /// Takes a file that a run has written.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn take(&self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(name))?;
        fs::remove_file(self.path(name))?;
        Ok(bytes)
    }

    /// Runs a program to its end or to the first bound it meets.
    ///
    /// # Errors
    /// When the program is missing or meets a bound. An exit code that is not zero is no error here: the caller knows
    /// what it means.
    pub fn run(&self, task: Task<'_>) -> Result<Ran, ToolError> {
        let left = self.ends_at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ToolError::TooSlow(task.program));
        }
        let bounds = Bounds { time: self.bounds.time.min(left), ..self.bounds };
        run::run(&Confined { tools: self.tools, folder: self.folder.path(), bounds, task })
    }
}
