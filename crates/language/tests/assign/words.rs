//! What a shopkeeper reads about an assignment, in both languages.

use gondola_language::assign::{Directory, Supplier};

const SAID: &str = include_str!("tables/said.txt");

use crate::case::{TWELVE, fields, lines};

#[test]
fn every_reason_and_every_doubt_is_said_in_both_languages() {
    for line in lines(SAID) {
        let [text, spanish, english] = fields(line)[..] else { panic!("{line}") };
        let assignment = match text.split_once(" @") {
            Some((text, memory)) => TWELVE.assign(text, Some(memory)),
            None => TWELVE.assign(text, None),
        };
        assert_eq!((assignment.in_spanish().as_str(), assignment.in_english().as_str()), (spanish, english), "{text}");
    }
}

#[test]
fn nothing_and_too_much_are_said_too() {
    assert_eq!(TWELVE.assign(" ¿? ", None).in_spanish(), "No hay nada escrito");
    assert_eq!(TWELVE.assign("", None).in_english(), "Nothing is written");
    let long = "a".repeat(1_001);
    assert_eq!(TWELVE.assign(&long, None).in_spanish(), "El texto es demasiado largo: hasta 1.000 caracteres");
    assert_eq!(TWELVE.assign(&long, None).in_english(), "The text is too long: up to 1,000 characters");
}

#[test]
fn a_supplier_without_a_name_is_read_by_its_code() {
    let nameless = Supplier { code: "X".to_owned(), own_brands: vec!["Marolio".to_owned()], ..Supplier::default() };
    let directory = Directory::new(vec![nameless]);
    assert_eq!(directory.assign("marolio", None).in_spanish(), "Marolio es marca de X");
    assert_eq!(directory.assign("arroz", None).in_spanish(), "Ninguna palabra dice de quién es. ¿A quién?");
}

#[test]
fn confidence_has_two_places_and_asking_has_none() {
    let confidence = |text| TWELVE.assign(text, None).confidence();
    assert_eq!(confidence("Fargo").map(|sure| (sure.per_mille(), sure.to_string())), Some((950, "0.95".to_owned())));
    assert_eq!(confidence("lista de Fargo: pan").map(|sure| sure.to_string()), Some("1.00".to_owned()));
    assert_eq!(confidence("leche"), None);
}
