//! The rules that the shop asks for beside the reading: merging notes, and what is confirmed because of its quantity.

use gondola_language::parse::{
    ConfirmFor, Entry, Joining, Levels, Noted, Outcome, Place, Priority, SaidUnit, against_levels, merge,
};
use gondola_ledger::Qty;
use proptest::prelude::*;

use crate::case::{SHOP_PARSER, read};

fn entry(sentence: &str) -> Entry {
    let [entry] = &read(sentence).entries[..] else { panic!("{sentence}") };
    entry.clone()
}

fn noted(quantity: Option<i64>) -> Noted<&'static str> {
    Noted {
        quantity: quantity.and_then(Qty::whole),
        unit: SaidUnit::Un,
        priority: Priority::Normal,
        authors: vec!["Ana"],
    }
}

/// "Merge": larger quantity, higher priority, all authors; "otros" and "más" with a number add.
#[test]
fn a_note_again_keeps_the_larger_quantity_the_higher_priority_and_all_authors() {
    for (existing, sentence, quantity, priority) in [
        (Some(6), "pedir 4 Cindor", Some(6), Priority::Normal),
        (Some(6), "pedir 8 Cindor urgente", Some(8), Priority::High),
        (Some(6), "pedir Cindor sin apuro", Some(6), Priority::Normal),
        (None, "pedir 4 Cindor", Some(4), Priority::Normal),
        (None, "falta Cindor", None, Priority::Normal),
        (Some(6), "pedir otros 4 Cindor", Some(10), Priority::Normal),
        (Some(6), "pedir 4 más de Cindor", Some(10), Priority::Normal),
        (Some(6), "pedir más Cindor", Some(6), Priority::Normal),
    ] {
        let merged = merge(&noted(existing), &entry(sentence), "Beto").expect("one line");
        assert_eq!((merged.quantity, merged.priority), (quantity.and_then(Qty::whole), priority), "{sentence}");
        assert_eq!(merged.authors, ["Ana", "Beto"], "{sentence}");
    }
}

#[test]
fn the_same_author_is_kept_once_and_other_units_stay_two_lines() {
    let merged = merge(&noted(Some(6)), &entry("pedir 4 Cindor"), "Ana").expect("one line");
    assert_eq!(merged.authors, ["Ana"]);
    assert_eq!(merge(&noted(Some(6)), &entry("pedir 4 cajas de Cindor"), "Beto"), None);
    let crates = merge(&noted(None), &entry("pedir 4 cajas de Cindor"), "Beto").expect("one line");
    assert_eq!(crates.unit, SaidUnit::Box);
}

proptest! {
    #[test]
    fn merging_never_loses_quantity_or_priority(one in 1_i64..999_000, other in 1_i64..999_000, adds in any::<bool>()) {
        let joining = if adds { Joining::Adds } else { Joining::Larger };
        let new = Entry { quantity: Qty::whole(other), joining, ..entry("pedir 4 Cindor urgente") };
        let merged = merge(&noted(Some(one)), &new, "Beto").expect("one line");
        prop_assert!(merged.quantity >= Qty::whole(one.max(other)));
        prop_assert!(merged.quantity <= Qty::whole(one + other));
        prop_assert_eq!(merged.priority, Priority::High);
    }
}

#[test]
fn more_than_there_is_and_more_than_ten_times_the_usual_are_confirmed() {
    let units = |number: i64| Qty::whole(number);
    for (quantity, on_hand, usual, expected) in [
        (5, Some(4), None, Some(ConfirmFor::MoreThanThereIs)),
        (4, Some(4), None, None),
        (61, None, Some(6), Some(ConfirmFor::MoreThanUsual)),
        (60, None, Some(6), None),
        (60, None, Some(0), None),
        (60, None, None, None),
    ] {
        let levels = Levels { on_hand: on_hand.and_then(units), usual: usual.and_then(units) };
        let quantity = units(quantity).expect("it fits");
        assert_eq!(against_levels(quantity, levels), expected, "{quantity:?} {levels:?}");
    }
}

#[test]
fn what_is_confirmed_says_why() {
    for (sentence, why) in [
        ("Descontar 2 Cindor rotas", ConfirmFor::Loss),
        ("/merma \"Cindor\" 3 \"vencido\"", ConfirmFor::Loss),
        ("/corregir id=77 cantidad=3 motivo=\"error de carga\"", ConfirmFor::Correction),
        ("/calibrar producto=Cindor stock_real=3 justificacion=recuento", ConfirmFor::Calibration),
        ("Dejé 1.500 Cindor", ConfirmFor::Many),
    ] {
        assert_eq!(SHOP_PARSER.read(sentence, Place::Notebook).outcome, Outcome::Confirm(why), "{sentence}");
    }
}

#[test]
fn a_question_offers_three_candidates_at_most() {
    for sentence in ["Traje 3 cajas de vino para guardar", "Llegaron 4 Brahma", "Falta queso"] {
        let questions = read(sentence).questions;
        assert!(!questions.is_empty(), "{sentence}");
        for question in questions {
            assert!(question.products.len() <= 3 && question.suppliers.len() <= 3, "{sentence}: {question:?}");
        }
    }
    let question = &read("Faltan galletitas").questions[0];
    assert_eq!(question.suppliers, ["GA", "TER"]);
}
