//! The rules that the shop asks for beside the reading: what adds to an earlier note, and what is confirmed because of its
//! quantity.

use gondola_language::parse::{ConfirmFor, Entry, Joining, Levels, Outcome, Place, against_levels};
use gondola_ledger::Qty;

use crate::case::{SHOP_PARSER, read};

fn entry(sentence: &str) -> Entry {
    let [entry] = &read(sentence).entries[..] else { panic!("{sentence}") };
    entry.clone()
}

/// "Merge": "otros" and "más" with a number add to what is noted, anything else is the same thing said again; what becomes of
/// two notes is the notebook's rule.
#[test]
fn otros_and_mas_with_a_number_add_to_what_is_noted() {
    for (sentence, quantity, joining) in [
        ("pedir 4 Cindor", Some(4), Joining::Larger),
        ("pedir 8 Cindor urgente", Some(8), Joining::Larger),
        ("falta Cindor", None, Joining::Larger),
        ("pedir más Cindor", None, Joining::Larger),
        ("no hay más Cindor", None, Joining::Larger),
        ("pedir otros 4 Cindor", Some(4), Joining::Adds),
        ("pedir otras 4 Cindor", Some(4), Joining::Adds),
        ("pedir 4 más de Cindor", Some(4), Joining::Adds),
        ("pedir cuatro Cindor más", Some(4), Joining::Adds),
    ] {
        let entry = entry(sentence);
        assert_eq!((entry.quantity, entry.joining), (quantity.and_then(Qty::whole), joining), "{sentence}");
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
