//! Laws for any text: no answer is missing, the same words give the same answer, and nothing takes long.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use gondola_language::parse::{Goods, NothingFor, Outcome, Parser, Place, Product};
use gondola_language::text::SENTENCE_CHARS_MAX;
use gondola_ledger::Unit;
use proptest::prelude::*;

use crate::case::{SHOP_PARSER, known, products, read, written};

/// Products of a large shop.
const LARGE_SHOP: usize = 50_000;
/// What a sentence may take there, many times what it does, so that a busy machine does not fail the test.
const READ_MAX: Duration = Duration::from_millis(250);

static AGAIN: LazyLock<Parser> = LazyLock::new(|| Parser::new(known(products())));

const WORDS: [&str; 34] = [
    "Falta",
    "pedir",
    "no",
    "hay",
    "queda",
    "Coca",
    "de",
    "2",
    "litros",
    "litro y medio",
    "x 6",
    "x",
    "y",
    ",",
    "ni",
    "Paladini",
    "salchichas",
    "manteca",
    "urgente",
    "mañana",
    "se rompió",
    "vencidos",
    "dejé",
    "saqué",
    "4,5",
    "kg",
    "docena",
    "media",
    "descontar",
    "porque",
    "del depósito",
    "Playadito",
    "anotar",
    "1.500",
];

fn trade() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..14).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read_and_always_the_same(text in any::<String>()) {
        for place in [Place::Notebook, Place::Backstore] {
            prop_assert_eq!(SHOP_PARSER.read(&text, place), AGAIN.read(&text, place));
            let command = format!("/merma {text}");
            prop_assert_eq!(SHOP_PARSER.read(&command, place), AGAIN.read(&command, place));
        }
    }

    #[test]
    fn words_of_the_trade_in_any_order_are_read_and_always_the_same(text in trade()) {
        prop_assert_eq!(SHOP_PARSER.read(&text, Place::Notebook), AGAIN.read(&text, Place::Notebook));
    }

    #[test]
    fn a_move_of_stock_is_never_written_without_its_product_and_its_quantity(text in trade()) {
        for entry in SHOP_PARSER.read(&text, Place::Backstore).entries {
            let is_known = matches!(entry.goods, Goods::Product(_)) && entry.quantity.is_some();
            prop_assert!(!entry.action.moves_stock() || is_known, "{:?}", entry);
        }
    }

    #[test]
    fn case_accents_and_spaces_never_matter(text in trade()) {
        let shape = |text: &str| {
            let read = read(text);
            let goods: Vec<_> = read.entries.iter().map(|entry| (entry.action, entry.goods.clone(), entry.quantity)).collect();
            (read.outcome.code(), goods)
        };
        let expected = shape(&text);
        let plain = text.replace('ó', "o").replace('é', "e").replace('ñ', "n");
        // A brand that is a common word needs its capital; none is among these.
        for other in [text.to_lowercase(), text.to_uppercase(), plain, text.replace(' ', " \t "), format!("  {text} ")] {
            prop_assert_eq!(shape(&other), expected.clone(), "{:?}", other);
        }
    }
}

#[test]
fn a_sentence_that_is_too_long_is_said_to_be() {
    let longest = "a ".repeat(SENTENCE_CHARS_MAX / 2);
    assert_ne!(SHOP_PARSER.read(&longest, Place::Notebook).outcome, Outcome::TooLong);
    let longer = format!("{longest}a");
    assert_eq!(SHOP_PARSER.read(&longer, Place::Notebook).outcome, Outcome::TooLong);
    assert_eq!(SHOP_PARSER.read("", Place::Notebook).outcome, Outcome::Nothing(NothingFor::Empty));
}

#[test]
fn odd_signs_are_read() {
    for text in
        ["\0", "falta \0", "½ kg de queso", "\u{202e}falta pan Fargo", "falta 𝟚 Cindor", "x\u{301}6", "/\0 \"", "İ İ"]
    {
        let reading = read(text);
        assert!(!written(&reading).is_empty() || reading.entries.is_empty(), "{text:?}");
    }
}

#[test]
fn a_shop_of_fifty_thousand_products_reads_the_longest_sentence_at_once() {
    let word = |number: usize| format!("{}{}", ["marol", "pirul", "cachaf", "rosam"][number % 4], letters(number));
    let product = |number: usize| Product {
        sku: format!("GEN-{number}"),
        name: format!("Galletitas {} {} {} g", word(number % 9_000), word(number % 700), number % 900 + 1),
        brand: word(number % 9_000),
        category: "Galletitas".to_owned(),
        unit: Unit::Un,
        content: None,
        aliases: Vec::new(),
        supplier: Some("GA".to_owned()),
    };
    let parser = Parser::new(known((0..LARGE_SHOP).map(product).chain(products()).collect()));
    let unknown: Vec<String> = (0..90).map(|number| format!("maroz{}", letters(number * 77))).collect();
    let sentences = [
        "Pedir 4 salchichas Paladini x 6, urgente".to_owned(),
        "Falta galletitas".to_owned(),
        format!("Falta {}", unknown.join(", ")).chars().take(SENTENCE_CHARS_MAX).collect(),
        format!("Falta {}", "galletitas y ".repeat(70)),
        "galletitas ".repeat(80),
        "x ".repeat(SENTENCE_CHARS_MAX / 2),
        "no ".repeat(300),
        "falta ".repeat(160),
        "1 ".repeat(500),
        "y ".repeat(500),
    ];
    for sentence in sentences {
        let begun = Instant::now();
        let reading = parser.read(&sentence, Place::Notebook);
        let taken = begun.elapsed();
        println!("{taken:?} {:?} {}", reading.outcome, sentence.chars().take(40).collect::<String>());
        assert!(taken < READ_MAX, "{taken:?} {sentence}");
    }
}

/// A number as letters.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 || text.is_empty() {
        text.push(char::from(b"aeioubcdfg"[number % 10]));
        number /= 10;
    }
    text
}
