//! A sentence as words, numbers and the signs that part them, each with its place in the text.

use std::ops::Range;

use super::units::measure;
use crate::text::fold;

/// Letters that a word before a full stop has at least; a shorter one is an abbreviation, as in "Dr. Lemon".
const SENTENCE_END_LETTERS_MIN: usize = 3;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A number, its signs as they were written.
    Number,
    /// A comma or a plus sign.
    Comma,
    /// The end of a line or of a sentence.
    End,
    /// A colon.
    Colon,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// A word folded, a number as written.
    pub text: String,
    /// Its bytes in the sentence.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    /// Is it this word?
    pub fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    /// Does it part items, whatever stands around it?
    pub fn is_break(&self) -> bool {
        matches!(self.kind, Kind::Comma | Kind::End | Kind::Colon)
    }
}

/// The tokens of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if letter.is_ascii_digit() {
            number(rest, at, &mut found)
        } else if letter.is_alphanumeric() {
            word(rest, at, &mut found)
        } else {
            if let Some(kind) = sign(letter, rest, found.last()) {
                found.push(token(kind, rest, at, letter.len_utf8()));
            }
            letter.len_utf8()
        };
        at += length;
    }
    found
}

fn token(kind: Kind, rest: &str, at: usize, length: usize) -> Token {
    let written = &rest[..length];
    let text = if kind == Kind::Word { fold(written) } else { written.to_owned() };
    Token { text, span: at..at + length, kind }
}

fn sign(letter: char, rest: &str, before: Option<&Token>) -> Option<Kind> {
    match letter {
        ',' | '+' | '•' => Some(Kind::Comma),
        ';' | '\n' | '!' | '?' => Some(Kind::End),
        ':' => Some(Kind::Colon),
        '.' => {
            let is_last = rest[1..].chars().next().is_none_or(char::is_whitespace);
            let is_after_word = before.is_some_and(|token| {
                token.kind == Kind::Number || token.text.chars().count() >= SENTENCE_END_LETTERS_MIN
            });
            (is_last && is_after_word).then_some(Kind::End)
        }
        _ => None,
    }
}

/// A number, and the unit that is stuck to it; or a name that begins with figures, as 7up and 45x60 do.
fn number(rest: &str, at: usize, found: &mut Vec<Token>) -> usize {
    let figures = figures_length(rest);
    let tail = &rest[figures..];
    let letters = run_length(tail);
    let stuck = fold(&tail[..letters]);
    let is_unit = letters == 0 || measure(&stuck).is_some() || matches!(stuck.as_str(), "u" | "un" | "x");
    if is_unit {
        found.push(token(Kind::Number, rest, at, figures));
        return figures;
    }
    found.push(token(Kind::Word, rest, at, figures + letters));
    figures + letters
}

fn word(rest: &str, at: usize, found: &mut Vec<Token>) -> usize {
    let length = run_length(rest);
    let is_pack = rest.starts_with(['x', 'X']) && length > 1 && rest[1..length].bytes().all(|b| b.is_ascii_digit());
    let length = if is_pack { 1 } else { length };
    found.push(token(Kind::Word, rest, at, length));
    length
}

/// Bytes of a number: figures, and a sign between two of them.
fn figures_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let is_sign = matches!(bytes[end], b'.' | b',' | b'/') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !is_sign {
            break;
        }
        end += 1;
    }
    end
}

/// Bytes of a run of letters and figures, with the accents that are written apart.
fn run_length(rest: &str) -> usize {
    let is_inside = |letter: char| letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter);
    rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_units_and_packs_come_apart_and_names_do_not() {
        for (text, expected) in [
            ("Coca 2.25L x6", "coca 2.25 l x 6"),
            ("4,5 kg, 1.500 g", "4,5 kg , 1.500 g"),
            ("7up 45x60 473ml", "7up 45x60 473 ml"),
            ("Dr. Lemon. Pan.", "dr lemon . pan ."),
            ("Pategra\u{301}s +1/2", "pategras + 1/2"),
            ("3x12", "3x12"),
            ("x 12: 6u", "x 12 : 6 u"),
            ("\0 ¿\u{301}?", "?"),
            ("", ""),
        ] {
            let read: Vec<String> = tokens(text).into_iter().map(|token| token.text).collect();
            assert_eq!(read.join(" "), expected, "{text:?}");
        }
    }
}
