//! Laws for any text: the same words give the same answer however they are typed, and nothing breaks.

use std::sync::LazyLock;

use gondola_language::assign::{Assignment, Directory, Doubt, profiles};
use gondola_language::text::{SENTENCE_CHARS_MAX, fold, words};
use proptest::prelude::*;

use crate::case::{TWELVE, written};

/// The twelve learned once more: what is kept in hash tables must not show.
static AGAIN: LazyLock<Directory> = LazyLock::new(|| Directory::new(profiles()));

/// Words of the trade without the brands that are common words: for these a capital counts.
const WORDS: [&str; 28] = [
    "Falta",
    "pedir",
    "lista de",
    "Quilmes",
    "La Serenísima",
    "yogurísimo",
    "Eco de los Andes",
    "Pategrás",
    "queso",
    "cerveza",
    "ron",
    "vino",
    "café",
    "té",
    "puré",
    "tomate",
    "papas fritas",
    "bolsas de",
    "45x60",
    "arroz",
    "con",
    "Oreo",
    "4,5",
    "kg de",
    "ñoquis",
    "galletitas",
    "sueltas",
    "laurel",
];

fn trade() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8).prop_map(|words| words.join(" "))
}

/// The text in a case drawn letter by letter.
fn cased(text: &str, capitals: &[bool]) -> String {
    let draw = capitals.iter().cycle();
    let letters = text.chars().zip(draw);
    let cased = letters.flat_map(|(letter, &is_capital)| -> Vec<char> {
        if is_capital { letter.to_uppercase().collect() } else { letter.to_lowercase().collect() }
    });
    cased.collect()
}

proptest! {
    #[test]
    fn case_accents_signs_and_spaces_never_matter(
        text in trade(),
        capitals in prop::collection::vec(any::<bool>(), 1..20),
    ) {
        let expected = written(&TWELVE.assign(&text, None));
        let typed = [
            cased(&text, &capitals),
            fold(&text),
            text.replace(' ', " \t "),
            format!("¡{}!", text.replace(' ', "-")),
            format!("  {text}\n"),
        ];
        for other in typed {
            prop_assert_eq!(written(&TWELVE.assign(&other, None)), expected.as_str(), "{:?}", other);
        }
    }

    #[test]
    fn any_text_has_an_answer_and_always_the_same(text in any::<String>(), memory in any::<Option<String>>()) {
        let first = TWELVE.assign(&text, memory.as_deref());
        prop_assert_eq!(&first, &AGAIN.assign(&text, memory.as_deref()));
        prop_assert!(!first.in_spanish().is_empty() && !first.in_english().is_empty());
    }

    #[test]
    fn whoever_is_remembered_is_chosen_unless_another_is_named(text in trade(), at in 0..12_usize) {
        let code = TWELVE.suppliers()[at].code.clone();
        let chosen = TWELVE.assign(&text, Some(&code)).code().map(str::to_owned);
        prop_assert!(chosen == Some(code) || text.contains("lista de"), "{:?}", text);
    }

    #[test]
    fn a_brand_inside_another_word_is_never_found(start in "[b-df-hj-np-tv-xz]{2}", end in "[b-df-hj-np-tv-xz]{2}") {
        let brands =
            [("ser", "LS"), ("tita", "TER"), ("fanta", "CO"), ("laur", "ACE"), ("natura", "FA"), ("andes", "Q"), ("oreo", "TER")];
        for (brand, supplier) in brands {
            for text in [format!("{start}{brand}"), format!("{brand}{end}"), format!("{start}{brand}{end}")] {
                prop_assert_ne!(TWELVE.assign(&text, None).code(), Some(supplier), "{}", text);
            }
        }
    }

    #[test]
    fn the_words_of_a_text_are_its_folding_and_lie_where_they_say(text in any::<String>()) {
        let found = words(&text);
        let joined: Vec<&str> = found.iter().map(|word| word.text.as_str()).collect();
        prop_assert_eq!(joined.join(" "), fold(&text));
        for word in &found {
            prop_assert_eq!(fold(&text[word.span.clone()]), word.text.as_str());
        }
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }
}

#[test]
fn hostile_texts_are_asked_and_not_followed() {
    for text in [
        "\0",
        "\0\0\0",
        "'; drop table suppliers; --",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "\u{202E}ograf",
        "\u{FEFF}",
        "🍺🍺🍺",
        "𝕢𝕦𝕚𝕝𝕞𝕖𝕤",
        "ＱＵＩＬＭＥＳ",
        "q\u{200B}uilmes",
        "0x7FFFFFFF",
        "-1",
        "NaN",
        "%s%s%n",
    ] {
        assert_eq!(TWELVE.assign(text, Some("\0")).code(), None, "{text:?}");
    }
}

#[test]
fn the_longest_texts_are_read_and_longer_ones_are_not() {
    for unit in ["a ", "de ", "lista de ", "ser ", "con coca ", "bolsa de ", "á", "queso "] {
        let text: String = unit.chars().cycle().take(SENTENCE_CHARS_MAX).collect();
        assert!(!matches!(TWELVE.assign(&text, None), Assignment::Ask { doubt: Doubt::TooLong, .. }), "{unit:?}");
        let asked = TWELVE.assign(&format!("{text}x"), Some("FA"));
        assert!(matches!(asked, Assignment::Ask { doubt: Doubt::TooLong, .. }), "{unit:?}");
    }
    let endless = TWELVE.assign(&"cerveza ".repeat(1_000_000), None).code().map(str::to_owned);
    assert_eq!(endless, None);
}
