//! `cargo xtask`: everything a Makefile would do, as one plain program. Here are its commands; what
//! each does is in the module of its name.

mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let found = tidy::findings(&root()).unwrap_or_default();
    for finding in &found {
        println!("{finding}");
    }
    ExitCode::SUCCESS
}

/// The folder of the workspace: xtask lies directly below it.
pub fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}
