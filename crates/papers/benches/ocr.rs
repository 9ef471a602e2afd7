//! How well papers are read, and how long a page takes: forged documents of the held-out seeds, each photographed badly in
//! every way, and once as the PDF itself. Two rows each: `alone`, the yardstick, is Tesseract on the photograph as it is, its
//! text searched for what is known to be there; `ours` is this crate, from the file to the paper as it understands it.
//!
//! It is what SC-15 asks about papers. `cargo xtask bench ocr` runs it; further words narrow it: `ocr,blurred,faded`, or
//! `ocr,16` for so many papers (sixteen are one of each sort), or `ocr,ours` without the yardstick, or `ocr,tuning`, which
//! takes the other seeds and says of each what was missed. Nothing is asserted.

#![allow(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints shares and seconds, none of them money")]

use std::time::{Duration, Instant};

#[path = "../tests/forge/mod.rs"]
mod forge;
#[path = "../tests/forge/judge.rs"]
mod judge;

use forge::photo::{Degradation, can_render, photograph};
use forge::{Forged, HELD_OUT, TUNING, document};
use judge::{Findings, NAMES, Way};

/// Papers, unless a number says otherwise.
const PAPERS: usize = 32;

/// What the command line asks for.
struct Bench {
    papers: Vec<(u64, Forged)>,
    misses: Misses,
}

/// What becomes of a miss.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Misses {
    /// It is counted.
    Counted,
    /// It is also said which.
    Said,
}

fn main() {
    let said: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let said: Vec<&str> = said.iter().flat_map(|word| word.split(',')).collect();
    if !said.is_empty() && !said.contains(&"ocr") {
        return;
    }
    if !can_render() || !judge::can_recognise() {
        println!("SKIPPED: install poppler-utils, tesseract-ocr and tesseract-ocr-spa");
        return;
    }
    let (seeds, misses) = if said.contains(&"tuning") { (TUNING, Misses::Said) } else { (HELD_OUT, Misses::Counted) };
    let count = said.iter().find_map(|word| word.parse().ok()).unwrap_or(PAPERS);
    println!("{count} papers from seed {}, one core; seconds a page", seeds.start);
    println!("{:<20}{}", "", NAMES.map(|name| format!("{name:>8}")).concat());
    let bench = Bench { papers: seeds.take(count).map(|seed| (seed, document(seed))).collect(), misses };
    let named: Vec<Degradation> = Degradation::ALL.into_iter().filter(|one| said.contains(&one.name())).collect();
    if named.is_empty() || said.contains(&"pdf") {
        let files: Vec<Vec<Vec<u8>>> = bench.papers.iter().map(|(_, paper)| vec![paper.pdf.clone()]).collect();
        bench.row("pdf            ours", judge::ours, &files);
    }
    for degradation in if named.is_empty() { Degradation::ALL.to_vec() } else { named } {
        let files = bench.photographs(degradation);
        if !said.contains(&"ours") {
            bench.row(&format!("{:<14}alone", degradation.name()), judge::alone, &files);
        }
        bench.row(&format!("{:<14} ours", degradation.name()), judge::ours, &files);
    }
}

impl Bench {
    /// The pages of every paper.
    fn photographs(&self, degradation: Degradation) -> Vec<Vec<Vec<u8>>> {
        let pages = |(seed, paper): &(u64, Forged)| {
            (1..=paper.pages).map(|page| photograph(&paper.pdf, page, degradation, *seed)).collect()
        };
        self.papers.iter().map(pages).collect()
    }

    /// Reads every paper and prints what was found of all.
    fn row(&self, title: &str, way: Way, files: &[Vec<Vec<u8>>]) {
        let mut score = Score::default();
        for ((seed, paper), files) in self.papers.iter().zip(files) {
            let began = Instant::now();
            let findings = way(files, &paper.truth);
            score.add(&findings, began.elapsed(), paper.pages);
            let missed = findings.missed();
            if self.misses == Misses::Said && !missed.is_empty() {
                println!("  {title} seed {seed}: {missed}");
            }
        }
        println!("{title:<20}{score}");
    }
}

/// What was found over many papers: how many there were of something, and how many of them were found.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    shares: [(u32, u32); NAMES.len()],
    pages: u32,
    took: Duration,
}

impl Score {
    /// Counts what was there; what the paper does not say is nobody's failure.
    fn add(&mut self, findings: &Findings, took: Duration, pages: usize) {
        for (share, (found, of)) in self.shares.iter_mut().zip(findings.counts()) {
            *share = (share.0 + found, share.1 + of);
        }
        self.pages += u32::try_from(pages).expect("a paper has few pages");
        self.took += took;
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (found, of) in self.shares {
            let share = (found * 100).checked_div(of).map_or("-".to_owned(), |per_cent| format!("{per_cent} %"));
            write!(f, "{share:>8}")?;
        }
        write!(f, "{:>8.1} s", self.took.as_secs_f64() / f64::from(self.pages.max(1)))
    }
}
