//! Words in every form they are written in, and what parts items: tables with one case for each.

use std::fmt::Write as _;

use gondola_language::parse::{ConfirmFor, Outcome, Place};

use crate::case::{SHOP_PARSER, read, written};

#[test]
fn every_number_word_from_uno_to_veinte_is_that_number() {
    let words = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete \
        dieciocho diecinueve veinte";
    for (word, number) in words.split_whitespace().zip(1..=20) {
        let expected = format!("purchase LAC-CIND {number} un >LS");
        assert_eq!(written(&read(&format!("Pedir {word} Cindor"))), expected, "{word}");
        let boxes = format!("purchase LAC-CIND {number} box >LS");
        assert_eq!(written(&read(&format!("PEDIR {} CAJAS DE CINDOR", word.to_uppercase()))), boxes, "{word}");
    }
    assert_eq!(words.split_whitespace().count(), 20);
}

/// Averiado and dañado say what roto says, whatever their gender, number and tense.
#[test]
fn averiado_and_danado_are_an_incident_in_all_their_forms() {
    let one = "incident LAC-CIND 3 un >LS high (roto); +waste LAC-CIND 3 un >LS (roto) local>";
    for word in ["averiado", "averiada", "averiados", "averiadas", "dañado", "dañada", "dañados", "dañadas", "danados"]
    {
        for sentence in
            [format!("3 Cindor {word}"), format!("Hay 3 Cindor {word}"), format!("HAY 3 CINDOR {word}").to_uppercase()]
        {
            assert_eq!(written(&read(&sentence)), one, "{sentence}");
        }
    }
    for verb in ["Se averió", "Se averiaron", "Se dañó", "Se dañaron"] {
        assert_eq!(written(&read(&format!("{verb} 3 Cindor"))), one, "{verb}");
    }
    assert_eq!(written(&read("Se averió la heladera")), "incident 'heladera' - high (roto)");
}

#[test]
fn a_line_break_parts_items_as_a_comma_does() {
    let items = ["pan Fargo", "6 Cindor", "2 packs de Pepsi 2.25"];
    let expected = written(&read(&format!("Pedir {}", items.join(", "))));
    assert_eq!(expected.matches("purchase").count(), 3, "{expected}");
    for separator in ["\n", "\r\n", "\n\n", " \n "] {
        assert_eq!(written(&read(&format!("Pedir {}", items.join(separator)))), expected, "{separator:?}");
    }
    let list = items.iter().fold("Pedir:".to_owned(), |mut list, item| {
        write!(list, "\n{item}").expect("a text takes it");
        list
    });
    assert_eq!(written(&read(&list)), expected);
    let verbs = "Falta pan Fargo\nPedir 6 Cindor\nRevisar la heladera";
    assert_eq!(written(&read(verbs)), "restock PAN-FARGO - >FA; purchase LAC-CIND 6 un >LS; remark 'la heladera' -");
}

/// What was entered wrongly is written off with that reason, and is confirmed first as every loss is.
#[test]
fn por_error_de_carga_is_a_reason() {
    for words in ["por error de carga", "por mala carga", "por error", "POR ERROR DE CARGA"] {
        let sentence = format!("Descontar 2 Cindor {words}");
        let reading = SHOP_PARSER.read(&sentence, Place::Notebook);
        assert_eq!(reading.outcome, Outcome::Confirm(ConfirmFor::Loss), "{sentence}");
        assert_eq!(written(&reading), "confirm waste LAC-CIND 2 un >LS (error de carga) local>", "{sentence}");
    }
    let alone = read("Descontar del stock 2 Natura 900 porque me equivoqué al cargar");
    assert_eq!(written(&alone), "confirm waste ACE-NATU-900 2 un >FA (error de carga) local>");
}
