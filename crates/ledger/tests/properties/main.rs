//! The laws of the crate on inputs nobody thought of. The seed is fixed, so a run repeats; `PROPTEST_RNG_SEED` and
//! `PROPTEST_CASES` make it another one or a longer one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod costing;
mod histories;
mod numbers;
mod posting;
mod shelf;
#[path = "../world/mod.rs"]
mod world;

use proptest::test_runner::{Config, RngSeed};

/// The day this was first run.
const SEED: u64 = 20_261_123;

/// So many cases, unless the environment asks for another number.
fn cases(count: u32) -> Config {
    let asked = Config::default();
    let rng_seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(SEED) } else { asked.rng_seed };
    let cases = if asked.cases == DEFAULT_CASES { count } else { asked.cases };
    Config { cases, rng_seed, failure_persistence: None, ..asked }
}

/// What proptest runs when nobody asks.
const DEFAULT_CASES: u32 = 256;
