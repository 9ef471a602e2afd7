//! The tables of the domain and our own, line by line.

use crate::case::{TWELVE, answer, fields, lines};

const MUST_BE_RIGHT: &str = include_str!("tables/must_be_right.txt");
const MUST_NOT_HAPPEN: &str = include_str!("tables/must_not_happen.txt");
const BRANDS: &str = include_str!("tables/brands.txt");
const STEPS: &str = include_str!("tables/steps.txt");
const SENTENCES: &str = include_str!("tables/sentences.txt");

/// Every wrong line of a table of `text | answer`.
fn wrong(table: &'static str) -> Vec<String> {
    let cases = lines(table).map(|line| match fields(line)[..] {
        [text, expected] | [text, _, expected] => (text, expected),
        _ => panic!("{line}"),
    });
    let found = cases.map(|(text, expected)| (text, expected, answer(&TWELVE, text)));
    found.filter(|(_, expected, found)| found != expected).map(|case| format!("{case:?}\n")).collect()
}

/// M3: the table "Must be right".
#[test]
fn what_must_be_right_is_right() {
    assert_eq!(wrong(MUST_BE_RIGHT).concat(), "");
}

/// M3: the table "Must not happen", both what never happens and what happens instead.
#[test]
fn what_must_not_happen_does_not_and_what_happens_instead_does() {
    assert_eq!(wrong(MUST_NOT_HAPPEN).concat(), "");
    for line in lines(MUST_NOT_HAPPEN) {
        let [text, never, _] = fields(line)[..] else { panic!("{line}") };
        let chosen = TWELVE.assign(text, None).code();
        assert!(chosen.is_none_or(|code| never != "any" && code != never), "{line}: {chosen:?}");
    }
}

/// M3: every brand of the table of the twelve suppliers, alone and as people write it.
#[test]
fn every_brand_of_the_table_goes_to_its_supplier() {
    for line in lines(BRANDS) {
        let [expected, brands] = fields(line)[..] else { panic!("{line}") };
        for brand in brands.split(", ") {
            for text in
                [brand.to_owned(), format!("Falta {brand}"), format!("pedir 3 {brand} x 6"), brand.to_uppercase()]
            {
                assert_eq!(answer(&TWELVE, &text), expected, "{text}");
            }
        }
    }
}

/// M3: each step of the order, and what it must not do.
#[test]
fn each_step_answers_in_its_turn() {
    assert_eq!(wrong(STEPS).concat(), "");
}

/// M6: where the domain's sentences say a supplier, it is the one for the whole sentence.
#[test]
fn the_sentences_of_one_item_go_to_their_supplier() {
    assert_eq!(wrong(SENTENCES).concat(), "");
}
