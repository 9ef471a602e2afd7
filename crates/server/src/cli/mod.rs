//! The command line. Each command is one file that turns arguments into a call of the library and
//! its result into words or JSON; exit codes are promises: 0 done, 1 failed
//! or attention, 2 wrong, 78 something must be put right before it can start.

mod audit;
mod backup;
mod config;
mod console;
mod copy;
mod decir;
mod demo;
mod doctor;
mod encryption;
mod export;
mod health;
mod import;
mod key;
mod ledger;
mod migrate;
mod openapi;
mod probe;
mod serve;
mod tls;
mod user;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Environment, Loaded, Origins};
use crate::start::StartError;
use console::Console;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Done, and all is well.
    Done = 0,
    /// Done, and something wants attention; or it failed.
    Attention = 1,
    /// Something is wrong.
    Wrong = 2,
    /// It did not start: something must be put right first (EX_CONFIG).
    Refused = 78,
}

/// Góndola: a shop's catalogue, stock and prices.
#[derive(Debug, Parser)]
#[command(name = "gondola", version, arg_required_else_help = true)]
#[command(after_help = "Example:\n  gondola serve --data-dir ./my-shop\n  gondola config explain dashboard.listen")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
struct Global {
    /// Where the shop keeps its data [default: ./gondola-data; for the demo ./gondola-demo]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The settings file; otherwise gondola.toml in the data directory or in /etc/gondola
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer with one JSON document and nothing else
    #[arg(long, global = true)]
    json: bool,
    /// Set one setting, before environment and file
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Ledger(ledger::Ledger),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Copy(copy::Copy),
    Decir(decir::Decir),
    Doctor(doctor::Doctor),
    Encryption(encryption::Encryption),
    Export(export::Export),
    User(user::User),
    Key(key::Key),
    Import(import::Import),
    Config(config::Config),
    Health(health::Health),
    Openapi(openapi::Openapi),
    Tls(tls::Tls),
}

/// Runs the command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli.with_every_set(&arguments),
        Err(error) => {
            // A closed output leaves nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let console = Console::new(&Environment::of_the_process(), cli.global.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return console.failed(&anyhow::Error::new(error).context("start the runtime")),
    };
    let outcome = runtime.block_on(dispatch(cli, &console));
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(StartError::Refused(faults)) => {
            console.faults(&faults);
            ExitCode::from(Exit::Refused as u8)
        }
        Err(StartError::Failed(error)) => console.failed(&error),
    }
}

async fn dispatch(cli: Cli, console: &Console) -> Result<Exit, StartError> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(demo) => demo.run(global, console).await,
        Command::Serve(serve) => serve.run(global, console).await,
        Command::Migrate(migrate) => migrate.run(global, console).await,
        Command::Ledger(ledger) => ledger.run(global, console).await,
        Command::Audit(audit) => audit.run(global, console).await,
        Command::Doctor(doctor) => doctor.run(global, console).await,
        Command::Encryption(encryption) => encryption.run(global, console).await,
        Command::Export(export) => export.run(global, console).await,
        Command::Backup(backup) => backup.run(global, console).await,
        Command::Restore(restore) => restore.run(global, console).await,
        Command::Copy(copy) => copy.run(global, console).await,
        Command::Decir(decir) => decir.run(global, console).await,
        Command::User(user) => user.run(global, console).await,
        Command::Key(key) => key.run(global, console).await,
        Command::Import(import) => import.run(global, console).await,
        Command::Config(config) => Ok(config.run(global, console)),
        Command::Health(health) => health.run(global, console).await,
        Command::Openapi(openapi) => openapi.run(console),
        Command::Tls(tls) => tls.run(global, console).await,
    }
}

impl Cli {
    /// The parser keeps the values of a global option from one place only, before the command or
    /// behind it; a setting that was given must never be lost silently.
    fn with_every_set(mut self, arguments: &[OsString]) -> Self {
        let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
        let apart = texts.windows(2).filter(|pair| pair[0] == "--set").map(|pair| pair[1]);
        let joined = texts.iter().filter_map(|text| text.strip_prefix("--set="));
        self.global.set = apart.chain(joined).map(str::to_owned).collect();
        if matches!(self.command, Command::Demo(_)) {
            // A demo never lands in a real shop's directory by default.
            self.global.data_dir.get_or_insert_with(|| PathBuf::from("./gondola-demo"));
        }
        self
    }
}

impl Global {
    fn origins(&self) -> Origins {
        Origins::of(self.data_dir(), self.config.clone(), self.set.clone())
    }

    /// The settings, or the refusal to start.
    fn load(&self) -> Result<Loaded, StartError> {
        crate::config::load(&self.origins()).map_err(StartError::Refused)
    }

    fn data_dir(&self) -> &Path {
        self.data_dir.as_deref().unwrap_or(Path::new("./gondola-data"))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn a_setting_counts_before_and_behind_the_command() {
        let arguments: Vec<_> = "gondola --set a=1 serve --set b=2 --set=c=3".split(' ').map(Into::into).collect();
        let cli = Cli::try_parse_from(&arguments).unwrap().with_every_set(&arguments);
        assert_eq!(cli.global.set, ["a=1", "b=2", "c=3"]);
    }

    #[test]
    fn every_command_has_help_with_an_example() {
        let mut cli = Cli::command();
        cli.build();
        assert!(cli.get_after_help().is_some());
        for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Example"), "{}: {help}", command.get_name());
            assert!(command.get_about().is_some(), "{}", command.get_name());
        }
    }
}
