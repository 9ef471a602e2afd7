//! Words made comparable: lower case, without accents, abbreviation points and punctuation.

/// Longest text compared.
const CHARS_MAX: usize = 500;

/// `C.U.I.T.: Nº` becomes `cuit n`; a per cent sign stays, as a word of its own. A point between digits separates them.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut letters = text.chars().take(CHARS_MAX).flat_map(char::to_lowercase).peekable();
    while let Some(letter) = letters.next() {
        match bare(letter) {
            '.' if words.ends_with(is_digit) && letters.peek().is_some_and(char::is_ascii_digit) => words.push(' '),
            // An abbreviation stays one word; combining accents and ordinals vanish.
            '.' | 'º' | '°' | 'ª' | '\u{300}'..='\u{36f}' => {}
            '%' => words.push_str(" % "),
            letter if letter.is_alphanumeric() => words.push(letter),
            _ => words.push(' '),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

const fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

const fn bare(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' => 'a',
        'é' | 'è' | 'ë' => 'e',
        'í' | 'ì' | 'ï' => 'i',
        'ó' | 'ò' | 'ö' => 'o',
        'ú' | 'ù' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    }
}

/// Does it contain the phrase, as whole words?
pub(super) fn says(text: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].find(phrase).map(|at| at + from) {
        let end = at + phrase.len();
        let is_start = at == 0 || text.as_bytes()[at - 1] == b' ';
        let is_end = end == text.len() || text.as_bytes()[end] == b' ';
        if is_start && is_end {
            return true;
        }
        from = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lose_points_and_accents() {
        for (text, wanted) in [
            ("C.U.I.T.: Nº", "cuit n"),
            ("Cód. Artículo", "cod articulo"),
            ("% IVA", "% iva"),
            ("21,00%", "21 00 %"),
            ("10.5 %", "10 5 %"),
            ("U.x B.", "ux b"),
            ("", ""),
        ] {
            assert_eq!(plain(text), wanted);
        }
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_only() {
        assert!(says("importe total", "total") && says("total", "total"));
        assert!(!says("subtotal", "total") && !says("totales total2", "total") && !says("", "total"));
    }
}
