//! Reads `post_table.txt`, one case a line, and compares what posting answers with what the line expects.
//!
//! `kind quantity lot | from | to | outcome`. A side is a place, then its rule when it is not `refuse`, `reserved=`, `lowest=`,
//! and its lots as `name@expiry:quantity` (`P` is the plain lot). An outcome is the lines with the balance they leave, then
//! before → after of the real places, then the flags; or the refusal with its numbers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod world;

use gondola_ledger::*;
use world::*;

const TABLE: &str = include_str!("post_table.txt");
/// A table that shrank was cut by accident.
const CASES_MIN: usize = 90;

#[test]
fn every_line_of_the_table_is_answered_as_written() {
    let cases: Vec<(usize, &str)> = TABLE
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#'))
        .map(|(index, text)| (index + 1, text))
        .collect();
    assert!(cases.len() >= CASES_MIN, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (number, text) in cases {
        let fields: Vec<&str> = text.split('|').map(str::trim).collect();
        let [event, from, to, expected] = fields[..] else { panic!("line {number} has four fields: {text}") };
        let answer = answer(&entry(event, from, to));
        if answer != expected {
            wrong.push(format!("line {number}: {event} | {from} | {to}\n  expected {expected}\n  answered {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_kind_every_flag_and_every_refusal_of_posting() {
    let kinds = MovementKind::ALL.map(MovementKind::code);
    let flags = Flag::ALL.map(Flag::code);
    let refusals = [
        "quantity_not_positive",
        "same_location",
        "sides_do_not_fit",
        "insufficient_stock",
        "lot_insufficient",
        "backdated_would_go_negative",
        "overflow",
    ];
    for word in kinds.into_iter().chain(flags).chain(refusals) {
        assert!(TABLE.split_whitespace().any(|written| written == word), "{word} has no case");
    }
}

fn entry(event: &str, from: &str, to: &str) -> Entry {
    let words: Vec<&str> = event.split_whitespace().collect();
    let [kind, quantity, rest @ ..] = &words[..] else { panic!("an event is a kind and a quantity: {event}") };
    Entry {
        kind: MovementKind::from_code(kind).unwrap_or_else(|| panic!("no kind {kind}")),
        quantity: qty(quantity),
        from: read_side(from),
        to: read_side(to),
        lot: rest.first().map(|name| lot_id(name)),
        plain_lot: PLAIN,
    }
}

fn read_side(text: &str) -> SideState {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap();
    let (location, ..) =
        PLACES.into_iter().find(|(_, word, _)| *word == name).unwrap_or_else(|| panic!("no place {name}"));
    let mut state = side(location, Overdraw::Refuse);
    for (order, word) in words.enumerate() {
        if let Some(overdraw) = Overdraw::from_code(word) {
            state.overdraw = overdraw;
        } else if let Some(reserved) = word.strip_prefix("reserved=") {
            state.reserved = qty(reserved);
        } else if let Some(lowest) = word.strip_prefix("lowest=") {
            state.lowest_later = Some(qty(lowest));
        } else {
            let (name, quantity) = word.split_once(':').unwrap_or_else(|| panic!("{word} is no lot"));
            let (name, expiry) = name.split_once('@').map_or((name, None), |(name, day)| (name, Some(day)));
            state.lots.push(LotBalance {
                lot: lot_id(name),
                expires_on: expiry.map(|day| Day(day.parse().unwrap())),
                received_order: i64::try_from(order).unwrap(),
                qty: qty(quantity),
            });
        }
    }
    state
}

fn answer(entry: &Entry) -> String {
    match post(entry) {
        Ok(posting) => {
            let lines: Vec<String> = posting.lines.iter().map(write_line).collect();
            let effects: Vec<String> = posting.effects.iter().map(write_effect).collect();
            let flags: Vec<&str> = posting.flags.iter().map(|flag| flag.code()).collect();
            let parts = [lines.join(", "), effects.join(", "), flags.join(" ")];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
        }
        Err(refusal) => write_refusal(&refusal),
    }
}

fn write_line(line: &Line) -> String {
    let sign = if line.delta.is_positive() { "+" } else { "" };
    let after = line.after.map_or(String::new(), |after| format!("={}", plain(after)));
    format!("{} {} {sign}{}{after}", place(line.location).1, lot_name(line.lot), plain(line.delta))
}

fn write_effect(effect: &Effect) -> String {
    format!("{} {}→{}", place(effect.location).1, plain(effect.before), plain(effect.after))
}

fn write_refusal(refusal: &Refusal) -> String {
    let numbers = match refusal {
        Refusal::InsufficientStock { on_hand, available, requested, .. } => {
            format!(" {} of {} on hand, {} available", plain(*requested), plain(*on_hand), plain(*available))
        }
        Refusal::LotInsufficient { lot, on_hand, requested, .. } => {
            format!(" {} of {} in {}", plain(*requested), plain(*on_hand), lot_name(*lot))
        }
        Refusal::BackdatedWouldGoNegative { lowest, requested, .. } => {
            format!(" {} of {} at the lowest", plain(*requested), plain(*lowest))
        }
        _ => String::new(),
    };
    format!("{}{numbers}", refusal.code())
}

fn qty(text: &str) -> Qty {
    match text {
        "max" => Qty::new(i64::MAX),
        "min" => Qty::new(i64::MIN),
        _ => Qty::parse(text, Unit::Kg).unwrap_or_else(|error| panic!("{text}: {error}")),
    }
}

/// As short as the table writes it.
fn plain(quantity: Qty) -> String {
    quantity.format(Unit::Un)
}

fn lot_id(name: &str) -> LotId {
    match name {
        "P" => PLAIN,
        _ => LotId(u128::from(name.chars().next().unwrap())),
    }
}

fn lot_name(lot: LotId) -> char {
    if lot == PLAIN { 'P' } else { char::from_u32(u32::try_from(lot.0).unwrap()).unwrap() }
}
