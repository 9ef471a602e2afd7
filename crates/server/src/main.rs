//! The program `gondola`. Everything it does is in the library, so that tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    gondola_server::cli::run(std::env::args_os())
}
