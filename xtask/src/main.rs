//! `cargo xtask`: everything a Makefile would do, as one plain program. Here are its commands; what
//! each does is in the module of its name.

#![expect(clippy::print_stdout, reason = "telling is what this program is for")]
#![expect(clippy::disallowed_methods, reason = "a tool of the workshop: it reads the environment it runs in")]

mod bench;
#[allow(dead_code, reason = "the test kit's own file; xtask needs to start and to stop")]
#[path = "../../crates/testkit/src/postgres/cluster.rs"]
mod cluster;
mod demo;
mod install;
mod run;
mod soak;
mod steps;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use run::{Run, choose};
use steps::STEPS;

const HELP: &str = "\
cargo xtask COMMAND

  test [--fast] [STEP…]   everything, as CI runs it; --fast leaves out the browser and every
                          external component; named steps run alone
  tidy                    the rules of the house, in a second
  bench [NAME]            every measurement, or those of a name
  soak [MINUTES]          the released program from outside; then the tests with chance in them,
                          round after round, for that long each (60)
  openapi                 writes docs/openapi.json from the code, for review
  help                    this text

Steps of test: ";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything passed.
fn run(words: &[String]) -> Result<bool> {
    let (command, rest) = words.split_first().map_or(("help", &[][..]), |(first, rest)| (first.as_str(), rest));
    match command {
        "test" => test(rest),
        "tidy" => Ok(Run::new(root(), true).all(&choose(&STEPS, &["tidy".to_owned()], true)?)),
        "bench" => bench::bench(&root(), rest.first().map(String::as_str)).map(|()| true),
        "soak" => soak::soak(&root(), rest.first().map(|minutes| minutes.parse()).transpose()?).map(|()| true),
        "openapi" => steps::black_box::write_openapi(&root()).map(|()| true),
        "help" | "--help" | "-h" => {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            println!("{HELP}{}", names.join(", "));
            Ok(true)
        }
        unknown => bail!("there is no command {unknown}; see cargo xtask help"),
    }
}

fn test(words: &[String]) -> Result<bool> {
    let (flags, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(|word| word.starts_with('-'));
    if let Some(unknown) = flags.iter().find(|flag| *flag != "--fast") {
        bail!("test knows --fast, not {unknown}");
    }
    let fast = !flags.is_empty();
    Ok(Run::new(root(), fast).all(&choose(&STEPS, &names, fast)?))
}

/// The folder of the workspace: xtask lies directly below it.
pub fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}
