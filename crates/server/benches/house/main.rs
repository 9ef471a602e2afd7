//! The house measured as its users meet it: the real program, over HTTP, beside a yardstick taken in
//! the same run on the same machine. `cargo xtask bench` runs it; with names (`writes,reads`) only those parts. Nothing
//! is asserted: the figures and their ratios are printed, one line each, to be recorded with the
//! machine they were taken on.

#![allow(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints rates and ratios, none of them money")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot be taken ends")]

mod accesses;
mod commands;
mod imports;
mod load;
mod papers;
mod prices;
mod program;
mod protect;
mod raw;
mod reads;
mod timing;
mod trail;
mod writes;

use std::time::Duration;

/// How long each part measures.
const LENGTH: Duration = Duration::from_secs(6);
/// Movements of the shop whose past is asked for, and entries of the trail that is verified.
const MOVEMENTS: u64 = 1_000_000;
/// The same where the word `short` is among the names, for a first look: in so young a shop every product is low.
const SHORT: u64 = 50_000;

/// A measured figure beside its yardstick.
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The figure, with its unit.
    pub value: String,
    /// The yardstick or bound.
    pub beside: String,
}

/// Says a figure as soon as it is there.
pub fn say(name: &str, value: String, beside: String) -> Figure {
    println!("{name:<58} {value:>22}   {beside}");
    Figure { name: name.to_owned(), value, beside }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted: Vec<&str> = words.iter().flat_map(|word| word.split(',')).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if runs("writes") {
            writes::sqlite(LENGTH).await;
        }
        if runs("postgres") {
            writes::postgres(LENGTH).await;
        }
        let movements = if wanted.contains(&"short") { SHORT } else { MOVEMENTS };
        if runs("reads-sqlite") {
            reads::sqlite(LENGTH, movements).await;
        }
        if runs("reads-pg") {
            reads::postgres(LENGTH, movements).await;
        }
        if runs("imports") {
            imports::run().await;
        }
        if runs("prices") {
            prices::run().await;
        }
        if runs("papers") {
            papers::run().await;
        }
        if runs("protect") {
            protect::run(LENGTH).await;
        }
        if runs("rotation") {
            protect::rotation().await;
        }
        if runs("accesses") {
            accesses::run().await;
        }
        if runs("trail-verify") {
            trail::verified(movements.cast_signed()).await;
        }
        if runs("trail-cost") {
            trail::cost(if movements == SHORT { LENGTH / 3 } else { LENGTH }).await;
        }
        if runs("timing") {
            timing::run().await;
        }
        if runs("commands") {
            commands::run();
        }
        if runs("start") {
            reads::demo();
        }
    });
}
