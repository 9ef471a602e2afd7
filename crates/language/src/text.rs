//! Words as people write them: folded to compare, with their place in the text as it was typed.
//!
//! Law: **both sides of a comparison are folded by the same function.** Lower case, no accents (`ñ` is `n`), every sign
//! and hyphen a space, single spaces. A typo is one edit in a word of [`TYPO_LETTERS_MIN`] letters or more; figures are
//! never a typo of each other.
//!
//! Not here: what a word means (`assign`, `parse`).

use std::ops::Range;

/// Longest sentence that is read, in characters.
pub const SENTENCE_CHARS_MAX: usize = 1_000;
/// Letters that a word must have to be recognised with a typo in it.
pub const TYPO_LETTERS_MIN: usize = 5;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// Its bytes in the text as it was written.
    pub span: Range<usize>,
    /// Does it begin with a capital letter?
    pub capitalised: bool,
}

/// The text as it is compared: folded words, one space between them.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_apart = false;
    for letter in text.chars().flat_map(char::to_lowercase).filter(|&letter| !is_accent(letter)) {
        if !letter.is_alphanumeric() {
            is_apart = true;
            continue;
        }
        if is_apart && !folded.is_empty() {
            folded.push(' ');
        }
        is_apart = false;
        folded.push(plain(letter));
    }
    folded
}

/// The words of a text in their order, as [`fold`] has them.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open: Option<Word> = None;
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        if is_accent(letter) {
            if let Some(word) = &mut open {
                word.span.end = end;
            }
        } else if letter.is_alphanumeric() {
            let word = open.get_or_insert_with(|| Word {
                text: String::new(),
                span: start..end,
                capitalised: letter.is_uppercase(),
            });
            word.text.extend(letter.to_lowercase().filter(|&letter| !is_accent(letter)).map(plain));
            word.span.end = end;
        } else {
            words.extend(open.take());
        }
    }
    words.extend(open);
    words
}

/// Is the text longer than [`SENTENCE_CHARS_MAX`]?
pub fn is_too_long(text: &str) -> bool {
    // A character takes at most four bytes: most texts are answered without counting.
    text.len() > SENTENCE_CHARS_MAX && text.chars().nth(SENTENCE_CHARS_MAX).is_some()
}

/// Is the written word the known one, or the known one with one typo? Both are folded.
pub fn is_meant(written: &str, known: &str) -> bool {
    written == known || is_one_typo_apart(written, known)
}

/// Do two folded words differ by exactly one edit (a letter more, less, other, or two that changed places), in words of
/// letters only and of [`TYPO_LETTERS_MIN`] or more on both sides?
pub fn is_one_typo_apart(written: &str, known: &str) -> bool {
    let (Some(one), Some(other)) = (letters(written), letters(known)) else { return false };
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(&long).take_while(|(left, right)| left == right).count();
    let (short, long) = (&short[head..], &long[head..]);
    match (short, long) {
        ([], rest) => rest.len() == 1,
        ([first, second, rest @ ..], [a, b, tail @ ..]) if first == b && second == a && rest == tail => true,
        (_, _) if short.len() == long.len() => short[1..] == long[1..],
        (_, _) => short == &long[1..],
    }
}

/// The plural of a folded Spanish word; one that ends in `s` or in a figure stays as it is.
pub fn plural(word: &str) -> String {
    let mut letters = word.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(last), _) if is_vowel(last) => format!("{word}s"),
        (Some('z'), _) => format!("{}ces", &word[..word.len() - 1]),
        // Borrowed words: whiskys, brandys; reyes are not.
        (Some('y'), Some(before)) if !is_vowel(before) => format!("{word}s"),
        (Some(last), _) if last.is_alphabetic() && last != 's' => format!("{word}es"),
        _ => word.to_owned(),
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The letters of a word that may have a typo; `None` when it is too short or has figures.
fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().collect();
    let may_err = letters.len() >= TYPO_LETTERS_MIN && letters.iter().all(|letter| letter.is_alphabetic());
    may_err.then_some(letters)
}

/// Combining marks: an accent that is written apart from its letter.
fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A lower-case letter without what Spanish, Portuguese, French and German put on it.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'º' => 'o',
        'š' | 'ś' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_small_plain_letters_and_single_spaces() {
        for (written, folded) in [
            ("Coca-Cola  Clásica 2.25L", "coca cola clasica 2 25l"),
            ("  Ñoquis,\tCAÑUELAS\n", "noquis canuelas"),
            ("Queso Pategra\u{301}s", "queso pategras"),
            ("N\u{303}andu\u{301}", "nandu"),
            ("İstanbul", "istanbul"),
            ("Jack Daniel's", "jack daniel s"),
            ("7up", "7up"),
            ("«¡!»", ""),
            ("", ""),
            ("\0a\0", "a"),
            ("Nº 5", "no 5"),
        ] {
            assert_eq!(fold(written), folded, "{written:?}");
        }
    }

    #[test]
    fn words_know_their_place_and_their_capital() {
        let text = "¿Queda Pategra\u{301}s, 4,5 kg?";
        let found = words(text);
        let read: Vec<(&str, &str, bool)> =
            found.iter().map(|word| (word.text.as_str(), &text[word.span.clone()], word.capitalised)).collect();
        assert_eq!(
            read,
            [
                ("queda", "Queda", true),
                ("pategras", "Pategra\u{301}s", true),
                ("4", "4", false),
                ("5", "5", false),
                ("kg", "kg", false)
            ]
        );
    }

    #[test]
    fn one_edit_is_a_typo_from_five_letters_on() {
        for line in [
            "quilmez quilmes yes",
            "quilms quilmes yes",
            "quillmes quilmes yes",
            "qiulmes quilmes yes",
            "quilmse quilmes yes",
            "lebite levite yes",
            "uilmes quilmes yes",
            "quilmesa quilmes yes",
            "quilmes quilmes no",
            "qilmez quilmes no",
            "coca cola no",
            "sera ser no",
            "fant fanta no",
            "fantasia fanta no",
            "12345 12346 no",
            "abcde abced yes",
            "abcde bacde yes",
            "abcde cbade no",
            "abcdef abdcfe no",
        ] {
            let parts: Vec<&str> = line.split(' ').collect();
            let [one, other, expected] = parts[..] else { panic!("{line}") };
            assert_eq!(is_one_typo_apart(one, other), expected == "yes", "{line}");
            assert_eq!(is_one_typo_apart(other, one), expected == "yes", "{line}, the other way");
            assert_eq!(is_meant(one, other), expected == "yes" || one == other, "{line}");
        }
    }

    #[test]
    fn plurals_follow_the_last_letter() {
        for line in
            ["tomate tomates", "pan panes", "nuez nueces", "quilmes quilmes", "whisky whiskys", "rey reyes", "7 7"]
        {
            let (one, many) = line.split_once(' ').expect("two words");
            assert_eq!(plural(one), many);
        }
        assert_eq!(plural(""), "");
    }

    #[test]
    fn a_sentence_has_a_thousand_characters_at_most() {
        assert!(!is_too_long(&"ñ".repeat(SENTENCE_CHARS_MAX)));
        assert!(is_too_long(&"ñ".repeat(SENTENCE_CHARS_MAX + 1)));
        assert!(is_too_long(&"a".repeat(SENTENCE_CHARS_MAX + 1)));
    }
}
