//! One spelling for both sides: case, accents, punctuation and the shop's ways to write a measure.

/// Characters of a name that are looked at.
pub const NAME_CHARS_MAX: usize = 120;

/// Lower case without accents, words apart from numbers, one blank between; `cc` is `ml`, `gr` is `g`, `lt` is `l`,
/// and a comma between digits is a point.
pub fn normalise(text: &str) -> String {
    let plain: Vec<char> = text.chars().flat_map(char::to_lowercase).map(without_accent).take(NAME_CHARS_MAX).collect();
    let mut spaced = String::with_capacity(plain.len() + 8);
    for (at, &letter) in plain.iter().enumerate() {
        let before = at.checked_sub(1).map_or(' ', |before| plain[before]);
        let after = plain.get(at + 1).copied().unwrap_or(' ');
        let in_number = before.is_ascii_digit() && after.is_ascii_digit();
        if letter.is_alphanumeric() {
            if letter.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric() {
                spaced.push(' ');
            }
            spaced.push(letter);
        } else {
            spaced.push(if in_number && matches!(letter, '.' | ',') { '.' } else { ' ' });
        }
    }
    spaced.split_whitespace().map(one_spelling).collect::<Vec<_>>().join(" ")
}

fn one_spelling(word: &str) -> &str {
    match word {
        "cc" | "cm3" => "ml",
        "gr" | "grs" | "gs" => "g",
        "lt" | "lts" | "litro" | "litros" => "l",
        "kgs" | "kilo" | "kilos" => "kg",
        _ => word,
    }
}

const fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ => letter,
    }
}
