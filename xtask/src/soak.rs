//! What takes too long for every change. The program as users get it, met from outside, as CI meets
//! the build of the tests; then the tests with chance in them for as long as wanted: what CI runs
//! once, round after round in release, each round with the next seed and a PostgreSQL of its own that syncs. A round that fails
//! is told with the words that repeat it; what a round does stands in the tests.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};

use crate::bench::with_postgres;
use crate::run::{Build, Run, choose};
use crate::steps::STEPS;

const MINUTES_DEFAULT: u64 = 60;
/// Commands that the model is compared after, on each engine, in one round.
const MODEL_COMMANDS: u64 = 100_000;
/// The steps that meet the program from outside; here they meet it as users get it.
const RELEASED: [&str; 3] = ["openapi", "conformance", "browser"];
/// Seeds of commands, the scheduler's order, the moment of a kill, the largest file people bring, damage.
/// With each, how many of its tests share the time, two at once as on the smallest machine; one round of those that damage
/// things takes it all.
const SOAKED: [(&str, u64); 7] =
    [("model", 1), ("concurrency", 1), ("crash", 1), ("imports", 1), ("parsers", 18), ("fuzz", 6), ("damaged", 1)];
/// Tells tests that damage things for as long as wanted how long that is, for each of them.
const MINUTES_VARIABLE: &str = "GONDOLA_SOAK_MINUTES";
/// Kills per engine and round, so that the shortest soak has 200.
const KILLS: u64 = 100;

/// Soaks each test for the given minutes, and at least one round of it.
pub fn soak(root: &Path, minutes: Option<u64>) -> Result<()> {
    let minutes = minutes.unwrap_or(MINUTES_DEFAULT);
    let length = Duration::from_secs(60 * minutes);
    let first_seed = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut told = Vec::new();
    let mut failed = Vec::new();
    let mut released = Run::new(root.to_owned(), false);
    released.build = Build::Release;
    if !released.all(&choose(&STEPS, &RELEASED.map(str::to_owned), false)?) {
        failed.push(format!("the released program failed one of: {}", RELEASED.join(", ")));
    }
    for (test, share) in SOAKED {
        let begin = Instant::now();
        let mut rounds = 0;
        while rounds == 0 || begin.elapsed() < length {
            let seed = first_seed + rounds;
            rounds += 1;
            if let Err(error) =
                with_postgres(root, round(test, seed).env(MINUTES_VARIABLE, minutes.div_ceil(share).to_string()))
            {
                failed.push(format!("{test}, round {rounds}: {error:#}; again: {}", repeat(test, seed)));
                break;
            }
        }
        told.push(format!("soaked {test}: {rounds} rounds from seed {first_seed} in {} s", begin.elapsed().as_secs()));
    }
    println!("\n{}", told.join("\n"));
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn round(test: &str, seed: u64) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--workspace", "--release", "--locked", "--test", test, "--", "--nocapture"]);
    cargo.envs(chance(seed).map(|(name, value)| (name, value.to_string())));
    cargo
}

/// What the tests read of a round.
fn chance(seed: u64) -> [(&'static str, u64); 4] {
    [
        ("GONDOLA_MODEL_SEED", seed),
        ("GONDOLA_MODEL_COMMANDS", MODEL_COMMANDS),
        ("GONDOLA_CRASH_SEED", seed),
        ("GONDOLA_CRASH_KILLS", KILLS),
    ]
}

fn repeat(test: &str, seed: u64) -> String {
    let variables = chance(seed).map(|(name, value)| format!("{name}={value}")).join(" ");
    format!("{variables} cargo test --workspace --release --test {test}")
}

#[cfg(test)]
mod tests {
    use super::{SOAKED, chance, repeat};
    use crate::bench::targets;
    use crate::run::metadata;

    #[test]
    fn what_is_soaked_exists_and_reads_what_it_is_told() {
        let tests = targets(&metadata(&crate::root()).unwrap(), "test").unwrap();
        assert!(SOAKED.iter().all(|(soaked, _)| tests.iter().any(|test| test == soaked)), "{tests:?}");
        let crates = crate::root().join("crates");
        let texts = ["shop/tests/model.rs", "server/tests/crash.rs"]
            .map(|file| std::fs::read_to_string(crates.join(file)).unwrap());
        for (variable, _) in chance(1) {
            assert!(
                texts.iter().any(|text| text.contains(&format!("\"{variable}\""))),
                "{variable} is read by no test"
            );
        }
    }

    #[test]
    fn a_failed_round_can_be_repeated_as_told() {
        let words = "GONDOLA_MODEL_SEED=7 GONDOLA_MODEL_COMMANDS=100000 GONDOLA_CRASH_SEED=7 GONDOLA_CRASH_KILLS=100 cargo test --workspace --release --test model";
        assert_eq!(repeat("model", 7), words);
    }
}
