//! AUD-1: the detectors against labelled, made-up data: a month of an ordinary shop in which nothing is found, and cases
//! planted into it, all of which are found, each once, as bad as it is, and nothing else. What only nearly breaks a rule
//! breaks none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod month;
mod near;
mod planted;

use std::collections::BTreeSet;

use gondola_shop::audit::detect::{Case, Detector, Evidence, Local, Severity, look};
use gondola_shop::kernel::time::Hours;
use gondola_store::At;
use jiff::tz::TimeZone;

/// What was planted: by which rule it must be found, about whom, and how bad it is.
type Label = (Detector, String, Severity);

fn found(evidence: &Evidence) -> Vec<Case> {
    let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
    look(evidence, &Local { zone, hours: Hours::USUAL }, At::MIN)
}

fn labels(cases: &[Case]) -> BTreeSet<Label> {
    cases.iter().map(|case| (case.detector, case.subject.clone(), case.severity)).collect()
}

/// Puts what was planted among what is there.
fn with(mut evidence: Evidence, planted: Evidence) -> Evidence {
    evidence.entries.extend(planted.entries);
    evidence.accesses.extend(planted.accesses);
    evidence.sightings.extend(planted.sightings);
    evidence
}

/// AUD-1: 0 hits on the clean set.
#[test]
fn an_ordinary_month_has_no_cases() {
    for seed in 1..=20 {
        let cases = found(&month::ordinary(seed));
        assert!(cases.is_empty(), "seed {seed}: {cases:#?}");
    }
}

/// AUD-1: all planted cases found, each once.
#[test]
fn every_planted_case_is_found_and_nothing_else() {
    for seed in 1..=20 {
        let (planted, expected) = planted::cases();
        let cases = found(&with(month::ordinary(seed), planted));
        assert_eq!(labels(&cases), expected.iter().cloned().collect(), "seed {seed}");
        assert_eq!(cases.len(), expected.len(), "seed {seed}: each once: {cases:#?}");
    }
}

/// Every detector is planted, at every severity it knows.
#[test]
fn every_detector_and_severity_is_planted() {
    let planted: BTreeSet<_> =
        planted::cases().1.into_iter().map(|(detector, _, severity)| (detector, severity)).collect();
    let known: BTreeSet<_> = Detector::ALL
        .into_iter()
        .flat_map(|detector| detector.severities().iter().map(move |at| (detector, *at)))
        .collect();
    assert_eq!(planted, known);
}

/// AUD-1: each number of the rules is where it is said to be.
#[test]
fn what_nearly_breaks_a_rule_breaks_none() {
    for (name, evidence) in near::misses() {
        let cases = found(&with(month::ordinary(7), evidence));
        assert!(cases.is_empty(), "{name}: {cases:#?}");
    }
}

/// A case tells when it began and ended and how much it came to, and a later look finds it again as the same.
#[test]
fn a_case_tells_how_long_and_how_much() {
    let (planted, _) = planted::cases();
    let cases = found(&planted);
    let attack = cases.iter().find(|case| case.subject == "marta").unwrap();
    assert_eq!((attack.about.as_str(), attack.count), ("203.0.113.7", 7));
    assert_eq!(attack.last_at - attack.first_at, 6 * 60_000_000);
    let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
    let later = look(&planted, &Local { zone, hours: Hours::USUAL }, attack.last_at);
    assert!(later.contains(attack), "{later:#?}");
}

/// The order in which evidence comes does not matter.
#[test]
fn the_order_does_not_matter() {
    let (mut planted, expected) = planted::cases();
    planted.entries.reverse();
    planted.accesses.reverse();
    planted.sightings.reverse();
    assert_eq!(labels(&found(&planted)), expected.into_iter().collect());
}
