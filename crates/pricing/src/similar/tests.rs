//! Lines of suppliers beside products: what is the same, what is not, what a person decides.

use proptest::prelude::*;

use super::*;

fn article(name: &str) -> Article {
    Article {
        barcode: None,
        name: name.to_owned(),
        brand: Some("Quilmes".to_owned()),
        measure: Measure::read(name),
        units_per_case: Some(24),
        category: Some("CLA".to_owned()),
        container: Some(Container::Can),
    }
}

fn with_barcode(name: &str, barcode: &str) -> Article {
    Article { barcode: Some(barcode.to_owned()), ..article(name) }
}

/// Published values of the measure.
#[test]
fn names_are_compared_by_jaro_winkler() {
    let table = "MARTHA MARHTA 961; DIXON DICKSONX 813; DWAYNE DUANE 840; Oreo oreo 1000; oreo tita 0";
    for row in table.split("; ") {
        let cells: Vec<&str> = row.split(' ').collect();
        assert_eq!(name_similarity(cells[0], cells[1]).to_string(), cells[2], "{row}");
    }
    assert_eq!(name_similarity("", ""), 0);
}

#[test]
fn both_sides_are_spelled_alike() {
    let table = "\
        Cerveza LATA 473cc | cerveza lata 473 ml
        Café x 500GR. | cafe x 500 g
        Gaseosa 1,5LT | gaseosa 1.5 l
        Ñoquis  (500 grs) | noquis 500 g
        20X500 | 20 x 500
        ... | ";
    for row in table.lines() {
        let (written, spelled) = row.split_once('|').unwrap();
        assert_eq!(normalise(written), spelled.trim(), "{row}");
    }
}

#[test]
fn a_measure_is_read_from_the_name() {
    let qty = |units| Qty::whole(units).unwrap();
    assert_eq!(Measure::read("Cerveza 473cc"), Some(Measure::Millilitres(qty(473))));
    assert_eq!(Measure::read("Coca 2.25 Lt"), Some(Measure::Millilitres(qty(2_250))));
    assert_eq!(Measure::read("Yerba 1/2 kg 500 gr"), Some(Measure::Grams(qty(500))));
    assert_eq!(Measure::read("Queso cremoso kg"), Some(Measure::PerKilo));
    assert_eq!(Measure::read("Servilletas x70"), None);
    assert_eq!(Measure::read(""), None);
}

#[test]
fn the_parts_weigh_as_decided() {
    let full = article("Quilmes lata 473 ml");
    assert_eq!(score(&full, &full), 1_000);
    for (lacking, expected) in [
        (Article { brand: None, ..full.clone() }, 750),
        (Article { measure: None, ..full.clone() }, 800),
        (Article { units_per_case: Some(12), ..full.clone() }, 900),
        (Article { category: None, ..full.clone() }, 950),
        (Article { name: String::new(), ..full.clone() }, 600),
    ] {
        assert_eq!(score(&full, &lacking), expected);
    }
}

#[test]
fn the_same_barcode_is_certain_and_another_one_is_a_doubt() {
    let line = with_barcode("QUILMES LATA 473CC", "7790795368005");
    let renamed = with_barcode("Birra", "7790795368005");
    assert_eq!(compare(&line, &renamed, Family::Beer), Match::Certain);
    let other = with_barcode("Quilmes lata 473 ml", "7791234567898");
    assert_eq!(compare(&line, &other, Family::Beer), Match::Person { score: 1_000 });
    assert_eq!(compare(&line, &article("Quilmes lata 473 ml"), Family::Beer), Match::Automatic { score: 1_000 });
}

#[test]
fn the_thresholds_part_automatic_person_and_other() {
    let full = article("Quilmes lata 473 ml");
    let lacking =
        |pack, brand: Option<&str>| Article { units_per_case: pack, brand: brand.map(str::to_owned), ..full.clone() };
    assert_eq!(compare(&full, &lacking(Some(24), Some("quilmes")), Family::Beer), Match::Automatic { score: 1_000 });
    assert_eq!(compare(&full, &lacking(Some(12), Some("quilmes")), Family::Beer), Match::Person { score: 900 });
    assert_eq!(compare(&full, &lacking(Some(12), None), Family::Beer), Match::Other);
}

/// A thousandth decides: 0.920 is automatic and 0.919 a person's, 0.800 a person's and 0.799 nobody's.
#[test]
fn the_thresholds_begin_exactly_where_they_are_said_to() {
    let bottle = |name, units_per_case, category: Option<&str>| Article {
        measure: Some(Measure::Millilitres(Qty::new(750_000))),
        units_per_case,
        category: category.map(str::to_owned),
        ..article(name)
    };
    let pair = |left, right, pack, category| (bottle(left, Some(24), Some("CLA")), bottle(right, pack, category));
    for (name, similarity, (line, product), score_wanted, found) in [
        // All but the category agree: 0.55, and 0.40 of the name.
        (
            "0.920",
            924,
            pair("Fernet Branca mediano", "Fernet Branca", Some(24), None),
            920,
            Match::Automatic { score: 920 },
        ),
        ("0.919", 923, pair("American Club", "American", Some(24), None), 919, Match::Person { score: 919 }),
        // All but the pack agree: 0.50.
        ("0.800", 750, pair("Vino Conejo Verde", "Vino Traful", None, Some("CLA")), 800, Match::Person { score: 800 }),
        ("0.799", 748, pair("Vino Dada", "Vino Michel Torino botellón", None, Some("CLA")), 799, Match::Other),
    ] {
        assert_eq!(name_similarity(&line.name, &product.name), similarity, "{name}");
        assert_eq!(score(&line, &product), score_wanted, "{name}");
        assert_eq!(compare(&line, &product, Family::Other), found, "{name}");
    }
}

#[test]
fn a_name_under_0_88_is_never_automatic() {
    let (line, product) = (article("DIXON"), article("DICKSONX"));
    let alike = |article: Article| Article { measure: Some(Measure::PerKilo), ..article };
    assert_eq!(compare(&alike(line), &alike(product), Family::Other), Match::Person { score: 925 });
}

#[test]
fn beer_agrees_on_container_and_volume_and_cheese_goes_by_the_kilo() {
    let can = article("Quilmes lata 473 ml");
    let bottle = Article { container: Some(Container::Bottle), ..can.clone() };
    assert_eq!(compare(&can, &bottle, Family::Beer), Match::Other);
    assert_eq!(compare(&can, &article("Quilmes lata 740 ml"), Family::Beer), Match::Other);
    assert_eq!(compare(&can, &Article { container: None, ..can.clone() }, Family::Beer), Match::Other);
    let (piece, by_kilo) = (article("Cremoso 500 g"), article("Cremoso kg"));
    assert_eq!(compare(&piece, &by_kilo, Family::ByKilo), Match::Other);
    assert_eq!(compare(&by_kilo, &by_kilo, Family::ByKilo), Match::Automatic { score: 1_000 });
}

#[test]
fn the_best_product_wins_and_a_tie_goes_to_a_person() {
    let line = article("Quilmes lata 473 ml");
    let other = (article("Brahma lata 740 ml"), Family::Beer);
    let exact = (line.clone(), Family::Beer);
    assert_eq!(best_match(&line, &[other.clone(), exact.clone()]), Some((1, Match::Automatic { score: 1_000 })));
    assert_eq!(best_match(&line, &[exact.clone(), exact]), Some((0, Match::Person { score: 1_000 })));
    assert_eq!(best_match(&line, &[other]), None);
    assert_eq!(best_match(&line, &[]), None);
    let coded = with_barcode("Quilmes", "77901231");
    let twice = [(coded.clone(), Family::Other), (coded.clone(), Family::Other)];
    assert_eq!(best_match(&coded, &twice), Some((0, Match::Person { score: 800 })));
}

#[test]
fn a_name_of_a_million_letters_is_read_to_its_limit() {
    let endless = "ñ\0".repeat(1_000_000);
    assert!(normalise(&endless).chars().count() <= 2 * NAME_CHARS_MAX);
    assert_eq!(name_similarity(&endless, &endless), 1_000);
}

proptest! {
    #[test]
    fn a_name_is_like_itself_and_never_beyond_a_thousand(left in "\\PC{0,40}", right in "\\PC{0,40}") {
        prop_assert!(name_similarity(&left, &right) <= 1_000);
        let known = !normalise(&left).is_empty();
        prop_assert_eq!(name_similarity(&left, &left), if known { 1_000 } else { 0 });
        let _ = Measure::read(&left);
    }

    #[test]
    fn spelling_alike_twice_changes_nothing(text in "[a-zA-ZáÑ0-9 .,/-]{0,40}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once.clone());
    }
}
