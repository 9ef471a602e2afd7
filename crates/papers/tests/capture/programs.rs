//! Programs under limits (SUP-6): they are killed with all that they started, and leave no folder behind.

use std::ffi::OsStr;
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gondola_papers::capture::{self, CaptureError, Captured, Limits, Reading};
use gondola_papers::tools::{Bounds, Program, Task, ToolError, Tools, Workbench};
use image::{GrayImage, ImageFormat, Luma};

use super::tools;

const BOUNDS: Bounds =
    Bounds { time: Duration::from_secs(20), memory_bytes: 256 * 1024 * 1024, output_bytes: 1024 * 1024 };

/// A program of a few lines.
fn program(folder: &Path, script: &str) -> PathBuf {
    let place = folder.join("stand-in");
    fs::write(&place, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
    place
}

/// Tools with a program of a few lines in the place of `pdfinfo`.
fn stand_in(folder: &Path, script: &str) -> Tools {
    Tools { pdfinfo: program(folder, script), ..Tools::default() }
}

/// Reads a small white picture with a program of a few lines in the place of Tesseract.
fn read_with(folder: &Path, script: &str, time: Duration) -> Result<Captured, CaptureError> {
    let tools = Tools { tesseract: program(folder, script), ..Tools::default() };
    let limits = Limits::default();
    let limits = Limits { run: Bounds { time, ..limits.run }, ..limits };
    let mut picture = Cursor::new(Vec::new());
    GrayImage::from_pixel(40, 60, Luma([255])).write_to(&mut picture, ImageFormat::Png).unwrap();
    capture::read(picture.get_ref(), &tools, &limits)
}

fn task<'a>(arguments: &'a [&'a OsStr]) -> Task<'a> {
    Task { program: Program::PdfInfo, arguments }
}

/// Death is sent at once and arrives a moment later.
fn dies(pid: &str) -> bool {
    let started = Instant::now();
    while is_running(pid) {
        if started.elapsed() > Duration::from_secs(10) {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// A killed process that its new parent has not buried yet is a zombie: it runs no more.
fn is_running(pid: &str) -> bool {
    let state = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    state.is_ok_and(|state| !state.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

/// SUP-6.
#[test]
fn a_program_beyond_its_time_is_killed_with_its_children() {
    if tools("killed_with_its_children").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!("sleep 300 & echo $! > {0}; echo $$ >> {0}; wait", pids.display());
    let tools = stand_in(folder.path(), &script);
    let started = Instant::now();
    let bounds = Bounds { time: Duration::from_secs(3), ..BOUNDS };
    let bench = Workbench::open(&tools, bounds, Duration::from_secs(60)).unwrap();
    let error = bench.run(task(&[])).unwrap_err();
    assert!(matches!(error, ToolError::TooSlow(Program::PdfInfo)), "{error}");
    assert!(started.elapsed() < Duration::from_secs(30));
    let pids = fs::read_to_string(pids).unwrap();
    assert_eq!(pids.lines().count(), 2, "both had started");
    assert!(pids.lines().all(dies), "{pids}");
}

#[test]
fn a_program_that_leaves_a_child_behind_loses_it() {
    if tools("leaves_a_child_behind").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tools = stand_in(folder.path(), "sleep 300 & echo $!");
    let bench = Workbench::open(&tools, BOUNDS, Duration::from_secs(60)).unwrap();
    let ran = bench.run(task(&[])).unwrap();
    assert!(ran.is_ok());
    assert!(dies(&String::from_utf8(ran.printed).unwrap()));
}

/// SUP-6.
#[test]
fn a_program_that_writes_without_end_is_stopped() {
    if tools("writes_without_end").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tools = stand_in(folder.path(), "exec cat /dev/zero");
    let bench = Workbench::open(&tools, BOUNDS, Duration::from_secs(60)).unwrap();
    let error = bench.run(task(&[])).unwrap_err();
    assert!(matches!(error, ToolError::TooMuch(Program::PdfInfo)), "{error}");
}

/// SUP-6, ENC-4: nor the secret that it may hold.
#[test]
fn a_program_gets_its_limits_and_none_of_our_environment() {
    if tools("gets_its_limits").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tools = stand_in(folder.path(), "ulimit -v; nice; env");
    let bench = Workbench::open(&tools, BOUNDS, Duration::from_secs(60)).unwrap();
    let printed = String::from_utf8(bench.run(task(&[])).unwrap().printed).unwrap();
    let mut lines = printed.lines();
    assert_eq!(lines.next(), Some("262144"), "kilobytes");
    assert!(lines.next().unwrap().parse::<u8>().unwrap() >= 10);
    assert!(printed.contains("OMP_THREAD_LIMIT=1"));
    assert!(!printed.contains("CARGO") && !printed.contains("HOME="), "{printed}");
}

/// SUP-6.
#[test]
fn the_time_of_the_bench_ends_the_last_run() {
    if tools("time_of_the_bench").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tools = stand_in(folder.path(), "sleep 300");
    let bench = Workbench::open(&tools, BOUNDS, Duration::from_millis(300)).unwrap();
    assert!(matches!(bench.run(task(&[])), Err(ToolError::TooSlow(_))));
    assert!(matches!(bench.run(task(&[])), Err(ToolError::TooSlow(_))), "no time is left");
}

#[test]
fn a_missing_program_is_told_with_its_package() {
    if tools("a_missing_program").is_none() {
        return;
    }
    for place in ["/no/such/pdfinfo", "no-such-pdfinfo"] {
        let tools = Tools { pdfinfo: PathBuf::from(place), ..Tools::default() };
        let error = capture::read(b"%PDF-1.4", &tools, &Limits::default()).unwrap_err();
        assert!(matches!(error, CaptureError::Tool(ToolError::Missing(Program::PdfInfo))), "{error}");
        assert_eq!(error.code(), "paper_tool_missing");
        assert!(error.message_es().contains("poppler-utils"), "{}", error.message_es());
    }
}

#[test]
fn spanish_that_is_not_installed_is_told_with_its_package() {
    if tools("spanish_not_installed").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = "echo 'Error opening data file tessdata/spa.traineddata' >&2; exit 1";
    let error = read_with(folder.path(), script, BOUNDS.time).unwrap_err();
    assert!(matches!(error, CaptureError::Tool(ToolError::Missing(Program::Tesseract))), "{error}");
    assert!(error.message_es().contains("tesseract-ocr-spa"));
}

/// SUP-6.
#[test]
fn a_recognition_that_takes_too_long_leaves_the_picture() {
    if tools("takes_too_long").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let captured = read_with(folder.path(), "sleep 300", Duration::from_millis(500)).unwrap();
    assert_eq!(captured.readings, [Reading::GivenUp]);
    assert!(captured.is_blank() && captured.pictures.len() == 1);
}

#[test]
fn a_recognition_that_fails_says_why() {
    if tools("fails").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let error = read_with(folder.path(), "echo 'out of luck' >&2; exit 3", BOUNDS.time).unwrap_err();
    assert_eq!(error.to_string(), "tesseract failed: out of luck");
    assert_eq!(error.code(), "paper_reading_failed");
}

#[test]
fn the_programs_that_set_the_limits_may_be_missing_too() {
    let nowhere = |program: &str| PathBuf::from(format!("/no/such/{program}"));
    let tools = Tools { prlimit: nowhere("prlimit"), ..Tools::default() };
    let error = capture::read(b"%PDF-1.4", &tools, &Limits::default()).unwrap_err();
    assert!(matches!(error, CaptureError::Tool(ToolError::Missing(Program::Prlimit))), "{error}");
}

#[test]
fn the_folder_is_private_and_gone_afterwards() {
    let tools = Tools::default();
    let bench = Workbench::open(&tools, BOUNDS, Duration::from_secs(60)).unwrap();
    bench.put("paper.pdf", b"%PDF-1.4").unwrap();
    let file = bench.path("paper.pdf");
    let folder = file.parent().unwrap().to_owned();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(bench.take("paper.pdf").unwrap(), b"%PDF-1.4");
    assert!(bench.take("paper.pdf").is_err(), "taken once");
    drop(bench);
    assert!(!folder.exists());
}
