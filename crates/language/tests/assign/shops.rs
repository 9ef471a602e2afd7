//! The suppliers are the shop's to edit: what changes in them changes the answers, and nothing else does.

use gondola_language::assign::{Directory, Doubt, Reason, Supplier, profiles};

use crate::case::{answer, written};

fn list(text: &str) -> Vec<String> {
    text.split(", ").filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn brewer(code: &str) -> Supplier {
    Supplier {
        code: code.to_owned(),
        names: list("Cervecera del Plata"),
        own_brands: list("Heineken"),
        specialities: list("cervezas"),
        ..Supplier::default()
    }
}

/// The twelve, one of them changed.
fn twelve_with(code: &str, change: impl Fn(&mut Supplier)) -> Directory {
    let mut suppliers = profiles();
    suppliers.iter_mut().filter(|supplier| supplier.code == code).for_each(change);
    Directory::new(suppliers)
}

fn twelve_and(more: Supplier) -> Directory {
    Directory::new(profiles().into_iter().chain([more]).collect())
}

#[test]
fn the_twelve_have_their_codes_in_the_domains_order_and_one_default() {
    let codes: Vec<String> = profiles().into_iter().map(|supplier| supplier.code).collect();
    assert_eq!(codes, ["BC", "CO", "Q", "FA", "LS", "ACE", "TER", "LV", "FR", "MU", "GA", "MAX"]);
    let defaults: Vec<Supplier> = profiles().into_iter().filter(|supplier| supplier.is_default).collect();
    assert_eq!(defaults.iter().map(Supplier::trade_name).collect::<Vec<_>>(), ["Maxiconsumo"]);
}

#[test]
fn a_speciality_of_two_suppliers_is_asked_and_their_brands_are_not() {
    let directory = twelve_and(brewer("CCU"));
    assert_eq!(answer(&directory, "cerveza"), "? Q CCU");
    assert_eq!(answer(&directory, "cerveza Heineken"), "CCU 0.95");
    assert_eq!(answer(&directory, "cerveza Brahma"), "Q 0.90");
    let asked = directory.assign("2 cajones de cervezas", None);
    assert_eq!(asked.in_spanish(), "Hay más de un proveedor de cerveza. ¿A Quilmes o a Cervecera del Plata?");
}

#[test]
fn a_brand_of_two_suppliers_is_asked() {
    let directory = twelve_with("MAX", |max| max.distributed_brands = list("Oreo"));
    assert_eq!(answer(&directory, "galletitas Oreo"), "? TER MAX");
    assert_eq!(answer(&directory, "galletitas Oreo @MAX"), "MAX 1.00");
}

#[test]
fn an_own_brand_wins_over_the_same_brand_distributed() {
    let directory = twelve_with("MAX", |max| max.own_brands = list("Oreo"));
    assert_eq!(answer(&directory, "galletitas Oreo"), "MAX 0.95");
}

#[test]
fn a_brand_that_moves_takes_its_alias_and_its_family_along() {
    let mut suppliers = profiles();
    for supplier in &mut suppliers {
        supplier.own_brands.retain(|brand| brand != "Coca-Cola");
        if supplier.code == "MAX" {
            supplier.distributed_brands = list("COCA COLA");
        }
    }
    let directory = Directory::new(suppliers);
    assert_eq!(answer(&directory, "coca de 2 litros"), "MAX 0.90");
    assert_eq!(answer(&directory, "gaseosa"), "? MAX Q");
    assert_eq!(directory.assign("coca", None).in_spanish(), "Maxiconsumo distribuye COCA COLA");
}

#[test]
fn a_speciality_may_be_any_words_of_the_shop() {
    let directory = twelve_with("FR", |shop| shop.specialities = list("flores de corte, huevo, leche de tambo"));
    assert_eq!(answer(&directory, "3 maples de huevos"), "FR 0.80");
    assert_eq!(answer(&directory, "flor de corte"), "? MAX");
    assert_eq!(answer(&directory, "flores de corte"), "FR 0.80");
    assert_eq!(answer(&directory, "leche de tambo"), "FR 0.80");
    assert_eq!(answer(&directory, "leche"), "? FR LS");
    assert_eq!(answer(&directory, "tomate"), "? MAX");
}

#[test]
fn a_speciality_wins_over_the_default_and_over_the_bare_family() {
    let directory = twelve_with("LS", |dairy| dairy.specialities = list("leche, arroz"));
    assert_eq!(answer(&directory, "leche"), "LS 0.80");
    assert_eq!(answer(&directory, "arroz"), "LS 0.80");
}

#[test]
fn an_exclusion_is_any_word_and_rules_out_brand_and_speciality() {
    let directory = twelve_with("FA", |bakery| bakery.excluded = list("congelado, mayonesa"));
    assert_eq!(answer(&directory, "pan Fargo"), "FA 0.95");
    assert_eq!(answer(&directory, "pan Fargo congelados"), "? GA MAX");
    assert_eq!(answer(&directory, "mayonesa Natura"), "? MAX");
    assert_eq!(answer(&directory, "lista de Fargo: pan congelado"), "FA 1.00");
    assert_eq!(answer(&directory, "pan congelado @FA"), "FA 1.00");
}

#[test]
fn without_a_default_what_nobody_brings_is_asked() {
    let directory = twelve_with("MAX", |max| max.is_default = false);
    assert_eq!(answer(&directory, "arroz"), "?");
    assert_eq!(answer(&directory, "Playadito"), "?");
    assert_eq!(answer(&directory, "leche"), "? LS");
}

#[test]
fn two_defaults_are_asked() {
    let directory = twelve_with("LV", |other| other.is_default = true);
    assert_eq!(answer(&directory, "arroz"), "? LV MAX");
}

#[test]
fn a_shop_without_suppliers_asks_whom() {
    let directory = Directory::new(Vec::new());
    for text in ["arroz", "leche", "tomate", "Brahma", "lista de Quilmes: agua"] {
        assert_eq!(answer(&directory, text), "?", "{text}");
    }
}

#[test]
fn empty_and_endless_words_of_a_supplier_match_nothing() {
    let odd = Supplier {
        code: String::new(),
        names: list("¡!, uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece"),
        own_brands: vec![String::new(), "\0".to_owned()],
        specialities: vec!["---".to_owned()],
        excluded: vec![" ".to_owned()],
        ..Supplier::default()
    };
    let directory = twelve_and(odd);
    assert_eq!(answer(&directory, "lista de"), "? MAX");
    assert_eq!(answer(&directory, "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece"), "? MAX");
    assert_eq!(directory.named(""), None);
    assert_eq!(directory.named("¡!"), None);
}

#[test]
fn a_code_names_a_supplier_only_where_a_name_is_expected() {
    let directory = twelve_and(brewer("PAN"));
    assert_eq!(answer(&directory, "lista de PAN: agua"), "PAN 1.00");
    assert_eq!(answer(&directory, "pan"), "? FA GA");
    assert_eq!(answer(&directory, "arroz Cervecera del Plata"), "PAN 1.00");
}

#[test]
fn a_name_alone_is_found_whatever_its_article_and_its_accents() {
    let directory = Directory::new(profiles());
    for (text, code) in [
        ("la serenisima", Some("LS")),
        ("SERENÍSIMA", Some("LS")),
        ("Quilmes", Some("Q")),
        ("q", Some("Q")),
        ("la Coca", Some("CO")),
        ("frutas y verduras", Some("FR")),
        ("galletera", Some("GA")),
        ("depósito", None),
        ("la", None),
        ("Quilmes litro", None),
    ] {
        assert_eq!(directory.named(text).map(|supplier| supplier.code.as_str()), code, "{text}");
    }
    assert_eq!(twelve_and(brewer("Q")).named("q"), None, "two answer to it");
}

#[test]
fn what_is_remembered_yields_only_to_a_name() {
    let directory = Directory::new(profiles());
    let reason = |text| match directory.assign(text, Some("LV")) {
        gondola_language::assign::Assignment::To { reason, .. } => Some(reason),
        gondola_language::assign::Assignment::Ask { .. } => None,
    };
    assert_eq!(reason("Brahma"), Some(Reason::Memory));
    assert_eq!(reason(""), Some(Reason::Memory));
    assert_eq!(reason("lista de Quilmes: Brahma"), Some(Reason::Named));
    assert_eq!(written(&directory.assign("Brahma", Some("lv"))), "Q 0.90", "codes are as the shop wrote them");
}

#[test]
fn suppliers_are_found_by_their_code() {
    let directory = Directory::new(profiles());
    assert_eq!(directory.supplier("TER").map(Supplier::trade_name), Some("Terramare"));
    assert_eq!(directory.supplier("ter"), None);
    assert_eq!(directory.suppliers(), profiles());
    assert!(matches!(
        directory.assign("leche", None),
        gondola_language::assign::Assignment::Ask { doubt: Doubt::Family("leche"), .. }
    ));
}
