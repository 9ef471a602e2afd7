//! Rust text as words, literals, comments and marks, each with its line: enough to tell code from
//! text and a comment from both. It does not understand Rust; the rules look for short sequences.

/// What a piece of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    /// A string literal; the text is what stands between its quotes, escapes as written.
    Text,
    Char,
    Lifetime,
    /// Any kind of comment, with its slashes.
    Comment,
    /// One character of punctuation.
    Mark,
}

/// One piece of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Counted from 1; where the piece begins.
    pub line: usize,
}

impl Token<'_> {
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }
}

/// Cuts Rust source into tokens; whatever is not closed runs to the end.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, token) = if first.is_whitespace() {
            (first.len_utf8(), None)
        } else {
            let (kind, length, inner) = piece(rest, first);
            (length, Some((kind, &rest[inner.0..inner.1])))
        };
        if let Some((kind, text)) = token {
            found.push(Token { kind, text, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

type Piece = (Kind, usize, (usize, usize));

fn piece(rest: &str, first: char) -> Piece {
    if rest.starts_with("//") {
        return whole(Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return whole(Kind::Comment, block_comment_length(rest));
    }
    if let Some(literal) = string_literal(rest) {
        return literal;
    }
    if first == '\'' || rest.starts_with("b'") {
        return char_or_lifetime(rest);
    }
    if first.is_ascii_digit() {
        return whole(Kind::Number, number_length(rest));
    }
    if first.is_alphabetic() || first == '_' {
        return whole(Kind::Word, word_length(rest));
    }
    whole(Kind::Mark, first.len_utf8())
}

fn whole(kind: Kind, length: usize) -> Piece {
    (kind, length, (0, length))
}

fn block_comment_length(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `"…"`, `b"…"`, `c"…"`, and the raw forms with any number of `#`.
fn string_literal(rest: &str) -> Option<Piece> {
    let prefix = rest.find(|c: char| !matches!(c, 'b' | 'c' | 'r'))?;
    if prefix > 2 {
        return None;
    }
    let raw = rest[..prefix].contains('r');
    let hashes = if raw { rest[prefix..].bytes().take_while(|b| *b == b'#').count() } else { 0 };
    let open = prefix + hashes;
    if !rest[open..].starts_with('"') {
        return None;
    }
    let start = open + 1;
    let end = if raw { raw_end(&rest[start..], hashes) } else { escaped_end(&rest[start..]) }
        .map_or(rest.len(), |end| start + end);
    let length = (end + 1 + hashes).min(rest.len());
    Some((Kind::Text, length, (start, end)))
}

fn raw_end(inner: &str, hashes: usize) -> Option<usize> {
    inner.find(&format!("\"{}", "#".repeat(hashes)))
}

fn escaped_end(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.char_indices().find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

fn char_or_lifetime(rest: &str) -> Piece {
    let open = usize::from(rest.starts_with('b')) + 1;
    let mut inner = rest[open..].char_indices();
    let (_, first) = inner.next().unwrap_or((0, ' '));
    if first == '\\' {
        // The character after the backslash belongs to the escape, even when it is a quote.
        let close = inner.skip(1).find(|(_, c)| *c == '\'').map_or(rest.len(), |(at, _)| open + at + 1);
        return whole(Kind::Char, close);
    }
    match inner.next() {
        Some((at, '\'')) => whole(Kind::Char, open + at + 1),
        _ => whole(Kind::Lifetime, open + word_length(&rest[open..]).max(usize::from(first != ' '))),
    }
}

fn number_length(rest: &str) -> usize {
    let mut length = word_length(rest);
    // A dot belongs to the number only before a digit: `1..2` and `1.max(2)` are not decimals.
    if rest[length..].starts_with('.') && rest[length + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        length += 1 + word_length(&rest[length + 1..]);
    }
    length
}

fn word_length(rest: &str) -> usize {
    let raw = if rest.starts_with("r#") { 2 } else { 0 };
    raw + rest[raw..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - raw)
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn cut(text: &str) -> Vec<(Kind, &str)> {
        tokens(text).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn text_and_comments_are_told_from_code() {
        use Kind::{Comment, Mark, Text, Word};
        assert_eq!(
            cut("a // b \"c\"\n\"d // e \\\" f\" /* g /* h */ i */ r#\"j \" k\"# b\"l\""),
            [
                (Word, "a"),
                (Comment, "// b \"c\""),
                (Text, "d // e \\\" f"),
                (Comment, "/* g /* h */ i */"),
                (Text, "j \" k"),
                (Text, "l"),
            ]
        );
        assert_eq!(cut("bar(r)").first(), Some(&(Word, "bar")));
        assert_eq!(cut("r#type")[0], (Word, "r#type"));
        assert_eq!(cut("x\\").last(), Some(&(Mark, "\\")));
    }

    #[test]
    fn a_lifetime_is_not_a_character() {
        use Kind::{Char, Lifetime, Mark, Word};
        assert_eq!(
            cut("&'a x '\"' '\\'' b'}' 'ñ'"),
            [
                (Mark, "&"),
                (Lifetime, "'a"),
                (Word, "x"),
                (Char, "'\"'"),
                (Char, "'\\''"),
                (Char, "b'}'"),
                (Char, "'ñ'")
            ]
        );
    }

    #[test]
    fn numbers_end_where_methods_and_ranges_begin() {
        use Kind::{Mark, Number, Word};
        assert_eq!(cut("1.5_f64")[0], (Number, "1.5_f64"));
        assert_eq!(cut("0..9"), [(Number, "0"), (Mark, "."), (Mark, "."), (Number, "9")]);
        assert_eq!(cut("1.max")[..], [(Number, "1"), (Mark, "."), (Word, "max")]);
    }

    #[test]
    fn lines_are_counted_through_text_and_comments() {
        let lines: Vec<_> = tokens("a\n\"b\nc\"\n/* d\n*/ e").into_iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
    }

    #[test]
    fn unfinished_source_ends_instead_of_hanging() {
        for text in ["\"a", "r#\"a\"", "/* a", "'", "b'", "'\\", "r#", "\u{feff}x"] {
            assert!(!tokens(text).is_empty(), "{text}");
        }
    }
}
