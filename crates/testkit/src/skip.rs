//! What a machine cannot have is said, never passed over: locally as SKIPPED, in CI as a failure.

use std::io::Write as _;

/// Says that the calling test, or the named part of it, did not run.
///
/// # Panics
/// With `CI=true`: what can be installed must not be missing there.
pub fn skip(part: &str, reason: &str) {
    assert!(variable("CI").as_deref() != Some("true"), "{part} is required in CI: {reason}");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!("SKIPPED {test} {part}: {reason}\n");
    // Past the test harness's capture, so that a run never looks more complete than it was. A closed
    // standard error leaves nobody to tell.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test kit is an edge: the run tells it about its components through the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
