//! Forges suppliers' papers: for a seed the PDF of a document and the truth that a reader should find in it, and photographs
//! of its pages in bad light. Tests, the benchmark of reading and `examples/forge.rs` use it; the product never does.
//!
//! Seeds [`TUNING`] are there to be looked at and improved upon. Seeds [`HELD_OUT`] are measured only: whoever tunes on them
//! measures nothing any more.

#![allow(dead_code, reason = "each of its three users takes another part")]

pub mod columns;
pub mod dice;
pub mod face;
pub mod foot;
pub mod goods;
pub mod lens;
pub mod light;
pub mod pdf;
pub mod photo;
pub mod plan;
pub mod qr;
pub mod roll;
pub mod script;
pub mod sheet;
pub mod sums;
pub mod suppliers;
pub mod table;
pub mod tax_id;
pub mod truth;
pub mod words;

use std::ops::Range;

use dice::Dice;
use plan::Plan;
use truth::{Kind, Truth};

/// Seeds to tune on.
pub const TUNING: Range<u64> = 0..1_000;
/// Seeds to measure on, and for nothing else.
pub const HELD_OUT: Range<u64> = 10_000..11_000;

/// A forged document.
#[derive(Debug, Clone)]
pub struct Forged {
    /// The file, with a layer of text.
    pub pdf: Vec<u8>,
    /// What it says.
    pub truth: Truth,
    /// Pages in the file.
    pub pages: usize,
}

/// The document of a seed: always the same.
pub fn document(seed: u64) -> Forged {
    let (plan, truth) = planned(seed);
    let pages = match truth.kind {
        Kind::Ticket => vec![roll::page(&plan, &truth)],
        _ => sheet::pages(&plan, &truth),
    };
    Forged { pdf: pdf::file(&pages), truth, pages: pages.len() }
}

/// What the document of a seed says, without drawing it.
pub fn truth(seed: u64) -> Truth {
    planned(seed).1
}

fn planned(seed: u64) -> (Plan, Truth) {
    let mut dice = Dice::new(seed);
    let plan = plan::plan(seed, &mut dice);
    let truth = script::write(&plan, &mut dice);
    (plan, truth)
}
