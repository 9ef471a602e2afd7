//! The base form of a word of goods: both sides of every comparison go through it.

/// Adjectives whose gender follows their noun, in the masculine singular.
const ADJECTIVES: &str = "chico clasico mediano entero descremado blanco negro rojo rubio tinto fino surtido suelto largo \
                          saborizado condensado humedo lacteo seco fresco";
/// Letters that a plural keeps at least.
const STEM_LETTERS_MIN: usize = 3;

/// A folded word in the singular, and an adjective in the masculine.
pub(super) fn canonical(word: &str) -> String {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() >= STEM_LETTERS_MIN).unwrap_or(word);
    let stem = stem
        .strip_suffix('e')
        .filter(|stem| stem.len() >= STEM_LETTERS_MIN && stem.ends_with(['n', 'l', 'r']))
        .unwrap_or(stem);
    if let Some(root) = stem.strip_suffix('a') {
        let masculine = format!("{root}o");
        if ADJECTIVES.split(' ').any(|known| known == masculine) {
            return masculine;
        }
    }
    stem.to_owned()
}

/// Does a word only connect others?
pub(super) fn is_connector(word: &str) -> bool {
    matches!(
        word,
        "de" | "del"
            | "la"
            | "las"
            | "el"
            | "los"
            | "lo"
            | "y"
            | "al"
            | "en"
            | "a"
            | "para"
            | "por"
            | "un"
            | "una"
            | "unos"
            | "unas"
            | "e"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_gender_make_no_difference() {
        for (one, other) in [
            ("limon", "limones"),
            ("salchicha", "salchichas"),
            ("tomate", "tomates"),
            ("cajon", "cajones"),
            ("chica", "chicos"),
            ("quilmes", "quilmes"),
            ("vinagre", "vinagres"),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one}");
        }
        assert_ne!(canonical("vino"), canonical("vinas"));
    }
}
